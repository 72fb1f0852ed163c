//! Something happened.

use super::{
    OpsError, Result, Session,
    context::{self, LineContext, LineOptions},
};
use crate::{
    domain::{
        capture::{self, Flags},
        event::Event,
        incident::Record,
        subject::Subject,
        time::format_duration,
        value::{Body, Change, Operation, Value},
        words::Kind,
    },
    store::IncidentRow,
};

/// From so many seconds ahead of the clock on it is said.
const FUTURE_NOTICE_SECS: i64 = 60;

/// What came of logging an event.
#[derive(Clone, Debug)]
pub struct LoggedEvent {
    /// The event, at its place.
    pub event: Record<Event>,
    /// The incident it is in; none where it is unfiled.
    pub incident: Option<IncidentRow>,
    /// What was not understood the way it may have been meant.
    pub notices: Vec<String>,
}

/// Logs one line. It is durable when this returns.
///
/// # Errors
/// A line that cannot be understood, two open incidents, a store that cannot write. Nothing is
/// logged then.
pub fn log_line(
    book: &mut Session,
    line: &str,
    flags: &Flags,
    given: &LineOptions,
) -> Result<LoggedEvent> {
    log_line_with(book, line, flags, given, |_| {})
}

/// Logs one line as an event that `finish` adds to.
///
/// # Errors
/// As [`log_line`].
pub fn log_line_with(
    book: &mut Session,
    line: &str,
    flags: &Flags,
    given: &LineOptions,
    finish: impl FnOnce(&mut Event),
) -> Result<LoggedEvent> {
    let incident = book.resolve_for_write(given.incident.as_deref())?;
    let mut known = book.line_context(incident.as_ref(), given)?;
    let mut prepared = prepare(book, &mut known, line, flags)?;
    finish(&mut prepared.event);
    let mut logged = commit(book, vec![prepared], incident.as_ref())?;
    Ok(logged.remove(0))
}

/// A line understood and not yet logged.
#[derive(Clone, Debug)]
pub struct PreparedEvent {
    /// The event.
    pub event: Event,
    /// What was not understood the way it may have been meant.
    pub notices: Vec<String>,
}

/// Reads one line as an event, without logging it. What it names is known to the next line.
///
/// # Errors
/// A line that cannot be understood.
pub fn prepare(
    book: &Session,
    known: &mut LineContext,
    line: &str,
    flags: &Flags,
) -> Result<PreparedEvent> {
    if let Some(tag) = flags
        .tags
        .iter()
        .find(|tag| tag.contains(char::is_whitespace))
    {
        return Err(OpsError::usage(format!("`{tag}` is no tag"))
            .with_hint("a tag is one word; --tag may be given again"));
    }
    let before = known.capture_context().services.clone();
    let (event, mut notices) = known.parse_with(book, line, |context| {
        let read = capture::parse(line, flags, context)?;
        let notices = read.notices.clone();
        Ok((read.into_event(context)?, notices))
    })?;
    if event.kind == Kind::Fault && event.state.is_none() && !known.state_known {
        notices
            .push("no state was given: add !at-risk, !degraded or !down when it is known".into());
    }
    let ahead = (event.at_utc() - book.now()).num_seconds();
    if ahead >= FUTURE_NOTICE_SECS {
        notices.push(format!(
            "that is {} ahead of the clock here: it counts as if it had happened",
            format_duration((ahead + 59) / 60 * 60)
        ));
    }
    context::validate_wording(event.customer.as_deref())?;
    for service in &flags.services {
        let service = service.trim_start_matches('@');
        let is_new = !before.iter().any(|known| known == service) && service != "all";
        if is_new && event.services.iter().any(|s| s == service) {
            notices.push(format!("@{service} is a new service here"));
        }
    }
    known.register_event(&event);
    Ok(PreparedEvent { event, notices })
}

/// Logs what was prepared for `incident`, in one transaction.
///
/// # Errors
/// A store that cannot write. Nothing is logged then.
pub fn commit(
    book: &mut Session,
    prepared: Vec<PreparedEvent>,
    incident: Option<&IncidentRow>,
) -> Result<Vec<LoggedEvent>> {
    let sealed = prepare_write(book, prepared, incident);
    append(book, &sealed)
}

/// Events with their ids, times of recording and salts. However often they are appended, they are
/// logged once: so whoever was told that it failed can try again without fear of a second entry.
#[derive(Clone, Debug)]
pub struct PendingWrite {
    changes: Vec<Change>,
    prepared: Vec<PreparedEvent>,
    incident: Option<IncidentRow>,
}

/// Seals what was prepared for `incident`.
pub fn prepare_write(
    book: &mut Session,
    prepared: Vec<PreparedEvent>,
    incident: Option<&IncidentRow>,
) -> PendingWrite {
    let within = incident.map(|row| row.id);
    let pen = &mut book.write_context;
    let changes = prepared
        .iter()
        .map(|p| {
            let id = pen.ids.new_id(pen.clock.now());
            let body = Body::new(Operation::Log, Value::Event(Box::new(p.event.clone())));
            pen.new_change(within, Subject::Event(id), vec![], body)
        })
        .collect();
    PendingWrite {
        changes,
        prepared,
        incident: incident.cloned(),
    }
}

/// Appends what was sealed, in one transaction.
///
/// # Errors
/// A store that cannot write, or that does not know whether it did. The same may be tried again.
pub fn append(book: &mut Session, sealed: &PendingWrite) -> Result<Vec<LoggedEvent>> {
    let entries = book.store.append(&sealed.changes)?;
    let read = book.store.read();
    entries
        .iter()
        .zip(&sealed.prepared)
        .map(|(entry, prepared)| {
            let header = entry.header();
            let id = header.subject.id().unwrap_or_default();
            Ok(LoggedEvent {
                event: Record {
                    id,
                    handle: read.handle_of(id)?,
                    recorded: header.recorded,
                    author: header.author.clone(),
                    origin: header.origin,
                    seq: header.seq,
                    amended: false,
                    conflicts: 0,
                    value: prepared.event.clone(),
                },
                incident: sealed.incident.clone(),
                notices: prepared.notices.clone(),
            })
        })
        .collect()
}
