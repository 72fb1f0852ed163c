//! What a sync says of what it found.

use super::{
    super::{
        Session,
        redact_outlived::{self, Outlived},
        resolve::label,
    },
    SyncReport,
};
use crate::domain::{count::counted, handle, time::format_duration};
use chrono::TimeDelta;
use uuid::Uuid;

/// A clock that differs by more than this is named.
const MAX_CLOCK_OFFSET: TimeDelta = TimeDelta::seconds(2);
/// So many of a kind are named; the others are counted.
const NAMED: usize = 5;

/// Returns a sentence for each thing that is not as it should be, with the way out.
#[must_use]
pub fn notices(session: &Session, report: &SyncReport) -> Vec<String> {
    let mut notices = Vec::new();
    let (received, notes) = (&report.received, &report.memory.notes);
    if report.hub_went_back {
        notices.push(
            "the hub lost what was sent to it before: it was wiped or restored from a copy. All that this machine \
             has was offered to it again"
                .to_owned(),
        );
    } else if !report.replaced.is_empty() {
        notices.push(format!(
            "the hub lost what {} brought: what this machine has of it was offered again",
            listed(&report.replaced)
        ));
    }
    if let Some(origin) = report.new_origin {
        notices.push(format!(
            "this database was an older copy of itself, such as a restored backup: its entries came back from the \
             hub, and what is logged from now on is a chain of its own ({origin})"
        ));
    }
    if received.entries > 0 {
        let undeclared = session.read().undeclared_incidents().unwrap_or_default();
        notices.extend(undeclared.iter().map(|row| {
            format!(
                "the declaration of incident {} was undone where what others wrote to it was not known: it stays, marked \
                 UNDECLARED. `bridgelog restore-event {}` brings the declaration back",
                label(row),
                row.handle
            )
        }));
    }
    let outlived = redact_outlived::outlived(session).unwrap_or_default();
    notices.extend(outlived.iter().take(NAMED).map(Outlived::sentence));
    if outlived.len() > NAMED {
        let more = outlived.len() - NAMED;
        notices.push(format!(
            "so it is of {more} more: `bridgelog lint` names them"
        ));
    }
    if !received.forks.is_empty() {
        notices.push(format!(
            "{} have the place of another one in their chain, since a copy of a database was written to: {}. All \
             are kept; `bridgelog verify` names them",
            counted(received.forks.len(), "received entry", "received entries"),
            listed(&handles(session, received.forks.iter().copied()))
        ));
    }
    if !notes.altered.is_empty() {
        notices.push(format!(
            "{} at the hub with other content than here under the same id: {}. One of the two was altered; nothing \
             was overwritten. `bridgelog verify` checks those here",
            counted(notes.altered.len(), "entry is", "entries are"),
            listed(&handles(session, notes.altered.iter().copied()))
        ));
    }
    if received.unknown > 0 {
        notices.push(format!(
            "{} of a kind that this version does not know: they are kept and passed on, and a newer version shows \
             them",
            counted(received.unknown, "received entry is", "received entries are")
        ));
    }
    if !received.unreadable.is_empty() {
        notices.push(format!(
            "{} at the hub cannot be read and was passed over: {}",
            counted(received.unreadable.len(), "line", "lines"),
            listed(&received.unreadable)
        ));
    }
    if !report.still_held.is_empty() {
        notices.push(format!(
            "a redacted text is still in {}. The machine that writes that file removes it at its next sync; if that \
             machine is gone, delete the file: the others bring what is in it again",
            listed(&report.still_held)
        ));
    }
    notices
}

/// Says how far the hub's clock is from the one here; `None` if it has none.
#[must_use]
pub fn clock_sentence(offset_micros: Option<i64>) -> Option<String> {
    let offset = TimeDelta::microseconds(offset_micros?);
    if offset.abs() <= MAX_CLOCK_OFFSET {
        #[expect(clippy::cast_precision_loss)]
        let seconds = offset.num_milliseconds() as f64 / 1000.0;
        return Some(format!("clocks {:.1} s apart", seconds.abs()));
    }
    let apart = format_duration(offset.abs().num_seconds());
    Some(match offset > TimeDelta::zero() {
        true => format!(
            "the clock here is {apart} behind that of the hub: check the time of this machine"
        ),
        false => format!(
            "the clock here is {apart} ahead of that of the hub: check the time of this machine"
        ),
    })
}

/// Says that the clock here is wrong, or the hub's; `None` if they agree, or the hub has none.
#[must_use]
pub fn clock_warning(offset_micros: Option<i64>) -> Option<String> {
    let is_wrong = TimeDelta::microseconds(offset_micros?).abs() > MAX_CLOCK_OFFSET;
    clock_sentence(offset_micros).filter(|_| is_wrong)
}

/// The handles of what the entries `ids` are about, else their ids.
fn handles(session: &Session, ids: impl Iterator<Item = Uuid>) -> Vec<String> {
    ids.map(|id| {
        let entry = session.read().entry(id).ok().flatten();
        let subject = entry.and_then(|entry| entry.header().subject.id());
        subject.map_or_else(|| id.to_string(), handle::shown)
    })
    .collect()
}

fn listed(items: &[String]) -> String {
    let named = items.iter().take(NAMED).cloned().collect::<Vec<_>>();
    match items.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}
