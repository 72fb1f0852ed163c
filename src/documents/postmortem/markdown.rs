//! The postmortem as Markdown: the variables of its template, and the functions that render it.

use super::context::{RenderContext, with_context};
use crate::{
    documents::{
        DocumentError, RelatedContext, Settings, managed_blocks,
        template_variable::{Variable, documented},
        text_chart::text_chart,
    },
    domain::incident::Incident,
};
use minijinja::value::Serde;

documented! {
    /// The variables of the postmortem's template: finished Markdown, empty where there is nothing to
    /// say.
    pub(super) struct Postmortem {
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
pub(in crate::documents) const VARIABLES: &[Variable] = Postmortem::VARIABLES;

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

impl RenderContext<'_> {
    pub(super) fn template_variables(&self) -> Postmortem {
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
}
