//! Where the words searched for are in the document shown.

use super::document::{document_areas, postmortem_columns};
use crate::tui::{
    content::{document_find::find, letter::letter_rows, postmortem::rendered},
    model::{FoundPlace, Model, Tab},
};
use std::rc::Rc;

/// Returns where the words searched for are, in the order of the rows; nothing without a search.
#[must_use]
pub fn found_places(model: &Model) -> Rc<Vec<FoundPlace>> {
    let query = &model.document_find.query;
    match (model.tab, &model.letter) {
        _ if query.trim().is_empty() => Rc::default(),
        (Tab::Postmortem, _) => {
            let document = rendered(model, postmortem_columns(model));
            let mut cache = document.found.borrow_mut();
            if let Some((known, places)) = &*cache
                && known == query
            {
                return Rc::clone(places);
            }
            let places = Rc::new(find(&document.lines, query));
            *cache = Some((query.clone(), Rc::clone(&places)));
            places
        }
        (Tab::Email, Some(letter)) => {
            let columns = document_areas(model).text.width;
            Rc::new(find(&letter_rows(model, letter, columns.into()), query))
        }
        _ => Rc::default(),
    }
}
