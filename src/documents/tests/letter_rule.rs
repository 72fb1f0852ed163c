//! The rule of letters: every part of one is a sentence of a template, a typed text word for word, or a
//! computed value. And no sentence of ours depends on how a name is written.

use super::{
    super::{
        customer::Letter,
        placeholder::{self, CommandNames},
        provenance::Provenance,
        templates::BUILT_IN,
        *,
    },
    fixtures,
    letters::view,
};
use crate::domain::{
    testing::IncidentBuilder,
    words::{CAPTURE_KINDS, Kind, State},
};
use minijinja::value::Serde;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// The literal texts of templates, without white space: those between their tags, and the strings in
/// them.
fn literals(templates: impl Iterator<Item = &'static str>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut add = |text: &str| {
        // `{}` and `{name}` stand for a value.
        for (index, part) in text.split(['{', '}']).enumerate() {
            let squeezed: String = part.split_whitespace().collect();
            if index % 2 == 0 && !squeezed.is_empty() {
                found.insert(squeezed);
            }
        }
    };
    for source in templates {
        let mut rest = source;
        while let Some(open) = rest.find('{') {
            let kind = rest[open..].chars().nth(1).unwrap_or_default();
            let close = match kind {
                '#' => "#}",
                '%' => "%}",
                _ => "}}",
            };
            add(&rest[..open]);
            let end = rest[open..].find(close).unwrap() + open;
            let tag = &rest[open + 2..end];
            if kind != '#' {
                let mut inside = tag;
                while let Some(at) = inside.find(['"', '\'']) {
                    let quote = inside[at..].chars().next().unwrap();
                    let length = inside[at + 1..].find(quote).unwrap();
                    add(&inside[at + 1..at + 1 + length]);
                    inside = &inside[at + length + 2..];
                }
            }
            rest = &rest[end + 2..];
        }
        add(rest);
    }
    found
}

fn letter_templates() -> impl Iterator<Item = &'static str> {
    let letters = BUILT_IN
        .iter()
        .filter(|(name, _)| !name.starts_with("postmortem"));
    letters.map(|(_, source)| *source)
}

/// True if `text` is a chain of `parts`, digits and the colons of times.
fn is_made_of(text: &str, parts: &BTreeSet<String>) -> bool {
    let text: String = text.split_whitespace().collect();
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    for at in 0..text.len() {
        if !reached[at] || !text.is_char_boundary(at) {
            continue;
        }
        let rest = &text[at..];
        if rest.starts_with(|c: char| c.is_ascii_digit() || c == ':') {
            reached[at + 1] = true;
        }
        for part in parts {
            if rest.starts_with(part.as_str()) {
                reached[at + part.len()] = true;
            }
        }
    }
    reached[text.len()]
}

/// Splits a rendered letter into what no mark encloses and what marks do.
fn split_marked(raw: &str) -> (String, Vec<String>) {
    let (mut free, mut marked, mut depth) = (String::new(), Vec::new(), 0);
    for c in raw.chars() {
        match u32::from(c) {
            0x10_FFFD => depth -= 1,
            // Delimits prose, and what is bold in HTML.
            0x10_FFFC | 1 => {}
            0x10_0000.. => {
                depth += 1;
                if depth == 1 {
                    free.push('\n');
                    marked.push(String::new());
                }
            }
            _ if depth > 0 => marked.last_mut().unwrap().push(c),
            _ => free.push(c),
        }
    }
    (free, marked)
}

#[derive(Clone, Debug)]
struct RandomEvent {
    minute: u32,
    kind: usize,
    state: Option<State>,
    services: Vec<&'static str>,
    wording: bool,
    approximate: bool,
}

