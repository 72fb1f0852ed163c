//! The worker owns the [`Session`]: jobs come in, replies go out. It also polls the store for
//! writes of other processes. The screen never waits for it. Begin with [`Worker::run_loop`].

mod documents;
mod incidents;
mod log_lines;
mod parse;
mod queries;
mod retry;
mod writes;

use self::retry::PendingDeclaration;
use super::msg::{Failure, Job, JobKind, Msg, Reply};
use crate::{
    domain::zone::Zone,
    ops::{
        OpsError, Session, SessionOptions,
        draft::{Draft, Drafts},
        log::PendingWrite,
    },
};
use std::{
    collections::{HashMap, HashSet},
    io,
    path::PathBuf,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender},
    time::Duration,
};
use uuid::Uuid;

/// How often the store is polled for writes of other processes.
const POLL_INTERVAL: Duration = Duration::from_millis(400);

/// The session, and what of it is on the screen.
pub struct Worker {
    session: Session,
    drafts: Drafts,
    shown_incident: Option<Uuid>,
    zone: Zone,
    data_version: Option<i64>,
    /// Writes whose outcome is unknown or that failed, with their jobs: the same job appends the
    /// same entries.
    unacknowledged: Vec<(Job, PendingWrite)>,
    /// The latest declarations with their jobs, whatever came of them: the same job declares the
    /// same incident.
    declarations: Vec<(Job, PendingDeclaration)>,
    /// The entry that each event showed when its line was opened for editing, by handle.
    edited_versions: HashMap<String, Uuid>,
    /// The act that an undo or redo asked about, until the next write: the same key again agrees.
    undo_question: Option<Uuid>,
    /// The section that was opened for editing: its incident, its name and its text.
    edited_section: Option<(Uuid, String, String)>,
    /// The numbers of the lines that are written.
    logged_lines: HashSet<u64>,
    /// True if the drafts could not be saved the last time.
    drafts_unsaved: bool,
    /// True if the store could not be read at the last poll.
    store_unreadable: bool,
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
    #[must_use]
    pub fn new(session: Session) -> Self {
        let drafts = Drafts::for_store(session.store.path());
        let version = session.store.data_version().ok();
        Self {
            drafts,
            shown_incident: None,
            zone: Zone::utc(),
            data_version: version,
            unacknowledged: Vec::new(),
            declarations: Vec::new(),
            edited_versions: HashMap::new(),
            undo_question: None,
            edited_section: None,
            logged_lines: HashSet::new(),
            drafts_unsaved: false,
            store_unreadable: false,
            session,
        }
    }

    /// Runs `job`; returns `None` for jobs without a reply.
    pub fn run(&mut self, job: Job) -> Option<Reply> {
        let line = match &job {
            Job::Log(typed) | Job::Declare { typed, .. } => Some(typed.clone()),
            _ => None,
        };
        let write = (job.kind() == JobKind::Write).then(|| Box::new(job.clone()));
        let mut result = match job {
            Job::SaveDrafts(drafts) => {
                let drafts = drafts
                    .into_iter()
                    .filter(|(seq, _)| !self.logged_lines.contains(seq));
                let drafts: Vec<Draft> = drafts.map(|(_, draft)| draft).collect();
                return self.save_drafts(&drafts);
            }
            Job::LoadDrafts => self
                .drafts
                .take_over_orphaned()
                .map(|drafts| Reply::Drafts {
                    drafts,
                    unreadable: self.drafts.unreadable().iter().map(describe_file).collect(),
                })
                .map_err(|error| {
                    OpsError::failed("half-typed lines of before cannot be taken over")
                        .with_source(error)
                        .with_hint("they stay in the files beside the log book")
                }),
            Job::Stop => return None,
            job => match job.kind() {
                JobKind::Query => self.run_query(job),
                JobKind::Parse => self.run_parse(job),
                JobKind::Background => self.run_background_job(&job),
                JobKind::Write => self.run_write(job),
            },
        };
        if let Ok(Reply::Done { job, .. }) = &mut result {
            *job = write;
        }
        Some(result.unwrap_or_else(|error| Reply::Failed {
            failure: error.into(),
            line,
        }))
    }

