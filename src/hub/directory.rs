//! A directory as the hub: a mount, a folder that is kept in step by other means, or a stick.
//!
//! It holds the file `bridgelog-hub.json`, which says that it is a hub; a file `ID.jsonl` for each machine, with
//! the entries that this machine brought, a line each as in `docs/JOURNAL.md`; and `presence/ID.json`, who works
//! there. A file is appended to by its machine alone, so nothing is locked across machines. It is rewritten only
//! for a redaction: the body becomes `null` and as many spaces, so that every line stays where it was.
//!
//! Files under other names that end in `.jsonl`, such as the conflict copies of programs that keep folders in
//! step, are read like the others. A last line without its line break is not there yet. Empty files and those
//! whose names begin with a dot are passed over.

mod files;
mod lines;
mod presence;

use self::{
    files::{io_error, lock, require_directory, sync_folder, write_whole},
    lines::Line,
};
use super::{
    Cursor, Held, Hub, HubError, HubErrorKind, Look, MAX_BATCH_BYTES, Page, Presence, Redaction,
    Written,
};
use crate::domain::{entry::Entry, time::UtcTime};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs::{self, OpenOptions},
    io::{self, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    time::SystemTime,
};
use uuid::Uuid;

/// The file that makes a directory a hub.
const MARKER: &str = "bridgelog-hub.json";
/// The version of the layout above.
const FORMAT: u32 = 1;
const EXTENSION: &str = ".jsonl";
/// What the marker says.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Marker {
    format: u32,
    id: Uuid,
}

/// A directory where machines meet.
#[derive(Debug)]
pub struct DirectoryHub {
    path: PathBuf,
    name: String,
    key: String,
    /// True if a newer version made it: it is only read.
    is_newer: bool,
    /// What was found in the files, and up to where they were read for it. Built when it is first needed.
    held: Option<HeldEntries>,
    /// The redactions that were carried out last, with what still held a text then.
    redacted: Option<(RedactionCheck, Vec<String>)>,
}

/// The files in which redactions were carried out. While they stay as they are, it need not be done again.
#[derive(Debug, PartialEq, Eq)]
struct RedactionCheck {
    /// Size and time of the last change, by name.
    files: BTreeMap<String, (u64, Option<SystemTime>)>,
    destroys: BTreeSet<Uuid>,
}

#[derive(Debug, Default)]
struct HeldEntries {
    by_id: HashMap<Uuid, Held>,
    /// The position in each file.
    read: BTreeMap<String, u64>,
}

impl DirectoryHub {
    /// Makes the directory at `path`, which exists, a hub with the id `id`. Returns false if it is one already.
    ///
    /// # Errors
    /// It does not exist, or cannot be written.
    pub fn init(path: &Path, id: Uuid) -> Result<bool, HubError> {
        require_directory(path)?;
        let marker = Marker { format: FORMAT, id };
        let text = serde_json::to_string(&marker).unwrap_or_default();
        let marker_path = path.join(MARKER);
        if marker_path.exists() {
            return Ok(false);
        }
        write_whole(&marker_path, format!("{text}\n").as_bytes())
            .map_err(|error| io_error(&marker_path, "cannot be written", error))?;
        Ok(true)
    }

