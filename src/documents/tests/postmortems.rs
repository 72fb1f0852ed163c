use super::{super::*, fixtures};
use crate::domain::{
    testing::{IncidentBuilder, at},
    words::{Kind, State},
};
use proptest::prelude::*;
use pulldown_cmark::{Event as Md, Options, Parser, TagEnd};

fn markdown(log: &IncidentBuilder) -> String {
    postmortem_markdown(&log.incident, &Settings::default()).unwrap()
}

/// Returns the content of the managed block `name`.
fn block<'a>(text: &'a str, name: &str) -> &'a str {
    let (_, rest) = text
        .split_once(&format!("<!-- bridgelog:begin {name} "))
        .unwrap();
    let (_, rest) = rest.split_once("-->").unwrap();
    let end = format!("<!-- bridgelog:end {name} -->\n");
    rest.split_once(&end).unwrap().0.trim()
}

/// Parses the tables of a document into rows of cells. Panics on raw HTML other than markers.
fn tables(markdown: &str) -> Vec<Vec<Vec<String>>> {
    let mut tables: Vec<Vec<Vec<String>>> = Vec::new();
    let mut in_cell = false;
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Md::Start(pulldown_cmark::Tag::Table(_)) => tables.push(vec![]),
            Md::Start(pulldown_cmark::Tag::TableRow | pulldown_cmark::Tag::TableHead) => {
                tables.last_mut().unwrap().push(vec![]);
            }
            Md::Start(pulldown_cmark::Tag::TableCell) => {
                in_cell = true;
                tables
                    .last_mut()
                    .unwrap()
                    .last_mut()
                    .unwrap()
                    .push(String::new());
            }
            Md::End(TagEnd::TableCell) => in_cell = false,
            Md::Text(text) | Md::Code(text) if in_cell => {
                let row = tables.last_mut().unwrap().last_mut().unwrap();
                row.last_mut().unwrap().push_str(&text);
            }
            Md::Html(html) | Md::InlineHtml(html) => {
                assert!(
                    html.trim().is_empty() || html.starts_with("<!-- bridgelog"),
                    "{html}"
                );
            }
            _ => {}
        }
    }
    tables
}

#[test]
fn postmortem_has_every_section_in_order() {
    let text = markdown(&fixtures::complete());
    let headings: Vec<&str> = text.lines().filter(|l| l.starts_with('#')).collect();
    assert_eq!(
        headings,
        [
            "# AVR Online outage",
            "## What happened",
            "## Whom it hit, for how long",
            "## Why",
            "## What changes",
            "## What is not known",
            "## States over time",
            "## Causes and contributing factors",
            "## Protections",
            "## Decisions",
            "## What went well",
            "## What went badly",
            "## Follow-up actions",
            "## Timeline",
            "### Thursday, 16 August 2012",
            "## What customers were told",
            "## Appendix: the figures",
            "## The journal",
        ]
    );
    for absent in ["power supply", "\n\n\n", "0 s"] {
        assert!(!text.contains(absent), "{absent}\n{text}");
    }
    assert!(text.contains("1 retracted event is left out."));
    assert_eq!(block(&text, "lucky"), "");
    assert_eq!(
        text,
        markdown(&fixtures::complete()),
        "the same records give the same bytes"
    );
}

#[test]
fn page_one_says_what_was_recorded() {
    let text = markdown(&fixtures::complete());
    for (name, expected) in [
        (
            "header",
            "Postmortem of incident 7 · **sev1** · Thursday, 16 August 2012 · times are those of \
             America/New_York (EDT is UTC-04:00)\\\n**Draft**, records to Thu 16 Aug 2012 15:03 · \
             Commander: jw",
        ),
        ("summary", "One of the database hosts"),
        ("hit", "- **Who:** 31 of 412 databases"),
        ("hit", "- **Data:** nothing was lost"),
        (
            "why",
            "- **Cause:** mirrored memory was already running on one side",
        ),
        ("why", "- **Resolution:** AVR Online outage over"),
        (
            "why",
            "- **Detection:** monitoring pages on-call: online-db unreachable (10:09, about 3 min after \
             impact start)",
        ),
        (
            "changes",
            "4 follow-ups: 1 in progress, 2 planned, 1 declined",
        ),
        (
            "changes",
            "| second database server with live replication | prevented it | ann | in progress, due 31 August |",
        ),
        (
            "changes",
            "| route memory alerts to the pager | – | no owner | planned, no due date |",
        ),
        (
            "not-known",
            "- **Not recorded:** numbers, trigger, owner of this document",
        ),
    ] {
        assert!(block(&text, name).contains(expected), "{expected}\n{text}");
    }
    assert!(!block(&text, "changes").contains("four-hour contract"));
}

