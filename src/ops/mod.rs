//! The use cases that the command line and the app share, one per file. They read and write
//! through the [`Book`] and never print.

pub mod adopt;
pub mod ahead;
pub mod amend;
pub mod book;
pub mod context;
pub mod declare;
pub mod document;
pub mod error;
pub mod field;
pub mod lifecycle;
pub mod lint;
pub mod log;
pub mod merge;
pub mod message;
pub mod pen;
pub mod redact;
pub mod service;
pub mod task;
pub mod undo;
pub mod update;
pub mod which;
pub mod whole_file;

pub use book::{Book, BookOptions};
pub use error::{OpsError, Result, Sort};
