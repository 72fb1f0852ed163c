//! The template variables of letters. The doc comments of the variables are shown by `templates show`.

use super::view::{CustomerView, clean_line};
use crate::{
    documents::{
        Format, Settings, markdown_escape,
        provenance::{Provenance, VERBATIM},
        template_variable::{VariableGroup, documented},
    },
    domain::{sanitize, words::State},
};

documented! {
    /// The variables of a letter's template. Texts are escaped for the format and marked with their
    /// sources; a fact that is not recorded is `none`.
    pub struct Letter {
        /// The company, from the settings.
        organisation: Option<String>,
        /// Where questions go, from the settings.
        contact: Option<String>,
        /// The lines under the letter, from the settings.
        signature: Vec<String>,
        /// What customers call it: the field `product`, else the public names of the services.
        product: Option<String>,
        /// What a sentence says it of: the product, or its services where only some are (or were) hit;
        /// with a marker where that is missing.
        name: String,
        /// The same inside a sentence.
        object: String,
        /// The same for a subject: `Shop (Checkout)`.
        head: String,
        /// True where that is several.
        plural: bool,
        /// True where not all of the product is known to be hit.
        partial: bool,
        /// True until the incident is resolved.
        open: bool,
        /// True where faults were caught before they could hurt anybody, and nothing else is known.
        unhurt: bool,
        /// The day it began: `Thursday, 16 August 2012`.
        day: Option<String>,
        /// `outage` where it was down, `disruption` where it was degraded, else `incident`.
        noun: &'static str,
        /// The state now: `down`, `degraded`, `at-risk`, `ok`; empty where none was ever given.
        now: &'static str,
        /// Since when: `about 10:06 EDT on Thursday, 16 August 2012`. Where it does not work as it should,
        /// since when it has not without a pause.
        since: Option<String>,
        /// The same for a subject: `about 10:06 EDT, 16 August 2012`.
        since_short: Option<String>,
        /// Where it is down: since when it had not worked as it should, if that was before.
        before: Option<String>,
        /// Where it works again in part: when it was down.
        downs: Vec<Pause>,
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
        /// How the state changed since then.
        changes: Vec<Change>,
        /// The wordings since then, as sentences.
        news: Vec<String>,
        /// Wordings of what happened before then, and was recorded since.
        known: Vec<String>,
        /// True where nothing was recorded since then that customers could be told.
        quiet: bool,
        /// Of all-clears that were none, the last, until customers are told.
        false_clear: Option<FalseClear>,
        /// What earlier letters said and what is not so.
        corrections: Vec<Correction>,
        /// The wordings of while it hurt, and of its cause and the check afterwards, in order.
        happened: Vec<Passage>,
        /// True where those say what broke, or why.
        explained: bool,
        /// Every wording, in order.
        story: Vec<Passage>,
        /// What is being changed.
        improvements: Vec<Improvement>,
        /// How many other outages protections prevented in the three months before (`two`), where it
        /// may be said and there were any.
        held: Option<String>,
        /// The paragraph written for the letter.
        paragraph: Option<String>,
    }
}

documented! {
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
}

documented! {
    pub(super) struct Pause {
        pub(super) from: String,
        pub(super) to: String,
    }
}

documented! {
    /// One state after another.
    pub(super) struct Change {
        pub(super) from: &'static str,
        pub(super) to: &'static str,
        /// `about 10:06 EDT`, with the day where it is another.
        pub(super) time: String,
    }
}

documented! {
    pub(super) struct Service {
        pub(super) name: String,
        pub(super) state: &'static str,
    }
}

documented! {
    pub(super) struct Phrase {
        text: String,
        /// True where it is a sentence of its own.
        sentence: bool,
    }
}

documented! {
    pub(super) struct FalseClear {
        said: String,
        reopened: String,
    }
}

documented! {
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
}

documented! {
    pub(super) struct Passage {
        /// `caught`, `held`, `held-again`, `held-after`, `overcame`, `began`, `again`, `back`, `ended`, `told`, or
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
}

documented! {
    pub(super) struct Improvement {
        pub(super) text: String,
        /// `planned`, `started` or `done`.
        pub(super) state: String,
        /// `2 July 2012`.
        pub(super) since: Option<String>,
        pub(super) prevents: bool,
        pub(super) shortens: bool,
    }
}

/// The variables of a letter's template, and the fields of their types.
pub(in crate::documents) const VARIABLES: [VariableGroup; 10] = [
    ("letter", Letter::VARIABLES),
    ("Impact", Impact::VARIABLES),
    ("Pause", Pause::VARIABLES),
    ("Change", Change::VARIABLES),
    ("Service", Service::VARIABLES),
    ("Phrase", Phrase::VARIABLES),
    ("FalseClear", FalseClear::VARIABLES),
    ("Correction", Correction::VARIABLES),
    ("Passage", Passage::VARIABLES),
    ("Improvement", Improvement::VARIABLES),
];

/// Escapes values for the format, and marks them with their sources.
pub(super) struct TracedWriter<'a> {
    format: Format,
    provenance: &'a mut Provenance,
}

