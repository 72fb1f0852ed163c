//! The worker owns the [`Session`]: jobs come in, replies go out. It also polls the store for
//! writes of other processes. The screen never waits for it. Begin with [`Worker::run_loop`].

mod asked_day;
mod check;
mod check_incidents;
mod check_lines;
mod check_records;
mod check_words;
mod confirm;
mod documents;
mod findings;
mod gone_parts;
mod import;
mod incidents;
mod log_lines;
mod parse;
mod parse_paste;
mod perform;
mod queries;
mod question;
mod retry;
#[cfg(test)]
mod tests;
mod unsaved;
mod wording;
mod write_events;
mod write_incident;
mod write_tasks;
mod write_undo;
mod writes;

use self::retry::{Memory, RememberedCheck};
use super::msg::{Failure, Job, JobKind, Msg, Reply};
use crate::{
    domain::zone::Zone,
    ops::{
        OpsError, Result, Session, SessionOptions,
        draft::{Draft, Drafts},
    },
};
use std::{
    io,
    path::PathBuf,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender},
    time::Duration,
};
use uuid::Uuid;

/// How often the store is polled for writes of other processes.
const POLL_INTERVAL: Duration = Duration::from_millis(400);

/// The page cache of each session: nearly every page that the screen needs is read once.
pub const CACHE_KIB: u16 = 256;

/// The session, and what of it is on the screen.
pub struct Worker {
    session: Session,
    drafts: Drafts,
    shown_incident: Option<Uuid>,
    zone: Zone,
    data_version: Option<i64>,
    memory: Memory,
    /// The checks that may be confirmed.
    checks: Vec<RememberedCheck>,
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
            memory: Memory::default(),
            checks: Vec::new(),
            drafts_unsaved: false,
            store_unreadable: false,
            session,
        }
    }

    /// Runs `job`; returns `None` for jobs without a reply.
    pub fn run(&mut self, job: Job) -> Option<Reply> {
        // What waits for its reply: a write, a page of the timeline, the detail of an event.
        let is_write = job.kind() == JobKind::Write;
        let is_awaited = is_write
            || matches!(
                job,
                Job::LoadPage { .. } | Job::LoadDetail(_) | Job::GoTo { .. }
            );
        let awaited = is_awaited.then(|| Box::new(job.clone()));
        match self.perform(job) {
            Ok(Some(Reply::Done { message, next, .. })) => Some(Reply::Done {
                message,
                next,
                job: awaited,
            }),
            Ok(reply) => reply,
            Err(error) => match (error.obstacle.clone(), awaited) {
                (Some(obstacle), Some(job)) if is_write && !error.retryable => {
                    Some(Reply::Unsaved {
                        obstacle,
                        failure: error.into(),
                        job,
                    })
                }
                (_, job) => Some(Reply::Failed {
                    failure: error.into(),
                    job,
                }),
            },
        }
    }

    fn load_drafts(&mut self) -> Result<Reply> {
        let taken_over = self.drafts.take_over_orphaned();
        let drafts = taken_over.map_err(|error| {
            OpsError::failed("cannot take over the unfinished lines of an earlier run")
                .with_source(error)
                .with_hint("they stay in the files beside the database")
        })?;
        Ok(Reply::Drafts {
            drafts,
            unreadable: self.drafts.unreadable().iter().map(describe_file).collect(),
        })
    }

    /// Saves drafts. One that cannot be saved does not keep the user from typing: only the first failure
    /// in a row is reported.
    fn save_drafts(&mut self, drafts: Vec<(u64, Draft)>) -> Option<Reply> {
        let written = &self.memory.logged_lines;
        let unwritten = drafts.into_iter().filter(|(seq, _)| !written.contains(seq));
        let drafts: Vec<Draft> = unwritten.map(|(_, draft)| draft).collect();
        let saved = self.drafts.save(&drafts);
        let failed_before = std::mem::replace(&mut self.drafts_unsaved, saved.is_err());
        match saved {
            Err(error) if !failed_before => Some(Reply::DraftsUnsaved(error.to_string())),
            Ok(()) if failed_before => Some(Reply::DraftsSaved),
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
            let mut batch = drop_superseded(std::mem::take(&mut queue));
            // The detail follows every move of the selection: nothing else waits for it.
            batch.sort_by_key(|job| matches!(job, Job::LoadDetail(_)));
            for job in batch {
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

/// Runs slow jobs ([`Job::is_background`]) on a session of its own, opened with `options` for those that
/// wait and closed after them, so that it takes no memory meanwhile. Ends when the UI is gone.
pub fn run_background(options: &SessionOptions, jobs: &Receiver<Job>, messages_tx: &Sender<Msg>) {
    while let Ok(first) = jobs.recv() {
        let mut worker: Option<Worker> = None;
        let mut queue = vec![first];
        queue.extend(jobs.try_iter());
        for job in drop_superseded(queue) {
            if job == Job::Stop {
                return;
            }
            let opened = match worker.take() {
                Some(opened) => Ok(opened),
                None => Session::open(options.clone()).and_then(|session| {
                    session.store.set_cache(CACHE_KIB)?;
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
                    job: None,
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
        if let (Job::Check { id: first, .. }, Job::Check { id: second, .. }) = (a, b) {
            return first == second;
        }
        matches!(
            (a, b),
            (Job::Parse { .. }, Job::Parse { .. })
                | (Job::ParseRows { .. }, Job::ParseRows { .. })
                | (Job::ParseTask { .. }, Job::ParseTask { .. })
                | (Job::ParsePaste { .. }, Job::ParsePaste { .. })
                | (Job::SaveDrafts(_), Job::SaveDrafts(_))
                | (Job::Search(_), Job::Search(_))
                | (Job::SearchAll(_), Job::SearchAll(_))
                | (Job::LoadPage { .. }, Job::LoadPage { .. })
                | (Job::LoadDetail(_), Job::LoadDetail(_))
                | (Job::Document(..), Job::Document(..))
                | (Job::IncidentHistory(_), Job::IncidentHistory(_))
                | (Job::SeenBefore(_), Job::SeenBefore(_))
                | (Job::ListFolder(_), Job::ListFolder(_))
                | (Job::ReadImport { .. }, Job::ReadImport { .. })
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
