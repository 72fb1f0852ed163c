//! The app without a terminal: keys in, model and screen out. Jobs run at once, on a store in a temporary
//! folder.
#![allow(dead_code, reason = "each test file uses some of it")]
#![allow(clippy::unwrap_used)]

use bridgelog::{
    config::Settings,
    domain::{time::parse_utc, zone::Zone},
    ops::{Obstacle, Session, SessionOptions, write_context::Clock},
    store::OpenOptions,
    tui::{
        keymap::Keymap,
        keys::Key,
        model::{Model, Overlay},
        msg::{Effect, Failure, Job, Mouse, Msg, Reply, Write},
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
    /// How many writes of this app are done.
    pub writes: usize,
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
        Self::open(folder, path)
    }

    /// Creates an app on a copy of this file, which is faster. To a copy the entries are those of another
    /// store: undo takes none of them back.
    pub fn with_file(file: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.db");
        std::fs::write(&path, file).unwrap();
        Self::open(folder, path)
    }

    fn open(folder: TempDir, path: PathBuf) -> Self {
        let session = open_session(path.clone(), "jw", 0, "app");
        let model = new_model();
        let mut app = Self {
            model,
            effects: vec![],
            worker: Worker::new(session),
            paused_jobs: None,
            path,
            writes: 0,
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
                        let is_write = matches!(
                            reply,
                            Reply::Done { .. } | Reply::Imported { result: Ok(_), .. }
                        );
                        self.writes += usize::from(is_write);
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

    /// Types a line whose write meets `obstacle`.
    pub fn line_that_meets(&mut self, line: &str, obstacle: Obstacle) -> &mut Self {
        self.type_text(line).pause_jobs().press("enter");
        let is_log = |job: &&Job| matches!(job, Job::Write(Write::Log(_)));
        let job = self
            .paused_jobs()
            .iter()
            .rev()
            .find(is_log)
            .unwrap()
            .clone();
        self.send(Msg::Reply(Box::new(Reply::Unsaved {
            obstacle,
            failure: Failure {
                message: "it failed".into(),
                hint: None,
                retryable: false,
            },
            job: Box::new(job),
        })))
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

    /// Lets `seconds` pass, one at a time.
    pub fn wait(&mut self, seconds: i64) -> &mut Self {
        for _ in 0..seconds {
            let now = self.model.now + Duration::seconds(1);
            self.send(Msg::Tick(now));
        }
        self
    }

    /// Answers `job`, which is not that of a line, with a failure.
    pub fn fail(&mut self, job: Option<Job>, message: &str, retryable: bool) -> &mut Self {
        self.send(Msg::Reply(Box::new(Reply::Failed {
            failure: Failure {
                message: message.to_owned(),
                hint: None,
                retryable,
            },
            job: job.map(Box::new),
        })))
    }

    /// Presses keys, which are separated by spaces.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys.split_whitespace() {
            let key: Key = key.parse().unwrap();
            self.send(Msg::Key { key, repeat: false });
        }
        self
    }

    /// Holds keys down: for each the repeats that follow its press.
    pub fn hold(&mut self, keys: &str) -> &mut Self {
        for key in keys.split_whitespace() {
            let key: Key = key.parse().unwrap();
            for _ in 0..10 {
                self.send(Msg::Key { key, repeat: true });
            }
        }
        self
    }

    /// Presses Enter twice: a prompt checks, then writes.
    pub fn enter_twice(&mut self) -> &mut Self {
        self.press("enter enter")
    }

    /// Finds an action by its words and runs it.
    pub fn action(&mut self, words: &str) -> &mut Self {
        self.press("ctrl-p").type_text(words).press("enter")
    }

    /// Sends text that came faster than anybody types.
    pub fn burst(&mut self, text: &str) -> &mut Self {
        self.send(Msg::Burst {
            text: text.to_owned(),
            continues: false,
        })
    }

    /// Sends text that the terminal marks as pasted.
    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.send(Msg::Paste(text.to_owned()))
    }

    pub fn click(&mut self, x: u16, y: u16) -> &mut Self {
        self.send(Msg::Mouse(Mouse::Click(x, y)))
    }

    /// Clicks where `text` is on the screen, the lowest place first.
    #[track_caller]
    pub fn click_on(&mut self, text: &str) -> &mut Self {
        let screen = self.screen_text();
        let mut found = None;
        for (y, row) in screen.lines().enumerate() {
            if let Some(at) = row.find(text) {
                found = Some((unicode_width::UnicodeWidthStr::width(&row[..at]), y));
            }
        }
        let Some((x, y)) = found else {
            panic!("{text} is not in\n{screen}");
        };
        self.click(u16::try_from(x).unwrap(), u16::try_from(y).unwrap())
    }

    /// Turns the wheel over the list.
    pub fn wheel(&mut self, rows: i32) -> &mut Self {
        self.wheel_at(rows, (5, 6))
    }

    pub fn wheel_at(&mut self, rows: i32, at: (u16, u16)) -> &mut Self {
        self.send(Msg::Mouse(Mouse::Wheel { rows, at }))
    }

    /// Types a text, one key per character.
    pub fn type_text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            let key = Key {
                code: crossterm::event::KeyCode::Char(c),
                modifiers: crossterm::event::KeyModifiers::NONE,
            };
            self.send(Msg::Key { key, repeat: false });
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

    /// Returns the message above the keys: what failed.
    pub fn failure_text(&self) -> &str {
        self.model.failure.as_ref().map_or("", |f| f.text.as_str())
    }

    /// Returns the text of the input line.
    pub fn line(&self) -> &str {
        self.model.capture.line.text()
    }

    /// Returns the text of the topmost prompt.
    #[track_caller]
    pub fn prompt(&self) -> &str {
        match self.model.overlays.last() {
            Some(Overlay::Prompt(prompt)) => prompt.line.text(),
            other => panic!(
                "no prompt but {other:?}: {} {}",
                self.status_text(),
                self.failure_text()
            ),
        }
    }

    /// Returns the texts that are kept as drafts in memory.
    pub fn kept_drafts(&self) -> Vec<&str> {
        let drafts = self.model.capture.drafts.iter();
        drafts.map(|draft| draft.text.as_str()).collect()
    }

    /// Returns the contents of the draft files beside the database.
    pub fn draft_files(&self) -> Vec<String> {
        std::fs::read_dir(self.path.parent().unwrap())
            .unwrap()
            .map(|e| e.unwrap())
            .filter(|e| e.file_name().to_string_lossy().contains("-draft-"))
            .map(|e| std::fs::read_to_string(e.path()).unwrap())
            .collect()
    }

    /// Asserts that the screen shows `text`.
    #[track_caller]
    pub fn assert_shows(&self, text: &str) -> &Self {
        let screen = self.screen_text();
        assert!(screen.contains(text), "{text} is not in\n{screen}");
        self
    }

    /// Asserts that the screen does not show `text`.
    #[track_caller]
    pub fn assert_hides(&self, text: &str) -> &Self {
        let screen = self.screen_text();
        assert!(!screen.contains(text), "{text} is in\n{screen}");
        self
    }

    /// Asserts that what happened last contains `text`.
    #[track_caller]
    pub fn assert_status(&self, text: &str) -> &Self {
        assert!(
            self.status_text().contains(text),
            "{text} is not in: {} / {}",
            self.status_text(),
            self.failure_text()
        );
        self
    }

    /// Asserts that the failure above the keys contains `text`.
    #[track_caller]
    pub fn assert_failure(&self, text: &str) -> &Self {
        assert!(
            self.failure_text().contains(text),
            "{text} is not in: {} / {}",
            self.failure_text(),
            self.status_text()
        );
        self
    }

    /// Returns how many entries the database has.
    pub fn entry_count(&self) -> u64 {
        self.other_session("ann").read().entry_count().unwrap()
    }

    pub fn selected_text(&self) -> &str {
        &self.model.selected_event().unwrap().value.text
    }

    /// Returns how many events of the timeline have this text.
    pub fn count_of(&self, text: &str) -> usize {
        let texts = self.timeline_texts();
        texts.iter().filter(|t| **t == text).count()
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

/// Returns the file of a store that `fill` has written to.
pub fn filled_file(fill: impl FnOnce(&mut Session)) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.db");
    let mut setup = open_session(path.clone(), "jw", 0, "tests");
    fill(&mut setup);
    drop(setup);
    std::fs::read(path).unwrap()
}

/// The app before its first load.
pub fn new_model() -> Model {
    Model::new(
        parse_utc(NOW).unwrap(),
        Zone::find("America/New_York").unwrap(),
        "jw".to_owned(),
        Keymap::new(&BTreeMap::new()).unwrap(),
        Theme::new(&BTreeMap::new(), true).unwrap(),
    )
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
        severity: Severity::new(1).map(Into::into),
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
