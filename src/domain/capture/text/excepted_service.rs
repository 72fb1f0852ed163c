//! Services that a line names as those it does not concern: `all except @web !down`, `@db but not @web !down`.

use crate::domain::capture::{
    error::excerpt,
    markers::{MarkerShape, MarkerToken},
    mentions::eq_ignore_case,
};

/// Words before a service that is left out.
const EXCEPT: [&str; 6] = [
    "except",
    "excluding",
    "excepting",
    "besides",
    "minus",
    "außer",
];
/// Such ones of two words.
const EXCEPT_OF_TWO: [[&str; 2]; 5] = [
    ["except", "for"],
    ["other", "than"],
    ["apart", "from"],
    ["aside", "from"],
    ["but", "not"],
];
/// Words that say something else of a service than of the one before it, one or two words before it: `@web is back,
/// still checking @db`.
const APART: [&str; 14] = [
    "not", "cannot", "can't", "without", "still", "waiting", "checking", "probably", "perhaps",
    "maybe", "possibly", "likely", "reach", "reaching",
];
/// Words right behind a service that say that the state is not its own.
const UNAFFECTED: [&str; 4] = ["unaffected", "not affected", "has not", "have not"];
/// Words for all services, before `but @web`.
const ALL: [&str; 6] = ["all", "everything", "every", "services", "anything", "any"];

/// Says that the line sets the state of a service, one of `services`, though its words in `body` leave it out.
pub(super) fn notice(
    body: &str,
    tokens: &[MarkerToken<'_>],
    services: &[String],
) -> Option<String> {
    let is_service = |name: &str| services.iter().any(|known| eq_ignore_case(known, name));
    let mut last_end = None;
    tokens.iter().find_map(|token| match token.shape {
        MarkerShape::At(name) if token.backslashes == 0 && is_service(name) => {
            let (before, after) = (&body[..token.range.start], &body[token.range.end..]);
            let between = last_end.map(|end: usize| before.get(end..).unwrap_or_default());
            last_end = Some(token.range.end);
            let is_apart = between.is_some_and(says_else) || is_unaffected(after);
            if !is_apart && !is_left_out(before) {
                return None;
            }
            let name = excerpt(name);
            Some(format!(
                "the state is that of @{name} as well: the words beside it are not read; name those that it is of, and write `\\@{name}` for the others"
            ))
        }
        _ => None,
    })
}

/// True if `between`, what stands between two services, says something else of the second.
fn says_else(between: &str) -> bool {
    let mut words = between.split_whitespace().rev().take(2);
    words.any(|word| {
        let word = word.trim_matches(|c: char| !c.is_alphabetic());
        APART.iter().any(|known| word.eq_ignore_ascii_case(known))
    })
}

/// True if `after`, what stands behind a service, says that the state is not its own.
fn is_unaffected(after: &str) -> bool {
    UNAFFECTED.iter().any(|words| {
        let begin = after.trim_start().get(..words.len());
        begin.is_some_and(|begin| begin.eq_ignore_ascii_case(words))
    })
}

/// True if `before`, what stands before a service, ends with words that leave it out.
fn is_left_out(before: &str) -> bool {
    let mut words = before
        .split_whitespace()
        .rev()
        .map(|word| word.trim_matches(['(', '[', ',', ';', ':']));
    let last = words.next().unwrap_or_default();
    let previous = words.next().unwrap_or_default();
    let is = |word: &str, known: &str| word.eq_ignore_ascii_case(known);
    let is_one_of = |word: &str, list: &[&str]| list.iter().any(|known| is(word, known));
    is_one_of(last, &EXCEPT)
        || EXCEPT_OF_TWO
            .iter()
            .any(|[one, two]| is(previous, one) && is(last, two))
        // `all but @web`
        || is(last, "but") && is_one_of(previous, &ALL)
        // `@db (not @web)`, but `it is not @web` looks for the cause.
        || is(last, "not") && previous.starts_with('@')
}

#[cfg(test)]
mod tests {
    use super::super::testing::notices;
    use rstest::rstest;

    #[rstest]
    #[case("fault: all except @web !down")]
    #[case("everything but @web !down")]
    #[case("restore: everything except @web is back")]
    #[case("restore: all but @web")]
    #[case("fault: @pay-db but not @web !down")]
    #[case("@pay-db (not @web) !down")]
    #[case("All services other than @web are fine !ok")]
    #[case("fault: all (except for @web) !down")]
    #[case("restore: @pay-db back, not @web")]
    #[case("restore: @pay-db fine - still checking @web")]
    #[case("restore: @pay-db ok, waiting on @web")]
    #[case("fault: @pay-db cannot reach @web !down")]
    #[case("fault: @pay-db and probably @web !down")]
    #[case("fault: @pay-db !down, @web not affected")]
    #[case("restore: @pay-db recovered, @web has not")]
    fn service_that_is_left_out_is_said(#[case] line: &str) {
        let notices = notices(line);
        assert!(
            notices.contains("that of @web as well"),
            "{line}: {notices}"
        );
    }

    #[rstest]
    #[case("fault: nothing works but for pay-db, @web !down")]
    #[case("restore: but @web is slow at first")]
    #[case("fault: not only @web fails, @pay-db too !down")]
    #[case("restore: @web is back except for one node")]
    #[case("fault: all of @web !down")]
    #[case("fault: it was no deploy but @pay-db !degraded")]
    #[case("look at everything except @web")]
    #[case("fault: @pay-db is not reachable and @web is slow !down")]
    #[case("fault: @pay-db and @web are down, cannot reach them !down")]
    #[case("restore: @pay-db and @web are back, not a deploy")]
    #[case("@pay-db cannot reach @web")]
    #[case("fault: cannot reach @web !down")]
    fn other_services_get_no_notice(#[case] line: &str) {
        assert!(!notices(line).contains("as well"), "{line}");
    }
}