    /// Opens the hub in the directory at `path`.
    ///
    /// # Errors
    /// [`HubErrorKind::Missing`] if the directory is no hub: it may be the empty place of a mount.
    pub fn open(path: &Path) -> Result<Self, HubError> {
        require_directory(path)?;
        let name = path.display().to_string();
        let marker_path = path.join(MARKER);
        let text = match fs::read_to_string(&marker_path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(HubError::new(
                    HubErrorKind::Missing,
                    format!("`{name}` is not a hub: it has no file {MARKER}"),
                )
                .with_hint(format!(
                    "if it is a mount, mount it; `bridgelog hub init {name}` makes it a hub"
                )));
            }
            Err(error) => return Err(io_error(&marker_path, "cannot be read", error)),
        };
        let marker: Marker = serde_json::from_str(&text).map_err(|error| {
            HubError::new(
                HubErrorKind::Failed,
                format!("{} does not say which hub it is", marker_path.display()),
            )
            .with_source(error)
            .with_hint("take it back from a copy, or remove it and run `bridgelog hub init`")
        })?;
        Ok(Self {
            path: path.to_owned(),
            name,
            key: format!("directory/{}", marker.id),
            is_newer: marker.format > FORMAT,
            held: None,
            redacted: None,
        })
    }

    /// The files with entries, by name, each with its size; the empty ones left out.
    fn files(&self) -> Result<BTreeMap<String, u64>, HubError> {
        let stamps = self.stamps()?.into_iter();
        Ok(stamps.map(|(name, (size, _))| (name, size)).collect())
    }

    /// The files with entries, by name, each with its size and when it changed last.
    fn stamps(&self) -> Result<BTreeMap<String, (u64, Option<SystemTime>)>, HubError> {
        let failed = |error| io_error(&self.path, "cannot be read", error);
        let mut files = BTreeMap::new();
        for item in fs::read_dir(&self.path).map_err(failed)? {
            let item = item.map_err(failed)?;
            let Ok(name) = item.file_name().into_string() else {
                continue;
            };
            if name.starts_with('.') || !name.ends_with(EXTENSION) {
                continue;
            }
            // A link to nothing is a file that is not there yet.
            match fs::metadata(item.path()) {
                Ok(about) if about.is_file() && about.len() > 0 => {
                    files.insert(name, (about.len(), about.modified().ok()));
                }
                _ => {}
            }
        }
        Ok(files)
    }

    fn own_path(&self, writer: Uuid) -> PathBuf {
        self.path.join(format!("{writer}{EXTENSION}"))
    }

    fn require_writable(&self) -> Result<(), HubError> {
        if !self.is_newer {
            return Ok(());
        }
        Err(HubError::new(
            HubErrorKind::Newer,
            format!(
                "`{}` was made by a newer version of Bridgelog: it is read, and nothing is sent to it",
                self.name
            ),
        )
        .with_hint("install the newer version here too; logging goes on"))
    }

    /// Reads what is not yet among the held entries.
    fn read_held(&mut self) -> Result<&HeldEntries, HubError> {
        let mut held = self.held.take().unwrap_or_default();
        for (name, size) in self.files()? {
            let position = held.read.get(&name).copied().unwrap_or_default();
            if size <= position {
                continue;
            }
            let path = self.path.join(&name);
            let failed = |error| io_error(&path, "cannot be read", error);
            let mut file = lines::LineFile::open(&path, position).map_err(failed)?;
            while let Some(line) = file.next_line().map_err(failed)? {
                if let Line::Entry(entry) = line.content {
                    held.by_id.insert(entry.header().id, held_of(&entry));
                }
            }
            held.read.insert(name, file.position());
        }
        Ok(self.held.insert(held))
    }

    /// Writes the file at `path` again, without the bodies that `destroys` names.
    fn rewrite(&self, path: &Path, destroys: &BTreeSet<Uuid>) -> io::Result<()> {
        let _lock = lock(path)?;
        let copy = tempfile::Builder::new()
            .prefix(".bridgelog-")
            .tempfile_in(&self.path)?;
        let mut out = io::BufWriter::new(copy.as_file());
        let mut file = lines::LineFile::open(path, 0)?;
        while let Some(line) = file.next_line()? {
            match &line.content {
                Line::Entry(entry) if is_to_be_destroyed(entry, destroys) => {
                    let bare = format!("{{\"header\":{},\"body\":null}}", entry.header_bytes());
                    let padding = line.bytes.len().saturating_sub(bare.len() + 1);
                    out.write_all(bare.as_bytes())?;
                    out.write_all(&vec![b' '; padding])?;
                    out.write_all(b"\n")?;
                }
                _ => out.write_all(&line.bytes)?,
            }
        }
        // A last line without a line break was never acknowledged.
        out.flush()?;
        drop(out);
        copy.as_file()
            .set_permissions(fs::metadata(path)?.permissions())?;
        copy.as_file().sync_all()?;
        copy.persist(path).map_err(|error| error.error)?;
        sync_folder(&self.path)
    }
}

