//! Plain text of Slack's own markup: `<@U1>`, `<url|label>`, `&amp;`.

use super::directory::Directory;
use crate::import::html::{decode_entities, is_same_address};

/// Returns the text without markup: mentions by name, links as `label (address)`. Marks of style (`*bold*`)
/// stay, as people type them.
pub(super) fn plain_text(text: &str, directory: &Directory) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&decode_entities(&rest[..at]));
        let from = &rest[at + 1..];
        // A `<` that a person typed is written `&lt;`, so this is markup unless it never ends.
        // Then no later one ends either: to look for each of many would take for ever.
        let Some((inner, after)) = from.split_once('>') else {
            out.push('<');
            rest = from;
            break;
        };
        out.push_str(&reference(inner, directory));
        rest = after;
    }
    out.push_str(&decode_entities(rest));
    out
}

/// Returns what stands for `<inner>`.
fn reference(inner: &str, directory: &Directory) -> String {
    let (target, label) = match inner.split_once('|') {
        Some((target, label)) => (target, Some(label).filter(|label| !label.is_empty())),
        None => (inner, None),
    };
    let label = label.map(decode_entities);
    if let Some(id) = target.strip_prefix('@') {
        return mention(id, label.as_deref(), directory);
    }
    if let Some(id) = target.strip_prefix('#') {
        let name = label.as_deref().or_else(|| directory.channel(id));
        return format!("#{}", name.unwrap_or(id));
    }
    if let Some(command) = target.strip_prefix('!') {
        let name = command.split('^').next().unwrap_or_default();
        return match (name, label) {
            ("here" | "channel" | "everyone", _) => format!("@{name}"),
            (_, Some(label)) => label,
            ("subteam", None) => format!("@{}", command.split('^').nth(1).unwrap_or(name)),
            (_, None) => command.to_owned(),
        };
    }
    let address = decode_entities(target);
    match label {
        Some(label) if is_same_address(&label, &address) => match address.strip_prefix("mailto:") {
            Some(mail) => mail.to_owned(),
            None => address,
        },
        Some(label) => format!("{label} ({address})"),
        None => address,
    }
}

/// Returns `@Name` of a user's id.
pub(super) fn mention(id: &str, label: Option<&str>, directory: &Directory) -> String {
    let name = directory.person(id).or(label).unwrap_or(id);
    format!("@{}", name.trim_start_matches('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_of_marks_that_never_end_is_read_in_little_time() {
        let text = "<".repeat(4_000_000);
        let directory = Directory::of_team(String::new());
        assert_eq!(plain_text(&text, &directory), text);
    }
}
