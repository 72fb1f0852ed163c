//! One of several machines: its own database, author and ids.

use super::{CommandResult, TestEnv};
use serde_json::Value as Json;
use std::process::Command;

pub struct Machine {
    pub env: TestEnv,
    /// The author, and the seed of the ids.
    pub name: String,
    /// Further variables of its environment.
    pub variables: Vec<(&'static str, &'static str)>,
}

impl Machine {
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            env: TestEnv::new(),
            name: name.into(),
            variables: Vec::new(),
        }
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = self.env.command(args);
        command
            .env("BRIDGELOG_SEED", &self.name)
            .env("BRIDGELOG_AUTHOR", &self.name)
            .envs(self.variables.iter().copied());
        command
    }

    pub fn try_run(&self, args: &[&str]) -> CommandResult {
        CommandResult::from_output(args, self.command(args).output().unwrap())
    }

    /// Runs `bridgelog args`, which must succeed, and returns its standard output.
    pub fn run(&self, args: &[&str]) -> String {
        let result = self.try_run(args);
        assert_eq!(
            result.exit_code, 0,
            "{args:?}\n{}{}",
            result.stdout, result.stderr
        );
        result.stdout
    }

    /// Syncs with the hub at `hub`, and returns the report.
    pub fn sync(&self, hub: &str) -> Json {
        serde_json::from_str(&self.run(&["sync", hub, "--json"])).unwrap()
    }

    /// The journal as sorted lines.
    pub fn journal(&self) -> Vec<String> {
        let mut lines: Vec<String> = self
            .run(&["export", "jsonl"])
            .lines()
            .map(str::to_owned)
            .collect();
        lines.sort();
        lines
    }

    pub fn shown(&self) -> String {
        self.run(&["show", "--all"])
    }
}

/// How many entries a sync received and sent.
pub fn counts(report: &Json) -> (u64, u64) {
    let count = |name: &str| report[name].as_u64().unwrap();
    (count("received"), count("sent"))
}