impl Hub for DirectoryHub {
    fn key(&self) -> &str {
        &self.key
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn look(&mut self, known: &[Cursor]) -> Result<Look, HubError> {
        self.held = None;
        let files = self.files()?;
        let mut look = Look::default();
        for cursor in known {
            let path = self.path.join(&cursor.source);
            let is_there = match files.get(&cursor.source) {
                Some(size) if *size >= cursor.position => {
                    lines::ends_with_entry(&path, cursor.position, &cursor.mark)
                        .map_err(|error| io_error(&path, "cannot be read", error))?
                }
                _ => false,
            };
            if !is_there {
                look.replaced.push(cursor.source.clone());
            }
        }
        for (name, size) in &files {
            let position = position_in(known, name);
            if *size > position {
                let path = self.path.join(name);
                look.has_new |= lines::has_line_break_after(&path, position)
                    .map_err(|error| io_error(&path, "cannot be read", error))?;
            }
        }
        Ok(look)
    }

    fn read(&mut self, known: &[Cursor]) -> Result<Page, HubError> {
        let mut page = Page::default();
        let mut bytes = 0;
        for (name, size) in self.files()? {
            let start = position_in(known, &name);
            if size <= start {
                continue;
            }
            let path = self.path.join(&name);
            let failed = |error| io_error(&path, "cannot be read", error);
            let mut file = lines::LineFile::open(&path, start).map_err(failed)?;
            let mut mark = None;
            let mut position = start;
            while bytes < MAX_BATCH_BYTES {
                let Some(line) = file.next_line().map_err(failed)? else {
                    break;
                };
                bytes += line.bytes.len();
                position = file.position();
                mark = Some(lines::mark(&line));
                match line.content {
                    Line::Entry(entry) => page.entries.push(*entry),
                    Line::Empty => {}
                    Line::Unreadable(why) => page.unreadable.push(format!(
                        "{name}, byte {}: {why}",
                        position - line.bytes.len() as u64
                    )),
                }
            }
            if let Some(mark) = mark {
                page.cursors.push(Cursor {
                    source: name.clone(),
                    position,
                    mark,
                });
            }
            if bytes >= MAX_BATCH_BYTES {
                page.more = true;
                break;
            }
        }
        Ok(page)
    }

    fn held(&mut self, ids: &[Uuid]) -> Result<Vec<Held>, HubError> {
        let held = self.read_held()?;
        Ok(ids
            .iter()
            .filter_map(|id| held.by_id.get(id).copied())
            .collect())
    }

    fn write(
        &mut self,
        writer: Uuid,
        after: Option<&Cursor>,
        entries: &[Entry],
    ) -> Result<Written, HubError> {
        self.require_writable()?;
        let path = self.own_path(writer);
        let failed = |error| io_error(&path, "cannot be written", error);
        let is_new = !path.exists();
        let _lock = lock(&path).map_err(failed)?;
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        let expected = after.map_or(0, |cursor| cursor.position);
        let end = lines::end_of_last_line(&mut file).map_err(failed)?;
        if end != expected {
            return Err(HubError::new(
                HubErrorKind::Behind,
                format!("{} was written by another process", path.display()),
            ));
        }
        // What follows the last line break was torn off by a crash and never acknowledged.
        file.set_len(end).map_err(failed)?;
        file.seek(SeekFrom::Start(end)).map_err(failed)?;
        let mut out = io::BufWriter::new(&mut file);
        let mut position = end;
        let mut last = String::new();
        for entry in entries {
            last = entry.to_line();
            last.push('\n');
            out.write_all(last.as_bytes()).map_err(failed)?;
            position += last.len() as u64;
        }
        out.flush().map_err(failed)?;
        drop(out);
        file.sync_all().map_err(failed)?;
        if is_new {
            sync_folder(&self.path).map_err(failed)?;
        }
        let id = entries.last().map(|entry| entry.header().id);
        Ok(Written {
            cursor: Cursor {
                source: format!("{writer}{EXTENSION}"),
                position,
                mark: lines::mark_of(last.len(), id),
            },
            already: Vec::new(),
        })
    }

    fn source_of(&self, writer: Uuid) -> String {
        format!("{writer}{EXTENSION}")
    }

    fn redact(&mut self, writer: Uuid, redactions: &[Redaction]) -> Result<Vec<String>, HubError> {
        let destroys: BTreeSet<Uuid> = redactions
            .iter()
            .flat_map(|redaction| redaction.destroys.iter().copied())
            .collect();
        let check = RedactionCheck {
            files: self.stamps()?,
            destroys,
        };
        if let Some((done, still_held)) = &self.redacted
            && *done == check
        {
            return Ok(still_held.clone());
        }
        let mut still_held = Vec::new();
        for name in check.files.keys() {
            let path = self.path.join(name);
            if !holds(&path, &check.destroys)
                .map_err(|error| io_error(&path, "cannot be read", error))?
            {
                continue;
            }
            if path == self.own_path(writer) && !self.is_newer {
                self.rewrite(&path, &check.destroys)
                    .map_err(|error| io_error(&path, "cannot be written", error))?;
            } else {
                still_held.push(path.display().to_string());
            }
        }
        self.redacted = Some((check, still_held.clone()));
        Ok(still_held)
    }

    fn announce(&mut self, presence: &Presence) -> Result<(), HubError> {
        self.require_writable()?;
        presence::write(&self.path, presence)
    }

    fn present(&mut self, now: UtcTime, seconds: u32) -> Result<Vec<Presence>, HubError> {
        Ok(presence::read(&self.path, now, seconds))
    }
}

/// True if the body of `entry` is to be destroyed by what names `destroys`: an entry that itself destroys others
/// goes only with all of these.
fn is_to_be_destroyed(entry: &Entry, destroys: &BTreeSet<Uuid>) -> bool {
    entry.body_bytes().is_some()
        && destroys.contains(&entry.header().id)
        && entry.destroys().iter().all(|id| destroys.contains(id))
}

/// True if the file at `path` has a body that is to be destroyed.
fn holds(path: &Path, destroys: &BTreeSet<Uuid>) -> io::Result<bool> {
    let mut file = lines::LineFile::open(path, 0)?;
    while let Some(line) = file.next_line()? {
        if matches!(&line.content, Line::Entry(entry) if is_to_be_destroyed(entry, destroys)) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn held_of(entry: &Entry) -> Held {
    Held {
        id: entry.header().id,
        hash: entry.hash(),
        has_body: entry.body_bytes().is_some(),
    }
}

fn position_in(known: &[Cursor], source: &str) -> u64 {
    let cursor = known.iter().find(|cursor| cursor.source == source);
    cursor.map_or(0, |cursor| cursor.position)
}