fn random_event() -> impl Strategy<Value = RandomEvent> {
    let state = prop::sample::select(vec![
        None,
        Some(State::Ok),
        Some(State::AtRisk),
        Some(State::Degraded),
        Some(State::Down),
    ]);
    let services = prop::sample::subsequence(vec!["a", "b", "c", "d"], 0..=3);
    (
        0..3000_u32,
        0..CAPTURE_KINDS.len(),
        state,
        services,
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(
            |(minute, kind, state, services, wording, approximate)| RandomEvent {
                minute,
                kind,
                state,
                services,
                wording,
                approximate,
            },
        )
}

fn incident(
    events: &[RandomEvent],
    resolved: bool,
    fields: u8,
) -> (IncidentBuilder, BTreeSet<String>) {
    let mut log = IncidentBuilder::new();
    let mut typed = BTreeSet::new();
    log.field("zone", "UTC");
    log.service("a", Some("Typed Aye"))
        .service("b", Some("Typed Aye"))
        .service("c", Some("Typed Cee"));
    for (index, event) in events.iter().enumerate() {
        let time = format!(
            "{}{:02} {:02}:{:02}",
            if event.approximate { "~" } else { "" },
            14 + event.minute / 1440,
            event.minute / 60 % 24,
            event.minute % 60
        );
        log.event(&time, CAPTURE_KINDS[event.kind].clone(), "internal", |e| {
            e.state = event.state.map(Into::into);
            e.services = event.services.iter().map(|s| (*s).to_owned()).collect();
            e.customer = event
                .wording
                .then(|| format!("Typed wording {index}, as it is"));
        });
    }
    if resolved {
        log.state_event("17 00:00", Kind::Resolve, None);
    }
    for (bit, name) in [
        "product",
        "customer-scope",
        "customer-impact",
        "customer-action",
        "unaffected",
        "data-loss",
    ]
    .into_iter()
    .enumerate()
    {
        if fields & (1 << bit) != 0 {
            log.field(name, &format!("Typed {name}"));
        }
    }
    if fields & 64 != 0 {
        log.section("customer-followup", "Typed story")
            .section("customer-apology", "Typed apology");
    }
    log.task("17 01:00", "x", |task| {
        task.customer = Some("Typed task".into());
        task.prevents = fields & 128 != 0;
        task.since = Some(crate::domain::testing::at("01 10:00").fixed_offset());
    });
    typed.extend(["Typed Aye", "Typed Cee", "Typed task"].map(str::to_owned));
    typed.extend(log.incident.fields.values().cloned());
    typed.extend(log.incident.sections.values().cloned());
    typed.extend(
        log.incident
            .events
            .iter()
            .filter_map(|e| e.value.customer.clone()),
    );
    (log, typed)
}

fn without_placeholders(text: &str) -> String {
    let parts = placeholder::split(text);
    let kept = parts.into_iter().filter(|(_, inside)| !inside);
    kept.map(|(part, _)| part).collect::<Vec<_>>().join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn every_part_of_a_letter_is_of_a_template_typed_or_computed(
        events in prop::collection::vec(random_event(), 0..12),
        resolved in any::<bool>(),
        fields in any::<u8>(),
        sent in any::<bool>(),
    ) {
        let (mut log, typed) = incident(&events, resolved, fields);
        if sent {
            let facts = view(&log).facts();
            log.message("15 12:00", "resolved", "x", true);
            log.incident.messages[0].value.facts = facts;
            // What was sent is no longer so.
            log.service_event("14 00:01", Kind::Fault, Some(State::Down), &["a", "b"]);
        }
        let settings = Settings { organisation: None, contact: None, signature: None, ..fixtures::settings() };
        let mut ours = literals(letter_templates());
        ours.insert("UTC".to_owned());
        let words = BUILT_IN.iter().filter(|(name, _)| *name == "words.j2");
        let mut computed = literals(words.map(|(_, source)| *source));
        computed.insert("UTC".to_owned());
        let view = view(&log);
        for stage in Stage::ALL {
            let mut provenance = Provenance::default();
            let letter = Letter::new(&view, &settings, wrap::Layout::Terminal, &mut provenance).unwrap();
            let name = format!("email-{stage}.j2");
            let raw = settings.templates.render(&name, Serde(&letter).into(), &CommandNames::default()).unwrap();
            let (free, marked) = split_marked(&raw);
            for piece in without_placeholders(&free).lines() {
                prop_assert!(is_made_of(piece, &ours), "{piece:?} is of no template\n{raw}");
            }
            for value in marked {
                let known = typed.contains(&value) || is_made_of(&value, &computed);
                prop_assert!(known, "{value:?} is neither typed nor computed\n{raw}");
            }
        }
    }
}

#[test]
fn check_of_the_rule_finds_a_sentence_of_no_template() {
    let ours = literals(letter_templates());
    assert!(is_made_of(
        "We are sorry for the trouble this caused you.",
        &ours
    ));
    assert!(is_made_of("", &ours));
    assert!(!is_made_of("It was not our fault.", &ours));
}

/// What may stand after a name, and before it, on its line of a Markdown letter.
const AFTER: [&str; 7] = [
    "",
    ":",
    ", ",
    "**",
    " did not work",
    " had problems",
    " customers,",
];
const BEFORE: [&str; 7] = ["", ". ", "**", ", ", "Parts of ", "Corrected: ", "Dear "];

#[test]
fn sentences_hold_for_every_name_and_number_of_names() {
    let names = [
        "Webhooks",
        "analytics and logs",
        "the API",
        "npm",
        "A & B",
        "Search (EU)",
    ];
    let more = ["Seven", "Eight", "Nine"];
    for count in [1, 2, 9] {
        for first in 0..names.len() {
            for (states, over) in [
                (vec![State::Down], true),
                (vec![State::Down, State::Degraded], true),
                (vec![State::Degraded, State::Down, State::Degraded], true),
                (vec![State::Down, State::Degraded], false),
            ] {
                let all: Vec<&str> = names
                    .iter()
                    .cycle()
                    .skip(first)
                    .take(names.len())
                    .chain(&more)
                    .copied()
                    .collect();
                let mut log = IncidentBuilder::new();
                log.field("product", "the Product & co")
                    .field("customer-scope", "some");
                for (index, name) in all.iter().take(count).enumerate() {
                    log.service(&format!("s{index}"), Some(name));
                    for (minute, state) in states.iter().enumerate() {
                        let time = format!("10:{:02}", minute * 10 + index);
                        log.service_event(
                            &time,
                            Kind::Fault,
                            Some(*state),
                            &[&format!("s{index}")],
                        );
                    }
                }
                if over {
                    log.state_event("12:00", Kind::Resolve, None);
                }
                let mut shown = all[..count].to_vec();
                shown.push("the Product & co");
                check_names(&log, &shown);
            }
        }
    }
}

fn check_names(log: &IncidentBuilder, names: &[&str]) {
    for stage in Stage::ALL {
        let mail = super::letters::letter(log, stage, Format::Markdown);
        let text = format!("{}\n{}", mail.subject, mail.body);
        for name in names {
            for escaped in [(*name).to_owned(), markdown_escape::escape_line(name)] {
                for line in text.lines() {
                    for (at, _) in line.match_indices(&escaped) {
                        let (before, after) = (&line[..at], &line[at + escaped.len()..]);
                        let is_after = |known: &&str| {
                            after.starts_with(*known) && (!known.is_empty() || after.is_empty())
                        };
                        let is_before = |known: &&str| {
                            before.ends_with(*known) && (!known.is_empty() || before.is_empty())
                        };
                        assert!(
                            AFTER.iter().any(is_after) && BEFORE.iter().any(is_before),
                            "{name}: {line}"
                        );
                    }
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn subject_is_short_enough_for_any_name_and_days(
        product in "[A-Z][a-z]{2,29}",
        name in "[A-Z][a-z]{2,29}",
        from in 0..400_i64,
        lasted in 0..40_i64,
        over in any::<bool>(),
        some in any::<bool>(),
        month_first in any::<bool>(),
        twelve_hours in any::<bool>(),
    ) {
        let mut log = IncidentBuilder::new();
        log.field("product", &product).service("a", Some(&name));
        if some {
            log.field("customer-scope", "a few");
        }
        let begun = crate::domain::testing::at("10:00") + chrono::Duration::days(from);
        let ended = begun + chrono::Duration::days(lasted) + chrono::Duration::hours(1);
        log.event("~10:00", Kind::Fault, "x", |e| {
            e.at = begun.fixed_offset();
            e.state = Some(State::Down.into());
            e.services = vec!["a".to_owned()];
        });
        log.event("~10:00", if over { Kind::Restore } else { Kind::Note }, "x", |e| {
            e.at = ended.fixed_offset();
            e.services = vec!["a".to_owned()];
        });
        log.task("15:00", "x", |task| task.customer = Some("A drill".into()));
        let settings = Settings { month_first, twelve_hour_clock: twelve_hours, ..fixtures::settings() };
        for stage in Stage::ALL {
            let mail = email(&view(&log), stage, &settings, Format::Text).unwrap();
            let is_short = mail.subject.chars().count() < 78 || mail.subject.contains("[[");
            prop_assert!(is_short, "{}", mail.subject);
            prop_assert!(mail.subject.contains(&name), "{}", mail.subject);
        }
    }
}
