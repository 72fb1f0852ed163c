//! What is said of a follow-up that was added or changed.

use crate::domain::{
    capture::{LineType, MarkerShape, find_markers},
    task::{Task, TaskState},
    time::{OffsetTime, UtcTime},
    zone::Zone,
};

/// Says that a name in the text of a follow-up, in which no marker is read, is not that of its owner.
pub(super) fn unread_owner(text: &str) -> Option<String> {
    let names = find_markers(text, LineType::FollowUp).into_iter();
    let mut names = names.filter(|token| matches!(token.shape, MarkerShape::At(_)));
    let name = names.find(|token| token.backslashes == 0)?;
    Some(format!(
        "`{}` is text here: `--owner WHO` says who does it",
        &text[name.range]
    ))
}

/// Says so if the due time of `task`, which was given now, has passed. In an incident that is entered afterwards, whose
/// newest event is at `newest_past`, only one before its end is worth a word.
pub(super) fn passed_due(
    task: &Task,
    now: UtcTime,
    newest_past: Option<UtcTime>,
) -> Option<String> {
    let due = task.due.filter(|due| *due < newest_past.unwrap_or(now))?;
    let what = if newest_past.is_some() {
        "is before the end of the incident"
    } else {
        "has passed"
    };
    Some(format!(
        "the due time {} {what}; `--due -` clears it",
        due.format("%Y-%m-%d %H:%M")
    ))
}

/// Says which dates and words of `before`, the task with `handle`, no longer hold in its new state.
pub(super) fn dropped_values(
    before: &Task,
    after: &Task,
    handle: &str,
    zone: &Zone,
) -> Vec<String> {
    if before.state == after.state {
        return vec![];
    }
    let date = |what: &str, before: Option<OffsetTime>, after: Option<OffsetTime>| {
        let at = before.filter(|_| after.is_none())?;
        let day = zone.to_local(at.to_utc()).format("%Y-%m-%d");
        Some(format!("that it was {what} on {day}"))
    };
    let reason = before.reason.as_ref().filter(|_| after.reason.is_none());
    let dropped: Vec<String> = [
        date("started", before.started_at, after.started_at),
        date("done", before.done_at, after.done_at),
        reason.map(|reason| format!("what was said of it (\"{reason}\")")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut notices = vec![];
    if !dropped.is_empty() {
        notices.push(format!(
            "no longer recorded, as it is {} now: {}; `bridgelog undo` undoes that",
            after.state,
            dropped.join(" and ")
        ));
    }
    if after.state == TaskState::Declined && after.reason.is_none() {
        notices.push(format!(
            "declined without a reason: `bridgelog task decline {handle} --reason TEXT` gives it"
        ));
    }
    notices
}
