//! What the zone says of the selected event or task while the list has the keys.

use super::{
    event_text::{event_text, format_markers},
    findings,
};
use crate::{
    domain::{event::Event, incident::Record},
    tui::{
        model::{Model, Tab, TaskRow, task_rows},
        text::{fit, wrap},
        theme::Meaning,
    },
};
use ratatui::text::Span;

type Row = Vec<Span<'static>>;

/// Returns the rows, at most `columns` wide.
#[must_use]
pub fn selected_rows(model: &Model, columns: usize) -> Vec<Row> {
    match model.tab {
        Tab::Timeline if model.has_detail_pane() => {
            let text = "The detail is at the right. Enter gives it the whole page.";
            vec![
                vec![],
                vec![Span::styled(
                    fit(text, columns),
                    model.theme.style(Meaning::Dim),
                )],
            ]
        }
        Tab::Timeline => model
            .selected_event()
            .map_or_else(Vec::new, |event| event_rows(model, event, columns)),
        Tab::Tasks => task_rows_of(model, columns),
        Tab::Postmortem | Tab::Email => findings::selected_row(model, columns),
        Tab::Incidents => vec![],
    }
}

/// When, which and by whom; then its text; then customer wording, or why and why not.
fn event_rows(model: &Model, record: &Record<Event>, columns: usize) -> Vec<Row> {
    let style = |meaning| model.theme.style(meaning);
    let event = &record.value;
    let at = model.zone.to_local(event.at_utc()).format("%H:%M:%S");
    let about = if event.approximate { "~" } else { "" };
    let end = event.end_utc().map_or_else(String::new, |end| {
        format!(" to {}", model.zone.to_local(end).format("%H:%M:%S"))
    });
    let recorded = model
        .zone
        .to_local(record.recorded)
        .format("%-d %b %H:%M:%S");
    let mut head = format!(
        "{about}{at}{end}  {}  {} by {}, recorded {recorded}",
        record.handle, event.kind, record.author
    );
    if record.amended {
        head.push_str(", amended");
    }
    let markers = format_markers(event);
    if !markers.is_empty() {
        head.push_str(&format!("  {markers}"));
    }
    let mut rows = vec![vec![Span::styled(fit(&head, columns), style(Meaning::Dim))]];
    let texts = wrap(&event_text(event), columns);
    rows.extend(texts.into_iter().take(2).map(|text| vec![Span::raw(text)]));
    if let Some(gone) = model.timeline.gone.get(&record.id) {
        rows.push(vec![Span::styled(
            fit(&gone.note, columns),
            style(Meaning::Warning),
        )]);
    }
    if let Some(customer) = &event.customer {
        let wording = fit(&format!("» customers will read: {customer}"), columns);
        rows.insert(1, vec![Span::styled(wording, style(Meaning::Customer))]);
    }
    let reasons = [("why", &event.rationale), ("not", &event.rejected)];
    let reasons: Vec<String> = reasons
        .iter()
        .filter_map(|(word, text)| Some(format!("{word}: {}", (*text).as_ref()?)))
        .collect();
    if !reasons.is_empty() {
        rows.push(vec![Span::raw(fit(&reasons.join("   "), columns))]);
    }
    rows
}

/// The text of the selected request or follow-up, and what customers read of it.
fn task_rows_of(model: &Model, columns: usize) -> Vec<Row> {
    let tasks = task_rows(model);
    let (text, customer, handle) = match tasks.get(model.selected_task) {
        Some(TaskRow::Ask(ask)) => (&ask.value.text, &ask.value.customer, &ask.handle),
        Some(TaskRow::FollowUp(task)) => (&task.value.text, &task.value.customer, &task.handle),
        None => return vec![],
    };
    let mut rows: Vec<Row> = wrap(&format!("{handle}  {text}"), columns)
        .into_iter()
        .take(2)
        .map(|text| vec![Span::raw(text)])
        .collect();
    if let Some(customer) = customer {
        let wording = fit(&format!("» customers read: {customer}"), columns);
        rows.push(vec![Span::styled(
            wording,
            model.theme.style(Meaning::Customer),
        )]);
    }
    rows
}
