//! What sent letters told and is recorded otherwise, which the next letter corrects.

use super::{
    super::*,
    fixtures,
    letters::{letter, view},
};
use crate::domain::{
    testing::{IncidentBuilder, at},
    words::{Kind, State},
};

fn mark_as_sent(log: &mut IncidentBuilder, time: &str, stage: Stage) {
    let made = letter(log, stage, Format::Text);
    let facts = view(log).facts();
    log.message(time, stage.as_str(), &made.body, true);
    log.incident.messages.last_mut().unwrap().value.facts = facts;
}

/// The lines of the next letter that correct sent ones.
fn corrections(log: &IncidentBuilder) -> Vec<String> {
    let mail = letter(log, Stage::Update, Format::Text);
    let body = mail.body.replace("\nCorrected:", "\n\nCorrected:");
    let paragraphs = body
        .split("\n\n")
        .map(|paragraph| paragraph.replace('\n', " "));
    let is_correction = |p: &String| p.to_lowercase().contains("we wrote");
    paragraphs.filter(is_correction).collect()
}

fn move_event(log: &mut IncidentBuilder, kind: &Kind, time: &str) {
    let mut events = log.incident.events.iter_mut();
    let event = events.find(|e| e.value.kind == *kind).unwrap();
    event.value.at = at(time).fixed_offset();
}

#[test]
fn changed_start_is_corrected_as_a_label_until_it_was_said() {
    let mut log = fixtures::early();
    mark_as_sent(&mut log, "10:20", Stage::Initial);
    assert!(corrections(&log).is_empty());
    move_event(&mut log, &Kind::Fault, "10:12");
    assert_eq!(
        corrections(&log),
        ["Corrected: Online, start: about 10:12 EDT (we wrote about 10:06 EDT)"]
    );
    let postmortem = postmortem_markdown(&log.incident, &fixtures::settings()).unwrap();
    assert!(postmortem.contains("10:12 EDT"), "{postmortem}");
    mark_as_sent(&mut log, "10:40", Stage::Update);
    assert!(corrections(&log).is_empty());
}

#[test]
fn what_happened_after_a_letter_corrects_nothing() {
    let mut log = fixtures::early();
    mark_as_sent(&mut log, "10:20", Stage::Initial);
    log.state_event("11:00", Kind::Restore, None);
    assert!(corrections(&log).is_empty());
    mark_as_sent(&mut log, "11:10", Stage::Update);
    log.state_event("11:30", Kind::Fault, Some(State::Degraded));
    log.state_event("11:50", Kind::Restore, None);
    assert!(corrections(&log).is_empty());
}

#[test]
fn changed_end_state_and_count_are_corrected_and_wordings_are_not() {
    let mut log = fixtures::early();
    log.service_event("11:00", Kind::Restore, None, &["online-db"]);
    mark_as_sent(&mut log, "11:10", Stage::Update);
    for event in &mut log.incident.events {
        event.value.customer = event
            .value
            .customer
            .as_ref()
            .map(|text| format!("{text} Indeed."));
    }
    assert!(corrections(&log).is_empty());
    move_event(&mut log, &Kind::Restore, "11:05");
    assert_eq!(
        corrections(&log),
        ["Corrected: Online, end: 11:05 EDT (we wrote 11:00 EDT)"]
    );
    move_event(&mut log, &Kind::Restore, "11:00");
    log.incident
        .events
        .retain(|e| e.value.kind != Kind::Restore);
    log.state_event("17 00:00", Kind::Note, None);
    assert_eq!(
        corrections(&log),
        ["Corrected: Online, state at 11:00 EDT on 16 August 2012: down (we wrote working)"]
    );

    let mut log = fixtures::early();
    log.service("a", Some("Aye"))
        .service("b", Some("Bee"))
        .service("c", Some("Cee"));
    log.service_event("10:30", Kind::Fault, Some(State::Down), &["a", "b"]);
    log.incident.services.remove("online-db");
    mark_as_sent(&mut log, "10:40", Stage::Update);
    log.service_event("10:29", Kind::Fault, Some(State::Degraded), &["c"]);
    assert_eq!(
        corrections(&log),
        ["Corrected: services affected: 4 (we wrote 3)"]
    );
}

