//! Rows of two sub-tabs of the incidents tab: absorbed faults, and trends.

use super::widgets::{
    FULL_DATE_COLUMNS, NARROW_COLUMNS, date_columns, format_date, mark_unknown_zone,
};
use crate::{
    domain::{
        count::counted,
        ledger::TimeAtRisk,
        time::format_duration,
        words::{Kind, State},
        zone::Zone,
    },
    tui::{
        model::{Model, MonthSummary},
        msg::{LedgerLine, TrendLine},
        text::{pad, pad_left, width},
        theme::{Meaning, kind_glyph, state_glyph},
    },
};
use ratatui::text::Span;

/// Columns of one metric.
const FIGURE_COLUMNS: usize = 12;
/// The metrics in the order in which they get room.
const FIGURE_ORDER: [&str; 6] = [
    "impact",
    "down",
    "detect",
    "mitigate",
    "restore",
    "update gap",
];

/// Counts the faults of the last 90 days that a protection held, and those that exceeded it later.
pub(super) fn near_miss_counts(model: &Model, lines: &[LedgerLine]) -> String {
    let since = model.now - chrono::Duration::days(90);
    let recent = || lines.iter().filter(|line| line.fault.at >= since);
    let exceeded = recent()
        .filter(|line| line.fault.defeated_by.is_some())
        .count();
    let absorbed = recent().count() - exceeded;
    match exceeded {
        0 => format!("90 days: {absorbed} absorbed"),
        n => format!("90 days: {absorbed} absorbed, {n} exceeded"),
    }
}

/// `27 Nov 02:25  △ absorbed  first hardware fault on online-db  2 h 6 min  exceeded`; a narrow screen has only
/// time, text and what came of it.
pub(super) fn ledger_row(model: &Model, line: &LedgerLine, columns: usize) -> Vec<Span<'static>> {
    const OUTCOME: usize = 8;
    let theme = &model.theme;
    let dim = theme.style(Meaning::Dim);
    let fault = &line.fault;
    let zone = Zone::find_or_utc(&line.zone);
    let about = if fault.approximate { "~" } else { "" };
    let is_wide = columns >= FULL_DATE_COLUMNS;
    let is_narrow = columns < NARROW_COLUMNS;
    let (at, date_columns) = if is_narrow {
        (zone.to_local(fault.at).format("%-d %b").to_string(), 7)
    } else {
        let at = format_date(model, fault.at, &zone, is_wide);
        (at, date_columns(is_wide) + 1)
    };
    let (outcome, meaning) = match (&fault.defeated_by, fault.over_at()) {
        (Some(_), _) => ("exceeded", Meaning::Down),
        (None, Some(_)) => ("held", Meaning::Ok),
        (None, None) => ("at risk", Meaning::AtRisk),
    };
    let text = mark_unknown_zone(&fault.text, &zone).into_owned();
    let mut middle = vec![];
    let mut end = vec![];
    if !is_narrow {
        middle.push(Span::styled(
            format!("  {} absorbed", kind_glyph(&Kind::Absorbed)),
            theme.style(Meaning::AtRisk),
        ));
        let duration = match fault.seconds_at_risk(model.now) {
            Some(seconds) => format_duration(seconds / 60 * 60),
            None if fault.risk != TimeAtRisk::None => "not known".to_owned(),
            None => String::new(),
        };
        end.push(Span::styled(format!("  {}", pad(&duration, 10)), dim));
    }
    if is_wide {
        let incident = match &line.incident {
            Some((_, name)) => format!("#{name}"),
            None => "unassigned".to_owned(),
        };
        middle.push(Span::styled(
            format!("  {}", pad(&fault.protection, 12)),
            dim,
        ));
        end.push(Span::styled(format!("  {}", pad(&incident, 10)), dim));
    }
    let columns_of = |spans: &[Span<'_>]| spans.iter().map(|s| width(&s.content)).sum::<usize>();
    let used = 1 + date_columns + columns_of(&middle) + 2 + columns_of(&end) + 2 + OUTCOME;
    let room = columns.saturating_sub(used);
    let mut spans = vec![
        Span::raw(" "),
        Span::styled(pad_left(&format!("{about}{at}"), date_columns), dim),
    ];
    spans.extend(middle);
    spans.push(Span::raw(format!("  {}", pad(&text, room))));
    spans.extend(end);
    spans.push(Span::styled(
        format!("  {}", pad(outcome, OUTCOME)),
        theme.style(meaning),
    ));
    spans
}

fn impact_seconds(line: &TrendLine) -> i64 {
    let figure = line.figures.iter().find(|(header, ..)| *header == "impact");
    figure.and_then(|(_, seconds, _)| *seconds).unwrap_or(0)
}

