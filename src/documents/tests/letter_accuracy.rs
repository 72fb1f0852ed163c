//! Letters state what is recorded of exactly the name it is recorded of, and have placeholders for what
//! is not.

use super::{
    super::*,
    fixtures,
    letters::{flat, letter, placeholder_count},
};
use crate::domain::{
    testing::{IncidentBuilder, at},
    words::{Kind, State},
};
use rstest::rstest;

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

/// Words that say that it is over.
const OVER: [&str; 3] = [
    "working again since",
    "did not work from",
    "had problems from",
];

#[test]
fn letter_says_that_it_works_again_only_if_recorded() {
    let mut log = new();
    log.event("10:00", Kind::Declare, "x", |e| {
        e.state = Some(State::Down.into());
    });
    let marker = "[[when it was working again: bridgelog ";
    for stage in [Stage::Resolved, Stage::Followup] {
        has(
            &text(&log, stage),
            &["Shop: down since 10:00", marker],
            &OVER,
        );
    }
    log.state_event("11:00", Kind::Resolve, Some(State::Degraded));
    has(
        &text(&log, Stage::Resolved),
        &["Shop: problems since 11:00 (down 10:00 to 11:00)", marker],
        &OVER,
    );
    log.state_event("11:20", Kind::Restore, None);
    has(
        &text(&log, Stage::Resolved),
        &[
            "Shop: working again since 11:20 EDT |",
            "All that was affected has been working again since 11:20 EDT on Thursday, 16 August 2012.",
        ],
        &["[[when"],
    );
    let mut open = new();
    open.state_event("10:00", Kind::Fault, Some(State::Down));
    open.state_event("11:00", Kind::Restore, None);
    for stage in [Stage::Resolved, Stage::Followup] {
        has(
            &text(&open, stage),
            &["[[that it is over: bridgelog resolve"],
            &[],
        );
    }
}

#[test]
fn unknown_state_is_a_placeholder_and_leaves_out_the_totals() {
    let mut log = new();
    log.state_event("10:00", Kind::Fault, Some(State::Down));
    log.state_event("10:10", Kind::Restore, None);
    let fault = log.state_event("10:20", Kind::Fault, None);
    let handle = log.incident.event(fault).unwrap().handle.clone();
    let command = format!("bridgelog amend {handle} '!STATE'");
    for stage in Stage::ALL {
        has(
            &text(&log, stage),
            &[&command],
            &["working again since 1", "in all", "(10 min"],
        );
    }
    log.state_event("10:30", Kind::Resolve, None);
    for stage in [Stage::Resolved, Stage::Followup] {
        let command = format!("[[the state: {command}]] 10:20 to 10:30");
        has(
            &text(&log, stage),
            &[&command, "down 10:00 to 10:10"],
            &["in all", "minutes)"],
        );
    }
}

#[test]
fn incident_without_a_state_asks_for_it() {
    let mut log = new();
    log.state_event("10:00", Kind::Declare, None);
    log.state_event("10:05", Kind::Note, None);
    for stage in Stage::ALL {
        has(
            &text(&log, stage),
            &["log 'WHEN fault:"],
            &["No customer", "sorry"],
        );
    }
}

/// A `restore` says that something was not well, and not what.
#[test]
fn restore_of_what_had_no_state_is_no_record_of_no_impact() {
    let mut log = new();
    log.state_event("10:00", Kind::Declare, None);
    add_with_wording(&mut log, "10:10", Kind::Restore, None, "We undid a change.");
    log.state_event("10:20", Kind::Resolve, None);
    for stage in Stage::ALL {
        has(
            &text(&log, stage),
            &["log 'WHEN fault:"],
            &["No customer", "no customer", "sorry"],
        );
    }
    // The state of one service says nothing of another that was restored.
    let mut log = new();
    log.service_event("10:00", Kind::Absorbed, None, &["web"]);
    log.service_event("10:20", Kind::Restore, None, &["db"]);
    has(
        &text(&log, Stage::Resolved),
        &["log 'WHEN fault:"],
        &["No customer", "no customer"],
    );
}

