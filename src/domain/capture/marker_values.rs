//! Checks and looks up the values of markers, given in the text or as flags.

use super::{
    context::{Context, HandleLookup},
    error::excerpt,
    parsed_line::ParsedLine,
};
use crate::domain::{
    parse_error::ParseError,
    suggestion::did_you_mean,
    words::{Severity, State},
};
use std::ops::Range;
use uuid::Uuid;

/// Rejects `@all` together with named services.
pub(super) fn check_all_services(
    parsed: &ParsedLine,
    range: Range<usize>,
) -> Result<(), ParseError> {
    if parsed.all_services && parsed.services.as_ref().is_some_and(|s| !s.is_empty()) {
        return Err(ParseError::new(
            "both all services and some by name",
            "write `@all`, or name them",
            range,
        ));
    }
    Ok(())
}

/// Parses a state; the error is a message and a hint.
pub(super) fn parse_state(word: &str) -> Result<State, (String, String)> {
    word.parse().map_err(|_| {
        let states: Vec<&str> = State::ALL.iter().map(|s| s.as_str()).collect();
        let mut hint = format!("states are {}", states.join(", "));
        if word.parse::<Severity>().is_ok() {
            hint.push_str("; a severity is set with `bridgelog set severity`");
        }
        (format!("`{}` is not a state", excerpt(word)), hint)
    })
}

/// Resolves the beginning of a handle; the error is a message and a hint.
pub(super) fn resolve_handle(text: &str, context: &Context<'_>) -> Result<Uuid, (String, String)> {
    match (context.find_handle)(text) {
        HandleLookup::One(id) => Ok(id),
        HandleLookup::None { suggestions } if suggestions.is_empty() => Err((
            format!("no handle begins with `{}`", excerpt(text)),
            "handles are the letters beside each event; `\\^` is a plain ^".to_owned(),
        )),
        HandleLookup::None { suggestions } => Err((
            format!("no handle begins with `{}`", excerpt(text)),
            did_you_mean(&with_caret(&suggestions)),
        )),
        HandleLookup::Many(handles) => Err((
            format!("several handles begin with `{}`", excerpt(text)),
            format!("write more letters: {}", format_handles(&handles)),
        )),
    }
}

fn format_handles(handles: &[String]) -> String {
    with_caret(handles).join(", ")
}

/// The first five of `handles`, as they are typed in a line.
fn with_caret(handles: &[String]) -> Vec<String> {
    handles.iter().take(5).map(|h| format!("^{h}")).collect()
}
