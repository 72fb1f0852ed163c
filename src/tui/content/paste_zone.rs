//! What the zone says of a paste: the selected row, what the taken rows do, and what Enter does.

use super::kept_line::kept_line_row;
use crate::domain::{
    count::counted,
    words::{Kind, State},
};
use crate::tui::{
    model::{Model, Paste, PasteDay, PasteRow},
    msg::ReadRow,
    text::{fit, wrap},
    theme::Meaning,
};
use ratatui::text::Span;

type Row = Vec<Span<'static>>;

/// Returns the rows below the badge, as many as fit `height`.
#[must_use]
pub fn paste_rows(model: &Model, paste: &Paste, columns: usize, height: usize) -> Vec<Row> {
    let style = |meaning| model.theme.style(meaning);
    let row = |text: &str, meaning| vec![Span::styled(fit(text, columns), style(meaning))];
    let mut rows = Vec::new();
    if let Some(selected) = paste.rows.get(paste.selected) {
        let (text, meaning) = outcome(selected);
        match meaning {
            // What customers will read is shown whole.
            Meaning::Customer => {
                let wrapped = wrap(&text, columns).into_iter();
                rows.extend(wrapped.map(|text| vec![Span::styled(text, style(meaning))]));
            }
            _ => rows.push(row(&text, meaning)),
        }
    }
    rows.push(row(&summary(paste), Meaning::Plain));
    let ask = match paste.day {
        PasteDay::Open => {
            "Pick the day: ← →. Then Enter, and Enter again, logs the rows.".to_owned()
        }
        _ if paste.armed => {
            let rows = counted(paste.taken_count(), "row", "rows");
            let target = paste.place.clone().unwrap_or_else(|| model.target());
            let place = model.place_name(&target);
            format!("Enter again logs {rows}{place}; your line stays.")
        }
        _ => "Enter, and Enter again, logs the rows.".to_owned(),
    };
    let kept = kept_line_row(model, columns);
    let room = height.saturating_sub(1 + usize::from(kept.is_some()));
    let room = room.max(1);
    if rows.len() > room
        && let Some(last) = rows[room - 1].last_mut()
        && !last.content.ends_with('…')
    {
        let text = format!("{}…", fit(&last.content, columns.saturating_sub(1)));
        last.content = text.into();
    }
    rows.truncate(room);
    rows.extend(kept);
    rows.push(row(&ask, Meaning::Warning));
    rows
}

/// Returns the rows that the zone wants below the badge for the selected row; 0 where the usual ones are enough.
#[must_use]
pub fn wanted_paste_rows(model: &Model, paste: &Paste, columns: usize) -> usize {
    let selected = paste.rows.get(paste.selected).map(outcome);
    match selected {
        Some((_, Meaning::Customer)) => paste_rows(model, paste, columns, usize::MAX).len(),
        _ => 0,
    }
}

/// Says what the taken rows do: what customers will read, how many states they set.
fn summary(paste: &Paste) -> String {
    let taken = paste.rows.iter().filter(|row| row.included);
    let events = taken.filter_map(|row| match &row.read {
        Some(ReadRow::Event(pasted)) => Some(pasted),
        _ => None,
    });
    let (mut wordings, mut states, mut requests, mut timeless, mut notes) = (0, 0, 0, 0, 0);
    for pasted in events {
        let event = &pasted.line.event;
        timeless += usize::from(!pasted.has_time);
        wordings += usize::from(event.customer.is_some());
        let state = pasted.state();
        states += usize::from(state.is_some_and(|state| state != State::Unknown));
        notes += usize::from(!pasted.line.notices.is_empty());
        requests += usize::from(event.kind == Kind::Ask);
    }
    let read = match wordings {
        0 => "nothing".to_owned(),
        n => counted(n, "wording", "wordings"),
    };
    let timeless = match timeless {
        0 => String::new(),
        n => counted(n, "has no time: now · ", "have no time: now · "),
    };
    let notes = match notes {
        0 => String::new(),
        n => format!(" · notes: {n}"),
    };
    format!(
        "{timeless}customers will read: {read} · states set: {states} · requests opened: {requests}{notes}"
    )
}

/// Returns what becomes of a row, and what may have been meant otherwise.
fn outcome(row: &PasteRow) -> (String, Meaning) {
    let pasted = match &row.read {
        None => return ("…".to_owned(), Meaning::Dim),
        Some(ReadRow::Day) => {
            let text = "a date: the times after it are of that day";
            return (text.to_owned(), Meaning::Accent);
        }
        Some(ReadRow::Frame) => {
            let text =
                "it belongs to a printed table, document or code block, without an event: left out";
            return (text.to_owned(), Meaning::Accent);
        }
        Some(ReadRow::Refused(failure)) => return (failure.message_with_hint(), Meaning::Error),
        Some(ReadRow::Event(pasted)) => pasted,
    };
    let text = if let Some(customer) = &pasted.line.event.customer {
        return (
            format!("» customers will read: {customer}"),
            Meaning::Customer,
        );
    } else if row.text.contains("tell:") {
        "\"tell:\" is text here; Ctrl-T makes it what customers read".to_owned()
    } else if pasted.is_logged_already {
        "logged already with the same time and text; Ctrl-D leaves such rows out".to_owned()
    } else if pasted.is_comment {
        "it begins with `# `; Ctrl-K leaves such rows out".to_owned()
    } else {
        let mut notices = pasted.line.notices.clone();
        notices.extend(pasted.line.question.clone());
        notices.join(" · ")
    };
    (text, Meaning::Warning)
}
