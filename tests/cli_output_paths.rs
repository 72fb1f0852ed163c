//! No flag that takes a path to write to ever replaces the database, the files beside it, a device, a
//! pipe or a folder, whatever else is given.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

mod common;
use common::{CommandResult, TestEnv, skip};
use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
};

/// Every command that writes to a path that a person gives; the path goes to the end.
const WRITERS: [&[&str]; 10] = [
    &["postmortem", "1", "--output"],
    &["postmortem", "1", "--format", "html", "--output"],
    &["postmortem", "1", "--format", "json", "--output"],
    &["postmortem", "1", "--update"],
    &["email", "1", "--stage", "followup", "--output"],
    &[
        "email", "1", "--stage", "followup", "--format", "eml", "--output",
    ],
    &["email", "1", "--explain", "--output"],
    &["export", "jsonl", "--output"],
    &["backup"],
    // Its path is that of the user's own template.
    &["templates", "eject", "email-end"],
];

/// What is at a path: its kind, its inode, and a hash of its bytes if it is a regular file.
fn state_of(path: &Path) -> Option<(String, u64, String)> {
    let found = fs::symlink_metadata(path).ok()?;
    let kind = found.file_type();
    let kind = if kind.is_fifo() {
        "pipe".to_owned()
    } else if kind.is_symlink() {
        format!("link to {}", fs::read_link(path).unwrap().display())
    } else {
        format!("{kind:?}")
    };
    // Reading a database changes its index.
    let is_index = fs::canonicalize(path).is_ok_and(|real| real.ends_with("bridgelog.db-shm"));
    let hash = match found.is_file() && !is_index && !path.ends_with("hard") {
        true => bridgelog::domain::hash::Hash::digest(&fs::read(path).unwrap()).to_string(),
        false => String::new(),
    };
    Some((kind, found.ino(), hash))
}

struct Table {
    env: TestEnv,
    /// Keeps `-wal` and `-shm` there, as the app does.
    _open: rusqlite::Connection,
    targets: BTreeMap<&'static str, PathBuf>,
    cells: usize,
}

impl Table {
    fn new() -> Self {
        let env = TestEnv::worked_example();
        let db = env.db_path();
        let open = rusqlite::Connection::open(&db).unwrap();
        open.query_row("SELECT count(*) FROM entry", [], |_| Ok(()))
            .unwrap();
        env.run_ok(&["set", "--incident", "1", "scribe", "ann"]);
        let sidecar = |suffix: &str| PathBuf::from(format!("{}{suffix}", db.display()));
        let path = |name: &str| env.path().join(name);
        fs::create_dir(path("folder")).unwrap();
        fs::create_dir(path("links")).unwrap();
        let made = Command::new("mkfifo").arg(path("pipe")).status();
        assert!(made.unwrap().success());
        env.run_ok(&["postmortem", "1", "--output", "readonly.md"]);
        env.run_ok(&["set", "--incident", "1", "scribe", "raj"]);
        fs::set_permissions(path("readonly.md"), fs::Permissions::from_mode(0o444)).unwrap();
        let targets = BTreeMap::from([
            ("database", db.clone()),
            ("wal", sidecar("-wal")),
            ("shm", sidecar("-shm")),
            ("journal", sidecar("-journal")),
            ("folder", path("folder")),
            ("device", PathBuf::from("/dev/null")),
            ("full device", PathBuf::from("/dev/full")),
            ("pipe", path("pipe")),
            ("read-only file", path("readonly.md")),
        ]);
        for name in ["database", "wal", "shm"] {
            assert!(targets[name].is_file(), "{name}");
        }
        Self {
            env,
            _open: open,
            targets,
            cells: 0,
        }
    }

    /// Runs `writer` on `path`, which leads to `target`: neither may change, and the database neither.
    fn check(&mut self, writer: &[&str], path: &Path, target: &Path, force: bool) {
        let mut args = writer.to_vec();
        let ejected = self
            .env
            .path()
            .join("config/bridgelog/templates/email-end.j2");
        let given = if writer[0] == "templates" {
            fs::create_dir_all(ejected.parent().unwrap()).unwrap();
            symlink(path, &ejected).unwrap();
            ejected.clone()
        } else {
            args.push(path.to_str().unwrap());
            path.to_owned()
        };
        if force {
            args.push("--force");
        }
        let book = self.targets["database"].clone();
        let before = (state_of(&given), state_of(target), state_of(&book));
        let ran = self.env.run(&args);
        let after = (state_of(&given), state_of(target), state_of(&book));
        assert_eq!(before.1, after.1, "{args:?} changed its target: {ran:?}");
        assert_eq!(before.2, after.2, "{args:?} changed the database: {ran:?}");
        // A link is replaced by a document with --force; what it leads to is not.
        if before.0 == after.0 && ran.exit_code != 0 {
            ran.assert_error(1, &["hint: "]);
        } else {
            let replaced = before.0.is_some_and(|(kind, ..)| kind.starts_with("link"));
            assert!(replaced && force, "{args:?} changed its path: {ran:?}");
            assert!(target.ends_with("readonly.md"), "{args:?}: {ran:?}");
        }
        let _ = fs::remove_file(&ejected);
        self.cells += 1;
    }

