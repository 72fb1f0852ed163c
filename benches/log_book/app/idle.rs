//! What the app costs while nobody types.

use super::{CTRL_Q, QUIET, Sample};
use crate::{bridgelog, floor, floor_app, number, pty::Pty, run, table::Table};
use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

/// In an incident that is open and down, so that clocks run.
pub fn idle(table: &mut Table, folder: &Path, _: u64) {
    let own = folder.join("idle");
    let _ = std::fs::remove_dir_all(&own);
    std::fs::create_dir_all(&own).expect("a folder");
    let sample = Sample {
        name: String::new(),
        book: own.join("bridgelog.db"),
        floor: floor::kept(&own, 0),
    };
    run(&bridgelog(
        &sample.book,
        &["declare", "checkout is failing", "--state", "down"],
    ));
    let ptys = Pty::start(sample.app(), sample.full()())
        .zip(Pty::start(sample.floor_app(), sample.floor_full()()));
    let Some(((ours, _), (floor, _))) = ptys else {
        return;
    };
    thread::sleep(QUIET);
    let seconds = number("BRIDGELOG_BENCH_IDLE", 60);
    let before = (ours.used(), floor.used());
    let begun = Instant::now();
    thread::sleep(Duration::from_secs(seconds));
    let whole = begun.elapsed().as_secs_f64();
    let percent = |before: Option<Duration>, after: Option<Duration>| {
        let used = after
            .zip(before)
            .map(|(after, before)| after.saturating_sub(before));
        used.map_or_else(
            || "no /proc".to_owned(),
            |used| format!("{:.2}%", used.as_secs_f64() / whole * 100.0),
        )
    };
    table.row(
        format!("app: of one core while idle for {seconds} s"),
        percent(before.0, ours.used()),
        percent(before.1, floor.used()),
        None,
        "< 1%",
    );
    ours.leave(CTRL_Q);
    floor.leave(floor_app::LEAVES);
}
