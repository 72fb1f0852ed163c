//! What covers the page: lists that are searched, a paste, the choice of an incident, the detail of an event.

use super::{
    events::event_in_words,
    page::{Page, paragraphs},
    rows::{Item, window},
    words::{count_of, duration, ended, key, kind, sentence, state, without_signs},
};
use crate::{
    domain::{event::Event, time::UtcTime},
    tui::{
        content::{
            event_text::{event_text, format_markers},
            prompt_text::finder_head,
        },
        model::{
            Detail, Finder, FinderKind, FinderRow, Model, Paste, PasteDay, PasteRow, Preview,
            Routing, RoutingChoice, TextPage, finder_rows,
        },
        msg::ReadRow,
    },
};

/// A list that is searched by typing.
#[must_use]
pub fn finder(model: &Model, finder: &Finder, height: usize) -> Page {
    let rows = finder_rows(model);
    let title = match finder.kind {
        FinderKind::Help => "Help",
        kind => finder_head(kind).1,
    };
    let found = match (rows.len(), finder.query.text().trim()) {
        (0, query) => format!("no match for {query}"),
        (count, "") => count_of(count, "row"),
        (count, query) => format!("{} with {query}", count_of(count, "row")),
    };
    let more = if rows.len() > height {
        " Up and Down show the others."
    } else {
        ""
    };
    let near = window(finder.selected, rows.len(), height);
    let items = near.map(|at| Item {
        text: finder_row(&rows[at], finder.kind == FinderKind::Help),
        selected: finder.selected == Some(at),
        ..Item::default()
    });
    let heading = format!("{}: {found}.{more}", ended(title).trim_end_matches('.'));
    Page::list(vec![heading], items.collect())
}

/// `Undo what you did last. Key u.`, or `u: undo what you did last.`
fn finder_row(row: &FinderRow, keys_first: bool) -> String {
    let keys: Vec<String> = row.keys.split("  ").map(key).collect();
    let keys = keys.join(", ");
    let label = ended(&without_signs(&row.label));
    let mut text = match (keys.as_str(), keys_first) {
        ("", _) => label,
        (keys, true) => format!("{keys}: {label}"),
        (keys, false) => format!("{label} Key {keys}."),
    };
    if let Some(why) = &row.why_not {
        text.push_str(&format!(" Not now: {}", ended(why)));
    }
    if !row.note.is_empty() {
        text.push_str(&format!(" {}", sentence(&row.note)));
    }
    text
}

/// The preview of a paste.
#[must_use]
pub fn paste(model: &Model, paste: &Paste, height: usize) -> Page {
    let mut heading = vec![format!(
        "Paste of {}, not logged yet: {}.",
        count_of(paste.rows.len(), "line"),
        paste.counts()
    )];
    match paste.day {
        PasteDay::NotAsked => {}
        PasteDay::Open => heading.push(
            "Question: which day do the times belong to? Nothing is picked. Left and Right pick."
                .to_owned(),
        ),
        PasteDay::Picked(day) => {
            heading.push(format!("Day picked: {}.", day.format("%A %-d %B %Y")));
        }
    }
    let items = window(Some(paste.selected), paste.rows.len(), height).map(|at| Item {
        text: paste_row(model, &paste.rows[at]),
        selected: at == paste.selected,
        ..Item::default()
    });
    Page::list(heading, items.collect())
}

