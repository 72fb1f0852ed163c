//! Makes the HTML part of a letter from its lines in [`Layout::Html`](super::wrap::Layout).
//!
//! Mail programs turn colours over for dark screens, each in its own way, and some drop style sheets. So
//! all styles are inline, and there is no colour but that of the hairlines, and no background.

use super::{
    html::{escaped, markdown_to_html},
    letter_lines::{CELL, HEADING, ISOLATE, ISOLATE_END, ITEM, LINE, STRONG},
};
use crate::domain::document_text::{self, is_right_to_left};
use std::fmt::Write as _;

/// A line that parts tables. It is seen on white and on black paper.
const HAIRLINE: &str = "border-top:1px solid #8a949c";

/// The width of the column of times in pixels: of `10:40`, and of `about 10:40`.
const TIME_WIDTHS: [usize; 2] = [56, 96];
/// The width of a letter of a time that is longer still.
const TIME_LETTER_WIDTH: usize = 9;

/// A state of so many letters stays on its line.
const MAX_UNBROKEN_LETTERS: usize = 20;

/// Returns the page with `subject` as its title and the letter `body`.
pub(super) fn page(subject: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"supported-color-schemes\" content=\"light dark\">\n\
         <title>{}</title>\n</head>\n<body style=\"margin:0;padding:0\">\n\
         <table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" width=\"100%\" \
         style=\"max-width:600px\">\n\
         <tr><td dir=\"{}\" style=\"padding:24px 16px;font-family:Arial,sans-serif;font-size:16px;\
         line-height:24px;word-break:break-word\">\n{}</td></tr>\n</table>\n</body>\n</html>\n",
        escaped(subject),
        direction(body),
        blocks(body)
    )
}

/// Returns the direction of the sentences of `body`: that of its first letter, not counting typed texts of
/// another direction and prose, which have their own.
fn direction(body: &str) -> &'static str {
    let mut depth = 0_usize;
    let sentences = body
        .lines()
        .filter(|line| line.starts_with([HEADING, CELL, LINE, ITEM]));
    for c in sentences.flat_map(str::chars) {
        match c {
            '\u{2066}'..=ISOLATE => depth += 1,
            ISOLATE_END => depth = depth.saturating_sub(1),
            c if depth == 0 && is_right_to_left(c) => return "rtl",
            c if depth == 0 && c.is_alphabetic() => return "ltr",
            _ => {}
        }
    }
    "ltr"
}

/// Returns `cell` without the isolate that is all of it: the direction of the cell is that of its text.
fn without_isolate(cell: &str) -> &str {
    let inside = cell
        .strip_prefix(ISOLATE)
        .and_then(|cell| cell.strip_suffix(ISOLATE_END));
    match inside {
        Some(inside) if document_text::first_refused(inside).is_none() => inside,
        _ => cell,
    }
}

/// Returns the HTML of the lines of `body`.
fn blocks(body: &str) -> String {
    let lines: Vec<&str> = body.lines().collect();
    let mut out = String::with_capacity(body.len() * 3);
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let kind = line.chars().next();
        let rest = &lines[at..];
        let count = match kind {
            Some(HEADING) => 1,
            Some(CELL) => count_while(rest, |line| line.starts_with(CELL)),
            Some(LINE) => count_while(rest, |line| line.starts_with(LINE)),
            Some(ITEM) => 1 + count_while(&rest[1..], |line| line.starts_with(LINE)),
            _ => count_while(rest, |line| !line.starts_with([HEADING, CELL, LINE, ITEM])),
        };
        let block = &rest[..count];
        match kind {
            Some(HEADING) => push_heading(&mut out, line),
            Some(CELL) => push_table(&mut out, block),
            Some(LINE) => {
                // Prose that goes on where a sentence of the template ends, such as an apology.
                let more = count_while(&rest[count..], |line| {
                    !line.is_empty() && !line.starts_with([HEADING, CELL, LINE, ITEM])
                });
                if more == 0 {
                    push_paragraph(&mut out, block);
                } else {
                    let joined: Vec<&str> = rest[..count + more]
                        .iter()
                        .map(|line| line.trim_start_matches(LINE))
                        .collect();
                    out.push_str(&prose(&joined.join("\n")));
                }
                at += more;
            }
            Some(ITEM) => {
                let next = rest[count..].iter().find(|line| !line.is_empty());
                let goes_on = next.is_some_and(|line| {
                    line.starts_with(ITEM) || line.trim_start_matches(LINE).starts_with(STRONG)
                });
                push_item(&mut out, block, if goes_on { 10 } else { 24 });
            }
            _ => out.push_str(&prose(&block.join("\n"))),
        }
        at += count;
    }
    out
}

