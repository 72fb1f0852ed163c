//! The first rows: what the incident is, its state and how long it lasts, what else is open, what is due, the
//! clock. Where there is no room the words become shorter, then what matters least goes; what is late never does.

use super::{
    deadlines::{all_due, format_elapsed, requests, update},
    fold::Part,
    hub,
};
use crate::{
    domain::{time::format_duration, words::State},
    ops::incident_summary::IncidentSummary,
    tui::{
        model::Model,
        msg::short_ref,
        text::fit,
        theme::{Meaning, state_glyph},
    },
};
use ratatui::style::Modifier;

/// The ranks of what gives way to a title that is not whole.
pub const LIGHT: u8 = 5;
/// Those of what gives way to a title of which little can be read.
pub const MEDIUM: u8 = 10;

const CLOCK_SECONDS: u8 = 1;
const PRESENT: u8 = 2;
const TITLE_ELSEWHERE: u8 = 4;
const IMPACT: u8 = 5;
const CLOCK_ZONE: u8 = 6;
const RECORDED: u8 = 8;
const RESOLVED: u8 = 9;
const WORDS: u8 = 10;
const CLOCK: u8 = 11;
/// What is wrong with the hub is said whole before the title and the clock are.
const HUB: u8 = 14;
const DEMO: u8 = 15;
const MARKS: u8 = 16;

/// The parts of the first row. The title is not one of them: it takes the columns that they leave.
#[derive(Clone, Debug)]
pub struct HeaderParts {
    /// Before the title.
    pub first: String,
    pub title: String,
    /// True if the title is one of an incident, else it is said less loudly.
    pub is_incident: bool,
    /// After the title.
    pub middle: Vec<Part>,
    /// At the right edge.
    pub right: Vec<Part>,
}

/// Returns the parts of the first row. `has_band` is true if what is due to customers has a place beside the
/// state band, `has_row` if all that is due has a row of its own, with the clock.
#[must_use]
pub fn header_parts(model: &Model, has_band: bool, has_row: bool) -> HeaderParts {
    let style = |meaning| model.theme.style(meaning);
    let mut right = Vec::new();
    if has_band {
        right.extend(requests(model));
    } else if !has_row {
        right.extend(all_due(model));
    }
    if let Some(present) = hub::present(model) {
        right.push(Part::fixed(fit(&present, 30), style(Meaning::Strong)).or(PRESENT, ""));
    }
    if let Some((state, meaning)) = hub::hub_state(model, model.size.0.into()) {
        let short = hub::short_hub_state(model).unwrap_or_default();
        right.push(Part::fixed(state, style(meaning)).or(HUB, short));
    }
    if !has_row {
        right.push(clock(model, Meaning::Plain));
    }
    let Some(summary) = &model.summary else {
        return without_incident(model, right);
    };
    let first = match summary.row.number {
        Some(n) => format!(" #{n} "),
        None => format!(" {} ", summary.row.handle),
    };
    HeaderParts {
        first,
        title: summary.row.title.clone(),
        is_incident: true,
        middle: incident_parts(model, summary),
        right,
    }
}

fn clock(model: &Model, meaning: Meaning) -> Part {
    let now = model.zone.to_local(model.now);
    let zone = model.zone.abbreviation(model.now);
    let minutes = now.format("%H:%M");
    let whole = format!("{} {zone}", now.format("%H:%M:%S"));
    Part::fixed(fit(&whole, 20), model.theme.style(meaning))
        .or(CLOCK_SECONDS, fit(&format!("{minutes} {zone}"), 17))
        .or(CLOCK_ZONE, minutes.to_string())
        .or(CLOCK, "")
}

/// The first row while no incident is shown. Never "no incident" while one is open somewhere.
fn without_incident(model: &Model, right: Vec<Part>) -> HeaderParts {
    let mut middle = Vec::new();
    let dim = model.theme.style(Meaning::Dim);
    let (first, title) = match model.other_open.as_slice() {
        _ if !model.first_load_done => (" Bridgelog ".to_owned(), String::new()),
        [] => (" Bridgelog ".to_owned(), "no incident open".to_owned()),
        [open, others @ ..] => {
            let number = short_ref(open.number, &open.handle);
            if let Some(state) = open.state {
                let word = state.as_str().to_uppercase();
                middle.push(Part::fixed(word, model.theme.state_style(open.state)));
            }
            if !others.is_empty() {
                let count = others.len();
                let warning = model.theme.style(Meaning::Warning);
                middle.push(
                    Part::fixed(format!("+{count} open"), warning).or(WORDS, format!("+{count}")),
                );
            }
            let first = match model.size.0 {
                ..60 => format!(" unassigned · {number} open: "),
                _ => format!(" Bridgelog  unassigned events · {number} is open: "),
            };
            (first, open.title.clone())
        }
    };
    if model.demo {
        middle.push(Part::fixed("demo", dim).or(DEMO, ""));
    }
    HeaderParts {
        first,
        title,
        is_incident: false,
        middle,
        right,
    }
}

