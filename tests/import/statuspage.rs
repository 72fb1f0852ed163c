//! Incidents and maintenances of status pages.

use crate::*;

#[test]
fn updates_happened_when_the_page_displays_them() {
    assert_eq!(
        lines("statuspage", "statuspage/incidents.json"),
        [
            "2026-11-20T09:50:00Z status-update -: Resolved: Payments work again. / We are sorry. / (Payments API: operational)",
            "2026-11-20T09:20:00Z status-update -: Identified: A release caused it; we are rolling back. Details: https://status.breva.example/i?token=[removed]",
            "2026-11-20T09:05:00Z status-update -: Investigating: Some payments fail. / (Payments API: major outage, Shop: degraded performance)",
            "2026-10-20T08:10:00Z status-update -: Resolved: Search was slow for an hour.",
        ]
    );
    let rows = rows("statuspage", "statuspage/incidents.json");
    let first = &rows[2];
    assert_eq!(first.id, "pg1/inc1/u1");
    assert_eq!(format_utc(first.recorded.unwrap()), "2026-11-20T09:10:00Z");
    assert_eq!(first.customer.as_deref(), Some("Some payments fail."));
    assert_eq!(first.services, ["Payments API", "Shop"]);
    assert_eq!(
        rows[1].services,
        Vec::<String>::new(),
        "null is no component"
    );
}

#[test]
fn backfilled_incident_is_said() {
    assert_eq!(
        notices("statuspage", "statuspage/incidents.json"),
        [
            "incident 2: `Slow search in October` was entered on the page afterwards (backfilled): customers did not see it at its times"
        ]
    );
}

#[test]
fn edited_body_is_another_hash_and_another_webhook_of_the_same_is_none() {
    let page = rows("statuspage", "statuspage/incidents.json");
    let sent = rows("statuspage", "statuspage/webhook.json");
    assert_eq!(page[2].id, sent[0].id);
    let edited = fs::read_to_string(fixtures().join("statuspage/incidents.json")).unwrap();
    let edited = rows_of_text(
        "statuspage",
        &edited.replace("Some payments fail.", "Payments fail."),
    );
    assert_ne!(page[2].hash, edited[2].hash);
    assert_eq!(page[1].hash, edited[1].hash);
}

#[test]
fn maintenance_has_statuses_of_its_own() {
    assert_eq!(
        lines("statuspage", "statuspage/maintenance.json"),
        [
            "2026-11-22T03:10:00Z status-update -: Completed: Done.",
            "2026-11-22T02:00:01Z status-update -: In progress: We began.",
            "2026-11-15T10:00:00Z status-update -: Scheduled: On 22 November.",
        ]
    );
}

#[test]
fn page_of_another_vendor_and_an_incident_without_updates_are_read() {
    let rows = rows("statuspage", "statuspage/other_vendor.json");
    assert_eq!(
        rows.iter().map(line).collect::<Vec<_>>(),
        [
            "2026-11-20T09:05:00Z status-update -: Investigating: Some payments fail. / (Payments)",
            "2026-11-20T09:07:00Z status-update -: Investigating: No updates yet",
        ]
    );
    assert_eq!(
        ids(&rows),
        [
            "https://breva.other.example/17/18",
            "https://breva.other.example/19"
        ]
    );
}

#[test]
fn update_without_a_time_is_refused_and_the_others_are_read() {
    let text = r#"{"incidents":[{"id":"i","name":"n","incident_updates":[{"id":"a","body":"x"},{"body":"y"},{"id":"c","body":"z","created_at":"2026-11-20T09:05:00Z"}]},{"x":1}]}"#;
    assert_eq!(
        errors_of_text("statuspage", text),
        [
            "incident 1: update 1: it has no time: `display_at` is missing",
            "incident 1: update 2 has no `id`",
            "incident 2: it is no incident of a status page: `id` or `name` is missing",
        ]
    );
    assert_eq!(read_text("statuspage", text).len(), 4);
}

#[test]
fn summary_of_a_page_has_incidents_and_maintenances() {
    assert_eq!(
        lines("statuspage", "statuspage/summary.json"),
        [
            "2026-11-20T10:10:00Z status-update -: Monitoring: It is better.",
            "2026-11-19T10:00:00Z status-update -: Scheduled: We move on Sunday.",
        ]
    );
}
