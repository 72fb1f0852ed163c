//! Where everything is printed: sanitised, coloured only on a terminal, quiet on a closed pipe.

use super::Result;
use crate::{domain::safe, ops::OpsError};
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
    text: RefCell<String>,
}

impl Out {
    /// Nothing printed yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A line of our own making, which may bear ANSI styles; whatever a person wrote in it must
    /// have gone through [`safe`].
    pub fn ansi_line(&self, line: &str) {
        let mut text = self.text.borrow_mut();
        text.push_str(line);
        text.push('\n');
    }

    /// Text of our own making, as it is.
    pub fn ansi(&self, words: &str) {
        self.text.borrow_mut().push_str(words);
    }

    /// A document: several lines, sanitised; ends with a line break.
    pub fn document(&self, words: &str) {
        self.ansi(&safe::block(words));
        if !words.ends_with('\n') {
            self.ansi("\n");
        }
    }

    /// A value as JSON, with a line break.
    ///
    /// # Errors
    /// Where it cannot be written as JSON.
    pub fn json(&self, value: &impl serde::Serialize) -> Result {
        let json = serde_json::to_string_pretty(value)
            .map_err(|e| OpsError::failed(format!("this cannot be written as JSON: {e}")))?;
        self.ansi_line(&safe::json(json));
        Ok(())
    }

    /// Something to know, on standard error, so that scripts can ignore it.
    pub fn notice(&self, words: &str) {
        let _ = self.flush();
        let _ = writeln!(
            anstream::stderr(),
            "{YELLOW}note:{YELLOW:#} {}",
            safe::line(words)
        );
    }

    /// What went wrong, and the way out.
    pub fn error(&self, error: &OpsError) {
        let _ = self.flush();
        let mut to = anstream::stderr();
        let _ = writeln!(to, "{RED}error:{RED:#} {}", safe::block(&error.message));
        if let Some(hint) = error.hint.as_deref().filter(|h| !h.is_empty()) {
            for line in hint.lines() {
                let _ = writeln!(to, "{CYAN}hint:{CYAN:#} {}", safe::line(line));
            }
        }
    }

    /// Writes what was gathered.
    ///
    /// # Errors
    /// A write that failed, unless the reader has gone, which is no error.
    pub fn finish(&self) -> Result {
        self.flush().map_err(|e| {
            OpsError::failed(format!("standard output cannot be written: {e}"))
                .hint("what was logged is kept; only the printing failed")
        })
    }

    /// Writes what was gathered so far.
    ///
    /// # Errors
    /// A write that failed, unless the reader has gone.
    pub fn flush(&self) -> io::Result<()> {
        let text = self.text.take();
        if text.is_empty() {
            return Ok(());
        }
        let mut to = anstream::stdout();
        match to.write_all(text.as_bytes()).and_then(|()| to.flush()) {
            Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }
}

/// How many columns standard output has; none where it is no terminal.
#[must_use]
pub fn columns() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    (io::stdout().is_terminal() && size.ws_col > 0).then_some(usize::from(size.ws_col))
}

/// True where a person sits before both standard input and standard output.
#[must_use]
pub fn on_terminal() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}
