//! Builds [`CustomerView`] from an incident.

use super::{
    corrections::{Correction, facts_corrected, of_sent},
    names::{PublicName, public_names, severity},
    overall::Overall,
    unaffected::names_said_unaffected,
};
use crate::{
    documents::{
        RelatedContext, placeholder::CommandNames, provenance::clean_line,
        time_format::TimeFormatter,
    },
    domain::{
        document_text,
        incident::{Audience, FIELDS, Incident},
        states::States,
        task::{Task, TaskState},
        time::{UtcTime, parse_utc, start_of_minute},
        value::StatedFact,
        words::{Kind, State},
    },
};
use chrono::Utc;
use std::collections::BTreeMap;
use uuid::Uuid;

/// An event's customer wording. The kind is not stored, because the word of an unknown one is arbitrary
/// text.
#[derive(Clone, Debug)]
pub(super) struct Wording {
    pub(super) handle: String,
    pub(super) at: UtcTime,
    pub(super) approximate: bool,
    pub(super) text: String,
    pub(super) part: LetterPart,
    /// True if it is in the text of no letter that was sent.
    pub(super) is_new: bool,
}

/// The part of a letter that a wording belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LetterPart {
    Step,
    /// A theory, which is left out once a cause is known.
    Suspicion,
    /// Why it happened.
    Cause,
    /// A message to customers is no step.
    Update,
}

impl LetterPart {
    fn of(kind: &Kind) -> Self {
        match kind {
            Kind::Cause | Kind::Factor => Self::Cause,
            Kind::Suspect => Self::Suspicion,
            Kind::Comms => Self::Update,
            _ => Self::Step,
        }
    }
}

/// A follow-up with customer wording that is not declined.
#[derive(Clone, Debug)]
pub(super) struct PublicTask {
    pub(super) handle: String,
    pub(super) text: String,
    pub(super) state: TaskState,
    pub(super) planned: Option<UtcTime>,
    pub(super) started: Option<UtcTime>,
    pub(super) done: Option<UtcTime>,
    pub(super) due: Option<UtcTime>,
    pub(super) prevents: bool,
    pub(super) shortens: bool,
}

impl PublicTask {
    fn of(handle: &str, task: &Task) -> Option<Self> {
        let utc = |at: Option<crate::domain::time::OffsetTime>| at.map(|at| at.with_timezone(&Utc));
        let state = task.state.known()?;
        if task.retracted.is_some() || state == TaskState::Declined {
            return None;
        }
        Some(Self {
            handle: handle.to_owned(),
            text: clean_line(task.customer.as_deref()?)?,
            state,
            planned: utc(task.since),
            started: utc(task.started_at),
            done: utc(task.done_at),
            due: utc(task.due),
            prevents: task.prevents,
            shortens: task.shortens,
        })
    }
}

/// The faults of other incidents that a protection caught; letters give only their number.
#[derive(Clone, Debug)]
pub(super) struct CaughtFaults {
    pub(super) handles: Vec<String>,
    pub(super) since: UtcTime,
    pub(super) until: UtcTime,
}

/// What customers may read of one incident, and the handles of its sources. The handles are for
/// tracing and do not appear in letters.
#[derive(Clone, Debug)]
pub struct CustomerView {
    pub(super) zone: TimeFormatter,
    pub(super) fields: BTreeMap<&'static str, String>,
    /// The names that were hit, in the order of letters.
    pub(super) names: Vec<PublicName>,
    /// The other names that are recorded.
    pub(super) other_names: Vec<String>,
    /// Of the names that were hit, those that the field `unaffected` says were not.
    pub(in crate::documents) said_unaffected: Vec<String>,
    pub(super) overall: Option<Overall>,
    /// True if the record says whether there was impact.
    pub(super) covers_impact: bool,
    pub(super) wordings: Vec<Wording>,
    pub(super) improvements: Vec<PublicTask>,
    /// The sections that a person wrote for letters.
    pub(super) paragraphs: Option<String>,
    pub(super) apology: Option<String>,
    /// When the last letter was sent, with its handle.
    pub(super) last_sent: Option<(UtcTime, String)>,
    /// When a letter was sent that said it was over, before the incident was reopened; `None` once
    /// another was sent.
    pub(super) said_over: Option<(UtcTime, String)>,
    /// The letters that were sent.
    pub(super) sent: Vec<Uuid>,
    pub(super) corrections: Vec<Correction>,
    /// What is so of the facts that sent letters told otherwise, beside those that every letter states.
    pub(super) facts_corrected: Vec<StatedFact>,
    pub(super) caught: Option<CaughtFaults>,
    pub(super) as_of: UtcTime,
    pub(super) open: bool,
    is_drill: bool,
    /// What the commands of placeholders name.
    pub(in crate::documents) command_names: CommandNames,
    /// True if entries of the incident are not as they were written.
    unverified: bool,
}

