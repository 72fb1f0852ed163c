//! Checks of what opens, ends or changes an incident as a whole.

use super::{
    Worker,
    check::{IncidentChange, Picture, Rehearsal},
    check_words::{added, changed_states, plain, removed, warning, with_wording},
    wording::{
        RowForm, clock_time, event_row, excerpt_of, impact_length, incident_label, incident_name,
        short_time, unwell_after_end,
    },
};
use crate::{
    domain::{
        count::{counted, plural},
        event::Event,
        states::States,
        subject::Subject,
        time::{UtcTime, format_shown_minutes},
        value::Value,
        words::{Kind, State},
    },
    tui::msg::{CheckLine, Target, TypedLine},
};

impl Worker {
    /// The states that change, or that none does.
    pub(super) fn state_lines(&self, rehearsal: &Rehearsal) -> Vec<CheckLine> {
        let now = self.session.now();
        let mut lines = Vec::new();
        for change in &rehearsal.incidents {
            let Some(before) = &change.before else {
                continue;
            };
            let states = changed_states(&before.row.states, &change.after.row.states);
            if !states.is_empty() {
                lines.push(plain(states.join("  ")));
            }
            lines.extend(other_changes(before, &change.after, now));
            if let (Some(before), Some(after)) = (&before.whole, &change.after.whole) {
                let (was, is) = (impact(&before.states, now), impact(&after.states, now));
                if was != is {
                    lines.push(plain(format!(
                        "Impact so far: {} -> {}",
                        impact_text(was),
                        impact_text(is)
                    )));
                } else if states.is_empty() && before.states != after.states {
                    lines.push(plain("State: as now; earlier it changes"));
                }
            }
        }
        if lines.is_empty() {
            lines.push(plain("State: no change"));
        }
        lines
    }

    /// Says that the incident opens, ends or goes.
    pub(super) fn lifecycle_line(&self, change: &IncidentChange) -> Option<CheckLine> {
        let (before, after) = (change.before.as_ref()?, &change.after);
        let name = incident_label(&after.row);
        if after.row.withdrawn != before.row.withdrawn {
            let text = if after.row.withdrawn {
                format!("{} goes with its declaration", incident_label(&before.row))
            } else {
                format!("{name} comes back")
            };
            return Some(warning(text));
        }
        match (before.row.resolved, after.row.resolved) {
            (Some(_), None) => Some(warning(format!("{name} is open again"))),
            (None, Some(at)) => {
                let zone = self.zone_for(Some(&after.row));
                let at = clock_time(at, &zone, self.session.now());
                Some(warning(format!("{name} counts as resolved at {at}")))
            }
            _ => None,
        }
    }

    /// What goes where in a merge, whether what is open ends by it, and what stays.
    pub(super) fn merge_lines(
        &self,
        from: &str,
        into: &str,
        rehearsal: &Rehearsal,
    ) -> Vec<CheckLine> {
        let find = |given: &str| {
            let given = given.trim().trim_start_matches('#');
            self.session.resolve_for_read(Some(given)).ok()
        };
        let (Some(from), Some(into)) = (find(from), find(into)) else {
            return vec![];
        };
        let moved = rehearsal
            .changes
            .iter()
            .filter(|change| change.left != change.into)
            .count();
        let records = counted(moved as u64, "record", "records");
        let mut lines = vec![
            removed(format!(
                "{} is no longer an incident of its own",
                incident_label(&from)
            )),
            added(format!("{records} go into {}", incident_label(&into))),
        ];
        let after = rehearsal
            .incidents
            .iter()
            .map(|change| &change.after.row)
            .find(|row| row.id == into.id);
        if let Some(after) = after {
            let was_open = [&from, &into].into_iter().find(|row| row.is_open);
            if let (Some(open), false) = (was_open, after.is_open) {
                let name = incident_name(open);
                lines.push(warning(format!(
                    "{name} is open: after it all counts as resolved"
                )));
            } else if !into.is_open && after.is_open {
                lines.push(warning(format!("{} is open again", incident_name(&into))));
            }
            let states = changed_states(&into.states, &after.states);
            if !states.is_empty() {
                lines.push(plain(states.join("  ")));
            }
        }
        let kept: Vec<&str> = rehearsal
            .changes
            .iter()
            .filter(|change| change.before.is_some() && change.before == change.after)
            .filter_map(|change| match &change.subject {
                Subject::Field(name) => Some(name.as_str()),
                _ => None,
            })
            .collect();
        if !kept.is_empty() {
            let (kept, into) = (kept.join(", "), incident_name(&into));
            lines.push(plain(format!("Both have: {kept}; those of {into} stay")));
        }
        lines.push(plain("undo reverses all of it"));
        lines
    }

