//! The layout described in `src/lib.rs` is kept: a room imports only rooms below it, and the files
//! inside a room do not import each other in a circle.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// What each room may import besides itself and `domain`.
const ROOMS: [(&str, &[&str]); 9] = [
    ("domain", &[]),
    ("store", &[]),
    ("documents", &[]),
    ("import", &[]),
    ("hub", &[]),
    ("config", &[]),
    ("ops", &["store", "documents", "import", "hub", "config"]),
    ("tui", &["ops", "config"]),
    ("cli", &["ops", "tui", "config", "store", "documents"]),
];

/// Crates that may be named in one place only.
const CRATES: [(&str, &str); 5] = [
    ("jiff", "domain/zone.rs"),
    ("rusqlite", "store/"),
    ("rustls", "hub/postgres/"),
    ("tokio", "hub/postgres/"),
    ("tokio_postgres", "hub/postgres/"),
];

#[test]
fn no_module_imports_a_higher_layer() {
    let mut violations = Vec::new();
    let sources = read_sources();
    for (file, text) in &sources {
        let room = file.split(['/', '.']).next().unwrap();
        let allowed = ROOMS.iter().find(|(name, _)| *name == room);
        let paths = Paths::parse(&without_comments(text));
        for path in paths.all() {
            let [first, target, ..] = path else { continue };
            let Some((_, allowed)) = allowed.filter(|_| first == "crate") else {
                continue;
            };
            let is_room = ROOMS.iter().any(|(name, _)| name == target);
            let may_import =
                target == room || target == "domain" || allowed.contains(&target.as_str());
            if is_room && !may_import {
                violations.push(format!("{file} imports {target}"));
            }
        }
        for (name, home) in CRATES {
            let is_used =
                text.contains(&format!("use {name}")) || text.contains(&format!("{name}::"));
            if is_used && !file.starts_with(home) {
                violations.push(format!("{file} names the crate {name}"));
            }
        }
    }
    assert!(
        sources.len() > 150,
        "only {} files were found",
        sources.len()
    );
    assert!(violations.is_empty(), "{violations:#?}");
}

/// A file is a module. It depends on another file of its room if it names something defined there,
/// in a `use` or by a path (`super::view::label`, or `view::label` in the file above it) in the code.
///
/// - A name that a `mod.rs` only passes on with `pub use` is a dependency on the file that defines
///   it, not on the `mod.rs`.
/// - `mod child;` and `pub use` make the `mod.rs` itself depend on nothing.
/// - Test code is left out: `mod tests`, files named `tests.rs` or `testing.rs` or below `tests/`.
///
/// A circle is a set of files each of which depends, directly or through others, on all others.
#[test]
fn no_circle_of_files_inside_a_room() {
    let graph = Graph::new(&read_sources());
    let (files, edges) = (graph.modules.len(), graph.edge_count());
    assert!(
        files > 150 && edges > 300,
        "only {files} files and {edges} edges"
    );
    let circles: Vec<String> = graph
        .circles()
        .iter()
        .map(|circle| graph.describe(circle))
        .collect();
    assert!(circles.is_empty(), "{}", circles.join("\n"));
}

/// The path of a module without `crate`: `["cli", "view"]`.
type ModulePath = Vec<String>;

/// The paths that a file names, as written.
#[derive(Debug, Default)]
struct Paths {
    used: Vec<Vec<String>>,
    /// `pub use`, by the name that others see (`*` for all).
    reexported: Vec<(String, Vec<String>)>,
}

impl Paths {
    /// Reads the `use` items and the paths in the code; `source` has no comments.
    fn parse(source: &str) -> Self {
        let mut paths = Self::default();
        let mut code = String::new();
        let mut rest = source;
        while let Some(line) = rest.split_inclusive('\n').next() {
            let (is_public, item) = match line.trim_start().strip_prefix("pub") {
                Some(after) if after.starts_with('(') => {
                    (true, after.split_once(')').map_or("", |(_, item)| item))
                }
                Some(after) => (true, after),
                None => (false, line),
            };
            if item.trim_start().starts_with("use ") {
                let end = rest.find(';').map_or(rest.len(), |at| at + 1);
                let tree = rest[..end].trim_end_matches(';').split_once("use ");
                for (name, path) in expand(tree.unwrap().1) {
                    if is_public {
                        paths.reexported.push((name, path));
                    } else {
                        paths.used.push(path);
                    }
                }
                rest = &rest[end..];
            } else {
                code.push_str(line);
                rest = &rest[line.len()..];
            }
        }
        let is_path_char = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
        paths.used.extend(
            code.split(|c| !is_path_char(c))
                .map(|word| word.split("::").map(str::to_owned).collect::<Vec<_>>())
                .filter(|path| path.len() > 1),
        );
        paths
    }

    fn all(&self) -> impl Iterator<Item = &[String]> {
        let reexported = self.reexported.iter().map(|(_, path)| path);
        self.used.iter().chain(reexported).map(Vec::as_slice)
    }
}

