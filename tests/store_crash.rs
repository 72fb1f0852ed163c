//! What was acknowledged survives; what failed is told, and done once when it is tried again.
//!
//! A child process, which is this very program run again, logs entries and says `ack N` once each is
//! acknowledged; it is killed in many ways, and what it said is compared with what is there.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "this is a test")]

mod store_fixtures;

use bridgelog::{
    domain::{value::Change, words::Kind},
    store::{OpenOptions, Store, StoreError},
};
use std::{
    collections::HashSet,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};
use store_fixtures::{StoreFixture, XorShift, event_at_minute, open, skip};
use uuid::Uuid;

const CHILD_ENV: &str = "BRIDGELOG_TEST_CHILD";

/// Entry `n` of run `run`.
fn nth_change(run: u64, n: u64) -> Change {
    let kit = StoreFixture::new();
    let mut change = kit.log_change(
        None,
        event_at_minute(1, Kind::Note, &format!("run {run} entry {n}")),
    );
    change.id = Uuid::from_u128((u128::from(run) << 64) | u128::from(n));
    change.subject = bridgelog::domain::subject::Subject::Event(change.id);
    change
}

fn error_label(error: &StoreError) -> &'static str {
    match error {
        StoreError::Io { .. } => "io",
        StoreError::Full(_) => "full",
        StoreError::Locked { .. } => "locked",
        _ => "other",
    }
}

/// The child: `BRIDGELOG_TEST_CHILD=PATH RUN COUNT`. Each entry is tried until it is acknowledged, at
/// most three times.
#[test]
fn child() {
    let Ok(role) = std::env::var(CHILD_ENV) else {
        return;
    };
    let words: Vec<&str> = role.split(' ').collect();
    let (run, count): (u64, u64) = (words[1].parse().unwrap(), words[2].parse().unwrap());
    let options = OpenOptions {
        busy_timeout: Duration::from_secs(30),
        ..OpenOptions::default()
    };
    let opened = (0..3).find_map(|_| match Store::open(Path::new(words[0]), &options) {
        Ok(store) => Some(store),
        Err(error) => {
            println!("\nopen {} {error}", error_label(&error));
            None
        }
    });
    let Some(mut store) = opened else { return };
    println!("\nopened");
    for n in 0..count {
        for _ in 0..3 {
            match store.append(&[nth_change(run, n)]) {
                Ok(_) => {
                    println!("\nack {n}");
                    break;
                }
                Err(error) => println!("\nerr {n} {} {error}", error_label(&error)),
            }
        }
    }
}

fn child_command(before: &[&str], path: &Path, run: u64, count: u64) -> Command {
    let this = std::env::current_exe().unwrap();
    let mut words: Vec<String> = before.iter().map(ToString::to_string).collect();
    words.push(this.to_str().unwrap().into());
    words.extend(["--exact", "child", "--nocapture", "--test-threads=1"].map(String::from));
    let mut command = Command::new(&words[0]);
    command
        .args(&words[1..])
        .env(CHILD_ENV, format!("{} {run} {count}", path.display()))
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

fn stdout_lines(child: &mut Child) -> impl Iterator<Item = String> + use<> {
    BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok)
}

/// All that a child said.
fn run_to_end(mut command: Command) -> Vec<String> {
    let mut child = command.spawn().unwrap();
    let said: Vec<String> = stdout_lines(&mut child).collect();
    child.wait().unwrap();
    said
}

fn acknowledged_numbers(said: &[String]) -> Vec<u64> {
    said.iter()
        .filter_map(|line| line.strip_prefix("ack ")?.parse().ok())
        .collect()
}

/// All of `acks` is there, once, and the store is whole.
fn assert_acknowledged_present(path: &Path, acks: &[(u64, u64)]) {
    let store = open(path);
    let report = store.verify().unwrap();
    assert!(report.is_clean(), "{:#?}", report.findings);
    let entries = store.read().entries_after(0, usize::MAX).unwrap();
    let there: HashSet<Uuid> = entries.iter().map(|(_, e)| e.header().id).collect();
    assert_eq!(there.len(), entries.len(), "each once");
    for (run, n) in acks {
        assert!(
            there.contains(&nth_change(*run, *n).id),
            "lost: run {run} entry {n}"
        );
    }
}

