//! What a line does besides adding a row: the state that its kind implies, who commands after it.

use super::event_text::drawn_state;
use crate::{
    domain::{
        event::Event,
        incident::Record,
        time::UtcTime,
        words::{State, Word},
    },
    ops::incident_summary::IncidentSummary,
    tui::{
        model::Model,
        msg::Target,
        theme::{Meaning, state_glyph},
    },
};
use ratatui::style::Style;
use uuid::Uuid;

/// Returns what follows from `event`, which is read from the line, with the style of each.
#[must_use]
pub fn line_effects(model: &Model, event: &Event) -> Vec<(String, Style)> {
    let Some(summary) = goes_to_shown(model) else {
        return vec![];
    };
    let state = state_after(model, summary, event);
    let command = command_after(model, summary, event);
    state.into_iter().chain(command).collect()
}

/// Returns the incident shown if the line goes there.
fn goes_to_shown(model: &Model) -> Option<&IncidentSummary> {
    let summary = model.summary.as_deref()?;
    match model.reading_target() {
        Target::Named(handle) if handle == summary.row.handle => Some(summary),
        _ => None,
    }
}

/// When a state changed last; what is logged before it may not change the state now.
fn last_change(model: &Model, summary: &IncidentSummary) -> Option<UtcTime> {
    let history = summary.history.as_ref();
    let states = history.and_then(|history| history.states.last());
    let since = states.map(|span| span.from);
    since.max(summary.current_state_since(model.now))
}

/// The state after an event that gives none, but whose kind implies one.
fn state_after(model: &Model, summary: &IncidentSummary, event: &Event) -> Option<(String, Style)> {
    let is_last = last_change(model, summary).is_none_or(|last| last <= event.at_utc());
    if !event.shows_state_it_starts() || !is_last {
        return None;
    }
    let record = Record {
        id: Uuid::nil(),
        handle: String::new(),
        recorded: model.now.max(event.at_utc()),
        author: String::new(),
        origin: Uuid::max(),
        seq: u64::MAX,
        elsewhere: None,
        amended: false,
        restated: false,
        conflicts: 0,
        value: event.clone(),
    };
    let mut states = summary.row.states.clone();
    let changes = states.apply(&record);
    let style = |state| model.theme.state_style(Some(state));
    let name = |service: &str| match service {
        "" => String::new(),
        // It stands beside it.
        _ if event.services.len() == 1 => String::new(),
        service => format!("{service} "),
    };
    if let Some(worst) = changes.iter().map(|change| change.state).max() {
        let texts: Vec<String> = changes
            .iter()
            .map(|change| {
                let glyph = state_glyph(drawn_state(&Word::Known(change.state)));
                let service = name(&change.service);
                match (change.before, change.state) {
                    (_, State::Unknown) => format!("{service}state asked next"),
                    (Some(before), state) => format!("{glyph} {service}{before} -> {state}"),
                    (None, state) => format!("{glyph} {service}{state}"),
                }
            })
            .collect();
        return Some((texts.join(", "), style(worst)));
    }
    let concerned: Vec<&str> = match event.services.as_slice() {
        [] => states.iter().map(|(service, _)| service).collect(),
        services => services.iter().map(String::as_str).collect(),
    };
    let worst = concerned.iter().filter_map(|name| states.state(name)).max();
    Some(match (worst, concerned.as_slice()) {
        (None, _) => (
            "no state change".to_owned(),
            model.theme.style(Meaning::Dim),
        ),
        (Some(state), [service]) => (format!("{}stays {state}", name(service)), style(state)),
        (Some(state), _) => (format!("state stays {state}"), style(state)),
    })
}

/// Who commands after a handoff.
fn command_after(
    model: &Model,
    summary: &IncidentSummary,
    event: &Event,
) -> Option<(String, Style)> {
    let next = event.commander.as_ref()?;
    let text = match &summary.row.commander {
        Some(now) if now == next => format!("{now} commands already"),
        Some(now) => format!("command passes from {now} to {next}"),
        None => format!("command passes to {next}"),
    };
    Some((text, model.theme.style(Meaning::Strong)))
}
