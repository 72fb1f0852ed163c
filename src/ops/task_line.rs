//! A follow-up as one line, as the app edits it:
//!
//! ```text
//! [TYPE:] TEXT [@owner | @"Ann Lee"] [due WHEN] [since WHEN] [ticket T] [prevents] [shortens] [tell: Wording.]
//! ```
//!
//! The markers after the text may be in any order, except that `tell:` takes the rest of the line. What a
//! marker is, how it is escaped, and that code and quotations have none is as in the line of an event
//! ([`find_markers`]).

use super::{OpsError, Result, Session, future_time, task::TaskPatch};
use crate::domain::{
    capture::{
        FollowUpMarker, LineType, MarkerShape, MarkerToken, escape_markers, find_markers,
        mention_word,
    },
    task::{Task, TaskState},
    time::{OffsetTime, UtcTime},
    value::Value,
    when::TimeContext,
    words::{Word, is_capture_kind},
    zone::Zone,
};

/// Parses a line; its times are in `zone`. The patch gives every value: what is missing from the
/// line is cleared.
///
/// # Errors
/// A `due` or `since` at the end with an invalid time.
pub fn parse(line: &str, now: UtcTime, zone: &Zone) -> Result<TaskPatch> {
    let mut patch = TaskPatch {
        owner: Some(String::new()),
        due: Some(String::new()),
        since: Some(String::new()),
        ticket: Some(String::new()),
        customer: Some(String::new()),
        prevents: Some(false),
        shortens: Some(false),
        ..TaskPatch::default()
    };
    let mut tokens = find_markers(line, LineType::FollowUp);
    let is_given = |token: &MarkerToken<'_>| token.backslashes == 0 && token.starts_word;
    let (mut start, mut end) = (0, line.len());
    if let Some(at) = tokens
        .iter()
        .position(|token| token.shape == MarkerShape::Tell && is_given(token))
    {
        patch.customer = Some(line[tokens[at].range.end..].trim().to_owned());
        end = tokens[at].range.start;
        tokens.truncate(at);
    }
    if let Some(token) = tokens.first().filter(|token| is_given(token))
        && let MarkerShape::FollowUp(FollowUpMarker::Type(type_)) = token.shape
        && line[..token.range.start].trim().is_empty()
    {
        patch.type_ = Some(type_);
        start = token.range.end;
        tokens.remove(0);
    }
    while let Some(token) = tokens.last().filter(|token| is_given(token))
        && !line[start..token.range.start].trim().is_empty()
        && take_last_marker(
            token.shape,
            line[token.range.end..end].trim(),
            &mut patch,
            now,
            zone,
        )?
    {
        end = token.range.start;
        tokens.pop();
    }
    let mut text = String::new();
    for token in tokens.iter().filter(|token| token.backslashes > 0) {
        text.push_str(&line[start..token.range.start]);
        start = token.range.start + 1;
    }
    text.push_str(&line[start..end]);
    patch.text = Some(text.trim().to_owned());
    Ok(patch)
}

/// Refuses a follow-up that would both have prevented and have shortened the incident.
fn reject_both(patch: &TaskPatch) -> Result<()> {
    if (patch.prevents, patch.shortens) != (Some(true), Some(true)) {
        return Ok(());
    }
    Err(
        OpsError::usage("`prevents` and `shortens` exclude each other")
            .with_hint("leave one out: what prevents an incident leaves nothing to shorten"),
    )
}

/// Reads the last marker of a line with the text after it into `patch`; false if both are text.
fn take_last_marker(
    shape: MarkerShape<'_>,
    value: &str,
    patch: &mut TaskPatch,
    now: UtcTime,
    zone: &Zone,
) -> Result<bool> {
    let set_once = |slot: &mut Option<String>| {
        let is_unset = slot.as_ref().is_some_and(String::is_empty);
        if is_unset {
            *slot = Some(value.to_owned());
        }
        is_unset
    };
    let time = |slot: &mut Option<String>, parsed: Result<OffsetTime>| match parsed {
        Ok(_) => Ok(set_once(slot)),
        Err(error) => not_a_time(value, error),
    };
    Ok(match shape {
        MarkerShape::At(owner) if value.is_empty() && patch.owner.as_deref() == Some("") => {
            patch.owner = Some(owner.to_owned());
            true
        }
        MarkerShape::FollowUp(FollowUpMarker::Prevents) if value.is_empty() => {
            patch.prevents = Some(true);
            true
        }
        MarkerShape::FollowUp(FollowUpMarker::Shortens) if value.is_empty() => {
            patch.shortens = Some(true);
            true
        }
        MarkerShape::FollowUp(FollowUpMarker::Ticket) => {
            let is_word = !value.is_empty() && !value.contains(char::is_whitespace);
            is_word && set_once(&mut patch.ticket)
        }
        MarkerShape::FollowUp(FollowUpMarker::Due) if !value.is_empty() => {
            time(&mut patch.due, future_time::parse_future(value, now, zone))?
        }
        MarkerShape::FollowUp(FollowUpMarker::Since) if !value.is_empty() => time(
            &mut patch.since,
            future_time::parse_past(value, &TimeContext::new(now, zone)),
        )?,
        _ => false,
    })
}

