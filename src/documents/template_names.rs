//! Finds the names in templates that no template sets and no document gives, before one is rendered:
//! in a list or behind `and` they would give nothing, without an error.

use super::error::DocumentError;
use crate::domain::{
    suggestion::{did_you_mean, nearest},
    white_space::fold_white_space,
};
use std::collections::BTreeSet;

/// Names that minijinja or the environment define in every template.
const GLOBAL_NAMES: [&str; 12] = [
    "missing",
    "heading",
    "row",
    "day",
    "strong",
    "range",
    "dict",
    "namespace",
    "debug",
    "loop",
    "self",
    "super",
];

/// A name in a template that means nothing there.
pub(super) struct UnknownName<'a> {
    template: &'a str,
    line: Option<usize>,
    name: String,
}

impl UnknownName<'_> {
    /// The error that names it, and the nearest name of `known`.
    pub(super) fn error(&self, known: &BTreeSet<String>) -> DocumentError {
        let near = nearest(&self.name, known.iter().map(String::as_str));
        let mut message = format!("there is no `{}`", self.name);
        if let Some(near) = near {
            message += &format!(": {}", did_you_mean(&[format!("`{near}`")]));
        }
        DocumentError::Template {
            name: self.template.to_owned(),
            line: self.line,
            message,
        }
    }
}

/// Says what is wrong with `expression`, in which something is not there.
pub(super) fn undefined_message(expression: &str) -> String {
    let expression = expression.trim();
    if expression.chars().all(|c| is_word(c) || c == '.') {
        format!("there is no `{expression}`")
    } else {
        format!("something in `{expression}` is not there")
    }
}

/// Returns the names in the template `name`, and in those that it includes, that are neither in `known`
/// nor set by one of these templates. What a template asks for with `is defined` or gives a default may
/// be missing. `source` and `undeclared` give the text of a template and the names that it does not set.
pub(super) fn unknown_names<'a>(
    name: &'a str,
    known: &BTreeSet<String>,
    source: impl Fn(&str) -> Option<&'a str>,
    names: &[&'a str],
    undeclared: impl Fn(&str) -> Vec<String>,
) -> Vec<UnknownName<'a>> {
    let mut used = vec![name];
    let mut next = 0;
    while let Some(text) = used.get(next).map(|name| source(name).unwrap_or_default()) {
        for included in names {
            let is_quoted = ['"', '\'']
                .iter()
                .any(|q| text.contains(&format!("{q}{included}{q}")));
            if is_quoted && !used.contains(included) {
                used.push(included);
            }
        }
        next += 1;
    }
    let mut unknown = Vec::new();
    for template in &used {
        let text = source(template).unwrap_or_default();
        for name in undeclared(template) {
            let is_set_elsewhere = used.iter().any(|other| {
                other != template && find_line(source(other).unwrap_or_default(), &name).is_some()
            });
            if known.contains(&name)
                || GLOBAL_NAMES.contains(&name.as_str())
                || is_set_elsewhere
                || may_be_missing(text, &name)
            {
                continue;
            }
            unknown.push(UnknownName {
                template,
                line: find_line(text, &name),
                name,
            });
        }
    }
    unknown
}

/// True if `source` asks whether `name` is there.
fn may_be_missing(source: &str, name: &str) -> bool {
    let flat = fold_white_space(source);
    let flat = flat.replace(" | ", "|");
    [
        "is defined",
        "is not defined",
        "is undefined",
        "is not undefined",
    ]
    .iter()
    .map(|test| format!("{name} {test}"))
    .chain([format!("{name}|default"), format!("{name}|d(")])
    .any(|test| flat.contains(&test))
}

/// Returns the number, from 1, of the first line of `source` with `word` as a whole word.
fn find_line(source: &str, word: &str) -> Option<usize> {
    let has = |line: &str| line.split(|c| !is_word(c)).any(|w| w == word);
    source.lines().position(has).map(|at| at + 1)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
