//! Page one as data, for the JSON form.

use super::{
    changes::MAX_ON_PAGE_ONE,
    context::{RenderContext, with_computed},
};
use crate::{
    documents::RelatedContext,
    domain::{incident::Incident, metrics::Metrics, states::States, task::TaskState, words::Kind},
};
use serde::Serialize;

/// What page one of the postmortem says beside the states and their totals. Events and tasks are given by
/// their handles.
#[derive(Debug, Serialize)]
pub(in crate::documents) struct PageOne {
    trigger: Option<String>,
    causes: Vec<String>,
    /// The field `resolution`, else the text of the event that resolved the incident.
    resolution: Option<String>,
    detection: Option<String>,
    followups: FollowupCounts,
    /// The follow-ups that come first.
    first_followups: Vec<String>,
    open_asks: Vec<String>,
    /// The section `questions`, as Markdown.
    questions: Option<String>,
    /// What was not recorded, in words.
    not_recorded: Vec<String>,
}

/// The number of follow-ups in each state.
#[derive(Debug, Serialize)]
struct FollowupCounts {
    planned: usize,
    started: usize,
    done: usize,
    declined: usize,
    overdue: usize,
}

/// Returns page one of `incident` as data, with its states and its metrics as of its newest record.
pub(in crate::documents) fn page_one(
    incident: &Incident,
    states: &States,
    metrics: &Metrics,
) -> PageOne {
    let related = RelatedContext::default();
    with_computed(incident, states, metrics, &related, |context| {
        context.page_one()
    })
}

impl RenderContext<'_> {
    fn page_one(&self) -> PageOne {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let handles = |kind: Kind| {
            let events = self.incident.active_events();
            let of_kind = events.filter(|e| e.value.kind == kind);
            of_kind.map(|e| e.handle.clone()).collect()
        };
        let tasks = self.followups_by_effect();
        let count = |state: TaskState| tasks.iter().filter(|t| t.value.state == state).count();
        let now = self.incident.last_recorded_at;
        let shown = self.followups_on_page_one(MAX_ON_PAGE_ONE);
        PageOne {
            trigger: owned(self.field("trigger")),
            causes: handles(Kind::Cause),
            resolution: owned(self.resolution()),
            detection: self.detection().map(|event| event.handle.clone()),
            followups: FollowupCounts {
                planned: count(TaskState::Planned),
                started: count(TaskState::Started),
                done: count(TaskState::Done),
                declined: count(TaskState::Declined),
                overdue: tasks.iter().filter(|t| t.value.is_overdue(now)).count(),
            },
            first_followups: tasks.iter().take(shown).map(|t| t.handle.clone()).collect(),
            open_asks: self
                .incident
                .open_asks()
                .iter()
                .map(|e| e.handle.clone())
                .collect(),
            questions: owned(self.section("questions")),
            not_recorded: self
                .missing()
                .into_iter()
                .map(|missing| missing.what)
                .collect(),
        }
    }
}
