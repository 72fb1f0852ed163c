//! The thread for slow jobs, as the main loop knows it.

use super::{
    msg::{Job, Msg},
    worker,
};
use crate::ops::SessionOptions;
use std::{
    sync::mpsc::{Sender, channel},
    thread,
};

/// The thread for slow jobs, started with the first of them.
pub(super) struct BackgroundWorker {
    options: SessionOptions,
    replies: Sender<Msg>,
    jobs: Option<Sender<Job>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl BackgroundWorker {
    pub fn new(options: SessionOptions, replies: Sender<Msg>) -> Self {
        Self {
            options,
            replies,
            jobs: None,
            thread: None,
        }
    }

    /// Sends `job` to the thread; returns false if it cannot be started or has ended.
    pub fn send(&mut self, job: Job) -> bool {
        if self.jobs.is_none() {
            let (jobs, jobs_rx) = channel();
            let (options, replies) = (self.options.clone(), self.replies.clone());
            let started = thread::Builder::new()
                .name("background".to_owned())
                .spawn(move || worker::run_background(&options, &jobs_rx, &replies));
            self.thread = started.ok();
            self.jobs = self.thread.is_some().then_some(jobs);
        }
        self.jobs
            .as_ref()
            .is_some_and(|jobs| jobs.send(job).is_ok())
    }

    /// Takes no more jobs, and returns the thread that still runs those it was given.
    pub fn close(&mut self) -> Option<thread::JoinHandle<()>> {
        self.jobs = None;
        self.thread.take()
    }
}
