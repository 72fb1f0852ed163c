//! The line that waits while a prompt or a question has the keys.

use crate::tui::{
    model::{Model, ROW_BREAK},
    text::fit,
    theme::Meaning,
};
use ratatui::text::Span;

type Row = Vec<Span<'static>>;

/// Returns the row `Your line is kept: restart the`; `None` if the line is empty.
#[must_use]
pub fn kept_line_row(model: &Model, columns: usize) -> Option<Row> {
    let text = model.capture.line.text();
    if text.trim().is_empty() {
        return None;
    }
    let text = format!(
        "Your line is kept: {}",
        text.replace([ROW_BREAK, '\n'], " ↵ ")
    );
    let style = model.theme.style(Meaning::Dim);
    Some(vec![Span::styled(fit(&text, columns), style)])
}
