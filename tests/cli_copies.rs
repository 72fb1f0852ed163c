//! A plain copy of the file is whole once nobody has it open; a file that cannot be written can be
//! read; a backup says what it checked.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

mod common;
use common::{CommandResult, TestEnv, skip, tamper};
use std::{
    fs,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::PathBuf,
    process::{Command, Stdio},
};

/// Copies the one file, and compares what the copy holds with the database.
#[track_caller]
fn assert_copy_is_whole(env: &TestEnv, after: &str) {
    for suffix in ["-wal", "-shm", "-journal"] {
        let beside = PathBuf::from(format!("{}{suffix}", env.db_path().display()));
        assert!(!beside.exists(), "{after}: {}", beside.display());
    }
    let copy = env.path().join("copy.db");
    fs::copy(env.db_path(), &copy).unwrap();
    let copied = |args: &[&str]| {
        let args: Vec<&str> = ["--db", "copy.db"].iter().chain(args).copied().collect();
        env.run_ok(&args)
    };
    assert_eq!(
        copied(&["export", "jsonl"]),
        env.run_ok(&["export", "jsonl"]),
        "{after}"
    );
    assert_eq!(
        copied(&["list", "--json"]),
        env.run_ok(&["list", "--json"]),
        "{after}"
    );
    copied(&["verify"]);
    fs::remove_file(copy).unwrap();
}

#[test]
fn plain_copy_is_whole_after_every_verb() {
    let env = TestEnv::new();
    let verbs: [&[&str]; 18] = [
        &["log", "unfiled"],
        &[
            "declare",
            "outage",
            "--service",
            "db",
            "--at",
            "2012-08-20 08:30",
        ],
        &["adopt", "all"],
        &["log", "fault: it halted @db !down tell: It halted."],
        &["log", "--json", "ask: check it @ann 5m"],
        &["set", "product", "AVR Online"],
        &["service", "db", "--public", "AVR Online"],
        &["handoff", "raj"],
        &["task", "add", "a second server", "--type", "prevent"],
        &["undo"],
        &["redo"],
        &["show", "--json"],
        &["email", "--save"],
        &["resolve", "--at", "2012-08-20 09:00", "all is well"],
        &["reopen"],
        &["declare", "another"],
        &["merge", "2", "--into", "1"],
        &["search", "halted"],
    ];
    for verb in verbs {
        let ran = env.run(verb);
        assert_eq!(ran.exit_code, 0, "{verb:?} {ran:#?}");
        assert_copy_is_whole(&env, verb[0]);
    }
    let lines: String = (0..200)
        .map(|n| format!("08:{:02} line {n}\n", 30 + n % 20))
        .collect();
    env.run_with_stdin(&["log", "--incident", "1", "-"], lines.as_bytes());
    assert_copy_is_whole(&env, "log -");
    env.run_with_stdin(
        &["write", "summary", "--from", "-", "--incident", "1"],
        b"Prose.",
    );
    assert_copy_is_whole(&env, "write");
    // A verb that fails closes the file as well.
    env.run(&["log", "--kind", "nonsense", "x"])
        .assert_error(2, &[]);
    assert_copy_is_whole(&env, "an error");
}

#[test]
fn plain_copy_is_whole_after_many_at_once() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "outage"]);
    for round in 0..15 {
        let children: Vec<_> = (0..8)
            .map(|n| {
                let line = format!("round {round} line {n}");
                let mut command = env.command(&["log", &line]);
                command.env_remove("BRIDGELOG_SEED").stdout(Stdio::null());
                command.spawn().unwrap()
            })
            .collect();
        for mut child in children {
            assert!(child.wait().unwrap().success());
        }
        assert_copy_is_whole(&env, &format!("round {round}"));
    }
    let events = env.run_json(&["show", "--json"])["events"].clone();
    assert_eq!(events.as_array().unwrap().len(), 15 * 8 + 1);
}

