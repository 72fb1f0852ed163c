//! Recognises times at the start of a text in spellings that are not read: `13h50`, `-1.5h`, `13 h 50`, `5 minutes
//! earlier`, `<b>13:50</b>`.

use super::{day::is_weekday, duration::seconds_of_unit};

/// Words after which `5 minutes back` is of the present.
pub(super) const OF_NOW: [&str; 9] = [
    "than", "to", "in", "on", "online", "up", "at", "and", "from",
];

/// True for a first `word` that is a time in another spelling.
pub(super) fn is_other_time(word: &str) -> bool {
    is_other_clock(word)
        || is_clock_of_odd_form(word)
        || is_other_span(word)
        || is_clock_with_gaps(word)
        || looks_like_other_duration(word)
        || starts_with_whole_clock_time(word)
        || is_date_time_group(word)
        || is_in_markup(word)
        || is_east_asian(word)
        || is_count_from_start(word)
        || is_day_glued_to_clock(word)
        || word.strip_suffix("ish").is_some_and(is_clock_of_digits)
}

/// `1350`, `9`
fn is_clock_of_digits(word: &str) -> bool {
    is_clock_of_four_digits(word) || is_hour(word)
}

/// True for an hour without minutes.
pub(super) fn is_hour(word: &str) -> bool {
    matches!(word.len(), 1 | 2) && is_number(word, word.len(), 24)
}

/// Returns where a time of several words ends with which `head` begins: `13 h 50`, `13: 50`, `vor 5 min`, `5 minutes
/// earlier`, `kl 13.50`.
pub(super) fn other_time_len(head: &str) -> Option<usize> {
    if !head.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let end = |word: &str| word.as_ptr() as usize - head.as_ptr() as usize + word.len();
    let mut words = head.split_whitespace();
    let (first, second, third) = (
        words.next()?,
        words.next()?,
        words.next().unwrap_or_default(),
    );
    let is_unit = |word: &str| {
        let word = word.trim_end_matches(['.', ',']).to_ascii_lowercase();
        seconds_of_unit(&word).is_some() || word.starts_with("minut") || word == "stunden"
    };
    let is_count = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
    let lower = first.trim_end_matches('.').to_ascii_lowercase();
    match &*lower {
        "il" if second == "y" && third == "a" => {
            let behind = (words.next()?, words.next()?);
            return (is_count(behind.0) && is_unit(behind.1)).then(|| end(behind.1));
        }
        "vor" | "hace" if is_count(second) && is_unit(third) => return Some(end(third)),
        "kl" | "klo" if is_other_time(second) || is_hour(second) => return Some(end(second)),
        _ => {}
    }
    // `20 ago`
    if is_count(first) && second.eq_ignore_ascii_case("ago") {
        return Some(end(second));
    }
    // `13 : 50`
    if second == ":" && is_hour(first) && is_number(third, 2, 59) {
        return Some(end(third));
    }
    // `T + 5 min`, `T + 00:05`
    if matches!(first, "T" | "t")
        && matches!(second, "+" | "-")
        && third.starts_with(|c: char| c.is_ascii_digit())
    {
        return Some(end(third));
    }
    // `-12 m`, `+5 min`
    let signed = first.strip_prefix(['-', '+']).unwrap_or_default();
    if is_count(signed) && is_unit(second) {
        return Some(end(second));
    }
    // `1h30 ago`, `1.5h ago`
    if second.eq_ignore_ascii_case("ago")
        && first.starts_with(|c: char| c.is_ascii_digit())
        && looks_like_other_duration(&format!("-{first}"))
    {
        return Some(end(second));
    }
    // `13: 50`
    if let Some(hour) = first.strip_suffix(':')
        && is_hour(hour)
        && is_number(second, 2, 59)
    {
        return Some(end(second));
    }
    let is_hour_and_minute = second == "h" && is_hour(first) && is_number(third, 2, 59);
    if is_hour_and_minute {
        return Some(end(third));
    }
    // `5 minutes earlier`, `5m later`
    let digits = first.bytes().take_while(u8::is_ascii_digit).count();
    let (last, next) = match is_count(first) && is_unit(second) {
        true => (third, words.next()),
        false if digits > 0 && is_unit(&first[digits..]) => (second, Some(third)),
        false => return None,
    };
    let is_earlier = matches!(
        last.trim_end_matches([',', ':']),
        "back" | "earlier" | "before" | "later"
    );
    (is_earlier && !next.is_some_and(|next| OF_NOW.contains(&next))).then(|| end(last))
}

