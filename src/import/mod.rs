//! Reads what other tools recorded: chats, alerts, tickets, logs, transcripts.
//!
//! One file per format. Each is a [`Format`]: how to tell it from the others, and how to read it as an
//! iterator of [`Row`]s. A reader decides nothing about an incident: which rows become events, of which kind
//! and at which local time, is decided in `ops`.
//!
//! Start reading at `row.rs`, what every reader gives, and `format.rs`, what a reader is; `files.rs` opens a file, a folder or a zip archive;
//! `lines.rs` and `json_items.rs` split long inputs, so that memory stays flat; `json_rows.rs` makes rows of the items of JSON; `text.rs` and `html.rs` make plain text of what
//! sources put into it.

mod alertmanager;
mod files;
mod format;
mod github;
mod gitlab;
mod grafana;
mod html;
mod jira;
mod json;
mod json_items;
mod json_rows;
mod lines;
mod opsgenie;
mod pagerduty;
mod row;
mod slack;
mod statuspage;
mod teams;
mod text;
mod time;

pub use files::Files;
pub use format::{Format, Notices, ReadOptions, Rows, Sample, Source};
pub use row::{Action, ActionRule, Place, Row, RowError, SourceTime, Speaker};
pub use text::strip_url_secrets;

/// All formats, those first that are told apart most surely.
pub const FORMATS: &[Format] = &[
    slack::SLACK,
    pagerduty::PAGERDUTY,
    opsgenie::OPSGENIE,
    grafana::GRAFANA,
    alertmanager::ALERTMANAGER,
    statuspage::STATUSPAGE,
    jira::JIRA,
    teams::TEAMS,
    github::GITHUB,
    gitlab::GITLAB,
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
