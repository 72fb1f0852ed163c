//! Every command in README and documentation runs and prints what they show.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

mod common;
use bridgelog::{
    config::Settings,
    domain::metrics::FORMULAS,
    tui::{keymap::Keymap, theme::Theme},
};
use common::TestEnv;
use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

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

/// Returns the README and the pages of `docs`.
fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = vec![root.join("README.md")];
    let docs = fs::read_dir(root.join("docs")).unwrap();
    pages.push(root.join("CONTRIBUTING.md"));
    pages.extend(
        docs.map(|file| file.unwrap().path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
            // `store_format.rs` runs its commands.
            .filter(|path| !path.ends_with("JOURNAL.md")),
    );
    pages
}

/// Settings that a page shows are understood, keys and colours as well.
fn assert_settings_are_valid(env: &TestEnv, text: &str) {
    let path = env.path().join("shown.toml");
    fs::write(&path, text).unwrap();
    let settings = Settings::read(&path).unwrap();
    Keymap::new(&settings.keys).unwrap();
    Theme::new(&settings.theme, false).unwrap();
}

/// Runs the blocks of a page. Returns the page with what the sessions print now, and how many sessions and
/// scripts there were.
fn run_page(page: &str) -> (String, usize, usize) {
    let mut blessed = page.to_owned();
    let example = include_str!("example/outage.sh");
    let mut env = TestEnv::new();
    env.set_now("2012-08-16T14:20:00Z");
    let later = TestEnv::worked_example();
    let (mut sessions, mut scripts) = (0, 0);
    for block in code_blocks(page) {
        match block.language.as_str() {
            "console" => {
                sessions += 1;
                let actual = replay_session(&env, &block.text);
                blessed = blessed.replace(&block.text, &actual);
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
            "toml" => assert_settings_are_valid(&env, &block.text),
            "text" | "json" => {}
            // `tests/cli_sync_postgres.rs` runs them, where there is a server.
            "sh team" => {}
            // `tests/contributing.rs` applies them.
            "diff" => {}
            other => panic!("a block of the documentation is a `{other}`, which nothing checks"),
        }
    }
    (blessed, sessions, scripts)
}

#[test]
fn commands_of_the_documentation_print_what_it_shows() {
    let (mut sessions, mut scripts) = (0, 0);
    for path in pages() {
        let page = fs::read_to_string(&path).unwrap();
        let (blessed, page_sessions, page_scripts) = run_page(&page);
        sessions += page_sessions;
        scripts += page_scripts;
        if std::env::var_os("BRIDGELOG_BLESS").is_some() {
            fs::write(&path, blessed).unwrap();
        } else {
            assert_eq!(page, blessed, "{} shows something else", path.display());
        }
    }
    assert!(sessions >= 1 && scripts >= 8, "{sessions} {scripts}");
}

#[test]
fn readme_has_the_two_setup_commands_and_stays_short() {
    let readme = include_str!("../README.md");
    for command in SETUP_COMMANDS {
        assert!(
            readme.contains(&format!("```sh\n{command}\n```")),
            "the README lacks `{command}`"
        );
    }
    assert!(readme.lines().count() < 200);
}

/// The documentation shows the settings and the commands that made the files of `tests/example`.
#[test]
fn documentation_shows_the_worked_example_whole() {
    let page = include_str!("../docs/documents.md");
    for part in [
        include_str!("example/outage.sh"),
        include_str!("example/config.toml"),
    ] {
        assert!(page.contains(part), "docs/documents.md lacks\n{part}");
    }
}

#[test]
fn links_of_the_documentation_lead_to_files() {
    for path in pages() {
        let page = fs::read_to_string(&path).unwrap();
        for link in page
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            if link.starts_with("http") || link.starts_with('#') {
                continue;
            }
            let file = path.parent().unwrap().join(link.split('#').next().unwrap());
            assert!(file.exists(), "{} links to {link}", path.display());
        }
    }
}

/// `docs/documents.md` has every figure with its formula.
#[test]
fn documentation_lists_every_figure_with_its_formula() {
    let page = include_str!("../docs/documents.md");
    let rows = FORMULAS.map(|(_, name, formula)| format!("| `{name}` | {formula} |\n"));
    let table = format!(
        "| figure | how it is counted |\n|---|---|\n{}\n",
        rows.concat()
    );
    assert!(page.contains(&table), "docs/documents.md lacks\n{table}");
}

/// The lines that the commander's page shows are understood as the page says.
#[test]
fn lines_of_the_commanders_page_are_logged() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "Checkout fails", "--service", "shop"]);
    let page = include_str!("../docs/commander.md");
    let rows = page
        .lines()
        .filter(|row| row.trim_start().starts_with("| a") || row.contains("| that"));
    let mut count = 0;
    for line in rows.flat_map(|row| row.split('`').skip(1).step_by(2)) {
        count += 1;
        let kind = line.split(':').next().unwrap();
        let result = env.run(&["log", line]);
        assert_eq!(result.exit_code, 0, "{line}\n{}", result.stderr);
        assert!(
            result.stdout.contains(&format!(" {kind}")),
            "{line}: {}",
            result.stdout
        );
        let mut notes = result.stderr.lines();
        assert!(
            notes.all(|note| note.ends_with("taken for a person")),
            "{line}: {}",
            result.stderr
        );
    }
    assert!(count >= 8, "{count}");
}
