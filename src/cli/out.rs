//! All printing: sanitised, coloured only on a terminal, and no error if the reader closes the pipe.

use super::error::Result;
use crate::{
    domain::{document_text, sanitize},
    ops::OpsError,
};
use anstyle::{AnsiColor, Style};
use std::{
    cell::RefCell,
    io::{self, IsTerminal, Write},
};

/// Secondary text.
pub const DIM: Style = Style::new().dimmed();
/// Headings and names.
pub const BOLD: Style = Style::new().bold();
/// Errors, overdue, `down`.
pub const RED: Style = AnsiColor::Red.on_default().bold();
/// Notes, `at-risk`, `degraded`, unknown.
pub const YELLOW: Style = AnsiColor::Yellow.on_default();
/// `ok`.
pub const GREEN: Style = AnsiColor::Green.on_default();
/// Handles and commands.
pub const CYAN: Style = AnsiColor::Cyan.on_default();

/// The escape sequences of these styles, without the escape character.
const STYLE_CODES: [&str; 7] = ["[0m", "[1m", "[2m", "[31m", "[32m", "[33m", "[36m"];

/// Standard output and standard error. Output is buffered until [`Out::finish`] or a line on standard
/// error, which keeps their order.
#[derive(Debug, Default)]
pub struct Out {
    buffer: RefCell<String>,
    /// The first write that failed; returned by [`Out::finish`].
    write_error: RefCell<Option<io::Error>>,
}

impl Out {
    pub fn new() -> Self {
        Self::default()
    }

    /// Prints a line, sanitised but for the styles of this file.
    pub fn print_line(&self, line: &str) {
        let mut text = self.buffer.borrow_mut();
        push_styled(&mut text, line);
        text.push('\n');
    }

    /// Prints text unchanged; for text of the program itself, and for text that was sanitised.
    pub fn print(&self, text: &str) {
        self.buffer.borrow_mut().push_str(text);
    }

