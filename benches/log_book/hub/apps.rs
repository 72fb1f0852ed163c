//! From Enter in one app to the event on the screen of another, whose database is another one.

use super::{bare_notifications, make_hub};
use crate::{
    PROGRAM, bridgelog_command,
    postgres_server::Server,
    pty::Pty,
    run_command,
    table::{Table, format_ms, ratio},
};
use portable_pty::CommandBuilder;
use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

/// How many lines are logged.
const LINES: usize = 200;
/// The wait between two lines, so that each is measured alone.
const INTERVAL: Duration = Duration::from_millis(200);
const CTRL_Q: &str = "\x11";

pub fn bench_two_apps(table: &mut Table, folder: &Path, server: &Server) {
    let database = make_hub(server);
    let url = database.url();
    let home = tempfile::tempdir_in(folder).expect("a folder");
    let dbs = ["here", "there"].map(|name| home.path().join(format!("{name}.db")));
    assert!(run_command(&bridgelog_command(
        &dbs[0],
        &["declare", "bench"]
    )));
    for db in &dbs {
        assert!(run_command(&bridgelog_command(db, &["sync", &url])));
    }
    let start = |db: &Path| {
        let shown = |screen: &vt100::Screen| {
            let contents = screen.contents();
            contents.contains("in step") && contents.contains("bench")
        };
        Pty::start(app_command(home.path(), db, &url), Box::new(shown)).map(|(pty, _)| pty)
    };
    let (Some(mut here), Some(there)) = (start(&dbs[0]), start(&dbs[1])) else {
        return;
    };
    let mut times = Vec::new();
    for number in 0..LINES {
        let line = format!("line-{number:03}-of-the-other");
        let typed = line.clone();
        let is_typed = move |screen: &vt100::Screen| screen.contents().contains(&typed);
        if here.press(&line, [Box::new(is_typed)]).is_none() {
            return;
        }
        thread::sleep(INTERVAL);
        let seen_at = there.watch(Box::new(move |screen| screen.contents().contains(&line)));
        let start = Instant::now();
        here.type_keys("\r");
        let Some(elapsed) = there.wait_for(&seen_at, start) else {
            return;
        };
        times.push(elapsed);
    }
    here.quit(CTRL_Q);
    there.quit(CTRL_Q);
    times.sort();
    let floor = bare_notifications(&database);
    let floor_median = floor[floor.len() / 2];
    for (what, time) in [
        ("median", times[LINES / 2]),
        ("99th percentile", times[LINES * 99 / 100]),
    ] {
        table.add_row(
            format!("hub: Enter in one app to the event in another, {what} (floor: bare NOTIFY)"),
            format_ms(time),
            format_ms(floor_median),
            Some(ratio(time, floor_median)),
            "< 1 s",
        );
    }
}

fn app_command(home: &Path, db: &Path, hub: &str) -> CommandBuilder {
    let mut command = CommandBuilder::new(PROGRAM);
    command.env_clear();
    command.env("TERM", "xterm-256color");
    command.env("LC_ALL", "C.UTF-8");
    command.env("HOME", home);
    command.env("BRIDGELOG_DB", db);
    command.env("BRIDGELOG_AUTHOR", "jw");
    command.env("BRIDGELOG_HUB", hub);
    command.cwd(home);
    command
}
