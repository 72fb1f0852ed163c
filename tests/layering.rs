//! The picture in `src/lib.rs` stays true: a room imports only rooms below it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

use std::{fs, path::Path};

/// What each room may import, beside itself and `domain`.
const ROOMS: [(&str, &[&str]); 7] = [
    ("domain", &[]),
    ("store", &[]),
    ("documents", &[]),
    ("config", &[]),
    ("ops", &["store", "documents", "config"]),
    ("tui", &["ops", "config"]),
    ("cli", &["ops", "tui", "config", "store", "documents"]),
];

/// Crates that one place alone may know.
const ONLY: [(&str, &str); 2] = [("jiff", "domain/zone.rs"), ("rusqlite", "store/")];

#[test]
fn no_module_imports_a_higher_layer() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    let mut seen = 0;
    walk(&src, &mut |path, text| {
        let place = path
            .strip_prefix(&src)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        let room = place.split(['/', '.']).next().unwrap();
        seen += 1;
        for (at, word) in text.match_indices("crate::") {
            let used: String = text[at + word.len()..]
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_' || *c == '{')
                .collect();
            let names: Vec<String> = if used.starts_with('{') {
                // `use crate::{a::..., b::...}`: the names at the first depth.
                first_names(&text[at + word.len()..])
            } else {
                vec![used]
            };
            for name in names {
                let Some((_, may)) = ROOMS.iter().find(|(r, _)| *r == room) else {
                    continue;
                };
                let known = ROOMS.iter().any(|(r, _)| *r == name);
                if known && name != room && name != "domain" && !may.contains(&name.as_str()) {
                    wrong.push(format!("{place} imports {name}"));
                }
            }
        }
        for (name, home) in ONLY {
            let uses = text.contains(&format!("use {name}")) || text.contains(&format!("{name}::"));
            if uses && !place.starts_with(home) {
                wrong.push(format!("{place} knows {name}"));
            }
        }
    });
    assert!(seen > 30, "only {seen} files were found");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn first_names(text: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut depth = 0;
    let mut path = false;
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            ',' if depth == 1 => {
                names.push(String::new());
                path = false;
            }
            ':' if depth == 1 => path = true,
            c if depth == 1 && !path && (c.is_alphanumeric() || c == '_') => {
                names.last_mut().unwrap().push(c);
            }
            _ => {}
        }
    }
    names
}

fn walk(folder: &Path, each: &mut dyn FnMut(&Path, &str)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, each);
        } else if path.extension().is_some_and(|e| e == "rs") {
            each(&path, &fs::read_to_string(&path).unwrap());
        }
    }
}