/// `due to a bug` is text; `due 2012-13-01` was meant as a time and is an error.
fn not_a_time(value: &str, error: OpsError) -> Result<bool> {
    let looks_like_time = value.starts_with(|c: char| c.is_ascii_digit())
        || (value.split_whitespace().count() == 1 && value.len() > 2);
    if looks_like_time {
        return Err(error.with_hint("where it is text, write \\due or \\since"));
    }
    Ok(false)
}

/// Returns a follow-up as the line one would type for it.
///
/// # Errors
/// Not a follow-up.
pub fn task_as_line(session: &Session, typed: &str) -> Result<String> {
    let target = session.resolve_target(typed)?;
    let Value::Task(task) = &target.current.value else {
        return Err(OpsError::failed(format!("`{typed}` is not a follow-up"))
            .with_hint("`bridgelog task list` shows the follow-ups"));
    };
    let row = match target.current.incident {
        Some(id) => session.read().incident_row(id)?,
        None => None,
    };
    let zone = session.zone_of(row.as_ref())?;
    Ok(format_task(task, session.now(), &zone))
}

/// Returns what `line`, a changed copy of what [`task_as_line`] returned, changes of `before`. What
/// is unchanged stays, also what a line cannot express.
///
/// # Errors
/// Those of [`parse`].
pub fn patch_from_line(before: &Task, line: &str, now: UtcTime, zone: &Zone) -> Result<TaskPatch> {
    fn changed<T: PartialEq>(new: Option<T>, old: &Option<T>) -> Option<T> {
        new.filter(|new| Some(new) != old.as_ref())
    }
    let old = parse(&format_task(before, now, zone), now, zone)?;
    let new = parse(line, now, zone)?;
    if !(before.prevents && before.shortens) {
        reject_both(&new)?;
    }
    Ok(TaskPatch {
        text: changed(new.text, &old.text),
        type_: changed(new.type_, &old.type_),
        owner: changed(new.owner, &old.owner),
        due: changed(new.due, &old.due),
        ticket: changed(new.ticket, &old.ticket),
        prevents: changed(new.prevents, &old.prevents),
        shortens: changed(new.shortens, &old.shortens),
        since: changed(new.since, &old.since),
        customer: changed(new.customer, &old.customer),
        ..TaskPatch::default()
    })
}

fn format_task(task: &Task, now: UtcTime, zone: &Zone) -> String {
    let words: Vec<&str> = task.text.split_whitespace().collect();
    let text = words.join(" ");
    let line = format_with_text(task, &text, zone);
    let round_trips = parse(&line, now, zone).is_ok_and(|patch| {
        patch.text.as_ref() == Some(&text) && patch.type_.map(Word::Known) == task.type_
    });
    if round_trips {
        line
    } else {
        format_with_text(task, &escape_markers(&text, LineType::FollowUp), zone)
    }
}

/// Returns a follow-up as a line with its text as it is, for reading.
#[must_use]
pub fn describe(task: &Task, zone: &Zone) -> String {
    format_with_text(task, &task.text, zone)
}

fn format_with_text(task: &Task, text: &str, zone: &Zone) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(task.type_.as_ref().map(|type_| format!("{type_}:")));
    parts.push(text.to_owned());
    let day_or_time = |at: OffsetTime, day_alone: &str| {
        let at = zone.to_local(at.to_utc());
        if at.format("%H:%M").to_string() == day_alone {
            at.format("%Y-%m-%d").to_string()
        } else {
            at.format("%Y-%m-%d %H:%M").to_string()
        }
    };
    let owner = task.owner.as_deref().and_then(mention_word);
    parts.extend(owner.map(|owner| format!("@{owner}")));
    let due = task.due.map(|at| day_or_time(at, "23:59"));
    parts.extend(due.map(|due| format!("due {due}")));
    let since = task.since.map(|at| day_or_time(at, "00:00"));
    parts.extend(since.map(|since| format!("since {since}")));
    let ticket = task.ticket.as_ref();
    let ticket = ticket.filter(|ticket| !ticket.contains(char::is_whitespace));
    parts.extend(ticket.map(|ticket| format!("ticket {ticket}")));
    for (on, word) in [(task.prevents, "prevents"), (task.shortens, "shortens")] {
        parts.extend(on.then(|| word.to_owned()));
    }
    parts.extend(task.customer.as_ref().map(|text| format!("tell: {text}")));
    parts.join(" ")
}

