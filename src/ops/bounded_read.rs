//! Reads files and streams up to a limit: a wrong path can name a device that never ends.

use super::{OpsError, Result};
use std::io::Read;

/// Most bytes of a section of prose, or of a letter.
pub const MAX_PROSE_BYTES: u64 = 1 << 20;
/// Most bytes of a document that is updated.
pub(super) const MAX_DOCUMENT_BYTES: u64 = 256 << 20;

/// Reads `from` to its end; `what` names it in errors.
///
/// # Errors
/// It cannot be read, or holds more than `max` bytes.
pub fn read_bytes(from: impl Read, what: &str, max: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(max + 1).read_to_end(&mut bytes).map_err(|e| {
        OpsError::failed(format!("{what} cannot be read"))
            .with_source(e)
            .with_hint("name a text file that you can read")
    })?;
    check_len(bytes.len(), what, max)?;
    Ok(bytes)
}

/// Checks that a text of `len` bytes has at most `max`; `what` names it in errors.
pub(super) fn check_len(len: usize, what: &str, max: u64) -> Result<()> {
    if len as u64 <= max {
        return Ok(());
    }
    Err(
        OpsError::usage(format!("{what} holds more than {} MiB", max >> 20))
            .with_hint("give a shorter text; keep a long one in a file and log where it is"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_stops_at_the_limit() {
        assert_eq!(read_bytes(&b"1234"[..], "it", 4).unwrap(), b"1234");
        let error = read_bytes(std::io::repeat(0), "/dev/zero", 1 << 20).unwrap_err();
        assert_eq!(error.message, "/dev/zero holds more than 1 MiB");
    }
}
