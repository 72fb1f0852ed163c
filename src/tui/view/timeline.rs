//! The timeline tab: one row per event, below the heading of its day.

use super::widgets::{draw_hint, draw_spans, highlight_row, titled_rule};
use crate::{
    domain::{
        event::Event,
        incident::Record,
        words::{State, Word},
    },
    tui::{
        content::event_text::{drawn_state, event_text, format_markers, format_state},
        layout::timeline::{TimelineRow, visible_rows},
        model::{FilterProgress, Focus, Model},
        text::{fit, pad, span, width},
        theme::{Meaning, kind_glyph, state_glyph},
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
                let day = day.format("%a %-d %b %Y");
                let title = format!("{day}{}", zone.unwrap_or_default());
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

/// Says in the first row that only some events are shown.
fn draw_filter(model: &Model, area: Rect, used: usize, buf: &mut Buffer) {
    let timeline = &model.timeline;
    if timeline.filter.is_empty() {
        return;
    }
    let scanned = match timeline.filter_progress {
        FilterProgress::ScannedTo((at, ..)) => {
            let at = model.zone.to_local(at).format("%-d %b %H:%M");
            format!(", back to {at}")
        }
        FilterProgress::NotStarted | FilterProgress::Complete => String::new(),
    };
    let count = timeline.events.len();
    let room = usize::from(area.width).saturating_sub(used + 6);
    let text = format!(
        " filter: {}  {count}{scanned}  Esc clears ",
        timeline.filter_text
    );
    let text = fit(&text, room);
    let columns = u16::try_from(width(&text)).unwrap_or(0);
    let style = model.theme.style(Meaning::Warning);
    let x = area.right().saturating_sub(columns + 1);
    draw_spans(buf, x, area.y, columns, vec![Span::styled(text, style)]);
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
        let text = match model.timeline.filter_progress {
            _ if model.timeline.filter_problem.is_some() => {
                model.timeline.filter_problem.as_deref().unwrap_or_default()
            }
            FilterProgress::Complete => "No event matches the filter.",
            FilterProgress::NotStarted | FilterProgress::ScannedTo(_) => {
                "None so far; older events are being searched."
            }
        };
        draw_hint(model, area, buf, &[("", text), ("F", "shows all")]);
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

/// The state to display with an event: the one that it gives, else the one that it started, from its page
/// of a large incident or from the history of a small one.
#[must_use]
pub fn shown_state(model: &Model, record: &Record<Event>) -> Option<Word<State>> {
    let history = || model.summary.as_ref()?.history.as_ref();
    let in_page = || model.timeline.started.get(&record.id).copied();
    let started = || in_page().or_else(|| history()?.started_state(record));
    let given = record.value.shown_state();
    given.or_else(|| started().map(Word::Known))
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
    let text_columns = columns.saturating_sub(1 + 7 + 2 + 10 + state_columns + 3 + tail);
    let mut spans = vec![
        Span::styled(if unread { "+" } else { " " }, theme.style(Meaning::New)),
        Span::styled(format!("{:<7}", format_time_of_day(model, event)), dim),
        Span::styled(
            format!("{} ", kind_glyph(&event.kind)),
            (state.as_ref()).map_or_else(Style::new, |state| theme.state_style(drawn_state(state))),
        ),
        Span::styled(
            pad(event.kind.as_str(), 9),
            if event.is_milestone() {
                theme.style(Meaning::Strong)
            } else {
                theme.style(Meaning::Plain)
            },
        ),
        Span::raw(" "),
    ];
    // The text, then its markers if there is room.
    let text = event_text(event).replace('\n', " ↵ ");
    // The kind has a column of its own.
    let text = if text == event.kind.as_str() {
        String::new()
    } else {
        text
    };
    let text = fit(&text, text_columns);
    let used = width(&text);
    let retracted = record.value.retracted.is_some();
    let mut style = if model.timeline.hits.iter().any(|h| h.id == record.id) {
        theme.style(Meaning::Found)
    } else {
        theme.style(Meaning::Plain)
    };
    if retracted || model.timeline.gone.contains_key(&record.id) {
        style = dim.add_modifier(Modifier::CROSSED_OUT);
    }
    spans.push(Span::styled(text, style));
    let rest = text_columns.saturating_sub(used);
    let gone = model.timeline.gone.get(&record.id);
    let retracted = retracted || gone.is_some();
    let markers = if let Some(gone) = gone {
        gone.clone()
    } else if retracted {
        format!(
            "retracted: {}",
            event.retracted.as_deref().unwrap_or_default()
        )
    } else {
        format_markers(event)
    };
    let markers = if rest >= 6 && !markers.is_empty() {
        pad(&format!(" {}", fit(&markers, rest - 2)), rest)
    } else {
        " ".repeat(rest)
    };
    spans.push(Span::styled(markers, dim));
    let state_text = match &state {
        Some(state) if wide => pad(&format!(" {}", format_state(state)), state_columns),
        Some(state) => format!(" {}", state_glyph(drawn_state(state))),
        None => " ".repeat(state_columns),
    };
    let known = state.as_ref().map_or(Some(State::Ok), drawn_state);
    spans.push(Span::styled(state_text, theme.state_style(known)));
    let mut flags = String::new();
    flags.push(' ');
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
