//! The postmortem as one HTML file: no script, nothing fetched, and a Content-Security-Policy that
//! lets through its own style and nothing else.
//!
//! What is long or looked at first (timeline, figures, picture) is written here; the rest is the
//! Markdown of the other parts, through the filter.

mod states;
mod timeline;

use super::{Source, facts::value, figures::GROUPS, figures::words, with_source};
use crate::{
    documents::Around,
    documents::{
        DocumentError, Settings,
        chart::{Shape, svg},
        clock::iso_day,
        escape::one_line,
        html::{base64, escaped, markdown, marked, typed},
    },
    domain::{
        incident::Incident,
        metrics::{Metric, MetricPoint},
        sanitize,
    },
};
use minijinja::{context, value::Serde};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The variables of the page's template: finished HTML, empty where there is nothing to say.
#[derive(Debug, Serialize)]
struct Page {
    /// `Incident 7`.
    name: String,
    /// What happened, in a few words.
    title: String,
    /// Both, as text: what a browser calls the page.
    heading: String,
    /// The day it began: `2012-08-16`.
    day: String,
    /// The same as people say it: `Thursday, 16 August 2012`.
    date: String,
    /// True until it is resolved.
    open: bool,
    /// The style of the page.
    style: String,
    /// The SHA-256 of that style in base64, for the Content-Security-Policy.
    style_hash: String,
    /// The figures that are asked for first.
    key_figures: Vec<KeyFigure>,
    /// Severity, services, who did what, dates, status, authors.
    header: String,
    summary: String,
    impact: String,
    impact_facts: String,
    /// The state over time, for a page and for a telephone.
    chart_wide: String,
    chart_narrow: String,
    /// What the chart shows, as a table.
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
    /// When it ended, or why there is none.
    note: String,
}

/// The postmortem of `incident` as one HTML file, safe to show.
///
/// # Errors
/// Where a template has a fault, which is named with its file and line.
pub fn postmortem_html(
    incident: &Incident,
    settings: &Settings,
    around: &Around,
) -> Result<String, DocumentError> {
    with_source(incident, around, None, |source| {
        let style = settings.templates.render(
            "postmortem.css.j2",
            context! { chart => crate::documents::chart::STYLE },
            &source.reference,
        )?;
        let page = settings.templates.render(
            "postmortem.html.j2",
            Serde(source.page(&style)).into(),
            &source.reference,
        )?;
        Ok(sanitize::block(&page).into_owned())
    })
}

