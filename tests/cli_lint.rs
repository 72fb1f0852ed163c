//! Every command that `lint` prints works when it is pasted: after it the finding is gone.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

mod common;
use common::TestEnv;
use rstest::rstest;
use serde_json::Value;
use std::collections::BTreeMap;

const CONFIG: &str =
    "organisation = \"AVR\"\ncontact = \"support@avr.example\"\nsignature = \"AVR\"\n";

/// An incident with nothing to find, in the night in which New York has the hour from 1:00 twice. Times have
/// seconds; the clock is at 09:00 EST.
fn clean(env: &mut TestEnv) {
    env.set_now("2026-11-01T14:00:00Z");
    env.write_config(CONFIG);
    let result = env.run_script(
        r#"
bridgelog declare 'Search is down' --severity sev2 --commander jw --at '2026-10-31 23:50:10' --service search-api
bridgelog service search-api --public Search
l(){ bridgelog log --incident latest "$@"; }
l --customer 'One of our servers halted.' '2026-10-31 23:40:20 fault: it halted @search-api !down'
l '2026-10-31 23:45:05 detect: a page'
d=$(l '2026-11-01 00:10:15 decision: move it why: it is known' | awk 'NR == 1 { print $4 }')
l '2026-11-01 00:20 comms/customers: status page'
l '2026-11-01 01:10:30 EDT comms/customers: status page'
l "2026-11-01 01:30:45 EDT action: copied ^$d"
l '2026-11-01 01:50 EDT comms/customers: status page'
l '2026-11-01 01:20:05 EST comms/customers: status page'
l '2026-11-01 01:40:50 EST restore: moved @search-api'
l '2026-11-01 01:50 EST verify: it answers'
l --customer 'A disk was full.' '2026-11-01 02:30 cause: a full disk'
bridgelog resolve --at '2026-11-01 03:00:05' 'over'
s(){ bridgelog set --incident latest "$@"; }
s product Search; s customer-scope 'customers who searched'; s scope 'all searches'; s unaffected 'everything else'
s data-loss none; s followup-by 2026-11-05
for name in summary went-well went-badly; do echo 'A disk was full.' | bridgelog write $name --from -; done
bridgelog task add 'Alert on full disks' --owner ann --due 2026-12-01 --prevents --customer 'We notice a full disk'
"#,
    );
    assert_eq!(result.exit_code, 0, "{}{}", result.stdout, result.stderr);
}

fn findings(env: &TestEnv, stage: &str) -> Vec<Value> {
    let result = env.run(&["lint", "1", "--stage", stage, "--json"]);
    assert!([0, 3].contains(&result.exit_code), "{}", result.stderr);
    let json: Value = serde_json::from_str(&result.stdout).unwrap();
    json["findings"].as_array().unwrap().clone()
}

/// Replaces what only a person knows: a word in capitals of a printed command.
fn fill(command: &str, when: &str) -> String {
    let filled = command
        .replace("WHEN", when)
        .replace("'tell: TEXT'", "'tell: It was fixed'")
        .replace("tell: TEXT", "tell: It was fixed")
        .replace("--customer TEXT", "--customer 'It was fixed'")
        .replace("comms/WHO", "comms/support")
        .replace("--owner WHO", "--owner ann")
        .replace(" WHO", " ann")
        .replace("--public NAME", "--public 'Nice Name'")
        .replace("product NAME", "product Search")
        .replace("!STATE", "!down")
        .replace("SEVERITY", "sev2")
        .replace("--text TEXT", "--text 'Alert on it'");
    let filled = match filled.split_once(" set ") {
        Some((before, rest)) => {
            let rest = rest
                .replace("customer-scope VALUE", "customer-scope everyone")
                .replace("VALUE", "none")
                .replace("TEXT", "'some of them'");
            format!("{before} set {rest}")
        }
        None => filled.replace("TEXT", "what was done"),
    };
    match filled.contains(" write ") {
        true => format!("echo 'It is all here.' | {filled} --from -"),
        false => filled,
    }
}

