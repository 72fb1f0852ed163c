//! The one-line prompt of `bridgelog log`: nothing needs quotes there. The line can be edited, a
//! refused one stays to be corrected, and what is pasted never runs on into the shell.

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
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

const PROMPT: &str = "› ";

/// Asks for a line until one can be logged, or the input ends.
pub(super) fn run(book: &mut Session, flags: &Flags, given: &LineOptions, out: &Out) -> Result {
    let place = match book.resolve_for_write(given.incident.as_deref())? {
        Some(row) => super::view::label(&row),
        None => "no incident is open: the event will be unfiled".to_owned(),
    };
    out.print_line(&place);
    out.finish()?;
    let mut line = TextInput::default();
    let mut pasted = false;
    loop {
        let asked = edit_line(&mut line, &mut pasted)
            .map_err(|e| OpsError::failed(format!("the terminal cannot be used: {e}")))?;
        if !asked {
            return Ok(());
        }
        if line.is_blank() {
            continue;
        }
        // What customers are to read is typed for that purpose, never pasted.
        let given = LineOptions {
            allow_customer_wording: given.allow_customer_wording && !pasted,
            ..given.clone()
        };
        match log::log_line(book, line.text(), flags, &given) {
            Ok(logged) => return print_logged(book, &logged, false, out),
            // The line stays, to be corrected.
            Err(error) => out.print_error(&error),
        }
    }
}

/// Lets a person edit `line`; false where they leave without it.
fn edit_line(line: &mut TextInput, pasted: &mut bool) -> io::Result<bool> {
    let _raw = RawMode::enable()?;
    loop {
        draw_line(line)?;
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

/// Does what a key does to the line. True where the line is entered, false where it is left.
fn apply_key(line: &mut TextInput, key: KeyEvent) -> Option<bool> {
    let held = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Enter => return Some(true),
        KeyCode::Char('c') if held => return Some(false),
        KeyCode::Char('d') if held && line.is_blank() => return Some(false),
        KeyCode::Char('a') if held => line.move_to_start(),
        KeyCode::Char('e') if held => line.move_to_end(),
        KeyCode::Char('u') if held => line.delete_to_start(),
        KeyCode::Char('k') if held => line.delete_to_end(),
        KeyCode::Char('w') if held => line.delete_word(),
        KeyCode::Left if held => line.move_word_left(),
        KeyCode::Right if held => line.move_word_right(),
        KeyCode::Left => line.move_left(),
        KeyCode::Right => line.move_right(),
        KeyCode::Home => line.move_to_start(),
        KeyCode::End => line.move_to_end(),
        KeyCode::Backspace => line.delete_back(),
        KeyCode::Delete => line.delete_forward(),
        KeyCode::Char(c) if !held => line.insert(c.encode_utf8(&mut [0; 4])),
        _ => {}
    }
    None
}

/// Draws as much of the line as fits, with the cursor in view.
fn draw_line(line: &TextInput) -> io::Result<()> {
    let columns = crossterm::terminal::size().map_or(80, |(columns, _)| usize::from(columns));
    let room = columns.saturating_sub(PROMPT.width() + 1).max(1);
    let mut before = sanitize::line(line.before_cursor()).into_owned();
    while before.width() > room {
        before.remove(0);
    }
    let mut after = sanitize::line(line.after_cursor()).into_owned();
    while before.width() + after.width() > room {
        after.pop();
    }
    let column = PROMPT.width() + before.width();
    let mut to = io::stdout();
    queue!(
        to,
        MoveToColumn(0),
        Clear(ClearType::CurrentLine),
        Print(PROMPT),
        Print(before),
        Print(after),
        MoveToColumn(u16::try_from(column).unwrap_or(u16::MAX))
    )?;
    to.flush()
}

/// The terminal key by key, given back when this goes.
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
        // What was pasted behind the end of the line must not reach the shell.
        let _ = tcflush(io::stdin(), QueueSelector::IFlush);
        let _ = queue!(io::stdout(), DisableBracketedPaste);
        let _ = crossterm::terminal::disable_raw_mode();
        let _ = writeln!(io::stdout());
    }
}
