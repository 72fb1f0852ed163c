//! Draws the screen from the model. It comes in as a model and a frame; begin with [`view`].

mod ascii;
mod detail;
mod document;
mod event_row;
mod finder;
mod footer;
mod header;
mod import;
mod incidents;
mod incidents_tabs;
mod notice;
mod paste;
mod plain;
mod routing;
mod state_band;
mod tabs;
mod tasks;
mod text_page;
mod timeline;
mod uncopied;
mod widgets;
mod zone;

pub use ascii::signs_in_ascii;

use super::{
    content::deadlines::late_count,
    layout,
    model::{Model, Overlay, Tab},
    text::fit,
};
use ratatui::{Frame, buffer::Buffer, layout::Rect, text::Span};
use widgets::draw_spans;

/// Draws the whole screen, in the characters that the terminal can show.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    draw(model, frame);
    ascii::replace(model, frame.buffer_mut());
}

fn draw(model: &Model, frame: &mut Frame<'_>) {
    let screen = frame.area();
    if layout::too_small(model.size) {
        draw_too_small(model, screen, frame.buffer_mut());
        return;
    }
    if model.plain {
        plain::draw(model, frame);
        return;
    }
    let areas = layout::areas(model);
    // The terminal shrank since the last resize message, which is about to arrive.
    if areas.footer.bottom() > screen.height || areas.header.width > screen.width {
        return;
    }
    let buf = frame.buffer_mut();
    header::draw(model, &areas, buf);
    state_band::draw(model, areas.band, areas.milestones, buf);
    draw_page(model, areas.page, buf);
    if areas.pane.width > 0 {
        detail::draw_pane(model, areas.pane, buf);
    }
    tabs::draw(model, areas.tabs, buf);
    let cursor = zone::draw(model, areas.zone, buf);
    notice::draw(model, areas.notice, buf);
    footer::draw(model, areas.footer, buf);
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
}

fn draw_page(model: &Model, area: Rect, buf: &mut Buffer) {
    // The topmost that covers the page; prompts and questions use only the zone.
    let overlay = model
        .overlays
        .iter()
        .rev()
        .find(|overlay| !matches!(overlay, Overlay::Prompt(_) | Overlay::Confirm(_)));
    match overlay {
        Some(Overlay::Finder(finder)) => return finder::draw(model, finder, area, buf),
        Some(Overlay::Detail(detail)) => return detail::draw(model, detail, area, buf),
        Some(Overlay::Uncopied(page)) => return uncopied::draw(model, page, area, buf),
        Some(Overlay::Text(page)) => return text_page::draw(model, page, area, buf),
        Some(Overlay::Paste(paste)) => return paste::draw(model, paste, area, buf),
        Some(Overlay::Import(import)) => return import::draw(model, import, area, buf),
        Some(Overlay::Routing(routing)) => return routing::draw(model, routing, area, buf),
        Some(Overlay::Prompt(_) | Overlay::Confirm(_)) | None => {}
    }
    match model.tab {
        Tab::Timeline => timeline::draw(model, area, buf),
        Tab::Tasks => tasks::draw(model, area, buf),
        Tab::Postmortem | Tab::Email => document::draw(model, area, buf),
        Tab::Incidents => incidents::draw(model, area, buf),
    }
}

fn draw_too_small(model: &Model, area: Rect, buf: &mut Buffer) {
    let (width, height) = layout::MIN_SIZE;
    let late = match late_count(model) {
        0 => String::new(),
        late => format!("{late} late"),
    };
    let lines = [
        format!("bridgelog needs {width}×{height}"),
        format!("this is {}×{}", model.size.0, model.size.1),
        "nothing is lost".to_owned(),
        late,
    ];
    for (y, line) in (area.y..area.bottom()).zip(lines) {
        draw_spans(
            buf,
            area.x,
            y,
            area.width,
            vec![Span::raw(fit(&line, area.width.into()))],
        );
    }
}
