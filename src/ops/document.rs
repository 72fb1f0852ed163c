//! The documents of an incident, as it stands.

use super::{Book, Result, ledger, template};
use crate::{
    documents::{self, CustomerView, Email, Format, Stage},
    domain::{incident::Incident, states::States},
};

/// What documents need of the settings, with the user's own templates.
///
/// # Errors
/// A template that cannot be read.
pub(super) fn settings(book: &Book) -> Result<documents::Settings> {
    Ok(documents::Settings {
        organisation: book.settings.organisation.clone(),
        contact: book.settings.contact.clone(),
        signature: book.settings.signature.clone(),
        templates: template::of(book)?,
    })
}

/// The postmortem of `incident` in Markdown.
///
/// # Errors
/// A template that fails.
pub fn postmortem_markdown(book: &Book, incident: &Incident) -> Result<String> {
    let around = ledger::around(book, incident)?;
    Ok(documents::postmortem_markdown_with(
        incident,
        &settings(book)?,
        &around,
    )?)
}

/// The postmortem of `incident` as JSON.
///
/// # Errors
/// A value that is not JSON.
pub fn postmortem_json(incident: &Incident) -> Result<String> {
    Ok(documents::postmortem_json(incident)?)
}

/// What customers may read of `incident`, with the count of outages that did not happen where
/// somebody has let it into the letter.
///
/// # Errors
/// What the store says.
pub fn view(book: &Book, incident: &Incident, states: &States) -> Result<CustomerView> {
    let view = CustomerView::of(incident, states);
    if !view.counts_the_ledger() {
        return Ok(view);
    }
    Ok(view.with_ledger(&ledger::around(book, incident)?))
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
    let view = view(book, incident, &states)?;
    let email = documents::email(&view, stage, &settings(book)?, format)?;
    Ok((stage, email))
}
