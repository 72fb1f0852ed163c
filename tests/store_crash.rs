//! Acknowledged entries survive; failed ones are reported, and a retry stores them once.
//!
//! A child process (this test program again) logs entries and prints `ack N` for each that is
//! acknowledged. It is killed in several ways, and its output is compared with the store.
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

/// Returns change `n` of run `run`, always the same.
fn nth_change(run: u64, n: u64) -> Change {
    let fixture = StoreFixture::new();
    let mut change = fixture.log_change(
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

/// The child process: `BRIDGELOG_TEST_CHILD=PATH RUN COUNT`. Tries each entry at most three times.
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

fn child_command(prefix: &[&str], path: &Path, run: u64, count: u64) -> Command {
    let this = std::env::current_exe().unwrap();
    let mut words: Vec<String> = prefix.iter().map(ToString::to_string).collect();
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

/// Runs a child to its end and returns the lines it printed.
fn run_to_end(mut command: Command) -> Vec<String> {
    let mut child = command.spawn().unwrap();
    let output: Vec<String> = stdout_lines(&mut child).collect();
    child.wait().unwrap();
    output
}

fn acknowledged_numbers(output: &[String]) -> Vec<u64> {
    output
        .iter()
        .filter_map(|line| line.strip_prefix("ack ")?.parse().ok())
        .collect()
}

/// Asserts that every acknowledged entry is stored once and that the store verifies.
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

/// Returns false and prints the reason if strace cannot trace processes here.
fn can_inject_faults() -> bool {
    let status = Command::new("strace")
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
    let can = status.is_ok_and(|status| status.success());
    if !can {
        skip("strace is not here, or may not trace");
    }
    can
}

#[test]
fn acknowledged_entries_survive_process_kill() {
    let fixture = StoreFixture::new();
    let mut rng = XorShift(42);
    let mut acks = Vec::new();
    for run in 0..12 {
        let mut child = child_command(&[], &fixture.path(), run, 100_000)
            .spawn()
            .unwrap();
        let stop = 1 + rng.below(120);
        let mut acknowledged = 0;
        for line in stdout_lines(&mut child) {
            if let Some(n) = line.strip_prefix("ack ") {
                acks.push((run, n.parse().unwrap()));
                acknowledged += 1;
                if acknowledged == stop {
                    child.kill().unwrap();
                }
            }
        }
        child.wait().unwrap();
        assert!(acknowledged >= stop);
        assert_acknowledged_present(&fixture.path(), &acks);
    }
}

#[test]
fn acknowledged_entries_survive_kill_at_any_write() {
    if !can_inject_faults() {
        return;
    }
    let fixture = StoreFixture::new();
    let mut acks = Vec::new();
    for when in (1..=30).chain((35..200).step_by(15)) {
        let inject = format!("inject=pwrite64:signal=KILL:when={when}");
        let trace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", &inject];
        let output = run_to_end(child_command(&trace, &fixture.path(), when, 20));
        let acknowledged = acknowledged_numbers(&output);
        assert!(
            acknowledged.len() < 20,
            "nothing was killed at write {when}"
        );
        acks.extend(acknowledged.into_iter().map(|n| (when, n)));
        assert_acknowledged_present(&fixture.path(), &acks);
    }
    assert!(acks.len() > 20, "too little was logged to tell");
}

#[test]
fn kill_during_creation_leaves_usable_store() {
    if !can_inject_faults() {
        return;
    }
    let fixture = StoreFixture::new();
    for when in 1..=30 {
        let path = fixture.dir.path().join(format!("{when}.db"));
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

/// Makes a system call fail once, at several points. The entry is reported as failed or is not affected,
/// and is stored once after a retry.
fn assert_one_failure_recovers(call: &str, error: &str, message: &str) {
    if !can_inject_faults() {
        return;
    }
    let fixture = StoreFixture::new();
    drop(fixture.open());
    let mut seen = 0;
    // The first eight writes allocate the WAL index when the store is opened.
    for when in [1, 2, 5, 8, 9, 10, 12, 15, 19, 20, 30] {
        let inject = format!("inject={call}:error={error}:when={when}");
        let trace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", &inject];
        let output = run_to_end(child_command(&trace, &fixture.path(), when, 4));
        seen += output
            .iter()
            .filter(|line| line.starts_with("err ") && line.contains(message))
            .count();
        let other: Vec<_> = output
            .iter()
            .filter(|line| line.starts_with("err ") && !line.contains(message))
            .collect();
        assert!(other.is_empty(), "{other:?}");
        assert_eq!(acknowledged_numbers(&output), [0, 1, 2, 3], "{output:?}");
        assert_acknowledged_present(
            &fixture.path(),
            &(0..4).map(|n| (when, n)).collect::<Vec<_>>(),
        );
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

/// A small tmpfs, unmounted on drop.
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
    let fixture = StoreFixture::new();
    let Some(disk) = TmpfsDisk::mount(fixture.dir.path(), "400k") else {
        skip("no right to mount a small disk");
        return;
    };
    let path = fixture.path();
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

/// An ext4 file system in a file, for which a power cut can be simulated.
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

    /// From here on nothing reaches the disk, also not what the kernel has cached: EXT4_IOC_SHUTDOWN with
    /// NOLOGFLUSH.
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
    let fixture = StoreFixture::new();
    let at = fixture.dir.path().join("disk");
    std::fs::create_dir(&at).unwrap();
    let Some(disk) = PowerCutDisk::create(&fixture.dir.path().join("image"), &at) else {
        skip("no right or no tools to make a disk whose power can be cut");
        return;
    };
    let path = at.join("log.db");
    let mut rng = XorShift(77);
    let mut acks = Vec::new();
    for run in 0..8 {
        // The last entries are those that might only be in the kernel's cache.
        let output = run_to_end(child_command(&[], &path, run, 1 + rng.below(40) as u64));
        acks.extend(acknowledged_numbers(&output).into_iter().map(|n| (run, n)));
        if !disk.cut_power() {
            skip("the power of this disk cannot be cut");
            return;
        }
        assert!(disk.unmount() && disk.mount());
        assert_acknowledged_present(&path, &acks);
    }
    assert!(acks.len() > 50);
}
