//! Recognises the time of a line that a program wrote: a count since 1970, the times of klog and of web servers.

use super::other_time::is_number;

/// The time of a line that a program wrote: seconds or milliseconds since 1970, `I1125
/// 23:50:10.123` (klog), `[25/Nov/2026:23:50:10 +0100]` (web servers, perhaps after the address of
/// the client), `2026-W48-3`.
pub(super) fn log_line_time_len(text: &str) -> Option<usize> {
    let first = text.split_whitespace().next()?;
    let integer = first.split('.').next().unwrap_or_default();
    let is_digits = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
    let is_plausible_year = first.starts_with("19") || first.starts_with("20");
    let is_basic_date = matches!(first.len(), 8 | 12 | 14)
        && is_digits(first)
        && is_number(&first[4..6], 2, 12)
        && is_number(&first[6..8], 2, 31);
    // `20261125-2350`, `20261125-23:50:10.123`
    let is_basic_pair = first.split_once('-').is_some_and(|(date, time)| {
        let is_clock = time.get(..2).is_some_and(is_digits) && time[2..].starts_with(':');
        let is_time = matches!(time.len(), 4 | 6) && is_digits(time) || is_clock;
        date.len() == 8 && is_digits(date) && is_time
    });
    // `2026-11-25-23:50`, `2026-330`, `2026-11`
    let is_joined_date = first.len() >= 7
        && first.get(..4).is_some_and(is_digits)
        && first[4..].starts_with('-')
        && first[5..].starts_with(|c: char| c.is_ascii_digit());
    if is_plausible_year && (is_basic_date || is_basic_pair || is_joined_date) {
        return Some(first.len());
    }
    let is_epoch = is_digits(integer)
        && matches!(integer.len(), 10 | 13 | 16 | 19)
        && integer.starts_with('1')
        && first.split('.').all(is_digits);
    let is_klog = first.len() == 5
        && first.starts_with(['I', 'W', 'E', 'F'])
        && is_digits(&first[1..])
        && text[first.len()..]
            .trim_start()
            .split(':')
            .take(2)
            .all(|n| n.len() == 2 && is_digits(n));
    let is_iso_week =
        first.len() >= 8 && first.get(..4).is_some_and(is_digits) && first.get(4..6) == Some("-W");
    // `25NOV2026:23:50:10`
    let is_glued_month = first.is_ascii()
        && first.len() >= 12
        && first.as_bytes()[9] == b':'
        && is_digits(&first[..2])
        && first[2..5].bytes().all(|b| b.is_ascii_alphabetic())
        && is_digits(&first[5..9]);
    if is_epoch || is_klog || is_iso_week || is_glued_month {
        return Some(first.len());
    }
    // `25/Nov/2026:23:50:10`, within the first words.
    let is_web_server_time = |word: &str| {
        let mut parts = word.trim_start_matches('[').splitn(3, '/');
        let (day, month, rest) = (parts.next(), parts.next(), parts.next());
        day.is_some_and(|d| matches!(d.len(), 1 | 2) && is_digits(d))
            && month.is_some_and(|m| m.len() == 3 && m.bytes().all(|b| b.is_ascii_alphabetic()))
            && rest.is_some_and(|r| r.get(..4).is_some_and(is_digits))
    };
    let mut end = 0;
    text.split_inclusive(char::is_whitespace)
        .take(6)
        .find_map(|word| {
            end += word.len();
            is_web_server_time(word).then_some(end)
        })
}
