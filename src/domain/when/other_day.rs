//! Recognises lines that are days in forms that are not read: `26th`, `25 novembre 2026`, `Thursday evening`, `Day 2`.

use super::{
    date_words::{
        is_date, is_day_of_two_digit_year, is_glued_date, is_number, is_short_date, is_year,
    },
    day::{month, weekday},
};
use chrono::Weekday;

/// Longer lines, in characters, and those of more words are text.
const MAX_LEN: usize = 60;
const MAX_WORDS: usize = 6;

/// The names of months in other languages, as they stand in a date, that are no English ones.
const MONTHS: [&str; 15] = [
    // German, French, Spanish, Italian, Portuguese, Dutch
    "januar jänner februar märz maerz mai juni juli oktober dezember okt dez nov.",
    "janvier février fevrier mars avril juin juillet août aout septembre octobre novembre décembre decembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre",
    "janeiro fevereiro março maio junho julho setembro outubro novembro dezembro",
    "januari februari maart mei augustus",
    // Danish, Swedish, Norwegian, Finnish
    "marts maj augusti desember tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta",
    "elokuuta syyskuuta lokakuuta marraskuuta joulukuuta",
    // Polish, Czech
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "ledna února března dubna května června července srpna září října listopadu prosince",
    // Russian, Ukrainian
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    // Turkish, Hungarian, Greek
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "január február március április május június július augusztus szeptember október",
    "ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου",
];
/// The days of the week in other languages, from Monday on.
const WEEKDAYS: [&str; 7] = [
    "montag lundi lunes lunedì lunedi segunda-feira maandag mandag måndag maanantai poniedziałek pondělí понедельник понеділок pazartesi hétfő 月曜日 月曜 星期一 周一 월요일",
    "dienstag mardi martes martedì martedi terça-feira dinsdag tirsdag tisdag tiistai wtorek úterý вторник вівторок salı kedd 火曜日 火曜 星期二 周二 화요일",
    "mittwoch mercredi miércoles miercoles mercoledì mercoledi quarta-feira woensdag onsdag keskiviikko środa středa среда середа çarşamba szerda 水曜日 水曜 星期三 周三 수요일",
    "donnerstag jeudi jueves giovedì giovedi quinta-feira donderdag torsdag torstai czwartek čtvrtek четверг четвер perşembe csütörtök 木曜日 木曜 星期四 周四 목요일",
    "freitag vendredi viernes venerdì venerdi sexta-feira vrijdag fredag perjantai piątek pátek пятница п’ятниця cuma péntek 金曜日 金曜 星期五 周五 금요일",
    "samstag sonnabend samedi sábado sabado sabato zaterdag lørdag lördag lauantai sobota суббота субота cumartesi szombat 土曜日 土曜 星期六 周六 토요일",
    "sonntag dimanche domingo domenica zondag søndag söndag sunnuntai niedziela neděle воскресенье неділя pazar vasárnap 日曜日 日曜 星期日 周日 일요일",
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
/// Parts of a day that are one word with its name.
const GERMAN_PARTS: [&str; 7] = [
    "abend",
    "nacht",
    "morgen",
    "mittag",
    "nachmittag",
    "vormittag",
    "früh",
];
const LINKS: [&str; 9] = ["the", "of", "on", "and", "to", "de", "del", "le", "den"];
const OTHER_DAYS: [&str; 16] = [
    "am nächsten tag",
    "am nächsten morgen",
    "am tag darauf",
    "vorgestern",
    "avant-hier",
    "le lendemain",
    "al día siguiente",
    "day after",
    "day before",
    "morning after",
    "gestern",
    "hier",
    "last night",
    "that night",
    "that evening",
    "overnight",
];

/// What a word of a day line can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
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

/// Returns the day of the week that `word` names in another language than English.
pub(crate) fn foreign_weekday(word: &str) -> Option<Weekday> {
    let word = word.trim_end_matches('.').to_lowercase();
    let at = WEEKDAYS
        .iter()
        .position(|names| names.split(' ').any(|name| name == word))?;
    Weekday::try_from(u8::try_from(at).ok()?).ok()
}

/// True for a word that goes on behind the name of a day of the week: `dienstagabend`.
pub(super) fn begins_with_weekday(lower: &str) -> bool {
    let mut names = WEEKDAYS.iter().flat_map(|names| names.split(' '));
    names.any(|name| {
        let rest = lower.strip_prefix(name).unwrap_or_default();
        GERMAN_PARTS.iter().any(|part| rest.starts_with(part))
    })
}

/// Returns the day of the week that `word` is short for in German.
pub(super) fn short_weekday(word: &str) -> Option<Weekday> {
    let word = word.trim_end_matches('.');
    let at = SHORT_WEEKDAYS.iter().position(|short| *short == word)?;
    Weekday::try_from(u8::try_from(at).ok()?).ok()
}

pub(super) fn part(word: &str) -> Part {
    let lower = word.to_lowercase();
    let is = |list: &[&str]| list.contains(&&*lower);
    let is_month = || {
        MONTHS
            .iter()
            .any(|names| names.split(' ').any(|name| name == lower))
    };
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
    } else if month(word).is_some() || is_month() {
        Part::Month
    } else if weekday(word).is_some()
        || foreign_weekday(word).is_some()
        || SHORT_WEEKDAYS.contains(&word)
    {
        Part::Weekday
    } else if is(&PARTS) {
        Part::DayWord
    } else if is(&LINKS) {
        Part::Link
    } else {
        Part::Other
    }
}