/// `251350Z`: day and time, as in military messages.
fn is_date_time_group(word: &str) -> bool {
    let digits = word.strip_suffix(['Z', 'z']).unwrap_or_default();
    digits.len() == 6
        && digits.is_ascii()
        && is_number(&digits[..2], 2, 31)
        && is_number(&digits[2..4], 2, 23)
        && is_number(&digits[4..], 2, 59)
}

/// `T0`, `T=0`, and `+5`, which counts minutes; `+1` agrees.
fn is_count_from_start(word: &str) -> bool {
    let is_minutes = word.strip_prefix('+').is_some_and(|minutes| {
        (1..=3).contains(&minutes.len()) && is_number(minutes, minutes.len(), 999) && minutes != "1"
    });
    is_minutes || matches!(word, "T0" | "t0" | "T=0" | "t=0" | "T-0")
}

/// `Tue@23:12`, `Tue-23:12`, `Tue/23:12`.
fn is_day_glued_to_clock(word: &str) -> bool {
    word.split_once(['@', '-', '/'])
        .is_some_and(|(day, clock)| is_weekday(day) && starts_with_whole_clock_time(clock))
}

/// `<b>13:50</b>`, `<https://x|13:50>`, `<t:1764078610:t>`.
fn is_in_markup(word: &str) -> bool {
    let Some(inside) = word.strip_prefix('<') else {
        return false;
    };
    let stamp = inside.strip_prefix("t:").unwrap_or_default();
    let is_stamp = stamp.bytes().take_while(u8::is_ascii_digit).count() >= 9;
    let mut text = inside.split_once(['>', '|']).map_or("", |(_, text)| text);
    // `<tr><td>09:12</td>`
    while let Some((_, behind)) = text.split_once('>').filter(|_| text.starts_with('<')) {
        text = behind;
    }
    is_stamp || text.contains(':') && starts_with_whole_clock_time(text)
}

/// `9h30`, `13u50`, `~13.50`, `?13:50`, `ca.13:50`, `9::30`, `09:30:1`, `13_50`, `013:50`, `09:00:00:123`, `1400hZ`, `1400L`, `125010Z`,
/// `251250ZNOV26`, `20261125_135010`, `2026_11_25_09_30`.
fn is_clock_of_odd_form(word: &str) -> bool {
    let about = ["~", "?", "ca.", "c.", "Ca."]
        .iter()
        .find_map(|about| word.strip_prefix(about));
    if let Some(time) = about {
        return is_other_time(time);
    }
    if !word.is_ascii() || !word.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let lengths: Vec<usize> = word
        .split(|c: char| !c.is_ascii_digit())
        .map(str::len)
        .collect();
    let between: String = word.chars().filter(|c| !c.is_ascii_digit()).collect();
    let number = |at: usize, most| {
        let digits = word.split(|c: char| !c.is_ascii_digit()).nth(at);
        digits.is_some_and(|digits| is_number(digits, digits.len(), most))
    };
    let is_clock = || number(0, 23) && number(1, 59);
    match (&*between, lengths.as_slice()) {
        ("h" | "H" | "u", [1 | 2, 2]) => is_clock(),
        ("::", [1 | 2, 0, 2]) => number(0, 23) && number(2, 59),
        ("::", [2, 2, 1]) => is_clock() && number(2, 59),
        (":::", [2, 2, 2, 3]) => is_clock() && number(2, 59),
        // `13_50`, `013:50`
        ("_", [2, 2]) | (":", [3, 2]) => word.starts_with(['0', '1', '2']) && is_clock(),
        ("_", [8, 6]) => word.starts_with("19") || word.starts_with("20"),
        ("____", [4, 2, 2, 2, 2]) => number(1, 12) && number(2, 31) && number(3, 23),
        ("z" | "hZ" | "hz" | "L" | "J", [4, ..]) => is_clock_of_four_digits(&word[..4]),
        ("Z" | "z", [6, 0]) => is_clock_of_four_digits(&word[..4]) && is_number(&word[4..6], 2, 59),
        (letters, [6, .., 2]) if letters.len() == 4 => is_date_time_group(&word[..7]),
        _ => false,
    }
}

/// `13时50分`, `午後11時50分`, `5分前`.
fn is_east_asian(word: &str) -> bool {
    const HALVES: [&str; 8] = [
        "午前", "午後", "上午", "下午", "晚上", "早上", "오전", "오후",
    ];
    let word = HALVES
        .iter()
        .find_map(|half| word.strip_prefix(half))
        .unwrap_or(word);
    let unit = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_clock = unit.starts_with(['时', '時', '点', '點', '시']);
    let is_ago = unit.ends_with(['前', '전']);
    unit.len() < word.len() && (is_clock || is_ago)
}

