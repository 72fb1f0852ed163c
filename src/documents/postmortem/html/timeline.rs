//! The timeline in HTML: one table for each day. The class of a row is the incident's state.

use crate::documents::postmortem::context::{REDACTED_TEXT, RenderContext};
use crate::{
    documents::{
        html::{linkified, push_escaped, push_linkified, with_placeholders},
        markdown_escape::{one_line, strip_sigils},
        time_format::push_time,
    },
    domain::{
        event::Event,
        incident::Record,
        words::{Kind, State},
    },
};
use std::{
    collections::{BTreeSet, HashMap},
    fmt::Write,
};
use uuid::Uuid;

const TABLE_HEAD: &str = "<table class=\"timeline\">\n<thead><tr><th scope=\"col\">Time</th>\
    <th scope=\"col\">Kind</th><th scope=\"col\">What happened</th><th scope=\"col\">State</th>\
    <th scope=\"col\">By</th><th scope=\"col\">Ref</th></tr></thead>\n<tbody>\n";

/// What all rows have in common.
struct RowOptions {
    /// False if the zone's abbreviation differs between the first and the last event, so that each time is
    /// shown with its own.
    single_abbreviation: bool,
    state_by_event: HashMap<Uuid, State>,
}

impl RenderContext<'_> {
    pub(super) fn timeline_html_table(&self) -> String {
        let mut active = self.incident.active_events();
        let Some(first) = active.next().map(|e| e.value.at_utc()) else {
            let line = "bridgelog log 'WHEN fault: TEXT !STATE'";
            return format!(
                "<p>{}</p>",
                with_placeholders(&self.placeholder("what happened", line))
            );
        };
        let last = active.next_back().map_or(first, |e| e.value.at_utc());
        let names: BTreeSet<String> = [first, last]
            .map(|at| self.time_format.abbreviation(at))
            .into();
        let options = RowOptions {
            single_abbreviation: names.len() == 1,
            state_by_event: self.states.started_states(),
        };
        let names: Vec<String> = names.into_iter().collect();
        let mut out = String::with_capacity(self.incident.events.len() * 288);
        let _ = write!(
            out,
            "<p>Times are those of {} ({}",
            linkified(self.time_format.zone_name()),
            names.join(" and ")
        );
        if options.single_abbreviation {
            let _ = write!(out, ", {}", self.time_format.utc_offset(first));
        }
        out.push_str(").</p>\n");
        let mut day = None;
        for record in self.incident.active_events() {
            let stamp = self.time_format.to_local(record.value.at_utc());
            if day != Some(stamp.date_naive()) {
                if day.is_some() {
                    out.push_str("</tbody></table>\n");
                }
                day = Some(stamp.date_naive());
                let _ = writeln!(out, "<h3>{}</h3>", stamp.format("%A, %-d %B %Y"));
                out.push_str(TABLE_HEAD);
            }
            self.push_html_row(&mut out, record, &options);
        }
        out.push_str("</tbody></table>\n");
        let retracted = self
            .incident
            .events
            .iter()
            .filter(|e| !e.is_active())
            .count();
        if retracted > 0 {
            let events = if retracted == 1 {
                "event is"
            } else {
                "events are"
            };
            let _ = writeln!(out, "<p>{retracted} retracted {events} left out.</p>");
        }
        out
    }

    fn push_html_row(&self, out: &mut String, record: &Record<Event>, options: &RowOptions) {
        let event = &record.value;
        let at = event.at_utc();
        let state = self.states.state_at(at).map_or("", State::as_str);
        let handle = record.handle.as_str();
        let _ = write!(out, "<tr class=\"{state}\" id=\"{handle}\"><td>");
        out.push_str(if event.approximate { "about " } else { "" });
        push_time(out, self.time_format.to_local(at));
        if let Some(end) = event.end_utc() {
            let same_day = self.time_format.local_date(end) == self.time_format.local_date(at);
            out.push_str(if same_day { "–" } else { " – " });
            out.push_str(&self.time_format.time_with_date(end, Some(at)));
        }
        if !options.single_abbreviation {
            out.push(' ');
            out.push_str(&self.time_format.abbreviation(at));
        }
        out.push_str(if is_milestone(&event.kind) {
            "</td><td><b>"
        } else {
            "</td><td>"
        });
        push_linkified(out, event.kind.as_str());
        if is_milestone(&event.kind) {
            out.push_str("</b>");
        }
        if let Some(audience) = &event.audience {
            out.push_str(" to ");
            push_linkified(out, audience);
        }
        out.push_str("</td><td>");
        push_event_html(out, event);
        push_unmentioned_names(out, event);
        if record.amended {
            out.push_str(" <small>amended</small>");
        }
        if record.conflicts > 0 {
            let _ = write!(
                out,
                " <small>in conflict with {} other {}: <code>bridgelog history {handle}</code></small>",
                record.conflicts,
                if record.conflicts == 1 {
                    "version"
                } else {
                    "versions"
                },
            );
        }
        out.push_str("</td><td>");
        if let Some(event_state) = options.state_by_event.get(&record.id) {
            let _ = write!(out, "<span class=\"state {event_state}\">");
            push_escaped(out, event.state_label(*event_state));
            out.push_str("</span>");
        }
        out.push_str("</td><td>");
        push_linkified(out, &record.author);
        let _ = writeln!(out, "</td><td>{handle}</td></tr>");
    }
}

/// Appends the text of an event, with its severity and commander unless the text contains them. The
/// reason of a redaction is never shown: it may repeat the secret.
fn push_event_html(out: &mut String, event: &Event) {
    let start = out.len();
    if event.redacted.is_some() && event.text.is_empty() {
        out.push_str(REDACTED_TEXT);
    }
    push_linkified(out, &strip_sigils(event));
    let mut more = |text: String, value: &str| {
        if !event.text.contains(value) {
            out.push_str(if out.len() == start { "" } else { "; " });
            out.push_str(&text);
        }
    };
    if let Some(severity) = &event.severity {
        more(severity.to_string(), &severity.to_string());
    }
    if let Some(commander) = &event.commander {
        more(format!("commander {}", linkified(commander)), commander);
    }
}

/// Appends the services and tags that the event's text does not contain.
fn push_unmentioned_names(out: &mut String, event: &Event) {
    let mut unmentioned = event
        .services
        .iter()
        .chain(&event.tags)
        .filter(|name| !event.text.contains(*name))
        .peekable();
    if unmentioned.peek().is_none() {
        return;
    }
    for (i, name) in unmentioned.enumerate() {
        out.push_str(if i == 0 { " <small>" } else { ", " });
        push_escaped(out, &one_line(name));
    }
    out.push_str("</small>");
}

/// Returns true for the kinds that are emphasized.
fn is_milestone(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Fault
            | Kind::Absorbed
            | Kind::Detect
            | Kind::Cause
            | Kind::Decision
            | Kind::Mitigate
            | Kind::Restore
            | Kind::Declare
            | Kind::Resolve
            | Kind::Reopen
    )
}
