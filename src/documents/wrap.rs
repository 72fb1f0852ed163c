//! Joins the lines of a rendered letter into paragraphs, and wraps them.
//!
//! Adjacent lines are one paragraph, so that templates can break lines anywhere. An empty line ends
//! it, `- ` at a line's start begins a list item, and a backslash at a line's end keeps the break. A
//! [`row`](super::letter_lines::row) is a line of a table.
//! Text of users begins and ends with a provenance mark, so that it is never taken for such layout.

use super::{
    letter_lines::{CELL, DAY, HEADING, ITEM, LINE, STRONG},
    provenance::{VERBATIM, strip_marks},
};
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

/// How the lines of a letter are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Plain text, wrapped at [`COLUMNS`].
    Terminal,
    /// The same for mail programs, which join the lines that end in a space. Source: RFC 3676.
    Flowed,
    /// One line per paragraph; a kept break keeps its backslash, and rows are list items.
    Markdown,
    /// The same for `letter_html`: each line begins with the mark of `letter_lines` that says what it is;
    /// those of prose have none.
    Html,
}

impl Layout {
    fn is_plain(self) -> bool {
        matches!(self, Self::Terminal | Self::Flowed)
    }
}

#[must_use]
pub fn wrap_lines(text: &str, layout: Layout) -> Vec<String> {
    let fill = layout.is_plain();
    let mut out: Vec<String> = Vec::new();
    let mut paragraph = String::new();
    // True while lines belong to a list item, after a kept break in it.
    let mut in_item = false;
    let flush = |paragraph: &mut String, out: &mut Vec<String>, in_item: bool| {
        if !paragraph.is_empty() {
            let indent = if in_item { "  " } else { "" };
            push_wrapped(out, paragraph, indent, layout);
            paragraph.clear();
        }
    };
    let mut verbatim = false;
    // True if the last line ended in a kept break, which is dropped at the end of a paragraph.
    let mut kept_break = false;
    let mut rows: Vec<Vec<&str>> = Vec::new();
    let without_strong;
    let text = match layout {
        Layout::Html => text,
        _ => {
            without_strong = text.replace(STRONG, "");
            &without_strong
        }
    };
    for line in text.lines().chain([""]) {
        let was_verbatim = verbatim;
        verbatim ^= line.matches(VERBATIM).count() % 2 == 1;
        if let Some(cells) = line.strip_prefix(CELL).filter(|_| !was_verbatim) {
            flush(&mut paragraph, &mut out, in_item);
            rows.push(cells.split(CELL).collect());
            continue;
        }
        let day = line.strip_prefix(DAY).filter(|_| !was_verbatim);
        if let Some(day) = day.filter(|_| layout == Layout::Html) {
            flush(&mut paragraph, &mut out, in_item);
            rows.push(vec![day]);
            continue;
        }
        if layout == Layout::Html && line.trim().is_empty() && !rows.is_empty() && !was_verbatim {
            // Rows that are apart stay in one table, whose columns are then of one width.
            rows.push(Vec::new());
            continue;
        }
        if !rows.is_empty() {
            push_rows(&mut out, &std::mem::take(&mut rows), layout);
        }
        if let Some(heading) = line.strip_prefix(HEADING).filter(|_| !was_verbatim) {
            flush(&mut paragraph, &mut out, in_item);
            out.push(match layout {
                Layout::Terminal | Layout::Flowed => heading.to_owned(),
                Layout::Markdown => format!("**{heading}**"),
                Layout::Html => line.to_owned(),
            });
            out.push(String::new());
            continue;
        }
        if let Some(day) = day {
            flush(&mut paragraph, &mut out, in_item);
            out.extend([day.to_owned(), String::new()]);
            continue;
        }
        if !fill && (was_verbatim || verbatim || line.contains(VERBATIM)) {
            flush(&mut paragraph, &mut out, in_item);
            kept_break = false;
            out.push(line.trim_end().to_owned());
            continue;
        }
        let line = line.trim();
        if line.is_empty() {
            flush(&mut paragraph, &mut out, in_item);
            if std::mem::take(&mut kept_break) {
                drop_hard_break(&mut out);
            }
            in_item = false;
            if out.last().is_some_and(|last| !last.is_empty()) {
                out.push(String::new());
            }
            continue;
        }
        let starts_item = line.starts_with("- ");
        if starts_item || (was_verbatim && starts_list_item(line)) {
            flush(&mut paragraph, &mut out, in_item);
            in_item = false;
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
            let is_item = in_item || paragraph.starts_with("- ");
            flush(&mut paragraph, &mut out, in_item);
            in_item = is_item;
        }
    }
    if !rows.is_empty() {
        push_rows(&mut out, &rows, layout);
    }
    while out.last().is_some_and(String::is_empty) {
        out.pop();
    }
    while out.first().is_some_and(String::is_empty) {
        out.remove(0);
    }
    out
}

/// The width of `text` on a terminal, without the marks in it.
fn width(text: &str) -> usize {
    strip_marks(text).width()
}

