//! How much memory a process takes.

use std::fmt::Display;

/// Reads a row of `/proc/PROCESS/status` in KiB, such as `VmHWM`, the peak of its memory; `process` is an id or
/// `self`. `None` if the process has ended or has no such row.
pub fn memory_kib(process: impl Display, label: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let mut rows = status.lines().filter_map(|row| row.strip_prefix(label));
    let kib = rows.find_map(|row| row.strip_prefix(':'))?;
    kib.trim().strip_suffix(" kB")?.parse().ok()
}
