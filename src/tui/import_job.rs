//! What the app asks the worker about an import, and what comes back.

use super::write::Target;
use crate::{
    domain::words::Kind,
    ops::import::{Action, ImportPreview, InputNeed, RowChoices},
};
use chrono::NaiveDate;
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

/// Which input is imported, and what was said of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportRequest {
    /// The path as typed.
    pub path: String,
    /// The name of the format; `None` finds it out.
    pub format: Option<&'static str>,
    /// The name of the zone of its local times.
    pub zone: Option<String>,
    /// The day of its first row.
    pub date: Option<NaiveDate>,
    /// When a recording began, as typed.
    pub start: Option<String>,
    /// The columns that hold fields.
    pub columns: BTreeMap<String, String>,
    /// What becomes of actions where that was decided: a kind, or `None` to leave such rows out.
    pub kinds: BTreeMap<Action, Option<Kind>>,
    pub target: Target,
}

/// How far a reading or a writing has come, as the thread that does it says.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    rows: AtomicUsize,
    is_stopped: AtomicBool,
}

impl Progress {
    /// Returns the number of rows so far.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.0.rows.load(Ordering::Relaxed)
    }

    pub fn set_rows(&self, rows: usize) {
        self.0.rows.store(rows, Ordering::Relaxed);
    }

    /// Asks for the end of the reading.
    pub fn stop(&self) {
        self.0.is_stopped.store(true, Ordering::Relaxed);
    }

    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.0.is_stopped.load(Ordering::Relaxed)
    }
}

/// Equal if it is the same reading.
impl PartialEq for Progress {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Progress {}

/// What a reading found.
#[derive(Clone, Debug)]
pub enum ImportRead {
    Rows(Box<ImportPreview>),
    /// The user must say this first; with the sentence that says what is missing.
    Needs(InputNeed, String),
}

/// An import to write: what was shown, and what was decided about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportWrite {
    pub request: ImportRequest,
    pub choices: RowChoices,
    /// The input as it was shown, see [`ImportPreview::fingerprint`].
    pub fingerprint: u64,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportDone {
    /// One short sentence: `22 added, 3 already here, 4 left out, 2 could not be read`.
    pub short: String,
    /// The sentences of the closing page: every row counted, how to take it back, remarks.
    pub paragraphs: Vec<String>,
    /// True if undo takes it back.
    pub is_undoable: bool,
}
