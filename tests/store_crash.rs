//! What was acknowledged survives; what failed is told, and done once when it is tried again.
//!
//! A child process, which is this very program run again, logs entries and says `ack N` once each is
//! acknowledged; it is killed in many ways, and what it said is compared with what is there.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "this is a test")]

mod store_kit;

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
use store_kit::{Dice, Kit, event, open, skip};
use uuid::Uuid;

const ROLE: &str = "BRIDGELOG_TEST_CHILD";

/// Entry `n` of run `run`.
fn change(run: u64, n: u64) -> Change {
    let kit = Kit::new();
    let mut change = kit.log(None, event(1, Kind::Note, &format!("run {run} entry {n}")));
    change.id = Uuid::from_u128((u128::from(run) << 64) | u128::from(n));
    change.subject = bridgelog::domain::subject::Subject::Event(change.id);
    change
}

fn word(error: &StoreError) -> &'static str {
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
    let Ok(role) = std::env::var(ROLE) else {
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
            println!("\nopen {} {error}", word(&error));
            None
        }
    });
    let Some(mut store) = opened else { return };
    println!("\nopened");
    for n in 0..count {
        for _ in 0..3 {
            match store.append(&[change(run, n)]) {
                Ok(_) => {
                    println!("\nack {n}");
                    break;
                }
                Err(error) => println!("\nerr {n} {} {error}", word(&error)),
            }
        }
    }
}

fn command(before: &[&str], path: &Path, run: u64, count: u64) -> Command {
    let this = std::env::current_exe().unwrap();
    let mut words: Vec<String> = before.iter().map(ToString::to_string).collect();
    words.push(this.to_str().unwrap().into());
    words.extend(["--exact", "child", "--nocapture", "--test-threads=1"].map(String::from));
    let mut command = Command::new(&words[0]);
    command
        .args(&words[1..])
        .env(ROLE, format!("{} {run} {count}", path.display()))
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

fn lines(child: &mut Child) -> impl Iterator<Item = String> + use<> {
    BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok)
}

/// All that a child said.
fn said(mut command: Command) -> Vec<String> {
    let mut child = command.spawn().unwrap();
    let said: Vec<String> = lines(&mut child).collect();
    child.wait().unwrap();
    said
}

fn acknowledged(said: &[String]) -> Vec<u64> {
    said.iter()
        .filter_map(|line| line.strip_prefix("ack ")?.parse().ok())
        .collect()
}

/// All of `acks` is there, once, and the store is whole.
fn check(path: &Path, acks: &[(u64, u64)]) {
    let store = open(path);
    let report = store.verify().unwrap();
    assert!(report.is_clean(), "{:#?}", report.findings);
    let entries = store.read().entries_after(0, usize::MAX).unwrap();
    let there: HashSet<Uuid> = entries.iter().map(|(_, e)| e.header().id).collect();
    assert_eq!(there.len(), entries.len(), "each once");
    for (run, n) in acks {
        assert!(
            there.contains(&change(*run, *n).id),
            "lost: run {run} entry {n}"
        );
    }
}

