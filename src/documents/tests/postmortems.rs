use super::{super::*, fixtures};
use crate::domain::{
    states::States,
    testing::{IncidentBuilder, at},
    words::{Kind, State},
};
use proptest::prelude::*;
use pulldown_cmark::{Event as Md, Options, Parser, TagEnd};
use rstest::rstest;
use unicode_width::UnicodeWidthStr;

fn markdown(log: &IncidentBuilder) -> String {
    postmortem_markdown(&log.incident, &Settings::default()).unwrap()
}

fn chart(log: &IncidentBuilder, zone: &str) -> String {
    let states = States::from_incident(&log.incident);
    text_chart::text_chart(
        &log.incident,
        &states,
        &time_format::TimeFormatter::new(zone),
        log.incident.last_recorded_at,
    )
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
fn postmortem_has_every_section() {
    let text = markdown(&fixtures::complete());
    for heading in [
        "# Incident 7: AVR Online outage",
        "## Summary",
        "## Impact",
        "## State over time",
        "## Detection, response and recovery",
        "## Timeline",
        "## Causes and contributing factors",
        "## Why the protections did or did not hold",
        "## Decisions",
        "## What went well",
        "## What went badly",
        "## Follow-up actions",
        "## What customers were told",
        "## The journal",
    ] {
        assert!(text.contains(&format!("\n{heading}\n")), "{heading}");
    }
    for absent in [
        "got lucky",
        "surprised",
        "Open questions",
        "power supply",
        "\n\n\n",
    ] {
        assert!(!text.contains(absent), "{absent}");
    }
    assert!(text.contains("1 retracted event is left out."));
    assert!(block(&text, "impact").contains(
        "about 10:06 to 14:05 EDT: about 3 h 59 min (down about 3 h 25 min, degraded 34 min)"
    ));
    assert!(block(&text, "protections").contains("- **Did not hold**, about 10:06: second fault"));
    assert!(block(&text, "decisions").contains("  - Turned down: wait for the vendor"));
    assert!(block(&text, "followups").contains("- ask the vendor for a four-hour contract"));
    assert!(
        block(&text, "told")
            .starts_with("## What customers were told\n\n- **10:30:** Online is down")
    );
    assert!(block(&text, "summary").contains("One of the database hosts"));
    assert_eq!(block(&text, "lucky"), "");
    assert_eq!(
        text,
        markdown(&fixtures::complete()),
        "the same records give the same bytes"
    );
}

#[test]
fn missing_parts_name_the_command_to_add() {
    let mut log = IncidentBuilder::new();
    log.event("10:12", Kind::Declare, "x", |e| e.number = Some(7));
    log.state_event("10:06", Kind::Fault, Some(State::Down));
    let decision = log.state_event("10:20", Kind::Decision, None);
    let text = markdown(&log);
    for marker in [
        "[[the severity: bridgelog set severity VALUE]]",
        "[[the commander: bridgelog set commander NAME]]",
        "[[summary: bridgelog write summary]]",
        "[[what it meant, in a few sentences: bridgelog write impact]]",
        "[[who and what was hit: bridgelog set scope VALUE]]",
        "[[the cause: bridgelog log 'WHEN cause: TEXT']]",
        &format!(
            "[[what was known: bridgelog amend {} 'why: WHAT WAS KNOWN']]",
            IncidentBuilder::handle(decision)
        ),
        &format!(
            "[[what came of it: bridgelog log 'WHEN action: TEXT ^{}']]",
            IncidentBuilder::handle(decision)
        ),
        "[[what will be done: bridgelog task add TEXT --owner WHO --due WHEN]]",
        "[[what customers were told: bridgelog log 'WHEN comms/customers: TEXT tell: TEXT']]",
    ] {
        assert!(text.contains(marker), "{marker}\n{text}");
    }
    log.state_event("12:00", Kind::Resolve, None);
    assert!(markdown(&log).contains("[[summary: bridgelog --incident 7 write summary]]"));
}

#[test]
fn timeline_shows_days_zone_and_amendments() {
    let mut log = IncidentBuilder::new();
    log.field("zone", "America/New_York");
    log.state_event("~23:50", Kind::Fault, Some(State::Down));
    log.event("17 00:10", Kind::Action, "fixed", |e| {
        e.end = Some(at("17 00:20").fixed_offset());
    });
    log.incident.events[0].amended = true;
    log.incident.events[1].conflicts = 2;
    let text = markdown(&log);
    let timeline = block(&text, "timeline");
    assert!(timeline.contains("Times are those of America/New_York (EDT, UTC-04:00)."));
    assert!(timeline.contains("### Thursday, 16 August 2012\n"));
    assert!(timeline.contains("### Friday, 17 August 2012\n"));
    assert!(
        timeline.contains("| about 23:50 | fault | something *(amended)* |"),
        "{timeline}"
    );
    assert!(timeline.contains(
        "| 00:10–00:20 | action | fixed *(in conflict with 2 other versions: `bridgelog history "
    ));
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
    assert_eq!((lines("begin"), lines("end")), (19, 19));
    assert!(block(&text, "summary").ends_with("```"));
    assert!(block(&text, "timeline").contains("\\<!-- bridgelog:end timeline --> \\| a"));
    assert_eq!(tables(&text).len(), 4);
}

#[test]
fn text_chart_fits_80_columns() {
    let text = chart(&fixtures::complete(), "America/New_York");
    assert_eq!(
        text.lines().take(7).collect::<Vec<_>>(),
        [
            "            08:00     09:00     10:00     11:00     12:00     13:00     14:00",
            "            ┬─────────┬─────────┬─────────┬─────────┬─────────┬─────────┬───────",
            " online-db  ░░░░░░░░░░░░░░░░░░░░░██████████████████████████████████▒▒▒▒▒▒·······",
            "            a                    bd f                              g     h   i",
            "                                 ce",
            "",
            " · ok   ░ at-risk   ▒ degraded   █ down",
        ]
    );
    assert!(text.lines().all(|line| line.width() <= text_chart::COLUMNS));
    assert!(
        text.contains("\n b ~10:06 fault  second fault while degraded, online-db halted storage\n")
    );
}

#[rstest]
#[case::berlin("Europe/Berlin", "2026-10-23T06:00:00Z")]
#[case::sydney("Australia/Sydney", "2026-04-03T06:00:00Z")]
#[case::santiago("America/Santiago", "2026-09-04T06:00:00Z")]
fn text_chart_days_begin_at_midnight_after_the_clock_was_changed(
    #[case] zone: &str,
    #[case] begin: &str,
) {
    let begin = crate::domain::time::parse_utc(begin).unwrap();
    let mut log = IncidentBuilder::new();
    log.state_event("10:00", Kind::Fault, Some(State::Down));
    log.state_event("10:01", Kind::Restore, None);
    let ends = [begin, begin + chrono::Duration::days(6)];
    for (record, at) in log.incident.events.iter_mut().zip(ends) {
        record.value.at = at.fixed_offset();
    }
    let zone_db = crate::domain::zone::Zone::find(zone).unwrap();
    let day = |n: i64| {
        let noon = begin + chrono::Duration::days(n);
        zone_db.to_local(noon).format("%-d %b").to_string()
    };
    let text = chart(&log, zone);
    let axis = text.lines().next().unwrap();
    let shown: Vec<String> = (1..=5).map(day).collect();
    for day in &shown {
        assert!(axis.contains(day.as_str()), "{zone} {day}: {axis}");
    }
    // Each label is at its own midnight: 24 hours apart but for the hour of the change.
    let columns: Vec<usize> = shown
        .iter()
        .filter_map(|day| axis.find(day.as_str()))
        .collect();
    let steps: Vec<usize> = columns.windows(2).map(|w| w[1] - w[0]).collect();
    let (least, most) = (steps.iter().min().unwrap(), steps.iter().max().unwrap());
    assert!(most - least <= 1, "{zone} {steps:?}: {axis}");
}

#[test]
fn text_chart_shows_each_service_and_short_outages() {
    let mut log = IncidentBuilder::new();
    log.service_event("10:00", Kind::Fault, Some(State::Down), &["api"]);
    log.service_event("10:01", Kind::Restore, None, &["api"]);
    log.service_event(
        "19 10:00",
        Kind::Fault,
        Some(State::Degraded),
        &["a-service-with-a-very-long-name"],
    );
    log.state_event("20 09:00", Kind::Note, None);
    let text = chart(&log, "UTC");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].contains("17 Aug"), "{text}");
    assert!(lines[2].starts_with(" a-service-with-…"), "{text}");
    assert!(lines[3].starts_with(" api"), "{text}");
    assert!(lines[3].contains('█'), "{text}");
    assert!(lines[4].starts_with(" overall"), "{text}");
    assert_eq!(chart(&IncidentBuilder::new(), "UTC"), "");
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
        "1 November 2026, 01:30 EDT to 01:50 EST: 1 h 20 min",
        "Times are those of America/New_York (EDT is UTC-04:00, EST is UTC-05:00).",
        "| 01:30 EDT | fault |",
        "| 01:50 EST | restore |",
        " 01:30 EDT fault",
        "| 01:30 EDT (",
        "| 01:50 EST (",
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
        "2012, about 14:00 UTC, still going on at 15:00: about 1 h so far (down throughout)",
        "\nThursday, 16 August 2012. Times are in UTC.\n",
        "| about 14:00 (",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    log.field("zone", "America/Sao_Paulo");
    let text = markdown(&log);
    assert!(text.contains("Times are those of America/Sao_Paulo (UTC-03:00)."));
}

