//! The parts of the screen.

use crate::tui::{
    content,
    model::{Model, Overlay},
};
use ratatui::layout::Rect;

/// The smallest screen that is drawn, in columns and rows.
pub const MIN_SIZE: (u16, u16) = (40, 10);
/// The input line grows to this many rows at most.
const MAX_LINE_ROWS: u16 = 6;

/// The parts of the screen, from top to bottom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Areas {
    /// Incident, severity, state, clock.
    pub header: Rect,
    /// The state band.
    pub band: Rect,
    /// The milestones below the band; empty on low screens.
    pub milestones: Rect,
    /// The tab, or the overlay that covers it.
    pub page: Rect,
    /// The rule between page and input line, with the tabs.
    pub tabs: Rect,
    /// The input line.
    pub line: Rect,
    /// Preview, status message and prompt.
    pub preview: Rect,
    /// The keys that apply now.
    pub footer: Rect,
}

/// Returns true if the screen is smaller than [`MIN_SIZE`].
#[must_use]
pub fn too_small(size: (u16, u16)) -> bool {
    size.0 < MIN_SIZE.0 || size.1 < MIN_SIZE.1
}

/// Divides the screen. Input line and preview grow with their content, up to a quarter of the
/// screen; the page takes the rest.
#[must_use]
pub fn areas(model: &Model) -> Areas {
    let (width, height) = model.size;
    let typed = match model.overlays.last() {
        Some(Overlay::Prompt(prompt)) => prompt.line.text(),
        _ => model.capture.line.text(),
    };
    let line =
        content::input_text::row_count(typed, width).clamp(1, MAX_LINE_ROWS.min(height / 4).max(1));
    let milestones = u16::from(height >= 16);
    let preview = if height >= 14 { 2 } else { 1 };
    let preview = content::preview::min_height(model).clamp(preview, (height / 4).max(preview));
    let band = u16::from(height >= 11);
    let fixed = 1 + band + milestones + 1 + line + preview + 1;
    let page = height.saturating_sub(fixed);
    let mut y = 0;
    let mut next = |rows: u16| {
        let area = Rect::new(0, y, width, rows.min(height.saturating_sub(y)));
        y = y.saturating_add(rows).min(height);
        area
    };
    Areas {
        header: next(1),
        band: next(band),
        milestones: next(milestones),
        page: next(page),
        tabs: next(1),
        line: next(line),
        preview: next(preview),
        footer: next(1),
    }
}
