//! The findings of a document, and the `[[...]]` placeholders in it.

use crate::tui::{model::Model, text::wrap, theme::Meaning};
use ratatui::text::{Line, Span};

/// Splits `text` into pieces, in their order; true marks a `[[...]]` placeholder, which a person
/// must fill in.
#[must_use]
pub fn split_placeholders(text: &str) -> Vec<(&str, bool)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(from) = rest.find("[[") {
        let to = rest[from..]
            .find("]]")
            .map_or(rest.len(), |at| from + at + 2);
        pieces.push((&rest[..from], false));
        pieces.push((&rest[from..to], true));
        rest = &rest[to..];
    }
    pieces.push((rest, false));
    pieces
}

/// Returns the findings, each with the command that fixes it, in rows of at most `columns`.
#[must_use]
pub fn finding_rows(model: &Model, findings: &[String], columns: usize) -> Vec<Line<'static>> {
    let theme = &model.theme;
    let heading =
        |text: &str, meaning| Line::from(Span::styled(text.to_owned(), theme.style(meaning)));
    let mut rows = vec![heading("Before it goes out", Meaning::Strong)];
    if findings.is_empty() {
        rows.push(heading("nothing is missing", Meaning::Ok));
    }
    for finding in findings {
        let lines = wrap(finding, columns.saturating_sub(2));
        for (at, text) in lines.into_iter().enumerate() {
            let mark = if at == 0 { "! " } else { "  " };
            rows.push(Line::from(vec![
                Span::styled(mark, theme.style(Meaning::Warning)),
                Span::raw(text),
            ]));
        }
    }
    rows
}
