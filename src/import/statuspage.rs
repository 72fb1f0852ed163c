//! Statuspage: incidents and maintenances of a status page, and its webhooks. Other vendors answer alike.
//!
//! What customers saw is the body of each update, at the time that the page displays.

use super::{
    files::Files,
    format::{Format, Notices, ReadOptions, Sample, Source},
    html::html_to_text,
    json::{array_at, first_text, text_at},
    json_rows::{Item, clean_text, hash_of, json_files, json_rows},
    row::{Action, Row, RowError},
    time::parse_moment,
};
use serde_json::Value;

pub(super) const STATUSPAGE: Format = Format {
    name: "statuspage",
    about: "a status page's incidents.json (Statuspage and others alike), or its webhooks",
    detect,
    open,
};

const KEYS: &[&str] = &["incidents", "scheduled_maintenances"];

fn detect(sample: &Sample) -> bool {
    sample.mentions_keys(&["incident_updates"])
}

fn open(files: Files, _: &ReadOptions) -> Result<Source, RowError> {
    let indexes = json_files(&files)?;
    let notices = Notices::default();
    let said = notices.clone();
    let rows = json_rows(files, indexes, KEYS, "incident", &notices, move |item| {
        incident_rows(item, &said)
    });
    Ok(Source {
        instance: String::new(),
        rows,
        notices,
    })
}

fn incident_rows(item: &Item, notices: &Notices) -> Vec<Result<Row, RowError>> {
    let value = item.value;
    let incident = value
        .get("incident")
        .filter(|v| v.is_object())
        .unwrap_or(value);
    let id = text_at(incident, "id");
    let (Some(id), Some(name)) = (id, text_at(incident, "name")) else {
        return vec![Err(item.error(
            "it is no incident of a status page: `id` or `name` is missing",
        ))];
    };
    let around = |path: &str| text_at(item.around.get("page").unwrap_or(&value["page"]), path);
    let page = text_at(incident, "page_id")
        .or_else(|| around("id"))
        .or_else(|| around("url"))
        .unwrap_or_default();
    if incident.get("backfilled") == Some(&Value::Bool(true)) {
        notices.borrow_mut().push(format!(
            "{}: `{name}` was entered on the page afterwards (backfilled): customers did not see it at its times",
            item.place
        ));
    }
    let updates = array_at(incident, "incident_updates");
    if updates.is_empty() {
        return vec![incident_row(item, incident, &format!("{page}/{id}"), &name)];
    }
    updates
        .iter()
        .enumerate()
        .map(|(number, update)| match text_at(update, "id") {
            Some(update_id) => {
                let id = format!("{page}/{id}/{update_id}");
                update_row(item, update, id).map_err(|mut error| {
                    error.reason = format!("update {}: {}", number + 1, error.reason);
                    error
                })
            }
            None => Err(item.error(format!("update {} has no `id`", number + 1))),
        })
        .collect()
}

/// An incident without updates was still shown by its name.
fn incident_row(item: &Item, incident: &Value, id: &str, name: &str) -> Result<Row, RowError> {
    let at = item.time(incident, &["started_at", "created_at"])?;
    let status = status_words(&text_at(incident, "status").unwrap_or_default());
    let hash = hash_of(incident, &["name", "status"]);
    let text = format!("{status}: {name}");
    let mut row = item.row(id.to_owned(), at, Action::StatusUpdate, &text, hash);
    row.customer = Some(clean_text(name));
    Ok(row)
}

fn update_row(item: &Item, update: &Value, id: String) -> Result<Row, RowError> {
    let at = item.time(update, &["display_at", "created_at"])?;
    let body = plain_body(&text_at(update, "body").unwrap_or_default());
    let status = status_words(&text_at(update, "status").unwrap_or_default());
    let components: Vec<(String, Option<String>)> = array_at(update, "affected_components")
        .iter()
        .filter_map(|component| {
            let name = first_text(component, &["name", "component.name"])
                .or_else(|| component.as_str().map(str::to_owned))?;
            let state = first_text(component, &["new_status", "status"]);
            Some((name, state))
        })
        .collect();
    let states: Vec<String> = components
        .iter()
        .map(|(name, state)| match state {
            Some(state) => format!("{name}: {}", state.replace('_', " ")),
            None => name.clone(),
        })
        .collect();
    let mut text = match body.is_empty() {
        true => status,
        false => format!("{status}: {body}"),
    };
    if !states.is_empty() {
        text.push_str(&format!("\n({})", states.join(", ")));
    }
    let hash = hash_of(update, &["body", "status", "display_at"]);
    let mut row = item.row(id, at, Action::StatusUpdate, &text, hash);
    row.recorded = text_at(update, "created_at").and_then(|time| parse_moment(&time));
    row.customer = (!body.is_empty()).then(|| clean_text(&body));
    row.services = components.into_iter().map(|(name, _)| name).collect();
    Ok(row)
}

/// Bodies are plain text with a few tags, or none.
fn plain_body(body: &str) -> String {
    let has_tags = body.contains("</") || body.contains("<br");
    match has_tags {
        true => html_to_text(&body.replace('\n', "<br>")),
        false => body.trim().to_owned(),
    }
}

/// Returns `In progress` for `in_progress`; `Update` if there is no status.
fn status_words(status: &str) -> String {
    let status = status.replace('_', " ");
    let mut chars = status.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => "Update".to_owned(),
    }
}