    pub(super) fn resolve_lines(&self, change: &IncidentChange) -> Vec<CheckLine> {
        let row = &change.after.row;
        let (zone, now) = (self.zone_for(Some(row)), self.session.now());
        let at = row.resolved.unwrap_or(now);
        let at_text = format!(
            "{} {}",
            short_time(at, &zone, now, false),
            zone.abbreviation(at)
        );
        let whole = change.after.whole.as_ref();
        let unwell = unwell_after_end(row);
        // What goes on after it has no length yet.
        let ended = whole.filter(|_| unwell.is_none());
        let after = ended.map(|whole| {
            let unknown = whole.states.has_unknown_span();
            match (impact(&whole.states, now), unknown) {
                (0, true) => String::new(),
                (0, false) => " without impact".to_owned(),
                (seconds, true) => format!(" after at least {} of impact", impact_length(seconds)),
                (seconds, false) => format!(" after {} of impact", impact_length(seconds)),
            }
        });
        let after = after.unwrap_or_default();
        let mut lines = vec![plain(format!(
            "{} ends at {at_text}{after}",
            incident_label(row)
        ))];
        if let Some(before) = &change.before {
            let mut states = changed_states(&before.row.states, &row.states);
            let stays = row.states.iter().filter(|(name, state)| {
                before.row.states.state(name) == *state && *state == Some(State::AtRisk)
            });
            states.extend(stays.map(|(name, _)| format!("{} stays at-risk", service_name(name))));
            if !states.is_empty() {
                lines.push(plain(states.join("  ")));
            }
        }
        if let Some(unwell) = unwell {
            lines.push(warning(format!("A state is later than that: {unwell}")));
        }
        if let Some(whole) = whole {
            let open = whole.incident.open_asks();
            let late = open.iter().filter(|ask| is_late(&ask.value, now)).count();
            if !open.is_empty() {
                let requests = counted(open.len() as u64, "request", "requests");
                let late = match late {
                    0 => String::new(),
                    n => format!(" ({n} late)"),
                };
                lines.push(warning(format!("Left open: {requests}{late}")));
            }
            lines.push(plain("The \"resolved\" email is still to be written"));
        }
        lines
    }

    pub(super) fn reopen_lines(&self, change: &IncidentChange) -> Vec<CheckLine> {
        let row = &change.after.row;
        let mut lines = vec![plain(format!("{} is open again", incident_label(row)))];
        if let Some(before) = &change.before {
            if let Some(resolved) = before.row.resolved {
                let length = (self.session.now() - resolved).num_seconds();
                lines[0].text = format!(
                    "{}, {} after it was resolved",
                    lines[0].text,
                    format_shown_minutes(length / 60, false)
                );
            }
            let states = changed_states(&before.row.states, &row.states);
            lines.push(plain(if states.is_empty() {
                "State: no change".to_owned()
            } else {
                states.join("  ")
            }));
        }
        let unknown = row
            .states
            .iter()
            .any(|(_, state)| state == Some(State::Unknown));
        if unknown {
            lines.push(warning("The state is asked for next"));
        }
        lines
    }

