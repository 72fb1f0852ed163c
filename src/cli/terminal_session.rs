//! The terminal session that a command runs in, as a hash: entries of one session can be distinguished from
//! those of others, and nothing can be read from it.

use crate::domain::hash::Hash;
use rustix::stdio::{stderr, stdin, stdout};
use std::{fs, os::fd::BorrowedFd};

/// 32 hexadecimal digits of a hash over the boot, the terminal and the session's first process with
/// the time it started; `None` without a terminal or `/proc`, and in worked examples
/// (`BRIDGELOG_SEED`), which come out the same everywhere.
pub(super) fn current() -> Option<String> {
    if std::env::var_os("BRIDGELOG_SEED").is_some() {
        return None;
    }
    let terminal = [stdin(), stderr(), stdout()].into_iter().find_map(device)?;
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let first = first_process(|id| {
        let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        Process::parse(&text)
    })?;
    let Process { id, started, .. } = first;
    let hash = Hash::digest(format!("{}/{terminal}/{id}/{started}", boot.trim()).as_bytes());
    Some(hash.to_string()[..32].to_owned())
}

/// The device number of `stream`, if it is a terminal.
fn device(stream: BorrowedFd<'_>) -> Option<String> {
    if !rustix::termios::isatty(stream) {
        return None;
    }
    let stat = rustix::fs::fstat(stream).ok()?;
    Some(stat.st_rdev.to_string())
}

/// The leader of this process's session. In a container that was entered from outside, the leader
/// is out of sight and the session's id is 0: there it is the ancestor whose parent is out of sight.
fn first_process(read: impl Fn(&str) -> Option<Process>) -> Option<Process> {
    let own = read("self")?;
    if own.session != "0" {
        return Some(read(&own.session).unwrap_or_else(|| Process {
            // It has ended; its id stays the session's.
            id: own.session.clone(),
            started: String::new(),
            ..own
        }));
    }
    let mut process = own;
    while process.parent != "0" {
        process = read(&process.parent)?;
    }
    Some(process)
}

/// Parts of `/proc/ID/stat`. Source: proc_pid_stat(5), fields 1, 4, 6 and 22.
struct Process {
    id: String,
    parent: String,
    session: String,
    /// In clock ticks since the boot.
    started: String,
}

impl Process {
    fn parse(stat: &str) -> Option<Self> {
        // The second field is a name in parentheses, which may hold spaces and parentheses.
        let (id, _) = stat.split_once(' ')?;
        let (_, fields) = stat.rsplit_once(')')?;
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let field = |number: usize| fields.get(number - 3).map(|&text| text.to_owned());
        Some(Self {
            id: id.to_owned(),
            parent: field(4)?,
            session: field(6)?,
            started: field(22)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first_of(processes: &[(&str, u32, u32, u32)]) -> Option<String> {
        let found = first_process(|id| {
            let (_, number, parent, session) = processes
                .iter()
                .find(|(name, number, ..)| *name == id || number.to_string() == id)?;
            let name = "a ) name (";
            let between = "0 ".repeat(15);
            Process::parse(&format!(
                "{number} ({name}) S {parent} 7 {session} {between}50{number} 1 2\n"
            ))
        })?;
        Some(format!("{} {}", found.id, found.started))
    }

    #[test]
    fn first_process_is_the_leader_of_the_session() {
        let seen = [("self", 40, 30, 20), ("", 30, 20, 20), ("", 20, 1, 20)];
        assert_eq!(first_of(&seen).as_deref(), Some("20 5020"));
    }

    #[test]
    fn leader_outside_the_container_is_not_asked_for() {
        let seen = [("self", 40, 30, 0), ("", 30, 20, 0), ("", 20, 0, 0)];
        assert_eq!(first_of(&seen).as_deref(), Some("20 5020"));
    }

    #[test]
    fn nothing_is_known_without_proc() {
        assert_eq!(first_of(&[]), None);
    }

    #[test]
    fn leader_that_has_ended_is_known_by_its_id() {
        let seen = [("self", 40, 30, 20)];
        assert_eq!(first_of(&seen).as_deref(), Some("20 "));
    }
}
