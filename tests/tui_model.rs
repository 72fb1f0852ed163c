//! Random prose, keys, bursts, clicks, late and failing replies, entries of others: nothing typed is lost, and
//! nothing is written that no deliberate key asked for.
#![allow(clippy::unwrap_used, clippy::panic)]

mod tui_support;

use bridgelog::{
    domain::time::parse_utc,
    tui::{
        model::{CheckStage, FinderKind, Model, Overlay, PasteDay, Question, finder_rows},
        msg::{Effect, Failure, Job, JobKind, Mouse, Msg, Reply},
        update::{initial_effects, update},
        view::view,
        worker::Worker,
    },
};
use chrono::Duration;
use ratatui::{Terminal, backend::TestBackend};
use std::{collections::VecDeque, sync::OnceLock};
use tui_support::{NOW, filled_file, log_line, new_model, open_session, outage};

/// Messages to the app in one run.
const STEPS: usize = 1_000;
/// Runs of each test.
const RUNS: u64 = 50;

const PROSE: [&str; 12] = [
    "restart the user queue now ",
    "10:05 fault second @online-db !down",
    "verify: all green for 10 min",
    "undo everything, quit fast ",
    "-5m decision: move it why: slow not: wait",
    "0510 extra hardware from raj ",
    "99:99 bogus ",
    "tell legal by noon ",
    "ask: check lag @ann 5m",
    "still broken !degraded",
    "resolve: it is over",
    "1 image copy at 60% ",
];

const KEYS: [&str; 36] = [
    "enter",
    "enter",
    "enter",
    "enter",
    "esc",
    "esc",
    "tab",
    "up",
    "down",
    "left",
    "right",
    "home",
    "end",
    "pgup",
    "pgdn",
    "ctrl-p",
    "f1",
    "ctrl-r",
    "alt-up",
    "alt-down",
    "alt-enter",
    "ctrl-t",
    "ctrl-c",
    "ctrl-g",
    "alt-1",
    "alt-2",
    "alt-3",
    "alt-4",
    "alt-5",
    "ctrl-n",
    "ctrl-o",
    "ctrl-a",
    "ctrl-l",
    "backtab",
    "ctrl-c",
    "ctrl-c",
];
/// Keys that delete: what they take is meant to go.
const DELETING: [&str; 5] = ["backspace", "delete", "ctrl-w", "ctrl-u", "ctrl-k"];

struct Rng(u64);

impl Rng {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % below.max(1)
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.next(of.len())]
    }
}

/// A text being typed somewhere: what it is, and whether leaving it by Enter is an answer that writes nothing.
#[derive(Clone, Debug)]
struct Typed {
    text: String,
    may_go: bool,
}

/// True if all characters of `part` are in `whole`, in their order.
fn is_subsequence(part: &str, whole: &str) -> bool {
    let mut rest = whole.chars();
    part.chars().all(|c| rest.any(|other| other == c))
}

struct Run {
    model: Model,
    worker: Worker,
    jobs: VecDeque<Job>,
    rng: Rng,
    seconds: i64,
    trace: VecDeque<String>,
    written: usize,
    steps: usize,
    path: std::path::PathBuf,
    _folder: tempfile::TempDir,
}

impl Run {
    fn new(seed: u64) -> Self {
        static FILE: OnceLock<Vec<u8>> = OnceLock::new();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.db");
        std::fs::write(&path, FILE.get_or_init(|| filled_file(outage))).unwrap();
        let mut run = Self {
            model: new_model(),
            worker: Worker::new(open_session(path.clone(), "jw", 0, "app")),
            jobs: VecDeque::new(),
            rng: Rng(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1),
            seconds: 0,
            trace: VecDeque::new(),
            written: 0,
            steps: 0,
            path,
            _folder: folder,
        };
        run.take(initial_effects(None));
        run.run_jobs();
        run
    }