    fn leftovers(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for folder in ["", "book", "folder", "links", "config/bridgelog/templates"] {
            for entry in fs::read_dir(self.env.path().join(folder)).unwrap() {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                if name.starts_with(".bridgelog-") {
                    found.push(path);
                }
            }
        }
        found
    }
}

#[test]
fn no_path_flag_replaces_what_is_not_a_document() {
    let mut table = Table::new();
    let shown = table.env.run_ok(&["show", "1", "--json"]);
    let targets = table.targets.clone();
    for writer in WRITERS {
        for force in [false, true] {
            if force && writer == ["backup"] {
                continue;
            }
            for (name, target) in &targets {
                let links = table.env.path().join("links");
                let (link, chain) = (links.join("link"), links.join("chain"));
                let hard = links.join("hard");
                symlink(target, &link).unwrap();
                symlink("link", &chain).unwrap();
                let mut paths = vec![target.clone(), link.clone(), chain.clone()];
                let linked = ["database", "wal", "shm"].contains(name);
                if linked {
                    fs::hard_link(target, &hard).unwrap();
                    paths.push(hard.clone());
                }
                for path in paths {
                    table.check(writer, &path, target, force);
                    if !link.is_symlink() {
                        fs::remove_file(&link).unwrap();
                        symlink(target, &link).unwrap();
                    }
                }
                for path in [link, chain, hard] {
                    let _ = fs::remove_file(path);
                }
            }
        }
    }
    assert!(table.cells > 500, "{}", table.cells);
    assert_eq!(table.leftovers(), Vec::<PathBuf>::new());
    assert_eq!(table.env.run_ok(&["show", "1", "--json"]), shown);
    table.env.run_ok(&["verify"]);
}

/// Every command that reads a path that a person gives; the path goes to the end.
const READERS: [&[&str]; 4] = [
    &["write", "--incident", "1", "summary", "--from"],
    &["email", "1", "--save", "--text"],
    &["import", "jsonl"],
    &["postmortem", "1", "--check"],
];

/// Commands after `--db PATH`, where the path is that of another file than the database.
const OPENERS: [&[&str]; 4] = [
    &["log", "never logged"],
    &["show"],
    &["verify"],
    &["declare", "never declared"],
];

#[test]
fn no_path_that_is_read_or_opened_is_changed_or_taken_for_what_it_is_not() {
    let mut table = Table::new();
    let shown = table.env.run_ok(&["show", "1", "--json"]);
    let targets = table.targets.clone();
    let link = table.env.path().join("links/link");
    for (command, opens) in READERS
        .iter()
        .map(|args| (args, false))
        .chain(OPENERS.iter().map(|args| (args, true)))
    {
        for (name, target) in &targets {
            let is_pipe = *name == "pipe" && !opens && !command.contains(&"--check");
            // To read a pipe is to wait for who writes to it; the database itself may be opened, and a
            // document be read as one.
            let is_meant = (opens && *name == "database")
                || (!opens && *name == "read-only file" && command[0] != "import");
            if is_pipe || is_meant {
                continue;
            }
            symlink(target, &link).unwrap();
            for path in [target, &link] {
                let path = path.to_str().unwrap();
                let args = match opens {
                    true => [&["--db", path], *command].concat(),
                    false => [*command, &[path]].concat(),
                };
                let before = (state_of(target), state_of(&targets["database"]));
                let ran = table.env.run(&args);
                let after = (state_of(target), state_of(&targets["database"]));
                assert_eq!(before, after, "{args:?} {ran:?}");
                // An empty file has nothing to import, which is said.
                if ran.exit_code == 0 {
                    assert_eq!(ran.stdout, "0 entries read, 0 new\n", "{args:?} {ran:?}");
                } else {
                    let code = ran.exit_code;
                    assert!(code == 1 || code == 2, "{args:?} {ran:?}");
                    ran.assert_error(code, &["hint: "]);
                }
                table.cells += 1;
            }
            fs::remove_file(&link).unwrap();
        }
    }
    assert!(table.cells > 100, "{}", table.cells);
    assert_eq!(table.env.run_ok(&["show", "1", "--json"]), shown);
    table.env.run_ok(&["verify"]);
}

