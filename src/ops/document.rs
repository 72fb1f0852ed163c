//! Renders the documents of an incident with the session's settings and templates: postmortem and
//! customer email.

use super::{
    OpsError, Result, Session,
    atomic_write::{self, WriteOptions},
    document_files, ledger, seen_before, template,
};
use crate::{
    config::{Clock, DateOrder},
    documents::{
        self, Address, AddressError, CustomerView, Envelope, EvidenceFile, RelatedContext,
        managed_blocks,
    },
    domain::{
        document_text,
        incident::{Incident, Record},
        states::States,
        value::Message,
    },
};
use std::{
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

pub use crate::documents::{Email, Format, Stage};

/// Returns the settings of documents, with the user's own templates loaded.
pub(super) fn settings(session: &Session) -> Result<documents::Settings> {
    Ok(documents::Settings {
        organisation: session.settings.organisation.clone(),
        contact: session.settings.contact.clone(),
        twelve_hour_clock: session.settings.clock == Clock::TwelveHours,
        month_first: session.settings.date == DateOrder::MonthFirst,
        signature: session.settings.signature.clone(),
        templates: template::load_for_session(session)?,
    })
}

/// Returns what a postmortem says besides the records of `incident`: the incidents that began alike, those with a
/// service or a tag in common, which may be the same, the faults that were absorbed before, and what it has of the
/// attached `files`.
fn related(
    session: &Session,
    incident: &Incident,
    files: Vec<EvidenceFile>,
) -> Result<RelatedContext> {
    let mut related = ledger::related(session, incident)?;
    related.files = files;
    if let Some(row) = session.read().incident_row(incident.id)? {
        let now = incident.last_recorded_at;
        related.seen_before = seen_before::seen_before_in_documents(session, &row, now)?;
    }
    Ok(related)
}

/// Renders the postmortem as Markdown.
pub fn postmortem_markdown(session: &Session, incident: &Incident) -> Result<String> {
    let files = document_files::for_markdown(session, incident, None)?;
    let related = related(session, incident, files)?;
    Ok(documents::postmortem_markdown_with_related(
        incident,
        &settings(session)?,
        &related,
    )?)
}

/// Renders the postmortem as one HTML file.
pub fn postmortem_html(session: &Session, incident: &Incident) -> Result<String> {
    let files = document_files::for_page(session, incident)?;
    let related = related(session, incident, files)?;
    Ok(documents::postmortem_html(
        incident,
        &settings(session)?,
        &related,
    )?)
}

/// What was written beside a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WrittenBeside {
    /// The chart.
    pub image: Option<PathBuf>,
    /// The folder with the attached files, and how many they are.
    pub files: Option<(PathBuf, usize)>,
}

/// Writes the postmortem as Markdown to `path`, the chart as SVG beside it if there is a state to draw, and the
/// attached files into a folder beside it.
///
/// # Errors
/// A template that fails; those of [`atomic_write::write_all`].
pub fn write_postmortem(
    session: &Session,
    incident: &Incident,
    path: &Path,
    force: bool,
) -> Result<WrittenBeside> {
    if !force {
        atomic_write::require_free(path)?;
    }
    let image = image_path(path).zip(documents::state_chart_svg(incident));
    let text = postmortem_with_image(
        session,
        incident,
        path,
        image.as_ref().map(|(path, _)| path.as_path()),
    )?;
    // Written first, so that no document links to what is not there.
    let files = write_files_beside(session, incident, path, force)?;
    write_with_image(path, &text, image.as_ref(), session.write_options(force))?;
    Ok(WrittenBeside {
        image: image.map(|(image, _)| image),
        files,
    })
}

/// Writes the attached files into the folder beside the document at `path`, if that is named as Markdown.
pub(super) fn write_files_beside(
    session: &Session,
    incident: &Incident,
    path: &Path,
    force: bool,
) -> Result<Option<(PathBuf, usize)>> {
    match image_path(path) {
        Some(_) => document_files::write_beside(session, incident, path, force),
        None => Ok(None),
    }
}

/// Writes the document and its chart. The chart is renamed first, so that no document lacks the
/// image it refers to.
pub(super) fn write_with_image(
    path: &Path,
    text: &str,
    image: Option<&(PathBuf, String)>,
    options: WriteOptions<'_>,
) -> Result<()> {
    let mut files: Vec<(&Path, &[u8])> = Vec::new();
    if let Some((image, svg)) = image {
        files.push((image, svg.as_bytes()));
    }
    files.push((path, text.as_bytes()));
    atomic_write::write_all(&files, options)
}

/// Renders the postmortem as Markdown for the file at `path`, with links to `image` and to the attached files
/// beside it.
pub(super) fn postmortem_with_image(
    session: &Session,
    incident: &Incident,
    path: &Path,
    image: Option<&Path>,
) -> Result<String> {
    let address = image
        .and_then(Path::file_name)
        .map(|name| documents::html::percent_encode(name.as_bytes()));
    let path = image_path(path).map(|_| path);
    let files = document_files::for_markdown(session, incident, path)?;
    let text = documents::postmortem_markdown_with_image(
        incident,
        &settings(session)?,
        &related(session, incident, files)?,
        address.as_deref(),
    )?;
    Ok(document_text::block(&text).into_owned())
}

