//! Reads what other tools recorded: chats, alerts, tickets, logs, transcripts.
//!
//! One file per format. Each is a [`Format`]: how to tell it from the others, and how to read it as an
//! iterator of [`Row`]s. A reader decides nothing about an incident: which rows become events, of which kind
//! and at which local time, is decided in `ops`.
//!
//! Start reading at `row.rs`, what every reader gives, and `format.rs`, what a reader is; `files.rs` opens a
//! file, a folder or a zip archive;
//! `lines.rs`, `json_items.rs` and `json_objects.rs` split long inputs, so that memory stays flat; `json_rows.rs` makes
//! rows of JSON; `pages.rs` says which are missing; `stamp.rs` and `days.rs` read the times of chats; `text.rs` and
//! `html.rs` make plain text.

mod alertmanager;
mod chat;
mod days;
mod discord;
mod files;
mod format;
mod github;
mod gitlab;
mod grafana;
mod html;
mod jira;
mod journald;
mod json;
mod json_items;
mod json_objects;
mod json_rows;
mod lines;
mod oncall;
mod opsgenie;
mod pagerduty;
mod pages;
mod row;
mod row_ids;
mod slack;
mod stamp;
mod statuspage;
mod syslog;
mod table;
mod teams;
#[cfg(test)]
mod testing;
mod text;
mod time;
mod vtt;
mod zoom;

pub use chat::{ChatMessage, ChatTime, CopiedChat, looks_like_chat, read_copied_chat};
pub use files::Files;
pub use format::{Format, Notices, ReadOptions, Rows, Sample, Source};
pub use row::{Action, ActionRule, Need, Place, Row, RowError, SourceTime, Speaker};
pub use stamp::Day as ChatDay;
pub use text::strip_url_secrets;

/// All formats, those first that are told apart most surely.
pub const FORMATS: &[Format] = &[
    slack::SLACK,
    pagerduty::PAGERDUTY,
    opsgenie::OPSGENIE,
    grafana::GRAFANA,
    oncall::ONCALL,
    alertmanager::ALERTMANAGER,
    statuspage::STATUSPAGE,
    jira::JIRA,
    teams::TEAMS,
    github::GITHUB,
    gitlab::GITLAB,
    table::INCIDENT_IO,
    table::ROOTLY,
    table::FIREHYDRANT,
    table::GRAFANA_INCIDENT,
    discord::FORMAT,
    journald::FORMAT,
    vtt::FORMAT,
    table::JSONL,
    syslog::FORMAT,
    zoom::FORMAT,
    chat::FORMAT,
    table::CSV,
];

/// Returns the format with this name.
#[must_use]
pub fn find_format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// Returns the first format that the input looks like.
#[must_use]
pub fn detect_format(sample: &Sample) -> Option<&'static Format> {
    FORMATS.iter().find(|format| (format.detect)(sample))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// Every file under `tests/import/FORMAT` is told to be of that format.
    #[test]
    fn each_fixture_is_detected_as_its_own_format() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import");
        let own = [
            "chat", "csv", "jsonl", "journald", "syslog", "vtt", "zoom", "discord",
        ];
        let mut seen = 0;
        for name in own {
            for entry in std::fs::read_dir(root.join(name)).unwrap() {
                let path = entry.unwrap().path();
                let mut files = Files::open(&path).unwrap();
                let sample = Sample::of(&mut files).unwrap();
                let found = detect_format(&sample).map(|format| format.name);
                assert_eq!(found, Some(name), "{}", path.display());
                seen += 1;
            }
        }
        assert!(seen >= 16, "{seen}");
    }
}