impl CustomerView {
    /// Selects from `incident`, whose states are `states`, what customers may read.
    ///
    /// Takes active events with customer wording, and follow-ups with customer wording that are not
    /// declined. Other events contribute only to the times of states.
    #[must_use]
    pub fn from_incident(incident: &Incident, states: &States) -> Self {
        let fields: BTreeMap<&'static str, String> = FIELDS
            .iter()
            .filter(|(_, audience)| *audience == Audience::Customers)
            .filter_map(|(name, _)| Some((*name, clean_line(incident.fields.get(*name)?)?)))
            .collect();
        let as_of = incident.last_recorded_at;
        let product = fields.get("product").map(String::as_str);
        let found = public_names(incident, states, product, as_of);
        let names = found.hit;
        let mut sent: Vec<(UtcTime, &str, &str, &[StatedFact])> = incident
            .sent_emails()
            .map(|(at, email)| {
                (
                    at,
                    email.value.stage.as_str(),
                    email.handle.as_str(),
                    email.value.facts.as_slice(),
                )
            })
            .collect();
        sent.sort_by_key(|(at, ..)| *at);
        let was_sent = |handle: &str| {
            let mut facts = sent.iter().flat_map(|(.., facts)| facts.iter());
            facts.any(|fact| fact.name == handle)
        };
        let wordings = incident.active_events().filter_map(|e| {
            Some(Wording {
                is_new: !was_sent(&e.handle),
                handle: e.handle.clone(),
                at: e.value.at_utc(),
                approximate: e.value.approximate,
                text: clean_line(e.value.customer.as_deref()?)?,
                part: LetterPart::of(&e.value.kind),
            })
        });
        let section = |name: &str| {
            let text = incident.sections.get(name)?;
            let text = document_text::block(text.trim()).into_owned();
            (!text.is_empty()).then_some(text)
        };
        let reopened = incident
            .active_events()
            .rev()
            .find(|e| e.value.kind == Kind::Reopen);
        let last_sent = sent
            .last()
            .map(|(at, _, handle, _)| (*at, (*handle).to_owned()));
        let said_over = reopened
            .filter(|_| incident.is_open())
            .and_then(|reopened| {
                let (at, stage, handle, _) = sent.last()?;
                let is_end = matches!(*stage, "resolved" | "followup");
                let before = *at <= reopened.value.at_utc();
                (is_end && before).then(|| (*at, (*handle).to_owned()))
            });
        let mut view = Self {
            zone: TimeFormatter::new(incident.zone()),
            overall: Overall::of(&names, as_of),
            covers_impact: states.cover_impact(),
            said_unaffected: names_said_unaffected(&fields, &names),
            names,
            other_names: found.others,
            fields,
            wordings: wordings.collect(),
            improvements: incident
                .tasks
                .iter()
                .filter_map(|t| PublicTask::of(&t.handle, &t.value))
                .collect(),
            paragraphs: section("customer-followup"),
            apology: section("customer-apology"),
            last_sent,
            said_over,
            sent: incident.sent_emails().map(|(_, email)| email.id).collect(),
            corrections: Vec::new(),
            facts_corrected: Vec::new(),
            caught: None,
            as_of,
            open: incident.is_open(),
            is_drill: incident.is_drill(),
            unverified: incident.unverified.is_some(),
            command_names: CommandNames::new(incident, false),
        };
        let stale = view.stale_facts(incident);
        view.corrections = of_sent(&stale);
        view.facts_corrected = facts_corrected(&stale, &view.own_facts());
        // That it is not over is said already.
        if view.said_over.is_some() {
            view.corrections
                .retain(|correction| !correction.is_about_end());
        }
        view.zone = view.zone.clone().for_times(&view.shown_times());
        view
    }

