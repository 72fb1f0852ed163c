//! Checks of the database file, its folder and its disk.

use super::{super::global::GlobalArgs, check::Check};
use crate::{
    ops::OpsError,
    store::{OpenOptions, Store, free_bytes, network_filesystem, parent_folder, sqlite_version},
};
use rustix::fs::{Access, access};
use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

const MIB: u64 = 1 << 20;
/// Less free space than this fails the check.
const LEAST_FREE: u64 = 16 * MIB;
/// Less free space than this is a warning.
const LITTLE_FREE: u64 = 256 * MIB;
/// A write-ahead log of more bytes than this is a warning: each opening reads it.
const LARGE_WAL: u64 = 64 * MIB;
/// How far the file's time may be ahead of the clock.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(120);

pub(super) fn check(global: &GlobalArgs) -> Vec<Check> {
    let mut checks = vec![Check::ok(
        "SQLite",
        format!("{}, built in", sqlite_version()),
    )];
    let path = match global.db_path() {
        Ok(path) => path,
        Err(error) => {
            checks.push(Check::of_error("file", &error));
            return checks;
        }
    };
    let there = path.exists();
    if there {
        checks.push(Check::ok("file", path.display().to_string()));
        checks.extend(permissions(&path));
    } else {
        checks.push(Check::ok(
            "file",
            format!(
                "{} is not there yet; the first `declare` or `log` makes it",
                path.display()
            ),
        ));
    }
    let near = nearest_existing(&path);
    checks.push(writable(if there { &path } else { &near }));
    checks.push(file_system(&near, global.allow_network));
    checks.extend(free_space(&near));
    if there {
        checks.extend(contents(&path));
        checks.extend(clock_behind(&path));
    }
    checks
}

/// Returns `path`, or the nearest folder above it that exists.
fn nearest_existing(path: &Path) -> PathBuf {
    let mut near = path;
    while !near.exists() {
        let above = parent_folder(near);
        if above == near {
            break;
        }
        near = above;
    }
    near.to_owned()
}

fn writable(path: &Path) -> Check {
    let folder = if path.is_dir() {
        path
    } else {
        parent_folder(path)
    };
    for place in [path, folder] {
        if let Err(error) = access(place, Access::WRITE_OK) {
            return Check::warn(
                "writable",
                format!(
                    "no: {} ({error}); it can be read, and nothing can be logged",
                    place.display()
                ),
                format!(
                    "`chmod u+w {}`, or --db with a file that you can write",
                    place.display()
                ),
            );
        }
    }
    Check::ok("writable", "yes, and its folder too")
}

fn permissions(path: &Path) -> Option<Check> {
    let folder = parent_folder(path);
    let file = fs::metadata(path).ok()?;
    let mode = file.permissions().mode() & 0o777;
    if file.uid() != rustix::process::getuid().as_raw() {
        return Some(Check::warn(
            "permissions",
            format!("the file belongs to another user (uid {})", file.uid()),
            "use a database of your own, or let its owner run Bridgelog",
        ));
    }
    if mode & 0o077 != 0 {
        return Some(Check::warn(
            "permissions",
            format!("other users have access to the file (mode {mode:o})"),
            format!("`chmod 600 {}`, unless that is meant", path.display()),
        ));
    }
    let folder_mode = fs::metadata(folder).ok()?.permissions().mode();
    if folder_mode & 0o022 != 0 && folder_mode & 0o1000 == 0 {
        return Some(Check::warn(
            "permissions",
            format!(
                "other users can replace files in {} (mode {:o})",
                folder.display(),
                folder_mode & 0o777
            ),
            format!("`chmod 700 {}`, unless that is meant", folder.display()),
        ));
    }
    Some(Check::ok(
        "permissions",
        format!("only for you (mode {mode:o})"),
    ))
}

fn file_system(path: &Path, allowed: bool) -> Check {
    match network_filesystem(path) {
        None => Check::ok("file system", "a local disk"),
        Some(kind) if allowed => Check::warn(
            "file system",
            format!("{kind}: locks there may not hold between machines"),
            "let one machine alone write to the file",
        ),
        Some(kind) => Check::fail(
            "file system",
            format!("{kind}: locks there may not hold between machines, so it is not opened"),
            "keep the database on a local disk (--db, BRIDGELOG_DB); --allow-network opens it all the same",
        ),
    }
}

fn free_space(path: &Path) -> Option<Check> {
    let free = free_bytes(path)?;
    let found = format!("{} free", format_bytes(free));
    let fix = "free some space: what cannot be written is refused";
    Some(if free < LEAST_FREE {
        Check::fail("disk", found, fix)
    } else if free < LITTLE_FREE {
        Check::warn("disk", found, fix)
    } else {
        Check::ok("disk", found)
    })
}

/// Checks what is in the file.
fn contents(path: &Path) -> Vec<Check> {
    let options = OpenOptions {
        create: false,
        allow_network: true,
        ..OpenOptions::default()
    };
    let health = Store::open_to_read(path, &options).and_then(|store| store.health());
    let health = match health {
        Ok(health) => health,
        Err(error) => return vec![Check::of_error("integrity", &OpsError::from(error))],
    };
    let mut checks = vec![if health.problems.is_empty() {
        Check::ok(
            "integrity",
            format!(
                "quick check passed: {}, {} entries",
                format_bytes(health.bytes),
                health.entries
            ),
        )
    } else {
        Check::fail(
            "integrity",
            health.problems.join("; "),
            "keep this file; `bridgelog verify` says more, and an earlier backup can be opened with --db",
        )
    }];
    checks.push(if health.wal_mode {
        Check::ok(
            "durability",
            "WAL, synced at every entry (synchronous=FULL, checked at each opening)",
        )
    } else {
        Check::warn(
            "durability",
            "the file is not in WAL mode",
            "the next command that writes sets WAL",
        )
    });
    if health.wal_bytes > LARGE_WAL {
        checks.push(Check::warn(
            "write-ahead log",
            format!("{} beside the file", format_bytes(health.wal_bytes)),
            "leave the app and open it again: the last one to close brings it into the file",
        ));
    }
    checks
}

/// Warns where the file was written at a time that the clock has not reached.
fn clock_behind(path: &Path) -> Option<Check> {
    let written = fs::metadata(path).and_then(|found| found.modified()).ok()?;
    let ahead = written.duration_since(SystemTime::now()).ok()?;
    (ahead > CLOCK_TOLERANCE).then(|| {
        Check::warn(
            "clock",
            format!(
                "the file was written {} min from now: the clock may be behind",
                ahead.as_secs() / 60
            ),
            "set the clock (timedatectl, ntpd): times are recorded as it says",
        )
    })
}

fn format_bytes(bytes: u64) -> String {
    match bytes {
        0..MIB => format!("{} KiB", bytes.div_ceil(1024)),
        MIB..=0x3fff_ffff => format!("{} MiB", bytes / MIB),
        _ => format!("{} GiB", bytes >> 30),
    }
}
