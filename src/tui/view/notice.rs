//! The row above the keys: what needs the user. A failure first, then the question for a state, then writes
//! that are not in the store yet. Where it is free, what happened last, if that is too long for its own place.

use super::widgets::draw_spans;
use crate::tui::{
    content::unsaved::{late_writes, short_notice, unsaved_notice},
    layout::notice::{question, whole_message},
    model::{Model, ROW_BREAK},
    text::{fit, width},
    theme::Meaning,
};
use ratatui::{buffer::Buffer, layout::Rect, style::Modifier, text::Span};

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let style = |meaning| model.theme.style(meaning);
    let columns = usize::from(area.width);
    let failure = unsaved_notice(model).and_then(|text| {
        if width(&text) + 3 <= columns {
            Some(text)
        } else {
            short_notice(model)
        }
    });
    let failure = failure.or_else(|| model.failure.as_ref().map(|failure| failure.text.clone()));
    if let Some(failure) = failure {
        let waiting = match model.state_questions().len() {
            0 => String::new(),
            1 => " (and 1 question)".to_owned(),
            n => format!(" (and {n} questions)"),
        };
        let room = columns.saturating_sub(3 + width(&waiting));
        let text = format!(" ! {}{waiting}", fit(&failure, room));
        draw_spans(
            buf,
            area.x,
            area.y,
            area.width,
            vec![Span::styled(text, style(Meaning::Error))],
        );
        return;
    }
    if let Some(question) = question(model) {
        let picked = model.state_pick.and_then(|pick| pick.picked);
        let mut used = width(&question.text);
        let mut spans = vec![Span::styled(question.text, style(Meaning::Warning))];
        let accent = style(Meaning::Accent);
        let reversed = accent.add_modifier(Modifier::REVERSED);
        let is_picked = |at: usize| picked == Some(at);
        let last = Model::STATE_CHOICES.len() - 1;
        for (at, word) in Model::STATE_CHOICES.into_iter().enumerate() {
            // Side by side, one column has the bracket behind a word or before the next one.
            let is_behind = question.gap == 1 && at.checked_sub(1).is_some_and(is_picked);
            let before = match (is_picked(at), is_behind) {
                (true, _) => "[",
                (false, true) => "]",
                (false, false) => " ",
            };
            let after = if is_picked(at) { "]" } else { " " };
            let after = if question.gap == 2 || at == last {
                after
            } else {
                ""
            };
            for (text, is_marked) in [
                (before, is_picked(at) || is_behind),
                (word, is_picked(at)),
                (after, is_picked(at)),
            ] {
                used += width(text);
                spans.push(Span::styled(
                    text,
                    if is_marked { reversed } else { accent },
                ));
            }
        }
        let way = if model.state_pick.is_some() {
            "← → pick, Enter"
        } else {
            "!down Enter, or Tab"
        };
        let room = columns.saturating_sub(used + 1);
        if width(way) < room {
            let text = format!("{way:>room$}");
            spans.push(Span::styled(text, style(Meaning::Dim)));
        }
        draw_spans(buf, area.x, area.y, area.width, spans);
        return;
    }
    if let Some(text) = pending_text(model) {
        let text = fit(&format!(" {text}"), columns);
        draw_spans(
            buf,
            area.x,
            area.y,
            area.width,
            vec![Span::styled(text, style(Meaning::Error))],
        );
        return;
    }
    if let Some(text) = whole_message(model) {
        let text = fit(&text, columns);
        let spans = vec![Span::styled(text, style(Meaning::Accent))];
        draw_spans(buf, area.x, area.y, area.width, spans);
    }
}

/// Names the writes that should be in the store by now.
fn pending_text(model: &Model) -> Option<String> {
    let first = late_writes(model).next()?;
    let text = first.text.replace(['\n', ROW_BREAK], " ");
    Some(match late_writes(model).count() {
        1 => format!("not saved yet: {text}"),
        n => format!("{n} entries are not saved yet: {text}"),
    })
}
