//! Writes the values of a letter: escaped for its format, and marked with their sources.

use super::{letter::Fact, times::LetterTimes, view::CustomerView};
use crate::{
    documents::{
        letter_lines::{ISOLATE, ISOLATE_END},
        markdown_escape,
        provenance::{Provenance, VERBATIM, clean_line},
        wrap::Layout,
    },
    domain::{document_text, words::State},
};
use chrono::NaiveDate;

/// Writes the values of one letter: escaped for the format, and marked with their sources.
pub(super) struct LetterWriter<'a> {
    pub(super) view: &'a CustomerView,
    pub(super) times: LetterTimes<'a>,
    pub(super) layout: Layout,
    pub(super) provenance: &'a mut Provenance,
    /// The day of times that have none; `None` if the letter spans days.
    pub(super) day: Option<NaiveDate>,
}

impl LetterWriter<'_> {
    pub(super) fn escaped(&self, text: &str) -> String {
        match self.layout {
            Layout::Terminal | Layout::Flowed => text.to_owned(),
            Layout::Markdown => markdown_escape::escape_line(text),
            Layout::Html => {
                let escaped = markdown_escape::escape_line(text);
                match text.contains(document_text::is_right_to_left) {
                    true => format!("{ISOLATE}{escaped}{ISOLATE_END}"),
                    false => escaped,
                }
            }
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

    /// Where questions go: in HTML, mail addresses in it are links. Mail programs find them in text.
    pub(super) fn contact(&self, text: Option<&str>) -> Option<String> {
        let text = self.setting(text)?;
        if self.layout != Layout::Html {
            return Some(text);
        }
        let linked = text.split(' ').map(|word| {
            let address = word.trim_end_matches(['.', ',', ';']);
            match is_mail_address(address) {
                true => format!("<{address}>{}", &word[address.len()..]),
                false => word.to_owned(),
            }
        });
        Some(linked.collect::<Vec<_>>().join(" "))
    }

    pub(super) fn field(&mut self, name: &str) -> Option<String> {
        let text = self.view.fields.get(name)?;
        Some(self.write(text, &[&format!("field/{name}")]))
    }

    pub(super) fn section(&mut self, name: &str, text: Option<&str>) -> Option<String> {
        let text = format!("{VERBATIM}{}{VERBATIM}", document_text::block(text?));
        Some(self.provenance.mark(&text, &[format!("section/{name}")]))
    }

    /// A field of which some words have a meaning of their own.
    pub(super) fn fact_of(&mut self, name: &str) -> Option<Fact> {
        let typed = self.view.fields.get(name)?;
        Some(Fact {
            kind: fact_kind(typed, fact_words(name)),
            text: self.field(name)?,
            source: self.write("", &[&format!("field/{name}")]),
        })
    }
}

/// The words that have a meaning of their own in the field `name`.
pub(super) fn fact_words(name: &str) -> &'static [&'static str] {
    match name {
        "customer-scope" => &["everyone", "unknown"],
        "data-loss" => &["none", "unknown"],
        "customer-action" => &["none"],
        _ => &[],
    }
}

/// Returns which of `words` was typed, else `text`.
pub(super) fn fact_kind(typed: &str, words: &[&'static str]) -> &'static str {
    let is_typed = |word: &&&str| typed.trim_end_matches('.').eq_ignore_ascii_case(word);
    words.iter().find(is_typed).copied().unwrap_or("text")
}

/// True for an address that Markdown takes for one between `<` and `>`, in the form that most have.
fn is_mail_address(word: &str) -> bool {
    let is_part = |part: &str, more: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || more.contains(c))
    };
    word.split_once('@').is_some_and(|(local, domain)| {
        is_part(local, ".+-_")
            && domain.contains('.')
            && domain.split('.').all(|label| {
                is_part(label, "-") && !label.starts_with('-') && !label.ends_with('-')
            })
    })
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