impl TracedWriter<'_> {
    /// Marks text of our own, without escaping it.
    pub(super) fn write_raw(&mut self, text: &str, sources: &[&str]) -> String {
        let sources: Vec<String> = sources.iter().map(|&s| s.to_owned()).collect();
        self.provenance.mark(text, &sources)
    }

    fn escaped(&self, text: &str) -> String {
        match self.format {
            Format::Text => text.to_owned(),
            Format::Markdown => markdown_escape::escape_line(text),
        }
    }

    pub(super) fn write(&mut self, text: &str, sources: &[&str]) -> String {
        let sources: Vec<String> = sources.iter().map(|&s| s.to_owned()).collect();
        let text = self.escaped(text);
        self.provenance.mark(&text, &sources)
    }
}

/// Returns `text` with exactly one punctuation mark at its end: adds a full stop if there is none, and
/// removes trailing commas and semicolons.
pub(super) fn with_full_stop(text: &str) -> String {
    let mut text = text.trim_end_matches([',', ';', ' ']);
    if let Some(one) = text.strip_suffix(",.").or_else(|| text.strip_suffix(";.")) {
        text = one;
    } else if text.ends_with("..") && !text.ends_with("...") {
        text = &text[..text.len() - 1];
    }
    let end = text.trim_end_matches(['"', '\'', ')', '\u{201d}', '\u{2019}']);
    if end.ends_with(['.', '!', '?', '…', '。', ':']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

impl Letter {
    /// Computes the variables for `view` in `format`; their sources go to `provenance`.
    pub(in crate::documents) fn new(
        view: &CustomerView,
        settings: &Settings,
        format: Format,
        provenance: &mut Provenance,
    ) -> Self {
        let mut writer = TracedWriter { format, provenance };
        let setting = |writer: &TracedWriter<'_>, text: &Option<String>| {
            let text = text.as_deref().and_then(clean_line)?;
            Some(writer.escaped(&text))
        };
        let affected = view.affected(&mut writer);
        let since = view.state_since();
        let happened = view.impact_passages(&mut writer);
        let last = view.spans.last();
        let worst = view.spans.iter().map(|s| s.state).max();
        Self {
            organisation: setting(&writer, &settings.organisation),
            contact: setting(&writer, &settings.contact),
            signature: settings
                .signature
                .iter()
                .flat_map(|text| text.lines())
                .filter_map(clean_line)
                .map(|text| writer.escaped(&text))
                .collect(),
            product: view.product(&mut writer),
            name: affected.name,
            object: affected.object,
            head: affected.subject_label,
            plural: affected.plural,
            partial: affected.partial,
            open: view.open,
            unhurt: view.had_no_impact(),
            day: view
                .start_span()
                .map(|s| writer.write(&view.time_format.long_date(s.from), &[&s.event_handle])),
            noun: match worst {
                Some(State::Down) => "outage",
                Some(State::Degraded) => "disruption",
                _ => "incident",
            },
            now: last.map_or("", |s| s.state.as_str()),
            since: since.map(|s| {
                let when = view.format_time(s.from, s.approximate);
                let when = format!("{when} on {}", view.time_format.long_date(s.from));
                writer.write(&when, &[&s.event_handle])
            }),
            since_short: since.map(|s| {
                let when = view.format_time(s.from, s.approximate);
                let day = view.time_format.to_local(s.from).format("%-d %B %Y");
                writer.write(&format!("{when}, {day}"), &[&s.event_handle])
            }),
            before: view.degraded_since(&mut writer),
            downs: view.outage_spans(&mut writer),
            impact: view.impact(&mut writer),
            services: view.services(&mut writer),
            scope: view.fields.get("customer-scope").map(|text| Phrase {
                sentence: text.ends_with('.'),
                text: writer.write(text, &["field/customer-scope"]),
            }),
            unaffected: view
                .fields
                .get("unaffected")
                .map(|text| writer.write(&with_full_stop(text), &["field/unaffected"])),
            data: view.data_loss(&mut writer),
            next_update: view.promised_time("next-update", &mut writer),
            followup_by: view.promised_time("followup-by", &mut writer),
            last_told: view.customer_updates.last().map(|(at, by)| {
                let when = view.day_and_time(*at, false);
                writer.write(&when, &[by])
            }),
            changes: view.changes(&mut writer),
            news: view.news(&mut writer),
            known: view.late_recorded(&mut writer),
            quiet: view.has_no_news(),
            false_clear: view.premature_resolution.as_ref().map(|clear| FalseClear {
                said: writer.write(
                    &view.day_and_time(clear.announced_at, false),
                    &[&clear.announced_by],
                ),
                reopened: writer.write(
                    &view.day_and_time(clear.reopened_at, false),
                    &[&clear.reopened_by],
                ),
            }),
            corrections: view.corrections(&mut writer),
            explained: view.has_explanation(),
            happened,
            story: view.all_passages(&mut writer),
            improvements: view.improvements(&mut writer),
            held: view.absorbed_count(&mut writer),
            paragraph: view.paragraph.as_ref().map(|text| {
                let text = format!("{VERBATIM}{}{VERBATIM}", sanitize::block(text));
                let sources = ["section/customer-followup".to_owned()];
                writer.provenance.mark(&text, &sources)
            }),
        }
    }
}
