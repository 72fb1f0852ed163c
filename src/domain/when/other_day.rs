//! Recognises lines that are days in forms that are not read: `26th`, `25 novembre 2026`, `Thursday evening`, `Day 2`.

use super::{
    date_words::{is_date, is_day_of_two_digit_year, is_number, is_short_date, is_year},
    day::{month, weekday},
};

/// Longer lines, in bytes, and those of more words are text.
const MAX_LEN: usize = 60;
const MAX_WORDS: usize = 6;

/// The names of months in German, French, Spanish, Italian, Portuguese and Dutch that are no English ones.
const MONTHS: [&str; 63] = [
    "januar",
    "jänner",
    "februar",
    "märz",
    "maerz",
    "mai",
    "juni",
    "juli",
    "oktober",
    "dezember",
    "janvier",
    "février",
    "fevrier",
    "mars",
    "avril",
    "juin",
    "juillet",
    "août",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
    "decembre",
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
    "gennaio",
    "febbraio",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "settembre",
    "ottobre",
    "dicembre",
    "janeiro",
    "fevereiro",
    "março",
    "maio",
    "junho",
    "julho",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
    "januari",
    "februari",
    "maart",
    "mei",
    "augustus",
    "okt",
    "dez",
    "nov.",
];
const WEEKDAYS: [&str; 41] = [
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonnabend",
    "sonntag",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "lunes",
    "martes",
    "miércoles",
    "miercoles",
    "jueves",
    "viernes",
    "sábado",
    "sabado",
    "domingo",
    "lunedì",
    "martedì",
    "mercoledì",
    "giovedì",
    "venerdì",
    "sabato",
    "domenica",
    "segunda-feira",
    "terça-feira",
    "quarta-feira",
    "quinta-feira",
    "sexta-feira",
    "maandag",
    "dinsdag",
    "woensdag",
    "donderdag",
    "vrijdag",
];
/// In German, where they have a capital letter.
const SHORT_WEEKDAYS: [&str; 7] = ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"];
/// Parts of a day, and what counts days.
const PARTS: [&str; 26] = [
    "morning",
    "forenoon",
    "afternoon",
    "evening",
    "night",
    "noon",
    "midnight",
    "shift",
    "early",
    "late",
    "day",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "continued",
    "cont",
    "cont'd",
    "again",
    "part",
];
const LINKS: [&str; 9] = ["the", "of", "on", "and", "to", "de", "del", "le", "den"];
const OTHER_DAYS: [&str; 13] = [
    "next day",
    "the next day",
    "following day",
    "the following day",
    "the day after",
    "day after",
    "the day before",
    "gestern",
    "hier",
    "last night",
    "that night",
    "that evening",
    "overnight",
];

/// What a word of a day line can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Number,
    Ordinal,
    Year,
    Month,
    /// `25.11`, `11/25`: a number, unless other words say that it is a day.
    ShortDate,
    Weekday,
    DayWord,
    Link,
    Date,
    Other,
}

fn part(word: &str) -> Part {
    let lower = word.to_lowercase();
    let is = |list: &[&str]| list.contains(&&*lower);
    if is_year(word) {
        Part::Year
    } else if is_number(word) && word.len() <= 2 {
        Part::Number
    } else if is_number(word) && word.ends_with(char::is_alphabetic) {
        Part::Ordinal
    } else if is_date(word) {
        Part::Date
    } else if is_short_date(word) {
        match word.contains(char::is_alphabetic) {
            true => Part::Date,
            false => Part::ShortDate,
        }
    } else if month(word).is_some() || is(&MONTHS) {
        Part::Month
    } else if weekday(word).is_some() || is(&WEEKDAYS) || SHORT_WEEKDAYS.contains(&word) {
        Part::Weekday
    } else if is(&PARTS) {
        Part::DayWord
    } else if is(&LINKS) {
        Part::Link
    } else {
        Part::Other
    }
}

