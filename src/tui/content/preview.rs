//! Under the line: what was understood, what was said, what is asked.

use super::{
    event_text::{drawn_state, event_text, format_markers},
    input_text::PROMPT_COLUMNS,
    prompt_text::prompt_text,
};
use crate::{
    domain::{event::Event, incident::Record, task::ask_due, time::format_duration},
    tui::{
        model::{
            Dialog, Focus, Level, Model, Overlay, PendingLine, Preview, Prompt, Tab, TaskRow,
            task_rows,
        },
        msg::ParsedLine,
        text::{fit, width, wrap},
        theme::{Meaning, state_glyph},
    },
};
use ratatui::{
    style::{Modifier, Style},
    text::Span,
};

/// What is on its way for so many milliseconds is said to be.
const LATE_MILLIS: i64 = 1_000;

/// How many rows it takes to say what must be said whole: what went wrong, and what was understood.
#[must_use]
pub fn min_height(model: &Model) -> u16 {
    let echo = match model.overlays.last() {
        Some(Overlay::Prompt(prompt)) => &prompt.preview,
        Some(_) => &Preview::Empty,
        None => &model.capture.preview,
    };
    let wrong = model
        .status
        .as_ref()
        .is_some_and(|s| s.level == Level::Error);
    let asked = matches!(
        model.overlays.last(),
        Some(Overlay::Dialog(Dialog::Routing(_)))
    );
    if !wrong && !asked && matches!(echo, Preview::Empty) {
        return 0;
    }
    u16::try_from(preview_rows(model, model.size.0).len()).unwrap_or(u16::MAX)
}

/// What was said last, in rows: what went wrong is said whole.
fn status_rows(model: &Model, columns: usize) -> Vec<Vec<Span<'static>>> {
    let Some(said) = &model.status else {
        return vec![];
    };
    let (meaning, texts) = match said.level {
        Level::Success => (Meaning::Ok, vec![fit(&said.text, columns)]),
        Level::Info => (Meaning::Accent, vec![fit(&said.text, columns)]),
        Level::Error => (Meaning::Error, wrap(&said.text, columns)),
    };
    let style = model.theme.style(meaning);
    let row = |text| vec![Span::styled(text, style)];
    texts.into_iter().map(row).collect()
}

/// TODO
#[must_use]
pub fn preview_rows(model: &Model, columns: u16) -> Vec<Vec<Span<'static>>> {
    let theme = &model.theme;
    let mut rows: Vec<Vec<Span<'static>>> = Vec::new();
    let columns = usize::from(columns.saturating_sub(PROMPT_COLUMNS + 1));
    let one =
        |text: &str, meaning: Meaning| vec![Span::styled(fit(text, columns), theme.style(meaning))];
    let whole = |text: &str, meaning: Meaning| {
        let style = theme.style(meaning);
        let row = |text| vec![Span::styled(text, style)];
        wrap(text, columns).into_iter().map(row).collect::<Vec<_>>()
    };
    let echo = match model.overlays.last() {
        Some(Overlay::Prompt(prompt)) => &prompt.preview,
        _ => &model.capture.preview,
    };
    // What stands there anyhow is not said twice.
    let twice = matches!((echo, &model.status), (Preview::Invalid(why), Some(said)) if said.text == why.message);
    let (said, tone) = if twice {
        (vec![], None)
    } else {
        (
            status_rows(model, columns),
            model.status.as_ref().map(|said| said.level),
        )
    };
    // What was done before is no news while the next line is typed.
    let note = match tone {
        Some(Level::Info) if model.overlays.is_empty() => said.first().cloned(),
        _ => None,
    };
    let understood = |echo: &Preview, rows: &mut Vec<Vec<Span<'static>>>| match echo {
        Preview::Empty => {}
        Preview::FollowUp(said) => rows.extend(whole(said, Meaning::Dim)),
        Preview::Invalid(failure) => {
            rows.extend(whole(&failure.message, Meaning::Error));
            if let Some(hint) = &failure.hint {
                rows.extend(whole(hint, Meaning::Dim));
            }
        }
        Preview::Event(read) => rows.extend(parsed_rows(model, read, columns, note.clone())),
    };
    rows.extend(pending_row(model, columns));
    match model.overlays.last() {
        Some(Overlay::Prompt(Prompt {
            question, preview, ..
        })) => {
            if tone == Some(Level::Error) {
                rows.extend(said);
                return rows;
            }
            understood(preview, &mut rows);
            if rows.len() < 2 {
                rows.insert(0, one(&prompt_text(model, question), Meaning::Dim));
            }
            if rows.len() < 2 {
                rows.extend(said);
            }
        }
        None if model.focus == Focus::Line && !model.capture.line.is_blank() => {
            if tone == Some(Level::Error) {
                rows.extend(said);
            }
            understood(&model.capture.preview, &mut rows);
        }
        None if model.focus == Focus::Page && model.tab == Tab::Timeline => {
            rows.extend(said);
            if let (true, Some(event)) = (rows.is_empty(), model.selected_event()) {
                rows.extend(selected_event_rows(model, event, columns));
            }
        }
        None if model.focus == Focus::Page && model.tab == Tab::Tasks => {
            rows.extend(said);
            if rows.is_empty() {
                rows.extend(selected_task_rows(model, columns));
            }
        }
        Some(Overlay::Dialog(Dialog::Routing(_))) => {
            // What customers will read is said whole before Enter, here too.
            if let Preview::Event(read) = &model.capture.preview {
                let style = theme.style(Meaning::Customer).add_modifier(Modifier::BOLD);
                let row = |text| vec![Span::styled(text, style)];
                rows.extend(customer_wording_rows(read, columns).into_iter().map(row));
            }
        }
        _ => rows.extend(said),
    }
    rows
}

