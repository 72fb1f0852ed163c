//! The real program in a terminal of ours: what is typed is in the store, what is half-typed survives
//! a kill, and the terminal is given back whatever happens.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::{
    io::{Read, Write},
    num::NonZeroU16,
    path::Path,
    process::Command,
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

/// How long anything is waited for: far longer than it takes, since machines are busy.
const PATIENCE: Duration = Duration::from_secs(20);
const BRIDGELOG: &str = env!("CARGO_BIN_EXE_bridgelog");

struct Pty {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    seen: Arc<Mutex<(vt100::Parser, Vec<u8>)>>,
}

fn cells(n: u16) -> NonZeroU16 {
    NonZeroU16::new(n).unwrap()
}

fn program(folder: &Path, arguments: &[&str]) -> CommandBuilder {
    let mut command = CommandBuilder::new(BRIDGELOG);
    command.args(arguments);
    environment(&mut command, folder);
    command
}

fn environment(command: &mut CommandBuilder, folder: &Path) {
    command.env_clear();
    command.env("TERM", "xterm-256color");
    command.env("PATH", std::env::var("PATH").unwrap_or_default());
    command.env("HOME", folder);
    command.env("BRIDGELOG_DB", folder.join("log.db"));
    command.env("BRIDGELOG_AUTHOR", "jw");
    command.env("BRIDGELOG_ZONE", "America/New_York");
    command.cwd(folder);
}

