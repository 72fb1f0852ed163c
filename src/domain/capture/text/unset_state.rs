//! States that are written with their sign and set none, since another character stands at them: `!!down`, `"!down"`,
//! `web!down`, `! down`.

use crate::domain::{
    capture::markers::{MarkerShape, MarkerToken, leading_state},
    words::State,
};

/// Says that a state in `body`, the text of a line that sets none, was kept as text. The states among its `tokens` are
/// not meant.
pub(super) fn notice(body: &str, tokens: &[MarkerToken<'_>]) -> Option<String> {
    let state = body.match_indices('!').find_map(|(at, _)| {
        let is_token = |token: &MarkerToken<'_>| {
            matches!(token.shape, MarkerShape::Bang(_)) && token.range.contains(&at)
        };
        if tokens.iter().any(is_token) {
            return None;
        }
        let (before, after) = (&body[..at], &body[at + 1..]);
        // Behind a space it stands in a quotation or in code of several words, or alone.
        match before.chars().next_back() {
            // `if (!down)` in code is no state.
            Some('\\' | '(' | '[' | '{') => None,
            Some(c) if !c.is_whitespace() => leading_state(after),
            _ => after.strip_prefix(' ').and_then(leading_state),
        }
    })?;
    let state: State = state.parse().ok()?;
    Some(format!(
        "`!{state}` was kept as text and sets no state: a state is written behind a space, as in `@web !{state}`; where it is text, put a backslash before it"
    ))
}

#[cfg(test)]
mod tests {
    use super::super::super::{Context, Flags, parse};
    use crate::domain::{time::parse_utc, zone::Zone};
    use rstest::rstest;

    fn read(line: &str) -> (Option<String>, String) {
        let now = parse_utc("2026-11-25T15:00:00Z").unwrap();
        let mut context = Context::new(now, Zone::utc());
        context.services = vec!["web".to_owned(), "db".to_owned()];
        let parsed = parse(line, &Flags::default(), &context).unwrap();
        let state = parsed.state.map(|state| state.to_string());
        (state, parsed.notices.concat())
    }

    #[rstest]
    #[case("@web !!down")]
    #[case("@web \"!down\"")]
    #[case("@web `!down`")]
    #[case("@web <!down>")]
    #[case("web!down")]
    #[case("@web ! down")]
    #[case("! down @web")]
    fn state_that_is_not_set_is_said(#[case] line: &str) {
        let (state, notices) = read(line);
        assert_eq!(state, None, "{line}");
        assert!(
            notices.contains("`!down` was kept as text"),
            "{line}: {notices}"
        );
    }

    #[rstest]
    #[case("@web:!down")]
    #[case("@web=!down")]
    #[case("@web->!down")]
    #[case("@web→!down")]
    #[case("@web-!down x")]
    #[case("@web.!down")]
    #[case("x @web _!down_")]
    #[case("@db->@web !down")]
    fn state_behind_a_join_is_set(#[case] line: &str) {
        let (state, notices) = read(line);
        assert_eq!((state.as_deref(), &*notices), (Some("down"), ""), "{line}");
    }

    #[rstest]
    #[case("wow! down to 5 errors")]
    #[case("web is back! ok to go")]
    #[case("\\!down is how a state is written")]
    #[case("web \\!down")]
    #[case("ran `if err != nil && !ok { return }`")]
    #[case("a != b, and that is important!")]
    #[case("said \"not ok!\" to bo")]
    #[case("what!? it is down")]
    #[case("func !ok() is gone \\!ok")]
    fn ordinary_text_gets_no_notice(#[case] line: &str) {
        let (state, notices) = read(line);
        assert!(!notices.contains("sets no state"), "{line}: {notices}");
        assert_eq!(state, None, "{line}");
    }
}
