//! The checks of typed texts and names, before they are written.
//!
//! What no document would show is refused here, while the person who typed it can still put it right.
//! Entries that exist, and those of other machines, are taken as they are.

use super::{OpsError, Result};
use crate::domain::{
    capture::{Flags, MAX_LINE_BYTES, NAME_QUOTES},
    document_text,
    event::Event,
    sanitize,
    when::parse_time_box,
};

/// Longest text taken, in bytes. Longer ones are pastes that belong in a file.
pub const MAX_TEXT_BYTES: usize = MAX_LINE_BYTES;

/// Trims `typed` and checks it; `what` names it in errors (`title`, `reason`).
///
/// # Errors
/// Those of [`validate_length`], a placeholder, or a character that no document shows.
pub fn validate_text(typed: &str, what: &str) -> Result<String> {
    let typed = validate_length(typed, what)?;
    reject_placeholder(&typed, what)?;
    reject_hidden_characters(&typed, what)?;
    Ok(typed)
}

/// Trims `typed`, a text that stands elsewhere already, and checks that it can be stored word for word.
///
/// # Errors
/// It is empty, longer than [`MAX_TEXT_BYTES`], or contains NUL.
pub fn validate_length(typed: &str, what: &str) -> Result<String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(OpsError::usage(format!("the {what} is empty"))
            .with_hint(format!("type the {what}, in single quotes")));
    }
    if typed.len() > MAX_TEXT_BYTES {
        return Err(OpsError::usage(format!(
            "the {what} has {} bytes; {MAX_TEXT_BYTES} are the most",
            typed.len()
        ))
        .with_hint("keep a long text in a file and log where it is"));
    }
    if let Some(at) = typed.find('\0') {
        return Err(
            OpsError::usage(format!("the {what} contains a NUL character at byte {at}"))
                .with_hint("remove it"),
        );
    }
    Ok(typed.to_owned())
}

/// Refuses a text with a character that hides or reorders text, or that cannot be seen; `what` names the
/// text in the error.
///
/// # Errors
/// The first such character, and the text before it.
pub fn reject_hidden_characters(typed: &str, what: &str) -> Result<()> {
    const SHOWN_CHARS: usize = 24;
    let Some(refused) = document_text::first_refused(typed) else {
        return Ok(());
    };
    let before = &typed[..refused.at];
    let count = before.chars().count();
    let excerpt: String = before
        .chars()
        .skip(count.saturating_sub(SHOWN_CHARS))
        .collect();
    let place = match excerpt.trim() {
        "" => "at its start".to_owned(),
        _ => format!("after `{}`", sanitize::line(excerpt.trim_start())),
    };
    Err(
        OpsError::usage(format!("the {what} has {refused} ({place})")).with_hint(
            "readers would not see it: remove it, or type that part again instead of pasting it",
        ),
    )
}

/// Words that hints and templates write where a value is to be filled in.
const PLACEHOLDERS: [&str; 7] = ["WHEN", "WHO", "TEXT", "NAME", "VALUE", "!STATE", "SERVICE"];

/// Refuses a value that is only the placeholder of a hint, copied with its command; `what` names the
/// value in the error.
///
/// # Errors
/// `typed` is one of `PLACEHOLDERS`.
pub fn reject_placeholder(typed: &str, what: &str) -> Result<()> {
    let word = typed.trim().trim_start_matches(['@', '#']);
    if PLACEHOLDERS.contains(&word) {
        return Err(OpsError::usage(format!(
            "the {what} is `{word}`, which only holds the place of a value"
        ))
        .with_hint(format!("type the {what} itself in place of `{word}`")));
    }
    Ok(())
}

/// Checks an event as it would be written after `before`, its version until now: that no text of it has
/// hidden characters, and that no placeholder stands for a value. What is as it was is not checked: it may
/// be of another machine.
///
/// # Errors
/// The text and what is wrong with it.
pub fn validate_event(event: &Event, before: Option<&Event>) -> Result<()> {
    let were: Vec<&str> = before.map_or_else(Vec::new, |before| {
        typed_of(before).map(|(typed, _)| typed).collect()
    });
    for (typed, what) in typed_of(event).filter(|(typed, _)| !were.contains(typed)) {
        reject_hidden_characters(typed, what)?;
    }
    reject_placeholders(event)
}

