//! The rows under the input line: preview of the line, status message, question of a prompt.

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

/// A line that takes longer than this to be written is shown as pending.
const LATE_MILLIS: i64 = 1_000;

/// Returns how many rows must be visible: all of them while there is an error, a preview or the
/// routing dialog, else 0, which lets the layout choose.
#[must_use]
pub fn min_height(model: &Model) -> u16 {
    let preview = match model.overlays.last() {
        Some(Overlay::Prompt(prompt)) => &prompt.preview,
        Some(_) => &Preview::Empty,
        None => &model.capture.preview,
    };
    let has_error = model
        .status
        .as_ref()
        .is_some_and(|s| s.level == Level::Error);
    let is_routing = matches!(
        model.overlays.last(),
        Some(Overlay::Dialog(Dialog::Routing(_)))
    );
    if !has_error && !is_routing && matches!(preview, Preview::Empty) {
        return 0;
    }
    u16::try_from(preview_rows(model, model.size.0).len()).unwrap_or(u16::MAX)
}

/// Returns the status message: an error in full, others cut to one row.
fn status_rows(model: &Model, columns: usize) -> Vec<Vec<Span<'static>>> {
    let Some(message) = &model.status else {
        return vec![];
    };
    let (meaning, texts) = match message.level {
        Level::Success => (Meaning::Ok, vec![fit(&message.text, columns)]),
        Level::Info => (Meaning::Accent, vec![fit(&message.text, columns)]),
        Level::Error => (Meaning::Error, wrap(&message.text, columns)),
    };
    let style = model.theme.style(meaning);
    let row = |text| vec![Span::styled(text, style)];
    texts.into_iter().map(row).collect()
}

/// Returns all rows for a screen of `columns`, in the order of their importance: lines not yet
/// written, then what the focus asks for.
#[must_use]
pub fn preview_rows(model: &Model, columns: u16) -> Vec<Vec<Span<'static>>> {
    let theme = &model.theme;
    let mut rows: Vec<Vec<Span<'static>>> = Vec::new();
    let columns = usize::from(columns.saturating_sub(PROMPT_COLUMNS + 1));
    let cut_row =
        |text: &str, meaning: Meaning| vec![Span::styled(fit(text, columns), theme.style(meaning))];
    let wrapped_rows = |text: &str, meaning: Meaning| {
        let style = theme.style(meaning);
        let row = |text| vec![Span::styled(text, style)];
        wrap(text, columns).into_iter().map(row).collect::<Vec<_>>()
    };
    let preview = match model.overlays.last() {
        Some(Overlay::Prompt(prompt)) => &prompt.preview,
        _ => &model.capture.preview,
    };
    // A status message that repeats the error of the preview is left out.
    let is_repeated = matches!((preview, &model.status), (Preview::Invalid(why), Some(status)) if status.text == why.message);
    let (status, level) = if is_repeated {
        (vec![], None)
    } else {
        (
            status_rows(model, columns),
            model.status.as_ref().map(|status| status.level),
        )
    };
    // While a line is typed, success messages are hidden: they are about the line before.
    let info = match level {
        Some(Level::Info) if model.overlays.is_empty() => status.first().cloned(),
        _ => None,
    };
    let push_preview = |preview: &Preview, rows: &mut Vec<Vec<Span<'static>>>| match preview {
        Preview::Empty => {}
        Preview::FollowUp(text) => rows.extend(wrapped_rows(text, Meaning::Dim)),
        Preview::Invalid(failure) => {
            rows.extend(wrapped_rows(&failure.message, Meaning::Error));
            if let Some(hint) = &failure.hint {
                rows.extend(wrapped_rows(hint, Meaning::Dim));
            }
        }
        Preview::Event(parsed) => rows.extend(parsed_rows(model, parsed, columns, info.clone())),
    };
    rows.extend(pending_row(model, columns));
    match model.overlays.last() {
        Some(Overlay::Prompt(Prompt {
            question, preview, ..
        })) => {
            if level == Some(Level::Error) {
                rows.extend(status);
                return rows;
            }
            push_preview(preview, &mut rows);
            if rows.len() < 2 {
                rows.insert(0, cut_row(&prompt_text(model, question), Meaning::Dim));
            }
            if rows.len() < 2 {
                rows.extend(status);
            }
        }
        None if model.focus == Focus::Line && !model.capture.line.is_blank() => {
            if level == Some(Level::Error) {
                rows.extend(status);
            }
            push_preview(&model.capture.preview, &mut rows);
        }
        None if model.focus == Focus::Page && model.tab == Tab::Timeline => {
            rows.extend(status);
            if let (true, Some(event)) = (rows.is_empty(), model.selected_event()) {
                rows.extend(selected_event_rows(model, event, columns));
            }
        }
        None if model.focus == Focus::Page && model.tab == Tab::Tasks => {
            rows.extend(status);
            if rows.is_empty() {
                rows.extend(selected_task_rows(model, columns));
            }
        }
        Some(Overlay::Dialog(Dialog::Routing(_))) => {
            // Customer wording is shown in full before it is logged, here too.
            if let Preview::Event(parsed) = &model.capture.preview {
                let style = theme.style(Meaning::Customer).add_modifier(Modifier::BOLD);
                let row = |text| vec![Span::styled(text, style)];
                rows.extend(customer_wording_rows(parsed, columns).into_iter().map(row));
            }
        }
        _ => rows.extend(status),
    }
    rows
}

