//! The row above the keys: the question for a state, and the hit test of its choices.

use super::choice_bar::choice_at as word_at;
use super::tabs::message_columns;
use crate::tui::{
    content::unsaved::{late_writes, unsaved_notice},
    model::Model,
    msg::R_RESTORES,
    text::width,
};

/// Returns the words before the choices: which service, and how many questions.
#[must_use]
pub fn question(model: &Model) -> Option<String> {
    let asked = model.state_questions();
    let first = asked.first()?;
    let of = match first.services.as_slice() {
        [] => "the incident".to_owned(),
        services => services.join(", "),
    };
    let count = match asked.len() {
        1 => String::new(),
        n => format!(" (1 of {n})"),
    };
    Some(format!(" State of {of}?{count} "))
}

#[must_use]
pub fn choices() -> Vec<String> {
    Model::STATE_CHOICES
        .iter()
        .map(|word| (*word).to_owned())
        .collect()
}

/// Returns the choice at column `x`, if the question is shown.
#[must_use]
pub fn choice_at(model: &Model, x: u16) -> Option<usize> {
    if model.failure.is_some() || unsaved_notice(model).is_some() {
        return None;
    }
    let from = u16::try_from(width(&question(model)?)).ok()?;
    word_at(&choices(), x.checked_sub(from)?)
}

/// Returns what happened last, whole, where there is no room for it beside the tabs and nothing else needs the
/// row.
#[must_use]
pub fn whole_message(model: &Model) -> Option<String> {
    let is_needed = model.failure.is_some()
        || unsaved_notice(model).is_some()
        || question(model).is_some()
        || late_writes(model).next().is_some();
    let room = message_columns(model);
    let status = model.status.as_ref().filter(|_| !is_needed)?;
    (width(&status.text) > room).then(|| format!(" {}", status.text))
}

/// True if column `x` of the row is on the words that bring back what was undone or retracted.
#[must_use]
pub fn is_on_restores(model: &Model, x: u16) -> bool {
    let text = whole_message(model).filter(|_| model.offers_restore());
    text.is_some_and(|text| {
        text.find(R_RESTORES).is_some_and(|at| {
            let from = width(&text[..at]);
            (from..from + width(R_RESTORES)).contains(&usize::from(x))
        })
    })
}