#[test]
fn database_by_the_name_of_a_sidecar_of_another_is_refused() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "one", "--db", "log.db"]);
    symlink("log.db-journal", env.path().join("link.db")).unwrap();
    for name in [
        "log.db-wal",
        "log.db-shm",
        "log.db-journal",
        "./log.db-journal",
        "link.db",
    ] {
        env.run(&["--db", name, "log", "x"])
            .assert_error(1, &[name, "SQLite keeps beside", "log.db", "hint: "]);
        assert!(!env.path().join(name).exists(), "{name}");
    }
    // The other way round: what a killed process left of a database that was moved away is kept.
    for left in ["-wal", "-journal"] {
        let path = env.path().join(format!("moved.db{left}"));
        fs::write(&path, "what was logged last").unwrap();
        env.run(&["--db", "moved.db", "declare", "x"])
            .assert_error(1, &["moved.db is not there", left, "hint: "]);
        assert_eq!(fs::read_to_string(&path).unwrap(), "what was logged last");
        fs::remove_file(&path).unwrap();
    }
    env.run_ok(&["--db", "moved.db", "declare", "x"]);
    // A name of its own that ends so is one like any other.
    env.run_ok(&["declare", "two", "--db", "captain-journal"]);
    env.run_ok(&["show", "--db", "captain-journal"]);
}

#[test]
fn chart_beside_a_document_replaces_nothing_else_either() {
    let env = TestEnv::worked_example();
    symlink(env.db_path(), env.path().join("pm.svg")).unwrap();
    let before = state_of(&env.db_path());
    env.run(&["postmortem", "1", "--output", "pm.md", "--force"])
        .assert_error(1, &["pm.svg", "is a database", "hint: "]);
    assert_eq!(state_of(&env.db_path()), before);
    assert!(!env.path().join("pm.md").exists());
}

#[test]
fn dash_is_standard_output() {
    let env = TestEnv::worked_example();
    for args in [
        &["postmortem", "1"][..],
        &["postmortem", "1", "--format", "html"],
        &["postmortem", "1", "--format", "json"],
        &["email", "1", "--stage", "followup"],
        &["export", "jsonl"],
    ] {
        let with_dash: Vec<&str> = args.iter().copied().chain(["--output", "-"]).collect();
        assert_eq!(env.run_ok(&with_dash), env.run_ok(args), "{args:?}");
    }
    env.run(&["backup", "-"]).assert_error(2, &["hint: "]);
    env.run(&["postmortem", "1", "--update", "-"])
        .assert_error(1, &["hint: "]);
    assert!(!env.path().join("-").exists());
}

#[test]
fn of_four_at_once_one_writes() {
    let env = TestEnv::worked_example();
    for (round, writer) in WRITERS
        .iter()
        .filter(|writer| !writer.contains(&"--update"))
        .enumerate()
    {
        let name = format!("out-{round}.md");
        let children: Vec<_> = (0..4)
            .map(|_| {
                let mut args = writer.to_vec();
                if writer[0] != "templates" {
                    args.push(&name);
                }
                let mut command = env.command(&args);
                command
                    .stdout(std::process::Stdio::piped())
                    .stderr(std::process::Stdio::piped());
                command.spawn().unwrap()
            })
            .collect();
        let said: Vec<String> = children
            .into_iter()
            .map(|child| child.wait_with_output().unwrap())
            .filter(|output| output.status.success())
            .map(|output| String::from_utf8(output.stdout).unwrap())
            .collect();
        assert_eq!(said.len(), 1, "{writer:?}: {said:?}");
        assert!(
            said[0].contains("wrote ") || said[0].contains("backed up "),
            "{said:?}"
        );
    }
}

