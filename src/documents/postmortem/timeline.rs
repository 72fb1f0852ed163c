//! The timeline: one row for each event that is not retracted, grouped by day.

use super::{
    columns,
    context::{RenderContext, write_event_text},
    names::write_unmentioned,
    writer::Writer,
};
use crate::{
    documents::time_format::push_time,
    domain::{
        count::counted,
        event::Event,
        incident::Record,
        words::{Kind, State},
    },
};
use std::collections::HashMap;
use uuid::Uuid;

/// The services whose state each event changed, as positions in the list of services, and the state.
type ChangedStates = HashMap<Uuid, Vec<(usize, State)>>;

impl RenderContext<'_> {
    pub(super) fn timeline(&self, w: &mut Writer) {
        if self.incident.active_events().next().is_none() {
            return w.paragraph(|w| {
                let line = "bridgelog log 'WHEN fault: TEXT !STATE'";
                w.marker("what happened", &self.command(line));
            });
        }
        w.reserve(self.incident.events.len() * if w.is_html() { 288 } else { 96 });
        let has_approximate = self.incident.active_events().any(|e| e.value.approximate);
        let class = if has_approximate {
            "timeline about"
        } else {
            "timeline"
        };
        w.open_table(class, columns::TIMELINE);
        let changed = self.changed_states();
        let mut day = None;
        // The worst state so far, which the row's edge shows in HTML.
        let mut overall = self.states.overall.iter().peekable();
        let mut state = None;
        for record in self.incident.active_events() {
            let at = record.value.at_utc();
            while let Some(span) = overall.next_if(|span| span.from <= at) {
                state = Some(span.state);
            }
            let stamp = self.time_format.to_local(at);
            if day != Some(stamp.date_naive()) {
                let name = stamp.format("%A, %-d %B %Y").to_string();
                w.group(&name, day.is_none());
                day = Some(stamp.date_naive());
            }
            let class = state.map_or("", State::as_str);
            w.row(&record.handle, class, |w| {
                self.timeline_row(
                    w,
                    record,
                    changed.get(&record.id).map_or(&[], Vec::as_slice),
                );
            });
        }
        w.close_table();
        let retracted = self
            .incident
            .events
            .iter()
            .filter(|e| !e.is_active())
            .count();
        if retracted > 0 {
            let events = counted(retracted, "retracted event is", "retracted events are");
            w.paragraph(|w| w.plain(&format!("{events} left out.")));
        }
    }

    fn changed_states(&self) -> ChangedStates {
        let mut changed: ChangedStates = HashMap::new();
        for (i, (_, spans)) in self.states.services.iter().enumerate() {
            for span in spans {
                let of_event = changed.entry(span.started_by).or_default();
                of_event.push((i, span.state));
            }
        }
        changed
    }

    fn timeline_row(&self, w: &mut Writer, record: &Record<Event>, changed: &[(usize, State)]) {
        let event = &record.value;
        w.cell(|w| self.row_time(w, event));
        w.cell(|w| {
            let moves = moves_the_story(&event.kind);
            w.either("", if moves { "<b>" } else { "" });
            w.typed(event.kind.as_str());
            w.either("", if moves { "</b>" } else { "" });
            if let Some(audience) = &event.audience {
                w.plain(" to ");
                w.typed(audience);
            }
        });
        w.cell(|w| {
            write_event_text(w, event);
            // A service whose state changed stands with its state.
            let services: &[String] = match changed.is_empty() {
                true => &event.services,
                false => &[],
            };
            write_unmentioned(w, event, services);
            remarks(w, record);
        });
        w.cell(|w| self.row_states(w, event, changed));
        w.cell(|w| w.typed(&record.author));
        w.cell(|w| w.plain(&record.handle));
    }

    /// The time of day, and the end of a span.
    fn row_time(&self, w: &mut Writer, event: &Event) {
        let at = event.at_utc();
        w.plain(if event.approximate { "about " } else { "" });
        push_time(w.out(), self.time_format.to_local(at));
        if self.time_format.shows_abbreviation() {
            w.plain(" ");
            w.plain(&self.time_format.abbreviation(at));
        }
        if let Some(end) = event.end_utc() {
            let same_day = self.time_format.local_date(end) == self.time_format.local_date(at);
            w.plain(if same_day { "–" } else { " – " });
            w.plain(&self.time_format.time_with_date(end, Some(at)));
        }
    }

    /// The states that begin with the event, each with its service.
    fn row_states(&self, w: &mut Writer, event: &Event, changed: &[(usize, State)]) {
        for (i, (service, state)) in changed.iter().enumerate() {
            w.either(if i == 0 { "" } else { ", " }, "<span class=\"line\">");
            let name = &self.states.services[*service].0;
            if !name.is_empty() {
                w.typed(self.shown_name(name));
                w.plain(": ");
            }
            w.unbroken(|w| w.typed(event.state_label(*state)));
            w.either("", "</span>");
        }
    }
}

/// Says that the event was corrected in what it tells, or that two corrections contradict each other.
fn remarks(w: &mut Writer, record: &Record<Event>) {
    if record.restated {
        w.plain(" ");
        w.either("*(amended)*", "<small>amended</small>");
    }
    conflict(w, record);
}

/// Says that two corrections of something contradict each other.
pub(super) fn conflict<T>(w: &mut Writer, record: &Record<T>) {
    if record.conflicts > 0 {
        let versions = counted(record.conflicts, "other version", "other versions");
        w.plain(" ");
        w.soft(|w| {
            w.plain(&format!("(in conflict with {versions}: "));
            w.command(&format!("bridgelog history {}", record.handle));
            w.plain(")");
        });
    }
}

/// Returns true for the kinds that are emphasized.
fn moves_the_story(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Fault
            | Kind::Absorbed
            | Kind::Detect
            | Kind::Declare
            | Kind::Decision
            | Kind::Mitigate
            | Kind::Restore
            | Kind::Resolve
            | Kind::Reopen
            | Kind::Cause
    )
}
