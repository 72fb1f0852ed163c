//! The app without a terminal: keys in, model and screen out. Jobs run at once, on a store in a temporary
//! folder.
#![allow(dead_code, reason = "each test file uses some of it")]
#![allow(clippy::unwrap_used)]

use bridgelog::{
    config::Settings,
    domain::{time::parse_utc, zone::Zone},
    ops::{Session, SessionOptions, write_context::Clock},
    store::OpenOptions,
    tui::{
        keymap::Keymap,
        keys::Key,
        model::Model,
        msg::{Effect, Job, Msg, Reply},
        theme::Theme,
        update::{initial_effects, update},
        view::view,
        worker::Worker,
    },
};
use chrono::Duration;
use ratatui::{Terminal, backend::TestBackend, buffer::Buffer};
use std::{collections::BTreeMap, path::PathBuf};
use tempfile::TempDir;

pub const NOW: &str = "2012-08-16T14:48:12Z";

pub struct TestApp {
    pub model: Model,
    pub effects: Vec<Effect>,
    worker: Worker,
    /// The jobs requested while jobs are paused.
    paused_jobs: Option<Vec<Job>>,
    pub path: PathBuf,
    _folder: TempDir,
}

pub fn open_session(path: PathBuf, author: &str, after: i64, seed: &str) -> Session {
    Session::open(SessionOptions {
        path,
        store: OpenOptions::default(),
        author: author.to_owned(),
        terminal_session: None,
        clock: Clock::Fixed(parse_utc(NOW).unwrap() + Duration::seconds(after)),
        seed: Some(seed.to_owned()),
        default_zone: Some("America/New_York".to_owned()),
        default_incident: None,
        settings: Settings {
            organisation: Some("AVR".to_owned()),
            ..Settings::default()
        },
    })
    .unwrap()
}

impl TestApp {
    pub fn new() -> Self {
        Self::with_session(|_| {})
    }

    /// Creates an app on a store that `fill` has written to.
    pub fn with_session(fill: impl FnOnce(&mut Session)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.db");
        let mut setup = open_session(path.clone(), "jw", 0, "tests");
        fill(&mut setup);
        drop(setup);
        let session = open_session(path.clone(), "jw", 0, "app");
        let model = Model::new(
            parse_utc(NOW).unwrap(),
            Zone::find("America/New_York").unwrap(),
            "jw".to_owned(),
            Keymap::new(&BTreeMap::new()).unwrap(),
            Theme::new(&BTreeMap::new(), true).unwrap(),
        );
        let mut app = Self {
            model,
            effects: vec![],
            worker: Worker::new(session),
            paused_jobs: None,
            path,
            _folder: folder,
        };
        app.run_effects(initial_effects(None));
        app
    }

    /// Creates an app with the incident of the worked example, still open.
    pub fn with_outage() -> Self {
        Self::with_session(outage)
    }

    pub fn run_effects(&mut self, effects: Vec<Effect>) {
        let mut queue: std::collections::VecDeque<Effect> = effects.into();
        while let Some(effect) = queue.pop_front() {
            match effect {
                Effect::Job(job) => {
                    if let Some(paused) = &mut self.paused_jobs {
                        paused.push(job);
                        continue;
                    }
                    if let Some(reply) = self.worker.run(job) {
                        queue.extend(update(&mut self.model, Msg::Reply(Box::new(reply))));
                    }
                }
                other => self.effects.push(other),
            }
        }
    }

    /// Collects jobs without running them, as while the disk hangs.
    pub fn pause_jobs(&mut self) -> &mut Self {
        self.paused_jobs = Some(vec![]);
        self
    }

    /// Runs the collected jobs.
    pub fn resume_jobs(&mut self) -> &mut Self {
        let jobs = self.paused_jobs.take().unwrap_or_default();
        self.run_effects(jobs.into_iter().map(Effect::Job).collect());
        self
    }

    /// Returns the jobs requested since [`TestApp::pause_jobs`].
    pub fn paused_jobs(&self) -> &[Job] {
        self.paused_jobs.as_deref().unwrap_or_default()
    }

