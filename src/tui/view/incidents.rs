//! The incidents tab: the list, the absorbed faults, the trends, or the hits of a search.

use super::{
    incidents_tabs,
    widgets::{
        FULL_DATE_COLUMNS, choice_bar, date_columns, draw_hint, draw_spans, format_date,
        highlight_row, titled_rule, with_zone_notice,
    },
};
use crate::{
    domain::{time::format_duration, zone::Zone},
    tui::{
        layout::incidents::{first_row, shows_trends, tab_labels, visible_months},
        model::{Focus, Incidents, IncidentsTab, Model},
        msg::{IncidentListItem, SearchResult},
        text::{fit, pad, pad_left, width},
        theme::{Meaning, state_glyph},
    },
};
use ratatui::{buffer::Buffer, layout::Rect, text::Span};

/// Returns the rows above the list: the bar of sub-tabs and, for trends, the months and the header
/// of the metrics.
fn header_rows(model: &Model, columns: u16, height: u16) -> Vec<Vec<Span<'static>>> {
    let mut rows = vec![tab_bar(model, columns)];
    if shows_trends(model) {
        let months = visible_months(model, height);
        let month_row = |month| incidents_tabs::month_row(model, month, columns.into());
        rows.extend(months.iter().map(month_row));
        rows.push(incidents_tabs::figure_header(model, columns.into()));
    }
    rows
}

/// Returns the bar of sub-tabs with a summary of what is shown.
fn tab_bar(model: &Model, columns: u16) -> Vec<Span<'static>> {
    let list = &model.incidents;
    if let Some((query, results)) = &list.search_results {
        return titled_rule(
            model,
            &format!("{} found for {query}", results.len()),
            columns,
        );
    }
    let chosen = IncidentsTab::ALL.iter().position(|tab| *tab == list.tab);
    let words = tab_labels();
    let mut spans = choice_bar(model, &words, chosen.unwrap_or(0), Meaning::Accent);
    let used: usize = spans.iter().map(|s| width(&s.content)).sum();
    let wide = usize::from(columns) >= FULL_DATE_COLUMNS;
    let summary = match list.tab {
        IncidentsTab::List => list.all.as_ref().map(|all| recent_counts(model, all, wide)),
        IncidentsTab::Ledger => list
            .ledger
            .as_ref()
            .map(|lines| incidents_tabs::ledger_summary(lines, wide)),
        IncidentsTab::Trends => list
            .trends
            .as_ref()
            .map(|_| "the last twelve months".to_owned()),
    };
    let room = u16::try_from(usize::from(columns).saturating_sub(used)).unwrap_or(0);
    spans.extend(titled_rule(model, &summary.unwrap_or_default(), room));
    spans
}

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let list = &model.incidents;
    let header = header_rows(model, area.width, area.height);
    let below = area.y + u16::try_from(header.len()).unwrap_or(0);
    for (y, spans) in (area.y..area.bottom()).zip(header) {
        draw_spans(buf, area.x, y, area.width, spans);
    }
    let count = list.row_count();
    let loaded = match list.tab {
        IncidentsTab::List => list.all.is_some(),
        IncidentsTab::Ledger => list.ledger.is_some(),
        IncidentsTab::Trends => list.trends.is_some(),
    };
    if count == 0 {
        if loaded {
            let area = Rect {
                y: below,
                height: area.bottom().saturating_sub(below),
                ..area
            };
            draw_hint(model, area, buf, empty_hint(list));
        }
        return;
    }
    let top = first_row(model, area.height);
    let columns = usize::from(area.width);
    for (y, at) in (below..area.bottom()).zip(top..count) {
        let spans = match (&list.search_results, list.tab) {
            (Some((_, results)), _) => results
                .get(at)
                .map(|hit| search_result_row(model, hit, columns)),
            (None, IncidentsTab::List) => list
                .all
                .as_ref()
                .and_then(|all| all.get(at))
                .map(|item| incident_row(model, item, columns)),
            (None, IncidentsTab::Ledger) => list
                .ledger
                .as_ref()
                .and_then(|lines| lines.get(at))
                .map(|line| incidents_tabs::ledger_row(model, line, columns)),
            (None, IncidentsTab::Trends) => list
                .trends
                .as_ref()
                .and_then(|trends| trends.lines.get(at))
                .map(|line| incidents_tabs::trend_row(model, line, columns)),
        };
        draw_spans(buf, area.x, y, area.width, spans.unwrap_or_default());
        if at == list.selected && model.focus == Focus::List {
            highlight_row(model, area, y, buf);
        }
    }
}

