//! The time from exec until the first frame is complete, and the peak memory.

use super::{CTRL_Q, DbPair, SETTLE_TIME, median};
use crate::{
    floor_app,
    generate::MilestoneDensity,
    pty::{Pty, ScreenCondition},
    table::{Table, format_kib, format_ms, ratio},
};
use portable_pty::CommandBuilder;
use std::{path::Path, thread, time::Duration};

const RUNS: usize = 21;
/// The runs if one takes longer than a second.
const FEW_RUNS: usize = 5;
const EVENTS_PER_INCIDENT: u64 = 500;

/// First frames of the app and of the floor, and the peak memory of each in KiB.
#[derive(Default)]
struct FirstFrames {
    ours: Vec<Duration>,
    floor: Vec<Duration>,
    peak_memory_kib: (u64, u64),
}

impl FirstFrames {
    fn measure_once(
        &mut self,
        sample: &DbPair,
        ours: &impl Fn() -> ScreenCondition,
        floor: &impl Fn() -> ScreenCondition,
    ) -> Option<()> {
        let (pty, elapsed) = Pty::start(sample.app_command(), ours())?;
        thread::sleep(SETTLE_TIME / 5);
        self.ours.push(elapsed);
        self.peak_memory_kib.0 = self.peak_memory_kib.0.max(pty.peak_memory_kib()?);
        pty.quit(CTRL_Q);
        let (pty, elapsed) = Pty::start(sample.floor_app_command(), floor())?;
        thread::sleep(SETTLE_TIME / 5);
        self.floor.push(elapsed);
        self.peak_memory_kib.1 = self.peak_memory_kib.1.max(pty.peak_memory_kib()?);
        pty.quit(floor_app::QUIT_KEY);
        Some(())
    }
}

/// Starts the app and the floor in turn for each sample. The first run is a warm-up.
fn measure_first_frames(samples: &[DbPair]) -> Option<Vec<FirstFrames>> {
    let conditions: Vec<_> = samples
        .iter()
        .map(|s| (s.first_frame_shown(), s.floor_first_frame_shown()))
        .collect();
    let mut all_frames: Vec<FirstFrames> = samples.iter().map(|_| FirstFrames::default()).collect();
    let mut runs = RUNS;
    for run in 0..=RUNS {
        if run > runs {
            break;
        }
        for ((sample, (ours, floor)), frames) in
            samples.iter().zip(&conditions).zip(&mut all_frames)
        {
            frames.measure_once(sample, ours, floor)?;
            if run == 0 {
                if frames.ours[0] > Duration::from_secs(1) {
                    runs = FEW_RUNS;
                }
                frames.ours.clear();
                frames.floor.clear();
            }
        }
    }
    Some(all_frames)
}

/// Generates the databases that do not exist yet.
pub fn prepare_dbs(_: &mut Table, folder: &Path, max_events: u64) {
    many_incident_dbs(folder, max_events);
    let _ = single_incident_dbs(folder, max_events);
}

fn many_incident_dbs(folder: &Path, max_events: u64) -> [DbPair; 4] {
    // The small ones are separate, because the part `logging` logs into those in `folder`.
    let app_folder = folder.join("app");
    std::fs::create_dir_all(&app_folder).expect("a folder");
    [
        DbPair::many_incidents(&app_folder, 0),
        DbPair::many_incidents(&app_folder, EVENTS_PER_INCIDENT),
        DbPair::many_incidents(folder, max_events / 10),
        DbPair::many_incidents(folder, max_events),
    ]
}

fn single_incident_dbs(folder: &Path, max_events: u64) -> [DbPair; 2] {
    [MilestoneDensity::Sparse, MilestoneDensity::Dense]
        .map(|density| DbPair::single_incident(folder, max_events, density))
}

pub fn bench_first_frame(table: &mut Table, folder: &Path, max_events: u64) {
    let ordinary = many_incident_dbs(folder, max_events);
    let single = single_incident_dbs(folder, max_events);
    bench_pty_overhead(table);
    let (all_frames, single_frames) = (
        measure_first_frames(&ordinary),
        measure_first_frames(&single),
    );
    let samples = ordinary.iter().zip(all_frames.iter().flatten());
    let samples: Vec<_> = samples
        .chain(single.iter().zip(single_frames.iter().flatten()))
        .collect();
    for (sample, frames) in &samples {
        let what = format!("app, {}: first frame", sample.name);
        add_comparison(table, what, &frames.ours, &frames.floor, "<= 2 x floor");
    }
    if let Some([none, incident, _, largest]) = all_frames.as_deref() {
        for (size, smaller) in [("none", none), ("one incident of 500", incident)] {
            let what = format!("app, {}: first frame (floor: of {size})", ordinary[3].name);
            add_comparison(table, what, &largest.ours, &smaller.ours, "flat within 20%");
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
        table.add_row(
            format!("app, {}: memory at the most", sample.name),
            format_kib(*a),
            format_kib(*b),
            Some(*a as f64 / *b as f64),
            "< 16 MiB",
        );
    }
}

fn add_comparison(table: &mut Table, what: String, a: &[Duration], b: &[Duration], budget: &str) {
    let (a, b) = (median(a), median(b));
    table.add_row(what, format_ms(a), format_ms(b), Some(ratio(a, b)), budget);
}

/// Measures the share of the pty, the process start and the benchmark itself in a first frame.
fn bench_pty_overhead(table: &mut Table) {
    let mut times = Vec::new();
    for run in 0..=RUNS {
        let mut command = CommandBuilder::new("printf");
        command.arg("x");
        let condition: ScreenCondition = Box::new(|screen| screen.contents() == "x");
        let Some((pty, elapsed)) = Pty::start(command, condition) else {
            return;
        };
        pty.quit("");
        if run > 0 {
            times.push(elapsed);
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