    /// Saves drafts. One that cannot be saved does not keep the user from typing: only the first failure
    /// in a row is reported.
    fn save_drafts(&mut self, drafts: &[Draft]) -> Option<Reply> {
        let saved = self.drafts.save(drafts);
        let failed_before = std::mem::replace(&mut self.drafts_unsaved, saved.is_err());
        match saved {
            Err(error) if !failed_before => Some(Reply::DraftsUnsaved(error.to_string())),
            _ => None,
        }
    }

    /// Returns what to tell the screen of the store: that another process has written since the last call,
    /// or, once in a row, that it can no longer be read.
    fn poll_store(&mut self) -> Option<Reply> {
        let version = self.session.store.data_version().map_err(OpsError::from);
        if version.as_ref().is_err_and(|error| error.retryable) {
            return None;
        }
        let unreadable_before = std::mem::replace(&mut self.store_unreadable, version.is_err());
        match version {
            Ok(version) => {
                let before = self.data_version.replace(version);
                (before != Some(version) || unreadable_before).then_some(Reply::StoreChanged)
            }
            Err(_) if unreadable_before => None,
            Err(error) => Some(Reply::StoreUnreadable(error.into())),
        }
    }

    /// Runs jobs until [`Job::Stop`]. If the UI is gone, writes that were already sent are still
    /// done.
    pub fn run_loop(mut self, jobs: &Receiver<Job>, messages_tx: &Sender<Msg>) {
        let mut queue: Vec<Job> = Vec::new();
        let mut ui_connected = true;
        loop {
            match jobs.recv_timeout(POLL_INTERVAL) {
                Ok(job) => queue.push(job),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            queue.extend(jobs.try_iter());
            for job in drop_superseded(std::mem::take(&mut queue)) {
                if job == Job::Stop {
                    return;
                }
                if !ui_connected && job.kind() != JobKind::Write {
                    continue;
                }
                if let Some(reply) = self.run(job) {
                    ui_connected &= messages_tx.send(Msg::Reply(Box::new(reply))).is_ok();
                }
            }
            if ui_connected && let Some(reply) = self.poll_store() {
                ui_connected = messages_tx.send(Msg::Reply(Box::new(reply))).is_ok();
            }
        }
    }
}

/// Names a file with the reason why it cannot be read.
fn describe_file((path, error): &(PathBuf, io::Error)) -> String {
    format!("{}: {error}", path.display())
}

/// Runs slow jobs ([`Job::is_background`]) on a session of its own, opened with `options` for the
/// first of them. Ends when the UI is gone.
pub fn run_background(options: &SessionOptions, jobs: &Receiver<Job>, messages_tx: &Sender<Msg>) {
    let mut worker: Option<Worker> = None;
    while let Ok(first) = jobs.recv() {
        let mut queue = vec![first];
        queue.extend(jobs.try_iter());
        for job in drop_superseded(queue) {
            if job == Job::Stop {
                return;
            }
            let opened = match worker.take() {
                Some(opened) => Ok(opened),
                None => Session::open(options.clone()).and_then(|session| {
                    session.store.use_small_cache()?;
                    Ok(Worker::new(session))
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
                && messages_tx.send(Msg::Reply(Box::new(reply))).is_err()
            {
                return;
            }
        }
    }
}

/// Removes jobs that a later one of the same kind supersedes, such as all parses but the last.
fn drop_superseded(jobs: Vec<Job>) -> Vec<Job> {
    let supersedes = |a: &Job, b: &Job| {
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
        .map(|(at, job)| !jobs[at + 1..].iter().any(|later| supersedes(job, later)))
        .collect();
    jobs.into_iter()
        .zip(keep)
        .filter_map(|(job, keep)| keep.then_some(job))
        .collect()
}
