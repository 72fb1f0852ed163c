//! The parts of the screen.

use super::detail::pane_columns;
use crate::tui::{
    content::{input_text, zone},
    model::{CheckStage, Model, Overlay},
    plain,
};
use ratatui::layout::Rect;

/// The smallest screen that is drawn, in columns and rows.
pub const MIN_SIZE: (u16, u16) = (40, 10);

/// A screen of fewer columns has no room beside the state band.
const NARROW: u16 = 60;

/// The parts of the screen, from top to bottom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Areas {
    /// Incident, severity, state, clock.
    pub header: Rect,
    /// What is due, on a screen too narrow to have it beside the band.
    pub due: Rect,
    /// The state band; empty on low screens.
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
    // Half of the screen is the most. Where the line goes is seen before all of the line is.
    let half = model.size.1 / 2;
    let most = match (routing_zone(model), model.overlays.last()) {
        (Some(zone), _) => zone.saturating_sub(ROUTING_BELOW),
        // What an answer does is seen before all of the answer is.
        (None, Some(Overlay::Prompt(prompt))) => {
            let below = zone::wanted_rows(model, model.size.0, model.size.1);
            let below = u16::try_from(below).unwrap_or(u16::MAX);
            match prompt.check {
                CheckStage::Passed(..) | CheckStage::Changed(..) => half.saturating_sub(below),
                _ => half.saturating_sub(below.min(PROMPT_BELOW)),
            }
        }
        (None, _) => half.saturating_sub(1),
    };
    u16::try_from(rows.len())
        .unwrap_or(u16::MAX)
        .clamp(1, most.max(1))
}

/// The rows below the text of a prompt that are seen at least.
const PROMPT_BELOW: u16 = 3;

/// The rows below the line that say how to pick where it goes, and how it is read.
const ROUTING_BELOW: u16 = 2;

/// Returns the rows that all choices of an incident leave to the zone; `None` while they are not shown.
fn routing_zone(model: &Model) -> Option<u16> {
    let Some(Overlay::Routing(_)) = model.overlays.last() else {
        return None;
    };
    let choices = u16::try_from(model.routing_choices().len()).unwrap_or(u16::MAX);
    let left = (model.size.1)
        .saturating_sub(fixed_rows(model))
        .saturating_sub(choices.saturating_add(1));
    // The row typed in, and how to pick.
    Some(left.clamp(2, (model.size.1 / 2).max(2)))
}

/// Returns how many rows further the next Enter shows of what the topmost prompt or question would write; 0 if all
/// of it was in view.
#[must_use]
pub fn hidden_check_rows(model: &Model) -> usize {
    let Some(count) = zone::check_row_count(model).filter(|_| !model.plain) else {
        return 0;
    };
    let zone = usize::from(areas(model).zone.height);
    let room = zone.saturating_sub(usize::from(text_rows(model)));
    let room = room.saturating_sub(zone::rows_below_check(model)).max(1);
    let hidden = count.saturating_sub(model.check_from + room);
    hidden.min(room)
}

/// The rows of the three parts above the page below the header, on a screen of this size: due, band, milestones.
fn upper_rows(model: &Model) -> [u16; 3] {
    let (width, height) = model.size;
    let (second, third) = (u16::from(height >= 11), u16::from(height >= 16));
    // On a narrow screen what is due takes the place of the band, and the band that of the milestones.
    match width < NARROW && model.summary.is_some() {
        true => [second, third, 0],
        false => [0, second, third],
    }
}

/// The rows besides page and zone: header, what is below it, tabs, notice, keys.
fn fixed_rows(model: &Model) -> u16 {
    4 + upper_rows(model).iter().sum::<u16>()
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
    let zone = match routing_zone(model) {
        Some(most) => typed.saturating_add(below).clamp(most.min(usual), most),
        None => typed
            .saturating_add(below)
            .clamp(usual, (height / 2).max(usual)),
    };
    let [due, band, milestones] = upper_rows(model);
    let page = height.saturating_sub(fixed_rows(model) + zone);
    let mut y = 0;
    let mut next = |rows: u16| {
        let area = Rect::new(0, y, width, rows.min(height.saturating_sub(y)));
        y = y.saturating_add(rows).min(height);
        area
    };
    let (header, due, band, milestones) = (next(1), next(due), next(band), next(milestones));
    let (page, pane) = split_page(model, next(page));
    Areas {
        header,
        due,
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
