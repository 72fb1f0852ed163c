//! When customers are to be told next.

use super::Model;
use crate::{domain::time::UtcTime, ops::incident_summary::IncidentSummary};

impl Model {
    /// Returns when the next customer update is due: the promised time until an update is sent at or
    /// after it, else one interval after the last update or after the impact began, which an unknown state does not end. `None` if the
    /// incident is not open, or nothing was promised and there is no impact or no interval.
    #[must_use]
    pub fn update_due(&self) -> Option<UtcTime> {
        if let Some(promised) = self.promised_update() {
            return Some(promised);
        }
        let summary = self.current_summary()?;
        let last_update = self.activity.last_customer_update;
        let impact_since = summary.possible_impact_since()?;
        let interval = chrono::Duration::minutes(i64::from(self.update_interval?));
        Some(last_update.map_or(impact_since, |last| last.max(impact_since)) + interval)
    }

    /// Returns the time that customers were promised an update for, if none was sent since.
    #[must_use]
    pub fn promised_update(&self) -> Option<UtcTime> {
        let last_update = self.activity.last_customer_update;
        let promised = self.current_summary()?.next_update_due?;
        last_update
            .is_none_or(|last| last < promised)
            .then_some(promised)
    }

    /// The incident shown if it is open and goes on.
    fn current_summary(&self) -> Option<&IncidentSummary> {
        let summary = self.summary.as_deref()?;
        let is_current = summary.row.is_open && summary.stale_since(self.now).is_none();
        is_current.then_some(summary)
    }
}