impl Pty {
    fn start(command: CommandBuilder) -> Self {
        let pty = native_pty_system()
            .openpty(PtySize {
                rows: 24,
                cols: 80,
                pixel_width: 0,
                pixel_height: 0,
            })
            .unwrap();
        let child = pty.slave.spawn_command(command).unwrap();
        drop(pty.slave);
        let mut reader = pty.master.try_clone_reader().unwrap();
        let writer = pty.master.take_writer().unwrap();
        let seen = Arc::new(Mutex::new((
            vt100::Parser::new(cells(24), cells(80), 0),
            Vec::new(),
        )));
        let to = Arc::clone(&seen);
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(n) = reader.read(&mut bytes) {
                if n == 0 {
                    break;
                }
                let mut seen = to.lock().unwrap();
                seen.0.process(&bytes[..n]);
                seen.1.extend_from_slice(&bytes[..n]);
            }
        });
        Self {
            child,
            master: pty.master,
            writer,
            seen,
        }
    }

    fn screen(&self) -> String {
        self.seen.lock().unwrap().0.screen().contents()
    }

    fn raw(&self) -> String {
        String::from_utf8_lossy(&self.seen.lock().unwrap().1).into_owned()
    }

    fn types(&mut self, text: &str) {
        self.writer.write_all(text.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    fn wait(&self, what: &str) {
        self.until(what, |pty| pty.screen().contains(what));
    }

    fn until(&self, what: &str, there: impl Fn(&Self) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !there(self) {
            assert!(Instant::now() < end, "no {what} on:\n{}", self.screen());
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn ends(&mut self) -> u32 {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                // What it wrote last is still on its way.
                thread::sleep(Duration::from_millis(100));
                return status.exit_code();
            }
            assert!(Instant::now() < end, "it does not end:\n{}", self.screen());
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn signal(&self, name: &str) {
        let id = self.child.process_id().unwrap().to_string();
        assert!(
            Command::new("kill")
                .args([name, &id])
                .status()
                .unwrap()
                .success()
        );
    }
}

fn run(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(BRIDGELOG)
        .args(arguments)
        .env_clear()
        .env("HOME", folder)
        .env("BRIDGELOG_DB", folder.join("log.db"))
        .env("BRIDGELOG_AUTHOR", "ann")
        .env("BRIDGELOG_ZONE", "America/New_York")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn declared() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    run(
        folder.path(),
        &[
            "declare",
            "AVR Online outage",
            "--severity",
            "sev1",
            "--service",
            "online-db",
        ],
    );
    folder
}

fn given_back(raw: &str) {
    let left = raw
        .rfind("\x1b[?1049l")
        .expect("the alternate screen was left");
    let shown = raw.rfind("\x1b[?25h").expect("the cursor is shown");
    assert!(shown > raw.rfind("\x1b[?1049h").unwrap());
    for off in ["\x1b[?2004l", "\x1b[?1000l"] {
        assert!(raw.contains(off), "{off:?} was not sent");
    }
    assert!(left > raw.rfind("\x1b[?1049h").unwrap());
}

#[test]
fn what_is_typed_is_in_the_store() {
    let folder = declared();
    let mut pty = Pty::start(program(folder.path(), &[]));
    pty.wait("AVR Online outage");
    pty.types("fault: the disk is gone !down #storage");
    pty.wait("#storage · internal");
    pty.types("\r");
    pty.wait("logged ");
    let shown = run(folder.path(), &["show", "--json"]);
    assert!(
        shown.contains("the disk is gone") && shown.contains("\"down\""),
        "{shown}"
    );
    pty.types("\x11");
    assert_eq!(pty.ends(), 0);
    given_back(&pty.raw());
}

#[test]
fn what_was_entered_right_before_leaving_is_logged_and_no_draft() {
    let folder = declared();
    for n in 1..=3 {
        let mut pty = Pty::start(program(folder.path(), &[]));
        pty.wait("AVR Online outage");
        pty.types(&format!("note: in haste {n}\r\x11"));
        assert_eq!(pty.ends(), 0);
        let shown = run(folder.path(), &["show"]);
        assert_eq!(shown.matches("in haste").count(), n, "{shown}");
        let drafts = std::fs::read_dir(folder.path()).unwrap().filter(|e| {
            let name = e.as_ref().unwrap().file_name();
            name.to_string_lossy().contains("-draft-")
        });
        assert_eq!(drafts.count(), 0);
    }
}

#[test]
fn what_is_half_typed_survives_a_kill() {
    let folder = declared();
    let mut pty = Pty::start(program(folder.path(), &[]));
    pty.wait("AVR Online outage");
    pty.types("finding: half of a th");
    pty.wait("half of a th");
    pty.wait("finding · internal");
    pty.signal("-KILL");
    pty.ends();
    let mut again = Pty::start(program(folder.path(), &[]));
    again.wait("half of a th");
    again.wait("half-typed at");
    again.types("ought\r");
    again.wait("logged ");
    assert!(run(folder.path(), &["show"]).contains("half of a thought"));
    again.types("\x11");
    again.ends();
}

#[test]
fn signals_give_the_terminal_back() {
    for signal in ["-TERM", "-HUP", "-INT"] {
        let folder = declared();
        let mut pty = Pty::start(program(folder.path(), &[]));
        pty.wait("AVR Online outage");
        pty.types("half");
        pty.wait("note · internal");
        pty.signal(signal);
        pty.ends();
        given_back(&pty.raw());
        let mut again = Pty::start(program(folder.path(), &[]));
        again.wait("half-typed at");
        again.types("\x11");
        again.ends();
    }
}

#[test]
fn the_terminal_is_as_it_was_after_it() {
    let folder = declared();
    let mut command = CommandBuilder::new("sh");
    command.args([
        "-c",
        &format!("stty sane; '{BRIDGELOG}'; stty -a; echo done-$?"),
    ]);
    environment(&mut command, folder.path());
    let mut pty = Pty::start(command);
    pty.wait("AVR Online outage");
    pty.types("\x11");
    pty.ends();
    let screen = pty.raw();
    let after = &screen[screen.rfind("\x1b[?1049l").unwrap()..];
    assert!(
        after.contains(" icanon") && after.contains(" echo "),
        "{after}"
    );
}

#[test]
fn a_vanished_terminal_ends_it() {
    let folder = declared();
    for session in ["", "setsid "] {
        let number = folder.path().join("number");
        let _ = std::fs::remove_file(&number);
        // The terminal belongs to another process, which is killed: then nobody holds an end of it.
        let mut owner = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "owns_a_terminal", "--nocapture"])
            .env("OWNED_FOLDER", folder.path())
            .env("OWNED_SESSION", session)
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let end = Instant::now() + PATIENCE;
        let ready = folder.path().join("ready");
        while !ready.exists() {
            assert!(Instant::now() < end, "the app did not start");
            thread::sleep(Duration::from_millis(10));
        }
        std::fs::remove_file(&ready).unwrap();
        let id = std::fs::read_to_string(&number).unwrap().trim().to_owned();
        owner.kill().unwrap();
        owner.wait().unwrap();
        let alive = || {
            let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
            !stat.is_empty() && !stat.contains(") Z ")
        };
        while alive() {
            assert!(Instant::now() < end, "it does not end ({session})");
            thread::sleep(Duration::from_millis(10));
        }
        let mut again = Pty::start(program(folder.path(), &[]));
        again.wait("half-typed at");
        again.types("\x15\x11");
        again.ends();
    }
}

/// Run by the test before it.
#[test]
#[ignore = "it waits to be killed"]
fn owns_a_terminal() {
    let Some(folder) = std::env::var_os("OWNED_FOLDER") else {
        return;
    };
    let folder = Path::new(&folder);
    let session = std::env::var("OWNED_SESSION").unwrap();
    let mut command = CommandBuilder::new("sh");
    // In a session of its own the app is sent no signal: it must see for itself.
    command.args([
        "-c",
        &format!("{session}sh -c 'echo $$ > number; exec \"$0\"' '{BRIDGELOG}'; sleep 60"),
    ]);
    environment(&mut command, folder);
    let mut pty = Pty::start(command);
    pty.wait("AVR Online outage");
    pty.types("half");
    pty.wait("note · internal");
    std::fs::write(folder.join("ready"), "").unwrap();
    thread::sleep(PATIENCE * 3);
}

#[test]
fn what_another_writes_appears() {
    let folder = declared();
    let mut pty = Pty::start(program(folder.path(), &[]));
    pty.wait("AVR Online outage");
    run(folder.path(), &["log", "finding: written elsewhere"]);
    pty.wait("written elsewhere");
    pty.wait("ann wrote");
    pty.types("\x11");
    pty.ends();
}

#[test]
fn an_editor_that_fails_loses_nothing() {
    let folder = declared();
    run(folder.path(), &["log", "finding: as it was"]);
    let editor = folder.path().join("editor");
    std::fs::write(&editor, "#!/bin/sh\necho changed > \"$1\"\nexit 3\n").unwrap();
    Command::new("chmod")
        .arg("+x")
        .arg(&editor)
        .status()
        .unwrap();
    let mut command = program(folder.path(), &[]);
    command.env("EDITOR", &editor);
    let mut pty = Pty::start(command);
    pty.wait("as it was");
    pty.types("half\x1b");
    pty.wait("Enter detail");
    pty.types("E");
    pty.wait("what it saved is in");
    // The event and the half-typed line are as they were, and keys work again.
    assert!(run(folder.path(), &["show"]).contains("as it was"));
    pty.types("i");
    pty.wait("note · internal");
    pty.types("\x11");
    pty.ends();
}

#[test]
fn twenty_pasted_lines_are_logged_together() {
    let folder = declared();
    let mut pty = Pty::start(program(folder.path(), &[]));
    pty.wait("AVR Online outage");
    let lines: Vec<String> = (1..=20)
        .map(|n| format!("-{n}m pasted line number {n}"))
        .collect();
    pty.types(&format!("\x1b[200~{}\x1b[201~", lines.join("\r\n")));
    pty.wait("20 of 20 taken");
    assert!(!run(folder.path(), &["show"]).contains("pasted line"));
    pty.types("\r");
    pty.wait("logged 20 events");
    assert_eq!(
        run(folder.path(), &["show"])
            .matches("pasted line number")
            .count(),
        20
    );
    pty.types("\x11");
    pty.ends();
}

#[test]
fn a_busy_log_book_holds_nobody_up_and_loses_nothing() {
    let folder = declared();
    let mut pty = Pty::start(program(folder.path(), &[]));
    pty.wait("AVR Online outage");
    let other = rusqlite::Connection::open(folder.path().join("log.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    pty.types("finding: said while it was locked\r");
    pty.types("note: typed meanwhile");
    pty.wait("not on the disk yet: finding: said while it was locked");
    pty.wait("typed meanwhile");
    pty.wait("is locked by another process");
    other.execute_batch("ROLLBACK").unwrap();
    pty.wait("! finding");
    pty.wait("note · internal");
    pty.types("\r");
    pty.wait("note      typed meanwhile");
    let shown = run(folder.path(), &["show"]);
    assert_eq!(shown.matches("said while it was locked").count(), 1);
    assert_eq!(shown.matches("typed meanwhile").count(), 1);
    pty.types("\x11");
    assert_eq!(pty.ends(), 0);
}

#[test]
fn a_log_book_that_is_deleted_underneath_takes_no_line_with_it() {
    let folder = declared();
    let mut pty = Pty::start(program(folder.path(), &[]));
    pty.wait("AVR Online outage");
    for file in ["log.db", "log.db-wal", "log.db-shm"] {
        let _ = std::fs::remove_file(folder.path().join(file));
    }
    pty.types("finding: after the delete\r");
    pty.wait("deleted or replaced");
    pty.wait("› finding: after the delete");
    pty.types("\x11");
    pty.ends();
    let mut again = Pty::start(program(folder.path(), &[]));
    again.wait("half-typed at");
    again.wait("› finding: after the delete");
    again.types("\x15\x11");
    again.ends();
}

#[test]
fn wrong_settings_keep_nobody_from_the_log_book() {
    let folder = declared();
    let settings = folder.path().join(".config/bridgelog");
    std::fs::create_dir_all(&settings).unwrap();
    for (n, (text, said)) in [
        ("[keys]\nundo = \"x\"\n", "`retract` and `undo`"),
        ("[theme]\ndown = \"rde\"\n", "`rde`"),
        ("update-intervall = 30\n", "update-intervall"),
    ]
    .into_iter()
    .enumerate()
    {
        std::fs::write(settings.join("config.toml"), text).unwrap();
        let mut pty = Pty::start(program(folder.path(), &[]));
        pty.wait("AVR Online outage");
        pty.wait(said);
        pty.types("note: all the same\r");
        let row = "note      all the same";
        pty.until(row, |pty| pty.screen().matches(row).count() > n);
        pty.types("\x11");
        assert_eq!(pty.ends(), 0);
    }
    assert_eq!(
        run(folder.path(), &["show"])
            .matches("all the same")
            .count(),
        3
    );
}

#[test]
fn it_stops_for_the_shell_and_comes_back() {
    let folder = declared();
    if Command::new("bash").arg("--version").output().is_err() {
        println!("skipped: there is no bash for job control");
        return;
    }
    let mut command = CommandBuilder::new("bash");
    command.args(["--norc", "--noprofile", "-i"]);
    environment(&mut command, folder.path());
    let mut pty = Pty::start(command);
    pty.types(&format!("'{BRIDGELOG}'\r"));
    pty.wait("AVR Online outage");
    pty.types("half");
    pty.wait("note · internal");
    pty.types("\x1a");
    pty.wait("Stopped");
    pty.types("fg\r");
    pty.wait("note · internal");
    pty.types(" a line\r");
    pty.wait("logged ");
    assert!(run(folder.path(), &["show"]).contains("half a line"));
    pty.types("\x11");
    pty.until("shell", |pty| pty.raw().matches("\x1b[?1049l").count() >= 2);
    thread::sleep(Duration::from_millis(300));
    pty.types("exit\r");
    pty.ends();
}

#[test]
fn the_size_of_the_terminal_is_followed() {
    let folder = declared();
    let mut pty = Pty::start(program(folder.path(), &[]));
    pty.wait("AVR Online outage");
    for (rows, cols) in [(5, 20), (1, 1), (24, 80)] {
        pty.seen
            .lock()
            .unwrap()
            .0
            .screen_mut()
            .set_size(cells(rows), cells(cols));
        pty.master
            .resize(PtySize {
                rows,
                cols,
                pixel_width: 0,
                pixel_height: 0,
            })
            .unwrap();
        thread::sleep(Duration::from_millis(100));
    }
    pty.wait("AVR Online outage");
    pty.types("\x11");
    assert_eq!(pty.ends(), 0);
}

#[test]
fn the_demo_runs_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = program(folder.path(), &["demo"]);
    command.env("TMPDIR", folder.path());
    let mut pty = Pty::start(command);
    pty.wait("AVR Online outage");
    pty.wait("demo");
    pty.types("\x11");
    assert_eq!(pty.ends(), 0);
    let left = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, 0);
}

#[test]
fn without_a_terminal_it_prints_the_status() {
    let folder = declared();
    assert!(run(folder.path(), &[]).contains("AVR Online outage"));
}

#[test]
fn a_panic_gives_the_terminal_back_before_it_is_told() {
    let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
    command.args([
        "--ignored",
        "--exact",
        "panics_in_the_terminal",
        "--nocapture",
    ]);
    command.env("PANIC_IN_THE_TERMINAL", "1");
    let mut pty = Pty::start(command);
    pty.ends();
    let raw = pty.raw();
    given_back(&raw);
    assert!(raw.rfind("\x1b[?1049l") < raw.find("panicked at"), "{raw}");
}

/// Run in a terminal by the test before it.
#[test]
#[ignore = "it panics in the terminal"]
fn panics_in_the_terminal() {
    if std::env::var_os("PANIC_IN_THE_TERMINAL").is_none() {
        return;
    }
    let _taken = bridgelog::tui::terminal::Taken::take(true).unwrap();
    panic!("on purpose");
}
