//! Sets up the terminal, and restores it on exit, panic and signal. Restoring twice does no harm.

use crossterm::{
    cursor::Show,
    event::{DisableBracketedPaste, EnableBracketedPaste},
    execute,
    terminal::{
        Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
        enable_raw_mode,
    },
};
use ratatui::{Terminal, backend::CrosstermBackend};
use std::{
    io::{self, Write},
    sync::{
        Once,
        atomic::{AtomicBool, Ordering},
    },
};

pub type Screen = Terminal<CrosstermBackend<FrameWriter>>;

/// What ends a frame: the end of a synchronized update (DEC mode 2026).
const FRAME_END: &[u8] = b"\x1b[?2026l";

/// Collects a frame and writes it to standard output when it is flushed at its end. ratatui flushes in
/// between as well, for the cursor: each write would cost a system call, and wake the terminal.
#[derive(Debug, Default)]
pub struct FrameWriter(Vec<u8>);

impl Write for FrameWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.0.ends_with(FRAME_END) {
            return Ok(());
        }
        let mut out = io::stdout().lock();
        let written = out.write_all(&self.0);
        self.0.clear();
        written.and_then(|()| out.flush())
    }
}

static ACTIVE: AtomicBool = AtomicBool::new(false);
static PANIC_HOOK: Once = Once::new();

/// Restores the terminal when dropped.
#[derive(Debug)]
pub struct TerminalGuard(());

impl TerminalGuard {
    /// Enters raw mode and the alternate screen, enables bracketed paste and, with `mouse`, mouse
    /// capture. The first call also installs a panic hook that restores the terminal before the
    /// message is printed.
    pub fn enter(mouse: bool) -> io::Result<Self> {
        PANIC_HOOK.call_once(|| {
            let before = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |info| {
                // First, so that the message is printed on the normal screen.
                restore();
                before(info);
            }));
        });
        ACTIVE.store(true, Ordering::SeqCst);
        // Made before the first step, so that a step that fails undoes those before it.
        let guard = Self(());
        enable_raw_mode()?;
        let mut out = io::stdout();
        execute!(out, EnterAlternateScreen, EnableBracketedPaste)?;
        if mouse {
            set_mouse_capture(true)?;
        }
        Ok(guard)
    }
}

/// Clears the terminal and returns a screen to draw on, whose next draw draws everything.
pub fn new_screen() -> io::Result<Screen> {
    execute!(io::stdout(), Clear(ClearType::All))?;
    Terminal::new(CrosstermBackend::new(FrameWriter::default()))
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        restore();
    }
}

/// Switches the reporting of clicks and wheel. Motion is not reported: over a slow line it would
/// cost traffic for nothing.
pub fn set_mouse_capture(capture: bool) -> io::Result<()> {
    let mut out = io::stdout();
    out.write_all(if capture {
        b"\x1b[?1000h\x1b[?1006h"
    } else {
        b"\x1b[?1006l\x1b[?1000l"
    })?;
    out.flush()
}

/// Restores the terminal if it was entered. If a step fails, the others are still done.
pub fn restore() {
    if !ACTIVE.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout();
    let _ = set_mouse_capture(false);
    let _ = execute!(out, DisableBracketedPaste);
    let _ = execute!(out, LeaveAlternateScreen, Show);
    let _ = out.flush();
    let _ = disable_raw_mode();
}