/// Returns the texts and names of `event`, and what each of them is.
fn typed_of(event: &Event) -> impl Iterator<Item = (&str, &'static str)> {
    let texts = [
        (Some(&event.text), "text"),
        (event.rationale.as_ref(), "reason"),
        (event.rejected.as_ref(), "rejected choice"),
        (event.customer.as_ref(), "customer wording"),
        (event.commander.as_ref(), "commander"),
        (event.audience.as_ref(), "audience"),
    ];
    let names = [
        (&event.services, "service"),
        (&event.people, "person"),
        (&event.tags, "tag"),
    ];
    let texts = texts
        .into_iter()
        .filter_map(|(typed, what)| Some((typed?.as_str(), what)));
    texts.chain(
        names
            .into_iter()
            .flat_map(|(names, what)| names.iter().map(move |name| (name.as_str(), what))),
    )
}

/// Refuses an event with a placeholder as one of its texts or names, or before its text, where a
/// hint has the time.
///
/// # Errors
/// See [`reject_placeholder`].
fn reject_placeholders(event: &Event) -> Result<()> {
    let first = event.text.split_whitespace().next().unwrap_or_default();
    if first == "WHEN" {
        reject_placeholder(first, "time")?;
    }
    // An unknown name stays in the text.
    for word in event.text.split_whitespace() {
        if matches!(word, "@WHO" | "@NAME") {
            reject_placeholder(word, "name")?;
        }
    }
    for (typed, what) in typed_of(event) {
        reject_placeholder(typed, what)?;
    }
    Ok(())
}

/// Quotes `name` for a shell if it has a space.
pub fn quote_name(name: &str) -> String {
    if name.contains([' ', '\'']) {
        format!("'{}'", name.replace('\'', "'\\''"))
    } else {
        name.to_owned()
    }
}

/// Checks the tags and services that were given as flags: each is one word, so that it can be typed in a
/// line as well.
///
/// # Errors
/// One has a space.
pub fn validate_flags(flags: &Flags) -> Result<()> {
    let has_space = |name: &&String| name.contains(char::is_whitespace);
    let no_word = |name: &&String| !name.is_empty() && !name.contains(char::is_alphanumeric);
    let bad = |name: &&String| has_space(name) || no_word(name);
    if let Some(tag) = flags.tags.iter().find(bad) {
        return Err(OpsError::usage(format!("`{tag}` is not a tag"))
            .with_hint("a tag is one word; --tag may be given again"));
    }
    // An empty one clears the services of an event that is amended.
    for service in flags.services.iter().filter(|name| !name.is_empty()) {
        validate_name(service, "service")?;
    }
    Ok(())
}

/// Checks the name of a person and strips its `@` and the quotes around it; `what` says in which role. It may
/// have spaces, of which several in a row become one.
///
/// # Errors
/// It is empty, has no letter, contains a control character or `@`, or has a time in it.
pub fn validate_person(typed: &str, what: &str) -> Result<String> {
    let name = validate_text(typed, what)?;
    let name = without_quotes(name.trim_start_matches('@'));
    let words: Vec<&str> = name.split_whitespace().collect();
    let name = words.join(" ");
    if !name.contains(char::is_alphabetic) || name.contains(|c: char| c.is_control() || c == '@') {
        return Err(OpsError::usage(format!("`{typed}` is not a name ({what})"))
            .with_hint("give one name, as in 'Ann Lee' or ann"));
    }
    if words.iter().any(|word| is_of_a_time(word)) {
        return Err(OpsError::usage(format!(
            "`{typed}` has a time in it, and is not a name ({what})"
        ))
        .with_hint("a time has a flag of its own where it can be given: --at WHEN"));
    }
    if names_several(&name, what == "owner") {
        return Err(
            OpsError::usage(format!("`{typed}` is more than one name ({what})"))
                .with_hint("give one person, as in 'Ann Lee' or ann"),
        );
    }
    if let Some(person) = without_role(&name) {
        return Err(OpsError::usage(format!(
            "`{typed}` begins with a role, which is no part of a name ({what})"
        ))
        .with_hint(format!("give the name alone: '{person}'")));
    }
    Ok(name)
}

