//! The HTML part of letters.

use super::{super::*, fixtures, letters::view};
use crate::domain::{
    testing::{IncidentBuilder, at},
    words::{Kind, State},
};
use mail_parser::MessageParser;
use proptest::prelude::*;
use rstest::rstest;

fn html_with(log: &IncidentBuilder, stage: Stage, settings: &Settings) -> String {
    let envelope = Envelope {
        from: "support@avr.example".parse().unwrap(),
        at: at("15:00"),
        kept_as: None,
        reply_to: None,
        to: vec![],
        subject: None,
    };
    let draft = eml(&view(log), stage, settings, &envelope).unwrap();
    let mail = MessageParser::default().parse(draft.as_bytes()).unwrap();
    mail.body_html(0).unwrap().into_owned()
}

fn html(log: &IncidentBuilder, stage: Stage) -> String {
    html_with(log, stage, &fixtures::settings())
}

/// Several names with several spells, steps on two days, a time that is about, and every fact.
fn two_days() -> IncidentBuilder {
    let mut log = IncidentBuilder::new();
    log.event("10:12", Kind::Declare, "x", |e| {
        e.number = Some(7);
        e.zone = "America/New_York".into();
    });
    for (name, value) in [
        ("product", "Acme"),
        ("customer-scope", "everyone"),
        ("data-loss", "none"),
        ("unaffected", "Search"),
        ("customer-action", "reload: now"),
    ] {
        log.field(name, value);
    }
    log.service("web", Some("Acme <Web>"));
    log.service("hooks", Some("Webhooks"));
    for (time, kind, name, state, wording) in [
        (
            "09:00",
            Kind::Fault,
            "web",
            State::Degraded,
            "Pages were slow.",
        ),
        (
            "~09:30",
            Kind::Fault,
            "hooks",
            State::Down,
            "Webhooks stopped.",
        ),
        (
            "17 01:10",
            Kind::Restore,
            "hooks",
            State::Ok,
            "Webhooks came again.",
        ),
        (
            "17 02:00",
            Kind::Restore,
            "web",
            State::Ok,
            "Pages were as before.",
        ),
    ] {
        log.event(time, kind, "x", |e| {
            e.state = Some(state.into());
            e.services = vec![name.to_owned()];
            e.customer = Some(wording.to_owned());
        });
    }
    log
}

/// Returns the tags of `html`, and the text between them; checks that each element is closed where it
/// should be.
#[track_caller]
fn parts(html: &str) -> (Vec<String>, String) {
    let (mut tags, mut text, mut open) = (Vec::new(), String::new(), Vec::new());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        assert!(!before.contains('>'), "{html}");
        text.push_str(before);
        let (tag, after) = after.split_once('>').unwrap();
        let name = tag.split([' ', '\n']).next().unwrap();
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name.to_owned()), "{html}"),
            None if ["!DOCTYPE", "meta", "br", "hr"].contains(&name) => {}
            None => open.push(name.to_owned()),
        }
        if ["td", "th", "tr", "p", "br", "h2"].contains(&name.trim_start_matches('/')) {
            text.push(' ');
        }
        tags.push(tag.to_owned());
        rest = after;
    }
    text.push_str(rest);
    assert!(open.is_empty(), "{open:?} in {html}");
    let text = text.replace("&lt;", "<").replace("&gt;", ">");
    let text = text.replace("&quot;", "\"").replace("&#39;", "'");
    (tags, text.replace("&amp;", "&"))
}

/// What stands between the head of a page and its end.
fn body(html: &str) -> &str {
    let (_, body) = html.split_once("</head>").unwrap();
    body.trim_end().strip_suffix("</html>").unwrap()
}