fn paste_row(model: &Model, row: &PasteRow) -> String {
    let taken = if row.included { "Taken" } else { "Left out" };
    match &row.read {
        None => format!("Being read: {}", row.text),
        Some(ReadRow::Day) => format!("A date: {}", ended(&row.text)),
        Some(ReadRow::Frame) => format!("No event, left out: {}", ended(&row.text)),
        Some(ReadRow::Refused(failure)) => {
            format!(
                "Refused: {} {}",
                ended(&row.text),
                sentence(&failure.message)
            )
        }
        Some(ReadRow::Event(pasted)) => {
            let event = &pasted.line.event;
            let at = pasted.line.zone.to_local(event.at_utc());
            let here = model.zone.to_local(model.now).date_naive();
            let at = if at.date_naive() == here {
                at.format("%H:%M").to_string()
            } else {
                at.format("%-d %B %H:%M").to_string()
            };
            let about = if event.approximate { "about " } else { "" };
            let mut text = format!(
                "{taken}: {about}{at} {}: {}",
                kind(&event.kind),
                ended(&event.text)
            );
            if let Some(given) = event.shown_state() {
                text.push_str(&format!(" Sets state: {}.", state(&given)));
            }
            if event.customer.is_some() {
                text.push_str(" Customers read it.");
            }
            if pasted.is_logged_already {
                text.push_str(" Logged before.");
            }
            if pasted.is_comment {
                text.push_str(" Comment.");
            }
            text
        }
    }
}

/// The choice of the incident that a line or a paste goes to.
#[must_use]
pub fn routing(model: &Model, routing: &Routing) -> Page {
    let open = model.other_open.len()
        + usize::from(model.summary.as_ref().is_some_and(|summary| summary.open));
    let heading = match open {
        0 => "Question: no incident is open. Where does this go?".to_owned(),
        1 => "Question: one incident is open. Where does this go?".to_owned(),
        n => format!("Question: {n} incidents are open. Which one?"),
    };
    let choices = model.routing_choices();
    let items = choices.iter().enumerate().map(|(at, choice)| Item {
        text: routing_choice(model, routing, choice),
        selected: routing.picked == Some(at),
        ..Item::default()
    });
    Page::list(vec![heading], items.collect())
}

fn routing_choice(model: &Model, routing: &Routing, choice: &RoutingChoice) -> String {
    let name = |number: Option<u32>, handle: &str| {
        number.map_or_else(|| handle.to_owned(), |number| number.to_string())
    };
    match choice {
        RoutingChoice::Shown => model.summary.as_ref().map_or_else(String::new, |summary| {
            let state = match summary.resolved.filter(|_| !summary.open) {
                Some(at) => {
                    format!("resolved {} ago", duration((model.now - at).num_seconds()))
                }
                None => "open, shown here".to_owned(),
            };
            let number = name(summary.number, &summary.handle);
            format!("Add to incident {number}, {}, {state}.", summary.title)
        }),
        RoutingChoice::Other(handle) => {
            let other = model.other_open.iter().find(|open| open.handle == *handle);
            other.map_or_else(String::new, |other| {
                let state = other.state.map_or_else(String::new, |s| format!(", {s}"));
                let number = name(other.number, &other.handle);
                format!("Add to incident {number}, {}, open{state}.", other.title)
            })
        }
        RoutingChoice::Declare if routing.for_paste => {
            "Declare a new incident: asks for its title, then logs the paste in it.".to_owned()
        }
        RoutingChoice::Declare => {
            let title = match model.capture.previews.first() {
                Some(Preview::Event(parsed)) => parsed.event.text.clone(),
                _ => model.capture.rows().next().unwrap_or_default().to_owned(),
            };
            format!(
                "Declare a new incident: {}",
                ended(&title.replace('\n', " / "))
            )
        }
        RoutingChoice::Unassigned => "Save unassigned; attach it to an incident later.".to_owned(),
    }
}

/// Sentences to read.
#[must_use]
pub fn text(page: &TextPage, columns: usize, height: usize) -> Page {
    Page::text(
        ended(&without_signs(&page.title)),
        paragraphs(&page.paragraphs, columns, page.scroll, height),
    )
}

/// Everything about an event, with its history.
#[must_use]
pub fn detail(model: &Model, detail: &Detail, columns: usize, height: usize) -> Page {
    let sentences = detail_in_words(model, detail);
    let heading = format!(
        "Detail of {}, {}.",
        kind(&detail.event.value.kind),
        detail.event.handle
    );
    Page::text(
        heading,
        paragraphs(&sentences, columns, detail.scroll, height),
    )
}

