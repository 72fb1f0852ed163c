//! What a document lacks, or must not say: each finding with its reason and the command that mends
//! it. Warnings for a person; nothing is changed.

mod customer_texts;
mod letter;
mod postmortem;
mod words;

pub use letter::letter;
pub use postmortem::postmortem;

use super::placeholder::with_incident_flag;
use crate::domain::{incident::Incident, time::UtcTime};
use chrono::Utc;

/// What the checks go by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Further words that no letter may have.
    pub banned_words: Vec<String>,
    /// Names that look internal and are not.
    pub public_names: Vec<String>,
    /// Vendors, whom no letter blames.
    pub vendors: Vec<String>,
    /// How long customers may wait for a word while it hurts, in minutes.
    pub update_minutes: u32,
    /// How long nothing may be written down while it hurts, in minutes.
    pub silence_minutes: u32,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            banned_words: Vec::new(),
            public_names: Vec::new(),
            vendors: Vec::new(),
            update_minutes: 60,
            silence_minutes: 60,
        }
    }
}

/// Something that a check found.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// `email` or `postmortem`.
    pub document: &'static str,
    /// Which check: `host-name`.
    pub check: &'static str,
    /// What it is about: a handle, `field/NAME`, `section/NAME`; none where it is about the whole.
    pub handle: Option<String>,
    /// What is wrong, and why that matters.
    pub reason: String,
    /// What mends it.
    pub command: String,
}

/// The findings of one document.
struct FindingCollector<'a> {
    document: &'static str,
    incident_flag: &'a str,
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
        let finding = Finding {
            document: self.document,
            check,
            handle: handle.map(str::to_owned),
            reason: reason.into(),
            command: with_incident_flag(line, self.incident_flag),
        };
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    /// The markers of `text` that no other finding mends.
    fn add_placeholders(&mut self, text: &str) {
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for (what, command) in placeholders(&flat) {
            if self.findings.iter().any(|f| f.command == command) {
                continue;
            }
            let handle = handle_of_command(&command);
            self.findings.push(Finding {
                document: self.document,
                check: "marker",
                handle,
                reason: format!("{what} is missing"),
                command,
            });
        }
    }
}

/// The handle that a command names, where it names one.
fn handle_of_command(command: &str) -> Option<String> {
    let words = ["amend ", "task set ", "task decline "];
    let rest = words.iter().find_map(|w| Some(command.split_once(w)?.1));
    let linked = command.split_once('^').map(|(_, rest)| rest);
    let of = |rest: &str| -> String { rest.chars().take_while(char::is_ascii_lowercase).collect() };
    rest.or(linked).map(of).filter(|h| !h.is_empty())
}

/// What stands between `[[` and `]]` in `flat`, a text without line breaks: what is missing, and the
/// command.
fn placeholders(flat: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for piece in flat.split("[[").skip(1) {
        let Some((inner, _)) = piece.split_once("]]") else {
            continue;
        };
        let Some((what, command)) = inner.split_once(": ") else {
            continue;
        };
        if command.starts_with("bridgelog ") || command.ends_with("in the settings") {
            found.push((what.to_owned(), command.to_owned()));
        }
    }
    found
}

/// `flat` without its markers.
fn without_placeholders(flat: &str) -> String {
    let mut out = String::with_capacity(flat.len());
    let mut rest = flat;
    while let Some((before, after)) = rest.split_once("[[") {
        out.push_str(before);
        match after.split_once("]]") {
            Some((_, after)) => rest = after,
            None => {
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// When customers were told something, oldest first, with the handle.
fn customer_updates(incident: &Incident) -> Vec<(UtcTime, &str)> {
    let mut told: Vec<(UtcTime, &str)> = incident
        .active_events()
        .filter(|e| e.value.is_customer_update())
        .map(|e| (e.value.at_utc(), e.handle.as_str()))
        .chain(
            incident
                .messages
                .iter()
                .filter_map(|m| Some((m.value.sent_at?.with_timezone(&Utc), m.handle.as_str()))),
        )
        .collect();
    told.sort();
    told
}

#[cfg(test)]
mod tests;
