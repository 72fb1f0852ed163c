//! `bridgelog history`: every version, who wrote it and when it was recorded.

use super::{
    error::Result,
    global::GlobalArgs,
    json,
    out::{BOLD, CYAN, DIM, Out},
    view,
};
use crate::{
    domain::{
        entry::{Entry, Header},
        event::Event,
        incident::Record,
        sanitize,
        subject::Subject,
        time::format_utc,
        value::Value,
    },
    ops::{Session, resolve::Target, task_line},
};
use clap::Args;
use serde_json::{Value as Json, json};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  bridgelog history kvnqrs")]
pub struct HistoryArgs {
    /// The event, task or incident
    handle: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(global: &GlobalArgs, args: &HistoryArgs, out: &Out) -> Result {
    let session = global.open_existing()?;
    let (target, versions) = crate::ops::amend::history(&session, &args.handle)?;
    let row = match target.current.incident {
        Some(id) => session.read().incident_row(id)?,
        None => None,
    };
    let zone = session.zone_of(row.as_ref())?;
    if args.json {
        let versions: Vec<Json> = versions
            .iter()
            .map(|entry| {
                let header = entry.header();
                let (body, unreadable) = match entry.body() {
                    Ok(body) => (body, None),
                    Err(error) => (None, Some(error.to_string())),
                };
                json!({
                    "entry": header.id,
                    "recorded_at": format_utc(header.recorded),
                    "author": header.author,
                    "origin": header.origin,
                    "seq": header.seq,
                    "hash": entry.hash(),
                    "replaces": header.replaces,
                    "act": body.as_ref().map(|b| b.operation.as_str()),
                    "shown": header.id == target.current.shown,
                    "standing": target.current.head_ids().contains(&header.id),
                    "destroyed": body.is_none() && unreadable.is_none(),
                    "unreadable": unreadable,
                    "value": body.map(|body| value_json(&target, entry, &body.value, &session)),
                })
            })
            .collect();
        return out.print_json(
            &json!({"handle": target.handle, "subject": target.subject, "versions": versions}),
        );
    }
    out.print_line(&format!(
        "{CYAN}{}{CYAN:#} {}",
        sanitize::line(&target.handle),
        view::value_line(&target.current.value)
    ));
    if let Some(what) = out_of_record(&target.current.value) {
        out.print_line(&format!(
            "  {what}; `bridgelog restore-event {}` brings it back",
            target.handle
        ));
    }
    if let Some(text) = conflict_text(&target) {
        out.print_line(&format!("  {text}"));
    }
    for entry in &versions {
        let header = entry.header();
        let shown = if header.id == target.current.shown {
            " ← shown"
        } else if target.current.conflicts.contains(&header.id) {
            " ← other version, not shown"
        } else if target.current.agreeing.contains(&header.id) {
            " ← says the same"
        } else {
            ""
        };
        let (act, text_shown) = match entry.body() {
            Ok(Some(body)) => (
                body.operation.verb(&target.subject).to_owned(),
                match &body.value {
                    Value::Event(event) => format!(
                        "{} {}{}{}{}{}{}",
                        view::format_span(event, &zone),
                        event
                            .state
                            .as_ref()
                            .map_or_else(String::new, |s| format!("!{s} ")),
                        view::value_line(&body.value),
                        details(event),
                        event
                            .customer
                            .as_ref()
                            .map_or_else(String::new, |c| format!("  ✉ {c}")),
                        evidence_text(event),
                        event
                            .retracted
                            .as_ref()
                            .map_or_else(String::new, |r| format!("  retracted: {r}")),
                    ),
                    Value::Task(task) => {
                        format!("{}: {}", task.state, task_line::describe(task, &zone))
                    }
                    other => view::value_line(other),
                },
            ),
            Ok(None) => ("destroyed".to_owned(), "[its text was redacted]".to_owned()),
            Err(error) => ("unread".to_owned(), error.to_string()),
        };
        out.print_line(&format!(
            "  {} {BOLD}{:<9}{BOLD:#} {DIM}{}{DIM:#}  {}{shown}",
            view::format_date_time(header.recorded, &zone),
            sanitize::line(&act),
            sanitize::line(&header.author),
            sanitize::one_line(&text_shown),
        ));
    }
    Ok(())
}

/// Returns the names, severity and commander of a version, two spaces before each.
fn details(event: &Event) -> String {
    let markers = Some(view::format_markers(event)).filter(|markers| !markers.is_empty());
    let severity = event.severity.as_ref().map(ToString::to_string);
    let commander = event
        .commander
        .as_ref()
        .map(|who| format!("commander: {who}"));
    let parts = [markers, severity, commander];
    parts
        .into_iter()
        .flatten()
        .map(|part| format!("  {part}"))
        .collect()
}

/// Returns the files and links of a version, two spaces before each.
fn evidence_text(event: &Event) -> String {
    let files = event
        .files
        .iter()
        .map(|file| format!("  file: {}", file.label()));
    let links = event.urls.iter().map(|url| format!("  link: {url}"));
    files.chain(links).collect()
}

/// Returns that versions were written apart, which one is shown, and the command that decides; `None` without
/// a conflict.
fn conflict_text(target: &Target) -> Option<String> {
    let count = 1 + target.current.conflicts.len();
    let handle = &target.handle;
    let decides = match (&target.subject, &target.current.value) {
        (_, Value::Gone) => format!("`bridgelog restore-event {handle}`"),
        (Subject::Event(_), _) => format!("`bridgelog amend {handle} LINE`"),
        (Subject::Task(_), _) => format!("`bridgelog task set {handle}`"),
        (Subject::Field(name), _) => format!(
            "`bridgelog set {} VALUE`",
            sanitize::line(&name.to_string())
        ),
        (Subject::Section(name), _) => {
            format!("`bridgelog write {}`", sanitize::line(&name.to_string()))
        }
        _ => "the next change of it".to_owned(),
    };
    (count > 1).then(|| {
        format!(
            "{count} versions were written without knowing of each other: the one recorded last is shown, the others are not; {decides} says what is right and replaces them all"
        )
    })
}

/// Returns why `value` does not count; `None` if it does.
fn out_of_record(value: &Value) -> Option<&'static str> {
    match value {
        Value::Gone => Some("undone"),
        Value::Event(event) if event.retracted.is_some() => Some("retracted"),
        Value::Task(task) if task.retracted.is_some() => Some("retracted"),
        _ => None,
    }
}

/// Returns a version's value in the form of `show --json` and `task list --json`.
fn value_json(target: &Target, entry: &Entry, value: &Value, session: &Session) -> Json {
    let header = entry.header();
    let shown = match value {
        Value::Event(event) => record_from_header(target, header, &**event).map(|record| {
            serde_json::to_value(json::EventJson::new(&record, &json::handles(session)))
        }),
        Value::Task(task) => record_from_header(target, header, &**task)
            .map(|record| serde_json::to_value(json::TaskJson::new(&record, header.recorded))),
        Value::Field(text) | Value::Section(text) => Some(serde_json::to_value(text)),
        Value::Service(service) => Some(serde_json::to_value(service)),
        Value::Person(person) => Some(serde_json::to_value(person)),
        _ => None,
    };
    shown
        .and_then(std::result::Result::ok)
        .unwrap_or(Json::Null)
}

fn record_from_header<T: Clone>(target: &Target, header: &Header, value: &T) -> Option<Record<T>> {
    let id = target.subject.id()?;
    let handle = target.handle.clone();
    Some(Record::from_header(id, handle, header, value.clone()))
}
