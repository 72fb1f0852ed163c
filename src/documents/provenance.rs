//! Traces which records each line of a rendered document comes from.
//!
//! A value is put into a template between two marks: code points of the last private-use plane
//! (U+100000 to U+10FFFD). The begin mark encodes an index into [`Provenance`]'s sources. After
//! rendering the marks are removed and yield the sources of each line, whatever the template does.
//! Text of users has none of that plane: `document_text` replaces it.

use super::markdown_escape::one_line;
use std::{borrow::Cow, collections::HashMap};

const FIRST_MARK: u32 = 0x10_0000;
const LAST_MARK: u32 = 0x10_FFFB;
const END_MARK: char = '\u{10FFFD}';

/// Delimits prose whose line breaks and indentation are kept.
pub const VERBATIM: char = '\u{10FFFC}';

fn is_mark(c: char) -> bool {
    u32::from(c) >= FIRST_MARK
}

/// Removes all code points that marks are made of.
#[must_use]
pub fn strip_marks(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_mark) {
        Cow::Owned(text.chars().filter(|c| !is_mark(*c)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// Returns `text` as one line of a document; `None` if it is empty.
pub(super) fn clean_line(text: &str) -> Option<String> {
    let text = one_line(text);
    (!text.is_empty()).then(|| text.into_owned())
}

/// The lists of sources that marks refer to, by index.
#[derive(Debug, Default)]
pub struct Provenance {
    sources: Vec<Vec<String>>,
    index_of: HashMap<Vec<String>, usize>,
}

impl Provenance {
    /// Returns `text` between marks that refer to `sources`. Returns it unmarked if `sources` is
    /// empty or there are more lists of sources than mark code points.
    pub fn mark(&mut self, text: &str, sources: &[String]) -> String {
        let known = self.index_of.get(sources).copied();
        let index = known.unwrap_or(self.sources.len());
        let code = u32::try_from(index)
            .ok()
            .and_then(|i| FIRST_MARK.checked_add(i));
        match code
            .filter(|code| *code <= LAST_MARK)
            .and_then(char::from_u32)
        {
            Some(begin) if !sources.is_empty() => {
                if known.is_none() {
                    self.index_of.insert(sources.to_vec(), index);
                    self.sources.push(sources.to_vec());
                }
                format!("{begin}{text}{END_MARK}")
            }
            _ => text.to_owned(),
        }
    }

    /// Returns `lines` without marks, and the sources of each line in the order of their begin marks.
    /// A value of several lines counts for each of them; one whose end mark a template cut off counts
    /// up to the next empty line.
    #[must_use]
    pub fn extract(&self, lines: &[String]) -> (Vec<String>, Vec<Vec<String>>) {
        let mut open: Vec<usize> = Vec::new();
        let mut in_prose = false;
        let mut clean = Vec::with_capacity(lines.len());
        let mut traced = Vec::with_capacity(lines.len());
        for marked in lines {
            let mut line_indexes: Vec<usize> = open.clone();
            let mut text = String::with_capacity(marked.len());
            for c in marked.chars() {
                if c == END_MARK {
                    open.pop();
                } else if is_mark(c) && c != VERBATIM {
                    let index = usize::try_from(u32::from(c) - FIRST_MARK).unwrap_or(usize::MAX);
                    open.push(index);
                    if !line_indexes.contains(&index) {
                        line_indexes.push(index);
                    }
                } else if c == VERBATIM {
                    in_prose = !in_prose;
                } else {
                    text.push(c);
                }
            }
            if text.trim().is_empty() {
                // Prose has empty lines of its own.
                if !in_prose {
                    open.clear();
                }
                line_indexes.clear();
            }
            let mut sources: Vec<String> = Vec::new();
            for source in line_indexes
                .into_iter()
                .filter_map(|i| self.sources.get(i))
                .flatten()
            {
                if !sources.contains(source) {
                    sources.push(source.clone());
                }
            }
            clean.push(text);
            traced.push(sources);
        }
        (clean, traced)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn provenance_lists_sources_per_line() {
        let mut marks = Provenance::default();
        let a = marks.mark("one\ntwo", &["kaa".into()]);
        let b = marks.mark("three", &["kbb".into(), "kaa".into()]);
        let text = format!("x {a} y {b}\n\n{}", marks.mark("four", &[]));
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let (clean, traced) = marks.extract(&lines);
        assert_eq!(clean, ["x one", "two y three", "", "four"]);
        assert_eq!(traced[0], ["kaa"]);
        assert_eq!(traced[1], ["kaa", "kbb"]);
        assert!(traced[2].is_empty() && traced[3].is_empty());
    }

    #[test]
    fn strip_removes_mark_characters() {
        assert_eq!(
            strip_marks("a\u{100000}b\u{10FFFD}c\u{f8ff}"),
            "abc\u{f8ff}"
        );
    }

    #[test]
    fn truncated_mark_ends_with_its_paragraph() {
        let mut marks = Provenance::default();
        let cut: String = marks
            .mark("word", &["kaa".into()])
            .chars()
            .take(3)
            .collect();
        let (clean, traced) = marks.extract(&[cut, "more".into(), String::new(), "next".into()]);
        assert_eq!(clean[0], "wo");
        assert_eq!(traced[1], ["kaa"]);
        assert!(traced[3].is_empty());
    }
}
