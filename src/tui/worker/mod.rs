//! The worker: owns the log book, does the jobs, and looks for what others write. The screen never
//! waits for it.

mod documents;
mod log_lines;
mod parse;
mod queries;
mod writes;

use self::log_lines::PendingDeclaration;
use super::msg::{Failure, Job, JobKind, Msg, Reply};
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
    collections::{HashMap, HashSet},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender},
    time::Duration,
};
use uuid::Uuid;

/// How often it is looked for what others write.
const POLL_INTERVAL: Duration = Duration::from_millis(400);

/// The log book, and what of it is on the screen.
pub struct Worker {
    book: Session,
    drafts: Drafts,
    shown_incident: Option<Uuid>,
    zone: Zone,
    data_version: Option<i64>,
    /// What was sealed and could not be appended, with the job that it was for: the same job once
    /// more appends the same.
    unacknowledged: Vec<(Job, PendingWrite)>,
    /// The latest declarations, with the jobs that they were for, whatever came of them.
    declarations: Vec<(Job, PendingDeclaration)>,
    /// The entries that events showed when their lines were taken to be edited, by handle.
    edited_versions: HashMap<String, Uuid>,
    /// The section that was taken to be edited: its incident, its name and its text.
    edited_section: Option<(Uuid, String, String)>,
    /// The numbers of the lines that are on the disk.
    logged_lines: HashSet<u64>,
}

impl From<OpsError> for Failure {
    fn from(error: OpsError) -> Self {
        Self {
            message: error.full_message(),
            hint: (!error.hints.is_empty()).then(|| error.hints.join("\n")),
            retryable: error.retryable,
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
            shown_incident: None,
            zone: Zone::utc(),
            data_version: version,
            unacknowledged: Vec::new(),
            declarations: Vec::new(),
            edited_versions: HashMap::new(),
            edited_section: None,
            logged_lines: HashSet::new(),
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
            Job::SaveDrafts(drafts) => {
                // A draft that cannot be kept is no reason to stop anybody from typing.
                let drafts = drafts
                    .into_iter()
                    .filter(|(no, _)| !self.logged_lines.contains(no));
                let drafts: Vec<Draft> = drafts.map(|(_, draft)| draft).collect();
                let _ = self.drafts.save(&drafts);
                return None;
            }
            Job::LoadDrafts => {
                self.drafts
                    .take_over_orphaned()
                    .map(Reply::Drafts)
                    .map_err(|error| {
                        OpsError::failed("half-typed lines of before cannot be taken over")
                            .with_source(error)
                            .with_hint("they stay in the files beside the log book")
                    })
            }
            Job::Stop => return None,
            job => match job.kind() {
                JobKind::Query => self.run_query(job),
                JobKind::Parse => self.run_parse(job),
                JobKind::Background => self.run_background_job(&job),
                JobKind::Write => self.run_write(job),
            },
        };
        Some(done.unwrap_or_else(|error| Reply::Failed {
            failure: error.into(),
            line,
        }))
    }

    /// True where another has written since the last time.
    fn store_changed(&mut self) -> bool {
        match self.book.store.data_version() {
            Ok(version) => self.data_version.replace(version) != Some(version),
            Err(_) => false,
        }
    }

    /// Does jobs until it is told to stop. Where nobody listens any more, it still writes what was sent
    /// off before.
    pub fn run_loop(mut self, jobs: &Receiver<Job>, to: &Sender<Msg>) {
        let mut waiting: Vec<Job> = Vec::new();
        let mut heard = true;
        loop {
            match jobs.recv_timeout(POLL_INTERVAL) {
                Ok(job) => waiting.push(job),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            waiting.extend(jobs.try_iter());
            for job in drop_superseded(std::mem::take(&mut waiting)) {
                if job == Job::Stop {
                    return;
                }
                if !heard && job.kind() != JobKind::Write {
                    continue;
                }
                if let Some(reply) = self.run(job) {
                    heard &= to.send(Msg::Reply(Box::new(reply))).is_ok();
                }
            }
            if heard && self.store_changed() {
                heard = to.send(Msg::Reply(Box::new(Reply::StoreChanged))).is_ok();
            }
        }
    }
}

/// Does the jobs that take long ([`Job::is_background`]) on a log book of its own, opened with `options`
/// when the first one comes; until nobody listens any more.
pub fn run_background(options: &SessionOptions, jobs: &Receiver<Job>, to: &Sender<Msg>) {
    let mut worker: Option<Worker> = None;
    while let Ok(first) = jobs.recv() {
        let mut waiting = vec![first];
        waiting.extend(jobs.try_iter());
        for job in drop_superseded(waiting) {
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
                    failure: error.into(),
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
fn drop_superseded(jobs: Vec<Job>) -> Vec<Job> {
    let same = |a: &Job, b: &Job| {
        matches!(
            (a, b),
            (Job::Parse { .. }, Job::Parse { .. })
                | (Job::ParseTask { .. }, Job::ParseTask { .. })
                | (Job::ParsePaste { .. }, Job::ParsePaste { .. })
                | (Job::SaveDrafts(_), Job::SaveDrafts(_))
                | (Job::Search(_), Job::Search(_))
                | (Job::SearchAll(_), Job::SearchAll(_))
                | (Job::LoadPage { .. }, Job::LoadPage { .. })
                | (Job::Document(..), Job::Document(..))
                | (Job::IncidentHistory(_), Job::IncidentHistory(_))
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
fn no_filter() -> Filter {
    Filter::default()
}