/// Says that the kind of an event at the start of `text`, perhaps behind a time, is text here.
fn unread_kind(text: &str) -> Option<String> {
    let is_time = |word: &&str| word.contains(|c: char| c.is_ascii_digit());
    let first = text.split_whitespace().find(|word| !is_time(word))?;
    let kind = first
        .strip_suffix(':')
        .filter(|kind| is_capture_kind(kind))?;
    Some(format!(
        "`{kind}:` is text here: an event is typed on the line"
    ))
}

/// Says which words of a text look like markers that were not read, such as `due:Friday`, or `@ann` before it.
fn unread_markers(text: &str) -> Option<String> {
    const PREFIXES: [&str; 4] = ["due:", "since:", "ticket:", "owner:"];
    let is_marker = |word: &&str| {
        PREFIXES
            .iter()
            .any(|prefix| word.len() > prefix.len() && word.starts_with(prefix))
    };
    let names = find_markers(text, LineType::FollowUp).into_iter();
    let names = names.filter(|token| matches!(token.shape, MarkerShape::At(_)));
    let names = names.map(|token| &text[token.range]);
    let words = text.split_whitespace().filter(is_marker);
    let words: Vec<&str> = names.chain(words).collect();
    (!words.is_empty()).then(|| {
        format!(
            "kept as text: {}; owner and due come last: @ann due Friday",
            words.join(" ")
        )
    })
}

/// Describes what the line would be parsed as.
///
/// # Errors
/// Those of [`parse`], or an empty text.
pub fn preview(line: &str, now: UtcTime, zone: &Zone) -> Result<String> {
    let patch = parse(line, now, zone)?;
    let given = |text: &Option<String>| text.clone().filter(|t| !t.is_empty());
    if given(&patch.text).is_none() {
        return Err(OpsError::usage("a follow-up needs a text")
            .with_hint("prevent: fail over to a warm standby @raj due 2012-10-31"));
    }
    let mut parts = vec!["follow-up".to_owned()];
    parts.extend(patch.type_.map(|t| t.to_string()));
    parts.extend(given(&patch.owner).map(|owner| format!("@{owner}")));
    if let Some(due) = given(&patch.due) {
        let at = future_time::parse_future(&due, now, zone)?;
        let passed = if at < now { ", which has passed" } else { "" };
        parts.push(format!("due {}{passed}", at.format("%a %-d %b %Y %H:%M")));
    }
    if let Some(since) = given(&patch.since) {
        let at = future_time::parse_past(&since, &TimeContext::new(now, zone))?;
        parts.push(format!("since {}", at.format("%a %-d %b %Y")));
    }
    parts.extend(given(&patch.ticket).map(|ticket| format!("ticket {ticket}")));
    for (on, words) in [
        (patch.prevents, "would have prevented this"),
        (patch.shortens, "would have shortened this"),
    ] {
        parts.extend((on == Some(true)).then(|| words.to_owned()));
    }
    parts.extend(patch.text.as_deref().and_then(unread_kind));
    parts.extend(patch.text.as_deref().and_then(unread_markers));
    parts.push(match given(&patch.customer) {
        Some(wording) => format!("✉ customers will read: {wording}"),
        None => "internal".to_owned(),
    });
    Ok(parts.join(" · "))
}

