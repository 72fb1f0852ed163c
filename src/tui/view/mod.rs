//! Draws the screen from the model. It comes in as a model and a frame; begin with [`view`].

mod detail;
mod dialogs;
mod email;
mod finder;
mod footer;
mod header;
mod incidents;
mod incidents_tabs;
mod input;
mod paste;
mod postmortem;
mod preview;
mod state_band;
mod tabs;
mod tasks;
mod text_page;
mod timeline;
mod widgets;

use super::{
    layout,
    model::{Model, Overlay, Tab},
    text::fit,
};
use ratatui::{Frame, buffer::Buffer, layout::Rect, text::Span};
use widgets::draw_spans;

/// Draws the whole screen.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    let screen = frame.area();
    if layout::too_small(model.size) {
        draw_too_small(model, screen, frame.buffer_mut());
        return;
    }
    let areas = layout::areas(model);
    // The terminal shrank since the last resize message, which is about to arrive.
    if areas.footer.bottom() > screen.height || areas.header.width > screen.width {
        return;
    }
    let buf = frame.buffer_mut();
    header::draw(model, areas.header, buf);
    state_band::draw(model, areas.band, areas.milestones, buf);
    draw_page(model, areas.page, buf);
    tabs::draw(model, areas.tabs, buf);
    let cursor = input::draw(model, areas.line, buf);
    preview::draw(model, areas.preview, buf);
    footer::draw(model, areas.footer, buf);
    if let Some(cursor) = finder::cursor(model, areas.page).or(cursor) {
        frame.set_cursor_position(cursor);
    }
}

fn draw_page(model: &Model, area: Rect, buf: &mut Buffer) {
    // The topmost overlay that covers the page; a prompt uses only the input line.
    let overlay = model
        .overlays
        .iter()
        .rev()
        .find(|overlay| !matches!(overlay, Overlay::Prompt(_)));
    match overlay {
        Some(Overlay::Help(_) | Overlay::Palette(_)) => return finder::draw(model, area, buf),
        Some(Overlay::Detail(detail)) => return detail::draw(model, detail, area, buf),
        Some(Overlay::Text(page)) => return text_page::draw(model, page, area, buf),
        Some(Overlay::Paste(paste)) => return paste::draw(model, paste, area, buf),
        Some(Overlay::Dialog(dialog)) => return dialogs::draw(model, dialog, area, buf),
        Some(Overlay::Prompt(_)) | None => {}
    }
    match model.tab {
        Tab::Timeline => timeline::draw(model, area, buf),
        Tab::Tasks => tasks::draw(model, area, buf),
        Tab::Postmortem => postmortem::draw(model, area, buf),
        Tab::Email => email::draw(model, area, buf),
        Tab::Incidents => incidents::draw(model, area, buf),
    }
}

fn draw_too_small(model: &Model, area: Rect, buf: &mut Buffer) {
    let (width, height) = layout::MIN_SIZE;
    let lines = [
        format!("bridgelog needs {width}×{height}"),
        format!("this is {}×{}", model.size.0, model.size.1),
        "nothing is lost".to_owned(),
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
