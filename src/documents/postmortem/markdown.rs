//! The postmortem as Markdown: the variables of its template, and the functions that render it.

use super::context::{RenderContext, with_context};
use crate::{
    documents::{
        DocumentError, RelatedContext, Settings, managed_blocks,
        markdown_escape::{escape_inline, escape_line},
        picture::{MarkdownTable, Picture},
        template_variable::{Variable, documented},
    },
    domain::incident::Incident,
};
use minijinja::value::Serde;
use std::fmt::Write;

documented! {
    /// The variables of the postmortem's template: rendered Markdown, empty if there is no content. The
    /// doc comments are shown by `templates show`.
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

pub(in crate::documents) const VARIABLES: &[Variable] = Postmortem::VARIABLES;

/// Renders the postmortem of `incident` as Markdown, without anything about other incidents.
///
/// # Errors
/// As [`postmortem_markdown_with_related`].
pub fn postmortem_markdown(
    incident: &Incident,
    settings: &Settings,
) -> Result<String, DocumentError> {
    postmortem_markdown_with_related(incident, settings, &RelatedContext::default())
}

/// Renders the postmortem of `incident` as Markdown, with `related` about other incidents.
///
/// Ongoing durations end at [`Incident::last_recorded_at`]. Generated sections are enclosed in markers:
/// see [`managed_blocks`].
///
/// # Errors
/// [`DocumentError::Template`] with the template's file and line, or [`DocumentError::ManagedBlocks`] if
/// the template writes invalid markers.
pub fn postmortem_markdown_with_related(
    incident: &Incident,
    settings: &Settings,
    related: &RelatedContext,
) -> Result<String, DocumentError> {
    postmortem_markdown_with_image(incident, settings, related, None)
}

/// Renders the postmortem as [`postmortem_markdown_with_related`] does, with a link to an image of the
/// chart (see [`state_chart_svg`](crate::documents::state_chart_svg)) at the relative URL `image_path`.
///
/// # Errors
/// As [`postmortem_markdown_with_related`].
pub fn postmortem_markdown_with_image(
    incident: &Incident,
    settings: &Settings,
    related: &RelatedContext,
    image_path: Option<&str>,
) -> Result<String, DocumentError> {
    with_context(incident, related, image_path, |context| {
        let text = settings.templates.render(
            "postmortem.md.j2",
            Serde(context.template_variables()).into(),
            &context.incident_flag,
        )?;
        let mut document = managed_blocks::add_checksums(text.trim_end(), &incident.handle)?;
        document.push('\n');
        Ok(document)
    })
}

impl RenderContext<'_> {
    pub(super) fn template_variables(&self) -> Postmortem {
        let had_impact = self.states.impact_start().is_some();
        let protection_facts = self.protection_facts();
        Postmortem {
            title: self.title(),
            header: self.header(),
            summary: self.section("summary", true),
            impact: self.section("impact", had_impact),
            impact_facts: self.impact_facts(),
            states: self.state_chart(),
            metrics: self.metrics_table(),
            timeline: self.timeline(),
            causes: self.causes(),
            protections: self.section("protections", had_impact || !protection_facts.is_empty()),
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
        let picture = Picture::new(self.incident, self.states, self.metrics, self.time_format);
        let Some(picture) = picture else {
            return String::new();
        };
        let mut out = String::new();
        push_table(&mut out, &picture.markdown_table());
        out.push('\n');
        for fact in picture.totals() {
            let value = escape_inline(&fact.value);
            let _ = writeln!(out, "- **{}:** {value}", fact.label);
        }
        if !picture.not_hit().is_empty() {
            let names = escape_inline(&picture.not_hit().join(", "));
            let _ = writeln!(out, "- **Not hit:** {names}");
        }
        if !out.ends_with("\n\n") {
            out.push('\n');
        }
        if let Some(file) = self.image_path {
            let alt = "The state over time; the same in text below";
            let _ = writeln!(out, "![{alt}]({file})\n");
        }
        // Text in a code block is not escaped, so text that looks like a marker is broken up.
        let chart = picture.text();
        let chart = chart.replace(managed_blocks::MARKER_PREFIX, "<!-- bridgelog :");
        let _ = writeln!(out, "```text\n{chart}```");
        for line in picture.milestone_lines() {
            let _ = write!(out, "\n{}  ", escape_line(&line));
        }
        if let Some(all) = picture.all_services_markdown() {
            out.push_str("\n\nAll services:\n\n");
            push_table(&mut out, &all);
        }
        out.trim_end().to_owned()
    }
}

fn push_table(out: &mut String, table: &MarkdownTable) {
    let left = table.head.len() - table.figures;
    let rule = ["---"].repeat(left).into_iter();
    let rule: Vec<&str> = rule.chain(["---:"].repeat(table.figures)).collect();
    let _ = writeln!(
        out,
        "| {} |\n| {} |",
        table.head.join(" | "),
        rule.join(" | ")
    );
    for row in &table.rows {
        let cells: Vec<String> = row
            .iter()
            .zip(&table.bold)
            .map(|(cell, bold)| match (escape_inline(cell), bold) {
                (cell, true) if cell != "–" => format!("**{cell}**"),
                (cell, _) => cell,
            })
            .collect();
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
}
