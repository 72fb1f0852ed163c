//! The postmortem in Markdown: internal, all of the incident, a draft that a person finishes.
//!
//! Each part is written here as finished Markdown; the template says which parts there are, under
//! which headings and in which order. What is missing stands in it as `[[what: the command that
//! fills it in]]`, and what there is nothing to say of is left out.

mod facts;
mod figures;
mod learned;
mod timeline;

use super::{
    DocumentError, Settings,
    band::band,
    clock::Clock,
    engine::{command, missing},
    escape::{cell, one_line, paragraph, push_cell, unsigned},
    parts,
    prose::prose,
};
use crate::domain::{
    event::Event,
    incident::{Incident, Record},
    metrics::Metrics,
    states::States,
};
use minijinja::value::Serde;
use serde::Serialize;
use std::collections::HashMap;
use uuid::Uuid;

/// The variables of the postmortem's template: finished Markdown, empty where there is nothing to
/// say.
#[derive(Debug, Serialize)]
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
    /// The section `questions`, and asks that nobody closed.
    questions: String,
    /// The journal's heads and entry count.
    journal: String,
}

/// What the parts are written from.
struct Source<'a> {
    incident: &'a Incident,
    states: &'a States,
    metrics: &'a Metrics,
    clock: &'a Clock,
    /// The events that link to each id, in timeline order.
    linked: HashMap<Uuid, Vec<&'a Record<Event>>>,
    /// Which incident a command must name: `--incident 7`, or nothing where it is the open one.
    reference: String,
}

/// The postmortem of `incident`, in Markdown.
///
/// What lasts is counted to [`Incident::newest`]. Generated parts stand between markers: see
/// [`parts`].
///
/// # Errors
/// Where the template has a fault, which is named with its file and line.
pub fn postmortem_markdown(
    incident: &Incident,
    settings: &Settings,
) -> Result<String, DocumentError> {
    let states = States::of(incident);
    let metrics = Metrics::of(incident, &states, incident.newest);
    let clock = Clock::new(incident.zone());
    let mut linked: HashMap<Uuid, Vec<&Record<Event>>> = HashMap::new();
    for event in incident.standing() {
        for link in &event.value.links {
            linked.entry(*link).or_default().push(event);
        }
    }
    let source = Source {
        incident,
        states: &states,
        metrics: &metrics,
        clock: &clock,
        linked,
        reference: reference(incident),
    };
    let text = settings.templates.render(
        "postmortem.md.j2",
        Serde(source.postmortem()).into(),
        &source.reference,
    )?;
    let mut sealed = parts::seal(text.trim_end(), &incident.handle)?;
    sealed.push('\n');
    Ok(sealed)
}

/// How a command names `incident`: not at all where it is open, since writing means the open one.
#[must_use]
pub(super) fn reference(incident: &Incident) -> String {
    match incident.number() {
        _ if incident.is_open() => String::new(),
        Some(number) => format!("--incident {number}"),
        None => format!("--incident {}", incident.handle),
    }
}

impl Source<'_> {
    fn postmortem(&self) -> Postmortem {
        let hurt = self.states.impact_start().is_some();
        let protection_facts = self.protection_facts();
        Postmortem {
            title: self.title(),
            header: self.header(),
            summary: self.section("summary", true),
            impact: self.section("impact", hurt),
            impact_facts: self.impact_facts(),
            states: self.picture(),
            metrics: self.figures(),
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
            told: self.told(),
            questions: self.questions(),
            journal: self.journal(),
        }
    }

    fn missing(&self, what: &str, line: &str) -> String {
        missing(what, &command(line, &self.reference))
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
            Some(text) if !text.trim().is_empty() => prose(text),
            _ if wanted => self.missing(what, &format!("bridgelog write {name}")),
            _ => String::new(),
        }
    }

    fn picture(&self) -> String {
        let picture = band(self.incident, self.states, self.clock, self.incident.newest);
        if picture.is_empty() {
            let line = "bridgelog log '10:06 fault: WHAT HAPPENED !down'";
            return if self.states.unknown {
                self.missing("the state over time", line)
            } else {
                String::new()
            };
        }
        // Text in a code block is not escaped: what looks like our markers must not be one.
        let picture = picture.replace(parts::OPENING, "<!-- bridgelog :");
        format!("```text\n{picture}```")
    }

    /// `10:06`, with the day where the events are of several, and the zone where it changed.
    fn time(&self, event: &Event) -> String {
        let at = event.instant();
        let about = if event.approximate { "about " } else { "" };
        format!("{about}{}", self.clock.moment(at, self.first()))
    }

    /// When the timeline begins.
    fn first(&self) -> Option<crate::domain::time::Instant> {
        self.incident.standing().next().map(|e| e.value.instant())
    }

    /// `text (handle)`, of an event.
    fn words_and_handle(&self, record: &Record<Event>) -> String {
        format!("{} ({})", words(&record.value), record.handle)
    }
}

/// What an event says, escaped for anywhere after a line's first word.
fn words(event: &Event) -> String {
    let mut out = String::new();
    push_words(&mut out, event);
    out
}

/// The same, written at the end of `out`.
fn push_words(out: &mut String, event: &Event) {
    let begin = out.len();
    if let Some(reason) = &event.redacted {
        out.push_str("(destroyed: ");
        push_cell(out, reason);
        out.push(')');
    }
    push_cell(out, &unsigned(event));
    let mut more = |label: &str, value: &str| {
        if !event.text.contains(value) {
            out.push_str(if out.len() == begin { "" } else { "; " });
            out.push_str(label);
            push_cell(out, value);
        }
    };
    if let Some(severity) = event.severity {
        more("", &severity.to_string());
    }
    if let Some(commander) = &event.commander {
        more("commander ", commander);
    }
}
