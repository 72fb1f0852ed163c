//! Private marks: which records stand behind each line of a rendered document.
//!
//! A value goes into a template between two code points of the last private-use plane; the first
//! names its sources. They are taken out after rendering, and on the way each line gives its
//! sources, whatever the template was. What a user typed is cleared of that plane first, so nobody
//! can forge a mark.

use std::borrow::Cow;

const FIRST_MARK: u32 = 0x10_0000;
const LAST_MARK: u32 = 0x10_FFFB;
const END_MARK: char = '\u{10FFFD}';

/// Stands before and after prose that keeps its lines as they are.
pub const VERBATIM: char = '\u{10FFFC}';

fn is_mark(c: char) -> bool {
    u32::from(c) >= FIRST_MARK
}

/// `text` without the code points that marks are made of.
#[must_use]
pub fn strip_marks(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_mark) {
        Cow::Owned(text.chars().filter(|c| !is_mark(*c)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// The sources given out so far.
#[derive(Debug, Default)]
pub struct Provenance {
    sources: Vec<Vec<String>>,
}

impl Provenance {
    /// `text`, which comes from `sources`, between its marks. Text of no source is given back as it
    /// is.
    pub fn mark(&mut self, text: &str, sources: &[String]) -> String {
        let known = self.sources.iter().rposition(|known| known == sources);
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
                    self.sources.push(sources.to_vec());
                }
                format!("{begin}{text}{END_MARK}")
            }
            _ => text.to_owned(),
        }
    }

    /// Takes the marks out of `lines` and gives the sources of each line, in the order in which they
    /// begin. A value that goes over several lines counts for all of them; one whose end a template
    /// cut off counts up to the next empty line.
    #[must_use]
    pub fn extract(&self, lines: &[String]) -> (Vec<String>, Vec<Vec<String>>) {
        let mut open: Vec<usize> = Vec::new();
        let mut clean = Vec::with_capacity(lines.len());
        let mut traced = Vec::with_capacity(lines.len());
        for marked in lines {
            let mut here: Vec<usize> = open.clone();
            let mut text = String::with_capacity(marked.len());
            for c in marked.chars() {
                if c == END_MARK {
                    open.pop();
                } else if is_mark(c) && c != VERBATIM {
                    let index = usize::try_from(u32::from(c) - FIRST_MARK).unwrap_or(usize::MAX);
                    open.push(index);
                    if !here.contains(&index) {
                        here.push(index);
                    }
                } else if c != VERBATIM {
                    text.push(c);
                }
            }
            if text.trim().is_empty() {
                open.clear();
                here.clear();
            }
            let mut sources: Vec<String> = Vec::new();
            for source in here
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
