//! Names of zones in words after a time: `Greenwich Mean Time`, `London time`.

use super::parts::ParsedZone;
use crate::domain::{
    when::{counted::is_counted, cursor::Cursor, types::TimeContext},
    zone::Zone,
};
use chrono::FixedOffset;

/// Times by their full names, in minutes from UTC, and a zone that is called so in a part of the year. Source: the
/// common names of the Unicode CLDR, and others in use.
const TIMES: [(&str, i32, &str); 23] = [
    ("Greenwich Mean Time", 0, ""),
    ("Coordinated Universal Time", 0, ""),
    ("Universal Time", 0, ""),
    ("British Summer Time", 60, "Europe/London"),
    ("Western European Time", 0, "Europe/Lisbon"),
    ("Western European Summer Time", 60, "Europe/Lisbon"),
    ("Central European Time", 60, "Europe/Berlin"),
    ("Central European Standard Time", 60, "Europe/Berlin"),
    ("Central European Summer Time", 120, "Europe/Berlin"),
    ("CET", 60, "Europe/Berlin"),
    ("CEST", 120, "Europe/Berlin"),
    ("MEZ", 60, "Europe/Berlin"),
    ("MESZ", 120, "Europe/Berlin"),
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
/// Returns the offset in minutes that a name of [`TIMES`] stands for, and the zone that is called so in a part of the year.
pub(super) fn season_of_name(wanted: &str) -> Option<(i32, &'static str)> {
    let mut times = TIMES.iter().filter(|(.., place)| !place.is_empty());
    let (_, minutes, place) = times.find(|(name, ..)| name.eq_ignore_ascii_case(wanted))?;
    Some((*minutes, place))
}

/// Zones that have the rules of a time in the United States in their name.
const US_RULES: [&str; 4] = ["EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT"];
/// How the names of times end that are in no table.
const TIME_ENDS: [&str; 4] = ["Standard Time", "Summer Time", "Daylight Time", "Mean Time"];
/// Places that have the time of a city by whose name a zone is known.
const PLACES: [(&str, &str); 9] = [
    ("New York", "NY, NYC, Boston, Washington, Atlanta"),
    ("Chicago", "Dallas, Houston, Austin"),
    (
        "Los Angeles",
        "LA, California, San Francisco, SF, Seattle, Portland",
    ),
    ("London", "UK, British, England"),
    ("Berlin", "German, Germany, Munich, Hamburg, Frankfurt"),
    ("Paris", "French, France"),
    (
        "Kolkata",
        "India, Indian, Bangalore, Bengaluru, Mumbai, Delhi, Chennai, Hyderabad, Pune",
    ),
    ("Shanghai", "China, Beijing"),
    ("Tokyo", "Japan, Osaka"),
];
/// Cities whose zone is known and that are often said without a word for their time. To look for all would cost
/// each line with a capital behind its time.
const CITIES: &str = "Amsterdam, Athens, Auckland, Bangalore, Bangkok, Berlin, Bogota, Brussels, Bucharest, Budapest, Cairo, Chicago, \
    Copenhagen, Denver, Dhaka, Dubai, Dublin, Helsinki, Hong Kong, Istanbul, Jakarta, Jerusalem, Johannesburg, Karachi, \
    Kolkata, Kuala Lumpur, Kyiv, Lagos, Lima, Lisbon, London, Los Angeles, Madrid, Manila, Melbourne, Mexico City, \
    Moscow, Nairobi, New York, Oslo, Paris, Perth, Phoenix, Prague, Riyadh, Rome, Santiago, Sao Paulo, Seoul, Shanghai, \
    Singapore, Sofia, Stockholm, Sydney, Taipei, Tallinn, Tehran, Tokyo, Toronto, Vancouver, Vienna, Vilnius, Warsaw, \
    Zurich, Boston, NYC, NY, San Francisco, Seattle, Munich, Frankfurt, Delhi, Mumbai, Osaka, Beijing";
/// Names of times that other things are called by as well, and how the zone is written.
const PLACE_NAMES: [(&str, &str); 12] = [
    ("US Eastern", "ET"),
    ("US-Eastern", "ET"),
    ("US Central", "CT"),
    ("US-Central", "CT"),
    ("US Mountain", "MT"),
    ("US-Mountain", "MT"),
    ("US Pacific", "PT"),
    ("US-Pacific", "PT"),
    ("East Coast", "ET"),
    ("West Coast", "PT"),
    ("US time", "ET"),
    ("Gulf time", "+04:00"),
];
/// What other languages put before the place whose time it is.
const FOREIGN_TIMES: [&str; 8] = [
    "heure de ",
    "heure d'",
    "hora de ",
    "hora del ",
    "ora di ",
    "horário de ",
    "hora local de ",
    "Ortszeit ",
];
/// The most words of a city before `time`.
const MAX_CITY_WORDS: usize = 3;

/// Parses a name of [`TIMES`], or `PST8PDT`, which begins at byte `start` with the word before `cursor`; not an
/// abbreviation that the incident's own zone has.
pub(super) fn parse_full_name<'t>(
    cursor: &mut Cursor<'t>,
    start: usize,
    context: &TimeContext<'_>,
) -> Option<ParsedZone<'t>> {
    let text = &cursor.text[start..];
    if !text.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let is_name = |(name, ..): &&(&str, i32, &str)| {
        let head = text.get(..name.len()).unwrap_or_default();
        // `CET/CEST` is one of two.
        let rest = || text[name.len()..].strip_prefix('/').unwrap_or_default();
        head.eq_ignore_ascii_case(name)
            && ends_word(&text[name.len()..])
            && !rest().starts_with(char::is_alphabetic)
    };
    if let Some(&(name, minutes, place)) = TIMES.iter().find(is_name) {
        if context.has_abbreviation(name) {
            return None;
        }
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

/// Parses a city with `time` behind it, such as `New York time`, or as other languages say it (`heure de Paris`, `Berliner
/// Zeit`), which begins at byte `start`.
pub(super) fn parse_city_time<'t>(cursor: &mut Cursor<'_>, start: usize) -> Option<ParsedZone<'t>> {
    let text = &cursor.text[start..];
    let (city, length) = city_before_time(text).or_else(|| foreign_city(text))?;
    let zone = zone_of_place(city)?;
    cursor.position = start + length;
    Some(ParsedZone::Zone(zone))
}

