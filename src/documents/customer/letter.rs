//! What the templates of letters are given.

use super::{CustomerView, Role};
use crate::{
    documents::{
        Format, Settings, escape,
        marks::{Marks, VERBATIM},
    },
    domain::{safe, words::State},
};
use serde::Serialize;

/// The variables of a letter's template. Texts come escaped for the format and marked with the
/// records behind them; a fact nobody recorded is `none`.
#[derive(Clone, Debug, Serialize)]
pub struct Letter {
    /// The company, from the settings.
    organisation: Option<String>,
    /// Where questions go, from the settings.
    contact: Option<String>,
    /// The lines under the letter, from the settings.
    signature: Vec<String>,
    /// What customers call it: the field `product`, else the public names of the services.
    product: Option<String>,
    /// `outage` where it was down, `disruption` where it was degraded, else `incident`.
    noun: &'static str,
    /// The state now: `down`, `degraded`, `at-risk`, `ok`; empty where none was ever given.
    now: &'static str,
    /// Since when: `about 10:06 EDT on Thursday, 16 August 2012`.
    since: Option<String>,
    /// When customers were hurt.
    impact: Option<Impact>,
    /// Each service that customers know by name, where there are several.
    services: Vec<Service>,
    /// Who was hit.
    scope: Option<Phrase>,
    /// Who or what was not.
    unaffected: Option<String>,
    /// A sentence on what became of data.
    data: Option<String>,
    /// When the next word comes, while it lasts.
    next_update: Option<String>,
    /// By when the follow-up comes.
    followup_by: Option<String>,
    /// When customers were last told something.
    last_told: Option<String>,
    /// The wordings since then, as sentences.
    news: Vec<String>,
    /// Of all-clears that were none, the last, until customers are told.
    false_clear: Option<FalseClear>,
    /// What earlier letters said and what is not so.
    corrections: Vec<Correction>,
    /// What it was, in a sentence or two.
    cause: Vec<String>,
    /// How it was made good and checked.
    recovery: Vec<String>,
    /// Every wording, in order.
    story: Vec<Passage>,
    /// What is being changed.
    improvements: Vec<Improvement>,
    /// The paragraph written for the letter.
    paragraph: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Impact {
    /// `about 10:06 EDT`.
    pub(super) start: String,
    /// `Thursday, 16 August 2012`.
    pub(super) date: String,
    /// `16 August 2012`.
    pub(super) short_date: String,
    /// `14:05 EDT`, with the day where it is another; none while it lasts.
    pub(super) end: Option<String>,
    /// `about 4 hours`, of the time in impact; none while it lasts.
    pub(super) lasted: Option<String>,
    /// How much of that it was down, where it was degraded as well.
    pub(super) down: Option<String>,
    /// Stretches within in which it seemed over.
    pub(super) pauses: Vec<Pause>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Pause {
    pub(super) from: String,
    pub(super) to: String,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Service {
    pub(super) name: String,
    pub(super) state: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Phrase {
    text: String,
    /// True where it is a sentence of its own.
    sentence: bool,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct FalseClear {
    said: String,
    reopened: String,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Correction {
    /// `began`, `ended`, `day`, `affected`, `unaffected`, `data` or `wording`.
    pub(super) what: String,
    /// When it was told.
    pub(super) told: String,
    /// What it said.
    pub(super) said: String,
    /// What is so; none where there is nothing of the kind.
    pub(super) is: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Passage {
    /// `held`, `held-again`, `held-after`, `overcame`, `began`, `again`, `back`, `ended`, `told`, or
    /// empty.
    pub(super) lead: &'static str,
    /// `about 10:06 EDT`.
    pub(super) time: String,
    /// The day, where it is not that on which it began to hurt.
    pub(super) day: Option<String>,
    /// The wording.
    pub(super) text: String,
    /// True where a new paragraph begins.
    pub(super) begins: bool,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Improvement {
    pub(super) text: String,
    /// `planned`, `started` or `done`.
    pub(super) state: String,
    /// `2 July 2012`.
    pub(super) since: Option<String>,
    pub(super) prevents: bool,
    pub(super) shortens: bool,
}

/// Writes values as the format has them, and marks them.
pub(super) struct Pen<'a> {
    format: Format,
    marks: &'a mut Marks,
}

impl Pen<'_> {
    fn escaped(&self, text: &str) -> String {
        match self.format {
            Format::Text => text.to_owned(),
            Format::Markdown => escape::line(text),
        }
    }

    pub(super) fn write(&mut self, text: &str, sources: &[&str]) -> String {
        let sources: Vec<String> = sources.iter().map(|&s| s.to_owned()).collect();
        let text = self.escaped(text);
        self.marks.mark(&text, &sources)
    }
}

/// `text` with a full stop, where it ends in none.
pub(super) fn sentence(text: &str) -> String {
    let end = text.trim_end_matches(['"', '\'', ')', '\u{201d}', '\u{2019}']);
    if end.ends_with(['.', '!', '?', '…', '。', ':']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

impl Letter {
    /// The variables for `view` in `format`; the records behind them go to `marks`.
    pub(in crate::documents) fn new(
        view: &CustomerView,
        settings: &Settings,
        format: Format,
        marks: &mut Marks,
    ) -> Self {
        let mut pen = Pen { format, marks };
        let setting = |pen: &Pen<'_>, text: &Option<String>| {
            let text = text.as_deref().and_then(super::clean)?;
            Some(pen.escaped(&text))
        };
        let last = view.stretches.last();
        let worst = view.stretches.iter().map(|s| s.state).max();
        Self {
            organisation: setting(&pen, &settings.organisation),
            contact: setting(&pen, &settings.contact),
            signature: settings
                .signature
                .iter()
                .flat_map(|text| text.lines())
                .filter_map(super::clean)
                .map(|text| pen.escaped(&text))
                .collect(),
            product: view.product(&mut pen),
            noun: match worst {
                Some(State::Down) => "outage",
                Some(State::Degraded) => "disruption",
                _ => "incident",
            },
            now: last.map_or("", |s| s.state.word()),
            since: last.map(|s| {
                let when = view.when(s.from, s.approximate);
                let when = format!("{when} on {}", view.clock.date(s.from));
                pen.write(&when, &[&s.by])
            }),
            impact: view.impact(&mut pen),
            services: view.services(&mut pen),
            scope: view.fields.get("customer-scope").map(|text| Phrase {
                sentence: text.ends_with('.'),
                text: pen.write(text, &["field/customer-scope"]),
            }),
            unaffected: view
                .fields
                .get("unaffected")
                .map(|text| pen.write(&sentence(text), &["field/unaffected"])),
            data: view.data(&mut pen),
            next_update: view.said("next-update", &mut pen),
            followup_by: view.said("followup-by", &mut pen),
            last_told: view.told.last().map(|(at, by)| {
                let when = view.day_and_time(*at, false);
                pen.write(&when, &[by])
            }),
            news: view.news(&mut pen),
            false_clear: view.false_clear.as_ref().map(|clear| FalseClear {
                said: pen.write(&view.day_and_time(clear.said, false), &[&clear.by]),
                reopened: pen.write(
                    &view.day_and_time(clear.reopened, false),
                    &[&clear.reopened_by],
                ),
            }),
            corrections: view.corrections(&mut pen),
            cause: view.cause(&mut pen),
            recovery: view
                .wordings
                .iter()
                .filter(|w| w.role == Role::Recovery)
                .map(|w| pen.write(&sentence(&w.text), &[&w.handle]))
                .collect(),
            story: view.story(&mut pen),
            improvements: view.improvements(&mut pen),
            paragraph: view.paragraph.as_ref().map(|text| {
                let text = format!("{VERBATIM}{}{VERBATIM}", safe::block(text));
                let sources = ["section/customer-followup".to_owned()];
                pen.marks.mark(&text, &sources)
            }),
        }
    }
}
