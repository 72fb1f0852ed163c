//! Events that give a state and name no service: they do not become states of services that nobody named.
#![allow(clippy::unwrap_used, clippy::panic, reason = "this is a test")]

mod common;
use common::{CommandResult, TestEnv};
use serde_json::Value;

/// A log whose clock goes on by a second with each command.
struct Log {
    env: TestEnv,
    seconds: u32,
}

impl Log {
    fn new() -> Self {
        Self {
            env: TestEnv::new(),
            seconds: 0,
        }
    }

    fn run(&mut self, args: &[&str]) -> CommandResult {
        self.seconds += 1;
        let now = format!(
            "2012-08-16T18:{:02}:{:02}Z",
            self.seconds / 60,
            self.seconds % 60
        );
        self.env.set_now(&now);
        self.env.run(args)
    }

    fn ok(&mut self, args: &[&str]) -> CommandResult {
        let result = self.run(args);
        assert_eq!(result.exit_code, 0, "{args:?} {result:#?}");
        result
    }

    /// Logs `line` and returns its handle.
    fn log(&mut self, incident: &str, line: &str) -> String {
        let args: &[&str] = match incident {
            "" => &["log", "--json", line],
            number => &["log", "--json", "--incident", number, line],
        };
        let logged: Value = serde_json::from_str(&self.ok(args).stdout).unwrap();
        logged["handle"].as_str().unwrap().to_owned()
    }

    fn states(&mut self) -> Vec<String> {
        self.states_of("1")
    }

    /// The spans of an incident as `service state from-to`, in local time.
    fn states_of(&mut self, incident: &str) -> Vec<String> {
        let shown = self.env.run_json(&["show", incident, "--json"]);
        let time = |at: &Value| {
            let Some(at) = at.as_str() else {
                return String::new();
            };
            // The incidents are in New York.
            let hour: u32 = at[11..13].parse().unwrap();
            format!("{:02}{}", hour - 4, &at[13..16])
        };
        let spans = shown["states"].as_array().unwrap().iter().map(|span| {
            format!(
                "{} {} {}-{}",
                span["service"].as_str().unwrap_or_default(),
                span["state"].as_str().unwrap(),
                time(&span["from"]),
                time(&span["to"])
            )
        });
        spans.collect()
    }

    fn metric(&mut self, name: &str) -> Value {
        self.env.run_json(&["metrics", "1", "--json"])["metrics"][name].clone()
    }
}

const TWO: [&str; 8] = [
    "declare",
    "Web",
    "--service",
    "web",
    "--service",
    "api",
    "--at",
    "12:00",
];

#[test]
fn merged_states_stay_those_of_the_services_of_their_own_incident() {
    for (from, into) in [("2", "1"), ("1", "2")] {
        let mut log = Log::new();
        log.ok(&TWO);
        log.log("1", "12:01 fault: web slow @web !degraded");
        log.ok(&["declare", "Mail", "--at", "12:05"]);
        log.log("2", "12:06 fault: mail dead !down");
        log.log("2", "12:30 restore: mail is back");
        log.ok(&["merge", from, "--into", into]);
        assert_eq!(
            log.states_of(into),
            [" down 12:06-12:30", " ok 12:30-", "web degraded 12:01-"]
        );
        log.ok(&["verify"]);
    }
}

#[test]
fn merged_incidents_of_one_service_each_keep_them_apart() {
    let mut log = Log::new();
    log.ok(&["declare", "Web", "--service", "web", "--at", "12:00"]);
    log.ok(&["declare", "Mail", "--at", "12:05"]);
    log.ok(&["service", "mail", "--incident", "2"]);
    log.log("2", "12:06 fault: mail dead !down");
    log.log("1", "12:10 fault: web slow !degraded");
    log.ok(&["merge", "2", "--into", "1"]);
    let restored = log.log("1", "12:20 restore: @web is back");
    assert_eq!(
        log.states(),
        [
            "mail down 12:06-",
            "web degraded 12:10-12:20",
            "web ok 12:20-"
        ]
    );
    log.ok(&["retract", &restored, "--reason", "wrong"]);
    assert_eq!(log.states(), ["mail down 12:06-", "web degraded 12:10-"]);
    log.ok(&["verify"]);
}

