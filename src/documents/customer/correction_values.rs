//! The values of corrections.

use super::{
    corrections::{Corrected, Correction as RecordedCorrection},
    letter::{Correction, Fact, ToldSpell},
    letter_writer::{LetterWriter, fact_kind, fact_words, state_word},
    names::{Edge, Span},
};
use crate::domain::words::State;

impl LetterWriter<'_> {
    pub(super) fn corrections(&mut self) -> Vec<Correction> {
        let corrections = self.view.corrections.iter();
        corrections.map(|wrong| self.correction(wrong)).collect()
    }

    fn correction(&mut self, wrong: &RecordedCorrection) -> Correction {
        let sources = [wrong.message_handle.as_str()];
        let name = wrong.name.as_deref();
        let mut correction = Correction {
            what: "",
            name: None,
            is: String::new(),
            wrote: String::new(),
            at: None,
            spells: Vec::new(),
            wrote_spells: Vec::new(),
            fact: None,
            wrote_fact: None,
        };
        match &wrong.what {
            Corrected::Start(wrote, is) | Corrected::End(wrote, is) => {
                // The days only where they differ.
                let same_day = self.times.local_date(wrote.at) == self.times.local_date(is.at);
                let mut text = |edge: &Edge| {
                    let day = Some(self.times.local_date(edge.at)).filter(|_| same_day);
                    let text = self.times.with_zone(edge, day);
                    self.write(&text, &sources)
                };
                (correction.is, correction.wrote) = (text(is), text(wrote));
                let is_start = matches!(wrong.what, Corrected::Start(..));
                correction.what = if is_start { "start" } else { "end" };
            }
            Corrected::State(wrote, is, time) => {
                let day = Some(self.times.local_date(self.view.as_of));
                let at = self.times.with_zone(&Edge::exact(*time, ""), day);
                correction.what = "state";
                correction.at = Some(self.write(&at, &sources));
                // The words of states are the template's, which compares them.
                correction.is = state_word(*is).to_owned();
                correction.wrote = state_word(*wrote).to_owned();
            }
            Corrected::Count(wrote, is) => {
                correction.what = match (wrote.as_str(), is.as_str()) {
                    ("0", _) => "count-from-none",
                    (_, "0") => "count-to-none",
                    _ => "count",
                };
                correction.is = self.write(is, &sources);
                correction.wrote = self.write(wrote, &sources);
            }
            Corrected::Spells(wrote, is) => {
                correction.what = "spells";
                correction.spells = self.told_spells(is, &sources);
                correction.wrote_spells = self.told_spells(wrote, &sources);
            }
            Corrected::Field(wrote, is) => {
                let field = name.unwrap_or_default();
                correction.what = match field {
                    "customer-scope" => "scope",
                    "data-loss" => "data",
                    "customer-action" => "action",
                    _ => "unaffected",
                };
                let of_field = format!("field/{field}");
                let is = is.as_deref();
                correction.fact = is.map(|is| self.told_fact(field, is, &[&of_field]));
                correction.wrote_fact = Some(self.told_fact(field, wrote, &sources));
                return correction;
            }
        }
        correction.name = name.map(|name| self.write(name, &["service"]));
        correction
    }

    fn told_fact(&mut self, field: &str, text: &str, sources: &[&str]) -> Fact {
        Fact {
            kind: fact_kind(text, fact_words(field)),
            text: self.write(text, sources),
            source: self.write("", sources),
        }
    }

    fn told_spells(&mut self, spans: &[Span], sources: &[&str]) -> Vec<ToldSpell> {
        let mut told = Vec::with_capacity(spans.len());
        for span in spans {
            let (from, to) = (&span.from, span.to.as_ref());
            let range = to.map(|to| self.times.short_range(from, to, self.day));
            let since = to.is_none().then(|| self.times.short(from, self.day));
            told.push(ToldSpell {
                state: match span.state {
                    State::Ok | State::AtRisk => "affected",
                    state => state_word(state),
                },
                range: range.map(|text| self.write(&text, sources)),
                since: since.map(|text| self.write(&text, sources)),
            });
        }
        told
    }
}
