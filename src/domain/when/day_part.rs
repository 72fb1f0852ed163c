//! Parses the words after a time of day that say which half of the day it is of: `in the afternoon`, `tonight`; and
//! the word that some languages put behind the hour: `13:50 Uhr`.

use super::{counted::is_lasting, cursor::Cursor, duration::seconds_of_unit, types::read_doubt};

/// A part of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Morning,
    Afternoon,
    Evening,
    Night,
}

/// Words of other languages, and others, for a half of the day, which are not read.
const OTHER_WORDS: [&str; 32] = [
    "p",
    "abends",
    "soir",
    "noche",
    "nachm",
    "tarde",
    "noite",
    "mittags",
    "nachmittags",
    "nachts",
    "du soir",
    "du matin",
    "de la tarde",
    "de la noche",
    "de la mañana",
    "da tarde",
    "da noite",
    "da manhã",
    "di sera",
    "di notte",
    "del pomeriggio",
    "вечера",
    "дня",
    "ночи",
    "오후",
    "下午",
    "午後",
    "μ.μ",
    "μμ",
    "م",
    "noon",
    "midnight",
];

/// What the words after a time of day say.
#[derive(Debug, Default)]
pub(super) struct DayPart {
    /// The hour from 0 to 23, where they say it.
    pub hour: Option<u32>,
    /// What to say where they may be the text.
    pub doubt: Option<String>,
}

/// Skips the `Uhr` of `13:50 Uhr`, and `h`, `hrs`, `horas` and the like. Returns what to say where it may be the unit of
/// a length, as in `1:30 h downtime`.
pub(super) fn skip_hour_word(cursor: &mut Cursor<'_>) -> Option<String> {
    const WORDS: [&str; 10] = [
        "Uhr", "uhr", "h", "hr", "hrs", "Hrs", "hs", "horas", "heures", "uur",
    ];
    let saved = *cursor;
    let word = if cursor.skip_spaces() {
        cursor.take_word()
    } else {
        ""
    };
    if !(WORDS.contains(&word) && at_word_end(cursor)) {
        *cursor = saved;
        return None;
    }
    let is_unit = seconds_of_unit(&word.to_ascii_lowercase()).is_some();
    (is_unit && is_lasting(cursor.rest())).then(|| read_doubt(word, "a part of the time of day"))
}

/// Parses a part of the day behind the time of day that begins at byte `start`, and whose `hour` was typed without am
/// or pm. What may as well be the text, since the hour is the same with and without it, is left to that.
pub(super) fn parse_day_part(cursor: &mut Cursor<'_>, start: usize, hour: u32) -> DayPart {
    let saved = *cursor;
    if !cursor.skip_spaces() {
        // `8:30, evening: web`
        let behind = cursor.rest().strip_prefix(", ").unwrap_or_default();
        return DayPart {
            hour: None,
            doubt: unread_part(behind, hour),
        };
    }
    let words = cursor.position;
    let found = part(cursor).filter(|_| at_word_end(cursor));
    let typed = &cursor.text[words..cursor.position];
    let clock = &cursor.text[start..saved.position];
    let Some((part, is_of_today)) = found else {
        *cursor = saved;
        let behind = cursor.text[words..].trim_start_matches(['(', '[']);
        return DayPart {
            hour: None,
            doubt: unread_part(behind, hour),
        };
    };
    let meant = hour_of(part, hour);
    // `08:30` is of a clock of 24 hours; what is said of tonight is then the text.
    let is_read = match meant {
        Some(meant) if is_of_today => meant != hour && !clock.starts_with('0'),
        Some(_) => true,
        None => false,
    };
    if is_read {
        let may_be_text = is_of_today && part != Part::Afternoon;
        return DayPart {
            hour: meant,
            doubt: may_be_text.then(|| read_doubt(typed, "the half of the day")),
        };
    }
    *cursor = saved;
    DayPart {
        hour: None,
        doubt: (hour <= 12 && meant != Some(hour)).then(|| kept_doubt(typed)),
    }
}

/// What to say of a half of the day with which `text` begins and that is not read: `abends`, or a lone `evening` that is
/// not that of the `hour` as it is typed.
fn unread_part(text: &str, hour: u32) -> Option<String> {
    if hour > 12 {
        return None;
    }
    let lone = || {
        let mut cursor = Cursor::new(text, 0);
        let word = cursor.take_word();
        let part = named_part(&word.to_ascii_lowercase())?;
        (at_word_end(&cursor) && hour_of(part, hour) != Some(hour)).then_some(word)
    };
    other_word(text).or_else(lone).map(kept_doubt)
}

fn kept_doubt(typed: &str) -> String {
    format!(
        "`{typed}` after the time was kept as text; write am or pm behind the time, or hours from 0 to 23"
    )
}

/// Parses `in the afternoon`, `at night`, `this evening`, `tonight`; true for those that say today.
fn part(cursor: &mut Cursor<'_>) -> Option<(Part, bool)> {
    let mut next = || {
        let word = cursor.take_word().to_ascii_lowercase();
        cursor.eat(' ');
        word
    };
    let (part, is_of_today) = match &*next() {
        "tonight" => (Part::Night, true),
        "at" if next() == "night" => (Part::Night, false),
        "in" if next() == "the" => (named_part(&next())?, false),
        "this" => (named_part(&next())?, true),
        _ => return None,
    };
    let end = cursor.text[..cursor.position].trim_end().len();
    cursor.position = end;
    Some((part, is_of_today))
}

fn named_part(word: &str) -> Option<Part> {
    Some(match word {
        "morning" => Part::Morning,
        "afternoon" => Part::Afternoon,
        "evening" => Part::Evening,
        "night" => Part::Night,
        _ => return None,
    })
}

/// The hour from 0 to 23 that `hour`, of a clock of 12 or of 24 hours, is in this part of the day; `None` if it is not
/// in it, or may be of either half.
fn hour_of(part: Part, hour: u32) -> Option<u32> {
    match (part, hour) {
        (Part::Morning | Part::Night, 12) => Some(0),
        (Part::Morning, 0..=11)
        | (Part::Afternoon, 12..=18)
        | (Part::Evening, 16..=23)
        | (Part::Night, 0..=4 | 20..=23) => Some(hour),
        (Part::Afternoon, 1..=7) | (Part::Evening, 4..=11) | (Part::Night, 6..=11) => {
            Some(hour + 12)
        }
        _ => None,
    }
}

/// The word of [`OTHER_WORDS`] with which `rest` begins.
fn other_word(rest: &str) -> Option<&str> {
    let is_word = |word: &&&str| {
        let head = rest.get(..word.len()).unwrap_or_default();
        let is_same = head == **word || head.eq_ignore_ascii_case(word);
        is_same && at_word_end(&Cursor::new(rest, word.len()))
    };
    let word = OTHER_WORDS.iter().find(is_word)?;
    Some(&rest[..word.len()])
}

/// True where a word is over: `tonight's` goes on.
fn at_word_end(cursor: &Cursor<'_>) -> bool {
    cursor
        .peek()
        .is_none_or(|c| !(c.is_alphanumeric() || matches!(c, '\'' | '’' | '-' | '_' | '/')))
}