/// The zone of a city, or of another of [`PLACES`].
fn zone_of_place(name: &str) -> Option<Zone> {
    let is_listed = |(_, names): &&(&str, &str)| names.split(", ").any(|known| known == name);
    let city = PLACES.iter().find(is_listed);
    Zone::of_city(city.map_or(name, |(city, _)| *city))
}

/// Returns the city of the `New York time` that `text` begins with, and where that ends.
fn city_before_time(text: &str) -> Option<(&str, usize)> {
    let mut length = 0;
    for word in text.split_inclusive(' ').take(MAX_CITY_WORDS + 1) {
        let head = word.get(..4).unwrap_or_default();
        if length > 0 && head.eq_ignore_ascii_case("time") && ends_word(&word[4..]) {
            return Some((text[..length].trim_end(), length + head.len()));
        }
        if !word.starts_with(|c: char| c.is_ascii_uppercase()) {
            return None;
        }
        length += word.len();
    }
    None
}

/// Returns the city of the `heure de Paris` or `Berliner Zeit` that `text` begins with, and where that ends.
fn foreign_city(text: &str) -> Option<(&str, usize)> {
    if let Some((adjective, length)) = before_zeit(text) {
        return Some((adjective.strip_suffix("er")?, length));
    }
    let city = FOREIGN_TIMES
        .iter()
        .find_map(|lead| text.strip_prefix(lead))?;
    let length = |count: usize| {
        let words = city.split_inclusive(' ').take(count);
        let length = words.map(str::len).sum::<usize>();
        city[..length]
            .trim_end_matches(|c: char| !c.is_alphanumeric())
            .len()
    };
    let is_name = city.starts_with(|c: char| c.is_uppercase());
    let mut lengths = (1..=MAX_CITY_WORDS).rev().map(length);
    let end = lengths.find(|length| is_name && zone_of_place(&city[..*length]).is_some())?;
    Some((&city[..end], text.len() - city.len() + end))
}

