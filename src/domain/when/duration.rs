//! A distance from now, and a time box: `-12m`, `2 hours 5 minutes ago`, `1h30m`.

use super::cursor::Cursor;

/// `-12m`, `-1h30m`, `12m ago`, `2 hours 5 minutes ago`: how many seconds.
pub(super) fn parse_ago(scan: &mut Cursor<'_>) -> Option<i64> {
    let back = *scan;
    let minus = scan.eat('-');
    let mut seconds = None;
    if let Some(first) = amount(scan, true, minus) {
        let mut total = first;
        loop {
            let behind = *scan;
            if !minus {
                scan.skip_spaces();
            }
            let Some(more) = amount(scan, !minus, minus) else {
                *scan = behind;
                break;
            };
            total = total.saturating_add(more);
        }
        let behind = *scan;
        let said = scan.skip_spaces() && scan.take_word().eq_ignore_ascii_case("ago");
        if !said {
            *scan = behind;
        }
        let ends = scan.peek().is_none_or(|c| !c.is_alphanumeric());
        seconds = ((minus || said) && ends).then_some(total);
    }
    if seconds.is_none() {
        *scan = back;
    }
    seconds
}

/// `12m`, or `12 minutes` where a space may stand between (with `long`, only before a unit that is
/// more than a letter): how many seconds.
fn amount(scan: &mut Cursor<'_>, spaced: bool, long: bool) -> Option<i64> {
    let back = *scan;
    let digits = scan.take_while(|c| c.is_ascii_digit());
    let apart = spaced && scan.skip_spaces();
    let word = scan.take_word();
    if apart && long && word.len() < 2 {
        *scan = back;
        return None;
    }
    let unit = match word.to_ascii_lowercase().as_str() {
        "s" | "sec" | "secs" | "second" | "seconds" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" => 60,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3600,
        "d" | "day" | "days" => 86_400,
        "w" | "week" | "weeks" => 604_800,
        _ => 0,
    };
    if digits.is_empty() || unit == 0 {
        *scan = back;
        return None;
    }
    // Too many digits are too long ago, which is said later.
    Some(digits.parse().unwrap_or(i64::MAX).saturating_mul(unit))
}

/// A time box such as `5m`, `2h`, `1h30m`, all of `text`: how many seconds.
pub(crate) fn parse_time_box(text: &str) -> Option<i64> {
    let mut scan = Cursor::new(text, 0);
    let mut total: i64 = 0;
    while scan.position < text.len() {
        total = total.saturating_add(amount(&mut scan, false, false)?);
    }
    (total > 0).then_some(total)
}
