//! Writes the rows of an input as events: all of them or none, in one transaction, however many there are.

use super::{
    super::{OpsError, Result, Session, state_notices},
    choices::Choice,
    compare::{compare, with_source_of},
    equal_rows::{EqualRows, id_with_hash},
    event::EventMaker,
    fingerprint::Fingerprint,
    input::{find_format, input_error},
    options::ImportOptions,
    read_ahead::RowsAhead,
    report::{ImportReport, Outcome, RowReport, remarks},
    time_placing::TimePlacing,
    vanished::{SeenEvents, find_vanished},
};
use crate::{
    domain::{
        event::Event,
        hash::Hash,
        incident::SubjectState,
        source::{EventSource, Import},
        subject::Subject,
        unknown::UnknownFields,
        value::{Body, Change, Operation, Value},
    },
    import::{Files, Row, RowError},
    store::IncidentRow,
};
use std::collections::HashSet;
use uuid::Uuid;

/// How many events are written at once.
const BATCH: usize = 1000;
/// How many rows that cannot be read are named in the error.
const NAMED_BAD_ROWS: usize = 10;

/// Imports `files` into the open incident, or the one that the session names; unassigned where none is open.
/// `on_row` is called for each row.
///
/// # Errors
/// The format is not known or another one; a flag is missing; a row cannot be read and
/// [`ImportOptions::skip_bad`] is not set. Then nothing is written.
pub fn import(
    session: &mut Session,
    mut files: Files,
    options: &ImportOptions,
    on_row: &mut dyn FnMut(&RowReport),
) -> Result<ImportReport> {
    let format = find_format(&mut files, options)?;
    let options = ImportOptions {
        format: Some(format),
        ..options.clone()
    };
    let work = |session: &mut Session| {
        Run::new(session, files, &options, on_row)?.finish(session, options.skip_bad)
    };
    match options.dry_run {
        true => session.rehearse(work),
        false => session.transact(work),
    }
}

/// What the ids of a format's rows say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ids {
    /// Two rows with one id are the same thing, perhaps edited.
    OfSource,
    /// Two rows with one id are two equal things.
    OfContent,
    /// Two rows with one id are the same thing if they are equal, else two.
    MayBeShared,
}

/// The hash of the row that an event was made of.
fn hash_of(current: &SubjectState) -> Option<Hash> {
    current.value.event()?.source.as_ref()?.hash
}

/// One import while it goes on.
struct Run {
    import: Uuid,
    incident: Option<IncidentRow>,
    report: ImportReport,
    /// Changes that are not written yet, and the ids of their events.
    pending: Vec<Change>,
    pending_ids: HashSet<Uuid>,
    equal: EqualRows,
    /// The first entry of the import; `None` while there is nothing to write.
    group: Option<Uuid>,
    /// What was there before, by the rows read so far.
    seen: SeenEvents,
    /// The first rows that cannot be read.
    bad: Vec<RowError>,
    /// Rows later than now.
    ahead: usize,
    source: EventSource,
    name: String,
}

impl Run {
    /// Reads all rows.
    fn new(
        session: &mut Session,
        files: Files,
        options: &ImportOptions,
        on_row: &mut dyn FnMut(&RowReport),
    ) -> Result<Self> {
        let incident = options.destination.resolve(session)?;
        let format = options.format.ok_or_else(|| OpsError::usage("no format"))?;
        let mut rows = RowsAhead::open(format, files, options.for_reader())?;
        let instance = rows.instance.clone();
        let now = session.now();
        let import = session.write_context.ids.new_id(now);
        let mut run = Self {
            import,
            report: ImportReport {
                format: format.name,
                incident: incident.clone(),
                ..ImportReport::default()
            },
            incident,
            pending: Vec::new(),
            pending_ids: HashSet::new(),
            equal: EqualRows::default(),
            group: None,
            seen: SeenEvents::default(),
            bad: Vec::new(),
            ahead: 0,
            source: EventSource {
                format: format.name.to_owned(),
                instance: instance.clone(),
                id: String::new(),
                hash: None,
                recorded: None,
                import,
                unknown: UnknownFields::default(),
            },
            name: options.name.clone(),
        };
        let mut maker = EventMaker::new(session, run.incident.as_ref(), options, instance, import)?;
        let mut placing = TimePlacing::new(options, now);
        let mut fingerprint = Fingerprint::default();
        for (index, row) in rows.by_ref().enumerate() {
            fingerprint.add(&row);
            match row {
                Ok(row) => {
                    let row = (index, row);
                    run.take(session, row, options, &mut maker, &mut placing, on_row)?;
                }
                Err(error) => run.refuse(error, on_row)?,
            }
        }
        fingerprint.compare(options.expected)?;
        run.flush(session)?;
        run.report.notices.extend(rows.notices());
        run.report.notices.extend(remarks(maker.cleaned, run.ahead));
        Ok(run)
    }