fn count_while(lines: &[&str], is_of: impl Fn(&str) -> bool) -> usize {
    lines.iter().take_while(|line| is_of(line)).count()
}

/// A heading; what it has in brackets at its end, such as a zone, is smaller.
fn push_heading(out: &mut String, line: &str) {
    let text = line.trim_start_matches(HEADING);
    let (text, aside) = match text.rsplit_once(" (") {
        Some((text, aside)) if aside.ends_with(')') => (text, Some(aside)),
        _ => (text, None),
    };
    let _ = write!(
        out,
        "<h2 style=\"margin:24px 0 8px;font-size:18px;line-height:24px;font-weight:bold\">{}",
        inline(text)
    );
    if let Some(aside) = aside {
        let _ = write!(
            out,
            " <span style=\"font-size:15px;font-weight:normal\">({}</span>",
            inline(aside)
        );
    }
    out.push_str("</h2>\n");
}

/// A paragraph. A line that begins with a label is one of its own.
fn push_paragraph(out: &mut String, lines: &[&str]) {
    let lines: Vec<&str> = lines.iter().map(|line| text_of(line)).collect();
    let mut at = 0;
    while at < lines.len() {
        let is_label = |line: &str| line.starts_with(STRONG);
        let more = count_while(&lines[at + 1..], |line| {
            !is_label(line) && !is_label(lines[at])
        });
        let text: Vec<String> = lines[at..=at + more]
            .iter()
            .map(|line| inline(line))
            .collect();
        at += more + 1;
        let margin = match (is_label(lines[at - 1]), at < lines.len()) {
            (true, true) => 8,
            // The title of a group of items.
            (true, false) if lines[at - 1].ends_with(STRONG) => 4,
            _ => 16,
        };
        push_text(out, margin, &text.join("<br>\n"));
    }
}

/// An item: its text, and on lines of their own what is recorded of it.
fn push_item(out: &mut String, lines: &[&str], margin: usize) {
    let mut text = inline(text_of(lines[0]));
    for line in &lines[1..] {
        let _ = write!(
            text,
            "<br>\n<span style=\"font-size:15px\">{}</span>",
            inline(text_of(line))
        );
    }
    push_text(out, margin, &text);
}

fn push_text(out: &mut String, margin: usize, html: &str) {
    let _ = writeln!(out, "<p style=\"margin:0 0 {margin}px\">{html}</p>");
}

/// The text of a line, without its mark and the backslash of a break that is kept.
fn text_of(line: &str) -> &str {
    let line = line.trim_start_matches([LINE, ITEM]);
    // An escaped backslash is text.
    let backslashes = line.len() - line.trim_end_matches('\\').len();
    &line[..line.len() - backslashes % 2]
}