/// Returns the adjective of the `Berliner Zeit` that `text` begins with, and where that ends.
fn before_zeit(text: &str) -> Option<(&str, usize)> {
    let (adjective, rest) = text.split_once(' ')?;
    let is_time = rest.strip_prefix("Zeit").is_some_and(ends_word);
    (is_time && adjective.ends_with("er")).then_some((adjective, adjective.len() + " Zeit".len()))
}

/// Returns what to say of `words` alone in brackets behind a time, if they are a city with another time than the
/// incident's.
pub(super) fn city_doubt(words: &str, context: &TimeContext<'_>) -> Option<String> {
    let is_name = words.starts_with(|c: char| c.is_ascii_uppercase())
        && words.split(' ').count() <= MAX_CITY_WORDS;
    (is_name && has_other_time(words, context)).then(|| {
        format!(
            "`({words})` after the time was not read as a zone and kept as text; the zone is written `{words} time`"
        )
    })
}

/// Returns what to say of a name of [`PLACE_NAMES`] that `text` behind a time begins with, unless it goes on about the place.
pub(super) fn place_doubt(text: &str) -> Option<String> {
    if !text.starts_with(['U', 'E', 'W', 'G']) {
        return None;
    }
    let is_name = |(name, _): &&(&str, &str)| {
        text.strip_prefix(*name)
            .is_some_and(|rest| ends_word(rest) && !is_about_place(rest))
    };
    let (name, zone) = PLACE_NAMES.iter().find(is_name)?;
    Some(format!(
        "`{name}` after the time was kept as text; the zone is written `{zone}`"
    ))
}

/// True if `rest` behind the name of a place is about it: `Tokyo is down`, `Tokyo region`.
fn is_about_place(rest: &str) -> bool {
    const PARTS: [&str; 12] = [
        "region",
        "office",
        "dc",
        "datacenter",
        "edge",
        "site",
        "cluster",
        "team",
        "zone",
        "pop",
        "store",
        "line",
    ];
    let next = rest.split_whitespace().next().unwrap_or_default();
    is_counted("", rest) || PARTS.contains(&next)
}

/// Returns what to say of a city, with another time than the incident's, that `text` behind a time begins with, unless the
/// text goes on about the place: `Tokyo is down`, `Tokyo region`.
pub(super) fn bare_city_doubt(text: &str, context: &TimeContext<'_>) -> Option<String> {
    let place = text.strip_prefix("in ");
    let text = place.unwrap_or(text);
    let city = CITIES
        .split(", ")
        .find(|city| text.strip_prefix(city).is_some_and(ends_word))?;
    let rest = &text[city.len()..];
    // `in Tokyo: web is down`, but not `in Tokyo the web is down`
    let is_label = place.is_none() || rest.starts_with(':');
    (is_label && !is_about_place(rest) && has_other_time(city, context)).then(|| {
        format!("`{city}` after the time was kept as text; the zone is written `{city} time`")
    })
}

/// True if `name` is a city or a place whose time is not that of the incident.
fn has_other_time(name: &str, context: &TimeContext<'_>) -> bool {
    let offset_in = |zone: &Zone| *zone.to_local(context.now).offset();
    zone_of_place(name).is_some_and(|zone| offset_in(&zone) != offset_in(context.zone))
}

/// True if no word goes on in `rest`.
fn ends_word(rest: &str) -> bool {
    !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '\'' | '-' | '_'))
}

/// Returns the name of a time at the beginning of `text` that is in no table: `Amazon Standard Time`, `hora de Bogota`,
/// `deutscher Zeit`.
pub(super) fn unknown_time(text: &str) -> Option<&str> {
    if let Some((_, length)) = before_zeit(text) {
        return Some(&text[..length]);
    }
    if let Some(place) = FOREIGN_TIMES
        .iter()
        .find_map(|lead| text.strip_prefix(lead))
    {
        let end = place.find(|c: char| !c.is_alphanumeric());
        let end = text.len() - place.len() + end.unwrap_or(place.len());
        return place.starts_with(char::is_uppercase).then(|| &text[..end]);
    }
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
