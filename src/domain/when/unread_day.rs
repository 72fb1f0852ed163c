//! Recognises by its shape a short line that is a day in a form that is not read (`24NOV26`, `D-1`, `Second day`), or a title
//! with one (`Timeline (24/11)`, `INC-20120816`).

use super::{
    date_line::{is_heading_link, is_title_word, looks_like_other_date},
    date_words::{is_date, is_day_of_two_digit_year, is_year},
    day::month,
    other_day::{Part, begins_with_weekday, has_clock_time, part},
};

/// Longer lines, in characters, and those of more words are text.
const MAX_LEN: usize = 60;
const MAX_WORDS: usize = 6;
/// What a day is called, and what a word such as `Folgetag` ends with.
const DAY_NAMES: &str = "day tag jour día dia giorno dag dzień päivä gün";
/// Days that are named by their distance from another one.
const RELATIVE_DAYS: &str = "yesterday yday tonight ayer anteayer gestern vorgestern folgetag vortag lendemain veille ieri ontem \
    gisteren eergisteren igår wczoraj včera вчера вчора dün tegnap eilen 昨日 昨夜 昨晩 翌日 翌朝 前日 当日 昨天 前天 어제";
const DAY_PARTS: &str = "morning forenoon afternoon evening night noon midnight";
/// What makes such a day of a part of one: `last night`.
const BEFORE_PARTS: &str = "last previous prev next following that same";
/// So many hours later is another day.
const HOURS_OF_ANOTHER_DAY: u32 = 12;

/// What a word of such a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    /// A date of one word, or the name of a day that depends on another.
    Day,
    /// Another word with a date in it: `outage_2012-08-16.log`.
    NamedDay,
    Ordinal,
    Number,
    Year,
    Month,
    DayName,
    /// A part of a day, behind a word such as `last`.
    Part,
    Before,
    Link,
    /// A word of a title: with a capital letter, or a label.
    Title,
    Other,
}

/// True if `text`, a line without the marks around it, is a day in a form that is not read and nothing else.
pub(super) fn is_day_by_shape(text: &str) -> bool {
    let Some(found) = read_words(text) else {
        return false;
    };
    // `Second day`, `Am Folgetag`
    if found.len() <= 3 && found.last() == Some(&Word::DayName) && found.len() > 1 {
        return true;
    }
    let has_text = found
        .iter()
        .any(|word| matches!(word, Word::Title | Word::Other | Word::NamedDay));
    is_hours_later(text) || is_two_numbers(text) || !has_text && has_day(&found)
}

/// True if `text`, a line without the marks around it, has a day and else only words of a title.
pub(super) fn is_title_with_day(text: &str) -> bool {
    read_words(text).is_some_and(|found| {
        let is_title = |word: &Word| matches!(word, Word::Title | Word::NamedDay);
        found.iter().any(is_title) && !found.contains(&Word::Other) && has_day(&found)
    })
}

fn read_words(text: &str) -> Option<Vec<Word>> {
    if text.chars().count() > MAX_LEN || has_clock_time(text) || text.contains("://") {
        return None;
    }
    let is_between = |c: char| c.is_whitespace() || "|–—".contains(c);
    let is_mark = |c: char| "()[]{}*_`\"'<>!?,;".contains(c);
    let words: Vec<Word> = text
        .split(is_between)
        .map(|word| word.trim_matches(is_mark))
        .filter(|word| word.contains(char::is_alphanumeric))
        .map(read_word)
        .collect();
    (1..=MAX_WORDS).contains(&words.len()).then_some(words)
}

fn has_day(words: &[Word]) -> bool {
    let is_number = |word: Word| matches!(word, Word::Number | Word::Ordinal);
    let are_day = |pair: &[Word]| match *pair {
        [Word::DayName, number] => is_number(number),
        // `November 2012`, `24th of`
        [Word::Month, other] | [other, Word::Month] => is_number(other) || other == Word::Year,
        [Word::Before, Word::Part | Word::DayName] | [Word::Link, Word::Ordinal] => true,
        _ => false,
    };
    let is_of_numbers = |three: &[Word]| {
        let years = three.iter().filter(|word| **word == Word::Year).count();
        let numbers = three.iter().filter(|word| **word == Word::Number).count();
        (years, numbers) == (1, 2)
    };
    words
        .iter()
        .any(|word| matches!(word, Word::Day | Word::NamedDay))
        || words.windows(2).any(are_day)
        || words.windows(3).any(is_of_numbers)
}