/// Each lock takes a millisecond, so that the processes meet while they close the file.
#[test]
fn plain_copy_is_whole_after_processes_that_close_at_once() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "outage"]);
    let tracer = [
        "-f",
        "-o",
        "/dev/null",
        "-e",
        "trace=fcntl",
        "-e",
        "inject=fcntl:delay_exit=1000",
    ];
    let can_trace = Command::new("strace").args(tracer).arg("true").status();
    if !can_trace.is_ok_and(|status| status.success()) {
        skip("strace is not here, or may not trace");
        return;
    }
    for round in 0..15 {
        let ran = env.run_script(&format!(
            "unset BRIDGELOG_SEED
             bridgelog log 'round {round}' >/dev/null &
             for n in 1 2 3 4 5 6 7 8; do
               strace {} bridgelog list >/dev/null &
             done
             wait",
            tracer.join(" ")
        ));
        assert_eq!(ran.exit_code, 0, "{ran:?}");
        assert_copy_is_whole(&env, &format!("round {round}"));
    }
}

#[test]
fn next_process_brings_in_what_a_killed_one_left() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "outage"]);
    {
        // A process that was killed leaves its log: as if these two files had been all there is.
        let open = rusqlite::Connection::open(env.db_path()).unwrap();
        open.query_row("SELECT count(*) FROM entry", [], |_| Ok(()))
            .unwrap();
        env.run_ok(&["log", "in the log only"]);
        for suffix in ["", "-wal"] {
            let from = format!("{}{suffix}", env.db_path().display());
            fs::copy(from, env.path().join(format!("killed.db{suffix}"))).unwrap();
        }
    }
    let shown = env.run_ok(&["--db", "killed.db", "show"]);
    assert!(shown.contains("in the log only"), "{shown}");
    fs::remove_file(env.path().join("killed.db-wal")).unwrap_err();
    let shown = env.run_ok(&["--db", "killed.db", "show"]);
    assert!(shown.contains("in the log only"), "{shown}");
}

#[test]
fn verify_says_that_an_empty_database_is_empty() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "outage"]);
    fs::write(env.path().join("zero.db"), "").unwrap();
    let empty = rusqlite::Connection::open(env.path().join("headless.db")).unwrap();
    empty
        .execute_batch("PRAGMA journal_mode=WAL; CREATE TABLE t(x); DROP TABLE t")
        .unwrap();
    drop(empty);
    for name in ["zero.db", "headless.db"] {
        let ran = env.run(&["--db", name, "verify"]);
        ran.assert_error(1, &[name, "is empty", "hint: "]);
    }
    // Tables and no entry: what a copy was while all was in the write-ahead log.
    let copy = env.path().join("tables.db");
    drop(bridgelog::store::Store::open(&copy, &bridgelog::store::OpenOptions::default()).unwrap());
    for args in [
        &["--db", "tables.db", "verify"][..],
        &["--db", "tables.db", "verify", "--json"],
    ] {
        let ran = env.run(args);
        ran.assert_error(3, &["tables.db is empty", "hint: "]);
        assert!(!ran.stdout.contains("as it was written"), "{ran:?}");
    }
}

/// Runs the program as a user who owns nothing; none, with the reason printed, where that cannot be.
fn run_as_nobody(env: &TestEnv, args: &[&str]) -> Option<CommandResult> {
    let mut command = env.command(args);
    if rustix::process::geteuid().is_root() {
        command.uid(65534).gid(65534);
    }
    let folder = env.path().join("tmp");
    fs::create_dir_all(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
    command.env("TMPDIR", &folder);
    match command.output() {
        Ok(output) => Some(CommandResult::from_output(args, output)),
        Err(error) => {
            skip(&format!("cannot be another user: {error}"));
            None
        }
    }
}

/// The program and all folders on the way can be read by everyone, the database by nobody written.
fn close_to_writing(env: &TestEnv, mode: u32) {
    let book = env.db_path().parent().unwrap().to_owned();
    for path in [
        env.path(),
        &env.path().join("config"),
        &env.path().join("config/bridgelog"),
    ] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let config = env.path().join("config/bridgelog/config.toml");
    fs::set_permissions(config, fs::Permissions::from_mode(0o644)).unwrap();
    for entry in fs::read_dir(&book).unwrap() {
        let path = entry.unwrap().path();
        fs::set_permissions(path, fs::Permissions::from_mode(0o444)).unwrap();
    }
    fs::set_permissions(book, fs::Permissions::from_mode(mode)).unwrap();
}

const READERS: [&[&str]; 9] = [
    &["show", "1", "--json"],
    &["list"],
    &["search", "chassis"],
    &["status", "1"],
    &["metrics", "1"],
    &["postmortem", "1"],
    &["email", "1", "--stage", "followup"],
    &["export", "jsonl"],
    &["verify"],
];

/// Every reading verb gives what it gave before, every writing one is refused, and nothing changes.
fn assert_readable(env: &TestEnv, expected: &[String]) -> bool {
    let files = || {
        let mut files: Vec<(PathBuf, Vec<u8>)> = fs::read_dir(env.db_path().parent().unwrap())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| !path.to_str().unwrap().ends_with("-shm"))
            .map(|path| (path.clone(), fs::read(&path).unwrap()))
            .collect();
        files.sort();
        files
    };
    let before = files();
    for (args, expected) in READERS.iter().zip(expected) {
        let Some(ran) = run_as_nobody(env, args) else {
            return false;
        };
        assert_eq!(
            (ran.exit_code, &ran.stdout),
            (0, expected),
            "{args:?} {}",
            ran.stderr
        );
    }
    for args in [
        &["log", "--incident", "1", "x"][..],
        &["declare", "another"],
        &["undo"],
        &["restore-event", "k"],
        &["set", "--incident", "1", "product", "x"],
    ] {
        let Some(ran) = run_as_nobody(env, args) else {
            return false;
        };
        ran.assert_error(1, &["can be read but not written", "hint: "]);
    }
    assert_eq!(files(), before);
    true
}

