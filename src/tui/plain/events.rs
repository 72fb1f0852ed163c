//! The timeline: a sentence per event.

use super::{
    page::{Body, Page},
    rows::Item,
    words::{count_of, ended, sentence, state, until},
};
use crate::{
    domain::{event::Event, incident::Record, words::Kind},
    tui::{
        content::event_text::{event_text, shown_state},
        model::{FilterProgress, Focus, Model},
        theme::kind_word,
    },
};
use chrono::NaiveDate;
use std::ops::Range;

/// On screens narrower than this the heading is short.
const NARROW: usize = 60;

/// Returns the timeline from the first event in view on.
#[must_use]
pub fn timeline(model: &Model, columns: usize, height: usize) -> Page {
    if model.timeline.events.is_empty() {
        return Page::list(vec![empty(model)], vec![]);
    }
    let is_live = model.timeline.follow && model.focus == Focus::Line;
    let narrow = columns < NARROW;
    let mut day_before = None;
    let items = events_in_view(model, height, is_live).filter_map(|at| {
        let event = model.timeline.events.get(at)?;
        let local = model.zone.to_local(event.value.at_utc());
        let (day, offset) = (local.date_naive(), *local.offset());
        // The heading names the day of the first event, the first event of another day that day, and the
        // first after a change of the clock its zone.
        let new_day = match day_before.replace((day, offset)) {
            Some((_, before)) if before != offset => {
                let zone = model.zone.abbreviation(event.value.at_utc());
                format!("{}, {zone}. ", day_in_words(day))
            }
            Some((before, _)) if before != day => format!("{}. ", day_in_words(day)),
            _ => String::new(),
        };
        Some(Item {
            text: format!("{new_day}{}", event_in_words(model, event)),
            selected: at == model.timeline.selected && !is_live,
            group: match narrow {
                true => day.format("%-d %b %Y").to_string(),
                false => day_in_words(day),
            },
        })
    });
    let items = items.collect();
    Page {
        heading: vec!["Timeline,".to_owned()],
        of_all: Some(format!("{}{}", of_all(model, narrow), found(model))),
        body: Body::List {
            items,
            keep_last: is_live,
        },
    }
}

/// Returns the indexes of `height` events: the newest, or those from the first in view on, with the selected one.
fn events_in_view(model: &Model, height: usize, is_live: bool) -> Range<usize> {
    let timeline = &model.timeline;
    let count = timeline.events.len();
    let height = height.max(1);
    let selected = timeline.selected;
    let top = match timeline.top.min(count.saturating_sub(1)) {
        _ if is_live => count.saturating_sub(height),
        top if timeline.scrolled_away => top,
        top => top.min(selected).max((selected + 1).saturating_sub(height)),
    };
    top..(top + height).min(count)
}

fn day_in_words(day: NaiveDate) -> String {
    day.format("%A %-d %B %Y").to_string()
}

/// `of 13 events, newest last.`, or what the filter leaves.
fn of_all(model: &Model, narrow: bool) -> String {
    let timeline = &model.timeline;
    let loaded = timeline.events.len();
    if !timeline.filter.is_empty() {
        let more = match timeline.filter_progress {
            FilterProgress::ScannedTo(_) => " so far",
            FilterProgress::NotStarted | FilterProgress::Complete => "",
        };
        let filter = &timeline.filter_text;
        let events = count_of(loaded, "event");
        return format!("of {events}{more} that match the filter {filter}. F clears it.");
    }
    let all = model
        .summary
        .as_ref()
        .map(|summary| summary.row.event_count);
    let all = all.map_or(loaded, |all| usize::try_from(all).unwrap_or(loaded));
    let order = if narrow { "" } else { ", newest last" };
    format!("of {}{order}.", count_of(all.max(loaded), "event"))
}

fn found(model: &Model) -> String {
    if model.timeline.query.is_empty() {
        return String::new();
    }
    format!(" {} found.", model.timeline.hits.len())
}

fn empty(model: &Model) -> String {
    let timeline = &model.timeline;
    if !model.first_load_done {
        return "Timeline. Loading.".to_owned();
    }
    if timeline.filter.is_empty() {
        return "Timeline. No events yet. Type what happened and press Enter.".to_owned();
    }
    let text = match (&timeline.filter_problem, timeline.filter_progress) {
        (Some(problem), _) => problem.as_str(),
        (None, FilterProgress::Complete) => "No event matches the filter",
        (None, _) => "None so far; older events are being searched",
    };
    format!("Timeline. {} F shows all.", ended(text))
}

/// Returns an event as a sentence: `04:57 request by pager: find a spare chassis. For ann. 6 minutes late.`
#[must_use]
pub fn event_in_words(model: &Model, record: &Record<Event>) -> String {
    let event = &record.value;
    let about = if event.approximate { "about " } else { "" };
    let at = model.zone.to_local(event.at_utc()).format("%H:%M");
    let text = event_text(event).replace('\n', " / ");
    let head = format!(
        "{about}{at} {} by {}",
        kind_word(&event.kind),
        record.author
    );
    let mut parts = vec![if text == event.kind.as_str() {
        format!("{head}.")
    } else {
        ended(&format!("{head}: {text}"))
    }];
    if event.kind == Kind::Ask && !event.people.is_empty() {
        parts.push(format!("For {}.", event.people.join(", ")));
    }
    if let Some(due) = model.activity.open_ask(record.id).and_then(|ask| ask.due) {
        parts.push(sentence(&until(model, due)));
    }
    if let Some(given) = shown_state(model, record) {
        parts.push(format!("State: {}.", state(&given)));
    }
    if event.customer.is_some() {
        parts.push("Customers read it.".to_owned());
    }
    for (count, one) in [(event.files.len(), "file"), (event.urls.len(), "link")] {
        if count > 0 {
            parts.push(format!("Has {}.", count_of(count, one)));
        }
    }
    if let Some(gone) = model.timeline.gone.get(&record.id) {
        parts.push(ended(&gone.note));
    } else if let Some(reason) = &event.retracted {
        parts.push(ended(&format!("Retracted: {reason}")));
    }
    if record.conflicts > 0 {
        parts.push("Edit conflict.".to_owned());
    } else if record.amended {
        parts.push("Edited.".to_owned());
    }
    if model.timeline.hits.iter().any(|hit| hit.id == record.id) {
        parts.push("Found.".to_owned());
    }
    if model.timeline.unread.contains(&record.id) {
        parts.push("New.".to_owned());
    }
    parts.join(" ")
}