impl Source<'_> {
    fn page(&self, style: &str) -> Page {
        let incident = self.incident;
        let hurt = self.states.impact_start().is_some();
        let protection_facts = self.protection_facts();
        let number = incident
            .number()
            .map_or_else(|| incident.handle.clone(), |n| n.to_string());
        let picture = |shape| {
            svg(
                incident,
                self.states,
                self.clock,
                incident.last_recorded_at,
                shape,
            )
        };
        let began = self
            .states
            .impact_start()
            .map(|span| span.from)
            .or(incident.declared())
            .or(self.first());
        // The hash must be that of the style as a browser reads it.
        let style = sanitize::block(style).into_owned();
        Page {
            name: format!("Incident {}", escaped(&number)),
            heading: escaped(&format!(
                "Incident {number}: {}",
                one_line(incident.title())
            )),
            title: match incident.title() {
                "" => marked(&self.missing("the title", "bridgelog set title 'WHAT HAPPENED'")),
                title => escaped(&one_line(title)),
            },
            day: began.map_or_else(String::new, |at| iso_day(self.clock.stamp(at))),
            date: began.map_or_else(String::new, |at| self.clock.date(at)),
            open: incident.is_open(),
            style_hash: base64(&Sha256::digest(style.as_bytes())),
            style,
            key_figures: self.key_figures(),
            header: markdown(&self.header()),
            summary: self.prose("summary", true),
            impact: self.prose("impact", hurt),
            impact_facts: markdown(&self.impact_facts()),
            chart_wide: picture(Shape::Wide),
            chart_narrow: picture(Shape::Narrow),
            chart_table: self.states_table(),
            metrics: self.figures_table(),
            timeline: self.timeline_table(),
            causes: markdown(&self.causes()),
            protections: self.prose("protections", hurt || !protection_facts.is_empty()),
            protection_facts: markdown(&protection_facts),
            decisions: markdown(&self.decisions()),
            went_well: self.prose("went-well", true),
            went_badly: self.prose("went-badly", true),
            lucky: self.prose("lucky", false),
            surprises: self.prose("surprises", false),
            followups: markdown(&self.followups()),
            told: markdown(&self.told()),
            similar: markdown(&self.similar()),
            ledger: markdown(&self.ledger()),
            questions: markdown(&self.questions()),
            journal: markdown(&self.journal()),
        }
    }

    fn prose(&self, name: &str, wanted: bool) -> String {
        markdown(&self.section(name, wanted))
    }

    fn key_figures(&self) -> Vec<KeyFigure> {
        let named = [
            ("impact", "Customers were hurt for"),
            ("time_to_detect", "Detected after"),
            ("time_to_restore", "Restored after"),
            ("time_to_first_update", "Customers first told after"),
        ];
        let figure = |(key, name): (&str, &'static str)| {
            let figure = self.metrics.get(key)?;
            let note = match (&figure.to, &figure.reason) {
                (_, Some(reason)) => typed(reason),
                (Some(to), None) if key != "impact" => {
                    format!("at {}", self.clock.moment(to.at, self.first()))
                }
                _ => String::new(),
            };
            Some(KeyFigure {
                name,
                value: value(figure),
                note,
            })
        };
        named.into_iter().filter_map(figure).collect()
    }

    /// The figures, each with its formula.
    fn figures_table(&self) -> String {
        let mut out = String::from(
            "<table class=\"figures cards\">\n<thead><tr><th scope=\"col\">Figure</th>\
             <th scope=\"col\">Value</th><th scope=\"col\">From</th><th scope=\"col\">To</th>\
             <th scope=\"col\">How it is counted</th></tr></thead>\n",
        );
        let mut missing: Vec<String> = Vec::new();
        for (group, names) in GROUPS {
            let mut rows = String::new();
            for figure in names.iter().filter_map(|name| self.metrics.get(name)) {
                let reason = figure.reason.as_deref().map_or_else(String::new, typed);
                if figure.seconds.is_none() {
                    missing.push(format!("{} ({reason})", words(figure.name)));
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
                    words(figure.name),
                    value(figure),
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
        out.push_str(&self.service_figures_table());
        out
    }

    /// Each service's totals, where there are several.
    fn service_figures_table(&self) -> String {
        const SHOWN: [&str; 5] = ["time_to_restore", "at_risk", "degraded", "outage", "impact"];
        if self.metrics.services.len() < 2 {
            return String::new();
        }
        let mut out =
            String::from("<table class=\"cards\">\n<thead><tr><th scope=\"col\">Service</th>");
        for name in SHOWN {
            let _ = write!(out, "<th scope=\"col\">{}</th>", words(name));
        }
        out.push_str("</tr></thead>\n<tbody>\n");
        for (service, figures) in &self.metrics.services {
            let _ = write!(out, "<tr><th scope=\"row\">{}</th>", typed(service));
            for name in SHOWN {
                let figure: Option<&Metric> = figures.iter().find(|f| f.name == name);
                let _ = write!(
                    out,
                    "<td data-name=\"{}\">{}</td>",
                    words(name),
                    figure.map_or_else(String::new, value)
                );
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</tbody></table>\n");
        out
    }

    /// A moment, which leads to its row in the timeline.
    fn linked_point(&self, point: Option<&MetricPoint>) -> String {
        point.map_or_else(String::new, |p| {
            let moment = self.clock.moment(p.at, self.first());
            let is_event = self.incident.active_events().any(|e| e.handle == p.event);
            if is_event {
                format!("<a href=\"#{}\">{moment}</a>", escaped(&p.event))
            } else {
                moment
            }
        })
    }
}
