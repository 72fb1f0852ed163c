//! What a newer program wrote is kept: shown as it is, and written back as read by every verb.
#![allow(clippy::unwrap_used, reason = "this is a test")]

mod common;
mod store_fixtures;

use bridgelog::{
    domain::{
        entry::Entry,
        subject::Subject,
        time::parse_utc,
        value::{Body, Change, Value},
        words::Kind,
    },
    ops::{
        Session, SessionOptions, adopt, amend, field, lifecycle, merge, task, undo,
        write_context::Clock,
    },
    store::{OpenOptions, Store},
};
use common::TestEnv;
use proptest::prelude::*;
use std::collections::HashMap;
use store_fixtures::{StoreFixture, event_at_minute};

/// The unknown fields of an event of `tests/formats/newer.jsonl`, as they stand there.
const SOURCE: &str = r#""source":{"system":"pager","ticket":12345678901234567890,"confidence":0.10,"tags":[1.0,2e3]}"#;

fn newer() -> TestEnv {
    let env = TestEnv::new();
    let entries = include_bytes!("formats/newer.jsonl");
    let result = env.run_with_stdin(&["import", "jsonl", "-"], entries);
    assert_eq!(result.exit_code, 0, "{}", result.stderr);
    assert!(result.stdout.contains("12 entries read, 12 new"));
    env
}

/// The line of the newest entry.
fn last_entry(env: &TestEnv) -> String {
    let lines = env.run_ok(&["export", "jsonl"]);
    lines.lines().last().unwrap().to_owned()
}

#[test]
fn entries_of_a_newer_program_are_shown_as_they_are() {
    let env = newer();
    assert!(
        env.run_ok(&["verify"])
            .contains("12 entries in 2 chains checked: all is as it was written")
    );

    let list = env.run_ok(&["list"]);
    for shown in [
        "41",
        "sev0",
        "state?",
        "Checkout is slow",
        "1 unassigned event",
    ] {
        assert!(list.contains(shown), "{shown}: {list}");
    }
    let show = env.run_ok(&["show"]);
    for shown in [
        "declare   degraded Checkout is slow",
        "fault     flapping one zone flaps",
        "rollback           deploy 88 rolled back",
        "quiet for now",
    ] {
        assert!(show.contains(shown), "{shown}: {show}");
    }
    let named = "2 written by a newer version of Bridgelog and not shown: ";
    let last = show.lines().last().unwrap();
    assert!(last.starts_with(named), "{show}");
    for name in [
        " (checklist)",
        "poll/0192f3a1-5b00-7c3e-9d41-00000000000a (poll)",
    ] {
        assert!(last.contains(name), "{show}");
    }
    let json = env.run_json(&["show", "--json"]);
    assert_eq!(json["unknown"][0]["type"], "checklist");
    assert_eq!(json["incident"]["severity"], "sev0");
    assert_eq!(json["incident"]["state"], "unknown");
    assert_eq!(json["events"][1]["state"], "flapping");
    assert_eq!(json["states"][1]["state"], "unknown");
    let tasks = env.run_ok(&["task", "list"]);
    assert!(
        tasks.contains("blocked") && tasks.contains("automate"),
        "{tasks}"
    );
    assert!(
        env.run_ok(&["search", "balancer"])
            .contains("drop a flapping zone")
    );
    let exported = env.run_ok(&["export", "jsonl"]);
    assert_eq!(exported, include_str!("formats/newer.jsonl"));
}

#[test]
fn unknown_state_ends_no_impact_in_figures_and_letters() {
    let env = newer();
    let metrics = env.run_json(&["metrics", "--json"]);
    for name in [
        "impact",
        "degraded",
        "outage",
        "time_to_restore",
        "longest_update_gap",
    ] {
        let metric = &metrics["metrics"][name];
        assert!(metric["seconds"].is_null(), "{name}: {metric}");
        assert_eq!(
            metric["reason"], "the state is not known: @checkout since 2031-03-04 05:01 UTC",
            "{name}"
        );
    }
    let email = env.run_ok(&["email", "--stage", "update"]);
    assert!(!email.contains("working again"), "{email}");
    let postmortem = env.run_ok(&["postmortem"]);
    assert!(
        postmortem.contains("**Not recorded:** ")
            && postmortem.contains("state of Checkout from 05:01"),
        "{postmortem}"
    );
    assert!(!postmortem.contains("to 05:01"), "{postmortem}");
    assert!(postmortem.contains("? unknown"), "{postmortem}");
}

