//! Help and palette.

use super::{put, rule, select};
use crate::tui::{
    model::{Model, Over},
    text::{fit, pad, width},
    theme::Meaning,
    update::entries,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::Span,
};

fn parts(model: &Model) -> Option<(&'static str, &crate::tui::model::Finder)> {
    match model.over.last() {
        Some(Over::Help(finder)) => Some(("Keys", finder)),
        Some(Over::Palette(finder)) => Some(("Actions", finder)),
        _ => None,
    }
}

/// Where the cursor stands, while one of them is open.
pub(super) fn cursor(model: &Model, area: Rect) -> Option<Position> {
    let (title, finder) = parts(model)?;
    let x = width(title) + 5 + width(&fit(finder.query.before(), usize::from(area.width) / 2));
    Some(Position::new(
        (area.x + u16::try_from(x).unwrap_or(0)).min(area.right().saturating_sub(1)),
        area.y,
    ))
}

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let Some((title, finder)) = parts(model) else {
        return;
    };
    let theme = &model.theme;
    let dim = theme.style(Meaning::Dim);
    put(buf, area.x, area.y, area.width, rule(model, "", area.width));
    let query = finder.query.text();
    let shown = if query.is_empty() {
        Span::styled("type to search ", dim)
    } else {
        Span::raw(format!("{} ", fit(query, usize::from(area.width) / 2)))
    };
    let head = vec![
        Span::styled(format!(" {title} "), theme.style(Meaning::Strong)),
        Span::styled("› ", theme.style(Meaning::Accent)),
        shown,
    ];
    put(buf, area.x, area.y, area.width, head);
    let entries = entries(model);
    if entries.is_empty() {
        let text = fit("nothing of that name", area.width.into());
        put(
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
    let top = selected
        .saturating_sub(rows / 2)
        .min(entries.len().saturating_sub(rows));
    let help = title == "Keys";
    let mut place = None;
    for (y, (at, entry)) in (area.y + 1..area.bottom()).zip(entries.iter().enumerate().skip(top)) {
        let columns = usize::from(area.width);
        let shown = if place == Some(entry.place) {
            ""
        } else {
            entry.place.words()
        };
        place = Some(entry.place);
        let left = if help {
            pad(&entry.keys, 20)
        } else {
            pad(entry.action.word(), 20)
        };
        let right = if help {
            shown.to_owned()
        } else {
            entry.keys.clone()
        };
        let right = fit(&right, 18);
        let room = columns.saturating_sub(2 + 20 + 1 + width(&right) + 2);
        let spans = vec![
            Span::styled(format!("  {left} "), theme.style(Meaning::Accent)),
            Span::raw(pad(entry.words, room)),
            Span::styled(format!(" {right}"), dim),
        ];
        put(buf, area.x, y, area.width, spans);
        if at == selected {
            select(model, area, y, buf);
        }
    }
}
