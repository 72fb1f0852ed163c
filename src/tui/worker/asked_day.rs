//! Whether the day of the first rows of a paste is asked for.

use crate::{
    domain::{
        capture,
        when::{self, DaySequence, DayStep},
    },
    ops::context::LineContext,
    tui::msg::PastedLine,
};
use chrono::{NaiveTime, TimeDelta};

/// So far ahead of now a time without a date is one of today.
const MAX_AHEAD: TimeDelta = TimeDelta::minutes(5);

/// True if the user is to pick the day of the first row: above the first date, a time without a date lies
/// ahead, or the times turn over midnight.
pub(super) fn asks_day(lines: &[PastedLine], context: &LineContext) -> bool {
    let times = context.time_context();
    let is_day = |line: &&PastedLine| {
        let text = capture::strip_zone_note(&line.text, &times);
        matches!(when::parse_date_line(text, &times), Some(Ok(_)))
            || when::is_dated(&capture::unmarked_time(text, &times), &times)
            || matches!(when::named_day(text, &times), Some(Ok(_)))
    };
    let undated = lines.iter().take_while(|line| !is_day(line));
    let bare: Vec<NaiveTime> = undated
        .filter_map(|line| {
            when::bare_time_of_day(&capture::unmarked_time(&line.text, &times), &times)
        })
        .collect();
    let now = times.zone.to_local(times.now);
    let today = now.date_naive();
    let is_ahead = |time: &NaiveTime| today.and_time(*time) > now.naive_local() + MAX_AHEAD;
    // A time within a resolved incident is looked up there, and one of an incident of the past near its events.
    let is_of_now = times.span.is_none() && when::quiet_since(&times).is_none();
    if is_of_now && bare.iter().any(is_ahead) {
        return true;
    }
    let mut order = DaySequence::default();
    let times: Vec<_> = bare.iter().copied().map(Some).collect();
    order.observe(&times);
    bare.into_iter().any(|time| {
        let at = today.and_time(time).and_utc();
        let turns = matches!(order.step(at), DayStep::Next | DayStep::Previous);
        order.advance(at);
        turns
    })
}
