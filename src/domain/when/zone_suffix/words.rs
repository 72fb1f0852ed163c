//! The words that name a zone after a time, and those that may as well be the text.

use super::{names::season_of_name, parts::ParsedZone};
use crate::domain::{
    when::{cursor::Cursor, types::TimeContext},
    zone::Zone,
};
use chrono::FixedOffset;

/// Abbreviations with their meaning in the United States, in hours from UTC, and a zone that has them. Other
/// abbreviations have several meanings (IST is used by three countries) and are rejected.
const US_ABBREVIATIONS: [(&str, i32, &str); 12] = [
    ("EST", -5, "America/New_York"),
    ("EDT", -4, "America/New_York"),
    ("CST", -6, "America/Chicago"),
    ("CDT", -5, "America/Chicago"),
    ("MST", -7, "America/Denver"),
    ("MDT", -6, "America/Denver"),
    ("PST", -8, "America/Los_Angeles"),
    ("PDT", -7, "America/Los_Angeles"),
    ("AKST", -9, "America/Anchorage"),
    ("AKDT", -8, "America/Anchorage"),
    ("HST", -10, "Pacific/Honolulu"),
    ("HDT", -9, "America/Adak"),
];

/// Returns the offset in minutes that `abbreviation` stands for in its part of the year, and a zone that has it.
pub(in crate::domain::when) fn place_of_season(abbreviation: &str) -> Option<(i32, &'static str)> {
    let of_us = zone_of_season(abbreviation)
        .map(|(_, offset, place)| (offset.local_minus_utc() / 60, place));
    of_us.or_else(|| season_of_name(abbreviation))
}

/// Abbreviations that do not distinguish standard time and daylight saving time.
const US_ZONE_ABBREVIATIONS: [(&str, &str); 4] = [
    ("ET", "America/New_York"),
    ("CT", "America/Chicago"),
    ("MT", "America/Denver"),
    ("PT", "America/Los_Angeles"),
];

/// Abbreviations that are rejected with an explanation even in a capture line, where other unknown
/// words are text. Those that are English words (CAT, EAT, WET) are left out.
const AMBIGUOUS_ABBREVIATIONS: [&str; 34] = [
    "ACDT", "ACST", "ADT", "AEDT", "AEST", "AST", "AWST", "BRT", "BST", "CEST", "CET", "EEST",
    "EET", "HKT", "ICT", "IDT", "IST", "JST", "KST", "MESZ", "MEZ", "MSK", "NDT", "NST", "NZDT",
    "NZST", "PHT", "PKT", "SAST", "SGT", "WAT", "WEST", "WIB", "WITA",
];

/// Abbreviations that are a word in lower case: `13:50 west region is down`, `13:50 est revenu`.
const WORDS_IN_LOWER_CASE: [&str; 3] = ["WEST", "WAT", "EST"];

/// Zones by their everyday names in the United States: a zone, and its hours from UTC in standard time.
const US_TIMES: [(&str, &str, i32); 7] = [
    ("EASTERN", "America/New_York", -5),
    ("CENTRAL", "America/Chicago", -6),
    ("MOUNTAIN", "America/Denver", -7),
    ("PACIFIC", "America/Los_Angeles", -8),
    ("ARIZONA", "America/Phoenix", -7),
    ("ALASKA", "America/Anchorage", -9),
    ("HAWAII", "Pacific/Honolulu", -10),
];

/// Abbreviations in upper case that are kept as text, with a note, because they are words or mean other things too.
pub(super) const ABBREVIATIONS_OR_WORDS: [&str; 18] = [
    "ACT", "AMT", "ART", "CAT", "CLT", "COT", "EAT", "GST", "IRST", "MET", "PET", "PYT", "SST",
    "TRT", "UCT", "UYT", "VET", "WET",
];