/// Checks what mail programs need: no colour that they could turn over wrongly, and nothing that they
/// drop.
#[track_caller]
fn assert_plain_style(html: &str) {
    let (tags, _) = parts(html);
    for tag in &tags {
        for word in ["class=", "bgcolor", "background", "<font", "src=", "on"] {
            let has = tag
                .split([' ', ';', '"'])
                .any(|part| part.starts_with(word));
            assert!(!has, "{word} in <{tag}>");
        }
        let name = tag.trim_start_matches('/').split(' ').next().unwrap();
        assert!(
            !["style", "script", "img", "link", "mark", "font"].contains(&name),
            "<{tag}>"
        );
        let Some((_, style)) = tag.split_once("style=\"") else {
            continue;
        };
        for declaration in style.split('"').next().unwrap().split(';') {
            let (property, value) = declaration.split_once(':').unwrap_or_default();
            let is_hairline = ["border-top", "border-bottom"].contains(&property);
            assert!(!property.contains("color"), "{tag}");
            assert_eq!(value.contains('#'), is_hairline, "{tag}");
            assert!(!is_hairline || value == "1px solid #8a949c", "{tag}");
            assert!(property != "font-family" || value == "Arial,sans-serif");
        }
    }
    for needed in [
        "<meta name=\"color-scheme\" content=\"light dark\">",
        "width=\"100%\" style=\"max-width:600px\"",
    ] {
        assert!(html.contains(needed), "{needed} in {html}");
    }
}

#[test]
fn html_part_has_no_colour_but_that_of_hairlines() {
    let mut marked = fixtures::complete();
    marked.section(
        "customer-followup",
        "# A\n\n> b\n\n- c\n\n| d |\n|---|\n| e |\n\n```\nf\n```\n\n<b style='color:red'>g</b> \
         ![h](https://x.example/h.png) [[i]]",
    );
    for log in [
        &IncidentBuilder::new(),
        &fixtures::early(),
        &fixtures::complete(),
        &two_days(),
        &marked,
    ] {
        for stage in Stage::ALL {
            assert_plain_style(&html(log, stage));
        }
    }
}

/// The rows of the tables of `html`, each as its cells.
fn rows(html: &str) -> Vec<Vec<String>> {
    let inner = html.split_once("line-height:24px").unwrap().1;
    let rows = inner.split("<tr>").skip(1);
    rows.map(|row| {
        let row = row.split("</tr>").next().unwrap();
        let row = row.replace("</th>", "</td>");
        let cells = row.split_terminator("</td>");
        cells
            .map(|cell| parts(cell.split_once('>').unwrap().1).1.trim().to_owned())
            .collect()
    })
    .collect()
}

#[test]
fn spells_and_steps_are_rows_and_moments_do_not_break() {
    let html = html(&two_days(), Stage::Resolved);
    let rows = rows(&html);
    let has = |row: &[&str]| assert!(rows.iter().any(|r| r == row), "{row:?} in {rows:#?}");
    has(&["Acme <Web>"]);
    has(&[
        "problems",
        "Thu\u{a0}16\u{a0}Aug\u{a0}09:00 to Fri\u{a0}17\u{a0}Aug\u{a0}02:00",
        "17 h",
    ]);
    has(&["Thursday, 16 August 2012"]);
    has(&["about 09:30", "Webhooks stopped."]);
    has(&["Friday, 17 August 2012"]);
    has(&["02:00", "Pages were as before."]);
    assert!(html.contains("<b>down</b>") && !html.contains("<b>problems</b>"));
    // A time that is about needs a wider column.
    assert!(html.contains("<td width=\"96\"") && !html.contains("<td width=\"56\""));
    assert!(html.contains("<b>Your data:</b> nothing was lost"));
    // The last table ends the letter, and is not lost.
    let followup = super::letter_html::html(&fixtures::complete(), Stage::Followup);
    assert!(followup.contains("<td width=\""), "{followup}");
}

#[test]
fn html_part_says_what_the_text_says() {
    for log in [&fixtures::early(), &fixtures::complete(), &two_days()] {
        for stage in Stage::ALL {
            let (_, shown) = parts(body(&html(log, stage)));
            let text = email(&view(log), stage, &fixtures::settings(), Format::Text).unwrap();
            let words = |text: &str| {
                // A command in a marker is marked up in its own way; items have no dash.
                let text = text
                    .replace(['`', ':'], " ")
                    .replace("[[", " ")
                    .replace("]]", " ");
                text.split_whitespace()
                    .filter(|word| *word != "-")
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            };
            assert_eq!(words(&shown), words(&text.body), "{stage}");
        }
    }
}

