//! Keeps this database and the hub in step while the app runs, in a thread of its own: no key waits for it.

use super::{
    hub_status::{HubState, HubStatus},
    msg::{Job, Msg, Reply},
};
use crate::{
    domain::time::UtcTime,
    ops::{
        OpsError, Result, Session, SessionOptions,
        sync::{self, Hub, HubAddress, Notes, SyncReport},
    },
};
use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel},
    },
    thread,
    time::{Duration, Instant},
};
use uuid::Uuid;

/// How long the thread sleeps before it checks whether something was written here.
const WAKE: Duration = Duration::from_millis(100);
/// How often the hub is compared where nothing says that something is new.
const LOOK: Duration = Duration::from_secs(1);
/// How often this machine says who is here, and how often it asks who else is.
const ANNOUNCE: Duration = Duration::from_secs(30);
const ASK: Duration = Duration::from_secs(3);
/// The first and the longest time until an attempt is repeated.
const FIRST_RETRY: Duration = Duration::from_secs(1);
const LAST_RETRY: Duration = Duration::from_secs(30);

/// What the app tells the thread.
enum Order {
    /// This incident is on the screen.
    Show(Option<Uuid>),
    SyncNow,
}

/// The thread. Dropped, it ends after what it is doing.
pub struct HubThread {
    orders: Sender<Order>,
    thread: thread::JoinHandle<()>,
    has_database: Arc<AtomicBool>,
}

impl HubThread {
    /// Starts the thread for the hub at `address`; `None` if the system gives none.
    pub fn start(
        options: SessionOptions,
        address: HubAddress,
        messages: Sender<Msg>,
        jobs: Sender<Job>,
    ) -> Option<Self> {
        let (orders, orders_rx) = channel();
        let has_database = Arc::new(AtomicBool::new(false));
        let runner = Runner {
            options,
            address,
            messages,
            jobs,
            orders: orders_rx,
            shown: None,
            has_database: Arc::clone(&has_database),
            status: HubStatus::default(),
            offline_since: None,
            named: Vec::new(),
        };
        let thread = thread::Builder::new()
            .name("hub".to_owned())
            .spawn(move || runner.run());
        Some(Self {
            orders,
            thread: thread.ok()?,
            has_database,
        })
    }

    /// Says which incident is on the screen.
    pub fn show(&self, incident: Option<Uuid>) {
        let _ = self.orders.send(Order::Show(incident));
    }

    /// Has the thread sync at once, also where the hub could not be reached just now.
    pub fn sync_now(&self) {
        let _ = self.orders.send(Order::SyncNow);
    }

    /// Asks the thread to end. Returns a question: whether it still has the database open.
    pub fn stop(self) -> impl Fn() -> bool {
        drop(self.orders);
        move || self.has_database.load(Ordering::Acquire) && !self.thread.is_finished()
    }
}

/// Why the thread leaves the hub.
enum End {
    /// The app has ended.
    Stopped,
    Failed(OpsError),
}

/// What ends a wait before its time.
enum Interrupted {
    /// The app has ended.
    Stopped,
    SyncNow,
}

impl From<OpsError> for End {
    fn from(error: OpsError) -> Self {
        Self::Failed(error)
    }
}

struct Runner {
    options: SessionOptions,
    address: HubAddress,
    messages: Sender<Msg>,
    /// To the worker.
    jobs: Sender<Job>,
    orders: Receiver<Order>,
    /// The incident on the screen.
    shown: Option<Uuid>,
    has_database: Arc<AtomicBool>,
    /// As it was sent last.
    status: HubStatus,
    offline_since: Option<UtcTime>,
    /// The notices that were shown already.
    named: Vec<String>,
}

impl Runner {
    fn run(mut self) {
        let mut retry = FIRST_RETRY;
        loop {
            let begun = Instant::now();
            let End::Failed(error) = self.serve() else {
                return;
            };
            if begun.elapsed() > LAST_RETRY {
                retry = FIRST_RETRY;
            }
            retry = match self.wait_offline(&error, retry) {
                Ok(()) => (retry * 2).min(LAST_RETRY),
                Err(Interrupted::SyncNow) => FIRST_RETRY,
                Err(Interrupted::Stopped) => return,
            };
        }
    }

    /// Keeps the hub in step until it fails or the app ends.
    fn serve(&mut self) -> End {
        let opened = self
            .address
            .open()
            .and_then(|hub| Ok((hub, Session::open(self.options.clone())?)));
        let (mut hub, mut session) = match opened {
            Ok(opened) => opened,
            Err(error) => return error.into(),
        };
        self.has_database.store(true, Ordering::Release);
        let end = match self.keep_in_step(&mut session, hub.as_mut()) {
            Ok(never) => match never {},
            Err(end) => end,
        };
        if matches!(end, End::Stopped) {
            let _ = sync::announce(&session, hub.as_mut(), None);
        }
        drop(session);
        self.has_database.store(false, Ordering::Release);
        end
    }

