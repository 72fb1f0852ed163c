//! The timeline tab: one row per event, below the heading of its day.

use super::{
    event_row::{event_row, format_time_of_day},
    widgets::{NARROW_COLUMNS, draw_hint, draw_spans, highlight_row, titled_rule},
};
use crate::{
    domain::words::CAPTURE_KINDS,
    tui::{
        content::{event_text::event_text, seen_before, unsaved::late_lines},
        layout::timeline::{TimelineRow, visible_rows},
        model::{FilterProgress, Focus, Model, PendingWrite, ROW_BREAK},
        text::{fit, pad, width},
        theme::{Meaning, kind_word},
    },
};
use ratatui::{buffer::Buffer, layout::Rect, text::Span};

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
