//! The loop: messages in, the model changed, effects done, the screen drawn.

use super::{
    editor,
    input::{self, InputThread},
    keymap::Keymap,
    model::{Level, Model},
    msg::{Effect, Job, Msg},
    terminal::{self, Screen, TerminalGuard},
    theme::Theme,
    update::{initial_effects, update},
    view::view,
    worker::{self, Worker},
};
use crate::{
    config::settings_path,
    ops::{OpsError, Result, Session, SessionOptions},
};
use crossterm::{
    clipboard::CopyToClipboard,
    execute, queue,
    terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate},
};
use signal_hook::{consts::SIGTSTP, low_level::emulate_default_handler};
use std::{
    collections::BTreeMap,
    io::{self, Write as _},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant},
};

/// How long a write waits for others. Then it is tried again, and what was typed meanwhile is read.
const BUSY_TIMEOUT: Duration = Duration::from_secs(1);
/// How long the worker is waited for at the end.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);

/// How the app is opened.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The incident to look at.
    pub incident: Option<String>,
    /// Only a look around.
    pub demo: bool,
}

fn terminal_failure(what: &str, error: io::Error) -> OpsError {
    OpsError::failed(what).with_source(error)
}

/// Runs the app on this terminal until somebody leaves.
///
/// # Errors
/// A terminal that cannot be taken. It has been given back then.
pub fn run(mut book: Session, options: &Options) -> Result<()> {
    let settings = book.settings.clone();
    let colour = std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
    // A slip in a file must not keep anybody from the log book: ours are used instead, and it is said.
    let left_out = settings.load_error.iter();
    let mut notes: Vec<String> = left_out
        .map(|why| format!("{why}; all of them are left out"))
        .collect();
    let keymap = Keymap::new(&settings.keys).or_else(|error| {
        notes.push(format!("{error}; the keys are as they come"));
        Keymap::new(&BTreeMap::new())
    });
    let keymap = keymap.map_err(|error| OpsError::failed(error.to_string()))?;
    let theme = Theme::new(&settings.theme, colour).or_else(|error| {
        notes.push(format!("{error}; the colours are as they come"));
        Theme::new(&BTreeMap::new(), colour)
    });
    let theme = theme.map_err(OpsError::failed)?;
    let clock = book.write_context.clock;
    let zone = book.zone_for_new_incident(None)?;
    let mut model = Model::new(
        clock.now(),
        zone,
        book.write_context.author.clone(),
        keymap,
        theme,
    );
    model.update_interval = settings
        .update_interval
        .or(Some(settings.lint.update_minutes));
    model.demo = options.demo;
    model.explicit_incident = options.incident.is_some();
    model.mouse_captured = settings.mouse.unwrap_or(true);
    if !notes.is_empty() {
        let file =
            settings_path().map_or_else(|_| String::new(), |path| format!(" ({})", path.display()));
        model.notify(
            Level::Error,
            format!("settings{file}: {}", notes.join("; ")),
        );
    }

    let (to, messages) = channel();
    let (jobs, to_do) = channel();
    let papers = BackgroundWorker {
        options: book.options(),
        replies: to.clone(),
        jobs: None,
        thread: None,
    };
    book.store.set_busy_timeout(BUSY_TIMEOUT)?;
    let mut worker = Worker::new(book);
    // The first look is done here: it takes a few milliseconds, whatever the log book holds, and the
    // first drawing has all of it.
    let mut later = Vec::new();
    for effect in initial_effects(options.incident.clone()) {
        match effect {
            Effect::Job(job @ Job::LoadIncident(_)) => {
                if let Some(reply) = worker.run(job) {
                    later.extend(update(&mut model, Msg::Reply(Box::new(reply))));
                }
            }
            effect => later.push(effect),
        }
    }
    let replies = to.clone();
    let worker = thread::Builder::new()
        .name("worker".to_owned())
        .spawn(move || worker.run_loop(&to_do, &replies))
        .map_err(|e| terminal_failure("no thread can be started", e))?;
    input::forward_signals(to.clone())
        .map_err(|e| terminal_failure("signals cannot be caught", e))?;
    let taken = TerminalGuard::enter(model.mouse_captured)
        .map_err(|e| terminal_failure("the terminal cannot be taken", e))?;
    let screen = terminal::new_screen()
        .map_err(|e| terminal_failure("the terminal cannot be drawn to", e))?;
    let input =
        InputThread::start(to).map_err(|e| terminal_failure("the terminal cannot be read", e))?;
    let mut app = App {
        model,
        screen,
        input,
        jobs,
        background: papers,
        messages,
        terminal_lost: false,
    };
    let ran = app.run(later, || clock.now());
    let gone = app.terminal_lost;
    let _ = app.jobs.send(Job::Stop);
    let background = app.background.thread.take();
    drop(app);
    drop(taken);
    // What was typed last is kept before we go, but nobody waits for a hanging disk.
    let until = Instant::now() + SHUTDOWN_TIMEOUT;
    let is_running = || {
        let background = background.as_ref();
        !worker.is_finished() || background.is_some_and(|thread| !thread.is_finished())
    };
    // Both close the file: the last one brings all of it into one.
    while is_running() && Instant::now() < until {
        thread::sleep(Duration::from_millis(2));
    }
    match ran {
        // A terminal that is gone takes no words either.
        Err(error) if !gone => Err(terminal_failure("the terminal failed", error)),
        _ => Ok(()),
    }
}

