//! The customer email of a stage; beside it, or under it, what is missing and must not go out.

use super::{draw_hint, draw_lines, draw_spans, findings_panel, titled_rule};
use crate::tui::{
    model::Model,
    msg::Letter,
    text::{fit, span, width, wrap},
    theme::Meaning,
};
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};

/// From so many columns on lint and sources stand beside the letter.
const SIDE_BY_SIDE_WIDTH: u16 = 110;
/// A letter's own width, with a margin.
const LETTER_WIDTH: u16 = 76;

fn letter_columns(model: &Model) -> usize {
    if model.size.0 >= SIDE_BY_SIDE_WIDTH {
        usize::from(LETTER_WIDTH)
    } else {
        usize::from(model.size.0).saturating_sub(4)
    }
}

/// How many rows the letter takes on this screen, the rule over it counted.
#[must_use]
pub fn rows(model: &Model) -> usize {
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

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let Some(letter) = &model.letter else {
        if model.summary.is_none() && model.first_load_done {
            draw_hint(
                model,
                area,
                buf,
                &[("", "There is no incident to write about yet.")],
            );
        }
        return;
    };
    draw_stages(model, letter, Rect { height: 1, ..area }, buf);
    let below = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1),
        x: area.x + 2,
        width: area.width.saturating_sub(4),
    };
    let columns = letter_columns(model);
    let mut text = letter_rows(model, letter, columns);
    if area.width >= SIDE_BY_SIDE_WIDTH {
        let beside = Rect {
            x: area.x + LETTER_WIDTH + 5,
            width: area.width.saturating_sub(LETTER_WIDTH + 6),
            ..below
        };
        draw_lines(buf, below, &text, model.letter_scroll);
        let side = side_rows(model, letter, beside.width.into());
        draw_lines(buf, beside, &side, 0);
    } else {
        text.push(Line::default());
        text.extend(side_rows(model, letter, columns));
        draw_lines(buf, below, &text, model.letter_scroll);
    }
}

fn stage_labels(letter: &Letter) -> Vec<String> {
    let word = |(at, stage): (usize, &String)| {
        let due = at == letter.stage && letter.is_due;
        format!("{}{}", fit(stage, 12), if due { " (due)" } else { "" })
    };
    letter.stages.iter().enumerate().map(word).collect()
}

/// The stage at column `x` of the first row of the page.
#[must_use]
pub fn stage_at(model: &Model, x: u16) -> Option<usize> {
    let words = stage_labels(model.letter.as_ref()?);
    super::choice_at(&words, x.checked_sub(1)?)
}

fn draw_stages(model: &Model, letter: &Letter, area: Rect, buf: &mut Buffer) {
    draw_spans(
        buf,
        area.x,
        area.y,
        area.width,
        titled_rule(model, "", area.width),
    );
    let words = stage_labels(letter);
    let spans = super::choice_bar(model, &words, letter.stage, Meaning::Customer);
    draw_spans(buf, area.x + 1, area.y, area.width, spans);
}

/// Draws attention to what a person must fill in.
fn highlight_placeholders(model: &Model, text: &str) -> Vec<Span<'static>> {
    let warning = model.theme.style(Meaning::Warning);
    let span = |(text, open): (&str, bool)| match open {
        true => Span::styled(text.to_owned(), warning),
        false => Span::raw(text.to_owned()),
    };
    findings_panel::split_placeholders(text)
        .into_iter()
        .map(span)
        .collect()
}

fn letter_rows(model: &Model, letter: &Letter, columns: usize) -> Vec<Line<'static>> {
    let theme = &model.theme;
    let dim = theme.style(Meaning::Dim);
    let mut out = vec![Line::default()];
    let subject = vec![
        Span::styled("Subject: ", dim),
        Span::styled(
            fit(&letter.subject, columns.saturating_sub(9)),
            theme.style(Meaning::Strong),
        ),
    ];
    out.push(Line::from(subject));
    out.push(Line::default());
    for (at, line) in letter.body.lines().enumerate() {
        for text in wrap(line, columns) {
            out.push(Line::from(highlight_placeholders(model, &text)));
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
        // A sentence goes on over lines: what stands behind it is said once.
        let fresh = sources_of(at + 1).filter(|source| !sources_of(at).any(|s| s == *source));
        for source in fresh {
            out.push(Line::from(vec![
                Span::styled("  ↳ ", theme.style(Meaning::Accent)),
                span(
                    &fit(source, columns.saturating_sub(4)),
                    theme.style(Meaning::Accent),
                ),
            ]));
        }
    }
    out
}

fn side_rows(model: &Model, letter: &Letter, columns: usize) -> Vec<Line<'static>> {
    let theme = &model.theme;
    let mut out = findings_panel::finding_rows(model, &letter.findings, columns);
    if !letter.saved_messages.is_empty() {
        out.push(Line::default());
        out.push(Line::from(Span::styled(
            "Kept",
            theme.style(Meaning::Strong),
        )));
        for kept in &letter.saved_messages {
            for text in wrap(kept, columns) {
                out.push(Line::from(text));
            }
        }
    }
    out.push(Line::default());
    let note = "t shows which events each sentence comes from";
    if !model.show_sources && width(note) <= columns {
        out.push(Line::from(Span::styled(note, theme.style(Meaning::Dim))));
    }
    out
}
