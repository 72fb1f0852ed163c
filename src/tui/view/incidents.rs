//! The incidents tab: the list, the absorbed faults, the trends, or the hits of a search.

use super::{
    incidents_tabs,
    widgets::{
        FULL_DATE_COLUMNS, NARROW_COLUMNS, choice_bar, date_columns, draw_hint, draw_spans,
        format_date, highlight_row, mark_unknown_zone, titled_rule,
    },
};
use crate::{
    domain::{
        count::counted,
        search::{Snippet, snippet},
        time::format_duration,
        zone::Zone,
    },
    tui::{
        layout::incidents::{first_row, shows_trends, tab_labels, visible_months},
        model::{Focus, Incidents, IncidentsTab, Model},
        msg::{IncidentListItem, SearchResult},
        text::{fit, pad, pad_left, width},
        theme::{Meaning, state_glyph},
    },
};
use ratatui::{buffer::Buffer, layout::Rect, style::Style, text::Span};

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
    if let Some(results) = &list.search_results {
        let note = results.note.as_ref();
        let note = note.map_or(String::new(), |note| format!("; {note}"));
        let (count, query) = (results.rows.len(), &results.query);
        let title = format!("{count} found for {query}, newest first{note}");
        return titled_rule(model, &title, columns);
    }
    let chosen = IncidentsTab::ALL.iter().position(|tab| *tab == list.tab);
    let words = tab_labels();
    let mut spans = choice_bar(model, &words, chosen.unwrap_or(0), Meaning::Accent);
    let used: usize = spans.iter().map(|s| width(&s.content)).sum();
    let summary = match list.tab {
        IncidentsTab::List => list.all.as_ref().map(|all| incident_counts(all)),
        IncidentsTab::Ledger => list
            .ledger
            .as_ref()
            .map(|lines| incidents_tabs::near_miss_counts(model, lines)),
        IncidentsTab::Trends => list
            .trends
            .as_ref()
            .map(|_| "the last twelve months".to_owned()),
    };
    let summary = summary.unwrap_or_default();
    let room = usize::from(columns).saturating_sub(used + 1);
    // The counts are left out whole where they do not fit.
    let tail = if width(&summary) + 2 <= room && !summary.is_empty() {
        format!(" {summary}")
    } else {
        String::new()
    };
    let rule = "─".repeat(room.saturating_sub(width(&tail)));
    let dim = model.theme.style(Meaning::Dim);
    spans.push(Span::styled(format!("{rule}{tail}"), dim));
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
            (Some(results), _) => results
                .rows
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
        if at == list.selected {
            draw_spans(buf, area.x, y, 1, vec![Span::raw("▸")]);
            if model.focus == Focus::List {
                highlight_row(model, area, y, buf);
            }
        }
    }
}

fn empty_hint(list: &Incidents) -> &'static [(&'static str, &'static str)] {
    match (&list.search_results, list.tab) {
        (Some(_), _) => &[("", "No matches."), ("Esc", "back to the list")],
        (None, IncidentsTab::List) => &[
            ("", "No incident yet."),
            ("D", "declares one"),
            ("i", "to the line"),
        ],
        (None, IncidentsTab::Ledger) => &[
            ("", "No near misses."),
            (
                "absorbed:",
                "on the line notes one: absorbed: a disk failed @db #mirror",
            ),
        ],
        (None, IncidentsTab::Trends) => &[("", "No incident in the last twelve months.")],
    }
}

/// Returns how many incidents there are, how many of them are open.
fn incident_counts(all: &[IncidentListItem]) -> String {
    let open = all.iter().filter(|i| i.open).count();
    let count = all.iter().filter(|i| !i.handle.is_empty()).count();
    let incidents = counted(count, "incident", "incidents");
    format!("{incidents}, {open} open")
}

/// A row of so many columns has room for a title beside date and state.
const WHOLE_ROW: usize = 72;
/// Columns of the parts of a row.
const NUMBER: usize = 4;
const STATE: usize = 10;
const DURATION: usize = 14;
const SHORT_DURATION: usize = 11;