#[test]
fn update_through_a_link_changes_the_file_it_leads_to() {
    let env = TestEnv::worked_example();
    let path = |name: &str| env.path().join(name);
    fs::create_dir(path("docs")).unwrap();
    env.run_ok(&["postmortem", "1", "--output", "docs/real.md"]);
    symlink("docs/real.md", path("pm.md")).unwrap();
    env.run_ok(&["postmortem", "1", "--check", "pm.md"]);
    env.run_ok(&[
        "write",
        "surprises",
        "--from",
        "config/bridgelog/config.toml",
    ]);
    env.run_ok(&[
        "log",
        "--incident",
        "1",
        "2012-08-16 13:30 fault: it halted again !down",
    ]);
    let picture = fs::read(path("docs/real.svg")).unwrap();
    env.run_ok(&["postmortem", "1", "--update", "pm.md"]);
    assert!(fs::symlink_metadata(path("pm.md")).unwrap().is_symlink());
    let text = fs::read_to_string(path("docs/real.md")).unwrap();
    assert!(text.contains("it halted again") && text.contains("real.svg"));
    assert_ne!(fs::read(path("docs/real.svg")).unwrap(), picture);
    assert!(!path("pm.svg").exists());
    env.run_ok(&["postmortem", "1", "--check", "docs/real.md"]);
}

/// Runs `script` with a file system of 64 KiB at `tiny`; none, with the reason printed, where that
/// cannot be mounted.
fn run_with_tiny_disk(env: &TestEnv, script: &str) -> Option<CommandResult> {
    fs::create_dir_all(env.path().join("tiny")).unwrap();
    let inner = "mount -t tmpfs -o size=64k tmpfs tiny || exit 77";
    let ran = env.run_script(&format!(
        "unshare --mount bash -euo pipefail -c '{inner}\n{script}'"
    ));
    if ran.exit_code == 77 || ran.stderr.contains("unshare") {
        skip("no file system can be mounted here");
        return None;
    }
    Some(ran)
}

#[test]
fn full_disk_leaves_files_as_they_were() {
    let env = TestEnv::worked_example();
    for writer in WRITERS.iter().filter(|writer| writer[0] != "templates") {
        let forced = if writer == &["backup"] || writer.contains(&"--update") {
            ""
        } else {
            "--force"
        };
        let name = if writer == &["backup"] { "new" } else { "a.md" };
        let command = writer.join(" ");
        let script = format!(
            "bridgelog postmortem 1 --output plain.md --force >plain.out
             cp plain.md tiny/a.md
             bridgelog set --incident 1 scribe s$RANDOM >plain.out
             cat /dev/zero >tiny/filler 2>/dev/null || true
             if bridgelog {command} tiny/{name} {forced}; then exit 9; fi
             cmp plain.md tiny/a.md
             ls -A tiny | tr \"\\n\" \" \""
        );
        let Some(ran) = run_with_tiny_disk(&env, &script) else {
            return;
        };
        assert_eq!(ran.exit_code, 0, "{writer:?} {ran:#?}");
        assert!(ran.stderr.contains("hint: "), "{writer:?} {ran:#?}");
        assert_eq!(ran.stdout, "a.md filler ", "{writer:?} {ran:#?}");
    }
}

#[test]
fn temporary_file_of_a_killed_run_is_removed_by_the_next() {
    let env = TestEnv::worked_example();
    let folder = env.path().join("reports");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join(".bridgelog-Ab3dE6"), "half of a document").unwrap();
    env.run_ok(&["postmortem", "1", "--output", "reports/pm.md"]);
    let mut names: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["pm.md", "pm.svg"]);
}

#[test]
fn endless_and_huge_inputs_are_refused() {
    let env = TestEnv::worked_example();
    let big = env.path().join("big.md");
    fs::File::create(&big)
        .and_then(|file| file.set_len(50 << 20))
        .unwrap();
    let big = big.to_str().unwrap();
    for path in [big, "/dev/zero"] {
        for args in [
            &["write", "summary", "--from"][..],
            &["email", "1", "--save", "--text"],
        ] {
            let args: Vec<&str> = args.iter().copied().chain([path]).collect();
            env.run(&args)
                .assert_error(2, &[path, "holds more than 1 MiB", "hint: "]);
        }
        env.run(&["postmortem", "1", "--update", path])
            .assert_error(1, &[path, "hint: "]);
    }
    let config = env.path().join("config/bridgelog/config.toml");
    fs::remove_file(&config).unwrap();
    symlink("/dev/zero", &config).unwrap();
    env.run(&["postmortem", "1"])
        .assert_error(1, &["config.toml", "holds more than 1 MiB", "hint: "]);
    let logged = env.run(&["log", "--incident", "1", "x"]);
    assert_eq!(logged.exit_code, 0, "{logged:?}");
    assert!(logged.stderr.contains("the settings are left out"));
}
