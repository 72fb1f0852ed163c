use super::*;
use crate::domain::{
    testing::{IncidentBuilder, at},
    words::{Kind, State},
};
use State::{AtRisk, Degraded, Down};
use serde_json::json;

fn metrics(log: &IncidentBuilder, until: &str) -> Metrics {
    Metrics::compute(
        &log.incident,
        &States::from_incident(&log.incident),
        at(until),
    )
}

fn seconds(metrics: &Metrics, name: &str) -> Option<i64> {
    metrics.get(name).unwrap().seconds
}

fn reason<'a>(metrics: &'a Metrics, name: &str) -> Option<&'a str> {
    metrics.get(name).unwrap().reason.as_deref()
}

fn comms(log: &mut IncidentBuilder, time: &str) {
    log.event(time, Kind::Comms, "told them", |e| {
        e.customer = Some("We know.".into());
    });
}

/// The incident of the worked example, shortened.
fn story() -> IncidentBuilder {
    let mut log = IncidentBuilder::new();
    log.state_event("07:58", Kind::Absorbed, None);
    log.state_event("~10:06", Kind::Fault, Some(Down));
    log.state_event("10:09", Kind::Detect, None);
    log.state_event("10:11", Kind::Ack, None);
    log.state_event("10:12", Kind::Declare, None);
    comms(&mut log, "10:30");
    log.state_event("11:00", Kind::Cause, None);
    log.state_event("13:00", Kind::Mitigate, None);
    comms(&mut log, "13:10");
    log.state_event("14:00", Kind::Restore, Some(AtRisk));
    log.state_event("14:30", Kind::Resolve, Some(AtRisk));
    log.state_event("17 09:00", Kind::Note, Some(State::Ok));
    log
}

#[test]
fn every_metric_matches_the_sample_incident() {
    let m = metrics(&story(), "17 12:00");
    for (name, minutes, approximate) in [
        ("exposure", 128, true),
        ("time_to_detect", 3, true),
        ("time_to_detect_risk", 131, false),
        ("time_to_acknowledge", 2, false),
        ("time_to_declare", 6, true),
        ("time_to_cause", 54, true),
        ("time_to_mitigate", 174, true),
        ("time_to_restore", 234, true),
        ("time_to_redundancy", 1374, true),
        ("time_to_resolve", 258, false),
        ("time_to_first_update", 24, true),
        ("longest_update_gap", 160, false),
        ("at_risk", 128 + 19 * 60, true),
        ("degraded", 60, false),
        ("outage", 174, true),
        ("impact", 234, true),
    ] {
        let figure = m.get(name).unwrap();
        assert_eq!(figure.seconds, Some(minutes * 60), "{name}");
        assert_eq!(figure.approximate, approximate, "{name}");
        assert!(!figure.ongoing, "{name}");
        assert!(figure.from.is_some() && figure.to.is_some(), "{name}");
        assert_eq!(figure.reason, None, "{name}");
    }
    assert_eq!(m.overall.len(), FORMULAS.len());
    assert!(
        m.services.is_empty(),
        "the nameless service is the incident"
    );
}

#[test]
fn metrics_json_has_documented_shape() {
    let mut log = story();
    log.incident.events.iter_mut().for_each(|e| {
        if e.value.kind == Kind::Declare {
            e.value.number = Some(7);
            e.value.zone = "America/New_York".into();
        }
    });
    let json = serde_json::to_value(metrics(&log, "17 12:00")).unwrap();
    assert_eq!(json["incident"], 7);
    assert_eq!(json["zone"], "America/New_York");
    assert_eq!(json["services"], json!({}));
    let fault = log.incident.events[1].handle.clone();
    let detect = log.incident.events[2].handle.clone();
    assert_eq!(
        json["metrics"]["time_to_detect"],
        json!({
            "seconds": 180,
            "formula": "first detect at or after impact start − impact start",
            "from": {"event": fault, "at": "2012-08-16T14:06:00Z"},
            "to": {"event": detect, "at": "2012-08-16T14:09:00Z"},
            "approximate": true,
            "ongoing": false,
            "reason": null,
        })
    );
    assert_eq!(
        json["metrics"]["impact"]["spans"],
        json!([{"from": "2012-08-16T14:06:00Z", "to": "2012-08-16T18:00:00Z"}])
    );
}

