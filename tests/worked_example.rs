//! The outage that the project began with, from its commands to its documents.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

mod common;
use common::{Env, golden};

#[test]
fn its_postmortem_is_the_golden_file() {
    golden("postmortem.md", &Env::example().ok(&["postmortem"]));
}

#[test]
fn its_letter_is_the_golden_file() {
    golden(
        "followup.txt",
        &Env::example().ok(&["email", "--stage", "followup"]),
    );
}

#[test]
fn its_letter_copies_no_sentence_of_the_real_one() {
    let letter = Env::example().ok(&["email", "--stage", "followup"]);
    let words: Vec<String> = letter
        .split_whitespace()
        .map(|w| {
            w.trim_matches(|c: char| !c.is_alphanumeric())
                .to_lowercase()
        })
        .collect();
    let joined = words.join(" ");
    for theirs in [
        "certainly important portion of",
        "features redundant hardware intended to prevent",
        "overcame the remaining protections",
        "we worked as rapidly as we could",
        "we sincerely apologize for the outage",
        "not satisfied with this interruption",
        "please let us know of any questions",
    ] {
        assert!(!joined.contains(theirs), "{theirs}");
    }
}

#[test]
fn the_same_commands_give_the_same_bytes() {
    let (one, other) = (Env::example(), Env::example());
    for verb in [
        &["postmortem"][..],
        &["postmortem", "--format", "json"],
        &["show", "--json"],
        &["metrics", "--json"],
    ] {
        assert_eq!(one.ok(verb), other.ok(verb), "{verb:?}");
    }
}

#[test]
fn every_customer_wording_is_in_the_letter_once_and_in_order() {
    let env = Env::example();
    let letter = env.ok(&["email", "--stage", "followup"]);
    let flat = letter.split_whitespace().collect::<Vec<_>>().join(" ");
    let show = env.json(&["show", "--json"]);
    let mut last = 0;
    let mut seen = 0;
    for event in show["events"].as_array().unwrap() {
        if let Some(wording) = event["customer"].as_str() {
            assert_eq!(flat.matches(wording).count(), 1, "{wording}\n{letter}");
            let at = flat.find(wording).unwrap();
            assert!(at >= last, "{wording} is out of order\n{letter}");
            last = at;
            seen += 1;
        }
    }
    assert_eq!(seen, 5);
}

#[test]
fn its_figures_are_those_that_its_times_say() {
    let metrics = Env::example().json(&["metrics", "--json"]);
    let seconds = |name: &str| metrics["metrics"][name]["seconds"].as_i64();
    let min = |m: i64| Some(m * 60);
    assert_eq!(seconds("exposure"), min(128), "07:58 to 10:06");
    assert_eq!(seconds("time_to_detect"), min(3));
    assert_eq!(seconds("time_to_acknowledge"), min(2));
    assert_eq!(seconds("time_to_declare"), min(8));
    assert_eq!(seconds("time_to_mitigate"), min(200), "10:06 to 13:26");
    assert_eq!(seconds("time_to_restore"), min(200));
    assert_eq!(seconds("time_to_cause"), min(314), "10:06 to 15:20");
    assert_eq!(seconds("time_to_resolve"), min(236), "10:14 to 14:10");
    assert_eq!(seconds("outage"), min(200));
    assert_eq!(seconds("degraded"), Some(0));
    assert_eq!(seconds("at_risk"), min(128));
    assert_eq!(seconds("time_to_first_update"), min(24), "10:06 to 10:30");
    assert_eq!(seconds("longest_update_gap"), min(60));
    assert_eq!(metrics["metrics"]["exposure"]["approximate"], true);
    for (name, figure) in metrics["metrics"].as_object().unwrap() {
        assert!(!figure["formula"].as_str().unwrap().is_empty(), "{name}");
        assert!(
            !figure["seconds"].is_null() || figure["reason"].is_string(),
            "{name}"
        );
    }
}

#[test]
fn lint_finds_nothing_in_it() {
    let ran = Env::example().run(&["lint"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert_eq!(
        Env::example().json(&["lint", "--json"])["findings"],
        serde_json::json!([])
    );
}

#[test]
fn lint_finds_what_was_taken_out() {
    let env = Env::example();
    env.ok(&["set", "--incident", "1", "unaffected", "-"]);
    assert_eq!(env.pipe(&["write", "lucky", "--from", "-"], b"-").code, 0);
    env.ok(&[
        "service",
        "--incident",
        "1",
        "online-db",
        "--public",
        "db-17",
    ]);
    let ran = env.run(&["lint"]);
    ran.refused(3, &["things are missing", "hint: "]);
    for says in [
        "host-name",
        "service/online-db",
        "bridgelog --incident 1 set unaffected",
    ] {
        assert!(ran.out.contains(says), "{says}: {}", ran.out);
    }
    env.run(&["lint", "--stage", "never"])
        .refused(2, &["stage"]);
}

#[test]
fn it_verifies() {
    let env = Env::example();
    assert!(env.ok(&["verify"]).contains("all is as it was written"));
}
