mod forms;
mod properties;
mod rules;

use super::*;
use crate::domain::{
    parse_error::ParseError,
    time::{OffsetTime, UtcTime, parse_utc},
    zone::Zone,
};
use chrono::NaiveDate;
use std::ops::Range;

pub(super) fn ny() -> Zone {
    Zone::find("America/New_York").unwrap()
}

pub(super) fn at(now: &str) -> UtcTime {
    parse_utc(now).unwrap()
}

pub(super) fn read(text: &str) -> Result<When, ParseError> {
    read_at(text, "2012-08-16T10:18:42-04:00")
}

pub(super) fn read_at(text: &str, now: &str) -> Result<When, ParseError> {
    let zone = ny();
    parse(text, &TimeContext::new(at(now), &zone))
}

pub(super) fn shown(when: &When) -> String {
    let end = when
        .end
        .map_or(String::new(), |end| format!("..{}", end.to_rfc3339()));
    let about = if when.approximate { "~" } else { "" };
    format!("{about}{}{end} {}", when.at.to_rfc3339(), when.zone)
        .trim_end()
        .to_owned()
}
