//! The terminal session that a command runs in, as a hash: entries of one session can be told from
//! those of others, and nothing can be read from it.

use crate::domain::hash::Hash;
use std::{fs, io, os::fd::AsFd};

/// 32 hexadecimal digits of a hash over the boot, the terminal and the session leader with the time
/// it started; `None` without a terminal, and in worked examples (`BRIDGELOG_SEED`), which come out
/// the same everywhere.
pub(super) fn current() -> Option<String> {
    if std::env::var_os("BRIDGELOG_SEED").is_some() {
        return None;
    }
    let terminal = device(io::stdin())
        .or_else(|| device(io::stderr()))
        .or_else(|| device(io::stdout()))?;
    let leader = rustix::process::getsid(None).ok()?.as_raw_nonzero();
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let started = start_time(leader.get()).unwrap_or_default();
    let hash = Hash::digest(format!("{}/{terminal}/{leader}/{started}", boot.trim()).as_bytes());
    Some(hash.to_string()[..32].to_owned())
}

/// The device number of `stream`, if it is a terminal.
fn device(stream: impl AsFd) -> Option<String> {
    if !rustix::termios::isatty(&stream) {
        return None;
    }
    let stat = rustix::fs::fstat(stream).ok()?;
    Some(stat.st_rdev.to_string())
}

/// When the process `id` started, in clock ticks since the boot. Source: proc_pid_stat(5), field 22.
fn start_time(id: i32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The second field is a name in parentheses, which may hold spaces.
    let (_, fields) = stat.rsplit_once(')')?;
    fields.split_whitespace().nth(19).map(str::to_owned)
}
