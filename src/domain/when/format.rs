//! Formats a time as a person would type it.

use super::types::When;
use crate::domain::{
    time::OffsetTime,
    zone::{LocalTimeResult, Zone},
};
use chrono::{NaiveDateTime, Timelike as _, Utc};

/// Formats `when` with its date, as short as possible so that it parses back to the same in an
/// incident whose zone is `zone`.
///
/// If the zone of `when` is not in the database, its offset is written.
#[must_use]
pub fn format_when(when: &When, zone: &Zone) -> String {
    let tilde = if when.approximate { "~" } else { "" };
    let when_zone = Zone::find(&when.zone).ok();
    let short = when_zone.as_ref().and_then(|when_zone| {
        let at = unique_local_time(when.at, when_zone)?;
        let suffix = suffix(when_zone, zone, at)?;
        let Some(end) = when.end else {
            return Some(format!("{} {}{suffix}", at.date(), format_time_of_day(at)));
        };
        let end = unique_local_time(end, when_zone)?;
        let day = if end.date() == at.date() && end >= at {
            String::new()
        } else {
            format!("{} ", end.date())
        };
        Some(format!(
            "{} {}..{day}{}{suffix}",
            at.date(),
            format_time_of_day(at),
            format_time_of_day(end)
        ))
    });
    let body = short.unwrap_or_else(|| {
        let full = |at| format_rfc9557(at, when_zone.as_ref());
        match when.end {
            None => full(when.at),
            Some(end) => format!("{}..{}", full(when.at), full(end)),
        }
    });
    format!("{tilde}{body}")
}

/// Local time in `zone` at `at`; `None` if the zone had that local time twice.
fn unique_local_time(at: OffsetTime, zone: &Zone) -> Option<NaiveDateTime> {
    let local = zone.to_local(at.with_timezone(&Utc)).naive_local();
    (zone.resolve(local) == LocalTimeResult::Unique(at)).then_some(local)
}

/// The zone to write after a time; empty for the incident's own zone. `None` if the name is only
/// understood in brackets.
fn suffix(zone: &Zone, incident: &Zone, at: NaiveDateTime) -> Option<String> {
    // The incident's own abbreviations take precedence, even if its zone calls its time UTC.
    let utc = zone.name() == "UTC" && incident.offset_for_abbreviation("UTC", at).is_none();
    if zone == incident {
        Some(String::new())
    } else if zone.name().contains('/') || utc {
        Some(format!(" {}", zone.name()))
    } else {
        None
    }
}

fn format_rfc9557(at: OffsetTime, zone: Option<&Zone>) -> String {
    let at = zone.map_or(at, |zone| zone.to_local(at.with_timezone(&Utc)));
    let local = at.naive_local();
    let seconds = if local.second() == 0 && local.nanosecond() == 0 {
        ":00"
    } else {
        ""
    };
    let zone = zone.map_or(String::new(), |zone| format!("[{}]", zone.name()));
    format!(
        "{}T{}{seconds}{}{zone}",
        local.date(),
        format_time_of_day(local),
        at.offset()
    )
}

fn format_time_of_day(local: NaiveDateTime) -> String {
    let form = match (local.second(), local.nanosecond()) {
        (0, 0) => "%H:%M",
        (_, 0) => "%H:%M:%S",
        _ => "%H:%M:%S%.6f",
    };
    let text = local.format(form).to_string();
    if form.len() > 8 {
        text.trim_end_matches('0').to_owned()
    } else {
        text
    }
}