/// Expands a use tree, `a::{b, c::d as e}`, into its paths, each with the name that it is known by.
fn expand(tree: &str) -> Vec<(String, Vec<String>)> {
    let tree = tree.trim();
    if let Some((prefix, group)) = tree.split_once('{') {
        let group = group.trim_end().strip_suffix('}').unwrap_or(group);
        let mut depth = 0;
        let branches = group.split(|c| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            c == ',' && depth == 0
        });
        return branches
            .filter(|branch| !branch.trim().is_empty())
            .flat_map(|branch| expand(&format!("{prefix}{}", branch.trim())))
            .collect();
    }
    let (path, alias) = match tree.split_once(" as ") {
        Some((path, alias)) => (path, Some(alias.trim().to_owned())),
        None => (tree, None),
    };
    let mut path: Vec<String> = path
        .split("::")
        .map(|part| part.trim().to_owned())
        .collect();
    if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
        path.pop();
    }
    vec![(alias.unwrap_or_else(|| path.last().unwrap().clone()), path)]
}

/// Which file depends on which, inside each room.
struct Graph {
    modules: BTreeMap<ModulePath, Paths>,
    /// For each module the modules it depends on, with a path that says so.
    edges: BTreeMap<ModulePath, BTreeMap<ModulePath, String>>,
}

impl Graph {
    /// Takes the files below `src/` (`cli/mod.rs`) with their text.
    fn new(sources: &[(String, String)]) -> Self {
        let modules = sources
            .iter()
            .filter_map(|(file, text)| Some((module_path(file)?, text)))
            .map(|(module, text)| {
                let text = without_comments(text);
                let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
                (module, Paths::parse(code))
            })
            .collect();
        let mut graph = Self {
            modules,
            edges: BTreeMap::new(),
        };
        for (module, paths) in &graph.modules {
            let mut edges = BTreeMap::new();
            for path in &paths.used {
                if let Some(target) = graph.resolve(module, path, 0)
                    && target != *module
                    && target[0] == module[0]
                {
                    edges.entry(target).or_insert_with(|| path.join("::"));
                }
            }
            graph.edges.insert(module.clone(), edges);
        }
        graph
    }

    /// Returns the module whose file defines what `path`, written in `module`, names; None for other
    /// crates and for what `module` itself imports.
    fn resolve(&self, module: &[String], path: &[String], depth: usize) -> Option<ModulePath> {
        let absolute = self.absolute(module, path)?;
        let length = (1..=absolute.len())
            .rev()
            .find(|length| self.modules.contains_key(&absolute[..*length]))?;
        let found = &absolute[..length];
        // Re-exports of re-exports end somewhere, unless the source does not compile.
        if let Some(name) = absolute.get(length).filter(|_| depth < 5) {
            let reexports = &self.modules[found].reexported;
            let definition = reexports
                .iter()
                .filter(|(known_as, _)| known_as == name || known_as == "*")
                .find_map(|(_, path)| self.resolve(found, path, depth + 1));
            if definition.is_some() {
                return definition;
            }
        }
        Some(found.to_vec())
    }

    fn absolute(&self, module: &[String], path: &[String]) -> Option<ModulePath> {
        let supers = path.iter().take_while(|part| *part == "super").count();
        let (base, rest) = match path.first()?.as_str() {
            "crate" => (&[] as &[String], &path[1..]),
            "self" => (module, &path[1..]),
            "super" => (
                &module[..module.len().checked_sub(supers)?],
                &path[supers..],
            ),
            first => {
                let child = [module, &[first.to_owned()]].concat();
                self.modules.get(&child)?;
                (module, path)
            }
        };
        Some([base, rest].concat())
    }

    fn edge_count(&self) -> usize {
        self.edges.values().map(BTreeMap::len).sum()
    }

    fn circles(&self) -> Vec<Vec<ModulePath>> {
        let reachable: BTreeMap<_, _> = self
            .modules
            .keys()
            .map(|module| (module, self.reachable(module)))
            .collect();
        let circles: BTreeSet<Vec<ModulePath>> = reachable
            .iter()
            .filter(|(module, reached)| reached.contains(**module))
            .map(|(module, reached)| {
                let returns = |other: &&ModulePath| reachable[*other].contains(*module);
                reached.iter().copied().filter(returns).cloned().collect()
            })
            .collect();
        circles.into_iter().collect()
    }

    fn reachable(&self, module: &ModulePath) -> BTreeSet<&ModulePath> {
        let mut reached = BTreeSet::new();
        let mut pending: Vec<&ModulePath> = self.edges[module].keys().collect();
        while let Some(next) = pending.pop() {
            if reached.insert(next) {
                pending.extend(self.edges[next].keys());
            }
        }
        reached
    }

    /// Lists the edges of a circle, each with a path that makes it.
    fn describe(&self, circle: &[ModulePath]) -> String {
        let mut lines = vec![format!("{} files in a circle:", circle.len())];
        for from in circle {
            for (to, path) in self.edges[from]
                .iter()
                .filter(|(to, _)| circle.contains(to))
            {
                lines.push(format!("  {} -> {} ({path})", from.join("/"), to.join("/")));
            }
        }
        lines.join("\n")
    }
}

