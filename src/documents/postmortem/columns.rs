//! The columns of the postmortem's tables. The classes are those of `postmortem.css.j2`.

use super::writer::Column;

pub(super) const JOURNAL: &[Column] = &[
    Column::new("Store", "origin"),
    Column::new("Entries", "count"),
    Column::new("Head (SHA-256)", "hash"),
];

pub(super) const TIMELINE: &[Column] = &[
    Column::new("Time", "time"),
    Column::new("Kind", "kind"),
    Column::new("What happened", "text"),
    Column::new("State", "state"),
    Column::new("Recorded by", "by"),
    Column::new("Handle", "handle"),
];

pub(super) const FIGURES: &[Column] = &[
    Column::new("Figure", "name"),
    Column::new("Value", "value"),
    Column::new("From", "from"),
    Column::new("To", "to"),
    Column::new("How it is counted", "formula"),
    Column::new("Handles", "handle"),
];

pub(super) const MESSAGES: &[Column] = &[
    Column::new("Time", "time"),
    Column::new("To", "to"),
    Column::new("Message", "text"),
    Column::new("Handle", "handle"),
];

pub(super) const LEDGER: &[Column] = &[
    Column::new("Day", "time"),
    Column::new("Protection", "name"),
    Column::new("Fault", "text"),
    Column::new("At risk for", "value"),
    Column::new("Incident", "count"),
    Column::new("Handle", "handle"),
];
