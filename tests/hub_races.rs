//! Many machines at one directory at once, and machines that are killed in the middle of a sync.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::machine::Machine;
use std::{collections::BTreeSet, fmt::Write as _, process::Stdio, thread, time::Duration};

const MACHINES: usize = 20;
const ENTRIES: usize = 500;

fn log_many(machine: &Machine, first: usize, count: usize) {
    let mut lines = String::new();
    for number in first..first + count {
        writeln!(lines, "{} saw {number}", machine.name).unwrap();
    }
    let mut child = machine
        .command(&["log", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), lines.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}

fn journal(machine: &Machine) -> BTreeSet<String> {
    machine.journal().into_iter().collect()
}

#[test]
fn twenty_machines_at_once_lose_nothing() {
    let hub = tempfile::tempdir().unwrap();
    let path = hub.path().to_str().unwrap();
    let machines: Vec<Machine> = (0..MACHINES)
        .map(|n| Machine::new(format!("machine-{n}")))
        .collect();
    machines[0].run(&["hub", "init", path]);
    thread::scope(|scope| {
        for machine in &machines {
            let is_watched = machine.name.ends_with('7');
            scope.spawn(move || {
                let half = ENTRIES / 2;
                let mut seen = BTreeSet::new();
                for part in 0..2 {
                    log_many(machine, part * half, half);
                    machine.run(&["sync", path]);
                    // What a machine has seen it never loses.
                    if is_watched {
                        let now = journal(machine);
                        assert!(seen.is_subset(&now));
                        seen = now;
                    }
                }
            });
        }
    });
    thread::scope(|scope| {
        for machine in &machines {
            scope.spawn(move || machine.run(&["sync", path]));
        }
    });
    let expected = journal(&machines[0]);
    assert_eq!(expected.len(), MACHINES * ENTRIES);
    for machine in &machines[1..] {
        assert!(journal(machine) == expected, "{} differs", machine.name);
    }
}

/// Starts a sync and kills it after `delay`. True if it was killed before its end.
fn killed_sync(machine: &Machine, hub: &str, delay: Duration) -> bool {
    let mut child = machine
        .command(&["sync", hub])
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
    let (ann, raj) = (Machine::new("ann"), Machine::new("raj"));
    ann.run(&["hub", "init", path]);
    let mut killed = 0;
    for round in 0..12_u64 {
        log_many(&ann, usize::try_from(round).unwrap() * 400, 400);
        log_many(&raj, usize::try_from(round).unwrap() * 400, 400);
        let delay = Duration::from_millis(1 + round * 6);
        killed += usize::from(killed_sync(&ann, path, delay));
        killed += usize::from(killed_sync(&raj, path, delay));
    }
    assert!(killed > 5, "only {killed} syncs were killed");
    for machine in [&ann, &raj, &ann] {
        machine.run(&["sync", path]);
    }
    let expected = journal(&ann);
    assert_eq!(expected.len(), 2 * 12 * 400);
    assert!(journal(&raj) == expected);
    for machine in [&ann, &raj] {
        machine.run(&["verify"]);
    }
}