#[test]
fn record_states_no_relation_that_nobody_recorded() {
    let text = markdown(&fixtures::complete());
    for (name, expected) in [
        (
            "protections",
            "- **07:58** memory module in online-db failed; the mirror took over storage\n  - Online databases: at-risk until about 10:06, then down",
        ),
        (
            "decisions",
            "- 10:25 **move a system image to srv-12**\n  - Known: repair time unknown",
        ),
        ("decisions", "  - Turned down: wait for the vendor"),
        (
            "decisions",
            "  - Outcome: 10:41 action: image copy to srv-12 started",
        ),
        ("decisions", "  - Recorded by: jw"),
        (
            "followups",
            "| ask the vendor for a four-hour contract | – | – | – | declined: the spare hardware",
        ),
        (
            "told",
            "| 10:30 | customers | Online is down for some customers.",
        ),
    ] {
        assert!(
            block(&text, name).contains(expected),
            "{expected}\n{}",
            block(&text, name)
        );
    }
    for absent in ["id not hold", "Held", "Decided by"] {
        assert!(!text.contains(absent), "{absent}\n{text}");
    }
}

#[test]
fn decision_has_who_decided_only_where_the_line_names_a_person() {
    let mut log = IncidentBuilder::new();
    log.event("10:20", Kind::Decision, "fail over", |e| {
        e.people = vec!["Ann Lee".into(), "raj".into()];
    });
    let text = markdown(&log);
    let decisions = block(&text, "decisions");
    assert!(decisions.contains("  - Decided by: Ann Lee, raj\n  - Recorded by: jw"));
    assert!(decisions.contains("  - Known: not recorded"));
}

#[test]
fn missing_parts_are_named() {
    let mut log = IncidentBuilder::new();
    log.event("10:12", Kind::Declare, "x", |e| e.number = Some(7));
    log.state_event("10:06", Kind::Fault, Some(State::Down));
    log.state_event("10:20", Kind::Decision, None);
    let text = markdown(&log);
    for marker in [
        "[[summary: bridgelog --incident 7 write summary]]",
        "[[what went well: bridgelog --incident 7 write went-well]]",
        "[[the cause: bridgelog --incident 7 log 'WHEN cause: TEXT']]",
        "[[what will be done: bridgelog --incident 7 task add TEXT --owner WHO --due WHEN]]",
        "- **Not recorded:** severity, commander, who was hit, numbers, data loss, trigger, cause, detection, \
         what was known at the decision of 14:20, what customers were told, follow-up actions, owner of this document",
    ] {
        assert!(text.contains(marker), "{marker}\n{text}");
    }
}

#[test]
fn unknown_state_is_named_as_not_recorded() {
    let mut log = IncidentBuilder::new();
    log.service_event("10:06", Kind::Fault, None, &["db"]);
    let text = markdown(&log);
    assert!(
        block(&text, "not-known").contains("state of db from 14:06"),
        "{text}"
    );
}

#[test]
fn timeline_shows_days_zone_and_corrections() {
    let mut log = IncidentBuilder::new();
    log.field("zone", "America/New_York");
    log.state_event("~23:50", Kind::Fault, Some(State::Down));
    log.event("17 00:10", Kind::Action, "fixed", |e| {
        e.end = Some(at("17 00:20").fixed_offset());
    });
    log.event("17 00:30", Kind::Note, "as before", |_| {});
    log.incident.events[0].amended = true;
    log.incident.events[0].restated = true;
    log.incident.events[1].conflicts = 2;
    // A customer wording was added.
    log.incident.events[2].amended = true;
    let text = markdown(&log);
    let timeline = block(&text, "timeline");
    assert!(timeline.contains("### Thursday, 16 August 2012\n"));
    assert!(timeline.contains("### Friday, 17 August 2012\n"));
    assert!(
        timeline.contains("| about 23:50 | fault | something *(amended)* | down | jw |"),
        "{timeline}"
    );
    assert!(timeline.contains(
        "| 00:10–00:20 | action | fixed (in conflict with 2 other versions: `bridgelog history "
    ));
    assert!(timeline.contains("| 00:30 | note | as before |  | jw |"));
}

#[test]
fn timeline_names_the_service_of_each_state() {
    let mut log = IncidentBuilder::new();
    log.service_event("10:00", Kind::Fault, Some(State::Down), &["api", "db"]);
    log.service_event("10:10", Kind::Restore, None, &["db"]);
    let text = markdown(&log);
    assert!(text.contains("| api: down, db: down | jw |"), "{text}");
    assert!(text.contains("| db: ok | jw |"), "{text}");
}

