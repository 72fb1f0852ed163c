//! A request is closed by an event of its own incident: where the two are apart, that is said.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::TestEnv;

/// Runs `args`, which must succeed, and returns all that was printed.
fn run(env: &TestEnv, args: &[&str]) -> String {
    let result = env.run(args);
    assert_eq!(result.exit_code, 0, "{args:?}: {}", result.stderr);
    result.stdout + &result.stderr
}

/// Two incidents, with a request in the first.
fn two_incidents() -> (TestEnv, String) {
    let env = TestEnv::new();
    run(&env, &["declare", "one", "--service", "web"]);
    run(&env, &["declare", "two", "--service", "db"]);
    run(&env, &["log", "--incident", "1", "ask: look at it @ann 5m"]);
    let handle = handle(&env, "1", "look at it");
    (env, handle)
}

fn handle(env: &TestEnv, incident: &str, text: &str) -> String {
    let shown: serde_json::Value =
        serde_json::from_str(&env.run(&["show", incident, "--json"]).stdout).unwrap();
    let events = shown["events"].as_array().unwrap();
    let event = events.iter().find(|event| event["text"] == text).unwrap();
    event["handle"].as_str().unwrap().to_owned()
}

#[test]
fn done_in_another_incident_says_that_the_request_stays_open() {
    let (env, request) = two_incidents();
    let done = format!("done: ^{request} it was the cache");
    let logged = run(&env, &["log", "--incident", "2", &done]);
    let way = format!("is in incident 1 and stays open there: `bridgelog task done {request}`");
    assert!(logged.contains(&way), "{logged}");
    let logged = run(&env, &["log", "--incident", "1", &done]);
    assert!(!logged.contains("stays open"), "{logged}");
    let logged = run(&env, &["log", "--incident", "2", &done]);
    assert!(!logged.contains("stays open"), "{logged}");
}

#[test]
fn move_of_one_of_a_request_and_what_closed_it_is_said() {
    let (env, request) = two_incidents();
    run(&env, &["task", "done", &request, "it was the cache"]);
    let done = handle(&env, "1", "it was the cache");
    let moved = run(&env, &["move", &request, "2"]);
    let way = format!("`bridgelog move {done} 2`");
    assert!(
        moved.contains("open again") && moved.contains(&way),
        "{moved}"
    );
    assert!(run(&env, &["task", "list", "2"]).contains("open"));
    let moved = run(&env, &["move", &done, "2"]);
    assert!(!moved.contains("open again"), "{moved}");
    let moved = run(&env, &["move", &done, "1"]);
    let way = format!("`bridgelog move {request} 1`");
    assert!(
        moved.contains("open again") && moved.contains(&way),
        "{moved}"
    );
    run(&env, &["undo", "--incident", "1"]);
    let moved = run(&env, &["move", &request, &done, "1"]);
    assert!(!moved.contains("open again"), "{moved}");
}
