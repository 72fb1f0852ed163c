//! Renders the postmortem with its templates. Both forms have the same variables, which the functions
//! of the other files write.

use super::{
    changes::MAX_ON_PAGE_ONE,
    context::{RenderContext, with_context},
    writer::{Form, Writer},
};
use crate::{
    documents::{
        DocumentError, RelatedContext, Settings,
        html::{base64, escaped},
        managed_blocks,
        markdown_escape::escape_inline,
        markdown_escape::one_line,
        picture::{self, MarkdownTable, Picture},
        template_variable::{Variable, documented},
    },
    domain::{document_text, incident::Incident},
};
use minijinja::{context, value::Serde};
use sha2::{Digest, Sha256};

documented! {
    /// The variables of the postmortem's templates: rendered Markdown or HTML, empty if there is no
    /// content. The doc comments are shown by `templates show`.
    pub(super) struct Postmortem {
        /// `AVR Online outage`.
        title: String,
        /// Number, severity, days, zone: a line.
        about: String,
        /// Status of the document, commander, owner, authors: a line.
        status: String,
        /// The section `summary`.
        summary: String,
        /// The services that were hit, with from, to and the time in each state: a table, which in HTML
        /// is the picture.
        hit: String,
        /// Totals over all services, who was hit, numbers, data: a list.
        hit_facts: String,
        /// Trigger, cause, resolution, detection: a list.
        why: String,
        /// The number of follow-up actions in each state.
        change_counts: String,
        /// The first follow-up actions: a table.
        changes: String,
        /// Open asks and questions, and what is not recorded: a list.
        not_known: String,
        /// The states over time as text. Empty in HTML, where `hit` shows them.
        states: String,
        /// The section `impact`.
        impact: String,
        /// Causes and contributing factors: a list.
        causes: String,
        /// The section `protections`, and each fault that one caught: a list.
        protections: String,
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
        /// Follow-up actions: a table.
        followups: String,
        /// What happened when: a table for each day.
        timeline: String,
        /// Files and links of the events: a list, which in HTML shows images and texts.
        attachments: String,
        /// The messages to customers and others, with time and audience: a table.
        told: String,
        /// Earlier incidents that began alike, what was decided then, and their open actions: a list.
        seen_before: String,
        /// Earlier incidents with a service or a tag in common, and their open actions: a list.
        similar: String,
        /// Outages that did not happen: a table.
        ledger: String,
        /// All services, if `hit` has only the first ones: a table.
        all_services: String,
        /// The figures with their formulas: a table.
        figures: String,
        /// The journal's heads and entry count.
        journal: String,
        /// In HTML the title of the page, as text; else empty.
        page_title: String,
        /// In HTML the style of the page; else empty.
        style: String,
        /// In HTML the SHA-256 of `style` in base64, for the Content-Security-Policy; else empty.
        style_hash: String,
    }
}

/// The heading of the picture, which stands in its caption.
const HIT_HEADING: &str = "Whom it hit, for how long";

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
    with_context(incident, related, |context| {
        let text = settings.templates.render(
            "postmortem.md.j2",
            Serde(context.variables(Form::Markdown, image_path, String::new())).into(),
            &context.command_names,
        )?;
        let mut document = managed_blocks::add_checksums(text.trim_end(), &incident.handle)?;
        document.push('\n');
        Ok(document)
    })
}

/// Renders the postmortem of `incident` as one HTML file, without unsafe characters.
///
/// # Errors
/// [`DocumentError::Template`] with the template's file and line.
pub fn postmortem_html(
    incident: &Incident,
    settings: &Settings,
    related: &RelatedContext,
) -> Result<String, DocumentError> {
    with_context(incident, related, |context| {
        let style = settings.templates.render(
            "postmortem.css.j2",
            context! { picture => picture::STYLE },
            &context.command_names,
        )?;
        // The page is sanitized as a whole, so the hash must be that of the sanitized style.
        let style = document_text::block(&style).into_owned();
        let page = settings.templates.render(
            "postmortem.html.j2",
            Serde(context.variables(Form::Html, None, style)).into(),
            &context.command_names,
        )?;
        Ok(document_text::block(&page).into_owned())
    })
}

