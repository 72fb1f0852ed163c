use super::{super::*, fixtures};
use crate::domain::{
    states::States,
    testing::{IncidentBuilder, at},
    words::{Kind, State},
};
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

fn view(log: &IncidentBuilder) -> CustomerView {
    CustomerView::from_incident(&log.incident, &States::from_incident(&log.incident))
}

pub(super) fn letter(log: &IncidentBuilder, stage: Stage, format: Format) -> Email {
    email(&view(log), stage, &fixtures::settings(), format).unwrap()
}

/// Joins the text into one line.
pub(super) fn flat(mail: &Email) -> String {
    mail.body.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the number of placeholders.
pub(super) fn placeholder_count(mail: &Email) -> usize {
    mail.subject.matches("[[").count() + mail.body.matches("[[").count()
}

#[test]
fn followup_letter_has_every_expected_sentence() {
    let mail = letter(&fixtures::complete(), Stage::Followup, Format::Text);
    assert_eq!(
        mail.subject,
        "Online: the outage of Thursday, 16 August 2012, and what we are changing"
    );
    let text = flat(&mail);
    for part in [
        "outage of Online on Thursday, 16 August 2012. It began at about 10:06 EDT and ended at 14:05 EDT: about 4 hours in all.",
        "It affected a small part of our Online customers: those with a database on that one server.",
        "Not affected: all other Online customers, and every other AVR product.",
        "No data was lost.",
        "at 07:58 EDT, the protections in place had already prevented an outage.",
        "a second fault at about 10:06 EDT was more than the rest could take. A hardware fault halted one of our database servers",
        "We decided to move a complete image of the server",
        "We are sorry.",
        "This has been under way since 2 August 2012 and would have prevented this outage.",
        "This is planned and would have made this outage shorter.",
        "Thank you for your patience.",
        "support@avr.example",
        "Sincerely, The AVR Online team",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert_eq!(
        text.to_lowercase().matches("sorry").count(),
        1,
        "one apology"
    );
    assert_eq!(placeholder_count(&mail), 0, "{text}");
    assert_eq!(
        placeholder_count(&letter(
            &fixtures::complete(),
            Stage::Resolved,
            Format::Text
        )),
        0
    );
}

#[test]
fn followup_letter_has_each_wording_once_in_order() {
    let log = fixtures::complete();
    let mail = letter(&log, Stage::Followup, Format::Text);
    let text = flat(&mail);
    let mut from = 0;
    for event in log.incident.active_events() {
        if let Some(wording) = &event.value.customer {
            assert_eq!(text.matches(wording.as_str()).count(), 1, "{wording}");
            let at = text.find(wording.as_str()).unwrap();
            assert!(at >= from, "{wording}");
            from = at;
            let traced = mail.trace.iter().any(|(_, s)| s.contains(&event.handle));
            assert!(traced, "{wording}");
        }
    }
}

#[test]
fn initial_letter_asks_only_for_next_update() {
    let mail = letter(&fixtures::early(), Stage::Initial, Format::Text);
    assert_eq!(
        mail.subject,
        "Online: outage since about 10:06 EDT, 16 August 2012"
    );
    let text = flat(&mail);
    assert!(
        text.contains("Online has been down since about 10:06 EDT on Thursday, 16 August 2012.")
    );
    assert!(text.contains("We are still finding out who is affected and who is not."));
    assert!(text.contains("We are still checking whether any data is affected."));
    assert_eq!(placeholder_count(&mail), 1, "{text}");
    assert!(text.contains("[[the next update: bridgelog set next-update WHEN]]"));
}

#[test]
fn internal_fault_shows_only_impact_times() {
    let mut log = IncidentBuilder::new();
    log.field("product", "Online");
    log.state_event("07:58", Kind::Absorbed, None);
    log.state_event("10:06", Kind::Fault, Some(State::Down));
    log.state_event("11:06", Kind::Restore, None);
    let text = flat(&letter(&log, Stage::Followup, Format::Text));
    assert!(text.contains("began at 14:06 UTC and ended at 15:06 UTC: 1 hour in all"));
    assert!(!text.contains("07:58") && !text.contains("11:58"), "{text}");
    assert!(text.contains("[[what happened, in words for customers:"));
}

#[test]
fn degraded_incident_is_never_called_outage() {
    let mut log = IncidentBuilder::new();
    log.state_event("10:06", Kind::Fault, Some(State::Degraded));
    for ended in [false, true] {
        if ended {
            log.state_event("11:06", Kind::Restore, None);
        }
        for stage in Stage::ALL {
            let mail = letter(&log, stage, Format::Text);
            let text = format!("{} {}", mail.subject, mail.body).to_lowercase();
            assert!(
                !text.contains("outage") && !text.contains(" down"),
                "{text}"
            );
        }
    }
}

#[test]
fn update_reports_news_and_corrects_premature_all_clear() {
    let mut log = fixtures::early();
    log.event("10:30", Kind::Comms, "told", |e| {
        e.customer = Some("We know.".into());
    });
    let text = flat(&letter(&log, Stage::Update, Format::Text));
    assert!(text.contains("nothing new to report since our last message, at 10:30 EDT"));
    log.event("10:40", Kind::Action, "x", |e| {
        e.customer = Some("A new server is starting.".into());
    });
    let text = flat(&letter(&log, Stage::Update, Format::Text));
    assert!(text.contains("Since our last message, at 10:30 EDT: A new server is starting."));
    assert!(!text.contains("halted"), "told before: {text}");

    log.state_event("11:00", Kind::Resolve, None);
    log.message("11:05", "resolved", "It is over.", true);
    log.state_event("11:20", Kind::Reopen, Some(State::Down));
    let text = flat(&letter(&log, Stage::Update, Format::Text));
    assert!(text.contains("At 11:05 EDT we told you that this was over. It was not: at 11:20 EDT"));
    log.message("11:30", "update", "It was not.", true);
    let text = flat(&letter(&log, Stage::Update, Format::Text));
    assert!(!text.contains("this was over"), "once is enough: {text}");
}

#[test]
fn followup_letter_reports_false_recovery() {
    let mut log = fixtures::early();
    log.event("11:00", Kind::Restore, "x", |e| {
        e.customer = Some("It answered again.".into());
    });
    log.event("11:10", Kind::Fault, "x", |e| {
        e.state = Some(State::Down.into());
        e.customer = Some("The copy was bad.".into());
    });
    log.event("17 09:00", Kind::Restore, "x", |e| {
        e.customer = Some("A good copy is in place.".into());
    });
    let text = flat(&letter(&log, Stage::Followup, Format::Text));
    for part in [
        "ended at 09:00 EDT on Friday, 17 August 2012",
        "From 11:00 EDT to 11:10 EDT it seemed to be over, and was not.",
        "At 11:00 EDT service seemed to be back. It answered again.",
        "At 11:10 EDT it failed again. The copy was bad.",
        "Service was back at 09:00 EDT on Friday, 17 August 2012. A good copy is in place.",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn every_stage_renders_for_any_incident() {
    let mut at_risk = IncidentBuilder::new();
    at_risk.event("10:00", Kind::Absorbed, "x", |e| {
        e.customer = Some("It held.".into());
    });
    let mut unknown = IncidentBuilder::new();
    unknown.state_event("10:00", Kind::Fault, None);
    for log in [
        &IncidentBuilder::new(),
        &at_risk,
        &unknown,
        &fixtures::early(),
        &fixtures::complete(),
    ] {
        for stage in Stage::ALL {
            for format in [Format::Text, Format::Markdown] {
                let mail = letter(log, stage, format);
                assert!(!mail.subject.contains('\n') && !mail.subject.is_empty());
                assert!(!mail.body.contains("\n\n\n") && mail.body.ends_with('\n'));
                assert!(
                    !mail.body.contains("  \n") && !mail.body.contains(" ."),
                    "{}",
                    mail.body
                );
                assert!(
                    !mail.body.contains("None") && !mail.body.contains(" none "),
                    "{}",
                    mail.body
                );
            }
        }
    }
    let text = flat(&letter(&fixtures::early(), Stage::Resolved, Format::Text));
    assert!(text.contains("lasted until [[when service was back: bridgelog log 'WHEN restore:"));
}

#[test]
fn placeholder_commands_name_a_closed_incident() {
    let mut log = fixtures::complete();
    log.incident.fields.clear();
    let text = flat(&letter(&log, Stage::Followup, Format::Text));
    assert!(text.contains("[[whether data was lost: bridgelog --incident 7 set data-loss VALUE]]"));
}

#[test]
fn markdown_letter_renders_typed_text() {
    let mut log = IncidentBuilder::new();
    log.field("product", "On_line [beta]")
        .field("data-loss", "none");
    log.section(
        "customer-followup",
        "1. We *promise*.\n   - Truly.\n\n```\nas is\n```",
    );
    let typed = "- 1. <b>Bold</b> & `code` *stars* | [x](y)";
    log.event("10:06", Kind::Fault, "x", |e| {
        e.state = Some(State::Down.into());
        e.customer = Some(typed.into());
    });
    let mail = letter(&log, Stage::Followup, Format::Markdown);
    assert!(
        mail.subject.starts_with("On_line [beta]: "),
        "{}",
        mail.subject
    );
    assert!(
        mail.body
            .contains("1. We *promise*.\n   - Truly.\n\n```\nas is\n```")
    );
    let mut text = String::new();
    for event in pulldown_cmark::Parser::new(&mail.body) {
        match event {
            pulldown_cmark::Event::Text(t) => text.push_str(&t),
            pulldown_cmark::Event::Html(h) | pulldown_cmark::Event::InlineHtml(h) => panic!("{h}"),
            _ => {}
        }
    }
    assert!(text.contains(typed), "{text}");
    assert!(text.contains("outage of On_line [beta]"), "{text}");
}

#[test]
fn own_template_is_traced_and_errors_are_located() {
    let own = |source: &str| {
        let mut settings = fixtures::settings();
        settings.templates = settings.templates.with_override("email-initial.j2", source);
        email(
            &view(&fixtures::early()),
            Stage::Initial,
            &settings,
            Format::Text,
        )
    };
    let mail = own("Subject: x\n\n{% for text in news %}{{ text | upper }}{% endfor %}\n").unwrap();
    let fault = &fixtures::early().incident.events[1].handle;
    assert!(mail.body.starts_with("A HARDWARE FAULT"));
    assert_eq!(mail.trace[0], (1, vec![fault.clone()]));
    assert_eq!(
        own("Subject: x\n\nhello\n{{ title }}\n")
            .unwrap_err()
            .to_string(),
        "template `email-initial.j2`, line 4: there is no `title`"
    );
    assert!(
        own("hello")
            .unwrap_err()
            .to_string()
            .contains("must begin with `Subject:`")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_fits_the_letter_layout(text in any::<String>(), scope in any::<String>()) {
        let mut log = fixtures::complete();
        log.field("customer-scope", &scope).field("product", &text);
        log.event("10:07", Kind::Cause, "x", |e| e.customer = Some(text.clone()));
        for stage in Stage::ALL {
            let mail = letter(&log, stage, Format::Text);
            prop_assert!(!mail.subject.contains(['\n', '\r']));
            for line in mail.body.lines() {
                let long = line.split(' ').any(|word| word.width() > 60);
                prop_assert!(line.width() <= wrap::COLUMNS || long, "{line}");
            }
            let private = |c: char| u32::from(c) >= 0x10_0000;
            prop_assert!(!mail.body.contains(private) && !mail.subject.contains(private));
            letter(&log, stage, Format::Markdown);
        }
    }
}

#[test]
fn changed_fact_is_corrected_once() {
    let mut log = fixtures::early();
    let view = |log: &IncidentBuilder| {
        CustomerView::from_incident(&log.incident, &States::from_incident(&log.incident))
    };
    let first = email(
        &view(&log),
        Stage::Initial,
        &fixtures::settings(),
        Format::Text,
    )
    .unwrap();
    log.message("10:20", "initial", &first.body, true);
    log.incident.messages[0].value.facts = view(&log).facts();
    let letter = |log: &IncidentBuilder, stage| {
        let mail = email(&view(log), stage, &fixtures::settings(), Format::Text).unwrap();
        mail.body.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert!(!letter(&log, Stage::Update).contains("we wrote"));
    let fault = log
        .incident
        .events
        .iter_mut()
        .find(|e| e.value.kind == Kind::Fault)
        .unwrap();
    fault.value.at = at("10:12:00").fixed_offset();
    let update = letter(&log, Stage::Update);
    assert!(
        update
            .contains("At 10:20 EDT we wrote that this began at 10:06 EDT. It began at 10:12 EDT."),
        "{update}"
    );
    for stage in [Stage::Resolved, Stage::Followup] {
        assert!(
            letter(&log, stage).contains("It began at 10:12 EDT."),
            "{stage}"
        );
    }
    let postmortem = postmortem_markdown(&log.incident, &fixtures::settings()).unwrap();
    assert!(
        postmortem.contains("told 10:06 EDT, the record says 10:12 EDT"),
        "{postmortem}"
    );
    // The correcting letter is now the last one that states the fact.
    log.message("10:40", "update", &update, true);
    log.incident.messages[1].value.facts = view(&log).facts();
    assert!(!letter(&log, Stage::Update).contains("we wrote"));
}
