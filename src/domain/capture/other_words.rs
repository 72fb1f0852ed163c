//! Words that responders and other tools use for kinds.

use super::error::excerpt;
use crate::domain::{
    event::AUDIENCES,
    incident::FIELDS,
    suggestion::{did_you_mean, nearest},
    words::{Kind, State},
};

/// Words that responders and other tools begin a line with, and the kind that is meant. `resolve` stands
/// for the command.
const OTHER_WORDS: [(&str, &str); 50] = [
    ("impact", "fault"),
    ("outage", "fault"),
    ("alert", "detect"),
    ("alarm", "detect"),
    ("page", "detect"),
    ("paged", "detect"),
    ("detected", "detect"),
    ("detection", "detect"),
    ("symptom", "detect"),
    ("acknowledged", "ack"),
    ("acknowledgement", "ack"),
    ("acked", "ack"),
    ("investigating", "ack"),
    ("hypothesis", "suspect"),
    ("suspicion", "suspect"),
    ("suspected", "suspect"),
    ("decided", "decision"),
    ("identified", "finding"),
    ("observation", "finding"),
    ("observed", "finding"),
    ("root cause", "cause"),
    ("root-cause", "cause"),
    ("rootcause", "cause"),
    ("rca", "cause"),
    ("trigger", "cause"),
    ("deploy", "change"),
    ("deployed", "change"),
    ("deployment", "change"),
    ("release", "change"),
    ("released", "change"),
    ("rollout", "change"),
    ("rollback", "action"),
    ("rolled back", "action"),
    ("escalate", "action"),
    ("escalated", "action"),
    ("escalation", "action"),
    ("hotfix", "mitigate"),
    ("workaround", "mitigate"),
    ("mitigated", "mitigate"),
    ("mitigation", "mitigate"),
    ("monitoring", "verify"),
    ("verified", "verify"),
    ("verification", "verify"),
    ("fixed", "restore"),
    ("recovered", "restore"),
    ("restored", "restore"),
    ("recovery", "restore"),
    ("update", "comms"),
    ("status", "comms"),
    ("resolved", "resolve"),
];

/// The lifecycle kinds, with a hint that names the command that writes each.
pub(super) const LIFECYCLE_COMMANDS: [(&str, &str); 3] = [
    ("declare", "`bridgelog declare TITLE` begins an incident"),
    (
        "resolve",
        "`bridgelog resolve` ends the incident; `restore:` says that a service works again",
    ),
    ("reopen", "`bridgelog reopen` opens the incident again"),
];

/// Words that begin a line as those commands do.
const COMMAND_WORDS: [(&str, &str); 5] = [
    ("resolve", "resolve"),
    ("resolved", "resolve"),
    ("reopen", "reopen"),
    ("reopened", "reopen"),
    ("declare", "declare"),
];

/// Returns a notice if the first word of `text`, which is that of an event, is that of a command of the lifecycle: the
/// line does not do what the command does.
#[must_use]
pub fn command_text_notice(text: &str) -> Option<String> {
    let first = text.split(char::is_whitespace).next()?;
    let word = first.trim_end_matches(['.', ',', ';', '!']);
    let is_word = |known: &str| known.eq_ignore_ascii_case(word);
    if let Some((_, command)) = COMMAND_WORDS.iter().find(|(known, _)| is_word(known)) {
        let (_, hint) = LIFECYCLE_COMMANDS
            .iter()
            .find(|(known, _)| known == command)?;
        return Some(format!("`{word}` was kept as text: {hint}"));
    }
    if is_word("set") {
        let field = text.split_whitespace().nth(1)?;
        let (field, _) = FIELDS.iter().find(|(name, _)| *name == field)?;
        return Some(format!(
            "`set {field}` was kept as text; `bridgelog set {field} VALUE` sets it"
        ));
    }
    let is_alone = word.len() == text.trim().len();
    let command = ["undo", "redo"].into_iter().find(|known| is_word(known))?;
    is_alone.then(|| format!("`{word}` was kept as text; `bridgelog {command}` does it"))
}

/// Words for something to do, during the incident or after it.
const TO_DO: [&str; 5] = ["todo", "to-do", "to do", "follow-up", "followup"];

/// Returns the words that get a hint at a kind or a command, each with the kind that is offered.
pub(crate) fn offered_words() -> impl Iterator<Item = (&'static str, &'static str)> {
    let to_do = TO_DO.into_iter().map(|word| (word, "ask"));
    OTHER_WORDS.into_iter().chain(to_do)
}

/// Returns a notice if `word` is one that responders use for a kind, or for something to do, or a field.
pub(super) fn other_word_hint(word: &str) -> Option<String> {
    let lower = word.to_lowercase();
    if TO_DO.contains(&&*lower) {
        return Some(format!(
            "`{}:` was kept as text: `ask:` is a request for now, with its minutes; `bridgelog task add` is for after",
            excerpt(word)
        ));
    }
    let Some((_, kind)) = OTHER_WORDS.iter().find(|(other, _)| *other == lower) else {
        return field_notice(word);
    };
    if let Some((_, hint)) = LIFECYCLE_COMMANDS.iter().find(|(known, _)| known == kind) {
        return Some(format!("`{}:` was kept as text: {hint}", excerpt(word)));
    }
    let key = match lower.contains(' ') {
        true => format!("\"{lower}\""),
        false => lower,
    };
    Some(format!(
        "`{}:` was kept as text; {} `{key} = \"{kind}\"` under [aliases] in the settings makes it one",
        excerpt(word),
        did_you_mean(&[format!("`{kind}:`")]),
    ))
}

