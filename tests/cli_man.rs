//! The manual pages: one for each command, with the same sections, and right for `man`.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;
use common::TestEnv;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

fn pages(env: &TestEnv) -> Vec<PathBuf> {
    let folder = env.path().join("man1");
    let wrote = env.run_ok(&["man", "--dir", folder.to_str().unwrap()]);
    let mut pages: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    pages.sort();
    assert!(
        wrote.contains(&format!("wrote {} pages", pages.len())),
        "{wrote}"
    );
    pages
}

#[test]
fn every_command_has_a_page_with_the_same_sections() {
    let env = TestEnv::new();
    let pages = pages(&env);
    assert!(pages.len() > 35, "{pages:?}");
    for page in &pages {
        let text = fs::read_to_string(page).unwrap();
        for section in [
            "NAME",
            "SYNOPSIS",
            "EXAMPLES",
            "FILES",
            "ENVIRONMENT",
            "EXIT STATUS",
        ] {
            let heading = [format!(".SH \"{section}\"\n"), format!(".SH {section}\n")];
            assert!(
                heading.iter().any(|heading| text.contains(heading)),
                "{page:?} has no {section}"
            );
        }
    }
    let page = |name: &str| fs::read_to_string(env.path().join("man1").join(name)).unwrap();
    assert_eq!(page("bridgelog-log.1"), env.run_ok(&["man", "log"]));
    assert_eq!(page("bridgelog.1"), env.run_ok(&["man"]));
    assert!(page("bridgelog-task.1").contains("BRIDGELOG TASK ADD"));
    assert_eq!(
        env.run_ok(&["man", "near-misses"]),
        env.run_ok(&["man", "ledger"])
    );
    env.run(&["man", "lgo"])
        .assert_error(2, &["lgo", "did you mean `log`?"]);
    let folder = env.path().join("man1");
    env.run(&["man", "--dir", folder.to_str().unwrap()])
        .assert_error(1, &["exists already", "--force"]);
    env.run_ok(&["man", "--dir", folder.to_str().unwrap(), "--force"]);
}

/// Runs a checker of manual pages; `None` if it is not installed. Returns what it says.
fn check(program: &str, args: &[&str], page: &Path) -> Option<String> {
    let output = Command::new(program)
        .args(args)
        .arg(page)
        .env("LC_ALL", "C.UTF-8")
        .env("MANWIDTH", "80")
        .output()
        .ok()?;
    let said = [
        output.stderr,
        if program == "mandoc" {
            output.stdout
        } else {
            Vec::new()
        },
    ];
    Some(
        said.iter()
            .map(|bytes| String::from_utf8_lossy(bytes))
            .collect(),
    )
}

#[test]
fn pages_are_right_for_man_and_mandoc() {
    let env = TestEnv::new();
    for page in pages(&env) {
        if let Some(said) = check("man", &["--warnings", "-l", "-P", "cat"], &page) {
            assert_eq!(said, "", "{page:?}");
        }
        if let Some(said) = check("mandoc", &["-Tlint", "-Wwarning"], &page) {
            // No date: the same program makes the same pages.
            let said = said.lines().filter(|line| !line.contains("missing date"));
            assert_eq!(said.collect::<Vec<_>>(), [""; 0], "{page:?}");
        }
    }
}
