//! Looks at an input without writing: what would become of each row.
//!
//! It holds no lock, so that lines are logged meanwhile.

use super::{
    super::{OpsError, Result, Session, journal_lines},
    compare::compare,
    equal_rows::EqualRows,
    event::EventMaker,
    fingerprint::Fingerprint,
    input::{find_format, input_error},
    options::ImportOptions,
    report::{Outcome, remarks},
    time_placing::TimePlacing,
};
use crate::{
    domain::{event::Event, subject::Subject, time::OffsetTime, words::Kind},
    import::{Action, Files, Need, Row, RowError},
    store::IncidentRow,
};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// So many rows are listed; the others are counted, so that the memory stays flat.
pub const MAX_LISTED_ROWS: usize = 5_000;
/// How many characters of a row's text are listed.
const MAX_TEXT_CHARS: usize = 500;

/// What was found in an input.
#[derive(Clone, Debug)]
pub enum PreviewResult {
    Rows(Box<ImportPreview>),
    /// It can be read once the user says what the source leaves open; with the sentence that says so.
    Needs(InputNeed, String),
    /// It is the journal of another database, whose entries come in as they are.
    Journal,
    /// `keep_going` returned false.
    Stopped,
}

/// What must be said before an input can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputNeed {
    /// The format: the input looks like none.
    Format,
    Source(Need),
}

/// The rows of an input, and what would become of them.
#[derive(Clone, Debug)]
pub struct ImportPreview {
    /// The format's name.
    pub format: &'static str,
    /// The first rows, at most [`MAX_LISTED_ROWS`].
    pub rows: Vec<PreviewRow>,
    /// The rows after them that can be read, by their action.
    pub rest: BTreeMap<Action, RestCount>,
    /// The rows after them that cannot be read.
    pub rest_bad: usize,
    /// All rows, good and bad.
    pub read: usize,
    /// Remarks, one sentence each.
    pub notices: Vec<String>,
    /// A number for the content of the input, see [`ImportOptions::expected`].
    pub fingerprint: u64,
}

/// One row.
#[derive(Clone, Debug)]
pub struct PreviewRow {
    /// Where it stands in the input: `line 12`. Empty if that is not known.
    pub place: String,
    /// `None` for a row that cannot be read.
    pub action: Option<Action>,
    /// The kind that the source itself gives it; it goes before that of the action.
    pub kind: Option<Kind>,
    pub at: Option<OffsetTime>,
    /// The text of its event, with the author before it, at most some hundred characters.
    pub text: String,
    /// What becomes of it if it is taken.
    pub outcome: Outcome,
}

/// Rows that are not listed, if they are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RestCount {
    /// Those that write an event, new or changed.
    pub written: usize,
    /// Those that write nothing: they are here already, or have no text.
    pub unwritten: usize,
}

/// Reads all rows of `files`. `keep_going` is called for each row with the number of rows so far, and ends the
/// reading when it returns false.
///
/// # Errors
/// The input cannot be read, or looks like another format than the one that was named.
pub fn preview(
    session: &mut Session,
    mut files: Files,
    options: &ImportOptions,
    keep_going: &mut dyn FnMut(usize) -> bool,
) -> Result<PreviewResult> {
    if options.format.is_none_or(|format| format.name == "jsonl") {
        let start = files.peek().map_err(input_error)?;
        if journal_lines::looks_like_journal(&start) {
            return Ok(PreviewResult::Journal);
        }
    }
    let format = match find_format(&mut files, options) {
        Ok(format) => format,
        Err(error) if error.needs_format => {
            return Ok(PreviewResult::Needs(InputNeed::Format, error.message));
        }
        Err(error) => return Err(error),
    };
    let options = ImportOptions {
        format: Some(format),
        ..options.clone()
    };
    let found = read_rows(session, files, &options, keep_going);
    match found {
        Ok(found) => Ok(found),
        Err(Failed::Row(error)) => match error.need.clone() {
            Some(need) => Ok(PreviewResult::Needs(
                InputNeed::Source(*need),
                error.to_string(),
            )),
            None => Err(input_error(error)),
        },
        Err(Failed::Ops(error)) => Err(error),
    }
}

enum Failed {
    Row(RowError),
    Ops(OpsError),
}

impl From<RowError> for Failed {
    fn from(error: RowError) -> Self {
        Self::Row(error)
    }
}

impl From<OpsError> for Failed {
    fn from(error: OpsError) -> Self {
        Self::Ops(error)
    }
}