/// Two names: one was down and had problems, the other only had problems.
fn two_names() -> IncidentBuilder {
    let mut log = IncidentBuilder::new();
    log.field("zone", "America/New_York")
        .field("product", "Acme")
        .service("api", Some("API"))
        .service("web", Some("Web"));
    log.service_event("09:10", Kind::Fault, Some(State::Down), &["api"]);
    log.service_event("09:40", Kind::Mitigate, Some(State::Degraded), &["api"]);
    log.service_event("09:50", Kind::Detect, Some(State::Degraded), &["web"]);
    log.service_event("10:10", Kind::Restore, None, &["api", "web"]);
    log
}

fn retract(log: &mut IncidentBuilder, kind: &Kind) {
    let mut events = log.incident.events.iter_mut();
    let event = events.find(|e| e.value.kind == *kind).unwrap();
    event.value.retracted = Some("it was not so".into());
}

#[test]
fn what_is_no_longer_recorded_is_corrected_until_it_was_said() {
    let mut log = two_names();
    mark_as_sent(&mut log, "10:20", Stage::Update);
    retract(&mut log, &Kind::Detect);
    assert_eq!(
        corrections(&log),
        [
            "Corrected: services affected: 1 (we wrote 2)",
            "Corrected: Web: this was not so (we wrote problems 09:50 to 10:10 EDT)",
        ]
    );
    mark_as_sent(&mut log, "10:30", Stage::Update);
    assert_eq!(corrections(&log), [""; 0]);
    // The impact is retracted as a whole.
    retract(&mut log, &Kind::Fault);
    retract(&mut log, &Kind::Mitigate);
    assert_eq!(
        corrections(&log),
        [
            "Corrected: API: this was not so (we wrote down 09:10 to 09:40, problems 09:40 to 10:10 EDT)",
            "Corrected: services affected: none (we wrote 1)",
        ]
    );
    mark_as_sent(&mut log, "10:40", Stage::Update);
    assert_eq!(corrections(&log), [""; 0]);
    // It is recorded again, after a letter that took it back.
    for event in &mut log.incident.events {
        event.value.retracted = None;
    }
    let found = corrections(&log);
    assert!(
        found.contains(
            &"Corrected: Web: problems 09:50 to 10:10 EDT (we wrote not affected)".to_owned()
        ),
        "{found:?}"
    );
}

#[test]
fn changed_states_and_inner_times_of_what_is_over_are_corrected() {
    let mut log = two_names();
    mark_as_sent(&mut log, "10:20", Stage::Update);
    move_event(&mut log, &Kind::Mitigate, "09:30");
    assert_eq!(
        corrections(&log),
        [
            "Corrected: API: down 09:10 to 09:30, problems 09:30 to 10:10 EDT (we wrote down 09:10 to 09:40, problems 09:40 to 10:10 EDT)"
        ]
    );
    mark_as_sent(&mut log, "10:30", Stage::Update);
    let mut events = log.incident.events.iter_mut();
    let fault = events.find(|e| e.value.kind == Kind::Fault).unwrap();
    fault.value.state = Some(State::Degraded.into());
    assert_eq!(
        corrections(&log),
        [
            "Corrected: API: problems 09:10 to 10:10 EDT (we wrote down 09:10 to 09:30, problems 09:30 to 10:10 EDT)"
        ]
    );
    mark_as_sent(&mut log, "10:40", Stage::Update);
    assert_eq!(corrections(&log), [""; 0]);
}

#[test]
fn another_public_name_is_no_correction() {
    let mut log = two_names();
    mark_as_sent(&mut log, "10:20", Stage::Update);
    log.service("web", Some("Shop"));
    assert_eq!(corrections(&log), [""; 0]);
    let stale = view(&log).stale_facts(&log.incident);
    let names: Vec<_> = stale
        .iter()
        .map(|fact| fact.other_name.as_deref())
        .collect();
    assert!(
        names == [Some("Shop")] && stale[0].label() == "the name Web",
        "{stale:?}"
    );
    mark_as_sent(&mut log, "10:30", Stage::Update);
    assert_eq!(view(&log).stale_facts(&log.incident), []);
}

