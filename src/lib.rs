//! Bridgelog: the incident commander's log book.
//!
//! **The journal is the only truth.** Everything that anyone does is one immutable
//! [`Entry`](domain::entry::Entry) appended to a journal; the timeline, the states, the metrics and
//! both documents are derived from it. Data walks one way:
//!
//! ```text
//!  keys / argv / a file
//!        │  capture (one line → a typed change)
//!        ▼
//!     Entry ──append──► journal (SQLite) ──fold──► Incident ──► view for one audience ──► document
//! ```
//!
//! The rooms, from the bottom up; a room imports only rooms below it, beside `domain`:
//!
//! | room | owns | may import |
//! |---|---|---|
//! | [`domain`] | entries, events, kinds, states, the fold, metrics, tasks, the capture line, time and zones, text made safe to show; no I/O, no clock | nothing |
//! | [`store`] | SQLite: schema, append, read models, search, verify, backup | |
//! | [`documents`] | audience views, postmortem, email; pure: data in, text out | |
//! | [`config`] | the settings file, folders, defaults | |
//! | [`ops`] | the use cases, one per file; the context a line is read in; never prints | store, documents, config |
//! | [`cli`] | arguments, one file per verb, printing, exit codes | ops, config |
//!
//! `main.rs` parses, runs and exits.

pub mod cli;
pub mod config;
pub mod documents;
pub mod domain;
pub mod ops;
pub mod store;
