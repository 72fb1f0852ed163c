//! What a document lacks, or must not say.

use crate::tui::{model::Model, text::wrap, theme::Meaning};
use ratatui::text::{Line, Span};

/// What was found, each with the command that mends it, in rows of at most `columns`.
pub(super) fn lines(model: &Model, found: &[String], columns: usize) -> Vec<Line<'static>> {
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