fn read_word(typed: &str) -> Word {
    let word = typed.trim_matches(['.', ':']);
    let lower = word.to_lowercase();
    let is_in = |list: &str| list.split_ascii_whitespace().any(|known| known == lower);
    // `24/7` is always, `2/3` a share, `24.04` a version.
    let is_day_and_month = |text: &str| {
        text != "24/7"
            && (text.contains('/') || typed.ends_with('.'))
            && text.split(['/', '.']).any(|number| number.len() == 2)
    };
    let kind = part(word);
    if is_date_by_shape(word)
        || looks_like_other_date(typed.trim_end_matches(':')) && is_day_and_month(word)
        || is_in(RELATIVE_DAYS)
        || begins_with_weekday(&lower)
    {
        return Word::Day;
    }
    match kind {
        Part::Year => Word::Year,
        Part::Month => Word::Month,
        Part::Ordinal => Word::Ordinal,
        Part::Number => Word::Number,
        _ if is_number(word) => Word::Number,
        _ if has_date_inside(word) => Word::NamedDay,
        _ if is_in(DAY_NAMES) || lower.ends_with("tag") => Word::DayName,
        _ if is_in(BEFORE_PARTS) => Word::Before,
        _ if is_in(DAY_PARTS) => Word::Part,
        _ if typed.ends_with(':') || is_title_word(word) => Word::Title,
        Part::Link => Word::Link,
        _ if is_heading_link(&lower) => Word::Link,
        _ if word.starts_with(char::is_uppercase) => Word::Title,
        _ => Word::Other,
    }
}

/// `-1`, `24-25`
fn is_number(word: &str) -> bool {
    let number = |part: &str| part.len() <= 2 && part.parse::<u32>().is_ok();
    let unsigned = word.trim_start_matches(['-', '+']);
    number(unsigned)
        || unsigned
            .split_once('-')
            .is_some_and(|(from, to)| number(from) && number(to))
}

/// True for a date of one word: `20120816`, `24NOV26`, `Nov/24/2012`, `8月24日`, `D-1`.
fn is_date_by_shape(word: &str) -> bool {
    let is_east_asian = || {
        let digits = |end| {
            word.find(end)
                .is_some_and(|at| word[..at].ends_with(char::is_numeric))
        };
        digits('月') && digits('日') || digits('월') && digits('일')
    };
    let is_from_day = || {
        let count = word
            .strip_prefix(['D', 'J'])
            .and_then(|rest| rest.strip_prefix(['-', '+', '−']));
        count.is_some_and(|count| count.len() <= 2 && count.parse::<u32>().is_ok())
    };
    is_compact_date(word)
        || is_date(word)
        || is_day_of_two_digit_year(word)
        || is_date_with_month(word)
        || is_east_asian()
        || is_from_day()
}

/// `20120816`
fn is_compact_date(word: &str) -> bool {
    let at_most = |part: Option<&str>, most: u32| {
        part.and_then(|part| part.parse().ok())
            .is_some_and(|n: u32| (1..=most).contains(&n))
    };
    word.len() == 8
        && word.bytes().all(|b| b.is_ascii_digit())
        && word.get(..4).is_some_and(is_year)
        && at_most(word.get(4..6), 12)
        && at_most(word.get(6..), 31)
}

/// The name of a month with a day before or behind it, and perhaps a year, in one word: `24NOV26`, `24/Nov`, `Nov/24/2012`.
fn is_date_with_month(word: &str) -> bool {
    let is_letter = |c: char| c.is_alphabetic();
    let (Some(start), Some(end)) = (word.find(is_letter), word.rfind(is_letter)) else {
        return false;
    };
    let end = end + word[end..].chars().next().map_or(0, char::len_utf8);
    if month(&word[start..end]).is_none() {
        return false;
    }
    let is_separator = |c: char| "-/._".contains(c);
    let numbers = [&word[..start], &word[end..]];
    let numbers: Vec<&str> = numbers
        .iter()
        .flat_map(|text| text.split(is_separator))
        .filter(|number| !number.is_empty())
        .collect();
    let is_number = |number: &&str| number.bytes().all(|b| b.is_ascii_digit());
    let is_day = |number: &&str| number.parse::<u32>().is_ok_and(|n| (1..=31).contains(&n));
    (1..=2).contains(&numbers.len()) && numbers.iter().all(is_number) && numbers.iter().any(is_day)
}

