//! The state band: the worst state in each column, with milestones below; at its right the next
//! customer update and the commander.

use super::widgets::draw_spans;
use crate::{
    domain::{
        time::UtcTime,
        words::{Kind, State},
    },
    ops::{
        incident_history::{IncidentHistory, Milestone},
        incident_summary::IncidentSummary,
    },
    tui::{
        content::{
            deadlines::update,
            fold::{Part, columns_of, fold, spans},
            header_parts::commander,
        },
        model::{Focus, Model, StateBand, Tab},
        text::width,
        theme::{Meaning, kind_glyph, state_glyph},
    },
};
use chrono::Duration;
use ratatui::{buffer::Buffer, layout::Rect, style::Style, text::Span};
use std::rc::Rc;

/// Columns of the right part.
const RIGHT_COLUMNS: u16 = 25;

/// The end of the band of an open incident moves in this many steps of its length, so that the
/// cached band stays valid for more than one frame.
const MAX_STEPS: i32 = 512;

/// Returns start and end of the band, zoomed in around the selected event.
fn time_range(
    model: &Model,
    summary: &IncidentSummary,
    history: &IncidentHistory,
) -> Option<(UtcTime, UtcTime)> {
    let milestone = |milestone: Option<&Milestone>| milestone.map(Milestone::occurred_at);
    let first = milestone(history.milestones.first()).or(summary.row.declared)?;
    let last = if let Some(newest) = summary.stale_since(model.now) {
        newest
    } else if summary.row.is_open {
        let step = ((model.now - first) / MAX_STEPS).num_seconds().max(1);
        let steps = (model.now - first).num_seconds() / step;
        // The end is in the future, so that an event of now is inside.
        first + Duration::seconds((steps + 1) * step)
    } else {
        milestone(history.milestones.last()).max(summary.row.resolved)?
    };
    let last = last.max(first + Duration::minutes(1));
    let zoom = model.timeline.zoom;
    if zoom == 0 {
        return Some((first, last));
    }
    let half = (last - first) / (1 << (u32::from(zoom) + 1));
    let middle = model.selected_event().map_or(last, |e| e.value.at_utc());
    let middle = middle.clamp(first + half, (last - half).max(first + half));
    Some((middle - half, middle + half))
}

/// Returns the band in `columns` columns, from the cache if range and width are the same. The cache
/// is cleared when the incident is loaded again.
fn cached_band(
    model: &Model,
    history: &IncidentHistory,
    range: (UtcTime, UtcTime),
    columns: u16,
) -> Rc<StateBand> {
    let mut cache = model.band.borrow_mut();
    match &*cache {
        Some(cached) if cached.range == range && cached.states.len() == usize::from(columns) => {
            Rc::clone(cached)
        }
        _ => {
            let band = Rc::new(StateBand {
                range,
                states: state_per_column(history, range, columns),
                milestones: milestone_per_column(history, range, columns),
            });
            *cache = Some(Rc::clone(&band));
            band
        }
    }
}

/// Returns the worst state in each column; `None` if not known. Linear in the number of states.
fn state_per_column(
    history: &IncidentHistory,
    (from, to): (UtcTime, UtcTime),
    columns: u16,
) -> Vec<Option<State>> {
    let step = (to - from) / i32::from(columns.max(1));
    let mut states = history.states.as_slice();
    (0..columns)
        .map(|x| {
            let (from, to) = (from + step * i32::from(x), from + step * i32::from(x + 1));
            let begun = states.partition_point(|s| s.from <= from);
            states = &states[begun.saturating_sub(1)..];
            let within = states.iter().take_while(|s| s.from < to);
            within.map(|s| s.state).max()
        })
        .collect()
}

/// Returns one milestone per column: of several, the one with the worst state, then the latest.
fn milestone_per_column(
    history: &IncidentHistory,
    range: (UtcTime, UtcTime),
    columns: u16,
) -> Vec<Option<(Kind, Option<State>)>> {
    let mut shown: Vec<Option<&Milestone>> = vec![None; columns.into()];
    let first_in_range = history
        .milestones
        .partition_point(|m| m.occurred_at() < range.0);
    let within = history.milestones[first_in_range..].iter();
    for milestone in within.take_while(|m| m.occurred_at() <= range.1) {
        if let Some(x) = column_at(milestone.occurred_at(), range, columns)
            && let Some(slot) = shown.get_mut(usize::from(x))
            && slot.is_none_or(|current| current.state <= milestone.state)
        {
            *slot = Some(milestone);
        }
    }
    let kind_and_state = |m: &Milestone| (m.kind.clone(), m.state);
    shown.into_iter().map(|m| m.map(kind_and_state)).collect()
}

fn column_at(at: UtcTime, (from, to): (UtcTime, UtcTime), columns: u16) -> Option<u16> {
    if at < from || at > to || columns == 0 {
        return None;
    }
    let whole = (to - from).num_milliseconds().max(1);
    let offset = (at - from).num_milliseconds();
    let x = offset * i64::from(columns) / whole;
    u16::try_from(x).ok().map(|x| x.min(columns - 1))
}

