//! Page one: whom it hit, why, and what is not known.

use super::{
    context::{RenderContext, with_computed, write_event_text},
    names::{append_unmentioned, write_unmentioned},
    writer::Writer,
};
use crate::documents::{RelatedContext, state_command::StateCommands};
use crate::domain::{
    event::Event,
    incident::{Incident, Record},
    metrics::Metrics,
    states::{NAMELESS, States},
    subject::Subject,
    time::{format_duration, minutes_between},
    words::{Kind, State},
};

/// The most decisions whose missing reasons are named one by one.
const MAX_NAMED_DECISIONS: usize = 3;

/// The most detections on page one: those of one fault after the other.
const MAX_DETECTIONS: usize = 3;

/// What page one names if it is not recorded, and a postmortem may well do without.
const OPTIONAL: [&str; 4] = ["numbers", "data loss", "trigger", "owner of this document"];

/// Something that was not recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::documents) struct Missing {
    /// In words that follow `Not recorded:`.
    pub(in crate::documents) what: String,
    /// The command that records it, without the flag that names the incident.
    pub(in crate::documents) command: String,
    /// True if a postmortem may well do without.
    pub(in crate::documents) is_optional: bool,
}

/// Returns what page one of the postmortem of `incident`, whose states are `states`, names as not recorded.
pub(in crate::documents) fn missing_records(incident: &Incident, states: &States) -> Vec<Missing> {
    let metrics = Metrics::compute(incident, states, incident.last_recorded_at);
    let related = RelatedContext::default();
    with_computed(incident, states, &metrics, &related, |context| {
        context.missing()
    })
}