    fn take(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::Job(job) = effect {
                self.jobs.push_back(job);
            }
        }
    }

    /// Runs the waiting jobs; of the parses and drafts only the last, as the worker does.
    fn run_jobs(&mut self) {
        let mut last_parse = self
            .jobs
            .iter()
            .rposition(|job| matches!(job, Job::ParseRows { .. }));
        let last_drafts = self
            .jobs
            .iter()
            .rposition(|job| matches!(job, Job::SaveDrafts(_)));
        let jobs: Vec<Job> = self.jobs.drain(..).collect();
        for (at, job) in jobs.into_iter().enumerate() {
            let superseded = match job {
                Job::ParseRows { .. } => last_parse.take_if(|last| *last == at).is_none(),
                Job::SaveDrafts(_) => last_drafts != Some(at),
                _ => false,
            };
            if superseded {
                continue;
            }
            let fails = job.kind() == JobKind::Write
                && !matches!(job, Job::SaveDrafts(_))
                && self.rng.next(8) == 0;
            let reply = if fails {
                let retryable = self.rng.next(3) > 0;
                Some(Reply::Failed {
                    failure: Failure {
                        message: "the disk is full".to_owned(),
                        hint: None,
                        retryable,
                    },
                    job: Some(Box::new(job)),
                })
            } else {
                self.worker.run(job)
            };
            if let Some(reply) = reply {
                self.step(
                    &format!("reply {:.60}", format!("{reply:?}")),
                    Msg::Reply(Box::new(reply)),
                    false,
                );
            }
        }
    }

    /// Every text that is being typed.
    fn typed(&self) -> Vec<Typed> {
        let mut out = vec![];
        let mut push = |text: &str, may_go: bool| {
            for row in text.split(['\u{1e}', '\n']) {
                if !row.trim().is_empty() {
                    out.push(Typed {
                        text: row.trim().to_owned(),
                        may_go,
                    });
                }
            }
        };
        push(self.model.capture.line.text(), false);
        for overlay in &self.model.overlays {
            match overlay {
                Overlay::Prompt(prompt) => {
                    let answers_nothing = prompt.question.writes_nothing();
                    if prompt.altered {
                        push(prompt.line.text(), answers_nothing);
                    }
                }
                Overlay::Finder(finder) => {
                    let found = !finder_rows(&self.model).is_empty();
                    push(
                        finder.query.text(),
                        found && finder.kind != FinderKind::Help,
                    );
                }
                Overlay::Paste(paste) => push(&paste.text(), false),
                _ => {}
            }
        }
        out
    }

    /// True if `text` is somewhere: in an input, a draft, the history, or on its way to the log.
    fn holds(&self, text: &str) -> bool {
        let capture = &self.model.capture;
        let stashed = capture.history_position.as_ref();
        // `tell:` of a paste gets a backslash.
        let plain = |text: &str| text.replace('\\', "");
        let wanted = plain(text);
        let has = |text: &str| plain(text).contains(&wanted);
        self.typed().iter().any(|typed| has(&typed.text))
            || capture.drafts.iter().any(|draft| has(&draft.text))
            || capture.history.iter().any(|line| has(line))
            || capture.outbox.iter().any(|pending| has(&pending.text))
            || stashed.is_some_and(|(_, line)| has(line.text()))
    }

    /// What has the keys.
    fn mode(&self) -> String {
        match self.model.overlays.last() {
            Some(Overlay::Prompt(prompt)) => format!("prompt {}", prompt.id),
            Some(Overlay::Confirm(confirm)) => format!("confirm {}", confirm.id),
            Some(Overlay::Finder(finder)) => format!("{:?}", finder.kind),
            Some(Overlay::Paste(_)) => "paste".to_owned(),
            Some(Overlay::Import(_)) => "import".to_owned(),
            Some(Overlay::Routing(_)) => "routing".to_owned(),
            Some(Overlay::Detail(_) | Overlay::Text(_)) => "detail".to_owned(),
            Some(Overlay::Uncopied(_)) => "uncopied".to_owned(),
            None => format!("{:?}", self.model.focus),
        }
    }

    /// True if Enter may write now.
    fn enter_may_write(&self) -> bool {
        match self.model.overlays.last() {
            None => self.model.is_on_line(),
            Some(Overlay::Prompt(prompt)) => matches!(prompt.check, CheckStage::Passed(..)),
            Some(Overlay::Confirm(confirm)) => matches!(confirm.check, CheckStage::Passed(..)),
            Some(Overlay::Routing(routing)) => routing.picked.is_some(),
            Some(Overlay::Import(import)) => import.armed,
            Some(Overlay::Paste(paste)) => paste.armed && paste.day != PasteDay::Open,
            Some(
                Overlay::Finder(_) | Overlay::Detail(_) | Overlay::Text(_) | Overlay::Uncopied(_),
            ) => false,
        }
    }

    /// Sends `msg` and checks what came of it. `deliberate`: a press of Enter or a click, which may write.
    fn step(&mut self, name: &str, msg: Msg, deliberate: bool) {
        self.steps += 1;
        self.trace.push_back(format!("{name} [{}]", self.mode()));
        if self.trace.len() > 40 {
            self.trace.pop_front();
        }
        let deletes = DELETING.iter().any(|key| name == format!("key {key}"))
            || name.starts_with("key tab")
            || name.starts_with("key backtab");
        let is_enter = name == "key enter";
        let is_foreign = name.starts_with("reply")
            || name.starts_with("tick")
            || name.starts_with("wheel")
            || name.starts_with("resize");
        let typed = self.typed();
        let mode = self.mode();
        let may_write = self.enter_may_write();
        let is_tick = name.starts_with("tick");
        let before_key = self.model.capture.clone();
        let before_overlay = self.model.overlays.last().cloned();
        let effects = update(&mut self.model, msg);
        for effect in &effects {
            let Effect::Job(job) = effect else { continue };
            let writes = (job.kind() == JobKind::Write && !matches!(job, Job::SaveDrafts(_)))
                || matches!(job, Job::Import { .. });
            if !writes {
                continue;
            }
            if is_tick {
                let known = before_key.outbox.iter().any(|pending| pending.job == *job);
                assert!(known, "a timer wrote {job:?}\n{:#?}", self.trace);
                continue;
            }
            self.written += 1;
            assert!(deliberate, "{name} wrote {job:?}\n{:#?}", self.trace);
            assert!(
                !is_enter || may_write,
                "Enter wrote unasked: {job:?}\n{:#?}",
                self.trace
            );
        }
        // What comes in may stand in the middle.
        let inserts = ["type", "held", "burst", "paste"]
            .iter()
            .any(|word| name.starts_with(word));
        // Its rows are in the log.
        let closes_paste = mode == "paste" && name.contains("Done");
        // A corrected row replaces the one before.
        let corrects = is_enter
            && matches!(
                before_overlay,
                Some(Overlay::Prompt(prompt)) if matches!(prompt.question, Question::PasteRow(_))
            );
        if !deletes && !closes_paste && !corrects {
            let now = self.typed();
            for typed in typed {
                let gone_by_answer = typed.may_go && !inserts;
                let is_around = |other: &Typed| inserts && is_subsequence(&typed.text, &other.text);
                // Several lines at the cursor take what stands before it along.
                let splits = ["burst", "paste", "key alt-enter"].contains(&name) || mode == "paste";
                let is_split = splits
                    && typed.text.char_indices().any(|(at, _)| {
                        let (before, after) = typed.text.split_at(at);
                        self.holds(before.trim()) && self.holds(after.trim())
                    });
                assert!(
                    gone_by_answer
                        || self.holds(&typed.text)
                        || now.iter().any(is_around)
                        || is_split,
                    "{:?} is lost by {name}\n{:#?}",
                    typed.text,
                    self.trace
                );
            }
        }
        if is_foreign {
            assert!(
                closes_paste || self.mode() == mode,
                "{name} moved the keys from {mode} to {}\n{:#?}",
                self.mode(),
                self.trace
            );
        }
        self.take(effects);
    }

    fn type_char(&mut self, c: char) {
        let key = c
            .to_string()
            .parse()
            .unwrap_or_else(|_| " ".parse().unwrap());
        let key = if c == ' ' {
            "space".parse().unwrap()
        } else {
            key
        };
        let before = self.focused_text();
        let is_text = before.is_some() && !self.space_toggles(c);
        self.step(
            &format!("type {c:?}"),
            Msg::Key { key, repeat: false },
            false,
        );
        if !is_text {
            return;
        }
        let (before, after) = (before.unwrap(), self.focused_text().unwrap_or_default());
        let proposed = after == c.to_string();
        let completed_space = c == ' ' && after == before;
        let count = |text: &str| text.chars().filter(|d| *d == c).count();
        assert!(
            proposed || completed_space || count(&after) == count(&before) + 1,
            "{c:?} is not in {after:?}, which was {before:?}\n{:#?}",
            self.trace
        );
    }

    fn space_toggles(&self, c: char) -> bool {
        matches!(self.model.overlays.last(), Some(Overlay::Paste(paste)) if c == ' ' && !paste.typed)
    }

    fn focused_text(&mut self) -> Option<String> {
        self.model
            .focused_input()
            .map(|input| input.text().to_owned())
    }

    fn random_step(&mut self) {
        match self.rng.next(100) {
            0..=49 => {
                let phrase = self.rng.pick(&PROSE);
                let from = self.rng.next(phrase.len());
                let length = 1 + self.rng.next(9);
                for c in phrase.chars().skip(from).take(length) {
                    self.type_char(c);
                }
            }
            50..=69 => {
                let name = self.rng.pick(&KEYS);
                let key = name.parse().unwrap();
                let deliberate = name == "enter";
                self.step(
                    &format!("key {name}"),
                    Msg::Key { key, repeat: false },
                    deliberate,
                );
            }
            70..=72 => {
                let name = self.rng.pick(&["enter", "u", "ctrl-r", "q", "x"]);
                let key = name.parse().unwrap();
                for _ in 0..5 {
                    self.step(
                        &format!("held {name}"),
                        Msg::Key { key, repeat: true },
                        false,
                    );
                }
            }
            73 => {
                let name = self.rng.pick(&DELETING);
                let key = name.parse().unwrap();
                self.step(
                    &format!("key {name}"),
                    Msg::Key { key, repeat: false },
                    false,
                );
            }
            74..=76 => {
                let text = self.rng.pick(&[
                    "10:41 one\n10:42 two !down\n",
                    "everything is gone",
                    "10:05 ack: bob\n",
                    "urgent\n\nnow",
                    "fault: x tell: we lost your data",
                ]);
                let text = text.to_owned();
                let continues = self.rng.next(2) == 0;
                self.step("burst", Msg::Burst { text, continues }, false);
            }
            77 => {
                let text = self
                    .rng
                    .pick(&["one line pasted", "10:32 first\n99:99 second\n10:33 third"]);
                self.step("paste", Msg::Paste(text.to_owned()), false);
            }
            78..=80 => {
                let rows = if self.rng.next(2) == 0 { -3 } else { 3 };
                self.step(
                    "wheel",
                    Msg::Mouse(Mouse::Wheel { rows, at: (5, 6) }),
                    false,
                );
            }
            81..=84 => {
                let (width, height) = self.model.size;
                let x = u16::try_from(self.rng.next(width.into())).unwrap();
                let y = u16::try_from(self.rng.next(height.into())).unwrap();
                self.step(
                    &format!("click {x},{y}"),
                    Msg::Mouse(Mouse::Click(x, y)),
                    true,
                );
            }
            85..=86 => {
                self.seconds += i64::try_from(self.rng.next(40)).unwrap();
                let now = parse_utc(NOW).unwrap() + Duration::seconds(self.seconds);
                self.step("tick", Msg::Tick(now), false);
            }
            87 => {
                let (width, height) =
                    self.rng
                        .pick(&[(80, 24), (40, 12), (120, 40), (30, 8), (200, 60)]);
                self.step(
                    &format!("resize {width}x{height}"),
                    Msg::Resize(width, height),
                    false,
                );
            }
            88 => {
                let line = self
                    .rng
                    .pick(&["10:47 note: from ann", "10:48 fault: the cache is gone"]);
                let mut other = open_session(
                    self.path.clone(),
                    "ann",
                    self.seconds + 30,
                    &format!("{}", self.rng.0),
                );
                log_line(&mut other, line);
                self.step(
                    "reply StoreChanged",
                    Msg::Reply(Box::new(Reply::StoreChanged)),
                    false,
                );
            }
            89..=92 => self.run_jobs(),
            _ => {
                // A pause: whatever waits comes back.
                if self.rng.next(2) == 0 {
                    self.run_jobs();
                }
            }
        }
    }

    fn draw(&self) {
        let (width, height) = self.model.size;
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| view(&self.model, frame)).unwrap();
    }
}

fn run(seeds: std::ops::Range<u64>) {
    let mut written = 0;
    for seed in seeds {
        let mut run = Run::new(seed);
        let mut drawn = 0;
        while run.steps < STEPS {
            run.random_step();
            if run.steps >= drawn + 100 {
                run.draw();
                drawn = run.steps;
            }
        }
        run.run_jobs();
        written += run.written;
    }
    assert!(written > 100, "only {written} writes were asked for");
}

#[test]
fn random_hands_lose_nothing_and_write_nothing_unasked_first_half() {
    run(1..RUNS + 1);
}

#[test]
fn random_hands_lose_nothing_and_write_nothing_unasked_second_half() {
    run(1_000..1_000 + RUNS);
}
