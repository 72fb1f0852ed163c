//! The first frame, from exec to the moment it is whole on the screen, and the memory it takes.

use super::{CTRL_Q, QUIET, Sample, median};
use crate::{
    floor_app,
    generate::Story,
    pty::{Pty, Wanted},
    table::{Table, ms, ratio},
};
use portable_pty::CommandBuilder;
use std::{path::Path, thread, time::Duration};

/// How often it is measured.
const RUNS: usize = 21;
/// How often where one takes longer than a second.
const FEW_RUNS: usize = 5;
/// How many events one ordinary incident has.
const INCIDENT: u64 = 500;

/// First frames of ours and of the floor, with the most memory that each had, in KiB.
#[derive(Default)]
struct Started {
    ours: Vec<Duration>,
    floor: Vec<Duration>,
    memory: (u64, u64),
}

impl Started {
    /// One run of each.
    fn again(
        &mut self,
        sample: &Sample,
        ours: &impl Fn() -> Wanted,
        floor: &impl Fn() -> Wanted,
    ) -> Option<()> {
        let (pty, took) = Pty::start(sample.app(), ours())?;
        thread::sleep(QUIET / 5);
        self.ours.push(took);
        self.memory.0 = self.memory.0.max(pty.peak()?);
        pty.leave(CTRL_Q);
        let (pty, took) = Pty::start(sample.floor_app(), floor())?;
        thread::sleep(QUIET / 5);
        self.floor.push(took);
        self.memory.1 = self.memory.1.max(pty.peak()?);
        pty.leave(floor_app::LEAVES);
        Some(())
    }
}

/// Starts ours and the floor in turn, with each of `samples`; once more than is counted.
fn started(samples: &[Sample]) -> Option<Vec<Started>> {
    let wanted: Vec<_> = samples.iter().map(|s| (s.full(), s.floor_full())).collect();
    let mut all: Vec<Started> = samples.iter().map(|_| Started::default()).collect();
    let mut runs = RUNS;
    for run in 0..=RUNS {
        if run > runs {
            break;
        }
        for ((sample, (ours, floor)), started) in samples.iter().zip(&wanted).zip(&mut all) {
            started.again(sample, ours, floor)?;
            if run == 0 {
                if started.ours[0] > Duration::from_secs(1) {
                    runs = FEW_RUNS;
                }
                started.ours.clear();
                started.floor.clear();
            }
        }
    }
    Some(all)
}

/// Makes the log books that there are not yet.
pub fn books(_: &mut Table, folder: &Path, most: u64) {
    ordinary(folder, most);
    let _ = one(folder, most);
}

/// Log books of ordinary incidents.
fn ordinary(folder: &Path, most: u64) -> [Sample; 4] {
    // Books of our own where nothing is logged into them beside.
    let own = folder.join("app");
    std::fs::create_dir_all(&own).expect("a folder");
    [
        Sample::ordinary(&own, 0),
        Sample::ordinary(&own, INCIDENT),
        Sample::ordinary(folder, most / 10),
        Sample::ordinary(folder, most),
    ]
}

/// Log books of one large incident.
fn one(folder: &Path, most: u64) -> [Sample; 2] {
    [Story::Sparse, Story::Dense].map(|story| Sample::one(folder, most, story))
}

/// The first frame, and memory.
pub fn frames(table: &mut Table, folder: &Path, most: u64) {
    let ordinary = ordinary(folder, most);
    let one = one(folder, most);
    harness(table);
    let (all, big) = (started(&ordinary), started(&one));
    let samples = ordinary.iter().zip(all.iter().flatten());
    let samples: Vec<_> = samples
        .chain(one.iter().zip(big.iter().flatten()))
        .collect();
    for (sample, started) in &samples {
        let what = format!("app, {}: first frame", sample.name);
        compared(table, what, &started.ours, &started.floor, "<= 2 x floor");
    }
    if let Some([none, incident, _, most]) = all.as_deref() {
        for (of, less) in [("none", none), ("one incident of 500", incident)] {
            let what = format!("app, {}: first frame (floor: of {of})", ordinary[3].name);
            compared(table, what, &most.ours, &less.ours, "flat within 20%");
        }
    }
    for (sample, Started { memory: (a, b), .. }) in samples {
        let mib = |n: u64| format!("{:.1} MiB", n as f64 / 1024.0);
        table.row(
            format!("app, {}: memory at the most", sample.name),
            mib(*a),
            mib(*b),
            Some(*a as f64 / *b as f64),
            "< 16 MiB",
        );
    }
}

/// A row of first frames against others.
fn compared(table: &mut Table, what: String, a: &[Duration], b: &[Duration], budget: &str) {
    let (a, b) = (median(a), median(b));
    table.row(what, ms(a), ms(b), Some(ratio(a, b)), budget);
}

/// What of a first frame is the pty, the process and ourselves.
fn harness(table: &mut Table) {
    let mut times = Vec::new();
    for run in 0..=RUNS {
        let mut command = CommandBuilder::new("printf");
        command.arg("x");
        let wanted: Wanted = Box::new(|screen| screen.contents() == "x");
        let Some((pty, took)) = Pty::start(command, wanted) else {
            return;
        };
        pty.leave("");
        if run > 0 {
            times.push(took);
        }
    }
    table.row(
        "app: of each first frame, pty and process start (printf x)".to_owned(),
        "-".to_owned(),
        ms(median(&times)),
        None,
        "(time)",
    );
}
