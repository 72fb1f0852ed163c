//! Ids for the rows of sources that give none.

use super::row::SourceTime;
use crate::domain::{hash::Hash, time::format_utc};
use chrono::Utc;
use std::collections::HashMap;

/// Makes ids of what identifies a row. Rows that are equal in all of it are counted among themselves, so that
/// the id of a row does not depend on the others: the same message has the same id in a shorter copy.
#[derive(Debug, Default)]
pub(super) struct RowIds {
    /// How often a row of this digest was given an id.
    seen: HashMap<u64, u32>,
}

impl RowIds {
    /// Returns the id of the next row at `at`, by `author`, with `text`.
    pub fn next_id(&mut self, at: SourceTime, author: &str, text: &str) -> String {
        let time = time_key(at);
        let digest = Hash::digest(format!("{time}\0{author}\0{text}").as_bytes());
        let mut start = [0; 8];
        start.copy_from_slice(&digest.0[..8]);
        let count = self.seen.entry(u64::from_be_bytes(start)).or_default();
        *count += 1;
        let digits: String = digest.to_string().chars().take(32).collect();
        match *count {
            1 => digits,
            count => format!("{digits}-{count}"),
        }
    }
}

/// Writes a time so that different times differ.
fn time_key(at: SourceTime) -> String {
    match at {
        SourceTime::Exact(at) => format_utc(at.with_timezone(&Utc)),
        SourceTime::Local(at) => at.format("%FT%T%.f").to_string(),
        SourceTime::WithoutYear(at) => at.format("%m-%dT%T%.f").to_string(),
        SourceTime::TimeOfDay(at) => at.format("%T%.f").to_string(),
        SourceTime::SinceStart(since) => format!("+{}ms", since.num_milliseconds()),
        SourceTime::Missing => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_rows_are_counted_and_other_rows_do_not_matter() {
        let at = SourceTime::TimeOfDay("10:06:00".parse().unwrap());
        let mut long = RowIds::default();
        let first = long.next_id(at, "ann", "ok");
        let other = long.next_id(at, "bob", "ok");
        let second = long.next_id(at, "ann", "ok");
        assert_ne!(first, other);
        assert_eq!(second, format!("{first}-2"));

        let mut short = RowIds::default();
        assert_eq!(short.next_id(at, "bob", "ok"), other);
        assert_eq!(short.next_id(at, "ann", "ok"), first);
    }
}
