//! A page of the timeline: only what is in view is read, whatever the incident holds.

use super::{Result, Session};
use crate::domain::{event::Event, incident::Record};
use uuid::Uuid;

pub use crate::store::TimelineCursor;

/// How many events a filter looks through at once: some 20 ms, so that other work comes in between.
pub const MAX_SCANNED_EVENTS: usize = 5_000;
const SCAN_CHUNK: usize = 1_000;
/// A gap lasts at least so many minutes.
pub const GAP_MINUTES: i64 = 15;

/// Which part of a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageAnchor {
    /// The end of it.
    Newest,
    /// Its beginning.
    Oldest,
    /// What lies around a place.
    Around(TimelineCursor),
    /// What lies before a place.
    Before(TimelineCursor),
}

/// Some events of a timeline, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimelinePage {
    /// The events.
    pub events: Vec<Record<Event>>,
    /// True where there are older ones, or may be.
    pub has_older: bool,
    /// True where there are newer ones, or may be.
    pub has_newer: bool,
    /// How far back it was looked through for a filter, where there is more to look through.
    pub resume_cursor: Option<TimelineCursor>,
}

/// Which events are wanted: all that is said must hold. Nothing said: all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of one of these kinds.
    pub kinds: Vec<String>,
    /// With one of these tags.
    pub tags: Vec<String>,
    /// About one of these services, or naming one of these people.
    pub names: Vec<String>,
    /// Written by one of these.
    pub authors: Vec<String>,
    /// Only what customers may read.
    pub customer_only: bool,
    /// Only what customers may not read.
    pub internal_only: bool,
    /// With all these words, in whatever case.
    pub words: Vec<String>,
}

impl Filter {
    /// Reads `kind:fault #tag @service by:jw tell words`.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut filter = Self::default();
        for word in text.split_whitespace() {
            let lower = word.to_lowercase();
            let named = |prefix: &str| lower.strip_prefix(prefix).filter(|w| !w.is_empty());
            if let Some(kinds) = named("kind:") {
                filter.kinds.extend(kinds.split(',').map(str::to_owned));
            } else if let Some(by) = named("by:") {
                filter.authors.extend(by.split(',').map(str::to_owned));
            } else if let Some(tag) = named("#") {
                filter.tags.push(tag.to_owned());
            } else if let Some(name) = named("@") {
                filter.names.push(name.to_owned());
            } else if matches!(lower.as_str(), "tell" | "tell:" | "customers") {
                filter.customer_only = true;
            } else if lower == "internal" {
                filter.internal_only = true;
            } else {
                filter.words.push(lower);
            }
        }
        filter
    }

    /// True where nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// True for what is wanted.
    #[must_use]
    pub fn matches(&self, record: &Record<Event>) -> bool {
        let event = &record.value;
        let one = |wanted: &[String], has: Vec<&str>| {
            let same = |h: &&str| wanted.contains(&h.to_lowercase());
            wanted.is_empty() || has.iter().any(same)
        };
        let begins = |wanted: &[String], word: &str| {
            wanted.is_empty() || wanted.iter().any(|w| word.starts_with(w.as_str()))
        };
        begins(&self.kinds, event.kind.as_str())
            && one(&self.tags, event.tags.iter().map(String::as_str).collect())
            && one(
                &self.names,
                event
                    .services
                    .iter()
                    .chain(&event.people)
                    .map(String::as_str)
                    .collect(),
            )
            && one(&self.authors, vec![record.author.as_str()])
            && (!self.customer_only || event.customer.is_some())
            && (!self.internal_only || event.customer.is_none())
            && self.words.iter().all(|word| {
                [
                    Some(&event.text),
                    event.customer.as_ref(),
                    event.rationale.as_ref(),
                    event.rejected.as_ref(),
                ]
                .into_iter()
                .flatten()
                .any(|text| text.to_lowercase().contains(word.as_str()))
            })
    }
}

