//! The parts of the screen.

use super::detail::pane_columns;
use crate::tui::{
    content::{input_text, zone},
    model::Model,
    plain,
};
use ratatui::layout::Rect;

/// The smallest screen that is drawn, in columns and rows.
pub const MIN_SIZE: (u16, u16) = (40, 10);

/// The parts of the screen, from top to bottom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Areas {
    /// Incident, severity, state, clock.
    pub header: Rect,
    /// The state band.
    pub band: Rect,
    /// The milestones below the band; empty on low screens.
    pub milestones: Rect,
    /// The tab, or what covers it.
    pub page: Rect,
    /// The detail of the selected event, beside the list; empty on narrow screens.
    pub pane: Rect,
    /// The rule with the tabs and, at its right, what happened last.
    pub tabs: Rect,
    /// Where the keys go: badge, text, and what follows from it.
    pub zone: Rect,
    /// What needs the user: a failure, a question.
    pub notice: Rect,
    /// The keys that apply now.
    pub footer: Rect,
}

/// Returns true if the screen is smaller than [`MIN_SIZE`].
#[must_use]
pub fn too_small(size: (u16, u16)) -> bool {
    size.0 < MIN_SIZE.0 || size.1 < MIN_SIZE.1
}

/// The usual height of the zone on a screen of `height` rows.
fn usual_zone(height: u16) -> u16 {
    if height >= 20 { 4 } else { 3 }
}

/// Returns how many rows the text typed in the zone takes.
#[must_use]
pub fn text_rows(model: &Model) -> u16 {
    let Some(input) = zone::zone_input(model) else {
        return 1;
    };
    let columns = zone_columns(model);
    let (rows, _) =
        input_text::wrap_with_cursor(input.text(), input.before_cursor().len(), columns);
    // Half of the screen is the most.
    let most = (model.size.1 / 2).saturating_sub(1).max(1);
    u16::try_from(rows.len()).unwrap_or(u16::MAX).clamp(1, most)
}

/// Returns the columns that the text typed in the zone is wrapped to.
#[must_use]
pub fn zone_columns(model: &Model) -> usize {
    usize::from(model.size.0)
        .saturating_sub(zone::text_column(model) + 1)
        .max(8)
}

/// Divides the screen. The zone grows only with what the user types, to half of the screen; the page takes the
/// rest.
#[must_use]
pub fn areas(model: &Model) -> Areas {
    let (width, height) = model.size;
    if model.plain {
        // There the mouse does nothing: only the height of the page counts.
        return Areas {
            page: Rect::new(0, 0, width, plain::page_height(model)),
            ..Areas::default()
        };
    }
    let typed = text_rows(model);
    let below = zone::wanted_rows(model, width, height);
    let below = u16::try_from(below).unwrap_or(u16::MAX);
    let usual = usual_zone(height);
    let most = (height / 2).max(usual);
    let zone = typed.saturating_add(below).clamp(usual, most);
    let milestones = u16::from(height >= 16);
    let band = u16::from(height >= 11);
    let fixed = 1 + band + milestones + 1 + zone + 1 + 1;
    let page = height.saturating_sub(fixed);
    let mut y = 0;
    let mut next = |rows: u16| {
        let area = Rect::new(0, y, width, rows.min(height.saturating_sub(y)));
        y = y.saturating_add(rows).min(height);
        area
    };
    let (header, band, milestones) = (next(1), next(band), next(milestones));
    let (page, pane) = split_page(model, next(page));
    Areas {
        header,
        band,
        milestones,
        page,
        pane,
        tabs: next(1),
        zone: next(zone),
        notice: next(1),
        footer: next(1),
    }
}

/// Divides the page into the list and the detail beside it, which has no columns where there is none.
fn split_page(model: &Model, page: Rect) -> (Rect, Rect) {
    let columns = if model.has_detail_pane() {
        pane_columns(page.width)
    } else {
        0
    };
    let list = page.width - columns;
    let pane = Rect {
        x: page.x + list,
        width: columns,
        ..page
    };
    (
        Rect {
            width: list,
            ..page
        },
        pane,
    )
}
