//! Every command of a marker in a document works when it is pasted, with several services and beside other open
//! incidents.
#![allow(clippy::unwrap_used)]

mod common;
use common::TestEnv;
use rstest::rstest;
use std::collections::BTreeSet;

/// The commands of the markers in the letters and the postmortem of incident 1.
fn commands(env: &TestEnv) -> BTreeSet<String> {
    let mut texts = vec![env.run_ok(&["postmortem", "1"])];
    for stage in ["initial", "update", "resolved", "followup"] {
        texts.push(env.run_ok(&["email", "1", "--stage", stage]));
    }
    let flat: Vec<&str> = texts.iter().flat_map(|t| t.split_whitespace()).collect();
    let flat = flat.join(" ");
    let markers = flat.split("[[").skip(1).filter_map(|m| m.split_once("]]"));
    let commands = markers.filter_map(|(marker, _)| marker.split_once(": "));
    let commands = commands.map(|(_, command)| command.replace('\\', ""));
    commands.filter(|c| c.starts_with("bridgelog ")).collect()
}

/// Replaces what only a person knows.
fn fill(command: &str) -> String {
    let when = match command.contains(" log ") {
        true => "2026-05-03 11:30 UTC",
        false => "2026-05-04 10:00",
    };
    command
        .replace("SERVICE", "api")
        .replace("STATE", "degraded")
        .replace("WHEN", when)
        .replace("TEXT", "words")
        .replace("NAME", "Acme")
        .replace("WHO", "kim")
        .replace("SEVERITY", "sev2")
        .replace("customer-scope VALUE", "customer-scope everyone")
        .replace("VALUE", "none")
}

#[rstest]
#[case::nothing_recorded("")]
#[case::detected("bridgelog --incident 1 log '2026-05-03 11:00 UTC detect: customers call @api'")]
#[case::going_on(
    "bridgelog --incident 1 log '2026-05-03 11:00 UTC fault: it broke @api @web !down'"
)]
#[case::resolved(
    "bridgelog --incident 1 log '2026-05-03 11:00 UTC fault: it broke @web !down'; bridgelog resolve --incident 1 --at 2026-05-03T11:40Z"
)]
fn commands_of_markers_work_when_pasted(#[case] lines: &str) {
    let mut env = TestEnv::new();
    env.set_now("2026-05-03T12:00:00Z");
    let setup = format!(
        "bridgelog declare 'Slow' --service api --service web --at '10:50 UTC'
bridgelog declare 'Another' --at '11:00 UTC'
{lines}"
    );
    let result = env.run_script(&setup);
    assert_eq!(result.exit_code, 0, "{}", result.stderr);
    let found = commands(&env);
    assert!(found.len() > 2, "{found:?}");
    for command in found {
        // A section is typed into an editor; of some events one is to be chosen.
        if command.contains(" write ") || command.contains("HANDLE") {
            continue;
        }
        let result = env.run_script(&fill(&command));
        assert_eq!(result.exit_code, 0, "{command}\n{}", result.stderr);
    }
}

#[test]
fn markers_name_the_incident_only_beside_other_open_ones() {
    let mut env = TestEnv::new();
    env.set_now("2026-05-03T12:00:00Z");
    env.run_ok(&["declare", "Slow", "--at", "10:50 UTC"]);
    let alone = env.run_ok(&["email", "1"]);
    assert!(alone.contains("bridgelog set product NAME"), "{alone}");
    env.run_ok(&["declare", "Another", "--at", "11:00 UTC"]);
    for document in [&["email", "1"], &["postmortem", "1"]] {
        let text = env.run_ok(document);
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains("bridgelog --incident 1 "), "{flat}");
        assert!(!flat.contains(": bridgelog set"), "{flat}");
        assert!(!flat.contains(": bridgelog log"), "{flat}");
    }
}
