//! What is wrong in settings that could be read: names that the program does not know, where it uses them.

use crate::{
    config::Settings,
    domain::{
        capture::{Context, Flags, parse},
        time::UtcTime,
        words::CAPTURE_KINDS,
        zone::Zone,
    },
    tui::{
        keymap::Keymap,
        theme::{Background, Theme},
    },
};

/// Returns one sentence for each problem; none if the settings are right.
pub(super) fn problems(settings: &Settings) -> Vec<String> {
    let mut problems = Vec::new();
    if let Some(Err(error)) = settings.zone.as_deref().map(Zone::find) {
        problems.push(format!("zone: {error}; {}", error.hint()));
    }
    if let Err(error) = Keymap::new(&settings.keys) {
        problems.push(error.to_string());
    }
    if let Err(error) = Theme::on(Background::Dark, &settings.theme, true) {
        problems.push(error);
    }
    for (word, kind) in &settings.aliases {
        problems.extend(alias_problem(word, kind, settings));
    }
    problems
}

/// Returns why `word` cannot stand for `kind`.
fn alias_problem(word: &str, kind: &str, settings: &Settings) -> Option<String> {
    if CAPTURE_KINDS.iter().any(|known| known.as_str() == word) {
        return Some(format!("aliases.{word}: `{word}` is a kind itself"));
    }
    let mut context = Context::new(UtcTime::UNIX_EPOCH, Zone::utc());
    let as_flag = Flags {
        kind: Some(kind.to_owned()),
        ..Flags::default()
    };
    if let Err(error) = parse("text", &as_flag, &context) {
        let message = error.message.trim_start_matches("--kind: ");
        return Some(format!("aliases.{word}: {message}; {}", error.hint));
    }
    context.aliases.clone_from(&settings.aliases);
    let line = parse(&format!("{word}: text"), &Flags::default(), &context);
    let is_read = line.is_ok_and(|line| line.text.as_deref() == Some("text"));
    (!is_read).then(|| format!("aliases.{word}: a line cannot begin with `{word}:` as a kind"))
}
