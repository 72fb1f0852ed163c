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
mod marker;
mod presence;
mod redaction;

use self::{
    files::{EXTENSION, io_error, list_entry_files, lock, require_directory, sync_folder},
    lines::Line,
    marker::Marker,
    redaction::{RedactionCheck, holds, rewrite},
};
use super::{
    Cursor, Held, Hub, HubError, HubErrorKind, Look, MAX_BATCH_BYTES, Page, Presence, Redaction,
    Written,
};
use crate::domain::{entry::Entry, time::UtcTime};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs::OpenOptions,
    io::{self, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};
use uuid::Uuid;

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
        Marker::write(path, id)
    }

    /// Opens the hub in the directory at `path`.
    ///
    /// # Errors
    /// [`HubErrorKind::Missing`] if the directory is no hub: it may be the empty place of a mount.
    pub fn open(path: &Path) -> Result<Self, HubError> {
        require_directory(path)?;
        let marker = Marker::read(path)?;
        Ok(Self {
            path: path.to_owned(),
            name: path.display().to_string(),
            key: format!("directory/{}", marker.id),
            is_newer: marker.is_newer(),
            held: None,
            redacted: None,
        })
    }

    /// The files with entries, by name, each with its size; the empty ones left out.
    fn files(&self) -> Result<BTreeMap<String, u64>, HubError> {
        let stamps = list_entry_files(&self.path)?.into_iter();
        Ok(stamps.map(|(name, (size, _))| (name, size)).collect())
    }

    fn own_path(&self, writer: Uuid) -> PathBuf {
        self.path.join(self.source_of(writer))
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
                source: self.source_of(writer),
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
            files: list_entry_files(&self.path)?,
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
                rewrite(&self.path, &path, &check.destroys)
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
