//! Writes the values of a letter: escaped for its format, and marked with their sources.

use super::{letter::Fact, times::LetterTimes, view::CustomerView};
use crate::{
    documents::{
        Format, markdown_escape,
        provenance::{Provenance, VERBATIM, clean_line},
    },
    domain::{sanitize, words::State},
};
use chrono::NaiveDate;

/// Writes the values of one letter: escaped for the format, and marked with their sources.
pub(super) struct LetterWriter<'a> {
    pub(super) view: &'a CustomerView,
    pub(super) times: LetterTimes<'a>,
    pub(super) format: Format,
    pub(super) provenance: &'a mut Provenance,
    /// The day of times that have none; `None` if the letter spans days.
    pub(super) day: Option<NaiveDate>,
    /// The day of times of states that have none; `None` if those span days.
    pub(super) state_day: Option<NaiveDate>,
}

impl LetterWriter<'_> {
    pub(super) fn escaped(&self, text: &str) -> String {
        match self.format {
            Format::Text => text.to_owned(),
            Format::Markdown => markdown_escape::escape_line(text),
        }
    }

    pub(super) fn write(&mut self, text: &str, sources: &[&str]) -> String {
        let sources: Vec<String> = sources.iter().map(|&source| source.to_owned()).collect();
        let text = self.escaped(text);
        self.provenance.mark(&text, &sources)
    }

    pub(super) fn setting(&self, text: Option<&str>) -> Option<String> {
        Some(self.escaped(&clean_line(text?)?))
    }

    pub(super) fn field(&mut self, name: &str) -> Option<String> {
        let text = self.view.fields.get(name)?;
        Some(self.write(text, &[&format!("field/{name}")]))
    }

    pub(super) fn section(&mut self, name: &str, text: Option<&str>) -> Option<String> {
        let text = format!("{VERBATIM}{}{VERBATIM}", sanitize::block(text?));
        Some(self.provenance.mark(&text, &[format!("section/{name}")]))
    }

    /// A field of which `words` have a meaning of their own.
    pub(super) fn fact_of(&mut self, name: &str, words: &[&'static str]) -> Option<Fact> {
        let typed = self.view.fields.get(name)?;
        let is_typed = |word: &&&str| typed.trim_end_matches('.').eq_ignore_ascii_case(word);
        let kind = words.iter().find(is_typed).copied().unwrap_or("text");
        Some(Fact {
            kind,
            text: self.field(name)?,
            source: self.write("", &[&format!("field/{name}")]),
        })
    }
}

/// The word by which templates know a state. Letters do not say that something is at risk.
pub(super) fn state_word(state: State) -> &'static str {
    match state {
        State::Down => "down",
        State::Degraded => "problems",
        State::Unknown => "unknown",
        State::AtRisk | State::Ok => "working",
    }
}
