//! Each pair of verbs that write, as two processes at the same moment: whatever was acknowledged is in
//! exactly one view, no number is given twice, and the database verifies.
//!
//! The barrier is the write lock of the database: the test holds it until both processes had the time to
//! come to it. A verb that reads before it has the lock decides on what the other one changes.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod common;

use bridgelog::{
    config::Settings,
    domain::{capture::Flags, event::Event, subject::Subject, value::Value, words::Kind},
    ops::{
        Session, SessionOptions,
        context::LineOptions,
        declare::{self, Declaration},
        lifecycle,
        log::{self, PreparedEvent},
        task::{self, TaskPatch},
        undo,
        write_context::Clock,
    },
    store::OpenOptions,
};
use common::TestEnv;
use serde_json::Value as Json;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

/// The verbs, in the order in which a failure names a pair.
const VERBS: [&str; 20] = [
    "declare",
    "log",
    "adopt",
    "move",
    "merge",
    "amend",
    "retract",
    "redact",
    "undo",
    "redo",
    "restore-event",
    "set",
    "write",
    "task-add",
    "task-done",
    "service",
    "handoff",
    "resolve",
    "reopen",
    "email",
];

/// How long the lock is held after both processes were started.
const HOLD: Duration = Duration::from_millis(60);
/// How many databases are worked on at once.
const THREADS: usize = 6;

/// A database, in which each pair has incidents of its own.
struct Book {
    env: TestEnv,
    /// The ids of events that a process acknowledged, with the pair.
    acknowledged: Vec<(String, String)>,
    /// The numbers of acknowledged declarations.
    numbers: Vec<u64>,
    /// How often each verb was acknowledged.
    done: BTreeMap<&'static str, usize>,
}

/// What a pair writes to.
struct Scene {
    pair: String,
    /// The incident that both write to.
    here: String,
    /// The incident that `move` and `merge` bring things to.
    there: String,
    event: String,
    /// An event that was undone.
    undone: String,
    task: String,
    unfiled: String,
    prose: PathBuf,
}

impl Book {
    fn new() -> Self {
        Self {
            env: TestEnv::new(),
            acknowledged: vec![],
            numbers: vec![],
            done: BTreeMap::new(),
        }
    }

    fn command(&self, author: &str, args: &[&str]) -> Command {
        let mut command = self.env.command(args);
        command
            .env_remove("BRIDGELOG_NOW")
            .env_remove("BRIDGELOG_SEED")
            .env("BRIDGELOG_AUTHOR", author)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, author: &str, args: &[&str]) -> String {
        let output = self.command(author, args).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{args:?}\n{said}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, author: &str, args: &[&str]) -> Json {
        serde_json::from_str(&self.run(author, args)).unwrap()
    }

    /// Makes what the verbs `first` and `second` write to.
    fn scene(&self, first: &str, second: &str, round: usize) -> Scene {
        let mut session = open_session(&self.env.db_path());
        let pair = format!("{first}+{second} {round}");
        let declaration = Declaration {
            title: pair.clone(),
            ..Declaration::default()
        };
        let mut declare = || {
            declare::declare(&mut session, &declaration)
                .unwrap()
                .incident
        };
        let (here, there) = (declare().handle, declare().handle);
        let log = |session: &mut Session, author: &str| {
            author.clone_into(&mut session.write_context.author);
            let options = LineOptions::for_typed_line(Some(&here));
            let logged = log::log_line(session, "of the setup", &Flags::default(), &options);
            logged.unwrap().event.handle
        };
        let event = log(&mut session, "setup");
        let undone = log(&mut session, "setup");
        undo::undo(
            &mut session,
            undo::Within::Named(Some(&here)),
            undo::Consent::Any,
        )
        .unwrap();
        for (author, verb) in [("one", first), ("two", second)] {
            if matches!(verb, "undo" | "redo") {
                log(&mut session, author);
            }
            if verb == "redo" {
                undo::undo(
                    &mut session,
                    undo::Within::Named(Some(&here)),
                    undo::Consent::Any,
                )
                .unwrap();
            }
        }
        "setup".clone_into(&mut session.write_context.author);
        let verbs = [first, second];
        if verbs.contains(&"reopen") {
            lifecycle::resolve(&mut session, Some(&here), None, "").unwrap();
        }
        let to_do = TaskPatch {
            text: Some("to do".into()),
            ..TaskPatch::default()
        };
        let task = task::add(&mut session, Some(&here), &to_do).unwrap().handle;
        // With several incidents open, no line says that its event is unfiled.
        let at = chrono::Utc::now().fixed_offset();
        let prepared = PreparedEvent {
            has_time: true,
            has_unread_time: false,
            event: Event::new(at, Kind::Note, "unfiled"),
            notices: vec![],
        };
        let unfiled = log::commit(&mut session, vec![prepared], None).unwrap();
        let prose = self.env.path().join("prose.md");
        std::fs::write(&prose, &pair).unwrap();
        Scene {
            pair,
            here,
            there,
            event,
            undone,
            task,
            unfiled: unfiled[0].event.handle.clone(),
            prose,
        }
    }

