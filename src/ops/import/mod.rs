//! Imports what other tools recorded into an incident. `options.rs` is what the user sets; `read_ahead.rs` reads
//! the rows beside the writing; `time_placing.rs` turns a row's time into a moment and `event.rs` a row into an
//! event; `equal_rows.rs` tells equal rows apart; `compare.rs` says what changed in a row that is there already;
//! `run.rs` writes them, all or none; `preview.rs` only looks at them, and `choices.rs` is what a person decides
//! about single rows then; `vanished.rs` finds what is no longer in the source;
//! `report.rs` is what came of each row; `retract.rs` takes an import back.

mod choices;
mod compare;
mod equal_rows;
mod event;
mod fingerprint;
mod input;
mod options;
mod preview;
mod read_ahead;
mod report;
mod retract;
mod run;
mod time_placing;
mod vanished;

pub use choices::RowChoices;
pub use input::input_error;
pub use options::{Destination, ImportOptions, KindMap, parse_map, parse_people};
pub use preview::{
    ImportPreview, InputNeed, MAX_LISTED_ROWS, PreviewResult, PreviewRow, RestCount, preview,
};
pub use report::{ImportReport, Outcome, RowReport, grouped};
pub use retract::{MAX_UNDONE_EVENTS, RetractedImport, retract_named};
pub use run::import;

pub use crate::import::{Action, Files, Need};
use crate::import::{FORMATS, Format};

/// Returns the names of all formats, and what has such files.
pub fn format_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    FORMATS.iter().map(|format| (format.name, format.about))
}

/// Returns the format with this name; `None` for another name.
#[must_use]
pub fn find_format(name: &str) -> Option<&'static Format> {
    crate::import::find_format(name)
}