/// True if `text`, a line without the marks around it, is a day in a form that is not read.
pub(crate) fn is_other_day(text: &str) -> bool {
    let ends_with_digit = |text: &str| text.ends_with(|c: char| c.is_ascii_digit());
    // A day and its time of day.
    if text.match_indices(':').any(|(at, _)| {
        ends_with_digit(&text[..at]) && text[at + 1..].starts_with(|c: char| c.is_ascii_digit())
    }) {
        return false;
    }
    let lower = text.to_lowercase();
    if OTHER_DAYS.contains(&&*lower) || is_day_of_two_digit_year(text) {
        return true;
    }
    let is_separator = |c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '–' | '—');
    let parts: Vec<Part> = text
        .split(is_separator)
        .map(|word| word.trim_end_matches(['.', ':', ',']))
        .filter(|word| !matches!(*word, "" | "-"))
        .map(part)
        .collect();
    if text.len() > MAX_LEN || parts.len() > MAX_WORDS {
        return false;
    }
    let count = |wanted: Part| parts.iter().filter(|part| **part == wanted).count();
    let numbers = count(Part::Number) + count(Part::Ordinal) + count(Part::ShortDate);
    let others = count(Part::Other);
    let has_month = count(Part::Month) == 1;
    match parts.as_slice() {
        // `25 listopada 2026`, `środa, 25 listopada 2026`
        [Part::Number, Part::Other, Part::Year]
        | [
            Part::Other,
            Part::Number,
            Part::Other | Part::Month,
            Part::Year,
        ] => return true,
        _ if others > 0 => return false,
        // `Day 2`, `Day two`
        [Part::DayWord, Part::Number | Part::DayWord] if lower.starts_with("day") => {
            return true;
        }
        [Part::ShortDate, Part::Weekday] => return true,
        [Part::Weekday, rest @ ..] if !rest.is_empty() => return true,
        _ => {}
    }
    let is_date_alone = count(Part::Date) > 0 && !text.contains("://");
    // `25-26 Nov 2026`, `25 novembre`; `26th`, `the 26th`
    has_month && numbers > 0
        || count(Part::Ordinal) > 0 && count(Part::DayWord) == 0
        || is_date_alone
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("25.11.26")]
    #[case("26th")]
    #[case("the 26th")]
    #[case("The 26th")]
    #[case("Wed the 25th")]
    #[case("25-Nov-26")]
    #[case("Mittwoch, 25. November 2026")]
    #[case("Donnerstag, 26. November")]
    #[case("25 novembre 2026")]
    #[case("mercredi 25 novembre")]
    #[case("25 de noviembre")]
    #[case("25 listopada 2026")]
    #[case("Thursday evening")]
    #[case("Thursday, early morning")]
    #[case("Thursday - day two")]
    #[case("Thursday (continued)")]
    #[case("Donnerstag den 26.11.")]
    #[case("Day 2")]
    #[case("Day two")]
    #[case("25.11. (Mi)")]
    #[case("Mi 25.11.")]
    #[case("Nov-25")]
    #[case("Last night")]
    #[case("25-26 Nov 2026")]
    #[case("25 and 26 Nov")]
    #[case("the next day")]
    #[case("25/11/26")]
    fn other_forms_of_days_are_recognized(#[case] line: &str) {
        assert!(is_other_day(line), "{line}");
    }

    #[rstest]
    #[case("Sun is down")]
    #[case("2012-08-20T08:00:00-04:00")]
    #[case("Thu 10:06")]
    #[case("Friday deploy is out")]
    #[case("may 12 servers fail?")]
    #[case("10.1.2.3")]
    #[case("v1.2.3 deployed")]
    #[case("1.2.3")]
    #[case("2 of 5 nodes")]
    #[case("db is down")]
    #[case("3 hosts lost")]
    #[case("2 hosts lost 2026")]
    #[case("Day shift takes over")]
    #[case("night shift")]
    #[case("the 5th node is lost")]
    #[case("17-20")]
    #[case("5")]
    #[case("2026")]
    #[case("rollback")]
    #[case("all good again")]
    fn texts_are_no_days(#[case] line: &str) {
        assert!(!is_other_day(line), "{line}");
    }
}
