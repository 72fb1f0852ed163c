//! Ids for the rows of sources that give none.

use super::row::SourceTime;
use crate::domain::{hash::Hash, time::format_utc};
use chrono::Utc;

/// Returns the id of a row at `at`, by `author`, with `text`, of a source that gives none. It does not depend
/// on other rows, so that the same message has the same id in a shorter copy; rows that are equal in all of
/// it have the same, see [`Row::is_id_of_content`](super::row::Row::is_id_of_content).
pub(super) fn content_id(at: SourceTime, author: &str, text: &str) -> String {
    let time = time_key(at);
    let digest = Hash::digest(format!("{time}\0{author}\0{text}").as_bytes());
    let mut id = digest.to_string();
    id.truncate(32);
    id
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
    fn each_part_of_a_row_is_in_its_id() {
        let at = |time: &str| SourceTime::TimeOfDay(time.parse().unwrap());
        let id = content_id(at("10:06:00"), "ann", "ok");
        assert_eq!(id.len(), 32);
        assert_eq!(content_id(at("10:06:00"), "ann", "ok"), id);
        for other in [
            content_id(at("10:07:00"), "ann", "ok"),
            content_id(at("10:06:00"), "bob", "ok"),
            content_id(at("10:06:00"), "ann", "no"),
        ] {
            assert_ne!(other, id);
        }
    }
}
