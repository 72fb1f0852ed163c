//! The real program in a pseudo-terminal: typed lines are in the store, unfinished ones survive a kill,
//! and the terminal is always restored.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

#[path = "common/full_disk.rs"]
mod full_disk;

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::{
    io::{Read, Write},
    num::NonZeroU16,
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
    process::Command,
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

/// Timeout of every wait: much longer than needed, since machines can be busy.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Pause after a key.
const KEY_PAUSE: Duration = Duration::from_millis(10);
/// Pause before Enter and after Esc.
const ENTER_PAUSE: Duration = Duration::from_millis(150);
const BRIDGELOG: &str = env!("CARGO_BIN_EXE_bridgelog");

struct Pty {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    output: Arc<Mutex<(vt100::Parser, Vec<u8>)>>,
}

fn non_zero(n: u16) -> NonZeroU16 {
    NonZeroU16::new(n).unwrap()
}

fn app_command(folder: &Path, arguments: &[&str]) -> CommandBuilder {
    let mut command = CommandBuilder::new(BRIDGELOG);
    command.args(arguments);
    set_env(&mut command, folder);
    command
}

fn set_env(command: &mut CommandBuilder, folder: &Path) {
    command.env_clear();
    command.env("TERM", "xterm-256color");
    command.env("LC_ALL", "C.UTF-8");
    command.env("PATH", std::env::var("PATH").unwrap_or_default());
    command.env("HOME", folder);
    command.env("TMPDIR", folder);
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
        let output = Arc::new(Mutex::new((
            vt100::Parser::new(non_zero(24), non_zero(80), 0),
            Vec::new(),
        )));
        let to = Arc::clone(&output);
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(n) = reader.read(&mut bytes) {
                if n == 0 {
                    break;
                }
                let mut output = to.lock().unwrap();
                output.0.process(&bytes[..n]);
                output.1.extend_from_slice(&bytes[..n]);
            }
        });
        Self {
            child,
            master: pty.master,
            writer,
            output,
        }
    }

    fn screen_text(&self) -> String {
        self.output.lock().unwrap().0.screen().contents()
    }

    fn raw_output(&self) -> String {
        String::from_utf8_lossy(&self.output.lock().unwrap().1).into_owned()
    }

    /// Types a text as a person does, one key after the other: what comes faster is a paste.
    fn type_text(&mut self, text: &str) {
        for c in text.chars() {
            // Also where the machine is so busy that keys arrive together, Enter comes by itself.
            if c == '\r' {
                thread::sleep(ENTER_PAUSE);
            }
            self.send(c.encode_utf8(&mut [0; 4]));
            thread::sleep(if c == '\x1b' { ENTER_PAUSE } else { KEY_PAUSE });
        }
    }

    /// Sends a text at once, as for a paste.
    fn send(&mut self, text: &str) {
        self.writer.write_all(text.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    fn resize(&self, rows: u16, cols: u16) {
        let mut output = self.output.lock().unwrap();
        let screen = output.0.screen_mut();
        screen.set_size(non_zero(rows), non_zero(cols));
        drop(output);
        let size = PtySize {
            rows,
            cols,
            pixel_width: 0,
            pixel_height: 0,
        };
        self.master.resize(size).unwrap();
    }

    fn wait_for_text(&self, what: &str) {
        self.wait_until(what, |pty| pty.screen_text().contains(what));
    }

    fn wait_until(&self, what: &str, condition: impl Fn(&Self) -> bool) {
        let end = Instant::now() + TIMEOUT;
        while !condition(self) {
            assert!(
                Instant::now() < end,
                "no {what} on:\n{}",
                self.screen_text()
            );
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// True once the app has left the alternate screen.
    fn has_left(&self) -> bool {
        self.raw_output().contains("\x1b[?1049l")
    }

    fn wait_for_exit(&mut self) -> u32 {
        let end = Instant::now() + TIMEOUT;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                // Its last output may still be in the pipe.
                thread::sleep(Duration::from_millis(100));
                return status.exit_code();
            }
            assert!(
                Instant::now() < end,
                "it does not end:\n{}",
                self.screen_text()
            );
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn send_signal(&self, name: &str) {
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

fn run_bridgelog(folder: &Path, arguments: &[&str]) -> String {
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

fn folder_with_incident() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    run_bridgelog(
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

fn assert_terminal_restored(raw: &str) {
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
fn typed_line_is_stored_and_terminal_restored() {
    let folder = folder_with_incident();
    let mut pty = Pty::start(app_command(folder.path(), &[]));
    pty.wait_for_text("AVR Online outage");
    pty.type_text("fault: the disk is gone !down #storage");
    pty.wait_for_text("· #storage");
    pty.type_text("\r");
    pty.wait_for_text("logged ");
    let shown = run_bridgelog(folder.path(), &["show", "--json"]);
    assert!(
        shown.contains("the disk is gone") && shown.contains("\"down\""),
        "{shown}"
    );
    pty.type_text("\x11");
    assert_eq!(pty.wait_for_exit(), 0);
    assert_terminal_restored(&pty.raw_output());
}

#[test]
fn line_entered_before_quit_is_logged_without_draft() {
    let folder = folder_with_incident();
    for n in 1..=3 {
        let mut pty = Pty::start(app_command(folder.path(), &[]));
        pty.wait_for_text("AVR Online outage");
        pty.type_text(&format!("note: in haste {n}\r\x11"));
        // Where it is not in the log yet, it asks.
        let is_asked = |pty: &Pty| pty.screen_text().contains("LEAVE");
        pty.wait_until("end or question", |pty| is_asked(pty) || pty.has_left());
        if is_asked(&pty) {
            pty.send("\x11");
        }
        assert_eq!(pty.wait_for_exit(), 0);
        let shown = run_bridgelog(folder.path(), &["show"]);
        assert_eq!(shown.matches("in haste").count(), n, "{shown}");
        let drafts = std::fs::read_dir(folder.path()).unwrap().filter(|e| {
            let name = e.as_ref().unwrap().file_name();
            name.to_string_lossy().contains("-draft-")
        });
        assert_eq!(drafts.count(), 0);
    }
}

#[test]
fn half_typed_line_survives_kill() {
    let folder = folder_with_incident();
    let mut pty = Pty::start(app_command(folder.path(), &[]));
    pty.wait_for_text("AVR Online outage");
    pty.type_text("finding: half of a th");
    pty.wait_for_text("half of a th");
    pty.wait_for_text("! finding");
    pty.send_signal("-KILL");
    pty.wait_for_exit();
    let mut again = Pty::start(app_command(folder.path(), &[]));
    again.wait_for_text("half of a th");
    again.wait_for_text(" restored");
    again.type_text("ought\r\r");
    again.wait_for_text("logged ");
    assert!(run_bridgelog(folder.path(), &["show"]).contains("half of a thought"));
    again.type_text("\x11");
    again.wait_for_exit();
}

#[test]
fn signals_restore_terminal_and_keep_draft() {
    for signal in ["-TERM", "-HUP", "-INT"] {
        let folder = folder_with_incident();
        let mut pty = Pty::start(app_command(folder.path(), &[]));
        pty.wait_for_text("AVR Online outage");
        pty.type_text("half");
        pty.wait_for_text("· note");
        pty.send_signal(signal);
        pty.wait_for_exit();
        assert_terminal_restored(&pty.raw_output());
        let mut again = Pty::start(app_command(folder.path(), &[]));
        again.wait_for_text(" restored");
        again.type_text("\x11");
        again.wait_for_exit();
    }
}

#[test]
fn quit_restores_terminal_modes() {
    let folder = folder_with_incident();
    let mut command = CommandBuilder::new("sh");
    command.args([
        "-c",
        &format!("stty sane; '{BRIDGELOG}'; stty -a; echo done-$?"),
    ]);
    set_env(&mut command, folder.path());
    let mut pty = Pty::start(command);
    pty.wait_for_text("AVR Online outage");
    pty.type_text("\x11");
    pty.wait_for_exit();
    let screen = pty.raw_output();
    let after = &screen[screen.rfind("\x1b[?1049l").unwrap()..];
    assert!(
        after.contains(" icanon") && after.contains(" echo "),
        "{after}"
    );
}

#[test]
fn app_exits_when_terminal_vanishes() {
    let folder = folder_with_incident();
    for session in ["", "setsid "] {
        let number = folder.path().join("number");
        let _ = std::fs::remove_file(&number);
        // The terminal belongs to another process, which is killed: that closes its other end.
        let mut owner = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "owns_a_terminal", "--nocapture"])
            .env("OWNED_FOLDER", folder.path())
            .env("OWNED_SESSION", session)
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let end = Instant::now() + TIMEOUT;
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
        let mut again = Pty::start(app_command(folder.path(), &[]));
        again.wait_for_text(" restored");
        again.type_text("\x15\x11");
        again.wait_for_exit();
    }
}

/// Run by the test above.
#[test]
#[ignore = "it waits to be killed"]
fn owns_a_terminal() {
    let Some(folder) = std::env::var_os("OWNED_FOLDER") else {
        return;
    };
    let folder = Path::new(&folder);
    let session = std::env::var("OWNED_SESSION").unwrap();
    let mut command = CommandBuilder::new("sh");
    // In its own session (`setsid`) the app gets no SIGHUP: it must notice the loss itself.
    command.args([
        "-c",
        &format!("{session}sh -c 'echo $$ > number; exec \"$0\"' '{BRIDGELOG}'; sleep 60"),
    ]);
    set_env(&mut command, folder);
    let mut pty = Pty::start(command);
    pty.wait_for_text("AVR Online outage");
    pty.type_text("half");
    pty.wait_for_text("· note");
    std::fs::write(folder.join("ready"), "").unwrap();
    thread::sleep(TIMEOUT * 3);
}

#[test]
fn events_by_other_process_appear() {
    let folder = folder_with_incident();
    let mut pty = Pty::start(app_command(folder.path(), &[]));
    pty.wait_for_text("AVR Online outage");
    run_bridgelog(folder.path(), &["log", "finding: written elsewhere"]);
    pty.wait_for_text("written elsewhere");
    pty.wait_for_text("1 new by ann");
    pty.type_text("\x11");
    pty.wait_for_exit();
}

#[test]
fn failing_editor_keeps_event_and_draft() {
    let folder = folder_with_incident();
    run_bridgelog(folder.path(), &["log", "finding: as it was"]);
    let editor = folder.path().join("editor");
    std::fs::write(&editor, "#!/bin/sh\necho changed > \"$1\"\nexit 3\n").unwrap();
    Command::new("chmod")
        .arg("+x")
        .arg(&editor)
        .status()
        .unwrap();
    let mut command = app_command(folder.path(), &[]);
    command.env("EDITOR", &editor);
    let mut pty = Pty::start(command);
    pty.wait_for_text("as it was");
    pty.type_text("half\x1b");
    pty.wait_for_text("e edit");
    pty.type_text("E");
    pty.wait_for_text(" in $EDITOR?");
    pty.type_text("\r");
    pty.wait_for_text("editor left with an error (3): nothing written");
    // Event and unfinished line are unchanged, and keys work again.
    assert!(run_bridgelog(folder.path(), &["show"]).contains("as it was"));
    pty.type_text("i");
    pty.wait_for_text("· note");
    pty.type_text("\x11");
    pty.wait_for_exit();
}

#[test]
fn twenty_pasted_lines_are_logged_on_the_second_enter() {
    let folder = folder_with_incident();
    let mut pty = Pty::start(app_command(folder.path(), &[]));
    pty.wait_for_text("AVR Online outage");
    let lines: Vec<String> = (1..=20)
        .map(|n| format!("-{n}m pasted line number {n}"))
        .collect();
    pty.send(&format!("\x1b[200~{}\x1b[201~", lines.join("\r\n")));
    pty.wait_for_text("20 taken");
    assert!(!run_bridgelog(folder.path(), &["show"]).contains("pasted line"));
    pty.type_text("\r");
    pty.wait_for_text("Enter again logs 20 rows");
    assert!(!run_bridgelog(folder.path(), &["show"]).contains("pasted line"));
    pty.type_text("\r");
    pty.wait_for_text("20 logged");
    assert_eq!(
        run_bridgelog(folder.path(), &["show"])
            .matches("pasted line number")
            .count(),
        20
    );
    pty.type_text("\x11");
    pty.wait_for_exit();
}

#[test]
fn locked_store_queues_lines_and_loses_none() {
    let folder = folder_with_incident();
    let mut pty = Pty::start(app_command(folder.path(), &[]));
    pty.wait_for_text("AVR Online outage");
    let other = rusqlite::Connection::open(folder.path().join("log.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    pty.type_text("finding: said while it was locked\r");
    pty.type_text("note: typed meanwhile");
    pty.wait_for_text("typed meanwhile");
    pty.wait_for_text("Database locked by another program");
    pty.wait_for_text("… finding   said while it was locked");
    pty.wait_for_text("1 not saved");
    pty.wait_for_text("› note: typed meanwhile");
    other.execute_batch("ROLLBACK").unwrap();
    pty.wait_for_text("! finding");
    pty.wait_for_text("· note");
    pty.type_text("\r");
    pty.wait_for_text("note      typed meanwhile");
    let shown = run_bridgelog(folder.path(), &["show"]);
    assert_eq!(shown.matches("said while it was locked").count(), 1);
    assert_eq!(shown.matches("typed meanwhile").count(), 1);
    pty.type_text("\x11");
    assert_eq!(pty.wait_for_exit(), 0);
}

#[test]
fn deleted_store_keeps_line_as_draft() {
    let folder = folder_with_incident();
    let mut pty = Pty::start(app_command(folder.path(), &[]));
    pty.wait_for_text("AVR Online outage");
    for file in ["log.db", "log.db-wal", "log.db-shm"] {
        let _ = std::fs::remove_file(folder.path().join(file));
    }
    pty.type_text("finding: after the delete\r");
    pty.wait_for_text("The database file is gone");
    pty.wait_for_text("… finding   after the delete");
    pty.type_text("\x11");
    pty.wait_for_text("1 entry is not saved yet; its text is kept as a draft. Quit?");
    pty.type_text("\r");
    pty.wait_for_exit();
    let mut again = Pty::start(app_command(folder.path(), &[]));
    again.wait_for_text(" restored");
    again.wait_for_text("› finding: after the delete");
    again.type_text("\x15\x11");
    again.wait_for_exit();
}

#[test]
fn invalid_settings_are_reported_and_logging_works() {
    let folder = folder_with_incident();
    let settings = folder.path().join(".config/bridgelog");
    std::fs::create_dir_all(&settings).unwrap();
    for (n, (text, message)) in [
        ("[keys]\nundo = \"x\"\n", "`retract` and `undo`"),
        ("[theme]\ndown = \"rde\"\n", "`rde`"),
        ("[theme]\npreset = \"lihgt\"\n", "dark, light"),
        ("update-intervall = 30\n", "update-intervall"),
    ]
    .into_iter()
    .enumerate()
    {
        std::fs::write(settings.join("config.toml"), text).unwrap();
        let mut pty = Pty::start(app_command(folder.path(), &[]));
        pty.wait_for_text("AVR Online outage");
        pty.resize(24, 250);
        pty.wait_for_text(message);
        pty.type_text("note: all the same\r");
        let row = "note      all the same";
        pty.wait_until(row, |pty| pty.screen_text().matches(row).count() > n);
        pty.type_text("\x11");
        assert_eq!(pty.wait_for_exit(), 0);
    }
    assert_eq!(
        run_bridgelog(folder.path(), &["show"])
            .matches("all the same")
            .count(),
        4
    );
}

#[test]
fn plain_mode_is_asked_for_by_flag_or_setting_and_writes_sentences() {
    let folder = folder_with_incident();
    let demo = app_command(folder.path(), &["demo", "--plain"]);
    let flag = app_command(folder.path(), &["--plain"]);
    let settings = folder.path().join(".config/bridgelog");
    std::fs::create_dir_all(&settings).unwrap();
    std::fs::write(settings.join("config.toml"), "plain = true\n").unwrap();
    let setting = app_command(folder.path(), &[]);
    for (command, name) in [(demo, "demo"), (flag, "flag"), (setting, "setting")] {
        let mut pty = Pty::start(command);
        pty.wait_for_text("Mode log. Line:");
        pty.type_text(&format!("note: by the {name}\r"));
        pty.wait_for_text(&format!("note by jw: by the {name}."));
        pty.wait_for_text("Last: logged");
        // The mouse is the terminal's.
        assert!(!pty.raw_output().contains("\x1b[?1000h"));
        pty.type_text("\x11");
        assert_eq!(pty.wait_for_exit(), 0);
        assert_terminal_restored(&pty.raw_output());
    }
}

#[test]
fn console_gets_ascii_unless_the_settings_forbid_it() {
    let folder = folder_with_incident();
    let console = || {
        let mut command = app_command(folder.path(), &[]);
        command.env("TERM", "linux");
        command
    };
    let mut pty = Pty::start(console());
    pty.wait_for_text("[LOG] >");
    pty.type_text("note: caf\u{e9}\r");
    pty.wait_for_text(". note      caf\u{e9}");
    pty.type_text("\x11");
    assert_eq!(pty.wait_for_exit(), 0);
    let settings = folder.path().join(".config/bridgelog");
    std::fs::create_dir_all(&settings).unwrap();
    std::fs::write(settings.join("config.toml"), "ascii = false\n").unwrap();
    let mut pty = Pty::start(console());
    pty.wait_for_text(" LOG  \u{203a}");
    pty.type_text("\x11");
    assert_eq!(pty.wait_for_exit(), 0);
}

#[test]
fn ctrl_z_suspends_and_fg_resumes() {
    let folder = folder_with_incident();
    if Command::new("bash").arg("--version").output().is_err() {
        println!("skipped: there is no bash for job control");
        return;
    }
    let mut command = CommandBuilder::new("bash");
    command.args(["--norc", "--noprofile", "-i"]);
    set_env(&mut command, folder.path());
    let mut pty = Pty::start(command);
    pty.type_text(&format!("'{BRIDGELOG}'\r"));
    pty.wait_for_text("AVR Online outage");
    pty.type_text("half");
    pty.wait_for_text("· note");
    pty.type_text("\x1a");
    pty.wait_for_text("Stopped");
    pty.type_text("fg\r");
    pty.wait_for_text("· note");
    pty.type_text(" a line\r");
    pty.wait_for_text("logged ");
    assert!(run_bridgelog(folder.path(), &["show"]).contains("half a line"));
    pty.type_text("\x11");
    pty.wait_until("shell", |pty| {
        pty.raw_output().matches("\x1b[?1049l").count() >= 2
    });
    thread::sleep(Duration::from_millis(300));
    pty.type_text("exit\r");
    pty.wait_for_exit();
}

#[test]
fn terminal_resize_redraws_without_crash() {
    let folder = folder_with_incident();
    let mut pty = Pty::start(app_command(folder.path(), &[]));
    pty.wait_for_text("AVR Online outage");
    for (rows, cols) in [(5, 20), (1, 1), (24, 80)] {
        pty.resize(rows, cols);
        thread::sleep(Duration::from_millis(100));
    }
    pty.wait_for_text("AVR Online outage");
    pty.type_text("\x11");
    assert_eq!(pty.wait_for_exit(), 0);
}

#[test]
fn demo_leaves_no_files() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = app_command(folder.path(), &["demo"]);
    command.env("TMPDIR", folder.path());
    let mut pty = Pty::start(command);
    pty.wait_for_text("AVR Online outage");
    pty.wait_for_text("demo");
    pty.type_text("\x11");
    assert_eq!(pty.wait_for_exit(), 0);
    let left = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, 0);
}

#[test]
fn without_terminal_prints_status() {
    let folder = folder_with_incident();
    assert!(run_bridgelog(folder.path(), &[]).contains("AVR Online outage"));
}

#[test]
fn panic_restores_terminal_before_message() {
    let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
    command.args([
        "--ignored",
        "--exact",
        "panics_in_the_terminal",
        "--nocapture",
    ]);
    command.env("PANIC_IN_THE_TERMINAL", "1");
    let mut pty = Pty::start(command);
    pty.wait_for_exit();
    let raw = pty.raw_output();
    assert_terminal_restored(&raw);
    assert!(raw.rfind("\x1b[?1049l") < raw.find("panicked at"), "{raw}");
}

/// Run in a terminal by the test above.
#[test]
#[ignore = "it panics in the terminal"]
fn panics_in_the_terminal() {
    if std::env::var_os("PANIC_IN_THE_TERMINAL").is_none() {
        return;
    }
    let _taken = bridgelog::tui::terminal::TerminalGuard::enter(true).unwrap();
    panic!("on purpose");
}

/// A terminal without bracketed paste sends what is pasted as keys, in bursts larger than any buffer.
#[test]
fn long_paste_without_brackets_is_previewed_and_loses_nothing() {
    let folder = folder_with_incident();
    let mut pty = Pty::start(app_command(folder.path(), &[]));
    pty.wait_for_text("Timeline");
    let line: String = (0..800).map(|n| format!("word{n} ")).collect();
    pty.send(line.trim_end());
    pty.wait_for_text("word799");
    pty.type_text("\r");
    pty.wait_for_text("logged");
    let lines: String = (0..200)
        .map(|n| format!("pasted line {n:03} of many\r"))
        .collect();
    pty.send(&lines);
    pty.wait_for_text("200 taken");
    assert!(!run_bridgelog(folder.path(), &["show", "1"]).contains("pasted line"));
    pty.type_text("\r");
    pty.wait_for_text("Enter again logs 200 rows");
    pty.type_text("\r");
    pty.wait_for_text("200 logged");
    pty.type_text("\u{11}");
    assert_eq!(pty.wait_for_exit(), 0);
    let shown = run_bridgelog(folder.path(), &["show", "1", "--json"]);
    assert!(
        shown.contains(line.trim_end()),
        "the long line is not whole"
    );
    for n in 0..200 {
        let text = format!("pasted line {n:03} of many");
        assert_eq!(shown.matches(&text).count(), 1, "{text}");
    }
}

#[test]
fn half_a_mouse_report_is_no_text_and_takes_none() {
    let folder = folder_with_incident();
    let mut pty = Pty::start(app_command(folder.path(), &[]));
    pty.wait_for_text("AVR Online outage");
    pty.type_text("restart the ");
    pty.send("\x1b[<64;10");
    thread::sleep(ENTER_PAUSE);
    pty.send(";5M");
    pty.type_text("mail user");
    pty.wait_for_text("› restart the mail user");
    pty.type_text("\x15\x11");
    assert_eq!(pty.wait_for_exit(), 0);
}

/// Standard output is a terminal that takes nothing more, so that the step after raw mode fails.
#[test]
fn raw_mode_ends_where_the_alternate_screen_cannot_be_entered() {
    const O_NOCTTY: i32 = 0o400;
    const O_NONBLOCK: i32 = 0o4000;
    let folder = folder_with_incident();
    let open = |flags: i32| {
        let pty = native_pty_system().openpty(PtySize::default()).unwrap();
        let path = pty.master.tty_name().unwrap();
        let mut options = std::fs::OpenOptions::new();
        options
            .read(true)
            .write(true)
            .custom_flags(flags | O_NOCTTY);
        (options.open(path).unwrap(), pty)
    };
    let (input, _input_pty) = open(0);
    let (mut full, _full_pty) = open(O_NONBLOCK);
    while full.write(b"x").is_ok() {}
    let modes = || {
        let mut command = Command::new("stty");
        let output = command.arg("-g").stdin(input.try_clone().unwrap()).output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    let before = modes();
    let output = Command::new(BRIDGELOG)
        .env_clear()
        .env("TERM", "xterm-256color")
        .env("HOME", folder.path())
        .env("BRIDGELOG_DB", folder.path().join("log.db"))
        .stdin(input.try_clone().unwrap())
        .stdout(full)
        .stderr(std::process::Stdio::piped())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("the terminal cannot be set up"), "{said}");
    assert!(!before.is_empty());
    assert_eq!(modes(), before);
}

/// Typed ahead while the network held it back.
#[test]
fn keys_that_arrive_together_write_nothing_by_their_line_ends() {
    let folder = folder_with_incident();
    let mut pty = Pty::start(app_command(folder.path(), &[]));
    pty.wait_for_text("AVR Online outage");
    pty.send("restart the cache\r");
    pty.wait_for_text("It was pasted with its line end: Enter logs it.");
    assert!(!run_bridgelog(folder.path(), &["show"]).contains("restart the cache"));
    pty.type_text("\r");
    pty.wait_for_text("logged ");
    assert!(run_bridgelog(folder.path(), &["show"]).contains("restart the cache"));
    // A held key is one press, and what follows is text with it.
    pty.type_text("\x1b");
    pty.wait_for_text("Tab writes");
    pty.send("uuuuuuuuuuuu");
    pty.wait_for_text("UNDO");
    pty.type_text("sers call");
    pty.wait_for_text("› users call");
    assert!(run_bridgelog(folder.path(), &["show"]).contains("restart the cache"));
    pty.type_text("\x11");
    assert_eq!(pty.wait_for_exit(), 0);
}

#[test]
fn prompt_writes_with_its_second_enter_and_undo_with_one() {
    let folder = folder_with_incident();
    run_bridgelog(folder.path(), &["log", "finding: as it was"]);
    let mut pty = Pty::start(app_command(folder.path(), &[]));
    pty.wait_for_text("as it was");
    pty.type_text("\x1bx");
    pty.wait_for_text("RETRACT");
    pty.type_text("wrong server\r");
    pty.wait_for_text("Enter again writes it");
    assert!(!run_bridgelog(folder.path(), &["show", "--json"]).contains("wrong server"));
    pty.type_text("\r");
    pty.wait_for_text("retracted ");
    assert!(run_bridgelog(folder.path(), &["show", "--json"]).contains("wrong server"));
    pty.type_text("u");
    pty.wait_for_text("UNDO");
    pty.type_text("\r");
    pty.wait_for_text("brought back");
    assert!(!run_bridgelog(folder.path(), &["show", "--json"]).contains("wrong server"));
    pty.type_text("\x11");
    assert_eq!(pty.wait_for_exit(), 0);
}

/// Puts a program of this name that runs `script` into the folder `bin`, which is first in the `PATH` of `command`.
fn fake_program(command: &mut CommandBuilder, folder: &Path, name: &str, script: &str) {
    let bin = folder.join("bin");
    std::fs::create_dir_all(&bin).unwrap();
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o755)
        .open(bin.join(name))
        .unwrap();
    write!(file, "#!/bin/sh\n{script}\n").unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{}:{path}", bin.display()));
}

#[test]
fn text_is_copied_by_the_first_program_that_works() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = app_command(folder.path(), &["demo"]);
    command.env("TMUX", "socket,1,0");
    command.env("DISPLAY", ":0");
    fake_program(
        &mut command,
        folder.path(),
        "tmux",
        "cat > tmux-text; echo \"$@\" > arguments; exit 1",
    );
    // As xclip does, a part of it stays behind.
    fake_program(
        &mut command,
        folder.path(),
        "xclip",
        "cat > xclip-text; sleep 30 & exit 0",
    );
    let mut app = Pty::start(command);
    app.wait_for_text("LOG");
    app.type_text("\x1bgy");
    app.wait_for_text("copied (xclip; tmux buffer: exit status: 1)");
    let arguments = std::fs::read_to_string(folder.path().join("arguments")).unwrap();
    assert_eq!(arguments, "load-buffer -\n");
    let text = std::fs::read_to_string(folder.path().join("xclip-text")).unwrap();
    assert!(!text.is_empty());
    assert_eq!(
        std::fs::read_to_string(folder.path().join("tmux-text")).unwrap(),
        text
    );
    assert!(!app.raw_output().contains("\x1b]52"));
    app.type_text("\x11");
    app.wait_for_exit();
}

#[test]
fn without_a_program_the_terminal_is_asked_or_the_text_shown() {
    let folder = tempfile::tempdir().unwrap();
    let mut app = Pty::start(app_command(folder.path(), &["demo"]));
    app.wait_for_text("LOG");
    app.type_text("\x1bgy");
    app.wait_for_text("sent to the terminal (OSC 52, unconfirmed)");
    app.wait_until("OSC 52", |app| app.raw_output().contains("\x1b]52;c;"));
    app.type_text("\x11");
    app.wait_for_exit();

    let mut command = app_command(folder.path(), &["demo"]);
    command.env("TERM", "linux");
    let mut app = Pty::start(command);
    app.wait_for_text("LOG");
    app.type_text("\x1bgy");
    app.wait_for_text("select it with the mouse; any key returns");
    let mouse_is_on = |app: &Pty| {
        let raw = app.raw_output();
        raw.rfind("\x1b[?1000h") > raw.rfind("\x1b[?1000l")
    };
    app.wait_until("mouse off", |app| !mouse_is_on(app));
    app.type_text("x");
    app.wait_for_text("LIST");
    app.wait_until("mouse on", mouse_is_on);
    assert!(!app.raw_output().contains("\x1b]52"));
    app.type_text("\x11");
    app.wait_for_exit();
}

#[test]
fn written_section_is_told_from_one_that_was_left_as_it_was() {
    let folder = folder_with_incident();
    let mut command = app_command(folder.path(), &[]);
    command.env("EDITOR", "sh -c '. ./script'");
    let mut pty = Pty::start(command);
    pty.wait_for_text("AVR Online outage");
    pty.type_text("\x1b");
    pty.wait_for_text("LIST");
    for (script, said) in [
        ("true", "summary: no changes"),
        (
            "printf 'It was\\n\\ndown.\\n' > $0",
            "summary written (3 lines)",
        ),
        ("true", "summary: no changes"),
        (
            ": > $0",
            "summary: the editor left an empty file: nothing written",
        ),
        (
            "echo half > $0; exit 3",
            "summary: sh left with an error (3): nothing written, text kept in drafts",
        ),
        (
            "kill -9 $$",
            "summary: sh was killed (signal 9): nothing written",
        ),
    ] {
        std::fs::write(folder.path().join("script"), script).unwrap();
        pty.send("\x1b3");
        pty.wait_for_text("[Postmortem]");
        pty.type_text("w");
        pty.wait_for_text("WRITE");
        pty.type_text("summary\r");
        pty.wait_for_text(said);
    }
    let shown = run_bridgelog(folder.path(), &["postmortem"]);
    assert!(shown.contains("It was\n\ndown."), "{shown}");
    pty.type_text("\x11");
    pty.wait_for_exit();
}

/// Starts the app on a disk that is full while the file `full` exists.
fn start_on_filling_disk(folder: &Path, full: &Path) -> Pty {
    run_bridgelog(folder, &["declare", "AVR Online outage"]);
    let library = full_disk::library(folder);
    let mut command = CommandBuilder::new(BRIDGELOG);
    set_env(&mut command, folder);
    command.env("LD_PRELOAD", &library);
    command.env("DISK_FULL", full);
    let pty = Pty::start(command);
    pty.wait_for_text("AVR Online outage");
    pty
}

#[test]
fn entry_on_a_full_disk_is_saved_once_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let full = folder.path().join("full");
    let mut pty = start_on_filling_disk(folder.path(), &full);
    std::fs::write(&full, "").unwrap();
    pty.type_text("note: kept on a full disk\r");
    pty.wait_for_text("Disk full: 1 entry is kept in memory only. Free space; retried every 5 s.");
    pty.wait_for_text("… note      kept on a full disk");
    pty.type_text("\x11");
    pty.wait_for_text("1 entry is not saved and would be lost. Quit?");
    pty.type_text("\x1b");
    std::fs::remove_file(&full).unwrap();
    pty.wait_for_text("saved ");
    pty.wait_for_text("· note      kept on a full disk");
    // Nothing is left to ask about.
    pty.type_text("\x11");
    assert_eq!(pty.wait_for_exit(), 0);
}
