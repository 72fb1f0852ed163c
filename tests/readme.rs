//! Every command in the README does what the README says.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

mod common;
use common::TestEnv;
use std::{fmt::Write, fs, path::Path};

/// The two commands of the set-up: the first is what a person runs, the second is what runs this.
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
            (None, Some(sort)) => {
                open = Some(Block {
                    language: sort.to_owned(),
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

/// `$ command` lines run in one log book, with what they print under them.
fn replay_session(env: &TestEnv, session: &str) -> String {
    let mut found = String::new();
    for line in session.lines().filter_map(|l| l.strip_prefix("$ ")) {
        let ran = env.run_script(line);
        writeln!(found, "$ {line}").unwrap();
        found.push_str(&ran.stdout);
        found.push_str(&ran.stderr);
    }
    found
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
                let found = replay_session(&env, &block.text);
                blessed = blessed.replace(&block.text, &found);
                if std::env::var_os("BRIDGELOG_BLESS").is_none() {
                    assert_eq!(block.text, found, "the README shows something else");
                }
            }
            "sh" if SETUP_COMMANDS.contains(&block.text.trim()) => {}
            "sh" if block.text == example => scripts += 1,
            "sh" => {
                scripts += 1;
                let ran = later.run_script(&block.text);
                assert_eq!(
                    ran.exit_code, 0,
                    "{}\n{}{}",
                    block.text, ran.stdout, ran.stderr
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
