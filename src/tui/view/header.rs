//! The first row: number, title, severity, state, how long it lasts, open asks, clock.

use super::widgets::draw_spans;
use crate::{
    domain::{count::plural, time::format_duration, words::State},
    tui::{
        content::hub,
        model::Model,
        msg::short_ref,
        text::{fit, width},
        theme::{Meaning, state_glyph},
    },
};
use chrono::Duration;
use ratatui::{buffer::Buffer, layout::Rect, style::Modifier, text::Span};

/// Formats a duration: `00:42` (minutes, seconds), `1:05:09`, `3d 04:10` (hours, minutes). Negative
/// is 0.
#[must_use]
pub fn format_elapsed(since: Duration) -> String {
    let seconds = since.num_seconds().max(0);
    let (days, hours, minutes, seconds) = (
        seconds / 86_400,
        seconds / 3600 % 24,
        seconds / 60 % 60,
        seconds % 60,
    );
    match (days, hours) {
        (0, 0) => format!("{minutes:02}:{seconds:02}"),
        (0, hours) => format!("{hours}:{minutes:02}:{seconds:02}"),
        (days, hours) => format!("{days}d {hours:02}:{minutes:02}"),
    }
}

/// Says which incidents are open besides the one shown: `+1 open`, on a wide screen with the title of the newest;
/// or that none is open.
fn open_elsewhere(model: &Model, shown_is_open: bool, columns: usize) -> Option<String> {
    const WIDE: usize = 110;
    const TITLE: usize = 20;
    let count = model.other_open.len();
    match model.other_open.first() {
        None if shown_is_open => None,
        None => Some("no incident open".to_owned()),
        Some(first) if columns >= WIDE => {
            let number = short_ref(first.number, &first.handle);
            let title = fit(&first.title, TITLE);
            let state = first
                .state
                .map_or_else(String::new, |state| format!(" ({state})"));
            Some(format!("+{count} open: {number} {title}{state}"))
        }
        Some(_) => Some(format!("+{count} open")),
    }
}

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let columns = usize::from(area.width);
    let now = model.zone.to_local(model.now);
    let clock = format!(
        "{} {}",
        now.format("%H:%M:%S"),
        model.zone.abbreviation(model.now)
    );
    let mut right: Vec<Span<'static>> = Vec::new();
    let asks = &model.activity.open_asks;
    if !asks.is_empty() {
        let overdue = asks.iter().filter(|ask| ask.is_late(model.now)).count();
        let word = plural(asks.len(), "request", "requests");
        let style = if overdue > 0 {
            theme.style(Meaning::Error)
        } else {
            theme.style(Meaning::Warning)
        };
        // The time box of the first that is not late: the next to end.
        let next = asks
            .iter()
            .filter_map(|ask| ask.due)
            .find(|due| *due >= model.now);
        let deadline = match (overdue, next) {
            (0, Some(due)) if columns >= 100 => {
                format!(", next in {}", format_elapsed(due - model.now))
            }
            (0, _) => String::new(),
            (late, _) => format!(", {late} late"),
        };
        right.push(Span::styled(
            format!("{} {word}{deadline}  ", asks.len()),
            style,
        ));
    }
    if let Some(present) = hub::present(model).filter(|_| columns >= 100) {
        right.push(Span::styled(
            format!("{}  ", fit(&present, 30)),
            theme.style(Meaning::Strong),
        ));
    }
    let hub_state = hub::hub_state(model, columns)
        .map(|(state, meaning)| Span::styled(format!("{state}  "), theme.style(meaning)));
    right.extend(hub_state.clone());
    right.push(Span::raw(format!("{} ", fit(&clock, 20))));
    let right_width: usize = right.iter().map(|span| width(&span.content)).sum();
    let Some(summary) = &model.summary else {
        // Never "no incident" while one is open somewhere.
        let title = match model.other_open.first() {
            _ if !model.first_load_done => String::new(),
            None => "no incident open".to_owned(),
            Some(open) => {
                let number = short_ref(open.number, &open.handle);
                let state = open.state.map_or_else(String::new, |state| {
                    format!(", {}", state.as_str().to_uppercase())
                });
                format!(
                    "unassigned events · {number} is open: {}{state}",
                    open.title
                )
            }
        };
        let title = fit(&title, columns.saturating_sub(14 + right_width));
        let spans = vec![
            Span::styled(" Bridgelog  ", theme.style(Meaning::Strong)),
            Span::styled(title, theme.style(Meaning::Dim)),
        ];
        draw_spans(buf, area.x, area.y, area.width, spans);
        let x = columns.saturating_sub(right_width);
        draw_spans(
            buf,
            area.x + u16::try_from(x).unwrap_or(0),
            area.y,
            area.width,
            right,
        );
        return;
    };
    let mut middle: Vec<Span<'static>> = Vec::new();
    for mark in summary.row.marks().split_whitespace() {
        middle.push(Span::styled(
            format!("{mark}  "),
            theme.style(Meaning::Warning),
        ));
    }
    if let Some(severity) = &summary.row.severity {
        let style = if model.severities.rank(severity) == Some(0) {
            theme.style(Meaning::Down)
        } else {
            theme.style(Meaning::Strong)
        };
        middle.push(Span::styled(severity.to_string().to_uppercase(), style));
        middle.push(Span::raw("  "));
    }
    let state = summary.row.state;
    let word = match state {
        Some(State::Unknown) => "STATE UNKNOWN".to_owned(),
        Some(state) => state.as_str().to_uppercase(),
        None => String::new(),
    };
    if !word.is_empty() {
        let style = theme.state_style(state).add_modifier(Modifier::BOLD);
        middle.push(Span::styled(
            format!("{} {word}", state_glyph(state)),
            style,
        ));
    }
    let stale_since = summary.stale_since(model.now);
    let since = summary.current_state_since(model.now);
    if let Some(since) = since {
        middle.push(Span::styled(
            format!(" {}", format_elapsed(model.now - since)),
            theme.state_style(state).add_modifier(Modifier::BOLD),
        ));
    }
    // Worse or better than before, but not well in between: that is longer.
    if let (Some(since), Some(impact)) = (since, summary.impact_since())
        && impact < since
        && columns >= 100
    {
        middle.push(Span::styled(
            format!("  impact {}", format_elapsed(model.now - impact)),
            theme.style(Meaning::Strong),
        ));
    }
    if let Some(newest) = stale_since {
        let newest = model.zone.to_local(newest).format("%-d %b %Y %H:%M");
        middle.push(Span::styled(
            format!("  last recorded {newest}"),
            theme.style(Meaning::Warning),
        ));
    }
    if !summary.row.is_open {
        let ago = summary.row.resolved.map_or_else(String::new, |at| {
            match (model.now - at).num_minutes() {
                ..=0 => " just now".to_owned(),
                minutes @ 1..=4320 => format!(" {} ago", format_duration(minutes * 60)),
                _ => model.zone.to_local(at).format(" %-d %b %Y").to_string(),
            }
        });
        middle.push(Span::styled(
            format!("  resolved{ago}"),
            theme.style(Meaning::Dim),
        ));
    }
    if model.demo {
        middle.push(Span::styled("  demo", theme.style(Meaning::Warning)));
    }
    if let Some(text) = open_elsewhere(model, summary.row.is_open, columns) {
        middle.push(Span::styled(
            format!("  {text}"),
            theme.style(Meaning::Warning),
        ));
    }
    let middle_width: usize = middle.iter().map(|span| width(&span.content)).sum();
    let number = match summary.row.number {
        Some(n) => format!(" #{n} "),
        None => format!(" {} ", summary.row.handle),
    };
    let used = width(&number) + middle_width + 4;
    let room = columns.saturating_sub(used + right_width);
    // The title has priority over the clock, and what is wrong with the hub over both.
    let right = if room < 8 {
        hub_state.into_iter().collect()
    } else {
        right
    };
    let right_width: usize = right.iter().map(|span| width(&span.content)).sum();
    let room = columns.saturating_sub(used + right_width);
    let title = fit(&summary.row.title, room);
    let mut spans = vec![
        Span::styled(number, theme.style(Meaning::Dim)),
        Span::styled(title, theme.style(Meaning::Strong)),
        Span::raw("   "),
    ];
    spans.extend(middle);
    draw_spans(buf, area.x, area.y, area.width, spans);
    let x = area.x + u16::try_from(columns.saturating_sub(right_width)).unwrap_or(0);
    draw_spans(buf, x, area.y, area.width, right);
}