/// The ask or the follow-up that is selected, whole as far as two rows go.
fn selected_task_rows(model: &Model, columns: usize) -> Vec<Vec<Span<'static>>> {
    let tasks = task_rows(model);
    let (text, customer, handle) = match tasks.get(model.selected_task) {
        Some(TaskRow::Ask(ask)) => (&ask.value.text, &ask.value.customer, &ask.handle),
        Some(TaskRow::FollowUp(task)) => (&task.value.text, &task.value.customer, &task.handle),
        None => return vec![],
    };
    let style = |meaning| model.theme.style(meaning);
    let mut rows: Vec<_> = wrap(&format!("{handle} {text}"), columns)
        .into_iter()
        .map(|text| vec![Span::raw(text)])
        .collect();
    if let Some(customer) = customer {
        rows.truncate(1);
        let wording = fit(&format!("customers read: {customer}"), columns);
        rows.push(vec![Span::styled(wording, style(Meaning::Customer))]);
    }
    rows
}

/// The event that is selected, in two rows.
fn selected_event_rows(
    model: &Model,
    event: &Record<Event>,
    columns: usize,
) -> [Vec<Span<'static>>; 2] {
    let style = |meaning| model.theme.style(meaning);
    let text = wrap(&event_text(&event.value), columns);
    let plain = |text: &str| vec![Span::raw(fit(text, columns))];
    match (&event.value.customer, text.as_slice()) {
        (None, [first, second, ..]) => [plain(first), plain(second)],
        (None, _) => {
            let about = fit(&recorded_line(model, event), columns);
            [
                plain(&text.join(" ")),
                vec![Span::styled(about, style(Meaning::Dim))],
            ]
        }
        (Some(customer), _) => {
            let wording = fit(&format!("customers read: {customer}"), columns);
            [
                plain(&text.join(" ")),
                vec![Span::styled(wording, style(Meaning::Customer))],
            ]
        }
    }
}

/// The lines that should be on the disk by now and are not.
fn pending_row(model: &Model, columns: usize) -> Option<Vec<Span<'static>>> {
    let late = |sending: &&PendingLine| {
        sending.failure.is_some() || (model.now - sending.since).num_milliseconds() >= LATE_MILLIS
    };
    let first = model.capture.outbox.iter().find(late)?;
    let count = model.capture.outbox.iter().filter(late).count();
    let text = first.typed.text.replace('\n', " ");
    let text = match count {
        1 => format!("not on the disk yet: {text}"),
        n => format!("{n} lines are not on the disk yet: {text}"),
    };
    let style = model.theme.style(Meaning::Error);
    Some(vec![Span::styled(fit(&text, columns), style)])
}

/// By whom and when it was recorded, and its handle.
fn recorded_line(model: &Model, event: &Record<Event>) -> String {
    let at = model.zone.to_local(event.recorded);
    let mut text = format!(
        "{} · recorded {} by {}",
        event.handle,
        at.format("%a %-d %b %H:%M:%S"),
        event.author
    );
    let markers = format_markers(&event.value);
    if !markers.is_empty() {
        text = format!("{markers} · {text}");
    }
    text
}

