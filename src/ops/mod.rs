//! The use cases that the command line and the app share, one per file. They read and write
//! through the [`Book`] and never print.

pub mod adopt;
pub mod ahead;
pub mod amend;
pub mod book;
pub mod context;
pub mod declare;
pub mod demo;
pub mod document;
pub mod draft;
pub mod error;
pub mod export;
pub mod field;
pub mod ledger;
pub mod lifecycle;
pub mod lint;
pub mod log;
pub mod merge;
pub mod message;
pub mod outline;
pub mod page;
pub mod pen;
pub mod redact;
pub mod rewrite;
pub mod search;
pub mod service;
pub mod sheet;
pub mod stats;
pub mod status;
pub mod task;
pub mod task_line;
pub mod template;
pub mod undo;
pub mod update;
pub mod which;
pub mod whole_file;

pub use crate::store::IncidentRow;
pub use book::{Book, BookOptions};
pub use error::{OpsError, Result, Sort};