/// `10.06`, `10h06`, `1006`, `10:6`, `10:06h`.
pub(super) fn is_other_clock(word: &str) -> bool {
    if let Some((hour, minute)) = word.split_once(':') {
        let digits = minute.bytes().take_while(u8::is_ascii_digit).count();
        let unit = minute[digits..].to_ascii_lowercase();
        return is_number(hour, 2, 23)
            && (digits == 1 && unit.is_empty()
                || digits == 2 && matches!(&*unit, "h" | "uhr" | "hrs"));
    }
    let unit = word.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    // `13h50min`, `1350h`
    let word = match word.strip_suffix("min") {
        Some(clock) if clock.contains('h') => clock,
        _ if matches!(unit, "h" | "hrs" | "Uhr") => &word[..word.len() - unit.len()],
        _ => word,
    };
    let (hour, minute) = match word.split_once(['.', ',', ';', 'h', 'H']) {
        Some((hour, minute)) => (hour, minute),
        None => return is_clock_of_four_digits(word),
    };
    is_number(hour, 2, 23) && is_number(minute, 2, 59)
}

/// True for `1350`.
pub(super) fn is_clock_of_four_digits(word: &str) -> bool {
    word.len() == 4 && word.is_ascii() && {
        let (hour, minute) = word.split_at(2);
        word == "2400" || is_number(hour, 2, 23) && is_number(minute, 2, 59)
    }
}

/// `1035-1050`, `1350-1405Z`, `9-10:30`, `13h50-14h05`.
fn is_other_span(word: &str) -> bool {
    let is_end = |text: &str| {
        is_other_clock(text)
            || is_clock_of_odd_form(text)
            || text
                .split_once(':')
                .is_some_and(|(hour, minute)| is_hour(hour) && is_number(minute, 2, 59))
    };
    word.split_once(['-', '–']).is_some_and(|(start, end)| {
        let end = end.strip_suffix(['Z', 'z']).unwrap_or(end);
        (is_hour(start) || is_end(start)) && is_end(end)
    })
}

/// `09:xx`, `09:1x`, `14:??`.
fn is_clock_with_gaps(word: &str) -> bool {
    word.split_once(':').is_some_and(|(hour, minute)| {
        let gap = minute.trim_start_matches(|c: char| c.is_ascii_digit());
        is_hour(hour)
            && minute.len() == 2
            && matches!(gap, "x" | "xx" | "X" | "XX" | "?" | "??" | "__")
    })
}

/// True if `word` is a number of `digits` digits, at most `most`.
pub(super) fn is_number(word: &str, digits: usize, most: u32) -> bool {
    word.len() == digits
        && word.bytes().all(|b| b.is_ascii_digit())
        && word.parse::<u32>().is_ok_and(|n| n <= most)
}

/// `+5m`, `-1.5h`, `-1h30`, `-~10m`.
fn looks_like_other_duration(word: &str) -> bool {
    let Some(length) = word.strip_prefix(['+', '-']) else {
        return false;
    };
    let length = length.strip_prefix('~').unwrap_or(length);
    let is_whole = length.ends_with(['s', 'm', 'h', 'd', 'w']);
    length.starts_with(|c: char| c.is_ascii_digit())
        && (is_whole || length.contains('h'))
        && length
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | 's' | 'm' | 'h' | 'd' | 'w'))
}

/// True for what follows the colon of `13:50:web`, and is no part of a network address.
fn is_text(after: &str) -> bool {
    let rest = after.trim_start_matches(|c: char| c.is_ascii_hexdigit());
    after.starts_with(char::is_alphabetic) && rest.starts_with(char::is_alphabetic)
}

/// True if `word` starts with a time such as `10:06` and is no network address (`10:06:1a:...`).
fn starts_with_whole_clock_time(word: &str) -> bool {
    let clock = word.trim_start_matches(|c: char| !c.is_ascii() || c == 'T' || c == '<');
    let Some((hour, rest)) = clock.split_once(':') else {
        return false;
    };
    let minute = rest.get(..2).unwrap_or_default();
    let is_clock = is_number(hour, hour.len().clamp(1, 2), 23) && is_number(minute, 2, 59);
    is_clock && rest[2..].strip_prefix(':').is_none_or(is_text)
}