fn empty_hint(list: &Incidents) -> &'static [(&'static str, &'static str)] {
    match (&list.search_results, list.tab) {
        (Some(_), _) => &[
            ("", "Nothing has these words."),
            ("Esc", "back to the list"),
        ],
        (None, IncidentsTab::List) => &[
            ("", "No incident yet."),
            ("D", "declares one"),
            ("i", "to the line"),
        ],
        (None, IncidentsTab::Ledger) => &[
            ("", "No fault is logged that a protection caught."),
            (
                "absorbed:",
                "on the line notes one: absorbed: a disk failed @db #mirror",
            ),
        ],
        (None, IncidentsTab::Trends) => &[("", "No incident in the last twelve months.")],
    }
}

/// Returns how many incidents there are, how many are open, how many were declared lately.
fn recent_counts(model: &Model, all: &[IncidentListItem], wide: bool) -> String {
    let since = |days| {
        let from = model.now - chrono::Duration::days(days);
        all.iter()
            .filter(|i| i.declared.is_some_and(|at| at >= from))
            .count()
    };
    let open = all.iter().filter(|i| i.open).count();
    let count = all.iter().filter(|i| !i.handle.is_empty()).count();
    let s = if count == 1 { "" } else { "s" };
    if !wide {
        return format!(
            "{count} incident{s} · {open} open · {} in 30 days",
            since(30)
        );
    }
    format!(
        "{count} incident{s} · {open} open · {} in 30 days · {} in 90",
        since(30),
        since(90)
    )
}

fn incident_row(model: &Model, item: &IncidentListItem, columns: usize) -> Vec<Span<'static>> {
    let theme = &model.theme;
    let dim = theme.style(Meaning::Dim);
    let number = item.short_ref();
    let zone = Zone::find_or_utc(&item.zone);
    let wide = columns >= FULL_DATE_COLUMNS;
    let declared = item
        .declared
        .map_or(String::new(), |at| format_date(model, at, &zone, wide));
    let date_columns = date_columns(wide);
    let duration = match (item.declared, item.resolved) {
        (Some(from), Some(to)) => format_duration((to - from).num_seconds().max(0)),
        (Some(_), None) if item.open => "open".to_owned(),
        _ => String::new(),
    };
    let severity = item
        .severity
        .as_ref()
        .map_or(String::new(), |s| s.to_string().to_uppercase());
    let room = columns.saturating_sub(7 + 6 + 3 + date_columns + 13 + 9);
    let state = item.state.filter(|_| item.open);
    vec![
        Span::styled(pad_left(&number, 6), dim),
        Span::raw(" "),
        Span::styled(pad(&severity, 6), theme.style(Meaning::Strong)),
        Span::styled(
            if item.open {
                format!("{}  ", state_glyph(state))
            } else {
                "   ".to_owned()
            },
            theme.state_style(state),
        ),
        Span::styled(
            pad(&with_zone_notice(&item.title, &zone), room),
            theme.style(if item.open {
                Meaning::Strong
            } else {
                Meaning::Plain
            }),
        ),
        Span::styled(pad_left(&declared, date_columns), dim),
        Span::styled(
            pad_left(&duration, 13),
            if item.open {
                theme.style(Meaning::Warning)
            } else {
                dim
            },
        ),
        Span::styled(pad_left(&format!("{} ev", item.events), 9), dim),
    ]
}

fn search_result_row(model: &Model, hit: &SearchResult, columns: usize) -> Vec<Span<'static>> {
    let dim = model.theme.style(Meaning::Dim);
    let number = match (hit.number, &hit.incident) {
        (Some(n), _) => format!("#{n}"),
        (None, Some(handle)) => handle.clone(),
        (None, None) => "unfiled".to_owned(),
    };
    let wide = columns >= FULL_DATE_COLUMNS;
    let at = hit.at.map_or(String::new(), |at| {
        format_date(model, at, &model.zone, wide)
    });
    let date_columns = date_columns(wide);
    vec![
        Span::styled(pad_left(&fit(&number, 8), 8), dim),
        Span::styled(pad_left(&at, date_columns), dim),
        Span::raw("  "),
        Span::raw(pad(&hit.text, columns.saturating_sub(11 + date_columns))),
    ]
}
