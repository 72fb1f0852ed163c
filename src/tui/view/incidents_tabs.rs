//! Rows of two sub-tabs of the incidents tab: absorbed faults, and trends.

use super::widgets::{FULL_DATE_COLUMNS, date_columns, format_date, with_zone_notice};
use crate::{
    domain::{
        time::format_duration,
        words::{Severity, State, Word},
        zone::Zone,
    },
    tui::{
        model::{Model, MonthSummary},
        msg::{LedgerLine, TrendLine},
        text::{fit, pad, pad_left, width},
        theme::{Meaning, state_glyph},
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

/// Counts the faults that were absorbed, and those that were absorbed first and defeated later.
pub(super) fn ledger_summary(lines: &[LedgerLine], wide: bool) -> String {
    let defeated = lines
        .iter()
        .filter(|l| l.fault.defeated_by.is_some())
        .count();
    let absorbed = lines.len() - defeated;
    let not_counted = if wide { ", not counted" } else { "" };
    match defeated {
        0 => format!("{absorbed} held"),
        n => format!("{absorbed} held · {n} overcome{not_counted}"),
    }
}

/// Returns the row of an absorbed fault.
pub(super) fn ledger_row(model: &Model, line: &LedgerLine, columns: usize) -> Vec<Span<'static>> {
    let theme = &model.theme;
    let dim = theme.style(Meaning::Dim);
    let fault = &line.fault;
    let zone = Zone::find_or_utc(&line.zone);
    let approx = if fault.approximate { "~" } else { "" };
    let wide = columns >= FULL_DATE_COLUMNS;
    let at = format_date(model, fault.at, &zone, wide);
    let date_columns = date_columns(wide);
    let (outcome, meaning) = match (&fault.defeated_by, fault.restored_at) {
        (Some(_), _) => ("× overcome", Meaning::Down),
        (None, Some(_)) => ("▁ held", Meaning::Ok),
        (None, None) => ("▃ at risk", Meaning::AtRisk),
    };
    let duration = format_duration(fault.seconds_at_risk(model.now));
    let incident = match &line.incident {
        Some((_, name)) => format!("#{name}"),
        None => "unfiled".to_owned(),
    };
    let room = columns.saturating_sub(date_columns + 1 + 11 + 1 + 13 + 12 + 9);
    vec![
        Span::styled(pad_left(&format!("{approx}{at}"), date_columns), dim),
        Span::raw(" "),
        Span::styled(pad(outcome, 11), theme.style(meaning)),
        Span::raw(" "),
        Span::styled(pad(&fault.protection, 12), theme.style(Meaning::Strong)),
        Span::raw(" "),
        Span::raw(pad(&with_zone_notice(&fault.text, &zone), room)),
        Span::styled(pad_left(&duration, 12), dim),
        Span::styled(pad_left(&fit(&incident, 8), 9), dim),
    ]
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
    let mut levels: Vec<u8> = month
        .lines
        .iter()
        .map(|line| {
            let severity = line.incident.severity.as_ref().and_then(Word::known);
            severity.map_or(9, Severity::level)
        })
        .collect();
    levels.sort_unstable();
    let max_blocks = columns.saturating_sub(9 + 5 + 20 + 22);
    let mut spans = vec![Span::styled(format!(" {}", month.day.format("%b %Y")), dim)];
    spans.push(Span::styled(
        pad_left(&month.lines.len().to_string(), 5),
        theme.style(Meaning::Strong),
    ));
    spans.push(Span::raw(" "));
    for level in levels.iter().take(max_blocks.saturating_sub(1)) {
        let meaning = match level {
            1 => Meaning::Down,
            2 => Meaning::Degraded,
            3 => Meaning::AtRisk,
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
        1 => "1 did not happen".to_owned(),
        n => format!("{n} did not happen"),
    };
    let room = columns.saturating_sub(used + 42 + 1);
    spans.push(Span::raw(" ".repeat(room)));
    spans.push(Span::styled(
        pad_left(&impact, 20),
        theme.style(Meaning::Plain),
    ));
    spans.push(Span::styled(
        pad_left(&absorbed, 22),
        theme.style(Meaning::Ok),
    ));
    spans
}

/// Returns the metrics that there is room for.
fn visible_figures(columns: usize) -> &'static [&'static str] {
    let room = columns.saturating_sub(44) / FIGURE_COLUMNS;
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
    let room = columns.saturating_sub(7 + 8 + 1 + 5 + shown.len() * FIGURE_COLUMNS + 1);
    let mut spans = vec![
        Span::styled(pad_left(&incident.short_ref(), 7), dim),
        Span::styled(pad_left(&day, 7), dim),
        Span::raw(" "),
        Span::styled(pad(&severity, 6), theme.style(Meaning::Strong)),
        Span::raw(pad(&with_zone_notice(&incident.title, &zone), room)),
    ];
    for header in shown {
        let figure = line.figures.iter().find(|(known, ..)| known == header);
        let text = match figure {
            Some((_, Some(seconds), true)) => format!("{}…", format_duration(*seconds)),
            Some((_, Some(seconds), false)) => format_duration(*seconds),
            _ => "–".to_owned(),
        };
        spans.push(Span::raw(pad_left(&text, FIGURE_COLUMNS)));
    }
    spans
}
