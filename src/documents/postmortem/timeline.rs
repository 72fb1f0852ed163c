//! The timeline: one row for each event that stands, a table for each day.

use super::{Source, push_cell, push_words};
use crate::{
    documents::clock::push_time,
    domain::{event::Event, incident::Record, words::State},
};
use std::{
    collections::{BTreeSet, HashMap},
    fmt::Write,
};
use uuid::Uuid;

const HEAD: &str =
    "| time | kind | what | service | state | by | ref |\n|---|---|---|---|---|---|---|\n";

impl Source<'_> {
    pub(super) fn timeline(&self) -> String {
        let mut rows = self.incident.standing().peekable();
        let (Some(first), Some(last)) = (rows.peek(), self.incident.standing().next_back()) else {
            return self.missing(
                "what happened",
                "bridgelog log '10:06 fault: WHAT HAPPENED !down'",
            );
        };
        let (first, last) = (first.value.instant(), last.value.instant());
        let one_day = self.clock.day(first) == self.clock.day(last);
        let names: BTreeSet<String> = [first, last].map(|at| self.clock.abbreviation(at)).into();
        let one_name = names.len() == 1;
        let mut out = String::with_capacity(self.incident.events.len() * 96);
        if one_day {
            let _ = write!(out, "{}. ", self.clock.date(first));
        }
        let names: Vec<String> = names.into_iter().collect();
        let _ = write!(
            out,
            "Times are those of {} ({}",
            super::cell(self.clock.zone()),
            names.join(" and ")
        );
        if one_name {
            let _ = write!(out, ", {}", self.clock.offset(first));
        }
        out.push_str(").\n");

        let turns = self.turns();
        let mut day = None;
        for record in rows {
            let stamp = self.clock.stamp(record.value.instant());
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
        let retracted = self.incident.events.iter().filter(|e| !e.stands()).count();
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

    /// The states that events brought services into.
    fn turns(&self) -> HashMap<Uuid, State> {
        let spans = self.states.services.iter().flat_map(|(_, spans)| spans);
        let mut turns = HashMap::new();
        for span in spans {
            let worst = turns.entry(span.by).or_insert(span.state);
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
        let at = event.instant();
        out.push_str(if event.approximate { "| about " } else { "| " });
        push_time(out, self.clock.stamp(at));
        if let Some(end) = event.end_instant() {
            let same_day = self.clock.day(end) == self.clock.day(at);
            out.push_str(if same_day { "–" } else { " – " });
            out.push_str(&self.clock.moment(end, Some(at)));
        }
        if !one_name {
            out.push(' ');
            out.push_str(&self.clock.abbreviation(at));
        }
        out.push_str(" | ");
        push_cell(out, event.kind.word());
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
            out.push_str(state.word());
        }
        out.push_str(" | ");
        push_cell(out, &record.author);
        out.push_str(" | ");
        out.push_str(&record.handle);
        out.push_str(" |\n");
    }
}
