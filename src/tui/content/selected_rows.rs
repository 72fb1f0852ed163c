//! What the zone says of the selected event or task while the list has the keys.

use super::{
    event_text::{event_text, format_markers},
    findings,
    last_edit::last_edit,
    task_text::{due_text, owner_text, traits_text},
};
use crate::{
    domain::{event::Event, incident::Record},
    tui::{
        model::{Model, Tab, TaskRow, selected_task},
        text::{fit, width, wrap},
        theme::{Meaning, kind_word},
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
    let (kind, author) = (kind_word(&event.kind), &record.author);
    let pane = model.pane.as_ref().and_then(|pane| pane.loaded.as_deref());
    let edit = match last_edit(model, record, pane) {
        Some(edit) => format!(", {edit}"),
        None if record.amended => ", edited".to_owned(),
        None => String::new(),
    };
    let when = format!("{about}{at}{end}");
    let heads = [
        format!(
            "{when}  {}  {kind} by {author}, recorded {recorded}{edit}",
            record.handle
        ),
        format!("{when}  {}  {kind} by {author}{edit}", record.handle),
        format!("{when} by {author}{edit}"),
    ];
    // Who edited it is said before when it was recorded.
    let fits = |head: &&String| edit.is_empty() || width(head) <= columns;
    let mut head = heads.iter().find(fits).unwrap_or(&heads[2]).clone();
    let markers = format_markers(event);
    if !markers.is_empty() {
        head.push_str(&format!("  {markers}"));
    }
    let mut rows = vec![vec![Span::styled(fit(&head, columns), style(Meaning::Dim))]];
    match event.customer {
        Some(_) => rows.push(vec![Span::raw(fit(&event_text(event), columns))]),
        None => {
            let texts = wrap(&event_text(event), columns);
            rows.extend(texts.into_iter().take(2).map(|text| vec![Span::raw(text)]));
        }
    }
    if let Some(gone) = model.timeline.gone.get(&record.id) {
        rows.push(vec![Span::styled(
            fit(&gone.note, columns),
            style(Meaning::Warning),
        )]);
    }
    if let Some(customer) = &event.customer {
        let wording = fit(&format!("» customers will read: {customer}"), columns);
        rows.push(vec![Span::styled(wording, style(Meaning::Customer))]);
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

/// Which task is selected, by whom and for whom, and until when; then its text, and what customers read of it.
fn task_rows_of(model: &Model, columns: usize) -> Vec<Row> {
    let Some(row) = selected_task(model) else {
        return vec![];
    };
    let (what, customer) = match row {
        TaskRow::Ask(ask) | TaskRow::ClosedAsk(ask) => {
            let asked = model.zone.to_local(ask.asked_at()).format("%H:%M");
            (format!("asked {asked} by {}", ask.author), &ask.customer)
        }
        TaskRow::FollowUp(task) => (
            format!("follow-up by {}", task.author),
            &task.value.customer,
        ),
    };
    let mut head = vec![
        row.handle().to_owned(),
        what,
        owner_text(&row),
        due_text(model, &row).0,
    ];
    head.extend(traits_text(&row));
    head.retain(|part| !part.is_empty());
    let dim = model.theme.style(Meaning::Dim);
    let mut rows: Vec<Row> = vec![vec![Span::styled(fit(&head.join("  "), columns), dim)]];
    let texts = wrap(row.text(), columns).into_iter().take(2);
    rows.extend(texts.map(|text| vec![Span::raw(text)]));
    if let Some(customer) = customer {
        let wording = fit(&format!("» customers read: {customer}"), columns);
        rows.push(vec![Span::styled(
            wording,
            model.theme.style(Meaning::Customer),
        )]);
    }
    rows
}
