//! The postmortem as one HTML file: without scripts and external resources, and with a
//! Content-Security-Policy that allows only its own style.
//!
//! Timeline, metrics, states and chart are rendered as HTML here; the other sections are converted from
//! their Markdown.

mod states;
mod timeline;

use super::{
    context::{RenderContext, with_context},
    header::format_metric,
    metrics_table::{METRIC_GROUPS, metric_label},
};
use crate::{
    documents::RelatedContext,
    documents::{
        DocumentError, Settings,
        chart::{ChartLayout, svg},
        html::{base64, escaped, linkified, markdown_to_html, with_placeholders},
        markdown_escape::one_line,
        time_format::iso_date,
    },
    domain::{
        document_text,
        incident::Incident,
        metrics::{Metric, MetricPoint},
    },
};
use minijinja::{context, value::Serde};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The variables of the page's template: rendered HTML, empty if there is no content.
#[derive(Debug, Serialize)]
struct HtmlContext {
    /// `Incident 7`.
    name: String,
    title: String,
    /// `Incident 7: AVR Online outage`: the title of the page.
    heading: String,
    /// The day on which impact began, else that of the declaration: `2012-08-16`.
    day: String,
    /// The same day: `Thursday, 16 August 2012`.
    date: String,
    open: bool,
    style: String,
    /// The SHA-256 of `style` in base64, for the Content-Security-Policy.
    style_hash: String,
    /// The most important metrics.
    key_figures: Vec<KeyFigure>,
    /// Status, severity, services, roles, dates and authors.
    header: String,
    summary: String,
    impact: String,
    impact_facts: String,
    /// The state over time, for wide screens and for phones.
    chart_wide: String,
    chart_narrow: String,
    /// The data of the chart as a table.
    chart_table: String,
    metrics: String,
    timeline: String,
    causes: String,
    protections: String,
    protection_facts: String,
    decisions: String,
    went_well: String,
    went_badly: String,
    lucky: String,
    surprises: String,
    followups: String,
    told: String,
    similar: String,
    ledger: String,
    questions: String,
    journal: String,
}

#[derive(Debug, Serialize)]
struct KeyFigure {
    name: &'static str,
    value: String,
    /// When the measured period ended, or why there is no value.
    note: String,
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
    with_context(incident, related, None, |context| {
        let style = settings.templates.render(
            "postmortem.css.j2",
            context! { chart => crate::documents::chart::STYLE },
            &context.incident_flag,
        )?;
        let page = settings.templates.render(
            "postmortem.html.j2",
            Serde(context.html_context(&style)).into(),
            &context.incident_flag,
        )?;
        Ok(document_text::block(&page).into_owned())
    })
}