/// Returns the path of the SVG file that belongs to the document at `path`, with its current content: the
/// one beside it that its text `text` links to, which may have another name after a renaming. `None` if it
/// links to none.
pub(super) fn existing_image(
    incident: &Incident,
    path: &Path,
    text: &str,
) -> Option<(PathBuf, String)> {
    let name = documents::html::percent_decode(managed_blocks::image_url(text)?)?;
    let image = path.with_file_name(std::ffi::OsStr::from_bytes(&name));
    let is_svg = image
        .extension()
        .is_some_and(|extension| extension == "svg");
    Some((image, documents::state_chart_svg(incident)?)).filter(|_| is_svg)
}

/// Returns `outage.svg` for `outage.md`; `None` if the file is not named as Markdown.
fn image_path(path: &Path) -> Option<PathBuf> {
    let extension = path.extension()?;
    let is_markdown = ["md", "markdown"]
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known));
    is_markdown.then(|| path.with_extension("svg"))
}

/// Renders the postmortem as JSON.
pub fn postmortem_json(incident: &Incident) -> Result<String> {
    Ok(documents::postmortem_json(incident)?)
}

/// Returns what customers may read of the incident; with the count of absorbed faults if the field
/// `ledger-in-letter` says yes.
pub fn customer_view(
    session: &Session,
    incident: &Incident,
    states: &States,
) -> Result<CustomerView> {
    let mut view = CustomerView::from_incident(incident, states);
    if several_are_open(session) {
        view = view.beside_other_open_ones(incident);
    }
    if !view.includes_absorbed_count() {
        return Ok(view);
    }
    Ok(view.with_absorbed_count(&ledger::related(session, incident)?))
}

/// True if more than one incident is open, so that a command has to name the one that it is for.
pub(super) fn several_are_open(session: &Session) -> bool {
    let open = session.read().open_incidents();
    open.is_ok_and(|open| open.len() > 1)
}

/// Renders the customer email of `stage`, or of the stage that is due.
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

/// Renders the customer email as a draft for a mail program (`.eml`), from the sender in the settings to
/// the addresses `to`. Its date is now. A letter that is kept as it is (`m1`) has the same Message-ID each
/// time, and is a reply to the first one that was sent.
///
/// # Errors
/// No sender in the settings; an invalid sender, recipient or subject; a template that fails.
pub fn eml(
    session: &Session,
    incident: &Incident,
    stage: Option<Stage>,
    to: &[String],
    subject: Option<&str>,
) -> Result<(Stage, String)> {
    let (stage, plain) = email(session, incident, stage, Format::Text)?;
    let is_kept = |m: &&Record<Message>| {
        let message = &m.value;
        message.sent_at.is_none() && message.stage == stage.as_str() && message.text == plain.body
    };
    // Only what went out by mail can be replied to.
    let mails = incident
        .messages
        .iter()
        .filter(|m| m.value.sent_at.is_some() && m.value.via.as_deref() == Some("email"));
    let envelope = Envelope {
        at: session.now(),
        kept_as: incident.messages.iter().find(is_kept).map(|m| m.id),
        reply_to: mails.min_by_key(|m| m.value.sent_at).map(|m| m.id),
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
    let view = customer_view(session, incident, &States::from_incident(incident))?;
    let draft = documents::eml(&view, stage, &settings(session)?, &envelope)?;
    Ok((stage, draft))
}

const ADDRESS_HINT: &str =
    "like ann@example.com or 'Ann <ann@example.com>'; --to again for each further one";

/// Returns the sender: `from` in the settings, else the contact, under the organisation's name.
fn sender(session: &Session) -> Result<Address> {
    let file = crate::config::settings_path()
        .map_or_else(|_| "the settings".to_owned(), |p| p.display().to_string());
    let hint = format!("put `from = \"support@your.example\"` into {file}");
    let settings = &session.settings;
    let (name, sender) = match (&settings.from, &settings.contact) {
        (Some(from), _) => ("from", from),
        (None, Some(contact)) => ("contact", contact),
        (None, None) => {
            return Err(OpsError::failed(
                "a mail needs a sender, and the settings have no `from` and no `contact`",
            )
            .with_hint(hint));
        }
    };
    let from: Address = sender.parse().map_err(|e: AddressError| {
        OpsError::failed(format!("`{name}` in the settings cannot send mail"))
            .with_source(e)
            .with_hint(hint)
    })?;
    Ok(from.with_display_name(session.settings.organisation.as_deref()))
}

/// Checks and trims a subject line.
///
/// # Errors
/// It is empty, or has a line break or another control character, which could start a header of its
/// own.
pub fn validate_subject(subject: &str) -> Result<String> {
    let refused = |what: &str| {
        OpsError::usage(format!("the subject {what}"))
            .with_hint("--subject takes one line of text; without it the email has its own")
    };
    if subject.chars().any(char::is_control) {
        return Err(refused("has a line break or another control character"));
    }
    if subject.trim().is_empty() {
        return Err(refused("is empty"));
    }
    Ok(subject.trim().to_owned())
}
