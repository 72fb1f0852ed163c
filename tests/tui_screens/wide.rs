//! Wide characters, emoji, combining marks and right-to-left text in every list; lists that do not fit.

use super::{
    SCREENS,
    ascii::assert_no_half,
    tui_support::{TestApp, log_line, outage},
};
use bridgelog::{
    ops::{Session, field, service, task},
    tui::{character_set::CharacterSet, msg::Msg},
};

/// Texts of one and of two columns per character, of several characters per column, and from right to left.
const TEXTS: [&str; 5] = [
    "磁盘控制器在第二个机架上坏了，备用的在四号机架，我们正在搬运它，大约需要十分钟才能完成",
    "👩\u{200d}🚒🚒 ☎\u{fe0f} 🇨🇭 👍🏽 done done done done done done done done done done done",
    "e\u{301}te\u{301} Zu\u{308}rich नमस्ते สวัสดี a\u{300}\u{301}\u{302} and then on and on and on and on",
    "שלום עולם זה שרת שלא עונה יותר כבר עשר דקות ואף אחד לא יודע למה",
    "قاعدة البيانات لا تجيب منذ عشر دقائق ولا أحد يعرف السبب حتى الآن",
];

/// Fills every list with such texts.
fn fill(session: &mut Session) {
    outage(session);
    let _ = service::set_service(
        session,
        None,
        "存储服务器集群第二机架",
        Some("在线商店的存储服务"),
    );
    for (at, text) in TEXTS.iter().enumerate() {
        for kind in ["finding", "ask", "absorbed", "decision"] {
            log_line(session, &format!("10:4{at} {kind}: {text} #存储"));
        }
        let follow_up = task::TaskPatch {
            text: Some((*text).to_owned()),
            owner: Some("管理员".to_owned()),
            ticket: Some("工单-42".to_owned()),
            ..task::TaskPatch::default()
        };
        task::add(session, None, &follow_up).unwrap();
    }
    for name in ["title", "scope", "impact", "commander"] {
        let _ = field::set(session, None, name, TEXTS[0], None);
    }
    let _ = field::write_section(session, None, "summary", &TEXTS.join("\n\n"));
}

#[test]
fn no_wide_character_is_halved_on_any_screen() {
    for (name, step) in SCREENS {
        let mut app = TestApp::with_session(fill);
        app.resize(120, 40);
        step(&mut app);
        for (width, height) in [(40, 10), (41, 12), (80, 24), (119, 30), (200, 60)] {
            app.resize(width, height);
            assert_no_half(&app);
            for key in ["down", "pgup", "right"] {
                app.press(key);
                assert_no_half(&app);
            }
            // What the ASCII set puts over the cells beside a sign is no half of a character.
            app.model.character_set = CharacterSet::AsciiSigns;
            assert_no_half(&app);
            app.model.character_set = CharacterSet::Unicode;
        }
        // The line, a paste and the drafts, over what the screen is.
        app.send(Msg::Paste(TEXTS.join("\n")));
        for (width, height) in [(40, 10), (80, 24), (200, 60)] {
            app.resize(width, height).type_text("日本語").press("down");
            assert_no_half(&app);
        }
        assert!(!app.screen_text().is_empty(), "{name}");
    }
}

#[test]
fn choosers_scroll_and_say_that_there_is_more() {
    for keys in ["f1", "ctrl-p", "esc f5 s", "esc f4 w", "ctrl-r"] {
        let mut app = TestApp::with_outage();
        app.resize(120, 40);
        for at in 0..20 {
            app.type_text(&format!("note: number {at}")).press("enter");
        }
        app.resize(40, 12).press(keys);
        app.assert_shows(" more").assert_shows("▼");
        // Down to the last row, which is in view and has nothing below it.
        for _ in 0..400 {
            app.press("down");
        }
        app.assert_shows("▲").assert_hides("▼ ");
        let screen = app.screen_text();
        let chosen = screen.lines().filter(|row| row.starts_with("▸ "));
        assert_eq!(chosen.count(), 1, "{keys}\n{screen}");
    }
}

#[test]
fn choice_of_an_incident_is_in_view_on_a_low_screen() {
    let mut app = TestApp::with_outage();
    app.resize(120, 40)
        .press("esc R enter enter")
        .type_text("checkout is failing @shop sev2")
        .press("enter");
    for (width, height) in [(40, 10), (40, 12), (80, 16)] {
        app.resize(width, height).press("esc enter");
        for choice in ["Add to #1", "Declare", "Save unassigned"] {
            app.press("down").assert_shows(&format!("▸ {choice}"));
        }
    }
}
