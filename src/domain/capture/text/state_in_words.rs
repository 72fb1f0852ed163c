//! States and their times that are written as words, which set none: `web is down`, `back since 14:50`.

use super::super::{context::Context, error::excerpt, parsed_line::ParsedLine};
use super::{
    in_sentence::is_clock,
    not_yet::{self, name_in},
};
use crate::domain::{
    when::parse_time_box,
    words::{Kind, State},
};

/// Words between a service and its state: `web is still down`.
const BETWEEN: [&str; 8] = [
    "is",
    "are",
    "was",
    "were",
    "still",
    "now",
    "again",
    "completely",
];
/// Words behind a state that ends its sentence: `web is down again`.
const BEHIND: [&str; 4] = ["again", "now", "too", "completely"];
/// Words before the time at which a state began or ended.
const SINCE: [&str; 8] = [
    "since", "from", "until", "till", "for", "as of", "depuis", "seit",
];
/// Words before the time at which the command is to pass.
const FROM: [&str; 5] = ["at", "from", "by", "in", "until"];

/// What is said of a text with a state that is no marker.
const SETS_NO_STATE: &str = "sets no state";

/// True if `notice`, of a line, says that a state in its text sets none.
#[must_use]
pub fn is_no_state_notice(notice: &str) -> bool {
    notice.contains(SETS_NO_STATE)
}

