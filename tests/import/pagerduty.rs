//! PagerDuty log entries, notes and webhooks.

use crate::*;

#[test]
fn log_entries_say_who_did_what() {
    assert_eq!(
        lines("pagerduty", "pagerduty/log_entries.json"),
        [
            "2026-11-20T09:45:00Z resolve -: Resolved through the integration API.",
            "2026-11-20T09:33:00Z change -: Unacknowledged due to timeout.",
            "2026-11-20T09:20:00Z message Nora Lind: Rolling back 4.12, see https://ci.breva.example/812?token=[removed]",
            "2026-11-20T09:12:00Z snooze Nora Lind: Snoozed by Nora Lind for 30 minutes",
            "2026-11-20T09:10:00Z assign Nora Lind: Assigned to Sam Okafor by Nora Lind",
            "2026-11-20T09:07:00Z escalate -: Escalated to Nora Lind through Database on call",
            "2026-11-20T09:03:00Z acknowledge Nora Lind: Acknowledged by Nora Lind.",
            "2026-11-20T09:01:30Z notify -: Nora Lind was notified by push.",
            "2026-11-20T09:01:50Z notify -: Nora Lind was notified by phone.",
            "2026-11-20T09:01:00Z trigger -: Triggered through the API: [#812] Checkout 5xx above 5 %",
        ]
    );
    let rows = rows("pagerduty", "pagerduty/log_entries.json");
    assert_eq!(rows[0].id, "R09");
    assert_eq!(rows[0].services, ["Checkout API"]);
    assert_eq!(rows[2].speaker.as_ref().unwrap().id, "PNORA01");
}

#[test]
fn offset_that_is_shown_is_kept_and_the_moment_is_the_same() {
    let entry = |time: &str| {
        let text = format!(
            r#"{{"log_entries":[{{"id":"R1","type":"resolve_log_entry","created_at":"{time}"}}]}}"#
        );
        rows_of_text("pagerduty", &text)[0].at
    };
    let (SourceTime::Exact(berlin), SourceTime::Exact(utc)) = (
        entry("2026-11-20T10:45:00+01:00"),
        entry("2026-11-20T09:45:00Z"),
    ) else {
        panic!("both have an offset");
    };
    assert_eq!(berlin, utc);
    assert_eq!(berlin.offset().local_minus_utc(), 3600);
}

#[test]
fn notes_are_messages() {
    assert_eq!(
        lines("pagerduty", "pagerduty/notes.json"),
        [
            "2026-11-20T09:20:00Z message Nora Lind: Customers in EU see 502. / No data was lost.",
            "2026-11-20T09:25:00Z message Slack: Index is being built",
        ]
    );
}

#[test]
fn webhooks_of_version_3_are_read() {
    assert_eq!(
        lines("pagerduty", "pagerduty/webhook_v3.jsonl"),
        [
            "2026-11-20T09:01:00.123Z trigger -: Triggered: Checkout 5xx above 5 %",
            "2026-11-20T09:03:00.456Z acknowledge Nora Lind: Acknowledged: Checkout 5xx above 5 %",
            "2026-11-20T09:07:00Z escalate -: Escalated to Nora Lind, Sam Okafor: Checkout 5xx above 5 %",
            "2026-11-20T09:20:00Z message Nora Lind: Customers in EU see 502",
            "2026-11-20T09:21:00Z change Sam Okafor: Priority SEV1: Checkout 5xx above 5 %",
            "2026-11-20T09:22:00Z notify Nora Lind: Responder asked: Sam Okafor: Checkout 5xx above 5 %",
            "2026-11-20T09:23:00Z change Nora Lind: Conference bridge updated (https://meet.breva.example/1): Checkout 5xx above 5 %",
            "2026-11-20T09:24:00Z message Nora Lind: Status update: Rollback is running",
            "2026-11-20T09:45:00Z resolve -: Resolved: Checkout 5xx above 5 %",
            "2026-11-20T09:46:00Z change -: Workflow completed (Tell the shop team): Checkout 5xx above 5 %",
            "2026-11-20T09:47:00Z message Nora Lind: The long story begins [cut off by PagerDuty]",
        ]
    );
}

#[test]
fn webhooks_that_look_alike_are_named_with_their_version() {
    let version_2 = r#"{"messages":[{"event":"incident.trigger","log_entries":[{"id":"R1","type":"trigger_log_entry"}],"incident":{"id":"P1"}}]}"#;
    let version_1 = r#"{"messages":[{"id":"1","type":"incident.trigger","created_on":"2026-11-20T09:01:00Z","data":{"incident":{"id":"P1"}}}]}"#;
    for (text, version) in [(version_2, 2), (version_1, 1)] {
        let sample = Sample {
            names: vec![],
            start: text.to_owned(),
        };
        assert_eq!(detect_format(&sample).unwrap().name, "pagerduty");
        let error = read_text("pagerduty", text).remove(0).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "entry 1: it looks like a PagerDuty webhook of version {version}, which PagerDuty ended"
            )
        );
        assert!(error.hint.unwrap().contains("log_entries"));
    }
}

#[test]
fn what_is_no_entry_is_refused_with_its_place() {
    let text = r#"{"log_entries":[{"id":"R1","type":"resolve_log_entry"},{"type":"resolve_log_entry","created_at":"2026-11-20T09:45:00Z"},7,{"id":"R1","type":"incident"}]}"#;
    assert_eq!(
        errors_of_text("pagerduty", text),
        [
            "entry 1: it has no time: `created_at` is missing",
            "entry 2: it has no `id`",
            "entry 3: it is not an object",
            "entry 4: it is no log entry, note or webhook of PagerDuty",
        ]
    );
}
