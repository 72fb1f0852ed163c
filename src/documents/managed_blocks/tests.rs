use super::*;
use crate::{
    documents::{Settings, postmortem_markdown},
    domain::{
        testing::IncidentBuilder,
        words::{Kind, State},
    },
};
use proptest::prelude::*;
use rstest::rstest;

fn log() -> IncidentBuilder {
    let mut log = IncidentBuilder::new();
    log.event("10:12", Kind::Declare, "AVR Online outage", |e| {
        e.number = Some(7);
    });
    log.state_event("10:06", Kind::Fault, Some(State::Down));
    log.section("summary", "One\n\nTwo");
    log
}

fn rendered(log: &IncidentBuilder) -> String {
    postmortem_markdown(&log.incident, &Settings::default()).unwrap()
}

#[test]
fn new_event_updates_only_affected_blocks() {
    let mut log = log();
    let file = rendered(&log);
    assert_eq!(update_blocks(&file, &file).unwrap().stale, []);
    log.state_event("14:05", Kind::Restore, None);
    let update = update_blocks(&file, &rendered(&log)).unwrap();
    assert_eq!(update.text, rendered(&log));
    let stale: Vec<&str> = update.stale.iter().map(|(n, _)| n.as_str()).collect();
    assert!(
        stale.contains(&"timeline") && !stale.contains(&"summary"),
        "{stale:?}"
    );
    assert!(update.edited.is_empty() && update.unrecognized.is_empty());
}

#[test]
fn hand_edited_block_is_reported_with_line() {
    let file = rendered(&log());
    let edited = file.replace("Two", "Three");
    let update = update_blocks(&edited, &file).unwrap();
    let line = file
        .lines()
        .position(|l| l.contains("begin summary"))
        .unwrap()
        + 1;
    assert_eq!(update.edited, [("summary".to_owned(), line)]);
    let other_ends = file.replace('\n', "\r\n");
    assert_eq!(update_blocks(&other_ends, &file).unwrap().edited, []);
    assert_eq!(update_blocks(&other_ends, &file).unwrap().text, other_ends);
}

#[rstest]
#[case::half(
    "<!-- bridgelog:begin summary",
    "<!-- bridgelog:bgin summary",
    "damaged"
)]
#[case::cut(
    "<!-- bridgelog:end summary -->",
    "<!-- bridgelog:end summary",
    "damaged"
)]
#[case::no_end("<!-- bridgelog:end summary -->", "", "has no end")]
#[case::other_name(
    "<!-- bridgelog:end summary -->",
    "<!-- bridgelog:end x -->",
    "ends as `x`"
)]
#[case::no_begin("<!-- bridgelog:begin summary", "<!-- begin summary", "never began")]
#[case::twice(
    "<!-- bridgelog:begin lucky",
    "<!-- bridgelog:begin summary --><!-- bridgelog:end summary -->\n<!-- bridgelog:begin lucky",
    "is there twice"
)]
fn invalid_marker_error_names_the_line(#[case] of: &str, #[case] to: &str, #[case] says: &str) {
    let file = rendered(&log());
    let wrong = file.replacen(of, to, 1);
    assert_ne!(wrong, file);
    let error = update_blocks(&wrong, &file).unwrap_err();
    assert!(error.to_string().contains(says), "{error}");
    assert!(error.line > 1 && !error.hint.is_empty(), "{error:?}");
}

#[test]
fn missing_block_is_an_error_and_empty_pair_filled() {
    let file = rendered(&log());
    let begin = file.find("<!-- bridgelog:begin summary").unwrap();
    let end = file.find("<!-- bridgelog:end summary -->").unwrap()
        + "<!-- bridgelog:end summary -->".len();
    let without = format!("{}{}", &file[..begin], &file[end..]);
    let error = update_blocks(&without, &file).unwrap_err();
    assert!(
        error.message.contains("`summary` has no markers"),
        "{error}"
    );
    let pair = "<!-- bridgelog:begin summary --><!-- bridgelog:end summary -->";
    let filled = format!("{}{pair}{}", &file[..begin], &file[end..]);
    let update = update_blocks(&filled, &file).unwrap();
    assert_eq!((update.text, update.edited), (file, vec![]));
}

#[test]
fn file_of_another_incident_is_rejected() {
    let file = rendered(&log()).replace(&log().incident.handle, "kkkkkk");
    assert!(
        update_blocks(&file, &rendered(&log()))
            .unwrap_err()
            .message
            .contains("for incident kkkkkk")
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]
    /// An update keeps every byte between the blocks.
    #[test]
    fn text_between_blocks_is_preserved(
        notes in proptest::collection::vec((0usize..64, "[^\u{0}]{0,80}"), 0..12),
        minute in 10u32..59,
    ) {
        let mut log = log();
        let file = rendered(&log);
        log.state_event(&format!("11:{minute}"), Kind::Restore, None);
        let fresh = rendered(&log);
        let parts = parse_blocks(&file).unwrap();
        let mut places: Vec<usize> = parts.iter().flat_map(|p| [p.range.start, p.range.end]).collect();
        places.push(file.len());
        let mut notes: Vec<(usize, String)> = notes
            .into_iter()
            .map(|(at, text)| (places[at % places.len()], text.replace(MARKER_PREFIX, "")))
            .filter(|(_, text)| !text.ends_with(['<', '\\']))
            .collect();
        notes.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let mut edited = file;
        for (at, text) in &notes {
            edited.insert_str(*at, text);
        }
        let between = |text: &str| {
            let mut at = 0;
            let mut out = Vec::new();
            for part in parse_blocks(text).unwrap() {
                out.push(text[at..part.range.start].to_owned());
                at = part.range.end;
            }
            out.push(text[at..].to_owned());
            out
        };
        let update = update_blocks(&edited, &fresh).unwrap();
        prop_assert_eq!(between(&update.text), between(&edited));
        prop_assert!(update.edited.is_empty());
        let inner = |text: &str| parse_blocks(text).unwrap().into_iter().map(|p| text[p.range].to_owned()).collect::<Vec<_>>();
        prop_assert_eq!(inner(&update.text), inner(&fresh));
        prop_assert_eq!(update_blocks(&update.text, &fresh).unwrap().text, update.text);
    }
}