#[test]
fn crowded_text_chart_keeps_key_milestones() {
    let mut log = IncidentBuilder::new();
    log.state_event("10:00", Kind::Fault, Some(State::Down));
    for minute in 1..50 {
        log.state_event(&format!("10:{minute:02}"), Kind::Ack, None);
        log.state_event(&format!("10:{minute:02}:30"), Kind::Decision, None);
    }
    log.state_event("16 11:00", Kind::Restore, None);
    log.state_event("20 12:00", Kind::Resolve, None);
    let text = chart(&log, "UTC");
    for expected in ["fault", "restore", "resolve", "decision"] {
        assert!(
            text.contains(&format!(" {expected}  something")),
            "{expected}\n{text}"
        );
    }
    assert!(!text.contains(" ack "), "{text}");
    let legend = text.lines().skip_while(|l| !l.starts_with(" · ok")).count();
    assert!(legend <= 27, "{text}");
    let letters = |l: &&str| {
        l.len() < 90
            && l.trim_start()
                .starts_with(|c: char| c.is_ascii_lowercase() && !l.contains('█'))
    };
    let rows = text
        .lines()
        .take_while(|l| !l.is_empty())
        .filter(letters)
        .count();
    assert!(rows <= 4, "{text}");
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
        let timeline = tables.iter().find(|t| t[0][0] == "time").unwrap();
        let row = timeline.iter().find(|row| row[6] == IncidentBuilder::handle(id)).unwrap();
        let event = &log.incident.event(id).unwrap().value;
        prop_assert_eq!(row[2].trim(), plain(&markdown_escape::strip_sigils(event)));
        prop_assert_eq!(row[3].trim(), plain(&other));
        prop_assert_eq!(timeline.len(), 4);
        let tasks = tables.iter().find(|t| t[0][0] == "action").unwrap();
        prop_assert_eq!(tasks[1][0].trim(), plain(&text));
        prop_assert_eq!(tasks[1][2].trim(), plain(&other));
        prop_assert_eq!(tasks[1][4].trim(), plain(&text));
        prop_assert_eq!(tasks[1].len(), 8);
    }
}
