//! Lines that are asked about before they are logged: their time is ahead of now, or long before the
//! incident began.

use super::{Worker, wording::rough_length};
use crate::{
    domain::{
        capture,
        event::Event,
        time::{OffsetTime, UtcTime},
        when::{AssumedDay, When},
        zone::{LocalTimeResult, Zone},
    },
    ops::{IncidentRow, OpsError, Result, log::PreparedEvent},
};
use chrono::TimeDelta;

/// So far ahead of now a time is taken as it is.
const MAX_AHEAD: TimeDelta = TimeDelta::minutes(5);
/// So long before the incident began an event is taken as one of it.
const MAX_BEFORE: TimeDelta = TimeDelta::hours(12);

impl Worker {
    /// Returns why an event, whose time was read as `when`, is asked about before it is logged in the
    /// incident of `row`; takes the notices that say the same out of `prepared`.
    pub(super) fn ask_about(
        &self,
        prepared: &mut PreparedEvent,
        when: Option<&When>,
        begun: UtcTime,
        row: Option<&IncidentRow>,
        zone: &Zone,
    ) -> Result<Option<String>> {
        let event = &prepared.event;
        if let Some(when) = when
            && let Some(question) = ahead(event, when, begun, zone)
        {
            let said = [when.assumed_day_notice(), when.ahead_notice(begun)];
            let is_said = |notice: &String| said.iter().flatten().any(|said| said == notice);
            prepared.notices.retain(|notice| !is_said(notice));
            return Ok(Some(question));
        }
        // The day stands in the preview: what else there is to say comes before it.
        let day = when.and_then(When::assumed_day_notice);
        prepared
            .notices
            .sort_by_key(|notice| Some(notice) == day.as_ref());
        let Some(row) = row else { return Ok(None) };
        if let Some(question) = command_question(prepared, row) {
            return Ok(Some(question));
        }
        let event = &prepared.event;
        let first = self.session.read().first_event_at(row.id)?;
        let begin = first.into_iter().chain(row.declared).min();
        Ok(begin.and_then(|begin| long_before(event, begin)))
    }
}

/// Asks about a line that begins like a command that the incident of `row` may get now, and is text; takes the notice
/// that says so out of `prepared`.
fn command_question(prepared: &mut PreparedEvent, row: &IncidentRow) -> Option<String> {
    let notice = capture::command_text_notice(&prepared.event.text)?;
    let at = prepared.notices.iter().position(|said| *said == notice)?;
    let lower = prepared.event.text.to_lowercase();
    let (word, what) = match row.resolved {
        None => ("resolve", "resolves"),
        Some(_) => ("reopen", "reopens"),
    };
    lower.starts_with(word).then(|| {
        prepared.notices.remove(at);
        format!("That is a note: `{word}: TEXT` {what} the incident")
    })
}

/// Returns the error for a line with `question` that was not confirmed.
pub(super) fn unconfirmed(question: String) -> OpsError {
    OpsError::failed(question).with_hint("Enter again logs it")
}

/// Says that an event is long before its incident, which begins at `begin`.
pub(super) fn long_before(event: &Event, begin: UtcTime) -> Option<String> {
    let before = begin - event.at_utc();
    (before > MAX_BEFORE).then(|| {
        format!(
            "{} before the incident began",
            rough_length(before.num_seconds())
        )
    })
}

/// Says that the time of an event is ahead of `now`, or that it was taken as that of an earlier day because
/// it would be.
fn ahead(event: &Event, when: &When, now: UtcTime, zone: &Zone) -> Option<String> {
    let local = event.at;
    let time = local.format("%H:%M");
    let day = local.format("%a %-d %b");
    match when.assumed_day {
        Some(AssumedDay::Yesterday) => {
            let ahead = time_of_today(local, now, zone)? - now;
            let length = rough_length(ahead.num_seconds());
            Some(format!(
                "{time} is {length} ahead: taken as yesterday, {day}"
            ))
        }
        Some(AssumedDay::Earlier) => Some(format!(
            "the next {} {time} is ahead: taken as {day} {}",
            local.format("%A"),
            local.format("%Y")
        )),
        _ => {
            let ahead = event.at_utc() - now;
            let length = rough_length(ahead.num_seconds());
            (ahead > MAX_AHEAD).then(|| format!("{day} {time} is {length} ahead"))
        }
    }
}

/// Returns the same time of day on the day of `now`.
fn time_of_today(at: OffsetTime, now: UtcTime, zone: &Zone) -> Option<UtcTime> {
    let typed_in = zone.to_local(at.to_utc());
    let today = zone.to_local(now).date_naive();
    let days = (today - typed_in.date_naive()).num_days();
    let then = typed_in.naive_local() + TimeDelta::try_days(days)?;
    Some(match zone.resolve(then) {
        LocalTimeResult::Unique(at) => at.to_utc(),
        LocalTimeResult::Fold { earlier, .. } => earlier.to_utc(),
        LocalTimeResult::Gap { after, .. } => after.to_utc(),
    })
}
