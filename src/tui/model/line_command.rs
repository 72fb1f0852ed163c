//! Lines that begin like a command: they open its prompt instead of being logged.

use super::prompt::Question;
use crate::{domain::severities::Severities, tui::keymap::Action};

/// A line that is a word of a command, and what it opens. `bool`: the rest of the line goes with it.
const COMMAND_WORDS: [(&str, CommandWord); 17] = [
    ("resolve:", CommandWord::Ask(Question::Resolve)),
    ("resolved:", CommandWord::Ask(Question::Resolve)),
    ("reopen:", CommandWord::Ask(Question::Reopen)),
    ("reopened:", CommandWord::Ask(Question::Reopen)),
    ("declare:", CommandWord::Ask(Question::Declare)),
    ("todo:", CommandWord::Ask(Question::AddTask)),
    ("undo", CommandWord::Run(Action::Undo)),
    ("redo", CommandWord::Run(Action::Redo)),
    ("help", CommandWord::Run(Action::Help)),
    (":help", CommandWord::Run(Action::Help)),
    ("quit", CommandWord::Run(Action::Leave)),
    ("exit", CommandWord::Run(Action::Leave)),
    (":q", CommandWord::Run(Action::Leave)),
    (":q!", CommandWord::Run(Action::Leave)),
    (":wq", CommandWord::Run(Action::Leave)),
    ("resolve", CommandWord::Ask(Question::Resolve)),
    ("reopen", CommandWord::Ask(Question::Reopen)),
];

#[derive(Clone, Debug)]
enum CommandWord {
    Ask(Question),
    Run(Action),
}

/// What a line that begins like a command opens, with the rest of its text.
#[derive(Clone, Debug)]
pub enum LineCommand {
    Ask(Question, String),
    Run(Action),
}

impl LineCommand {
    /// Says what Enter does with the line.
    #[must_use]
    pub fn advice(&self, text: &str) -> String {
        let word = text.split_whitespace().next().unwrap_or_default();
        let what = match self {
            Self::Ask(Question::Resolve, _) => "ends the incident: Enter asks first",
            Self::Ask(Question::Reopen, _) => "opens the incident again: Enter asks first",
            Self::Ask(Question::Declare, _) => "declares an incident: Enter asks first",
            Self::Ask(Question::AddTask, _) => "adds a follow-up: Enter asks first",
            Self::Ask(Question::Search, _) => "finds words: Enter opens FIND",
            Self::Ask(..) => "changes the severity: Enter asks first",
            Self::Run(Action::Undo) => "undoes your last act: Enter asks first",
            Self::Run(Action::Redo) => "redoes what was undone: Enter asks first",
            Self::Run(Action::Help) => "opens the help: Enter",
            Self::Run(_) => "quits Bridgelog: Enter asks first",
        };
        format!("\"{word}\" {what}; \\{word} logs it as text")
    }
}

/// Returns what `text` opens, if it begins like a command.
#[must_use]
pub fn command_of(text: &str, severities: &Severities) -> Option<LineCommand> {
    let text = text.trim();
    if text.contains('\n') {
        return None;
    }
    let lower = text.to_lowercase();
    if let Some(words) = text
        .strip_prefix('/')
        .filter(|words| !words.starts_with('/'))
    {
        let is_path = words.contains('/');
        return (!is_path && !words.trim().is_empty())
            .then(|| LineCommand::Ask(Question::Search, words.trim().to_owned()));
    }
    let has_prefix = lower.len() == 4 && lower.starts_with("sev");
    let mut own = severities.own_names().iter();
    if (has_prefix && severities.parse(&lower).is_some())
        || own.any(|name| name.to_lowercase() == lower)
    {
        return Some(LineCommand::Ask(Question::SetField("severity"), lower));
    }
    COMMAND_WORDS.iter().find_map(|(word, command)| {
        let rest = if word.ends_with(':') {
            let rest = lower.strip_prefix(word)?;
            text[text.len() - rest.len()..].trim()
        } else {
            (lower == *word).then_some("")?
        };
        Some(match command {
            CommandWord::Ask(question) => LineCommand::Ask(question.clone(), rest.to_owned()),
            CommandWord::Run(action) => LineCommand::Run(*action),
        })
    })
}
