//! One metric, and the list of all.

use crate::domain::time::UtcTime;

/// One end of a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricPoint {
    /// The handle of the event (or of the sent message).
    pub event: String,
    /// When it was.
    pub at: UtcTime,
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Its name in JSON: `time_to_detect`.
    pub name: &'static str,
    /// Its value in whole seconds, cut; `None` where it cannot be given. Negative where what it waits
    /// for came before the impact.
    pub seconds: Option<i64>,
    /// How it is counted, in words.
    pub formula: &'static str,
    /// Where it begins. Of a total: where its first span begins.
    pub from: Option<MetricPoint>,
    /// Where it ends; `None` while it lasts. Of a total: where its last span ends.
    pub to: Option<MetricPoint>,
    /// True where one of its ends is only about right.
    pub approximate: bool,
    /// True where it is still counting: its value is that at the moment asked for.
    pub ongoing: bool,
    /// Why it cannot be given; or, of one that is given, what is odd about it.
    pub reason: Option<String>,
    /// The stretches of time it is the total of, oldest first; the last may still last.
    pub spans: Vec<(UtcTime, Option<UtcTime>)>,
}

/// Every figure's name and formula, in the order in which they are shown.
pub const FORMULAS: [(&str, &str); 16] = [
    (
        "exposure",
        "time in at-risk before impact start (all of it where there was no impact)",
    ),
    (
        "time_to_detect",
        "first detect at or after impact start − impact start",
    ),
    (
        "time_to_detect_risk",
        "first detect − first fault or absorbed, where that was before impact start",
    ),
    (
        "time_to_acknowledge",
        "first ack at or after the detection − that detection",
    ),
    ("time_to_declare", "declared − impact start"),
    ("time_to_cause", "last standing cause − impact start"),
    (
        "time_to_mitigate",
        "end of the last down span − impact start",
    ),
    (
        "time_to_restore",
        "end of the last span of impact − impact start",
    ),
    ("time_to_redundancy", "last return to ok − impact start"),
    ("time_to_resolve", "last resolve − declared"),
    (
        "time_to_first_update",
        "first comms to customers at or after impact start − impact start",
    ),
    (
        "longest_update_gap",
        "longest stretch of impact without comms to customers (with none, all of it)",
    ),
    ("at_risk", "total time in at-risk"),
    ("degraded", "total time in degraded"),
    ("outage", "total time in down"),
    ("impact", "total time in degraded or down"),
];
