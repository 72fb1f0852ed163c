use super::*;
use crate::{
    documents::Settings,
    domain::{
        states::States,
        testing::{IncidentBuilder, at},
        words::{Kind, Severity, State},
    },
};
use proptest::prelude::*;

fn brief_at(log: &IncidentBuilder, now: &str) -> Brief {
    let states = States::from_incident(&log.incident);
    Brief::new(&BriefInput {
        incident: &log.incident,
        states: &states,
        now: at(now),
        settings: &Settings::default(),
        public_names: &[],
    })
}

fn declared() -> IncidentBuilder {
    let mut log = IncidentBuilder::new();
    log.event("10:12", Kind::Declare, "AVR Online outage", |e| {
        e.number = Some(7);
        e.zone = "America/New_York".into();
    });
    log
}

fn outage() -> IncidentBuilder {
    let mut log = declared();
    log.event("~10:06", Kind::Fault, "online-db halted", |e| {
        e.services = vec!["online-db".into()];
        e.state = Some(State::Down.into());
    });
    log.service("online-db", Some("AVR Online"));
    log
}

#[test]
fn brief_says_all_that_is_recorded() {
    let mut log = outage();
    log.event("10:15", Kind::Note, "severity", |e| {
        e.severity = Severity::new(1).map(Into::into);
        e.commander = Some("jw".into());
    });
    log.event(
        "10:25",
        Kind::Decision,
        "move online-db to db-17 @ann",
        |e| {
            e.customer = Some("We are moving the system to other hardware.".into());
        },
    );
    log.field("customer-impact", "shops cannot take orders")
        .field("customer-scope", "about 40 of 900 shops")
        .field("next-update", "2012-08-16T15:15:00Z");
    assert_eq!(
        brief_at(&log, "10:48").text(),
        "#7 AVR Online outage (SEV1): open, as of Thu 16 Aug 2012 10:48 EDT
Customers: shops cannot take orders
Affected: about 40 of 900 shops
Since: about 10:06 EDT; about 42 min of impact so far
State: AVR Online down since about 10:06 EDT
Commander: jw
Being done: 10:25 EDT decision: We are moving the system to other hardware
Next update: 11:15 EDT
Not known: cause; whether data was lost"
    );
}

#[test]
fn bare_declaration_says_what_nobody_recorded() {
    assert_eq!(
        brief_at(&declared(), "10:48").text(),
        "#7 AVR Online outage: open, as of Thu 16 Aug 2012 10:48 EDT
Customers: impact not recorded
Affected: how many is not recorded
Since: not recorded
State: not recorded
Commander: not recorded
Being done: nothing recorded
Next update: none set
Not known: cause"
    );
}

#[test]
fn resolved_brief_says_when_it_was_and_what_is_left() {
    let mut log = outage();
    log.service_event("13:26", Kind::Restore, None, &["online-db"]);
    log.event("13:40", Kind::Resolve, "moved", |_| {});
    log.task("13:50", "Warm standby", |_| {});
    log.field("data-loss", "none")
        .field("resolution", "moved to other hardware");
    let brief = brief_at(&log, "17 09:00");
    for part in [
        ": resolved, as of Fri 17 Aug",
        "Since: about Thu 16 Aug 10:06 EDT to 13:26 EDT; about 3 h 20 min of impact\n",
        "State: working since Thu 16 Aug 13:26 EDT; resolved Thu 16 Aug 13:40 EDT",
        "Done: moved to other hardware; 1 follow-up not done",
        "Data: nothing lost",
    ] {
        assert!(brief.text().contains(part), "{part}: {}", brief.text());
    }
    assert!(!brief.text().contains("Next update"));
}

