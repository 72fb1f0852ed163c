//! Times as a person types them ("a WHEN"). `docs/line.md` has the rules, `tests/times.txt` every form.
//!
//! In: text, and a [`TimeContext`] (the current time and the zone of the incident). Out: a
//! [`When`], or a [`ParseError`](super::parse_error::ParseError) with a hint. What the text leaves open (the day, the
//! zone, which pass through a clock change) is decided by a fixed rule or rejected, never guessed.
//!
//! Start reading at `parse.rs`. `normalize.rs` reduces the text to ASCII; `cursor.rs` is the scanner; `day.rs`, `time_of_day.rs`,
//! `duration.rs` and `zone_suffix.rs` parse the parts, `moment.rs` puts them together, `resolve.rs`
//! and `local_time.rs` turn the result into a time. `format.rs` is the inverse.

mod counted;
mod cursor;
mod date_line;
mod date_words;
mod day;
mod day_choice;
mod day_part;
mod day_sequence;
mod diagnostics;
mod duration;
mod event_times;
mod explain;
mod format;
mod glued_span;
mod half_day;
mod local_time;
mod log_line_time;
mod moment;
mod named_day;
mod normalize;
mod other_day;
mod other_time;
mod parse;
mod resolve;
mod season;
mod span;
mod stated_zone;
#[cfg(test)]
mod tests;
mod time_of_day;
mod types;
mod unread;
mod unread_day;
mod unread_end;
mod zone_suffix;

pub use date_line::{day_in_cell, names_a_day, parse_date_line, parse_day_line};
pub(crate) use date_line::{is_day_alone, is_title_word};
pub(crate) use date_words::is_date_word;
pub(crate) use day::{MONTHS, is_weekday};
pub use day_choice::quiet_since;
pub use day_sequence::{DaySequence, DayStep};
pub use diagnostics::{
    bare_time_of_day, begins_with_clock, is_dated, is_of_weekday, is_relative_to_now, needs_a_day,
};
pub(crate) use diagnostics::{
    begins_sentence, is_all_of_time, mentioned_time, suspicious_time_len,
};
pub(crate) use duration::{parse_length, parse_time_box};
pub use event_times::{EventDays, EventTime, EventTimes, MAX_QUIET, known_until};
pub use format::format_when;
pub use half_day::{HalfDay, half_day, is_of_either_half};
pub use named_day::{has_date_label, is_unread_day_alone, named_day};
pub use other_day::has_clock_time;
pub(crate) use other_day::{foreign_weekday, is_other_day};
pub(crate) use parse::parse_leading_with_reference;
pub(crate) use parse::parse_with_reference;
pub use parse::{parse, parse_leading, parse_moment};
pub(crate) use resolve::MAX_AHEAD;
pub(crate) use season::{stated_name_notice, stated_zone_notice};
pub(crate) use span::{after_join, after_span_join};
pub(crate) use stated_zone::parse_stated_zone;
pub use types::{AssumedDay, DayLine, TimeContext, When};
pub(crate) use unread::{begins_with_limit, sign_len};
pub(crate) use zone_suffix::{is_zone_abbreviation, may_be_zone_abbreviation};
