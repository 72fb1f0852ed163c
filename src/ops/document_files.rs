//! Attached files in documents: shown in the page, or written into a folder beside the Markdown.

use super::{
    OpsError, Result, Session, atomic_write,
    attached_file::{self, StoredFile},
};
use crate::{
    documents::{EvidenceContent, EvidenceFile, evidence::attached_files, html::percent_encode},
    domain::{
        document_text,
        file::{self, AttachedFile},
        hash::Hash,
        incident::Incident,
    },
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Most bytes of files that one page shows: mail servers and browsers have their limits.
const MAX_SHOWN_BYTES: u64 = 10 << 20;
/// Most lines and bytes of a text that a page shows.
const MAX_TEXT_LINES: usize = 200;
const MAX_TEXT_BYTES: usize = 1 << 16;

/// Returns the files of `incident` with the content that an HTML page shows, up to a size of all together.
///
/// # Errors
/// What the store says.
pub(super) fn for_page(session: &Session, incident: &Incident) -> Result<Vec<EvidenceFile>> {
    let mut room = MAX_SHOWN_BYTES;
    let mut files = Vec::new();
    for (attached, _) in attached_files(incident) {
        let content = content_for_page(session, incident, attached, &mut room)?;
        files.push(EvidenceFile {
            sha256: attached.sha256,
            link: None,
            content,
        });
    }
    Ok(files)
}

/// Returns what a page with `room` for so many bytes shows of a file, and takes that off `room`.
fn content_for_page(
    session: &Session,
    incident: &Incident,
    attached: &AttachedFile,
    room: &mut u64,
) -> Result<EvidenceContent> {
    let is_shown = attached.media_type == file::TEXT || file::is_image(&attached.media_type);
    if !is_shown {
        return Ok(match stored(session, incident, attached.sha256)? {
            Ok(_) => EvidenceContent::Named,
            Err(why) => why,
        });
    }
    let is_large = attached.media_type != file::TEXT && attached.size > *room;
    if is_large {
        return Ok(EvidenceContent::LeftOut {
            limit: MAX_SHOWN_BYTES,
        });
    }
    let bytes = match stored(session, incident, attached.sha256)? {
        Ok(bytes) => bytes,
        Err(why) => return Ok(why),
    };
    // What the bytes are counts, not what an event says that they are.
    let media_type = file::media_type(&bytes);
    let content = if file::is_image(media_type) {
        EvidenceContent::Image {
            media_type,
            data: STANDARD.encode(&bytes),
        }
    } else if media_type == file::TEXT {
        first_lines(&bytes)
    } else {
        EvidenceContent::Named
    };
    let used = match &content {
        EvidenceContent::Image { .. } => bytes.len(),
        EvidenceContent::Text { shown, .. } => shown.len(),
        _ => 0,
    };
    match room.checked_sub(used as u64) {
        Some(rest) => *room = rest,
        None => {
            return Ok(EvidenceContent::LeftOut {
                limit: MAX_SHOWN_BYTES,
            });
        }
    }
    Ok(content)
}

/// The first lines of a text, safe to show.
fn first_lines(bytes: &[u8]) -> EvidenceContent {
    let text = String::from_utf8_lossy(bytes);
    let total = text.lines().count();
    let mut end = 0;
    let mut lines = 0;
    for line in text.split_inclusive('\n').take(MAX_TEXT_LINES) {
        if end + line.len() > MAX_TEXT_BYTES {
            break;
        }
        end += line.len();
        lines += 1;
    }
    // A first line that is longer than all that is shown is cut.
    if lines == 0 {
        end = text.floor_char_boundary(MAX_TEXT_BYTES);
    }
    EvidenceContent::Text {
        shown: document_text::block(&text[..end]).into_owned(),
        more_lines: total - lines,
    }
}

/// The bytes of a file, or what a document says instead.
fn stored(
    session: &Session,
    incident: &Incident,
    hash: Hash,
) -> Result<std::result::Result<Vec<u8>, EvidenceContent>> {
    Ok(
        match attached_file::read(session, hash, Some(incident.id))? {
            StoredFile::Bytes(bytes) => Ok(bytes),
            StoredFile::Redacted => Err(EvidenceContent::Redacted),
            StoredFile::Missing | StoredFile::Damaged => Err(EvidenceContent::Missing),
        },
    )
}

/// The folder for the files of the document at `path`: `outage_files` of `outage.md`.
#[must_use]
pub(super) fn folder_beside(path: &Path) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push("_files");
    path.with_file_name(name)
}

