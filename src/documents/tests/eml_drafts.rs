use super::{super::*, fixtures};
use crate::domain::{
    states::States,
    testing::{IncidentBuilder, at},
    words::{Kind, State},
};
use mail_parser::{Addr, Message, MessageParser, MimeHeaders};
use proptest::prelude::*;

fn view(log: &IncidentBuilder) -> CustomerView {
    CustomerView::from_incident(&log.incident, &States::from_incident(&log.incident))
}

fn envelope(from: &str, to: &[&str], subject: Option<&str>) -> Envelope {
    Envelope {
        from: from.parse().unwrap(),
        at: at("15:00"),
        kept_as: None,
        reply_to: None,
        to: to.iter().map(|to| to.parse().unwrap()).collect(),
        subject: subject.map(str::to_owned),
    }
}

/// Parses the draft, and checks what every draft must have.
#[track_caller]
fn read(draft: &str) -> Message<'_> {
    assert!(draft.is_ascii());
    assert!(!draft.replace("\r\n", "").contains(['\r', '\n']));
    for line in draft.split("\r\n") {
        assert!(line.len() <= 998, "RFC 5322, section 2.1.1: {line}");
    }
    let mail = MessageParser::default().parse(draft.as_bytes()).unwrap();
    let names: Vec<&str> = mail
        .headers()
        .iter()
        .map(mail_parser::Header::name)
        .collect();
    let mut known = vec!["X-Unsent", "From", "Subject", "Date", "Message-ID"];
    if mail.to().is_some() {
        known.insert(2, "To");
    }
    known.push("MIME-Version");
    known.push("Content-Type");
    assert_eq!(names, known, "{draft}");
    let kind = mail.content_type().unwrap();
    assert_eq!(
        (kind.ctype(), kind.subtype()),
        ("multipart", Some("alternative"))
    );
    assert_eq!((mail.text_body_count(), mail.html_body_count()), (1, 1));
    assert_eq!(mail.attachment_count(), 0);
    assert_eq!(mail.parts.len(), 3);
    assert!(mail.parts.iter().all(|part| !part.is_encoding_problem));
    mail
}

fn people(address: Option<&mail_parser::Address<'_>>) -> Vec<(Option<String>, String)> {
    let read = |a: &Addr<'_>| {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        (owned(a.name()), owned(a.address()).unwrap())
    };
    address.map_or_else(Vec::new, |a| a.iter().map(read).collect())
}

#[test]
fn eml_of_each_stage_parses_back() {
    let mut typed = fixtures::complete();
    typed.field("product", "Önline <b> 日本");
    for log in [
        &IncidentBuilder::new(),
        &fixtures::early(),
        &fixtures::complete(),
        &typed,
    ] {
        for stage in Stage::ALL {
            let settings = fixtures::settings();
            let envelope = envelope("AVR Überall <support@avr.example>", &[], None);
            let draft = eml(&view(log), stage, &settings, &envelope).unwrap();
            let mail = read(&draft);
            let letter = email(&view(log), stage, &settings, Format::Text).unwrap();
            assert_eq!(mail.subject().unwrap(), letter.subject);
            let text = mail.body_text(0).unwrap().replace("\r\n", "\n");
            // A reader joins flowed lines and takes away what was stuffed.
            let unstuffed = text
                .lines()
                .map(|line| line.strip_prefix(' ').unwrap_or(line));
            let joined: Vec<&str> = unstuffed.flat_map(str::split_whitespace).collect();
            let plain: Vec<&str> = letter.body.split_whitespace().collect();
            assert_eq!(joined, plain);
            assert_eq!(
                people(mail.from()),
                [(
                    Some("AVR Überall".to_owned()),
                    "support@avr.example".to_owned()
                )]
            );
            assert!(mail.to().is_none());
            assert_eq!(mail.header_raw("X-Unsent").unwrap().trim(), "1");
            assert_eq!(mail.date().unwrap().to_timestamp(), envelope.at.timestamp());
            assert!(mail.message_id().unwrap().ends_with("@avr.example"));
            let html = mail.body_html(0).unwrap();
            assert!(html.starts_with("<!DOCTYPE html>") && !html.contains("Önline <b>"));
            assert_eq!(
                draft,
                eml(&view(log), stage, &settings, &envelope).unwrap(),
                "the same records give the same bytes"
            );
        }
    }
}

#[test]
fn different_letters_have_different_message_ids() {
    let settings = fixtures::settings();
    let (early, complete) = (view(&fixtures::early()), view(&fixtures::complete()));
    let to = envelope("a@avr.example", &["raj@x.example"], None);
    let nobody = envelope("a@avr.example", &[], None);
    let id = |view: &CustomerView, envelope: &Envelope| {
        let draft = eml(view, Stage::Update, &settings, envelope).unwrap();
        read(&draft).message_id().unwrap().to_owned()
    };
    assert_ne!(id(&early, &nobody), id(&complete, &nobody));
    assert_ne!(id(&early, &nobody), id(&early, &to));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn typed_text_never_adds_mail_headers(
        product in "(\\PC|[\r\n\t:<>@=?_]){0,60}|.{0,20}\r?\nBcc: eve@evil.example\r?\n\r?\n.{0,20}",
        wording in "(?s).{0,80}|\r\n\\.\r\nBcc: eve@evil.example|--=_x\r\n|=\\?utf-8\\?Q\\?x\\?=|x{1200}",
        name in "[^\\pC<>\"]{0,40}",
        subject in prop::option::of("[^\\pC]{1,200}"),
    ) {
        let mut log = IncidentBuilder::new();
        log.field("product", &product);
        log.event("10:06", Kind::Fault, "x", |e| {
            e.state = Some(State::Down.into());
            e.customer = Some(wording.clone());
        });
        let from = format!("{name} <support@avr.example>");
        let envelope = envelope(
            &from,
            &["Ann <ann@x.example>", "raj@x.example"],
            subject.as_deref(),
        );
        for stage in Stage::ALL {
            let draft = eml(&view(&log), stage, &Settings::default(), &envelope).unwrap();
            let mail = read(&draft);
            prop_assert_eq!(people(mail.from()).len(), 1);
            prop_assert_eq!(&people(mail.from())[0].1, "support@avr.example");
            let to: Vec<String> = people(mail.to()).into_iter().map(|(_, address)| address).collect();
            prop_assert_eq!(to, ["ann@x.example", "raj@x.example"]);
            prop_assert!(mail.bcc().is_none() && mail.cc().is_none());
        }
    }
}