/// Returns the row of one month: its incidents as blocks, its impact, its absorbed faults.
pub(super) fn month_row(
    model: &Model,
    month: &MonthSummary<'_>,
    columns: usize,
) -> Vec<Span<'static>> {
    let theme = &model.theme;
    let dim = theme.style(Meaning::Dim);
    let impact: i64 = month.lines.iter().map(|line| impact_seconds(line)).sum();
    // One block per incident, in the colour of its severity, worst first.
    let mut ranks: Vec<usize> = month
        .lines
        .iter()
        .map(|line| {
            let severity = line.incident.severity.as_ref();
            let rank = severity.and_then(|severity| model.severities.rank(severity));
            rank.unwrap_or(usize::MAX)
        })
        .collect();
    ranks.sort_unstable();
    let max_blocks = columns.saturating_sub(9 + 5 + 20 + 22);
    let mut spans = vec![Span::styled(format!(" {}", month.day.format("%b %Y")), dim)];
    spans.push(Span::styled(
        pad_left(&month.lines.len().to_string(), 5),
        theme.style(Meaning::Strong),
    ));
    spans.push(Span::raw(" "));
    for rank in ranks.iter().take(max_blocks.saturating_sub(1)) {
        let meaning = match rank {
            0 => Meaning::Down,
            1 => Meaning::Degraded,
            2 => Meaning::AtRisk,
            _ => Meaning::Dim,
        };
        spans.push(Span::styled(
            state_glyph(Some(State::Down)),
            theme.style(meaning),
        ));
    }
    let used: usize = spans.iter().map(|s| width(&s.content)).sum();
    let impact = match impact {
        0 => String::new(),
        seconds => format!("impact {}", format_duration(seconds)),
    };
    let absorbed = match month.absorbed {
        0 => String::new(),
        n => counted(n, "near miss", "near misses"),
    };
    let near_misses = if columns < NARROW_COLUMNS { 0 } else { 22 };
    let room = columns.saturating_sub(used + 20 + near_misses + 1);
    spans.push(Span::raw(" ".repeat(room)));
    spans.push(Span::styled(
        pad_left(&impact, 20),
        theme.style(Meaning::Plain),
    ));
    spans.push(Span::styled(
        pad_left(&absorbed, near_misses),
        theme.style(Meaning::Ok),
    ));
    spans
}

/// Returns the metrics that there is room for.
fn visible_figures(columns: usize) -> &'static [&'static str] {
    let room = columns.saturating_sub(42) / FIGURE_COLUMNS;
    &FIGURE_ORDER[..room.clamp(1, FIGURE_ORDER.len())]
}

/// Returns the header of the metrics.
pub(super) fn figure_header(model: &Model, columns: usize) -> Vec<Span<'static>> {
    let headers: String = visible_figures(columns)
        .iter()
        .map(|header| pad_left(header, FIGURE_COLUMNS))
        .collect();
    let line = columns.saturating_sub(width(&headers) + 1);
    vec![Span::styled(
        format!("{}{headers}", "─".repeat(line)),
        model.theme.style(Meaning::Dim),
    )]
}

/// Returns the row of an incident with its metrics.
pub(super) fn trend_row(model: &Model, line: &TrendLine, columns: usize) -> Vec<Span<'static>> {
    let theme = &model.theme;
    let dim = theme.style(Meaning::Dim);
    let incident = &line.incident;
    let zone = Zone::find_or_utc(&incident.zone);
    let day = incident.declared.map_or_else(String::new, |at| {
        zone.to_local(at).format("%-d %b").to_string()
    });
    let severity = incident
        .severity
        .as_ref()
        .map_or_else(String::new, |s| s.to_string().to_uppercase());
    let shown = visible_figures(columns);
    let mut spans = vec![Span::styled(pad_left(&incident.short_ref(), 5), dim)];
    if columns >= NARROW_COLUMNS {
        spans.push(Span::styled(pad_left(&day, 7), dim));
        let severity = format!(" {}", pad(&severity, model.severities.columns()));
        spans.push(Span::styled(severity, theme.style(Meaning::Strong)));
    }
    let used: usize = spans.iter().map(|s| width(&s.content)).sum();
    let room = columns.saturating_sub(used + 1 + shown.len() * FIGURE_COLUMNS + 1);
    let title = mark_unknown_zone(&incident.title, &zone);
    spans.push(Span::raw(format!(" {}", pad(&title, room))));
    for header in shown {
        let figure = line.figures.iter().find(|(known, ..)| known == header);
        let text = match figure {
            // It still goes on.
            Some((_, Some(seconds), true)) => format!("{}+", format_duration(*seconds)),
            Some((_, Some(seconds), false)) => format_duration(*seconds),
            _ => "–".to_owned(),
        };
        spans.push(Span::raw(pad_left(&text, FIGURE_COLUMNS)));
    }
    spans
}
