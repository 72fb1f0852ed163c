//! The one-line prompt of `bridgelog log`: nothing needs quotes there.

use super::{Result, echo::echo, out::Out};
use crate::{
    domain::capture::Flags,
    ops::{Book, OpsError, context::Given, log},
};
use std::io::{self, Write};

/// Asks for a line until one can be logged, or the input ends.
pub(super) fn run(book: &mut Book, flags: &Flags, given: &Given, out: &Out) -> Result {
    let place = match book.writing(given.incident.as_deref())? {
        Some(row) => super::view::called(&row),
        None => "no incident is open: the event will be unfiled".to_owned(),
    };
    out.ansi_line(&place);
    loop {
        out.ansi("› ");
        out.finish()?;
        io::stdout()
            .flush()
            .map_err(|e| OpsError::failed(format!("the terminal cannot be written: {e}")))?;
        let mut line = String::new();
        let read = io::stdin()
            .read_line(&mut line)
            .map_err(|e| OpsError::failed(format!("the terminal cannot be read: {e}")))?;
        if read == 0 {
            out.ansi_line("");
            return Ok(());
        }
        if line.trim().is_empty() {
            continue;
        }
        match log::log(book, line.trim_end_matches(['\n', '\r']), flags, given) {
            Ok(logged) => return echo(book, &logged, false, out),
            // The line still stands above, to be typed again in part.
            Err(error) => out.error(&error),
        }
    }
}