#[test]
fn restore_of_what_had_no_state_is_said_with_every_figure_that_depends_on_it() {
    let restored_at = |time: &str| {
        let mut log = IncidentBuilder::new();
        log.event("09:00", Kind::Declare, "x", |e| {
            e.services = vec!["web".into(), "api".into()];
        });
        log.service_event("09:10", Kind::Fault, Some(State::Down), &["web"]);
        log.service_event("09:20", Kind::Restore, None, &["web"]);
        log.service_event(time, Kind::Restore, None, &["api"]);
        log.event("09:30", Kind::Resolve, "", |_| {});
        metrics(&log, "10:00")
    };
    // Something was not well before the impact that is recorded.
    let m = restored_at("09:05");
    for name in ["time_to_declare", "time_to_mitigate", "time_to_restore"] {
        let why = "the state of @api before the restore of ";
        assert_eq!(seconds(&m, name), None, "{name}");
        assert!(reason(&m, name).unwrap().starts_with(why), "{name}");
    }
    assert_eq!(seconds(&m, "time_to_resolve"), Some(1800));
    let later = restored_at("09:25");
    for (m, names) in [
        (&m, &["outage", "impact"]),
        (&later, &["time_to_mitigate", "time_to_restore"]),
    ] {
        for name in names {
            assert!(seconds(m, name).is_some(), "{name}");
            let note = "without @api before the restore of ";
            assert!(reason(m, name).unwrap().starts_with(note), "{name}");
        }
    }
}

#[test]
fn missing_metrics_give_a_reason() {
    let m = metrics(&IncidentBuilder::new(), "10:00");
    for name in ["exposure", "at_risk", "degraded", "outage", "impact"] {
        assert_eq!(seconds(&m, name), Some(0), "{name}");
        assert_eq!(m.get(name).unwrap().from, None);
    }
    for (name, why) in [
        ("time_to_detect", "no state was recorded"),
        ("time_to_detect_risk", "no fault was recorded"),
        ("time_to_acknowledge", "no detect was recorded"),
        ("time_to_mitigate", "no state was recorded"),
        ("time_to_resolve", "the incident was never declared"),
        ("longest_update_gap", "no state was recorded"),
    ] {
        assert_eq!(seconds(&m, name), None, "{name}");
        assert_eq!(reason(&m, name), Some(why), "{name}");
    }

    let mut restored = IncidentBuilder::new();
    restored.state_event("09:00", Kind::Restore, None);
    let m = metrics(&restored, "10:00");
    for name in ["time_to_restore", "outage", "impact", "exposure"] {
        assert_eq!(seconds(&m, name), None, "{name}: something was restored");
        let why = reason(&m, name).unwrap();
        assert!(
            why.starts_with("the state before the restore of "),
            "{name}: {why}"
        );
    }

    let mut unknown = IncidentBuilder::new();
    unknown.state_event("09:00", Kind::Fault, None);
    let m = metrics(&unknown, "10:00");
    assert_eq!(seconds(&m, "impact"), None, "nobody knows");
    assert_eq!(
        reason(&m, "impact"),
        Some("the state is not known: since 2012-08-16 13:00 UTC")
    );

    let mut degraded = IncidentBuilder::new();
    degraded.state_event("09:00", Kind::Fault, Some(Degraded));
    let m = metrics(&degraded, "10:00");
    assert_eq!(reason(&m, "time_to_mitigate"), Some("it never was down"));
    assert_eq!(seconds(&m, "outage"), Some(0));
}

#[test]
fn ongoing_metrics_count_to_now() {
    let mut log = IncidentBuilder::new();
    log.state_event("09:00", Kind::Fault, Some(Down));
    let m = metrics(&log, "09:42");
    for name in ["time_to_restore", "time_to_mitigate", "outage", "impact"] {
        let figure = m.get(name).unwrap();
        assert_eq!((figure.seconds, figure.ongoing), (Some(42 * 60), true));
        assert_eq!(figure.to, None);
    }
    assert_eq!(seconds(&m, "longest_update_gap"), Some(42 * 60));
    assert_eq!(seconds(&metrics(&log, "08:00"), "impact"), Some(0));
}

#[test]
fn false_recovery_splits_impact_and_counts_update_gap() {
    let mut log = IncidentBuilder::new();
    log.state_event("09:00", Kind::Fault, Some(Down));
    log.state_event("09:30", Kind::Restore, None);
    log.state_event("09:40", Kind::Fault, Some(Degraded));
    log.state_event("10:00", Kind::Restore, None);
    let m = metrics(&log, "12:00");
    let impact = m.get("impact").unwrap();
    assert_eq!(impact.seconds, Some(50 * 60));
    assert_eq!(
        impact.spans,
        [
            (at("09:00"), Some(at("09:30"))),
            (at("09:40"), Some(at("10:00")))
        ]
    );
    assert_eq!(seconds(&m, "time_to_restore"), Some(60 * 60));
    assert_eq!(seconds(&m, "time_to_mitigate"), Some(30 * 60));
    assert_eq!(
        seconds(&m, "longest_update_gap"),
        Some(50 * 60),
        "none: all"
    );
    comms(&mut log, "09:10");
    let m = metrics(&log, "12:00");
    assert_eq!(seconds(&m, "longest_update_gap"), Some(40 * 60));
}

