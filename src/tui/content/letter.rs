//! The rows of the email tab: the letter, its findings and its saved messages.

use super::findings;
use crate::tui::{
    model::Model,
    msg::Letter,
    text::{fit, span, width, wrap},
    theme::Meaning,
};
use ratatui::text::{Line, Span};

/// Screens at least this wide show the findings beside the letter, narrower ones below it.
pub const SIDE_BY_SIDE_WIDTH: u16 = 110;
/// Columns of the letter beside the findings.
pub const LETTER_WIDTH: u16 = 76;

/// Returns the columns that the letter is wrapped to.
#[must_use]
pub fn letter_columns(model: &Model) -> usize {
    if model.size.0 >= SIDE_BY_SIDE_WIDTH {
        usize::from(LETTER_WIDTH)
    } else {
        usize::from(model.size.0).saturating_sub(4)
    }
}

/// Returns how many rows the tab has, with the row of the stages.
#[must_use]
pub fn row_count(model: &Model) -> usize {
    let Some(letter) = &model.letter else {
        return 0;
    };
    let below = if model.size.0 >= SIDE_BY_SIDE_WIDTH {
        0
    } else {
        side_rows(model, letter, letter_columns(model)).len() + 1
    };
    letter_rows(model, letter, letter_columns(model)).len() + below + 1
}

/// Returns the labels of the stages; the one that is due says so.
#[must_use]
pub fn stage_labels(letter: &Letter) -> Vec<String> {
    let label = |(at, stage): (usize, &String)| {
        let due = at == letter.stage && letter.is_due;
        format!("{}{}", fit(stage, 12), if due { " (due)" } else { "" })
    };
    letter.stages.iter().enumerate().map(label).collect()
}

/// Returns `text` with its placeholders highlighted.
fn highlight_placeholders(model: &Model, text: &str) -> Vec<Span<'static>> {
    let warning = model.theme.style(Meaning::Warning);
    let span = |(text, is_placeholder): (&str, bool)| match is_placeholder {
        true => Span::styled(text.to_owned(), warning),
        false => Span::raw(text.to_owned()),
    };
    findings::split_placeholders(text)
        .into_iter()
        .map(span)
        .collect()
}

/// Returns the letter in rows of at most `columns`, with the source events of each line if those
/// are shown.
#[must_use]
pub fn letter_rows(model: &Model, letter: &Letter, columns: usize) -> Vec<Line<'static>> {
    let theme = &model.theme;
    let dim = theme.style(Meaning::Dim);
    let mut rows = vec![Line::default()];
    let subject = vec![
        Span::styled("Subject: ", dim),
        Span::styled(
            fit(&letter.subject, columns.saturating_sub(9)),
            theme.style(Meaning::Strong),
        ),
    ];
    rows.push(Line::from(subject));
    rows.push(Line::default());
    for (at, line) in letter.body.lines().enumerate() {
        for text in wrap(line, columns) {
            rows.push(Line::from(highlight_placeholders(model, &text)));
        }
        if !model.show_sources {
            continue;
        }
        let sources_of = |number| {
            let lines = letter
                .sources
                .iter()
                .filter(move |(line, _)| *line == number);
            lines.flat_map(|(_, sources)| sources)
        };
        // A sentence may span lines: its sources are shown under the first.
        let new_sources = sources_of(at + 1).filter(|source| !sources_of(at).any(|s| s == *source));
        for source in new_sources {
            rows.push(Line::from(vec![
                Span::styled("  ↳ ", theme.style(Meaning::Accent)),
                span(
                    &fit(source, columns.saturating_sub(4)),
                    theme.style(Meaning::Accent),
                ),
            ]));
        }
    }
    rows
}

/// Returns the findings and the saved messages in rows of at most `columns`.
#[must_use]
pub fn side_rows(model: &Model, letter: &Letter, columns: usize) -> Vec<Line<'static>> {
    let theme = &model.theme;
    let mut rows = findings::finding_rows(model, &letter.findings, columns);
    if !letter.saved_messages.is_empty() {
        rows.push(Line::default());
        rows.push(Line::from(Span::styled(
            "Kept",
            theme.style(Meaning::Strong),
        )));
        for message in &letter.saved_messages {
            for text in wrap(message, columns) {
                rows.push(Line::from(text));
            }
        }
    }
    rows.push(Line::default());
    let hint = "t shows which events each sentence comes from";
    if !model.show_sources && width(hint) <= columns {
        rows.push(Line::from(Span::styled(hint, theme.style(Meaning::Dim))));
    }
    rows
}