/// Who does what takes long, from the first such job on.
struct BackgroundWorker {
    options: SessionOptions,
    replies: Sender<Msg>,
    jobs: Option<Sender<Job>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl BackgroundWorker {
    /// True where the job is taken.
    fn send(&mut self, job: Job) -> bool {
        if self.jobs.is_none() {
            let (jobs, to_do) = channel();
            let (options, replies) = (self.options.clone(), self.replies.clone());
            let started = thread::Builder::new()
                .name("papers".to_owned())
                .spawn(move || worker::run_background(&options, &to_do, &replies));
            self.thread = started.ok();
            self.jobs = self.thread.is_some().then_some(jobs);
        }
        self.jobs
            .as_ref()
            .is_some_and(|jobs| jobs.send(job).is_ok())
    }
}

struct App {
    model: Model,
    screen: Screen,
    input: InputThread,
    jobs: Sender<Job>,
    background: BackgroundWorker,
    messages: Receiver<Msg>,
    terminal_lost: bool,
}

impl App {
    fn run(
        &mut self,
        first: Vec<Effect>,
        now: impl Fn() -> crate::domain::time::UtcTime,
    ) -> io::Result<()> {
        if let Ok((width, height)) = crossterm::terminal::size()
            && !self.handle(Msg::Resize(width, height))?
        {
            return Ok(());
        }
        self.draw()?;
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
            // What came meanwhile is drawn at once with it.
            while let Ok(msg) = self.messages.try_recv() {
                if !self.handle(msg)? {
                    return Ok(());
                }
            }
            if !self.handle(Msg::Tick(now()))? {
                return Ok(());
            }
            self.draw()?;
        }
    }

    /// Takes a message up; false where it was the last.
    fn handle(&mut self, msg: Msg) -> io::Result<bool> {
        self.terminal_lost |= matches!(msg, Msg::TerminalLost);
        let effects = update(&mut self.model, msg);
        self.run_effects(effects)
    }

    /// Does `effects` and what follows from them; false where one of them was the last.
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
                        .notify(Level::Error, "the log book is closed: leave and come back");
                }
            }
            Effect::Copy(text) => {
                execute!(io::stdout(), CopyToClipboard::to_clipboard_from(text))?;
            }
            Effect::Bell => {
                let mut out = io::stdout();
                out.write_all(b"\x07")?;
                out.flush()?;
            }
            Effect::OpenEditor(what, text) => {
                let mouse = self.model.mouse_captured;
                let saved = self.input.suspend_while(|| {
                    terminal::restore();
                    let saved = editor::edit(&text);
                    (saved, TerminalGuard::enter(mouse).map(std::mem::forget))
                });
                saved.1?;
                self.screen = terminal::new_screen()?;
                return Ok(update(&mut self.model, Msg::Edited(what, saved.0)));
            }
            Effect::CaptureMouse(catch) => terminal::set_mouse_capture(catch)?,
            Effect::Suspend => {
                let mouse = self.model.mouse_captured;
                let again = self.input.suspend_while(|| {
                    terminal::restore();
                    let _ = emulate_default_handler(SIGTSTP);
                    TerminalGuard::enter(mouse).map(std::mem::forget)
                });
                again?;
                self.screen = terminal::new_screen()?;
                if let Ok((width, height)) = crossterm::terminal::size() {
                    return Ok(update(&mut self.model, Msg::Resize(width, height)));
                }
            }
            // Asking ratatui to clear would ask the terminal where its cursor is, and wait.
            Effect::Redraw => self.screen = terminal::new_screen()?,
            Effect::Quit => {}
        }
        Ok(vec![])
    }

    fn draw(&mut self) -> io::Result<()> {
        queue!(self.screen.backend_mut(), BeginSynchronizedUpdate)?;
        let model = &self.model;
        self.screen.draw(|frame| view(model, frame))?;
        execute!(self.screen.backend_mut(), EndSynchronizedUpdate)
    }
}
