//! Events, times and failures in the words of the app.

use crate::{
    domain::{
        capture,
        event::Event,
        task::Task,
        time::{UtcTime, format_duration, other_day},
        white_space::fold_white_space,
        words::State,
        zone::Zone,
    },
    ops::{IncidentRow, OpsError, resolve::short_ref, state_notices, status},
    tui::{
        msg::{Failure, ParsedLine},
        theme::kind_word,
    },
};
use chrono::Timelike as _;

/// How much of a text names it.
const EXCERPT_CHARS: usize = 40;

/// Returns the first line of `text`, cut to `length` characters.
pub(super) fn excerpt_of(text: &str, length: usize) -> String {
    let text = fold_white_space(text);
    match text.char_indices().nth(length) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text,
    }
}

pub(super) fn excerpt(text: &str) -> String {
    excerpt_of(text, EXCERPT_CHARS)
}

/// Formats a time as `05:31`, with the day where it is not that of `now`.
pub(super) fn short_time(at: UtcTime, zone: &Zone, now: UtcTime, seconds: bool) -> String {
    let local = zone.to_local(at);
    let time = local.format(if seconds { "%H:%M:%S" } else { "%H:%M" });
    match other_day(local, zone.to_local(now)) {
        None => time.to_string(),
        Some(day) => format!("{day} {time}"),
    }
}

/// Formats a time as `05:43 UTC today`, with its day where that is another.
pub(super) fn clock_time(at: UtcTime, zone: &Zone, now: UtcTime) -> String {
    let local = zone.to_local(at);
    let day = match other_day(local, zone.to_local(now)) {
        None => "today".to_owned(),
        Some(day) => format!("{} {day}", local.format("%a")),
    };
    format!("{} {} {day}", local.format("%H:%M"), zone.abbreviation(at))
}

/// Formats a length as people say it: `12 min`, `5 h`, `3 d`.
pub(super) fn rough_length(seconds: i64) -> String {
    let seconds = seconds.abs();
    let (minutes, hours, days) = (
        (seconds + 30) / 60,
        (seconds + 1_800) / 3_600,
        (seconds + 43_200) / 86_400,
    );
    match () {
        () if minutes < 60 => format!("{} min", minutes.max(1)),
        () if hours <= 72 => format!("{hours} h"),
        () => format!("{days} d"),
    }
}

/// Says which event a link means: `05:31 decision  roll back deploy 99`.
pub(super) fn link_note(event: &Event, zone: &Zone, now: UtcTime) -> String {
    let at = short_time(event.at_utc(), zone, now, false);
    let text = excerpt_of(&status::event_text(event), 200);
    format!("{at} {:<9} {text}", kind_word(&event.kind))
}

/// Names an event in a message: `05:31 decision "roll back deploy 99"`.
pub(super) fn event_label(event: &Event, zone: &Zone, now: UtcTime) -> String {
    let named = event_name(event, zone, now);
    match status::event_text(event) {
        text if text.is_empty() => named,
        text => format!("{named} \"{}\"", excerpt(&text)),
    }
}

/// Names an event without its text: `05:31 decision`.
pub(super) fn event_name(event: &Event, zone: &Zone, now: UtcTime) -> String {
    let tilde = if event.approximate { "~" } else { "" };
    let time = short_time(event.at_utc(), zone, now, false);
    format!("{tilde}{time} {}", kind_word(&event.kind))
}

/// How a row of an event is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct RowForm {
    pub seconds: bool,
    /// True for the text as a whole.
    pub whole: bool,
}

impl RowForm {
    /// The form that shows every difference between two versions.
    pub fn of_change(before: &Event, after: &Event) -> Self {
        let has_seconds = |event: &Event| event.at.second() != 0;
        Self {
            seconds: before.at != after.at && (has_seconds(before) || has_seconds(after)),
            whole: true,
        }
    }
}

/// Formats an event as a row: `05:31 decision  roll back deploy 99  @online-db  !down  »`.
pub(super) fn event_row(event: &Event, zone: &Zone, now: UtcTime, form: RowForm) -> String {
    let tilde = if event.approximate { "~" } else { "" };
    let mut row = format!(
        "{tilde}{} {}",
        short_time(event.at_utc(), zone, now, form.seconds),
        kind_word(&event.kind)
    );
    if let Some(end) = event.end_utc() {
        row = format!("{row} to {}", short_time(end, zone, now, form.seconds));
    }
    let text = status::event_text(event);
    let text = if form.whole {
        fold_white_space(&text)
    } else {
        excerpt_of(&text, 60)
    };
    let mut parts = vec![row, text.clone()];
    parts.extend(event.services.iter().map(|name| format!("@{name}")));
    parts.extend(event.tags.iter().map(|tag| format!("#{tag}")));
    parts.extend(event.state.as_ref().map(|state| format!("!{state}")));
    if form.whole {
        let people = event
            .people
            .iter()
            .filter(|who| !text.contains(who.as_str()));
        parts.extend(people.map(|who| format!("@{who}")));
        parts.extend(event.audience.as_ref().map(|to| format!("to {to}")));
        parts.extend(
            event
                .time_box_secs
                .map(|seconds| format!("within {}", format_duration(seconds.into()))),
        );
        parts.extend(event.rationale.as_ref().map(|why| format!("why: {why}")));
        parts.extend(event.rejected.as_ref().map(|not| format!("not: {not}")));
        if !event.links.is_empty() {
            parts.push(format!("^{}", event.links.len()));
        }
    }
    parts.extend(event.customer.as_ref().map(|_| "»".to_owned()));
    parts.retain(|part| !part.is_empty());
    parts.join("  ")
}

