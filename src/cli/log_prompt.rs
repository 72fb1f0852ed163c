//! The one-line prompt of `bridgelog log`, where nothing needs quotes. A refused line stays for
//! correction, and pasted text that is left over does not reach the shell.

use super::{error::Result, log_output::print_logged, out::Out};
use crate::{
    domain::{capture::Flags, sanitize},
    ops::{OpsError, Session, context::LineOptions, log},
    tui::text_input::TextInput,
};
use crossterm::{
    cursor::MoveToColumn,
    event::{
        DisableBracketedPaste, EnableBracketedPaste, Event, KeyCode, KeyEvent, KeyEventKind,
        KeyModifiers,
    },
    queue,
    style::Print,
    terminal::{Clear, ClearType},
};
use rustix::termios::{QueueSelector, tcflush};
use std::{
    io::{self, Write},
    time::Duration,
};
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr;

const PROMPT: &str = "› ";

/// Reads lines until one is logged, or the user leaves.
pub(super) fn run(
    session: &mut Session,
    flags: &Flags,
    options: &LineOptions,
    out: &Out,
) -> Result {
    let heading = match session.resolve_for_write(options.incident.as_deref())? {
        Some(row) => super::view::label(&row),
        None => "no incident is open: the event will be unassigned".to_owned(),
    };
    out.print_line(&heading);
    out.finish()?;
    let mut line = TextInput::default();
    let mut pasted = false;
    loop {
        let entered = edit_line(&mut line, &mut pasted)
            .map_err(|e| OpsError::failed("the terminal cannot be used").with_source(e))?;
        if !entered {
            return Ok(());
        }
        if line.is_blank() {
            continue;
        }
        // Customer wording is never taken from pasted text.
        let options = LineOptions {
            allow_customer_wording: options.allow_customer_wording && !pasted,
            ..options.clone()
        };
        match log::log_line(session, line.text(), flags, &options) {
            Ok(logged) => return print_logged(session, &logged, false, out),
            Err(error) => out.print_error(&error),
        }
    }
}

/// How long to wait for more keys before the line is drawn. Without a wait, crossterm reads nothing.
const DRAIN_TIMEOUT: Duration = Duration::from_millis(1);

/// Edits `line` until Enter (true) or Ctrl+C, Ctrl+D (false). `pasted` is true while the line contains
/// pasted text.
fn edit_line(line: &mut TextInput, pasted: &mut bool) -> io::Result<bool> {
    let _raw = RawMode::enable()?;
    loop {
        // What is pasted where the terminal does not say so comes key by key: it is drawn once.
        if !crossterm::event::poll(DRAIN_TIMEOUT)? {
            draw_line(line)?;
        }
        match crossterm::event::read()? {
            Event::Paste(text) => {
                *pasted = true;
                line.insert(&text.replace(['\r', '\n', '\t'], " "));
            }
            Event::Key(key) if key.kind != KeyEventKind::Release => match apply_key(line, key) {
                Some(entered) => return Ok(entered),
                None => *pasted &= !line.is_blank(),
            },
            _ => {}
        }
    }
}

/// Applies a key. Some(true) enters the line, Some(false) leaves the prompt.
fn apply_key(line: &mut TextInput, key: KeyEvent) -> Option<bool> {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Enter => return Some(true),
        KeyCode::Char('c') if ctrl => return Some(false),
        KeyCode::Char('d') if ctrl && line.is_blank() => return Some(false),
        KeyCode::Char('a') if ctrl => line.move_to_start(),
        KeyCode::Char('e') if ctrl => line.move_to_end(),
        KeyCode::Char('u') if ctrl => line.delete_to_start(),
        KeyCode::Char('k') if ctrl => line.delete_to_end(),
        KeyCode::Char('w') if ctrl => line.delete_word(),
        KeyCode::Left if ctrl => line.move_word_left(),
        KeyCode::Right if ctrl => line.move_word_right(),
        KeyCode::Left => line.move_left(),
        KeyCode::Right => line.move_right(),
        KeyCode::Home => line.move_to_start(),
        KeyCode::End => line.move_to_end(),
        KeyCode::Backspace => line.delete_back(),
        KeyCode::Delete => line.delete_forward(),
        KeyCode::Char(c) if !ctrl => line.insert(c.encode_utf8(&mut [0; 4])),
        _ => {}
    }
    None
}