fn read_rows(
    session: &mut Session,
    files: Files,
    options: &ImportOptions,
    keep_going: &mut dyn FnMut(usize) -> bool,
) -> Result<PreviewResult, Failed> {
    let incident = options.destination.resolve(session)?;
    let Some(format) = options.format else {
        return Ok(PreviewResult::Stopped);
    };
    let source = (format.open)(files, &options.for_reader())?;
    let now = session.now();
    // The id of an import that is never written.
    let import = session.write_context.ids.new_id(now);
    let maker = EventMaker::new(session, incident.as_ref(), options, source.instance, import)?;
    let mut previewer = RowPreviewer {
        session,
        options,
        incident,
        maker,
        placing: TimePlacing::new(options, now),
        seen: HashMap::new(),
        equal: EqualRows::default(),
        ahead: 0,
    };
    let mut preview = ImportPreview {
        format: format.name,
        rows: Vec::new(),
        rest: BTreeMap::new(),
        rest_bad: 0,
        read: 0,
        notices: Vec::new(),
        fingerprint: 0,
    };
    let mut fingerprint = Fingerprint::default();
    let mut need_of_all: Option<RowError> = None;
    let mut has_good = false;
    for row in source.rows {
        fingerprint.add(&row);
        let row = match row {
            Err(error) if error.is_fatal => return Err(error.into()),
            Err(error) => {
                need_of_all = need_of_all.or_else(|| error.need.is_some().then(|| error.clone()));
                bad_row(&error)
            }
            Ok(row) => {
                has_good = true;
                previewer.at(row)?
            }
        };
        preview.add(row);
        if !keep_going(preview.read) {
            return Ok(PreviewResult::Stopped);
        }
    }
    // Where no row can be read, all lack the same.
    if let (false, Some(error)) = (has_good, need_of_all) {
        return Err(error.into());
    }
    preview.fingerprint = fingerprint.number();
    preview
        .notices
        .extend(source.notices.borrow_mut().drain(..));
    preview
        .notices
        .extend(remarks(previewer.maker.cleaned, previewer.ahead));
    Ok(PreviewResult::Rows(Box::new(preview)))
}

impl ImportPreview {
    fn add(&mut self, row: PreviewRow) {
        self.read += 1;
        if self.rows.len() < MAX_LISTED_ROWS {
            self.rows.push(row);
            return;
        }
        match row.action {
            None => self.rest_bad += 1,
            Some(action) => {
                let count = self.rest.entry(action).or_default();
                match row.outcome.writes() {
                    true => count.written += 1,
                    false => count.unwritten += 1,
                }
            }
        }
    }
}

/// The reading of one input.
struct RowPreviewer<'o> {
    session: &'o mut Session,
    options: &'o ImportOptions,
    incident: Option<IncidentRow>,
    maker: EventMaker<'o>,
    placing: TimePlacing,
    /// The events of the rows so far, each with the beginning of the hash of its row: an input may have a row
    /// twice.
    seen: HashMap<Uuid, u64>,
    equal: EqualRows,
    /// Rows later than now.
    ahead: usize,
}

impl RowPreviewer<'_> {
    /// Says what becomes of a row if it is taken.
    fn at(&mut self, row: Row) -> Result<PreviewRow, Failed> {
        let end = row.end;
        let placed = self.placing.place(row.at, &row.place).and_then(|at| {
            let end = end.map(|end| self.placing.place(end, &row.place));
            Ok((at, end.transpose()?))
        });
        let (at, end) = match placed {
            Ok(placed) => placed,
            Err(error) if error.is_fatal => return Err(error.into()),
            Err(error) => return Ok(bad_row(&error)),
        };
        let mut shown = PreviewRow {
            place: row.place.to_string(),
            action: Some(row.action),
            kind: row.kind.clone(),
            at: Some(at),
            text: cut(&row.text),
            outcome: Outcome::OutsidePeriod,
        };
        if self.options.is_outside(at.to_utc()) {
            return Ok(shown);
        }
        let ruled = row.kind.clone().or_else(|| self.maker.kind(row.action));
        let cleaned = self.maker.cleaned;
        let is_left_out = ruled.is_none();
        let kind = ruled.unwrap_or(Kind::Note);
        let is_id_of_content = row.is_id_of_content;
        let made = self.maker.make(self.session, row, kind, at, end);
        if is_left_out {
            self.maker.cleaned = cleaned;
        }
        match made {
            Err(outcome) => shown.outcome = outcome,
            Ok(mut event) => {
                shown.text = cut(&event.text);
                let is_ahead = !is_left_out && event.at_utc() > self.session.now();
                self.ahead += usize::from(is_ahead);
                shown.outcome = self.outcome(&mut event, is_id_of_content)?;
            }
        }
        Ok(shown)
    }

    fn outcome(&mut self, event: &mut Event, is_id_of_content: bool) -> Result<Outcome> {
        let incident = self.incident.as_ref().map(|row| row.id);
        let Some(source) = &mut event.source else {
            return Ok(Outcome::Empty);
        };
        let mut id = source.event_id(incident);
        if is_id_of_content && self.seen.contains_key(&id) {
            source.id = self.equal.next_id(&source.id);
            id = source.event_id(incident);
        }
        let hash = source.hash.map_or(0, |hash| {
            let mut first = [0; 8];
            first.copy_from_slice(&hash.0[..8]);
            u64::from_le_bytes(first)
        });
        match self.seen.insert(id, hash) {
            Some(before) if before == hash => return Ok(Outcome::There),
            Some(_) => return Ok(Outcome::Amended),
            None => {}
        }
        let state = self
            .session
            .read()
            .subject_state(&Subject::Event(id), incident)?;
        match state {
            None => Ok(Outcome::Added),
            Some((current, _)) => compare(self.session, &current, event),
        }
    }
}

fn bad_row(error: &RowError) -> PreviewRow {
    let hint = error.hint.as_ref().map(|hint| format!(" ({hint})"));
    PreviewRow {
        place: error
            .place
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        action: None,
        kind: None,
        at: None,
        text: String::new(),
        outcome: Outcome::Bad(format!("{}{}", error.reason, hint.unwrap_or_default())),
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MAX_TEXT_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
