//! Small screens: what is late, what is asked and what can be chosen is on them, or a sign that it is not.
#![allow(clippy::unwrap_used, clippy::panic)]

mod tui_support;

use tui_support::TestApp;

/// The sizes of a split terminal, a phone, a laptop.
const SIZES: [(u16, u16); 5] = [(40, 10), (40, 12), (60, 10), (60, 15), (80, 24)];

#[test]
fn what_is_late_is_seen_at_every_size() {
    let mut app = TestApp::with_outage();
    app.press("ctrl-p").type_text("next-update").press("enter");
    app.type_text("5m").enter_twice().wait(400);
    app.action("severity").type_text("5").enter_twice();
    for width in 40..=130 {
        for height in [10, 11, 12, 15, 16, 24] {
            app.resize(width, height);
            let screen = app.screen_text();
            let top: Vec<&str> = screen.lines().take(3).collect();
            let top = top.join("\n");
            let says_both = top.contains("1 late")
                && (top.contains("update late") || top.contains("update overdue"));
            assert!(
                says_both || top.contains("2 late") || top.contains("1 request, update late"),
                "{width}×{height}\n{screen}"
            );
        }
    }
    app.resize(20, 8).assert_shows("2 late");
}

#[test]
fn narrow_screen_has_a_row_of_what_is_due_and_the_clock() {
    let mut app = TestApp::with_outage();
    app.resize(40, 12)
        .assert_shows(" no next update    10:48  2 req, 1 late");
    app.press("ctrl-p").type_text("next-update").press("enter");
    app.type_text("3m").enter_twice();
    app.assert_shows("update in 3 min   10:48  2 req, 1 late");
    // How late a request is stands whole in its row.
    app.resize(40, 16).assert_shows("2 min late");
}

#[test]
fn all_choices_of_an_incident_are_seen_below_a_long_line() {
    let line = "10:05 fault: checkout is failing for all of our customers in Europe and for \
                some in the US since the deploy of this morning, and it does not get better";
    for (width, height) in SIZES {
        let mut app = TestApp::with_outage();
        app.action("declare new")
            .type_text("Slow search")
            .enter_twice();
        app.model.explicit_incident = false;
        app.resize(width, height).type_text(line).press("enter");
        for choice in ["Add to #1", "Add to #2", "Declare a new", "Save unassigned"] {
            app.assert_shows(choice);
        }
        app.press("up").assert_shows("▸ Save unassigned");
        if height < 15 {
            app.assert_shows("› …");
        }
    }
}

#[test]
fn click_picks_the_choice_where_it_is_drawn() {
    for (width, height) in SIZES {
        let mut app = TestApp::with_outage();
        app.action("declare new")
            .type_text("Slow search")
            .enter_twice();
        app.model.explicit_incident = false;
        app.resize(width, height)
            .type_text("checkout is failing")
            .press("enter");
        for choice in ["Add to #1", "Save unassigned", "Add to #2"] {
            app.click_on(choice);
            app.assert_shows(&format!("▸ {choice}"));
        }
    }
}
