//! Joins the lines of a rendered letter into paragraphs, and wraps them.
//!
//! Adjacent lines are one paragraph, so that templates can break lines anywhere. An empty line ends
//! it, `- ` at a line's start begins a list item, and a backslash at a line's end keeps the break.
//! Text of users begins and ends with a provenance mark, so that it is never taken for such layout.

use super::provenance::{VERBATIM, strip_marks};
use textwrap::{core::Fragment, wrap_algorithms::wrap_first_fit};
use unicode_width::UnicodeWidthStr;

/// The width of a letter in plain text.
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

/// Returns the lines of `text`. With `fill` (plain text) paragraphs are wrapped at [`COLUMNS`];
/// without (Markdown) each paragraph is one line, and a kept break keeps its backslash.
#[must_use]
pub fn wrap_lines(text: &str, fill: bool) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut paragraph = String::new();
    let flush = |paragraph: &mut String, out: &mut Vec<String>| {
        if !paragraph.is_empty() {
            push_wrapped(out, paragraph, fill);
            paragraph.clear();
        }
    };
    let mut verbatim = false;
    // True if the last line ended in a kept break, which is dropped at the end of a paragraph.
    let mut kept_break = false;
    for line in text.lines() {
        let was_verbatim = verbatim;
        verbatim ^= line.matches(VERBATIM).count() % 2 == 1;
        if !fill && (was_verbatim || verbatim || line.contains(VERBATIM)) {
            flush(&mut paragraph, &mut out);
            kept_break = false;
            out.push(line.trim_end().to_owned());
            continue;
        }
        let line = line.trim();
        if line.is_empty() {
            flush(&mut paragraph, &mut out);
            if std::mem::take(&mut kept_break) {
                drop_hard_break(&mut out);
            }
            if out.last().is_some_and(|last| !last.is_empty()) {
                out.push(String::new());
            }
            continue;
        }
        if line.starts_with("- ") || (was_verbatim && starts_list_item(line)) {
            flush(&mut paragraph, &mut out);
        }
        let without_backslash = line.strip_suffix('\\');
        kept_break = !fill && without_backslash.is_some();
        if !paragraph.is_empty() {
            paragraph.push(' ');
        }
        paragraph.push_str(without_backslash.unwrap_or(line).trim_end());
        if without_backslash.is_some() {
            if !fill {
                paragraph.push('\\');
            }
            flush(&mut paragraph, &mut out);
        }
    }
    flush(&mut paragraph, &mut out);
    if kept_break {
        drop_hard_break(&mut out);
    }
    while out.last().is_some_and(String::is_empty) {
        out.pop();
    }
    out
}

/// Removes the backslash of a kept break from the last line.
fn drop_hard_break(out: &mut [String]) {
    if let Some(last) = out.last_mut()
        && last.ends_with('\\')
    {
        last.pop();
    }
}

/// Returns true if `line` is a list item as prose has them: `* ...`, `1. ...`.
fn starts_list_item(line: &str) -> bool {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    line.starts_with("* ") || (digits > 0 && line[digits..].starts_with(". "))
}

fn push_wrapped(out: &mut Vec<String>, paragraph: &str, fill: bool) {
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
            let width = u32::try_from(strip_marks(word).width()).unwrap_or(u32::MAX);
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
    fn wrap_joins_paragraphs_and_keeps_breaks() {
        let text = "\n\none two\nthree\n\n\n- item a\n  goes on\n- item b\n\nYours,\\\nUs\n\n";
        assert_eq!(
            wrap_lines(text, true),
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
        assert_eq!(wrap_lines("Yours,\\\nUs", false), ["Yours,\\", "Us"]);
        let text = "Yours,\\\nUs\\\n\nA\\\n";
        assert_eq!(wrap_lines(text, false), ["Yours,\\", "Us", "", "A"]);
    }

    #[test]
    fn wrapped_lines_fit_and_list_items_indent() {
        let text = format!("- {}", "seven77 ".repeat(20));
        let lines = wrap_lines(&text, true);
        assert!(lines.iter().all(|l| l.width() <= COLUMNS));
        assert!(lines[1].starts_with("  seven77"));
        let long = "x".repeat(100);
        assert_eq!(super::wrap_lines(&long, true), [long]);
    }

    #[test]
    fn verbatim_prose_keeps_markdown_indentation() {
        let text = format!("a\nb\n\n{VERBATIM}1. x\n   - y{VERBATIM}\n\nc");
        let found = super::super::provenance::Provenance::default()
            .extract(&wrap_lines(&text, false))
            .0;
        assert_eq!(found, ["a b", "", "1. x", "   - y", "", "c"]);
        let found = super::super::provenance::Provenance::default()
            .extract(&wrap_lines(&text, true))
            .0;
        assert_eq!(found, ["a b", "", "1. x", "- y", "", "c"]);
    }

    #[test]
    fn provenance_marks_have_no_width() {
        let mut marks = super::super::provenance::Provenance::default();
        let word = marks.mark("seven77", &["k".into()]);
        assert_eq!(wrap_lines(&format!("{word} ").repeat(9), true).len(), 1);
        let typed = marks.mark("- typed\\", &["k".into()]);
        assert_eq!(wrap_lines(&format!("one\n{typed}\ntwo"), true).len(), 1);
    }
}
