//! Which part of the screen is whose. Asked by the view that draws it and by the update that scrolls.

use super::model::{Model, Overlay};
use ratatui::layout::Rect;

/// The least that there is something to see in.
pub const MIN_SIZE: (u16, u16) = (40, 10);
/// The most rows that the line takes.
const MAX_LINE_ROWS: u16 = 6;

/// The parts of the screen, from top to bottom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Areas {
    /// The incident at a glance.
    pub header: Rect,
    /// The states over time.
    pub band: Rect,
    /// The milestones under them; no rows where there is no room.
    pub milestones: Rect,
    /// The page.
    pub page: Rect,
    /// The rule between page and line, with the tabs.
    pub tabs: Rect,
    /// Where is typed.
    pub line: Rect,
    /// What was understood.
    pub preview: Rect,
    /// The keys that work now.
    pub footer: Rect,
}

/// True where there is too little room for anything.
#[must_use]
pub fn too_small(size: (u16, u16)) -> bool {
    size.0 < MIN_SIZE.0 || size.1 < MIN_SIZE.1
}

/// The parts of a screen of the model's size.
#[must_use]
pub fn areas(model: &Model) -> Areas {
    let (width, height) = model.size;
    let typed = match model.overlays.last() {
        Some(Overlay::Prompt(prompt)) => prompt.line.text(),
        _ => model.capture.line.text(),
    };
    let line =
        super::view::input::rows(typed, width).clamp(1, MAX_LINE_ROWS.min(height / 4).max(1));
    let marks = u16::from(height >= 16);
    let echo = if height >= 14 { 2 } else { 1 };
    let echo = super::view::preview::rows(model).clamp(echo, (height / 4).max(echo));
    let band = u16::from(height >= 11);
    let fixed = 1 + band + marks + 1 + line + echo + 1;
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
        milestones: next(marks),
        page: next(page),
        tabs: next(1),
        line: next(line),
        preview: next(echo),
        footer: next(1),
    }
}
