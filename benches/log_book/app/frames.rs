//! The first frame, from exec to the moment it is whole on the screen, and the memory it takes.

use super::{CTRL_Q, DbPair, SETTLE_TIME, median};
use crate::{
    floor_app,
    generate::MilestoneDensity,
    pty::{Pty, ScreenCondition},
    table::{Table, format_ms, ratio},
};
use portable_pty::CommandBuilder;
use std::{path::Path, thread, time::Duration};

/// How often it is measured.
const RUNS: usize = 21;
/// How often where one takes longer than a second.
const FEW_RUNS: usize = 5;
/// How many events one ordinary incident has.
const EVENTS_PER_INCIDENT: u64 = 500;

/// First frames of ours and of the floor, with the most memory that each had, in KiB.
#[derive(Default)]
struct FirstFrames {
    ours: Vec<Duration>,
    floor: Vec<Duration>,
    peak_memory_kib: (u64, u64),
}

impl FirstFrames {
    /// One run of each.
    fn measure_once(
        &mut self,
        sample: &DbPair,
        ours: &impl Fn() -> ScreenCondition,
        floor: &impl Fn() -> ScreenCondition,
    ) -> Option<()> {
        let (pty, took) = Pty::start(sample.app_command(), ours())?;
        thread::sleep(SETTLE_TIME / 5);
        self.ours.push(took);
        self.peak_memory_kib.0 = self.peak_memory_kib.0.max(pty.peak_memory_kib()?);
        pty.quit(CTRL_Q);
        let (pty, took) = Pty::start(sample.floor_app_command(), floor())?;
        thread::sleep(SETTLE_TIME / 5);
        self.floor.push(took);
        self.peak_memory_kib.1 = self.peak_memory_kib.1.max(pty.peak_memory_kib()?);
        pty.quit(floor_app::QUIT_KEY);
        Some(())
    }
}

/// Starts ours and the floor in turn, with each of `samples`; once more than is counted.
fn measure_first_frames(samples: &[DbPair]) -> Option<Vec<FirstFrames>> {
    let wanted: Vec<_> = samples
        .iter()
        .map(|s| (s.first_frame_shown(), s.floor_first_frame_shown()))
        .collect();
    let mut all: Vec<FirstFrames> = samples.iter().map(|_| FirstFrames::default()).collect();
    let mut runs = RUNS;
    for run in 0..=RUNS {
        if run > runs {
            break;
        }
        for ((sample, (ours, floor)), started) in samples.iter().zip(&wanted).zip(&mut all) {
            started.measure_once(sample, ours, floor)?;
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
pub fn prepare_dbs(_: &mut Table, folder: &Path, most: u64) {
    many_incident_dbs(folder, most);
    let _ = single_incident_dbs(folder, most);
}

/// Log books of ordinary incidents.
fn many_incident_dbs(folder: &Path, most: u64) -> [DbPair; 4] {
    // Books of our own where nothing is logged into them beside.
    let own = folder.join("app");
    std::fs::create_dir_all(&own).expect("a folder");
    [
        DbPair::many_incidents(&own, 0),
        DbPair::many_incidents(&own, EVENTS_PER_INCIDENT),
        DbPair::many_incidents(folder, most / 10),
        DbPair::many_incidents(folder, most),
    ]
}

/// Log books of one large incident.
fn single_incident_dbs(folder: &Path, most: u64) -> [DbPair; 2] {
    [MilestoneDensity::Sparse, MilestoneDensity::Dense]
        .map(|story| DbPair::single_incident(folder, most, story))
}

/// The first frame, and memory.
pub fn bench_first_frame(table: &mut Table, folder: &Path, most: u64) {
    let ordinary = many_incident_dbs(folder, most);
    let one = single_incident_dbs(folder, most);
    bench_pty_overhead(table);
    let (all, big) = (measure_first_frames(&ordinary), measure_first_frames(&one));
    let samples = ordinary.iter().zip(all.iter().flatten());
    let samples: Vec<_> = samples
        .chain(one.iter().zip(big.iter().flatten()))
        .collect();
    for (sample, started) in &samples {
        let what = format!("app, {}: first frame", sample.name);
        add_comparison(table, what, &started.ours, &started.floor, "<= 2 x floor");
    }
    if let Some([none, incident, _, most]) = all.as_deref() {
        for (of, less) in [("none", none), ("one incident of 500", incident)] {
            let what = format!("app, {}: first frame (floor: of {of})", ordinary[3].name);
            add_comparison(table, what, &most.ours, &less.ours, "flat within 20%");
        }
    }
    for (
        sample,
        FirstFrames {
            peak_memory_kib: (a, b),
            ..
        },
    ) in samples
    {
        let mib = |n: u64| format!("{:.1} MiB", n as f64 / 1024.0);
        table.add_row(
            format!("app, {}: memory at the most", sample.name),
            mib(*a),
            mib(*b),
            Some(*a as f64 / *b as f64),
            "< 16 MiB",
        );
    }
}

/// A row of first frames against others.
fn add_comparison(table: &mut Table, what: String, a: &[Duration], b: &[Duration], budget: &str) {
    let (a, b) = (median(a), median(b));
    table.add_row(what, format_ms(a), format_ms(b), Some(ratio(a, b)), budget);
}

/// What of a first frame is the pty, the process and ourselves.
fn bench_pty_overhead(table: &mut Table) {
    let mut times = Vec::new();
    for run in 0..=RUNS {
        let mut command = CommandBuilder::new("printf");
        command.arg("x");
        let wanted: ScreenCondition = Box::new(|screen| screen.contents() == "x");
        let Some((pty, took)) = Pty::start(command, wanted) else {
            return;
        };
        pty.quit("");
        if run > 0 {
            times.push(took);
        }
    }
    table.add_row(
        "app: of each first frame, pty and process start (printf x)".to_owned(),
        "-".to_owned(),
        format_ms(median(&times)),
        None,
        "(time)",
    );
}
