//! The sentences below the page: what happened last, what needs the user, the keys.

use super::{
    rows::Rows,
    words::{count_of, key, sentence, without_signs},
};
use crate::tui::{
    content::unsaved::{late_writes, unsaved_notice},
    layout::{key_bar::key_bar, notice},
    model::{Model, ROW_BREAK},
};

/// `Last: logged 05:10 note.`; else how many events are new.
#[must_use]
pub fn last(model: &Model, columns: usize) -> Rows {
    let unread = model.timeline.unread.len();
    let text = match &model.status {
        Some(status) => format!("Last: {}", sentence_after(&status.text)),
        None if unread > 0 => format!(
            "Last: {} of others, not read yet.",
            count_of(unread, "event")
        ),
        None => String::new(),
    };
    Rows::wrapped(&[text], columns)
}

/// A text of the app, without signs, ended by a period.
fn sentence_after(text: &str) -> String {
    super::words::ended(&without_signs(text))
}

/// The failure, else the question for a state, else what is not saved yet. The cursor is on the question while
/// its choices have the keys.
#[must_use]
pub fn notice(model: &Model, columns: usize) -> Rows {
    let failure = model.failure.as_ref().map(|failure| failure.text.clone());
    if let Some(failure) = unsaved_notice(model).or(failure) {
        let questions = match model.state_questions().len() {
            0 => String::new(),
            n => format!(" {} waiting.", count_of(n, "question")),
        };
        let text = format!("Failure: {}{questions}", sentence_after(&failure));
        return Rows::wrapped(&[text], columns);
    }
    if let Some(question) = state_question(model) {
        let mut rows = Rows::wrapped(&[question], columns);
        rows.cursor = model.state_pick.map(|_| (0, 0));
        return rows;
    }
    let mut late = late_writes(model);
    let Some(first) = late.next() else {
        return Rows::default();
    };
    let text = first.text.replace(['\n', ROW_BREAK], " ");
    let count = 1 + late.count();
    let text = match count {
        1 => format!("Not saved yet: {text}"),
        n => format!("Not saved yet, {n} entries: {text}"),
    };
    Rows::wrapped(&[text], columns)
}

fn state_question(model: &Model) -> Option<String> {
    let asked = notice::whole_question(model)?;
    let of = without_signs(&asked);
    let Some(pick) = &model.state_pick else {
        return Some(format!(
            "Question: {of} Type !ok, !at-risk, !degraded or !down; or Tab on an empty line."
        ));
    };
    let choices = Model::STATE_CHOICES;
    let picked = pick.picked.and_then(|at| choices.get(at));
    Some(match picked {
        Some(word) => format!("Question: {of} Picked: {word}. Enter answers, Left and Right pick."),
        None => format!(
            "Question: {of} Nothing is picked. Left and Right pick: {}.",
            choices.join(", ")
        ),
    })
}

/// `Keys: Enter log, Escape list, Control P all actions.`
#[must_use]
pub fn keys(model: &Model, columns: usize) -> Rows {
    let bar = key_bar(model);
    let mut names: Vec<String> = bar
        .keys
        .iter()
        .map(|bar_key| format!("{} {}", key(&bar_key.key), bar_key.label))
        .collect();
    if bar.page.is_some() {
        names.push("Control G more keys".to_owned());
    }
    let text = sentence(&format!("Keys: {}", names.join(", ")));
    Rows::wrapped(&[text], columns)
}
