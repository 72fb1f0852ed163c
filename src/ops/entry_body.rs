//! Decodes the bodies of entries.

use super::{OpsError, Result};
use crate::domain::{entry::Entry, handle, value::Body};

/// Decodes the body of `entry`; `None` if it was redacted.
///
/// # Errors
/// It cannot be read: passing over it would take back something else.
pub(super) fn body_if_kept(entry: &Entry) -> Result<Option<Body>> {
    entry
        .body()
        .map_err(|e| OpsError::failed(e.to_string()).with_hint("`bridgelog verify` says more"))
}

/// Decodes the body of an entry.
///
/// # Errors
/// The body was redacted, or cannot be decoded.
pub(super) fn decode_body(entry: &Entry) -> Result<Body> {
    body_if_kept(entry)?.ok_or_else(|| {
        OpsError::failed(format!(
            "{} was redacted and cannot be brought back",
            entry
                .header()
                .subject
                .id()
                .map_or_else(String::new, handle::shown)
        ))
        .with_hint("a redaction is for good; a backup made before it has the text")
    })
}
