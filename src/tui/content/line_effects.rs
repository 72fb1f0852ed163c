//! What a line does besides adding a row: the state that its kind implies, who commands after it.

use super::event_text::drawn_state;
use crate::{
    domain::{
        event::Event,
        words::{State, Word},
    },
    ops::line_effect::{LineEffect, StatesAfter},
    tui::{
        model::Model,
        msg::ParsedLine,
        theme::{Meaning, state_glyph},
    },
};
use ratatui::style::Style;

/// Returns what follows from a line, with the style of each.
#[must_use]
pub fn line_effects(model: &Model, parsed: &ParsedLine) -> Vec<(String, Style)> {
    let Some(effect) = &parsed.effect else {
        return vec![];
    };
    let states = effect.states.as_ref();
    let state = states.map(|after| state_after(model, after, &parsed.event));
    let command = command_after(model, effect, &parsed.event);
    state.into_iter().chain(command).collect()
}

/// The state after an event that gives none, but whose kind implies one.
fn state_after(model: &Model, after: &StatesAfter, event: &Event) -> (String, Style) {
    let style = |state| model.theme.state_style(Some(state));
    let then = if after.lasts { "" } else { " at that time" };
    let name = |service: &str| match service {
        "" => String::new(),
        // It stands beside it.
        _ if event.services.len() == 1 => String::new(),
        service => format!("{service} "),
    };
    if let Some(worst) = after.changes.iter().map(|change| change.state).max() {
        let changes = after.changes.iter().map(|change| {
            let glyph = state_glyph(drawn_state(&Word::Known(change.state)));
            let service = name(&change.service);
            match (change.before, change.state) {
                (_, State::Unknown) if after.lasts => format!("{service}state asked next"),
                (_, State::Unknown) => format!("{service}state?"),
                (Some(before), state) => format!("{glyph} {service}{before} -> {state}"),
                (None, state) => format!("{glyph} {service}{state}"),
            }
        });
        let changes: Vec<String> = changes.collect();
        return (format!("{}{then}", changes.join(", ")), style(worst));
    }
    let concerned: Vec<&str> = match event.services.as_slice() {
        [] => after.states.iter().map(|(service, _)| service).collect(),
        services => services.iter().map(String::as_str).collect(),
    };
    let states = concerned.iter().filter_map(|name| after.states.state(name));
    match (states.max(), concerned.as_slice()) {
        (None, _) => (
            "no state change".to_owned(),
            model.theme.style(Meaning::Dim),
        ),
        (Some(state), [service]) => (
            format!("{}stays {state}{then}", name(service)),
            style(state),
        ),
        (Some(state), _) => (format!("state stays {state}{then}"), style(state)),
    }
}

/// Who commands after a handoff.
fn command_after(model: &Model, effect: &LineEffect, event: &Event) -> Option<(String, Style)> {
    let next = event.commander.as_ref()?;
    let later = effect.later_commander.as_ref();
    let text = match (later.filter(|later| *later != next), &effect.commander) {
        (Some(later), _) => format!("{next} commands until {later} takes over"),
        (None, Some(now)) if now == next => format!("{now} commands already"),
        (None, Some(now)) => format!("command passes from {now} to {next}"),
        (None, None) => format!("command passes to {next}"),
    };
    Some((text, model.theme.style(Meaning::Strong)))
}
