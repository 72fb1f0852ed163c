//! The text formats of a customer letter: plain text and Markdown.

use crate::domain::words::UnknownWord;
use std::{fmt, str::FromStr};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Plain text, wrapped at 72 columns.
    #[default]
    Text,
    /// Markdown, one line per paragraph.
    Markdown,
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
    type Err = UnknownWord;

    /// Parses `txt` or `text`, `md` or `markdown`, in any case.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim().to_lowercase().as_str() {
            "txt" | "text" => Ok(Self::Text),
            "md" | "markdown" => Ok(Self::Markdown),
            _ => Err(UnknownWord {
                word: text.to_owned(),
                what: "format",
                known: "txt, md",
            }),
        }
    }
}
