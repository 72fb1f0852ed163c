//! The timeline tab: one row per event, below the heading of its day.

use super::widgets::{NARROW_COLUMNS, draw_hint, draw_spans, highlight_row, titled_rule};
use crate::{
    domain::{
        event::Event,
        incident::Record,
        task::ask_due,
        words::{CAPTURE_KINDS, State},
    },
    tui::{
        content::{
            event_text::{drawn_state, event_text, format_markers, format_state, shown_state},
            seen_before,
            task_text::due_text,
            unsaved::late_lines,
        },
        layout::timeline::{TimelineRow, visible_rows},
        model::{FilterProgress, Focus, Model, PendingWrite, ROW_BREAK, TaskRow},
        text::{fit, pad, span, width},
        theme::{Meaning, kind_glyph, kind_word, state_glyph},
    },
};
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Modifier, Style},
    text::Span,
};

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    if model.timeline.events.is_empty() {
        draw_empty(model, area, buf);
        return;
    }
    let rows = visible_rows(model, area.height.into());
    let mut next = rows.iter().skip(1).chain(rows.last());
    let mut unsaved_shown = false;
    for (y, row) in (area.y..area.bottom()).zip(&rows) {
        let following = next.next();
        match *row {
            TimelineRow::Day(day) => {
                // The abbreviation of the zone on that day.
                let zone = match following {
                    Some(TimelineRow::Event(at)) => model.timeline.events.get(*at).map(|event| {
                        let at = event.value.at_utc();
                        format!(" {}", model.zone.abbreviation(at))
                    }),
                    _ => None,
                };
                // The filter needs the room of a narrow screen.
                let is_short = y == area.y && area.width < 60 && !model.timeline.filter.is_empty();
                let zone = zone.filter(|_| !is_short);
                let day = day.format(if is_short { "%-d %b" } else { "%a %-d %b %Y" });
                let what = match model.timeline.filter.gone && y == area.y && !is_short {
                    true => "Undone and retracted · ",
                    false => "",
                };
                let title = format!("{what}{day}{}", zone.unwrap_or_default());
                draw_spans(
                    buf,
                    area.x,
                    y,
                    area.width,
                    titled_rule(model, &title, area.width),
                );
                if y == area.y {
                    draw_filter(model, area, width(&title), buf);
                }
            }
            TimelineRow::Unsaved(at) => {
                let (lines, before) = late_lines(model);
                if let Some(pending) = lines.get(at) {
                    // The first row shown says how many are not.
                    let hidden = if unsaved_shown { 0 } else { before + at };
                    unsaved_shown = true;
                    let spans = unsaved_row(model, pending, hidden, area.width.into());
                    draw_spans(buf, area.x, y, area.width, spans);
                }
            }
            TimelineRow::Event(at) => {
                let Some(event) = model.timeline.events.get(at) else {
                    continue;
                };
                draw_spans(
                    buf,
                    area.x,
                    y,
                    area.width,
                    event_row(model, event, area.width.into()),
                );
                if at == model.timeline.selected && !is_live(model) {
                    let marker = Span::raw("▸");
                    draw_spans(buf, area.x, y, 1, vec![marker]);
                    if model.focus == Focus::List {
                        highlight_row(model, area, y, buf);
                    }
                }
            }
        }
    }
}

/// A line that is not saved yet: its time, `…` for the kind's mark, and its text.
///
/// `hidden`: how many more there are before it.
fn unsaved_row(
    model: &Model,
    pending: &PendingWrite,
    hidden: usize,
    columns: usize,
) -> Vec<Span<'static>> {
    // On a narrow screen the mark says it.
    let note = match hidden {
        0 if columns < NARROW_COLUMNS => String::new(),
        0 => "  not saved yet".to_owned(),
        n if columns < NARROW_COLUMNS => format!("  +{n}"),
        n => format!("  not saved yet, {n} more before"),
    };
    let dim = model.theme.style(Meaning::Dim);
    let (at, kind, text) = match &pending.event {
        Some(event) => (
            format_time_of_day(model, event),
            kind_word(&event.kind).to_owned(),
            event_text(event),
        ),
        None => {
            let at = model.zone.to_local(pending.since).format(" %H:%M");
            (at.to_string(), String::new(), pending.text.clone())
        }
    };
    let room = columns.saturating_sub(1 + 7 + 2 + 10 + width(&note) + 1);
    vec![
        Span::raw(" "),
        Span::styled(format!("{at:<7}"), dim),
        Span::raw("… "),
        Span::raw(format!("{} ", pad(&kind, 9))),
        Span::raw(pad(&text.replace(['\n', ROW_BREAK], " ↵ "), room)),
        Span::styled(note, model.theme.style(Meaning::Error)),
    ]
}

/// Says in the first row that only some events are shown.
fn draw_filter(model: &Model, area: Rect, used: usize, buf: &mut Buffer) {
    let timeline = &model.timeline;
    if timeline.filter.is_empty() {
        draw_seen_before(model, area, used, buf);
        return;
    }
    let room = usize::from(area.width).saturating_sub(used + 6);
    let (count, way_out) = match &timeline.filter_problem {
        Some(_) => ("not understood".to_owned(), ""),
        None => (match_count(model), "  Esc clears"),
    };
    let fixed = width(&count) + width(" filter:    ");
    let wanted = width(&timeline.filter_text) + fixed + width(way_out);
    let way_out = if wanted <= room { way_out } else { "" };
    let filter = fit(
        &timeline.filter_text,
        room.saturating_sub(fixed + width(way_out)),
    );
    let text = fit(&format!(" filter: {filter}  {count}{way_out} "), room);
    let columns = u16::try_from(width(&text)).unwrap_or(0);
    let style = model.theme.style(Meaning::Warning);
    let x = area.right().saturating_sub(columns + 1);
    draw_spans(buf, x, area.y, columns, vec![Span::styled(text, style)]);
}

