//! Takes the commander from the text of a handoff.

use crate::{
    domain::capture::{
        context::Context,
        error::excerpt,
        markers::{MarkerShape, MarkerToken},
        mentions,
        parsed_line::ParsedLine,
    },
    domain::{event::Event, words::Kind},
};

/// Words that are said of a handoff and are nobody's name.
const NOBODY: [&str; 24] = [
    "done",
    "complete",
    "completed",
    "finished",
    "over",
    "ok",
    "okay",
    "yes",
    "no",
    "tbd",
    "todo",
    "pending",
    "cancelled",
    "canceled",
    "declined",
    "nobody",
    "none",
    "noone",
    "me",
    "myself",
    "you",
    "them",
    "team",
    "everyone",
];

/// Which `@name` of a handoff is the new commander.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum NewCommander {
    /// No person is named.
    None,
    /// It is not clear which of several.
    Unclear,
    /// The name of the marker of this number.
    Token(usize),
}

/// Returns which of the `tokens` of `body`, the text of a handoff, names the new commander: the only name, else
/// the one that command passes to (`@ann -> @raj`, `@raj takes over from @ann`), else the first of a run.
pub fn new_commander(
    body: &str,
    tokens: &[MarkerToken<'_>],
    context: &Context<'_>,
) -> NewCommander {
    let names = tokens.iter().enumerate();
    let names = names.filter(|(_, token)| person_of(token, context).is_some());
    let names: Vec<(usize, &MarkerToken<'_>)> = names.collect();
    let is_same_person = |one: &MarkerToken<'_>, other: &MarkerToken<'_>| {
        let names = [one, other].map(|token| person_of(token, context).unwrap_or_default());
        mentions::eq_ignore_case(names[0], names[1])
    };
    let receives = |token: &MarkerToken<'_>| {
        let before = body[..token.range.start].trim_end();
        let after = body[token.range.end..].trim_start();
        let last = before.rsplit(char::is_whitespace).next().unwrap_or(before);
        let next = after.split(char::is_whitespace).next().unwrap_or(after);
        let is_one_of =
            |word: &str, words: &[&str]| words.iter().any(|other| other.eq_ignore_ascii_case(word));
        is_one_of(last, &["to", "by"])
            || before.ends_with(['>', '→', '⇒'])
            || is_one_of(next, &["takes", "from", "relieves", "replaces"])
    };
    match names.as_slice() {
        [] => NewCommander::None,
        [(only, _)] => NewCommander::Token(*only),
        [(first, token), others @ ..]
            if others.iter().all(|(_, other)| is_same_person(token, other)) =>
        {
            NewCommander::Token(*first)
        }
        several => {
            let mut receivers = several.iter().filter(|(_, token)| receives(token));
            match (receivers.next(), receivers.next()) {
                (Some((number, _)), None) => NewCommander::Token(*number),
                (None, _) if is_run(body, tokens, several) => NewCommander::Token(several[0].0),
                _ => NewCommander::Unclear,
            }
        }
    }
}

/// Returns the person that `token` names; `None` if it names a service or is something else.
pub fn person_of<'t>(token: &MarkerToken<'t>, context: &'t Context<'_>) -> Option<&'t str> {
    let MarkerShape::At(name) = token.shape else {
        return None;
    };
    let name = context.name_of_now(name);
    let is_service = mentions::canonical_name(name, &context.services).is_some();
    let is_person = !is_service && !name.eq_ignore_ascii_case("all") && token.backslashes == 0;
    is_person.then_some(name)
}

/// True if nothing but markers stands between `names`, which are among `tokens`.
fn is_run(body: &str, tokens: &[MarkerToken<'_>], names: &[(usize, &MarkerToken<'_>)]) -> bool {
    let (Some((first, _)), Some((last, _))) = (names.first(), names.last()) else {
        return false;
    };
    let mut pairs = tokens[*first..=*last].windows(2);
    pairs.all(|pair| {
        body[pair[0].range.end..pair[1].range.start]
            .trim()
            .is_empty()
    })
}

/// Other roles than that of the commander.
const ROLES: [&str; 9] = [
    "scribe",
    "comms",
    "communications",
    "liaison",
    "deputy",
    "ops",
    "operations",
    "secretary",
    "notes",
];
/// What a person does who does not take over.
const KEEPS_OR_REFUSES: [&str; 12] = [
    "declined", "declines", "refused", "refuses", "remains", "stays", "cannot", "can't", "can’t",
    "won't", "won’t", "not",
];