/// False, with the reason printed, where processes cannot be traced here.
fn can_inject() -> bool {
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
fn what_was_acknowledged_survives_a_kill() {
    let kit = Kit::new();
    let mut dice = Dice(42);
    let mut acks = Vec::new();
    for run in 0..12 {
        let mut child = command(&[], &kit.path(), run, 100_000).spawn().unwrap();
        let stop = 1 + dice.below(120);
        let mut heard = 0;
        for line in lines(&mut child) {
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
        check(&kit.path(), &acks);
    }
}

#[test]
fn a_kill_at_any_write_loses_nothing_acknowledged() {
    if !can_inject() {
        return;
    }
    let kit = Kit::new();
    let mut acks = Vec::new();
    for when in (1..=30).chain((35..200).step_by(15)) {
        let inject = format!("inject=pwrite64:signal=KILL:when={when}");
        let trace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", &inject];
        let said = said(command(&trace, &kit.path(), when, 20));
        let heard = acknowledged(&said);
        assert!(heard.len() < 20, "nothing was killed at write {when}");
        acks.extend(heard.into_iter().map(|n| (when, n)));
        check(&kit.path(), &acks);
    }
    assert!(acks.len() > 20, "too little was logged to tell");
}

#[test]
fn a_kill_while_the_file_is_made_leaves_one_that_can_be_used() {
    if !can_inject() {
        return;
    }
    let kit = Kit::new();
    for when in 1..=30 {
        let path = kit.dir.path().join(format!("{when}.db"));
        let inject = format!("inject=pwrite64:signal=KILL:when={when}");
        let trace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", &inject];
        said(command(&trace, &path, 1, 3));
        let after = said(command(&[], &path, 1, 3));
        assert_eq!(
            acknowledged(&after),
            [0, 1, 2],
            "after write {when}: {after:?}"
        );
        check(&path, &[(1, 0), (1, 1), (1, 2)]);
    }
}

/// A call of the system fails once, at its `when`th time; the entry is told as failed, or was never
/// in danger, and after a retry is there once.
fn fails_once(call: &str, error: &str, told: &str) {
    if !can_inject() {
        return;
    }
    let kit = Kit::new();
    drop(kit.open());
    let mut seen = 0;
    // The first eight writes are those that make room for the index of the log, at opening.
    for when in [1, 2, 5, 8, 9, 10, 12, 15, 19, 20, 30] {
        let inject = format!("inject={call}:error={error}:when={when}");
        let trace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", &inject];
        let said = said(command(&trace, &kit.path(), when, 4));
        seen += said
            .iter()
            .filter(|line| line.starts_with("err ") && line.contains(told))
            .count();
        let other: Vec<_> = said
            .iter()
            .filter(|line| line.starts_with("err ") && !line.contains(told))
            .collect();
        assert!(other.is_empty(), "{other:?}");
        assert_eq!(acknowledged(&said), [0, 1, 2, 3], "{said:?}");
        check(&kit.path(), &(0..4).map(|n| (when, n)).collect::<Vec<_>>());
    }
    assert!(seen > 0, "no failure was told");
}

#[test]
fn a_failed_sync_is_told_and_the_retry_is_the_same_entry() {
    fails_once("fsync,fdatasync", "EIO", " io ");
}

#[test]
fn a_failed_write_is_told_and_the_retry_is_the_same_entry() {
    fails_once("pwrite64", "EIO", " io ");
}

#[test]
fn a_full_disk_is_told_and_the_retry_is_the_same_entry() {
    fails_once("pwrite64", "ENOSPC", " full ");
}

/// A small disk of its own, gone with it.
struct Disk(std::path::PathBuf);

impl Disk {
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

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_disk_that_fills_up_keeps_what_was_acknowledged() {
    let kit = Kit::new();
    let Some(disk) = Disk::mount(kit.dir.path(), "400k") else {
        skip("no right to mount a small disk");
        return;
    };
    let path = kit.path();
    let mut store = open(&path);
    let mut acks = Vec::new();
    let refused = (0..10_000)
        .find(|n| match store.append(&[change(1, *n)]) {
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
        store.append(&[change(1, refused)]),
        Err(StoreError::Full(_))
    ));
    disk.grow("8m");
    store.append(&[change(1, refused)]).unwrap();
    acks.push((1, refused));
    drop(store);
    check(&path, &acks);
    drop(disk);
}

/// An ext4 disk in a file, whose power can be cut.
struct Cuttable {
    image: std::path::PathBuf,
    at: std::path::PathBuf,
}

impl Cuttable {
    fn make(image: &Path, at: &Path) -> Option<Self> {
        let file = std::fs::File::create(image).ok()?;
        file.set_len(32 * 1024 * 1024).ok()?;
        let disk = Self {
            image: image.to_owned(),
            at: at.to_owned(),
        };
        let made = quietly(Command::new("mkfs.ext4").args(["-q", "-F"]).arg(image));
        (made && quietly(Command::new("python3").arg("--version")) && disk.mount()).then_some(disk)
    }

    fn mount(&self) -> bool {
        quietly(
            Command::new("mount")
                .args(["-o", "loop"])
                .arg(&self.image)
                .arg(&self.at),
        )
    }

    fn unmount(&self) -> bool {
        quietly(Command::new("umount").arg(&self.at))
    }

    /// From here on nothing reaches the disk, not even what the kernel has in hand. Source: ext4's
    /// EXT4_IOC_SHUTDOWN with NOLOGFLUSH.
    fn cut(&self) -> bool {
        let ioctl = "import fcntl,os,struct,sys; fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack('I', 2))";
        quietly(Command::new("python3").args(["-c", ioctl]).arg(&self.at))
    }
}

impl Drop for Cuttable {
    fn drop(&mut self) {
        self.unmount();
    }
}

fn quietly(command: &mut Command) -> bool {
    let command = command.stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[test]
fn what_was_acknowledged_survives_a_power_cut() {
    let kit = Kit::new();
    let at = kit.dir.path().join("disk");
    std::fs::create_dir(&at).unwrap();
    let Some(disk) = Cuttable::make(&kit.dir.path().join("image"), &at) else {
        skip("no right or no tools to make a disk whose power can be cut");
        return;
    };
    let path = at.join("log.db");
    let mut dice = Dice(77);
    let mut acks = Vec::new();
    for run in 0..8 {
        // The last of them are the ones that could still be in the kernel's hands alone.
        let said = said(command(&[], &path, run, 1 + dice.below(40) as u64));
        acks.extend(acknowledged(&said).into_iter().map(|n| (run, n)));
        if !disk.cut() {
            skip("the power of this disk cannot be cut");
            return;
        }
        assert!(disk.unmount() && disk.mount());
        check(&path, &acks);
    }
    assert!(acks.len() > 50);
}