/// Formats a follow-up as a row: `Fail over to a warm standby  @raj  due 30 Nov  prevents`.
pub(super) fn task_row(task: &Task, zone: &Zone) -> String {
    let mut parts = vec![excerpt_of(&task.text, 60)];
    parts.extend(task.owner.as_ref().map(|owner| format!("@{owner}")));
    parts.extend(task.due.map(|due| {
        let due = zone.to_local(due.to_utc());
        format!("due {}", due.format("%-d %b %H:%M"))
    }));
    parts.extend(task.prevents.then(|| "prevents".to_owned()));
    parts.extend(task.shortens.then(|| "shortens".to_owned()));
    parts.extend(
        task.ticket
            .as_ref()
            .map(|ticket| format!("ticket {ticket}")),
    );
    parts.join("  ")
}

/// Names an incident in a message: `#3`.
pub(super) fn incident_name(row: &IncidentRow) -> String {
    format!("#{}", short_ref(row))
}

/// Names an incident with its title: `#3 AVR Online outage`.
pub(super) fn incident_label(row: &IncidentRow) -> String {
    format!("{} {}", incident_name(row), excerpt(&row.title))
        .trim_end()
        .to_owned()
}

/// Names the services of `row` that are not `ok`, if a state that was logged after its end makes it unwell.
pub(super) fn unwell_after_end(row: &IncidentRow) -> Option<String> {
    row.states
        .worst()
        .filter(|state| *state >= State::Degraded)?;
    state_notices::not_well_yet(&row.states)
}

/// What is done in the app instead of what a hint or a notice names.
const WAYS: [(&str, &str); 8] = [
    (
        "first name its service",
        "e edits its row: @NAME names the service",
    ),
    (
        "bridgelog email --save=",
        "fix it in the rows above, then save it again: S, or Enter on its row",
    ),
    ("restore-event", "f gone shows it, r brings it back"),
    ("bridgelog reopen", "Ctrl-P, reopen, if it is not over"),
    ("bridgelog history", "Enter on it shows its history"),
    ("bridgelog task list", "the Tasks tab shows what is open"),
    ("bridgelog declare", "Ctrl-P, declare, begins one"),
    ("bridgelog resolve", "R resolves it"),
];

/// Returns what is done in the app where `text` names a command.
fn way_in_app(text: &str) -> Option<&'static str> {
    let mut ways = WAYS.iter();
    ways.find(|(command, _)| text.contains(command))
        .map(|(_, way)| *way)
}

/// Returns the notices to append to a message, in the words of the app.
pub(super) fn join_notices(notices: &[String]) -> String {
    let in_app = notices.iter().filter_map(|notice| notice_in_app(notice));
    in_app.map(|notice| format!(" · {notice}")).collect()
}

/// Says of the names of a line that become services where it declares an incident that they do, not only that they
/// are text elsewhere.
pub(super) fn say_new_services(parsed: &mut ParsedLine) {
    let services = parsed.declares.iter().flat_map(|new| &new.services);
    for service in services {
        for notice in &mut parsed.notices {
            if capture::is_unknown_name_notice(notice, service) {
                *notice =
                    format!("@{service} is a service where this declares an incident, else text");
            }
        }
    }
}

/// Returns a notice without its commands: with what is done in the app instead, where there is something. `None` if it
/// says nothing else.
pub(super) fn notice_in_app(notice: &str) -> Option<String> {
    let part_in_app = |part: &str| {
        if !part.contains("bridgelog ") {
            return Some(part.to_owned());
        }
        let way = way_in_app(part);
        match (part.split_once(": `bridgelog "), way) {
            (Some((said, _)), Some(way)) => Some(format!("{said}: {way}")),
            (Some((said, _)), None) => Some(said.to_owned()),
            (None, way) => way.map(str::to_owned),
        }
    };
    let parts: Vec<String> = notice.split("; ").filter_map(part_in_app).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Formats the length of an impact.
pub(super) fn impact_length(seconds: i64) -> String {
    if seconds < 60 {
        return format!("{seconds} s");
    }
    format_duration(seconds / 60 * 60)
}

/// Returns `error` with the way out in the app's terms where the app has a key for it.
pub(super) fn in_app_terms(error: OpsError) -> Failure {
    let mut failure = Failure::from(error);
    if let Some((message, _)) = failure.message.split_once(": bridgelog ") {
        failure.message = message.to_owned();
    }
    // There are no flags here: ``--at: `10:6`: `10:6` is not a time``.
    if let Some((flag, message)) = failure.message.split_once(": ")
        && flag.starts_with("--")
    {
        let repeated = message
            .split_once("`: `")
            .map(|(_, rest)| format!("`{rest}"));
        failure.message = repeated.unwrap_or_else(|| message.to_owned());
    }
    failure.hint = failure.hint.and_then(|hint| match way_in_app(&hint) {
        Some(way) => Some(way.to_owned()),
        None => Some(hint).filter(|hint| !hint.contains("--")),
    });
    failure
}