fn push_rows(out: &mut Vec<String>, rows: &[Vec<&str>], layout: Layout) {
    let count = rows.iter().map(Vec::len).max().unwrap_or_default();
    match layout {
        Layout::Terminal | Layout::Flowed => {
            let widths: Vec<usize> = (0..count)
                .map(|at| {
                    let cells = rows.iter().filter(|row| row.len() > 2);
                    let cells = cells.filter_map(|row| row.get(at));
                    cells.map(|cell| width(cell)).max().unwrap_or_default()
                })
                .collect();
            for row in rows {
                match row.as_slice() {
                    [heading] => out.push(format!("  {heading}")),
                    [time, text] => push_wrapped(out, &format!("{time} {text}"), "", layout),
                    cells => out.push(aligned(cells, &widths)),
                }
            }
        }
        Layout::Markdown => {
            for row in rows {
                if row.len() == 1 && out.last().is_some_and(|last| !last.is_empty()) {
                    out.push(String::new());
                }
                out.push(match row.as_slice() {
                    [heading] => format!("**{heading}**"),
                    [time, text] => format!("- {time} {text}"),
                    cells => format!("- {}", cells.join(", ")),
                });
                if row.len() == 1 {
                    out.push(String::new());
                }
            }
        }
        Layout::Html => {
            for row in rows {
                let cells = row.iter().map(|cell| format!("{CELL}{cell}"));
                out.push(match row.is_empty() {
                    true => CELL.to_string(),
                    false => cells.collect(),
                });
            }
            out.push(String::new());
        }
    }
}

/// Returns `cells` indented, each as wide as its column, and the last one at the right.
fn aligned(cells: &[&str], widths: &[usize]) -> String {
    let mut line = "  ".to_owned();
    for (at, (cell, column)) in cells.iter().zip(widths).enumerate() {
        let gap = " ".repeat(column.saturating_sub(width(cell)));
        line.push_str("  ");
        if at + 1 == cells.len() {
            line.push_str(&gap);
            line.push_str(cell);
        } else {
            line.push_str(cell);
            line.push_str(&gap);
        }
    }
    line
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

/// Appends `paragraph`, whose first line begins with `first_indent`.
fn push_wrapped(out: &mut Vec<String>, paragraph: &str, first_indent: &str, layout: Layout) {
    if layout == Layout::Html {
        out.push(match paragraph.strip_prefix("- ") {
            Some(item) => format!("{ITEM}{item}"),
            None => format!("{LINE}{paragraph}"),
        });
        return;
    }
    if !layout.is_plain() {
        out.push(format!("{first_indent}{paragraph}"));
        return;
    }
    let indent = if paragraph.starts_with("- ") {
        "  "
    } else {
        first_indent
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
    let widths = [
        width(COLUMNS - first_indent.len()),
        width(COLUMNS - indent.len()),
    ];
    let lines = wrap_first_fit(&words, &widths);
    let last = lines.len().saturating_sub(1);
    for (i, line) in lines.iter().enumerate() {
        let line: Vec<&str> = line.iter().map(|word| word.0).collect();
        let indent = if i == 0 { first_indent } else { indent };
        let soft_break = if layout == Layout::Flowed && i < last {
            " "
        } else {
            ""
        };
        out.push(format!("{indent}{}{soft_break}", line.join(" ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrap_joins_paragraphs_and_keeps_breaks() {
        let text = "\n\none two\nthree\n\n\n- item a\n  goes on\n- item b\n\nYours,\\\nUs\n\n";
        assert_eq!(
            wrap_lines(text, Layout::Terminal),
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
        assert_eq!(
            wrap_lines("Yours,\\\nUs", Layout::Markdown),
            ["Yours,\\", "Us"]
        );
        let text = "Yours,\\\nUs\\\n\nA\\\n";
        assert_eq!(
            wrap_lines(text, Layout::Markdown),
            ["Yours,\\", "Us", "", "A"]
        );
    }

    #[test]
    fn wrapped_lines_fit_and_list_items_indent() {
        let text = format!("- {}", "seven77 ".repeat(20));
        let lines = wrap_lines(&text, Layout::Terminal);
        assert!(lines.iter().all(|l| l.width() <= COLUMNS));
        assert!(lines[1].starts_with("  seven77"));
        let long = "x".repeat(100);
        assert_eq!(super::wrap_lines(&long, Layout::Terminal), [long]);
    }

    #[test]
    fn verbatim_prose_keeps_markdown_indentation() {
        let text = format!("a\nb\n\n{VERBATIM}1. x\n   - y{VERBATIM}\n\nc");
        let found = super::super::provenance::Provenance::default()
            .extract(&wrap_lines(&text, Layout::Markdown))
            .0;
        assert_eq!(found, ["a b", "", "1. x", "   - y", "", "c"]);
        let found = super::super::provenance::Provenance::default()
            .extract(&wrap_lines(&text, Layout::Terminal))
            .0;
        assert_eq!(found, ["a b", "", "1. x", "- y", "", "c"]);
    }

    #[test]
    fn provenance_marks_have_no_width() {
        let mut marks = super::super::provenance::Provenance::default();
        let word = marks.mark("seven77", &["k".into()]);
        assert_eq!(
            wrap_lines(&format!("{word} ").repeat(9), Layout::Terminal).len(),
            1
        );
        let typed = marks.mark("- typed\\", &["k".into()]);
        assert_eq!(
            wrap_lines(&format!("one\n{typed}\ntwo"), Layout::Terminal).len(),
            1
        );
    }
}
