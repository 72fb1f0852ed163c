//! Words are found in the text of the postmortem and the email.
#![allow(clippy::unwrap_used, clippy::panic)]

mod tui_support;

use ratatui::style::Modifier;
use tui_support::TestApp;

/// The texts on the screen that have this modifier, one per row that has any.
fn with_modifier(app: &TestApp, modifier: Modifier, rows: std::ops::Range<u16>) -> Vec<String> {
    let (buffer, _) = app.buffer();
    rows.filter_map(|y| {
        let cells = (0..buffer.area.width).map(|x| &buffer[(x, y)]);
        let text: String = cells
            .filter(|cell| cell.modifier.contains(modifier))
            .map(ratatui::buffer::Cell::symbol)
            .collect();
        (!text.is_empty()).then_some(text)
    })
    .collect()
}

#[test]
fn postmortem_scrolls_to_what_is_found_and_marks_it() {
    let mut app = TestApp::with_outage();
    app.press("esc f4 /")
        .type_text("Spare Chassis")
        .press("enter");
    let count = |app: &TestApp| {
        let row = app.screen_text().lines().nth(17).unwrap().to_owned();
        let at = row
            .split(" of ")
            .next()
            .unwrap()
            .rsplit(' ')
            .next()
            .unwrap()
            .to_owned();
        at.parse::<usize>().unwrap()
    };
    assert_eq!(count(&app), 1);
    assert!(app.model.postmortem.scroll > 0);
    // Below the rows of what is to be fixed.
    let marked = with_modifier(&app, Modifier::REVERSED, 10..17).join("");
    assert_eq!(marked.to_lowercase(), "spare chassis");
    let first = app.model.document_find.at;
    app.press("n");
    assert_eq!(app.model.document_find.at, first + 1);
    assert_eq!(count(&app), 2);
    app.press("N N");
    assert!(app.model.document_find.at > 1, "it goes round");
    app.press("esc");
    assert!(app.model.document_find.query.is_empty());
    let tabs = app.screen_text().lines().nth(17).unwrap().to_owned();
    assert!(!tabs.contains(" of "), "{tabs}");
}

#[test]
fn esc_in_the_prompt_puts_back_place_and_words() {
    let mut app = TestApp::with_outage();
    app.press("esc f4 ctrl-d");
    let scroll = app.model.postmortem.scroll;
    assert!(scroll > 0);
    app.press("/").type_text("raj").press("esc");
    assert_eq!(app.model.postmortem.scroll, scroll);
    assert!(app.model.document_find.query.is_empty());
    app.press("ctrl-u").assert_shows("AVR Online outage");
    app.press("G").press("g");
    assert_eq!(app.model.postmortem.scroll, 0);
}

#[test]
fn email_is_searched_and_what_is_not_there_is_said() {
    let mut app = TestApp::with_outage();
    app.press("esc f5 /")
        .type_text("database servers")
        .press("enter");
    app.assert_shows("1 of 1");
    let marked = with_modifier(&app, Modifier::REVERSED, 4..17).join(" ");
    assert!(
        marked.contains("database") && marked.contains("servers"),
        "{marked}"
    );
    app.press("/")
        .type_text("giraffe")
        .assert_shows("not found");
    app.press("enter").assert_status("not found: giraffe");
    assert!(app.model.is_on_list());
}
