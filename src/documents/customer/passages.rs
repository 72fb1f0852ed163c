//! Selects and arranges the wordings that a letter reports as passages.

use super::{
    letter::{Passage, TracedWriter, with_full_stop},
    view::{CustomerView, ImpactBoundary, Wording, WordingRole},
};
use crate::domain::words::State;

impl CustomerView {
    /// Returns true if the letter of stage `resolved` includes `wording`: it is of the time of impact, or
    /// a later cause or verification. Without impact all of them are included.
    fn is_about_impact(&self, wording: &Wording) -> bool {
        let mut impacts = self.spans.iter().filter(|s| s.state.is_impact());
        let Some(start) = impacts.clone().next().map(|s| s.from) else {
            return wording.role != WordingRole::CustomerUpdate;
        };
        match wording.role {
            WordingRole::CustomerUpdate | WordingRole::Protection => false,
            WordingRole::Cause | WordingRole::Verification => wording.at >= start,
            WordingRole::Fault | WordingRole::Work | WordingRole::Recovery => {
                impacts.any(|s| s.from <= wording.at && s.to.is_none_or(|to| wording.at <= to))
            }
        }
    }

    /// Returns the passages for which [`is_about_impact`](Self::is_about_impact) is true, in order.
    pub(super) fn impact_passages(&self, writer: &mut TracedWriter<'_>) -> Vec<Passage> {
        self.wordings
            .iter()
            .zip(self.all_passages(writer))
            .filter(|(wording, _)| self.is_about_impact(wording))
            .map(|(_, passage)| passage)
            .collect()
    }

    /// Returns true if these passages include a fault, a cause or an absorbed fault.
    pub(super) fn has_explanation(&self) -> bool {
        self.wordings.iter().any(|w| {
            let explains = matches!(
                w.role,
                WordingRole::Fault | WordingRole::Cause | WordingRole::Protection
            );
            explains && self.is_about_impact(w)
        })
    }

    pub(super) fn all_passages(&self, writer: &mut TracedWriter<'_>) -> Vec<Passage> {
        let start = self
            .spans
            .iter()
            .position(|s| s.state.is_impact())
            .map(|i| (self.spans[i].from, i));
        let was_at_risk = start.is_some_and(|(_, i)| {
            i.checked_sub(1)
                .is_some_and(|previous| self.spans[previous].state == State::AtRisk)
        });
        let mut absorbed_count = 0;
        let mut mentioned_protection = false;
        let mut previous_group: Option<u8> = None;
        let mut passages = Vec::with_capacity(self.wordings.len());
        for wording in &self.wordings {
            let lead = match (wording.boundary, wording.role) {
                (_, WordingRole::CustomerUpdate) => "told",
                (Some(ImpactBoundary::Began { again: true }), _) => "again",
                (Some(ImpactBoundary::Began { .. }), _) if was_at_risk && mentioned_protection => {
                    "overcame"
                }
                (Some(ImpactBoundary::Began { .. }), _) => "began",
                (Some(ImpactBoundary::Ended { last: true }), _) => "ended",
                (Some(ImpactBoundary::Ended { .. }), _) => "back",
                (None, WordingRole::Protection) if start.is_none() && absorbed_count == 0 => {
                    absorbed_count += 1;
                    "caught"
                }
                (None, WordingRole::Protection)
                    if start.is_some_and(|(at, _)| wording.at >= at) =>
                {
                    "held-after"
                }
                (None, WordingRole::Protection) => {
                    absorbed_count += 1;
                    mentioned_protection = true;
                    if absorbed_count == 1 {
                        "held"
                    } else {
                        "held-again"
                    }
                }
                _ => "",
            };
            // A paragraph has passages of one group; each update gets a paragraph of its own.
            let group = match wording.role {
                WordingRole::Protection => 0,
                WordingRole::Fault | WordingRole::Cause => 1,
                WordingRole::Work | WordingRole::Recovery | WordingRole::Verification => 2,
                WordingRole::CustomerUpdate => 3,
            };
            let begins =
                previous_group != Some(group) || matches!(lead, "told" | "overcame" | "ended");
            previous_group = Some(group);
            let sources = [wording.handle.as_str()];
            passages.push(Passage {
                lead,
                time: writer.write(&self.format_time(wording.at, wording.approximate), &sources),
                day: self
                    .date_if_other_day(wording.at)
                    .map(|day| writer.write(&day, &sources)),
                text: writer.write(&with_full_stop(&wording.text), &sources),
                begins,
            });
        }
        passages
    }
}
