//! Runs a program in a pseudo-terminal and measures the time until its screen meets a condition.
//!
//! The reader thread applies each piece of output to the screen, takes the time and checks the waiting
//! conditions at once, so there is no polling. It does not check within a frame (synchronized output).

use crate::proc_status::memory_kib;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::{
    io::{Read, Write},
    num::NonZeroU16,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::{Duration, Instant},
};
use vt100::{Callbacks, Parser, Screen};

pub const ROWS: u16 = 40;
pub const COLUMNS: u16 = 120;
/// The longest wait for a condition; after it the measurement is left out.
const TIMEOUT: Duration = Duration::from_secs(30);

pub type ScreenCondition = Box<dyn FnMut(&Screen) -> bool + Send>;

/// True between the begin and the end of a synchronized output (DEC mode 2026).
#[derive(Default)]
struct FrameTracker(bool);

impl Callbacks for FrameTracker {
    fn unhandled_csi(
        &mut self,
        _: &mut Screen,
        first: Option<u8>,
        _: Option<u8>,
        params: &[&[u16]],
        c: char,
    ) {
        if first == Some(b'?') && params == [[2026]] {
            self.0 = c == 'h';
        }
    }
}

struct WatchedScreen {
    parser: Parser<FrameTracker>,
    waiters: Vec<(ScreenCondition, Sender<Instant>)>,
}

impl WatchedScreen {
    fn add_waiter(&mut self, condition: ScreenCondition) -> Receiver<Instant> {
        let (sender, seen_at) = channel();
        self.waiters.push((condition, sender));
        seen_at
    }

    fn process_output(&mut self, bytes: &[u8]) {
        self.parser.process(bytes);
        let now = Instant::now();
        if self.parser.callbacks().0 {
            return;
        }
        let screen = self.parser.screen();
        self.waiters
            .retain_mut(|(condition, sender)| !(condition(screen) && sender.send(now).is_ok()));
    }
}

pub struct Pty {
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    watched: Arc<Mutex<WatchedScreen>>,
    /// Stays open while the program runs.
    _master: Box<dyn MasterPty + Send>,
}

