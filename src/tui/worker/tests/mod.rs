//! Jobs on a real store in a temporary folder.

mod checks;
mod confirming;
mod lines;

use super::Worker;
use crate::{
    config::Settings,
    domain::{
        task::TaskState,
        time::{UtcTime, parse_utc},
    },
    ops::{
        Session, SessionOptions, amend,
        context::LineOptions,
        declare::Declaration,
        lifecycle, log,
        timeline::{Filter, PageAnchor, TimelinePage},
        write_context::Clock,
    },
    tui::msg::{
        Check, CheckMark, Failure, Job, ParsedLine, PastedLine, ReadRow, Reply, Select, Target,
        TypedLine, Write,
    },
};
use chrono::{Duration, NaiveDate};
use tempfile::TempDir;

/// 05:13 UTC on Friday 27 November 2026.
const NOW: &str = "2026-11-27T05:13:00Z";

fn now() -> UtcTime {
    parse_utc(NOW).unwrap()
}

struct Book {
    folder: TempDir,
    worker: Worker,
    next: u64,
}

impl Book {
    fn session_of(&self, author: &str, terminal: &str, after: i64) -> Session {
        open(&self.folder, author, terminal, after)
    }

    /// A book with an open incident, declared at 04:39, in which `online-db` is down since 04:31.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut setup = open(&folder, "jw", "tty1", -34 * 60);
        let declaration = Declaration {
            title: "AVR Online outage".into(),
            services: vec!["online-db".into()],
            ..Declaration::default()
        };
        crate::ops::declare::declare(&mut setup, &declaration).unwrap();
        let mut setup = open(&folder, "jw", "tty1", 0);
        for line in [
            "~04:31 fault: second fault @online-db !down tell: A server halted.",
            "04:55:20 decision: move a system image @online-db #storage why: unknown",
            "05:01 action: image copy under way",
            "04:57 ask: find a spare chassis @ann 10m",
        ] {
            write(&mut setup, line);
        }
        let worker = Worker::new(open(&folder, "jw", "tty1", 0));
        let mut book = Self {
            folder,
            worker,
            next: 0,
        };
        book.run(Job::LoadIncident(None));
        book
    }

    fn run(&mut self, job: impl Into<Job>) -> Reply {
        self.worker.run(job.into()).unwrap()
    }

    fn check(&mut self, write: &Write) -> (u64, Result<Check, Failure>) {
        self.next += 1;
        let id = self.next;
        let write = Box::new(write.clone());
        match self.run(Job::Check { id, write }) {
            Reply::Checked {
                id: answered,
                result,
            } => {
                assert_eq!(answered, id);
                (id, result)
            }
            other => panic!("{other:?}"),
        }
    }

    /// The lines of the check of `write`, and its number.
    fn lines(&mut self, write: &Write) -> (u64, Vec<String>) {
        let (id, check) = self.check(write);
        (id, shown(&check.unwrap()))
    }

    fn confirm(&mut self, id: u64, write: &Write) -> Result<String, Failure> {
        let write = Box::new(write.clone());
        let job = Job::Confirmed { id, write };
        match self.run(job.clone()) {
            Reply::Done {
                message, job: of, ..
            } => {
                assert_eq!(of, Some(Box::new(job)));
                Ok(message)
            }
            Reply::Failed {
                failure, job: of, ..
            } => {
                assert_eq!(of, Some(Box::new(job)));
                Err(failure)
            }
            other => panic!("{other:?}"),
        }
    }

    /// Checks and confirms `write`.
    fn done(&mut self, write: &Write) -> String {
        let (id, _) = self.lines(write);
        self.confirm(id, write).unwrap()
    }

    fn log(&mut self, text: &str) -> Reply {
        self.next += 1;
        let typed = typed(self.next, text);
        self.run(Write::Log(typed))
    }

    fn handle(&self, text: &str) -> String {
        let read = self.worker.session.read();
        let row = read.last_added_incident().unwrap().unwrap();
        let incident = read.incident(row.id).unwrap().unwrap();
        let event = incident.events.iter().find(|e| e.value.text.contains(text));
        event.unwrap_or_else(|| panic!("no {text}")).handle.clone()
    }

    fn incident(&self) -> String {
        let read = self.worker.session.read();
        read.last_added_incident().unwrap().unwrap().handle
    }

    fn texts(&self) -> Vec<String> {
        let read = self.worker.session.read();
        let row = read.last_added_incident().unwrap().unwrap();
        let incident = read.incident(row.id).unwrap().unwrap();
        let events = incident.active_events();
        events.map(|event| event.value.text.clone()).collect()
    }

    fn entries(&self) -> u64 {
        self.worker.session.read().entry_count().unwrap()
    }
}

fn open(folder: &TempDir, author: &str, terminal: &str, after: i64) -> Session {
    let mut session = Session::open(SessionOptions {
        path: folder.path().join("log.db"),
        store: Default::default(),
        author: author.to_owned(),
        terminal_session: Some(terminal.to_owned()),
        clock: Clock::Fixed(now() + Duration::seconds(after)),
        seed: None,
        default_zone: Some("UTC".to_owned()),
        default_incident: None,
        settings: Settings::default(),
    })
    .unwrap();
    let soon = std::time::Duration::from_millis(20);
    session.store.set_busy_timeout(soon).unwrap();
    session
}

fn write(session: &mut Session, line: &str) {
    log::log_line(
        session,
        line,
        &Default::default(),
        &LineOptions::for_typed_line(None),
    )
    .unwrap();
}

fn typed(seq: u64, text: &str) -> TypedLine {
    TypedLine {
        seq,
        text: text.to_owned(),
        begun: now(),
        target: Target::Open,
        allow_customer_wording: true,
        confirmed: false,
    }
}

fn shown(check: &Check) -> Vec<String> {
    let lines = check.lines.iter();
    lines
        .map(|line| {
            let mark = match line.mark {
                CheckMark::Removed => "- ",
                CheckMark::Added => "+ ",
                CheckMark::Customer => "» ",
                CheckMark::Plain => "",
                CheckMark::Warning => "! ",
            };
            format!("{mark}{}", line.text)
        })
        .collect()
}

fn message(reply: Reply) -> String {
    match reply {
        Reply::Done { message, .. } => message,
        other => panic!("{other:?}"),
    }
}

fn failure(reply: Reply) -> Failure {
    match reply {
        Reply::Failed { failure, .. } => failure,
        other => panic!("{other:?}"),
    }
}
