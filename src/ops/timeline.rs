//! Loads the timeline a page at a time, so that the cost does not grow with the incident. Also
//! filters it and finds gaps.

use super::{Result, Session};
use crate::domain::{event::Event, incident::Record, states::StartedStates};
use uuid::Uuid;

pub use crate::store::TimelineCursor;

/// Events that a filter scans in one call: about 20 ms, so that other work can come in between.
pub const MAX_SCANNED_EVENTS: usize = 5_000;
const SCAN_CHUNK: usize = 1_000;
/// Shortest gap, in minutes.
pub const GAP_MINUTES: i64 = 15;

/// Which part of a timeline to load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageAnchor {
    Newest,
    Oldest,
    /// Both sides of a position, which is included.
    Around(TimelineCursor),
    /// Events before a position.
    Before(TimelineCursor),
}

/// Consecutive events of a timeline, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimelinePage {
    pub events: Vec<Record<Event>>,
    /// True if there may be older ones.
    pub has_older: bool,
    /// True if there may be newer ones.
    pub has_newer: bool,
    /// How far back a filter has scanned, if there is more to scan.
    pub resume_cursor: Option<TimelineCursor>,
    /// The states that its events started, of an incident whose history is loaded separately.
    pub started: StartedStates,
}

/// Conditions on events; all must hold, and an empty one holds for every event. Texts are lower
/// case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// One of these kinds, or a beginning of it.
    pub kinds: Vec<String>,
    /// One of these tags.
    pub tags: Vec<String>,
    /// One of these services or people.
    pub names: Vec<String>,
    /// One of these authors.
    pub authors: Vec<String>,
    /// Only events with customer wording.
    pub customer_only: bool,
    /// Only events without customer wording.
    pub internal_only: bool,
    /// All of these words, in text, wording, rationale or rejected options.
    pub words: Vec<String>,
}

impl Filter {
    /// Parses `kind:fault #tag @service by:jw tell words`; what has a space is put in double quotes:
    /// `@"Ann Lee"`, `by:"Ann Lee"`, `"disk full"`.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut filter = Self::default();
        for word in words(text) {
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

    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    #[must_use]
    pub fn matches(&self, record: &Record<Event>) -> bool {
        let event = &record.value;
        let has_one = |wanted: &[String], has: Vec<&str>| {
            let same = |h: &&str| wanted.contains(&h.to_lowercase());
            wanted.is_empty() || has.iter().any(same)
        };
        let begins = |wanted: &[String], word: &str| {
            wanted.is_empty() || wanted.iter().any(|w| word.starts_with(w.as_str()))
        };
        begins(&self.kinds, event.kind.as_str())
            && has_one(&self.tags, event.tags.iter().map(String::as_str).collect())
            && has_one(
                &self.names,
                event
                    .services
                    .iter()
                    .chain(&event.people)
                    .map(String::as_str)
                    .collect(),
            )
            && has_one(&self.authors, vec![record.author.as_str()])
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

/// Splits `text` at white space, but not in double quotes, which are left out.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![];
    let mut word = String::new();
    let mut in_quotes = false;
    for c in text.chars() {
        match c {
            '"' => in_quotes = !in_quotes,
            c if c.is_whitespace() && !in_quotes => {
                words.extend(Some(std::mem::take(&mut word)).filter(|w| !w.is_empty()));
            }
            c => word.push(c),
        }
    }
    words.extend(Some(word).filter(|w| !w.is_empty()));
    words
}

/// Loads about `size` events of `incident` (`None`: unfiled ones) that match `filter`.
pub fn load_page(
    session: &Session,
    incident: Option<Uuid>,
    from: PageAnchor,
    size: usize,
    filter: &Filter,
) -> Result<TimelinePage> {
    let before = |edge| scan_events(session, incident, edge, size, filter, false);
    let after = |edge| scan_events(session, incident, edge, size, filter, true);
    let mut page = match from {
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
            // Both scans exclude their edge, so the later one starts from the last event of the
            // first.
            let later = after(page.events.last().map(Record::sort_key))?;
            page.events.extend(later.events);
            page.has_newer = later.resume_cursor.is_some();
            page
        }
    };
    if let Some(id) = incident
        && page.events.iter().any(|e| e.value.shows_state_it_starts())
    {
        page.started = session.started_states_of_page(id, &page.events)?;
    }
    Ok(page)
}

/// Puts the events of a backward scan in timeline order.
fn page_from_backward_scan(scan: ScanResult) -> TimelinePage {
    let mut events = scan.events;
    events.reverse();
    TimelinePage {
        events,
        has_older: scan.resume_cursor.is_some(),
        has_newer: false,
        resume_cursor: scan.resume_cursor,
        started: StartedStates::new(),
    }
}

/// Events on one side of a position, nearest first, and where to continue.
struct ScanResult {
    events: Vec<Record<Event>>,
    resume_cursor: Option<TimelineCursor>,
}

/// Scans at most [`MAX_SCANNED_EVENTS`] on one side of `edge` for at most `size` matching events.
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
    let mut scanned = 0;
    let chunk = if filter.is_empty() { size } else { SCAN_CHUNK };
    loop {
        let records = if forward {
            read.oldest_events(incident, chunk, edge)?
        } else {
            read.newest_events(incident, chunk, edge)?
        };
        let full = records.len() == chunk;
        scanned += records.len();
        edge = records.last().map(Record::sort_key);
        for record in records {
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
        if !full || scanned >= MAX_SCANNED_EVENTS {
            let resume_cursor = edge.filter(|_| full);
            return Ok(ScanResult {
                events,
                resume_cursor,
            });
        }
    }
}

/// Finds the next gap of at least [`GAP_MINUTES`] after `from` (before it unless `forward`).
/// Returns the event that ends the gap and its length in seconds.
pub fn find_gap(
    session: &Session,
    incident: Option<Uuid>,
    from: TimelineCursor,
    forward: bool,
) -> Result<Option<(Record<Event>, i64)>> {
    let min_length = chrono::Duration::minutes(GAP_MINUTES);
    let Some((before, at)) = session
        .read()
        .find_gap(incident, from.0, forward, min_length)?
    else {
        return Ok(None);
    };
    // Sorts after every event that occurred at `before`.
    let edge = (
        before,
        chrono::DateTime::<chrono::Utc>::MAX_UTC,
        Uuid::max(),
        u64::MAX,
        Uuid::max(),
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
        let filter = Filter::parse("@\"Ann Lee\" by:\"Zoë O\" \"Disk full\"");
        assert_eq!(filter.names, ["ann lee"]);
        assert_eq!(filter.authors, ["zoë o"]);
        assert_eq!(filter.words, ["disk full"]);
    }
}
