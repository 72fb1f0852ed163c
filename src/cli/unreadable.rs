//! The note on entries that cannot be read.

use super::out::Out;
use crate::domain::{incident::Incident, sanitize};

/// Says on standard error what of `incident` cannot be read, so that nothing is missing without a word.
pub(super) fn note_unreadable(incident: &Incident, out: &Out) {
    let unreadable: Vec<String> = incident
        .unknown
        .iter()
        .filter(|record| record.is_unreadable())
        .map(|record| match record.handle.as_str() {
            "" => record.subject.to_string(),
            handle => handle.to_owned(),
        })
        .collect();
    if !unreadable.is_empty() {
        out.print_note(&sanitize::line(&format!(
            "{} of its entries cannot be read and count for nothing here: {}; `bridgelog verify` says more",
            unreadable.len(),
            unreadable.join(", ")
        )));
    }
}
