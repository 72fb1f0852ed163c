//! Times, counts, keys and signs in words.

use crate::{
    domain::{
        count::counted,
        time::UtcTime,
        words::{State, Word},
    },
    tui::model::Model,
};
use std::fmt::Display;

/// Returns a duration in words, in its two largest units: `6 minutes`, `1 hour 9 minutes`, `2 days 3 hours`. Less
/// than a minute is in seconds.
#[must_use]
pub fn duration(seconds: i64) -> String {
    let seconds = seconds.saturating_abs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    let parts = match (days, hours) {
        (0, 0) if minutes == 0 => [(seconds, "second"), (0, "")],
        (0, 0) => [(minutes, "minute"), (0, "")],
        (0, _) => [(hours, "hour"), (minutes, "minute")],
        _ => [(days, "day"), (hours, "hour")],
    };
    let words = parts.iter().enumerate();
    let words = words.filter(|(at, (number, _))| *at == 0 || *number > 0);
    let words: Vec<String> = words
        .map(|(_, (number, unit))| count_of(*number, unit))
        .collect();
    words.join(" ")
}

/// Returns when `due` is, from now: `in 13 minutes`, `6 minutes late`. Whole minutes, so that it changes once a
/// minute.
#[must_use]
pub fn until(model: &Model, due: UtcTime) -> String {
    match (due - model.now).num_seconds() {
        left @ 60.. => format!("in {}", duration(left)),
        0..60 => "in less than a minute".to_owned(),
        -60..0 => "less than a minute late".to_owned(),
        late => format!("{} late", duration(late)),
    }
}

/// Returns `1 request`, `2 requests`.
#[must_use]
pub fn count_of(number: impl Display, thing: &str) -> String {
    counted(number, thing, &format!("{thing}s"))
}

#[must_use]
pub fn state(state: &Word<State>) -> String {
    match state {
        Word::Known(State::Unknown) => "unknown".to_owned(),
        given => given.to_string(),
    }
}

/// Returns `text` as a sentence: with a capital, and a period if it ends without a mark.
#[must_use]
pub fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut chars = text.chars();
    let Some(first) = chars.next() else {
        return String::new();
    };
    let mut out: String = first.to_uppercase().chain(chars).collect();
    if !out.ends_with(['.', '?', '!', ':', '…']) {
        out.push('.');
    }
    out
}

/// Returns `text` and a period, unless it ends with a mark. For texts of users, which keep their first letter.
#[must_use]
pub fn ended(text: &str) -> String {
    let text = text.trim();
    let period = if text.trim_end_matches('"').ends_with(['.', '?', '!']) {
        ""
    } else {
        "."
    };
    format!("{text}{period}")
}

/// Returns a text of the app without its signs: what a sign says is in the words beside it.
#[must_use]
pub fn without_signs(text: &str) -> String {
    const SIGNS: &str = "▲△◆◇►≡●○√■¦±▼◄«▁▃▅█";
    const IN_WORDS: [(&str, &str); 11] = [
        (" · ", ", "),
        ("  »", ", customers read it"),
        ("» ", ""),
        ("✉ ", ""),
        ("…", "..."),
        ("↵", "/"),
        ("↑ ↓", "Up and Down"),
        ("← →", "Left and Right"),
        ("→", "to"),
        ("×", "x"),
        ("−", "-"),
    ];
    let mut out = text.to_owned();
    for (sign, words) in IN_WORDS {
        if out.contains(sign) {
            out = out.replace(sign, words);
        }
    }
    // The signs of kinds and states stand before their words.
    for sign in SIGNS.chars() {
        if out.contains(sign) {
            out = out.replace(&format!("{sign} "), "");
        }
    }
    out.trim().to_owned()
}

/// Returns a key in words: `Ctrl-P` is `Control P`, `↑` is `Up`.
#[must_use]
pub fn key(name: &str) -> String {
    const IN_WORDS: [(&str, &str); 9] = [
        ("Ctrl-", "Control "),
        ("Alt-", "Alt "),
        ("Shift-", "Shift "),
        ("Esc", "Escape"),
        ("PgUp", "Page Up"),
        ("PgDn", "Page Down"),
        ("↑", "Up"),
        ("↓", "Down"),
        ("←", "Left"),
    ];
    let mut out = match name {
        "/" => "Slash".to_owned(),
        "?" => "Question mark".to_owned(),
        ":" => "Colon".to_owned(),
        "[" => "Left bracket".to_owned(),
        "]" => "Right bracket".to_owned(),
        letter if letter.len() == 1 => match letter.chars().all(char::is_uppercase) {
            true => format!("Shift {letter}"),
            false => letter.to_owned(),
        },
        _ => name.to_owned(),
    };
    for (short, words) in IN_WORDS {
        out = out.replace(short, words);
    }
    out.replace('→', "Right")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_in_words_of_two_units() {
        for (seconds, expected) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (60, "1 minute"),
            (6 * 60 + 59, "6 minutes"),
            (3600, "1 hour"),
            (4140, "1 hour 9 minutes"),
            (-4140, "1 hour 9 minutes"),
            (86_400 * 2 + 3600 * 3 + 59, "2 days 3 hours"),
        ] {
            assert_eq!(duration(seconds), expected);
        }
    }

    #[test]
    fn signs_go_and_their_words_stay() {
        assert_eq!(
            without_signs("undone: 05:31 decision · r restores"),
            "undone: 05:31 decision, r restores"
        );
        assert_eq!(without_signs("10:31 · ▲ fault"), "10:31, fault");
        assert_eq!(without_signs("▼ 2 new by ann"), "2 new by ann");
    }

    #[test]
    fn keys_are_in_words() {
        for (name, expected) in [
            ("Ctrl-P", "Control P"),
            ("Esc", "Escape"),
            ("Alt-↑", "Alt Up"),
            ("?", "Question mark"),
            ("→", "Right"),
            ("R", "Shift R"),
            ("r", "r"),
        ] {
            assert_eq!(key(name), expected);
        }
    }
}
