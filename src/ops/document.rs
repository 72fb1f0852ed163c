//! The documents of an incident, as it stands.

use super::{Book, Result};
use crate::{
    documents::{self, CustomerView, Email, Format, Stage},
    domain::{incident::Incident, states::States},
};

/// What documents need of the settings.
pub(super) fn settings(book: &Book) -> documents::Settings {
    documents::Settings {
        organisation: book.settings.organisation.clone(),
        contact: book.settings.contact.clone(),
        signature: book.settings.signature.clone(),
        ..documents::Settings::default()
    }
}

/// The postmortem of `incident` in Markdown.
///
/// # Errors
/// A template that fails.
pub fn postmortem_markdown(book: &Book, incident: &Incident) -> Result<String> {
    Ok(documents::postmortem_markdown(incident, &settings(book))?)
}

/// The postmortem of `incident` as JSON.
///
/// # Errors
/// A value that is not JSON.
pub fn postmortem_json(incident: &Incident) -> Result<String> {
    Ok(documents::postmortem_json(incident)?)
}

/// The customer email of `incident`; of the stage it is at where none is given.
///
/// # Errors
/// A template that fails.
pub fn email(
    book: &Book,
    incident: &Incident,
    stage: Option<Stage>,
    format: Format,
) -> Result<(Stage, Email)> {
    let states = States::of(incident);
    let stage = stage.unwrap_or_else(|| Stage::of(incident));
    let view = CustomerView::of(incident, &states);
    let email = documents::email(&view, stage, &settings(book), format)?;
    Ok((stage, email))
}
