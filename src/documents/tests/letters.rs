//! The layout of letters, and what holds for all of them.

use super::{super::*, fixtures};
use crate::domain::{
    states::States,
    testing::IncidentBuilder,
    words::{Kind, State},
};
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

pub(super) fn view(log: &IncidentBuilder) -> CustomerView {
    CustomerView::from_incident(&log.incident, &States::from_incident(&log.incident))
}

pub(super) fn letter(log: &IncidentBuilder, stage: Stage, format: Format) -> Email {
    email(&view(log), stage, &fixtures::settings(), format).unwrap()
}

/// The mark of a drill counts: a subject that would be too long with it gives way to a shorter one.
#[test]
fn subject_of_a_drill_has_at_most_77_columns() {
    let mut only_with_the_mark = 0;
    for length in 1..25 {
        let mut log = fixtures::complete();
        log.field("product", &"x".repeat(length));
        let plain = letter(&log, Stage::Followup, Format::Text).subject;
        log.field("drill", "yes");
        let marked = letter(&log, Stage::Followup, Format::Text).subject;
        assert!(
            marked.starts_with("DRILL: ") && marked.width() <= 77,
            "{marked}"
        );
        only_with_the_mark += usize::from(plain.width() + "DRILL: ".len() > 77);
    }
    assert!(only_with_the_mark > 0);
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
fn followup_letter_of_one_name_is_laid_out() {
    let mut log = fixtures::complete();
    log.field("product", "Online databases");
    let mail = letter(&log, Stage::Followup, Format::Text);
    let expected = "\
Subject: Online databases: outage on 16 August 2012, and what we are changing

Dear AVR customers,

Online databases did not work for some customers from about 10:06 to
13:31 EDT (about 3 hours 25 minutes) and had problems from 13:31 to
14:05 EDT on Thursday, 16 August 2012 (34 minutes). We are sorry. You
rely on us, and for that time you could not.

Who was affected: a small part of our Online customers: those with a
database on that one server
Not affected: all other Online customers, and every other AVR product
Your data: nothing was lost

What happened (EDT)

07:58 A memory module in one of our database servers failed, and its
mirror took over without a pause

about 10:06 A hardware fault halted one of our database servers, which
holds your database and those of several other customers.
10:25 We decided to move a complete image of the server to other
hardware rather than wait for a repair.
13:31 The first databases were running on the new hardware in the early
afternoon.
14:20 We compared every database with its last backup before calling
this done.

Why it happened

The redundancy is there for exactly this kind of fault, but the second
fault came too soon and too hard for what was left of it.

What we are changing

Would have prevented it:
- A second database server that follows the first and can take over
  within seconds.
  In progress, planned since 2 August 2012, due 31 August 2012

Would have made it shorter:
- A ready image of each database server on spare hardware.
  Planned, due 24 August 2012

Thank you for your patience. Questions: support@avr.example

Sincerely,
The AVR Online team
";
    assert_eq!(
        format!("Subject: {}\n\n{}", mail.subject, mail.body),
        expected
    );
}

#[test]
fn told_story_stands_in_place_of_the_list_which_follows_the_signature() {
    let mut log = fixtures::complete();
    log.section(
        "customer-followup",
        "It was a long day.\n\nAnd a *short* night.",
    );
    log.section("customer-apology", "We let you down.");
    let mail = letter(&log, Stage::Followup, Format::Text);
    let parts = [
        "We let you down.",
        "Your data: nothing was lost",
        "It was a long day.\n\nAnd a *short* night.\n\nWhat we are changing",
        "The AVR Online team\n\nTimes, for your records (EDT)\n\n07:58 A memory module",
    ];
    let mut from = 0;
    for part in parts {
        let found = mail.body[from..].find(part);
        from += found.unwrap_or_else(|| panic!("{part}\n{}", mail.body));
    }
    assert!(!mail.body.contains("sorry") && !mail.body.contains("Why it happened"));
}

#[test]
fn every_wording_stands_once_word_for_word_and_is_traced() {
    let log = fixtures::complete();
    for stage in Stage::ALL {
        let mail = letter(&log, stage, Format::Text);
        for event in log.incident.active_events() {
            let Some(wording) = event.value.customer.as_deref() else {
                continue;
            };
            let expected = usize::from(event.value.kind != Kind::Comms);
            assert_eq!(flat(&mail).matches(wording).count(), expected, "{wording}");
            let traced = mail.trace.iter().any(|(_, s)| s.contains(&event.handle));
            assert!(traced || expected == 0, "{wording}");
        }
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
                let body = &mail.body;
                assert!(!body.contains("\n\n\n") && body.ends_with('\n'), "{body}");
                assert!(!body.contains("  \n") && !body.contains(" ."), "{body}");
                assert!(!body.contains("None") && !body.contains(" none "), "{body}");
            }
        }
    }
    let resolved = letter(&fixtures::early(), Stage::Resolved, Format::Text);
    assert!(flat(&resolved).contains("[[when it was working again: bridgelog log 'WHEN restore:"));
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
    log.state_event("10:36", Kind::Restore, None);
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
    assert!(text.contains("On_line [beta] did not work"), "{text}");
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
    let mail =
        own("Subject: x\n\n{% for step in news %}{{ step.text | upper }} {% endfor %}\n").unwrap();
    let log = fixtures::early();
    let handle = |at: usize| log.incident.events[at].handle.clone();
    assert!(mail.body.starts_with("A MEMORY MODULE"));
    assert_eq!(mail.trace[0].1[0], handle(0));
    assert!(
        mail.trace
            .iter()
            .any(|(_, sources)| sources.contains(&handle(1)))
    );
    let error = |source: &str| own(source).unwrap_err().to_string();
    assert_eq!(
        error("Subject: x\n\nhello\n{{ title }}\n"),
        "template `email-initial.j2`, line 4: there is no `title`"
    );
    // Variables of earlier versions are gone; the error names the nearest one.
    assert_eq!(
        error("Subject: x\n\n{{ story }}\n{{ improvments }}"),
        "template `email-initial.j2`, line 4: there is no `improvments`"
    );
    assert_eq!(
        error("Subject: x\n\n{{ last_send }}"),
        "template `email-initial.j2`, line 3: there is no `last_send`: did you mean `last_sent`?"
    );
    assert!(error("hello").contains("must begin with `Subject:`"));
}

#[test]
fn words_that_are_missing_or_of_another_form_are_an_error() {
    let error = |source: &str| {
        let mut settings = fixtures::settings();
        settings.templates = settings.templates.with_override("words.j2", source);
        let view = view(&fixtures::early());
        let made = email(&view, Stage::Initial, &settings, Format::Text);
        made.unwrap_err().to_string()
    };
    assert!(error("{% set about = 'um {}' %}").contains("missing field"));
    assert!(error("{% set about = [1] %}").contains("words.j2"));
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
