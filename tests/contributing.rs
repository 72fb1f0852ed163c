//! The example changes of `CONTRIBUTING.md` apply to the code as it is, and compile.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// What a build needs, and what the changes touch.
const COPIED: [&str; 8] = [
    "Cargo.toml",
    "Cargo.lock",
    ".cargo",
    "src",
    "templates",
    "benches",
    "docs",
    "tests",
];

fn diffs() -> Vec<String> {
    let page = fs::read_to_string(Path::new(ROOT).join("CONTRIBUTING.md")).unwrap();
    let blocks = page.split("```diff\n").skip(1);
    blocks
        .map(|rest| rest.split_once("```\n").unwrap().0.to_owned())
        .collect()
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for file in fs::read_dir(from).unwrap() {
            let file = file.unwrap();
            copy(&file.path(), &to.join(file.file_name()));
        }
    } else {
        fs::copy(from, to).unwrap();
    }
}

/// Runs a command in `folder`; it must succeed.
fn run(folder: &Path, program: &str, args: &[&str]) {
    let output = Command::new(program)
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{program} {args:?}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The folder in which this test was built.
fn target_folder() -> PathBuf {
    let program = std::env::current_exe().unwrap();
    program.ancestors().nth(3).unwrap().to_owned()
}

#[test]
fn example_changes_apply_and_compile() {
    let folder = tempfile::tempdir().unwrap();
    for name in COPIED {
        copy(&Path::new(ROOT).join(name), &folder.path().join(name));
    }
    let diffs = diffs();
    assert_eq!(diffs.len(), 6);
    for (at, diff) in diffs.iter().enumerate() {
        let file = format!("change-{at}.diff");
        fs::write(folder.path().join(&file), diff).unwrap();
        run(folder.path(), "git", &["apply", "-C1", &file]);
    }
    let target = target_folder();
    let args = [
        "check",
        "--quiet",
        "--offline",
        "--locked",
        "--lib",
        "--target-dir",
    ];
    run(
        folder.path(),
        env!("CARGO"),
        &[&args[..], &[target.to_str().unwrap()]].concat(),
    );
}

/// Files that the page names are there.
#[test]
fn page_names_files_that_exist() {
    let page = fs::read_to_string(Path::new(ROOT).join("CONTRIBUTING.md")).unwrap();
    let prose = page
        .split("```diff")
        .map(|part| part.split_once("```\n").map_or(part, |(_, rest)| rest));
    let names: Vec<&str> = prose
        .flat_map(|part| part.split('`').skip(1).step_by(2))
        .filter(|name| {
            ["src/", "tests/", "templates/", "benches/"]
                .iter()
                .any(|room| name.starts_with(room))
        })
        .collect();
    assert!(names.len() > 20, "{names:?}");
    for name in names {
        assert!(Path::new(ROOT).join(name).exists(), "there is no {name}");
    }
}
