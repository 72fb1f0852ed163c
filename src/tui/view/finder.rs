//! The lists that are searched by typing: a title, then the matching rows.

use super::widgets::{draw_more, draw_spans, draw_title, highlight_row};
use crate::tui::{
    content::prompt_text::{finder_head, prompt_head},
    layout::finder::first_row,
    model::{Finder, FinderKind, FinderRow, FinderTarget, Focus, Model, Overlay, finder_rows},
    text::{fit, pad, width},
    theme::Meaning,
};
use ratatui::{buffer::Buffer, layout::Rect, style::Style, text::Span};

/// `Help: Timeline, LIST · 34 keys here, 91 in all`
fn help_title(model: &Model, rows: &[FinderRow]) -> String {
    let place = match (model.overlays.len(), model.focus) {
        (1, Focus::Line) => "the line".to_owned(),
        (1, Focus::List) => format!("{}, LIST", model.tab.label()),
        _ => match model.overlays.iter().rev().nth(1) {
            Some(Overlay::Prompt(prompt)) => prompt_head(&prompt.question).0.to_owned(),
            Some(Overlay::Paste(_)) => "PASTE".to_owned(),
            Some(Overlay::Import(_)) => "IMPORT".to_owned(),
            _ => "here".to_owned(),
        },
    };
    let keys = rows.iter().filter(|row| row.target != FinderTarget::Legend);
    let here = rows.iter().filter(|row| row.note == "here").count();
    format!("Help: {place} · {here} keys here, {} in all", keys.count())
}

pub(super) fn draw(model: &Model, finder: &Finder, area: Rect, buf: &mut Buffer) {
    let dim = model.theme.style(Meaning::Dim);
    let accent = model.theme.style(Meaning::Accent);
    let rows = finder_rows(model);
    let (_, title) = finder_head(finder.kind);
    let title = match finder.query.text().trim() {
        "" if finder.kind == FinderKind::Help => help_title(model, &rows),
        "" => format!("{title}: {}", rows.len()),
        query => format!("{title} with \"{query}\": {}", rows.len()),
    };
    draw_title(model, &title, area, buf);
    let columns = usize::from(area.width);
    let height = usize::from(area.height.saturating_sub(1));
    let first = first_row(finder.selected, rows.len(), height);
    let below = rows.len().saturating_sub(first + height);
    draw_more(model, area, area.y, (first, below), buf);
    let keys_first = finder.kind == FinderKind::Help;
    for (y, (at, row)) in (area.y + 1..area.bottom()).zip(rows.iter().enumerate().skip(first)) {
        let marker = if finder.selected == Some(at) {
            "▸ "
        } else {
            "  "
        };
        let note = fit(&row.note, columns / 4);
        let keys = model.character_set.key_names(&row.keys);
        let spans = if keys_first {
            let room = columns.saturating_sub(2 + 16 + 1 + width(&note) + 2);
            vec![
                Span::raw(marker),
                Span::styled(pad(&keys, 16), accent),
                Span::raw(format!(" {} ", pad(&row.label, room))),
                Span::styled(note, dim),
            ]
        } else {
            let keys = fit(&keys, 16);
            let why_not = row.why_not.as_deref().unwrap_or_default();
            let why_not = fit(why_not, columns / 3);
            let shown_note = if finder.kind == FinderKind::Palette {
                &why_not
            } else {
                &note
            };
            let label_style = match row.why_not {
                Some(_) => dim,
                None => Style::new(),
            };
            let tail = width(&keys) + width(shown_note) + 2;
            let room = columns.saturating_sub(2 + tail + 1);
            vec![
                Span::raw(marker),
                Span::styled(pad(&row.label, room), label_style),
                Span::styled(format!(" {shown_note} "), dim),
                Span::styled(keys, accent),
            ]
        };
        draw_spans(buf, area.x, y, area.width, spans);
        if finder.selected == Some(at) {
            highlight_row(model, area, y, buf);
        }
    }
    if rows.is_empty() {
        let text = fit("no match", columns);
        draw_spans(
            buf,
            area.x + 2,
            area.y + 1,
            area.width,
            vec![Span::styled(text, dim)],
        );
    }
}