/// Parses a new follow-up.
///
/// # Errors
/// Those of [`parse`].
pub fn parse_new(line: &str, now: UtcTime, zone: &Zone) -> Result<TaskPatch> {
    let patch = parse(line, now, zone)?;
    reject_both(&patch)?;
    Ok(TaskPatch {
        state: Some(TaskState::Planned),
        ..patch
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{task::TaskType, time::parse_utc};
    use proptest::prelude::*;

    fn at() -> (UtcTime, Zone) {
        let zone = Zone::find("America/New_York").unwrap();
        (parse_utc("2012-08-16T14:40:00Z").unwrap(), zone)
    }

    fn task_of(patch: &TaskPatch, now: UtcTime, zone: &Zone) -> Task {
        let some = |text: &Option<String>| text.clone().filter(|t| !t.is_empty());
        Task {
            text: patch.text.clone().unwrap(),
            type_: patch.type_.map(Into::into),
            owner: some(&patch.owner),
            due: some(&patch.due).map(|due| future_time::parse_future(&due, now, zone).unwrap()),
            since: some(&patch.since)
                .map(|s| future_time::parse_past(&s, &TimeContext::new(now, zone)).unwrap()),
            ticket: some(&patch.ticket),
            prevents: patch.prevents.unwrap(),
            shortens: patch.shortens.unwrap(),
            customer: some(&patch.customer),
            ..Task::default()
        }
    }

    #[test]
    fn line_cannot_say_both_prevents_and_shortens() {
        let (now, zone) = at();
        assert!(parse_new("Fail over prevents shortens", now, &zone).is_err());
        let before = Task {
            text: "Fail over".into(),
            shortens: true,
            ..Task::default()
        };
        assert!(patch_from_line(&before, "Fail over prevents shortens", now, &zone).is_err());
        let patch = patch_from_line(&before, "Fail over prevents", now, &zone).unwrap();
        assert_eq!((patch.prevents, patch.shortens), (Some(true), Some(false)));
    }

    #[test]
    fn follow_up_line_parses_and_prints_back() {
        let (now, zone) = at();
        let line = "prevent: Fail over to a warm standby @\"Ann Lee\" due 2012-10-31 since 2012-05-14 \
                    ticket OPS-311 prevents tell: A second server: it takes over by itself.";
        let patch = parse(line, now, &zone).unwrap();
        assert_eq!(patch.type_, Some(TaskType::Prevent));
        assert_eq!(patch.text.as_deref(), Some("Fail over to a warm standby"));
        assert_eq!(patch.owner.as_deref(), Some("Ann Lee"));
        assert_eq!(patch.due.as_deref(), Some("2012-10-31"));
        assert_eq!(patch.ticket.as_deref(), Some("OPS-311"));
        assert_eq!(patch.prevents, Some(true));
        assert_eq!(
            patch.customer.as_deref(),
            Some("A second server: it takes over by itself.")
        );
        assert_eq!(format_task(&task_of(&patch, now, &zone), now, &zone), line);
    }

    #[test]
    fn text_resembling_markers_stays_text() {
        let (now, zone) = at();
        for text in [
            "fix the crash due to a bug",
            "tell the vendor",
            "note: be kind",
            "ask @raj about it",
            "rename `x due 2012-10-31`",
            "say \"call @raj\"",
            "ask (@raj)",
            "look at C:\\temp",
        ] {
            let patch = parse(text, now, &zone).unwrap();
            assert_eq!(patch.text.as_deref(), Some(text));
        }
        let wrong = parse("fix it due 2012-13-01", now, &zone).unwrap_err();
        assert!(wrong.message.contains("2012-13-01"), "{wrong}");
        let wrong = parse("fix it due Frday", now, &zone).unwrap_err();
        assert!(wrong.hints.concat().contains("\\due"));
        // A line cannot express a ticket of two words, so it is unchanged.
        let before = Task {
            text: "one".to_owned(),
            ticket: Some("OPS 311".to_owned()),
            ..Task::default()
        };
        let line = format_task(&before, now, &zone);
        let patch = patch_from_line(&before, &format!("{line} really"), now, &zone).unwrap();
        assert_eq!(patch.text.as_deref(), Some("one really"));
        assert_eq!(patch.ticket, None);
    }

    proptest! {
        #[test]
        fn printed_task_line_parses_to_same_task(
            words in prop::collection::vec(
                prop::sample::select(vec![
                    "fix", "due", "since", "ticket", "prevents", "shortens", "@raj", "tell:", "\\due",
                    "prevent:", "`due", "`", "say", "\"@raj", "end\"", "@\"Ann", "Lee\"", "(@raj", "\\\\@raj", "#4", "10:30", "Friday", "2012-10-31", "OPS-1", "it", "to", "\\", "@",
                ]),
                1..8,
            ),
            owner in prop::option::of("[a-z]{1,5}( [a-z]{1,4})?"),
            prevents: bool,
            customer in prop::option::of("[A-Z][a-z ]{0,10}[.]"),
        ) {
            let (now, zone) = at();
            let task = Task { text: words.join(" "), owner, prevents, customer, ..Task::default() };
            let line = format_task(&task, now, &zone);
            let back = task_of(&parse(&line, now, &zone).unwrap(), now, &zone);
            prop_assert_eq!(back, task, "{}", line);
        }
    }
}