/// Yields the words of a line, without the signs around them.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_separator = |c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '–' | '—');
    text.split(is_separator)
        .map(|word| word.trim_end_matches(['.', ':', ',']))
        .filter(|word| !matches!(*word, "" | "-"))
}

/// Returns what the words of a short line can be; `None` for a longer one.
fn parts(text: &str) -> Option<Vec<Part>> {
    let parts: Vec<Part> = words(text).map(part).collect();
    (text.chars().count() <= MAX_LEN && parts.len() <= MAX_WORDS).then_some(parts)
}

impl Part {
    fn is_number(self) -> bool {
        matches!(self, Self::Number | Self::Ordinal)
    }
}

/// True if all of `parts` is a date, with its year or the name of its month.
pub(super) fn is_day(parts: &[Part]) -> bool {
    match *parts {
        [Part::Date] => true,
        [one, two] | [one, two, Part::Year] => {
            one.is_number() && two == Part::Month || one == Part::Month && two.is_number()
        }
        _ => false,
    }
}

/// True if `text` is short, has no time of day, and ends with a date of which the year or the name of the month is
/// said, behind other words; or begins with one in another language.
pub(super) fn ends_with_day(text: &str) -> bool {
    if has_clock_time(text) || text.contains("://") {
        return false;
    }
    let Some(parts) = parts(text) else {
        return false;
    };
    let is_end = (1..=3).any(|n| parts.len() > n && is_day(&parts[parts.len() - n..]));
    let is_start = || {
        let is_day_first = |parts: &[Part]| parts[0].is_number() && is_day(parts);
        (2..=3).any(|n| parts.len() > n && is_day_first(&parts[..n]))
    };
    is_end || is_start()
}

/// True if `text`, a line without the marks around it, is a day in a form that is not read.
pub(crate) fn is_other_day(text: &str) -> bool {
    // A day and its time of day.
    if has_clock_time(text) {
        return false;
    }
    let lower = text.to_lowercase();
    let without_article = lower.strip_prefix("the ").unwrap_or(&lower);
    if OTHER_DAYS.contains(&without_article)
        || is_next_part(without_article)
        || is_glued_date(text)
        || is_day_of_two_digit_year(text)
    {
        return true;
    }
    let Some(parts) = parts(text) else {
        return false;
    };
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
        [Part::Number, Part::Number, Part::Year] | [Part::ShortDate, Part::Weekday] => return true,
        [Part::Weekday, rest @ ..] if !rest.is_empty() => return true,
        _ => {}
    }
    let is_date_alone = count(Part::Date) > 0 && !text.contains("://");
    // `25-26 Nov 2026`, `25 novembre`; `26th`, `the 26th`
    has_month && numbers > 0
        || count(Part::Ordinal) > 0 && count(Part::DayWord) == 0
        || is_date_alone
}

/// `next day`, `following morning`, `one day later`
fn is_next_part(text: &str) -> bool {
    let later = [" day later", " days later", " week later", " weeks later"]
        .iter()
        .find_map(|end| text.strip_suffix(end));
    if let Some(count) = later {
        return count.split(' ').count() <= 2 && !count.contains(':');
    }
    let part = ["next ", "following "]
        .iter()
        .find_map(|word| text.strip_prefix(word));
    part.is_some_and(|part| ["day", "morning", "afternoon", "evening", "night"].contains(&part))
}

/// True if `text` has a time such as `10:06`.
#[must_use]
pub fn has_clock_time(text: &str) -> bool {
    let ends_with_digit = |text: &str| text.ends_with(|c: char| c.is_ascii_digit());
    text.match_indices(':').any(|(at, _)| {
        ends_with_digit(&text[..at]) && text[at + 1..].starts_with(|c: char| c.is_ascii_digit())
    })
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
    #[case("24NOV")]
    #[case("24nov2026")]
    #[case("Nov24")]
    #[case("24 11 2026")]
    #[case("24 listopada")]
    #[case("вторник, 24 ноября")]
    #[case("The next morning")]
    #[case("the following evening")]
    fn other_forms_of_days_are_recognized(#[case] line: &str) {
        assert!(is_other_day(line), "{line}");
    }

    #[rstest]
    #[case("Incident in Berlin 2026-11-24")]
    #[case("restored from 24 Nov")]
    #[case("wtorek 24.11.2026")]
    #[case("24 ноября 2026 г.")]
    #[case("tisdag 24 november")]
    fn lines_that_end_with_a_day_are_recognized(#[case] line: &str) {
        assert!(is_other_day(line) || ends_with_day(line), "{line}");
    }

    #[rstest]
    #[case("deploy of 2026-11-20 was bad")]
    #[case("see https://x.example/2026-11-20 2026-11-20")]
    #[case("backup-2026-11-20 is lost")]
    #[case("it fails since 10:06 of 24 Nov")]
    #[case("may 12 servers fail?")]
    #[case("all 12 hosts of rack 24")]
    #[case("we march 4 teams in")]
    #[case("update to Ubuntu 24.04")]
    fn lines_with_a_day_within_are_text(#[case] line: &str) {
        assert!(!is_other_day(line) && !ends_with_day(line), "{line}");
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
