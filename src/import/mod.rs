//! Reads what other tools recorded: chats, alerts, tickets, logs, transcripts.
//!
//! One file per format. Each is a [`Format`]: how to tell it from the others, and how to read it as an
//! iterator of [`Row`]s. A reader decides nothing about an incident: which rows become events, of which kind
//! and at which local time, is decided in `ops`.
//!
//! Start reading at `row.rs`, what every reader gives, and `format.rs`, what a reader is; `files.rs` opens a file, a folder or a zip archive;
//! `lines.rs` and `json_items.rs` split long inputs, so that memory stays flat; `text.rs` makes plain text of what sources put into it.

mod files;
mod format;
mod json;
mod json_items;
mod lines;
mod row;
mod text;
mod time;

pub use files::Files;
pub use format::{Format, ReadOptions, Rows, Sample, Source};
pub use row::{Action, ActionRule, Place, Row, RowError, SourceTime, Speaker};
pub use text::strip_url_secrets;

/// All formats, those first that are told apart most surely.
pub const FORMATS: &[Format] = &[];

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
