//! The timeline: one row for each event that stands, a table for each day.

use super::{Source, push_cell, push_words};
use crate::{
    documents::clock::push_time,
    domain::{event::Event, incident::Record, time::UtcTime, words::State},
};
use std::{collections::HashMap, fmt::Write};
use uuid::Uuid;

const HEAD: &str =
    "| time | kind | what | service | state | by | ref |\n|---|---|---|---|---|---|---|\n";

impl Source<'_> {
    pub(super) fn timeline(&self) -> String {
        let mut rows = self.incident.active_events().peekable();
        let (Some(first), Some(last)) = (rows.peek(), self.incident.active_events().next_back())
        else {
            return self.missing(
                "what happened",
                "bridgelog log '10:06 fault: WHAT HAPPENED !down'",
            );
        };
        let (first, last) = (first.value.at_utc(), last.value.at_utc());
        let one_day = self.clock.day(first) == self.clock.day(last);
        let one_name = !self.clock.is_named();
        let mut out = String::with_capacity(self.incident.events.len() * 96);
        if one_day {
            let _ = write!(out, "{}. ", self.clock.date(first));
        }
        self.whose_times(&mut out, first, last);

        let turns = self.turns();
        let mut day = None;
        for record in rows {
            let stamp = self.clock.stamp(record.value.at_utc());
            if day != Some(stamp.date_naive()) {
                day = Some(stamp.date_naive());
                if !one_day {
                    let _ = write!(out, "\n### {}\n", stamp.format("%A, %-d %B %Y"));
                }
                out.push('\n');
                out.push_str(HEAD);
            }
            self.row(&mut out, record, one_name, &turns);
        }
        let retracted = self
            .incident
            .events
            .iter()
            .filter(|e| !e.is_active())
            .count();
        if retracted > 0 {
            let _ = write!(
                out,
                "\n{retracted} retracted {} left out.\n",
                if retracted == 1 {
                    "event is"
                } else {
                    "events are"
                }
            );
        }
        out
    }

    /// Which zone's times they are, and how far that is from UTC.
    fn whose_times(&self, out: &mut String, first: UtcTime, last: UtcTime) {
        let zone = self.clock.zone();
        if zone == "UTC" {
            out.push_str("Times are in UTC.\n");
            return;
        }
        let mut names: Vec<String> = [first, last]
            .into_iter()
            .map(|at| {
                let (name, offset) = (self.clock.abbreviation(at), self.clock.offset(at));
                // `UTC-03` says what `UTC-03:00` does.
                if name.starts_with("UTC") {
                    offset
                } else if self.clock.is_named() {
                    format!("{name} is {offset}")
                } else {
                    format!("{name}, {offset}")
                }
            })
            .collect();
        names.dedup();
        let _ = writeln!(
            out,
            "Times are those of {} ({}).",
            super::cell(zone),
            names.join(", ")
        );
    }

    /// The states that events brought services into.
    pub(super) fn turns(&self) -> HashMap<Uuid, State> {
        let spans = self.states.services.iter().flat_map(|(_, spans)| spans);
        let mut turns = HashMap::new();
        for span in spans {
            let worst = turns.entry(span.started_by).or_insert(span.state);
            *worst = span.state.max(*worst);
        }
        turns
    }

    fn row(
        &self,
        out: &mut String,
        record: &Record<Event>,
        one_name: bool,
        turns: &HashMap<Uuid, State>,
    ) {
        let event = &record.value;
        let at = event.at_utc();
        out.push_str(if event.approximate { "| about " } else { "| " });
        push_time(out, self.clock.stamp(at));
        if !one_name {
            out.push(' ');
            out.push_str(&self.clock.abbreviation(at));
        }
        if let Some(end) = event.end_utc() {
            let same_day = self.clock.day(end) == self.clock.day(at);
            out.push_str(if same_day { "–" } else { " – " });
            out.push_str(&self.clock.moment(end, Some(at)));
        }
        out.push_str(" | ");
        push_cell(out, event.kind.as_str());
        if let Some(audience) = &event.audience {
            out.push_str(" to ");
            push_cell(out, audience);
        }
        out.push_str(" | ");
        push_words(out, event);
        let tags = event.tags.iter().filter(|tag| !event.text.contains(*tag));
        for (i, tag) in tags.enumerate() {
            out.push_str(if i == 0 { " (tags: " } else { ", " });
            push_cell(out, tag);
        }
        if event.tags.iter().any(|tag| !event.text.contains(tag)) {
            out.push(')');
        }
        if record.amended {
            out.push_str(" *(amended)*");
        }
        if record.conflicts > 0 {
            let _ = write!(
                out,
                " *(in conflict with {} other {}: `bridgelog history {}`)*",
                record.conflicts,
                if record.conflicts == 1 {
                    "version"
                } else {
                    "versions"
                },
                record.handle
            );
        }
        out.push_str(" | ");
        out.push_str(&Self::names(&event.services));
        out.push_str(" | ");
        if let Some(state) = turns.get(&record.id) {
            out.push_str(state.as_str());
        }
        out.push_str(" | ");
        push_cell(out, &record.author);
        out.push_str(" | ");
        out.push_str(&record.handle);
        out.push_str(" |\n");
    }
}