#[test]
fn near_miss_has_no_impact_and_drill_says_so() {
    let mut log = declared();
    log.service_event("10:20", Kind::Absorbed, None, &["online-db"]);
    log.field("drill", "yes");
    let text = brief_at(&log, "10:48").text().to_owned();
    for part in [
        "#7 DRILL AVR",
        "Customers: no impact recorded",
        "Affected: nobody, as recorded",
        "State: working, but at risk since 10:20 EDT",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn unknown_and_stale_are_not_stated_as_if_they_were_known() {
    let mut log = declared();
    log.service_event("10:20", Kind::Fault, None, &["online-db"]);
    let text = brief_at(&log, "18 11:00").text().to_owned();
    for part in [
        "Customers: not known whether they are hit",
        "Since: not known; the state is unknown since",
        "state not known since",
        "nothing recorded since Thu 16 Aug 10:20 EDT",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let mut log = outage();
    log.field("next-update", "2012-08-16T14:30:00Z");
    let text = brief_at(&log, "18 11:00").text().to_owned();
    assert!(text.contains("how long is not known"), "{text}");
    assert!(
        text.contains("was due Thu 16 Aug 10:30 EDT, late"),
        "{text}"
    );
}

#[test]
fn what_is_past_is_not_promised() {
    let mut log = outage();
    log.event("13:26", Kind::Restore, "", |_| {});
    log.event("13:30", Kind::Resolve, "", |_| {});
    log.field("followup-by", "2012-08-20");
    let text = brief_at(&log, "20 23:00").text().to_owned();
    assert!(text.contains("full account by Mon 20 Aug 2012"), "{text}");
    let text = brief_at(&log, "21 01:00").text().to_owned();
    assert!(
        text.contains("full account was due Mon 20 Aug 2012"),
        "{text}"
    );
    assert!(text.contains("13:26 EDT restore\n"), "{text}");
    log.message("20:00", "followup", "x", true);
    let text = brief_at(&log, "21 01:00").text().to_owned();
    assert!(!text.contains("full account"), "{text}");
}

#[test]
fn internal_names_are_hidden_and_the_commander_is_not() {
    let mut log = declared();
    log.event("10:13", Kind::Handoff, "jw takes over", |e| {
        e.commander = Some("jw".into());
    });
    log.service_event("10:14", Kind::Fault, Some(State::Down), &["pay-core"]);
    log.service("online-db", Some("AVR Online"));
    log.event(
        "10:30",
        Kind::Action,
        "@ann and jw restart online-db, pay-core's disk on db-17.internal at 10.0.0.7 with token=abc123",
        |e| e.people = vec!["ann".into()],
    );
    let text = brief_at(&log, "10:48").text().to_owned();
    let expected = "[someone] and jw restart [a system], [a system]'s disk on [a system] at [removed] with [removed]";
    assert!(text.contains(expected), "{text}");
}

#[test]
fn what_does_not_fit_is_shortened_then_left_out_and_that_is_said() {
    let long = "word ".repeat(200);
    let mut log = outage();
    log.field("customer-impact", &long);
    let brief = brief_at(&log, "10:48");
    assert!(brief.is_shortened && brief.text().contains('…'));
    assert!(brief.left_out.is_empty(), "{}", brief.text());
    for name in ["customer-scope", "impact", "data-loss"] {
        log.field(name, &long);
    }
    for service in ["a-1", "b-1", "c-1", "d-1"] {
        log.service_event("10:20", Kind::Fault, Some(State::Down), &[service]);
        log.service(service, Some(&format!("{service} {long}")));
    }
    log.event("10:30", Kind::Decision, &long, |e| {
        e.commander = Some(long.clone());
    });
    let brief = brief_at(&log, "18 10:48");
    assert!(!brief.left_out.is_empty(), "{}", brief.text());
    assert!(brief.text().contains("Left out, too long: "));
    for label in ["Customers: ", "State: ", "Since: "] {
        assert!(brief.text().contains(label), "{}", brief.text());
    }
}

proptest! {
    #[test]
    fn brief_has_at_most_120_words(
        events in prop::collection::vec(
            (0..86_400_u32, 0..8_usize, 0..5_usize, 0..4_usize, ".{0,400}", any::<bool>()),
            0..25,
        ),
        fields in prop::collection::vec((0..7_usize, ".{0,600}"), 0..7),
        title in ".{0,300}",
        is_declared in any::<bool>(),
        day in 16..19_u32,
    ) {
        let mut log = IncidentBuilder::new();
        if is_declared {
            log.event("10:00", Kind::Declare, &title, |e| e.commander = Some(title.clone()));
        }
        for (second, kind, state, service, text, has_state) in events {
            let kinds = [
                Kind::Fault, Kind::Absorbed, Kind::Decision, Kind::Action, Kind::Mitigate,
                Kind::Restore, Kind::Resolve, Kind::Ask,
            ];
            let states = [State::Ok, State::AtRisk, State::Degraded, State::Down, State::Unknown];
            let time = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
            let service = ["a", "b-2", "c", "d-4"][service];
            log.service(service, has_state.then_some(text.as_str()));
            log.event(&time, kinds[kind].clone(), &text, |e| {
                e.services = vec![service.to_owned()];
                e.state = has_state.then(|| states[state].into());
                e.commander = has_state.then(|| text.clone());
            });
        }
        let names = [
            "customer-impact", "customer-scope", "impact", "data-loss", "next-update", "drill",
            "product",
        ];
        for (name, value) in fields {
            log.field(names[name], &value);
        }
        let brief = brief_at(&log, &format!("{day} 23:59"));
        prop_assert!(word_count(brief.text()) <= MAX_WORDS, "{}", brief.text());
        prop_assert!(brief.text().split_whitespace().count() <= MAX_WORDS);
        prop_assert_eq!(brief.left_out.is_empty(), !brief.text().contains("\nLeft out, "));
        // It never claims health that nobody recorded.
        let states = States::from_incident(&log.incident);
        if states.overall.is_empty() {
            prop_assert!(brief.text().contains("State: not recorded"));
        }
    }
}
