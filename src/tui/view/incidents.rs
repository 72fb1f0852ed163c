//! All incidents, or what was found in them; over the list what they come to.

use super::{hint, put, rule, select};
use crate::{
    domain::{time::duration, zone::Zone},
    tui::{
        model::{Focus, Model},
        msg::{Found, Listed},
        text::{fit, pad, pad_left},
        theme::{Meaning, shape},
    },
};
use ratatui::{buffer::Buffer, layout::Rect, text::Span};

fn top(model: &Model, rows: usize, count: usize) -> usize {
    model
        .incidents
        .selected
        .saturating_sub(rows / 2)
        .min(count.saturating_sub(rows))
}

/// The incident at row `row` of the page.
#[must_use]
pub fn at(model: &Model, row: usize) -> Option<usize> {
    let count = match (&model.incidents.found, &model.incidents.all) {
        (Some((_, found)), _) => found.len(),
        (None, Some(all)) => all.len(),
        (None, None) => 0,
    };
    let rows = usize::from(crate::tui::layout::areas(model).page.height).saturating_sub(1);
    let at = top(model, rows, count) + row.checked_sub(1)?;
    (at < count).then_some(at)
}

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let list = &model.incidents;
    let rows = usize::from(area.height.saturating_sub(1)).max(1);
    let title = match (&list.found, &list.all) {
        (Some((query, found)), _) => format!("{} found for {query}", found.len()),
        (None, Some(all)) => trend(model, all),
        (None, None) => String::new(),
    };
    put(
        buf,
        area.x,
        area.y,
        area.width,
        rule(model, &title, area.width),
    );
    let draw_row = |y: u16, at: usize, spans: Vec<Span<'static>>, buf: &mut Buffer| {
        put(buf, area.x, y, area.width, spans);
        if at == list.selected && model.focus == Focus::Page {
            select(model, area, y, buf);
        }
    };
    match (&list.found, &list.all) {
        (Some((_, found)), _) => {
            let top = top(model, rows, found.len());
            for (y, (at, hit)) in
                (area.y + 1..area.bottom()).zip(found.iter().enumerate().skip(top))
            {
                draw_row(y, at, hit_row(model, hit, area.width.into()), buf);
            }
        }
        (None, Some(all)) if all.is_empty() => hint(
            model,
            area,
            buf,
            &[
                ("", "No incident yet."),
                ("D", "declares one"),
                ("i", "to the line"),
            ],
        ),
        (None, Some(all)) => {
            let top = top(model, rows, all.len());
            for (y, (at, one)) in (area.y + 1..area.bottom()).zip(all.iter().enumerate().skip(top))
            {
                draw_row(y, at, row(model, one, area.width.into()), buf);
            }
        }
        (None, None) => {}
    }
}

/// How many there were lately, with the list behind it under it.
fn trend(model: &Model, all: &[Listed]) -> String {
    let since = |days| {
        let from = model.now - chrono::Duration::days(days);
        all.iter()
            .filter(|i| i.declared.is_some_and(|at| at >= from))
            .count()
    };
    let open = all.iter().filter(|i| i.open).count();
    format!(
        "{} incidents · {open} open · {} in 30 days · {} in 90",
        all.len(),
        since(30),
        since(90)
    )
}

fn row(model: &Model, one: &Listed, columns: usize) -> Vec<Span<'static>> {
    let theme = &model.theme;
    let dim = theme.style(Meaning::Dim);
    let number = one
        .number
        .map_or_else(|| one.handle.clone(), |n| format!("#{n}"));
    let zone = Zone::find(&one.zone).unwrap_or_else(|_| Zone::utc());
    let declared = one.declared.map_or(String::new(), |at| {
        zone.stamp(at).format("%-d %b %Y %H:%M").to_string()
    });
    let lasted = match (one.declared, one.resolved) {
        (Some(from), Some(to)) => duration((to - from).num_seconds().max(0)),
        (Some(_), None) if one.open => "open".to_owned(),
        _ => String::new(),
    };
    let severity = one
        .severity
        .map_or(String::new(), |s| s.to_string().to_uppercase());
    let room = columns.saturating_sub(7 + 6 + 3 + 19 + 13 + 9);
    let state = one.state.filter(|_| one.open);
    vec![
        Span::styled(pad_left(&number, 6), dim),
        Span::raw(" "),
        Span::styled(pad(&severity, 6), theme.style(Meaning::Strong)),
        Span::styled(
            if one.open {
                format!("{}  ", shape(state))
            } else {
                "   ".to_owned()
            },
            theme.state(state),
        ),
        Span::styled(
            pad(&one.title, room),
            theme.style(if one.open {
                Meaning::Strong
            } else {
                Meaning::Plain
            }),
        ),
        Span::styled(pad_left(&declared, 19), dim),
        Span::styled(
            pad_left(&lasted, 13),
            if one.open {
                theme.style(Meaning::Warning)
            } else {
                dim
            },
        ),
        Span::styled(pad_left(&format!("{} ev", one.events), 9), dim),
    ]
}

fn hit_row(model: &Model, hit: &Found, columns: usize) -> Vec<Span<'static>> {
    let dim = model.theme.style(Meaning::Dim);
    let number = match (hit.number, &hit.incident) {
        (Some(n), _) => format!("#{n}"),
        (None, Some(handle)) => handle.clone(),
        (None, None) => "unfiled".to_owned(),
    };
    let at = hit.at.map_or(String::new(), |at| {
        model.zone.stamp(at).format("%-d %b %Y %H:%M").to_string()
    });
    vec![
        Span::styled(pad_left(&fit(&number, 8), 8), dim),
        Span::styled(pad_left(&at, 19), dim),
        Span::raw("  "),
        Span::raw(pad(&hit.text, columns.saturating_sub(30))),
    ]
}
