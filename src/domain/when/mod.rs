//! A WHEN: the time of an event as a person types it. Source: DESIGN, The capture line.
//!
//! What a reading of a clock leaves open (the day, the zone, which of two readings) is settled by
//! rule or refused, never guessed.

mod cursor;
mod date_line;
mod day;
mod diagnostics;
mod duration;
mod format;
mod local_time;
mod moment;
mod parse;
mod resolve;
#[cfg(test)]
mod tests;
mod time_of_day;
mod types;
mod zone_suffix;

pub use date_line::parse_date_line;
pub use diagnostics::needs_a_day;
pub(crate) use diagnostics::suspicious_time_len;
pub(crate) use duration::parse_time_box;
pub use format::format_when;
pub(crate) use parse::parse_leading_with_reference;
pub(crate) use parse::parse_with_reference;
pub use parse::{parse, parse_leading};
pub use types::{TimeContext, When, WhenError};
