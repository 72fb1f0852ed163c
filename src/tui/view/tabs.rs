//! The rule above the zone: the tabs and, at its right, what happened last.

use super::widgets::{NARROW_COLUMNS, draw_spans};
use crate::tui::{
    content::{document_find::found_places, unsaved::late_writes},
    layout::{
        areas,
        document::text_columns,
        tabs::{fit_message, tab_ranges},
        timeline::{TimelineRow, visible_rows},
    },
    model::{Level, Model, Tab},
    text::width,
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
            theme
                .style(Meaning::Accent)
                .add_modifier(Modifier::BOLD | Modifier::REVERSED)
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
    let mut right: Vec<(String, Meaning)> = vec![last_thing(model)];
    let is_kept_off = late_writes(model).any(|pending| pending.obstacle.is_some());
    match late_writes(model).count() {
        _ if !is_kept_off => {}
        _ if usize::from(area.width) < NARROW_COLUMNS => {
            right.insert(0, ("unsaved".to_owned(), Meaning::Error));
        }
        n => right.insert(0, (format!("{n} not saved"), Meaning::Error)),
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
        right.push((format!("{missing} to fix"), Meaning::Warning));
    }
    if model.tab == Tab::Timeline && !model.timeline.query.is_empty() {
        let count = model.timeline.hits.len();
        right.push((format!("{count} found"), Meaning::Warning));
    }
    if !model.document_find.query.trim().is_empty() {
        let count = found_places(model, text_columns(model)).len();
        if count > 0 {
            let at = model.document_find.at.min(count - 1) + 1;
            right.push((format!("{at} of {count}"), Meaning::Warning));
        }
    }
    let mut room = usize::from(area.width.saturating_sub(used + 2));
    let mut x = area.width.saturating_sub(1);
    for (text, meaning) in right.iter().filter(|(text, _)| !text.is_empty()) {
        let text = format!(" {} ", fit_message(text, room.saturating_sub(2)));
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

/// What happened last; else what is out of view below; else that the view follows.
fn last_thing(model: &Model) -> (String, Meaning) {
    if let Some(status) = &model.status {
        let meaning = match status.level {
            Level::Success => Meaning::Ok,
            Level::Info | Level::Error => Meaning::Accent,
        };
        return (status.text.clone(), meaning);
    }
    let unread = model.timeline.unread.len();
    if unread > 0 {
        return (format!("▼ {unread} new"), Meaning::New);
    }
    if model.tab != Tab::Timeline {
        return (String::new(), Meaning::Dim);
    }
    if model.is_first_run() && !model.database.is_empty() {
        return (format!("database: {}", model.database), Meaning::Dim);
    }
    let last = model.timeline.events.len().saturating_sub(1);
    let page = areas(model).page.height;
    let below = model.timeline.has_newer
        || !visible_rows(model, page.into()).contains(&TimelineRow::Event(last));
    if below && last > 0 {
        ("▼ more below".to_owned(), Meaning::Accent)
    } else if model.timeline.follow && last > 0 {
        ("▼ live".to_owned(), Meaning::Dim)
    } else {
        (String::new(), Meaning::Dim)
    }
}