impl RenderContext<'_> {
    fn html_context(&self, style: &str) -> HtmlContext {
        let incident = self.incident;
        let had_impact = self.states.impact_start().is_some();
        let protection_facts = self.protection_facts();
        let number = incident
            .number()
            .map_or_else(|| incident.handle.clone(), |n| n.to_string());
        let chart = |layout| {
            svg(
                incident,
                self.states,
                self.time_format,
                incident.last_recorded_at,
                layout,
            )
        };
        let start = self
            .states
            .impact_start()
            .map(|span| span.from)
            .or(incident.declared())
            .or(self.timeline_start());
        // The page is cleaned as a whole, so the hash must be that of the cleaned style.
        let style = document_text::block(style).into_owned();
        HtmlContext {
            name: format!("Incident {}", escaped(&number)),
            heading: escaped(&format!(
                "Incident {number}: {}",
                one_line(incident.title())
            )),
            title: match incident.title() {
                "" => with_placeholders(&self.placeholder("the title", "bridgelog set title TEXT")),
                title => escaped(&one_line(title)),
            },
            day: start.map_or_else(String::new, |at| iso_date(self.time_format.to_local(at))),
            date: start.map_or_else(String::new, |at| self.time_format.long_date(at)),
            open: incident.is_open(),
            style_hash: base64(&Sha256::digest(style.as_bytes())),
            style,
            key_figures: self.key_figures(),
            header: markdown_to_html(&self.header()),
            summary: self.section_html("summary", true),
            impact: self.section_html("impact", had_impact),
            impact_facts: markdown_to_html(&self.impact_facts()),
            chart_wide: chart(ChartLayout::Wide),
            chart_narrow: chart(ChartLayout::Narrow),
            chart_table: self.states_html_table(),
            metrics: self.metrics_html_table(),
            timeline: self.timeline_html_table(),
            causes: markdown_to_html(&self.causes()),
            protections: self
                .section_html("protections", had_impact || !protection_facts.is_empty()),
            protection_facts: markdown_to_html(&protection_facts),
            decisions: markdown_to_html(&self.decisions()),
            went_well: self.section_html("went-well", true),
            went_badly: self.section_html("went-badly", true),
            lucky: self.section_html("lucky", false),
            surprises: self.section_html("surprises", false),
            followups: markdown_to_html(&self.followups()),
            told: markdown_to_html(&self.communications_section()),
            similar: markdown_to_html(&self.similar()),
            ledger: markdown_to_html(&self.ledger()),
            questions: markdown_to_html(&self.questions()),
            journal: markdown_to_html(&self.journal()),
        }
    }

    fn section_html(&self, name: &str, required: bool) -> String {
        markdown_to_html(&self.section(name, required))
    }

    fn key_figures(&self) -> Vec<KeyFigure> {
        let metrics = [
            ("impact", "Customers were hurt for"),
            ("time_to_detect", "Detected after"),
            ("time_to_restore", "Restored after"),
            ("time_to_first_update", "Customers first told after"),
        ];
        let figure = |(key, name): (&str, &'static str)| {
            let figure = self.metrics.get(key)?;
            let note = match (&figure.to, &figure.reason) {
                (_, Some(reason)) => linkified(reason),
                (Some(to), None) if key != "impact" => {
                    format!(
                        "at {}",
                        self.time_format
                            .time_with_date(to.at, self.timeline_start())
                    )
                }
                _ => String::new(),
            };
            Some(KeyFigure {
                name,
                value: format_metric(figure),
                note,
            })
        };
        metrics.into_iter().filter_map(figure).collect()
    }

    /// Returns the table of metrics, each with its formula.
    fn metrics_html_table(&self) -> String {
        let mut out = String::from(
            "<table class=\"figures cards\">\n<thead><tr><th scope=\"col\">Figure</th>\
             <th scope=\"col\">Value</th><th scope=\"col\">From</th><th scope=\"col\">To</th>\
             <th scope=\"col\">How it is counted</th></tr></thead>\n",
        );
        let mut missing: Vec<String> = Vec::new();
        for (group, names) in METRIC_GROUPS {
            let mut rows = String::new();
            for figure in names.iter().filter_map(|name| self.metrics.get(name)) {
                let reason = figure.reason.as_deref().map_or_else(String::new, linkified);
                if figure.seconds.is_none() {
                    missing.push(format!("{} ({reason})", metric_label(figure.name)));
                    continue;
                }
                let note = match reason.as_str() {
                    "" => String::new(),
                    reason => format!(" <small>{reason}</small>"),
                };
                let _ = writeln!(
                    rows,
                    "<tr><th scope=\"row\">{}</th><td data-name=\"Value\"><b>{}</b>{note}</td>\
                     <td data-name=\"From\">{}</td><td data-name=\"To\">{}</td>\
                     <td data-name=\"Counted as\">{}</td></tr>",
                    metric_label(figure.name),
                    format_metric(figure),
                    self.linked_point(figure.from.as_ref()),
                    self.linked_point(figure.to.as_ref()),
                    escaped(figure.formula)
                );
            }
            if !rows.is_empty() {
                let _ = write!(
                    out,
                    "<tbody><tr class=\"group\"><th colspan=\"5\" scope=\"rowgroup\">{group}</th></tr>\n{rows}</tbody>\n"
                );
            }
        }
        out.push_str("</table>\n");
        if !missing.is_empty() {
            let _ = writeln!(out, "<p>Cannot be given: {}.</p>", missing.join("; "));
        }
        out.push_str(&self.service_metrics_html_table());
        out
    }

    /// Returns a table of each service's totals; empty if there are fewer than two services.
    fn service_metrics_html_table(&self) -> String {
        const SHOWN: [&str; 5] = ["time_to_restore", "at_risk", "degraded", "outage", "impact"];
        if !self.metrics.has_several_services {
            return String::new();
        }
        let mut out =
            String::from("<table class=\"cards\">\n<thead><tr><th scope=\"col\">Service</th>");
        for name in SHOWN {
            let _ = write!(out, "<th scope=\"col\">{}</th>", metric_label(name));
        }
        out.push_str("</tr></thead>\n<tbody>\n");
        for (service, figures) in &self.metrics.services {
            let _ = write!(out, "<tr><th scope=\"row\">{}</th>", linkified(service));
            for name in SHOWN {
                let figure: Option<&Metric> = figures.iter().find(|f| f.name == name);
                let _ = write!(
                    out,
                    "<td data-name=\"{}\">{}</td>",
                    metric_label(name),
                    figure.map_or_else(String::new, format_metric)
                );
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</tbody></table>\n");
        out
    }

    /// Formats the time of one end of a metric, as a link to the event's row in the timeline.
    fn linked_point(&self, point: Option<&MetricPoint>) -> String {
        point.map_or_else(String::new, |p| {
            let time = self.time_format.time_with_date(p.at, self.timeline_start());
            let is_event = self.incident.active_events().any(|e| e.handle == p.event);
            if is_event {
                format!("<a href=\"#{}\">{time}</a>", escaped(&p.event))
            } else {
                time
            }
        })
    }
}