/// False, with the reason printed, where processes cannot be traced here.
fn can_inject_faults() -> bool {
    let tried = Command::new("strace")
        .args([
            "-f",
            "-o",
            "/dev/null",
            "-e",
            "inject=getppid:retval=1",
            "true",
        ])
        .stderr(Stdio::null())
        .status();
    let can = tried.is_ok_and(|status| status.success());
    if !can {
        skip("strace is not here, or may not trace");
    }
    can
}

#[test]
fn acknowledged_entries_survive_process_kill() {
    let kit = StoreFixture::new();
    let mut dice = XorShift(42);
    let mut acks = Vec::new();
    for run in 0..12 {
        let mut child = child_command(&[], &kit.path(), run, 100_000)
            .spawn()
            .unwrap();
        let stop = 1 + dice.below(120);
        let mut heard = 0;
        for line in stdout_lines(&mut child) {
            if let Some(n) = line.strip_prefix("ack ") {
                acks.push((run, n.parse().unwrap()));
                heard += 1;
                if heard == stop {
                    child.kill().unwrap();
                }
            }
        }
        child.wait().unwrap();
        assert!(heard >= stop);
        assert_acknowledged_present(&kit.path(), &acks);
    }
}

#[test]
fn acknowledged_entries_survive_kill_at_any_write() {
    if !can_inject_faults() {
        return;
    }
    let kit = StoreFixture::new();
    let mut acks = Vec::new();
    for when in (1..=30).chain((35..200).step_by(15)) {
        let inject = format!("inject=pwrite64:signal=KILL:when={when}");
        let trace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", &inject];
        let said = run_to_end(child_command(&trace, &kit.path(), when, 20));
        let heard = acknowledged_numbers(&said);
        assert!(heard.len() < 20, "nothing was killed at write {when}");
        acks.extend(heard.into_iter().map(|n| (when, n)));
        assert_acknowledged_present(&kit.path(), &acks);
    }
    assert!(acks.len() > 20, "too little was logged to tell");
}

#[test]
fn kill_during_creation_leaves_usable_store() {
    if !can_inject_faults() {
        return;
    }
    let kit = StoreFixture::new();
    for when in 1..=30 {
        let path = kit.dir.path().join(format!("{when}.db"));
        let inject = format!("inject=pwrite64:signal=KILL:when={when}");
        let trace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", &inject];
        run_to_end(child_command(&trace, &path, 1, 3));
        let after = run_to_end(child_command(&[], &path, 1, 3));
        assert_eq!(
            acknowledged_numbers(&after),
            [0, 1, 2],
            "after write {when}: {after:?}"
        );
        assert_acknowledged_present(&path, &[(1, 0), (1, 1), (1, 2)]);
    }
}

/// A call of the system fails once, at its `when`th time; the entry is told as failed, or was never
/// in danger, and after a retry is there once.
fn assert_one_failure_recovers(call: &str, error: &str, told: &str) {
    if !can_inject_faults() {
        return;
    }
    let kit = StoreFixture::new();
    drop(kit.open());
    let mut seen = 0;
    // The first eight writes are those that make room for the index of the log, at opening.
    for when in [1, 2, 5, 8, 9, 10, 12, 15, 19, 20, 30] {
        let inject = format!("inject={call}:error={error}:when={when}");
        let trace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", &inject];
        let said = run_to_end(child_command(&trace, &kit.path(), when, 4));
        seen += said
            .iter()
            .filter(|line| line.starts_with("err ") && line.contains(told))
            .count();
        let other: Vec<_> = said
            .iter()
            .filter(|line| line.starts_with("err ") && !line.contains(told))
            .collect();
        assert!(other.is_empty(), "{other:?}");
        assert_eq!(acknowledged_numbers(&said), [0, 1, 2, 3], "{said:?}");
        assert_acknowledged_present(&kit.path(), &(0..4).map(|n| (when, n)).collect::<Vec<_>>());
    }
    assert!(seen > 0, "no failure was told");
}

#[test]
fn failed_sync_is_reported_and_retry_is_idempotent() {
    assert_one_failure_recovers("fsync,fdatasync", "EIO", " io ");
}

#[test]
fn failed_write_is_reported_and_retry_is_idempotent() {
    assert_one_failure_recovers("pwrite64", "EIO", " io ");
}

#[test]
fn full_disk_is_reported_and_retry_is_idempotent() {
    assert_one_failure_recovers("pwrite64", "ENOSPC", " full ");
}

