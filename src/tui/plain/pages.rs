//! Which page is shown, and what of it fits.

use super::{
    detail, documents, events, import, incidents, overlays,
    page::{Body, Page},
    rows::{Rows, list_rows},
    tasks,
};
use crate::tui::model::{Focus, Model, Overlay, Tab};

/// True if the page is what the keys are about, though text may be typed besides.
#[must_use]
pub fn page_matters(model: &Model) -> bool {
    let overlay = model.overlays.last();
    page_has_keys(model) || matches!(overlay, Some(Overlay::Finder(_) | Overlay::Routing(_)))
}

/// True if the keys move in the page, so that the cursor stands there.
#[must_use]
pub fn page_has_keys(model: &Model) -> bool {
    match model.overlays.last() {
        Some(
            Overlay::Detail(_)
            | Overlay::Text(_)
            | Overlay::Paste(_)
            | Overlay::Import(_)
            | Overlay::Uncopied(_),
        ) => true,
        Some(_) => false,
        None => model.focus == Focus::List,
    }
}

/// Returns the page in at most `height` rows, with the cursor on what is selected or read. Only the rows near it
/// are made.
#[must_use]
pub fn page(model: &Model, columns: usize, height: usize) -> Rows {
    if height == 0 {
        return Rows::default();
    }
    let left = body_height(model, columns, height);
    let heading_height = height - left;
    let page = page_of(model, columns, left);
    let (body, shown) = match &page.body {
        Body::List { items, keep_last } => list_rows(items, columns, left, *keep_last),
        Body::Text(text) => {
            let text = Rows {
                rows: text.clone(),
                cursor: Some((0, 0)),
            };
            (text, 0..0)
        }
        Body::Document {
            items,
            list_height,
            title,
            text,
        } => {
            let (mut rows, _) = list_rows(items, columns, *list_height, false);
            if !title.is_empty() {
                rows.rows.push(title.clone());
            }
            // Where nothing is to be fixed, the text is read.
            rows.cursor = rows.cursor.or(Some((rows.rows.len(), 0)));
            rows.rows.extend_from_slice(text);
            (rows, 0..0)
        }
    };
    let mut rows = page.heading_rows(columns, shown);
    rows.cut(heading_height);
    let above = rows.rows.len();
    rows.cursor = match body.cursor {
        Some((row, column)) if !body.rows.is_empty() => Some((above + row, column)),
        _ => Some((0, 0)),
    };
    rows.rows.extend(body.rows.into_iter().take(left));
    rows
}

/// Returns how many of the page's `height` rows are below the heading.
#[must_use]
pub fn body_height(model: &Model, columns: usize, height: usize) -> usize {
    let page = page_of(model, columns, height);
    // What is selected goes before the heading.
    let selected = page.body.selected_height(columns).max(1);
    let heading = page.heading_rows(columns, 0..page.item_count());
    height - heading.rows.len().min(height.saturating_sub(selected))
}

/// The rows of a document's text that go before the sentences above and below the page.
const TEXT_ROWS: usize = 3;

/// Returns how many rows the heading and the selected item take, where the page has `height` rows at most; with a
/// document's some of its text.
#[must_use]
pub fn selected_height(model: &Model, columns: usize, height: usize) -> usize {
    let page = page_of(model, columns, height);
    let heading = page.heading_rows(columns, 0..page.item_count());
    let text = match page.body {
        Body::Document { .. } => TEXT_ROWS,
        Body::List { .. } | Body::Text(_) => 0,
    };
    heading.rows.len() + page.body.selected_height(columns) + text
}

/// True if the page is that of the tab: prompts and questions do not cover it.
#[must_use]
pub fn is_uncovered(model: &Model) -> bool {
    let overlays = &mut model.overlays.iter();
    overlays.all(|overlay| matches!(overlay, Overlay::Prompt(_) | Overlay::Confirm(_)))
}

/// Returns the page with `height` rows below its heading.
fn page_of(model: &Model, columns: usize, height: usize) -> Page {
    // The topmost that covers the page; prompts and questions do not.
    let covers = |overlay: &&Overlay| !matches!(overlay, Overlay::Prompt(_) | Overlay::Confirm(_));
    match model.overlays.iter().rev().find(covers) {
        Some(Overlay::Finder(finder)) => return overlays::finder(model, finder, height),
        Some(Overlay::Detail(detail)) => return detail::detail(model, detail, columns, height),
        Some(Overlay::Text(page)) => return overlays::text(page, columns, height),
        Some(Overlay::Paste(paste)) => return overlays::paste(model, paste, height),
        Some(Overlay::Import(open)) => return import::import(model, open, columns, height),
        Some(Overlay::Routing(routing)) => return overlays::routing(model, routing),
        Some(Overlay::Uncopied(page)) => return overlays::uncopied(page, columns, height),
        Some(Overlay::Prompt(_) | Overlay::Confirm(_)) | None => {}
    }
    match model.tab {
        Tab::Timeline => events::timeline(model, columns, height),
        Tab::Tasks => tasks::tasks(model, height),
        Tab::Postmortem | Tab::Email => documents::document(model, columns, height),
        Tab::Incidents => incidents::incidents(model, height),
    }
}
