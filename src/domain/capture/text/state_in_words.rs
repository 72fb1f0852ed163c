//! A state that is written as a word, which sets none: `web is down`.

use super::super::{context::Context, parsed_line::ParsedLine};
use crate::domain::words::State;

/// Says that a text of no more than a service and a state sets no state: `@web is down`, `web: down`.
pub(super) fn state_in_words_notice(parsed: &ParsedLine, context: &Context<'_>) -> Option<String> {
    let text = parsed.text.as_deref()?;
    let mut words = text.split_whitespace();
    let (service, mut state) = (words.next()?, words.next()?);
    if ["is", "are", "was"].contains(&state) {
        state = words.next()?;
    }
    if words.next().is_some() {
        return None;
    }
    let service = service.trim_end_matches([':', '=']);
    let is_service = |known: &String| known.eq_ignore_ascii_case(service);
    let named = parsed.services.iter().flatten();
    let service = context
        .services
        .iter()
        .chain(named)
        .find(|name| is_service(name))?;
    let state: State = state.trim_end_matches(['.', '!']).parse().ok()?;
    Some(format!(
        "`{text}` sets no state; `@{service} !{state}` does"
    ))
}
