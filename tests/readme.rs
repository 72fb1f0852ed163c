//! Every command in the README runs and prints what the README shows.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

mod common;
use common::TestEnv;
use std::{fmt::Write, fs, path::Path};

/// The set-up commands, which are not run here: one starts the app, the other runs this test.
const SETUP_COMMANDS: [&str; 2] = ["cargo run --release", "cargo test"];

struct Block {
    language: String,
    text: String,
}

fn code_blocks(readme: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for line in readme.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(language)) => {
                open = Some(Block {
                    language: language.to_owned(),
                    text: String::new(),
                });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    blocks
}

/// Runs the `$ command` lines and returns them with their output.
fn replay_session(env: &TestEnv, session: &str) -> String {
    let mut actual = String::new();
    for line in session.lines().filter_map(|l| l.strip_prefix("$ ")) {
        let result = env.run_script(line);
        writeln!(actual, "$ {line}").unwrap();
        actual.push_str(&result.stdout);
        actual.push_str(&result.stderr);
    }
    actual
}

#[test]
fn readme_commands_print_what_it_shows() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let mut blessed = readme.clone();
    let example = include_str!("example/outage.sh");
    let mut env = TestEnv::new();
    env.set_now("2012-08-16T14:20:00Z");
    let later = TestEnv::worked_example();
    let (mut sessions, mut scripts) = (0, 0);
    for block in code_blocks(&readme) {
        match block.language.as_str() {
            "console" => {
                sessions += 1;
                let actual = replay_session(&env, &block.text);
                blessed = blessed.replace(&block.text, &actual);
                if std::env::var_os("BRIDGELOG_BLESS").is_none() {
                    assert_eq!(block.text, actual, "the README shows something else");
                }
            }
            "sh" if SETUP_COMMANDS.contains(&block.text.trim()) => {}
            "sh" if block.text == example => scripts += 1,
            "sh" => {
                scripts += 1;
                let result = later.run_script(&block.text);
                assert_eq!(
                    result.exit_code, 0,
                    "{}\n{}{}",
                    block.text, result.stdout, result.stderr
                );
            }
            "toml" => assert_eq!(block.text, include_str!("example/config.toml")),
            "text" => {}
            other => panic!("a block of the README is a `{other}`, which nothing checks"),
        }
    }
    for command in SETUP_COMMANDS {
        assert!(
            readme.contains(&format!("```sh\n{command}\n```")),
            "the README lacks `{command}`"
        );
    }
    assert!(sessions >= 1 && scripts >= 2, "{sessions} {scripts}");
    if std::env::var_os("BRIDGELOG_BLESS").is_some() {
        fs::write(&path, blessed).unwrap();
    }
}
