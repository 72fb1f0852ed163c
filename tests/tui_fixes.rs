//! What a document lacks is mended where it is shown: Enter on the finding opens what fixes it, nothing is made
//! up in it, and the finding goes.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used)]

mod tui_support;

use bridgelog::{
    ops::{amend, lint::Fix},
    tui::{
        model::{Focus, Overlay, Question, Tab, findings},
        msg::{Edited, Effect, Msg},
    },
};
use tui_support::{TestApp, outage};

/// Types what a person would, for the prompt that is open.
fn answer(app: &mut TestApp) {
    let Some(Overlay::Prompt(prompt)) = app.model.overlays.last() else {
        panic!("{}", app.screen_text());
    };
    let begun = prompt.line.text().to_owned();
    let text = match &prompt.question {
        Question::SetField("next-update" | "followup-by") => "tomorrow 09:00",
        Question::SetField("severity") => "2",
        Question::SetField("customer-scope") => "everyone",
        Question::SetField("data-loss") => "none",
        Question::SetField(_) => "Widgets",
        Question::AmendPart(_) => match begun.as_str() {
            "tell: " => "We replaced a part.",
            "why: " => "a repair takes too long",
            "!" => "down",
            "comms/" => "customers:",
            other => panic!("{other}"),
        },
        Question::Retime(_) => "10:12",
        Question::AddService => "Widgets",
        Question::AddTask => "prevent: test it @raj due 2012-10-01 tell: We test it every week.",
        Question::SetOwner(_) => "raj",
        Question::SetDue(_) => "2012-10-01",
        Question::AmendTask(_) => " @raj due 2012-10-01",
        Question::Resolve | Question::Reopen => "it boots",
        other => panic!("{other:?}: {}", app.screen_text()),
    };
    if let Question::Retime(_) = &prompt.question {
        app.press("ctrl-u");
    }
    app.type_text(text).enter_twice();
}

/// Fixes the finding at `at` and asserts that it goes; false if it is not fixed in the app.
fn fix(app: &mut TestApp, at: usize) -> bool {
    let tab = app.model.tab;
    let finding = findings(&app.model)[at].clone();
    let is_it = |other: &&bridgelog::tui::msg::FindingRow| {
        (&other.check, &other.handle, &other.command)
            == (&finding.check, &finding.handle, &finding.command)
    };
    app.model.selected_finding = at;
    app.model.focus = Focus::List;
    let entries = app.entry_count();
    app.press("enter");
    assert_eq!(app.entry_count(), entries, "Enter alone wrote: {finding:?}");
    match &finding.fix {
        Fix::Elsewhere(how) => {
            app.assert_status(how);
            return false;
        }
        Fix::Section(name) => {
            app.assert_shows("$EDITOR");
            app.press("enter");
            let Some(Effect::OpenEditor(target, _)) = app.effects.pop() else {
                panic!("no editor for {name}");
            };
            app.send(Msg::Edited(
                target,
                Edited::Saved("Two of two disks failed.".to_owned()),
            ));
        }
        Fix::SaveLetter(_) => {
            app.press("enter");
        }
        Fix::Line { .. } => {
            app.type_text("the thing happened")
                .press("home")
                .type_text("10:47 ");
            app.press("enter");
            if app.model.capture.armed.is_some() {
                app.press("enter");
            }
            assert_eq!(app.line(), "", "{}", app.screen_text());
        }
        Fix::Wording | Fix::History(_) | Fix::LetterOfStage(_) => {
            assert!(app.model.overlays.is_empty());
            app.model.tab = tab;
            return false;
        }
        _ => answer(app),
    }
    assert!(
        app.model.overlays.is_empty(),
        "{finding:?}\n{}",
        app.screen_text()
    );
    app.model.tab = tab;
    app.refresh();
    assert!(
        !findings(&app.model).iter().any(|other| is_it(&other)),
        "still there: {finding:?}\n{}",
        app.screen_text()
    );
    true
}

#[test]
fn every_finding_is_mended_by_what_enter_opens() {
    for keys in ["esc f4", "esc f5", "esc f5 l l", "esc f5 l l l"] {
        let mut app = TestApp::with_outage();
        app.press(keys);
        let mut mended = 0;
        let mut at = 0;
        while at < findings(&app.model).len() && mended < 60 {
            if fix(&mut app, at) {
                mended += 1;
            } else {
                at += 1;
            }
        }
        assert!(mended >= 2, "{keys}: {mended}");
        let left: Vec<_> = findings(&app.model).iter().map(|f| &f.fix).collect();
        let is_outside = |fix: &&&Fix| {
            !matches!(
                fix,
                Fix::Elsewhere(_) | Fix::Wording | Fix::History(_) | Fix::LetterOfStage(_)
            )
        };
        assert_eq!(
            left.iter().filter(is_outside).count(),
            0,
            "{keys}: {left:?}"
        );
    }
}

