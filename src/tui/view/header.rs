//! The first row, and on a narrow screen the row of what is due below it.

use super::widgets::draw_spans;
use crate::tui::{
    content::{
        fold::{columns_of, fold, spans},
        header_parts::{HeaderParts, LIGHT, MEDIUM, due_parts, header_parts},
    },
    layout::Areas,
    model::Model,
    text::{fit, width},
    theme::Meaning,
};
use ratatui::{buffer::Buffer, layout::Rect, text::Span};

/// Columns of a title that can be read.
const READABLE_TITLE: usize = 17;
/// Columns of the shortest title.
const SHORT_TITLE: usize = 8;

pub(super) fn draw(model: &Model, areas: &Areas, buf: &mut Buffer) {
    let area = areas.header;
    let has_row = areas.due.height > 0;
    let parts = header_parts(model, areas.band.height > 0 && !has_row, has_row);
    draw_first(model, parts, area, buf);
    if has_row {
        draw_due(model, areas.due, buf);
    }
}

fn draw_first(model: &Model, parts: HeaderParts, area: Rect, buf: &mut Buffer) {
    let columns = usize::from(area.width);
    let HeaderParts {
        first,
        title,
        is_incident,
        mut middle,
        mut right,
    } = parts;
    // All of them together give way to the title, each by its rank.
    let middle_count = middle.len();
    let mut all = std::mem::take(&mut middle);
    all.append(&mut right);
    let room = |title: usize| columns.saturating_sub(width(&first) + title + 2);
    let whole = width(&title);
    let mut gap = 2;
    fold(&mut all, gap, room(whole), LIGHT);
    fold(&mut all, gap, room(whole.min(READABLE_TITLE)), MEDIUM);
    fold(&mut all, gap, room(whole.min(SHORT_TITLE)), u8::MAX);
    if columns_of(&all, gap) > room(whole.min(SHORT_TITLE)) {
        gap = 1;
    }
    let (middle, right) = all.split_at(middle_count);
    let edge = usize::from(columns_of(&all, gap) + width(&first) < columns);
    let right_columns = columns_of(right, gap) + edge;
    let used = width(&first) + columns_of(middle, gap) + right_columns;
    let title = fit(&title, columns.saturating_sub(used));
    let strong = model.theme.style(Meaning::Strong);
    let dim = model.theme.style(Meaning::Dim);
    let (first_style, title_style) = match is_incident {
        true => (dim, strong),
        false => (strong, dim),
    };
    let mut left = vec![
        Span::styled(first, first_style),
        Span::styled(title, title_style),
    ];
    left.extend(spans(middle, gap));
    draw_spans(buf, area.x, area.y, area.width, left);
    draw_right(spans(right, gap), right_columns, area, buf);
}

/// Draws `spans` of `columns` at the right end of `area`.
fn draw_right(spans: Vec<Span<'static>>, columns: usize, area: Rect, buf: &mut Buffer) {
    let columns = u16::try_from(columns).unwrap_or(u16::MAX).min(area.width);
    draw_spans(buf, area.right() - columns, area.y, columns, spans);
}

fn draw_due(model: &Model, area: Rect, buf: &mut Buffer) {
    const GAP: usize = 1;
    let due = due_parts(model);
    let left_count = due.left.len();
    let mut all = due.left;
    all.extend(due.right);
    // With one column at each edge they take as many as with two before each.
    fold(&mut all, 2, area.width.into(), u8::MAX);
    let (left, right) = all.split_at(left_count);
    draw_spans(buf, area.x, area.y, area.width, spans(left, GAP));
    draw_right(spans(right, 2), columns_of(right, 2) + 1, area, buf);
}