#[test]
fn letter_without_impact_says_so_and_has_no_apology() {
    let mut log = new();
    let wording = "A disk failed and its twin took over.";
    add_with_wording(&mut log, "10:00", Kind::Absorbed, None, wording);
    for over in [false, true] {
        if over {
            log.state_event("11:00", Kind::Restore, None);
            log.state_event("11:10", Kind::Resolve, None);
        }
        for stage in Stage::ALL {
            let letter = text(&log, stage);
            has(
                &letter,
                &[
                    "No customer was affected.",
                    "10:00 A disk failed and its twin took over.",
                ],
                &[
                    "did not work",
                    "sorry",
                    "patience",
                    "data",
                    "risk",
                    "outage",
                ],
            );
        }
    }
    assert_eq!(
        placeholder_count(&letter(&log, Stage::Followup, Format::Text)),
        0
    );
}

#[test]
fn wordings_in_no_sent_letter_come_first() {
    let mut log = new();
    add_with_wording(
        &mut log,
        "14:00",
        Kind::Fault,
        Some(State::Down),
        "It broke.",
    );
    add_with_wording(&mut log, "14:05", Kind::Comms, None, "On the status page.");
    has(
        &text(&log, Stage::Update),
        &["What happened (EDT) 14:00 It broke."],
        &["New", "status page"],
    );
    log.message("14:10", "initial", "x", true);
    let facts = super::letters::view(&log).facts();
    log.incident.messages[0].value.facts = facts;
    add_with_wording(&mut log, "14:20", Kind::Restore, None, "A new disk is in");
    has(
        &text(&log, Stage::Update),
        &["New since 14:10 (EDT) 14:20 A new disk is in What happened before (EDT)"],
        &[],
    );
    // What is new is not all of later.
    add_with_wording(&mut log, "13:50", Kind::Change, None, "A disk was changed.");
    has(
        &text(&log, Stage::Update),
        &[
            "New (EDT) 13:50 A disk was changed. 14:20 A new disk is in What happened before (EDT) 14:00 It broke.",
        ],
        &["New since"],
    );
    has(
        &text(&log, Stage::Resolved),
        &["13:50 A disk was changed. 14:00 It broke. 14:20 A new disk is in"],
        &["New since"],
    );
}

#[test]
fn suspicion_goes_once_a_cause_stands() {
    let mut log = new();
    add_with_wording(
        &mut log,
        "10:00",
        Kind::Fault,
        Some(State::Down),
        "It broke.",
    );
    add_with_wording(
        &mut log,
        "10:10",
        Kind::Suspect,
        None,
        "We suspect a change.",
    );
    has(
        &text(&log, Stage::Initial),
        &["10:10 We suspect a change."],
        &[],
    );
    add_with_wording(&mut log, "10:20", Kind::Cause, None, "A disk was full.");
    for stage in Stage::ALL {
        has(
            &text(&log, stage),
            &["Why it happened A disk was full."],
            &["We suspect", "10:20 A disk"],
        );
    }
}

#[rstest]
#[case::nothing("none", "Your data: nothing was lost")]
#[case::nothing_in_capitals("None.", "Your data: nothing was lost")]
#[case::unknown("unknown", "Your data: not known yet")]
#[case::text(
    "orders placed between 10:00 and 10:05",
    "Your data: orders placed between 10:00 and 10:05"
)]
#[case::text_with_stop("12 orders were lost.", "Your data: 12 orders were lost. ")]
fn data_loss_stands_word_for_word(#[case] typed: &str, #[case] expected: &str) {
    let mut log = new();
    log.state_event("10:00", Kind::Fault, Some(State::Down));
    log.field("data-loss", typed);
    for stage in Stage::ALL {
        has(&text(&log, stage), &[expected], &[]);
    }
}

#[rstest]
#[case("everyone", "Who was affected: everyone", false)]
#[case("unknown", "Who was affected: not known yet", false)]
#[case("customers in Europe", "Who was affected: customers in Europe", true)]
fn scope_that_is_a_text_says_for_some_customers(
    #[case] typed: &str,
    #[case] expected: &str,
    #[case] some: bool,
) {
    let mut log = new();
    log.state_event("10:00", Kind::Fault, Some(State::Down));
    log.field("customer-scope", typed);
    let initial = text(&log, Stage::Initial);
    assert_eq!(
        initial.contains("Shop: down for some customers since 10:00 EDT |"),
        some,
        "{initial}"
    );
    log.state_event("11:00", Kind::Restore, None);
    log.state_event("11:00", Kind::Resolve, None);
    let followup = text(&log, Stage::Followup);
    has(&followup, &[expected], &[]);
    assert_eq!(
        followup.contains("Shop did not work for some customers from 10:00"),
        some
    );
    log.incident.fields.remove("customer-scope");
    has(
        &text(&log, Stage::Followup),
        &["[[who was affected:"],
        &["some customers"],
    );
}