fn outputs(env: &TestEnv) -> Vec<String> {
    READERS.iter().map(|args| env.run_ok(args)).collect()
}

#[test]
fn database_without_write_permission_is_readable() {
    // A folder of mode 0555, and one in which files could be created.
    for mode in [0o555, 0o777] {
        let env = TestEnv::worked_example();
        let expected = outputs(&env);
        close_to_writing(&env, mode);
        assert!(assert_readable(&env, &expected) || std::env::var_os("BRIDGELOG_CI").is_none());
        fs::set_permissions(
            env.db_path().parent().unwrap(),
            fs::Permissions::from_mode(0o755),
        )
        .unwrap();
    }
}

#[test]
fn database_with_a_write_ahead_log_is_readable_without_write_permission() {
    for keep_index in [true, false] {
        let env = TestEnv::worked_example();
        let open = rusqlite::Connection::open(env.db_path()).unwrap();
        open.query_row("SELECT count(*) FROM entry", [], |_| Ok(()))
            .unwrap();
        env.run_ok(&[
            "log",
            "--incident",
            "1",
            "2012-08-16 15:30 note: the chassis went back",
        ]);
        let expected = outputs(&env);
        let suffixes: &[&str] = if keep_index {
            &["", "-wal", "-shm"]
        } else {
            &["", "-wal"]
        };
        let files: Vec<(PathBuf, Vec<u8>)> = suffixes
            .iter()
            .map(|suffix| PathBuf::from(format!("{}{suffix}", env.db_path().display())))
            .map(|path| (path.clone(), fs::read(&path).unwrap()))
            .collect();
        assert!(files[1].1.len() > 1000, "the log holds the last line");
        drop(open);
        for (path, bytes) in files {
            fs::write(path, bytes).unwrap();
        }
        close_to_writing(&env, 0o555);
        assert_readable(&env, &expected);
        let left = fs::read_dir(env.path().join("tmp")).unwrap().count();
        assert_eq!(left, 0, "private copies are removed");
        fs::set_permissions(
            env.db_path().parent().unwrap(),
            fs::Permissions::from_mode(0o755),
        )
        .unwrap();
    }
}

#[test]
fn database_on_a_read_only_mount_is_readable() {
    let env = TestEnv::worked_example();
    let expected = env.run_ok(&["show", "1"]);
    let ran = env.run_script(
        "unshare --mount bash -euo pipefail -c '
         mount --bind book book && mount -o remount,bind,ro book || exit 77
         bridgelog show 1
         bridgelog verify >verified
         bridgelog search chassis >found
         bridgelog backup backup.db >backed-up
         if bridgelog log --incident 1 x; then exit 9; fi'",
    );
    if ran.exit_code == 77 || ran.stderr.contains("unshare") {
        skip("nothing can be mounted here");
        return;
    }
    assert_eq!((ran.exit_code, ran.stdout), (0, expected), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("can be read but not written"),
        "{}",
        ran.stderr
    );
    env.run_ok(&["--db", "backup.db", "verify"]);
}

