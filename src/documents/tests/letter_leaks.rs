//! Letters contain nothing internal: every internal field has a unique string (a canary), and no letter
//! contains any of them.

use super::super::{
    related::{AbsorbedFault, SeenIncident, SimilarIncident},
    *,
};
use crate::domain::{
    file::AttachedFile,
    hash::Hash,
    incident::{Audience, FIELDS, SECTIONS, section_audience},
    states::States,
    task::TaskState,
    testing::{IncidentBuilder, at},
    unknown::UnknownFields,
    value::{Service, StatedFact},
    words::{CAPTURE_KINDS, Kind, State},
};

const CANARY: &str = "canary";

/// Generates unique canaries.
struct Canaries(u32);

impl Canaries {
    fn next(&mut self, field: &str) -> String {
        self.0 += 1;
        format!("{CANARY}{}{}", self.0, field.replace(['-', '_'], ""))
    }
}

/// Returns an incident with every kind of event, with and without customer wording, whose internal
/// fields are canaries. `shape` selects the states and which customer fields are set.
fn incident(shape: u32) -> IncidentBuilder {
    let mut c = Canaries(0);
    let mut log = IncidentBuilder::new();
    let service = c.next("service");
    let states = [
        None,
        Some(State::Ok),
        Some(State::AtRisk),
        Some(State::Degraded),
        Some(State::Down),
    ];
    let mut kinds: Vec<Kind> = CAPTURE_KINDS.to_vec();
    kinds.extend([
        Kind::Declare,
        Kind::Resolve,
        Kind::Reopen,
        Kind::Other(c.next("kind")),
    ]);
    for (i, kind) in kinds.into_iter().enumerate() {
        for with_wording in [false, true] {
            if with_wording && (kind == Kind::Declare || shape & 1 == 0) {
                continue;
            }
            let time = format!(
                "{:02}:{:02}",
                8 + i / 6,
                i % 6 * 10 + usize::from(with_wording)
            );
            let link = log.incident.events.first().map(|e| e.id);
            log.event(&time, kind.clone(), &c.next("text"), |e| {
                e.rationale = Some(c.next("why"));
                e.rejected = Some(c.next("not"));
                e.tags = vec![c.next("tag")];
                e.people = vec![c.next("people")];
                e.audience = (i % 3 == 0).then(|| c.next("audience"));
                e.commander = Some(c.next("commander"));
                e.zone = "America/New_York".into();
                e.urls = vec![format!("https://{}.example/", c.next("url"))];
                e.files = vec![AttachedFile {
                    sha256: Hash::digest(b"x"),
                    name: c.next("file"),
                    size: 1,
                    media_type: c.next("type"),
                    unknown: UnknownFields::default(),
                }];
                e.links = link.into_iter().collect();
                e.services = vec![service.clone(), c.next("service")];
                e.number = (kind == Kind::Declare).then_some(7);
                e.state = (states[(i + shape as usize / 2) % states.len()]).map(Into::into);
                e.customer = with_wording.then(|| format!("Wording {i}."));
            });
            if let Some(last) = log.incident.events.iter_mut().rfind(|e| e.author == "jw") {
                last.author = c.next("author");
            }
        }
    }
    log.event("16:00", Kind::Fault, &c.next("retracted"), |e| {
        e.customer = Some(c.next("retractedwording"));
        e.retracted = Some(c.next("reason"));
    });
    log.event("16:01", Kind::Note, &c.next("redacted"), |e| {
        e.redacted = Some(c.next("reason"));
    });
    for (i, state) in [
        TaskState::Planned,
        TaskState::Started,
        TaskState::Done,
        TaskState::Declined,
    ]
    .into_iter()
    .enumerate()
    {
        log.task("15:00", &c.next("task"), |t| {
            t.state = state.into();
            t.owner = Some(c.next("owner"));
            t.ticket = Some(c.next("ticket"));
            t.reason = Some(c.next("taskreason"));
            t.prevents = i % 2 == 0;
            t.customer =
                (shape & 1 == 1 && state != TaskState::Declined).then(|| format!("Change {i}."));
        });
    }
    log.task("15:10", &c.next("task"), |t| {
        t.retracted = Some(c.next("reason"));
        t.customer = Some(c.next("retractedwording"));
    });
    log.message("15:20", "update", &c.next("message"), true);
    log.message("15:21", "update", &c.next("message"), false);
    for message in &mut log.incident.messages {
        message.value.subject = c.next("subject");
        message.value.approved_by = Some(c.next("approver"));
        message.value.via = Some(c.next("via"));
        message.value.to_group = Some(c.next("group"));
        // A correction quotes what the letter stated, but not the internal name of the fact.
        message.value.facts = vec![StatedFact {
            name: c.next("fact"),
            wording: message.value.text.clone(),
            ..Default::default()
        }];
    }
    for (name, audience) in FIELDS {
        if audience == Audience::Internal && name != "zone" {
            log.field(name, &c.next(name));
        } else if name != "zone" && shape & 2 == 0 {
            log.field(
                name,
                if name == "ledger-in-letter" {
                    "yes"
                } else {
                    "approved"
                },
            );
        }
    }
    log.field(&c.next("unknownfield"), &c.next("unknownfield"));
    for (name, _) in SECTIONS {
        if section_audience(name) == Audience::Internal {
            log.section(name, &c.next(name));
        }
    }
    let public = (shape & 4 == 0).then(|| "Public name".to_owned());
    log.incident.services.insert(
        service,
        Service {
            public_name: public,
            ..Default::default()
        },
    );
    log.incident.services.insert(
        c.next("service"),
        Service {
            public_name: None,
            ..Default::default()
        },
    );
    log
}

