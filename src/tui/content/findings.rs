//! What a document lacks, or must not say; and the markers in it that say so.

use crate::tui::{model::Model, text::wrap, theme::Meaning};
use ratatui::text::{Line, Span};

/// `text` in pieces, in their order: with true what a person must fill in, the `[[...]]`.
#[must_use]
pub fn split_placeholders(text: &str) -> Vec<(&str, bool)> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(from) = rest.find("[[") {
        let to = rest[from..]
            .find("]]")
            .map_or(rest.len(), |at| from + at + 2);
        out.push((&rest[..from], false));
        out.push((&rest[from..to], true));
        rest = &rest[to..];
    }
    out.push((rest, false));
    out
}

/// What was found, each with the command that mends it, in rows of at most `columns`.
#[must_use]
pub fn finding_rows(model: &Model, found: &[String], columns: usize) -> Vec<Line<'static>> {
    let theme = &model.theme;
    let head =
        |text: &str, meaning| Line::from(Span::styled(text.to_owned(), theme.style(meaning)));
    let mut out = vec![head("Before it goes out", Meaning::Strong)];
    if found.is_empty() {
        out.push(head("nothing is missing", Meaning::Ok));
    }
    for item in found {
        let rows = wrap(item, columns.saturating_sub(2));
        for (at, text) in rows.into_iter().enumerate() {
            let sign = if at == 0 { "! " } else { "  " };
            out.push(Line::from(vec![
                Span::styled(sign, theme.style(Meaning::Warning)),
                Span::raw(text),
            ]));
        }
    }
    out
}
