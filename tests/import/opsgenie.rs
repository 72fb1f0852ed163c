//! Opsgenie alerts, logs and webhooks.

use crate::*;

#[test]
fn alert_is_created_acknowledged_and_closed() {
    assert_eq!(
        lines("opsgenie", "opsgenie/alerts.json"),
        [
            "2026-11-20T09:01:00.500Z trigger -: Alert #1791 (P1) created: Checkout 5xx above 5 %",
            "2026-11-20T09:03:02.500Z acknowledge nora@breva.example: Alert #1791 (P1) acknowledged: Checkout 5xx above 5 %",
            "2026-11-20T09:45:00.500Z resolve -: Alert #1791 (P1) closed: Checkout 5xx above 5 %",
            "2026-11-20T09:02:00.123Z trigger -: Alert #1792 (P1) created: Orders queue is growing",
        ]
    );
}

#[test]
fn one_alert_is_read_as_a_list_of_one() {
    let text = r#"{"data":{"id":"a1","tinyId":"7","message":"Down","createdAt":"2026-11-20T09:01:00Z"},"took":0.1}"#;
    assert_eq!(ids(&rows_of_text("opsgenie", text)), ["a1/Create"]);
}

#[test]
fn logs_are_prose_and_only_sure_openings_are_more_than_changes() {
    assert_eq!(
        lines("opsgenie", "opsgenie/logs.json"),
        [
            "2026-11-20T09:45:00.100Z resolve sam@breva.example: Alert closed via web",
            "2026-11-20T09:20:00Z message nora@breva.example: Note added: rolling back 4.12",
            "2026-11-20T09:01:05Z notify -: [Email] notification was sent to nora@breva.example",
            "2026-11-20T09:01:05Z notify -: [Email] notification was sent to nora@breva.example",
            "2026-11-20T09:04:00Z change nora@breva.example: Priority was changed from P3 to P1",
            "2026-11-20T09:01:00.500Z trigger -: Alert created via API[Alertmanager]",
        ]
    );
    let rows = rows("opsgenie", "opsgenie/logs.json");
    assert_ne!(rows[2].id, rows[3].id, "equal logs are counted");
}

#[test]
fn milliseconds_and_nanoseconds_are_told_by_magnitude() {
    assert_eq!(
        lines("opsgenie", "opsgenie/webhook.jsonl"),
        [
            "2026-11-20T09:01:00.500Z trigger -: Alert #1791 created: Checkout 5xx above 5 %",
            "2026-11-20T09:03:02.000002Z acknowledge nora@breva.example: Alert #1791 acknowledged: Checkout 5xx above 5 %",
            "2026-11-20T09:20:00.000001Z message nora@breva.example: Rolling back 4.12",
            "2026-11-20T09:07:00.000001Z escalate nora@breva.example: Alert #1791 Escalate Database on call: Checkout 5xx above 5 %",
            "2026-11-20T09:08:20Z change nora@breva.example: Alert #1791 AddTags sev1: Checkout 5xx above 5 %",
            "2026-11-20T09:45:00.100002Z resolve nora@breva.example: Alert #1791 closed: Checkout 5xx above 5 %",
        ]
    );
}

#[test]
fn alert_that_was_exported_and_sent_is_created_once() {
    let exported = rows("opsgenie", "opsgenie/alerts.json");
    let sent = rows("opsgenie", "opsgenie/webhook.jsonl");
    assert_eq!(exported[0].id, sent[0].id);
}
