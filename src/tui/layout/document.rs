//! The parts of the postmortem and the email: what is to be fixed above the text, on wide screens beside it.

use super::{areas::areas, finder::first_row};
use crate::tui::{
    content::{letter::letter_rows, postmortem},
    model::{Model, Tab, document_rows},
};
use ratatui::layout::Rect;

/// Screens at least this wide show the rows beside the text.
const SIDE_BY_SIDE_WIDTH: u16 = 120;
/// Columns of the text beside the rows: a letter has at most 72, and its margins.
const TEXT_WIDTH: u16 = 77;

/// The parts of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DocumentAreas {
    /// The stages of the email.
    pub stages: Rect,
    /// The heading of the rows.
    pub list_title: Rect,
    pub list: Rect,
    /// The heading of the text; empty where the text is beside the rows.
    pub text_title: Rect,
    pub text: Rect,
}

/// Divides the page.
#[must_use]
pub fn document_areas(model: &Model) -> DocumentAreas {
    let page = areas(model).page;
    let stages = Rect {
        height: page.height.min(u16::from(model.tab == Tab::Email)),
        ..page
    };
    let below = |area: Rect, from: u16, height: u16| Rect {
        y: area.y + from.min(area.height),
        height: height.min(area.height.saturating_sub(from)),
        ..area
    };
    let rest = below(page, stages.height, page.height);
    if rest.width >= SIDE_BY_SIDE_WIDTH {
        let left = Rect {
            width: rest.width - TEXT_WIDTH - 2,
            ..rest
        };
        return DocumentAreas {
            stages,
            list_title: below(left, 0, 1),
            list: below(left, 1, left.height),
            text_title: Rect::default(),
            text: Rect {
                x: rest.right() - TEXT_WIDTH,
                width: TEXT_WIDTH,
                ..rest
            },
        };
    }
    let rows = u16::try_from(document_rows(model).len()).unwrap_or(u16::MAX);
    // A low page keeps rows and text rather than their headings.
    let list_title = u16::from(rest.height >= 4);
    let text_title = u16::from(rest.height >= 6);
    let room = rest.height.saturating_sub(list_title + text_title);
    // The text keeps three fifths of the page.
    let list = rows.min((room * 2).div_ceil(5));
    DocumentAreas {
        stages,
        list_title: below(rest, 0, list_title),
        list: below(rest, list_title, list),
        text_title: below(rest, list_title + list, text_title),
        text: below(rest, list_title + list + text_title, rest.height),
    }
}

/// Returns the index of the first row in view.
#[must_use]
pub fn first_in_list(model: &Model) -> usize {
    let height = document_areas(model).list.height;
    let count = document_rows(model).len();
    first_row(Some(model.selected_finding), count, height.into())
}

/// Returns the index of the row at this position of the screen.
#[must_use]
pub fn row_at(model: &Model, x: u16, y: u16) -> Option<usize> {
    let list = document_areas(model).list;
    if !list.contains((x, y).into()) {
        return None;
    }
    let at = first_in_list(model) + usize::from(y - list.y);
    (at < document_rows(model).len()).then_some(at)
}

/// Returns the columns that the text shown is wrapped to.
#[must_use]
pub fn text_columns(model: &Model) -> usize {
    let columns = usize::from(document_areas(model).text.width);
    match model.tab {
        // The rows of a letter begin with their margin.
        Tab::Email => columns,
        _ => columns.saturating_sub(3),
    }
}

/// Returns the last row of the text that can be the first in view.
#[must_use]
pub fn last_scroll(model: &Model) -> usize {
    let columns = text_columns(model);
    let rows = match (model.tab, &model.letter) {
        (Tab::Postmortem, _) => postmortem::rendered(model, columns).lines.len(),
        (_, Some(letter)) => letter_rows(model, letter, columns).len(),
        (_, None) => 0,
    };
    rows.saturating_sub(document_areas(model).text.height.into())
}