/// Says that command passes to the person whom `token` of `body`, the text of a handoff, names, where the words around the
/// name speak of another role, or of nobody who takes over.
pub fn other_role_notice(body: &str, token: &MarkerToken<'_>) -> Option<String> {
    let MarkerShape::At(name) = token.shape else {
        return None;
    };
    let is_one_of =
        |word: &str, words: &[&str]| words.iter().any(|other| other.eq_ignore_ascii_case(word));
    let ends_clause = |c: char| matches!(c, ',' | ';' | '.' | '(' | ')' | '\n');
    let before = &body[..token.range.start];
    let after = &body[token.range.end..];
    let first_words = |text: &'_ str| {
        let words: Vec<&str> = text.split_whitespace().take(2).collect();
        words.join(" ").to_lowercase()
    };
    let starts = first_words(before);
    let is_not_yet = starts.starts_with("not yet") || starts.starts_with("no,");
    let mut clause = before
        .rsplit(ends_clause)
        .next()
        .unwrap_or_default()
        .split_whitespace();
    let has_role = clause.any(|word| is_one_of(word.trim_matches(':'), &ROLES));
    let mut next = after
        .split(ends_clause)
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .filter(|word| !is_one_of(word, &["the", "is", "will", "does", "has"]));
    let verb = next.next().unwrap_or_default();
    let takes = is_one_of(verb, &["as", "takes", "becomes", "for", "scribe", "comms"]);
    let is_other_role = has_role
        || takes
            && (is_one_of(verb, &ROLES) || next.next().is_some_and(|word| is_one_of(word, &ROLES)));
    if !(is_not_yet || is_other_role || is_one_of(verb, &KEEPS_OR_REFUSES)) {
        return None;
    }
    Some(format!(
        "command passes to @{} with this line; where it does not, write `note:` in the place of `handoff:`",
        excerpt(name)
    ))
}

/// For a handoff without an `@name` of the commander: takes the text as that name if it is a single word or a
/// known person.
/// `named` is what its markers say.
pub fn infer_commander(
    parsed: &mut ParsedLine,
    named: NewCommander,
    event: Option<&Event>,
    context: &Context<'_>,
) {
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
    let is_nobody = NOBODY.iter().any(|word| word.eq_ignore_ascii_case(name));
    if let Some(known) = mentions::canonical_name(name, context.people()) {
        parsed.commander = Some(known);
    } else if named == NewCommander::Unclear {
        parsed.notices.push(
            "command is not handed over, since it is not clear to whom: `bridgelog handoff WHO` does it, and `handoff: @who` in a line".to_owned(),
        );
    } else if is_nobody || !name.starts_with(char::is_alphabetic) {
        parsed.notices.push(format!(
            "command is not handed over, since `{}` is nobody's name: `bridgelog handoff WHO` does it, and `handoff: @who` in a line",
            excerpt(name)
        ));
    } else if name.contains(char::is_whitespace) {
        // Perhaps a name, which can be taken over as it is.
        let is_name = name
            .split_whitespace()
            .all(|word| word.starts_with(char::is_uppercase));
        let command = match is_name {
            true => format!("bridgelog handoff '{}'", excerpt(name)),
            false => "bridgelog handoff WHO".to_owned(),
        };
        parsed.notices.push(format!(
            "command is not handed over, since the text is not a known person: `{command}` does it, and `handoff: @who` in a line"
        ));
    } else {
        let commander = mentions::typed_person(name, context.people());
        parsed.notices.extend(commander.notice);
        parsed.commander = Some(commander.name);
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Context, Flags, parse};
    use crate::domain::{time::parse_utc, zone::Zone};
    use rstest::rstest;

    fn notices(line: &str) -> String {
        let now = parse_utc("2026-11-25T15:00:00Z").unwrap();
        let people = || vec!["raj".to_owned(), "bob".to_owned(), "Mia Wong".to_owned()];
        let context = Context::new(now, Zone::utc()).with_find_people(people);
        let parsed = parse(line, &Flags::default(), &context).unwrap();
        parsed.notices.concat()
    }

    #[rstest]
    #[case("handoff: comms lead @raj")]
    #[case("handoff: scribe to @raj")]
    #[case("handoff: @raj takes the scribe role")]
    #[case("handoff: @raj as scribe")]
    #[case("handoff: not yet, @raj still on a plane")]
    #[case("handoff: @raj declined")]
    #[case("handoff: @raj will not take it")]
    #[case("handoff: @\"Mia Wong\" remains IC")]
    fn handoff_of_something_else_is_said(#[case] line: &str) {
        let notices = notices(line);
        assert!(notices.contains("command passes to @"), "{line}: {notices}");
    }

    #[rstest]
    #[case("handoff: @raj")]
    #[case("handoff @raj, bob keeps comms")]
    #[case("handoff: bob has the notes, @raj takes over")]
    #[case("handoff: to @raj for the night")]
    #[case("handoff: @raj takes over from @bob")]
    #[case("handoff: @raj is IC now, shift ends")]
    #[case("handoff: end of my shift, now @raj")]
    fn ordinary_handoff_gets_no_notice(#[case] line: &str) {
        assert_eq!(notices(line), "", "{line}");
    }
}
