//! Earlier incidents that began alike, in `status` and in the postmortem.
#![allow(clippy::unwrap_used)]

mod common;

use common::TestEnv;

/// An incident with an expired certificate, resolved, with a follow-up that is not done.
fn env_with_earlier() -> TestEnv {
    let mut env = TestEnv::new();
    env.set_now("2012-05-14T10:00:00Z");
    // Some others, so that words differ in how much they tell.
    for (title, line) in [
        (
            "Search index lags",
            "fault: indexing lags behind, queue grows !degraded",
        ),
        (
            "Disk full on mail",
            "fault: no space left on the mail volume !down",
        ),
        (
            "Office network slow",
            "fault: switch in the office drops packets !degraded",
        ),
        (
            "Payments slow",
            "fault: card provider answers slowly !degraded",
        ),
    ] {
        env.run_ok(&["declare", title]);
        env.log(line);
        env.run_ok(&["resolve"]);
    }
    env.set_now("2012-05-15T10:00:00Z");
    env.run_ok(&["declare", "Logins refused", "--service", "auth"]);
    env.log("10:00 UTC fault: clients refuse the TLS certificate of the login page !down");
    env.set_now("2012-05-15T10:30:00Z");
    env.log("10:05 UTC decision: renew the certificate by hand");
    env.log("10:30 UTC restore: logins work");
    env.run_ok(&[
        "task",
        "add",
        "Watch the expiry of certificates",
        "--owner",
        "raj",
        "--due",
        "2012-06-01",
    ]);
    env.run_ok(&["resolve"]);
    env.set_now("2012-08-20T13:00:00Z");
    env
}

fn declare_alike(env: &TestEnv) {
    env.run_ok(&[
        "declare",
        "Mobile app cannot log in",
        "--service",
        "app-api",
    ]);
    env.log("fault: app refuses the certificate of the API, TLS handshake fails !down");
}

#[test]
fn open_incident_shows_what_was_decided_in_an_earlier_one_that_began_alike() {
    let env = env_with_earlier();
    declare_alike(&env);
    let status = env.run_ok(&["status"]);
    for part in [
        "Seen before",
        "#5 Logins refused 2012-05-15 · in common: ",
        "decision: renew the certificate by hand; restore 25 min after",
        "not done, overdue: ",
        "Watch the expiry of certificates",
    ] {
        assert!(status.contains(part), "{part}: {status}");
    }
    let json = env.run_json(&["status", "--json"]);
    let seen = &json["seen_before"];
    assert_eq!(seen.as_array().unwrap().len(), 1, "{seen}");
    assert_eq!(seen[0]["incident"], "5");
    assert_eq!(seen[0]["improvement"]["seconds_after_step"], 25 * 60);
    assert_eq!(seen[0]["open_follow_ups"][0]["owner"], "raj");
    let postmortem = env.run_ok(&["postmortem"]);
    for part in [
        "## Seen before",
        "**Incident 5**, 2012-05-15: Logins refused",
        "Decided: renew the certificate by hand; restore 25 min after",
        "Not done: Watch the expiry of certificates, owner: raj, due 2012-06-01 (overdue)",
    ] {
        assert!(postmortem.contains(part), "{part}: {postmortem}");
    }
    let html = env.run_ok(&["postmortem", "--format", "html"]);
    assert!(html.contains("Seen before"));
}

#[test]
fn nothing_is_said_where_nothing_is_alike() {
    let env = env_with_earlier();
    env.run_ok(&["declare", "Gas smell on the third floor"]);
    env.log("fault: everybody leaves the building !down");
    assert!(!env.run_ok(&["status"]).contains("Seen before"));
    assert_eq!(
        env.run_json(&["status", "--json"])["seen_before"],
        serde_json::json!([])
    );
    assert!(!env.run_ok(&["postmortem"]).contains("Seen before"));
}

#[test]
fn later_and_own_incidents_are_not_seen_before() {
    let env = env_with_earlier();
    declare_alike(&env);
    // The earlier one did not see the later one.
    assert!(!env.run_ok(&["postmortem", "5"]).contains("Seen before"));
}

#[test]
fn drills_and_incidents_do_not_see_each_other() {
    let env = env_with_earlier();
    declare_alike(&env);
    env.run_ok(&["set", "drill", "yes"]);
    assert!(!env.run_ok(&["status"]).contains("Seen before"));
    // A drill sees a drill.
    env.run_ok(&["set", "drill", "yes", "--incident", "5"]);
    assert!(env.run_ok(&["status", "6"]).contains("Seen before"));
    env.run_ok(&["set", "drill", "none", "--incident", "6"]);
    assert!(!env.run_ok(&["status", "6"]).contains("Seen before"));
}

#[test]
fn only_what_made_the_service_better_for_good_is_said_to_have_helped() {
    let mut env = env_with_earlier();
    env.set_now("2012-05-20T14:00:00Z");
    env.run_ok(&["declare", "Sign-in refused", "--service", "login"]);
    for line in [
        "09:00 UTC absorbed: a disk failed @disk",
        "09:30 UTC restore: disk changed @disk",
        "10:00 UTC fault: clients refuse the TLS certificate of the API, handshake fails @login !down",
        "10:20 UTC decision: restart the proxies",
        "10:30 UTC mitigate: fewer errors @login",
        "10:40 UTC fault: handshake fails again @login !down",
        "11:30 UTC restore: a new certificate @login",
    ] {
        env.log(line);
    }
    env.run_ok(&["resolve"]);
    env.set_now("2012-08-20T13:00:00Z");
    declare_alike(&env);
    let status = env.run_ok(&["status"]);
    assert!(
        status.contains("decision: restart the proxies; login: restore 1 h 10 min after\n"),
        "{status}"
    );
    let postmortem = env.run_ok(&["postmortem"]);
    assert!(
        postmortem.contains("Decided: restart the proxies; login: restore 1 h 10 min after\n"),
        "{postmortem}"
    );
    // What ended it is what an event says.
    let events = env.run_json(&["show", "6", "--json"]);
    let handle = |text: &str| {
        let events = events["events"].as_array().unwrap();
        let event = events.iter().find(|e| e["text"] == text).unwrap();
        event["handle"].as_str().unwrap().to_owned()
    };
    env.run_ok(&["retract", &handle("restart the proxies"), "--reason", "no"]);
    let status = env.run_ok(&["status"]);
    assert!(
        status.contains("no decision recorded; login: restore 1 h 30 min after the impact began\n"),
        "{status}"
    );
    // It got worse and was never better again.
    env.run_ok(&["retract", &handle("a new certificate"), "--reason", "no"]);
    let status = env.run_ok(&["status"]);
    assert!(status.contains("     no decision recorded\n"), "{status}");
}

#[test]
fn text_that_was_redacted_is_not_shown_again() {
    let env = env_with_earlier();
    let handle = {
        let events = env.run_json(&["show", "5", "--json"]);
        let events = events["events"].as_array().unwrap().clone();
        let decision = events.iter().find(|e| e["kind"] == "decision").unwrap();
        decision["handle"].as_str().unwrap().to_owned()
    };
    env.run_ok(&["redact", &handle, "--reason", "a secret"]);
    declare_alike(&env);
    let status = env.run_ok(&["status"]);
    assert!(status.contains("Seen before"), "{status}");
    assert!(!status.contains("by hand"), "{status}");
}