/// Returns a notice if `audience` is probably a misspelt one of those that we know.
pub(super) fn audience_notice(audience: &str) -> Option<String> {
    let meant = nearest(audience, AUDIENCES).filter(|meant| *meant != audience)?;
    Some(format!(
        "`comms/{}` is another audience than `comms/{meant}`; {}",
        excerpt(audience),
        did_you_mean(&[format!("`comms/{meant}:`")])
    ))
}

/// Returns a notice if `word` is a field of the incident, which is set by a command.
fn field_notice(word: &str) -> Option<String> {
    const OTHER_NAMES: [(&str, &str); 4] = [
        ("severity", "severity"),
        ("sev", "severity"),
        ("commander", "commander"),
        ("ic", "commander"),
    ];
    let lower = word.to_lowercase();
    let other = OTHER_NAMES.iter().find(|(other, _)| *other == lower);
    let field = match other {
        Some((_, field)) => field,
        None => FIELDS
            .iter()
            .find(|(name, _)| *name == lower)
            .map(|(name, _)| name)?,
    };
    Some(format!(
        "`{}:` was kept as text; `bridgelog set {field} VALUE` sets it",
        excerpt(word)
    ))
}

/// Returns a notice for `root cause: ...` and other words of several.
pub(super) fn several_words_hint(text: &str) -> Option<String> {
    let (words, _) = text.split_once(':')?;
    if let Some(audience) = words.strip_prefix("comms")
        && audience.starts_with(['/', ' ', '-', '('])
        && words.split_whitespace().count() <= 3
    {
        return Some(format!(
            "`{}:` was kept as text; one audience stands behind `comms/`, as in `comms/customers:`",
            excerpt(words)
        ));
    }
    let is_listed =
        |listed: &(&str, &str)| listed.0.contains(' ') && listed.0.eq_ignore_ascii_case(words);
    offered_words().find(is_listed)?;
    other_word_hint(words)
}

/// Returns a notice if the first word is a kind in brackets or set off by marks, as in `[fault] x` or
/// `**fault:** x`.
pub(super) fn marked_kind_hint(text: &str, is_kind: impl Fn(&str) -> bool) -> Option<String> {
    const MARKS: [char; 9] = ['[', ']', '(', ')', '*', '_', '<', '>', ':'];
    let first = text.split(char::is_whitespace).next()?;
    let word = first.trim_matches(MARKS);
    let is_marked = first.len() > word.len() + 1 && first.starts_with(MARKS);
    (is_marked && is_kind(word)).then(|| {
        format!(
            "`{}` was kept as text; {}",
            excerpt(first),
            did_you_mean(&[format!("`{}:`", word.to_lowercase())])
        )
    })
}

/// The state that is called `word`, in any case.
pub(super) fn state_by_name(word: &str) -> Option<State> {
    let has_name = |state: &State| state.as_str().eq_ignore_ascii_case(word);
    State::ALL.into_iter().find(has_name)
}

/// Returns a notice if the first word is a kind without a colon, for the kinds that rarely begin a
/// sentence.
pub(super) fn missing_colon_hint(text: &str) -> Option<String> {
    const RARE_FIRST_WORDS: [Kind; 11] = [
        Kind::Fault,
        Kind::Absorbed,
        Kind::Ack,
        Kind::Suspect,
        Kind::Finding,
        Kind::Decision,
        Kind::Verify,
        Kind::Mitigate,
        Kind::Restore,
        Kind::Comms,
        Kind::Handoff,
    ];
    let first = text.split(char::is_whitespace).next()?;
    if first.eq_ignore_ascii_case("done") && text[first.len()..].trim_start().starts_with('^') {
        return Some(format!(
            "`{first}` was kept as text, and closes no request: `done: ^HANDLE` does"
        ));
    }
    if let Some(state) = state_by_name(first).filter(|state| *state != State::Ok)
        && text[first.len()..].trim_start().starts_with('@')
    {
        return Some(format!(
            "`{first}` was kept as text; a state is written `!{state}`"
        ));
    }
    let is_kind = |kind: &&Kind| kind.as_str().eq_ignore_ascii_case(first);
    let kind = RARE_FIRST_WORDS.iter().find(is_kind).map(Kind::as_str);
    // `restored @web`
    let before_name = || {
        let is_name = text[first.len()..].trim_start().starts_with('@');
        let listed = OTHER_WORDS
            .iter()
            .find(|(word, _)| word.eq_ignore_ascii_case(first));
        listed.filter(|_| is_name).map(|(_, kind)| *kind)
    };
    let kind = kind
        .filter(|_| first.len() < text.len())
        .or_else(before_name)?;
    Some(format!(
        "`{first}` was kept as text; {}",
        did_you_mean(&[format!("`{kind}:`")])
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::words::CAPTURE_KINDS;

    #[test]
    fn every_word_stands_for_a_kind_and_is_none_itself() {
        for (word, kind) in OTHER_WORDS {
            assert!(
                kind == "resolve" || CAPTURE_KINDS.iter().any(|k| k.as_str() == kind),
                "{word}"
            );
            assert!(CAPTURE_KINDS.iter().all(|k| k.as_str() != word), "{word}");
            assert!(other_word_hint(&word.to_uppercase()).is_some_and(|hint| hint.contains(kind)));
        }
        assert!(other_word_hint("nginx").is_none());
        assert!(other_word_hint("todo").is_some_and(|hint| hint.contains("`ask:`")));
        assert!(several_words_hint("Root cause: x").is_some_and(|hint| hint.contains("`cause:`")));
        assert!(several_words_hint("the cause: x").is_none());
    }
}