/// About `size` events of `incident` (none: the unfiled ones) that `filter` takes.
///
/// # Errors
/// What the store says.
pub fn load_page(
    session: &Session,
    incident: Option<Uuid>,
    from: PageAnchor,
    size: usize,
    filter: &Filter,
) -> Result<TimelinePage> {
    let before = |edge| scan_events(session, incident, edge, size, filter, false);
    let after = |edge| scan_events(session, incident, edge, size, filter, true);
    Ok(match from {
        PageAnchor::Newest => page_from_backward_scan(before(None)?),
        PageAnchor::Before(edge) => TimelinePage {
            has_newer: true,
            ..page_from_backward_scan(before(Some(edge))?)
        },
        PageAnchor::Oldest => {
            let found = after(None)?;
            TimelinePage {
                has_newer: found.resume_cursor.is_some(),
                events: found.events,
                ..TimelinePage::default()
            }
        }
        PageAnchor::Around(edge) => {
            let mut page = page_from_backward_scan(before(Some(edge))?);
            // The edge itself is on neither side of itself: one step back, and from there on.
            let later = after(page.events.last().map(Record::sort_key))?;
            page.events.extend(later.events);
            page.has_newer = later.resume_cursor.is_some();
            page
        }
    })
}

/// What was found going back, in its order.
fn page_from_backward_scan(found: ScanResult) -> TimelinePage {
    let mut events = found.events;
    events.reverse();
    TimelinePage {
        events,
        has_older: found.resume_cursor.is_some(),
        has_newer: false,
        resume_cursor: found.resume_cursor,
    }
}

/// Events on one side of a place, the nearest first, and the place from which on there may be more.
struct ScanResult {
    events: Vec<Record<Event>>,
    resume_cursor: Option<TimelineCursor>,
}

/// At most `size` events on one side of `edge`.
fn scan_events(
    session: &Session,
    incident: Option<Uuid>,
    mut edge: Option<TimelineCursor>,
    size: usize,
    filter: &Filter,
    forward: bool,
) -> Result<ScanResult> {
    let read = session.read();
    let mut events = Vec::new();
    let mut looked = 0;
    let chunk = if filter.is_empty() { size } else { SCAN_CHUNK };
    loop {
        let some = if forward {
            read.oldest_events(incident, chunk, edge)?
        } else {
            read.newest_events(incident, chunk, edge)?
        };
        let full = some.len() == chunk;
        looked += some.len();
        edge = some.last().map(Record::sort_key);
        for record in some {
            if filter.matches(&record) {
                let resume_cursor = Some(record.sort_key());
                events.push(record);
                if events.len() == size {
                    return Ok(ScanResult {
                        events,
                        resume_cursor,
                    });
                }
            }
        }
        if !full || looked >= MAX_SCANNED_EVENTS {
            let resume_cursor = edge.filter(|_| full);
            return Ok(ScanResult {
                events,
                resume_cursor,
            });
        }
    }
}

/// The event of `incident` next to `from` before which nothing was logged for at least
/// [`GAP_MINUTES`]: towards the end, else towards the beginning. With it for how many seconds nothing
/// was.
///
/// # Errors
/// What the store says.
pub fn find_gap(
    session: &Session,
    incident: Option<Uuid>,
    from: TimelineCursor,
    forward: bool,
) -> Result<Option<(Record<Event>, i64)>> {
    let least = chrono::Duration::minutes(GAP_MINUTES);
    let Some((before, at)) = session.read().find_gap(incident, from.0, forward, least)? else {
        return Ok(None);
    };
    // The first of those that occurred at that moment.
    let edge = (
        before,
        chrono::DateTime::<chrono::Utc>::MAX_UTC,
        Uuid::max(),
        u64::MAX,
    );
    let found = session.read().oldest_events(incident, 1, Some(edge))?;
    Ok(found
        .into_iter()
        .next()
        .map(|event| (event, (at - before).num_seconds())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filter_parses_kinds_tags_names_and_words() {
        let filter = Filter::parse("kind:fault,detect #storage @online-db by:jw tell Halted");
        assert_eq!(filter.kinds, ["fault", "detect"]);
        assert_eq!(filter.tags, ["storage"]);
        assert_eq!(filter.names, ["online-db"]);
        assert_eq!(filter.authors, ["jw"]);
        assert!(filter.customer_only);
        assert_eq!(filter.words, ["halted"]);
        assert!(Filter::parse("  ").is_empty());
    }
}
