//! Bridgelog records an incident in a terminal, line by line, and writes its postmortem and customer email.
//!
//! **The journal is the only truth.** Every change is one immutable [`Entry`](domain::entry::Entry)
//! appended to a journal; the timeline, the states, the metrics and both documents are derived from
//! it. Data flows one way:
//!
//! ```text
//!  keys / argv / a file / a hub
//!        │  capture (one line → a typed change)
//!        ▼
//!     Entry ──append──► journal (SQLite) ──fold──► Incident ──► view for one audience ──► document
//!                          ▲      │
//!                          └─hub──┘  (what each side lacks)
//! ```
//!
//! The rooms (the top-level modules), from the bottom up. A room imports only `domain` and the rooms
//! listed for it, and the files inside a room do not import each other in a circle;
//! `tests/layering.rs` checks both. Begin reading in each room's `mod.rs`, which names the file to
//! read first.
//!
//! | room | owns | may import |
//! |---|---|---|
//! | [`domain`] | entries, events, kinds, states, the fold, metrics, tasks, the capture line, time and zones, text made safe to show; no I/O, no clock | nothing |
//! | [`store`] | SQLite: schema, append, read models, search, verify, backup | |
//! | [`documents`] | audience views, postmortem, email; pure: data in, text out | |
//! | [`import`] | what other tools recorded: one reader per format, to an iterator of rows | |
//! | [`hub`] | where the journals of several machines meet: a directory, PostgreSQL; the sync above both | |
//! | [`config`] | the settings file, folders, defaults | |
//! | [`ops`] | the use cases, one per file; the context a line is read in; never prints | store, documents, import, hub, config |
//! | [`tui`] | the terminal app: keymap table, `update(model, msg) -> effects`, views, theme; no SQL, no files | ops, config |
//! | [`cli`] | arguments, one file per verb, printing, exit codes | ops, tui, config, store, documents |
//!
//! `main.rs` parses, runs and exits.

pub mod cli;
pub mod config;
pub mod documents;
pub mod domain;
pub mod hub;
pub mod import;
pub mod ops;
pub mod store;
pub mod tui;
