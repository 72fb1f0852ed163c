//! Letters as lines: what a template gave, filled to a width.
//!
//! Lines of a template that stand together are one paragraph, so that templates may be broken
//! anywhere. An empty line ends it, `- ` at a line's start begins an item, and a backslash at a
//! line's end keeps the break. All three are looked for outside private marks, which values come
//! in, so that what somebody typed is never taken for layout.

use super::marks::{VERBATIM, strip};
use textwrap::{core::Fragment, wrap_algorithms::wrap_first_fit};
use unicode_width::UnicodeWidthStr;

/// How wide a letter of plain text is. Source: DOCUMENTS, wrapped text parts.
pub const COLUMNS: usize = 72;

#[derive(Debug)]
struct Word<'a>(&'a str, f64);

impl Fragment for Word<'_> {
    fn width(&self) -> f64 {
        self.1
    }
    fn whitespace_width(&self) -> f64 {
        1.0
    }
    fn penalty_width(&self) -> f64 {
        0.0
    }
}

/// The lines of `text`. Filled to [`COLUMNS`] where `fill`, which is for plain text; in Markdown each
/// paragraph is one line, and a kept break keeps its backslash.
#[must_use]
pub fn lines(text: &str, fill: bool) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut paragraph = String::new();
    let flush = |paragraph: &mut String, out: &mut Vec<String>| {
        if !paragraph.is_empty() {
            fill_into(out, paragraph, fill);
            paragraph.clear();
        }
    };
    let mut verbatim = false;
    for line in text.lines() {
        let was_verbatim = verbatim;
        verbatim ^= line.matches(VERBATIM).count() % 2 == 1;
        if !fill && (was_verbatim || verbatim || line.contains(VERBATIM)) {
            flush(&mut paragraph, &mut out);
            out.push(line.trim_end().to_owned());
            continue;
        }
        let line = line.trim();
        if line.is_empty() {
            flush(&mut paragraph, &mut out);
            if out.last().is_some_and(|last| !last.is_empty()) {
                out.push(String::new());
            }
            continue;
        }
        if line.starts_with("- ") || (was_verbatim && begins_item(line)) {
            flush(&mut paragraph, &mut out);
        }
        let kept = line.strip_suffix('\\');
        if !paragraph.is_empty() {
            paragraph.push(' ');
        }
        paragraph.push_str(kept.unwrap_or(line).trim_end());
        if kept.is_some() {
            if !fill {
                paragraph.push('\\');
            }
            flush(&mut paragraph, &mut out);
        }
    }
    flush(&mut paragraph, &mut out);
    while out.last().is_some_and(String::is_empty) {
        out.pop();
    }
    out
}

/// True where prose has a list's item: `* ...`, `1. ...`.
fn begins_item(line: &str) -> bool {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    line.starts_with("* ") || (digits > 0 && line[digits..].starts_with(". "))
}

fn fill_into(out: &mut Vec<String>, paragraph: &str, fill: bool) {
    if !fill {
        out.push(paragraph.to_owned());
        return;
    }
    let indent = if paragraph.starts_with("- ") {
        "  "
    } else {
        ""
    };
    let words: Vec<Word<'_>> = paragraph
        .split(' ')
        .filter(|word| !word.is_empty())
        .map(|word| {
            let width = u32::try_from(strip(word).width()).unwrap_or(u32::MAX);
            Word(word, f64::from(width))
        })
        .collect();
    let width = |columns: usize| f64::from(u32::try_from(columns).unwrap_or(u32::MAX));
    let widths = [width(COLUMNS), width(COLUMNS - indent.len())];
    for (i, line) in wrap_first_fit(&words, &widths).iter().enumerate() {
        let line: Vec<&str> = line.iter().map(|word| word.0).collect();
        let indent = if i == 0 { "" } else { indent };
        out.push(format!("{indent}{}", line.join(" ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_items_and_kept_breaks() {
        let text = "\n\none two\nthree\n\n\n- item a\n  goes on\n- item b\n\nYours,\\\nUs\n\n";
        assert_eq!(
            lines(text, true),
            [
                "one two three",
                "",
                "- item a goes on",
                "- item b",
                "",
                "Yours,",
                "Us"
            ]
        );
        assert_eq!(lines("Yours,\\\nUs", false), ["Yours,\\", "Us"]);
    }

    #[test]
    fn no_line_is_wider_and_items_hang() {
        let text = format!("- {}", "seven77 ".repeat(20));
        let lines = lines(&text, true);
        assert!(lines.iter().all(|l| l.width() <= COLUMNS));
        assert!(lines[1].starts_with("  seven77"));
        let long = "x".repeat(100);
        assert_eq!(super::lines(&long, true), [long]);
    }

    #[test]
    fn prose_keeps_its_lines_in_markdown() {
        let text = format!("a\nb\n\n{VERBATIM}1. x\n   - y{VERBATIM}\n\nc");
        let found = super::super::marks::Marks::default()
            .read(&lines(&text, false))
            .0;
        assert_eq!(found, ["a b", "", "1. x", "   - y", "", "c"]);
        let found = super::super::marks::Marks::default()
            .read(&lines(&text, true))
            .0;
        assert_eq!(found, ["a b", "", "1. x", "- y", "", "c"]);
    }

    #[test]
    fn marks_take_no_room_and_hide_layout() {
        let mut marks = super::super::marks::Marks::default();
        let word = marks.mark("seven77", &["k".into()]);
        assert_eq!(lines(&format!("{word} ").repeat(9), true).len(), 1);
        let typed = marks.mark("- typed\\", &["k".into()]);
        assert_eq!(lines(&format!("one\n{typed}\ntwo"), true).len(), 1);
    }
}