    fn start(&self, author: &'static str, verb: &str, scene: &Scene) -> Child {
        let (here, there) = (scene.here.as_str(), scene.there.as_str());
        let text = format!("{} by {author}", scene.pair);
        let prose = scene.prose.to_str().unwrap();
        let mut args = match verb {
            "declare" => vec!["declare", "--json", "--adopt", &scene.unfiled, &text],
            "log" => vec!["log", "--json", "--incident", here, &text],
            "adopt" => vec!["adopt", &scene.unfiled],
            "move" => vec!["move", &scene.event, there],
            "merge" => vec!["merge", here, "--into", there],
            "amend" => vec!["amend", &scene.event, &text],
            "retract" => vec!["retract", &scene.event, "--reason", &text],
            "redact" => vec!["redact", &scene.event, "--reason", &text],
            "undo" | "redo" => vec![verb],
            "restore-event" => vec![verb, &scene.undone],
            "set" => vec!["set", "impact", &text],
            "write" => vec!["write", "summary", "--from", prose],
            "task-add" => vec!["task", "add", &text],
            "task-done" => vec!["task", "done", &scene.task],
            "service" => vec!["service", "mail"],
            "handoff" => vec!["handoff", "ann"],
            "resolve" | "reopen" => vec![verb, &text],
            "email" => vec!["email", "--save", "--stage", "initial"],
            other => panic!("{other}"),
        };
        let names_its_own = ["declare", "log", "move", "merge"].contains(&verb)
            || ["amend", "retract", "redact", "restore-event", "task-done"].contains(&verb);
        if !names_its_own {
            args.splice(0..0, ["--incident", here]);
        }
        self.command(author, &args).spawn().unwrap()
    }

    /// Runs both verbs at the same moment.
    fn race(&mut self, first: &'static str, second: &'static str, round: usize) {
        let scene = self.scene(first, second, round);
        let lock = rusqlite::Connection::open(self.env.db_path()).unwrap();
        lock.busy_timeout(Duration::from_secs(10)).unwrap();
        lock.execute_batch("BEGIN IMMEDIATE").unwrap();
        let mut both = [("one", first), ("two", second)];
        if round == 2 {
            both.reverse();
        }
        let children = both.map(|(author, verb)| (verb, self.start(author, verb, &scene)));
        std::thread::sleep(HOLD);
        lock.execute_batch("ROLLBACK").unwrap();
        drop(lock);
        for (verb, child) in children {
            let output = child.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(!said.contains("panicked"), "{}: {said}", scene.pair);
            if !output.status.success() {
                // A refusal says why.
                assert!(said.contains("error: "), "{}: {said}", scene.pair);
                continue;
            }
            *self.done.entry(verb).or_default() += 1;
            if matches!(verb, "log" | "declare") {
                let json: Json = serde_json::from_slice(&output.stdout).unwrap();
                let id = json["id"].as_str().unwrap().to_owned();
                self.acknowledged.push((id, scene.pair.clone()));
                self.numbers.extend(json["number"].as_u64());
            }
        }
    }

