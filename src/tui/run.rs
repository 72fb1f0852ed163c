//! The main loop: takes messages, updates the model, runs effects, draws the screen.

use super::{
    background_worker::BackgroundWorker,
    clipboard::Clipboard,
    editor,
    hub::HubThread,
    input::{self, InputThread},
    model::{Level, Model},
    msg::{Effect, Job, Msg},
    startup::{Options, find_hub, new_model},
    terminal::{self, Screen, TerminalGuard},
    update::{initial_effects, update},
    view::view,
    worker::{self, Worker},
};
use crate::ops::{OpsError, Result, Session};
use crossterm::{
    clipboard::CopyToClipboard,
    execute, queue,
    terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate},
};
use signal_hook::{consts::SIGTSTP, low_level::emulate_default_handler};
use std::{
    io::{self, Write as _},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant},
};
use uuid::Uuid;

/// How long a write waits for other processes before it fails as retryable. The outbox then sends
/// it again, and other jobs run in between.
const BUSY_TIMEOUT: Duration = Duration::from_secs(1);
/// How long the app waits for the worker at the end.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);

fn terminal_failure(what: &str, error: io::Error) -> OpsError {
    OpsError::failed(what).with_source(error)
}

/// Runs the app on this terminal until the user quits or the terminal is gone.
///
/// # Errors
/// The terminal cannot be used or fails; it has been restored then.
pub fn run(mut session: Session, options: &Options) -> Result<()> {
    let clock = session.write_context.clock;
    let mut model = new_model(&session, options)?;
    let (messages_tx, messages) = channel();
    let (jobs, jobs_rx) = channel();
    let session_options = session.options();
    let background = BackgroundWorker::new(session_options.clone(), messages_tx.clone());
    let clipboard = Clipboard::new(messages_tx.clone());
    let hub_address = find_hub(&mut model, &session);
    session.store.set_busy_timeout(BUSY_TIMEOUT)?;
    session.store.set_cache(worker::CACHE_KIB)?;
    let mut worker = Worker::new(session);
    // The first load runs here, before the threads start: it takes a few milliseconds for a store
    // of any size, and the first frame shows the incident.
    let mut first_effects = Vec::new();
    for effect in initial_effects(options.incident.clone()) {
        match effect {
            Effect::Job(job @ Job::LoadIncident(_)) => {
                if let Some(reply) = worker.run(job) {
                    first_effects.extend(update(&mut model, Msg::Reply(Box::new(reply))));
                }
            }
            effect => first_effects.push(effect),
        }
    }
    input::forward_signals(messages_tx.clone())
        .map_err(|e| terminal_failure("signals cannot be caught", e))?;
    let guard = TerminalGuard::enter(model.mouse_captured)
        .map_err(|e| terminal_failure("the terminal cannot be set up", e))?;
    let mut screen = terminal::new_screen()
        .map_err(|e| terminal_failure("the terminal cannot be drawn to", e))?;
    if let Ok((width, height)) = crossterm::terminal::size() {
        first_effects.extend(update(&mut model, Msg::Resize(width, height)));
    }
    // What is typed meanwhile waits in the terminal.
    draw(&mut screen, &model).map_err(|e| terminal_failure("the terminal failed", e))?;
    let replies = messages_tx.clone();
    let worker = thread::Builder::new()
        .name("worker".to_owned())
        .spawn(move || worker.run_loop(&jobs_rx, &replies))
        .map_err(|e| terminal_failure("no thread can be started", e))?;
    // After the first frame: it opens the database once more.
    let hub = hub_address.and_then(|address| {
        HubThread::start(session_options, address, messages_tx.clone(), jobs.clone())
    });
    let input = InputThread::start(messages_tx)
        .map_err(|e| terminal_failure("the terminal cannot be read", e))?;
    let mut app = App {
        model,
        screen,
        input,
        jobs,
        background,
        clipboard,
        hub,
        shown: None,
        messages,
        terminal_lost: false,
    };
    let result = app.run(first_effects, || clock.now());
    let terminal_lost = app.terminal_lost;
    let _ = app.jobs.send(Job::Stop);
    let others = [app.background.close(), app.clipboard.close()];
    let hub_has_database = app.hub.take().map(HubThread::stop);
    drop(app);
    drop(guard);
    // The last drafts are saved before the process ends, but a hanging disk must not block it.
    let deadline = Instant::now() + SHUTDOWN_TIMEOUT;
    let is_running = || {
        let mut others = others.iter().flatten();
        !worker.is_finished()
            || others.any(|thread| !thread.is_finished())
            || hub_has_database.as_ref().is_some_and(|has| has())
    };
    // Worker and background close the file: the last one writes the write-ahead log back into it.
    while is_running() && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(2));
    }
    match result {
        // There is nowhere to print if the terminal is gone.
        Err(error) if !terminal_lost => Err(terminal_failure("the terminal failed", error)),
        _ => Ok(()),
    }
}

