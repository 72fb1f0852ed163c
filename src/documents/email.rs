//! Customer emails: a letter of one stage, made from what customers may read and nothing else.

use super::{
    DocumentError, Settings, Stage,
    customer::{CustomerView, Letter},
    markdown_escape::one_line,
    provenance::Provenance,
    wrap,
};
use minijinja::value::Serde;
use std::{fmt, str::FromStr};

/// Begins a letter made from entries that are not as they were written.
const UNVERIFIED: &str =
    "[[the record behind this letter is not as it was written: bridgelog verify]]";

/// How a letter is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Plain text, filled to 72 columns.
    #[default]
    Text,
    /// Markdown, a line for each paragraph.
    Markdown,
}

/// A letter, ready for a person to read through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    /// The subject: one line of plain text in either format.
    pub subject: String,
    /// The letter, ending in a line break.
    pub body: String,
    /// What stands behind each line that comes from a record: its number in the body, from 1 (0 is the
    /// subject), and the handles of events, follow-ups and messages, or `field/NAME`,
    /// `section/NAME`, `service`.
    pub trace: Vec<(usize, Vec<String>)>,
}

/// The letter of `stage` to the customers of `view`.
///
/// What is missing stands in it as `[[what: the command that fills it in]]`.
///
/// # Errors
/// Where the template has a fault, which is named with its file and line.
pub fn email(
    view: &CustomerView,
    stage: Stage,
    settings: &Settings,
    format: Format,
) -> Result<Email, DocumentError> {
    let name = format!("email-{stage}.j2");
    let render = |format: Format| -> Result<(Provenance, String, String), DocumentError> {
        let mut marks = Provenance::default();
        let letter = Letter::new(view, settings, format, &mut marks);
        let text = settings
            .templates
            .render(&name, Serde(&letter).into(), view.incident_flag())?;
        let (subject, mut body) = split_subject(&name, &text)?;
        if view.is_unverified() {
            body = format!("{UNVERIFIED}\n\n{}", body.trim_start());
        }
        Ok((marks, subject, body))
    };
    // A subject is plain text whatever the letter is.
    let (marks, subject, plain) = render(Format::Text)?;
    let (clean, sources) = marks.extract(&[subject]);
    let subject = clean.first().map(|line| one_line(line).into_owned());
    let (marks, body) = match format {
        Format::Text => (marks, plain),
        Format::Markdown => {
            let (marks, _, body) = render(format)?;
            (marks, body)
        }
    };
    let (lines, traced) = marks.extract(&wrap::wrap_lines(&body, format == Format::Text));
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

/// The subject, which a template begins with, as one line; and the rest.
fn split_subject(name: &str, text: &str) -> Result<(String, String), DocumentError> {
    let wrong = || DocumentError::Template {
        name: name.to_owned(),
        line: Some(1),
        message: "it must begin with `Subject:` and the subject, then an empty line".to_owned(),
    };
    let text = text
        .trim_start()
        .strip_prefix("Subject:")
        .ok_or_else(wrong)?;
    let (subject, body) = text.split_once("\n\n").ok_or_else(wrong)?;
    let subject: Vec<&str> = subject.split_whitespace().collect();
    Ok((subject.join(" "), body.to_owned()))
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Text => "txt",
            Self::Markdown => "md",
        })
    }
}

impl FromStr for Format {
    type Err = crate::domain::words::UnknownWord;

    /// Reads `txt` or `text`, `md` or `markdown`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim().to_lowercase().as_str() {
            "txt" | "text" => Ok(Self::Text),
            "md" | "markdown" => Ok(Self::Markdown),
            _ => Err(crate::domain::words::UnknownWord {
                word: text.to_owned(),
                what: "format",
                known: "txt, md",
            }),
        }
    }
}
