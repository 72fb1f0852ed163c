//! Where everything is printed: sanitised, coloured only on a terminal, quiet on a closed pipe.

use super::error::Result;
use crate::{domain::sanitize, ops::OpsError};
use anstyle::{AnsiColor, Style};
use std::{
    cell::RefCell,
    io::{self, IsTerminal, Write},
};

/// What stands back.
pub const DIM: Style = Style::new().dimmed();
/// What stands out.
pub const BOLD: Style = Style::new().bold();
/// What is wrong, or down.
pub const RED: Style = AnsiColor::Red.on_default().bold();
/// What may become wrong.
pub const YELLOW: Style = AnsiColor::Yellow.on_default();
/// What is well.
pub const GREEN: Style = AnsiColor::Green.on_default();
/// What can be typed.
pub const CYAN: Style = AnsiColor::Cyan.on_default();

/// Standard output and standard error. Text is gathered and written at once by [`Out::finish`].
#[derive(Debug, Default)]
pub struct Out {
    buffer: RefCell<String>,
    /// The first write that failed; said at the end.
    write_error: RefCell<Option<io::Error>>,
}

impl Out {
    /// Nothing printed yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A line of our own making, which may bear ANSI styles; whatever a person wrote in it must
    /// have gone through [`sanitize`].
    pub fn print_line(&self, line: &str) {
        let mut text = self.buffer.borrow_mut();
        text.push_str(line);
        text.push('\n');
    }

    /// Text of our own making, as it is.
    pub fn print(&self, words: &str) {
        self.buffer.borrow_mut().push_str(words);
    }

    /// A document: several lines, sanitised; ends with a line break.
    pub fn print_document(&self, words: &str) {
        self.flush();
        let words = sanitize::block(words);
        let end = if words.ends_with('\n') { "" } else { "\n" };
        // It bears no styles, so that nothing has to be looked for in it.
        let mut to = io::stdout().lock();
        let written = to
            .write_all(words.as_bytes())
            .and_then(|()| to.write_all(end.as_bytes()))
            .and_then(|()| to.flush());
        self.record_write_error(written);
    }

    fn record_write_error(&self, written: io::Result<()>) {
        match written {
            Err(e) if e.kind() != io::ErrorKind::BrokenPipe => {
                self.write_error.borrow_mut().get_or_insert(e);
            }
            _ => {}
        }
    }

    /// A value as JSON, with a line break.
    ///
    /// # Errors
    /// Where it cannot be written as JSON.
    pub fn print_json(&self, value: &impl serde::Serialize) -> Result {
        let json = serde_json::to_string_pretty(value)
            .map_err(|e| OpsError::failed(format!("this cannot be written as JSON: {e}")))?;
        self.print_line(&sanitize::json(json));
        Ok(())
    }

    /// A value as one line of JSON.
    ///
    /// # Errors
    /// Where it cannot be written as JSON.
    pub fn print_json_line(&self, value: &impl serde::Serialize) -> Result {
        let json = serde_json::to_string(value)
            .map_err(|e| OpsError::failed(format!("this cannot be written as JSON: {e}")))?;
        self.print_line(&sanitize::json(json));
        Ok(())
    }

    /// Something to know, on standard error, so that scripts can ignore it.
    pub fn print_note(&self, words: &str) {
        self.flush();
        note_to_stderr(words);
    }

    /// What went wrong, and the way out.
    pub fn print_error(&self, error: &OpsError) {
        self.flush();
        let mut to = anstream::stderr();
        let _ = writeln!(to, "{RED}error:{RED:#} {}", sanitize::block(&error.message));
        if let Some(hint) = error.hint.as_deref().filter(|h| !h.is_empty()) {
            for line in hint.lines() {
                let _ = writeln!(to, "{CYAN}hint:{CYAN:#} {}", sanitize::line(line));
            }
        }
    }

    /// Writes what was gathered.
    ///
    /// # Errors
    /// A write that failed, unless the reader has gone, which is no error.
    pub fn finish(&self) -> Result {
        self.flush();
        match self.write_error.take() {
            None => Ok(()),
            Some(e) => Err(
                OpsError::failed(format!("standard output cannot be written: {e}"))
                    .with_hint("what was logged is kept; only the printing failed"),
            ),
        }
    }

    /// Writes what was gathered so far; a failure is kept for [`Out::finish`]. That a reader has gone
    /// is none.
    fn flush(&self) {
        let text = self.buffer.take();
        if text.is_empty() {
            return;
        }
        let mut to = anstream::stdout();
        self.record_write_error(to.write_all(text.as_bytes()).and_then(|()| to.flush()));
    }
}

/// Says something to know on standard error.
pub fn note_to_stderr(words: &str) {
    let _ = writeln!(
        anstream::stderr(),
        "{YELLOW}note:{YELLOW:#} {}",
        sanitize::line(words)
    );
}

/// `1 entry`, `2 entries`: a count with its word.
#[must_use]
pub fn count_noun(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// How many columns standard output has; none where it is no terminal.
#[must_use]
pub fn terminal_width() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    (io::stdout().is_terminal() && size.ws_col > 0).then_some(usize::from(size.ws_col))
}

/// True where a person sits before both standard input and standard output.
#[must_use]
pub fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}