/// Draws the part of the line around the cursor that fits the terminal.
fn draw_line(line: &TextInput) -> io::Result<()> {
    let columns = crossterm::terminal::size().map_or(80, |(columns, _)| usize::from(columns));
    let room = columns.saturating_sub(PROMPT.width() + 1).max(1);
    let (before, after) = visible_part(line, room);
    let column = PROMPT.width() + before.width();
    let mut stdout = io::stdout();
    queue!(
        stdout,
        MoveToColumn(0),
        Clear(ClearType::CurrentLine),
        Print(PROMPT),
        Print(before),
        Print(after),
        MoveToColumn(u16::try_from(column).unwrap_or(u16::MAX))
    )?;
    stdout.flush()
}

/// Returns the parts of the line shown before and after the cursor, at most `room` columns together. Only
/// what can be shown is read, however long the line is.
fn visible_part(line: &TextInput, room: usize) -> (String, String) {
    let mut columns = 0;
    let mut before: Vec<String> = Vec::new();
    for grapheme in line.before_cursor().graphemes(true).rev() {
        let shown = sanitize::line(grapheme).into_owned();
        columns += shown.width();
        if columns > room {
            columns -= shown.width();
            break;
        }
        before.push(shown);
    }
    let mut after = String::new();
    for grapheme in line.after_cursor().graphemes(true) {
        let shown = sanitize::line(grapheme);
        columns += shown.width();
        if columns > room {
            break;
        }
        after.push_str(&shown);
    }
    (before.into_iter().rev().collect(), after)
}

/// Raw mode with bracketed paste; restored on drop.
struct RawMode;

impl RawMode {
    fn enable() -> io::Result<Self> {
        crossterm::terminal::enable_raw_mode()?;
        let raw = Self;
        queue!(io::stdout(), EnableBracketedPaste)?;
        io::stdout().flush()?;
        Ok(raw)
    }
}

impl Drop for RawMode {
    fn drop(&mut self) {
        // Discards the rest of a paste of several lines, which the shell would run.
        let _ = tcflush(io::stdin(), QueueSelector::IFlush);
        let _ = queue!(io::stdout(), DisableBracketedPaste);
        let _ = crossterm::terminal::disable_raw_mode();
        let _ = writeln!(io::stdout());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visible(text: &str, left: usize, room: usize) -> (String, String) {
        let mut line = TextInput::new(text);
        for _ in 0..left {
            line.move_left();
        }
        visible_part(&line, room)
    }

    fn parts(before: &str, after: &str) -> (String, String) {
        (before.to_owned(), after.to_owned())
    }

    #[test]
    fn visible_part_of_a_line_ends_at_the_cursor_and_fits() {
        assert_eq!(visible("halted", 0, 10), parts("halted", ""));
        assert_eq!(visible("halted", 0, 3), parts("ted", ""));
        assert_eq!(visible("halted", 2, 5), parts("halt", "e"));
        assert_eq!(
            visible("日本語", 0, 5),
            parts("本語", ""),
            "two columns each"
        );
        assert_eq!(visible("日本語", 3, 3), parts("", "日"));
        assert_eq!(visible("e\u{301}a", 0, 1), parts("a", ""));
        // What is escaped is shown whole or not at all.
        let escaped = sanitize::line("\u{202e}").into_owned();
        assert_eq!(visible("a\u{202e}b", 0, escaped.len()), parts("b", ""));
        assert_eq!(
            visible("a\u{202e}b", 0, escaped.len() + 1),
            (format!("{escaped}b"), String::new())
        );
    }

    #[test]
    fn visible_part_of_a_huge_line_is_found_from_the_cursor() {
        // A look at all of it each time would take minutes.
        let line = TextInput::new("日".repeat(1 << 20));
        for _ in 0..10_000 {
            assert_eq!(visible_part(&line, 80).0.width(), 80);
        }
    }
}
