//! The rows of the incidents tab, and its hit tests.

use super::{areas::areas, choice_bar::choice_at};
use crate::tui::model::{IncidentsTab, Model, MonthSummary, trend_months};

/// Returns the months shown above the trends on a page of `height` rows; none for the other
/// sub-tabs.
#[must_use]
pub fn visible_months(model: &Model, height: u16) -> Vec<MonthSummary<'_>> {
    let rows = (usize::from(height) / 2).saturating_sub(2);
    // On a low page the incidents have the room.
    if !shows_trends(model) || rows < 2 {
        return Vec::new();
    }
    trend_months(model, rows)
}

/// Returns true if the page shows the trends.
#[must_use]
pub fn shows_trends(model: &Model) -> bool {
    model.incidents.search_results.is_none() && model.incidents.tab == IncidentsTab::Trends
}

/// Returns how many rows of a page of `height` rows are above the list: the bar of sub-tabs and,
/// for trends, the months and the header of the metrics.
#[must_use]
pub fn header_height(model: &Model, height: u16) -> usize {
    if shows_trends(model) {
        2 + visible_months(model, height).len()
    } else {
        1
    }
}

/// Returns the index of the first list row in view, so that the selected one is near the middle of
/// a page of `height` rows.
#[must_use]
pub fn first_row(model: &Model, height: u16) -> usize {
    let rows = usize::from(height)
        .saturating_sub(header_height(model, height))
        .max(1);
    model
        .incidents
        .selected
        .saturating_sub(rows / 2)
        .min(model.incidents.row_count().saturating_sub(rows))
}

/// Returns the index of the list row at row `row` of the page.
#[must_use]
pub fn row_at(model: &Model, row: usize) -> Option<usize> {
    let height = areas(model).page.height;
    let at = first_row(model, height) + row.checked_sub(header_height(model, height))?;
    (at < model.incidents.row_count()).then_some(at)
}

/// Returns the labels of the sub-tabs, in their order.
#[must_use]
pub fn tab_labels() -> [String; 3] {
    IncidentsTab::ALL.map(|tab| tab.label().to_owned())
}

/// Returns the sub-tab at column `x` of the first row of the page.
#[must_use]
pub fn tab_at(model: &Model, x: u16) -> Option<IncidentsTab> {
    if model.incidents.search_results.is_some() {
        return None;
    }
    IncidentsTab::ALL.get(choice_at(&tab_labels(), x)?).copied()
}