/// Abbreviations of the time of zones that the database of zones has without one.
const LOCAL_ABBREVIATIONS: [(&str, &str); 12] = [
    ("SGT", "Asia/Singapore"),
    ("MYT", "Asia/Kuala_Lumpur"),
    ("PHT", "Asia/Manila"),
    ("ICT", "Asia/Bangkok"),
    ("GST", "Asia/Dubai"),
    ("BRT", "America/Sao_Paulo"),
    ("ART", "America/Argentina/Buenos_Aires"),
    ("CLT", "America/Santiago"),
    ("COT", "America/Bogota"),
    ("PET", "America/Lima"),
    ("VET", "America/Caracas"),
    ("TRT", "Europe/Istanbul"),
];

/// Returns what to say of `typed`, a time of the United States, where Australia has one that is called so as well:
/// `EST`, `Eastern Time`, `Central Standard Time`.
pub(super) fn australian_doubt(typed: &str, context: &TimeContext<'_>) -> Option<String> {
    if !context.zone.name().starts_with("Australia/") {
        return None;
    }
    let upper = typed.to_ascii_uppercase();
    let own = match &*upper {
        "EST" | "EDT" | "CST" | "CDT" => format!("A{upper}"),
        _ => {
            let (name, rest) = upper.split_once(' ')?;
            let initial = match name {
                "EASTERN" => 'E',
                "CENTRAL" => 'C',
                _ => return None,
            };
            match rest {
                "TIME" => format!("A{initial}ST or A{initial}DT"),
                "STANDARD TIME" => format!("A{initial}ST"),
                "DAYLIGHT TIME" => format!("A{initial}DT"),
                _ => return None,
            }
        }
    };
    Some(format!(
        "`{typed}` was read as that of the United States; the Australian one is written {own}"
    ))
}

/// The name of the zone of `ET` and the like.
fn name_of_us_time(abbreviation: &str) -> Option<&'static str> {
    let mut all = US_ZONE_ABBREVIATIONS.iter();
    all.find(|(known, _)| *known == abbreviation)
        .map(|(_, name)| *name)
}

/// The `ET` of `America/New_York`: what its time is called all year.
pub(in crate::domain::when) fn us_name_of_zone(zone: &str) -> Option<&'static str> {
    let mut all = US_ZONE_ABBREVIATIONS.iter();
    all.find(|(_, name)| *name == zone)
        .map(|(abbreviation, _)| *abbreviation)
}

/// True if the incident's own time is called as one of the United States, such as `EST`.
pub(super) fn is_of_us(context: &TimeContext<'_>) -> bool {
    let own = context.zone.abbreviation(context.now);
    US_ABBREVIATIONS.iter().any(|(name, ..)| *name == own)
}

/// Returns the zone `EST` and the like as it is typed, with its offset and a place that has it.
pub(in crate::domain::when) fn zone_of_season(
    word: &str,
) -> Option<(&str, FixedOffset, &'static str)> {
    let mut all = US_ABBREVIATIONS.iter();
    let (_, hours, place) = all.find(|(name, ..)| *name == word)?;
    Some((word, FixedOffset::east_opt(hours * 3600)?, *place))
}

/// Parses `Pacific Time`, `US Pacific Time`, `Pacific Standard Time`, `Pacific Daylight Time` behind its first `word`.
pub(super) fn parse_us_time<'t>(cursor: &mut Cursor<'t>, word: &str) -> Option<ParsedZone<'t>> {
    let start = *cursor;
    let begin = cursor.position - word.len();
    let word = match word {
        "US" if cursor.skip_spaces() => cursor.take_word(),
        word => word,
    };
    let time = parse_time_of_us(cursor, word, begin);
    if time.is_none() {
        *cursor = start;
    }
    time
}

/// Parses what follows `word` of a name that begins at byte `begin`.
fn parse_time_of_us<'t>(
    cursor: &mut Cursor<'t>,
    word: &str,
    begin: usize,
) -> Option<ParsedZone<'t>> {
    let (_, place, hours) = *US_TIMES
        .iter()
        .find(|(name, ..)| name.eq_ignore_ascii_case(word))?;
    cursor.skip_spaces();
    let mut next = cursor.take_word().to_ascii_lowercase();
    let shift = match next.as_str() {
        "standard" => Some(0),
        "daylight" => Some(1),
        _ => None,
    };
    if shift.is_some() {
        cursor.skip_spaces();
        next = cursor.take_word().to_ascii_lowercase();
    }
    if next != "time" {
        return None;
    }
    match shift {
        Some(shift) => Some(ParsedZone::OfSeason {
            offset: FixedOffset::east_opt((hours + shift) * 3600)?,
            typed: &cursor.text[begin..cursor.position],
            place,
        }),
        None => Zone::find(place).ok().map(ParsedZone::Zone),
    }
}

