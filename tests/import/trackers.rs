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
