//! Asks the terminal what it can do, and reads its answers from standard input.

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    termios::{QueueSelector, tcflush},
};
use std::{
    io::{self, Write as _},
    time::{Duration, Instant},
};

/// How long a terminal has for its answers.
const TIMEOUT: Duration = Duration::from_secs(1);

/// A sign that takes one column or two, then: the cursor's position; is bracketed paste known; which terminal.
/// Every terminal answers the last one, so that those it does not know are not waited for.
const QUESTIONS: &str = "\r▲\x1b[6n\r\x1b[K\x1b[?2004$p\x1b[c";

/// What a terminal answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Answers {
    /// False if it answered nothing that ends the questions.
    pub complete: bool,
    /// Columns of `▲`.
    pub sign_columns: Option<u16>,
    /// Whether it can mark pasted text; `None` if it does not say.
    pub bracketed_paste: Option<bool>,
}

/// Asks the terminal on standard input and output.
///
/// # Errors
/// It cannot be read or written.
pub(super) fn ask() -> io::Result<Answers> {
    crossterm::terminal::enable_raw_mode()?;
    let answers = ask_in_raw_mode();
    // A late answer must not reach the shell.
    let _ = tcflush(io::stdin(), QueueSelector::IFlush);
    crossterm::terminal::disable_raw_mode()?;
    answers
}

fn ask_in_raw_mode() -> io::Result<Answers> {
    let mut stdout = io::stdout();
    stdout.write_all(QUESTIONS.as_bytes())?;
    stdout.flush()?;
    let deadline = Instant::now() + TIMEOUT;
    let mut bytes = Vec::new();
    let stdin = io::stdin();
    loop {
        let answers = parse(&bytes);
        let left = deadline.saturating_duration_since(Instant::now());
        if answers.complete || left.is_zero() {
            return Ok(answers);
        }
        let timeout = Timespec::try_from(left).ok();
        let mut waited = [PollFd::new(&stdin, PollFlags::IN)];
        if poll(&mut waited, timeout.as_ref())? > 0 {
            let mut part = [0; 256];
            match rustix::io::read(&stdin, &mut part)? {
                0 => return Ok(parse(&bytes)),
                length => bytes.extend_from_slice(&part[..length]),
            }
        }
    }
}

/// Reads the answers among `bytes`, which may hold keys too.
fn parse(bytes: &[u8]) -> Answers {
    let mut answers = Answers::default();
    let text = String::from_utf8_lossy(bytes);
    for sequence in text.split("\x1b[").skip(1) {
        let Some(end) = sequence.find(|c: char| ('@'..='~').contains(&c)) else {
            continue;
        };
        let (parameters, rest) = sequence.split_at(end);
        let number = |part: Option<&str>| part.and_then(|part| part.parse::<u16>().ok());
        match (rest.chars().next(), parameters.strip_prefix('?')) {
            (Some('R'), None) => {
                let column = number(parameters.split(';').nth(1));
                answers.sign_columns = column.and_then(|column| column.checked_sub(1));
            }
            (Some('y'), Some(mode)) if mode.starts_with("2004;") => {
                let state = mode.trim_end_matches('$').split(';').nth(1);
                answers.bracketed_paste = number(state).map(|state| state != 0);
            }
            (Some('c'), Some(_)) => answers.complete = true,
            _ => {}
        }
    }
    answers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_among_keys() {
        let answers = parse(b"x\x1b[12;2R\x1b[?2004;2$y\x1b[A\x1b[?62;22;52c");
        let expected = Answers {
            complete: true,
            sign_columns: Some(1),
            bracketed_paste: Some(true),
        };
        assert_eq!(answers, expected);
        let answers = parse(b"\x1b[1;3R\x1b[?2004;0$y\x1b[?1;2");
        let expected = Answers {
            complete: false,
            sign_columns: Some(2),
            bracketed_paste: Some(false),
        };
        assert_eq!(answers, expected);
        assert_eq!(parse(b"q\x1b[A\x1b"), Answers::default());
    }
}