/// A word after a time, and how it is written.
pub(super) struct Spelling<'t> {
    word: &'t str,
    pub upper: String,
    is_upper: bool,
    is_lower: bool,
}

impl<'t> Spelling<'t> {
    pub fn of(word: &'t str) -> Self {
        let upper = word.to_ascii_uppercase();
        Self {
            word,
            is_upper: word == upper,
            is_lower: word == word.to_ascii_lowercase(),
            upper,
        }
    }

    /// `UTC`, `utc`, `Utc`: these are no other words.
    pub fn is_utc(&self) -> bool {
        matches!(&*self.upper, "UTC" | "GMT")
    }

    /// True for `GMT` where it is the name of the local time in winter; programs write it for UTC.
    pub fn is_of_london(&self, context: &TimeContext<'_>) -> bool {
        self.upper == "GMT" && context.has_abbreviation("GMT")
    }

    /// True for an abbreviation of a zone, in upper case.
    pub fn is_listed(&self) -> bool {
        self.is_upper
            && (self.is_utc()
                || self.is_ambiguous()
                || self.us_time(true).is_some()
                || self.us_zone(true).is_some())
    }

    pub fn is_ambiguous(&self) -> bool {
        AMBIGUOUS_ABBREVIATIONS.contains(&&*self.upper)
    }

    /// True if the word is one of a language as it is written, beside an abbreviation.
    pub fn is_word(&self) -> bool {
        self.is_lower && WORDS_IN_LOWER_CASE.contains(&&*self.upper)
    }

    /// True if the word may be an abbreviation of a zone as it is written.
    pub fn is_abbreviation(&self) -> bool {
        self.is_upper || self.is_lower && self.is_ambiguous() && !self.is_word()
    }

    /// True for the name that the time of the incident's zone has there: `SGT` in Singapore.
    pub fn is_local(&self, context: &TimeContext<'_>) -> bool {
        let own = (self.word, context.zone.name());
        LOCAL_ABBREVIATIONS.contains(&own)
    }

    pub fn us_time(&self, strict: bool) -> Option<ParsedZone<'t>> {
        let (_, hours, place) = *US_ABBREVIATIONS
            .iter()
            .find(|(name, ..)| *name == self.upper)?;
        let offset = FixedOffset::east_opt(hours * 3600)?;
        (strict || self.is_upper || self.is_lower).then_some(ParsedZone::OfSeason {
            offset,
            typed: self.word,
            place,
        })
    }

    pub fn us_zone(&self, strict: bool) -> Option<Zone> {
        (strict || self.is_upper)
            .then(|| Zone::find(name_of_us_time(&self.upper)?).ok())
            .flatten()
    }

    /// What to say about a word that is kept as text and may be meant as a zone: `et`, `WET`, `Pacific`.
    pub fn doubt(&self) -> Option<String> {
        let mut us_names = US_ZONE_ABBREVIATIONS.iter().map(|(name, _)| *name);
        let us_time = US_TIMES.iter().find(|(name, ..)| *name == self.upper);
        let way_out = if let Some(name) = us_time.and_then(|(_, place, _)| us_name_of_zone(place)) {
            format!("the zone is written `{name}`")
        } else if self.is_lower && us_names.any(|name| name == self.upper) {
            format!("the zone is written `{}`", self.upper)
        } else if self.is_upper && ABBREVIATIONS_OR_WORDS.contains(&&*self.upper) {
            "a zone is written as an offset (+02:00) or by its name (Europe/Berlin)".to_owned()
        } else {
            return None;
        };
        Some(format!(
            "`{}` after the time was kept as text; {way_out}",
            self.word
        ))
    }
}