#[test]
fn merge_keeps_states_without_a_service_where_no_service_is_named() {
    let mut log = Log::new();
    log.ok(&["declare", "One", "--at", "12:00"]);
    log.ok(&["declare", "Two", "--at", "12:05"]);
    log.log("2", "12:06 fault: dead !down");
    log.ok(&["merge", "2", "--into", "1"]);
    assert_eq!(log.states(), [" down 12:06-"]);
}

#[test]
fn adopt_and_move_are_refused_where_a_state_would_become_one_of_other_services() {
    let mut log = Log::new();
    log.ok(&[
        "declare",
        "B",
        "--service",
        "a",
        "--service",
        "b",
        "--state",
        "down",
        "--at",
        "09:00",
    ]);
    log.ok(&["resolve", "--at", "09:50"]);
    let back = log.log("", "09:20 restore: mail is back");
    log.run(&["adopt", &back, "--incident", "1"])
        .assert_error(1, &["names no service", "@a @b"]);
    assert_eq!(
        log.states(),
        [
            "a down 09:00-09:50",
            "a ok 09:50-",
            "b down 09:00-09:50",
            "b ok 09:50-"
        ]
    );
    log.ok(&["declare", "Mail", "--at", "09:10"]);
    let dead = log.log("2", "09:15 fault: mail dead !down");
    log.ok(&["move", &dead, "1"]);
    assert_eq!(log.states()[0], " down 09:15-09:50");
    let noted = log.log("", "09:21 note: mail is slow");
    log.ok(&["move", &noted, "1"]);
}

#[test]
fn amendment_that_names_a_service_says_which_events_become_its_own() {
    let mut log = Log::new();
    log.ok(&["declare", "X", "--at", "12:00"]);
    let first = log.log("", "12:01 fault: checkout dead !down");
    let other = log.log("", "12:05 fault: mail slow !degraded");
    let amended = log.ok(&["amend", &first, "--service", "checkout"]);
    let note = format!("`{other}` names no service and counts for @checkout now");
    assert!(amended.stderr.contains(&note), "{}", amended.stderr);
    let amended = log.ok(&["amend", &other, "@mail"]);
    assert!(
        !amended.stderr.contains("names no service"),
        "{}",
        amended.stderr
    );
    assert_eq!(
        log.states(),
        ["checkout down 12:01-", "mail degraded 12:05-"]
    );
}

#[test]
fn imported_state_that_names_no_service_is_refused_where_there_are_several() {
    let mut log = Log::new();
    log.ok(&[
        "declare",
        "I",
        "--service",
        "web",
        "--service",
        "api",
        "--at",
        "09:00",
        "--state",
        "down",
    ]);
    let path = log.env.path().join("i.csv");
    let file = path.to_str().unwrap().to_owned();
    std::fs::write(
        &path,
        "time,text,kind\n2012-08-16 09:20,one alert is over,restore\n",
    )
    .unwrap();
    let import = ["import", "csv", &file, "--zone", "America/New_York"];
    log.run(&import).assert_error(
        1,
        &["`restore` gives a state and names no service", "web", "api"],
    );
    let with_service = "time,text,kind,service\n2012-08-16 09:20,one alert is over,restore,web\n";
    std::fs::write(&path, with_service).unwrap();
    let imported = log.ok(&import);
    let all = format!("{}{}", imported.stdout, imported.stderr);
    assert!(all.contains("@web ok"), "{all}");
}

#[test]
fn all_names_the_services_while_something_without_a_service_is_not_well() {
    let mut log = Log::new();
    log.ok(&TWO);
    log.log("", "12:01 fault: something is wrong");
    log.log("", "12:10 fault: now everything fails @all");
    log.log("", "12:20 note: all is !degraded @all");
    let states = log.states();
    for service in ["web", "api"] {
        let unknown = format!("{service} unknown 12:10-12:20");
        assert!(states.contains(&unknown), "{states:?}");
    }
    let caught = log.ok(&["log", "12:30 absorbed: ups holds @all"]);
    assert!(
        !caught.stderr.contains("no service is named"),
        "{}",
        caught.stderr
    );
}

