//! Checks documents for missing information and for text that must not be published. Each finding
//! has a reason and the command that fixes it. Nothing is changed.
//!
//! `letter.rs` checks a letter and the texts of `customer_texts.rs`, `postmortem.rs` a postmortem;
//! `words.rs` finds words and patterns in texts; `fix.rs` reads what fixes a finding. `internal_names.rs`
//! hides, in a text for executives, the names that lint keeps out of letters.

mod advice;
mod customer_texts;
mod fix;
mod internal_names;
mod letter;
mod letter_facts;
mod letter_names;
mod lifecycle;
mod postmortem;
mod words;

pub use customer_texts::unfilled_placeholders;
pub use fix::Fix;
pub use internal_names::InternalNames;
pub use letter::check_letter;
pub use postmortem::postmortem;

use super::placeholder::{self, CommandNames};
use crate::domain::white_space::fold_white_space;

/// The settings of the checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Additional words that letters must not contain.
    pub banned_words: Vec<String>,
    /// Names that look internal but may appear in letters.
    pub public_names: Vec<String>,
    /// Vendor names, which letters must not contain.
    pub vendors: Vec<String>,
    /// The longest time between customer updates during impact.
    pub update_minutes: u32,
    /// The longest time without an event during impact.
    pub silence_minutes: u32,
    /// True if several incidents are open, so that every command has to name its own.
    pub names_incident: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            banned_words: Vec::new(),
            public_names: Vec::new(),
            vendors: Vec::new(),
            update_minutes: 60,
            silence_minutes: 60,
            names_incident: false,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// `email` or `postmortem`.
    pub document: &'static str,
    /// The name of the check: `host-name`.
    pub check: &'static str,
    /// A handle, `field/NAME` or `section/NAME`; `None` if the finding is about the whole document.
    pub handle: Option<String>,
    pub reason: String,
    /// The command, or the setting, that fixes it.
    pub command: String,
    /// True if it is only advice: a person decides, and nothing is wrong.
    pub advice: bool,
}

impl Finding {
    #[must_use]
    pub fn fix(&self) -> Fix {
        Fix::from_command(&self.command)
    }
}

/// The finding that something was redacted, here called `name`, of which `author` wrote a version without knowing of
/// that; `command` destroys it.
#[must_use]
pub fn redacted_elsewhere(name: String, author: &str, command: String) -> Finding {
    Finding {
        document: "postmortem",
        check: "redacted-elsewhere",
        handle: Some(name),
        reason: format!(
            "it was redacted, but {author} wrote a version of it without knowing of that"
        ),
        command,
        advice: false,
    }
}

/// Collects the findings of one document without duplicates.
struct FindingCollector<'a> {
    document: &'static str,
    command_names: &'a CommandNames,
    findings: Vec<Finding>,
}

impl FindingCollector<'_> {
    fn add(
        &mut self,
        check: &'static str,
        handle: Option<&str>,
        reason: impl Into<String>,
        line: &str,
    ) {
        self.push(check, handle, reason.into(), line, false);
    }

    /// Adds what a person decides.
    fn advise(
        &mut self,
        check: &'static str,
        handle: Option<&str>,
        reason: impl Into<String>,
        line: &str,
    ) {
        self.push(check, handle, reason.into(), line, true);
    }

    fn push(
        &mut self,
        check: &'static str,
        handle: Option<&str>,
        reason: String,
        line: &str,
        advice: bool,
    ) {
        let finding = Finding {
            document: self.document,
            check,
            handle: handle.map(str::to_owned),
            reason,
            command: self.command_names.complete(line),
            advice,
        };
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    /// Adds a finding for each placeholder of `text` whose command no other finding has.
    fn add_placeholders(&mut self, text: &str) {
        let flat = fold_white_space(text);
        let insides = placeholder::split(&flat).into_iter().filter(|part| part.1);
        let named = insides.filter_map(|(inside, _)| placeholder::names_a_command(inside));
        for (what, command) in named {
            if self.findings.iter().any(|f| f.command == command) {
                continue;
            }
            let handle = handle_of_command(command);
            self.findings.push(Finding {
                document: self.document,
                check: "marker",
                handle,
                reason: format!("{what} is missing"),
                command: self.command_names.complete(command),
                advice: false,
            });
        }
    }
}

fn handle_of_command(command: &str) -> Option<String> {
    let words = ["amend ", "task set ", "task decline "];
    let rest = words.iter().find_map(|w| Some(command.split_once(w)?.1));
    let linked = command.split_once('^').map(|(_, rest)| rest);
    let handle =
        |rest: &str| -> String { rest.chars().take_while(char::is_ascii_lowercase).collect() };
    rest.or(linked).map(handle).filter(|h| !h.is_empty())
}

/// Removes our placeholders, and keeps what a person typed between `[[` and `]]`.
fn without_placeholders(text: &str) -> String {
    let parts = placeholder::split(text);
    let kept = parts.into_iter().map(|(part, marked)| match marked {
        true if placeholder::names_a_command(part).is_some() => String::new(),
        true => format!("[[{part}]]"),
        false => part.to_owned(),
    });
    kept.collect()
}

#[cfg(test)]
mod tests;