    /// Refreshes as after a write of another process.
    pub fn refresh(&mut self) -> &mut Self {
        self.send(Msg::Reply(Box::new(Reply::StoreChanged)))
    }

    pub fn send(&mut self, msg: Msg) -> &mut Self {
        let effects = update(&mut self.model, msg);
        self.run_effects(effects);
        self
    }

    /// Presses keys, which are separated by spaces.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys.split_whitespace() {
            let key: Key = key.parse().unwrap();
            self.send(Msg::Key(key));
        }
        self
    }

    /// Types a text, one key per character.
    pub fn type_text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            let key = Key {
                code: crossterm::event::KeyCode::Char(c),
                modifiers: crossterm::event::KeyModifiers::NONE,
            };
            self.send(Msg::Key(key));
        }
        self
    }

    pub fn resize(&mut self, width: u16, height: u16) -> &mut Self {
        self.send(Msg::Resize(width, height))
    }

    pub fn buffer(&self) -> (Buffer, Option<(u16, u16)>) {
        let (width, height) = self.model.size;
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| view(&self.model, frame)).unwrap();
        let cursor = terminal.get_cursor_position().ok().map(|p| (p.x, p.y));
        (terminal.backend().buffer().clone(), cursor)
    }

    /// Returns the screen, one line per row, without trailing spaces.
    pub fn screen_text(&self) -> String {
        let (buffer, _) = self.buffer();
        let mut out = String::new();
        for y in 0..buffer.area.height {
            let mut row = String::new();
            let mut skip = 0;
            for x in 0..buffer.area.width {
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                let symbol = buffer[(x, y)].symbol();
                skip = unicode_width::UnicodeWidthStr::width(symbol).saturating_sub(1);
                row.push_str(symbol);
            }
            out.push_str(row.trim_end());
            out.push('\n');
        }
        out
    }

    /// Opens a session of another process on the same store, some seconds later.
    pub fn other_session(&self, author: &str) -> Session {
        open_session(self.path.clone(), author, 30, author)
    }

    pub fn status_text(&self) -> &str {
        self.model.status.as_ref().map_or("", |s| s.text.as_str())
    }

    pub fn timeline_texts(&self) -> Vec<&str> {
        self.model
            .timeline
            .events
            .iter()
            .map(|e| e.value.text.as_str())
            .collect()
    }
}

pub fn log_line(session: &mut Session, line: &str) {
    use bridgelog::{
        domain::capture::Flags,
        ops::{context::LineOptions, log},
    };
    log::log_line(
        session,
        line,
        &Flags::default(),
        &LineOptions::for_typed_line(None),
    )
    .unwrap();
}

pub fn outage(session: &mut Session) {
    use bridgelog::{
        domain::words::Severity,
        ops::{
            declare::{Declaration, declare},
            field, task,
        },
    };
    let declaration = Declaration {
        title: "AVR Online outage".into(),
        severity: Severity::new(1),
        services: vec!["online-db".into()],
        at: Some("10:14".into()),
        ..Declaration::default()
    };
    declare(session, &declaration).unwrap();
    for line in [
        "07:58 absorbed: first hardware fault on @online-db; the redundant hardware took over #hardware tell: The redundant hardware had caught a first fault.",
        "~10:06 fault: second fault while running degraded; @online-db halted #hardware !down tell: A hardware fault halted one of our database servers.",
        "10:09 detect: monitoring pages on-call, @online-db does not answer",
        "10:11 ack: on it",
        "10:31 suspect: a failed controller; the vendor cannot say how long a repair takes",
        "10:40 decision: move a system image of @online-db to other hardware why: the length of a repair is unknown not: wait for the vendor tell: We decided to move an image of the whole system onto other hardware.",
        "10:41 ask: find a spare chassis @ann 5m",
        "10:46 ask: confirm the image boots on the spare chassis @raj 20m",
    ] {
        log_line(session, line);
    }
    field::set(session, None, "product", "AVR Online", None).unwrap();
    let follow_up = task::TaskPatch {
        text: Some("Fail over to a warm standby".into()),
        owner: Some("raj".into()),
        due: Some("2012-10-31".into()),
        ..task::TaskPatch::default()
    };
    task::add(session, None, &follow_up).unwrap();
}
