//! Says why a text that people write for a time is not one, and what to write instead.

/// Returns the message, without the text itself, and the hint, for a whole text whose form is known.
pub(super) fn explain(text: &str) -> Option<(&'static str, String)> {
    const AHEAD: [&str; 6] = ["tomorrow", "tonight", "later", "soon", "next", "in"];
    let text = text.trim().to_ascii_lowercase();
    let mut words = text.split([' ', ',']).filter(|word| !word.is_empty());
    let first = words.next()?;
    if AHEAD.contains(&first) {
        let hint = "write when it happened, such as 10:06 or -12m; `task add --due` and `set next-update` take a time ahead";
        return Some(("is not a time that has come", hint.to_owned()));
    }
    match text.as_str() {
        "now" | "right now" | "just now" => {
            let hint = "leave the time out, and it is now; or write a time such as 10:06 or -12m";
            return Some(("is not written as a time", hint.to_owned()));
        }
        _ => {}
    }
    let last = words.next_back().unwrap_or(first);
    match (first, last) {
        ("noon" | "midday", _) | (_, "noon" | "midday") => {
            let hint = "write `12:00`, or with its day `yesterday 12:00`";
            Some(("has no numbers", hint.to_owned()))
        }
        ("midnight", _) | (_, "midnight") => {
            let hint = "write `00:00` with the day that begins then, such as `today 00:00`";
            Some(("may be of two days", hint.to_owned()))
        }
        _ => explain_number(&text),
    }
}

/// Explains `1764114610`, `13.50`, `13h50`, `1350` and `13`.
fn explain_number(text: &str) -> Option<(&'static str, String)> {
    if let Some(at) = since_1970(text) {
        let hint = format!("as a time it is `{at}`");
        return Some(("is a count since 1970", hint));
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let others = text.chars().filter(|c| !c.is_ascii_digit());
    let others: String = others.collect();
    if !matches!(&*others, "" | "." | "h" | ":h") {
        return None;
    }
    let (hour, minute) = match digits.len() {
        1 | 2 if others != "." => (digits.as_str(), "00"),
        4 => digits.split_at(2),
        _ => return None,
    };
    let is_clock =
        hour.parse::<u32>().is_ok_and(|h| h < 24) && minute.parse::<u32>().is_ok_and(|m| m < 60);
    is_clock.then(|| ("is not a time", format!("write `{hour}:{minute}`")))
}

/// Returns a count of seconds, or of a fraction of seconds, since 1970 as a time.
fn since_1970(text: &str) -> Option<String> {
    let integer = text.split('.').next()?;
    let per_second = match integer.len() {
        10 => 1,
        13 => 1000,
        16 => 1_000_000,
        19 => 1_000_000_000,
        _ => return None,
    };
    let count: i64 = integer.parse().ok()?;
    let at = chrono::DateTime::from_timestamp(count / per_second, 0)?;
    Some(at.format("%Y-%m-%dT%H:%M:%SZ").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("tomorrow 09:00", "has come", "--due")]
    #[case("in 30 min", "has come", "--due")]
    #[case("soon", "has come", "--due")]
    #[case("next Mon 09:00", "has come", "--due")]
    #[case("now", "is not written as a time", "leave the time out")]
    #[case("just now", "is not written as a time", "leave the time out")]
    #[case("noon", "no numbers", "`12:00`")]
    #[case("yesterday noon", "no numbers", "`yesterday 12:00`")]
    #[case("Midnight", "two days", "`today 00:00`")]
    #[case("midnight, Thu", "two days", "`today 00:00`")]
    #[case("1764114610", "count since 1970", "`2025-11-25T23:50:10Z`")]
    #[case("1764114610123", "count since 1970", "`2025-11-25T23:50:10Z`")]
    #[case("13.50", "is not a time", "`13:50`")]
    #[case("13h50", "is not a time", "`13:50`")]
    #[case("2350", "is not a time", "`23:50`")]
    #[case("13:50h", "is not a time", "`13:50`")]
    #[case("13h", "is not a time", "`13:00`")]
    #[case("9", "is not a time", "`9:00`")]
    fn known_forms_are_explained(#[case] text: &str, #[case] message: &str, #[case] hint: &str) {
        let (said, way_out) = explain(text).expect(text);
        assert!(said.contains(message), "{said}");
        assert!(way_out.contains(hint), "{way_out}");
    }

    #[rstest]
    #[case("garbage")]
    #[case("99.99")]
    #[case("25")]
    #[case("half past ten")]
    #[case("")]
    fn other_texts_are_not_explained(#[case] text: &str) {
        assert_eq!(explain(text), None);
    }
}