    /// Returns the times that a letter may show, earliest first.
    pub(super) fn shown_times(&self) -> Vec<UtcTime> {
        let promised = ["next-update", "followup-by"].into_iter();
        let promised = promised.filter_map(|name| parse_utc(self.fields.get(name)?));
        let edges = self
            .names
            .iter()
            .flat_map(PublicName::listed)
            .flat_map(|span| {
                let to = span.to.as_ref().map(|to| to.at);
                [Some(span.from.at), to].into_iter().flatten()
            });
        let mut times: Vec<UtcTime> = [self.as_of]
            .into_iter()
            .chain(promised)
            .chain(edges)
            .collect();
        times.extend(self.last_sent.iter().map(|(at, _)| *at));
        times.extend(self.corrections.iter().flat_map(Correction::spell_times));
        times.extend(self.wordings.iter().map(|wording| wording.at));
        times.sort_unstable();
        times
    }
}

impl CustomerView {
    /// Returns true if the field `ledger-in-letter` allows the number of absorbed faults in letters.
    #[must_use]
    pub fn includes_absorbed_count(&self) -> bool {
        self.fields
            .get("ledger-in-letter")
            .is_some_and(|value| value == "yes")
    }

    /// Lets the commands of placeholders name `incident`, as others are open too.
    #[must_use]
    pub fn beside_other_open_ones(mut self, incident: &Incident) -> Self {
        self.command_names = CommandNames::new(incident, true);
        self
    }

    /// Adds the number of absorbed faults of other incidents, if it is allowed in letters. Nothing else
    /// of them is added.
    #[must_use]
    pub fn with_absorbed_count(mut self, related: &RelatedContext) -> Self {
        if self.includes_absorbed_count()
            && let Some((since, until)) = related.absorbed_period
        {
            self.caught = Some(CaughtFaults {
                handles: related.absorbed.iter().map(|f| f.handle.clone()).collect(),
                since,
                until,
            });
        }
        self
    }

    /// Returns true if a letter must not go out as it is: its records were changed.
    pub(in crate::documents) fn is_unverified(&self) -> bool {
        self.unverified
    }

    /// True for an exercise: every letter has to say so.
    pub(in crate::documents) fn is_drill(&self) -> bool {
        self.is_drill
    }

    /// Returns, of the names that have a service which is degraded, down or unknown now, each with the worst state of
    /// its services, since when, and whether that time is approximate; the worst first. `None` stands for the product,
    /// whose name nobody has set.
    pub(in crate::documents) fn names_hit_now(&self) -> Vec<(Option<&str>, State, UtcTime, bool)> {
        let names = self.names.iter();
        let mut hit: Vec<_> = names
            .filter_map(|name| {
                let now = name.worst_now?;
                let is_hit = now.state >= State::Degraded;
                is_hit.then_some((name.name.as_deref(), now.state, now.from, now.approximate))
            })
            .collect();
        hit.sort_by_key(|(_, state, ..)| std::cmp::Reverse(severity(*state)));
        hit
    }

    /// True if nothing that is in no sent letter is of before the last one.
    pub(super) fn has_only_later_news(&self) -> bool {
        let sent = self.last_sent.as_ref().map(|(at, _)| *at);
        let mut news = self.wordings.iter().filter(|wording| {
            wording.is_new && matches!(wording.part, LetterPart::Step | LetterPart::Suspicion)
        });
        sent.is_some_and(|sent| {
            news.all(|wording| start_of_minute(wording.at) >= start_of_minute(sent))
        })
    }

    /// True if a name is degraded, down or unknown now.
    pub(super) fn is_ongoing(&self) -> bool {
        let mut now = self.names.iter().filter_map(PublicName::now);
        now.any(super::names::Span::is_listed)
    }

    pub(super) fn has_cause(&self) -> bool {
        self.wordings.iter().any(|w| w.part == LetterPart::Cause)
    }
}