    /// Checks everything that was written.
    fn check(&self) {
        let mut views: Vec<String> = vec![];
        let mut numbers = BTreeSet::new();
        let list = self.json("check", &["list", "--json"]);
        for row in list.as_array().unwrap() {
            let number = row["number"].as_u64().unwrap();
            assert!(numbers.insert(number), "incident {number} is there twice");
            views.push(row["handle"].as_str().unwrap().to_owned());
        }
        let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for view in views.iter().map(String::as_str).chain(["--unfiled"]) {
            let shown = self.json("check", &["show", view, "--json"]);
            for event in shown["events"].as_array().unwrap() {
                let id = event["id"].as_str().unwrap().to_owned();
                seen.entry(id).or_default().push(view.to_owned());
            }
        }
        let mut given = BTreeSet::new();
        for number in &self.numbers {
            assert!(given.insert(number), "number {number} was given twice");
        }
        let (expected, pairs) = self.visible_events();
        for (id, text) in &expected {
            let places = seen.get(id).map_or(0, Vec::len);
            assert_eq!(places, 1, "views of {id} `{text}`: {:?}", seen.get(id));
        }
        assert_eq!(seen.len(), expected.len(), "a view shows what is gone");
        for (id, pair) in &self.acknowledged {
            // What the other verb undid is gone for a reason; it only undoes what is its own author's.
            assert!(expected.contains_key(id), "{pair}: {id} is lost");
        }
        for (incident, letters) in pairs {
            let mut taken = BTreeSet::new();
            assert!(
                letters.iter().all(|number| taken.insert(number)),
                "{incident} has letters {letters:?}"
            );
        }
        self.run("check", &["verify"]);
    }

    /// Returns the events that the journal has and that were not undone, with their texts; and the
    /// numbers of the letters of each incident.
    fn visible_events(&self) -> (BTreeMap<String, String>, BTreeMap<String, Vec<u32>>) {
        let session = open_session(&self.env.db_path());
        let read = session.read();
        let (mut events, mut letters) = (BTreeMap::new(), BTreeMap::<_, Vec<u32>>::new());
        let mut asked = BTreeSet::new();
        for (_, entry) in read.entries_after(0, usize::MAX).unwrap() {
            let header = entry.header();
            let Some(id) = header.subject.id().filter(|id| asked.insert(*id)) else {
                continue;
            };
            let state = read
                .subject_state(&header.subject, header.incident)
                .unwrap();
            let (current, _) = state.unwrap();
            match (&header.subject, &current.value) {
                (Subject::Event(_), Value::Event(event)) => {
                    events.insert(id.to_string(), event.text.clone());
                }
                (Subject::Event(_), Value::Moved(to)) => panic!("{id} moved to {to:?} for ever"),
                (Subject::Message(_), Value::Message(letter)) => {
                    let incident = format!("{:?}", current.incident);
                    letters.entry(incident).or_default().push(letter.number);
                }
                _ => {}
            }
        }
        (events, letters)
    }
}

fn open_session(path: &Path) -> Session {
    Session::open(SessionOptions {
        path: path.to_owned(),
        store: OpenOptions {
            busy_timeout: Duration::from_secs(10),
            ..OpenOptions::default()
        },
        author: "setup".into(),
        terminal_session: None,
        clock: Clock::System,
        seed: None,
        default_zone: Some("UTC".into()),
        default_incident: None,
        settings: Settings::default(),
    })
    .unwrap()
}

/// Each verb beside itself and all that come after it.
fn pairs() -> Vec<(&'static str, &'static str)> {
    let each = VERBS.iter().enumerate();
    each.flat_map(|(at, first)| VERBS[at..].iter().map(|second| (*first, *second)))
        .collect()
}

#[test]
fn every_pair_of_writing_verbs_keeps_each_acknowledged_event_in_one_view() {
    let pairs = pairs();
    let done = std::sync::Mutex::new(BTreeMap::<&str, usize>::new());
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (pairs, done) = (&pairs, &done);
            scope.spawn(move || {
                let mut book = Book::new();
                for (first, second) in pairs.iter().skip(thread).step_by(THREADS) {
                    for round in [1, 2] {
                        book.race(first, second, round);
                    }
                }
                book.check();
                let mut done = done.lock().unwrap();
                for (verb, count) in book.done {
                    *done.entry(verb).or_default() += count;
                }
            });
        }
    });
    let done = done.into_inner().unwrap();
    for verb in VERBS {
        assert!(done.contains_key(verb), "{verb} never succeeded");
    }
    println!("pairs {}, acknowledged {done:?}", pairs.len());
}