    pub(super) fn declare_lines(&self, typed: &TypedLine, rehearsal: &Rehearsal) -> Vec<CheckLine> {
        let declared = rehearsal.changes.iter().find_map(|change| {
            let id = change.subject.id()?;
            let own = rehearsal.incidents.iter().find(|i| i.after.row.id == id)?;
            Some(&own.after.row)
        });
        let Some(row) = declared else { return vec![] };
        let mut text = format!("{} \"{}\"", incident_name(row), excerpt_of(&row.title, 60));
        if let Some(severity) = &row.severity {
            text.push_str(&format!(", {severity}"));
        }
        for service in &row.services {
            text.push_str(&format!(", @{service}"));
        }
        let mut lines = vec![added(text)];
        lines.extend(self.question_line(typed, &Target::Unfiled));
        let adopted = rehearsal
            .changes
            .iter()
            .filter(|change| change.left != change.into)
            .count();
        if adopted > 0 {
            let events = counted(adopted as u64, "event", "events");
            lines.push(plain(format!("{events} of no incident go into it")));
        }
        for change in &rehearsal.changes {
            if let (None, Some(Value::Event(event))) = (&change.before, &change.after)
                && event.kind != Kind::Declare
            {
                let zone = self.zone_for(Some(row));
                let now = self.session.now();
                lines.push(added(event_row(event, &zone, now, RowForm::default())));
            }
        }
        let open = self.session.read().open_incidents().unwrap_or_default();
        let stays: Vec<String> = open.iter().map(incident_label).collect();
        if !stays.is_empty() {
            let verb = plural(stays.len(), "stays", "stay");
            lines.push(plain(format!("{} {verb} open", stays.join(", "))));
        }
        with_wording(lines, rehearsal)
    }
}

/// Says which of command, severity and open requests change.
fn other_changes(before: &Picture, after: &Picture, now: UtcTime) -> Vec<CheckLine> {
    let or_none = |word: Option<String>| word.unwrap_or_else(|| "none".to_owned());
    let of_row = |picture: &Picture| {
        [
            ("Commander", or_none(picture.row.commander.clone())),
            (
                "Severity",
                or_none(picture.row.severity.as_ref().map(ToString::to_string)),
            ),
        ]
    };
    let requests = |picture: &Picture| {
        let whole = picture.whole.as_ref()?;
        let open = whole.incident.open_asks();
        let late = open.iter().filter(|ask| is_late(&ask.value, now)).count();
        Some(match late {
            0 => open.len().to_string(),
            late => format!("{} ({late} late)", open.len()),
        })
    };
    let mut changes: Vec<(&str, String, String)> = of_row(before)
        .into_iter()
        .zip(of_row(after))
        .map(|((what, was), (_, is))| (what, was, is))
        .collect();
    if let (Some(was), Some(is)) = (requests(before), requests(after)) {
        changes.push(("Open requests", was, is));
    }
    changes.retain(|(_, was, is)| was != is);
    let lines = changes.into_iter();
    lines
        .map(|(what, was, is)| plain(format!("{what}: {was} -> {is}")))
        .collect()
}

/// The seconds of impact so far.
fn impact(states: &States, now: UtcTime) -> i64 {
    let spans = states.overall.iter().filter(|span| span.state.is_impact());
    let lengths = spans.map(|span| (span.to.unwrap_or(now) - span.from).num_seconds().max(0));
    lengths.sum()
}

fn impact_text(seconds: i64) -> String {
    match seconds {
        0 => "none".to_owned(),
        seconds => impact_length(seconds),
    }
}

fn is_late(ask: &Event, now: UtcTime) -> bool {
    let within = ask
        .time_box_secs
        .map(|seconds| chrono::TimeDelta::seconds(seconds.into()));
    within.is_some_and(|within| ask.at_utc() + within < now)
}

fn service_name(name: &str) -> &str {
    if name.is_empty() { "State:" } else { name }
}
