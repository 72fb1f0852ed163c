//! The state over time as a band, the worst of each column, with its milestones under it; and at
//! its right what waits: the next update, who commands.

use super::widgets::draw_spans;
use crate::{
    domain::{
        time::{UtcTime, format_duration},
        words::{Kind, State},
    },
    ops::incident_summary::{IncidentHistory, IncidentSummary, Milestone},
    tui::{
        model::{Focus, Model, StateBand, Tab},
        text::{fit, pad_left, width},
        theme::{Meaning, kind_glyph, state_glyph},
    },
};
use chrono::Duration;
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Modifier, Style},
    text::Span,
};
use std::rc::Rc;

/// Columns at the right.
const RIGHT_COLUMNS: u16 = 25;

/// Into so many parts a band is cut at the most: it moves on when one is over, and not with each
/// moment.
const MAX_STEPS: i32 = 512;

/// From when to when the band goes, zoomed in around the selected event.
fn time_range(
    model: &Model,
    outline: &IncidentSummary,
    story: &IncidentHistory,
) -> Option<(UtcTime, UtcTime)> {
    let milestone = |found: Option<&Milestone>| found.map(Milestone::occurred_at);
    let first = milestone(story.milestones.first()).or(outline.declared)?;
    let last = if outline.open {
        let part = ((model.now - first) / MAX_STEPS).num_seconds().max(1);
        let parts = (model.now - first).num_seconds() / part;
        // What happened just now is in the last part.
        first + Duration::seconds((parts + 1) * part)
    } else {
        milestone(story.milestones.last()).max(outline.resolved)?
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

/// What the band shows in `columns` columns, as it was drawn last where nothing has changed since.
fn cached_band(
    model: &Model,
    story: &IncidentHistory,
    range: (UtcTime, UtcTime),
    columns: u16,
) -> Rc<StateBand> {
    let mut drawn = model.band.borrow_mut();
    match &*drawn {
        Some(same) if same.range == range && same.states.len() == usize::from(columns) => {
            Rc::clone(same)
        }
        _ => {
            let new = Rc::new(StateBand {
                range,
                states: state_per_column(story, range, columns),
                milestones: milestone_per_column(story, range, columns),
            });
            *drawn = Some(Rc::clone(&new));
            new
        }
    }
}

/// The worst state of each column, and none where it is not known. Each span is looked at once.
fn state_per_column(
    story: &IncidentHistory,
    (from, to): (UtcTime, UtcTime),
    columns: u16,
) -> Vec<Option<State>> {
    let step = (to - from) / i32::from(columns.max(1));
    let mut spans = story.states.as_slice();
    (0..columns)
        .map(|x| {
            let (from, to) = (from + step * i32::from(x), from + step * i32::from(x + 1));
            let over = spans.partition_point(|s| s.to.is_some_and(|end| end <= from));
            spans = &spans[over..];
            let within = spans.iter().take_while(|s| s.from < to);
            within.map(|s| s.state).max()
        })
        .collect()
}

/// The milestone of each column that says most: of several the one in the worst state, then the
/// last.
fn milestone_per_column(
    story: &IncidentHistory,
    range: (UtcTime, UtcTime),
    columns: u16,
) -> Vec<Option<(Kind, Option<State>)>> {
    let mut telling: Vec<Option<&Milestone>> = vec![None; columns.into()];
    let seen = story
        .milestones
        .partition_point(|m| m.occurred_at() < range.0);
    let within = story.milestones[seen..].iter();
    for milestone in within.take_while(|m| m.occurred_at() <= range.1) {
        if let Some(x) = column_at(milestone.occurred_at(), range, columns)
            && let Some(slot) = telling.get_mut(usize::from(x))
            && slot.is_none_or(|there| there.state <= milestone.state)
        {
            *slot = Some(milestone);
        }
    }
    let said = |m: &Milestone| (m.kind.clone(), m.state);
    telling.into_iter().map(|m| m.map(said)).collect()
}

fn column_at(at: UtcTime, (from, to): (UtcTime, UtcTime), columns: u16) -> Option<u16> {
    if at < from || at > to || columns == 0 {
        return None;
    }
    let whole = (to - from).num_milliseconds().max(1);
    let part = (at - from).num_milliseconds();
    let x = part * i64::from(columns) / whole;
    u16::try_from(x).ok().map(|x| x.min(columns - 1))
}

pub(super) fn draw(model: &Model, band: Rect, marks: Rect, buf: &mut Buffer) {
    let Some(outline) = &model.summary else {
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
        draw_right(model, outline, band, marks, buf);
    }
    let Some(story) = &outline.history else {
        return;
    };
    let Some(range) = time_range(model, outline, story) else {
        return;
    };
    let drawn = cached_band(model, story, range, columns);
    let mut x = 0;
    for run in drawn.states.chunk_by(|a, b| a == b) {
        let state = run[0];
        let word = state.map_or("", State::as_str);
        // A state is a word as well, where its stretch is long enough to say it.
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
    if marks.height > 0 {
        draw_milestones(
            model,
            outline,
            &drawn,
            Rect {
                width: columns,
                x: marks.x + 1,
                ..marks
            },
            buf,
        );
    }
}

fn draw_milestones(
    model: &Model,
    outline: &IncidentSummary,
    drawn: &StateBand,
    area: Rect,
    buf: &mut Buffer,
) {
    let theme = &model.theme;
    let zone = &model.zone;
    let range = drawn.range;
    let ends = [range.0, range.1].map(|at| {
        let at = zone.to_local(at);
        if range.1 - range.0 > Duration::days(2) {
            at.format("%-d %b %H:%M").to_string()
        } else {
            at.format("%H:%M").to_string()
        }
    });
    let last = if outline.open && model.timeline.zoom == 0 {
        "now".to_owned()
    } else {
        ends[1].clone()
    };
    let dim = theme.style(Meaning::Dim);
    for (x, milestone) in (area.x..).zip(&drawn.milestones) {
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
    let on_page = model.tab == Tab::Timeline && model.focus == Focus::Page;
    if let (true, Some(event)) = (on_page, model.selected_event())
        && let Some(x) = column_at(event.value.at_utc(), range, area.width)
    {
        let span = Span::styled(kind_glyph(&event.value.kind), theme.selected());
        draw_spans(buf, area.x + x, area.y, 1, vec![span]);
    }
    // The ends are named where no milestone stands.
    let free = |buf: &Buffer, from: u16, columns: u16| {
        (from..from + columns).all(|x| {
            buf.cell((x, area.y))
                .is_some_and(|cell| cell.symbol() == " ")
        })
    };
    for (text, right_side) in [(&ends[0], false), (&last, true)] {
        let columns = u16::try_from(width(text)).unwrap_or(0);
        if columns + 2 > area.width {
            continue;
        }
        let x = if right_side {
            area.x + area.width - columns
        } else {
            // The first milestone is where the band begins.
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

fn draw_right(model: &Model, outline: &IncidentSummary, band: Rect, marks: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let x = band.right().saturating_sub(RIGHT_COLUMNS);
    if let Some(due) = model.update_due() {
        let left = (due - model.now).num_seconds();
        let (text, style) = if left < 0 {
            let minutes = format_duration((-left / 60 * 60).max(60));
            (
                format!("update overdue {minutes} ▲"),
                theme.style(Meaning::Error),
            )
        } else {
            let style = if left < 300 {
                theme.style(Meaning::Warning).add_modifier(Modifier::BOLD)
            } else {
                theme.style(Meaning::Customer)
            };
            let minutes = if left < 60 {
                format!("{left} s")
            } else {
                format_duration(left / 60 * 60)
            };
            (format!("update due in {minutes}"), style)
        };
        let text = pad_left(&text, usize::from(RIGHT_COLUMNS) - 1);
        draw_spans(
            buf,
            x,
            band.y,
            RIGHT_COLUMNS,
            vec![Span::styled(text, style)],
        );
    } else if outline.open && outline.impact_start().is_some() {
        let text = pad_left("update: no time is set", usize::from(RIGHT_COLUMNS) - 1);
        draw_spans(
            buf,
            x,
            band.y,
            RIGHT_COLUMNS,
            vec![Span::styled(text, theme.style(Meaning::Dim))],
        );
    }
    if marks.height > 0
        && let Some(commander) = &outline.commander
    {
        let text = format!("{} commands", fit(commander, 14));
        let text = pad_left(&text, usize::from(RIGHT_COLUMNS) - 1);
        draw_spans(
            buf,
            x,
            marks.y,
            RIGHT_COLUMNS,
            vec![Span::styled(text, theme.style(Meaning::Dim))],
        );
    }
}