#[test]
fn template_without_the_newer_functions_gives_whole_letter() {
    let steps = "{% for step in shown %}\n{% if step.day %}\n{{ step.day }}\n\n{% endif %}\n\
                 {{ row(step.time, step.text) }}\n{% endfor %}\n";
    let facts = "Your data: {{ data.text }}\\\nNot affected: {{ unaffected }}\\\n";
    let mut settings = fixtures::settings();
    for (name, text) in [("email-steps.j2", steps), ("email-facts.j2", facts)] {
        settings.templates = settings.templates.with_override(name, text);
    }
    let html = html_with(&two_days(), Stage::Resolved, &settings);
    assert_plain_style(&html);
    for text in [
        "Friday, 17 August 2012</p>",
        ">Webhooks stopped.</td>",
        "Your data: none",
    ] {
        assert!(html.contains(text), "{text} in {html}");
    }
}

/// A name of another script never turns the sentence around it, nor a time beside it.
#[test]
fn text_from_right_to_left_is_isolated_in_sentences_and_rules_its_own_cell() {
    let mut log = two_days();
    log.service("web", Some("החנות"));
    log.field("unaffected", "חיפוש (search)");
    log.event("09:40", Kind::Fault, "x", |e| {
        e.services = vec!["web".into()];
        e.state = Some(State::Down.into());
        e.customer = Some("החנות לא עבדה (checkout).".into());
    });
    let resolved = html(&log, Stage::Resolved);
    assert!(resolved.contains("<b>Not affected:</b> \u{2068}חיפוש (search)\u{2069}</p>"));
    let cell = resolved
        .split("<td ")
        .find(|cell| cell.contains(">החנות לא עבדה (checkout).</td>"));
    assert!(cell.unwrap().starts_with("dir=\"auto\""), "{resolved}");
    assert!(resolved.contains("<td dir=\"ltr\" style=\"padding:24px"));
    // The first letter begins with the name, and is still in the language of the templates.
    let initial = html(&log, Stage::Initial);
    assert!(
        initial.contains("\u{2068}החנות\u{2069}: ") && initial.contains("<td dir=\"ltr\""),
        "{initial}"
    );
}

#[rstest]
#[case::mail(
    "support@avr.example",
    "<a href=\"mailto:support@avr.example\" rel=\"noreferrer noopener\">support@avr.example</a>"
)]
#[case::both(
    "a_b@avr.example, https://avr.example/help",
    "<a href=\"mailto:a_b@avr.example\" rel=\"noreferrer noopener\">a_b@avr.example</a>, <a href=\"https://avr.example/help\" rel=\"noreferrer noopener\">https://avr.example/help</a>"
)]
#[case::words(
    "ask @ann or <script>@x.example",
    "ask @ann or &lt;script&gt;@x.example"
)]
fn contact_is_a_link_in_html(#[case] contact: &str, #[case] shown: &str) {
    let settings = Settings {
        contact: Some(contact.to_owned()),
        ..fixtures::settings()
    };
    let html = html_with(&fixtures::complete(), Stage::Resolved, &settings);
    assert!(html.contains(&format!("Questions: {shown}")), "{html}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn typed_text_is_text_in_the_html_part(
        wording in "[^\\pC]{1,60}|(<b|</td>|\\||\\\\|`|\\*|_|&lt;|- |# |=|\u{200d}|\u{2067}|\u{202e}|https://x.example/a_b |\t|é| ){1,12}",
        name in "[^\\pC]{1,30}",
    ) {
        let mut log = fixtures::complete();
        log.service("web", Some(&name));
        log.field("unaffected", &wording);
        log.event("11:06", Kind::Fault, "x", |e| {
            e.state = Some(State::Down.into());
            e.services = vec!["web".into()];
            e.customer = Some(wording.clone());
        });
        let shown = html(&log, Stage::Resolved);
        let (tags, text) = parts(&shown);
        for tag in tags {
            let tag = tag.trim_start_matches('/').split(' ').next().unwrap();
            prop_assert!(
                ["!DOCTYPE", "html", "head", "meta", "title", "body", "table", "tr", "td", "th", "p", "b", "h2",
                 "span", "br", "a", "code"].contains(&tag),
                "<{}>", tag
            );
        }
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let typed = words(&markdown_escape::one_line(&wording));
        let times = words(&text).matches(&typed).count();
        prop_assert!(times >= 2, "{:?} in {}", typed, text);
    }
}
