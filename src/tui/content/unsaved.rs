//! What is said of writes that are not in the store yet.

use crate::{
    domain::{
        count::{counted, plural},
        time::format_duration,
    },
    ops::Obstacle,
    tui::model::{Model, PendingWrite, ROW_BREAK},
};

/// A write that takes longer than this is shown as under way, in milliseconds.
const LATE_MILLIS: i64 = 1_000;
/// How many lines that are not saved yet are shown below the timeline.
const MAX_ROWS: usize = 8;

/// True if a write should be in the store by now.
fn is_late(model: &Model, pending: &PendingWrite) -> bool {
    pending.obstacle.is_some() || (model.now - pending.since).num_milliseconds() >= LATE_MILLIS
}

/// Returns the writes that should be in the store by now.
pub fn late_writes(model: &Model) -> impl Iterator<Item = &PendingWrite> {
    let outbox = model.capture.outbox.iter();
    outbox.filter(|pending| is_late(model, pending))
}

/// Returns the newest lines that should be in the store by now, as rows below the newest event, and how many
/// more there are before them.
#[must_use]
pub fn late_lines(model: &Model) -> (Vec<&PendingWrite>, usize) {
    if model.timeline.has_newer || !model.timeline.filter.is_empty() {
        return (vec![], 0);
    }
    let lines = late_writes(model).filter(|pending| pending.typed.is_some());
    let mut lines: Vec<&PendingWrite> = lines.collect();
    let before = lines.len().saturating_sub(MAX_ROWS);
    (lines.split_off(before), before)
}

/// Says what keeps writes from being saved, that they are kept, and what can be done; `None` if nothing does.
#[must_use]
pub fn unsaved_notice(model: &Model) -> Option<String> {
    if model.unsaved_put_away {
        return None;
    }
    let pending = late_writes(model).find(|pending| pending.obstacle.is_some())?;
    let count = late_writes(model).count();
    let entries = counted(count, "entry", "entries");
    let is = plural(count, "is", "are");
    if let Some(file) = written_file(model) {
        return Some(format!("Not in the database: {entries}, written to {file}"));
    }
    let waited = format_duration((model.now - pending.since).num_seconds().max(0));
    Some(match pending.obstacle.as_ref()? {
        Obstacle::Locked if model.is_importing() => {
            format!("Kept until the import is written ({waited}): {entries}; type on.")
        }
        Obstacle::Locked if count == 1 => {
            format!(
                "Database locked by another program ({waited}). Entry kept and retried; type on."
            )
        }
        Obstacle::Locked => {
            format!(
                "Database locked by another program ({waited}). {entries} kept and retried; type on."
            )
        }
        Obstacle::DiskFull => {
            let place = if model.drafts_unsaved {
                "in memory only"
            } else {
                "as a draft"
            };
            format!("Disk full: {entries} {is} kept {place}. Free space; retried every 5 s.")
        }
        Obstacle::ReadOnly => {
            format!("Read-only database: nothing can be logged here. {entries} kept and retried.")
        }
        Obstacle::Gone(path) => format!(
            "The database file is gone: {}. {entries} kept. Actions: write them to a new file.",
            path.display()
        ),
    })
}

/// Returns the file that has all entries which are not in the database.
fn written_file(model: &Model) -> Option<&str> {
    let (file, count) = model.unsaved_file.as_ref()?;
    (*count >= model.capture.outbox.len()).then_some(file.as_str())
}

/// The same in fewer words, for a screen that it does not fit on; the zone has it whole.
#[must_use]
pub fn short_notice(model: &Model) -> Option<String> {
    unsaved_notice(model)?;
    let pending = late_writes(model).find(|pending| pending.obstacle.is_some())?;
    let count = late_writes(model).count();
    if let Some(file) = written_file(model) {
        return Some(format!("{count} not in the database: {file}"));
    }
    Some(match pending.obstacle.as_ref()? {
        Obstacle::Locked => format!("Database locked: {count} kept, retried."),
        Obstacle::DiskFull => format!("Disk full: {count} kept, retried."),
        Obstacle::ReadOnly => format!("Read-only: {count} kept, retried."),
        Obstacle::Gone(_) => format!("Database file gone: {count} kept."),
    })
}

/// Returns the texts that are not saved, as they were typed, each with when; one below the other.
#[must_use]
pub fn unsaved_text(model: &Model) -> String {
    let mut text = String::new();
    for pending in &model.capture.outbox {
        let begun = pending
            .typed
            .as_ref()
            .map_or(pending.since, |typed| typed.begun);
        let at = model.zone.to_local(begun);
        let at = format!(
            "{} {}",
            at.format("%Y-%m-%d %H:%M:%S"),
            model.zone.abbreviation(begun)
        );
        let about = pending.about.as_ref();
        let about = about.map_or_else(String::new, |about| format!(", {about}"));
        let typed = pending.text.replace(ROW_BREAK, "\n");
        text.push_str(&format!("# typed {at}{about}\n{typed}\n"));
    }
    text
}