#[test]
fn letter_that_kept_no_spells_is_corrected_as_well() {
    let mut log = two_names();
    mark_as_sent(&mut log, "10:20", Stage::Update);
    let sent = log.incident.messages.last_mut().unwrap();
    sent.value.facts.retain(|fact| fact.spells.is_empty());
    retract(&mut log, &Kind::Detect);
    assert_eq!(
        corrections(&log)[1],
        "Corrected: Web: this was not so (we wrote affected 09:50 to 10:10 EDT)"
    );
    mark_as_sent(&mut log, "10:30", Stage::Update);
    assert_eq!(view(&log).stale_facts(&log.incident), []);
}

#[test]
fn changed_facts_are_corrected_until_they_were_said() {
    let mut log = two_names();
    log.field("data-loss", "none")
        .field("customer-scope", "a few shops")
        .field("customer-action", "none")
        .field("unaffected", "Search");
    mark_as_sent(&mut log, "10:20", Stage::Update);
    log.field("data-loss", "None.");
    assert_eq!(corrections(&log), [""; 0]);
    log.field("data-loss", "orders of one hour")
        .field("customer-scope", "everyone")
        .field("customer-action", "send them again")
        .field("unaffected", "the site");
    assert_eq!(
        corrections(&log),
        [
            "Corrected: who was affected: everyone We wrote: a few shops",
            "Corrected: not affected: the site We wrote: Search",
            "Corrected: your data: orders of one hour We wrote: nothing was lost",
            "Corrected: what you need to do: send them again We wrote: nothing",
        ]
    );
    mark_as_sent(&mut log, "10:30", Stage::Update);
    assert_eq!(corrections(&log), [""; 0]);
    log.field("data-loss", "unknown");
    assert_eq!(
        corrections(&log),
        ["Corrected: your data: not known yet We wrote: orders of one hour"]
    );
    mark_as_sent(&mut log, "10:40", Stage::Update);
    log.field("data-loss", "none");
    assert_eq!(corrections(&log), [""; 0]);
}

#[test]
fn no_letter_says_that_what_was_hit_was_not() {
    let mut log = two_names();
    log.field("unaffected", "API, Search");
    for stage in Stage::ALL {
        let letter = letter(&log, stage, Format::Text);
        assert!(!letter.body.contains("API, Search"), "{}", letter.body);
        assert!(
            letter
                .body
                .contains("Not affected: [[what was not affected:"),
            "{}",
            letter.body
        );
    }
    log.field("unaffected", "API keys");
    let letter = letter(&log, Stage::Followup, Format::Text);
    assert!(
        letter.body.contains("Not affected: API keys"),
        "{}",
        letter.body
    );
}

#[test]
fn letters_of_which_neither_follows_the_other_are_both_corrected() {
    let mut log = two_names();
    log.field("data-loss", "none");
    let of_one = view(&log).facts();
    log.field("data-loss", "two orders");
    let of_other = view(&log).facts();
    for (number, facts) in [of_one, of_other].into_iter().enumerate() {
        log.message(&format!("10:2{number}"), "update", "a letter", true);
        log.incident.messages.last_mut().unwrap().value.facts = facts;
    }
    assert_eq!(
        corrections(&log),
        ["Corrected: your data: two orders We wrote: nothing was lost"]
    );
    mark_as_sent(&mut log, "10:30", Stage::Update);
    assert_eq!(view(&log).stale_facts(&log.incident), []);
}

#[test]
fn product_of_which_a_part_is_not_known_is_not_said_to_be_down() {
    let mut log = IncidentBuilder::new();
    log.field("zone", "UTC").field("product", "Acme");
    log.service_event("10:00", Kind::Fault, None, &[]);
    log.service_event("10:30", Kind::Fault, Some(State::Down), &["db"]);
    let mail = letter(&log, Stage::Initial, Format::Text);
    assert!(mail.body.contains("Acme: problems since"), "{}", mail.body);
    let postmortem = postmortem_markdown(&log.incident, &fixtures::settings()).unwrap();
    assert!(postmortem.contains("| no service named |"), "{postmortem}");
    assert!(!postmortem.contains("| Acme |"), "{postmortem}");
}