/// Returns the text of the selected task, and its customer wording in the second row.
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

/// Returns the text of the selected event in two rows. The second row is customer wording or, if
/// the text fits the first, when and by whom it was recorded.
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
            let recorded = fit(&recorded_line(model, event), columns);
            [
                plain(&text.join(" ")),
                vec![Span::styled(recorded, style(Meaning::Dim))],
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

/// Returns a row about the lines that should have been written by now.
fn pending_row(model: &Model, columns: usize) -> Option<Vec<Span<'static>>> {
    let is_late = |pending: &&PendingLine| {
        pending.failure.is_some() || (model.now - pending.since).num_milliseconds() >= LATE_MILLIS
    };
    let first = model.capture.outbox.iter().find(is_late)?;
    let count = model.capture.outbox.iter().filter(is_late).count();
    let text = first.typed.text.replace('\n', " ");
    let text = match count {
        1 => format!("not on the disk yet: {text}"),
        n => format!("{n} lines are not on the disk yet: {text}"),
    };
    let style = model.theme.style(Meaning::Error);
    Some(vec![Span::styled(fit(&text, columns), style)])
}

/// Describes an event: markers, handle, when and by whom it was recorded.
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

/// Returns the customer wording of a line, in full.
fn customer_wording_rows(parsed: &ParsedLine, columns: usize) -> Vec<String> {
    parsed
        .event
        .customer
        .as_ref()
        .map_or_else(Vec::new, |text| {
            wrap(&format!("✉ customers will read: {text}"), columns)
        })
}

/// Returns the preview of a line: one row with all parts of the event, then its customer wording in
/// full, then one of `info`, advice and completions if there is room.
fn parsed_rows(
    model: &Model,
    parsed: &ParsedLine,
    columns: usize,
    status: Option<Vec<Span<'static>>>,
) -> Vec<Vec<Span<'static>>> {
    let theme = &model.theme;
    let event = &parsed.event;
    let dim = theme.style(Meaning::Dim);
    let at = parsed.zone.to_local(event.at_utc());
    let today = parsed.zone.to_local(model.now).date_naive();
    let date = if at.date_naive() == today {
        at.format("%H:%M").to_string()
    } else {
        at.format("%a %-d %b %Y %H:%M").to_string()
    };
    let approx = if event.approximate { "~" } else { "" };
    let mut parts: Vec<(String, Style)> = vec![
        (
            format!(
                "{approx}{date} {}",
                parsed.zone.abbreviation(event.at_utc())
            ),
            dim,
        ),
        (event.kind.as_str().to_owned(), theme.style(Meaning::Strong)),
    ];
    if let Some(end) = event.end_utc() {
        parts[0].0.push_str(&format!(
            " to {}",
            parsed.zone.to_local(end).format("%H:%M")
        ));
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
    // With several open incidents, the target is shown.
    if let (true, true, Some(summary)) = (
        model.other_open_incidents > 0,
        model.has_target(),
        &model.summary,
    ) {
        let name = summary
            .number
            .map_or_else(|| summary.handle.clone(), |n| n.to_string());
        parts.insert(0, (format!("#{name}"), theme.style(Meaning::Warning)));
    }
    let mut room = columns;
    let mut first: Vec<Span<'static>> = Vec::new();
    for (at, (text, style)) in parts.into_iter().enumerate() {
        let separator = if at == 0 { "" } else { " · " };
        let text = fit(&text, room.saturating_sub(3));
        if text.is_empty() {
            break;
        }
        room = room.saturating_sub(width(&text) + 3);
        first.push(Span::styled(separator, dim));
        first.push(Span::styled(text, style));
    }
    let mut rows = vec![first];
    for text in customer_wording_rows(parsed, columns) {
        let style = theme.style(Meaning::Customer).add_modifier(Modifier::BOLD);
        rows.push(vec![Span::styled(text, style)]);
    }
    // At most one more row: the status message, else advice, else completions.
    if let (Some(status), true) = (status, rows.len() < 2) {
        rows.push(status);
    } else if let Some(notice) = parsed.notices.first() {
        let row = vec![Span::styled(
            fit(notice, columns),
            theme.style(Meaning::Warning),
        )];
        if rows.len() < 2 {
            rows.push(row);
        }
    } else if rows.len() < 2 {
        let candidates: Vec<&str> = model
            .capture
            .completions
            .iter()
            .take(8)
            .map(|c| c.replacement.as_str())
            .collect();
        if !candidates.is_empty() && model.overlays.is_empty() {
            let text = format!("Tab  {}", candidates.join("  "));
            rows.push(vec![Span::styled(
                fit(&text, columns),
                theme.style(Meaning::Accent),
            )]);
        }
    }
    rows
}
