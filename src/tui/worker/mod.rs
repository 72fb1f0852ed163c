//! The worker: owns the log book, does the jobs, and looks for what others write. The screen never
//! waits for it.

mod logging;
mod looking;
mod papers;
mod reading;
mod writing;

use super::msg::{Failure, Job, Msg, Reply, Work};
use crate::{
    domain::zone::Zone,
    ops::{
        OpsError, Session, SessionOptions,
        draft::{Draft, Drafts},
        log::PendingWrite,
        timeline::Filter,
    },
};
use std::{
    collections::HashSet,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender},
    time::Duration,
};
use uuid::Uuid;

/// How often it is looked for what others write.
const LOOK: Duration = Duration::from_millis(400);

/// The log book, and what of it is on the screen.
pub struct Worker {
    book: Session,
    drafts: Drafts,
    looked: Option<Uuid>,
    zone: Zone,
    version: Option<i64>,
    /// What was sealed and could not be appended, with the job that it was for: the same job once
    /// more appends the same.
    unsure: Vec<(Job, PendingWrite)>,
    /// The numbers of the lines that are on the disk.
    logged: HashSet<u64>,
}

impl From<OpsError> for Failure {
    fn from(error: OpsError) -> Self {
        Self {
            message: error.message,
            hint: error.hint,
            passing: error.retryable,
        }
    }
}

impl Worker {
    /// A worker with `book`.
    #[must_use]
    pub fn new(book: Session) -> Self {
        let drafts = Drafts::for_store(book.store.path());
        let version = book.store.data_version().ok();
        Self {
            drafts,
            looked: None,
            zone: Zone::utc(),
            version,
            unsure: Vec::new(),
            logged: HashSet::new(),
            book,
        }
    }

    /// Does `job`.
    pub fn run(&mut self, job: Job) -> Option<Reply> {
        let line = match &job {
            Job::Log(typed) | Job::Declare { typed, .. } => Some(typed.clone()),
            _ => None,
        };
        let done = match job {
            Job::Keep(drafts) => {
                // A draft that cannot be kept is no reason to stop anybody from typing.
                let drafts = drafts
                    .into_iter()
                    .filter(|(no, _)| !self.logged.contains(no));
                let drafts: Vec<Draft> = drafts.map(|(_, draft)| draft).collect();
                let _ = self.drafts.save(&drafts);
                return None;
            }
            Job::Drafts => Ok(Reply::Drafts(
                self.drafts.recover_orphaned().unwrap_or_default(),
            )),
            Job::Stop => return None,
            job => match job.work() {
                Work::Look => self.look(job),
                Work::Read => self.read(job),
                Work::Paper => self.paper(&job),
                Work::Write => self.write(job),
            },
        };
        Some(done.unwrap_or_else(|error| Reply::Failed {
            why: error.into(),
            line,
        }))
    }

    /// True where another has written since the last time.
    fn changed(&mut self) -> bool {
        match self.book.store.data_version() {
            Ok(version) => self.version.replace(version) != Some(version),
            Err(_) => false,
        }
    }

    /// Does jobs until it is told to stop. Where nobody listens any more, it still writes what was sent
    /// off before.
    pub fn work(mut self, jobs: &Receiver<Job>, to: &Sender<Msg>) {
        let mut waiting: Vec<Job> = Vec::new();
        let mut heard = true;
        loop {
            match jobs.recv_timeout(LOOK) {
                Ok(job) => waiting.push(job),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            waiting.extend(jobs.try_iter());
            for job in newest(std::mem::take(&mut waiting)) {
                if job == Job::Stop {
                    return;
                }
                if !heard && job.work() != Work::Write {
                    continue;
                }
                if let Some(reply) = self.run(job) {
                    heard &= to.send(Msg::Reply(Box::new(reply))).is_ok();
                }
            }
            if heard && self.changed() {
                heard = to.send(Msg::Reply(Box::new(Reply::Changed))).is_ok();
            }
        }
    }
}

/// Does the jobs that take long ([`Job::is_paper`]) on a log book of its own, opened with `options`
/// when the first one comes; until nobody listens any more.
pub fn papers(options: &SessionOptions, jobs: &Receiver<Job>, to: &Sender<Msg>) {
    let mut worker: Option<Worker> = None;
    while let Ok(first) = jobs.recv() {
        let mut waiting = vec![first];
        waiting.extend(jobs.try_iter());
        for job in newest(waiting) {
            if job == Job::Stop {
                return;
            }
            let opened = match worker.take() {
                Some(opened) => Ok(opened),
                None => Session::open(options.clone()).and_then(|book| {
                    book.store.use_small_cache()?;
                    Ok(Worker::new(book))
                }),
            };
            let reply = match opened {
                Ok(mut opened) => {
                    let reply = opened.run(job);
                    worker = Some(opened);
                    reply
                }
                Err(error) => Some(Reply::Failed {
                    why: error.into(),
                    line: None,
                }),
            };
            if let Some(reply) = reply
                && to.send(Msg::Reply(Box::new(reply))).is_err()
            {
                return;
            }
        }
    }
}

/// `jobs` without those that a later one makes needless: of readings and drafts only the last counts.
fn newest(jobs: Vec<Job>) -> Vec<Job> {
    let same = |a: &Job, b: &Job| {
        matches!(
            (a, b),
            (Job::Parse { .. }, Job::Parse { .. })
                | (Job::ParseTask { .. }, Job::ParseTask { .. })
                | (Job::ParseMany { .. }, Job::ParseMany { .. })
                | (Job::Keep(_), Job::Keep(_))
                | (Job::Find(_), Job::Find(_))
                | (Job::FindAll(_), Job::FindAll(_))
                | (Job::Page { .. }, Job::Page { .. })
                | (Job::Document(..), Job::Document(..))
                | (Job::Story(_), Job::Story(_))
                | (Job::Ledger, Job::Ledger)
                | (Job::Trends, Job::Trends)
                | (Job::Refresh { .. }, Job::Refresh { .. })
        )
    };
    let keep: Vec<bool> = jobs
        .iter()
        .enumerate()
        .map(|(at, job)| !jobs[at + 1..].iter().any(|later| same(job, later)))
        .collect();
    jobs.into_iter()
        .zip(keep)
        .filter_map(|(job, keep)| keep.then_some(job))
        .collect()
}

/// Everything is wanted.
fn everything() -> Filter {
    Filter::default()
}
