//! The ledger of outages that did not happen, and the trends of a year.

use super::widgets::{FULL_DATE_COLUMNS, date_columns, format_date};
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

/// Columns of one figure.
const FIGURE_COLUMNS: usize = 12;
/// The figures in the order in which they are given room.
const FIGURE_ORDER: [&str; 6] = [
    "impact",
    "down",
    "detect",
    "mitigate",
    "restore",
    "update gap",
];

/// What the ledger comes to.
pub(super) fn ledger_summary(lines: &[LedgerLine], wide: bool) -> String {
    let overcome = lines
        .iter()
        .filter(|l| l.fault.defeated_by.is_some())
        .count();
    let held = lines.len() - overcome;
    let not_counted = if wide { ", not counted" } else { "" };
    match overcome {
        0 => format!("{held} held"),
        n => format!("{held} held · {n} overcome{not_counted}"),
    }
}

/// A fault that a protection caught, in `columns` columns.
pub(super) fn ledger_row(model: &Model, line: &LedgerLine, columns: usize) -> Vec<Span<'static>> {
    let theme = &model.theme;
    let dim = theme.style(Meaning::Dim);
    let fault = &line.fault;
    let zone = Zone::find(&line.zone).unwrap_or_else(|_| Zone::utc());
    let about = if fault.approximate { "~" } else { "" };
    let wide = columns >= FULL_DATE_COLUMNS;
    let at = format_date(model, fault.at, &zone, wide);
    let date_columns = date_columns(wide);
    let (how, meaning) = match (&fault.defeated_by, fault.restored_at) {
        (Some(_), _) => ("× overcome", Meaning::Down),
        (None, Some(_)) => ("▁ held", Meaning::Ok),
        (None, None) => ("▃ at risk", Meaning::AtRisk),
    };
    let lasted = format_duration(fault.seconds_at_risk(model.now));
    let place = match &line.incident {
        Some((_, name)) => format!("#{name}"),
        None => "unfiled".to_owned(),
    };
    let room = columns.saturating_sub(date_columns + 1 + 11 + 1 + 13 + 12 + 9);
    vec![
        Span::styled(pad_left(&format!("{about}{at}"), date_columns), dim),
        Span::raw(" "),
        Span::styled(pad(how, 11), theme.style(meaning)),
        Span::raw(" "),
        Span::styled(pad(&fault.protection, 12), theme.style(Meaning::Strong)),
        Span::raw(" "),
        Span::raw(pad(&fault.text, room)),
        Span::styled(pad_left(&lasted, 12), dim),
        Span::styled(pad_left(&fit(&place, 8), 9), dim),
    ]
}

fn impact_seconds(line: &TrendLine) -> i64 {
    let found = line.figures.iter().find(|(head, ..)| *head == "impact");
    found.and_then(|(_, seconds, _)| *seconds).unwrap_or(0)
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
    // One block an incident, the worst first, in the colour of how bad it was.
    let mut levels: Vec<u8> = month
        .lines
        .iter()
        .map(|line| {
            let severity = line.incident.severity.as_ref().and_then(Word::known);
            severity.map_or(9, Severity::level)
        })
        .collect();
    levels.sort_unstable();
    let most = columns.saturating_sub(9 + 5 + 20 + 22);
    let mut spans = vec![Span::styled(format!(" {}", month.day.format("%b %Y")), dim)];
    spans.push(Span::styled(
        pad_left(&month.lines.len().to_string(), 5),
        theme.style(Meaning::Strong),
    ));
    spans.push(Span::raw(" "));
    for level in levels.iter().take(most.saturating_sub(1)) {
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

/// Which figures there is room for.
fn visible_figures(columns: usize) -> &'static [&'static str] {
    let room = columns.saturating_sub(44) / FIGURE_COLUMNS;
    &FIGURE_ORDER[..room.clamp(1, FIGURE_ORDER.len())]
}

/// The heads of the figures.
pub(super) fn figure_header(model: &Model, columns: usize) -> Vec<Span<'static>> {
    let heads: String = visible_figures(columns)
        .iter()
        .map(|head| pad_left(head, FIGURE_COLUMNS))
        .collect();
    let line = columns.saturating_sub(width(&heads) + 1);
    vec![Span::styled(
        format!("{}{heads}", "─".repeat(line)),
        model.theme.style(Meaning::Dim),
    )]
}

/// An incident with its figures, in `columns` columns.
pub(super) fn trend_row(model: &Model, line: &TrendLine, columns: usize) -> Vec<Span<'static>> {
    let theme = &model.theme;
    let dim = theme.style(Meaning::Dim);
    let one = &line.incident;
    let zone = Zone::find(&one.zone).unwrap_or_else(|_| Zone::utc());
    let day = one.declared.map_or_else(String::new, |at| {
        zone.to_local(at).format("%-d %b").to_string()
    });
    let severity = one
        .severity
        .as_ref()
        .map_or_else(String::new, |s| s.to_string().to_uppercase());
    let shown = visible_figures(columns);
    let room = columns.saturating_sub(7 + 8 + 1 + 5 + shown.len() * FIGURE_COLUMNS + 1);
    let mut spans = vec![
        Span::styled(pad_left(&one.short_ref(), 7), dim),
        Span::styled(pad_left(&day, 7), dim),
        Span::raw(" "),
        Span::styled(pad(&severity, 6), theme.style(Meaning::Strong)),
        Span::raw(pad(&one.title, room)),
    ];
    for head in shown {
        let figure = line.figures.iter().find(|(known, ..)| known == head);
        let text = match figure {
            Some((_, Some(seconds), true)) => format!("{}…", format_duration(*seconds)),
            Some((_, Some(seconds), false)) => format_duration(*seconds),
            _ => "–".to_owned(),
        };
        spans.push(Span::raw(pad_left(&text, FIGURE_COLUMNS)));
    }
    spans
}
