//! Sources of messages: keys, mouse, pastes, signals, loss of the terminal.
//!
//! The input thread sleeps in `poll`, without a timeout. `poll` reports a terminal that is gone; a
//! blocking read through crossterm would spin instead.

use super::{
    keys::Key,
    msg::{Mouse, Msg},
};
use crossterm::event::{self, Event, KeyEventKind, MouseButton, MouseEventKind};
use rustix::event::{PollFd, PollFlags, poll};
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGWINCH},
    iterator::Signals,
};
use std::{
    io::{self, Read as _, Write as _},
    os::unix::net::UnixStream,
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::Duration,
};

/// How long to wait for more input once some was read. Without a wait, crossterm reads nothing.
const DRAIN_TIMEOUT: Duration = Duration::from_millis(1);
/// Rows per step of the wheel.
const WHEEL_ROWS: i32 = 3;

/// Handle to the input thread.
pub struct InputThread {
    wake_tx: UnixStream,
    paused_rx: Receiver<()>,
    resume_tx: Sender<()>,
}

impl InputThread {
    /// Starts the thread that reads the terminal and sends messages to `to`.
    ///
    /// # Errors
    /// No thread or socket can be created.
    pub fn start(to: Sender<Msg>) -> io::Result<Self> {
        let (wake_tx, wake_rx) = UnixStream::pair()?;
        let (paused_tx, paused_rx) = channel();
        let (resume_tx, resume_rx) = channel();
        thread::Builder::new()
            .name("input".to_owned())
            .spawn(move || read_loop(&to, &wake_rx, &paused_tx, &resume_rx))?;
        Ok(Self {
            wake_tx,
            paused_rx,
            resume_tx,
        })
    }

    /// Runs `work` while the input thread does not read the terminal, so that an editor can.
    pub fn suspend_while<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let paused = self.wake_tx.write_all(b"p").is_ok()
            && self.paused_rx.recv_timeout(Duration::from_secs(2)).is_ok();
        let result = work();
        if paused {
            let _ = self.resume_tx.send(());
        }
        result
    }
}

fn read_loop(
    to: &Sender<Msg>,
    wake_rx: &UnixStream,
    paused_tx: &Sender<()>,
    resume_rx: &Receiver<()>,
) {
    let stdin = io::stdin();
    loop {
        let mut fds = [
            PollFd::new(&stdin, PollFlags::IN),
            PollFd::new(wake_rx, PollFlags::IN),
        ];
        match poll(&mut fds, None) {
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => continue,
            Err(_) => {
                let _ = to.send(Msg::TerminalLost);
                return;
            }
        }
        let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
        if fds[0].revents().intersects(gone) {
            let _ = to.send(Msg::TerminalLost);
            return;
        }
        if !fds[1].revents().is_empty() {
            let mut byte = [0];
            let mut wake_rx = wake_rx;
            let read = wake_rx.read(&mut byte).unwrap_or(0);
            if read == 0 || paused_tx.send(()).is_err() || resume_rx.recv().is_err() {
                return;
            }
            continue;
        }
        while matches!(event::poll(DRAIN_TIMEOUT), Ok(true)) {
            let Ok(event) = event::read() else {
                let _ = to.send(Msg::TerminalLost);
                return;
            };
            if let Some(msg) = to_msg(event)
                && to.send(msg).is_err()
            {
                return;
            }
        }
    }
}

/// Converts an event of the terminal; `None` for events without a message, such as key releases.
fn to_msg(event: Event) -> Option<Msg> {
    match event {
        Event::Key(key) if key.kind == KeyEventKind::Release => None,
        Event::Key(key) => Some(Msg::Key(Key::from_event(&key))),
        Event::Paste(text) => Some(Msg::Paste(text)),
        Event::Resize(width, height) => Some(Msg::Resize(width, height)),
        Event::Mouse(mouse) => match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => {
                Some(Msg::Mouse(Mouse::Click(mouse.column, mouse.row)))
            }
            MouseEventKind::ScrollUp => Some(Msg::Mouse(Mouse::Wheel(-WHEEL_ROWS))),
            MouseEventKind::ScrollDown => Some(Msg::Mouse(Mouse::Wheel(WHEEL_ROWS))),
            _ => None,
        },
        _ => None,
    }
}

/// Starts a thread that sends a message to `to` for each signal.
///
/// # Errors
/// No handler can be installed, or no thread created.
pub fn forward_signals(to: Sender<Msg>) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGWINCH])?;
    thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            for signal in &mut signals {
                let msg = match signal {
                    SIGHUP => Msg::TerminalLost,
                    SIGTSTP => Msg::Suspend,
                    SIGWINCH => match crossterm::terminal::size() {
                        Ok((width, height)) => Msg::Resize(width, height),
                        Err(_) => continue,
                    },
                    _ => Msg::Quit,
                };
                if to.send(msg).is_err() {
                    return;
                }
            }
        })
        .map(|_| ())
}