#[test]
fn out_of_order_events_give_negative_times_or_reasons() {
    let mut log = IncidentBuilder::new();
    log.state_event("08:00", Kind::Declare, None);
    comms(&mut log, "08:10");
    log.state_event("08:30", Kind::Ack, None);
    log.state_event("08:40", Kind::Detect, None);
    log.state_event("08:50", Kind::Cause, None);
    log.state_event("09:30", Kind::Fault, Some(Down));
    let m = metrics(&log, "10:00");
    assert_eq!(seconds(&m, "time_to_detect"), Some(0));
    assert_eq!(
        reason(&m, "time_to_detect"),
        Some("detected before the impact began")
    );
    assert_eq!(seconds(&m, "time_to_declare"), Some(-90 * 60));
    assert_eq!(seconds(&m, "time_to_cause"), Some(-40 * 60));
    assert_eq!(seconds(&m, "time_to_first_update"), Some(0));
    assert_eq!(
        reason(&m, "time_to_acknowledge"),
        Some("no ack was recorded at or after the detection")
    );
    assert!(m.get("time_to_restore").unwrap().ongoing);
}

#[test]
fn retracted_milestones_are_ignored_and_reopen_unresolves() {
    let mut log = story();
    let retract = |log: &mut IncidentBuilder, kind: Kind| {
        for e in log
            .incident
            .events
            .iter_mut()
            .filter(|e| e.value.kind == kind)
        {
            e.value.retracted = Some("a slip".into());
        }
    };
    retract(&mut log, Kind::Detect);
    retract(&mut log, Kind::Cause);
    let m = metrics(&log, "17 12:00");
    assert_eq!(reason(&m, "time_to_detect"), Some("no detect was recorded"));
    assert_eq!(reason(&m, "time_to_cause"), Some("no cause was recorded"));
    log.state_event("15:00", Kind::Reopen, None);
    assert_eq!(
        reason(&metrics(&log, "17 12:00"), "time_to_resolve"),
        Some("reopened, and not resolved since")
    );
}

#[test]
fn metrics_are_per_service_and_merged_overall() {
    let mut log = IncidentBuilder::new();
    log.service_event("09:00", Kind::Fault, Some(Down), &["db"]);
    log.service_event("09:10", Kind::Fault, Some(Degraded), &["api"]);
    log.service_event("09:12", Kind::Detect, None, &["api"]);
    log.state_event("09:15", Kind::Detect, None);
    log.service_event("09:20", Kind::Restore, None, &["db"]);
    log.service_event("09:40", Kind::Restore, None, &["api"]);
    let m = metrics(&log, "12:00");
    assert_eq!(seconds(&m, "impact"), Some(40 * 60));
    assert_eq!(seconds(&m, "outage"), Some(20 * 60));
    assert_eq!(seconds(&m, "degraded"), Some(20 * 60));
    let of = |service: &str, name: &str| {
        let (_, figures) = m.services.iter().find(|(n, _)| n == service).unwrap();
        figures.iter().find(|f| f.name == name).unwrap().seconds
    };
    assert_eq!(of("db", "time_to_detect"), Some(15 * 60));
    assert_eq!(of("api", "time_to_detect"), Some(2 * 60));
    assert_eq!(of("api", "impact"), Some(30 * 60));
    assert_eq!(of("api", "outage"), Some(0));
}

#[test]
fn only_sent_messages_count_as_updates() {
    let mut log = IncidentBuilder::new();
    log.state_event("09:00", Kind::Fault, Some(Down));
    log.message("09:05", "initial", "We know.", false);
    assert_eq!(
        reason(&metrics(&log, "10:00"), "time_to_first_update"),
        Some("no comms to customers was recorded")
    );
    let sent = log.message("09:20", "initial", "We know.", true);
    let m = metrics(&log, "10:00");
    let first = m.get("time_to_first_update").unwrap();
    assert_eq!(first.seconds, Some(20 * 60));
    assert_eq!(
        first.to.as_ref().unwrap().event,
        IncidentBuilder::handle(sent)
    );
    assert_eq!(seconds(&m, "longest_update_gap"), Some(40 * 60));
}