/// Each row: the check, how a clean incident gets it, the stage of the letter, and a time for `WHEN`.
#[rstest]
#[case::drill("drill", "bridgelog set drill yes --incident latest", "followup", "")]
#[case::silence(
    "silence",
    "undo_all 'copied'; undo_all 'status page'; undo_all 'move it'",
    "resolved",
    ""
)]
#[case::updates_overdue(
    "updates-overdue",
    "undo_all 'status page'",
    "resolved",
    "2026-11-01 00:40"
)]
#[case::no_detection("no-detection", "undo_all 'a page'", "resolved", "2026-10-31 23:45")]
#[case::no_verification(
    "no-verification",
    "undo_all 'it answers'",
    "resolved",
    "2026-11-01 02:00"
)]
#[case::no_outcome("no-outcome", "undo_all 'copied'", "resolved", "2026-11-01 01:30 EDT")]
#[case::no_owner(
    "no-owner",
    "bridgelog task add 'Buy a disk' --due 2026-12-01 --incident latest",
    "resolved",
    ""
)]
#[case::no_due(
    "no-due",
    "bridgelog task add 'Buy a disk' --owner ann --incident latest",
    "resolved",
    "2026-12-01"
)]
#[case::no_verb(
    "no-verb",
    "bridgelog task add 'a bigger disk' --owner ann --due 2026-12-01 --incident latest",
    "resolved",
    ""
)]
#[case::not_ok_at_end(
    "not-ok-at-end",
    "bridgelog log --incident latest '2026-11-01 02:50 absorbed: a mirror @mail'",
    "resolved",
    "2026-11-01 02:55"
)]
#[case::not_ok_one_service(
    "not-ok-at-end",
    "bridgelog log --incident latest '2026-11-01 02:50 absorbed: a mirror @search-api'",
    "resolved",
    "2026-11-01 02:55"
)]
#[case::state_after_end(
    "state-after-end",
    "bridgelog log --incident latest '2026-11-01 04:00:07 fault: again @search-api !down'",
    "resolved",
    "2026-11-01 03:59"
)]
#[case::audience(
    "audience",
    "bridgelog log --incident latest '2026-11-01 02:00 comms: told them'",
    "resolved",
    ""
)]
#[case::blame(
    "blame",
    "echo 'It was human error.' | bridgelog write summary --from -",
    "resolved",
    ""
)]
#[case::not_recorded_scope(
    "not-recorded",
    "bridgelog set scope - --incident latest; bridgelog set customer-scope - --incident latest",
    "resolved",
    ""
)]
#[case::not_recorded_cause(
    "not-recorded",
    "undo_all 'a full disk'",
    "resolved",
    "2026-11-01 02:30"
)]
#[case::not_recorded_state(
    "not-recorded",
    "bridgelog log --incident latest --service mail '2026-11-01 01:10:20 EST fault: slow too'; bridgelog log --incident latest --service mail '2026-11-01 01:35 EST restore: y'",
    "resolved",
    ""
)]
#[case::marker_section(
    "marker",
    "bridgelog write went-well --clear 2>/dev/null || echo - | bridgelog write went-well --from -",
    "resolved",
    ""
)]
#[case::marker_scope(
    "marker",
    "bridgelog set customer-scope - --incident latest",
    "resolved",
    ""
)]
#[case::unaffected(
    "unaffected",
    "bridgelog set unaffected - --incident latest",
    "resolved",
    ""
)]
#[case::data_loss(
    "data-loss",
    "bridgelog set data-loss - --incident latest",
    "resolved",
    ""
)]
#[case::scope(
    "scope",
    "bridgelog set customer-scope 'All customers' --incident latest",
    "resolved",
    ""
)]
#[case::public_name(
    "public-name",
    "bridgelog service search-api --public 'the search' --incident latest",
    "resolved",
    ""
)]
#[case::no_public_name(
    "no-public-name",
    "bridgelog log --incident latest '2026-11-01 00:30 fault: too @mail !down'; bridgelog log --incident latest '2026-11-01 00:40 restore: @mail'",
    "resolved",
    ""
)]
#[case::estimate("estimate", "say 'It will be fixed in an hour.'", "resolved", "")]
#[case::host_name("host-name", "say 'The disk of db-17 was full.'", "resolved", "")]
#[case::address("address", "say 'It was at 10.2.3.4 then.'", "resolved", "")]
#[case::token(
    "token",
    "say 'We used ghp_0123456789abcdef0123 for it.'",
    "resolved",
    ""
)]
#[case::person("person", "say 'Then Ann found a full disk.'", "resolved", "")]
#[case::vendor("vendor", "say 'The vendor sold us a small disk.'", "resolved", "")]
#[case::passive("blaming-passive", "say 'It was human error.'", "resolved", "")]
#[case::zone("time-without-zone", "say 'At 02:30 a disk was full.'", "resolved", "")]
#[case::tense("tense", "say 'Search is down.'", "resolved", "")]
#[case::other_time("other-time", "say 'At 09:06 EST a disk was full.'", "resolved", "")]
#[case::no_wording(
    "no-wording",
    "bridgelog task add 'Buy a disk' --owner ann --due 2026-12-01 --prevents --incident latest",
    "resolved",
    ""
)]
#[case::twice("twice", "say 'One of our servers halted.'", "resolved", "")]
#[case::suspicion(
    "suspicion",
    "undo_all 'a full disk'; bridgelog log --incident latest '2026-11-01 02:30 cause: a full disk'; bridgelog log --incident latest --customer 'It may be the disk.' '2026-11-01 00:05 suspect: the disk'",
    "resolved",
    ""
)]
#[case::two_versions(
    "two-versions",
    "unset BRIDGELOG_SEED; bridgelog backup other.db; bridgelog --db other.db set --incident 1 scope 'one half'; bridgelog set --incident 1 scope 'the other'; bridgelog --db other.db export jsonl > o.jsonl; bridgelog import jsonl o.jsonl",
    "resolved",
    ""
)]
#[case::story(
    "story",
    "for n in 1 2 3; do bridgelog log --incident latest --customer \"Step $n.\" \"2026-11-01 00:0$n action: x\"; done",
    "followup",
    ""
)]
#[case::cause(
    "cause",
    "undo_all 'a full disk'; bridgelog amend $(handle 'it halted') 'tell: -'",
    "resolved",
    "2026-11-01 02:30"
)]
#[case::next_update(
    "next-update",
    "bridgelog reopen --at '2026-11-01 03:10' --incident 1; bridgelog log '2026-11-01 03:11 fault: again @search-api !down'",
    "update",
    "10:30"
)]
#[case::next_update_passed(
    "next-update",
    "bridgelog reopen --at '2026-11-01 03:10' --incident 1; bridgelog log '2026-11-01 03:11 fault: again @search-api !down'; bridgelog set next-update '2026-11-02 10:30' --incident 1; later",
    "update",
    "2026-11-20 23:30"
)]
#[case::due_passed(
    "due-passed",
    "bridgelog task add 'Buy a disk' --owner ann --due 2026-11-10 --prevents --customer 'A second disk.' --incident 1; later",
    "followup",
    "2026-12-24"
)]
#[case::due_passed_when_recorded(
    "marker",
    "bridgelog task add 'Buy a disk' --owner ann --due 2026-10-10 --prevents --customer 'A second disk.' --incident 1",
    "followup",
    "2026-12-24"
)]
#[case::two_open(
    "no-owner",
    "bridgelog reopen --at '2026-11-01 03:10' --incident 1; bridgelog task add 'Buy a disk' --due 2026-12-01 --incident 1; bridgelog declare 'Another' --at '2026-11-01 08:00'",
    "resolved",
    ""
)]
#[case::two_open_log(
    "no-outcome",
    "undo_all 'copied'; bridgelog reopen --at '2026-11-01 03:10' --incident 1; bridgelog declare 'Another' --at '2026-11-01 08:00'",
    "resolved",
    "2026-11-01 01:30 EDT"
)]
#[case::followup_past(
    "followup-by",
    "bridgelog set followup-by 2026-11-02 --incident 1; later",
    "resolved",
    "2026-12-24"
)]
#[case::restore_without_state(
    "restore-without-state",
    "bridgelog log --incident latest '2026-11-01 02:50 restore: back @mail'",
    "resolved",
    "2026-11-01 02:40"
)]
#[case::long_gap(
    "long-gap",
    "bridgelog amend $(handle 'moved') '2026-11-01 03:55'; bridgelog amend $(handle 'over') '2026-11-01 04:00'; bridgelog amend $(handle 'moved') 'tell: It worked.'",
    "resolved",
    "2026-11-01 01:50 EST"
)]
fn printed_command_ends_its_finding(
    #[case] check: &str,
    #[case] spoil: &str,
    #[case] stage: &str,
    #[case] when: &str,
) {
    let mut env = TestEnv::new();
    clean(&mut env);
    let before = findings(&env, stage);
    let script = format!(
        r#"handle(){{ bridgelog show 1 --json | python3 -c 'import json,sys
print([e["handle"] for e in json.load(sys.stdin)["events"] if sys.argv[1] in e["text"]][0])' "$1"; }}
undo_all(){{ bridgelog show 1 --json | python3 -c 'import json,sys
for e in json.load(sys.stdin)["events"]:
    if e["text"].startswith(sys.argv[1]): print(e["handle"])' "$1" | while read h; do bridgelog retract $h --reason x >/dev/null; done; }}
say(){{ bridgelog amend $(handle 'a full disk') "tell: $1"; }}
later(){{ :; }}
{spoil}"#
    );
    let result = env.run_script(&script);
    assert_eq!(result.exit_code, 0, "{}{}", result.stdout, result.stderr);
    if spoil.ends_with("later") {
        env.set_now("2026-11-20T14:00:00Z");
    }
    let found = findings(&env, stage);
    let of_check: Vec<&Value> = found
        .iter()
        .filter(|f| f["check"] == check && !before.contains(f))
        .collect();
    assert!(!of_check.is_empty(), "{check}: {found:#?}");
    for finding in of_check {
        let command = finding["command"].as_str().unwrap();
        let result = env.run_script(&fill(command, when));
        assert_eq!(
            result.exit_code,
            0,
            "{command}\n{}\n{}{}",
            fill(command, when),
            result.stdout,
            result.stderr
        );
        let left = findings(&env, stage);
        assert!(
            !left.contains(finding),
            "{finding:#?}\nafter {}\n{}",
            fill(command, when),
            result.stdout
        );
    }
}

/// The checks whose finding ends with an edit of a template or of the settings, and those that are about a
/// letter that went out, a record out of order or a redaction (`cli_sync_conflicts.rs`),
/// or a merge (`cli_merge.rs`).
const WITHOUT_A_ROW: [&str; 18] = [
    "address",
    "apology",
    "contact",
    "does-not-reopen",
    "does-not-resolve",
    "changed-wording",
    "no-end",
    "order",
    "outage",
    "redacted-elsewhere",
    "resolve-of-another",
    "resolved-before-impact",
    "stale-draft",
    "steps",
    "subject",
    "told-otherwise",
    "vendor",
    "word",
];

/// The names of all checks, from the source; true for one that is only advice.
fn checks() -> BTreeMap<String, bool> {
    let lint = concat!(env!("CARGO_MANIFEST_DIR"), "/src/documents/lint");
    let mut checks = BTreeMap::new();
    for file in std::fs::read_dir(lint).unwrap() {
        let path = file.unwrap().path();
        if path.file_name().is_some_and(|name| name == "tests.rs") {
            continue;
        }
        let flat: String = std::fs::read_to_string(path)
            .unwrap()
            .split_whitespace()
            .collect();
        for (call, is_advice) in [("add(\"", false), ("findings.advise(\"", true)] {
            checks.extend(flat.split(call).skip(1).filter_map(|rest| {
                let (name, rest) = rest.split_once('"')?;
                rest.starts_with(',').then(|| (name.to_owned(), is_advice))
            }));
        }
        // One has a constant for its name, and one is made without a call.
        for before in ["constTIME_WITHOUT_ZONE:&str=\"", "check:\""] {
            let named = flat.split(before).skip(1);
            checks
                .extend(named.filter_map(|rest| Some((rest.split_once('"')?.0.to_owned(), false))));
        }
    }
    assert!(checks.len() > 30, "{checks:?}");
    checks
}

#[test]
fn every_check_has_a_row() {
    let rows: String = include_str!("cli_lint.rs").split_whitespace().collect();
    for check in checks().into_keys() {
        let has_row = rows.contains(&format!("(\"{check}\","));
        let is_listed = WITHOUT_A_ROW.contains(&check.as_str());
        assert!(has_row || is_listed, "`{check}` has no row");
    }
}

/// The table of `docs/documents.md` has every check, and says which are advice.
#[test]
fn every_check_is_documented() {
    let page = include_str!("../docs/documents.md");
    let table = page
        .split_once("\n| check | document | what it finds |\n|---|---|---|\n")
        .unwrap()
        .1;
    let documented: BTreeMap<String, bool> = table
        .lines()
        .map_while(|row| row.strip_prefix("| `"))
        .map(|row| {
            let (name, rest) = row.split_once('`').unwrap();
            (name.to_owned(), rest.ends_with("(advice) |"))
        })
        .collect();
    assert_eq!(documented, checks());
}

#[test]
fn worked_examples_have_no_findings() {
    assert_eq!(
        findings(&TestEnv::worked_example(), "followup"),
        Vec::<Value>::new()
    );
    let mut env = TestEnv::new();
    clean(&mut env);
    for stage in ["resolved", "followup"] {
        assert_eq!(findings(&env, stage), Vec::<Value>::new(), "{stage}");
    }
}

#[test]
fn advice_alone_is_no_failure() {
    let mut env = TestEnv::new();
    clean(&mut env);
    let result = env.run_script(
        "bridgelog log --incident 1 --customer 'It is slow.' '2026-11-01 00:05 action: x'",
    );
    assert_eq!(result.exit_code, 0, "{}", result.stderr);
    let result = env.run(&["lint", "1", "--stage", "resolved"]);
    assert_eq!(result.exit_code, 0, "{}", result.stderr);
    assert!(
        result
            .stdout
            .contains("advice: `is slow` reads as if it were not over"),
        "{}",
        result.stdout
    );
}
