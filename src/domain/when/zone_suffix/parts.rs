//! What the parsers of the parts of a zone share.

use crate::domain::zone::Zone;
use chrono::FixedOffset;

/// A zone as typed.
#[derive(Clone, Debug)]
pub(in crate::domain::when) enum ParsedZone<'t> {
    /// A fixed offset from UTC.
    Offset(FixedOffset),
    Utc,
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