#[test]
fn merged_declaration_sets_neither_severity_nor_commander() {
    let mut log = Log::new();
    log.ok(&[
        "declare",
        "Big",
        "--service",
        "web",
        "--severity",
        "sev1",
        "--commander",
        "ann",
        "--at",
        "12:00",
    ]);
    log.ok(&[
        "declare",
        "Small",
        "--severity",
        "sev4",
        "--commander",
        "lee",
        "--service",
        "api",
        "--at",
        "12:05",
    ]);
    log.ok(&["merge", "2", "--into", "1"]);
    let listed = &log.env.run_json(&["list", "--json"])[0];
    assert_eq!(
        (&listed["severity"], &listed["commander"]),
        (&"sev1".into(), &"ann".into())
    );
    let document = log.ok(&["postmortem", "1"]).stdout;
    assert!(!document.contains("from 12:05"), "{document}");
    log.ok(&["verify"]);
}

#[test]
fn open_incident_merged_into_a_resolved_one_stays_open() {
    let mut log = Log::new();
    log.ok(&[
        "declare",
        "A",
        "--service",
        "web",
        "--at",
        "11:00",
        "--state",
        "down",
    ]);
    log.ok(&["resolve", "--at", "11:30"]);
    log.ok(&[
        "declare",
        "B",
        "--service",
        "api",
        "--at",
        "12:00",
        "--state",
        "down",
    ]);
    log.ok(&["merge", "2", "--into", "1"]);
    assert_eq!(log.env.run_json(&["list", "--json"])[0]["open"], true);
    assert!(
        log.ok(&["log", "restarting api"])
            .stdout
            .contains("logged in 1")
    );
    log.ok(&["verify"]);
}

#[test]
fn unknown_stretch_in_the_middle_leaves_the_time_to_restore() {
    let mut log = Log::new();
    log.ok(&[
        "declare",
        "X",
        "--service",
        "a",
        "--at",
        "11:00",
        "--state",
        "down",
    ]);
    for line in [
        "11:10 restore: x",
        "11:20 fault: again",
        "11:22 note: it is !degraded",
        "11:40 restore: y",
    ] {
        log.log("", line);
    }
    assert_eq!(log.metric("time_to_restore")["seconds"], 2400);
    assert_eq!(log.metric("time_to_redundancy")["seconds"], 2400);
    assert_eq!(log.metric("impact")["seconds"], Value::Null);
    log.log("", "11:50 fault: once more");
    assert_eq!(log.metric("time_to_restore")["seconds"], Value::Null);
}

#[test]
fn resolve_that_does_not_resolve_gives_no_time_to_resolve() {
    let mut log = Log::new();
    log.ok(&[
        "declare",
        "X",
        "--service",
        "a",
        "--at",
        "12:00",
        "--state",
        "down",
    ]);
    let resolved: Value =
        serde_json::from_str(&log.ok(&["resolve", "--at", "12:30", "--json"]).stdout).unwrap();
    log.ok(&["amend", resolved["handle"].as_str().unwrap(), "11:50"]);
    let metric = log.metric("time_to_resolve");
    assert_eq!(
        (&metric["seconds"], &metric["reason"]),
        (&Value::Null, &"not resolved yet".into())
    );
}

#[test]
fn state_of_a_resolve_or_a_reopen_is_asked_for_where_there_are_several_services() {
    let mut log = Log::new();
    log.ok(&TWO);
    log.log("1", "12:01 fault: web slow @web !degraded");
    let handle = |result: CommandResult| {
        let logged: Value = serde_json::from_str(&result.stdout).unwrap();
        logged["handle"].as_str().unwrap().to_owned()
    };
    let resolved = handle(log.ok(&["resolve", "--json", "--at", "12:10"]));
    let reopened = handle(log.ok(&["reopen", "--json", "--at", "12:11"]));
    for (event, state) in [(&resolved, "!at-risk"), (&reopened, "!down")] {
        log.run(&["amend", event, state])
            .assert_error(2, &["which service is", "@api, @web"]);
        log.ok(&["amend", event, &format!("{state} @web")]);
    }
    assert!(log.states().iter().all(|span| !span.starts_with("api")));
}
