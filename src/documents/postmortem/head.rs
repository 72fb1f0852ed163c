//! The head of the postmortem: what it is about, when, and what the document's own status is.

use super::{
    context::{RenderContext, incident_period},
    writer::Writer,
};
use crate::{
    documents::{markdown_escape::one_line, time_format::TimeFormatter},
    domain::{
        count::counted,
        review::{Approval, DocumentStatus},
        time::UtcTime,
    },
};
use chrono::Datelike;

/// The most changes of command that the head lists; of more it has the first and the last.
const MAX_COMMANDERS: usize = 4;

impl RenderContext<'_> {
    pub(super) fn title(&self, w: &mut Writer) {
        match self.incident.title() {
            "" => w.marker("the title", &self.command("bridgelog set title TEXT")),
            title => w.typed(title),
        }
    }

    /// `7`, or the handle of an incident without a number.
    pub(super) fn number(&self) -> String {
        let number = self.incident.number();
        number.map_or_else(|| self.incident.handle.clone(), |n| n.to_string())
    }

    /// The incident's number, severity, days and zone: a line.
    pub(super) fn about(&self, w: &mut Writer) {
        w.plain(&format!("Postmortem of incident {}", self.number()));
        if self.incident.is_drill() {
            w.plain(" · ");
            w.strong("DRILL");
        }
        if let Some(severity) = self.incident.severity() {
            w.plain(" · ");
            w.either("**", "<b>");
            w.typed(&severity.to_string());
            w.either("**", "</b>");
        }
        w.plain(" · ");
        w.plain(&self.incident_days());
        w.plain(" · ");
        self.zone_note(w);
    }

    /// The days from the first trouble, or the declaration, to the end of the trouble.
    fn incident_days(&self) -> String {
        let (from, to) = incident_period(self.incident, self.states);
        if self.incident.is_open() {
            return format!("open since {}", self.time_format.long_date(from));
        }
        let (first, last) = (
            self.time_format.to_local(from),
            self.time_format.to_local(to),
        );
        let until = self.time_format.long_date(to);
        if first.date_naive() == last.date_naive() {
            until
        } else if first.year() == last.year() {
            format!("{} to {until}", first.format("%A, %-d %B"))
        } else {
            format!("{} to {until}", self.time_format.long_date(from))
        }
    }

    /// Names the zone of all times, once.
    fn zone_note(&self, w: &mut Writer) {
        let zone = self.time_format.zone_name();
        if zone == "UTC" {
            return w.plain("times are UTC");
        }
        let (from, to) = incident_period(self.incident, self.states);
        let mut names: Vec<String> = Vec::new();
        for at in TimeFormatter::samples(from, to) {
            let name = self.time_format.abbreviation(at);
            let offset = self.time_format.utc_offset(at);
            // `UTC-03` is the same as `UTC-03:00`.
            let shown = match name.starts_with("UTC") {
                true => offset,
                false => format!("{name} is {offset}"),
            };
            if !names.contains(&shown) {
                names.push(shown);
            }
        }
        w.plain("times are those of ");
        w.typed(zone);
        w.plain(" (");
        w.plain(&names.join(", "));
        w.plain(")");
    }

    /// The status of the document and who is responsible for what: the parts of a line.
    pub(super) fn status(&self, w: &mut Writer) {
        if let Some(what) = &self.incident.unverified {
            w.either("", "<p class=\"warning\">");
            w.strong("Not as it was written:");
            w.plain(" ");
            w.typed(&one_line(what));
            w.plain(". This document may state what was never recorded. ");
            w.command("bridgelog verify");
            w.plain(" names all of it");
            w.either("\\\n", "</p>\n");
        }
        w.either("", "<p>");
        w.either("", "<span>");
        self.document_status(w);
        w.either("", "</span>");
        self.commanders(w);
        for (label, field) in [
            ("Scribe", "scribe"),
            ("Communications", "comms-lead"),
            ("Owner", "owner"),
            ("Authors", "authors"),
            ("Ticket", "ticket"),
            ("Channel", "channel"),
        ] {
            if let Some(value) = self.field(field) {
                self.status_part(w, label, |w| w.typed(value));
            }
        }
        w.either("\n", "</p>\n");
    }

    fn status_part(&self, w: &mut Writer, label: &str, write: impl FnOnce(&mut Writer)) {
        w.either(" · ", " <span>");
        w.plain(label);
        w.plain(": ");
        write(w);
        w.either("", "</span>");
    }

    fn document_status(&self, w: &mut Writer) {
        let newest = self.incident.last_recorded_at;
        let local = self.time_format.to_local(newest);
        let approved = |w: &mut Writer, word: &str, approval: &Approval| {
            w.strong(word);
            w.plain(" by ");
            w.typed(&approval.by);
            let on = self.time_format.to_local(approval.at);
            w.plain(&format!(" on {}", on.format("%a %-d %b %Y")));
            match approval.changed_since {
                0 => {}
                n => w.plain(&format!(
                    ", {} changed since",
                    counted(n, "record", "records")
                )),
            }
        };
        match &self.incident.status {
            DocumentStatus::Draft => w.strong("Draft"),
            DocumentStatus::Reviewed(approval) => approved(w, "Reviewed", approval),
            DocumentStatus::Final(approval) => approved(w, "Final", approval),
        }
        let time = self.time_format.time(newest);
        w.plain(&format!(
            ", records to {} {time}",
            local.format("%a %-d %b %Y")
        ));
    }

    /// Who commanded: the first one, and each later one with the time of the change.
    fn commanders(&self, w: &mut Writer) {
        let mut holders: Vec<(UtcTime, &str)> = Vec::new();
        for record in self.incident.without_merged_declarations() {
            if let Some(name) = record.value.commander.as_deref()
                && holders.last().is_none_or(|(_, last)| *last != name)
            {
                holders.push((record.value.at_utc(), name));
            }
        }
        let count = holders.len();
        if count > MAX_COMMANDERS {
            holders.drain(1..count - 1);
        }
        if holders.is_empty() {
            return;
        }
        self.status_part(w, "Commander", |w| {
            for (i, (at, name)) in holders.iter().enumerate() {
                if i > 0 {
                    if count > MAX_COMMANDERS {
                        w.plain(&format!(", then {} others", count - 2));
                    }
                    w.plain(&format!(", from {}: ", self.moment(*at)));
                }
                w.typed(name);
            }
        });
    }

    /// How many entries there are, who recorded them, which store wrote each chain of them, and where it ended.
    pub(super) fn journal(&self, w: &mut Writer) {
        let incident = self.incident;
        let entries = counted(incident.entry_count, "entry", "entries");
        w.paragraph(|w| {
            w.plain(&format!(
                "This document was made from {entries} of the journal. "
            ));
            w.command("bridgelog verify");
            w.plain(" checks each of them and prints where each chain ends now, to be compared with where it ended here.");
        });
        let authors = incident.active_events().map(|e| e.author.as_str());
        let authors = authors.chain(incident.tasks.iter().map(|t| t.author.as_str()));
        let authors: std::collections::BTreeSet<&str> = authors.collect();
        w.paragraph(|w| {
            w.label("Recorded by");
            w.names(authors);
        });
        w.table("journal", super::columns::JOURNAL, |w| {
            for head in &incident.chain_heads {
                w.row("", "", |w| {
                    w.cell(|w| w.plain(&head.origin.to_string()));
                    w.cell(|w| w.plain(&head.seq.to_string()));
                    w.cell(|w| {
                        w.plain(&head.hash.map_or_else(String::new, |hash| hash.to_string()));
                    });
                });
            }
        });
    }
}
