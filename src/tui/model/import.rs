//! The preview of an import: its rows, and what is decided about them.

use crate::{
    domain::words::Kind,
    ops::import::{Action, ImportPreview, InputNeed, Outcome, PreviewRow, RowChoices},
    tui::msg::{Failure, ImportDone, ImportRequest, Progress},
};

/// How far an import has come.
#[derive(Clone, Debug)]
pub enum ImportStage {
    /// Its rows are being read.
    Reading,
    /// The user must say this before it can be read; with the sentence that says what is missing.
    Asks(InputNeed, String),
    /// It cannot be read.
    Refused(Failure),
    /// Its rows are shown.
    Shown(Box<ImportRows>),
    /// It is being written.
    Writing(Box<ImportRows>),
    Done(ImportDone),
}

/// An input of an import.
#[derive(Clone, Debug)]
pub struct Import {
    /// Number of the newest request; older replies are dropped.
    pub id: u64,
    /// The name of the file or folder.
    pub name: String,
    pub request: ImportRequest,
    pub stage: ImportStage,
    /// The rows as they were decided about before they were read again.
    pub rows_before: Option<Box<ImportRows>>,
    /// What was said before everything was asked again.
    pub answers_before: ImportRequest,
    pub progress: Progress,
    /// How many rows of a page without a list are scrolled out of view.
    pub scroll: usize,
    /// How many rows were read or written at the last tick.
    pub rows_so_far: usize,
    /// How many keys had come when it was asked for: a question opens by itself if none came since.
    pub asked_at: u64,
    /// True after the first Enter: the next one imports.
    pub armed: bool,
    /// True once something was typed on the line while it is open: Space is then a character.
    pub typed: bool,
}

/// The rows of an import, and what is decided about each.
#[derive(Clone, Debug)]
pub struct ImportRows {
    pub preview: ImportPreview,
    /// Beside each row of the preview.
    pub choices: Vec<RowChoice>,
    /// False if the rows that are not listed are left out.
    pub rest_taken: bool,
    pub filter: RowFilter,
    /// Index into [`shown`](Self::shown).
    pub selected: usize,
}

/// What a person decided about a row.
#[derive(Clone, Debug, Default)]
pub struct RowChoice {
    pub taken: Option<bool>,
    pub kind: Option<Kind>,
}

/// Which rows are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowFilter {
    #[default]
    All,
    Taken,
    LeftOut,
    /// Those that are events already.
    Here,
    /// Those that cannot be read.
    Unreadable,
}

impl RowFilter {
    pub const ALL: [Self; 5] = [
        Self::All,
        Self::Taken,
        Self::LeftOut,
        Self::Here,
        Self::Unreadable,
    ];
}

/// What becomes of a row, as decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowFate {
    Taken,
    LeftOut,
    Here,
    Unreadable,
}

/// How many rows have each fate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowCounts {
    pub taken: usize,
    pub left_out: usize,
    pub here: usize,
    pub unreadable: usize,
}

impl RowCounts {
    #[must_use]
    pub fn of(&self, filter: RowFilter) -> usize {
        match filter {
            RowFilter::All => self.taken + self.left_out + self.here + self.unreadable,
            RowFilter::Taken => self.taken,
            RowFilter::LeftOut => self.left_out,
            RowFilter::Here => self.here,
            RowFilter::Unreadable => self.unreadable,
        }
    }

    fn add(&mut self, fate: RowFate, count: usize) {
        let counter = match fate {
            RowFate::Taken => &mut self.taken,
            RowFate::LeftOut => &mut self.left_out,
            RowFate::Here => &mut self.here,
            RowFate::Unreadable => &mut self.unreadable,
        };
        *counter += count;
    }
}

/// A place of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListedRow {
    /// The row of the preview with this index.
    Row(usize),
    /// All rows that are not listed.
    Rest,
}

/// True for what says nothing about the incident by itself: that a person joined, was called, pinned something.
#[must_use]
pub fn is_side_action(action: Action) -> bool {
    action.rule().kind.is_none()
}

/// The kind that rows with `action` get; `None` if they are left out.
#[must_use]
pub fn kind_of_action(request: &ImportRequest, action: Action) -> Option<Kind> {
    match request.kinds.get(&action) {
        Some(decided) => decided.clone(),
        None => action.rule().kind,
    }
}

impl ImportRows {
    #[must_use]
    pub fn new(preview: ImportPreview) -> Self {
        Self {
            choices: vec![RowChoice::default(); preview.rows.len()],
            preview,
            rest_taken: true,
            filter: RowFilter::All,
            selected: 0,
        }
    }

    /// The kind of the event that the row with this index becomes if it is taken.
    #[must_use]
    pub fn kind(&self, request: &ImportRequest, index: usize) -> Kind {
        let chosen = self.choices.get(index).and_then(|c| c.kind.clone());
        chosen
            .or_else(|| self.ruled_kind(request, index))
            .unwrap_or(Kind::Note)
    }

    /// The kind that a row gets by the rules; `None` if they leave it out.
    fn ruled_kind(&self, request: &ImportRequest, index: usize) -> Option<Kind> {
        let row = self.preview.rows.get(index)?;
        row.kind
            .clone()
            .or_else(|| kind_of_action(request, row.action?))
    }

