//! The postmortem and the email: what is to be fixed, and the text.

use super::widgets::{
    choice_bar, draw_document, draw_hint, draw_spans, highlight_row, titled_rule,
};
use crate::tui::{
    content::{
        document_find::found_places,
        findings::{document_row, facts_known, list_title},
        letter::{letter_rows, stage_labels},
        postmortem::rendered,
    },
    layout::document::{DocumentAreas, document_areas, first_in_list, text_columns},
    model::{Focus, Model, Tab, document_rows, findings},
    msg::Letter,
    text::width,
    theme::Meaning,
};
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let letter = model.letter.as_ref().filter(|_| model.tab == Tab::Email);
    if letter.is_none() && (model.tab == Tab::Email || model.postmortem.text.is_none()) {
        if model.summary.is_none() && model.first_load_done {
            let text = "There is no incident to write about yet.";
            draw_hint(model, area, buf, &[("", text)]);
        }
        return;
    }
    let areas = document_areas(model);
    draw_list(model, &areas, buf);
    if areas.text_title.height > 0 {
        let title = match model.tab {
            Tab::Email => "The email",
            _ => "The postmortem",
        };
        draw_rule(model, title, "PgDn scrolls", areas.text_title, buf);
    } else if areas.text.width < area.width {
        draw_divider(model, areas.text, buf);
    }
    let text = areas.text;
    let columns = text_columns(model);
    let places = found_places(model, columns);
    match letter {
        Some(letter) => {
            draw_stages(model, letter, areas.stages, buf);
            let lines = letter_rows(model, letter, columns);
            draw_document(model, buf, text, &lines, model.letter_scroll, &places);
        }
        None => {
            let document = rendered(model, columns);
            let inner = Rect {
                x: text.x + 2,
                width: text.width.saturating_sub(3),
                ..text
            };
            let scroll = model.postmortem.scroll;
            draw_document(model, buf, inner, &document.lines, scroll, &places);
        }
    }
}

/// The rows, the selected one marked; at the right of the last one, how many are below.
fn draw_list(model: &Model, areas: &DocumentAreas, buf: &mut Buffer) {
    let right = match model.tab {
        Tab::Email => facts_known(model),
        _ => String::new(),
    };
    draw_rule(model, &list_title(model), &right, areas.list_title, buf);
    let rows = document_rows(model);
    let area = areas.list;
    let first = first_in_list(model);
    let below = rows.len().saturating_sub(first + usize::from(area.height));
    // Facts are not to be fixed.
    let facts_only = rows.len().saturating_sub(below) >= findings(model).len();
    let what = if facts_only { "facts" } else { "more" };
    let more = format!(" {below} {what} ▼");
    let columns = usize::from(area.width).saturating_sub(3);
    for (y, (at, row)) in (area.y..area.bottom()).zip(rows.iter().enumerate().skip(first)) {
        let is_selected = at == model.selected_finding && model.focus == Focus::List;
        let mark = if is_selected { "▸ " } else { "  " };
        let mut spans = vec![Span::raw(mark)];
        let is_above_more = below > 0 && y + 1 == area.bottom();
        let taken = if is_above_more { width(&more) } else { 0 };
        spans.extend(document_row(model, *row, columns, taken));
        draw_spans(buf, area.x, y, area.width, spans);
        if is_selected {
            highlight_row(model, area, y, buf);
        }
    }
    if below > 0 && area.height > 0 {
        let columns = u16::try_from(width(&more)).unwrap_or(0);
        let x = area.right().saturating_sub(columns + 1);
        let spans = vec![Span::styled(more, model.theme.style(Meaning::Accent))];
        draw_spans(buf, x, area.bottom() - 1, columns, spans);
    }
}

/// A rule with a title at its left and a note at its right.
fn draw_rule(model: &Model, title: &str, note: &str, area: Rect, buf: &mut Buffer) {
    if area.height == 0 {
        return;
    }
    let spans = titled_rule(model, title, area.width);
    draw_spans(buf, area.x, area.y, area.width, spans);
    let room = usize::from(area.width).saturating_sub(width(title) + 6);
    let note = format!(" {note} ");
    if note.trim().is_empty() || width(&note) > room {
        return;
    }
    let columns = u16::try_from(width(&note)).unwrap_or(0);
    let x = area.right().saturating_sub(columns + 1);
    let spans = vec![Span::styled(note, model.theme.style(Meaning::Dim))];
    draw_spans(buf, x, area.y, columns, spans);
}

/// The line between the rows and the text beside them.
fn draw_divider(model: &Model, text: Rect, buf: &mut Buffer) {
    let line = Line::from(Span::styled("│", model.theme.style(Meaning::Dim)));
    for y in text.top()..text.bottom() {
        let x = text.x.saturating_sub(2);
        draw_spans(buf, x, y, 1, line.spans.clone());
    }
}

/// The stages, the one shown in brackets.
fn draw_stages(model: &Model, letter: &Letter, area: Rect, buf: &mut Buffer) {
    draw_rule(model, "", "", area, buf);
    let labels = stage_labels(model, letter);
    let spans = choice_bar(model, &labels, letter.stage, Meaning::Customer);
    draw_spans(buf, area.x + 1, area.y, area.width, spans);
}
