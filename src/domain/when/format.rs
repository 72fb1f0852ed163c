//! A WHEN as a person would type it.

use super::types::When;
use crate::domain::{
    time::OffsetTime,
    zone::{LocalTimeResult, Zone},
};
use chrono::{NaiveDateTime, Timelike as _, Utc};

/// `when` with its date, as short as it can be and still be read back to the same in an incident
/// whose zone is `zone`.
///
/// Where the zone of `when` is in no database, its offset stands for it.
#[must_use]
pub fn format_when(when: &When, zone: &Zone) -> String {
    let about = if when.approximate { "~" } else { "" };
    let own = Zone::find(&when.zone).ok();
    let plain = own.as_ref().and_then(|own| {
        let at = unique_reading(when.at, own)?;
        let suffix = suffix(own, zone, at)?;
        let Some(end) = when.end else {
            return Some(format!("{} {}{suffix}", at.date(), format_time_of_day(at)));
        };
        let end = unique_reading(end, own)?;
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
    let body = plain.unwrap_or_else(|| {
        let full = |at| format_rfc9557(at, own.as_ref());
        match when.end {
            None => full(when.at),
            Some(end) => format!("{}..{}", full(when.at), full(end)),
        }
    });
    format!("{about}{body}")
}

/// What a clock in `zone` shows at `at`, where it showed that but once.
fn unique_reading(at: OffsetTime, zone: &Zone) -> Option<NaiveDateTime> {
    let reading = zone.to_local(at.with_timezone(&Utc)).naive_local();
    (zone.resolve(reading) == LocalTimeResult::Unique(at)).then_some(reading)
}

/// How `zone` is named behind a time; nothing where it is that of the incident. `None` where it can
/// only be named in brackets.
fn suffix(zone: &Zone, incident: &Zone, at: NaiveDateTime) -> Option<String> {
    // An incident's own abbreviations come first, also where it calls its time UTC.
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
    let reading = at.naive_local();
    let seconds = if reading.second() == 0 && reading.nanosecond() == 0 {
        ":00"
    } else {
        ""
    };
    let zone = zone.map_or(String::new(), |zone| format!("[{}]", zone.name()));
    format!(
        "{}T{}{seconds}{}{zone}",
        reading.date(),
        format_time_of_day(reading),
        at.offset()
    )
}

fn format_time_of_day(reading: NaiveDateTime) -> String {
    let form = match (reading.second(), reading.nanosecond()) {
        (0, 0) => "%H:%M",
        (_, 0) => "%H:%M:%S",
        _ => "%H:%M:%S%.6f",
    };
    let text = reading.format(form).to_string();
    if form.len() > 8 {
        text.trim_end_matches('0').to_owned()
    } else {
        text
    }
}
