//! Renders a customer letter of one stage from a [`CustomerView`].

use super::{
    DocumentError, Settings, Stage,
    customer::{CustomerView, DrillMark, Letter},
    format::Format,
    letter_lines::STRONG,
    markdown_escape::one_line,
    provenance::{Provenance, strip_marks},
    wrap::{self, Layout},
};
use crate::domain::white_space::fold_white_space;
use minijinja::value::Serde;
use unicode_width::UnicodeWidthStr;

/// The first line of a letter made from entries that are not as they were written.
const UNVERIFIED: &str =
    "[[the record behind this letter is not as it was written: bridgelog verify]]";

/// A rendered letter: a draft for a person to review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    /// One line of plain text, in both formats.
    pub subject: String,
    /// The text, which ends with a line break.
    pub body: String,
    /// The sources of each line that comes from records: the line's number in the body, from 1 (0 is
    /// the subject), and the handles of events, follow-ups and messages, or `field/NAME`,
    /// `section/NAME`, `service`.
    pub trace: Vec<(usize, Vec<String>)>,
}

/// Renders the letter of `stage` to the customers of `view`.
///
/// Missing information appears as a placeholder: `[[what: the command that fills it in]]`.
///
/// # Errors
/// [`DocumentError::Template`] with the template's file and line.
pub fn email(
    view: &CustomerView,
    stage: Stage,
    settings: &Settings,
    format: Format,
) -> Result<Email, DocumentError> {
    let layout = match format {
        Format::Text => Layout::Terminal,
        Format::Markdown => Layout::Markdown,
    };
    email_in_layout(view, stage, settings, layout)
}

/// Renders the letter of `stage` with its lines laid out as `layout` says.
///
/// # Errors
/// [`DocumentError::Template`] with the template's file and line.
pub(super) fn email_in_layout(
    view: &CustomerView,
    stage: Stage,
    settings: &Settings,
    layout: Layout,
) -> Result<Email, DocumentError> {
    let name = format!("email-{stage}.j2");
    let render = |layout: Layout| -> Result<(Provenance, String, String), DocumentError> {
        let mut provenance = Provenance::default();
        let letter = Letter::new(view, settings, layout, &mut provenance)?;
        let text = settings
            .templates
            .render(&name, Serde(&letter).into(), &view.command_names)?;
        let drill = match view.is_drill() {
            true => Some(DrillMark::load(&settings.templates)?),
            false => None,
        };
        let mark_columns = drill.as_ref().map_or(0, DrillMark::subject_columns);
        let max_columns = MAX_SUBJECT.saturating_sub(mark_columns);
        let (mut subject, mut body) = split_subject(&name, &text, max_columns)?;
        if let Some(drill) = drill {
            subject = drill.mark_subject(&subject);
            body = drill.mark_body(&body);
        }
        if view.is_unverified() {
            body = format!("{UNVERIFIED}\n\n{}", body.trim_start());
        }
        Ok((provenance, subject, body))
    };
    // The subject is plain text in both formats.
    let (provenance, subject, plain) = render(Layout::Terminal)?;
    let (subject_lines, sources) = provenance.extract(&[subject]);
    let subject = subject_lines
        .first()
        .map(|line| one_line(&line.replace(STRONG, "")).into_owned());
    let (provenance, body) = match layout {
        Layout::Terminal | Layout::Flowed => (provenance, plain),
        Layout::Markdown | Layout::Html => {
            let (provenance, _, body) = render(layout)?;
            (provenance, body)
        }
    };
    let (lines, traced) = provenance.extract(&wrap::wrap_lines(&body, layout));
    let trace = sources.into_iter().take(1).chain(traced);
    Ok(Email {
        subject: subject.unwrap_or_default(),
        body: lines.join("\n") + "\n",
        trace: trace
            .enumerate()
            .filter(|(_, sources)| !sources.is_empty())
            .collect(),
    })
}

/// The columns of a subject that mail programs show.
const MAX_SUBJECT: usize = 77;

/// Splits rendered `text` into the subject, as one line, and the body. Of several lines `Subject:`, the
/// longest first, the first of at most `max_columns` counts, else the last; one with a placeholder is not
/// shortened.
///
/// # Errors
/// The text of template `name` does not begin with `Subject:` and an empty line.
fn split_subject(
    name: &str,
    text: &str,
    max_columns: usize,
) -> Result<(String, String), DocumentError> {
    let missing_subject = || DocumentError::Template {
        name: name.to_owned(),
        line: Some(1),
        message: "it must begin with `Subject:` and the subject, then an empty line".to_owned(),
    };
    let text = text
        .trim_start()
        .strip_prefix("Subject:")
        .ok_or_else(missing_subject)?;
    let (subject, body) = text.split_once("\n\n").ok_or_else(missing_subject)?;
    let subjects: Vec<String> = subject.split("\nSubject:").map(fold_white_space).collect();
    let fits =
        |subject: &&String| strip_marks(subject).width() <= max_columns || subject.contains("[[");
    let subject = subjects.iter().find(fits).or(subjects.last());
    Ok((subject.cloned().unwrap_or_default(), body.to_owned()))
}