#[test]
fn every_verb_writes_unknown_fields_back_as_read() {
    let env = newer();
    let handle = |text: &str| {
        let events = env.run_json(&["show", "--json"])["events"].clone();
        let event = events
            .as_array()
            .unwrap()
            .iter()
            .find(|e| e["text"] == text);
        event.unwrap()["handle"].as_str().unwrap().to_owned()
    };
    let fault = handle("one zone flaps");
    let declaration = handle("Checkout is slow");

    env.run_ok(&["amend", &fault, "two zones flap"]);
    let entry = last_entry(&env);
    assert!(
        entry.contains(SOURCE) && entry.contains(r#""state":"flapping""#),
        "{entry}"
    );
    env.run_ok(&["undo"]);
    let entry = last_entry(&env);
    assert!(
        entry.contains(SOURCE) && entry.contains("one zone flaps"),
        "{entry}"
    );
    env.run_ok(&["redo"]);
    assert!(last_entry(&env).contains(SOURCE));
    env.run_ok(&["retract", &fault, "--reason", "twice"]);
    assert!(last_entry(&env).contains(SOURCE));
    env.run_ok(&["set", "title", "Checkout is very slow"]);
    let entry = last_entry(&env);
    assert!(
        entry.contains(SOURCE) && entry.contains(r#""severity":"sev0""#),
        "{entry}"
    );

    let task = env.run_json(&["task", "list", "--json"])["tasks"][0]["handle"].clone();
    env.run_ok(&["task", "set", task.as_str().unwrap(), "--owner", "raj"]);
    let entry = last_entry(&env);
    for kept in [
        r#""effort":{"days":1.50}"#,
        r#""type":"automate","state":"blocked""#,
    ] {
        assert!(entry.contains(kept), "{entry}");
    }
    env.run_ok(&["set", "scope", "two zones of three"]);
    assert!(last_entry(&env).contains(r#""lang":"en""#));
    env.run_with_stdin(&["write", "summary", "--from", "-"], b"Two zones flapped.");
    assert!(last_entry(&env).contains(r#""reviewers":["mika","raj"]"#));
    env.run_ok(&["service", "checkout", "--public", "The checkout"]);
    assert!(last_entry(&env).contains(r#""tier":0"#));
    env.run_ok(&["email", "--sent", "m1", "--via", "email"]);
    let entry = last_entry(&env);
    for kept in [r#""locale":"en-GB""#, r#""weight":1.00"#] {
        assert!(entry.contains(kept), "{entry}");
    }

    env.run_ok(&["adopt", "all", "--incident", "41"]);
    assert!(last_entry(&env).contains(SOURCE));
    env.run_ok(&["declare", "the same, once more"]);
    env.run_ok(&["move", &fault, "42"]);
    assert!(last_entry(&env).contains(SOURCE));
    env.run_ok(&["merge", "41", "--into", "42"]);
    let merged = env.run_ok(&["export", "jsonl"]);
    let moved = merged
        .lines()
        .filter(|l| l.contains(r#""act":"move""#) && l.contains(SOURCE));
    assert!(moved.count() >= 4, "{merged}");
    let declared = merged.lines().filter(|l| {
        l.contains(r#""act":"move""#) && l.contains(r#""severity":"sev0""#) && l.contains(SOURCE)
    });
    assert_eq!(declared.count(), 1, "the declaration {declaration}");
    assert!(env.run_ok(&["verify"]).contains("all is as it was written"));
}

#[test]
fn redaction_drops_unknown_fields() {
    let env = newer();
    let events = env.run_json(&["show", "--json"])["events"].clone();
    let fault = events[1]["handle"].as_str().unwrap().to_owned();
    env.run_ok(&["redact", &fault, "--reason", "a secret"]);
    assert!(
        !last_entry(&env).contains("pager"),
        "a secret may be in any of them"
    );
}

fn session(kit: &StoreFixture) -> Session {
    Session::open(SessionOptions {
        path: kit.path(),
        store: OpenOptions::default(),
        author: "jw".into(),
        terminal_session: Some("00112233445566778899aabbccddeeff".into()),
        clock: Clock::Fixed(parse_utc("2012-08-20T13:00:00Z").unwrap()),
        seed: None,
        default_zone: Some("UTC".into()),
        default_incident: None,
        settings: Default::default(),
    })
    .unwrap()
}

/// `change` with `fields` as further members of its value, as a newer program would write it.
fn with_fields(store: &mut Store, change: &Change, fields: &str) {
    let body = change.body.encode(&change.salt).unwrap();
    let (head, tail) = body.split_once(r#""value":{"#).unwrap();
    let body = format!(r#"{head}"value":{{{fields},{tail}"#);
    let entry = Entry::from_change(
        change,
        bridgelog::domain::entry::ChainHead {
            // Each is the first of a store of its own.
            origin: change.id,
            seq: 0,
            hash: None,
        },
    )
    .unwrap();
    let header = entry.header_bytes().replace(
        &entry.header().body.to_string(),
        &bridgelog::domain::hash::Hash::digest(body.as_bytes()).to_string(),
    );
    let entry = Entry::parse(&format!(r#"{{"header":{header},"body":{body}}}"#)).unwrap();
    store.accept(&[entry]).unwrap();
}

/// JSON text of any shape, with numbers, escapes and spaces that another writer would print
/// otherwise.
fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        "-?[1-9][0-9]{0,30}",
        "-?[0-9]\\.[0-9]{1,20}",
        "[1-9](\\.[0-9]0)?[eE][+-]?[0-9]{1,2}",
        "\"([a-z ]|\\\\u00e9|\\\\n|é){0,8}\"",
    ];
    leaf.prop_recursive(2, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(|v| format!("[{}]", v.join(", "))),
            prop::collection::hash_map("[a-z]{1,4}", inner, 0..3).prop_map(|m| {
                let members: Vec<String> = m.iter().map(|(k, v)| format!("\"{k}\" :{v}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

/// Runs `act` on the event `handle` or its incident; errors are no matter here.
fn run_act(session: &mut Session, act: u8, handle: &str, n: usize) {
    let flags = bridgelog::domain::capture::Flags::default();
    let _ = match act % 9 {
        0 | 1 => amend::amend(session, handle, &format!("text {n}"), &flags).map(|_| ()),
        2 => amend::retract(session, handle, "wrong", true).map(|_| ()),
        3 => undo::undo(session, undo::Within::Named(None), undo::Consent::Any).map(|_| ()),
        4 => undo::redo(session, undo::Within::Named(None), undo::Consent::Any).map(|_| ()),
        5 => adopt::move_events(session, &[handle.to_owned()], "2").map(|_| ()),
        6 => adopt::move_events(session, &[handle.to_owned()], "1").map(|_| ()),
        7 => merge::merge(session, "2", "1").map(|_| ()),
        _ => adopt::adopt(session, &[handle.to_owned()], Some("1")).map(|_| ()),
    };
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_extra_fields_survive_any_acts(
        values in prop::collection::vec(json(), 1..4),
        acts in prop::collection::vec(any::<u8>(), 1..12),
    ) {
        let kit = StoreFixture::new();
        let fields: Vec<String> = values
            .iter()
            .enumerate()
            .map(|(n, json)| format!("\"x_{n}\":{json}"))
            .collect();
        let fields = fields.join(",");
        let mut store = kit.open();
        let (one, two) = (kit.declare_change(1, "one"), kit.declare_change(2, "two"));
        with_fields(&mut store, &one, &fields);
        with_fields(&mut store, &two, &fields);
        let event = kit.log_change(one.incident, event_at_minute(3, Kind::Fault, "it broke"));
        let unfiled = kit.log_change(None, event_at_minute(4, Kind::Note, "unfiled"));
        with_fields(&mut store, &event, &fields);
        with_fields(&mut store, &unfiled, &fields);
        let handles: Vec<String> = [&event, &unfiled]
            .iter()
            .map(|change| store.read().handle_of(change.id).unwrap())
            .collect();
        drop(store);

        let mut session = session(&kit);
        run_act(&mut session, 0, &handles[0], 99);
        for (n, act) in acts.iter().enumerate() {
            run_act(&mut session, *act, &handles[usize::from(act / 9) % 2], n);
        }
        // Every version of a value that was written since has the very text of the fields.
        let written = session.store.read().entries_after(4, 1000).unwrap();
        prop_assert!(!written.is_empty());
        for (_, entry) in &written {
            let Some(Body { value: Value::Event(_), .. }) = entry.body().unwrap() else { continue };
            let body = entry.body_bytes().unwrap();
            prop_assert!(body.contains(&fields), "{fields}\n{body}");
        }
        let report = session.store.verify().unwrap();
        prop_assert!(report.is_clean(), "{:?}", report.findings);
    }
}

#[test]
fn bodies_carry_the_terminal_session() {
    let kit = StoreFixture::new();
    let mut session = session(&kit);
    let declaration = bridgelog::ops::declare::Declaration {
        title: "outage".into(),
        ..Default::default()
    };
    bridgelog::ops::declare::declare(&mut session, &declaration).unwrap();
    field::set(&mut session, None, "scope", "everyone", None).unwrap();
    lifecycle::resolve(&mut session, None, None, "over").unwrap();
    let patch = task::TaskPatch {
        text: Some("mend it".into()),
        ..Default::default()
    };
    task::add(&mut session, None, &patch).unwrap();
    undo::undo(&mut session, undo::Within::Named(None), undo::Consent::Any).unwrap();
    let entries = session.store.read().entries_after(0, 100).unwrap();
    assert_eq!(entries.len(), 5);
    let mut sessions: HashMap<String, usize> = HashMap::new();
    for (_, entry) in entries {
        let body = entry.body().unwrap().unwrap();
        *sessions.entry(body.terminal_session.unwrap()).or_default() += 1;
        assert!(matches!(
            entry.header().subject,
            Subject::Event(_) | Subject::Field(_) | Subject::Task(_)
        ));
    }
    assert_eq!(sessions.len(), 1);
}