#[test]
fn what_is_not_known_while_it_lasts_is_said_so() {
    let mut log = new();
    log.state_event("10:00", Kind::Fault, Some(State::Down));
    let initial = letter(&log, Stage::Initial, Format::Text);
    assert_eq!(placeholder_count(&initial), 1, "{}", initial.body);
    has(
        &flat(&initial),
        &[
            "Who is affected: not known yet Your data: not known yet",
            "Next update: by [[when the next update comes: bridgelog set next-update WHEN]], whether or not",
        ],
        &[],
    );
    log.field("customer-impact", "orders fail")
        .field("customer-action", "none");
    has(
        &text(&log, Stage::Update),
        &[
            "What it means for you: orders fail",
            "What you need to do: nothing",
        ],
        &[],
    );
}

#[test]
fn promise_in_the_past_is_a_placeholder() {
    let mut log = fixtures::early();
    log.field("next-update", "2012-08-16T11:00:00-04:00");
    has(
        &text(&log, Stage::Update),
        &["Next update: by 11:00, whether"],
        &["[[when the next"],
    );
    log.state_event("11:30", Kind::Note, None);
    for stage in [Stage::Initial, Stage::Update] {
        has(
            &text(&log, stage),
            &["by [[when the next update comes: bridgelog set"],
            &["by 11:00"],
        );
    }
    log.field("followup-by", "2012-08-15");
    has(
        &text(&log, Stage::Resolved),
        &["[[the day of the follow-up:"],
        &["15 August"],
    );
}

/// Two names of one product, and one service that customers do not know.
fn two_names() -> IncidentBuilder {
    let mut log = new();
    log.service("pay", Some("Checkout"))
        .service("find", Some("Search"))
        .service("x-internal", None);
    log
}

#[test]
fn no_name_has_the_state_of_another() {
    let mut log = two_names();
    log.service_event("10:00", Kind::Fault, Some(State::Down), &["pay"]);
    has(
        &text(&log, Stage::Initial),
        &[
            "Shop, Checkout: down since 10:00 EDT |",
            "Checkout: down since 10:00 (as of",
        ],
        &["Search", "Shop:", "x-internal"],
    );
    log.service_event("10:10", Kind::Fault, Some(State::Degraded), &["find"]);
    let update = text(&log, Stage::Update);
    has(
        &update,
        &[
            "Shop: 2 services affected, update of 10:10 EDT |",
            "Checkout: down since 10:00 Search: problems since 10:10",
        ],
        &[],
    );
    log.service_event("10:40", Kind::Restore, None, &["pay"]);
    log.service_event("12:00", Kind::Restore, None, &["find"]);
    log.state_event("12:00", Kind::Resolve, None);
    has(
        &text(&log, Stage::Followup),
        &[
            "Shop: disruption on 16 August 2012 |",
            "Parts of Shop did not work or had problems from 10:00 to 12:00 EDT on Thursday, 16 August 2012 (2 hours; at least one did not work for 40 minutes).",
            "Checkout down 10:00 to 10:40 40 min Search problems 10:10 to 12:00 1 h 50 min",
        ],
        &["in all", "Search down"],
    );
}

#[test]
fn services_without_a_public_name_count_under_the_product() {
    let mut log = two_names();
    log.service_event("10:00", Kind::Fault, Some(State::Down), &["x-internal"]);
    has(
        &text(&log, Stage::Initial),
        &["Shop: down since 10:00 EDT |"],
        &["x-internal"],
    );
    log.incident.fields.remove("product");
    has(
        &text(&log, Stage::Initial),
        &["[[the product: bridgelog set product NAME]]: down"],
        &[],
    );
}

#[rstest]
#[case::helper_at_risk(
    Some(State::AtRisk),
    Some(State::Down),
    "Shop did not work from 11:00 to 12:00"
)]
#[case::helper_well(
    Some(State::Ok),
    Some(State::Down),
    "Shop did not work from 11:00 to 12:00"
)]
#[case::helper_down(
    Some(State::Down),
    Some(State::Ok),
    "Shop had problems from 10:00 to 12:00"
)]
#[case::both_down(
    Some(State::Down),
    Some(State::Down),
    "Shop had problems from 10:00 to 11:00"
)]
fn service_without_a_public_name_neither_softens_nor_makes_down(
    #[case] helper: Option<State>,
    #[case] named: Option<State>,
    #[case] said: &str,
) {
    let mut log = new();
    log.service("web", Some("Shop")).service("replica", None);
    log.service_event("10:00", Kind::Fault, helper, &["replica"]);
    log.service_event("11:00", Kind::Fault, named, &["web"]);
    log.service_event("12:00", Kind::Restore, None, &["web", "replica"]);
    log.state_event("12:00", Kind::Resolve, None);
    has(&text(&log, Stage::Followup), &[said], &["Parts of"]);
}

