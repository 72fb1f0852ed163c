//! The screen, drawn from the model alone.

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
mod timeline;
mod widgets;

use super::{
    layout,
    model::{Model, Overlay, Tab},
    text::fit,
};
use ratatui::{Frame, buffer::Buffer, layout::Rect, text::Span};
use widgets::draw_spans;

/// Draws all of it.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    let whole = frame.area();
    if layout::too_small(model.size) {
        draw_too_small(model, whole, frame.buffer_mut());
        return;
    }
    let areas = layout::areas(model);
    // A terminal that changed since is drawn to again with its new size.
    if areas.footer.bottom() > whole.height || areas.header.width > whole.width {
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
    // The topmost that fills the page; a question on the line leaves it to what lies below.
    let over = model
        .overlays
        .iter()
        .rev()
        .find(|over| !matches!(over, Overlay::Prompt(_)));
    match over {
        Some(Overlay::Help(_) | Overlay::Palette(_)) => return finder::draw(model, area, buf),
        Some(Overlay::Detail(detail)) => return detail::draw(model, detail, area, buf),
        Some(Overlay::Paste(paste)) => return paste::draw(model, paste, area, buf),
        Some(Overlay::Dialog(choice)) => return dialogs::draw(model, choice, area, buf),
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
