//! The sentences above the page: the incident, its state, the next customer update, the requests.

use super::words::{count_of, duration, state, until};
use crate::{
    domain::{
        time::UtcTime,
        words::{State, Word},
    },
    ops::{IncidentRow, incident_summary::IncidentSummary},
    tui::{
        content::{hub, seen_before},
        model::Model,
    },
};

/// The place of each sentence in [`header`].
pub const INCIDENT: usize = 0;
pub const STATE: usize = 1;
pub const UPDATE: usize = 2;
pub const REQUESTS: usize = 3;

/// Returns the sentences, some of them empty.
#[must_use]
pub fn header(model: &Model) -> [String; 4] {
    let demo = if model.demo {
        " Demo with sample data."
    } else {
        ""
    };
    let Some(summary) = &model.summary else {
        let first = match (model.first_load_done, model.other_open.as_slice()) {
            (false, _) => "Loading.".to_owned(),
            (true, []) => format!("No incident is open.{demo}"),
            (true, open) => format!("Unassigned events.{}{demo}", others(open)),
        };
        let time = format!("Time: {}.", clock(model));
        return [first, String::new(), time, String::new()];
    };
    let name = match summary.row.number {
        Some(number) => format!("Incident {number}"),
        None => format!("Incident {}", summary.row.handle),
    };
    let severity = summary.row.severity.as_ref().map_or_else(String::new, |s| {
        let level = s.known().map(|known| known.level().to_string());
        format!(", severity {}", level.unwrap_or_else(|| s.to_string()))
    });
    let marks: String = summary
        .row
        .marks()
        .split_whitespace()
        .map(|mark| format!(", {}", mark.to_lowercase()))
        .collect();
    let hub = hub::sentences(model).join(" ");
    let incident = format!(
        "{name}{marks}, {}{severity}.{demo} {hub}",
        summary.row.title
    );
    let incident = incident.trim_end().to_owned();
    let others = others(&model.other_open);
    let seen = seen_before::hint(model)
        .map_or_else(String::new, |hint| format!(" {}.", upper_first(&hint)));
    let state = format!("State: {}.{others}{seen}", describe_state(model, summary));
    [incident, state, update(model, summary), requests(model)]
}

/// `S: began like #4` begins with a capital letter as it is.
fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

fn clock(model: &Model) -> String {
    let now = model.zone.to_local(model.now).format("%H:%M");
    format!("{now} {}", model.zone.abbreviation(model.now))
}

fn describe_state(model: &Model, summary: &IncidentSummary) -> String {
    if let (false, Some(at)) = (summary.row.is_open, summary.row.resolved) {
        return format!("resolved {} ago", duration((model.now - at).num_seconds()));
    }
    if !summary.row.is_open {
        return "resolved".to_owned();
    }
    let word = match summary.row.state {
        None => return "not known yet".to_owned(),
        Some(State::Unknown) => "unknown".to_owned(),
        Some(known) => state(&Word::Known(known)),
    };
    if let Some(newest) = summary.stale_since(model.now) {
        let newest = model.zone.to_local(newest).format("%-d %B %Y %H:%M");
        return format!("{word}, last recorded {newest}");
    }
    let lasts = |since: UtcTime| duration((model.now - since).num_seconds());
    let Some(since) = summary.current_state_since(model.now) else {
        return word;
    };
    match summary.impact_since().filter(|impact| *impact < since) {
        Some(impact) => format!("{word} for {}, impact for {}", lasts(since), lasts(impact)),
        None => format!("{word} for {}", lasts(since)),
    }
}

/// ` One other incident is open: 4, Slow search.`
fn others(open: &[IncidentRow]) -> String {
    let names: Vec<String> = open
        .iter()
        .map(|other| {
            let number = other.number.map(|number| number.to_string());
            let number = number.unwrap_or_else(|| other.handle.clone());
            let state = other.state.map_or_else(String::new, |s| format!(", {s}"));
            format!("{number}, {}{state}", other.title)
        })
        .collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => format!(" One other incident is open: {one}."),
        more => format!(
            " {} other incidents are open: {}.",
            more.len(),
            more.join("; ")
        ),
    }
}

fn update(model: &Model, summary: &IncidentSummary) -> String {
    let mut parts = Vec::new();
    if let Some(due) = model.update_due() {
        parts.push(format!("Next customer update: {}.", until(model, due)));
    } else if summary.row.is_open && summary.impact_since().is_some() {
        parts.push("Next customer update: not set.".to_owned());
    }
    if let Some(commander) = &summary.row.commander {
        let rival = summary.rival_commander.as_ref();
        let rival = rival.map_or_else(String::new, |rival| {
            format!(" or {rival}, both named at once")
        });
        parts.push(format!("Commander: {commander}{rival}."));
    }
    parts.push(format!("Time: {}.", clock(model)));
    parts.join(" ")
}

/// `Requests: 2 open, 1 is 6 minutes late.`
fn requests(model: &Model) -> String {
    let asks = &model.activity.open_asks;
    if asks.is_empty() {
        return String::new();
    }
    let late = asks.iter().filter_map(|ask| ask.due);
    let late: Vec<_> = late.filter(|due| *due < model.now).collect();
    let late = match late.as_slice() {
        [] => String::new(),
        [due] => format!(", 1 is {}", until(model, *due)),
        more => format!(", {} are late", more.len()),
    };
    let open = count_of(asks.len(), "request");
    let number = open.split(' ').next().unwrap_or_default();
    format!("Requests: {number} open{late}.")
}