#[test]
fn state_of_no_service_is_of_the_product_and_is_not_softened_by_later_names() {
    let mut log = new();
    log.state_event("10:00", Kind::Fault, Some(State::Down));
    log.state_event("11:00", Kind::Restore, None);
    log.service("web", Some("Shop"));
    has(
        &text(&log, Stage::Followup),
        &["Shop did not work from 10:00 to 11:00"],
        &["problems"],
    );
}

#[test]
fn public_name_is_down_only_while_all_of_its_services_are() {
    let mut log = new();
    log.service("a", Some("Shop")).service("b", Some("Shop"));
    log.service_event("09:12", Kind::Fault, Some(State::Down), &["a", "b"]);
    log.service_event("11:40", Kind::Restore, None, &["a"]);
    has(
        &text(&log, Stage::Update),
        &["Shop: problems since 11:40 (down 09:12 to 11:40)"],
        &["down since"],
    );
    log.service_event("13:05", Kind::Restore, None, &["b"]);
    log.state_event("13:05", Kind::Resolve, None);
    has(
        &text(&log, Stage::Followup),
        &[
            "Shop: outage on 16 August 2012 |",
            "Shop did not work from 09:12 to 11:40 EDT (2 hours 28 minutes) and had problems from 11:40 to 13:05 EDT on Thursday, 16 August 2012 (1 hour 25 minutes).",
        ],
        &["in all"],
    );
}

#[test]
fn service_of_a_name_without_a_state_yet_counts_as_ok() {
    let mut log = new();
    log.service("a", Some("Shop")).service("b", Some("Shop"));
    log.incident.services_added.clear();
    log.event("10:00", Kind::Declare, "x", |e| {
        e.services = vec!["a".into(), "b".into()];
    });
    log.service_event("10:01", Kind::Fault, Some(State::Down), &["a"]);
    has(
        &text(&log, Stage::Initial),
        &["Shop: problems since 10:01"],
        &["down"],
    );
}

#[test]
fn names_with_the_same_spells_share_a_head_and_most_time_down_is_first() {
    let mut log = new();
    for name in ["One", "Two", "Three"] {
        log.service(&name.to_lowercase(), Some(name));
    }
    log.service_event("15 22:00", Kind::Fault, Some(State::Degraded), &["one"]);
    log.service_event(
        "15 23:00",
        Kind::Fault,
        Some(State::Down),
        &["two", "three"],
    );
    log.service_event("16 09:00", Kind::Restore, None, &["one", "two", "three"]);
    log.state_event("16 09:00", Kind::Resolve, None);
    let mail = letter(&log, Stage::Followup, Format::Text);
    assert_eq!(mail.subject, "Shop: disruption of 15 to 16 August 2012");
    let table = "\
\n  Two, Three
    down      Wed 15 Aug 23:00 to Thu 16 Aug 09:00  10 h
  One
    problems  Wed 15 Aug 22:00 to Thu 16 Aug 09:00  11 h\n";
    assert!(mail.body.contains(table), "{}", mail.body);
    let markdown = letter(&log, Stage::Followup, Format::Markdown).body;
    assert!(
        markdown.contains("**Two, Three**\n\n- down, Wed 15 Aug 23:00 to Thu 16 Aug 09:00, 10 h\n"),
        "{markdown}"
    );
}

#[test]
fn more_than_four_spells_are_counted() {
    let mut log = new();
    for hour in 10..15 {
        log.state_event(&format!("{hour}:00"), Kind::Fault, Some(State::Down));
        log.state_event(&format!("{hour}:10"), Kind::Restore, None);
    }
    has(
        &text(&log, Stage::Update),
        &["Shop: working since 14:10 (5 spells 10:00 to 14:10, 50 min in all)"],
        &[],
    );
    log.state_event("15:00", Kind::Resolve, None);
    has(
        &text(&log, Stage::Followup),
        &[
            "Shop did not work from 10:00 to 14:10 EDT on Thursday, 16 August 2012 (50 minutes in all).",
            "Shop 5 spells 10:00 to 14:10 50 min in all",
        ],
        &[],
    );
}