impl Pty {
    /// Starts `command` and returns the time until the condition is met; None after the timeout.
    pub fn start(command: CommandBuilder, condition: ScreenCondition) -> Option<(Self, Duration)> {
        let size = PtySize {
            rows: ROWS,
            cols: COLUMNS,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pty = native_pty_system().openpty(size).expect("a pty");
        let mut reader = pty.master.try_clone_reader().expect("its output");
        let writer = pty.master.take_writer().expect("its input");
        let cells = |n| NonZeroU16::new(n).expect("a size");
        let mut watched = WatchedScreen {
            parser: Parser::new_with_callbacks(
                cells(ROWS),
                cells(COLUMNS),
                0,
                FrameTracker::default(),
            ),
            waiters: Vec::new(),
        };
        let seen_at = watched.add_waiter(condition);
        let watched = Arc::new(Mutex::new(watched));
        let reader_watched = Arc::clone(&watched);
        thread::spawn(move || {
            let mut bytes = [0; 1 << 16];
            while let Ok(n @ 1..) = reader.read(&mut bytes) {
                lock(&reader_watched).process_output(&bytes[..n]);
            }
        });
        let start = Instant::now();
        let child = pty.slave.spawn_command(command).expect("a program");
        drop(pty.slave);
        let mut pty = Self {
            child,
            writer,
            watched,
            _master: pty.master,
        };
        match pty.wait_for(&seen_at, start) {
            Some(elapsed) => Some((pty, elapsed)),
            None => {
                pty.kill();
                None
            }
        }
    }

    /// Types `keys` and returns the time until each condition is met; None after the timeout.
    pub fn press<const N: usize>(
        &mut self,
        keys: &str,
        conditions: [ScreenCondition; N],
    ) -> Option<[Duration; N]> {
        let seen_at = conditions.map(|condition| self.watch(condition));
        let start = Instant::now();
        self.type_keys(keys);
        let mut elapsed = [Duration::ZERO; N];
        for (elapsed, seen_at) in elapsed.iter_mut().zip(&seen_at) {
            *elapsed = self.wait_for(seen_at, start)?;
        }
        Some(elapsed)
    }

    /// Returns what will say when the condition is met, for [`Pty::wait_for`].
    pub fn watch(&self, condition: ScreenCondition) -> Receiver<Instant> {
        lock(&self.watched).add_waiter(condition)
    }

    pub fn type_keys(&mut self, keys: &str) {
        let written = self.writer.write_all(keys.as_bytes());
        written.and_then(|()| self.writer.flush()).expect("typed");
    }

    /// Reads the screen between two frames.
    pub fn with_screen<T>(&self, read: impl FnOnce(&Screen) -> T) -> T {
        let mut watched = lock(&self.watched);
        while watched.parser.callbacks().0 {
            drop(watched);
            thread::sleep(Duration::from_millis(1));
            watched = lock(&self.watched);
        }
        read(watched.parser.screen())
    }

    /// Returns the time from `start` until the condition is met; None after the timeout.
    pub fn wait_for(&self, seen_at: &Receiver<Instant>, start: Instant) -> Option<Duration> {
        match seen_at.recv_timeout(TIMEOUT) {
            Ok(at) => Some(at - start),
            Err(_) => {
                let mut watched = lock(&self.watched);
                let contents = watched.parser.screen().contents();
                eprintln!("what is waited for does not come:\n{contents}");
                watched.waiters.clear();
                None
            }
        }
    }

    /// Returns the program's peak resident memory in KiB (`VmHWM`).
    pub fn peak_memory_kib(&self) -> Option<u64> {
        memory_kib(self.child.process_id()?, "VmHWM")
    }

    /// Returns in KiB what its data takes now (`RssAnon`). The rest of its memory is files: its own code, of which
    /// the kernel maps 64 KiB around each page that is run, and the libraries.
    pub fn data_memory_kib(&self) -> Option<u64> {
        memory_kib(self.child.process_id()?, "RssAnon")
    }

    /// Returns the processor time used so far, user and system.
    pub fn cpu_time(&self) -> Option<Duration> {
        /// `/proc` counts in hundredths of a second (USER_HZ).
        const TICK: Duration = Duration::from_millis(10);
        let stat = self.read_proc("stat")?;
        // The name, which ends with the last parenthesis, may contain spaces.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks = |at: usize| fields.get(at)?.parse::<u32>().ok();
        Some(TICK * (ticks(11)? + ticks(12)?))
    }

    fn read_proc(&self, name: &str) -> Option<String> {
        let id = self.child.process_id()?;
        std::fs::read_to_string(format!("/proc/{id}/{name}")).ok()
    }

    /// Presses `key` and waits for the program to end; kills it after the timeout.
    pub fn quit(mut self, key: &str) {
        self.type_keys(key);
        let deadline = Instant::now() + TIMEOUT;
        while matches!(self.child.try_wait(), Ok(None)) {
            if Instant::now() > deadline {
                return self.kill();
            }
            thread::sleep(Duration::from_millis(2));
        }
    }

    fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lock(watched: &Mutex<WatchedScreen>) -> MutexGuard<'_, WatchedScreen> {
    watched.lock().unwrap_or_else(PoisonError::into_inner)
}

pub fn screen_rows(screen: &Screen) -> Vec<String> {
    screen.rows(0, COLUMNS).collect()
}

/// Returns the first row in reverse video.
pub fn reversed_row(screen: &Screen) -> Option<u16> {
    // In the time of an event; the rows below the list have markers in reverse video.
    (0..ROWS - 7).find(|row| screen.cell(*row, 4).is_some_and(vt100::Cell::inverse))
}
