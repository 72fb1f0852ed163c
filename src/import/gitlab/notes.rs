//! How many notes an issue has, and how many of them are in the input: the API gives them in pages.

use super::rows::notes_of;
use crate::import::{format::Notices, json::text_at};
use serde_json::Value;
use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

/// How many issues the notice names.
const NAMED: usize = 5;

/// The counts by the ids of issues and merge requests. Clones count together.
#[derive(Clone, Debug, Default)]
pub(super) struct NoteCounts {
    counts: Rc<RefCell<BTreeMap<String, Count>>>,
}

#[derive(Debug, Default)]
struct Count {
    /// `#812`.
    label: String,
    /// How many notes by people it has, as it says itself.
    total: u64,
    found: u64,
}

impl NoteCounts {
    /// Counts an issue with the notes in it, a discussion, or a note.
    pub fn count(&self, item: &Value) {
        let mut counts = self.counts.borrow_mut();
        let id = text_at(item, "id").unwrap_or_default();
        let total = item.get("user_notes_count").and_then(Value::as_u64);
        if let Some(total) = total {
            let count = counts.entry(id.clone()).or_default();
            count.label = text_at(item, "references.short")
                .unwrap_or_else(|| format!("#{}", text_at(item, "iid").unwrap_or_default()));
            count.total = total;
        }
        let notes = match notes_of(item) {
            Some(notes) => notes,
            None => std::slice::from_ref(item),
        };
        let by_people = notes
            .iter()
            .filter(|note| note.get("body").is_some_and(Value::is_string))
            .filter(|note| note.get("system") != Some(&Value::Bool(true)));
        for note in by_people {
            let of = text_at(note, "noteable_id").unwrap_or_else(|| id.clone());
            counts.entry(of).or_default().found += 1;
        }
    }

    /// Says at the end of the input which notes are missing from it.
    pub fn finish(&self, notices: &Notices) {
        let counts = std::mem::take(&mut *self.counts.borrow_mut());
        let missing: Vec<&Count> = counts
            .values()
            .filter(|count| count.total > count.found)
            .collect();
        if missing.is_empty() {
            return;
        }
        let mut named: Vec<String> = missing
            .iter()
            .take(NAMED)
            .map(|count| format!("{} ({} of {})", count.label, count.found, count.total))
            .collect();
        if missing.len() > NAMED {
            named.push(format!("and {} more", missing.len() - NAMED));
        }
        notices.borrow_mut().push(format!(
            "not all notes are in the input: {}; download the others too",
            named.join(", ")
        ));
    }
}