/// Returns None for the crate's root files and for test code.
fn module_path(file: &str) -> Option<ModulePath> {
    let mut parts: Vec<String> = file
        .strip_suffix(".rs")?
        .split('/')
        .map(str::to_owned)
        .collect();
    let is_test = parts.iter().any(|part| part == "tests") || parts.last()? == "testing";
    if parts.last()? == "mod" {
        parts.pop();
    }
    (!is_test && !["lib", "main"].contains(&&*parts[0])).then_some(parts)
}

fn without_comments(text: &str) -> String {
    let lines = text.lines().map(|line| line.split("//").next().unwrap());
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// Returns every file below `src/` with its text, in order.
fn read_sources() -> Vec<(String, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect_files(&src, &mut files);
    files.sort();
    files
        .into_iter()
        .map(|file| {
            let name = file.strip_prefix(&src).unwrap().to_str().unwrap();
            (name.to_owned(), fs::read_to_string(&file).unwrap())
        })
        .collect()
}

fn collect_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_files(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

// The checks above pass if they find nothing, so the parser has tests of its own.

fn graph(sources: &[(&str, &str)]) -> Graph {
    let owned = |(file, text): &(&str, &str)| ((*file).to_owned(), (*text).to_owned());
    Graph::new(&sources.iter().map(owned).collect::<Vec<_>>())
}

fn edges(sources: &[(&str, &str)]) -> Vec<String> {
    let graph = graph(sources);
    let pairs = graph.edges.iter().flat_map(|(from, targets)| {
        targets
            .keys()
            .map(|to| format!("{} -> {}", from.join("/"), to.join("/")))
    });
    pairs.collect()
}

#[test]
fn use_tree_expands_to_one_path_per_name() {
    let found: Vec<String> = expand("super::{\n a, b::{self, C as D}, e::*,\n}")
        .into_iter()
        .map(|(name, path)| format!("{name} = {}", path.join("::")))
        .collect();
    assert_eq!(
        found,
        [
            "a = super::a",
            "b = super::b",
            "D = super::b::C",
            "* = super::e::*"
        ]
    );
}

#[test]
fn edge_from_use_and_from_path_in_code() {
    let found = edges(&[
        ("cli/mod.rs", "mod a;\nmod b;\nmod c;\nmod d;\n"),
        ("cli/a.rs", "use super::{\n    b::B,\n};\nuse std::fmt;\n"),
        ("cli/b.rs", "fn f() {\n    g(crate::cli::c::x());\n}\n"),
        (
            "cli/c.rs",
            "fn f() {\n    use super::d;\n    d::x(crate::ops::x());\n}\n",
        ),
        ("cli/d.rs", ""),
        ("ops/mod.rs", "pub fn x() {}\n"),
    ]);
    assert_eq!(
        found,
        ["cli/a -> cli/b", "cli/b -> cli/c", "cli/c -> cli/d"]
    );
}

#[test]
fn reexport_is_a_dependency_on_the_defining_file() {
    let found = edges(&[
        (
            "cli/mod.rs",
            "mod a;\nmod inner;\npub use inner::{Deep, f as g};\npub fn own() {}\n",
        ),
        ("cli/inner/mod.rs", "mod deep;\npub(crate) use deep::*;\n"),
        ("cli/inner/deep.rs", ""),
        ("cli/a.rs", "use super::{Deep, g};\n"),
        ("cli/b.rs", "use super::own;\n"),
    ]);
    assert_eq!(found, ["cli/a -> cli/inner/deep", "cli/b -> cli"]);
}

#[test]
fn comments_and_test_code_make_no_edge() {
    let found = edges(&[
        (
            "cli/a.rs",
            "// use super::b;\n/// See [`super::b`].\n#[cfg(test)]\nmod tests {\n    use crate::cli::b;\n}\n",
        ),
        ("cli/b.rs", ""),
        ("cli/testing.rs", "use super::b;\n"),
        ("cli/a/tests.rs", "use crate::cli::b;\n"),
        ("cli/tests/case.rs", "use crate::cli::b;\n"),
    ]);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn circle_is_found_with_all_its_files_and_no_others() {
    let graph = graph(&[
        ("cli/a.rs", "use super::b::B;\n"),
        ("cli/b.rs", "use super::c::C;\n"),
        ("cli/c.rs", "use super::{a::A, d};\n"),
        ("cli/d.rs", ""),
        ("cli/e.rs", "use super::a;\n"),
        ("ops/f.rs", "use crate::cli::a;\n"),
    ]);
    let circles = graph.circles();
    assert_eq!(circles.len(), 1);
    assert_eq!(
        graph.describe(&circles[0]),
        "3 files in a circle:\n  cli/a -> cli/b (super::b::B)\n  cli/b -> cli/c (super::c::C)\n  \
         cli/c -> cli/a (super::a::A)"
    );
}

#[test]
fn parent_and_child_that_use_each_other_are_a_circle() {
    let graph = graph(&[
        ("cli/mod.rs", "mod a;\nuse a::A;\npub struct Own;\n"),
        ("cli/a.rs", "use super::Own;\n"),
    ]);
    assert_eq!(graph.circles().len(), 1);
}