/// A table of steps, with a time and a text in a row, or of spells, with three cells; a row of one cell
/// heads those after it, and an empty one is a gap.
fn push_table(out: &mut String, lines: &[&str]) {
    let mut rows: Vec<Vec<&str>> = lines
        .iter()
        .map(|line| line.split(CELL).skip(1).collect::<Vec<_>>())
        .collect();
    let is_gap = |row: &Vec<&str>| row.iter().all(|cell| cell.is_empty());
    while rows.last().is_some_and(is_gap) {
        rows.pop();
    }
    let columns = rows.iter().map(Vec::len).max().unwrap_or(1);
    let is_of_spells = columns > 2;
    let times = rows.iter().filter(|row| row.len() == 2);
    let letters = times
        .map(|row| inline(row[0]).chars().count())
        .max()
        .unwrap_or_default();
    let time_width = match letters {
        0..=5 => TIME_WIDTHS[0],
        6..=11 => TIME_WIDTHS[1],
        longer => longer * TIME_LETTER_WIDTH,
    }
    .to_string();
    let bottom = if is_of_spells {
        format!("{};", HAIRLINE.replace("top", "bottom"))
    } else {
        String::new()
    };
    let _ = writeln!(
        out,
        "<table cellpadding=\"0\" cellspacing=\"0\" border=\"0\" width=\"100%\" style=\"{bottom}\
         margin:0 0 16px;border-collapse:collapse;font-size:15px;line-height:22px\">"
    );
    for (at, row) in rows.iter().enumerate() {
        let next = rows.get(at + 1);
        if is_gap(row) {
            // The line over a heading row is a gap already.
            if next.is_some_and(|next| next.len() > 1) {
                let _ = writeln!(
                    out,
                    "<tr><td colspan=\"{columns}\" style=\"height:10px;line-height:10px\"></td></tr>"
                );
            }
            continue;
        }
        if let [head] = row.as_slice() {
            let _ = writeln!(
                out,
                "<tr><th colspan=\"{columns}\" scope=\"rowgroup\" dir=\"auto\" style=\"{HAIRLINE};\
                 padding:{} 0 {};text-align:start;font-weight:bold\">{}</th></tr>",
                if is_of_spells { "5px" } else { "6px" },
                if is_of_spells { "0" } else { "2px" },
                inline(without_isolate(head))
            );
            continue;
        }
        let (above, below) = match (is_of_spells, next) {
            (true, Some(next)) if next.len() > 1 => (0, 0),
            (true, _) => (0, 6),
            (false, Some(next)) if next.len() == 1 && !is_gap(next) => (3, 7),
            (false, _) => (3, 3),
        };
        out.push_str("<tr>");
        for (column, cell) in row.iter().enumerate() {
            let (width, style) = match (is_of_spells, column) {
                (false, 0) => (Some(time_width.clone()), "white-space:nowrap;"),
                (true, 0) => (Some("20%".to_owned()), ""),
                (true, 2..) => (None, "text-align:end;white-space:nowrap;"),
                _ => (None, ""),
            };
            // A command that a marker names may be long.
            let style = match (is_of_spells, column) {
                (true, 0) if cell.chars().count() <= MAX_UNBROKEN_LETTERS => "white-space:nowrap;",
                _ => style,
            };
            let width = width.map_or_else(String::new, |width| format!(" width=\"{width}\""));
            let is_last = column + 1 == row.len();
            let side = if is_last || !is_of_spells && column == 0 {
                0
            } else {
                12
            };
            let _ = write!(
                out,
                "<td{width} dir=\"auto\" valign=\"top\" style=\"{style}padding:{above}px {side}px {below}px 0\">{}</td>",
                inline(without_isolate(cell))
            );
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</table>\n");
}

/// The Markdown of one line as HTML; what stands between [`STRONG`] is bold.
fn inline(markdown: &str) -> String {
    let mut out = String::new();
    for (at, part) in markdown.split(STRONG).enumerate() {
        // Markdown drops blanks at the ends of a paragraph.
        let text = part.trim();
        let before = &part[..part.len() - part.trim_start().len()];
        let after = &part[part.trim_end().len().max(before.len())..];
        let html = plain_tags(&markdown_to_html(text));
        let html = html.trim_end();
        let inside = html
            .strip_prefix("<p dir=\"auto\">")
            .and_then(|html| html.strip_suffix("</p>"));
        let html = inside.unwrap_or(html);
        let bold = at % 2 == 1 && !html.is_empty();
        let (start, end) = if bold { ("<b>", "</b>") } else { ("", "") };
        let _ = write!(out, "{before}{start}{html}{end}{after}");
    }
    out
}

/// The Markdown of a person's own paragraphs as HTML, with the distances of the letter.
fn prose(markdown: &str) -> String {
    if markdown.trim().is_empty() {
        return String::new();
    }
    let html = plain_tags(&markdown_to_html(markdown));
    html.replace(
        "<p dir=\"auto\">",
        "<p dir=\"auto\" style=\"margin:0 0 16px\">",
    )
}

/// Takes from `html` what only a page has a style for. Text has no tags: it is escaped.
fn plain_tags(html: &str) -> String {
    let html = html.replace("<mark>", "<b>[[").replace("</mark>", "]]</b>");
    let html = html.replace(
        "<table class=\"cards\">",
        "<table border=\"1\" cellpadding=\"4\" cellspacing=\"0\">",
    );
    let html = html.replace("<pre class=\"raw\">", "<pre>");
    let html = html.replace("<span class=\"image\">", "<span>");
    html.replace("<pre>", "<pre style=\"white-space:pre-wrap\">")
}