fn incident_parts(model: &Model, summary: &IncidentSummary) -> Vec<Part> {
    let style = |meaning| model.theme.style(meaning);
    let mut parts = Vec::new();
    for mark in summary.row.marks().split_whitespace() {
        let short: String = mark.chars().take(5).collect();
        let short = format!("{}.", short.trim_end_matches('.'));
        let part = Part::fixed(mark, style(Meaning::Warning));
        parts.push(match mark.len() > short.len() {
            true => part.or(MARKS, short),
            false => part,
        });
    }
    if let Some(severity) = &summary.row.severity {
        let meaning = match model.severities.rank(severity) {
            Some(0) => Meaning::Down,
            _ => Meaning::Strong,
        };
        let text = severity.to_string().to_uppercase();
        parts.push(Part::fixed(text, style(meaning)));
    }
    // That all is well goes without saying of what is resolved.
    let is_over = !summary.row.is_open && summary.row.state == Some(State::Ok);
    let state = summary.row.state.filter(|_| !is_over);
    let stale_since = summary.stale_since(model.now);
    let since = summary.current_state_since(model.now);
    if let Some(known) = state {
        let word = match known {
            State::Unknown => "STATE UNKNOWN".to_owned(),
            known => known.as_str().to_uppercase(),
        };
        let lasts = since.map_or_else(String::new, |since| {
            format!(" {}", format_elapsed(model.now - since))
        });
        let bold = model.theme.state_style(state).add_modifier(Modifier::BOLD);
        parts.push(Part::fixed(
            format!("{} {word}{lasts}", state_glyph(state)),
            bold,
        ));
    }
    // Worse or better than before, but not well in between: that is longer.
    if let (Some(since), Some(impact)) = (since, summary.impact_since())
        && impact < since
    {
        let text = format!("impact {}", format_elapsed(model.now - impact));
        parts.push(Part::fixed(text, style(Meaning::Strong)).or(IMPACT, ""));
    }
    if let Some(newest) = stale_since {
        let newest = model.zone.to_local(newest);
        let whole = format!("last recorded {}", newest.format("%-d %b %Y %H:%M"));
        let short = format!("last {}", newest.format("%-d %b %Y"));
        parts.push(Part::fixed(whole, style(Meaning::Warning)).or(RECORDED, short));
    }
    if !summary.row.is_open {
        let ago = summary.row.resolved.map_or_else(String::new, |at| {
            match (model.now - at).num_minutes() {
                ..=0 => " just now".to_owned(),
                minutes @ 1..=4320 => format!(" {} ago", format_duration(minutes * 60)),
                _ => model.zone.to_local(at).format(" %-d %b %Y").to_string(),
            }
        });
        let sign = match is_over {
            true => format!("{} ", state_glyph(summary.row.state)),
            false => String::new(),
        };
        let part = Part::fixed(format!("{sign}resolved{ago}"), style(Meaning::Dim));
        parts.push(part.or(RESOLVED, format!("{sign}resolved")));
    }
    if model.demo {
        parts.push(Part::fixed("demo", style(Meaning::Warning)).or(DEMO, ""));
    }
    parts.extend(open_elsewhere(model, summary.row.is_open));
    parts
}

/// Says which incidents are open besides the one shown, with the title of the newest; or that none is open.
fn open_elsewhere(model: &Model, shown_is_open: bool) -> Option<Part> {
    const TITLE: usize = 20;
    let count = model.other_open.len();
    let style = model.theme.style(Meaning::Warning);
    match model.other_open.first() {
        None if shown_is_open => None,
        None => Some(Part::fixed("no incident open", style).or(WORDS, "")),
        Some(first) => {
            let number = short_ref(first.number, &first.handle);
            let title = fit(&first.title, TITLE);
            let state = first
                .state
                .map_or_else(String::new, |state| format!(" ({state})"));
            let part = Part::fixed(format!("+{count} open: {number} {title}{state}"), style);
            Some(
                part.or(TITLE_ELSEWHERE, format!("+{count} open"))
                    .or(WORDS, format!("+{count}")),
            )
        }
    }
}

/// The row of what is due, on a screen too narrow to have it beside the state band.
#[derive(Clone, Debug)]
pub struct DueParts {
    pub left: Vec<Part>,
    pub right: Vec<Part>,
}

/// Returns the next customer update, then commander, clock and requests.
#[must_use]
pub fn due_parts(model: &Model) -> DueParts {
    let mut right = Vec::new();
    right.extend(commander(model));
    right.push(clock(model, Meaning::Dim));
    right.extend(requests(model));
    DueParts {
        left: update(model).into_iter().collect(),
        right,
    }
}

/// Returns who commands; `None` if nobody is named.
#[must_use]
pub fn commander(model: &Model) -> Option<Part> {
    let summary = model.summary.as_ref()?;
    let commander = summary.row.commander.as_ref()?;
    Some(match &summary.rival_commander {
        None => Part::fixed(
            format!("IC: {}", fit(commander, 18)),
            model.theme.style(Meaning::Dim),
        )
        .or(MEDIUM, ""),
        Some(rival) => Part::fixed(
            format!("IC: {} or {}?", fit(commander, 7), fit(rival, 7)),
            model.theme.style(Meaning::Error),
        )
        .or(MARKS, "IC: two?"),
    })
}