/// What customers will read, in rows.
fn customer_wording_rows(read: &ParsedLine, columns: usize) -> Vec<String> {
    read.event.customer.as_ref().map_or_else(Vec::new, |text| {
        wrap(&format!("✉ customers will read: {text}"), columns)
    })
}

/// What a line was understood as; what customers will read of it is said whole.
fn parsed_rows(
    model: &Model,
    read: &ParsedLine,
    columns: usize,
    said: Option<Vec<Span<'static>>>,
) -> Vec<Vec<Span<'static>>> {
    let theme = &model.theme;
    let event = &read.event;
    let dim = theme.style(Meaning::Dim);
    let at = read.zone.to_local(event.at_utc());
    let today = read.zone.to_local(model.now).date_naive();
    let date = if at.date_naive() == today {
        at.format("%H:%M").to_string()
    } else {
        at.format("%a %-d %b %Y %H:%M").to_string()
    };
    let about = if event.approximate { "~" } else { "" };
    let mut parts: Vec<(String, Style)> = vec![
        (
            format!("{about}{date} {}", read.zone.abbreviation(event.at_utc())),
            dim,
        ),
        (event.kind.as_str().to_owned(), theme.style(Meaning::Strong)),
    ];
    if let Some(end) = event.end_utc() {
        parts[0]
            .0
            .push_str(&format!(" to {}", read.zone.to_local(end).format("%H:%M")));
    }
    if let Some(state) = event.shown_state() {
        let known = drawn_state(&state);
        parts.push((
            format!("{} {state}", state_glyph(known)),
            theme.state_style(known),
        ));
    }
    for service in &event.services {
        parts.push((format!("@{service}"), dim));
    }
    for person in &event.people {
        parts.push((format!("@{person}"), dim));
    }
    for tag in &event.tags {
        parts.push((format!("#{tag}"), dim));
    }
    if let Some(due) = ask_due(event) {
        let seconds = (due - event.at_utc()).num_seconds();
        parts.push((format!("within {}", format_duration(seconds)), dim));
    }
    if event.closes {
        parts.push(("closes the ask".to_owned(), dim));
    }
    if let Some(audience) = &event.audience {
        parts.push((format!("to {audience}"), dim));
    }
    if event.customer.is_none() {
        parts.push(("internal".to_owned(), dim));
    }
    // With several open it is said where it goes.
    if let (true, true, Some(outline)) = (
        model.other_open_incidents > 0,
        model.has_target(),
        &model.summary,
    ) {
        let name = outline
            .number
            .map_or_else(|| outline.handle.clone(), |n| n.to_string());
        parts.insert(0, (format!("#{name}"), theme.style(Meaning::Warning)));
    }
    let mut room = columns;
    let mut first: Vec<Span<'static>> = Vec::new();
    for (at, (text, style)) in parts.into_iter().enumerate() {
        let dot = if at == 0 { "" } else { " · " };
        let text = fit(&text, room.saturating_sub(3));
        if text.is_empty() {
            break;
        }
        room = room.saturating_sub(width(&text) + 3);
        first.push(Span::styled(dot, dim));
        first.push(Span::styled(text, style));
    }
    let mut rows = vec![first];
    for text in customer_wording_rows(read, columns) {
        let style = theme.style(Meaning::Customer).add_modifier(Modifier::BOLD);
        rows.push(vec![Span::styled(text, style)]);
    }
    // What customers read goes first, then what was said, then advice, then what could be typed.
    if let (Some(said), true) = (said, rows.len() < 2) {
        rows.push(said);
    } else if let Some(notice) = read.notices.first() {
        let row = vec![Span::styled(
            fit(notice, columns),
            theme.style(Meaning::Warning),
        )];
        if rows.len() < 2 {
            rows.push(row);
        }
    } else if rows.len() < 2 {
        let offered: Vec<&str> = model
            .capture
            .completions
            .iter()
            .take(8)
            .map(|c| c.replacement.as_str())
            .collect();
        if !offered.is_empty() && model.overlays.is_empty() {
            let text = format!("Tab  {}", offered.join("  "));
            rows.push(vec![Span::styled(
                fit(&text, columns),
                theme.style(Meaning::Accent),
            )]);
        }
    }
    rows
}