    /// What becomes of the row with this index.
    #[must_use]
    pub fn fate(&self, request: &ImportRequest, index: usize) -> RowFate {
        let Some(row) = self.preview.rows.get(index) else {
            return RowFate::LeftOut;
        };
        match row.outcome {
            Outcome::Bad(_) => return RowFate::Unreadable,
            Outcome::There | Outcome::ChangedHere => return RowFate::Here,
            _ if !row.outcome.writes() => return RowFate::LeftOut,
            _ => {}
        }
        let taken = self.choices.get(index).and_then(|choice| choice.taken);
        let by_rule = || self.ruled_kind(request, index).is_some();
        match taken.unwrap_or_else(by_rule) {
            true => RowFate::Taken,
            false => RowFate::LeftOut,
        }
    }

    /// True if a person can take the row or leave it out.
    #[must_use]
    pub fn is_choosable(&self, index: usize) -> bool {
        let row = self.preview.rows.get(index);
        row.is_some_and(|row| row.outcome.writes())
    }

    /// Counts all rows, also those that are not listed.
    #[must_use]
    pub fn counts(&self, request: &ImportRequest) -> RowCounts {
        let mut counts = self.rest_counts(request);
        for index in 0..self.preview.rows.len() {
            counts.add(self.fate(request, index), 1);
        }
        counts
    }

    /// Counts the rows that are not listed.
    #[must_use]
    pub fn rest_counts(&self, request: &ImportRequest) -> RowCounts {
        let mut counts = RowCounts {
            unreadable: self.preview.rest_bad,
            ..RowCounts::default()
        };
        for (action, count) in &self.preview.rest {
            let is_taken = self.rest_taken && kind_of_action(request, *action).is_some();
            let fate = if is_taken {
                RowFate::Taken
            } else {
                RowFate::LeftOut
            };
            counts.add(fate, count.written);
            counts.add(RowFate::Here, count.unwritten);
        }
        counts
    }

    /// Returns what is listed.
    #[must_use]
    pub fn shown(&self, request: &ImportRequest) -> Vec<ListedRow> {
        let is_shown = |index: &usize| match self.filter {
            RowFilter::All => true,
            RowFilter::Taken => self.fate(request, *index) == RowFate::Taken,
            RowFilter::LeftOut => self.fate(request, *index) == RowFate::LeftOut,
            RowFilter::Here => self.fate(request, *index) == RowFate::Here,
            RowFilter::Unreadable => self.fate(request, *index) == RowFate::Unreadable,
        };
        let rows = (0..self.preview.rows.len()).filter(is_shown);
        let mut shown: Vec<ListedRow> = rows.map(ListedRow::Row).collect();
        if self.filter == RowFilter::All && self.preview.read > self.preview.rows.len() {
            shown.push(ListedRow::Rest);
        }
        shown
    }

    /// Returns what is selected.
    #[must_use]
    pub fn selected_row(&self, request: &ImportRequest) -> Option<ListedRow> {
        self.shown(request).get(self.selected).copied()
    }

    /// Returns how many rows that can be read have this action, and whether some of them have no kind of their
    /// own.
    #[must_use]
    pub fn count_of_action(&self, action: Action) -> usize {
        let is_it = |row: &&PreviewRow| row.action == Some(action) && row.kind.is_none();
        let rest = self.preview.rest.get(&action);
        let rest = rest.map_or(0, |count| count.written + count.unwritten);
        self.preview.rows.iter().filter(is_it).count() + rest
    }

    /// Returns the decisions about single rows for the import.
    #[must_use]
    pub fn row_choices(&self, request: &ImportRequest) -> RowChoices {
        let mut choices = RowChoices::default();
        for (index, choice) in self.choices.iter().enumerate() {
            if !self.is_choosable(index) {
                continue;
            }
            let by_rule = self.ruled_kind(request, index);
            match (self.fate(request, index), &choice.kind, by_rule) {
                (RowFate::Taken, Some(kind), _) => {
                    choices.kinds.insert(index, kind.clone());
                }
                (RowFate::Taken, None, None) => {
                    choices.kinds.insert(index, Kind::Note);
                }
                (RowFate::Taken, None, Some(_)) | (_, _, None) => {}
                (_, _, Some(_)) => {
                    choices.not_taken.insert(index);
                }
            }
        }
        if !self.rest_taken {
            choices.not_taken_from = Some(self.preview.rows.len());
        }
        choices
    }
}

impl Import {
    /// Returns the rows, while they are shown or written.
    #[must_use]
    pub fn rows(&self) -> Option<&ImportRows> {
        match &self.stage {
            ImportStage::Shown(rows) | ImportStage::Writing(rows) => Some(rows),
            _ => None,
        }
    }

    /// Returns how many rows are taken.
    #[must_use]
    pub fn taken_count(&self) -> usize {
        self.rows()
            .map_or(0, |rows| rows.counts(&self.request).taken)
    }

    /// True if the source left something open that was said then.
    #[must_use]
    pub fn was_asked(&self) -> bool {
        let request = &self.request;
        request.zone.is_some()
            || request.date.is_some()
            || request.start.is_some()
            || !request.columns.is_empty()
    }

    #[must_use]
    pub fn is_writing(&self) -> bool {
        matches!(self.stage, ImportStage::Writing(_))
    }
}
