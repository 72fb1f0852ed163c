//! An environment for each test with its own database: cleared environment variables, fixed clock, zone,
//! author and seed.
#![allow(dead_code, clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

pub mod entries;
pub mod full_disk;
pub mod machine;
#[cfg(feature = "hub")]
pub mod postgres_server;
pub mod pty;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// The default clock of the tests: four days after the outage of the worked example.
pub const NOW: &str = "2012-08-20T13:00:00Z";

pub struct TestEnv {
    folder: tempfile::TempDir,
    pub now: String,
}

impl TestEnv {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("config/bridgelog")).unwrap();
        Self {
            folder,
            now: NOW.to_owned(),
        }
    }

    /// With the incident `Checkout fails`, declared with the arguments `args`.
    pub fn with_incident(args: &[&str]) -> Self {
        let env = Self::new();
        env.run_ok(&[&["declare", "Checkout fails"], args].concat());
        env
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn db_path(&self) -> PathBuf {
        self.path().join("book/bridgelog.db")
    }

    pub fn write_config(&self, text: &str) {
        fs::write(self.path().join("config/bridgelog/config.toml"), text).unwrap();
    }

    /// Writes a template of the user's own.
    pub fn write_template(&self, name: &str, text: &[u8]) {
        let folder = self.path().join("config/bridgelog/templates");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(name), text).unwrap();
    }

    pub fn set_now(&mut self, now: &str) -> &mut Self {
        self.now = now.to_owned();
        self
    }

    fn set_env(&self, command: &mut Command) {
        let binary = Path::new(env!("CARGO_BIN_EXE_bridgelog"));
        let path = std::env::join_paths(
            std::iter::once(binary.parent().unwrap().to_owned())
                .chain(std::env::split_paths(&std::env::var("PATH").unwrap())),
        )
        .unwrap();
        command
            .env_clear()
            .current_dir(self.path())
            .env("PATH", path)
            .env("HOME", self.path())
            .env("XDG_CONFIG_HOME", self.path().join("config"))
            .env("XDG_DATA_HOME", self.path().join("data"))
            .env("TMPDIR", self.path())
            .env("TZ", "UTC")
            .env("LANG", "C.UTF-8")
            .env("BRIDGELOG_DB", self.db_path())
            .env("BRIDGELOG_NOW", &self.now)
            .env("BRIDGELOG_SEED", "test")
            .env("BRIDGELOG_AUTHOR", "jw")
            .env("BRIDGELOG_ZONE", "America/New_York");
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bridgelog"));
        self.set_env(&mut command);
        command.args(args).stdin(Stdio::null());
        command
    }

    /// Runs `bridgelog args`.
    pub fn run(&self, args: &[&str]) -> CommandResult {
        CommandResult::from_output(args, self.command(args).output().unwrap())
    }

    /// Runs `bridgelog args` with `input` on standard input.
    pub fn run_with_stdin(&self, args: &[&str], input: &[u8]) -> CommandResult {
        use std::io::Write;
        let mut child = self
            .command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The program may refuse the arguments and end without reading its input.
        let _ = child.stdin.take().unwrap().write_all(input);
        CommandResult::from_output(args, child.wait_with_output().unwrap())
    }

    /// Runs `bridgelog args`, which must succeed, and returns its standard output.
    pub fn run_ok(&self, args: &[&str]) -> String {
        let result = self.run(args);
        assert_eq!(
            result.exit_code, 0,
            "{args:?}\n{}{}",
            result.stdout, result.stderr
        );
        result.stdout
    }

    /// Runs `bridgelog args`, which must succeed and print JSON.
    pub fn run_json(&self, args: &[&str]) -> serde_json::Value {
        serde_json::from_str(&self.run_ok(args)).unwrap()
    }

    /// Runs a shell script in which `bridgelog` is the program under test.
    pub fn run_script(&self, script: &str) -> CommandResult {
        let mut command = Command::new("bash");
        self.set_env(&mut command);
        command.args(["-euo", "pipefail", "-c", script]);
        CommandResult::from_output(&["script"], command.stdin(Stdio::null()).output().unwrap())
    }

    /// Logs `line` and returns the handle of the event.
    pub fn log(&self, line: &str) -> String {
        self.run_json(&["log", "--json", line])["handle"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Runs the commands of the worked example (`tests/example/outage.sh`).
    pub fn worked_example() -> Self {
        let env = Self::new();
        env.write_config(include_str!("../example/config.toml"));
        let result = env.run_script(include_str!("../example/outage.sh"));
        assert_eq!(result.exit_code, 0, "{}{}", result.stdout, result.stderr);
        env
    }

    /// Runs the commands of the example with several names (`tests/example/several-names.sh`).
    pub fn several_names() -> Self {
        let mut env = Self::new();
        env.set_now("2017-02-10T12:00:00Z");
        env.write_config(include_str!("../example/several-names.toml"));
        let result = env.run_script(include_str!("../example/several-names.sh"));
        assert_eq!(result.exit_code, 0, "{}{}", result.stdout, result.stderr);
        env
    }
}

#[derive(Debug)]
pub struct CommandResult {
    pub exit_code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl CommandResult {
    pub fn from_output(args: &[&str], output: Output) -> Self {
        Self {
            exit_code: output
                .status
                .code()
                .unwrap_or_else(|| panic!("{args:?} was killed: {output:?}")),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Asserts that it failed with `code`, an `error:` and a `hint:`, and printed all of `parts` on
    /// standard error.
    #[track_caller]
    pub fn assert_error(&self, code: i32, parts: &[&str]) -> &Self {
        assert_eq!(self.exit_code, code, "{self:#?}");
        assert!(self.stderr.contains("error: "), "{self:#?}");
        for part in parts {
            assert!(self.stderr.contains(part), "no `{part}` in {self:#?}");
        }
        assert!(!self.stderr.contains("panicked"), "{self:#?}");
        self
    }
}

/// Changes the file as no command would.
pub fn tamper(path: &Path, sql: &str) {
    let conn = rusqlite::Connection::open(path).unwrap();
    conn.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false)
        .unwrap();
    let triggers: Vec<String> = conn
        .prepare("SELECT name FROM sqlite_master WHERE type='trigger'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let definitions: Vec<String> = conn
        .prepare("SELECT sql FROM sqlite_master WHERE type='trigger'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    for name in triggers {
        conn.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    conn.execute_batch(sql).unwrap();
    for definition in definitions {
        conn.execute_batch(&definition).unwrap();
    }
}

/// Prints why a test is skipped; in CI that is a failure.
pub fn skip(why: &str) {
    eprintln!("skipped: {why}");
    assert!(
        std::env::var_os("BRIDGELOG_CI").is_none(),
        "skipped in CI: {why}"
    );
}

/// Asserts that `actual` equals the golden file; `BRIDGELOG_BLESS` writes it to the file instead.
#[track_caller]
pub fn assert_matches_golden(name: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/example")
        .join(name);
    if std::env::var_os("BRIDGELOG_BLESS").is_some() {
        fs::write(&path, actual).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expected == actual,
        "{name} is not as it was; BRIDGELOG_BLESS=1 cargo test takes it as it is now:\n{actual}"
    );
}
