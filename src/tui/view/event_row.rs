//! The row of an event: time, kind, text, state and markers.

use crate::{
    domain::{event::Event, incident::Record, words::State},
    tui::{
        content::{
            event_text::{drawn_state, event_text, format_markers, format_state, shown_state},
            task_text::due_text,
        },
        model::{Model, TaskRow},
        text::{fit, pad, span, width},
        theme::{Meaning, kind_glyph, kind_word, state_glyph},
    },
};
use ratatui::{
    style::{Modifier, Style},
    text::Span,
};

/// Columns of the text that how long a request has leaves.
const LEAST_TEXT: usize = 4;

/// Formats the time of day for its column: `~10:06`, with the tilde for an approximate time.
pub(super) fn format_time_of_day(model: &Model, event: &Event) -> String {
    let at = model.zone.to_local(event.at_utc());
    let approx = if event.approximate { "~" } else { " " };
    format!("{approx}{}", at.format("%H:%M"))
}

/// Returns the row of an event in `columns` columns.
#[must_use]
pub fn event_row(model: &Model, record: &Record<Event>, columns: usize) -> Vec<Span<'static>> {
    let theme = &model.theme;
    let event = &record.value;
    let dim = theme.style(Meaning::Dim);
    let state = shown_state(model, record);
    let unread = model.timeline.unread.contains(&record.id);
    let wide = columns >= 60;
    let author_columns = if columns >= 100 { 10 } else { 7 };
    let state_columns = if wide { 11 } else { 2 };
    let tail = if columns >= 70 { author_columns + 1 } else { 0 };
    // Without a state, the text gets its columns.
    let state_columns = if state.is_some() { state_columns } else { 0 };
    let handle = match model.timeline.show_handles {
        true => format!("{:<6} ", record.handle),
        false => String::new(),
    };
    let fixed = 1 + 7 + width(&handle) + 2 + 10 + state_columns + 3 + tail;
    let text_columns = columns.saturating_sub(fixed);
    let mut spans = vec![
        Span::styled(if unread { "+" } else { " " }, theme.style(Meaning::New)),
        Span::styled(format!("{:<7}", format_time_of_day(model, event)), dim),
        Span::styled(handle, theme.style(Meaning::Accent)),
        Span::styled(
            format!("{} ", kind_glyph(&event.kind)),
            (state.as_ref()).map_or_else(Style::new, |state| theme.state_style(drawn_state(state))),
        ),
        Span::styled(
            pad(kind_word(&event.kind), 9),
            if event.is_milestone() {
                theme.style(Meaning::Strong)
            } else {
                theme.style(Meaning::Plain)
            },
        ),
        Span::raw(" "),
    ];
    let gone = model.timeline.gone.get(&record.id);
    let note = match (gone, &event.retracted) {
        (Some(gone), _) => Some(gone.note.clone()),
        (None, Some(reason)) => Some(format!("retracted: {reason}")),
        (None, None) => None,
    };
    // The text, then its markers if there is room; of what is gone who and why, for which there is.
    let mut text = event_text(event).replace('\n', " ↵ ");
    // The kind has a column of its own.
    if text == event.kind.as_str() {
        text.clear();
    }
    if let Some(count) = gone.map(|gone| gone.rows.len()).filter(|count| *count > 0) {
        text = format!("{count} rows, the first: {text}");
    }
    if note.is_some() && !theme.has_colour() {
        text = format!("− {text}");
    }
    // Of a request, how long it has, or that it is closed.
    let open = model.activity.open_ask(record.id);
    let due = open.filter(|ask| ask.due.is_some());
    let due = due.map(|ask| due_text(model, &TaskRow::Ask(ask)));
    // Where there is no room for how late it is, that it is.
    let due = due.map(|(text, meaning)| match meaning {
        Meaning::Error if width(&text) + 2 + LEAST_TEXT > text_columns => {
            ("late".to_owned(), meaning)
        }
        _ => (text, meaning),
    });
    let mut closed = model.activity.closed_asks.iter();
    let right = match (&note, due) {
        (Some(note), _) => Some((note.clone(), dim)),
        (None, Some((text, meaning))) => Some((text, theme.style(meaning))),
        (None, None) if closed.any(|ask| ask.id() == record.id) => Some(("closed".to_owned(), dim)),
        (None, None) => None,
    };
    let note_columns = right.as_ref().map_or(0, |(note, _)| width(note) + 2);
    let most = match &note {
        Some(_) => text_columns / 2,
        None => text_columns.saturating_sub(LEAST_TEXT),
    };
    let note_columns = note_columns.min(most);
    let text = fit(&text, text_columns - note_columns);
    let used = width(&text);
    let style = match (&note, model.timeline.hits.iter().any(|h| h.id == record.id)) {
        (Some(_), _) => dim.add_modifier(Modifier::CROSSED_OUT),
        (None, true) => theme.style(Meaning::Found),
        (None, false) => theme.style(Meaning::Plain),
    };
    spans.push(Span::styled(text, style));
    let rest = text_columns.saturating_sub(used);
    let (right, right_style) = right.unwrap_or((String::new(), dim));
    let right = fit(&right, rest.saturating_sub(2));
    let markers = format_markers(event);
    let markers_columns = rest.saturating_sub(width(&right));
    let markers = if note.is_none() && markers_columns >= 6 && !markers.is_empty() {
        pad(
            &format!(" {}", fit(&markers, markers_columns - 2)),
            markers_columns,
        )
    } else {
        " ".repeat(markers_columns)
    };
    spans.push(Span::styled(markers, dim));
    spans.push(Span::styled(right, right_style));
    let state_text = match &state {
        Some(state) if wide => pad(&format!(" {}", format_state(state)), state_columns),
        Some(state) => format!(" {}", state_glyph(drawn_state(state))),
        None => " ".repeat(state_columns),
    };
    let known = state.as_ref().map_or(Some(State::Ok), drawn_state);
    spans.push(Span::styled(state_text, theme.state_style(known)));
    let mut flags = String::new();
    let has_evidence = !event.files.is_empty() || !event.urls.is_empty();
    flags.push(if has_evidence { '◊' } else { ' ' });
    flags.push(if event.customer.is_some() { '»' } else { ' ' });
    flags.push(if record.conflicts > 0 {
        '≠'
    } else if record.amended {
        '*'
    } else {
        ' '
    });
    spans.push(Span::styled(flags, theme.style(Meaning::Customer)));
    if tail > 0 {
        spans.push(Span::raw(" "));
        spans.push(span(&fit(&record.author, author_columns), dim));
    }
    spans
}
