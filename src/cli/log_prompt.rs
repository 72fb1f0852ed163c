//! The one-line prompt of `bridgelog log`: nothing needs quotes there. The line can be edited, a
//! refused one stays to be corrected, and what is pasted never runs on into the shell.

use super::{Result, log_output::print_logged, out::Out};
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
            .map_err(|e| OpsError::failed("the terminal cannot be used").with_source(e))?;
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
        // What is pasted where the terminal does not say so comes key by key: it is drawn once.
        if !crossterm::event::poll(Duration::ZERO)? {
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
    let (before, after) = visible_part(line, room);
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

/// Returns what of the line is shown before and after the cursor, at most `room` columns. Only what may
/// be shown is looked at, however long the line is.
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