struct App {
    model: Model,
    screen: Screen,
    input: InputThread,
    jobs: Sender<Job>,
    background: BackgroundWorker,
    clipboard: Clipboard,
    hub: Option<HubThread>,
    /// The incident that the hub knows to be on the screen.
    shown: Option<Uuid>,
    messages: Receiver<Msg>,
    terminal_lost: bool,
}

impl App {
    fn run(
        &mut self,
        first: Vec<Effect>,
        now: impl Fn() -> crate::domain::time::UtcTime,
    ) -> io::Result<()> {
        if !self.run_effects(first)? {
            return Ok(());
        }
        loop {
            let millis = now().timestamp_subsec_millis().min(999);
            let wait = Duration::from_millis(u64::from(1000 - millis));
            match self.messages.recv_timeout(wait) {
                Ok(msg) => {
                    if !self.handle(msg)? {
                        return Ok(());
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            // All messages that have arrived share one frame.
            while let Ok(msg) = self.messages.try_recv() {
                if !self.handle(msg)? {
                    return Ok(());
                }
            }
            if !self.handle(Msg::Tick(now()))? {
                return Ok(());
            }
            self.show_at_hub();
            draw(&mut self.screen, &self.model)?;
        }
    }

    /// Tells the hub which incident is on the screen.
    fn show_at_hub(&mut self) {
        let shown = self.model.summary.as_ref().map(|summary| summary.row.id);
        if let Some(hub) = &self.hub
            && shown != self.shown
        {
            hub.show(shown);
            self.shown = shown;
        }
    }

    /// Updates the model and runs the effects; returns false if the app is to end.
    fn handle(&mut self, msg: Msg) -> io::Result<bool> {
        self.terminal_lost |= matches!(msg, Msg::TerminalLost);
        let effects = update(&mut self.model, msg);
        self.run_effects(effects)
    }

    /// Runs `effects` and those that follow from them; returns false if the app is to end.
    fn run_effects(&mut self, mut effects: Vec<Effect>) -> io::Result<bool> {
        while !effects.is_empty() {
            let mut after = Vec::new();
            for effect in std::mem::take(&mut effects) {
                if effect == Effect::Quit {
                    return Ok(false);
                }
                after.extend(self.run_effect(effect)?);
            }
            effects = after;
        }
        Ok(!self.terminal_lost)
    }

    fn run_effect(&mut self, effect: Effect) -> io::Result<Vec<Effect>> {
        match effect {
            Effect::Job(job) => {
                let sent = if job.is_background() {
                    self.background.send(job)
                } else {
                    self.jobs.send(job).is_ok()
                };
                if !sent {
                    self.model
                        .notify(Level::Error, "the database is closed: quit and start again");
                }
            }
            Effect::Copy(request) => {
                if let Some(reply) = self.clipboard.copy(request) {
                    return Ok(update(&mut self.model, Msg::Copied(Box::new(reply))));
                }
            }
            Effect::CopyByTerminal(text) => {
                execute!(io::stdout(), CopyToClipboard::to_clipboard_from(text))?;
            }
            Effect::Bell => {
                let mut out = io::stdout();
                out.write_all(b"\x07")?;
                out.flush()?;
            }
            Effect::OpenEditor(what, text) => {
                let mouse = self.model.mouse_captured;
                let edited = self.input.suspend_while(|| {
                    terminal::restore();
                    let edited = editor::edit(&text);
                    (edited, TerminalGuard::enter(mouse).map(std::mem::forget))
                });
                edited.1?;
                self.screen = terminal::new_screen()?;
                return Ok(update(&mut self.model, Msg::Edited(what, edited.0)));
            }
            Effect::CaptureMouse(capture) => terminal::set_mouse_capture(capture)?,
            Effect::Suspend => {
                let mouse = self.model.mouse_captured;
                let resumed = self.input.suspend_while(|| {
                    terminal::restore();
                    let _ = emulate_default_handler(SIGTSTP);
                    TerminalGuard::enter(mouse).map(std::mem::forget)
                });
                resumed?;
                self.screen = terminal::new_screen()?;
                if let Ok((width, height)) = crossterm::terminal::size() {
                    return Ok(update(&mut self.model, Msg::Resize(width, height)));
                }
            }
            // `Terminal::clear` would query the cursor position and wait for the terminal's answer.
            Effect::Redraw => self.screen = terminal::new_screen()?,
            Effect::SyncNow => self.hub.iter().for_each(HubThread::sync_now),
            Effect::Quit => {}
        }
        Ok(vec![])
    }
}

fn draw(screen: &mut Screen, model: &Model) -> io::Result<()> {
    queue!(screen.backend_mut(), BeginSynchronizedUpdate)?;
    screen.draw(|frame| view(model, frame))?;
    execute!(screen.backend_mut(), EndSynchronizedUpdate)
}
