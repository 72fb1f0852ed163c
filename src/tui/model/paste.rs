//! The preview of a paste.

use crate::{
    domain::{count::plural, time::UtcTime},
    tui::msg::{PastedLine, ReadRow, Target},
};
use chrono::NaiveDate;

#[derive(Clone, Debug)]
pub struct PasteRow {
    pub text: String,
    /// True if the row will be logged.
    pub included: bool,
    /// True if `tell:` in it begins customer wording; in a paste it is plain text by default.
    pub allow_customer_wording: bool,
    /// `None` until read.
    pub read: Option<ReadRow>,
}

impl PasteRow {
    /// True if the row begins with `# ` and is no date.
    #[must_use]
    pub fn is_comment(&self) -> bool {
        matches!(&self.read, Some(ReadRow::Event(event)) if event.is_comment)
    }

    /// True if an event with the same time and text is logged already.
    #[must_use]
    pub fn is_logged_already(&self) -> bool {
        matches!(&self.read, Some(ReadRow::Event(event)) if event.is_logged_already)
    }
}

/// The question for the day of a paste.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PasteDay {
    #[default]
    NotAsked,
    /// Asked, and not picked yet.
    Open,
    Picked(NaiveDate),
}

/// The preview of a paste of several lines, before it is logged.
#[derive(Clone, Debug)]
pub struct Paste {
    /// Number of the newest parse request; older replies are dropped.
    pub request_id: u64,
    pub rows: Vec<PasteRow>,
    pub selected: usize,
    /// When it was pasted; relative times count from here.
    pub begun: UtcTime,
    pub day: PasteDay,
    /// Where it goes, once that was picked: its rows are read for that.
    pub place: Option<Target>,
    /// True after the first Enter: the next one logs the rows.
    pub armed: bool,
    /// True once something was typed on the line while it is open: Space is then a character.
    pub typed: bool,
    /// How many rows the worker is writing, if it is: those added since are not among them.
    pub submitted: Option<usize>,
    /// The beginning of the line that became part of the first row, to go back on Esc.
    pub line_before: String,
}

impl Paste {
    /// Returns the day that was picked.
    #[must_use]
    pub fn picked_day(&self) -> Option<NaiveDate> {
        match self.day {
            PasteDay::Picked(day) => Some(day),
            PasteDay::NotAsked | PasteDay::Open => None,
        }
    }

    /// Returns the rows, joined by line breaks.
    #[must_use]
    pub fn text(&self) -> String {
        let rows: Vec<&str> = self.rows.iter().map(|row| row.text.as_str()).collect();
        rows.join("\n")
    }

    /// Returns the rows as lines to read or to log.
    #[must_use]
    pub fn lines(&self) -> Vec<PastedLine> {
        let line = |row: &PasteRow| PastedLine {
            text: row.text.clone(),
            included: row.included,
            allow_customer_wording: row.allow_customer_wording,
        };
        self.rows.iter().map(line).collect()
    }

    /// Returns how many rows would be logged.
    #[must_use]
    pub fn taken_count(&self) -> usize {
        let is_taken =
            |row: &&PasteRow| row.included && matches!(row.read, Some(ReadRow::Event(_)));
        self.rows.iter().filter(is_taken).count()
    }

    /// Says how many rows are taken, left out and refused, and what of them can be left out with one key.
    #[must_use]
    pub fn counts(&self) -> String {
        let count =
            |holds: &dyn Fn(&PasteRow) -> bool| self.rows.iter().filter(|r| holds(r)).count();
        let is_event = |row: &PasteRow| matches!(row.read, Some(ReadRow::Event(_)));
        let taken = self.taken_count();
        let comments = count(&PasteRow::is_comment);
        let others = [
            (count(&|row| !row.included && is_event(row)), "left out"),
            (
                count(&|row| matches!(row.read, Some(ReadRow::Refused(_)))),
                "refused",
            ),
            (count(&PasteRow::is_logged_already), "logged before"),
            (comments, plural(comments, "comment", "comments")),
        ];
        let others = others.iter().filter(|(count, _)| *count > 0);
        let others: String = others
            .map(|(count, what)| format!(", {count} {what}"))
            .collect();
        format!("{taken} taken{others}")
    }
}