/// True for a word with a date in it: `INC-20120816`, `outage_2012-08-16.log`.
fn has_date_inside(word: &str) -> bool {
    let is_between = |c: char| !c.is_ascii_digit() && c != '-';
    let parts = word.split(is_between).map(|part| part.trim_matches('-'));
    let mut dates = parts.filter(|part| part.len() >= 8);
    dates.any(|part| is_compact_date(part) || is_date(part))
}

/// `24-11`, `11.24`: alone on a line it is a day, where one of the two can be a month.
fn is_two_numbers(text: &str) -> bool {
    let Some((one, two)) = text.split_once(['-', '.']) else {
        return false;
    };
    let number = |part: &str| part.parse::<u32>().ok().filter(|_| part.len() == 2);
    match (number(one), number(two)) {
        (Some(one), Some(two)) => {
            one.max(two) <= 31 && (1..=12).contains(&one.min(two)) && one.max(two) > 12
        }
        _ => false,
    }
}

/// `24 hours later`
fn is_hours_later(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [
        count,
        "hours" | "hrs" | "h" | "Stunden",
        "later" | "after" | "später",
    ] = *words.as_slice()
    else {
        return false;
    };
    count
        .parse::<u32>()
        .is_ok_and(|count| count >= HOURS_OF_ANOTHER_DAY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("24NOV26")]
    #[case("24/Nov")]
    #[case("Nov/24/2026")]
    #[case("24-11")]
    #[case("11-24")]
    #[case("11.24")]
    #[case("November 2026")]
    #[case("Dienstagabend")]
    #[case("ayer")]
    #[case("昨日")]
    #[case("翌日")]
    #[case("令和8年11月24日")]
    #[case("yday")]
    #[case("Tonight")]
    #[case("Previous day")]
    #[case("Second day")]
    #[case("Nächster Tag")]
    #[case("Am Folgetag")]
    #[case("new day")]
    #[case("D-1")]
    #[case("D+1")]
    #[case("Day -1")]
    #[case("Day +1")]
    #[case("Tag 2")]
    #[case("El 24/11")]
    #[case("vom 24.11.")]
    #[case("Tag: 20.11.")]
    #[case("20261124")]
    #[case("2026 11 24")]
    #[case("24 hours later")]
    fn days_in_other_forms_are_recognized(#[case] line: &str) {
        assert!(is_day_by_shape(line), "{line}");
    }

    #[rstest]
    #[case("Date(s): Nov 24-25")]
    #[case("Timeline (24/11)")]
    #[case("Timeline of the 24th")]
    #[case("Checkout 24.11.26")]
    #[case("Checkout 24NOV")]
    #[case("outage last night")]
    #[case("INC-20261124")]
    #[case("file: 2026-11-24.md")]
    #[case("outage_2026-11-24.log")]
    #[case("When: 20/11")]
    fn titles_with_a_day_are_recognized(#[case] line: &str) {
        assert!(is_title_with_day(line), "{line}");
    }

    #[rstest]
    #[case("Friday deploy is out")]
    #[case("may 12 servers fail?")]
    #[case("10.1.2.3")]
    #[case("1.2.3")]
    #[case("v1.2.3 deployed")]
    #[case("2 of 5 nodes")]
    #[case("db is down")]
    #[case("3 hosts lost")]
    #[case("Day shift takes over")]
    #[case("night shift")]
    #[case("the 5th node is lost")]
    #[case("17-20")]
    #[case("5")]
    #[case("2026")]
    #[case("rollback")]
    #[case("all good again")]
    #[case("update to Ubuntu 24.04")]
    #[case("the backup of 2026-11-24 is lost")]
    #[case("we march 4 teams in")]
    #[case("all 12 hosts of rack 24")]
    #[case("Support 24/7")]
    #[case("Replica 2/3")]
    #[case("2 hours later")]
    #[case("Timeline")]
    #[case("Release 24.11")]
    #[case("Last shift")]
    #[case("Montagegruppe")]
    #[case("Customer impact: 20-25 users")]
    #[case("Node 12 restarted")]
    #[case("deployed 24NOV build")]
    fn texts_are_no_days(#[case] line: &str) {
        assert!(!is_day_by_shape(line) && !is_title_with_day(line), "{line}");
    }
}
