//! What the parsers of the parts of a zone share.

use crate::domain::{when::types::TimeContext, zone::Zone};
use chrono::FixedOffset;

/// A zone as typed.
#[derive(Clone, Debug)]
pub(in crate::domain::when) enum ParsedZone<'t> {
    /// A fixed offset from UTC.
    Offset(FixedOffset),
    Utc,
    /// A name that a place has for its time in a part of the year, such as `EST`.
    OfSeason {
        offset: FixedOffset,
        typed: &'t str,
        /// The name of a zone that is called so in that part of the year.
        place: &'static str,
    },
    Zone(Zone),
    /// A zone and the offset that it had.
    OffsetInZone(FixedOffset, Zone),
    /// An abbreviation that the incident's own zone uses.
    Abbreviation(&'t str),
}

/// What was typed of a moment before its zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::domain::when) enum Detail {
    Time,
    Date,
    DateAndSeconds,
}

/// How to read a zone.
#[derive(Clone, Copy, Debug)]
pub(in crate::domain::when) struct ZoneRules<'c, 'z> {
    pub context: &'c TimeContext<'z>,
    /// An offset that begins with `-` may follow without a space.
    pub rfc: bool,
    /// No text can follow.
    pub strict: bool,
    pub detail: Detail,
}