/// `▸ #4 SEV3 ▃ at-risk   Slow search   (here)   27 Nov 05:02  11 min`; a narrow screen has no date and no name of
/// the state.
fn incident_row(model: &Model, item: &IncidentListItem, columns: usize) -> Vec<Span<'static>> {
    let theme = &model.theme;
    let dim = theme.style(Meaning::Dim);
    let zone = Zone::find_or_utc(&item.zone);
    let is_wide = columns >= FULL_DATE_COLUMNS;
    let is_narrow = columns < WHOLE_ROW;
    let is_incident = !item.handle.is_empty();
    let declared = item
        .declared
        .map_or(String::new(), |at| format_date(model, at, &zone, is_wide));
    let date_columns = if is_narrow {
        0
    } else {
        date_columns(is_wide) + 1
    };
    let until = item.resolved.unwrap_or(model.now);
    let duration = match item.declared.filter(|_| is_incident) {
        Some(from) => format_duration((until - from).num_seconds().max(0) / 60 * 60),
        None => String::new(),
    };
    let severity = item
        .severity
        .as_ref()
        .map_or(String::new(), |s| s.to_string().to_uppercase());
    let state = match (is_narrow, item.state) {
        (true, state) => state_glyph(state).to_owned(),
        (false, Some(state)) => format!("{} {state}", state_glyph(Some(state))),
        (false, None) => format!("{} unknown", state_glyph(None)),
    };
    let state_columns = if is_narrow { 1 } else { STATE };
    let duration_columns = if is_narrow { SHORT_DURATION } else { DURATION };
    // A narrow screen has it in its first row.
    let here = if is_incident && !is_narrow && is_shown(model, item) {
        "(here)"
    } else {
        ""
    };
    let used = 1
        + NUMBER
        + 1
        + model.severities.columns()
        + 1
        + state_columns
        + 1
        + date_columns
        + duration_columns
        + 1;
    let room = columns.saturating_sub(used);
    let here_columns = if here.is_empty() { 0 } else { width(here) + 1 };
    if is_narrow && !is_incident {
        let text = format!("{}unassigned  {}", " ".repeat(NUMBER + 2), item.title);
        return vec![Span::styled(fit(&text, columns), dim)];
    }
    let mut spans = vec![Span::raw(" ")];
    if is_incident {
        spans.extend([
            Span::styled(pad_left(&item.short_ref(), NUMBER), dim),
            Span::raw(" "),
            Span::styled(
                pad(&severity, model.severities.columns()),
                theme.style(Meaning::Strong),
            ),
            Span::raw(" "),
            Span::styled(pad(&state, state_columns), theme.state_style(item.state)),
        ]);
    } else {
        let text = pad("unassigned", model.severities.columns() + 1 + state_columns);
        spans.push(Span::raw(" ".repeat(NUMBER + 1)));
        spans.push(Span::styled(text, dim));
    }
    let title = mark_unknown_zone(&item.title, &zone);
    let style = theme.style(if item.open {
        Meaning::Strong
    } else {
        Meaning::Plain
    });
    spans.push(Span::raw(" "));
    let title_columns = room.saturating_sub(here_columns);
    spans.push(Span::styled(pad(&title, title_columns), style));
    spans.push(Span::styled(pad_left(here, here_columns), dim));
    spans.push(Span::styled(pad_left(&declared, date_columns), dim));
    let meaning = if item.open {
        Meaning::Warning
    } else {
        Meaning::Dim
    };
    let duration = pad_left(&duration, duration_columns);
    spans.push(Span::styled(duration, theme.style(meaning)));
    spans
}

/// True if `item` is the incident that the other tabs show.
fn is_shown(model: &Model, item: &IncidentListItem) -> bool {
    let shown = model.summary.as_ref();
    shown.is_some_and(|summary| summary.row.handle == item.handle)
}

fn search_result_row(model: &Model, hit: &SearchResult, columns: usize) -> Vec<Span<'static>> {
    let dim = model.theme.style(Meaning::Dim);
    let number = match (hit.number, &hit.incident) {
        (Some(n), _) => format!("#{n}"),
        (None, Some(handle)) => handle.clone(),
        (None, None) => "unassigned".to_owned(),
    };
    let wide = columns >= FULL_DATE_COLUMNS;
    let at = hit.at.map_or(String::new(), |at| {
        format_date(model, at, &model.zone, wide)
    });
    let date_columns = if columns < NARROW_COLUMNS {
        0
    } else {
        date_columns(wide)
    };
    let mut spans = vec![
        Span::styled(pad_left(&fit(&number, 10), 10), dim),
        Span::styled(pad_left(&at, date_columns), dim),
        Span::raw("  "),
    ];
    spans.extend(found_text(
        model,
        hit,
        columns.saturating_sub(13 + date_columns),
    ));
    spans
}

/// Returns the text of a hit in `columns`, with the found words marked and the first of them in view.
fn found_text(model: &Model, hit: &SearchResult, columns: usize) -> Vec<Span<'static>> {
    // As many characters as are sure to fit, where some are wide.
    let count = hit.text.chars().count().max(1);
    let room = columns * count / width(&hit.text).max(count);
    let Snippet { text, found } = snippet(&hit.text, &hit.found, room);
    let text = pad(&text, columns);
    let chars: Vec<char> = text.chars().collect();
    let mut spans = Vec::new();
    let mut done = 0;
    let mut push = |until: usize, style: Style| {
        let until = until.min(chars.len());
        if done < until {
            let part: String = chars[done..until].iter().collect();
            spans.push(Span::styled(part, style));
            done = until;
        }
    };
    for place in found {
        push(place.start, Style::new());
        push(place.end, model.theme.style(Meaning::Found));
    }
    push(usize::MAX, Style::new());
    spans
}
