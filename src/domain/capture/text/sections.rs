//! The parts of a decision: its text, `why:` and `not:`.

use crate::domain::capture::markers::{MarkerShape, MarkerToken};

/// Indices of the `why:` and `not:` of a decision.
pub(super) fn section_starts(tokens: &[MarkerToken<'_>], decision: bool) -> Vec<usize> {
    let is_part = |token: &MarkerToken<'_>| {
        matches!(token.shape, MarkerShape::Why | MarkerShape::Not) && token.backslashes == 0
    };
    let indexed = tokens.iter().enumerate().filter(|_| decision);
    let parts = indexed.filter(|(_, token)| is_part(token));
    parts.map(|(index, _)| index).collect()
}

/// Adds `text` to the part that it goes on with: `decision: x not: a not: b`.
pub(super) fn add_part(part: &mut Option<String>, text: Option<String>) {
    *part = match (part.take(), text) {
        (Some(before), Some(text)) => Some(format!("{before}; {text}")),
        (before, text) => before.or(text),
    };
}

/// Says that `Why:` or `Not:` in `text`, that of a decision, is text.
pub(super) fn capital_keyword_notice(text: &str) -> Option<String> {
    let mut words = text.split_whitespace();
    let typed = words.find(|word| matches!(*word, "Why:" | "WHY:" | "Not:" | "NOT:"))?;
    Some(format!(
        "`{typed}` was kept as text: a decision goes on with `{}`, in small letters",
        typed.to_lowercase()
    ))
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::read;
    use rstest::rstest;

    #[rstest]
    #[case("decision: fail over Why: it is faster Not: wait", true)]
    #[case("decision: fail over why: it is faster not: wait", false)]
    #[case("decision: ask why it fails", false)]
    #[case("decision: Not now", false)]
    #[case("decision: find out Why it fails", false)]
    #[case("note: Why: nobody knows", false)]
    fn keywords_with_a_capital_are_said(#[case] line: &str, #[case] expected: bool) {
        let notices = read(line).notices.concat();
        assert_eq!(
            notices.contains("`Why:` was kept as text"),
            expected,
            "{line}: {notices}"
        );
    }
}