#[test]
fn the_next_finding_is_selected_when_one_goes_and_the_line_stays() {
    let mut app = TestApp::with_outage();
    app.type_text("half a line").press("esc f5");
    let count = findings(&app.model).len();
    let at = findings(&app.model)
        .iter()
        .position(|f| f.fix == Fix::Field("next-update".into()))
        .unwrap();
    let next = findings(&app.model)[at + 1].command.clone();
    for _ in 0..at {
        app.press("j");
    }
    app.press("enter").type_text("30m").enter_twice();
    assert_eq!(findings(&app.model).len(), count - 1);
    assert_eq!(
        findings(&app.model)[app.model.selected_finding].command,
        next
    );
    assert_eq!((app.model.focus, app.line()), (Focus::List, "half a line"));
    // A finding that needs a line keeps the one that was there.
    app.press("f4");
    let at = findings(&app.model)
        .iter()
        .position(|f| matches!(&f.fix, Fix::Line { before, .. } if before == "cause: "))
        .unwrap();
    app.model.selected_finding = at;
    app.press("enter");
    assert_eq!((app.model.focus, app.line()), (Focus::Line, "cause: "));
    assert_eq!(app.kept_drafts(), ["half a line"]);
}

#[test]
fn facts_can_be_set_and_a_sentence_shows_what_it_is_about() {
    let mut app = TestApp::with_outage();
    app.press("esc f5");
    app.assert_shows("facts: 1 of 8 known");
    while !app.screen_text().contains("▸   scope") {
        app.press("j");
    }
    app.press("enter").type_text("everyone").enter_twice();
    app.assert_shows("facts: 2 of 8 known");
    assert_eq!(app.model.field("customer-scope"), "everyone");
    // No shell command is on the screen.
    app.assert_hides("bridgelog set");
    app.press("end");
    app.assert_hides("bridgelog");
    // What the selected row is about is marked in the text.
    let at = findings(&app.model)
        .iter()
        .position(|f| f.fix == Fix::Field("next-update".into()))
        .unwrap();
    app.press("home");
    app.model.selected_finding = at;
    app.assert_shows("▌ We are sorry");
}

#[test]
fn a_finding_whose_event_is_gone_meanwhile_changes_nothing() {
    let mut app = TestApp::with_session(|session| {
        outage(session);
        tui_support::log_line(
            session,
            "10:20 action: restarted db-1 tell: We restarted db-1.",
        );
    });
    app.press("esc f5");
    let at = findings(&app.model)
        .iter()
        .position(|f| f.opening == "tell: We restarted db-1.")
        .unwrap_or_else(|| panic!("{}", app.screen_text()));
    let handle = findings(&app.model)[at].handle.clone().unwrap();
    app.model.selected_finding = at;
    app.press("enter");
    assert_eq!(app.prompt(), "tell: We restarted db-1.");
    amend::retract(&mut app.other_session("ann"), &handle, "wrong", true).unwrap();
    let entries = app.entry_count();
    app.press("ctrl-w").type_text("it.").enter_twice();
    assert_eq!(app.entry_count(), entries);
    assert_eq!(app.prompt(), "tell: We restarted it.");
}

#[test]
fn a_click_selects_a_finding_and_a_second_one_opens_it() {
    let mut app = TestApp::with_outage();
    app.press("esc f5").click_on("! next update");
    let fix = &findings(&app.model)[app.model.selected_finding].fix;
    assert_eq!(*fix, Fix::Field("next-update".into()));
    assert!(app.model.overlays.is_empty());
    app.click_on("! next update");
    app.assert_shows("Next customer update:");
    assert_eq!(app.model.tab, Tab::Email);
}

/// What it logs without a time would be as of now, which is seldom meant.
#[test]
fn a_line_that_a_finding_began_is_asked_about_where_it_has_no_time() {
    let mut app = TestApp::with_outage();
    app.press("esc f4");
    let at = findings(&app.model)
        .iter()
        .position(|f| matches!(&f.fix, Fix::Line { before, .. } if before == "cause: "))
        .unwrap();
    app.model.selected_finding = at;
    app.press("enter").type_text("a worn disk");
    let entries = app.entry_count();
    app.assert_shows("It begins with no time");
    app.press("enter");
    assert_eq!(
        (app.entry_count(), app.line()),
        (entries, "cause: a worn disk")
    );
    // With a time there is nothing to ask.
    app.press("home").type_text("10:06 ").press("enter");
    assert_eq!((app.entry_count(), app.line()), (entries + 1, ""));
    // The next line is an ordinary one.
    app.type_text("cause: another").press("enter");
    assert_eq!(app.entry_count(), entries + 2);
}

#[test]
fn a_generated_draft_is_not_blamed_for_its_own_times() {
    let mut app = TestApp::with_outage();
    app.press("esc f5 S enter");
    let checks: Vec<_> = findings(&app.model).iter().map(|f| f.check).collect();
    assert!(!checks.contains(&"time-without-zone"), "{checks:?}");
}
