//! Jira issues and requests.

use crate::*;

#[test]
fn issue_has_its_creation_comments_and_changes_and_nothing_rendered() {
    assert_eq!(
        lines("jira", "jira/issue.json"),
        [
            "2026-11-20T09:02:00Z message Nora Lind: OPS-812 created: Checkout 5xx above 5 % / See the graph (https://grafana.breva.example/d/1) and @Nora Lind. / SELECT 1 [image: db.png] wow! [x] {y}",
            "2026-11-20T09:20:00Z message Sam Okafor: Rolled back by @Sam Okafor, see run 812 (https://ci.breva.example/812?token=[removed]) / - index is missing / - load 98 %🔥 / EXPLAIN / SELECT 1 / kept / [file: graph.png]",
            "2026-11-20T09:30:00Z message -: Automation: linked @sam",
            "2026-11-20T09:45:00Z change Sam Okafor: status: In Progress → Done; resolution: none → Fixed",
            "2026-11-20T09:06:00Z assign Nora Lind: assignee: none → Sam Okafor",
            "2026-11-20T09:05:00Z housekeeping Nora Lind: Rank: none → Ranked higher",
        ]
    );
    let rows = rows("jira", "jira/issue.json");
    assert_eq!(rows[1].id, "breva.atlassian.net/comment/10100");
    assert_eq!(rows[0].services, ["Checkout"]);
}

#[test]
fn changes_that_are_not_in_the_input_are_said() {
    assert_eq!(
        notices("jira", "jira/issue.json"),
        ["issue 1: 3 of 4 changes of OPS-812 are in the input: download the others too"]
    );
}

#[test]
fn result_of_a_search_is_read() {
    assert_eq!(
        lines("jira", "jira/search.json"),
        ["2026-11-21T09:00:00Z message -: OPS-813 created: Follow-up: index"]
    );
}

#[test]
fn request_has_its_times_in_objects() {
    assert_eq!(
        lines("jira", "jira/request.json"),
        [
            "2026-11-20T09:02:00Z message Nora Lind: HELP-9 created: Cannot pay / 502 at checkout",
            "2026-11-20T09:10:00Z message Sam Okafor: We are on it",
        ]
    );
    assert_eq!(
        notices("jira", "jira/request.json"),
        ["issue 1: not all comments of HELP-9 are in the input: download the others too"]
    );
}

#[test]
fn edited_comment_keeps_its_id() {
    let comment = |body: &str, updated: &str| {
        let text = format!(
            r#"{{"comments":[{{"self":"https://j.example/rest/api/2/issue/1/comment/5","id":"5","author":{{"displayName":"N"}},"body":"{body}","created":"2026-11-20T10:20:00.000+0100","updated":"{updated}"}}]}}"#
        );
        rows_of_text("jira", &text).remove(0)
    };
    let (first, touched, edited) = (comment("a", "1"), comment("a", "2"), comment("b", "3"));
    assert_eq!(first.id, "j.example/comment/5");
    assert_eq!(first.id, edited.id);
    assert_eq!(first.hash, touched.hash);
    assert_ne!(first.hash, edited.hash);
}

#[test]
fn page_of_a_search_has_work_files_and_all_text_and_says_that_another_follows() {
    assert_eq!(
        lines("jira", "jira/page.json"),
        [
            "2026-11-20T10:00:00Z message Nora Lind: OPS-820 created: Pool too small / How to see it / open the graph / - [x] raise it / - [ ] alert on it / [toc]",
            "2026-11-20T10:10:00Z message Sam Okafor: worked 30m: raised to 200",
            "2026-11-20T10:05:00Z message Sam Okafor: [file: pool.png]",
            "2026-11-20T10:06:00Z change Sam Okafor: Attachment: none → old.png",
        ]
    );
    assert_eq!(
        notices("jira", "jira/page.json"),
        [
            "issue 1: 1 of 2 work logs of OPS-820 are in the input: download the others too",
            "the input says that another page follows it: download that too, or rows are missing",
        ]
    );
}

#[test]
fn webhooks_have_the_comment_or_the_change() {
    let rows = rows("jira", "jira/webhook.jsonl");
    assert_eq!(
        rows.iter().map(line).collect::<Vec<_>>(),
        [
            "2026-11-20T10:06:00Z change Sam Okafor: status: In Progress → Done",
            "2026-11-20T10:07:00Z message Nora Lind: thanks @Nora Lind",
            "2026-11-20T10:08:00Z message Nora Lind: OPS-821 created: Alert on it",
        ]
    );
    assert_eq!(rows[0].id, "breva.atlassian.net/history/11001");
    assert_eq!(rows[1].id, "breva.atlassian.net/comment/801");
    assert_eq!(
        errors_of_text("jira", r#"{"timestamp":1,"webhookEvent":"sprint_closed"}"#),
        [
            "issue 1: a webhook `sprint_closed` of Jira is not read: only issues, their changes and comments are"
        ]
    );
}
