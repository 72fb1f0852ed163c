//! The terminal app, in the shape of Elm: a [`Model`](model::Model), an [`update`](update::update)
//! that changes it for a message and returns effects without doing I/O or reading a clock, and a
//! [`view`](view::view) that draws it. Begin reading with `run.rs`, the main loop.
//!
//! ```text
//!  input thread ──┐                ┌─► worker thread: reads and writes ────┐
//!  signal thread ─┼─► channel ─► update ─► effects ─► background worker ───┤
//!  tick, 1 s ─────┘      ▲         │      └─► clipboard, bell, editor      │
//!                        │         ▼                                       │
//!                        │        view            replies                  │
//!                        └─────────────────────────────────────────────────┘
//! ```
//!
//! | file | contents |
//! |---|---|
//! | `keymap.rs`, `keys.rs` | the table of keys and actions |
//! | `msg.rs`, `job.rs`, `write.rs`, `reply.rs` | messages, effects, jobs for the worker, its replies |
//! | `model/`, `text_input.rs` | the state, and the lists derived from it |
//! | `content/`, `text.rs`, `theme.rs` | styled rows made from the model |
//! | `character_set.rs` | whether the app's signs are drawn in Unicode or in ASCII |
//! | `layout/` | which part of the screen shows what; hit tests |
//! | `update/` | messages change the model |
//! | `view/` | the model is drawn |
//! | `plain/` | the screen in sentences, for a screen reader |
//! | `worker/` | jobs run on a [`Session`](crate::ops::Session) |
//! | `input/` | the input thread: bytes of the terminal become keys, bursts, pastes, clicks |
//! | `hub.rs`, `hub_status.rs` | the thread that keeps the hub in step, and what the screen knows of it |
//! | `startup.rs` | the model that the app starts with |
//! | `run.rs`, `terminal.rs`, `editor.rs`, `clipboard.rs` | main loop, terminal, `$EDITOR`, copying |
//! | `background_worker.rs` | the thread for slow jobs |
//!
//! `update/` and `view/` do not use each other: both use `layout/`, then `content/`, then `model/`. In each of
//! these a screen has the file with its name: `ls src/tui/*/paste.rs` is all of the preview of a paste.
//!
//! What has the keys is [`Model::overlays`](model::Model::overlays), topmost last; without one, the line or the
//! list ([`Focus`](model::Focus)). A write goes this way: Enter in a prompt sends [`Job::Check`](msg::Job::Check),
//! which rehearses it; what it would do stands in the zone; the next Enter sends
//! [`Job::Confirmed`](msg::Job::Confirmed). The line and the paste are shown as they are read, and are sent as they
//! are. Everything sent waits in the outbox until the worker says that it is written.

mod background_worker;
pub mod character_set;
mod clipboard;
pub mod content;
mod editor;
mod event_detail;
mod hub;
pub mod hub_status;
mod import_job;
mod incident_lists;
mod input;
mod job;
pub mod keymap;
pub mod keys;
pub mod layout;
pub mod model;
pub mod msg;
mod new_incident;
mod plain;
mod read_line;
mod reply;
mod run;
mod startup;
pub mod terminal;
mod text;
pub mod text_input;
pub mod theme;
pub mod update;
pub mod view;
pub mod worker;
mod write;

pub use clipboard::clipboard_way;
pub use run::run;
pub use startup::Options;