fn timestamp(model: &Model, at: UtcTime) -> String {
    let local = model.zone.to_local(at).format("%A %-d %B %Y %H:%M:%S");
    format!("{local} {}", model.zone.abbreviation(at))
}

fn detail_in_words(model: &Model, detail: &Detail) -> Vec<String> {
    let record = &detail.event;
    let event = &record.value;
    let mut out = vec![event_in_words(model, record)];
    let mut add = |label: &str, text: Option<String>| {
        out.extend(text.map(|text| ended(&format!("{label}: {text}"))));
    };
    add("Why", event.rationale.clone());
    add("Not", event.rejected.clone());
    match &event.customer {
        Some(customer) => add("Customers will read", Some(customer.clone())),
        None => add("Internal", Some("customers read nothing of it".to_owned())),
    }
    let about = if event.approximate { "about " } else { "" };
    add(
        "Occurred",
        Some(format!("{about}{}", timestamp(model, event.at_utc()))),
    );
    add("Ended", event.end_utc().map(|end| timestamp(model, end)));
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
    add("To", event.audience.clone());
    add(
        "Time box",
        event.time_box_secs.map(|seconds| duration(seconds.into())),
    );
    for linked in &detail.links {
        let at = model.zone.to_local(linked.at).format("%H:%M");
        let label = if linked.is_backlink {
            "Linked by"
        } else {
            "Links to"
        };
        let text = without_signs(&linked.text);
        add(label, Some(format!("{at} {text}, {}", linked.handle)));
    }
    if record.conflicts > 0 {
        let text = "two versions are current; e edits it, and settles which";
        add("Edit conflict", Some(text.to_owned()));
    }
    out.push("History:".to_owned());
    match &detail.versions {
        None => out.push("Loading.".to_owned()),
        Some(versions) => {
            let mut before: Option<&Event> = None;
            for version in versions {
                let at = model.zone.to_local(version.recorded);
                let change = match (&version.event, &version.unreadable) {
                    (Some(event), _) => change_in_words(model, before, event),
                    (None, Some(why)) => format!("cannot be read: {why}"),
                    (None, None) => "nothing any more".to_owned(),
                };
                let conflict = if version.conflicting {
                    ", in conflict"
                } else {
                    ""
                };
                out.push(ended(&format!(
                    "{}, {} by {}{conflict}: {change}",
                    at.format("%-d %B %H:%M:%S"),
                    version.operation,
                    version.author
                )));
                before = version.event.as_ref();
            }
        }
    }
    out
}

/// What `event` has that the version before has not; its text for the first version.
fn change_in_words(model: &Model, before: Option<&Event>, event: &Event) -> String {
    let Some(before) = before else {
        return event_text(event);
    };
    let mut parts = Vec::new();
    if before.text != event.text {
        parts.push(event.text.clone());
    }
    if (before.at, before.approximate) != (event.at, event.approximate) {
        let about = if event.approximate { "about " } else { "" };
        parts.push(format!("{about}{}", timestamp(model, event.at_utc())));
    }
    if before.kind != event.kind {
        parts.push(format!("kind {}", kind(&event.kind)));
    }
    if before.state != event.state {
        let given = event.state.as_ref().map(state);
        parts.push(given.map_or("no state".to_owned(), |given| format!("state {given}")));
    }
    if before.customer != event.customer {
        parts.push(match &event.customer {
            Some(text) => format!("customers will read: {text}"),
            None => "no customer wording".to_owned(),
        });
    }
    if before.retracted != event.retracted {
        parts.push(match &event.retracted {
            Some(reason) => format!("retracted: {reason}"),
            None => "restored".to_owned(),
        });
    }
    let markers = |event: &Event| {
        format_markers(&Event {
            text: String::new(),
            ..event.clone()
        })
    };
    if markers(before) != markers(event) {
        parts.push(match markers(event).as_str() {
            "" => "no markers".to_owned(),
            names => names.to_owned(),
        });
    }
    if parts.is_empty() {
        "the same".to_owned()
    } else {
        parts.join("; ")
    }
}
