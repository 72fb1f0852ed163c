//! The processor time of the idle app.

use super::{CTRL_Q, DbPair, SETTLE_TIME};
use crate::{
    bridgelog_command, floor, floor_app, number_from_env, pty::Pty, run_command, table::Table,
};
use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

/// Measures with an open incident in state `down`, in which the running times are redrawn.
pub fn bench_idle(table: &mut Table, folder: &Path, _: u64) {
    let idle_folder = folder.join("idle");
    let _ = std::fs::remove_dir_all(&idle_folder);
    std::fs::create_dir_all(&idle_folder).expect("a folder");
    let sample = DbPair {
        name: String::new(),
        db: idle_folder.join("bridgelog.db"),
        floor_db: floor::cached_db(&idle_folder, 0),
    };
    run_command(&bridgelog_command(
        &sample.db,
        &["declare", "checkout is failing", "--state", "down"],
    ));
    let ptys = Pty::start(sample.app_command(), sample.first_frame_shown()()).zip(Pty::start(
        sample.floor_app_command(),
        sample.floor_first_frame_shown()(),
    ));
    let Some(((app, _), (floor, _))) = ptys else {
        return;
    };
    thread::sleep(SETTLE_TIME);
    let seconds = number_from_env("BRIDGELOG_BENCH_IDLE", 60);
    let before = (app.cpu_time(), floor.cpu_time());
    let start = Instant::now();
    thread::sleep(Duration::from_secs(seconds));
    let seconds_measured = start.elapsed().as_secs_f64();
    let percent = |before: Option<Duration>, after: Option<Duration>| {
        let used = after
            .zip(before)
            .map(|(after, before)| after.saturating_sub(before));
        used.map_or_else(
            || "no /proc".to_owned(),
            |used| format!("{:.2}%", used.as_secs_f64() / seconds_measured * 100.0),
        )
    };
    table.add_row(
        format!("app: of one core while idle for {seconds} s"),
        percent(before.0, app.cpu_time()),
        percent(before.1, floor.cpu_time()),
        None,
        "< 1%",
    );
    app.quit(CTRL_Q);
    floor.quit(floor_app::QUIT_KEY);
}
