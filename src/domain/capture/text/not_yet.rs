//! Lines that set a state which their words only expect or ask for: `restore: waiting for @web`, `is @web !down?`.

use crate::domain::{
    capture::{mentions::eq_ignore_case, parsed_line::ParsedLine},
    words::{Kind, State},
};

/// What a service is when it works again.
const WELL: [&str; 14] = [
    "back",
    "up",
    "ok",
    "fine",
    "available",
    "online",
    "working",
    "restored",
    "recovered",
    "reachable",
    "healthy",
    "normal",
    "there",
    "fixed",
];
/// What it is when it does not.
const UNWELL: [&str; 9] = [
    "down",
    "failing",
    "broken",
    "degraded",
    "unreachable",
    "unavailable",
    "offline",
    "out",
    "missing",
];
/// Words before one of [`WELL`] that say that it is still to come.
const AHEAD: [[&str; 2]; 6] = [
    ["will", "be"],
    ["should", "be"],
    ["to", "be"],
    ["could", "be"],
    ["may", "be"],
    ["might", "be"],
];
/// First words of a text that is of no recovery.
const WAITING: [&str; 6] = [
    "waiting",
    "wait",
    "awaiting",
    "expecting",
    "pending",
    "trying",
];
/// Words with which a question begins.
const ASKING: [&str; 4] = ["is", "are", "was", "were"];

/// Says that the line, of the kind `kind` and typed as `body`, sets a state that its text, of these `words`, does not
/// state.
pub(super) fn notice(
    kind: &Kind,
    body: &str,
    words: &[&str],
    parsed: &ParsedLine,
) -> Option<String> {
    let is_restore = *kind == Kind::Restore;
    let given = match parsed.state {
        Some(state) => state,
        None if is_restore => State::Ok,
        None => return None,
    };
    let why = if is_question(body, is_restore) {
        "is a question"
    } else if is_restore && given == State::Ok && is_still_to_come(words, parsed) {
        "may say that it is not back yet"
    } else {
        return None;
    };
    Some(format!(
        "the line sets the state {given}, and its text {why}: as a `note:` without a `!state` it sets none"
    ))
}

/// The name in `word` without the marks around it.
pub(super) fn name_in(word: &str) -> &str {
    word.trim_matches([':', '=', ',', '(', '@'])
}

/// True for `is @web !down?`, `@web !ok?`, and for a recovery with a question mark at its end.
fn is_question(body: &str, is_restore: bool) -> bool {
    let body = body.trim_end();
    if !body.ends_with(['?', '？']) {
        return false;
    }
    let last = body.rsplit(char::is_whitespace).next().unwrap_or(body);
    let first = body.split_whitespace().next().unwrap_or_default();
    let asks = ASKING.iter().any(|word| word.eq_ignore_ascii_case(first));
    is_restore || asks || last.starts_with(['!', '@'])
}

fn is_still_to_come(words: &[&str], parsed: &ParsedLine) -> bool {
    let plain = |word: &str| {
        word.trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase()
    };
    let words: Vec<String> = words.iter().map(|word| plain(name_in(word))).collect();
    let is_one_of = |word: Option<&String>, list: &[&str]| {
        word.is_some_and(|word| list.contains(&word.as_str()))
    };
    let is_service = |word: Option<&String>| {
        let mut named = parsed.services.iter().flatten();
        word.is_some_and(|word| named.any(|name| eq_ignore_case(name, word)))
    };
    let starts =
        |text: &[&str]| text.iter().zip(&words).filter(|(a, b)| *a == b).count() == text.len();
    if is_one_of(words.first(), &WAITING)
        || starts(&["half", "of"])
        || starts(&["part", "of"])
        || starts(&["parts", "of"])
        || starts(&["not", "yet"])
    {
        return true;
    }
    let is_last = |at: usize| at + 1 == words.len();
    (0..words.len()).any(|at| {
        let before = at.checked_sub(1).and_then(|at| words.get(at));
        let (word, next, third) = (&*words[at], words.get(at + 1), words.get(at + 2));
        match word {
            "failed" | "fails" => is_last(at),
            "partially" | "partly" => is_last(at) || is_one_of(next, &WELL),
            "eta" | "expected" => is_service(before),
            "not" => {
                next.is_some_and(|next| next == "yet")
                    && (is_last(at + 1) || is_one_of(third, &WELL) || is_service(third))
                    || is_service(before) && is_one_of(next, &WELL)
            }
            "yet" => is_service(before) && is_one_of(next, &["to"]),
            "still" => is_one_of(next, &UNWELL) && is_of_the_only_one(&words[..at], parsed),
            _ => {
                let is_ahead = |[one, two]: &[&str; 2]| word == *one && is_one_of(next, &[*two]);
                is_one_of(third, &WELL) && AHEAD.iter().any(is_ahead)
            }
        }
    })
}

/// True for `@web is the only one`: `@web is back, db still down` says it of another.
fn is_of_the_only_one(words: &[String], parsed: &ParsedLine) -> bool {
    let named = parsed.services.iter().flatten();
    let mut named = named.map(|name| name.to_lowercase());
    named.any(|name| words.contains(&name)) && words.iter().any(|word| word == "only")
}

#[cfg(test)]
mod tests {
    use super::super::testing::notices;
    use rstest::rstest;

    #[rstest]
    #[case("restore: waiting for @web")]
    #[case("restore: rollback of @web failed")]
    #[case("restore: @web will be back in 5 min")]
    #[case("restore: @web expected 16:30")]
    #[case("restore: @web ETA 10 min")]
    #[case("restore: half of @web")]
    #[case("restore: @web partially")]
    #[case("restore: not yet @web")]
    #[case("restore: @web not yet back")]
    #[case("restore: @web is the only one still down")]
    #[case("restore: is @web back?")]
    #[case("restore: @web?")]
    #[case("is @web !down?")]
    #[case("@web !ok?")]
    fn state_that_is_not_stated_is_said(#[case] line: &str) {
        let notices = notices(line);
        assert!(!notices.is_empty(), "{line}");
    }

    #[rstest]
    #[case("restore: @web is back")]
    #[case("restore: failed pods of @web restarted")]
    #[case("restore: failover of @web is done, traffic is normal")]
    #[case("restore: @web back, cause not yet known")]
    #[case("restore: @web is back, waiting for the backlog to drain")]
    #[case("restore: @web is back, pay-db still down")]
    #[case("restore: @web as expected")]
    #[case("restore: @web serves again, as it will be reviewed tomorrow")]
    #[case("restore: @web recovered after the upload failed over")]
    #[case("fault: @web !down, waiting for the vendor")]
    #[case("fault: rollback of @web failed !down")]
    #[case("@web !down, DNS again?")]
    fn ordinary_recovery_gets_no_notice(#[case] line: &str) {
        assert!(!notices(line).contains("sets the state"), "{line}");
    }
}
