//! The detail of an event: a sentence for each part, for each version, for each state after it.

use super::{
    events::event_in_words,
    page::{Page, paragraphs},
    words::{count_of, duration, ended, state},
};
use crate::{
    domain::{event::Event, time::UtcTime, words::Word},
    tui::{
        content::{event_changes::changes, event_text::event_text},
        model::{Detail, Model},
        msg::{EventDetail, EventVersion},
        text::wrap,
        theme::kind_word,
    },
};

/// Returns everything about an event, from the first row in view on.
#[must_use]
pub fn detail(model: &Model, detail: &Detail, columns: usize, height: usize) -> Page {
    let sentences = in_words(model, detail);
    let heading = format!(
        "Detail of {}, {}.",
        kind_word(&detail.event.value.kind),
        detail.event.handle
    );
    Page::text(
        heading,
        paragraphs(&sentences, columns, detail.scroll, height),
    )
}

/// Returns how many rows all of it takes on the screen.
#[must_use]
pub fn detail_row_count(model: &Model, detail: &Detail) -> usize {
    let columns = usize::from(model.size.0);
    let sentences = in_words(model, detail).into_iter();
    sentences.map(|text| wrap(&text, columns).len()).sum()
}

fn timestamp(model: &Model, at: UtcTime) -> String {
    let local = model.zone.to_local(at).format("%A %-d %B %Y %H:%M:%S");
    format!("{local} {}", model.zone.abbreviation(at))
}

fn in_words(model: &Model, detail: &Detail) -> Vec<String> {
    let record = &detail.event;
    let event = &record.value;
    let mut out = vec![event_in_words(model, record)];
    let gone = model.timeline.gone.get(&record.id);
    if let Some(gone) = gone.filter(|gone| !gone.rows.is_empty()) {
        let count = count_of(gone.rows.len(), "row");
        out.push(format!("{count} undone together:"));
        out.extend(gone.rows.iter().map(|row| ended(&row.text)));
    }
    let mut add = |label: &str, text: Option<String>| {
        out.extend(text.map(|text| ended(&format!("{label}: {text}"))));
    };
    add("Why", event.rationale.clone());
    add("Not", event.rejected.clone());
    match &event.customer {
        Some(customer) => add("Customers will read", Some(customer.clone())),
        None => add(
            "Internal",
            Some("customers read nothing of this".to_owned()),
        ),
    }
    let about = if event.approximate { "about " } else { "" };
    let occurred = timestamp(model, event.at_utc());
    add("Occurred", Some(format!("{about}{occurred}")));
    let end = |end: UtcTime| {
        let length = duration((end - event.at_utc()).num_seconds());
        format!("{}, after {length}", timestamp(model, end))
    };
    add("Ended", event.end_utc().map(end));
    let delay = (record.recorded - event.at_utc()).num_seconds();
    let delay = if delay >= 60 {
        format!(", {} after", duration(delay))
    } else {
        String::new()
    };
    let recorded = timestamp(model, record.recorded);
    add(
        "Recorded",
        Some(format!("{recorded} by {}{delay}", record.author)),
    );
    let joined = |names: &[String]| (!names.is_empty()).then(|| names.join(", "));
    add("Services", joined(&event.services));
    add("People", joined(&event.people));
    add("Tags", joined(&event.tags));
    for file in &event.files {
        add("File", Some(file.label()));
    }
    for url in &event.urls {
        add("Link", Some(url.clone()));
    }
    add("To", event.audience.clone());
    add(
        "Due in",
        event.time_box_secs.map(|seconds| duration(seconds.into())),
    );
    match &detail.loaded {
        None => out.push("Links and history: loading.".to_owned()),
        Some(loaded) => add_loaded(model, loaded, &mut out),
    }
    out
}

fn add_loaded(model: &Model, loaded: &EventDetail, out: &mut Vec<String>) {
    for linked in &loaded.links {
        let at = model.zone.to_local(linked.at).format("%H:%M");
        let label = match linked.is_backlink {
            true => "Linked by",
            false => "Links to",
        };
        let text = format!(
            "{label}: {at} {}, {}: {}",
            linked.kind, linked.handle, linked.text
        );
        out.push(ended(&text));
    }
    let others = loaded.versions.iter().filter(|version| version.conflicting);
    let others = others.count();
    if others > 0 {
        let count = count_of(others + 1, "version");
        out.push(format!(
            "Edit conflict: {count}; e writes the one that counts."
        ));
    }
    out.push("History:".to_owned());
    let mut before: Option<&Event> = None;
    for version in &loaded.versions {
        out.push(version_in_words(model, before, version));
        before = version.event.as_ref().or(before);
    }
    for after in &loaded.states {
        let about = if after.is_about { "about " } else { "" };
        let service = match after.service.as_str() {
            "" => String::new(),
            name => format!("{name} "),
        };
        let since = model.zone.to_local(after.since).format("%H:%M");
        let known = state(&Word::Known(after.state));
        out.push(format!(
            "State after it: {service}{known} since {about}{since}."
        ));
    }
}

/// `16 August 10:48:12, log by jw: the text.`; of a later version what was, and what is.
fn version_in_words(model: &Model, before: Option<&Event>, version: &EventVersion) -> String {
    let at = model.zone.to_local(version.recorded);
    let what = match (&version.event, before, &version.unreadable) {
        (None, _, Some(why)) => format!("cannot be read: {why}"),
        (None, _, None) => "nothing any more".to_owned(),
        (Some(event), None, _) => event_text(event),
        (Some(event), Some(before), _) => {
            let none = || "not given".to_owned();
            let parts: Vec<String> = changes(model, before, event)
                .into_iter()
                .map(|change| {
                    let was = change.before.unwrap_or_else(none);
                    let now = change.now.unwrap_or_else(none);
                    format!("{} was {was}, is {now}", change.part)
                })
                .collect();
            match parts.is_empty() {
                true => "the same".to_owned(),
                false => parts.join("; "),
            }
        }
    };
    let conflict = if version.conflicting {
        ", in conflict"
    } else {
        ""
    };
    ended(&format!(
        "{}, {} by {}{conflict}: {what}",
        at.format("%-d %B %H:%M:%S"),
        version.operation,
        version.author
    ))
}
