//! What came of an import, row by row and in sum.

use crate::{
    domain::{count::plural, time::OffsetTime},
    import::{Action, Place},
    store::IncidentRow,
};
use std::{collections::BTreeMap, fmt};

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is an event now.
    Added,
    /// The source edited it since the last import: the event was amended.
    Amended,
    /// It was undone before: it is an event again.
    BroughtBack,
    /// It is an event already, as it is in the source.
    There,
    /// The source edited it, and so did somebody here: the event stays as it is here.
    ChangedHere,
    /// Rows with this action are left out unless `--map` says otherwise.
    LeftOut(Action),
    /// A person left it out.
    NotTaken,
    /// It is before `--since` or not before `--until`.
    OutsidePeriod,
    /// It has no text.
    Empty,
    /// It cannot be read, for this reason.
    Bad(String),
}

impl Outcome {
    /// True if such a row writes: an event that is new or changed.
    #[must_use]
    pub fn writes(&self) -> bool {
        matches!(self, Self::Added | Self::Amended | Self::BroughtBack)
    }
}

/// Returns the remarks on an import: how many rows had characters that no document shows, and how many are later
/// than now.
pub(super) fn remarks(cleaned: usize, ahead: usize) -> Vec<String> {
    let mut remarks = Vec::new();
    if cleaned > 0 {
        remarks.push(format!(
            "characters that no document shows were taken out of {cleaned} rows"
        ));
    }
    if ahead > 0 {
        remarks.push(format!(
            "{ahead} rows are ahead of the clock here: they count as if they had happened"
        ));
    }
    remarks
}

/// One row, for a preview and for lists.
#[derive(Clone, Debug)]
pub struct RowReport {
    pub place: Option<Place>,
    pub outcome: Outcome,
    /// When it happened, if that is known.
    pub at: Option<OffsetTime>,
    /// The word of the kind that it has or would have.
    pub kind: String,
    pub text: String,
}

/// What came of an import.
#[derive(Clone, Debug, Default)]
pub struct ImportReport {
    /// The format's name.
    pub format: &'static str,
    /// Where the events went; `None` if they are unassigned.
    pub incident: Option<IncidentRow>,
    /// The import's own handle; `None` if it added nothing.
    pub handle: Option<String>,
    /// Rows read, good and bad.
    pub read: usize,
    pub added: usize,
    pub amended: usize,
    pub brought_back: usize,
    pub there: usize,
    pub changed_here: usize,
    pub left_out: BTreeMap<Action, usize>,
    /// Rows that a person left out.
    pub not_taken: usize,
    pub outside_period: usize,
    pub empty: usize,
    pub bad: usize,
    /// Handles and texts of events whose rows are no longer in the source.
    pub vanished: Vec<(String, String)>,
    /// Remarks, one sentence each.
    pub notices: Vec<String>,
}

impl ImportReport {
    /// Counts one row.
    pub(super) fn count(&mut self, outcome: &Outcome) {
        self.read += 1;
        let counter = match outcome {
            Outcome::Added => &mut self.added,
            Outcome::Amended => &mut self.amended,
            Outcome::BroughtBack => &mut self.brought_back,
            Outcome::There => &mut self.there,
            Outcome::ChangedHere => &mut self.changed_here,
            Outcome::LeftOut(action) => self.left_out.entry(*action).or_default(),
            Outcome::NotTaken => &mut self.not_taken,
            Outcome::OutsidePeriod => &mut self.outside_period,
            Outcome::Empty => &mut self.empty,
            Outcome::Bad(_) => &mut self.bad,
        };
        *counter += 1;
    }
}

/// `5,012 read, 4,731 events, 260 joins left out, 21 already there, 0 not understood`.
impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let events = plural(self.added, "event", "events");
        write!(
            f,
            "{} read, {} {events}",
            grouped(self.read),
            grouped(self.added)
        )?;
        for (action, count) in &self.left_out {
            let (one, many) = action.rule().nouns;
            let rows = plural(*count, one, many);
            write!(f, ", {} {rows} left out", grouped(*count))?;
        }
        for (count, what) in [
            (self.not_taken, "not taken"),
            (self.outside_period, "outside the period"),
            (self.empty, "without a text"),
            (self.amended, "amended, as the source edited them"),
            (self.brought_back, "brought back"),
            (self.changed_here, "edited there and here, kept as here"),
        ] {
            if count > 0 {
                write!(f, ", {} {what}", grouped(count))?;
            }
        }
        write!(
            f,
            ", {} already there, {} not understood",
            grouped(self.there),
            grouped(self.bad)
        )
    }
}

/// Writes a number with a comma after each three digits.
#[must_use]
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn report_counts_every_row_once() {
        let mut report = ImportReport::default();
        for _ in 0..4731 {
            report.count(&Outcome::Added);
        }
        for _ in 0..260 {
            report.count(&Outcome::LeftOut(Action::Join));
        }
        for _ in 0..21 {
            report.count(&Outcome::There);
        }
        assert_eq!(
            report.to_string(),
            "5,012 read, 4,731 events, 260 joins left out, 21 already there, 0 not understood"
        );
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000_000), "1,000,000");
    }
}
