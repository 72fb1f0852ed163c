//! The terminal app. The Elm shape: a [`Model`](model::Model); [`update`](update::update), which
//! changes it for a message and says what is to be done outside it, without I/O and without a clock;
//! [`view`](view::view), which draws it.
//!
//! ```text
//!  input thread ─┐                ┌─► worker thread: the log book ─────────┐
//!  signal thread ┼─► one channel ─► update ─► effects ─► papers: documents ─┤
//!  the clock ────┘        ▲           │     └─► clipboard, bell, editor      │
//!                         │           ▼                                      │
//!                         └───────── view               replies ◄────────────┘
//! ```
//!
//! | file | what is in it |
//! |---|---|
//! | `keymap.rs`, `keys.rs` | the one table of keys |
//! | `model.rs`, `pages.rs`, `over.rs`, `msg.rs`, `job.rs`, `reply.rs`, `line.rs` | what there is, what comes and goes |
//! | `update/` | what becomes of a message |
//! | `view/`, `layout.rs`, `text.rs`, `theme.rs` | what is seen |
//! | `worker/` | what is done with the log book |
//! | `terminal.rs`, `input.rs`, `editor.rs`, `run.rs` | the terminal |

mod content;
mod editor;
mod input;
mod job;
pub mod keymap;
pub mod keys;
pub mod layout;
pub mod model;
pub mod msg;
mod reply;
mod run;
pub mod terminal;
mod text;
pub mod text_input;
pub mod theme;
pub mod update;
pub mod view;
pub mod worker;

pub use run::{Options, run};
