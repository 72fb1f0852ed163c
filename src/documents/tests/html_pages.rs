use super::{super::*, fixtures};
use crate::domain::{
    testing::IncidentBuilder,
    words::{Kind, State, Word},
};
use proptest::prelude::*;

fn page(log: &IncidentBuilder) -> String {
    postmortem_html(
        &log.incident,
        &Settings::default(),
        &crate::documents::RelatedContext::default(),
    )
    .unwrap()
}

/// Returns the tags of a page in order, and checks that everything between them is escaped text.
#[track_caller]
fn tags(page: &str) -> Vec<&str> {
    let (before, rest) = page.split_once("<style>").unwrap();
    let (style, rest) = rest.split_once("</style>").unwrap();
    assert!(!style.contains('<'), "the style ends where it ends");
    let mut tags = Vec::new();
    for part in [before, rest] {
        let mut rest = part;
        while let Some(at) = rest.find('<') {
            assert!(!rest[..at].contains('>'), "{}", &rest[..at]);
            let end = at + rest[at..].find('>').expect("a tag ends");
            tags.push(&rest[at + 1..end]);
            rest = &rest[end + 1..];
        }
        assert!(!rest.contains('>'));
    }
    tags
}

/// Checks that tags are balanced, and that none runs scripts or loads resources.
#[track_caller]
fn check_page(page: &str) {
    const EMPTY: [&str; 6] = ["!DOCTYPE", "meta", "br", "hr", "rect", "path"];
    let mut open: Vec<&str> = Vec::new();
    for tag in tags(page) {
        let name = tag.split([' ', '/']).find(|n| !n.is_empty()).unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "</{name}> closes another");
            continue;
        }
        assert!(
            ![
                "script", "img", "iframe", "object", "embed", "link", "base", "form", "input"
            ]
            .contains(&name),
            "<{tag}>"
        );
        let lower = tag.to_lowercase();
        assert!(!lower.contains("href=\"javascript:") && !lower.contains("href=\"data:"));
        if let Some(at) = lower.find("href=\"") {
            let to = &lower[at + 6..];
            let known = ["http://", "https://", "http:", "https:", "mailto:", "#"];
            assert!(known.iter().any(|known| to.starts_with(known)), "<{tag}>");
        }
        for attribute in [" src=", " on", " style=", " srcset=", " action="] {
            let outside: String = lower.split('"').step_by(2).collect();
            assert!(!outside.contains(attribute), "<{tag}>");
        }
        if !EMPTY.contains(&name) && !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn html_page_has_every_section() {
    let text = page(&fixtures::complete());
    check_page(&text);
    for part in [
        "<h1 dir=\"auto\">AVR Online outage</h1>",
        "<title>Postmortem 7: AVR Online outage</title>",
        "content=\"default-src 'none'; style-src 'sha256-",
        "<h2>What happened</h2>",
        "<caption><h2>Whom it hit, for how long</h2></caption>",
        "role=\"img\" aria-label=\"Online databases: at-risk 07:58 to about 10:06, down about 10:06 to 13:31, degraded 13:31 to 14:05\"",
        "<tspan class=\"time\">10:09</tspan> detected</text>",
        "<h2>Timeline</h2>",
        "<b>Draft</b>, records to Thu 16 Aug 2012 15:03",
        "<p class=\"fact\"><b>Data:</b> nothing was lost</p>",
        "<span class=\"phone\">Owner: </span>ann</td>",
        "1 retracted event is left out.",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert_eq!(
        text,
        page(&fixtures::complete()),
        "the same records, the same bytes"
    );
}

#[test]
fn html_marks_missing_parts_with_commands() {
    let mut log = IncidentBuilder::new();
    log.state_event("10:06", Kind::Fault, None);
    let text = page(&log);
    check_page(&text);
    assert!(text.contains("<mark>the title <code>bridgelog --incident "));
    assert!(text.contains(" write summary</code></mark>"));
    assert!(text.contains("unknown"), "the chart has what nobody said");
    check_page(&page(&IncidentBuilder::new()));
}

#[test]
fn html_page_handles_millennia_long_incident() {
    let mut log = IncidentBuilder::new();
    log.state_event("10:00", Kind::Fault, Some(State::Down));
    log.event("11:00", Kind::Restore, "x", |e| {
        e.at = chrono::DateTime::parse_from_rfc3339("9999-12-31T23:59:59Z").unwrap();
    });
    log.incident.last_recorded_at = chrono::DateTime::from_timestamp(253_402_300_799, 0).unwrap();
    check_page(&page(&log));
}

fn hostile() -> impl Strategy<Value = String> {
    let bits = prop::sample::select(vec![
        "<script>alert(1)</script>",
        "</style>",
        "</title>",
        "</svg>",
        "<img src=x onerror=a>",
        "\"",
        "'",
        "onload=",
        "javascript:alert(1)",
        "[x](javascript:a)",
        "![a](https://x.example/y.png)",
        "[a](data:text/html,b)",
        "<!--",
        "-->",
        "&lt;",
        "&",
        "]]",
        "[[",
        ": ",
        "`",
        "|",
        "\n",
        "\n\n",
        "    ",
        "{{ title }}",
        "{% raw %}",
        "https://x.example/\"onclick=\"",
        "\u{202e}",
        "\u{1b}",
        "a",
        " ",
        "<b>",
        "#",
        "@",
        "*",
    ]);
    prop::collection::vec(bits, 0..12).prop_map(|bits| bits.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn html_page_escapes_any_typed_text(text in prop_oneof![hostile(), any::<String>()], other in hostile()) {
        let mut log = IncidentBuilder::new();
        log.event("10:12", Kind::Declare, &text, |e| {
            e.number = Some(7);
            e.commander = Some(other.clone());
            e.services = vec![other.clone()];
        });
        let id = log.event("10:06", Kind::Decision, &text, |e| {
            e.services = vec![text.clone()];
            e.state = Some(State::Degraded.into());
            e.tags = vec![other.clone()];
            e.rationale = Some(text.clone());
            e.rejected = Some(other.clone());
            e.audience = Some(text.clone());
        });
        log.event("10:40", Kind::Other(text.clone()), &other, |e| e.links = vec![id]);
        log.event("10:50", Kind::Cause, &text, |e| {
            e.redacted = Some(other.clone());
            e.customer = Some(text.clone());
        });
        log.event("10:55", Kind::Comms, &other, |e| e.customer = Some(text.clone()));
        log.task("11:00", &text, |t| {
            t.owner = Some(other.clone());
            t.ticket = Some(text.clone());
        });
        log.message("12:00", &other, &text, true);
        for field in ["scope", "impact", "unaffected", "data-loss", "zone", "scribe"] {
            log.field(field, &text);
        }
        for section in ["summary", "impact", "protections", "went-well", "lucky", "questions"] {
            log.section(section, &text);
        }
        for event in &mut log.incident.events {
            event.author = other.clone();
        }
        let page = page(&log);
        check_page(&page);
        prop_assert_eq!(&*crate::domain::document_text::block(&page), page.as_str());
        let picture = state_chart_svg(&log.incident).unwrap_or_default();
        prop_assert!(!picture.contains("<script") && !picture.contains("onerror=a>"));
    }
}

#[test]
fn html_never_shows_a_redaction_reason() {
    let mut log = IncidentBuilder::new();
    log.event("10:00", Kind::Note, "", |e| {
        e.redacted = Some("pasted hunter2".into());
    });
    let page = page(&log);
    assert!(!page.contains("hunter2"), "{page}");
    assert!(page.contains("(text redacted)"), "{page}");
}

#[test]
fn html_shows_an_unknown_state_word_as_it_is() {
    let mut log = IncidentBuilder::new();
    log.event("10:00", Kind::Fault, "it flaps", |e| {
        e.state = Some(Word::Other("<flapping>".into()));
    });
    let page = page(&log);
    let cell = "<span class=\"whole\">&lt;flapping&gt;</span>";
    assert!(page.contains(cell), "{page}");
    check_page(&page);
}

#[test]
fn one_open_question_stands_beside_its_label() {
    let mut log = IncidentBuilder::new();
    log.section("questions", "- Did *anybody* pay twice?\n");
    let page = page(&log);
    let fact = "<b>Open question:</b> <bdi>Did <em>anybody</em> pay twice?</bdi></p>";
    assert!(page.contains(fact), "{page}");
    check_page(&page);
}