#[test]
fn reopening_after_a_sent_end_is_said_until_the_next_letter() {
    let mut log = fixtures::early();
    log.state_event("11:00", Kind::Resolve, None);
    let again = "At 11:05 EDT we wrote that this was over. Since then: Online: down since";
    log.event("11:02", Kind::Comms, "status page", |_| {});
    log.message("11:05", "resolved", "It is over.", true);
    has(&text(&log, Stage::Update), &[], &["we wrote"]);
    log.state_event("11:20", Kind::Reopen, Some(State::Down));
    has(
        &text(&log, Stage::Update),
        &[again],
        &["should not have", "still there"],
    );
    log.message("11:30", "update", "It was not.", true);
    has(
        &text(&log, Stage::Update),
        &[],
        &["we wrote that this was over"],
    );
}

#[test]
fn two_spells_of_one_state_are_each_given() {
    let mut log = new();
    for (from, to) in [("10:00", "10:10"), ("10:18", "11:00")] {
        log.state_event(from, Kind::Fault, Some(State::Down));
        log.state_event(to, Kind::Restore, None);
    }
    log.state_event("11:01", Kind::Resolve, None);
    has(
        &text(&log, Stage::Followup),
        &[
            "Shop did not work from 10:00 to 10:10 EDT (10 minutes) and again from 10:18 to 11:00 EDT on Thursday, 16 August 2012 (42 minutes).",
        ],
        &["in all"],
    );
}

#[test]
fn durations_are_between_the_minutes_shown() {
    let mut log = new();
    add_with_wording(
        &mut log,
        "05:16:56",
        Kind::Fault,
        Some(State::Down),
        "It broke",
    );
    log.state_event("05:47:01", Kind::Restore, None);
    log.state_event("05:48", Kind::Resolve, None);
    has(
        &text(&log, Stage::Followup),
        &[
            "from 05:16 to 05:47 EDT on Thursday, 16 August 2012 (31 minutes)",
            "05:16 It broke",
        ],
        &["05:16:56"],
    );
}

#[test]
fn duration_is_about_where_an_end_is() {
    let mut log = new();
    log.state_event("10:00", Kind::Fault, Some(State::Down));
    log.state_event("~11:30", Kind::Restore, None);
    log.state_event("12:00", Kind::Resolve, None);
    has(
        &text(&log, Stage::Followup),
        &["from 10:00 to about 11:30 EDT", "(about 1 hour 30 minutes)"],
        &[],
    );
}

#[test]
fn clock_change_in_between_is_said() {
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
    has(
        &text(&log, Stage::Followup),
        &["from 01:30 EDT to 01:50 EST on Sunday, 1 November 2026 (1 hour 20 minutes)"],
        &[],
    );
}

#[test]
fn dates_of_changes_are_those_recorded() {
    let mut log = new();
    log.state_event("10:00", Kind::Fault, Some(State::Down));
    log.state_event("11:00", Kind::Restore, None);
    log.state_event("12:00", Kind::Resolve, None);
    log.task("15:00", "x", |task| {
        task.state = crate::domain::task::TaskState::Started.into();
        task.since = Some(at("01 09:00").fixed_offset());
        task.customer = Some("A standby".into());
    });
    log.task("15:00", "x", |task| task.customer = Some("A drill".into()));
    let text = text(&log, Stage::Followup);
    has(
        &text,
        &[
            "- A standby In progress, planned since 1 August 2012",
            "- A drill Planned ",
        ],
        &["In progress since", "under way", "Also:", "Would have"],
    );
}

#[test]
fn all_names_are_counted_together_only_where_they_began_and_ended_together() {
    let mut log = IncidentBuilder::new();
    log.field("product", "Shop");
    log.service("pay", Some("Checkout"))
        .service("find", Some("Search"));
    log.service_event("10:00", Kind::Fault, Some(State::Down), &["pay", "find"]);
    log.service_event("11:00", Kind::Restore, None, &["pay", "find"]);
    log.state_event("11:00", Kind::Resolve, None);
    has(
        &text(&log, Stage::Followup),
        &["Shop: the 2 services below did not work from 14:00 to 15:00"],
        &["Parts of"],
    );
}
