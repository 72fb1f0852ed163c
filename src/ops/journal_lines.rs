//! The journal as JSON Lines, out and in: the entries' own bytes, so that nothing is lost either way.
//! The format is described in `docs/JOURNAL.md`.

use super::{OpsError, Result, Session};
use crate::domain::{
    entry::{Entry, Header},
    subject::Subject,
};
use std::{
    cell::Cell,
    io::{self, BufRead, Read as _},
    iter,
};

/// How many entries are read at once.
const BATCH: usize = 1000;
/// How long a line may be, in bytes.
const MAX_LINE_BYTES: u64 = 64 * 1024 * 1024;

/// What came of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Entries read.
    pub read: usize,
    /// Those of them that were not in the store before.
    pub new: usize,
}

/// What an export leaves out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// Every entry about a subject. A field, a section or a service is that of all incidents.
    Subject(Subject),
    /// Every entry of an author.
    Author(String),
}

impl LeftOut {
    /// True if the entry with `header` is left out.
    #[must_use]
    pub fn matches(&self, header: &Header) -> bool {
        match self {
            Self::Subject(subject) => header.subject == *subject,
            Self::Author(author) => header.author == *author,
        }
    }
}

/// How many entries an export wrote and left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    pub written: usize,
    pub left_out: usize,
}

/// Gives `write` every entry but those `without` as a line without its line break, in the order in which they came to
/// this store.
///
/// # Errors
/// What the store says, or `write`; a closed pipe ends the export and is no error.
pub fn export(
    session: &Session,
    without: &[LeftOut],
    write: &mut dyn FnMut(&str) -> io::Result<()>,
) -> Result<Exported> {
    let mut count = Exported::default();
    for entry in entries(session) {
        let entry = entry?;
        if without.iter().any(|left| left.matches(entry.header())) {
            count.left_out += 1;
            continue;
        }
        match write(&entry.to_line()) {
            Ok(()) => count.written += 1,
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => break,
            Err(error) => {
                return Err(OpsError::failed("the export cannot be written")
                    .with_source(error)
                    .with_hint("make room, or send it somewhere else"));
            }
        }
    }
    Ok(count)
}

/// Every entry, in the order in which they came to this store. They are read in batches; an error of
/// the store is the last item worth reading.
pub(super) fn entries(session: &Session) -> impl Iterator<Item = Result<Entry>> {
    let (mut after, mut batch) = (0, Vec::new().into_iter());
    iter::from_fn(move || {
        if batch.len() == 0 {
            match session.read().entries_after(after, BATCH) {
                Ok(next) => batch = next.into_iter(),
                Err(error) => return Some(Err(error.into())),
            }
        }
        let (number, entry) = batch.next()?;
        after = number;
        Some(Ok(entry))
    })
}

/// True if an input that begins with `start` is a journal: its first line is an entry.
#[must_use]
pub fn looks_like_journal(start: &str) -> bool {
    let first = start.trim_start_matches('\u{feff}').trim_start();
    first.starts_with("{\"header\"")
}

/// Adds the entries in `from`, one a line, to the store: all of them or none. Those that are there
/// already are passed over, so that a second import changes nothing. Empty lines are skipped.
///
/// # Errors
/// A line that is no entry, or one whose bytes differ from those of the same entry here; named by
/// the number of the line.
pub fn import(session: &mut Session, from: &mut dyn BufRead) -> Result<Imported> {
    let (line, read) = (Cell::new(0), Cell::new(0));
    let locate = |error: OpsError| {
        OpsError {
            message: format!("line {}: {}", line.get(), error.message),
            ..error
        }
        .with_hint("nothing was imported; `bridgelog export jsonl` writes such lines")
    };
    let entries = iter::from_fn(|| {
        loop {
            line.set(line.get() + 1);
            let text = match next_line(from) {
                Ok(Some(text)) => text,
                Ok(None) => return None,
                Err(error) => return Some(Err(locate(error))),
            };
            let text = text.trim_start_matches('\u{feff}').trim();
            if !text.is_empty() {
                read.set(read.get() + 1);
                let entry = Entry::parse(text)
                    .map_err(|e| OpsError::failed("it is not an entry as written").with_source(e));
                return Some(entry.map_err(locate));
            }
        }
    });
    let new = session
        .store
        .accept_stream(entries, |error| locate(error.into()))?;
    Ok(Imported {
        read: read.get(),
        new,
    })
}

/// The next line of `from`; `None` at its end.
fn next_line(from: &mut dyn BufRead) -> Result<Option<String>> {
    let mut bytes = Vec::new();
    from.take(MAX_LINE_BYTES)
        .read_until(b'\n', &mut bytes)
        .map_err(|e| OpsError::failed("it cannot be read").with_source(e))?;
    if bytes.is_empty() {
        return Ok(None);
    }
    if bytes.len() as u64 == MAX_LINE_BYTES {
        return Err(OpsError::failed("it is too long to be an entry"));
    }
    String::from_utf8(bytes)
        .map(Some)
        .map_err(|_| OpsError::failed("it is not UTF-8"))
}
