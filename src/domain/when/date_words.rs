//! Recognises single words that are a date, or a part of one, by their form.

use super::day::month;

/// True for a number of up to four digits, or one such as `25th`.
pub(super) fn is_number(word: &str) -> bool {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    (1..=4).contains(&digits)
        && matches!(
            &*word[digits..].to_ascii_lowercase(),
            "" | "st" | "nd" | "rd" | "th"
        )
}

/// True for a year of this time, of four digits.
pub(super) fn is_year(word: &str) -> bool {
    word.len() == 4 && word.parse::<u32>().is_ok_and(|n| (1970..2100).contains(&n))
}

/// `25-NOV-26`, `2026-Nov-25`, `2026/11/25`, `25/11/26`, `25.11.2026`, `2026:11:25`, with a `T` and a time or without.
pub(super) fn is_date(word: &str) -> bool {
    let date = word.split_once(['T', '_']).map_or(word, |(date, time)| {
        if time.starts_with(|c: char| c.is_ascii_digit()) {
            date
        } else {
            word
        }
    });
    ['-', '/', '.', ':'].into_iter().any(|separator| {
        let parts: Vec<&str> = date.split(separator).collect();
        let [first, second, third] = parts.as_slice() else {
            return false;
        };
        let is_at_most = |part: &str, most: u32| {
            (1..=2).contains(&part.len())
                && part.parse::<u32>().is_ok_and(|n| (1..=most).contains(&n))
        };
        let is_short_year =
            |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        let is_last_year = is_year(third)
            || matches!(separator, '/' | '-') && first.len() == 2 && is_short_year(third);
        if month(second).is_some() {
            return is_at_most(first, 31) && (is_year(third) || is_short_year(third))
                || is_year(first) && is_at_most(third, 31);
        }
        is_year(first) && is_at_most(second, 12) && is_at_most(third, 31)
            || is_last_year && separator != ':' && is_at_most(first, 31) && is_at_most(second, 31)
    })
}

/// True for a date of one word, also with a year of two digits: `24/11/26`, `24.11.26`.
pub(crate) fn is_date_word(word: &str) -> bool {
    is_date(word) || is_day_of_two_digit_year(word)
}

/// `25.11.26`
pub(super) fn is_day_of_two_digit_year(text: &str) -> bool {
    let parts: Vec<&str> = text.trim_end_matches('.').split('.').collect();
    let number =
        |part: &str, most: u32| part.len() == 2 && part.parse::<u32>().is_ok_and(|n| n <= most);
    matches!(parts.as_slice(), [day, month, year] if number(day, 31) && number(month, 12) && number(year, 99))
}

/// `Nov-25`, `25-Nov`, `25.11.26`, `25.11`, `11/25`: may be something else without a time of day behind it.
pub(super) fn is_short_date(word: &str) -> bool {
    let is_day = |part: &str| {
        (1..=2).contains(&part.len()) && part.parse::<u32>().is_ok_and(|n| (1..=31).contains(&n))
    };
    if let Some((first, second)) = word.split_once('-') {
        return is_day(first) && month(second).is_some()
            || month(first).is_some() && is_day(second)
            || is_day(first) && is_day(second);
    }
    word.contains(['.', '/'])
        && (2..=3).contains(&word.split(['.', '/']).count())
        && word.split(['.', '/']).all(is_day)
}

/// `24NOV`, `24nov2026`, `Nov24`
pub(super) fn is_glued_date(word: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphabetic();
    let (Some(start), Some(end)) = (word.find(is_letter), word.rfind(is_letter)) else {
        return false;
    };
    let (before, after) = (&word[..start], &word[end + 1..]);
    let is_day = |part: &str| {
        (1..=2).contains(&part.len()) && part.parse::<u32>().is_ok_and(|n| (1..=31).contains(&n))
    };
    month(&word[start..=end]).is_some()
        && (is_day(before) && (after.is_empty() || is_year(after))
            || before.is_empty() && is_day(after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("25-NOV-26", true)]
    #[case("2026-Nov-25", true)]
    #[case("25/Nov/2026", true)]
    #[case("2026/11/25", true)]
    #[case("25/11/26", true)]
    #[case("2026:11:25", true)]
    #[case("25.11.2026", true)]
    #[case("2026-11-25T10:06:30Z", true)]
    #[case("1.2.3", false)]
    #[case("10.1.22", false)]
    #[case("10.1.2.3", false)]
    #[case("10:06:30", false)]
    #[case("2026-13-25", false)]
    #[case("a-b-c", false)]
    #[case("T_T", false)]
    fn dates_of_one_word_are_recognized(#[case] word: &str, #[case] expected: bool) {
        assert_eq!(is_date(word), expected, "{word}");
    }

    #[rstest]
    #[case("25", true)]
    #[case("25th", true)]
    #[case("2026", true)]
    #[case("12345", false)]
    #[case("5xx", false)]
    #[case("th", false)]
    fn numbers_are_recognized(#[case] word: &str, #[case] expected: bool) {
        assert_eq!(is_number(word), expected, "{word}");
    }
}
