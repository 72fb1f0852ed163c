//! Takes the commander from the text of a handoff.

use crate::{
    domain::capture::{context::Context, error::excerpt, mentions, parsed_line::ParsedLine},
    domain::{event::Event, words::Kind},
};

/// For a handoff without an `@name`: takes the text as the commander if it is a single word or a
/// known person.
pub fn infer_commander(parsed: &mut ParsedLine, event: Option<&Event>, context: &Context<'_>) {
    let is_handoff = match (&parsed.kind, event) {
        (Some(kind), _) => *kind == Kind::Handoff,
        (None, Some(event)) => {
            event.kind == Kind::Handoff && event.commander.as_ref() == Some(&event.text)
        }
        (None, None) => false,
    };
    let (true, None, Some(text)) = (is_handoff, &parsed.commander, &parsed.text) else {
        return;
    };
    let name = text.strip_prefix("to ").unwrap_or(text).trim_start();
    if let Some(known) = mentions::canonical_name(name, context.people()) {
        parsed.commander = Some(known);
    } else if name.contains(char::is_whitespace) {
        parsed.notices.push(format!(
            "command is not handed over, since no known person is named: `bridgelog handoff '{}'` does it, and `handoff: @who` in a line",
            excerpt(name)
        ));
    } else {
        let commander = mentions::typed_person(name, context.people());
        parsed.notices.extend(commander.notice);
        parsed.commander = Some(commander.name);
    }
}
