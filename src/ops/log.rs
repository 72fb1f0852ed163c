//! Something happened.

use super::{
    Book, OpsError, Result,
    context::{self, Given, Known},
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
const AHEAD: i64 = 60;

/// What came of logging an event.
#[derive(Clone, Debug)]
pub struct Logged {
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
pub fn log(book: &mut Book, line: &str, flags: &Flags, given: &Given) -> Result<Logged> {
    log_with(book, line, flags, given, |_| {})
}

/// Logs one line as an event that `finish` adds to.
///
/// # Errors
/// As [`log`].
pub fn log_with(
    book: &mut Book,
    line: &str,
    flags: &Flags,
    given: &Given,
    finish: impl FnOnce(&mut Event),
) -> Result<Logged> {
    let incident = book.writing(given.incident.as_deref())?;
    let mut known = book.context(incident.as_ref(), given)?;
    let mut prepared = prepare(book, &mut known, line, flags)?;
    finish(&mut prepared.event);
    let mut logged = commit(book, vec![prepared], incident.as_ref())?;
    Ok(logged.remove(0))
}

/// A line understood and not yet logged.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The event.
    pub event: Event,
    /// What was not understood the way it may have been meant.
    pub notices: Vec<String>,
}

/// Reads one line as an event, without logging it. What it names is known to the next line.
///
/// # Errors
/// A line that cannot be understood.
pub fn prepare(book: &Book, known: &mut Known, line: &str, flags: &Flags) -> Result<Prepared> {
    if let Some(tag) = flags
        .tags
        .iter()
        .find(|tag| tag.contains(char::is_whitespace))
    {
        return Err(OpsError::usage(format!("`{tag}` is no tag"))
            .hint("a tag is one word; --tag may be given again"));
    }
    let before = known.context().services.clone();
    let (event, mut notices) = known.with(book, line, |context| {
        let read = capture::parse(line, flags, context)?;
        let notices = read.notices.clone();
        Ok((read.into_event(context)?, notices))
    })?;
    if event.kind == Kind::Fault && event.state.is_none() && !known.state_known {
        notices
            .push("no state was given: add !at-risk, !degraded or !down when it is known".into());
    }
    let ahead = (event.at_utc() - book.now()).num_seconds();
    if ahead >= AHEAD {
        notices.push(format!(
            "that is {} ahead of the clock here: it counts as if it had happened",
            format_duration((ahead + 59) / 60 * 60)
        ));
    }
    context::wording(event.customer.as_deref())?;
    for service in &flags.services {
        let service = service.trim_start_matches('@');
        let is_new = !before.iter().any(|known| known == service) && service != "all";
        if is_new && event.services.iter().any(|s| s == service) {
            notices.push(format!("@{service} is a new service here"));
        }
    }
    known.learn(&event);
    Ok(Prepared { event, notices })
}

/// Logs what was prepared for `incident`, in one transaction.
///
/// # Errors
/// A store that cannot write. Nothing is logged then.
pub fn commit(
    book: &mut Book,
    prepared: Vec<Prepared>,
    incident: Option<&IncidentRow>,
) -> Result<Vec<Logged>> {
    let sealed = seal(book, prepared, incident);
    append(book, &sealed)
}

/// Events with their ids, times of recording and salts. However often they are appended, they are
/// logged once: so whoever was told that it failed can try again without fear of a second entry.
#[derive(Clone, Debug)]
pub struct Sealed {
    changes: Vec<Change>,
    prepared: Vec<Prepared>,
    incident: Option<IncidentRow>,
}

/// Seals what was prepared for `incident`.
pub fn seal(book: &mut Book, prepared: Vec<Prepared>, incident: Option<&IncidentRow>) -> Sealed {
    let within = incident.map(|row| row.id);
    let pen = &mut book.pen;
    let changes = prepared
        .iter()
        .map(|p| {
            let id = pen.ids.id(pen.clock.now());
            let body = Body::new(Operation::Log, Value::Event(Box::new(p.event.clone())));
            pen.change(within, Subject::Event(id), vec![], body)
        })
        .collect();
    Sealed {
        changes,
        prepared,
        incident: incident.cloned(),
    }
}

/// Appends what was sealed, in one transaction.
///
/// # Errors
/// A store that cannot write, or that does not know whether it did. The same may be tried again.
pub fn append(book: &mut Book, sealed: &Sealed) -> Result<Vec<Logged>> {
    let entries = book.store.append(&sealed.changes)?;
    let read = book.store.read();
    entries
        .iter()
        .zip(&sealed.prepared)
        .map(|(entry, prepared)| {
            let header = entry.header();
            let id = header.subject.id().unwrap_or_default();
            Ok(Logged {
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
