//! The question before what is not meant by every user who types it.

use super::{
    error::Result,
    out::{Out, is_interactive},
};
use crate::{domain::sanitize, ops::OpsError};
use std::io;

/// Asks `question` and waits for a yes to `verb`; `without_asking` is the command that does it unasked.
///
/// # Errors
/// There is no terminal to ask on, or the answer is not yes.
pub(super) fn confirm(question: &str, verb: &str, without_asking: &str, out: &Out) -> Result {
    if !is_interactive() {
        return Err(
            OpsError::failed(question).with_hint(format!("if that is meant: `{without_asking}`"))
        );
    }
    out.print_line(&sanitize::line(question));
    out.print_note(&format!("type `yes` to {verb} it"));
    let mut answer = String::new();
    io::stdin()
        .read_line(&mut answer)
        .map_err(|e| OpsError::failed("the answer cannot be read").with_source(e))?;
    if !matches!(answer.trim().to_lowercase().as_str(), "yes" | "y") {
        return Err(OpsError::failed("nothing was changed").with_hint("answer `yes`"));
    }
    Ok(())
}
