//! Names of zones in words after a time: `Greenwich Mean Time`, `London time`.

use super::parts::ParsedZone;
use crate::domain::{when::cursor::Cursor, zone::Zone};
use chrono::FixedOffset;

/// Times by their full names, in minutes from UTC, and a zone that is called so in a part of the year. Source: the
/// common names of the Unicode CLDR, and others in use.
const TIMES: [(&str, i32, &str); 19] = [
    ("Greenwich Mean Time", 0, ""),
    ("Coordinated Universal Time", 0, ""),
    ("Universal Time", 0, ""),
    ("British Summer Time", 60, "Europe/London"),
    ("Western European Time", 0, "Europe/Lisbon"),
    ("Western European Summer Time", 60, "Europe/Lisbon"),
    ("Central European Time", 60, "Europe/Berlin"),
    ("Central European Standard Time", 60, "Europe/Berlin"),
    ("Central European Summer Time", 120, "Europe/Berlin"),
    ("Eastern European Time", 120, "Europe/Athens"),
    ("Eastern European Summer Time", 180, "Europe/Athens"),
    ("Moscow Standard Time", 180, ""),
    ("India Standard Time", 330, ""),
    ("Indian Standard Time", 330, ""),
    ("China Standard Time", 480, ""),
    ("Japan Standard Time", 540, ""),
    ("Korean Standard Time", 540, ""),
    ("Australian Eastern Standard Time", 600, "Australia/Sydney"),
    ("Australian Eastern Daylight Time", 660, "Australia/Sydney"),
];
/// Zones that have the rules of a time in the United States in their name.
const US_RULES: [&str; 4] = ["EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT"];
/// How the names of times end that are in no table.
const TIME_ENDS: [&str; 4] = ["Standard Time", "Summer Time", "Daylight Time", "Mean Time"];
/// The most words of a city before `time`.
const MAX_CITY_WORDS: usize = 3;

/// Parses a name of [`TIMES`], or `PST8PDT`, which begins at byte `start` with the word before `cursor`.
pub(super) fn parse_full_name<'t>(cursor: &mut Cursor<'t>, start: usize) -> Option<ParsedZone<'t>> {
    let text = &cursor.text[start..];
    if !text.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let is_name = |(name, ..): &&(&str, i32, &str)| {
        let head = text.get(..name.len()).unwrap_or_default();
        head.eq_ignore_ascii_case(name) && ends_word(&text[name.len()..])
    };
    if let Some(&(name, minutes, place)) = TIMES.iter().find(is_name) {
        cursor.position = start + name.len();
        let offset = FixedOffset::east_opt(minutes * 60)?;
        return Some(match place {
            "" => ParsedZone::Offset(offset),
            place => ParsedZone::OfSeason {
                offset,
                typed: &text[..name.len()],
                place,
            },
        });
    }
    let is_rule = |name: &&&str| text.starts_with(**name) && ends_word(&text[name.len()..]);
    let name = US_RULES.iter().find(is_rule)?;
    cursor.position = start + name.len();
    Zone::find(name).ok().map(ParsedZone::Zone)
}

/// Parses a city with `time` behind it, such as `New York time`, which begins at byte `start`.
pub(super) fn parse_city_time<'t>(cursor: &mut Cursor<'_>, start: usize) -> Option<ParsedZone<'t>> {
    let text = &cursor.text[start..];
    let mut length = 0;
    for word in text.split_inclusive(' ').take(MAX_CITY_WORDS + 1) {
        let head = word.get(..4).unwrap_or_default();
        if length > 0 && head.eq_ignore_ascii_case("time") && ends_word(&word[4..]) {
            let city = match text[..length].trim_end() {
                "NY" | "NYC" => "New York",
                city => city,
            };
            let zone = Zone::of_city(city)?;
            cursor.position = start + length + head.len();
            return Some(ParsedZone::Zone(zone));
        }
        if !word.starts_with(|c: char| c.is_ascii_uppercase()) {
            return None;
        }
        length += word.len();
    }
    None
}

/// True if no word goes on in `rest`.
fn ends_word(rest: &str) -> bool {
    !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '\'' | '-' | '_'))
}

/// Returns the name of a time at the beginning of `text` that is in no table.
pub(super) fn unknown_time(text: &str) -> Option<&str> {
    let is_capital = text.starts_with(|c: char| c.is_ascii_uppercase());
    let end = TIME_ENDS
        .iter()
        .find_map(|end| Some(text.find(end)? + end.len()))?;
    let name = &text[..end];
    let is_name = name
        .split(' ')
        .all(|word| word.starts_with(|c: char| c.is_ascii_uppercase()));
    (is_capital && is_name && name.split(' ').count() <= 5).then_some(name)
}
