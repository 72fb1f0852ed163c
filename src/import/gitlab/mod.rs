//! GitLab: issues and merge requests, notes, discussions and resource events of the REST API, what `glab` prints,
//! and the timeline events of incidents, as GraphQL answers them.

mod graphql;
mod notes;
mod rows;

use self::{
    graphql::graphql_rows,
    notes::NoteCounts,
    rows::{
        CREATED, OCCURRED, event_row, is_timeline_event, issue_rows, note_row, notes_of,
        timeline_row,
    },
};
use super::{
    files::Files,
    format::{Format, Notices, ReadOptions, Sample, Source, with_end},
    json::array_at,
    json_rows::{json_files, json_rows},
    row::RowError,
};
use serde_json::Value;

pub(super) const GITLAB: Format = Format {
    name: "gitlab",
    about: "a GitLab issue or merge request, its notes, discussions or events, or timeline events of an incident",
    detect,
    open,
};

fn detect(sample: &Sample) -> bool {
    let Some(item) = sample.first_item(&[]) else {
        let marks: [&[&str]; 3] = [
            &["noteable_type"],
            &["web_url", "iid"],
            &["resource_type", "resource_id"],
        ];
        // As a key: other tools have events of the type `note`.
        let is_timeline = sample.start.contains("\"note\":")
            && OCCURRED.iter().any(|key| sample.mentions_keys(&[key]));
        return is_timeline
            || marks.iter().any(|keys| sample.mentions_keys(keys))
            || sample.mentions_keys(&["data"]) && sample.start.contains("\"gid://gitlab/");
    };
    let is_by_gitlab = ["author", "user"].iter().any(|key| {
        item.get(key)
            .is_some_and(|author| author.get("username").is_some())
    });
    is_timeline_event(&item)
        || graphql::is_answer(&item)
        || item.get("noteable_type").is_some()
        || (is_by_gitlab && CREATED.iter().any(|key| item.get(key).is_some()))
        || array_at(&item, "notes")
            .iter()
            .any(|note| note.get("noteable_type").is_some())
}

fn open(files: Files, _: &ReadOptions) -> Result<Source, RowError> {
    let indexes = json_files(&files)?;
    let notices = Notices::default();
    let said = notices.clone();
    let counts = NoteCounts::default();
    let counted = counts.clone();
    let rows = json_rows(files, indexes, &[], "item", &notices, move |item| {
        let value = item.value;
        counted.count(value);
        if is_timeline_event(value) {
            return vec![timeline_row(item, value)];
        }
        if value.get("data").is_some_and(Value::is_object) {
            return graphql_rows(item, &value["data"], &said);
        }
        if value.get("title").is_some() && value.get("iid").is_some() {
            return issue_rows(item, value);
        }
        if value.get("resource_type").is_some() {
            return vec![event_row(item, value)];
        }
        match notes_of(value) {
            // A discussion.
            Some(notes) => notes.iter().map(|note| note_row(item, note)).collect(),
            None => vec![note_row(item, value)],
        }
    });
    let said = notices.clone();
    let rows = with_end(rows, move || counts.finish(&said));
    Ok(Source::new("", Box::new(rows)).with_notices(notices))
}
