//! The lines of a check, and what of a change several checks say.

use super::check::{IncidentChange, Picture, Rehearsal};
use crate::{
    domain::{count::counted, states::CurrentStates, subject::Subject, value::Value, words::State},
    tui::msg::{CheckLine, CheckMark},
};

pub(super) fn removed(text: impl Into<String>) -> CheckLine {
    line(CheckMark::Removed, text)
}

pub(super) fn added(text: impl Into<String>) -> CheckLine {
    line(CheckMark::Added, text)
}

pub(super) fn plain(text: impl Into<String>) -> CheckLine {
    line(CheckMark::Plain, text)
}

pub(super) fn warning(text: impl Into<String>) -> CheckLine {
    line(CheckMark::Warning, text)
}

pub(super) fn customers(text: &str) -> CheckLine {
    line(CheckMark::Customer, format!("customers will read: {text}"))
}

pub(super) fn line(mark: CheckMark, text: impl Into<String>) -> CheckLine {
    CheckLine {
        mark,
        text: text.into(),
    }
}

/// The name of a field, section or service.
pub(super) fn name_of(subject: &Subject) -> String {
    match subject {
        Subject::Field(name)
        | Subject::Section(name)
        | Subject::Service(name)
        | Subject::Person(name) => name.clone(),
        subject => subject.to_string(),
    }
}

/// The customer wording that comes, or goes from what stays.
pub(super) fn wording_lines(rehearsal: &Rehearsal) -> Vec<CheckLine> {
    let wording = |value: &Option<Value>| match value {
        Some(Value::Event(event)) => event.customer.clone(),
        Some(Value::Task(task)) => task.customer.clone(),
        _ => None,
    };
    let mut lines = Vec::new();
    for change in &rehearsal.changes {
        let (was, is) = (wording(&change.before), wording(&change.after));
        if was == is {
            continue;
        }
        match (is, was) {
            (Some(is), _) => lines.push(customers(&is)),
            (None, Some(was)) => {
                lines.push(warning(format!("goes: customer wording \"{was}\"")));
            }
            (None, None) => {}
        }
    }
    lines
}

/// Adds the customer wording below the first of `lines`, where no room is too small for it.
pub(super) fn with_wording(mut lines: Vec<CheckLine>, rehearsal: &Rehearsal) -> Vec<CheckLine> {
    let rest = lines.split_off(lines.len().min(1));
    lines.extend(wording_lines(rehearsal));
    lines.extend(rest);
    lines
}

/// Lists the services whose state changes: `online-db: down -> ok`.
pub(super) fn changed_states(before: &CurrentStates, after: &CurrentStates) -> Vec<String> {
    let mut names: Vec<&str> = before
        .iter()
        .chain(after.iter())
        .map(|(name, _)| name)
        .collect();
    names.sort_unstable();
    names.dedup();
    let word = |state: Option<State>| state.map_or("none yet", State::as_str);
    names
        .into_iter()
        .filter(|name| before.state(name) != after.state(name))
        .map(|name| {
            let states = format!(
                "{} -> {}",
                word(before.state(name)),
                word(after.state(name))
            );
            if name.is_empty() {
                format!("State: {states}")
            } else {
                format!("{name}: {states}")
            }
        })
        .collect()
}

/// The sentences of the letter that go and that come.
pub(super) fn letter_changes(change: &IncidentChange) -> (Vec<String>, Vec<String>) {
    let letter = |picture: &Picture| {
        let whole = picture.whole.as_ref();
        whole.map(|whole| whole.letter.clone()).unwrap_or_default()
    };
    let before = change.before.as_ref().map(letter).unwrap_or_default();
    let after = letter(&change.after);
    let missing = |from: &[String], other: &[String]| -> Vec<String> {
        from.iter()
            .filter(|s| !other.contains(s))
            .cloned()
            .collect()
    };
    (missing(&before, &after), missing(&after, &before))
}

/// Says how many sentences of the letter go and come.
pub(super) fn letter_line(change: &IncidentChange) -> Option<CheckLine> {
    change.before.as_ref()?;
    let (goes, comes) = letter_changes(change);
    let goes = match goes.len() {
        0 => None,
        n => Some(counted(n as u64, "sentence goes", "sentences go")),
    };
    let comes = match comes.len() {
        0 => None,
        n => Some(counted(n as u64, "sentence comes", "sentences come")),
    };
    let parts: Vec<String> = goes.into_iter().chain(comes).collect();
    (!parts.is_empty()).then(|| {
        let messages = &change
            .after
            .whole
            .as_ref()
            .map(|whole| &whole.incident.messages);
        let saved = match messages {
            Some(messages) if !messages.is_empty() => " (saved drafts keep their text)",
            _ => "",
        };
        plain(format!("Email: {}{saved}", parts.join(", ")))
    })
}