/// Names, at the right of the first rule, the earlier incidents that began alike.
fn draw_seen_before(model: &Model, area: Rect, used: usize, buf: &mut Buffer) {
    let Some(hint) = seen_before::hint(model) else {
        return;
    };
    let room = usize::from(area.width).saturating_sub(used + 6);
    let text = fit(&format!(" {hint} "), room);
    let columns = u16::try_from(width(&text)).unwrap_or(0);
    let x = area.right().saturating_sub(columns + 1);
    let style = model.theme.style(Meaning::Warning);
    draw_spans(buf, x, area.y, columns, vec![Span::styled(text, style)]);
}

/// How many events match, of how many: `3 of 13`; how far back they were searched, if not all were.
fn match_count(model: &Model) -> String {
    let timeline = &model.timeline;
    let found = timeline.events.len();
    let total = model
        .summary
        .as_ref()
        .map(|summary| summary.row.event_count);
    match (timeline.filter_progress, total) {
        (FilterProgress::ScannedTo((at, ..)), _) => {
            let at = model.zone.to_local(at).format("%-d %b %H:%M");
            format!("{found} back to {at}")
        }
        // What was undone is not counted in the total.
        (_, Some(total)) if !timeline.filter.gone => format!("{found} of {total}"),
        _ => found.to_string(),
    }
}

/// True while the line has the keys and the view follows the newest event: no row is selected then.
fn is_live(model: &Model) -> bool {
    model.timeline.follow && model.focus == Focus::Line
}

fn draw_empty(model: &Model, area: Rect, buf: &mut Buffer) {
    if !model.first_load_done {
        return;
    }
    if !model.timeline.filter.is_empty() {
        let title = titled_rule(model, "No events", area.width);
        draw_spans(buf, area.x, area.y, area.width, title);
        draw_filter(model, area, width("No events"), buf);
        let text = match (
            &model.timeline.filter_problem,
            model.timeline.filter_progress,
        ) {
            (Some(problem), _) => problem.clone(),
            (None, FilterProgress::Complete) => {
                let word = model.timeline.filter_text.trim().to_lowercase();
                // A kind that is typed as a word is looked for in the texts.
                let is_kind = CAPTURE_KINDS.iter().any(|kind| kind.as_str() == word);
                let hint = match is_kind {
                    true => format!(" kind:{word} shows those of that kind."),
                    false => String::new(),
                };
                format!("No matching events. Esc clears the filter.{hint}")
            }
            (None, FilterProgress::NotStarted | FilterProgress::ScannedTo(_)) => {
                "None so far; older events are being searched.".to_owned()
            }
        };
        let below = Rect {
            y: area.y + 1,
            height: area.height.saturating_sub(1),
            ..area
        };
        draw_hint(model, below, buf, &[("", &text)]);
        return;
    }
    if model.summary.is_some() {
        draw_hint(
            model,
            area,
            buf,
            &[("", "No events yet. Type what happened and press Enter.")],
        );
        return;
    }
    draw_hint(
        model,
        area,
        buf,
        &[
            ("", "What happened? Type it below and press Enter."),
            ("", ""),
            ("", "  db primary does not answer"),
            (
                "",
                "  10:05 fault: checkout fails for EU customers @shop !down",
            ),
            (
                "",
                "  -5m decision: fail over to the replica why: repair time unknown",
            ),
            ("", "  ask: check replica lag @ann 10m"),
            ("", ""),
            (
                "",
                "The first line offers to declare an incident. Nothing is saved before",
            ),
            ("", "you say where it goes. You can also paste a chat here."),
            ("", ""),
            (
                "",
                "Something for customers:  … tell: We are working on it.",
            ),
            ("", ""),
            (
                "",
                "Look around with sample data:  quit (Ctrl-Q), then  bridgelog demo",
            ),
        ],
    );
}

/// Formats the time of day for its column: `~10:06`, with the tilde for an approximate time.
fn format_time_of_day(model: &Model, event: &Event) -> String {
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
    let is_open = |ask: &&Record<Event>| ask.id == record.id;
    let is_in = |asks: &[Record<Event>]| asks.iter().any(|ask| is_open(&ask));
    let due = ask_due(event).filter(|_| is_in(&model.activity.open_asks));
    let due = due.map(|_| due_text(model, &TaskRow::Ask(record)));
    let right = match (&note, due) {
        (Some(note), _) => Some((note.clone(), dim)),
        (None, Some((text, meaning))) => Some((text, theme.style(meaning))),
        (None, None) if is_in(&model.activity.closed_asks) => Some(("closed".to_owned(), dim)),
        (None, None) => None,
    };
    let note_columns = right.as_ref().map_or(0, |(note, _)| width(note) + 2);
    let note_columns = note_columns.min(text_columns / 2);
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