/// Returns the files of `incident` for a Markdown document, with links into the folder beside it if `path` is
/// where it is written.
///
/// # Errors
/// What the store says.
pub(super) fn for_markdown(
    session: &Session,
    incident: &Incident,
    path: Option<&Path>,
) -> Result<Vec<EvidenceFile>> {
    let folder = path.map(|path| {
        let folder = folder_beside(path);
        let name = folder.file_name().unwrap_or_default().to_owned();
        percent_encode(std::os::unix::ffi::OsStrExt::as_bytes(name.as_os_str()))
    });
    let mut files = Vec::new();
    for (hash, name) in named_files(incident) {
        let content = match stored(session, incident, hash)? {
            Ok(_) => EvidenceContent::Named,
            Err(why) => why,
        };
        let is_there = content == EvidenceContent::Named;
        let link = folder
            .as_ref()
            .filter(|_| is_there)
            .map(|folder| format!("{folder}/{}", percent_encode(name.as_bytes())));
        files.push(EvidenceFile {
            sha256: hash,
            link,
            content,
        });
    }
    Ok(files)
}

/// The files of the incident with their names in a folder.
fn named_files(incident: &Incident) -> Vec<(Hash, String)> {
    let files = attached_files(incident);
    let names = file::unique_names(files.iter().map(|(file, _)| file.name.as_str()));
    let hashes = files.iter().map(|(file, _)| file.sha256);
    hashes.zip(names).collect()
}

/// Writes the files of `incident` into the folder beside the document at `path`, and returns the folder with
/// their number; `None` if there are none. Other files in it stay as they are.
///
/// # Errors
/// The folder is a link or no folder; another file has the name of one, unless `force`; those of
/// [`atomic_write::write`].
pub(super) fn write_beside(
    session: &Session,
    incident: &Incident,
    path: &Path,
    force: bool,
) -> Result<Option<(PathBuf, usize)>> {
    let folder = folder_beside(path);
    let mut count = 0;
    for (hash, name) in named_files(incident) {
        let Ok(bytes) = stored(session, incident, hash)? else {
            continue;
        };
        if count == 0 {
            prepare_folder(&folder)?;
        }
        count += 1;
        let to = folder.join(name);
        if !has_bytes(&to, &bytes) {
            atomic_write::write(&to, &bytes, session.write_options(force))?;
        }
    }
    Ok((count > 0).then_some((folder, count)))
}

/// Creates `folder` if it is not there.
fn prepare_folder(folder: &Path) -> Result<()> {
    let shown = folder.display();
    match fs::create_dir(folder) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let is_folder = folder.symlink_metadata().is_ok_and(|found| found.is_dir());
            if is_folder {
                return Ok(());
            }
            Err(
                OpsError::failed(format!("{shown} is not a folder for attached files"))
                    .with_hint("move it away, or write the document under another name"),
            )
        }
        Err(error) => Err(OpsError::failed(format!("{shown} cannot be created"))
            .with_source(error)
            .with_hint("write the document into a folder that you can write to")),
    }
}

/// True if `path` is a file with these bytes.
fn has_bytes(path: &Path, bytes: &[u8]) -> bool {
    let found = path.symlink_metadata();
    found.is_ok_and(|found| found.is_file() && found.len() == bytes.len() as u64)
        && fs::read(path).is_ok_and(|there| there == bytes)
}
