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

#[test]
fn all_states_that_can_be_picked_are_seen_and_clicked_where_they_stand() {
    for (width, height) in SIZES {
        let mut app = TestApp::with_outage();
        let mut other = app.other_session("ann");
        bridgelog::ops::service::set_service(&mut other, None, "cache", None).unwrap();
        tui_support::log_line(&mut other, "10:47 fault: the cache is gone @cache");
        app.refresh().resize(width, height);
        for word in ["cache?", "ok", "at-risk", "degraded", "down", "later"] {
            app.assert_shows(word);
        }
        app.press("tab");
        for word in ["ok", "at-risk", "degraded", "down", "later"] {
            app.press("right").assert_shows(&format!("[{word}]"));
        }
        app.click_on("down").assert_shows("[down]");
        app.click_on(" ok").assert_shows("[ok]");
    }
}

#[test]
fn all_stages_of_the_email_are_seen() {
    let mut app = TestApp::with_outage();
    app.press("esc f5").resize(40, 12);
    app.assert_shows(" [initial] update  resolved  follow-up");
    app.press("l l l").assert_shows("[follow-up]");
}

#[test]
fn what_is_written_is_seen_whole_before_the_enter_that_writes() {
    let wording = "We are sorry: some of you cannot pay at the moment, in every shop of ours, and we \
                   do not know yet why that is so; we write again as soon as we know more of it, and \
                   no later than in half an hour from now.";
    for (width, height) in SIZES {
        let mut app = TestApp::with_outage();
        app.press("esc G k k e end").resize(width, height);
        app.type_text(" tell: ").type_text(wording).press("enter");
        let writes = app.writes;
        let mut seen = app.screen_text();
        let mut enters = 0;
        while app.writes == writes {
            seen.push_str(&app.screen_text());
            app.press("enter");
            enters += 1;
            assert!(enters < 20, "{width}×{height}\n{seen}");
        }
        for word in ["sorry", "shop", "half"] {
            assert!(seen.contains(word), "{word} {width}×{height}\n{seen}");
        }
        // On a larger screen one Enter is enough.
        assert_eq!(enters > 1, height <= 15, "{width}×{height}: {enters}");
    }
}

#[test]
fn long_label_leaves_room_for_the_text() {
    let mut app = TestApp::with_outage();
    app.press("esc R")
        .resize(40, 12)
        .type_text("image boots now");
    app.assert_shows(" RESOLVE  › image boots now\n   Resolution (optional):");
}

#[test]
fn day_of_a_paste_shows_all_choices() {
    for (width, height) in SIZES {
        let mut app = TestApp::with_outage();
        app.resize(width, height).paste("23:40 late\n23:50 later");
        app.assert_shows("today")
            .assert_shows("yesterday")
            .assert_shows("another…");
    }
}

#[test]
fn rows_out_of_view_are_counted() {
    let mut app = TestApp::with_outage();
    app.press("esc k k k enter")
        .resize(40, 12)
        .assert_shows("▼ 8 more");
    app.press("down down").assert_shows("▲ 2  ▼ 6 more");
}

#[test]
fn wording_of_a_pasted_row_is_seen_whole() {
    for (width, height) in SIZES {
        let mut app = TestApp::with_outage();
        app.resize(width, height).paste(
            "10:20 seen\n10:21 note: it works tell: We found what was broken, and all of you \
             can pay again at once now.",
        );
        app.press("down ctrl-t");
        app.assert_shows("customers will read")
            .assert_shows("again at");
    }
}
