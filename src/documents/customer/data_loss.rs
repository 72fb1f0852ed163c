//! The field `data-loss` as a sentence.

use super::{
    letter::{TracedWriter, with_full_stop},
    view::CustomerView,
};
use crate::documents::placeholder::{placeholder, with_incident_flag};

impl CustomerView {
    pub(super) fn data_loss(&self, writer: &mut TracedWriter<'_>) -> Option<String> {
        let text = self.fields.get("data-loss")?;
        let sources = ["field/data-loss"];
        Some(match data_loss_sentence(text) {
            Some(sentence) => writer.write(&sentence, &sources),
            None => {
                let line = with_incident_flag("bridgelog set data-loss VALUE", &self.incident_flag);
                writer.write_raw(&placeholder("what data was lost", &line), &sources)
            }
        })
    }

    /// Returns the field `data-loss` as a sentence.
    pub(super) fn recorded_data_loss(&self) -> Option<String> {
        let text = self.fields.get("data-loss")?;
        data_loss_sentence(text)
    }
}

/// Returns the text of the field `data-loss` as a sentence; `None` if it says that data was lost but
/// not which.
#[must_use]
pub fn data_loss_sentence(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let lower = typed.to_lowercase();
    let trimmed = lower.trim_end_matches(['.', '!', ',', ';', ' ']);
    let words: Vec<&str> = trimmed.split_whitespace().collect();
    match trimmed {
        "none"
        | "no"
        | "nothing"
        | "no data"
        | "no data loss"
        | "no data lost"
        | "none lost"
        | "nothing lost"
        | "nothing was lost"
        | "no data was lost"
        | "no data has been lost"
        | "no loss" => return Some("No data was lost.".to_owned()),
        "unknown" | "not known" | "not yet known" | "not known yet" | "unclear" | "not sure"
        | "checking" | "still checking" | "we are checking" | "tbd" | "?" | "maybe"
        | "possibly" | "we do not know" | "we don't know" => {
            return Some("We are still checking whether any data was lost.".to_owned());
        }
        "" | "yes" | "y" | "true" | "some" | "some data" | "some data was lost"
        | "data was lost" | "data loss" => return None,
        _ => {}
    }
    let is_verb = |word: &&str| {
        matches!(
            *word,
            "was"
                | "were"
                | "is"
                | "are"
                | "has"
                | "have"
                | "had"
                | "could"
                | "can"
                | "cannot"
                | "may"
                | "might"
                | "will"
                | "lost"
        )
    };
    let relative = words
        .iter()
        .any(|word| matches!(*word, "that" | "which" | "who" | "whose" | "where" | "when"));
    let denies = matches!(words.first(), Some(&("no" | "none" | "nothing" | "we")));
    if denies || typed.ends_with(['.', '!']) || (!relative && words.iter().any(is_verb)) {
        let mut letters = typed.chars();
        let first = letters.next().map(|c| c.to_uppercase().to_string());
        let text = first.unwrap_or_default() + letters.as_str();
        return Some(with_full_stop(&text));
    }
    let what = ["yes, ", "yes: ", "yes; ", "yes - "]
        .iter()
        .find_map(|yes| {
            lower
                .starts_with(yes)
                .then(|| typed.get(yes.len()..))
                .flatten()
        })
        .unwrap_or(typed);
    Some(format!("Data was lost: {}", with_full_stop(what)))
}