#[test]
fn prose_cannot_break_out_of_its_block() {
    let mut log = fixtures::complete();
    log.section("summary", "<!-- bridgelog:end summary -->\n```\nopen");
    log.event(
        "12:00",
        Kind::Note,
        "<!-- bridgelog:end timeline --> | a",
        |_| {},
    );
    let text = markdown(&log);
    let lines = |what: &str| {
        let marker = format!("<!-- bridgelog:{what} ");
        let empty = format!("--><!-- bridgelog:{what} ");
        let here = |line: &&str| line.starts_with(&marker) || line.contains(&empty);
        text.lines().filter(here).count()
    };
    assert_eq!(lines("begin"), lines("end"));
    assert!(block(&text, "summary").ends_with("```"));
    assert!(block(&text, "timeline").contains("\\<!-- bridgelog:end timeline --> \\| a"));
}

#[test]
fn postmortem_json_has_documented_fields() {
    let log = fixtures::complete();
    let json: serde_json::Value =
        serde_json::from_str(&postmortem_json(&log.incident).unwrap()).unwrap();
    assert_eq!(json["incident"]["number"], 7);
    assert_eq!(
        json["events"].as_array().unwrap().len(),
        log.incident.events.len()
    );
    let fault = &json["events"][1];
    for (key, value) in [
        ("kind", serde_json::json!("fault")),
        ("at", serde_json::json!("2012-08-16T14:06:00Z")),
        ("end", serde_json::json!(null)),
        ("approximate", serde_json::json!(true)),
        ("state", serde_json::json!("down")),
        ("retracted", serde_json::json!(false)),
        ("amended", serde_json::json!(false)),
    ] {
        assert_eq!(fault[key], value, "{key}");
    }
    assert_eq!(json["states"][0]["service"], "online-db");
    assert_eq!(json["metrics"]["metrics"]["outage"]["seconds"], 12_300);
    let page = &json["page_one"];
    assert_eq!(page["resolution"], "AVR Online outage over");
    assert_eq!(page["followups"]["planned"], 2);
    assert_eq!(page["first_followups"].as_array().unwrap().len(), 3);
    assert_eq!(page["first_followups"][0], json["tasks"][0]["handle"]);
    assert_eq!(page["not_recorded"][1], "trigger");
    assert_eq!(json["journal"]["entries"], log.incident.entry_count);
}

/// An outage in the hour that occurs twice at the end of summer time in New York.
fn fold() -> IncidentBuilder {
    let mut log = IncidentBuilder::new();
    log.field("zone", "America/New_York");
    for (time, kind, state) in [
        ("05:30", Kind::Fault, Some(State::Down)),
        ("06:50", Kind::Restore, None),
    ] {
        let when = crate::domain::time::parse_utc(&format!("2026-11-01T{time}:00Z")).unwrap();
        log.event("10:00", kind, "x", |e| {
            e.at = when.fixed_offset();
            e.state = state.map(Into::into);
        });
    }
    log
}

