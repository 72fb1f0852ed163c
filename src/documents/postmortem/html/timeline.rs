//! The timeline as a table for each day. Along its edge runs the incident's state.

use super::Source;
use crate::{
    documents::{
        clock::push_time,
        escape::{one_line, unsigned},
        html::{marked, push_escaped, push_typed, typed},
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

const HEAD: &str = "<table class=\"timeline\">\n<thead><tr><th scope=\"col\">Time</th>\
    <th scope=\"col\">Kind</th><th scope=\"col\">What happened</th><th scope=\"col\">State</th>\
    <th scope=\"col\">By</th><th scope=\"col\">Ref</th></tr></thead>\n<tbody>\n";

/// How one table is written.
struct Rows {
    /// False where the zone's abbreviation changes on the way, so that each time bears it.
    one_name: bool,
    turns: HashMap<Uuid, State>,
}

impl Source<'_> {
    pub(super) fn timeline_table(&self) -> String {
        let mut standing = self.incident.active_events();
        let Some(first) = standing.next().map(|e| e.value.at_utc()) else {
            let line = "bridgelog log '10:06 fault: WHAT HAPPENED !down'";
            return format!("<p>{}</p>", marked(&self.missing("what happened", line)));
        };
        let last = standing.next_back().map_or(first, |e| e.value.at_utc());
        let names: BTreeSet<String> = [first, last].map(|at| self.clock.abbreviation(at)).into();
        let rows = Rows {
            one_name: names.len() == 1,
            turns: self.turns(),
        };
        let names: Vec<String> = names.into_iter().collect();
        let mut out = String::with_capacity(self.incident.events.len() * 288);
        let _ = write!(
            out,
            "<p>Times are those of {} ({}",
            typed(self.clock.zone()),
            names.join(" and ")
        );
        if rows.one_name {
            let _ = write!(out, ", {}", self.clock.offset(first));
        }
        out.push_str(").</p>\n");
        let mut day = None;
        for record in self.incident.active_events() {
            let stamp = self.clock.stamp(record.value.at_utc());
            if day != Some(stamp.date_naive()) {
                if day.is_some() {
                    out.push_str("</tbody></table>\n");
                }
                day = Some(stamp.date_naive());
                let _ = writeln!(out, "<h3>{}</h3>", stamp.format("%A, %-d %B %Y"));
                out.push_str(HEAD);
            }
            self.html_row(&mut out, record, &rows);
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

    fn html_row(&self, out: &mut String, record: &Record<Event>, rows: &Rows) {
        let event = &record.value;
        let at = event.at_utc();
        let state = self.states.state_at(at).map_or("", State::as_str);
        let handle = record.handle.as_str();
        let _ = write!(out, "<tr class=\"{state}\" id=\"{handle}\"><td>");
        out.push_str(if event.approximate { "about " } else { "" });
        push_time(out, self.clock.stamp(at));
        if let Some(end) = event.end_utc() {
            let same_day = self.clock.day(end) == self.clock.day(at);
            out.push_str(if same_day { "–" } else { " – " });
            out.push_str(&self.clock.moment(end, Some(at)));
        }
        if !rows.one_name {
            out.push(' ');
            out.push_str(&self.clock.abbreviation(at));
        }
        out.push_str(if turns_the_story(&event.kind) {
            "</td><td><b>"
        } else {
            "</td><td>"
        });
        push_typed(out, event.kind.as_str());
        if turns_the_story(&event.kind) {
            out.push_str("</b>");
        }
        if let Some(audience) = &event.audience {
            out.push_str(" to ");
            push_typed(out, audience);
        }
        out.push_str("</td><td>");
        push_said(out, event);
        push_about(out, event);
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
        if let Some(turn) = rows.turns.get(&record.id) {
            let _ = write!(out, "<span class=\"state {0}\">{0}</span>", turn.as_str());
        }
        out.push_str("</td><td>");
        push_typed(out, &record.author);
        let _ = writeln!(out, "</td><td>{handle}</td></tr>");
    }
}

/// What an event says.
fn push_said(out: &mut String, event: &Event) {
    let begin = out.len();
    if let Some(reason) = &event.redacted {
        out.push_str("(destroyed: ");
        push_typed(out, reason);
        out.push(')');
    }
    push_typed(out, &unsigned(event));
    let mut more = |text: String, value: &str| {
        if !event.text.contains(value) {
            out.push_str(if out.len() == begin { "" } else { "; " });
            out.push_str(&text);
        }
    };
    if let Some(severity) = &event.severity {
        more(severity.to_string(), &severity.to_string());
    }
    if let Some(commander) = &event.commander {
        more(format!("commander {}", typed(commander)), commander);
    }
}

/// The services and tags that its sentence does not name.
fn push_about(out: &mut String, event: &Event) {
    let mut unnamed = event
        .services
        .iter()
        .chain(&event.tags)
        .filter(|name| !event.text.contains(*name))
        .peekable();
    if unnamed.peek().is_none() {
        return;
    }
    for (i, name) in unnamed.enumerate() {
        out.push_str(if i == 0 { " <small>" } else { ", " });
        push_escaped(out, &one_line(name));
    }
    out.push_str("</small>");
}

/// True for what a reader who scans the timeline looks for.
fn turns_the_story(kind: &Kind) -> bool {
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
