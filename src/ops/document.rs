//! The documents of an incident, as it stands.

use super::{OpsError, Result, Session, atomic_write, ledger, template};
use crate::{
    documents::{self, Address, AddressError, CustomerView, Envelope},
    domain::{incident::Incident, sanitize, states::States},
};
use std::{
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

pub use crate::documents::{Email, Format, Stage};

/// What documents need of the settings, with the user's own templates.
///
/// # Errors
/// A template that cannot be read.
pub(super) fn settings(session: &Session) -> Result<documents::Settings> {
    Ok(documents::Settings {
        organisation: session.settings.organisation.clone(),
        contact: session.settings.contact.clone(),
        signature: session.settings.signature.clone(),
        templates: template::load_for_session(session)?,
    })
}

/// The postmortem of `incident` in Markdown.
///
/// # Errors
/// A template that fails.
pub fn postmortem_markdown(session: &Session, incident: &Incident) -> Result<String> {
    let around = ledger::related(session, incident)?;
    Ok(documents::postmortem_markdown_with_related(
        incident,
        &settings(session)?,
        &around,
    )?)
}

/// The postmortem of `incident` as one HTML file.
///
/// # Errors
/// A template that fails.
pub fn postmortem_html(session: &Session, incident: &Incident) -> Result<String> {
    let around = ledger::related(session, incident)?;
    Ok(documents::postmortem_html(
        incident,
        &settings(session)?,
        &around,
    )?)
}

/// Writes the postmortem of `incident` in Markdown to `path`, and its picture beside it where there
/// is one to draw; gives the picture's path.
///
/// # Errors
/// A template that fails; what [`atomic_write::write_all`] says of the files.
pub fn write_postmortem(
    session: &Session,
    incident: &Incident,
    path: &Path,
    force: bool,
) -> Result<Option<PathBuf>> {
    let picture = image_path(path).zip(documents::state_chart_svg(incident));
    let text = postmortem_with_image(
        session,
        incident,
        picture.as_ref().map(|(path, _)| path.as_path()),
    )?;
    write_with_image(path, &text, picture.as_ref(), force)?;
    Ok(picture.map(|(picture, _)| picture))
}

/// Writes `text` to `path`, and the picture to its own. The picture first: no document is ever
/// without the one it shows.
pub(super) fn write_with_image(
    path: &Path,
    text: &str,
    picture: Option<&(PathBuf, String)>,
    force: bool,
) -> Result<()> {
    let mut files: Vec<(&Path, &[u8])> = Vec::new();
    if let Some((picture, svg)) = picture {
        files.push((picture, svg.as_bytes()));
    }
    files.push((path, text.as_bytes()));
    atomic_write::write_all(&files, force)
}

/// The postmortem in Markdown, safe to show, for a file that has its `picture` beside it.
pub(super) fn postmortem_with_image(
    session: &Session,
    incident: &Incident,
    picture: Option<&Path>,
) -> Result<String> {
    let address = picture
        .and_then(Path::file_name)
        .map(|name| documents::html::percent_encode(name.as_bytes()));
    let text = documents::postmortem_markdown_with_image(
        incident,
        &settings(session)?,
        &ledger::related(session, incident)?,
        address.as_deref(),
    )?;
    Ok(sanitize::block(&text).into_owned())
}

/// The picture that stands beside the file at `path`, as it should be now; none where none was
/// written there.
pub(super) fn existing_image(incident: &Incident, path: &Path) -> Option<(PathBuf, String)> {
    let picture = image_path(path).filter(|picture| picture.is_file())?;
    Some((picture, documents::state_chart_svg(incident)?))
}

/// `outage.svg` for `outage.md`; none for a file that is not called like Markdown.
fn image_path(path: &Path) -> Option<PathBuf> {
    let extension = path.extension()?;
    let is_markdown = ["md", "markdown"]
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known));
    is_markdown.then(|| path.with_extension("svg"))
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
pub fn customer_view(
    session: &Session,
    incident: &Incident,
    states: &States,
) -> Result<CustomerView> {
    let view = CustomerView::from_incident(incident, states);
    if !view.includes_absorbed_count() {
        return Ok(view);
    }
    Ok(view.with_absorbed_count(&ledger::related(session, incident)?))
}

/// The customer email of `incident`; of the stage it is at where none is given.
///
/// # Errors
/// A template that fails.
pub fn email(
    session: &Session,
    incident: &Incident,
    stage: Option<Stage>,
    format: Format,
) -> Result<(Stage, Email)> {
    let states = States::from_incident(incident);
    let stage = stage.unwrap_or_else(|| Stage::next_for(incident));
    let view = customer_view(session, incident, &states)?;
    let email = documents::email(&view, stage, &settings(session)?, format)?;
    Ok((stage, email))
}

/// The customer email of `incident` as a draft for a mail program, from the settings' contact to the
/// people in `to`.
///
/// # Errors
/// No contact in the settings, or one that is no address; a recipient who is none; a subject of more
/// than one line; a template that fails.
pub fn eml(
    session: &Session,
    incident: &Incident,
    stage: Option<Stage>,
    to: &[String],
    subject: Option<&str>,
) -> Result<(Stage, String)> {
    let envelope = Envelope {
        from: sender(session)?,
        to: to
            .iter()
            .map(|to| {
                to.parse().map_err(|e: AddressError| {
                    OpsError::usage(e.to_string()).with_hint(ADDRESS_HINT)
                })
            })
            .collect::<Result<_>>()?,
        subject: subject.map(validate_subject).transpose()?,
    };
    let stage = stage.unwrap_or_else(|| Stage::next_for(incident));
    let view = customer_view(session, incident, &States::from_incident(incident))?;
    let draft = documents::eml(&view, stage, &settings(session)?, &envelope)?;
    Ok((stage, draft))
}

const ADDRESS_HINT: &str =
    "like ann@example.com or 'Ann <ann@example.com>'; --to again for each further one";

/// From whom a draft goes: the settings' contact, under the organisation's name.
fn sender(session: &Session) -> Result<Address> {
    let file = crate::config::settings_path()
        .map_or_else(|_| "the settings".to_owned(), |p| p.display().to_string());
    let hint = format!("put `contact = \"support@your.example\"` into {file}");
    let Some(contact) = session.settings.contact.as_deref() else {
        return Err(
            OpsError::failed("a mail needs a sender, and the settings have no contact")
                .with_hint(hint),
        );
    };
    let from: Address = contact.parse().map_err(|e: AddressError| {
        OpsError::failed("the settings' contact cannot send mail")
            .with_source(e)
            .with_hint(hint)
    })?;
    Ok(from.with_display_name(session.settings.organisation.as_deref()))
}

/// `subject`, where it is one line of text.
///
/// # Errors
/// Where it is empty, or has a line break or another control character, which could begin a header
/// of its own.
pub fn validate_subject(subject: &str) -> Result<String> {
    let refused = |what: &str| {
        OpsError::usage(format!("the subject {what}"))
            .with_hint("--subject takes one line of text; without it the letter has its own")
    };
    if subject.chars().any(char::is_control) {
        return Err(refused("has a line break or another control character"));
    }
    if subject.trim().is_empty() {
        return Err(refused("is empty"));
    }
    Ok(subject.trim().to_owned())
}
