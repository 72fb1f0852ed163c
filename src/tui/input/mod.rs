//! Sources of messages: keys, mouse, pastes, signals, loss of the terminal.
//!
//! The input thread reads the terminal's bytes itself, since only their times tell a paste from
//! typing, a held key from presses, and half an escape sequence from the Esc key. It sleeps in
//! `poll`, without a timeout unless something is open. `poll` reports a terminal that is gone; a
//! blocking read would not.
//!
//! | file | contents |
//! |---|---|
//! | `sequence.rs`, `unit.rs` | what the bytes of keys and mouse events mean |
//! | `decoder.rs` | bytes to keys, mouse events, bracketed pastes; broken sequences |
//! | `gatherer.rs` | keys to messages: bursts, repeats |
//! | `stream.rs` | both together |

mod decoder;
mod gatherer;
mod sequence;
mod stream;
mod unit;

use super::msg::Msg;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGWINCH},
    iterator::Signals,
};
use std::{
    io::{self, Read as _, Write as _},
    os::unix::net::UnixStream,
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::{Duration, Instant},
};
use stream::InputStream;

/// More than a terminal's input queue holds.
const READ_SIZE: usize = 1 << 13;

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

/// Why [`read_messages`] ended.
enum End {
    TerminalLost,
    /// The main loop has ended.
    AppGone,
}

fn read_loop(
    to: &Sender<Msg>,
    wake_rx: &UnixStream,
    paused_tx: &Sender<()>,
    resume_rx: &Receiver<()>,
) {
    let mut stream = InputStream::default();
    match read_messages(&mut stream, to, wake_rx, paused_tx, resume_rx) {
        End::TerminalLost => {
            let _ = send_all(to, stream.reset());
            let _ = to.send(Msg::TerminalLost);
        }
        End::AppGone => {}
    }
}

fn read_messages(
    stream: &mut InputStream,
    to: &Sender<Msg>,
    mut wake_rx: &UnixStream,
    paused_tx: &Sender<()>,
    resume_rx: &Receiver<()>,
) -> End {
    let stdin = io::stdin();
    let start = Instant::now();
    let mut bytes = vec![0; READ_SIZE];
    loop {
        let deadline = stream.deadline();
        let timeout = deadline.map(|deadline| deadline.saturating_sub(start.elapsed()));
        let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
        let mut fds = [
            PollFd::new(&stdin, PollFlags::IN),
            PollFd::new(&wake_rx, PollFlags::IN),
        ];
        let ready = match poll(&mut fds, timeout.as_ref()) {
            Ok(ready) => ready,
            Err(rustix::io::Errno::INTR) => continue,
            Err(_) => return End::TerminalLost,
        };
        let (terminal, wake) = (fds[0].revents(), fds[1].revents());
        if terminal.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            return End::TerminalLost;
        }
        if !wake.is_empty() {
            if !send_all(to, stream.reset()) {
                return End::AppGone;
            }
            let read = wake_rx.read(&mut [0]).unwrap_or(0);
            if read == 0 || paused_tx.send(()).is_err() || resume_rx.recv().is_err() {
                return End::AppGone;
            }
            continue;
        }
        let now = start.elapsed();
        let messages = if ready == 0 {
            stream.expire(now)
        } else {
            let read = match rustix::io::read(&stdin, &mut bytes[..]) {
                Ok(0) => return End::TerminalLost,
                Ok(read) => read,
                Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => continue,
                Err(_) => return End::TerminalLost,
            };
            // `poll` saw these bytes before the deadline, however late this thread runs.
            stream.push(&bytes[..read], now.min(deadline.unwrap_or(now)))
        };
        if !send_all(to, messages) {
            return End::AppGone;
        }
    }
}

/// Returns false if the main loop has ended.
fn send_all(to: &Sender<Msg>, messages: Vec<Msg>) -> bool {
    messages.into_iter().all(|msg| to.send(msg).is_ok())
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
