//! Alertmanager webhooks, its API, and Grafana.

use crate::*;
use std::collections::BTreeSet;

#[test]
fn alerts_begin_and_resolved_ones_also_end() {
    assert_eq!(
        lines("alertmanager", "alertmanager/webhook.json"),
        [
            "2026-11-20T09:01:00.123456Z trigger -: CheckoutErrors firing: 5xx above 5 % (instance checkout-1:8080, severity critical)",
            "2026-11-20T08:01:00Z trigger -: DiskFull firing: Disk 95 % full (instance db-1:9100, severity warning)",
            "2026-11-20T08:31:00.500Z resolve -: DiskFull resolved: Disk 95 % full (instance db-1:9100, severity warning)",
            "2026-11-20T08:05:00Z trigger -: QueueGrowing firing: Orders queue is growing (severity warning)",
            "2026-11-20T08:02:00Z trigger -: Alert job=probe region=eu firing",
        ]
    );
    let rows = rows("alertmanager", "alertmanager/webhook.json");
    assert_eq!(
        rows[0].id,
        "a1b2c3d4e5f60718/2026-11-20T09:01:00.123456Z/firing"
    );
    assert_eq!(rows[0].services, ["checkout"]);
    assert_eq!(rows[2].place.to_string(), "alert 2");
}

#[test]
fn truncated_alerts_and_an_end_of_the_year_1_are_said() {
    assert_eq!(
        notices("alertmanager", "alertmanager/webhook.json"),
        [
            "payload 1: 3 more alerts of the group {}:{severity=\"critical\"} were left out by Alertmanager (truncatedAlerts)",
            "alert 3: QueueGrowing is resolved, and the input does not say since when; its end was left out",
        ]
    );
}

#[test]
fn same_alert_of_two_peers_of_a_repeat_and_of_the_api_is_one() {
    let mut all = rows("alertmanager", "alertmanager/peers.jsonl");
    all.extend(
        rows("alertmanager", "alertmanager/api_v2.json")
            .into_iter()
            .take(1),
    );
    assert_eq!(all.len(), 5);
    let distinct: BTreeSet<&str> = ids(&all).into_iter().collect();
    assert_eq!(distinct.len(), 2);
    assert!(
        all.iter().all(|row| row.hash == all[0].hash),
        "another value in a summary is no edit"
    );
}

#[test]
fn end_of_a_firing_alert_of_the_api_is_a_timeout_and_no_end() {
    assert_eq!(
        lines("alertmanager", "alertmanager/api_v2.json"),
        [
            "2026-11-20T09:01:00.123456Z trigger -: CheckoutErrors firing: 5xx above 5 % (instance checkout-1:8080, severity critical)",
            "2026-11-20T09:02:00Z trigger -: NodeDown firing (suppressed): 5xx above 5 % (instance checkout-1:8080, severity critical)",
        ]
    );
}

#[test]
fn bad_alert_does_not_hide_the_others() {
    let text = r#"{"version":"4","alerts":[{"labels":{},"startsAt":"0001-01-01T00:00:00Z"},null,{"labels":{"alertname":"A"},"startsAt":"2026-11-20T09:01:00Z"},{"labels":{},"startsAt":"soon"}]}"#;
    assert_eq!(
        errors_of_text("alertmanager", text),
        [
            "alert 1: it has no `startsAt`",
            "alert 2: it is not an object",
            "alert 4: `startsAt` is not a time: `soon`",
        ]
    );
    assert_eq!(read_text("alertmanager", text).len(), 4);
}

#[test]
fn grafana_alerts_are_read_like_those_of_alertmanager() {
    assert_eq!(
        lines("grafana", "grafana/webhook.json"),
        [
            "2026-11-20T09:01:00Z trigger -: Checkout errors firing: 5xx above 5 % (severity critical)"
        ]
    );
}

#[test]
fn legacy_grafana_alerts_have_no_time_and_are_counted_where_equal() {
    assert_eq!(
        lines("grafana", "grafana/legacy.jsonl"),
        [
            "Missing trigger -: Checkout errors alerting: 5xx of checkout (5xx % 7.5)",
            "Missing trigger -: Checkout errors alerting: 5xx of checkout (5xx % 7.5)",
            "Missing change -: Checkout errors no_data: 5xx of checkout",
            "Missing resolve -: Checkout errors ok: 5xx of checkout",
        ]
    );
    let rows = rows("grafana", "grafana/legacy.jsonl");
    let distinct: BTreeSet<&str> = ids(&rows).into_iter().collect();
    assert_eq!(distinct.len(), 4);
}