#[test]
fn backup_can_be_opened_read_only() {
    let env = TestEnv::worked_example();
    let said = env.run_ok(&["backup", "backup.db"]);
    assert!(said.contains("and checked 41 entries"), "{said}");
    let backup = env.path().join("backup.db");
    // By any program, with no file beside it.
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let conn = rusqlite::Connection::open_with_flags(&backup, flags).unwrap();
    let mode: String = conn
        .pragma_query_value(None, "journal_mode", |row| row.get(0))
        .unwrap();
    assert_eq!(mode, "delete");
    drop(conn);
    let expected = env.run_ok(&["export", "jsonl"]);
    assert_eq!(
        env.run_ok(&["--db", "backup.db", "export", "jsonl"]),
        expected
    );
    env.run_ok(&[
        "--db",
        "backup.db",
        "log",
        "--incident",
        "1",
        "a database again",
    ]);
}

#[test]
fn backup_of_a_changed_database_does_not_say_that_it_was_checked() {
    let changes = [
        "UPDATE entry SET body=replace(body,'halted','hailed') WHERE body LIKE '%halted%'",
        "DELETE FROM entry WHERE seq=3",
        "UPDATE incident SET title='another'",
        "INSERT INTO search(search,rowid,text)VALUES('delete',1,'nothing about it')",
    ];
    for sql in changes {
        let env = TestEnv::worked_example();
        tamper(&env.db_path(), sql);
        env.run(&["verify"]).assert_error(3, &["hint: "]);
        let ran = env.run(&["backup", "backup.db"]);
        ran.assert_error(3, &["backup.db", "not as it was written", "hint: "]);
        assert!(!ran.stdout.contains("checked"), "{sql}: {ran:?}");
        assert!(env.path().join("backup.db").exists(), "the copy is kept");
    }
}

#[test]
fn terminal_app_leaves_one_file() {
    let env = TestEnv::worked_example();
    let Ok(script) = Command::new("script").arg("--version").output() else {
        skip("no `script` here");
        return;
    };
    assert!(script.status.success());
    let ran = env.run_script(
        "{ sleep 1; printf 'typed in the app\\r'; sleep 1; printf '\\021'; sleep 1; } \
         | TERM=xterm script -qec 'bridgelog --incident 1' /dev/null >/dev/null",
    );
    assert_eq!(ran.exit_code, 0, "{ran:#?}");
    assert_copy_is_whole(&env, "the app");
}

/// What is derived from the entries and is wrong has a way out; an entry that is wrong has not.
#[test]
fn rebuild_mends_what_is_derived_and_no_entry() {
    let env = TestEnv::with_incident(&["outage", "--service", "db"]);
    env.log("fault: it halted @db !down");
    let shown = env.run_ok(&["show", "--json"]);
    for sql in [
        "UPDATE subject SET flags=flags|2 WHERE at IS NOT NULL",
        "UPDATE incident SET title='another',state='ok'",
        "DELETE FROM subject",
        "INSERT INTO search(search)VALUES('delete-all')",
    ] {
        tamper(&env.db_path(), sql);
        let found = env.run(&["verify"]);
        found.assert_error(
            3,
            &["the entries are as they were written", "verify --rebuild"],
        );
        let rebuilt = env.run(&["verify", "--rebuild"]);
        assert_eq!(rebuilt.exit_code, 0, "{sql}: {rebuilt:?}");
        let note = "the timelines of this log are rebuilt from";
        assert!(rebuilt.stderr.contains(note), "{}", rebuilt.stderr);
        assert_eq!(env.run_ok(&["show", "--json"]), shown, "{sql}");
        env.run_ok(&["verify"]);
        assert!(env.run_ok(&["search", "halted"]).contains("it halted"));
    }
    tamper(
        &env.db_path(),
        "UPDATE entry SET author='mallory' WHERE no=1;DELETE FROM incident",
    );
    let found = env.run(&["verify"]);
    found.assert_error(3, &["not all is as it was written", "keep this file"]);
    assert!(!found.stderr.contains("--rebuild"), "{}", found.stderr);
    env.run(&["verify", "--rebuild"])
        .assert_error(3, &["not all is as it was written"]);
    tamper(&env.db_path(), "UPDATE entry SET header='{' WHERE no=2");
    let refused = env.run(&["verify", "--rebuild"]);
    refused.assert_error(1, &["nothing was changed", "`bridgelog verify` lists"]);
}
