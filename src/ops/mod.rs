//! The use cases that the command line and the app share, one per file.
//!
//! In: a [`Session`] and what the user typed (lines, references, flags). Out: the result as data, or
//! an [`OpsError`] with cause and hints. They read and write through the session's store, write
//! files whole, and never print.
//!
//! Begin with `session.rs`, then `resolve.rs` (which incident or event is meant) and `log.rs` (the
//! shortest use case that writes).

pub mod adopt;
pub mod amend;
pub mod atomic_write;
pub mod attach;
mod attach_file;
pub mod attached_file;
pub mod batch;
pub mod bounded_read;
pub mod brief;
pub mod chat_lines;
mod closed_requests;
pub mod context;
pub mod correct;
pub mod declare;
pub mod demo;
pub mod document;
mod document_files;
pub mod draft;
pub mod edit;
mod entry_body;
pub mod error;
pub mod event_detail;
pub mod events_csv;
pub mod export;
pub mod field;
pub mod filter;
pub mod folder;
pub mod follow;
pub mod future_time;
pub mod gone;
pub mod import;
pub mod incident_history;
pub mod incident_summary;
pub mod journal_lines;
mod later_states;
pub mod ledger;
pub mod lifecycle;
pub mod line_effect;
pub mod link_candidates;
pub mod lint;
pub mod log;
pub mod logged_before;
pub mod merge;
mod merge_fields;
pub mod message;
pub mod names;
mod other_half;
pub mod person;
pub mod redact;
pub mod redact_files;
pub mod redact_outlived;
mod redact_remains;
mod redact_texts;
pub mod request;
pub mod resolve;
pub mod restore;
pub mod review;
pub mod search;
pub mod section_material;
pub mod seen_before;
pub mod service;
pub mod session;
mod started_states;
pub mod state_notices;
pub mod stats;
pub mod status;
pub mod sync;
pub mod task;
pub mod task_line;
pub mod template;
pub mod timeline;
pub mod typed_text;
pub mod undo;
mod undo_act;
mod undo_changes;
mod unnamed_states;
pub mod update;
pub mod write_context;

pub use crate::store::IncidentRow;
pub use error::{ErrorKind, Obstacle, OpsError, Result};
pub use session::{Session, SessionOptions};
