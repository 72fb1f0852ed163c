//! Offsets from UTC that are written as the name of a zone: `GMT-3`, `+02:00`, `Etc/GMT-2`.

/// The sign and the digits of `GMT-3`, `UTC+02:00`, `+02:00` and the like.
pub(super) fn offset_of(name: &str) -> Option<(i32, &str)> {
    let is_prefix =
        |prefix: &&str| prefix.eq_ignore_ascii_case("GMT") || prefix.eq_ignore_ascii_case("UTC");
    let offset = match name.get(..3).filter(is_prefix) {
        Some(prefix) => &name[prefix.len()..],
        None => name,
    };
    let sign = if offset.trim_start().starts_with('+') {
        1
    } else {
        -1
    };
    let digits = offset
        .trim_start()
        .strip_prefix(['+', '-', '−'])?
        .trim_start();
    let is_offset = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == ':');
    is_offset.then_some((sign, digits))
}

/// Reads `GMT-3` or `+02:00` as whole hours from UTC; returns them with the name of the zone that is at
/// that offset. Source: the `etcetera` file of the time zone database, in which signs are reversed.
pub(super) fn signed_hours(name: &str) -> Option<(i32, String)> {
    let (sign, digits) = offset_of(name)?;
    let digits = match digits.strip_suffix("00") {
        Some(hours) if digits.len() > 3 => hours.trim_end_matches(':'),
        _ => digits,
    };
    let most = if sign > 0 { 14 } else { 12 };
    let hours: i32 = digits.parse().ok().filter(|h| (1..=most).contains(h))?;
    let reversed = if sign > 0 { '-' } else { '+' };
    Some((sign * hours, format!("Etc/GMT{reversed}{hours}")))
}

/// Says which offset a zone such as `Etc/GMT-3` has, since its name reads as the opposite; `None` for
/// other zones.
#[must_use]
pub fn reversed_sign_notice(name: &str) -> Option<String> {
    let offset = name.strip_prefix("Etc/GMT")?;
    let hours = offset.get(1..)?.parse::<u8>().ok().filter(|h| *h > 0)?;
    let direction = match offset.get(..1)? {
        "-" => "ahead of",
        "+" => "behind",
        _ => return None,
    };
    Some(format!(
        "{name} is {hours} h {direction} UTC: the sign in such names is reversed"
    ))
}
