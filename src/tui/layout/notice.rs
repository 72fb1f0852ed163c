//! The row above the keys: the question for a state, and the hit test of its choices.

use super::choice_bar::choice_at as word_at;
use crate::tui::{content::unsaved::unsaved_notice, model::Model, text::width};

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

/// Returns the choices.
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
