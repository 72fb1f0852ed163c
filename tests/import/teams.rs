//! Microsoft Teams exports and pages of Graph.

use crate::*;

#[test]
fn export_becomes_plain_text_with_names() {
    let rows = rows("teams", "teams/export");
    assert_eq!(
        rows.iter().map(line).collect::<Vec<_>>(),
        [
            "2026-11-20T09:09:00Z message Sam Okafor: Rollback done, see run 812 (https://ci.breva.example/812?token=[removed])",
            "2026-11-20T09:02:00.123Z message Nora Lind: SEV1 checkout / @Sam Okafor checkout fails / p95 > 3 s 🔥",
            "2026-11-20T09:01:00.500Z message Alertmanager: [FIRING:1] CheckoutErrors / Severity: critical",
            "2026-11-20T09:00:00Z join Nora Lind: [members added: Sam Okafor]",
            "2026-11-20T09:00:10Z housekeeping Nora Lind: [system message]",
            "2026-11-20T09:10:00.120Z deleted Nora Lind: [deleted message]",
            "2026-11-20T09:11:00Z message Nora Lind: [file: db-load.png]",
        ]
    );
    assert_eq!(rows[1].id, "19:abc@thread.tacv2/1795165320123");
}

#[test]
fn message_has_the_same_id_by_export_and_by_graph() {
    let graph = rows("teams", "teams/graph.json");
    assert_eq!(
        graph.iter().map(line).collect::<Vec<_>>(),
        [
            "2026-11-20T09:02:00.123Z message Nora Lind: checkout fails <5 %",
            "2026-11-20T09:02:10Z message Nora Lind: [call started]",
        ]
    );
    assert_eq!(graph[0].id, rows("teams", "teams/export")[1].id);
}

#[test]
fn file_of_messages_is_read_without_the_folder_around() {
    let rows = rows("teams", "teams/export/teams/t1/messages_t1.json");
    assert_eq!(rows.len(), 7);
    assert_eq!(
        rows[0].speaker.as_ref().unwrap().name,
        "",
        "the list of users is elsewhere"
    );
    assert_eq!(rows[0].speaker.as_ref().unwrap().id, "g-sam");
}

#[test]
fn replies_that_stand_in_their_message_are_messages_too() {
    assert_eq!(
        lines("teams", "teams/replies.json"),
        [
            "2026-11-20T09:02:00.123Z message Nora Lind: SEV1 / checkout fails",
            "2026-11-20T09:03:00Z message Sam Okafor: on it",
        ]
    );
    assert_eq!(
        notices("teams", "teams/replies.json"),
        ["message 1: only 1 of its replies are in the input: download the others too"]
    );
}