pub(super) fn draw(model: &Model, band: Rect, milestones_area: Rect, buf: &mut Buffer) {
    let Some(summary) = &model.summary else {
        return;
    };
    if band.height == 0 {
        return;
    }
    let wide = band.width >= 60;
    let columns = band
        .width
        .saturating_sub(2 + if wide { RIGHT_COLUMNS } else { 0 });
    if wide {
        draw_beside(update(model), band, buf);
        draw_beside(commander(model), milestones_area, buf);
    }
    let Some(history) = &summary.history else {
        return;
    };
    let Some(range) = time_range(model, summary, history) else {
        return;
    };
    let band_columns = cached_band(model, history, range, columns);
    let mut x = 0;
    for run in band_columns.states.chunk_by(|a, b| a == b) {
        let state = run[0];
        let word = state.map_or("", State::label);
        // A long enough stretch is labelled with its state.
        let text = if !word.is_empty() && run.len() >= word.len() + 4 {
            format!(
                "{} {word} {}",
                state_glyph(state),
                state_glyph(state).repeat(run.len() - word.len() - 3)
            )
        } else {
            state_glyph(state).repeat(run.len())
        };
        let style = if state.is_none() {
            model.theme.style(Meaning::Dim)
        } else {
            model.theme.state_style(state)
        };
        draw_spans(
            buf,
            band.x + 1 + x,
            band.y,
            columns - x,
            vec![Span::styled(text, style)],
        );
        x += u16::try_from(run.len()).unwrap_or(0);
    }
    if milestones_area.height > 0 {
        draw_milestones(
            model,
            summary,
            &band_columns,
            Rect {
                width: columns,
                x: milestones_area.x + 1,
                ..milestones_area
            },
            buf,
        );
    }
}

fn draw_milestones(
    model: &Model,
    summary: &IncidentSummary,
    band_columns: &StateBand,
    area: Rect,
    buf: &mut Buffer,
) {
    let theme = &model.theme;
    let zone = &model.zone;
    let range = band_columns.range;
    let labels = [range.0, range.1].map(|at| {
        let at = zone.to_local(at);
        if range.1 - range.0 > Duration::days(2) {
            at.format("%-d %b %H:%M").to_string()
        } else {
            at.format("%H:%M").to_string()
        }
    });
    let ends_now = summary.row.is_open && summary.stale_since(model.now).is_none();
    let last = if ends_now && model.timeline.zoom == 0 {
        "now".to_owned()
    } else {
        labels[1].clone()
    };
    let dim = theme.style(Meaning::Dim);
    for (x, milestone) in (area.x..).zip(&band_columns.milestones) {
        let Some((kind, state)) = milestone else {
            continue;
        };
        let style = match state {
            Some(state) => theme.state_style(Some(*state)),
            None => Style::new(),
        };
        draw_spans(
            buf,
            x,
            area.y,
            1,
            vec![Span::styled(kind_glyph(kind), style)],
        );
    }
    let on_page = model.tab == Tab::Timeline && model.focus == Focus::List;
    if let (true, Some(event)) = (on_page, model.selected_event())
        && let Some(x) = column_at(event.value.at_utc(), range, area.width)
    {
        let span = Span::styled(kind_glyph(&event.value.kind), theme.selected());
        draw_spans(buf, area.x + x, area.y, 1, vec![span]);
    }
    // Both ends are labelled, unless a milestone is in the way.
    let free = |buf: &Buffer, from: u16, columns: u16| {
        (from..from + columns).all(|x| {
            buf.cell((x, area.y))
                .is_some_and(|cell| cell.symbol() == " ")
        })
    };
    for (text, right_side) in [(&labels[0], false), (&last, true)] {
        let columns = u16::try_from(width(text)).unwrap_or(0);
        if columns + 2 > area.width {
            continue;
        }
        let x = if right_side {
            area.x + area.width - columns
        } else {
            // Column 0 has the first milestone.
            area.x + 2
        };
        if free(buf, x, columns) {
            draw_spans(
                buf,
                x,
                area.y,
                columns,
                vec![Span::styled(text.clone(), dim)],
            );
        }
    }
}

/// Draws `part` at the right end of `row`.
fn draw_beside(part: Option<Part>, row: Rect, buf: &mut Buffer) {
    let Some(part) = part.filter(|_| row.height > 0) else {
        return;
    };
    let mut part = [part];
    fold(&mut part, 0, usize::from(RIGHT_COLUMNS) - 1, u8::MAX);
    let columns = u16::try_from(columns_of(&part, 0)).unwrap_or(RIGHT_COLUMNS);
    let x = row.right().saturating_sub(columns + 1);
    draw_spans(buf, x, row.y, columns, spans(&part, 0));
}
