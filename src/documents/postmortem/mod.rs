//! The postmortem in Markdown: internal, all of the incident, a draft that a person finishes.
//!
//! Each part is written here as finished Markdown; the template says which parts there are, under
//! which headings and in which order. What is missing stands in it as `[[what: the command that
//! fills it in]]`, and what there is nothing to say of is left out.

mod analysis;
mod header;
mod html;
mod metrics_table;
mod related;
mod timeline;

pub use html::postmortem_html;

use super::{
    DocumentError, RelatedContext, Settings, managed_blocks,
    markdown_escape::{
        escape_inline, escape_paragraph, one_line, push_escaped_inline, strip_sigils,
    },
    prose::sanitize_prose,
    template_variables::{Variable, documented},
    templates::{placeholder, with_incident_flag},
    text_chart::text_chart,
    time_format::TimeFormatter,
};
use crate::domain::{
    event::Event,
    incident::{Incident, Record},
    metrics::Metrics,
    states::States,
    time::UtcTime,
};
use chrono::Utc;
use minijinja::value::Serde;
use std::collections::HashMap;
use uuid::Uuid;

documented! {
    /// The variables of the postmortem's template: finished Markdown, empty where there is nothing to
    /// say.
    struct Postmortem {
        /// `Incident 7: AVR Online outage`.
        title: String,
        /// Severity, services, who did what, dates, status, authors: a list.
        header: String,
        /// The section `summary`.
        summary: String,
        /// The section `impact`.
        impact: String,
        /// Times, scope and numbers: a list.
        impact_facts: String,
        /// The state over time: a code block.
        states: String,
        /// The metrics with their formulas: a table.
        metrics: String,
        /// What happened when: a table for each day.
        timeline: String,
        /// Causes and contributing factors: a list.
        causes: String,
        /// The section `protections`.
        protections: String,
        /// Which faults were caught, and which one was too much: a list.
        protection_facts: String,
        /// Decisions, with what was known and what came of them: a list.
        decisions: String,
        /// The section `went-well`.
        went_well: String,
        /// The section `went-badly`.
        went_badly: String,
        /// The section `lucky`.
        lucky: String,
        /// The section `surprises`.
        surprises: String,
        /// Follow-up actions: a table, and those declined with the reason.
        followups: String,
        /// What customers were told and when: a list.
        told: String,
        /// Earlier incidents with a service or a tag in common, and their open actions: a list.
        similar: String,
        /// Outages that did not happen: a table.
        ledger: String,
        /// The section `questions`, and asks that nobody closed.
        questions: String,
        /// The journal's heads and entry count.
        journal: String,
    }
}

/// The variables of the postmortem's template.
pub(super) const VARIABLES: &[Variable] = Postmortem::VARIABLES;

/// What the parts are written from.
struct RenderContext<'a> {
    incident: &'a Incident,
    states: &'a States,
    metrics: &'a Metrics,
    time_format: &'a TimeFormatter,
    related: &'a RelatedContext,
    /// The events that link to each id, in timeline order.
    linked_by: HashMap<Uuid, Vec<&'a Record<Event>>>,
    /// Which incident a command must name: `--incident 7`, or nothing where it is the open one.
    incident_flag: String,
    /// Where the picture is, for a document that has it in a file beside it.
    image_path: Option<&'a str>,
}

/// The postmortem of `incident`, in Markdown, that says nothing of other incidents.
///
/// # Errors
/// As [`postmortem_markdown_with_related`].
pub fn postmortem_markdown(
    incident: &Incident,
    settings: &Settings,
) -> Result<String, DocumentError> {
    postmortem_markdown_with_related(incident, settings, &RelatedContext::default())
}

/// The postmortem of `incident`, in Markdown, with what it says of others from `around`.
///
/// What lasts is counted to [`Incident::last_recorded_at`]. Generated parts stand between markers: see
/// [`managed_blocks`].
///
/// # Errors
/// Where the template has a fault, which is named with its file and line.
pub fn postmortem_markdown_with_related(
    incident: &Incident,
    settings: &Settings,
    around: &RelatedContext,
) -> Result<String, DocumentError> {
    postmortem_markdown_with_image(incident, settings, around, None)
}

/// The same, for a file that has its picture (see [`picture_file`](super::state_chart_svg)) beside it,
/// at the relative address `picture`.
///
/// # Errors
/// As [`postmortem_markdown`].
pub fn postmortem_markdown_with_image(
    incident: &Incident,
    settings: &Settings,
    around: &RelatedContext,
    picture: Option<&str>,
) -> Result<String, DocumentError> {
    with_context(incident, around, picture, |source| {
        let text = settings.templates.render(
            "postmortem.md.j2",
            Serde(source.template_variables()).into(),
            &source.incident_flag,
        )?;
        let mut sealed = managed_blocks::add_checksums(text.trim_end(), &incident.handle)?;
        sealed.push('\n');
        Ok(sealed)
    })
}

