//! The incidents, the near misses, the trends, or the hits of a search.

use super::{
    page::{Page, heading},
    rows::{Item, window},
    words::{count_of, duration, ended},
};
use crate::{
    domain::{ledger::TimeAtRisk, time::UtcTime, zone::Zone},
    tui::{
        model::{IncidentsTab, Model, trend_months},
        msg::{IncidentListItem, LedgerLine, SearchResult, TrendLine},
    },
};

/// Returns the rows near the selected one.
#[must_use]
pub fn incidents(model: &Model, height: usize) -> Page {
    let list = &model.incidents;
    let count = list.row_count();
    let heading = heading_of(model, count);
    let near = window(Some(list.selected), count, height);
    let text = |at: usize| match (&list.search_results, list.tab) {
        (Some(results), _) => results.rows.get(at).map(|hit| search_result(model, hit)),
        (None, IncidentsTab::List) => {
            let item = list.all.as_ref().and_then(|all| all.get(at));
            item.map(|item| incident(model, item))
        }
        (None, IncidentsTab::Ledger) => {
            let line = list.ledger.as_ref().and_then(|lines| lines.get(at));
            line.map(|line| near_miss(model, line))
        }
        (None, IncidentsTab::Trends) => {
            let line = list.trends.as_ref().and_then(|trends| trends.lines.get(at));
            line.map(trend)
        }
    };
    let items = near.map(|at| Item {
        text: text(at).unwrap_or_default(),
        selected: at == list.selected,
        ..Item::default()
    });
    Page::list(heading, items.collect())
}

fn heading_of(model: &Model, count: usize) -> Vec<String> {
    let list = &model.incidents;
    if let Some(results) = &list.search_results {
        let note = results.note.as_ref();
        let note = note.map_or(String::new(), |note| format!("; {note}"));
        return heading(
            "Found in all incidents",
            results.rows.len(),
            "event",
            &format!("words: {}{note}", results.query),
        );
    }
    match list.tab {
        IncidentsTab::List => {
            let open = list.all.iter().flatten().filter(|item| item.open).count();
            let what = format!("{open} open. Page 1 of 3; the Right key shows near misses");
            heading("Incidents", count, "row", &what)
        }
        IncidentsTab::Ledger => heading(
            "Near misses",
            count,
            "fault",
            "Page 2 of 3; the Right key shows trends",
        ),
        IncidentsTab::Trends => {
            let mut sentences = heading(
                "Trends of twelve months",
                count,
                "incident",
                "Page 3 of 3; the Right key shows incidents",
            );
            sentences.extend(trend_months(model, 1).iter().map(|month| {
                format!(
                    "{}: {}, {} absorbed.",
                    month.day.format("%B %Y"),
                    count_of(month.lines.len(), "incident"),
                    count_of(month.absorbed, "fault")
                )
            }));
            sentences
        }
    }
}

fn date(at: UtcTime, zone: &Zone) -> String {
    zone.to_local(at).format("%-d %B %Y %H:%M").to_string()
}

fn severity(item: &IncidentListItem) -> String {
    item.severity.as_ref().map_or_else(String::new, |severity| {
        let level = severity.known().map(|known| known.level().to_string());
        format!(
            ", severity {}",
            level.unwrap_or_else(|| severity.to_string())
        )
    })
}

fn incident(model: &Model, item: &IncidentListItem) -> String {
    let zone = Zone::find_or_utc(&item.zone);
    let events = format!("{} events.", item.events);
    if item.handle.is_empty() {
        return format!("Unassigned. {events}");
    }
    let name = item.short_ref();
    let name = name.trim_start_matches('#');
    let state = match (item.open, item.state) {
        (false, _) => "resolved".to_owned(),
        (true, None) => "open".to_owned(),
        (true, Some(state)) => format!("open, {state}"),
    };
    let here =
        if Some(item.handle.as_str()) == model.summary.as_ref().map(|s| s.row.handle.as_str()) {
            " Shown here."
        } else {
            ""
        };
    let declared = item.declared.map_or_else(String::new, |at| {
        let end = item.resolved.unwrap_or(model.now);
        let lasted = duration((end - at).num_seconds().max(0));
        format!(" Declared {}, {lasted}.", date(at, &zone))
    });
    format!(
        "Incident {name}{}, {state}: {}{here}{declared} {events}",
        severity(item),
        ended(&item.title)
    )
}

fn near_miss(model: &Model, line: &LedgerLine) -> String {
    let fault = &line.fault;
    let zone = Zone::find_or_utc(&line.zone);
    let outcome = match (&fault.defeated_by, fault.over_at()) {
        (Some(_), _) => "exceeded",
        (None, Some(_)) => "held",
        (None, None) => "at risk still",
    };
    let about = if fault.approximate { "about " } else { "" };
    let by = match fault.protection.as_str() {
        "" => String::new(),
        protection => format!(" by {protection}"),
    };
    let incident = line.incident.as_ref().map_or_else(
        || "Unassigned.".to_owned(),
        |(_, name)| format!("Incident {name}."),
    );
    let length = match fault.seconds_at_risk(model.now) {
        Some(seconds) => format!("{} at risk. ", duration(seconds)),
        None if fault.risk != TimeAtRisk::None => {
            "How long it was at risk is not known. ".to_owned()
        }
        None => String::new(),
    };
    format!(
        "{about}{}, absorbed{by}, {outcome}: {} {length}{incident}",
        date(fault.at, &zone),
        ended(&fault.text),
    )
}

fn trend(line: &TrendLine) -> String {
    let item = &line.incident;
    let figures: Vec<String> = line
        .figures
        .iter()
        .filter_map(|(name, seconds, running)| {
            let so_far = if *running { " so far" } else { "" };
            Some(format!("{name} {}{so_far}", duration((*seconds)?)))
        })
        .collect();
    let name = item.short_ref();
    let name = name.trim_start_matches('#');
    let mut text = format!("Incident {name}{}: {}", severity(item), ended(&item.title));
    if !figures.is_empty() {
        text.push_str(&format!(" {}.", figures.join(", ")));
    }
    text
}

fn search_result(model: &Model, hit: &SearchResult) -> String {
    let of = match (hit.number, &hit.incident) {
        (Some(number), _) => format!("Incident {number}"),
        (None, Some(handle)) => format!("Incident {handle}"),
        (None, None) => "Unassigned".to_owned(),
    };
    let at = hit
        .at
        .map_or_else(String::new, |at| format!(", {}", date(at, &model.zone)));
    format!(
        "{of}{at}: {}",
        ended(&hit.text.replace('\n', " / ").replace(" · ", "; "))
    )
}
