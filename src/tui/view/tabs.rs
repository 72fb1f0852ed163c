//! The rule above the input line: the tabs and, at its right, unread, filter, findings and hits.

use super::widgets::draw_spans;
use crate::tui::{
    layout::{
        areas,
        tabs::tab_ranges,
        timeline::{TimelineRow, visible_rows},
    },
    model::{FilterProgress, Model, Overlay, Tab},
    text::{fit, width},
    theme::Meaning,
};
use ratatui::{buffer::Buffer, layout::Rect, style::Modifier, text::Span};

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let dim = theme.style(Meaning::Dim);
    let line = "─".repeat(usize::from(area.width).saturating_sub(2));
    draw_spans(
        buf,
        area.x + 1,
        area.y,
        area.width.saturating_sub(1),
        vec![Span::styled(line, dim)],
    );
    for (tab, text, from, to) in tab_ranges(model) {
        let style = if tab == model.tab {
            theme.style(Meaning::Accent).add_modifier(Modifier::BOLD)
        } else {
            dim
        };
        if to > area.width {
            break;
        }
        draw_spans(
            buf,
            area.x + from,
            area.y,
            to - from,
            vec![Span::styled(text, style)],
        );
    }
    let used = tab_ranges(model).last().map_or(0, |(.., to)| *to);
    let mut right: Vec<(String, Meaning)> = Vec::new();
    let unread = model.timeline.unread.len();
    if unread > 0 {
        right.push((format!("{unread} new"), Meaning::New));
    }
    if !model.timeline.filter.is_empty() {
        let scanned = match model.timeline.filter_progress {
            FilterProgress::ScannedTo((at, ..)) => {
                format!(
                    ", back to {}",
                    model.zone.to_local(at).format("%-d %b %H:%M")
                )
            }
            FilterProgress::NotStarted | FilterProgress::Complete => String::new(),
        };
        right.push((
            format!("only {}{scanned}", model.timeline.filter_text),
            Meaning::Warning,
        ));
    }
    let missing = match model.tab {
        Tab::Postmortem => model.postmortem.findings.len(),
        Tab::Email => model
            .letter
            .as_ref()
            .map_or(0, |letter| letter.findings.len()),
        _ => 0,
    };
    if missing > 0 && model.overlays.is_empty() {
        right.push((format!("{missing} missing"), Meaning::Warning));
    }
    if !model.timeline.query.is_empty() {
        right.push((
            format!("{} found", model.timeline.hits.len()),
            Meaning::Warning,
        ));
    }
    let last = model.timeline.events.len().saturating_sub(1);
    let page = areas(model).page.height;
    let below = model.timeline.has_newer
        || !visible_rows(model, page.into()).contains(&TimelineRow::Event(last));
    if model.tab == Tab::Timeline && below && last > 0 && model.overlays.is_empty() {
        right.push(("more below ↓".to_owned(), Meaning::Accent));
    }
    if let Some(Overlay::Paste(paste)) = model.overlays.last() {
        let taken = paste.taken_count();
        right.push((
            format!("{taken} of {} taken", paste.rows.len()),
            Meaning::Accent,
        ));
    }
    let mut room = usize::from(area.width.saturating_sub(used + 2));
    let mut x = area.width.saturating_sub(1);
    for (text, meaning) in right.iter().rev() {
        let text = format!(" {} ", fit(text, room.saturating_sub(2)));
        let columns = width(&text);
        if columns < 5 || columns > room {
            break;
        }
        room -= columns;
        x -= u16::try_from(columns).unwrap_or(0);
        draw_spans(
            buf,
            area.x + x,
            area.y,
            area.width - x,
            vec![Span::styled(text, theme.style(*meaning))],
        );
    }
}
