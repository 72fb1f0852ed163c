//! Every text that a person may read, in one file, so that all can be read in one go, now and at each change:
//! `tests/snapshots/strings.txt`. `BRIDGELOG_UPDATE_STRINGS=1 cargo test --test strings` writes it.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::{
    collections::BTreeSet,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

/// Words from which on a literal is taken for a text, not for a name.
const MIN_WORDS: usize = 2;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the source files below `folder` that are no tests.
fn source_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        match path.is_dir() {
            true if name != "tests" => files.extend(source_files(&path)),
            false if !["tests.rs", "testing.rs"].contains(&name) && name.ends_with(".rs") => {
                files.push(path);
            }
            _ => {}
        }
    }
    files.sort();
    files
}

/// Returns the string literals of Rust source, without those of its comments and its tests. A line break that
/// is escaped in the source is none.
fn literals(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let mut texts = Vec::new();
    let mut rest = source;
    while let Some(at) = rest.find(['"', '/', '\'']) {
        let (before, from) = rest.split_at(at);
        if from.starts_with("//") {
            // What clap shows as help is a doc comment; `tests/cli_help.rs` has the help.
            rest = from.split_once('\n').map_or("", |(_, after)| after);
        } else if let Some(raw) = from.strip_prefix('"') {
            let hashes = before.chars().rev().take_while(|c| *c == '#').count();
            let is_raw = before.trim_end_matches('#').ends_with('r');
            let end = format!("\"{}", "#".repeat(hashes));
            if is_raw {
                let (text, after) = raw.split_once(&end).unwrap();
                texts.push(text.to_owned());
                rest = after;
            } else {
                let (text, after) = escaped_literal(raw);
                texts.push(text);
                rest = after;
            }
        } else if from.starts_with("'\"'") || from.starts_with("'\\''") || from.starts_with("'/'") {
            rest = from.split_once('\'').unwrap().1;
            let length = if rest.starts_with('\\') { 3 } else { 2 };
            rest = &rest[length..];
        } else {
            rest = &from[1..];
        }
    }
    texts
}

/// Reads an ordinary literal after its opening quote; returns its text and what follows it.
fn escaped_literal(raw: &str) -> (String, &str) {
    let mut text = String::new();
    let mut chars = raw.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (text, &raw[at + 1..]),
            '\\' => match chars.next() {
                Some((_, '\n')) => while chars.next_if(|(_, c)| c.is_whitespace()).is_some() {},
                Some((_, 'n')) => text.push('\n'),
                Some((_, c)) => text.push(c),
                None => {}
            },
            c => text.push(c),
        }
    }
    panic!("a literal without an end: {}", &raw[..raw.len().min(40)]);
}

/// True for a text that a person reads, false for SQL and for names.
fn is_text(literal: &str) -> bool {
    const SQL: [&str; 14] = [
        "SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "PRAGMA", "DROP", "ALTER", "WITH",
        "FROM", "BEGIN", "ATTACH", "WHERE", "REPLACE",
    ];
    let words = literal.split_whitespace();
    let real = words.filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 1);
    let is_sql = SQL
        .iter()
        .any(|word| literal.trim_start().starts_with(word))
        || literal.contains("?1");
    real.count() >= MIN_WORDS && !is_sql
}

#[test]
fn strings_are_those_of_the_snapshot() {
    let mut all = String::new();
    for path in source_files(&root().join("src")) {
        let source = fs::read_to_string(&path).unwrap();
        let texts: BTreeSet<String> = literals(&source)
            .into_iter()
            .filter(|text| is_text(text))
            .map(|text| text.trim().replace('\n', "\n    "))
            .collect();
        if texts.is_empty() {
            continue;
        }
        let name = path.strip_prefix(root().join("src")).unwrap();
        writeln!(all, "{}", name.display()).unwrap();
        for text in texts {
            writeln!(all, "  {text}").unwrap();
        }
    }
    let path = root().join("tests/snapshots/strings.txt");
    if std::env::var_os("BRIDGELOG_UPDATE_STRINGS").is_some() {
        fs::write(&path, all).unwrap();
        return;
    }
    let known = fs::read_to_string(&path).unwrap_or_default();
    let new: Vec<&str> = all.lines().filter(|line| !known.contains(line)).collect();
    assert!(
        known == all,
        "texts changed; read them, then BRIDGELOG_UPDATE_STRINGS=1 cargo test --test strings\n{}",
        new.join("\n")
    );
}

#[test]
fn literals_are_found_in_source() {
    let source = "let a = \"one \\\"two\\\" \\\n    three\"; // \"no\"\nlet c = '\"'; let d = '\\'';\nlet r = r#\"raw \"four\"\"#; let s = \"end\";";
    assert_eq!(
        literals(source),
        ["one \"two\" three", "raw \"four\"", "end"]
    );
}
