//! The detail of an event: beside the list, or over it.

use super::widgets::{draw_lines, draw_rows_out_of_view, draw_spans, titled_rule};
use crate::tui::{
    content::{detail::detail_rows, seen_before},
    layout::detail::text_area,
    model::{Detail, Model},
    text::wrap,
    theme::{Meaning, kind_glyph, kind_word},
};
use ratatui::{buffer::Buffer, layout::Rect, text::Span};

/// Draws the whole page.
pub(super) fn draw(model: &Model, detail: &Detail, area: Rect, buf: &mut Buffer) {
    let event = &detail.event;
    let kind = &event.value.kind;
    let title = format!(
        "{} {} · {}",
        kind_glyph(kind),
        kind_word(kind),
        event.handle
    );
    let rule = titled_rule(model, &title, area.width);
    draw_spans(buf, area.x, area.y, area.width, rule);
    draw_text(model, detail, area, buf);
}

/// Draws the pane beside the list.
pub(super) fn draw_pane(model: &Model, area: Rect, buf: &mut Buffer) {
    let Some(detail) = &model.pane else {
        return;
    };
    let dim = model.theme.style(Meaning::Dim);
    // The rule of the list goes on.
    let before = area.x.saturating_sub(1);
    draw_spans(buf, before, area.y, 2, vec![Span::styled("──", dim)]);
    let rule = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(1),
        ..area
    };
    let title = titled_rule(model, &detail.event.handle, rule.width);
    draw_spans(buf, rule.x, rule.y, rule.width, title);
    for y in area.y + 1..area.bottom() {
        draw_spans(buf, area.x, y, 1, vec![Span::styled("│", dim)]);
    }
    draw_text(model, detail, area, buf);
    draw_seen_before(model, detail, area, buf);
}

/// Draws the earlier incidents that began alike at the bottom of the pane, where the detail leaves room.
fn draw_seen_before(model: &Model, detail: &Detail, area: Rect, buf: &mut Buffer) {
    let text = text_area(area);
    let lines = seen_before::lines(model);
    let columns = usize::from(text.width);
    let rows: Vec<String> = lines.iter().flat_map(|line| wrap(line, columns)).collect();
    let used = detail_rows(model, detail, columns).len();
    let room = usize::from(text.height).saturating_sub(used + 2);
    if rows.is_empty() || room == 0 {
        return;
    }
    // What has no room is on the page that the key opens.
    let shown = rows.len().min(room);
    let height = u16::try_from(shown).unwrap_or(0);
    let y = text.bottom().saturating_sub(height);
    let heading = titled_rule(model, "Seen before", area.width.saturating_sub(1));
    draw_spans(
        buf,
        area.x + 1,
        y.saturating_sub(1),
        area.width.saturating_sub(1),
        heading,
    );
    for (y, row) in (y..text.bottom()).zip(rows) {
        draw_spans(buf, text.x, y, text.width, vec![Span::raw(row)]);
    }
}

fn draw_text(model: &Model, detail: &Detail, area: Rect, buf: &mut Buffer) {
    let text = text_area(area);
    let rows = detail_rows(model, detail, text.width.into());
    draw_lines(buf, text, &rows, detail.scroll);
    draw_rows_out_of_view(
        model,
        area,
        rows.len(),
        usize::from(text.height),
        detail.scroll,
        buf,
    );
}
