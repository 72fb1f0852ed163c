//! Letters state what is recorded, and have placeholders for what is not.

use super::{
    super::*,
    fixtures,
    letters::{flat, letter, placeholder_count},
};
use crate::domain::{
    testing::{IncidentBuilder, at},
    value::Service,
    words::{Kind, State},
};

fn new() -> IncidentBuilder {
    let mut log = IncidentBuilder::new();
    log.field("product", "Shop")
        .field("zone", "America/New_York");
    log
}

fn add_with_wording(
    log: &mut IncidentBuilder,
    time: &str,
    kind: Kind,
    state: Option<State>,
    words: &str,
) {
    log.event(time, kind, "x", |e| {
        e.state = state.map(Into::into);
        e.customer = Some(words.into());
    });
}

fn add_customer_update(log: &mut IncidentBuilder, time: &str) {
    add_with_wording(log, time, Kind::Comms, None, "Hello.");
}

fn add_public_names(log: &mut IncidentBuilder, services: &[(&str, &str)]) {
    for (name, public_name) in services {
        let public_name = (!public_name.is_empty()).then(|| (*public_name).to_owned());
        log.incident.services.insert(
            (*name).to_owned(),
            Service {
                public_name,
                ..Default::default()
            },
        );
    }
}

fn text(log: &IncidentBuilder, stage: Stage) -> String {
    let mail = letter(log, stage, Format::Text);
    format!("{} | {}", mail.subject, flat(&mail))
}