/// A small disk of its own, gone with it.
struct TmpfsDisk(std::path::PathBuf);

impl TmpfsDisk {
    fn mount(at: &Path, size: &str) -> Option<Self> {
        let options = format!("size={size}");
        let done = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "bridgelog-test"])
            .arg(at)
            .stderr(Stdio::null())
            .status();
        done.is_ok_and(|status| status.success())
            .then(|| Self(at.to_owned()))
    }

    fn grow(&self, size: &str) {
        let options = format!("remount,size={size}");
        let done = Command::new("mount")
            .args(["-o", &options])
            .arg(&self.0)
            .status();
        assert!(done.unwrap().success());
    }
}

impl Drop for TmpfsDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn acknowledged_entries_survive_disk_filling_up() {
    let kit = StoreFixture::new();
    let Some(disk) = TmpfsDisk::mount(kit.dir.path(), "400k") else {
        skip("no right to mount a small disk");
        return;
    };
    let path = kit.path();
    let mut store = open(&path);
    let mut acks = Vec::new();
    let refused = (0..10_000)
        .find(|n| match store.append(&[nth_change(1, *n)]) {
            Ok(_) => {
                acks.push((1, *n));
                false
            }
            Err(error) => {
                assert!(matches!(error, StoreError::Full(_)), "{error}");
                assert!(error.hint().is_some());
                true
            }
        })
        .unwrap();
    assert!(acks.len() > 3);
    assert!(matches!(
        store.append(&[nth_change(1, refused)]),
        Err(StoreError::Full(_))
    ));
    disk.grow("8m");
    store.append(&[nth_change(1, refused)]).unwrap();
    acks.push((1, refused));
    drop(store);
    assert_acknowledged_present(&path, &acks);
    drop(disk);
}

/// An ext4 disk in a file, whose power can be cut.
struct PowerCutDisk {
    image: std::path::PathBuf,
    mount_point: std::path::PathBuf,
}

impl PowerCutDisk {
    fn create(image: &Path, at: &Path) -> Option<Self> {
        let file = std::fs::File::create(image).ok()?;
        file.set_len(32 * 1024 * 1024).ok()?;
        let disk = Self {
            image: image.to_owned(),
            mount_point: at.to_owned(),
        };
        let made = run_silently(Command::new("mkfs.ext4").args(["-q", "-F"]).arg(image));
        (made && run_silently(Command::new("python3").arg("--version")) && disk.mount())
            .then_some(disk)
    }

    fn mount(&self) -> bool {
        run_silently(
            Command::new("mount")
                .args(["-o", "loop"])
                .arg(&self.image)
                .arg(&self.mount_point),
        )
    }

    fn unmount(&self) -> bool {
        run_silently(Command::new("umount").arg(&self.mount_point))
    }

    /// From here on nothing reaches the disk, not even what the kernel has in hand. Source: ext4's
    /// EXT4_IOC_SHUTDOWN with NOLOGFLUSH.
    fn cut_power(&self) -> bool {
        let ioctl = "import fcntl,os,struct,sys; fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack('I', 2))";
        run_silently(
            Command::new("python3")
                .args(["-c", ioctl])
                .arg(&self.mount_point),
        )
    }
}

impl Drop for PowerCutDisk {
    fn drop(&mut self) {
        self.unmount();
    }
}

fn run_silently(command: &mut Command) -> bool {
    let command = command.stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[test]
fn acknowledged_entries_survive_power_cut() {
    let kit = StoreFixture::new();
    let at = kit.dir.path().join("disk");
    std::fs::create_dir(&at).unwrap();
    let Some(disk) = PowerCutDisk::create(&kit.dir.path().join("image"), &at) else {
        skip("no right or no tools to make a disk whose power can be cut");
        return;
    };
    let path = at.join("log.db");
    let mut dice = XorShift(77);
    let mut acks = Vec::new();
    for run in 0..8 {
        // The last of them are the ones that could still be in the kernel's hands alone.
        let said = run_to_end(child_command(&[], &path, run, 1 + dice.below(40) as u64));
        acks.extend(acknowledged_numbers(&said).into_iter().map(|n| (run, n)));
        if !disk.cut_power() {
            skip("the power of this disk cannot be cut");
            return;
        }
        assert!(disk.unmount() && disk.mount());
        assert_acknowledged_present(&path, &acks);
    }
    assert!(acks.len() > 50);
}