/// True for `bob, mia`, `bob and raj`, but not for `Raj Patel, Jr.`; with `may_be_team`, `Data and Platform` is one name.
fn names_several(name: &str, may_be_team: bool) -> bool {
    const JOINS: [&str; 5] = ["and", "&", "+", "/", "or"];
    const TITLES: [&str; 8] = ["jr", "sr", "ii", "iii", "iv", "phd", "md", "esq"];
    let is_one_of = |word: &str, list: &[&str]| list.iter().any(|w| w.eq_ignore_ascii_case(word));
    let is_title = |part: &str| is_one_of(&part.trim().replace('.', ""), &TITLES);
    let mut others = name.split([',', ';']).skip(1);
    let words: Vec<&str> = name.split(' ').collect();
    let between = words.get(1..words.len() - 1).unwrap_or_default();
    others.any(|part| !part.trim().is_empty() && !is_title(part))
        || !may_be_team && between.iter().any(|word| is_one_of(word, &JOINS))
}

/// Returns the name behind a role with which `name` begins: `IC bob`, `commander: bob`.
fn without_role(name: &str) -> Option<&str> {
    const ROLES: [&str; 6] = ["ic", "commander", "owner", "scribe", "lead", "to"];
    let (role, person) = name.split_once([' ', ':'])?;
    let person = person.trim_start_matches([' ', ':']);
    let is_role = ROLES
        .iter()
        .any(|known| known.eq_ignore_ascii_case(role.trim_end_matches(':')));
    (is_role && !person.is_empty()).then_some(person)
}

/// Returns `name` without the double quotes around it, in which a line has a name of several words.
fn without_quotes(name: &str) -> &str {
    let inside = name.strip_prefix(NAME_QUOTES);
    inside
        .and_then(|name| name.strip_suffix(NAME_QUOTES))
        .unwrap_or(name)
}

/// True for `13:50`, `-5m` and `ago`, which no name has.
fn is_of_a_time(word: &str) -> bool {
    let number = word.trim_start_matches(['-', '~']);
    let is_clock = number.starts_with(|c: char| c.is_ascii_digit()) && number.contains(':');
    is_clock || word.eq_ignore_ascii_case("ago") || parse_time_box(number).is_some()
}

/// Checks the name of a service and strips its `@`; `what` says which it is.
///
/// # Errors
/// It is empty, or contains white space, a control character or `@`, so that it could not be typed
/// after an `@`.
pub fn validate_name(typed: &str, what: &str) -> Result<String> {
    let name = validate_text(typed, what)?;
    let name = name.trim_start_matches('@').to_owned();
    if !name.contains(char::is_alphanumeric)
        || name
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || matches!(c, '@' | ',' | ';'))
    {
        return Err(
            OpsError::usage(format!("`{name}` is not a name for a {what}"))
                .with_hint("a name is one word: letters, digits, - _ . /, as in pay-db")
                .with_hint("`bridgelog service pay-db --public 'Pay DB'` says what customers read"),
        );
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("bob, mia", "more than one name")]
    #[case("bob and raj", "more than one name")]
    #[case("bob & raj", "more than one name")]
    #[case("IC bob", "begins with a role")]
    #[case("commander: bob", "begins with a role")]
    fn what_is_no_single_name_is_refused(#[case] typed: &str, #[case] message: &str) {
        let error = validate_person(typed, "commander").unwrap_err();
        assert!(error.to_string().contains(message), "{typed}: {error}");
    }

    #[rstest]
    #[case("Mia Wong")]
    #[case("Raj Patel, Jr.")]
    #[case("Anderson Land")]
    #[case("icarus")]
    #[case("ic")]
    #[case("Lead-Ann Torres")]
    fn single_name_is_taken(#[case] typed: &str) {
        assert_eq!(validate_person(typed, "commander").unwrap(), typed);
    }

    #[test]
    fn owner_may_be_a_team() {
        assert!(validate_person("Data and Platform", "owner").is_ok());
        assert!(validate_person("bob, mia", "owner").is_err());
    }
}