    /// Prints a document, and ends it with a line break. A terminal is shown nothing that could run in it;
    /// a pipe gets the document as a file would.
    pub fn print_document(&self, text: &str) {
        self.flush();
        let text = if io::stdout().is_terminal() {
            sanitize::block(text)
        } else {
            document_text::block(text)
        };
        let end = if text.ends_with('\n') { "" } else { "\n" };
        // Sanitised text has no styles, so the search for them that anstream does is skipped.
        let mut to = io::stdout().lock();
        let written = to
            .write_all(text.as_bytes())
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

    /// Prints a value as indented JSON.
    pub fn print_json(&self, value: &impl serde::Serialize) -> Result {
        let json = serde_json::to_string_pretty(value)
            .map_err(|e| OpsError::failed("this cannot be written as JSON").with_source(e))?;
        self.print(&(sanitize::json(json) + "\n"));
        Ok(())
    }

    /// Prints a value as one line of JSON.
    pub fn print_json_line(&self, value: &impl serde::Serialize) -> Result {
        let json = serde_json::to_string(value)
            .map_err(|e| OpsError::failed("this cannot be written as JSON").with_source(e))?;
        self.print(&(sanitize::json(json) + "\n"));
        Ok(())
    }

    /// Prints a note on standard error, where scripts can ignore it.
    pub fn print_note(&self, text: &str) {
        self.flush();
        note_to_stderr(text);
    }

    /// Shows how far something long has come, in place of what was shown before; on a terminal only.
    pub fn show_progress(&self, text: &str) {
        if io::stderr().is_terminal() {
            let _ = write!(io::stderr(), "\r{}\x1b[K", sanitize::line(text));
        }
    }

    /// Removes what [`show_progress`](Self::show_progress) showed.
    pub fn clear_progress(&self) {
        if io::stderr().is_terminal() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }

    /// What went wrong, and the way out.
    pub fn print_error(&self, error: &OpsError) {
        self.flush();
        let _ = anstream::stderr().write_all(format_error(error).as_bytes());
    }

    /// Writes the buffer. Returns the first write that failed; a closed pipe is no failure.
    pub fn finish(&self) -> Result {
        self.flush();
        match self.write_error.take() {
            None => Ok(()),
            Some(e) => Err(OpsError::failed("standard output cannot be written")
                .with_source(e)
                .with_hint("what was logged is kept; only the printing failed")),
        }
    }

    /// Writes the buffer; a failure is kept for [`Out::finish`].
    fn flush(&self) {
        let text = self.buffer.take();
        if text.is_empty() {
            return;
        }
        let mut to = anstream::stdout();
        self.record_write_error(to.write_all(text.as_bytes()).and_then(|()| to.flush()));
    }
}

/// Appends `line`, sanitised. The sequences that begin and end a style of this file stay: whatever escape
/// sequence was stored, none but these reaches a terminal.
fn push_styled(out: &mut String, line: &str) {
    let mut parts = line.split('\u{1b}');
    out.push_str(&sanitize::block(parts.next().unwrap_or_default()));
    for part in parts {
        let style = part.find('m').map(|at| part.split_at(at + 1));
        match style {
            Some((style, rest)) if STYLE_CODES.contains(&style) => {
                out.push('\u{1b}');
                out.push_str(style);
                out.push_str(&sanitize::block(rest));
            }
            _ => out.push_str(&sanitize::block(&format!("\u{1b}{part}"))),
        }
    }
}

/// Formats an error for standard error: `error:` and the message, one `caused by:` line per link of
/// the cause chain, then one `hint:` line per hint.
fn format_error(error: &OpsError) -> String {
    let mut text = format!("{RED}error:{RED:#} {}\n", sanitize::block(&error.message));
    for cause in error.causes() {
        text += &format!("{RED}caused by:{RED:#} {}\n", sanitize::line(&cause));
    }
    for hint in error.hints.iter().flat_map(|hint| hint.lines()) {
        text += &format!("{CYAN}hint:{CYAN:#} {}\n", sanitize::line(hint));
    }
    text
}

/// Prints a note before there is an [`Out`].
pub fn note_to_stderr(text: &str) {
    let _ = writeln!(
        anstream::stderr(),
        "{YELLOW}note:{YELLOW:#} {}",
        sanitize::line(text)
    );
}

/// Returns the columns of standard output; None if it is not a terminal.
#[must_use]
pub fn terminal_width() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    (io::stdout().is_terminal() && size.ws_col > 0).then_some(usize::from(size.ws_col))
}

/// True if standard input and standard output are terminals.
#[must_use]
pub fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Error;

    fn plain(error: &OpsError) -> String {
        anstream::adapter::strip_str(&format_error(error)).to_string()
    }

    #[test]
    fn error_prints_message_then_causes_then_hints() {
        #[derive(Debug, thiserror::Error)]
        #[error("the folder cannot be read")]
        struct Outer(#[source] Error);
        let error = OpsError::failed("no templates\nat all")
            .with_source(Outer(Error::other("denied\u{1b}[2J")))
            .with_hint("check who may read it")
            .with_hint("or name another");
        assert_eq!(
            plain(&error),
            "error: no templates\nat all\n\
             caused by: the folder cannot be read\n\
             caused by: denied\\u{1b}[2J\n\
             hint: check who may read it\n\
             hint: or name another\n"
        );
    }

    #[test]
    fn line_keeps_its_styles_and_no_other_sequence() {
        let print = |text: &str| {
            let mut out = String::new();
            push_styled(&mut out, text);
            out
        };
        for style in [DIM, BOLD, RED, YELLOW, GREEN, CYAN] {
            let styled = format!("a {style}b{style:#} c");
            assert_eq!(print(&styled), styled);
        }
        assert_eq!(
            print("a\u{1b}[8mb\u{1b}]0;t\u{7}\u{1b}[2J\u{9b}31m\u{202e}c\u{1b}"),
            "a\\u{1b}[8mb\\u{1b}]0;t\\u{7}\\u{1b}[2J\\u{9b}31m\\u{202e}c\\u{1b}"
        );
    }

    #[test]
    fn error_without_cause_or_hint_is_one_line() {
        assert_eq!(plain(&OpsError::usage("no")), "error: no\n");
    }
}
