//! Finding words in the postmortem and the email.

use super::scroll;
use crate::tui::{
    content::document_find::found_places,
    layout::document::{document_areas, text_columns},
    model::{FoundPlace, Level, Model},
    msg::Effect,
};
use std::rc::Rc;

/// Looks for `query`, from where the document was when the prompt opened.
pub fn look_for(model: &mut Model, query: &str) -> Vec<Effect> {
    query.clone_into(&mut model.document_find.query);
    let from = model.document_find.from;
    let places = places(model);
    model.document_find.count = places.len();
    let is_after = |place: &FoundPlace| place[0].0 >= from;
    let next = places.iter().position(is_after).unwrap_or(0);
    if places.is_empty() {
        scroll_to(model, from);
    } else {
        go_to_place(model, next);
    }
    vec![]
}

fn places(model: &Model) -> Rc<Vec<FoundPlace>> {
    found_places(model, text_columns(model))
}

/// Esc in the prompt: brings back the words searched for before, and the scroll place.
pub fn cancel(model: &mut Model, query: &str) {
    query.clone_into(&mut model.document_find.query);
    scroll_to(model, model.document_find.from);
}

/// Enter in the prompt.
pub fn submit(model: &mut Model) -> Vec<Effect> {
    let query = &model.document_find.query;
    if !query.trim().is_empty() && places(model).is_empty() {
        let text = format!("not found: {query}");
        model.document_find.query.clear();
        model.notify(Level::Info, text);
    }
    vec![]
}

/// Goes to the next place or to the one before, at the end to the first.
pub fn step(model: &mut Model, forward: bool) -> Vec<Effect> {
    let count = places(model).len();
    if count == 0 {
        model.notify(Level::Info, "nothing is searched for; / searches");
        return vec![];
    }
    let step = if forward { 1 } else { count - 1 };
    let at = (model.document_find.at.min(count - 1) + step) % count;
    go_to_place(model, at);
    vec![]
}

fn go_to_place(model: &mut Model, at: usize) {
    model.document_find.at = at;
    // The place for what happened last says which one it is.
    model.status = None;
    let Some(row) = places(model).get(at).map(|place| place[0].0) else {
        return;
    };
    let height = usize::from(document_areas(model).text.height);
    let top = model.document_scroll();
    if !(top..top + height.saturating_sub(1)).contains(&row) {
        scroll_to(model, row.saturating_sub(height / 3));
    }
}

fn scroll_to(model: &mut Model, row: usize) {
    let signed = |row| isize::try_from(row).unwrap_or(isize::MAX);
    let step = signed(row) - signed(model.document_scroll());
    scroll::scroll_page(model, step);
}