impl RenderContext<'_> {
    /// The facts below the picture: who, numbers, data.
    pub(super) fn hit_facts(&self, w: &mut Writer, not_hit: &[String]) {
        if let Some(who) = self.who_was_hit() {
            w.fact("Who", |w| {
                match who {
                    "unknown" => w.plain("not known"),
                    who => w.typed(who),
                }
                if !not_hit.is_empty() {
                    w.plain(" ");
                    w.label("Not hit");
                    w.names(not_hit);
                }
            });
        } else if !not_hit.is_empty() {
            w.fact("Not hit", |w| w.names(not_hit));
        }
        for (service, at) in self.states.unexplained_restores() {
            w.fact("Not known", |w| {
                w.plain("the state");
                if service != NAMELESS {
                    w.plain(" of ");
                    w.typed(self.shown_name(service));
                }
                w.plain(&format!(" before the restore of {}", self.moment(*at)));
            });
        }
        for (label, field) in [("Numbers", "impact"), ("Not affected", "unaffected")] {
            if let Some(value) = self.field(field) {
                w.fact(label, |w| w.typed(value));
            }
        }
        match self.field("data-loss") {
            Some("none") => w.fact("Data", |w| w.plain("nothing was lost")),
            Some("unknown") => w.fact("Data", |w| w.plain("not known")),
            Some(text) => w.fact("Data", |w| w.typed(text)),
            None => {}
        }
    }

    /// Who was hit: as it was put for us, else as it was put for customers.
    fn who_was_hit(&self) -> Option<&str> {
        self.field("scope").or_else(|| self.field("customer-scope"))
    }

    /// Trigger, causes, resolution and detection, as far as they are recorded.
    pub(super) fn why(&self, w: &mut Writer) {
        if let Some(trigger) = self.field("trigger") {
            w.fact("Trigger", |w| w.typed(trigger));
        }
        let mut has_cause = false;
        for record in self.events_of_kind(&Kind::Cause) {
            w.fact("Cause", |w| {
                write_event_text(w, &record.value);
                write_unmentioned(w, &record.value, &[]);
            });
            has_cause = true;
        }
        if !has_cause {
            w.fact("Cause", |w| w.plain("not recorded"));
        }
        if let Some(resolution) = self.resolution() {
            w.fact("Resolution", |w| w.typed(resolution));
        }
        for detection in self.events_of_kind(&Kind::Detect).take(MAX_DETECTIONS) {
            w.fact("Detection", |w| {
                write_event_text(w, &detection.value);
                w.plain(" (");
                w.plain(&self.event_moment(&detection.value));
                w.plain(&self.time_after_impact(&detection.value));
                append_unmentioned(w, &detection.value);
                w.plain(")");
            });
        }
    }

    /// The field `resolution`, else the text of the event that resolved the incident.
    pub(super) fn resolution(&self) -> Option<&str> {
        self.field("resolution").or_else(|| self.resolution_text())
    }

    fn resolution_text(&self) -> Option<&str> {
        let resolution = self.incident.resolution()?;
        let text = resolution.value.text.trim();
        (!text.is_empty() && !super::context::is_redacted(&resolution.value)).then_some(text)
    }

    /// The event with which the impact was detected, else the first detection of all.
    pub(super) fn detection(&self) -> Option<&Record<Event>> {
        let metric = self.metrics.get("time_to_detect");
        let measured = metric.and_then(|metric| metric.to.as_ref());
        let measured = measured.and_then(|to| self.event_with_handle(&to.event));
        measured.or_else(|| self.events_of_kind(&Kind::Detect).next())
    }

    /// `, 6 min after impact start`; empty without impact.
    fn time_after_impact(&self, event: &Event) -> String {
        let Some(start) = self.states.impact_start() else {
            return String::new();
        };
        // A detection is recorded, so only an unknown state keeps the time from it from being known.
        let metric = self.metrics.get("time_to_detect");
        if metric.is_some_and(|metric| metric.seconds.is_none()) {
            return ", when the impact began is not known".to_owned();
        }
        match minutes_between(start.from, event.at_utc()) {
            minutes if minutes < 0 => ", before impact start".to_owned(),
            0 => ", within a minute of impact start".to_owned(),
            minutes => {
                let is_about = event.approximate || start.approximate;
                let about = if is_about { "about " } else { "" };
                let after = format_duration(minutes * 60);
                format!(", {about}{after} after impact start")
            }
        }
    }

    /// Open asks and questions, and what is not recorded.
    pub(super) fn not_known(&self, w: &mut Writer) {
        for ask in self.incident.open_asks() {
            w.fact("Open request", |w| {
                write_event_text(w, &ask.value);
                self.write_ask_details(w, &ask.value);
            });
        }
        if !self.incident.contradicted.is_empty() {
            w.fact("Two versions, the later one shown", |w| {
                w.names(self.incident.contradicted.iter().map(Subject::to_string));
            });
        }
        let questions = self.section("questions");
        let is_one_line = |text: &&str| !text.trim().contains('\n');
        if let Some(question) = questions.filter(is_one_line) {
            let text = question.trim().trim_start_matches(['-', '*', '+']);
            w.prose_fact("Open question", text);
        }
        let missing = self.missing();
        if !missing.is_empty() {
            w.fact("Not recorded", |w| {
                w.names(missing.iter().map(|missing| &missing.what));
            });
        }
        if let Some(questions) = questions.filter(|text| !is_one_line(text)) {
            w.paragraph(|w| w.strong("Open questions"));
            w.prose(questions);
        }
    }

    /// What was not recorded and page one has a place for, and the commands that record it.
    pub(super) fn missing(&self) -> Vec<Missing> {
        let mut missing: Vec<Missing> = Vec::new();
        let mut add = |what: &str, line: &str| {
            missing.push(Missing {
                what: what.to_owned(),
                command: line.to_owned(),
                is_optional: OPTIONAL.contains(&what),
            });
        };
        let incident = self.incident;
        if incident.severity().is_none() {
            add("severity", "bridgelog set severity SEVERITY");
        }
        if incident.commander().is_none() {
            add("commander", "bridgelog set commander WHO");
        }
        let of_service = |service: &str| match service {
            NAMELESS => String::new(),
            name => format!(" of {}", self.shown_name(name)),
        };
        let commands = StateCommands::new(incident);
        for (service, spans) in &self.states.services {
            let of = of_service(service);
            for span in spans.iter().filter(|span| span.state == State::Unknown) {
                let to = span.to.map(|to| format!(" to {}", self.moment(to)));
                let to = to.unwrap_or_default();
                let what = format!("state{of} from {}{to}", self.moment(span.from));
                add(&what, &commands.command(service, span));
            }
        }
        for (service, at) in self.states.unexplained_restores() {
            let named = match service.as_str() {
                NAMELESS => String::new(),
                name => format!(" @{name}"),
            };
            let of = of_service(service);
            let what = format!("state{of} before the restore of {}", self.moment(*at));
            add(
                &what,
                &format!("bridgelog log 'WHEN fault: TEXT{named} !STATE'"),
            );
        }
        if self.states.overall.is_empty() {
            add("state", "bridgelog log 'WHEN fault: TEXT !STATE'");
        }
        if self.had_impact() {
            if self.who_was_hit().is_none_or(|who| who == "unknown") {
                add("who was hit", "bridgelog set scope TEXT");
            }
            for (what, field) in [("numbers", "impact"), ("data loss", "data-loss")] {
                if self.field(field).is_none() {
                    add(what, &format!("bridgelog set {field} TEXT"));
                }
            }
            if self.field("trigger").is_none() {
                add("trigger", "bridgelog set trigger TEXT");
            }
        }
        if self.events_of_kind(&Kind::Cause).next().is_none() {
            add("cause", "bridgelog log 'WHEN cause: TEXT'");
        }
        let is_resolved = incident.resolution().is_some();
        if is_resolved && self.resolution().is_none() {
            add("resolution", "bridgelog set resolution TEXT");
        }
        if self.had_impact() && self.detection().is_none() {
            add("detection", "bridgelog log 'WHEN detect: TEXT'");
        }
        self.add_decisions_without_reason(&mut add);
        if self.had_impact() && self.incident.customer_updates().is_empty() {
            let line = "bridgelog log 'WHEN comms/customers: TEXT'";
            add("what customers were told", line);
        }
        if incident.tasks.iter().all(|t| t.value.retracted.is_some()) {
            let line = "bridgelog task add TEXT --owner WHO --due WHEN";
            add("follow-up actions", line);
        }
        if self.field("owner").is_none() {
            add("owner of this document", "bridgelog set owner WHO");
        }
        missing
    }

    fn add_decisions_without_reason(&self, add: &mut impl FnMut(&str, &str)) {
        let decisions = self.events_of_kind(&Kind::Decision);
        let unexplained: Vec<_> = decisions
            .filter(|d| d.value.rationale.is_none() && d.value.redacted.is_none())
            .collect();
        if unexplained.len() > MAX_NAMED_DECISIONS {
            let what = format!("what was known at {} decisions", unexplained.len());
            let line = format!("bridgelog amend {} 'why: TEXT'", unexplained[0].handle);
            return add(&what, &line);
        }
        for decision in unexplained {
            let what = format!(
                "what was known at the decision of {}",
                self.event_moment(&decision.value)
            );
            add(
                &what,
                &format!("bridgelog amend {} 'why: TEXT'", decision.handle),
            );
        }
    }
}
