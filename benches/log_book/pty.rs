//! A program in a terminal of ours, and the moments at which its screen came to be as it was wanted.
//!
//! The thread that reads stamps each piece of output once it is on the screen, looks at the screen
//! there and then, and sends the stamp on: nobody polls. A frame that the program has begun and not
//! yet ended (synchronized output) is not looked at.

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
/// How long a screen is waited for. One that never comes is not measured.
const TIMEOUT: Duration = Duration::from_secs(30);

/// True for a screen that is as it is wanted.
pub type ScreenCondition = Box<dyn FnMut(&Screen) -> bool + Send>;

/// Whether a frame is under way.
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
    fn add_waiter(&mut self, wanted: ScreenCondition) -> Receiver<Instant> {
        let (to, stamp) = channel();
        self.waiters.push((wanted, to));
        stamp
    }

    fn process_output(&mut self, bytes: &[u8]) {
        self.parser.process(bytes);
        let now = Instant::now();
        if self.parser.callbacks().0 {
            return;
        }
        let screen = self.parser.screen();
        self.waiters
            .retain_mut(|(wanted, to)| !(wanted(screen) && to.send(now).is_ok()));
    }
}

pub struct Pty {
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    watched: Arc<Mutex<WatchedScreen>>,
    /// Kept open for as long as the program runs.
    _master: Box<dyn MasterPty + Send>,
}

impl Pty {
    /// Starts `command`; with it how long it took until the screen was as it is wanted.
    pub fn start(command: CommandBuilder, wanted: ScreenCondition) -> Option<(Self, Duration)> {
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
        let stamp = watched.add_waiter(wanted);
        let watched = Arc::new(Mutex::new(watched));
        let to = Arc::clone(&watched);
        thread::spawn(move || {
            let mut bytes = [0; 1 << 16];
            while let Ok(n @ 1..) = reader.read(&mut bytes) {
                lock(&to).process_output(&bytes[..n]);
            }
        });
        let begun = Instant::now();
        let child = pty.slave.spawn_command(command).expect("a program");
        drop(pty.slave);
        let mut pty = Self {
            child,
            writer,
            watched,
            _master: pty.master,
        };
        match pty.wait_for(&stamp, begun) {
            Some(took) => Some((pty, took)),
            None => {
                pty.kill();
                None
            }
        }
    }

    /// Types `keys`; how long it took until the screen was as each of `wanted` says.
    pub fn press<const N: usize>(
        &mut self,
        keys: &str,
        wanted: [ScreenCondition; N],
    ) -> Option<[Duration; N]> {
        let stamps = {
            let mut watched = lock(&self.watched);
            wanted.map(|wanted| watched.add_waiter(wanted))
        };
        let begun = Instant::now();
        self.type_keys(keys);
        let mut took = [Duration::ZERO; N];
        for (took, stamp) in took.iter_mut().zip(&stamps) {
            *took = self.wait_for(stamp, begun)?;
        }
        Some(took)
    }

    pub fn type_keys(&mut self, keys: &str) {
        let typed = self.writer.write_all(keys.as_bytes());
        typed.and_then(|()| self.writer.flush()).expect("typed");
    }

    /// What `look` says of the screen as it is, between two frames.
    pub fn with_screen<T>(&self, look: impl FnOnce(&Screen) -> T) -> T {
        let mut watched = lock(&self.watched);
        while watched.parser.callbacks().0 {
            drop(watched);
            thread::sleep(Duration::from_millis(1));
            watched = lock(&self.watched);
        }
        look(watched.parser.screen())
    }

    fn wait_for(&self, stamp: &Receiver<Instant>, begun: Instant) -> Option<Duration> {
        match stamp.recv_timeout(TIMEOUT) {
            Ok(at) => Some(at - begun),
            Err(_) => {
                let mut watched = lock(&self.watched);
                let shown = watched.parser.screen().contents();
                eprintln!("what is waited for does not come:\n{shown}");
                watched.waiters.clear();
                None
            }
        }
    }

    /// The most memory that the program had at once, in KiB.
    pub fn peak_memory_kib(&self) -> Option<u64> {
        let status = self.read_proc("status")?;
        let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
        line.trim().strip_suffix(" kB")?.parse().ok()
    }

    /// The processor time that it has used.
    pub fn cpu_time(&self) -> Option<Duration> {
        /// Linux tells all programs in hundredths of a second.
        const TICK: Duration = Duration::from_millis(10);
        let stat = self.read_proc("stat")?;
        // The name before the last parenthesis may have spaces in it.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks = |at: usize| fields.get(at)?.parse::<u32>().ok();
        Some(TICK * (ticks(11)? + ticks(12)?))
    }

    fn read_proc(&self, name: &str) -> Option<String> {
        let id = self.child.process_id()?;
        std::fs::read_to_string(format!("/proc/{id}/{name}")).ok()
    }

    /// Leaves the program by `key`, and sees that it is gone.
    pub fn quit(mut self, key: &str) {
        self.type_keys(key);
        let until = Instant::now() + TIMEOUT;
        while matches!(self.child.try_wait(), Ok(None)) {
            if Instant::now() > until {
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

/// The rows of the screen as text.
pub fn screen_rows(screen: &Screen) -> Vec<String> {
    screen.rows(0, COLUMNS).collect()
}

/// Which row is reversed; of several the first.
pub fn reversed_row(screen: &Screen) -> Option<u16> {
    // Right of the marks, of which the selected one is reversed as well.
    (0..ROWS).find(|row| {
        screen
            .cell(*row, COLUMNS - 2)
            .is_some_and(vt100::Cell::inverse)
    })
}
