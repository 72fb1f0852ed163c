//! Issues of GitHub and GitLab.

use crate::*;

#[test]
fn github_issue_has_comments_also_of_people_who_are_gone() {
    let rows = rows("github", "github/issue.json");
    assert_eq!(
        rows.iter().map(line).collect::<Vec<_>>(),
        [
            "2026-11-20T09:02:00Z message Nora Lind: #812 opened: Checkout fails / Since 10:01, see https://grafana.breva.example/d/1?api_key=[removed] /  / EU only",
            "2026-11-20T09:50:00Z change -: #812 closed (completed)",
            "2026-11-20T09:20:00Z message sokafor: Rolled back",
            "2026-11-20T09:30:00Z message ghost: Was it the index?",
            "2026-11-20T09:31:00Z message ghost: [comment without text]",
        ]
    );
}

#[test]
fn github_comment_has_the_same_id_by_gh_by_rest_and_in_a_timeline() {
    let issue = rows("github", "github/issue.json");
    let comments = rows("github", "github/comments.json");
    let timeline = rows("github", "github/timeline.json");
    assert_eq!(
        issue[2].id,
        "github.com/breva/shop/issues/812#issuecomment-101"
    );
    assert_eq!(issue[2].id, comments[0].id);
    assert_eq!(issue[2].id, timeline[3].id);
    assert_eq!(comments[1].speaker.as_ref().unwrap().name, "ghost");
}

#[test]
fn github_timeline_says_what_changed() {
    assert_eq!(
        lines("github", "github/timeline.json"),
        [
            "2026-11-20T09:02:01Z change noralind: labeled: sev1",
            "2026-11-20T09:03:00Z assign noralind: assigned: sokafor",
            "2026-11-20T09:03:00Z housekeeping noralind: subscribed",
            "2026-11-20T09:20:00Z message sokafor: Rolled back",
            "2026-11-20T09:40:00Z change noralind: cross referenced: Add the index",
            "2026-11-20T09:41:00Z change noralind: renamed: Checkout → Checkout fails",
            "2026-11-20T09:50:00Z change ghost: closed: completed",
            "2026-11-20T10:02:00Z change Sam Okafor: committed: Add the index",
            "2026-11-20T10:05:00Z message noralind: which table?",
            "2026-11-20T10:06:00Z message sokafor: orders",
            "2026-11-20T10:07:00Z change sokafor: review requested: noralind",
            "2026-11-20T10:08:00Z message noralind: reviewed: approved",
        ]
    );
}

#[test]
fn gitlab_issue_notes_and_events_are_read() {
    assert_eq!(
        lines("gitlab", "gitlab/issue.json"),
        [
            "2026-11-20T09:02:00.123Z message Nora Lind: #812 opened: Checkout fails / Since 10:01",
            "2026-11-20T09:50:00Z change Sam Okafor: #812 closed",
        ]
    );
    assert_eq!(
        lines("gitlab", "gitlab/notes.json"),
        [
            "2026-11-20T09:20:00Z message Sam Okafor: Rolled back",
            "2026-11-20T09:03:00Z change Nora Lind: added ~sev1 label",
            "2026-11-20T09:02:30Z message Ghost User: Old remark",
        ]
    );
    assert_eq!(
        ids(&rows("gitlab", "gitlab/discussions.json")),
        ["note/302", "note/303"]
    );
    assert_eq!(
        lines("gitlab", "gitlab/label_events.json"),
        [
            "2026-11-20T09:03:00Z change Nora Lind: add sev1",
            "2026-11-20T09:50:00Z change Sam Okafor: closed",
        ]
    );
}

#[test]
fn gitlab_timeline_event_has_its_own_time_by_rest_and_by_graphql() {
    let rest = rows("gitlab", "gitlab/timeline.json");
    assert_eq!(
        rest.iter().map(line).collect::<Vec<_>>(),
        [
            "2026-11-20T09:01:00Z message Nora Lind: Impact began (Start time)",
            "2026-11-20T09:20:00Z message -: Rollback finished",
        ]
    );
    assert_eq!(
        format_utc(rest[0].recorded.unwrap()),
        "2026-11-20T09:30:00Z"
    );
    let graphql = rows("gitlab", "gitlab/graphql.json");
    assert_eq!(
        (&graphql[0].id, &graphql[0].text),
        (&rest[0].id, &rest[0].text)
    );
}

#[test]
fn gitlab_issue_of_glab_has_its_notes_and_says_that_others_are_missing() {
    assert_eq!(
        lines("gitlab", "gitlab/glab.json"),
        [
            "2026-11-20T10:02:00Z message Nora Lind: #813 opened: Queue grows / Since 11:00",
            "2026-11-20T10:05:00Z message Sam Okafor: worker 3 is stuck",
            "2026-11-20T10:06:00Z change Nora Lind: assigned to @sokafor",
        ]
    );
    assert_eq!(
        notices("gitlab", "gitlab/glab.json"),
        ["not all notes are in the input: #813 (1 of 3); download the others too"]
    );
    assert_eq!(
        ids(&rows("gitlab", "gitlab/glab.json"))[1],
        "gitlab.breva.example/note/410"
    );
}

#[test]
fn gitlab_events_of_different_kinds_with_the_same_id_are_different_rows() {
    let rows = rows("gitlab", "gitlab/resource_events.json");
    assert_eq!(
        rows.iter().map(line).collect::<Vec<_>>(),
        [
            "2026-11-20T09:03:00Z change Nora Lind: add sev1",
            "2026-11-20T09:50:00Z change Sam Okafor: closed",
            "2026-11-20T09:51:00Z change Sam Okafor: remove v1.2",
            "2026-11-20T09:52:00Z change Sam Okafor: add Iteration 7",
            "2026-11-20T09:53:00Z change Sam Okafor: weight 3",
            "2026-11-20T09:54:00Z change -: remove [a label that was deleted]",
        ]
    );
    let different: std::collections::BTreeSet<&str> = ids(&rows).into_iter().collect();
    assert_eq!(different.len(), 6);
}

#[test]
fn gitlab_merge_request_is_no_issue_and_notes_name_their_line_of_code() {
    let rows = rows("gitlab", "gitlab/merge_request.json");
    assert_eq!(
        rows.iter().map(line).collect::<Vec<_>>(),
        [
            "2026-11-20T09:30:00Z message Nora Lind: !77 opened: Larger pool",
            "2026-11-20T09:45:00Z change Sam Okafor: !77 merged",
            "2026-11-20T09:35:00Z message Sam Okafor: pool.rs:12: why 200?",
        ]
    );
    assert_eq!(rows[0].id, "gitlab.breva.example/merge_request/9002");
    assert_eq!(notices("gitlab", "gitlab/merge_request.json"), [""; 0]);
}

#[test]
fn gitlab_graphql_answer_is_read_whole() {
    assert_eq!(
        lines("gitlab", "gitlab/graphql_issue.json"),
        [
            "2026-11-20T09:02:00Z message Nora Lind: #812 opened: Checkout fails / Since 10:01",
            "2026-11-20T09:50:00Z change -: #812 closed",
            "2026-11-20T09:20:00Z message Sam Okafor: Rolled back",
            "2026-11-20T09:21:00Z change Nora Lind: added ~sev1 label",
            "2026-11-20T09:01:00Z message Nora Lind: Impact began",
        ]
    );
    assert_eq!(
        notices("gitlab", "gitlab/graphql_issue.json"),
        ["item 1: `notes` has more pages than this one: download the next ones too"]
    );
}