    fn keep_in_step(
        &mut self,
        session: &mut Session,
        hub: &mut dyn Hub,
    ) -> Result<Infallible, End> {
        hub.listen();
        let (mut announced, mut asked): (Option<Instant>, Option<Instant>) = (None, None);
        let mut version = None;
        let mut synced: Option<Instant> = None;
        let is_due = |last: Option<Instant>, every| last.is_none_or(|at| at.elapsed() >= every);
        loop {
            if is_due(synced, LOOK) || version != Some(data_version(session)?) {
                let report = sync::sync(session, hub)?;
                synced = Some(Instant::now());
                // What the sync wrote itself is no reason for another one.
                version = Some(data_version(session)?);
                self.report(session, hub, report)?;
            }
            // A hub that cannot say who is there is in step all the same.
            if is_due(announced, ANNOUNCE) {
                announced = Some(Instant::now());
                let _ = sync::announce(session, hub, self.shown);
            }
            if is_due(asked, ASK) {
                asked = Some(Instant::now());
                if let Ok(others) = sync::others(session, hub) {
                    let status = self.status.clone();
                    self.send(HubStatus { others, ..status })?;
                }
            }
            if hub.wait(WAKE).map_err(OpsError::from)? {
                synced = None;
            }
            let shown = self.shown;
            loop {
                match self.orders.try_recv() {
                    Ok(Order::Show(incident)) => self.shown = incident,
                    Ok(Order::SyncNow) => synced = None,
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => return Err(End::Stopped),
                }
            }
            if self.shown != shown {
                announced = None;
            }
        }
    }

    /// Shows what a sync did. Fails with the error that ended it.
    fn report(
        &mut self,
        session: &Session,
        hub: &mut dyn Hub,
        report: SyncReport,
    ) -> Result<(), End> {
        if report.received.entries > 0 {
            // The worker sees then what is new, and says so to the screen once.
            self.jobs.send(Job::PollStore).map_err(|_| End::Stopped)?;
        }
        let notices = self.new_notices(sync::notices(session, &report));
        let notes: &Notes = &report.memory.notes;
        let status = HubStatus {
            name: hub.name().to_owned(),
            received: notes.received,
            sent: notes.sent,
            clock: sync::clock_warning(notes.clock_offset_micros),
            notices,
            ..self.status.clone()
        };
        let ended = match (report.receiving, report.sending.map_err(OpsError::from)) {
            (Err(error), _) => Err(OpsError::from(error)),
            (Ok(()), Err(error)) if error.retryable => Err(error),
            (Ok(()), sending) => Ok(sending),
        };
        let sending = match ended {
            Ok(sending) => sending,
            // What was found before it failed is said all the same.
            Err(error) => {
                self.send(status)?;
                return Err(error.into());
            }
        };
        let state = match sending {
            Ok(()) => HubState::InStep,
            // Receiving goes on where nothing can be sent.
            Err(error) => HubState::NotSending {
                since: notes.sent,
                to_send: sync::waiting(session, hub.key())?,
                why: error.full_message(),
            },
        };
        self.offline_since = None;
        self.send(HubStatus { state, ..status })
    }

    /// Those of `notices` that were not shown yet.
    fn new_notices(&mut self, notices: Vec<String>) -> Vec<String> {
        let (old, new): (Vec<String>, Vec<String>) = notices
            .into_iter()
            .partition(|notice| self.named.contains(notice));
        self.named = [old, new.clone()].concat();
        new
    }

    /// Waits for `time`, and says meanwhile how much there is to send.
    fn wait_offline(&mut self, error: &OpsError, time: Duration) -> Result<(), Interrupted> {
        let until = Instant::now() + time;
        loop {
            if self.report_offline(error).is_err() {
                return Err(Interrupted::Stopped);
            }
            let left = until.saturating_duration_since(Instant::now());
            match self.orders.recv_timeout(left.min(LOOK)) {
                Ok(Order::Show(incident)) => self.shown = incident,
                Ok(Order::SyncNow) => return Err(Interrupted::SyncNow),
                Err(RecvTimeoutError::Timeout) if left <= LOOK => return Ok(()),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(Interrupted::Stopped),
            }
        }
    }

    fn report_offline(&mut self, error: &OpsError) -> Result<(), End> {
        let since = *self
            .offline_since
            .get_or_insert_with(|| self.options.clock.now());
        let to_send = Session::open(self.options.clone())
            .and_then(|session| sync::waiting_at(&session, &self.address.shown()))
            .unwrap_or_default();
        self.send(HubStatus {
            name: self.address.shown(),
            state: HubState::Offline {
                since,
                to_send,
                why: error.full_message(),
            },
            notices: Vec::new(),
            others: Vec::new(),
            ..self.status.clone()
        })
    }

    /// Sends `status` if it is news.
    fn send(&mut self, status: HubStatus) -> Result<(), End> {
        if status.is_news_after(&self.status) {
            let reply = Reply::Hub(Box::new(status.clone()));
            self.messages
                .send(Msg::Reply(Box::new(reply)))
                .map_err(|_| End::Stopped)?;
        }
        self.status = HubStatus {
            notices: Vec::new(),
            ..status
        };
        Ok(())
    }
}

fn data_version(session: &Session) -> Result<i64> {
    Ok(session.store.data_version()?)
}