impl RenderContext<'_> {
    fn variables(&self, form: Form, image_path: Option<&str>, style: String) -> Postmortem {
        let write = |section: &dyn Fn(&Self, &mut Writer)| {
            let mut writer = Writer::new(form);
            section(self, &mut writer);
            writer.finish()
        };
        let picture = Picture::new(self.incident, self.states, self.metrics, self.time_format);
        let picture = picture.as_ref();
        let is_html = form == Form::Html;
        let room = match picture.map_or(0, Picture::left_out) {
            0 => MAX_ON_PAGE_ONE,
            _ => MAX_ON_PAGE_ONE - 1,
        };
        let shown = self.followups_on_page_one(room);
        let page_title = format!(
            "Postmortem {}: {}",
            self.number(),
            one_line(self.incident.title())
        );
        let style_hash = base64(&Sha256::digest(style.as_bytes()));
        Postmortem {
            title: write(&Self::title),
            about: write(&Self::about),
            status: write(&Self::status),
            summary: write(&|c, w| c.required_section(w, "summary", "summary")),
            hit: picture.map_or_else(String::new, |picture| match form {
                Form::Html => picture.html(HIT_HEADING),
                Form::Markdown => markdown_table(&picture.markdown_table()),
            }),
            hit_facts: write(&|c, w| {
                if let (Some(picture), Form::Markdown) = (picture, form) {
                    if picture.left_out() > 0 {
                        let count = picture.left_out();
                        w.fact("More services", |w| {
                            w.plain(&format!("[{count} more below](#all-services)"));
                        });
                    }
                    for fact in picture.totals() {
                        w.fact(&fact.label, |w| w.typed(&fact.value));
                    }
                }
                c.hit_facts(w, picture.map_or(&[], Picture::not_hit));
            }),
            why: write(&Self::why),
            change_counts: write(&|c, w| c.followup_counts(w, shown)),
            changes: write(&|c, w| c.main_followups(w, shown)),
            not_known: write(&Self::not_known),
            states: match (picture, form) {
                (Some(picture), Form::Markdown) => states_block(picture, image_path),
                _ => String::new(),
            },
            impact: write(&|c, w| c.optional_section(w, "impact")),
            causes: write(&Self::causes),
            protections: write(&Self::protections),
            decisions: write(&Self::decisions),
            went_well: write(&|c, w| c.required_section(w, "went-well", "what went well")),
            went_badly: write(&|c, w| c.required_section(w, "went-badly", "what went badly")),
            lucky: write(&|c, w| c.optional_section(w, "lucky")),
            surprises: write(&|c, w| c.optional_section(w, "surprises")),
            followups: write(&Self::followups),
            timeline: write(&Self::timeline),
            attachments: write(&Self::attachments),
            told: write(&Self::messages),
            seen_before: write(&Self::seen_before),
            similar: write(&Self::similar),
            ledger: write(&Self::ledger),
            all_services: picture
                .and_then(|picture| match form {
                    Form::Html => picture.all_services_html(),
                    Form::Markdown => picture.all_services_markdown().map(|t| markdown_table(&t)),
                })
                .unwrap_or_default(),
            figures: write(&Self::figures),
            journal: write(&Self::journal),
            page_title: if is_html {
                escaped(&page_title)
            } else {
                String::new()
            },
            style_hash: if is_html { style_hash } else { String::new() },
            style,
        }
    }

    fn optional_section(&self, w: &mut Writer, name: &str) {
        if let Some(text) = self.section(name) {
            w.prose(text);
        }
    }

    /// The prose of the section `name`, or a marker for `what` with the command that writes it.
    fn required_section(&self, w: &mut Writer, name: &str, what: &str) {
        match self.section(name) {
            Some(text) => w.prose(text),
            None => w.paragraph(|w| {
                w.marker(what, &self.command(&format!("bridgelog write {name}")));
            }),
        }
    }
}

/// The text form of the picture, after a link to its image if there is one.
fn states_block(picture: &Picture, image_path: Option<&str>) -> String {
    // Text in a code block is not escaped, so text that looks like a marker is broken up.
    let text = picture
        .text()
        .replace(managed_blocks::MARKER_PREFIX, "<!-- bridgelog :");
    let image = image_path.map_or_else(String::new, |path| {
        format!("![The states over time; the same in text below]({path})\n\n")
    });
    let milestones = picture.milestone_lines().join("\\\n");
    format!("{image}```text\n{text}```\n\n{milestones}")
}

/// Renders a table of plain text.
fn markdown_table(table: &MarkdownTable) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut out = line(table.head.iter().map(|name| escape_inline(name)).collect());
    let plain = table.head.len() - table.figures;
    out.push('|');
    for column in 0..table.head.len() {
        out.push_str(if column < plain { "---|" } else { "---:|" });
    }
    out.push('\n');
    for row in &table.rows {
        let cells = row.iter().zip(&table.bold).map(|(cell, bold)| {
            let cell = escape_inline(cell);
            match bold {
                true if cell != "–" => format!("**{cell}**"),
                _ => cell,
            }
        });
        out.push_str(&line(cells.collect()));
    }
    out.truncate(out.trim_end().len());
    out
}
