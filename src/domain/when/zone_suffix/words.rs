//! The words that name a zone after a time, and those that may as well be the text.

use super::parts::ParsedZone;
use crate::domain::{when::cursor::Cursor, zone::Zone};
use chrono::FixedOffset;

/// Abbreviations with their meaning in the United States, in hours from UTC. Other abbreviations
/// have several meanings (IST is used by three countries) and are rejected.
const US_ABBREVIATIONS: [(&str, i32); 12] = [
    ("EST", -5),
    ("EDT", -4),
    ("CST", -6),
    ("CDT", -5),
    ("MST", -7),
    ("MDT", -6),
    ("PST", -8),
    ("PDT", -7),
    ("AKST", -9),
    ("AKDT", -8),
    ("HST", -10),
    ("HDT", -9),
];

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

/// Abbreviations that are a word in lower case: `13:50 west region is down`.
const WORDS_IN_LOWER_CASE: [&str; 2] = ["WEST", "WAT"];

/// Zones by their everyday names in the United States: the hours from UTC of standard time.
const US_TIMES: [(&str, &str, i32); 4] = [
    ("EASTERN", "ET", -5),
    ("CENTRAL", "CT", -6),
    ("MOUNTAIN", "MT", -7),
    ("PACIFIC", "PT", -8),
];

/// Abbreviations in upper case that are kept as text, with a note, because they are words.
const ABBREVIATIONS_OR_WORDS: [&str; 3] = ["CAT", "EAT", "WET"];

fn zone_of_us_time(abbreviation: &str) -> Option<Zone> {
    let (_, name) = US_ZONE_ABBREVIATIONS
        .iter()
        .find(|(known, _)| *known == abbreviation)?;
    Zone::find(name).ok()
}

/// Parses `Pacific Time`, `US Pacific Time`, `Pacific Standard Time`, `Pacific Daylight Time` behind its first `word`.
pub(super) fn parse_us_time<'t>(cursor: &mut Cursor<'_>, word: &str) -> Option<ParsedZone<'t>> {
    let start = *cursor;
    let word = match word {
        "US" if cursor.skip_spaces() => cursor.take_word(),
        word => word,
    };
    let time = parse_time_of_us(cursor, word);
    if time.is_none() {
        *cursor = start;
    }
    time
}

fn parse_time_of_us<'t>(cursor: &mut Cursor<'_>, word: &str) -> Option<ParsedZone<'t>> {
    let (_, abbreviation, hours) = *US_TIMES
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
    match shift {
        _ if next != "time" => None,
        Some(shift) => FixedOffset::east_opt((hours + shift) * 3600).map(ParsedZone::Offset),
        None => zone_of_us_time(abbreviation).map(ParsedZone::Zone),
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

    /// True for an abbreviation of a zone, in upper case.
    pub fn is_listed(&self) -> bool {
        self.is_upper
            && (self.is_utc()
                || self.is_ambiguous()
                || self.us_offset(true).is_some()
                || self.us_zone(true).is_some())
    }

    pub fn is_ambiguous(&self) -> bool {
        AMBIGUOUS_ABBREVIATIONS.contains(&&*self.upper)
    }

    /// True if the word may be an abbreviation of a zone as it is written.
    pub fn is_abbreviation(&self) -> bool {
        self.is_upper
            || self.is_lower && self.is_ambiguous() && !WORDS_IN_LOWER_CASE.contains(&&*self.upper)
    }

    pub fn us_offset(&self, strict: bool) -> Option<FixedOffset> {
        let (_, hours) = US_ABBREVIATIONS
            .iter()
            .find(|(name, _)| *name == self.upper)?;
        (strict || self.is_upper || self.is_lower)
            .then(|| FixedOffset::east_opt(hours * 3600))
            .flatten()
    }

    pub fn us_zone(&self, strict: bool) -> Option<Zone> {
        (strict || self.is_upper)
            .then(|| zone_of_us_time(&self.upper))
            .flatten()
    }

    /// What to say about a word that is kept as text and may be meant as a zone: `et`, `WET`, `Pacific`.
    pub fn doubt(&self) -> Option<String> {
        let mut us_names = US_ZONE_ABBREVIATIONS.iter().map(|(name, _)| *name);
        let us_time = US_TIMES.iter().find(|(name, ..)| *name == self.upper);
        let way_out = if let Some((_, name, _)) = us_time {
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
