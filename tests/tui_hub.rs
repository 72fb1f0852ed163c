//! The hub on the screen: how far it is in step, who else is there; and two apps that meet in a directory.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

mod common;
mod tui_support;

use bridgelog::{
    ops::sync::Presence,
    tui::{
        hub_status::{HubState, HubStatus},
        msg::{Effect, Msg, Reply},
    },
};
use chrono::Duration;
use common::{machine::Machine, pty};
use portable_pty::{Child, MasterPty};
use std::{
    io::{Read as _, Write as _},
    num::NonZeroU16,
    path::Path,
    sync::{Arc, Mutex},
    thread,
    time::{Duration as StdDuration, Instant},
};
use tui_support::TestApp;
use uuid::Uuid;

fn show(app: &mut TestApp, status: HubStatus) {
    app.send(Msg::Reply(Box::new(Reply::Hub(Box::new(status)))));
}

fn status(state: HubState) -> HubStatus {
    HubStatus {
        name: "/mnt/hub".into(),
        state,
        ..HubStatus::default()
    }
}

#[test]
fn header_says_how_far_the_hub_is_in_step() {
    let mut app = TestApp::with_outage();
    app.resize(120, 40).assert_hides("in step");
    show(&mut app, status(HubState::Connecting));
    app.assert_shows("connecting");
    show(&mut app, status(HubState::InStep));
    app.assert_shows("in step");
    app.resize(80, 24).assert_hides("in step");
    let since = app.model.now - Duration::minutes(6);
    let offline = HubState::Offline {
        since,
        to_send: 3,
        why: "no route to host".into(),
    };
    show(&mut app, status(offline));
    let clock = app.model.zone.to_local(since).format("%H:%M");
    let text = format!("offline since {clock}, 3 to send");
    app.assert_shows(&text);
    app.resize(120, 40).assert_shows(&text);
    let refused = HubState::NotSending {
        since: Some(since),
        to_send: 1,
        why: "permission denied".into(),
    };
    show(&mut app, status(refused));
    app.assert_shows(&format!("not sent since {clock}, 1 to send"));
}

#[test]
fn why_the_hub_is_not_in_step_is_said_once() {
    let mut app = TestApp::with_outage();
    app.resize(120, 40);
    let offline = |to_send| HubState::Offline {
        since: app.model.now,
        to_send,
        why: "no route to host".into(),
    };
    let (first, second) = (offline(0), offline(1));
    show(&mut app, status(first));
    app.assert_status("logging goes on without the hub: no route to host");
    app.model.status = None;
    show(&mut app, status(second));
    assert_eq!(app.model.status, None);
    let refused = HubState::NotSending {
        since: None,
        to_send: 1,
        why: "a right is missing".into(),
    };
    show(&mut app, status(refused));
    app.assert_shows("nothing is sent to the hub: a right is missing");
}

#[test]
fn sync_now_needs_a_hub() {
    let mut app = TestApp::with_outage();
    app.resize(120, 40).action("sync");
    app.assert_shows("no hub is set");
    assert!(!app.effects.contains(&Effect::SyncNow));
    app.press("esc");
    show(&mut app, status(HubState::InStep));
    app.press("ctrl-p").type_text("sync");
    app.assert_shows("sync with the hub now");
    app.press("enter");
    assert!(app.effects.contains(&Effect::SyncNow));
    app.assert_status("syncing with /mnt/hub");
}

#[test]
fn wrong_clock_and_notices_of_a_sync_are_shown() {
    let mut app = TestApp::with_outage();
    app.resize(120, 40);
    show(
        &mut app,
        HubStatus {
            clock: Some("the clock here is 5 s behind that of the hub".into()),
            notices: vec!["the hub lost what was sent to it before".into()],
            ..status(HubState::InStep)
        },
    );
    app.assert_shows("check the clock");
    app.assert_shows("the hub lost what was sent to it before");
}

#[test]
fn header_says_who_else_is_in_the_incident() {
    let mut app = TestApp::with_outage();
    app.resize(120, 40);
    let shown = app.model.summary.as_ref().unwrap().row.id;
    let presence = |author: &str, incident| Presence {
        writer: Uuid::new_v4(),
        incident,
        author: author.into(),
        machine: "laptop-7".into(),
        seen: app.model.now,
    };
    let others = vec![
        presence("ann", Some(shown)),
        presence("kim", Some(Uuid::new_v4())),
        presence("raj", Some(shown)),
        presence("lee", None),
    ];
    show(
        &mut app,
        HubStatus {
            others,
            ..status(HubState::InStep)
        },
    );
    app.assert_shows("with ann, raj");
}

/// The app of a machine in a terminal.
struct App {
    child: Box<dyn Child + Send + Sync>,
    /// Kept, since the terminal is gone with it.
    _master: Box<dyn MasterPty + Send>,
    keys: Box<dyn std::io::Write + Send>,
    screen: Arc<Mutex<vt100::Parser>>,
}

impl App {
    fn start(machine: &Machine) -> Self {
        let name = machine.name.as_str();
        let variables = [("BRIDGELOG_AUTHOR", name), ("BRIDGELOG_SEED", name)];
        let (child, master) = pty::start_with(&machine.env, &[], (30, 120), &variables);
        let size = |n| NonZeroU16::new(n).unwrap();
        let screen = Arc::new(Mutex::new(vt100::Parser::new(size(30), size(120), 0)));
        let mut output = master.try_clone_reader().unwrap();
        let drawn = Arc::clone(&screen);
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count) = output.read(&mut bytes) {
                if count == 0 {
                    return;
                }
                drawn.lock().unwrap().process(&bytes[..count]);
            }
        });
        let keys = master.take_writer().unwrap();
        Self {
            child,
            _master: master,
            keys,
            screen,
        }
    }

    /// Waits until `text` is on the screen, much longer than needed.
    fn wait_for(&self, text: &str) {
        let begun = Instant::now();
        loop {
            let screen = self.screen.lock().unwrap().screen().contents();
            if screen.contains(text) {
                return;
            }
            assert!(
                begun.elapsed() < StdDuration::from_secs(60),
                "`{text}` is not on the screen:\n{screen}"
            );
            thread::sleep(StdDuration::from_millis(20));
        }
    }

    fn type_line(&mut self, line: &str) {
        for key in line.bytes().chain([b'\r']) {
            if key == b'\r' {
                // Enter right behind a letter may have been pasted.
                thread::sleep(StdDuration::from_millis(200));
            }
            self.keys.write_all(&[key]).unwrap();
            self.keys.flush().unwrap();
            thread::sleep(StdDuration::from_millis(10));
        }
    }
}

impl Drop for App {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A machine whose hub is the directory `hub`.
fn machine(name: &str, hub: &Path) -> Machine {
    let machine = Machine::new(name);
    let setting = format!("hub = \"{}\"\n", hub.display());
    machine.env.write_config(&setting);
    machine
}

#[test]
fn event_typed_in_one_app_is_seen_in_the_other() {
    let hub = tempfile::tempdir().unwrap();
    let (ann, raj) = (machine("ann", hub.path()), machine("raj", hub.path()));
    ann.run(&["hub", "init"]);
    ann.run(&["declare", "Checkout fails", "--service", "shop"]);
    ann.run(&["sync"]);
    raj.run(&["sync"]);
    let mut first = App::start(&ann);
    let mut second = App::start(&raj);
    first.wait_for("Checkout fails");
    second.wait_for("Checkout fails");
    first.type_line("fault: the second disk fails");
    second.wait_for("the second disk fails");
    second.wait_for("with ann");
    second.type_line("restore: from the other site");
    first.wait_for("from the other site");
}