#[test]
fn figures_that_touch_an_unknown_stretch_name_the_service_and_the_times() {
    let mut log = IncidentBuilder::new();
    log.service_event("09:00", Kind::Fault, Some(Down), &["web"]);
    log.service_event("09:10", Kind::Restore, None, &["web"]);
    log.service_event("09:20", Kind::Fault, None, &["db"]);
    log.service_event("09:30", Kind::Restore, None, &["db"]);
    log.service_event("09:40", Kind::Detect, None, &["web"]);
    let m = metrics(&log, "12:00");
    let why = "the state is not known: @db 2012-08-16 13:20 UTC to 2012-08-16 13:30 UTC";
    for name in [
        "impact",
        "outage",
        "degraded",
        "at_risk",
        "time_to_restore",
        "time_to_mitigate",
        "time_to_redundancy",
        "longest_update_gap",
    ] {
        assert_eq!(
            (seconds(&m, name), reason(&m, name)),
            (None, Some(why)),
            "{name}"
        );
    }
    assert_eq!(seconds(&m, "time_to_detect"), Some(40 * 60), "began before");
    assert_eq!(seconds(&m, "exposure"), Some(0), "ended before");
    let of = |service: &str| {
        let (_, figures) = m.services.iter().find(|(n, _)| n == service).unwrap();
        figures.iter().find(|f| f.name == "impact").unwrap().seconds
    };
    assert_eq!((of("web"), of("db")), (Some(600), None));
}

#[test]
fn impact_start_after_an_unknown_stretch_is_not_known() {
    let mut log = IncidentBuilder::new();
    log.state_event("09:00", Kind::Fault, None);
    log.state_event("09:02", Kind::Detect, None);
    log.state_event("09:03", Kind::Ack, None);
    log.state_event("09:05", Kind::Note, Some(Down));
    log.state_event("09:30", Kind::Restore, None);
    let m = metrics(&log, "12:00");
    for name in [
        "exposure",
        "time_to_detect",
        "time_to_detect_risk",
        "time_to_acknowledge",
        "time_to_restore",
        "impact",
    ] {
        assert_eq!(seconds(&m, name), None, "{name}");
        assert!(reason(&m, name).unwrap().contains("not known"), "{name}");
    }
}

#[test]
fn updates_are_not_known_if_the_audience_of_a_comms_is_not() {
    let mut log = IncidentBuilder::new();
    log.state_event("09:00", Kind::Fault, Some(Down));
    comms(&mut log, "09:10");
    log.event("09:15", Kind::Comms, "to the board", |e| {
        e.audience = Some("execs".into());
    });
    log.state_event("09:30", Kind::Restore, None);
    assert_eq!(
        seconds(&metrics(&log, "10:00"), "time_to_first_update"),
        Some(600)
    );
    // Before the impact it cannot be the first update since, nor be in a gap.
    log.event("08:50", Kind::Comms, "sent a message", |_| {});
    let m = metrics(&log, "10:00");
    assert_eq!(seconds(&m, "time_to_first_update"), Some(600));
    assert_eq!(seconds(&m, "longest_update_gap"), Some(1200));
    log.event("09:20", Kind::Comms, "told them", |_| {});
    let m = metrics(&log, "10:00");
    for name in ["time_to_first_update", "longest_update_gap"] {
        assert_eq!(seconds(&m, name), None, "{name}");
        assert!(reason(&m, name).unwrap().contains("not recorded"), "{name}");
    }
}

#[test]
fn open_incident_without_an_event_for_a_day_has_no_running_total() {
    let mut log = IncidentBuilder::new();
    log.state_event("09:00", Kind::Declare, None);
    log.state_event("09:00", Kind::Fault, Some(Down));
    assert_eq!(seconds(&metrics(&log, "17 09:00"), "impact"), Some(86_400));
    let m = metrics(&log, "17 09:00:01");
    for name in ["impact", "outage", "time_to_restore", "longest_update_gap"] {
        assert_eq!(seconds(&m, name), None, "{name}");
        assert_eq!(
            reason(&m, name),
            Some("no running total: it is recorded until 2012-08-16 13:00 UTC"),
            "{name}"
        );
    }
    assert_eq!(seconds(&m, "time_to_declare"), Some(0));
    log.state_event("10:00", Kind::Resolve, None);
    assert_eq!(seconds(&metrics(&log, "19 09:00"), "impact"), Some(3600));
}