    /// Decides about one row, with the index that [`RowChoices`](super::RowChoices) know it by.
    fn take(
        &mut self,
        session: &mut Session,
        (index, row): (usize, Row),
        options: &ImportOptions,
        maker: &mut EventMaker<'_>,
        placing: &mut TimePlacing,
        on_row: &mut dyn FnMut(&RowReport),
    ) -> Result<()> {
        let placed = placing.place(row.at, &row.place).and_then(|at| {
            let end = row.end.map(|end| placing.place(end, &row.place));
            Ok((at, end.transpose()?))
        });
        let (at, end) = match placed {
            Ok(placed) => placed,
            Err(error) => return self.refuse(error, on_row),
        };
        let mut row_report = RowReport {
            place: Some(row.place.clone()),
            outcome: Outcome::Added,
            at: Some(at),
            kind: String::new(),
            text: row.text.clone(),
        };
        let is_outside = options.is_outside(at.to_utc());
        let place = row.place.clone();
        let action = row.action;
        let ids = match (row.is_id_of_content, row.may_share_id) {
            (true, _) => Ids::OfContent,
            (_, true) => Ids::MayBeShared,
            _ => Ids::OfSource,
        };
        let kind = row.kind.clone().or_else(|| maker.kind(action));
        let choice = options.choices.of(index);
        let kind = match choice {
            Choice::Kind(chosen) => Some(chosen.clone()),
            Choice::AsRuled | Choice::NotTaken => kind,
        };
        let made = match kind {
            _ if is_outside => Err(Outcome::OutsidePeriod),
            Some(_) if choice == Choice::NotTaken => Err(Outcome::NotTaken),
            None => Err(Outcome::LeftOut(action)),
            Some(kind) => maker.make(session, row, kind, at, end),
        };
        row_report.outcome = match made {
            Err(Outcome::Bad(reason)) => return self.refuse(RowError::row(place, reason), on_row),
            Err(outcome) => outcome,
            Ok(event) => {
                event.kind.as_str().clone_into(&mut row_report.kind);
                event.text.clone_into(&mut row_report.text);
                self.ahead += usize::from(event.at_utc() > session.now());
                self.write(session, event, ids)?
            }
        };
        self.report.count(&row_report.outcome);
        on_row(&row_report);
        Ok(())
    }

    /// Counts a row that cannot be read.
    ///
    /// # Errors
    /// No other row can be read then either.
    fn refuse(&mut self, error: RowError, on_row: &mut dyn FnMut(&RowReport)) -> Result<()> {
        if error.is_fatal {
            return Err(input_error(error).with_hint("nothing was imported"));
        }
        let outcome = Outcome::Bad(error.reason.clone());
        self.report.count(&outcome);
        on_row(&RowReport {
            place: error.place.clone(),
            outcome,
            at: None,
            kind: String::new(),
            text: String::new(),
        });
        if self.bad.len() < NAMED_BAD_ROWS {
            self.bad.push(error);
        }
        Ok(())
    }