/// Returns two absorbed faults of other incidents, and an earlier incident, all of canaries.
fn ledger() -> RelatedContext {
    let mut c = Canaries(10_000);
    let mut absorbed = || AbsorbedFault {
        handle: "held".into(),
        incident: Some(c.next("incident")),
        at: at("07:00"),
        protection: c.next("protection"),
        text: c.next("text"),
        was_at_risk: true,
        at_risk_seconds: Some(60),
    };
    RelatedContext {
        seen_before: vec![SeenIncident {
            short_ref: CANARY.into(),
            handle: CANARY.into(),
            title: CANARY.into(),
            declared: at("06:00"),
            score: 1.0,
            in_common: vec![CANARY.into()],
            has_no_decision: true,
            step: None,
            improvement: None,
            open_actions: vec![],
        }],
        files: Vec::new(),
        absorbed: vec![absorbed(), absorbed()],
        absorbed_period: Some((at("06:00"), at("07:30"))),
        similar: vec![SimilarIncident {
            short_ref: CANARY.into(),
            title: CANARY.into(),
            declared: at("06:00"),
            shared_services: vec![CANARY.into()],
            shared_tags: vec![CANARY.into()],
            open_actions: vec![],
        }],
    }
}

#[test]
fn absorbed_count_appears_only_when_allowed() {
    let mut log = incident(1);
    let letter = |log: &IncidentBuilder| {
        let view =
            CustomerView::from_incident(&log.incident, &States::from_incident(&log.incident));
        let view = view.with_absorbed_count(&ledger());
        email(&view, Stage::Followup, &Settings::default(), Format::Text)
            .unwrap()
            .body
    };
    for (value, is_counted) in [("no", false), ("approved", false), ("yes", true)] {
        log.field("ledger-in-letter", value);
        let text = letter(&log);
        assert_eq!(
            text.contains("caught 2 other faults"),
            is_counted,
            "{value}: {text}"
        );
        assert!(!text.contains(CANARY));
    }
}

#[test]
fn letters_contain_no_internal_text() {
    let settings = Settings::default();
    for shape in 0..16 {
        let log = incident(shape);
        let view =
            CustomerView::from_incident(&log.incident, &States::from_incident(&log.incident));
        let view = view.with_absorbed_count(&ledger());
        let envelope = Envelope {
            from: "support@avr.example".parse().unwrap(),
            at: at("15:00"),
            kept_as: None,
            reply_to: None,
            to: Vec::new(),
            subject: None,
        };
        for stage in Stage::ALL {
            let draft = eml(&view, stage, &settings, &envelope).unwrap();
            let mail = mail_parser::MessageParser::default()
                .parse(draft.as_bytes())
                .unwrap();
            let parts = [mail.subject(), mail.message_id()].map(|p| p.unwrap().to_owned());
            let bodies = [mail.body_text(0), mail.body_html(0)].map(Option::unwrap);
            let read = format!("{}{}{}{}{draft}", parts[0], parts[1], bodies[0], bodies[1]);
            assert!(
                !read.to_lowercase().contains(CANARY),
                "{stage} {shape} {read}"
            );
            for format in [Format::Text, Format::Markdown] {
                let mail = email(&view, stage, &settings, format).unwrap();
                let letter_text = format!("{}\n{}", mail.subject, mail.body).to_lowercase();
                if let Some(at) = letter_text.find(CANARY) {
                    panic!("{stage} {format} {shape}: {}", &letter_text[at..]);
                }
                for (_, sources) in &mail.trace {
                    assert!(!sources.concat().contains(CANARY), "{sources:?}");
                }
            }
        }
    }
}

#[test]
fn postmortems_contain_every_canary_kind() {
    let log = incident(1);
    let mut text = postmortem_markdown(&log.incident, &Settings::default()).unwrap();
    text.push_str(&postmortem_json(&log.incident).unwrap());
    text.push_str(
        &postmortem_html(
            &log.incident,
            &Settings::default(),
            &crate::documents::RelatedContext::default(),
        )
        .unwrap(),
    );
    let found: std::collections::BTreeSet<&str> = text
        .match_indices(CANARY)
        .map(|(at, _)| {
            let end = text[at..].find(|c: char| !c.is_alphanumeric()).unwrap();
            &text[at..at + end]
        })
        .collect();
    assert!(found.len() > 150, "{}", found.len());
}
