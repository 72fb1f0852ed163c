//! One metric, and the list of all.

use crate::domain::time::UtcTime;

/// One end of a metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricPoint {
    /// Handle of the event (or of the sent message).
    pub event: String,
    pub at: UtcTime,
    pub approximate: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metric {
    /// The name in JSON, such as `time_to_detect`.
    pub name: &'static str,
    /// Whole seconds, cut; `None` if it is not available. Negative if what it waits for came before
    /// the impact.
    pub seconds: Option<i64>,
    /// The formula in words.
    pub formula: &'static str,
    /// Where it begins; for a total, where its first span begins.
    pub from: Option<MetricPoint>,
    /// Where it ends; `None` while it lasts. For a total, where its last span ends.
    pub to: Option<MetricPoint>,
    /// True if one of its ends is approximate.
    pub approximate: bool,
    /// True if it has not ended: the value is that at the moment of the computation.
    pub ongoing: bool,
    /// True if it is not available because the record does not say what it depends on.
    pub is_unknown: bool,
    /// True if it leaves out something of which the state was not recorded, which the reason names.
    pub is_partial: bool,
    /// Why it is not available; or, if it is, a note about it.
    pub reason: Option<String>,
    /// The spans of which it is the total, oldest first; the last may not have ended.
    pub spans: Vec<(UtcTime, Option<UtcTime>)>,
}

/// Names a metric, so that the compiler sees to it that each is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricName {
    Exposure,
    TimeToDetect,
    TimeToDetectRisk,
    TimeToAcknowledge,
    TimeToDeclare,
    TimeToCause,
    TimeToMitigate,
    TimeToRestore,
    TimeToRedundancy,
    TimeToResolve,
    TimeToFirstUpdate,
    LongestUpdateGap,
    AtRisk,
    Degraded,
    Outage,
    Impact,
}

impl MetricName {
    /// True if it is a time with impact or at risk, or counts from the beginning of the impact.
    #[must_use]
    pub fn depends_on_impact(self) -> bool {
        !matches!(
            self,
            Self::TimeToDetectRisk | Self::TimeToAcknowledge | Self::TimeToResolve
        )
    }

    /// True if it ends with what somebody did or found, and not with a state.
    #[must_use]
    pub fn ends_with_a_row(self) -> bool {
        matches!(
            self,
            Self::TimeToDetect
                | Self::TimeToDetectRisk
                | Self::TimeToAcknowledge
                | Self::TimeToCause
                | Self::TimeToFirstUpdate
        )
    }
}

/// Every metric with its name in JSON and its formula in words, in display order. `docs/documents.md` has the same
/// table.
pub const FORMULAS: [(MetricName, &str, &str); 16] = [
    (
        MetricName::Exposure,
        "exposure",
        "time in at-risk before impact start (all of it where there was no impact)",
    ),
    (
        MetricName::TimeToDetect,
        "time_to_detect",
        "first detect at or after impact start − impact start",
    ),
    (
        MetricName::TimeToDetectRisk,
        "time_to_detect_risk",
        "first detect − first fault or absorbed, where that was before impact start",
    ),
    (
        MetricName::TimeToAcknowledge,
        "time_to_acknowledge",
        "first ack at or after the detection − that detection",
    ),
    (
        MetricName::TimeToDeclare,
        "time_to_declare",
        "declared − impact start",
    ),
    (
        MetricName::TimeToCause,
        "time_to_cause",
        "last standing cause − impact start",
    ),
    (
        MetricName::TimeToMitigate,
        "time_to_mitigate",
        "end of the last down span − impact start",
    ),
    (
        MetricName::TimeToRestore,
        "time_to_restore",
        "end of the last span of impact − impact start",
    ),
    (
        MetricName::TimeToRedundancy,
        "time_to_redundancy",
        "last return to ok − impact start",
    ),
    (
        MetricName::TimeToResolve,
        "time_to_resolve",
        "last resolve − declared",
    ),
    (
        MetricName::TimeToFirstUpdate,
        "time_to_first_update",
        "first comms to customers at or after impact start − impact start",
    ),
    (
        MetricName::LongestUpdateGap,
        "longest_update_gap",
        "longest stretch of impact without comms to customers (with none, all of it)",
    ),
    (MetricName::AtRisk, "at_risk", "total time in at-risk"),
    (MetricName::Degraded, "degraded", "total time in degraded"),
    (MetricName::Outage, "outage", "total time in down"),
    (
        MetricName::Impact,
        "impact",
        "total time in degraded or down",
    ),
];