/// Gives `write` what the parts are written from.
fn with_context<T>(
    incident: &Incident,
    around: &RelatedContext,
    beside: Option<&str>,
    write: impl FnOnce(&RenderContext<'_>) -> T,
) -> T {
    let states = States::from_incident(incident);
    let metrics = Metrics::compute(incident, &states, incident.last_recorded_at);
    let clock = time_format(incident);
    let mut linked: HashMap<Uuid, Vec<&Record<Event>>> = HashMap::new();
    for event in incident.active_events() {
        for link in &event.value.links {
            linked.entry(*link).or_default().push(event);
        }
    }
    write(&RenderContext {
        incident,
        states: &states,
        metrics: &metrics,
        time_format: &clock,
        related: around,
        linked_by: linked,
        incident_flag: incident_flag(incident),
        image_path: beside,
    })
}

/// The clock of `incident` for all the times that its postmortem shows.
fn time_format(incident: &Incident) -> TimeFormatter {
    let sent = incident.messages.iter().filter_map(|m| m.value.sent_at);
    let events = incident.active_events().map(|e| e.value.at_utc());
    let ends = incident.active_events().filter_map(|e| e.value.end_utc());
    let now = incident.is_open().then_some(incident.last_recorded_at);
    let all = events
        .chain(ends)
        .chain(sent.map(|at| at.with_timezone(&Utc)))
        .chain(now);
    let (mut from, mut to) = (None, None);
    for at in all {
        from = Some(from.map_or(at, |from: UtcTime| from.min(at)));
        to = Some(to.map_or(at, |to: UtcTime| to.max(at)));
    }
    let clock = TimeFormatter::new(incident.zone());
    match (from, to) {
        (Some(from), Some(to)) => clock.for_period(from, to),
        _ => clock,
    }
}

/// How a command names `incident`: not at all where it is open, since writing means the open one.
#[must_use]
pub(super) fn incident_flag(incident: &Incident) -> String {
    match incident.number() {
        _ if incident.is_open() => String::new(),
        Some(number) => format!("--incident {number}"),
        None => format!("--incident {}", incident.handle),
    }
}

impl RenderContext<'_> {
    fn template_variables(&self) -> Postmortem {
        let hurt = self.states.impact_start().is_some();
        let protection_facts = self.protection_facts();
        Postmortem {
            title: self.title(),
            header: self.header(),
            summary: self.section("summary", true),
            impact: self.section("impact", hurt),
            impact_facts: self.impact_facts(),
            states: self.state_chart(),
            metrics: self.metrics_table(),
            timeline: self.timeline(),
            causes: self.causes(),
            protections: self.section("protections", hurt || !protection_facts.is_empty()),
            protection_facts,
            decisions: self.decisions(),
            went_well: self.section("went-well", true),
            went_badly: self.section("went-badly", true),
            lucky: self.section("lucky", false),
            surprises: self.section("surprises", false),
            followups: self.followups(),
            told: self.communications_section(),
            similar: self.similar(),
            ledger: self.ledger(),
            questions: self.questions(),
            journal: self.journal(),
        }
    }

    fn placeholder(&self, what: &str, line: &str) -> String {
        placeholder(what, &with_incident_flag(line, &self.incident_flag))
    }

    /// The prose of `name`; where there is none and it is `wanted`, how to write it.
    fn section(&self, name: &str, wanted: bool) -> String {
        let what = match name {
            "impact" => "what it meant, in a few sentences",
            "protections" => "why the protections did or did not hold",
            "went-well" => "what went well",
            "went-badly" => "what went badly",
            other => other,
        };
        match self.incident.sections.get(name) {
            Some(text) if !text.trim().is_empty() => sanitize_prose(text),
            _ if wanted => self.placeholder(what, &format!("bridgelog write {name}")),
            _ => String::new(),
        }
    }

    fn state_chart(&self) -> String {
        let picture = text_chart(
            self.incident,
            self.states,
            self.time_format,
            self.incident.last_recorded_at,
        );
        if picture.is_empty() {
            let line = "bridgelog log '10:06 fault: WHAT HAPPENED !down'";
            return if self.states.unknown {
                self.placeholder("the state over time", line)
            } else {
                String::new()
            };
        }
        // Text in a code block is not escaped: what looks like our markers must not be one.
        let picture = picture.replace(managed_blocks::MARKER_PREFIX, "<!-- bridgelog :");
        let file = self.image_path.map_or_else(String::new, |file| {
            format!("![The state over time; the same in text below]({file})\n\n")
        });
        format!("{file}```text\n{picture}```")
    }

    /// `10:06`, with the day where the events are of several, and the zone where it changed.
    fn format_event_time(&self, event: &Event) -> String {
        let at = event.at_utc();
        let about = if event.approximate { "about " } else { "" };
        format!(
            "{about}{}",
            self.time_format.time_with_date(at, self.timeline_start())
        )
    }

    /// When the timeline begins.
    fn timeline_start(&self) -> Option<UtcTime> {
        self.incident
            .active_events()
            .next()
            .map(|e| e.value.at_utc())
    }

    /// `text (handle)`, of an event.
    fn text_and_handle(&self, record: &Record<Event>) -> String {
        format!("{} ({})", event_text(&record.value), record.handle)
    }
}

/// What stands for a text that was destroyed. The reason may say what the secret was, so it stays in
/// the history.
const REDACTED_TEXT: &str = "(text redacted)";

/// True where the text was destroyed and nobody has written another since.
fn is_redacted(event: &Event) -> bool {
    event.redacted.is_some() && matches!(event.text.as_str(), "" | "[redacted]")
}

/// What an event says, escaped for anywhere after a line's first word.
fn event_text(event: &Event) -> String {
    let mut out = String::new();
    push_event_text(&mut out, event);
    out
}

/// The same, written at the end of `out`.
fn push_event_text(out: &mut String, event: &Event) {
    let begin = out.len();
    if is_redacted(event) {
        out.push_str(REDACTED_TEXT);
    } else {
        push_escaped_inline(out, &strip_sigils(event));
    }
    let mut more = |label: &str, value: &str| {
        if !event.text.contains(value) {
            out.push_str(if out.len() == begin { "" } else { "; " });
            out.push_str(label);
            push_escaped_inline(out, value);
        }
    };
    if let Some(severity) = &event.severity {
        more("", &severity.to_string());
    }
    if let Some(commander) = &event.commander {
        more("commander ", commander);
    }
}
