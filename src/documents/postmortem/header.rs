//! The title, the header, the facts of the impact, and the journal's chain heads.

use super::context::RenderContext;
use crate::{
    documents::markdown_escape::{escape_inline, one_line},
    domain::{
        metrics::Metric,
        time::{UtcTime, format_duration},
    },
};
use std::{collections::BTreeSet, fmt::Write};

/// A Markdown list of bold names and values.
#[derive(Default)]
struct FieldList(String);

impl FieldList {
    fn add(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            let _ = writeln!(self.0, "- **{name}:** {text}");
        }
    }
}

/// Formats a metric: `about 3 min`, `42 min so far` if it is ongoing, `–` if it has no value.
pub(super) fn format_metric(metric: &Metric) -> String {
    let Some(seconds) = metric.seconds else {
        return "–".to_owned();
    };
    let about = if metric.approximate && seconds != 0 {
        "about "
    } else {
        ""
    };
    let so_far = if metric.ongoing { " so far" } else { "" };
    let shown = match metric.shown_minutes() {
        Some(0) if seconds != 0 => "less than a minute".to_owned(),
        minutes => format_duration(minutes.map_or(seconds, |minutes| minutes * 60)),
    };
    format!("{about}{shown}{so_far}")
}

impl RenderContext<'_> {
    pub(super) fn title(&self) -> String {
        let incident = self.incident;
        let number = incident
            .number()
            .map_or_else(|| incident.handle.clone(), |n| n.to_string());
        let title = match incident.title() {
            "" => self.placeholder("the title", "bridgelog set title TEXT"),
            title => escape_inline(title),
        };
        format!("Incident {number}: {title}")
    }

    pub(super) fn header(&self) -> String {
        let incident = self.incident;
        let field = |name: &str| incident.fields.get(name).map(|text| escape_inline(text));
        let mut facts = FieldList::default();
        if let Some(what) = &incident.unverified {
            facts.add(
                "Not as it was written",
                &format!(
                    "{}. This document may say what nobody wrote. `bridgelog verify` names all of it",
                    escape_inline(&one_line(what))
                ),
            );
        }
        let newest = incident.last_recorded_at;
        facts.add(
            "Status",
            &format!(
                "draft, from the journal as of {}, {}{}",
                self.time_format.long_date(newest),
                self.time_format.time_with_zone(newest),
                if incident.is_open() {
                    "; the incident is still open"
                } else {
                    ""
                }
            ),
        );
        facts.add(
            "Severity",
            &incident.severity().map_or_else(
                || self.placeholder("the severity", "bridgelog set severity VALUE"),
                |severity| severity.to_string(),
            ),
        );
        let services: Vec<String> = incident
            .service_names()
            .iter()
            .map(|name| {
                match incident
                    .services
                    .get(name)
                    .and_then(|s| s.public_name.as_deref())
                {
                    Some(public) if public != name => {
                        format!(
                            "{} (to customers: {})",
                            escape_inline(name),
                            escape_inline(public)
                        )
                    }
                    _ => escape_inline(name),
                }
            })
            .collect();
        facts.add("Services", &services.join(", "));
        facts.add(
            "Commander",
            &incident.commander().map_or_else(
                || self.placeholder("the commander", "bridgelog set commander NAME"),
                escape_inline,
            ),
        );
        facts.add("Scribe", &field("scribe").unwrap_or_default());
        facts.add("Communications", &field("comms-lead").unwrap_or_default());
        if let Some(declared) = incident.declared() {
            facts.add("Declared", &self.date_and_time(declared));
        }
        if let Some(resolution) = incident.resolution() {
            facts.add("Resolved", &self.date_and_time(resolution.value.at_utc()));
        }
        let authors: BTreeSet<&str> = incident
            .active_events()
            .map(|e| e.author.as_str())
            .chain(incident.tasks.iter().map(|t| t.author.as_str()))
            .collect();
        let authors: Vec<String> = authors.into_iter().map(escape_inline).collect();
        facts.add("Recorded by", &authors.join(", "));
        facts.0
    }

    fn date_and_time(&self, at: UtcTime) -> String {
        format!(
            "{}, {}",
            self.time_format.long_date(at),
            self.time_format.time_with_zone(at)
        )
    }

    pub(super) fn impact_facts(&self) -> String {
        let mut facts = FieldList::default();
        if let Some(impact) = self.metrics.get("impact")
            && let Some((from, _)) = impact.spans.first()
        {
            facts.add("When", &self.format_impact_times(impact, *from));
        } else if self.states.has_unknown_span() {
            let line = "bridgelog log 'WHEN fault: TEXT !STATE'";
            facts.add("When", &self.placeholder("the state", line));
        } else if !self.states.overall.is_empty() {
            facts.add("When", "never: no service was degraded or down");
        }
        if let Some(exposure) = self.metrics.get("exposure")
            && exposure.seconds.is_some_and(|s| s > 0)
        {
            facts.add("At risk before", &format_metric(exposure));
        }
        let field = |name: &str| {
            self.incident
                .fields
                .get(name)
                .map(|text| escape_inline(text))
        };
        let had_impact = self.states.impact_start().is_some();
        match field("scope") {
            Some(scope) => facts.add("Scope", &scope),
            None if had_impact => facts.add(
                "Scope",
                &self.placeholder("who and what was hit", "bridgelog set scope VALUE"),
            ),
            None => {}
        }
        facts.add("Numbers", &field("impact").unwrap_or_default());
        facts.add("Not affected", &field("unaffected").unwrap_or_default());
        facts.add("Data lost", &field("data-loss").unwrap_or_default());
        facts.0
    }

    fn format_impact_times(&self, impact: &Metric, from: UtcTime) -> String {
        let format_span = |(begin, end): &(UtcTime, Option<UtcTime>), near: Option<UtcTime>| {
            let from = self.time_format.time_with_date(*begin, near);
            // If the UTC offset changes, each time has its abbreviation already.
            let zone = if self.time_format.shows_abbreviation() {
                String::new()
            } else {
                format!(" {}", self.time_format.abbreviation(*begin))
            };
            match end {
                Some(end) => format!(
                    "{from} to {}{zone}",
                    self.time_format.time_with_date(*end, Some(*begin))
                ),
                None => {
                    let newest = self.incident.last_recorded_at;
                    let now = self.time_format.time_with_date(newest, Some(*begin));
                    format!("{from}{zone}, still going on at {now}")
                }
            }
        };
        let spans: Vec<String> = impact
            .spans
            .iter()
            .map(|span| format_span(span, Some(from)))
            .collect();
        let total = |name: &str, word: &str| {
            let metric = self.metrics.get(name)?;
            let is_positive = metric.seconds.is_some_and(|s| s > 0);
            is_positive.then(|| format!("{word} {}", format_metric(metric)))
        };
        let totals: Vec<String> = [total("outage", "down"), total("degraded", "degraded")]
            .into_iter()
            .flatten()
            .collect();
        let totals = match totals.as_slice() {
            [_] if self.metrics.get("outage").and_then(|f| f.seconds) > Some(0) => {
                " (down throughout)".to_owned()
            }
            [_] => " (degraded throughout)".to_owned(),
            [] => String::new(),
            _ => format!(" ({})", totals.join(", ")),
        };
        format!(
            "{}, {}{}: {}{totals}",
            self.time_format.long_date(from),
            if impact.approximate { "about " } else { "" },
            spans.join(", and again "),
            format_metric(impact),
        )
    }

    pub(super) fn journal(&self) -> String {
        let incident = self.incident;
        let mut out = format!(
            "This document was made from {} {} of the journal. `{}` checks each of them and prints where \
             each chain stands now, to be compared with where it stood here.\n\n| store | entries | head (SHA-256) |\n|---|---|---|\n",
            incident.entry_count,
            if incident.entry_count == 1 {
                "entry"
            } else {
                "entries"
            },
            "bridgelog verify",
        );
        for head in &incident.chain_heads {
            let hash = head.hash.map_or_else(String::new, |hash| hash.to_string());
            let _ = writeln!(out, "| {} | {} | {hash} |", head.origin, head.seq);
        }
        out
    }

    /// Joins names for a table cell.
    pub(super) fn escaped_names(names: &[String]) -> String {
        let names: Vec<String> = names
            .iter()
            .map(|name| escape_inline(&one_line(name)))
            .collect();
        names.join(", ")
    }
}
