//! What covers the page: lists that are searched, a paste, the choice of an incident.

use super::{
    page::{Page, paragraphs},
    rows::{Item, window},
    words::{count_of, duration, ended, key, sentence, state, without_signs},
};
use crate::{
    domain::words::Word,
    tui::{
        content::prompt_text::finder_head,
        model::{
            Finder, FinderKind, FinderRow, Model, Paste, PasteDay, PasteRow, Routing,
            RoutingChoice, TextPage, Uncopied, finder_rows,
        },
        msg::ReadRow,
        theme::kind_word,
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
                kind_word(&event.kind),
                ended(&event.text)
            );
            let started = pasted.started.map(Word::Known);
            if let Some(given) = event.shown_state().or(started) {
                text.push_str(&format!(" Sets state: {}.", state(&given)));
            }
            if !pasted.line.notices.is_empty() {
                text.push_str(" Has a note.");
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
    let heading = match model.open_count() {
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
            let state = match summary.row.resolved.filter(|_| !summary.row.is_open) {
                Some(at) => {
                    format!("resolved {} ago", duration((model.now - at).num_seconds()))
                }
                None => "open, shown here".to_owned(),
            };
            let number = name(summary.row.number, &summary.row.handle);
            format!("Add to incident {number}, {}, {state}.", summary.row.title)
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
            format!("Declare a new incident: {}", ended(&model.new_incident()))
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

/// Returns a text that could not be copied, to be selected.
#[must_use]
pub fn uncopied(page: &Uncopied, columns: usize, height: usize) -> Page {
    Page::text(
        "Not copied. Select the text; any key returns.".to_owned(),
        paragraphs(
            std::slice::from_ref(&page.text),
            columns,
            page.scroll,
            height,
        ),
    )
}
