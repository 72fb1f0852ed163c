//! The row above the keys: the question for a state, and the hit test of its choices.

use super::tabs::message_columns;
use crate::tui::{
    content::unsaved::{late_writes, unsaved_notice},
    model::Model,
    msg::R_RESTORES,
    text::{fit, width},
};

/// The question for a state, as it fits in the row.
#[derive(Clone, Debug)]
pub struct StateQuestion {
    /// The words before the choices: which service, and how many questions.
    pub text: String,
    /// Columns between two choices: the brackets of the one that is picked are in them.
    pub gap: usize,
}

/// Returns the question that is asked now, whole.
#[must_use]
pub fn whole_question(model: &Model) -> Option<String> {
    let asked = model.state_questions();
    let of = match asked.first()?.services.as_slice() {
        [] => "the incident".to_owned(),
        services => services.join(", "),
    };
    let count = match asked.len() {
        1 => String::new(),
        n => format!(" (1 of {n})"),
    };
    Some(format!(" State of {of}?{count} "))
}

/// Returns the question that is asked now. Where not all choices fit beside its words, only the service is named:
/// all choices are seen.
#[must_use]
pub fn question(model: &Model) -> Option<StateQuestion> {
    let text = whole_question(model)?;
    let columns = usize::from(model.size.0);
    if width(&text) + choices_columns(2) <= columns {
        return Some(StateQuestion { text, gap: 2 });
    }
    let asked = model.state_questions();
    let of = match asked.first()?.services.as_slice() {
        [] => "State".to_owned(),
        services => services.join(","),
    };
    let room = columns.saturating_sub(choices_columns(1) + 2);
    let text = format!(" {}?", fit(&of, room));
    Some(StateQuestion { text, gap: 1 })
}

/// Returns the columns that the choices take, with one at each end.
fn choices_columns(gap: usize) -> usize {
    let words = Model::STATE_CHOICES.iter();
    let ends = 2usize.saturating_sub(gap);
    words.map(|word| width(word) + gap).sum::<usize>() + ends
}

/// Returns the choice at column `x`, if the question is shown.
#[must_use]
pub fn choice_at(model: &Model, x: u16) -> Option<usize> {
    if model.failure.is_some() || unsaved_notice(model).is_some() {
        return None;
    }
    let question = question(model)?;
    let x = usize::from(x).checked_sub(width(&question.text))?;
    let mut end = 0;
    Model::STATE_CHOICES.iter().position(|word| {
        end += width(word) + question.gap;
        x < end
    })
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
