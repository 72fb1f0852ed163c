//! Where messages come from: keys, the mouse, pastes, signals, and the terminal going away.
//!
//! The input thread sleeps in `poll` and wakes for nothing else. When the terminal is gone `poll` says
//! so, where a reading library would spin.

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

/// How many rows the wheel moves.
const WHEEL_ROWS: i32 = 3;

/// The input thread, as the main thread holds it.
pub struct InputThread {
    wake_tx: UnixStream,
    paused_rx: Receiver<()>,
    resume_tx: Sender<()>,
}

impl InputThread {
    /// Starts reading the terminal.
    ///
    /// # Errors
    /// Where no thread can be started.
    pub fn start(to: Sender<Msg>) -> io::Result<Self> {
        let (wake, woken) = UnixStream::pair()?;
        let (parked_tx, parked) = channel();
        let (resume, resumed) = channel();
        thread::Builder::new()
            .name("input".to_owned())
            .spawn(move || read_loop(&to, &woken, &parked_tx, &resumed))?;
        Ok(Self {
            wake_tx: wake,
            paused_rx: parked,
            resume_tx: resume,
        })
    }

    /// Leaves the terminal to somebody else while `work` runs: an editor.
    pub fn suspend_while<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let waits = self.wake_tx.write_all(b"p").is_ok()
            && self.paused_rx.recv_timeout(Duration::from_secs(2)).is_ok();
        let done = work();
        if waits {
            let _ = self.resume_tx.send(());
        }
        done
    }
}

fn read_loop(to: &Sender<Msg>, woken: &UnixStream, parked: &Sender<()>, resumed: &Receiver<()>) {
    let stdin = io::stdin();
    loop {
        let mut fds = [
            PollFd::new(&stdin, PollFlags::IN),
            PollFd::new(woken, PollFlags::IN),
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
            let mut woken = woken;
            let read = woken.read(&mut byte).unwrap_or(0);
            if read == 0 || parked.send(()).is_err() || resumed.recv().is_err() {
                return;
            }
            continue;
        }
        while matches!(event::poll(Duration::ZERO), Ok(true)) {
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

/// What an event of the terminal means; `None` for what means nothing, such as a key let go.
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

/// Turns signals into messages.
///
/// # Errors
/// Where no handler can be set or no thread be started.
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
