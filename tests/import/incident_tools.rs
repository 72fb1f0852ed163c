//! Timelines of incident tools and alert groups of Grafana `OnCall`.

use crate::*;

#[test]
fn rootly_events_have_their_people_and_the_next_page_is_missed() {
    assert_eq!(
        lines("rootly", "rootly/events.json"),
        [
            "2026-11-20T09:20:00Z message Sam Okafor: Rolled back / checking",
            "2026-11-20T09:02:00Z message -: incident created",
        ]
    );
    assert_eq!(
        notices("rootly", "rootly/events.json"),
        ["the input says that another page follows it: download that too, or rows are missing"]
    );
}

#[test]
fn rootly_incident_has_its_events_among_other_things() {
    assert_eq!(
        lines("rootly", "rootly/incident.json"),
        ["2026-11-20T09:01:00Z message Nora Lind: Impact began"]
    );
    assert_eq!(
        notices("rootly", "rootly/incident.json"),
        ["left out, because they are no events of a timeline: 1 of the objects in the input"]
    );
    let one = r#"{"data":{"id":"9","type":"incident_events","attributes":{"event":"ok","occurred_at":"2026-11-20T09:01:00Z"}}}"#;
    assert_eq!(rows_of_text("rootly", one)[0].text, "ok");
}

#[test]
fn firehydrant_events_of_each_type_say_what_happened() {
    assert_eq!(
        lines("firehydrant", "firehydrant/events.json"),
        [
            "2026-11-20T09:04:00Z message Nora Lind: role update: status: assigned; incident role: Commander; user: Nora Lind",
            "2026-11-20T09:20:00Z message Sam Okafor: Rolled back",
            "2026-11-20T09:01:00Z message -: Impact began",
            "2026-11-20T09:03:00Z message Nora Lind: incident status: severity: SEV1",
            "2026-11-20T09:02:00Z message Nora Lind: bulk update",
        ]
    );
    assert_eq!(notices("firehydrant", "firehydrant/events.json").len(), 1);
}

#[test]
fn grafana_incident_items_without_a_body_or_with_files_are_whole() {
    assert_eq!(
        lines("grafana-incident", "grafana-incident/activity.json"),
        [
            "2026-11-20T09:20:00Z message Nora Lind: Rolled back / [file: graph.png]",
            "2026-11-20T09:04:00Z message Nora Lind: role assigned: role: investigator; Sam Okafor",
            "2026-11-20T09:02:00Z message -: Incident declared",
        ]
    );
    assert_eq!(
        notices("grafana-incident", "grafana-incident/activity.json").len(),
        1
    );
}

#[test]
fn alert_group_has_a_row_for_each_state_it_was_in() {
    assert_eq!(
        lines("grafana-oncall", "grafana-oncall/alert_groups.json"),
        [
            "2026-11-20T09:02:00.430444Z trigger -: Alert #42 created: Checkout 5xx above 5 %",
            "2026-11-20T09:04:00Z acknowledge UCGEIXI1MR1NZ: Alert #42 acknowledged: Checkout 5xx above 5 %",
            "2026-11-20T09:50:00Z resolve UCGEIXI1MR1NZ: Alert #42 resolved: Checkout 5xx above 5 %",
            "2026-11-20T09:10:00Z trigger -: Alert #43 created: Disk",
            "2026-11-20T09:11:00Z snooze -: Alert #43 silenced: Disk",
        ]
    );
    assert_eq!(
        notices("grafana-oncall", "grafana-oncall/alert_groups.json"),
        [""; 0]
    );
}

#[test]
fn webhook_of_oncall_has_the_ids_of_the_api() {
    let text = fs::read_to_string(fixtures().join("grafana-oncall/webhook.jsonl")).unwrap();
    let read = read_text("grafana-oncall", &text);
    let by_webhook: Vec<&Row> = read.iter().filter_map(|row| row.as_ref().ok()).collect();
    let by_api = rows("grafana-oncall", "grafana-oncall/alert_groups.json");
    assert_eq!(by_webhook.len(), 2);
    assert_eq!(by_webhook[0].id, by_api[1].id);
    assert_eq!(by_webhook[1].id, by_api[0].id);
    assert_eq!(by_webhook[0].speaker.as_ref().unwrap().name, "nora");
    assert_eq!(
        errors_of_text("grafana-oncall", &text),
        ["alert group 3: a webhook `escalation` of Grafana OnCall has no time in it"]
    );
}