#[track_caller]
fn has(text: &str, parts: &[&str], not: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part}\n{text}");
    }
    for part in not {
        assert!(!text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn letter_claims_end_only_after_resolve() {
    let claims = ["is over", "now over", "was over"];
    let back = "[[when service was back: bridgelog log 'WHEN restore:";
    let mut log = new();
    log.event("10:00", Kind::Declare, "x", |e| {
        e.state = Some(State::Down.into());
    });
    let down = text(&log, Stage::Resolved);
    has(&down, &[back], &claims);
    assert_eq!(
        down.matches("[[when service was back").count(),
        2,
        "subject and body: {down}"
    );

    log.state_event("11:00", Kind::Resolve, Some(State::Degraded));
    let degraded = text(&log, Stage::Resolved);
    has(
        &degraded,
        &["Shop: the outage of 16 August 2012, [[when"],
        &claims,
    );
    has(
        &text(&log, Stage::Initial),
        &["not been working as it should since 10:00 EDT"],
        &["We know about it"],
    );

    let mut log = new();
    log.state_event("10:00", Kind::Absorbed, None);
    let risk = text(&log, Stage::Resolved);
    has(&risk, &["[[that it has ended: bridgelog resolve"], &claims);
    assert_eq!(risk.matches("[[that it has ended").count(), 2, "{risk}");

    let mut log = new();
    log.state_event("10:00", Kind::Fault, Some(State::Down));
    log.state_event("11:00", Kind::Restore, None);
    let open = text(&log, Stage::Resolved);
    has(&open, &["is working again"], &claims);
    assert_eq!(open.matches("[[that it has ended").count(), 2, "{open}");
    has(
        &text(&log, Stage::Initial),
        &["Shop: working again after the outage of 16 August 2012"],
        &claims,
    );
    log.state_event("11:10", Kind::Resolve, Some(State::AtRisk));
    has(
        &text(&log, Stage::Resolved),
        &["working again after the outage", "less protection"],
        &claims,
    );
    log.state_event("11:20", Kind::Restore, None);
    has(
        &text(&log, Stage::Resolved),
        &["Shop: the outage of 16 August 2012 is over"],
        &["[[that"],
    );
}

#[test]
fn letter_does_not_call_an_unknown_state_working() {
    let mut log = new();
    log.state_event("10:00", Kind::Fault, Some(State::Down));
    log.state_event("10:10", Kind::Restore, None);
    log.state_event("10:20", Kind::Fault, None);
    for stage in [
        Stage::Initial,
        Stage::Update,
        Stage::Resolved,
        Stage::Followup,
    ] {
        let letter = text(&log, stage);
        has(&letter, &[], &["working again", "ended at", "in all"]);
    }
    log.state_event("10:30", Kind::Resolve, None);
    has(
        &text(&log, Stage::Resolved),
        &["[[when customers"],
        &["in all"],
    );
}

#[test]
fn state_change_is_reported_as_news() {
    let mut log = new();
    log.state_event("14:00", Kind::Fault, Some(State::Down));
    add_customer_update(&mut log, "14:10");
    has(&text(&log, Stage::Update), &["nothing new to report"], &[]);
    add_with_wording(&mut log, "14:20", Kind::Restore, None, "A new disk is in");
    let parts =
        ["Since our last message, at 14:10 EDT: Service was back at 14:20 EDT. A new disk is in."];
    has(&text(&log, Stage::Update), &parts, &["nothing new"]);

    let mut log = new();
    log.state_event("14:00", Kind::Fault, Some(State::Down));
    add_customer_update(&mut log, "14:10");
    log.state_event("14:20", Kind::Resolve, None);
    has(
        &text(&log, Stage::Update),
        &[
            "It was down from 14:00 EDT on Thursday, 16 August 2012 until 14:20 EDT.",
            "Service was back at 14:20 EDT.",
        ],
        &["nothing new", "not stopped"],
    );
}

#[test]
fn events_before_last_message_are_not_news() {
    let mut log = new();
    add_customer_update(&mut log, "11:45");
    add_with_wording(
        &mut log,
        "10:00",
        Kind::Fault,
        Some(State::Down),
        "It broke.",
    );
    log.state_event("12:00", Kind::Restore, None);
    for event in &mut log.incident.events {
        event.recorded = at("12:30");
    }
    has(
        &text(&log, Stage::Update),
        &[
            "Since our last message, at 11:45 EDT: Service was back at 12:00 EDT. What we know so far: It broke.",
        ],
        &["nothing new"],
    );
}

#[test]
fn data_loss_field_becomes_a_sentence() {
    for (typed, expected) in [
        ("no data was lost", "No data was lost."),
        ("None.", "No data was lost."),
        ("no", "No data was lost."),
        (
            "unknown",
            "We are still checking whether any data was lost.",
        ),
        (
            "yes",
            "[[what data was lost: bridgelog set data-loss VALUE]]",
        ),
        (
            "orders placed between 10:00 and 10:05",
            "Data was lost: orders placed between 10:00 and 10:05.",
        ),
        ("yes, about 200 orders", "Data was lost: about 200 orders."),
        ("12 orders were lost", "12 orders were lost."),
        ("no orders, only drafts", "No orders, only drafts."),
        (
            "drafts that were not saved",
            "Data was lost: drafts that were not saved.",
        ),
        (
            "two minutes of writes,",
            "Data was lost: two minutes of writes.",
        ),
    ] {
        let mut log = new();
        log.state_event("10:00", Kind::Fault, Some(State::Down));
        log.field("data-loss", typed);
        for stage in Stage::ALL {
            has(
                &text(&log, stage),
                &[expected],
                &["lost: yes", "lost: unknown"],
            );
        }
        let mail = letter(&log, Stage::Initial, Format::Markdown);
        assert_eq!(mail.body.contains("[[what data was lost"), typed == "yes");
    }
}

#[test]
fn passed_next_update_becomes_a_placeholder() {
    let mut log = fixtures::early();
    log.field("next-update", "2012-08-16T11:00:00-04:00");
    has(
        &text(&log, Stage::Update),
        &["write again by 11:00 EDT"],
        &["[[the next"],
    );
    log.state_event("11:30", Kind::Note, None);
    for stage in [Stage::Initial, Stage::Update] {
        has(
            &text(&log, stage),
            &["by [[the next update: bridgelog set"],
            &["by 11:00"],
        );
    }
    log.field("followup-by", "2012-08-15");
    has(
        &text(&log, Stage::Resolved),
        &["[[the follow-up:"],
        &["15 August"],
    );
}

#[test]
fn letter_names_only_affected_services() {
    let mut log = new();
    add_public_names(
        &mut log,
        &[("pay", "Checkout"), ("find", "Search"), ("x-internal", "")],
    );
    log.service_event("10:00", Kind::Fault, Some(State::Down), &["pay"]);
    has(
        &text(&log, Stage::Initial),
        &[
            "Shop (Checkout): outage since 10:00 EDT",
            "Checkout has been down since",
            "- Search: being checked",
        ],
        &["Shop has", "x-internal"],
    );
    log.service_event("10:10", Kind::Fault, Some(State::Down), &["find"]);
    has(
        &text(&log, Stage::Initial),
        &["Search and Checkout have been down"],
        &["Shop has"],
    );
    log.service_event("10:10", Kind::Fault, Some(State::Down), &["x-internal"]);
    has(&text(&log, Stage::Initial), &["Shop has been down"], &[]);
    log.state_event("11:00", Kind::Restore, None);
    log.state_event("11:10", Kind::Resolve, None);
    has(
        &text(&log, Stage::Resolved),
        &["Shop is working again"],
        &[],
    );

    let mut log = new();
    add_public_names(&mut log, &[("pay", ""), ("find", "Search")]);
    log.service_event("10:00", Kind::Fault, Some(State::Down), &["pay"]);
    has(
        &text(&log, Stage::Initial),
        &["Shop (in part): outage", "Part of Shop has been down"],
        &["Shop: outage"],
    );
    log.state_event("11:00", Kind::Resolve, None);
    has(
        &text(&log, Stage::Followup),
        &[
            "the outage of part of Shop on",
            "for 1 hour you could not use all of it",
        ],
        &["you could not."],
    );
    log.incident.fields.remove("product");
    has(
        &text(&log, Stage::Initial),
        &["Search"],
        &["Search has been down", "pay"],
    );
}

#[test]
fn subject_and_body_name_the_same_start() {
    let mut log = new();
    log.state_event("10:35", Kind::Fault, Some(State::Degraded));
    has(
        &text(&log, Stage::Initial),
        &["Shop: disruption since 10:35 EDT, 16"],
        &[],
    );
    log.state_event("10:40", Kind::Fault, Some(State::Down));
    has(
        &text(&log, Stage::Initial),
        &[
            "Shop: outage since 10:40 EDT, 16 August 2012 |",
            "Shop has been down since 10:40 EDT on Thursday, 16 August 2012; it had not worked as it should since 10:35 EDT.",
        ],
        &[],
    );
    log.state_event("11:00", Kind::Mitigate, None);
    has(
        &text(&log, Stage::Initial),
        &[
            "Shop: disruption since 10:35 EDT, 16 August 2012 |",
            "not been working as it should since 10:35 EDT on Thursday, 16 August 2012; it was down from 10:40 EDT to 11:00 EDT.",
        ],
        &[],
    );
}

#[test]
fn resolved_letter_tells_only_of_impact() {
    let mut log = new();
    add_with_wording(&mut log, "08:00", Kind::Absorbed, None, "A disk failed.");
    add_with_wording(&mut log, "08:30", Kind::Restore, None, "It was replaced.");
    add_with_wording(
        &mut log,
        "10:00",
        Kind::Fault,
        Some(State::Degraded),
        "A link was slow.",
    );
    add_with_wording(
        &mut log,
        "10:20",
        Kind::Fault,
        Some(State::Down),
        "Then it broke.",
    );
    add_with_wording(
        &mut log,
        "10:40",
        Kind::Decision,
        None,
        "We chose to move an image.",
    );
    add_with_wording(
        &mut log,
        "11:00",
        Kind::Restore,
        None,
        "Sites came back with that image.",
    );
    add_with_wording(
        &mut log,
        "11:30",
        Kind::Verify,
        None,
        "We checked every one.",
    );
    add_with_wording(&mut log, "11:40", Kind::Action, None, "We swept up.");
    log.state_event("12:00", Kind::Resolve, None);
    has(
        &text(&log, Stage::Resolved),
        &[
            "A link was slow. Then it broke. We chose to move an image. Sites came back with that image. We checked every one.",
        ],
        &["A disk failed", "It was replaced", "We swept up"],
    );
}

#[test]
fn letter_without_impact_mentions_no_outage() {
    let mut log = new();
    add_with_wording(
        &mut log,
        "10:00",
        Kind::Absorbed,
        None,
        "A disk failed and its twin took over.",
    );
    for over in [false, true] {
        if over {
            log.state_event("11:00", Kind::Restore, None);
            log.state_event("11:10", Kind::Resolve, None);
        }
        for stage in Stage::ALL {
            has(
                &text(&log, stage),
                &[],
                &[
                    "did not work",
                    "sorry",
                    "!down",
                    "patience",
                    "whether data was lost",
                    "outage",
                ],
            );
        }
    }
    let mail = letter(&log, Stage::Followup, Format::Text);
    assert_eq!(placeholder_count(&mail), 0, "{}", mail.body);
    assert_eq!(
        mail.subject,
        "Shop: a fault on Thursday, 16 August 2012 that did not reach you"
    );
    has(
        &flat(&mail),
        &[
            "Shop went on working.",
            "At 10:00 EDT the protections in place kept a fault from reaching you. A disk failed",
        ],
        &["Earlier"],
    );
}

#[test]
fn letter_after_resolve_has_no_in_progress_text() {
    let mut log = new();
    log.state_event("10:00", Kind::Fault, Some(State::Down));
    log.state_event("11:00", Kind::Resolve, None);
    for stage in [Stage::Initial, Stage::Update] {
        has(
            &text(&log, stage),
            &["[[whether data was lost:"],
            &["watching", "still", "write again", "working on"],
        );
    }
}

#[test]
fn letter_times_omit_seconds_and_punctuation_is_single() {
    let mut log = new();
    add_with_wording(
        &mut log,
        "05:16:56",
        Kind::Fault,
        Some(State::Down),
        "Dear customer,",
    );
    add_with_wording(
        &mut log,
        "05:17:01",
        Kind::Action,
        None,
        "We look into it..",
    );
    for stage in Stage::ALL {
        has(
            &text(&log, stage),
            &["05:16 EDT"],
            &["05:16:56", "05:17:01", ",.", ".."],
        );
    }
    let mail = letter(&log, Stage::Followup, Format::Markdown);
    assert!(mail.body.ends_with("team\n"), "{}", mail.body);
    assert!(mail.body.contains("Sincerely,\\\n"));
}

#[test]
fn letter_names_zone_of_ambiguous_times() {
    let mut log = new();
    for (text, kind, state) in [
        ("2026-11-01T05:30:00Z", Kind::Fault, Some(State::Down)),
        ("2026-11-01T06:50:00Z", Kind::Restore, None),
    ] {
        let when = crate::domain::time::parse_utc(text).unwrap();
        log.event("10:00", kind, "x", |e| {
            e.at = when.fixed_offset();
            e.state = state.map(Into::into);
        });
    }
    log.state_event("10:00", Kind::Note, None);
    log.incident.events.retain(|e| e.value.kind != Kind::Note);
    has(
        &text(&log, Stage::Followup),
        &["began at 01:30 EDT and ended at 01:50 EST: 1 hour 20 minutes in all"],
        &[],
    );
}
