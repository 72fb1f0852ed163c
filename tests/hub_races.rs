//! Many machines at one directory at once, and machines that are killed in the middle of a sync.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::TestEnv;
use std::{
    collections::BTreeSet, fmt::Write as _, path::Path, process::Stdio, thread, time::Duration,
};

const MACHINES: usize = 20;
const ENTRIES: usize = 500;

fn run(env: &TestEnv, seed: &str, args: &[&str]) -> String {
    let output = env
        .command(args)
        .env("BRIDGELOG_SEED", seed)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn log_many(env: &TestEnv, seed: &str, first: usize, count: usize) {
    let mut lines = String::new();
    for number in first..first + count {
        writeln!(lines, "{seed} saw {number}").unwrap();
    }
    let mut child = env
        .command(&["log", "-"])
        .env("BRIDGELOG_SEED", seed)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), lines.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}

fn journal(env: &TestEnv, seed: &str) -> BTreeSet<String> {
    let lines = run(env, seed, &["export", "jsonl"]);
    lines.lines().map(str::to_owned).collect()
}

#[test]
fn twenty_machines_at_once_lose_nothing() {
    let hub = tempfile::tempdir().unwrap();
    let path = hub.path().to_str().unwrap();
    let machines: Vec<(TestEnv, String)> = (0..MACHINES)
        .map(|n| (TestEnv::new(), format!("machine-{n}")))
        .collect();
    run(&machines[0].0, &machines[0].1, &["hub", "init", path]);
    thread::scope(|scope| {
        for (env, seed) in &machines {
            let is_watched = seed.ends_with('7');
            scope.spawn(move || {
                let half = ENTRIES / 2;
                let mut seen = BTreeSet::new();
                for part in 0..2 {
                    log_many(env, seed, part * half, half);
                    run(env, seed, &["sync", path]);
                    // What a machine has seen it never loses.
                    if is_watched {
                        let now = journal(env, seed);
                        assert!(seen.is_subset(&now));
                        seen = now;
                    }
                }
            });
        }
    });
    thread::scope(|scope| {
        for (env, seed) in &machines {
            scope.spawn(move || run(env, seed, &["sync", path]));
        }
    });
    let expected = journal(&machines[0].0, &machines[0].1);
    assert_eq!(expected.len(), MACHINES * ENTRIES);
    for (env, seed) in &machines[1..] {
        assert!(journal(env, seed) == expected, "{seed} differs");
    }
}

/// Starts a sync and kills it after `delay`. True if it was killed before its end.
fn killed_sync(env: &TestEnv, seed: &str, hub: &Path, delay: Duration) -> bool {
    let mut child = env
        .command(&["sync", hub.to_str().unwrap()])
        .env("BRIDGELOG_SEED", seed)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    thread::sleep(delay);
    let is_running = child.try_wait().unwrap().is_none();
    let _ = child.kill();
    child.wait().unwrap();
    is_running
}

#[test]
fn machines_killed_in_the_middle_of_a_sync_become_equal() {
    let hub = tempfile::tempdir().unwrap();
    let path = hub.path().to_str().unwrap();
    let (ann, raj) = (TestEnv::new(), TestEnv::new());
    run(&ann, "ann", &["hub", "init", path]);
    let mut killed = 0;
    for round in 0..12_u64 {
        log_many(&ann, "ann", usize::try_from(round).unwrap() * 400, 400);
        log_many(&raj, "raj", usize::try_from(round).unwrap() * 400, 400);
        let delay = Duration::from_millis(1 + round * 6);
        killed += usize::from(killed_sync(&ann, "ann", hub.path(), delay));
        killed += usize::from(killed_sync(&raj, "raj", hub.path(), delay));
    }
    assert!(killed > 5, "only {killed} syncs were killed");
    for (env, seed) in [(&ann, "ann"), (&raj, "raj"), (&ann, "ann")] {
        run(env, seed, &["sync", path]);
    }
    let expected = journal(&ann, "ann");
    assert_eq!(expected.len(), 2 * 12 * 400);
    assert!(journal(&raj, "raj") == expected);
    for (env, seed) in [(&ann, "ann"), (&raj, "raj")] {
        run(env, seed, &["verify"]);
    }
}
