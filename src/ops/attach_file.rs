//! Reads a file that is attached to an event.

use super::{OpsError, Result};
use crate::domain::{
    file::{self, AttachedFile, FileContent},
    hash::Hash,
    sanitize,
    unknown::UnknownFields,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::{
    fs::{self, File, Metadata},
    io::Read as _,
    os::unix::fs::MetadataExt as _,
    path::Path,
};

/// Reads the file at `path`, at most `max` bytes.
pub(super) fn read_file(path: &Path, max: u64) -> Result<(AttachedFile, FileContent)> {
    let shown = path.display().to_string();
    let shown = sanitize::line(&shown);
    let unreadable = |error: std::io::Error| {
        let hint = match error.kind() {
            std::io::ErrorKind::NotFound => "see if the path is right",
            _ => "--attach takes a file that you can read",
        };
        OpsError::failed(format!("{shown} cannot be read"))
            .with_source(error)
            .with_hint(hint)
    };
    let found = fs::metadata(path).map_err(unreadable)?;
    require_file(&found, &shown)?;
    let file = File::open(path).map_err(unreadable)?;
    // What is opened may not be what was looked at.
    let before = file.metadata().map_err(unreadable)?;
    require_file(&before, &shown)?;
    let mut bytes = Vec::new();
    let read = (&file).take(max + 1).read_to_end(&mut bytes);
    read.map_err(unreadable)?;
    if before.len() > max || bytes.len() as u64 > max {
        return Err(OpsError::failed(format!(
            "{shown} is larger than {} MiB",
            max >> 20
        ))
        .with_hint(
            "keep the file elsewhere and give its address with --link, or raise `attach-mib` in the settings",
        ));
    }
    if bytes.is_empty() {
        return Err(
            OpsError::failed(format!("{shown} is empty")).with_hint("there is nothing to attach")
        );
    }
    let after = file.metadata().map_err(unreadable)?;
    let state = |of: &Metadata| (of.len(), of.mtime(), of.mtime_nsec());
    // Of files that the system makes up, as in /proc, the length is 0.
    let is_whole = before.len() == 0 || before.len() == bytes.len() as u64;
    if state(&before) != state(&after) || !is_whole {
        return Err(
            OpsError::failed(format!("{shown} was changed while it was read"))
                .with_hint("attach a copy of it: `cp` first"),
        );
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let file = AttachedFile {
        sha256: Hash::digest(&bytes),
        name: file::safe_name(&name),
        size: bytes.len() as u64,
        media_type: file::media_type(&bytes).to_owned(),
        unknown: UnknownFields::default(),
    };
    let content = FileContent {
        name: file.name.clone(),
        size: file.size,
        media_type: file.media_type.clone(),
        data: STANDARD.encode(&bytes),
        redacted: None,
        unknown: UnknownFields::default(),
    };
    Ok((file, content))
}

fn require_file(found: &Metadata, shown: &str) -> Result<()> {
    if found.is_dir() {
        return Err(OpsError::failed(format!("{shown} is a folder"))
            .with_hint("attach its files one by one, or an archive of it"));
    }
    if !found.is_file() {
        return Err(
            OpsError::failed(format!("{shown} is a device or a pipe, not a file"))
                .with_hint("write what it gives to a file, and attach that"),
        );
    }
    Ok(())
}