    /// Puts an event among what is written next, unless it is there already.
    fn write(&mut self, session: &mut Session, mut event: Event, ids: Ids) -> Result<Outcome> {
        let incident = self.incident.as_ref().map(|row| row.id);
        let Some(source) = &mut event.source else {
            return Ok(Outcome::Empty);
        };
        let mut id = source.event_id(incident);
        let mut before = self.before(session, id)?;
        if ids == Ids::OfContent && self.is_met(id, before.as_ref()) {
            source.id = self.equal.next_id(&source.id);
            id = source.event_id(incident);
            before = self.before(session, id)?;
        }
        if self.pending_ids.contains(&id) {
            self.flush(session)?;
            before = self.before(session, id)?;
        }
        let is_other = |there: &SubjectState| hash_of(there) != source.hash;
        if ids == Ids::MayBeShared && before.as_ref().is_some_and(is_other) {
            let mut own = source.clone();
            own.id = id_with_hash(&source.id, source.hash);
            let own_id = own.event_id(incident);
            if self.pending_ids.contains(&own_id) {
                self.flush(session)?;
            }
            let there = self.before(session, own_id)?;
            // Else it is the row that the id is of, and it was edited.
            if there.is_some() || self.is_met(id, before.as_ref()) {
                *source = own;
                (id, before) = (own_id, there);
            }
        }
        let subject = Subject::Event(id);
        let (outcome, operation) = match &before {
            None => (Outcome::Added, Operation::Log),
            Some(current) => {
                self.seen.events.insert(id);
                let there = current
                    .value
                    .event()
                    .and_then(|event| event.source.as_ref());
                self.seen.imports.extend(there.map(|source| source.import));
                match compare(session, current, &event)? {
                    Outcome::Amended => (Outcome::Amended, Operation::Amend),
                    Outcome::BroughtBack => (Outcome::BroughtBack, Operation::Restore),
                    outcome => return Ok(outcome),
                }
            }
        };
        let event = match before.as_ref().map(|current| &current.value) {
            Some(Value::Event(before)) => with_source_of(before, event),
            _ => event,
        };
        let replaces = before.map_or_else(Vec::new, |current| current.head_ids());
        let body = Body::new(operation, Value::Event(Box::new(event)));
        self.push(session, subject, replaces, body);
        self.pending_ids.insert(id);
        if self.pending.len() >= BATCH {
            self.flush(session)?;
        }
        Ok(outcome)
    }

    /// Returns the event `id` as it is in the store, without what is pending.
    fn before(&self, session: &Session, id: Uuid) -> Result<Option<SubjectState>> {
        let incident = self.incident.as_ref().map(|row| row.id);
        let subject = Subject::Event(id);
        if !session.read().knows_subject(&subject, incident)? {
            return Ok(None);
        }
        let state = session.read().subject_state(&subject, incident)?;
        Ok(state.map(|(state, _)| state))
    }

    /// True if an earlier row of this import was event `id`, which is as `before` in the store.
    fn is_met(&self, id: Uuid, before: Option<&SubjectState>) -> bool {
        let event = before.and_then(|current| current.value.event());
        let source = event.and_then(|event| event.source.as_ref());
        self.pending_ids.contains(&id)
            || self.seen.events.contains(&id)
            || source.is_some_and(|source| source.import == self.import)
    }

    fn push(&mut self, session: &mut Session, subject: Subject, replaces: Vec<Uuid>, body: Body) {
        let incident = self.incident.as_ref().map(|row| row.id);
        if self.group.is_none() {
            let import = Import {
                format: self.source.format.clone(),
                name: self.name.clone(),
                unknown: UnknownFields::default(),
            };
            let value = Value::Import(Box::new(import));
            let first = session.write_context.new_change(
                incident,
                Subject::Import(self.import),
                vec![],
                Body::new(Operation::Log, value),
            );
            self.group = Some(first.id);
            self.pending.push(first);
        }
        self.pending.push(
            session
                .write_context
                .new_change(incident, subject, replaces, body),
        );
    }

    fn flush(&mut self, session: &mut Session) -> Result<()> {
        for change in &mut self.pending {
            change.body.group = self.group;
        }
        session.append(&self.pending)?;
        self.pending.clear();
        self.pending_ids.clear();
        Ok(())
    }

    /// Ends the import.
    ///
    /// # Errors
    /// Rows could not be read, unless they are to be left out.
    fn finish(mut self, session: &mut Session, skip_bad: bool) -> Result<ImportReport> {
        if !self.bad.is_empty() && !skip_bad {
            return Err(self.bad_rows_error());
        }
        if self.group.is_some() {
            self.report.handle = Some(session.read().handle_of(self.import)?);
        }
        if let (Some(incident), false) = (&self.incident, self.seen.events.is_empty()) {
            self.report.vanished = find_vanished(session, incident.id, &self.source, &self.seen)?;
        }
        let notices = state_notices::notices_for_correction(session, self.incident.as_ref())?;
        self.report.notices.extend(notices);
        Ok(self.report)
    }

    fn bad_rows_error(&self) -> OpsError {
        let count = self.report.bad;
        let mut error = OpsError::failed(format!(
            "{count} of {} rows cannot be read; nothing was imported",
            self.report.read
        ));
        for bad in &self.bad {
            let hint = bad.hint.as_ref().map(|hint| format!(" ({hint})"));
            error = error.with_hint(format!("{bad}{}", hint.unwrap_or_default()));
        }
        if count > self.bad.len() {
            error = error.with_hint(format!("and {} more", count - self.bad.len()));
        }
        error.with_hint("--skip-bad imports the others; --dry-run lists what becomes of each")
    }
}
