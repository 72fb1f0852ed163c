//! The hub in words: how far it is in step, and who else is in the incident.

use crate::tui::{hub_status::HubState, model::Model, theme::Meaning};

/// Returns how far the hub is in step, with its meaning; `None` without a hub, and on a screen of fewer than 100
/// columns where nothing is wrong.
#[must_use]
pub fn hub_state(model: &Model, columns: usize) -> Option<(String, Meaning)> {
    let hub = model.hub.as_ref()?;
    let is_wide = columns >= 100;
    let clock = |at| model.zone.to_local(at).format("%H:%M").to_string();
    let waiting = |count: u64| match count {
        0 => String::new(),
        count => format!(", {count} to send"),
    };
    Some(match &hub.state {
        HubState::Connecting => ("connecting".to_owned(), Meaning::Dim),
        HubState::InStep if hub.clock.is_some() => ("check the clock".to_owned(), Meaning::Warning),
        HubState::InStep if is_wide => ("in step".to_owned(), Meaning::Dim),
        HubState::InStep => return None,
        HubState::NotSending { since, to_send, .. } => {
            let since = since.map_or_else(String::new, |at| format!(" since {}", clock(at)));
            (
                format!("not sent{since}{}", waiting(*to_send)),
                Meaning::Error,
            )
        }
        HubState::Offline { since, to_send, .. } => (
            format!("offline since {}{}", clock(*since), waiting(*to_send)),
            Meaning::Warning,
        ),
    })
}

/// Returns what is wrong with the hub in one or two words; `None` if nothing is.
#[must_use]
pub fn short_hub_state(model: &Model) -> Option<&'static str> {
    let hub = model.hub.as_ref()?;
    match &hub.state {
        HubState::Connecting => None,
        HubState::InStep => hub.clock.as_ref().map(|_| "check the clock"),
        HubState::NotSending { .. } => Some("not sent"),
        HubState::Offline { .. } => Some("offline"),
    }
}

/// Returns who else is in the incident shown, such as `with ann (laptop-7), raj (box)`.
#[must_use]
pub fn present(model: &Model) -> Option<String> {
    let incident = model.summary.as_ref()?.row.id;
    let hub = model.hub.as_ref()?;
    let mut names: Vec<String> = hub
        .others
        .iter()
        .filter(|other| other.incident == Some(incident))
        .map(|other| match other.author == model.author {
            true => format!("you on {}", other.machine),
            false => other.author.clone(),
        })
        .collect();
    names.dedup();
    (!names.is_empty()).then(|| format!("with {}", names.join(", ")))
}

/// Returns all that is known of the hub, a sentence each, for the actions and the plain screen.
#[must_use]
pub fn sentences(model: &Model) -> Vec<String> {
    let Some(hub) = &model.hub else {
        return Vec::new();
    };
    let clock = |at| model.zone.to_local(at).format("%H:%M:%S").to_string();
    let state = hub_state(model, usize::MAX).map_or_else(String::new, |(state, _)| state);
    let mut sentences = vec![format!("Hub {}: {state}.", hub.name)];
    if let HubState::NotSending { why, .. } | HubState::Offline { why, .. } = &hub.state {
        sentences.push(format!("{why}."));
    }
    if let Some(at) = hub.received {
        sentences.push(format!("Received {}.", clock(at)));
    }
    if let Some(at) = hub.sent {
        sentences.push(format!("Sent {}.", clock(at)));
    }
    sentences.extend(hub.clock.iter().map(|clock| format!("{clock}.")));
    sentences.extend(present(model).map(|present| format!("{present}.")));
    sentences
}