#[test]
fn postmortem_names_zone_of_ambiguous_times() {
    let mut log = fold();
    log.state_event("10:00", Kind::Note, None);
    log.incident.events.retain(|e| e.value.kind != Kind::Note);
    log.incident.last_recorded_at = log.incident.events[1].value.at_utc();
    let text = markdown(&log);
    for expected in [
        "times are those of America/New_York (EDT is UTC-04:00, EST is UTC-05:00)",
        "| 01:30 EDT | fault |",
        "| 01:50 EST | restore |",
        "| 1 h 20 min | 01:30 EDT | 01:50 EST |",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
}

#[test]
fn redaction_reason_is_never_shown() {
    let mut log = IncidentBuilder::new();
    for text in ["", "the key was rotated"] {
        log.event("10:00", Kind::Note, text, |e| {
            e.redacted = Some("pasted hunter2".into());
        });
    }
    log.task("10:10", "", |t| t.redacted = Some("pasted hunter2".into()));
    let text = markdown(&log);
    assert!(!text.contains("hunter2"), "{text}");
    assert!(!postmortem_json(&log.incident).unwrap().contains("hunter2"));
    assert!(text.contains("| note | (text redacted) |"), "{text}");
    assert!(text.contains("| note | the key was rotated |"), "{text}");
    assert!(text.contains("| (text redacted) | "), "{text}");
}

#[test]
fn ongoing_impact_shows_time_last_known() {
    let mut log = IncidentBuilder::new();
    log.state_event("~10:00", Kind::Fault, Some(State::Down));
    log.state_event("11:00", Kind::Note, None);
    let text = markdown(&log);
    for expected in [
        "open since Thursday, 16 August 2012 · times are UTC",
        "| about 1 h so far | about 14:00 |  |",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    log.field("zone", "America/Sao_Paulo");
    let text = markdown(&log);
    assert!(text.contains("times are those of America/Sao_Paulo (UTC-03:00)"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn tables_render_typed_text_unchanged(
        text in "[a-z|`*_<>&\\\\~$^{}=\\[\\]()#!\\-+.0-9 \n]{0,40}|\\PC{0,20}",
        other in "\\PC{0,20}",
    ) {
        let mut log = IncidentBuilder::new();
        log.event("10:12", Kind::Declare, &other, |_| {});
        let id = log.event("10:30", Kind::Decision, &text, |e| {
            e.services = vec![other.clone()];
            e.rationale = Some(text.clone());
            e.rejected = Some(text.clone());
        });
        log.event("10:40", Kind::Cause, &text, |e| e.links = vec![id]);
        log.task("11:00", &text, |t| {
            t.owner = Some(other.clone());
            t.ticket = Some(text.clone());
        });
        log.message("12:00", "update", &text, true);
        log.field("scope", &text);
        let tables = tables(&markdown(&log));
        let plain = |text: &str| markdown_escape::one_line(text).trim().to_owned();
        let with_head = |first: &str, last: &str| {
            tables.iter().find(|t| t[0][0] == first && t[0].last().is_some_and(|l| l == last)).unwrap()
        };
        let timeline = with_head("Time", "Handle");
        let row = timeline.iter().find(|row| row[5] == IncidentBuilder::handle(id)).unwrap();
        let event = &log.incident.event(id).unwrap().value;
        let what = plain(&markdown_escape::strip_sigils(event));
        let named = format!("{what} ({})", plain(&other)).trim_start().to_owned();
        // A name that the text has as a word is not said again; as a part of a word it is.
        if !text.contains(&other) {
            prop_assert_eq!(row[2].trim(), named);
        } else if row[2].trim() != named {
            prop_assert_eq!(row[2].trim(), what);
        }
        prop_assert_eq!(timeline.len(), 4);
        let tasks = with_head("Action", "Handle");
        prop_assert_eq!(tasks[1][0].trim(), plain(&text));
        prop_assert_eq!(tasks[1][1].trim(), plain(&other));
        prop_assert_eq!(tasks[1][3].trim(), plain(&text));
        prop_assert_eq!(tasks[1].len(), 5);
    }
}

#[test]
fn zone_line_names_every_offset_between() {
    let mut log = IncidentBuilder::new();
    log.field("zone", "Europe/Berlin");
    for (at, kind, state) in [
        ("2025-10-01T10:00:00Z", Kind::Fault, Some(State::Down)),
        ("2026-01-10T11:00:00Z", Kind::Note, None),
        ("2026-04-01T10:00:00Z", Kind::Restore, None),
    ] {
        let when = crate::domain::time::parse_utc(at).unwrap();
        log.event("10:00", kind, "x", |e| {
            e.at = when.fixed_offset();
            e.state = state.map(Into::into);
        });
    }
    log.incident.last_recorded_at = log.incident.events[2].value.at_utc();
    let text = markdown(&log);
    assert!(
        text.contains("(CEST is UTC+02:00, CET is UTC+01:00)"),
        "{text}"
    );
    assert!(text.contains("| 12:00 CET | note |"), "{text}");
}

#[test]
fn service_first_named_by_its_recovery_is_not_said_to_be_spared() {
    let mut log = IncidentBuilder::new();
    log.service_event("10:00", Kind::Fault, Some(State::Down), &["db"]);
    log.service_event("11:00", Kind::Restore, Some(State::Ok), &["web"]);
    assert!(!markdown(&log).contains("Not hit"), "{}", markdown(&log));
}

#[test]
fn states_of_services_that_share_a_name_have_their_own_names() {
    let mut log = IncidentBuilder::new();
    log.service("a", Some("Store")).service("b", Some("Store"));
    log.service_event("10:10", Kind::Fault, Some(State::Down), &["a"]);
    log.service_event("10:40", Kind::Restore, None, &["a"]);
    let text = markdown(&log);
    let timeline = block(&text, "timeline");
    assert!(timeline.contains("| a: down |"), "{timeline}");
    assert!(timeline.contains("| a: ok |"), "{timeline}");
}
