//! Help and palette: the search field, then the matching bindings.

use super::widgets::{draw_spans, highlight_row, titled_rule};
use crate::tui::{
    model::{Model, Overlay, finder_rows},
    text::{fit, pad, width},
    theme::Meaning,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::Span,
};

fn open_finder(model: &Model) -> Option<(&'static str, &crate::tui::model::Finder)> {
    match model.overlays.last() {
        Some(Overlay::Help(finder)) => Some(("Keys", finder)),
        Some(Overlay::Palette(finder)) => Some(("Actions", finder)),
        _ => None,
    }
}

/// Returns the position of the cursor while help or palette is open.
pub(super) fn cursor(model: &Model, area: Rect) -> Option<Position> {
    let (title, finder) = open_finder(model)?;
    let x = width(title)
        + 5
        + width(&fit(
            finder.query.before_cursor(),
            usize::from(area.width) / 2,
        ));
    Some(Position::new(
        (area.x + u16::try_from(x).unwrap_or(0)).min(area.right().saturating_sub(1)),
        area.y,
    ))
}

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let Some((title, finder)) = open_finder(model) else {
        return;
    };
    let theme = &model.theme;
    let dim = theme.style(Meaning::Dim);
    draw_spans(
        buf,
        area.x,
        area.y,
        area.width,
        titled_rule(model, "", area.width),
    );
    let query = finder.query.text();
    let query_span = if query.is_empty() {
        Span::styled("type to search ", dim)
    } else {
        Span::raw(format!("{} ", fit(query, usize::from(area.width) / 2)))
    };
    let head = vec![
        Span::styled(format!(" {title} "), theme.style(Meaning::Strong)),
        Span::styled("› ", theme.style(Meaning::Accent)),
        query_span,
    ];
    draw_spans(buf, area.x, area.y, area.width, head);
    let entries = finder_rows(model);
    if entries.is_empty() {
        let text = fit("nothing of that name", area.width.into());
        draw_spans(
            buf,
            area.x + 2,
            area.y + 1,
            area.width,
            vec![Span::styled(text, dim)],
        );
        return;
    }
    let rows = usize::from(area.height.saturating_sub(1)).max(1);
    let selected = finder.selected.min(entries.len() - 1);
    let first = selected
        .saturating_sub(rows / 2)
        .min(entries.len().saturating_sub(rows));
    let help = title == "Keys";
    let mut last_context = None;
    for (y, (at, row)) in (area.y + 1..area.bottom()).zip(entries.iter().enumerate().skip(first)) {
        let columns = usize::from(area.width);
        let context_heading = if last_context == Some(row.context) {
            ""
        } else {
            row.context.heading()
        };
        last_context = Some(row.context);
        let left = if help {
            pad(&row.keys, 20)
        } else {
            pad(row.action.name(), 20)
        };
        let right = if help {
            context_heading.to_owned()
        } else {
            row.keys.clone()
        };
        let right = fit(&right, 18);
        let room = columns.saturating_sub(2 + 20 + 1 + width(&right) + 2);
        let spans = vec![
            Span::styled(format!("  {left} "), theme.style(Meaning::Accent)),
            Span::raw(pad(row.description, room)),
            Span::styled(format!(" {right}"), dim),
        ];
        draw_spans(buf, area.x, y, area.width, spans);
        if at == selected {
            highlight_row(model, area, y, buf);
        }
    }
}