/// Says what a text of the kind `kind`, typed as `body`, says of states and does not set. `has_state` is true if the line
/// sets a state, be it an unknown one.
pub(super) fn notices(
    kind: &Kind,
    has_state: bool,
    body: &str,
    parsed: &ParsedLine,
    context: &Context<'_>,
) -> Vec<String> {
    let Some(text) = parsed.text.as_deref() else {
        return vec![];
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut notices = vec![];
    if has_state {
        let other = other_state_notice(kind, &words, parsed);
        notices.extend(other.or_else(|| not_yet::notice(kind, body, &words, parsed)));
        notices.extend(time_notice(&words, parsed, &SINCE, "the state is of now"));
        notices.extend(end_notice(kind, parsed));
    }
    if *kind == Kind::Handoff {
        let passes = "the command passes with this line";
        notices.extend(time_notice(&words, parsed, &FROM, passes));
    }
    let is_given = parsed.state.is_some() || (has_state && *kind != Kind::Fault);
    if !is_given {
        notices.extend(no_state_notice(kind, &words, parsed, context));
    }
    notices
}

/// The state that `words` give to the service before them, and how many words say so.
fn said_state(words: &[&str]) -> Option<(State, usize)> {
    let between = words
        .iter()
        .take_while(|word| BETWEEN.contains(&&*word.to_lowercase()));
    let at = between.count();
    let word = words.get(at)?.trim_end_matches(['.', ',', ';', '!', ')']);
    if word.eq_ignore_ascii_case("at") {
        let risk = words.get(at + 1)?.trim_end_matches(['.', ',', ';', '!']);
        return risk
            .eq_ignore_ascii_case("risk")
            .then_some((State::AtRisk, at + 2));
    }
    let state = word
        .parse()
        .ok()
        .filter(|_| !word.eq_ignore_ascii_case("risk"))?;
    Some((state, at + 1))
}

/// True for `is fine`, `is still unaffected`, where the clause ends there: `is fine with it` says something else.
fn is_called_well(words: &[&str]) -> bool {
    const WELL: [&str; 5] = ["fine", "healthy", "unaffected", "well", "normal"];
    const NEXT: [&str; 5] = ["and", "but", "while", "now", "again"];
    let between = words
        .iter()
        .take_while(|word| BETWEEN.contains(&&*word.to_lowercase()));
    let mut rest = words.iter().skip(between.count());
    let word = rest.next().copied().unwrap_or_default();
    let bare = word.trim_end_matches(['.', ',', ';', '!', ')']);
    let is_last = bare.len() < word.len() || rest.next().is_none_or(|next| NEXT.contains(next));
    WELL.contains(&bare) && is_last
}

/// Says that a text which begins with a service and a state sets no state.
fn no_state_notice(
    kind: &Kind,
    words: &[&str],
    parsed: &ParsedLine,
    context: &Context<'_>,
) -> Option<String> {
    if !matches!(kind, Kind::Note | Kind::Detect | Kind::Verify | Kind::Fault) {
        return None;
    }
    let (first, after) = words.split_first()?;
    let is_first = |name: &&String| name.eq_ignore_ascii_case(name_in(first));
    let named = parsed.services.iter().flatten();
    let service = context.services.iter().chain(named).find(is_first);
    let service = match service {
        Some(service) => service,
        None if parsed.all_services && name_in(first) == "all" => "all",
        None => return None,
    };
    let (state, length) = said_state(after)?;
    let rest = &after[length..];
    let ends = matches!(rest, [])
        || matches!(rest, [word] if BEHIND.contains(&word.trim_end_matches(['.', '!'])));
    ends.then(|| {
        format!(
            "`{}` {SETS_NO_STATE}; `@{service} !{state}` does",
            excerpt(&words.join(" "))
        )
    })
}

/// Says that a service gets the state of the line though the text says another.
fn other_state_notice(kind: &Kind, words: &[&str], parsed: &ParsedLine) -> Option<String> {
    let given = match (parsed.state, kind) {
        (Some(state), _) => state,
        (None, Kind::Restore) => State::Ok,
        _ => return None,
    };
    words.iter().enumerate().find_map(|(at, word)| {
        let named = parsed.services.iter().flatten();
        let service = named.clone().find(|name| name.eq_ignore_ascii_case(name_in(word)))?;
        let after = &words[at + 1..];
        let is_not_well = after.first().is_some_and(|word| {
            given == State::Ok && ["still", "not", "isn't"].contains(word)
        });
        let said = said_state(after)
            .map(|(state, _)| state)
            .or_else(|| is_called_well(after).then_some(State::Ok));
        (is_not_well || said.is_some_and(|said| said != given)).then(|| {
            format!("{given} is the state of every service named, also of @{service}; `\\@{service}` is text")
        })
    })
}

/// True for `10:06`, `10:06Z`, `9am`, `9:30 pm`, `noon`, `this morning`.
fn is_time_of_day(text: &str) -> bool {
    const WORDS: [&str; 9] = [
        "noon",
        "midnight",
        "midday",
        "yesterday",
        "this morning",
        "this afternoon",
        "this evening",
        "last night",
        "last evening",
    ];
    let lower = text.to_ascii_lowercase();
    let half = ["am", "pm", "a.m", "p.m"]
        .iter()
        .find_map(|half| lower.strip_suffix(half));
    let is_hour = |hour: &str| {
        hour.parse::<u8>()
            .is_ok_and(|hour| (1..=12).contains(&hour))
    };
    let zone = ["z", " utc"]
        .iter()
        .find_map(|zone| lower.strip_suffix(zone));
    WORDS.contains(&&*lower)
        || is_clock(zone.unwrap_or(&lower))
        || half
            .map(str::trim_end)
            .is_some_and(|clock| is_clock(clock) || is_hour(clock))
}

/// True for `an hour`, `half an hour`, `a while`.
fn is_spelled_length(text: &str) -> bool {
    const LENGTHS: [&str; 7] = [
        "an hour",
        "half an hour",
        "a while",
        "a few minutes",
        "some time",
        "a minute",
        "a moment",
    ];
    LENGTHS.contains(&text)
}

/// Says that a time in the text, behind one of `leads`, is none of the line, so that `effect` holds.
fn time_notice(
    words: &[&str],
    parsed: &ParsedLine,
    leads: &[&str],
    effect: &str,
) -> Option<String> {
    if parsed.when.is_some() || parsed.has_unread_time {
        return None;
    }
    let said = |typed: &str| {
        format!("`{typed}` was kept as text: {effect}; a time goes first, as in `10:06 TEXT`")
    };
    // `a while ago`
    let ago = words.windows(3).find(|words| {
        words[2].trim_end_matches(['.', ',']) == "ago" && is_spelled_length(&words[..2].join(" "))
    });
    if let Some(ago) = ago {
        return Some(said(&ago.join(" ")));
    }
    words.iter().enumerate().find_map(|(at, lead)| {
        let mut lead = lead.to_lowercase();
        // `as of 10:06`
        if lead == "of" && at.checked_sub(1).and_then(|at| words.get(at)) == Some(&"as") {
            "as of".clone_into(&mut lead);
        }
        if !leads.contains(&&*lead) {
            return None;
        }
        let may_be_length = ["since", "for", "in"].contains(&&*lead);
        let time = (1..=3)
            .filter_map(|count| words.get(at + 1..at + 1 + count))
            .map(|words| words.join(" "))
            .find(|time| {
                let bare = time.trim_end_matches(['.', ',', ';']);
                is_time_of_day(bare)
                    || may_be_length && (parse_time_box(bare).is_some() || is_spelled_length(bare))
            })?;
        Some(said(&format!("{lead} {time}")))
    })
}

/// Says that the end of a span does not end the state which it began.
fn end_notice(kind: &Kind, parsed: &ParsedLine) -> Option<String> {
    let is_well =
        parsed.state == Some(State::Ok) || (parsed.state.is_none() && *kind != Kind::Fault);
    let has_end = parsed.when.as_ref().is_some_and(|when| when.end.is_some());
    (has_end && !is_well).then(|| {
        "the end of the time does not end the state: `restore:` says when it works again".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::notices;
    use rstest::rstest;

    #[rstest]
    #[case("restore: @web ok as of 09:12Z")]
    #[case("restore: @web ok since 9am")]
    #[case("restore: @web ok since 9:30 pm")]
    #[case("restore: @web ok since noon.")]
    #[case("restore: @web ok since this morning")]
    #[case("restore: @web ok for an hour")]
    #[case("restore: @web ok a while ago")]
    #[case("restore: @web ok depuis 9h12")]
    fn time_of_the_state_in_words_is_said(#[case] line: &str) {
        assert!(notices(line).contains("the state is of now"), "{line}");
    }

    #[rstest]
    #[case("restore: @web ok since the failover")]
    #[case("restore: @web ok for all users")]
    #[case("restore: @web ok as of now")]
    #[case("restore: @web takes traffic from 9 nodes")]
    #[case("restore: @web ok, the deploy of a while back is gone")]
    #[case("restore: @web ok for a customer")]
    #[case("09:12 restore: @web ok since 9am")]
    fn other_words_get_no_notice(#[case] line: &str) {
        assert!(!notices(line).contains("the state is of now"), "{line}");
    }

    #[rstest]
    #[case("fault: only @web is fine, @pay-db !down", true)]
    #[case("fault: @web is not fine !down", false)]
    #[case("fault: @web fine print page fails !down", false)]
    #[case("fault: @web is slow, pay-db is fine !degraded", false)]
    #[case("restore: @web is fine", false)]
    #[case("fault: users of @web are fine with it !at-risk", false)]
    fn service_that_is_called_well_is_said(#[case] line: &str, #[case] expected: bool) {
        let found = notices(line).contains("the state of every service named");
        assert_eq!(found, expected, "{line}");
    }
}
