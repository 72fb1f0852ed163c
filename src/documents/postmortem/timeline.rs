//! The timeline in Markdown: one row for each active event, one table for each day.

use super::context::{RenderContext, push_event_text};
use crate::{
    documents::{
        markdown_escape::{escape_inline, push_escaped_inline},
        time_format::push_time,
    },
    domain::{event::Event, incident::Record, time::UtcTime, words::State},
};
use std::{collections::HashMap, fmt::Write};
use uuid::Uuid;

const TABLE_HEAD: &str =
    "| time | kind | what | service | state | by | ref |\n|---|---|---|---|---|---|---|\n";

impl RenderContext<'_> {
    pub(super) fn timeline(&self) -> String {
        let mut rows = self.incident.active_events().peekable();
        let (Some(first), Some(last)) = (rows.peek(), self.incident.active_events().next_back())
        else {
            return self.placeholder("what happened", "bridgelog log 'WHEN fault: TEXT !STATE'");
        };
        let (first, last) = (first.value.at_utc(), last.value.at_utc());
        let one_day = self.time_format.local_date(first) == self.time_format.local_date(last);
        let single_abbreviation = !self.time_format.shows_abbreviation();
        let mut out = String::with_capacity(self.incident.events.len() * 96);
        if one_day {
            let _ = write!(out, "{}. ", self.time_format.long_date(first));
        }
        self.push_zone_note(&mut out, first, last);

        let state_by_event = self.states.started_states();
        let mut day = None;
        for record in rows {
            let stamp = self.time_format.to_local(record.value.at_utc());
            if day != Some(stamp.date_naive()) {
                day = Some(stamp.date_naive());
                if !one_day {
                    let _ = write!(out, "\n### {}\n", stamp.format("%A, %-d %B %Y"));
                }
                out.push('\n');
                out.push_str(TABLE_HEAD);
            }
            self.push_row(&mut out, record, single_abbreviation, &state_by_event);
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

    /// Appends the zone of the times, with its abbreviations and UTC offsets.
    fn push_zone_note(&self, out: &mut String, first: UtcTime, last: UtcTime) {
        let zone = self.time_format.zone_name();
        if zone == "UTC" {
            out.push_str("Times are in UTC.\n");
            return;
        }
        let mut names: Vec<String> = [first, last]
            .into_iter()
            .map(|at| {
                let (name, offset) = (
                    self.time_format.abbreviation(at),
                    self.time_format.utc_offset(at),
                );
                // `UTC-03` is the same as `UTC-03:00`.
                if name.starts_with("UTC") {
                    offset
                } else if self.time_format.shows_abbreviation() {
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
            escape_inline(zone),
            names.join(", ")
        );
    }

    fn push_row(
        &self,
        out: &mut String,
        record: &Record<Event>,
        single_abbreviation: bool,
        state_by_event: &HashMap<Uuid, State>,
    ) {
        let event = &record.value;
        let at = event.at_utc();
        out.push_str(if event.approximate { "| about " } else { "| " });
        push_time(out, self.time_format.to_local(at));
        if !single_abbreviation {
            out.push(' ');
            out.push_str(&self.time_format.abbreviation(at));
        }
        if let Some(end) = event.end_utc() {
            let same_day = self.time_format.local_date(end) == self.time_format.local_date(at);
            out.push_str(if same_day { "–" } else { " – " });
            out.push_str(&self.time_format.time_with_date(end, Some(at)));
        }
        out.push_str(" | ");
        push_escaped_inline(out, event.kind.as_str());
        if let Some(audience) = &event.audience {
            out.push_str(" to ");
            push_escaped_inline(out, audience);
        }
        out.push_str(" | ");
        push_event_text(out, event);
        let tags = event.tags.iter().filter(|tag| !event.text.contains(*tag));
        for (i, tag) in tags.enumerate() {
            out.push_str(if i == 0 { " (tags: " } else { ", " });
            push_escaped_inline(out, tag);
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
        out.push_str(&Self::escaped_names(&event.services));
        out.push_str(" | ");
        if let Some(state) = state_by_event.get(&record.id) {
            push_escaped_inline(out, event.state_label(*state));
        }
        out.push_str(" | ");
        push_escaped_inline(out, &record.author);
        out.push_str(" | ");
        out.push_str(&record.handle);
        out.push_str(" |\n");
    }
}
