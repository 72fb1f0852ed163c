//! The files of an input: one file, standard input, a folder, or a zip archive.

use super::{
    lines::{Lines, as_utf8},
    row::RowError,
};
use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, Read, Seek as _, SeekFrom},
    path::{Path, PathBuf},
};

/// How much of the first file is looked at to tell the format.
const SAMPLE_BYTES: u64 = 64 * 1024;
/// How many files a folder or an archive may have.
const MAX_FILES: usize = 100_000;
/// How many bytes one file of an archive may unpack to.
const MAX_UNPACKED_BYTES: u64 = 8 * 1024 * 1024 * 1024;
/// How many times its packed size a file of an archive may unpack to: chats pack 10 to 30 times.
const MAX_RATIO: u64 = 1000;

/// The files of an input, in the order of their names.
pub struct Files {
    input: Input,
    names: Vec<String>,
}

enum Input {
    /// Something that is read once: what of it was looked at, and the rest.
    Once(Option<Box<dyn BufRead + Send>>),
    File(PathBuf),
    Folder(PathBuf),
    Archive(Box<zip::ZipArchive<BufReader<File>>>),
}

impl Files {
    /// The files at `path`: a zip archive and a folder have several.
    ///
    /// # Errors
    /// It cannot be read, or has too many files; an archive is damaged, encrypted, or has names that lead
    /// out of it.
    pub fn open(path: &Path) -> Result<Self, RowError> {
        let cannot = |error: &dyn std::fmt::Display| {
            RowError::input(format!("{} cannot be read: {error}", path.display()))
        };
        let metadata = fs::metadata(path).map_err(|e| cannot(&e))?;
        if metadata.is_dir() {
            let mut names = Vec::new();
            list_folder(path, "", &mut names).map_err(|e| cannot(&e))?;
            names.sort();
            return Self::with_names(Input::Folder(path.to_owned()), names);
        }
        let mut file = File::open(path).map_err(|e| cannot(&e))?;
        if !metadata.is_file() {
            return Ok(Self::once(Box::new(BufReader::with_capacity(
                1 << 16,
                file,
            ))));
        }
        let mut magic = [0; 4];
        let is_zip = file.read_exact(&mut magic).is_ok() && magic == *b"PK\x03\x04";
        file.seek(SeekFrom::Start(0)).map_err(|e| cannot(&e))?;
        if !is_zip {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            return Self::with_names(Input::File(path.to_owned()), vec![name.into_owned()]);
        }
        let archive = zip::ZipArchive::new(BufReader::new(file)).map_err(|e| cannot(&e))?;
        let mut names: Vec<String> = archive
            .file_names()
            .map(|name| name.map(std::borrow::Cow::into_owned))
            .collect::<Result<_, _>>()
            .map_err(|e| cannot(&e))?;
        let leads_out = |name: &&String| {
            name.starts_with(['/', '\\'])
                || name.contains('\0')
                || name.split(['/', '\\']).any(|part| part == "..")
        };
        if let Some(name) = names.iter().find(leads_out) {
            return Err(RowError::input(format!(
                "{}: `{}` in it leads out of the archive",
                path.display(),
                name.escape_debug()
            ))
            .with_hint("no tool writes such archives by itself: ask who made it"));
        }
        names.retain(|name| !name.ends_with('/') && !is_junk(name));
        names.sort();
        Self::with_names(Input::Archive(Box::new(archive)), names)
    }

    /// An input that can be read once, such as standard input.
    #[must_use]
    pub fn once(input: Box<dyn BufRead + Send>) -> Self {
        Self {
            input: Input::Once(Some(input)),
            names: vec![String::new()],
        }
    }

    fn with_names(input: Input, names: Vec<String>) -> Result<Self, RowError> {
        if names.is_empty() {
            return Err(RowError::input("there is no file in it"));
        }
        if names.len() > MAX_FILES {
            return Err(RowError::input(format!(
                "there are {} files in it; at most {MAX_FILES} are read",
                names.len()
            ))
            .with_hint("name the folder of the channels that matter"));
        }
        Ok(Self { input, names })
    }

    /// The names of the files, sorted, with `/` between folders. Empty for standard input.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// True for a folder or an archive: places then need the name of the file.
    #[must_use]
    pub fn is_several(&self) -> bool {
        matches!(self.input, Input::Folder(_) | Input::Archive(_))
    }

    /// Opens the file with this index in [`names`](Self::names).
    ///
    /// # Errors
    /// It cannot be read; a file of an archive unpacks to far more than it should.
    pub fn read(&mut self, index: usize) -> Result<Box<dyn BufRead + Send>, RowError> {
        let name = self.names.get(index).cloned().unwrap_or_default();
        let cannot = |error: &dyn std::fmt::Display| {
            RowError::input(format!("{name} cannot be read: {error}"))
        };
        match &mut self.input {
            Input::Once(input) => input
                .take()
                .ok_or_else(|| RowError::input("standard input can be read only once")),
            Input::File(path) => buffered(path).map_err(|e| cannot(&e)),
            Input::Folder(root) => buffered(&root.join(&name)).map_err(|e| cannot(&e)),
            Input::Archive(archive) => {
                let packed = archive.by_name(&name).map_err(|e| cannot(&e))?;
                let ratio_limit = packed.compressed_size().saturating_mul(MAX_RATIO);
                let limit = MAX_UNPACKED_BYTES.min(ratio_limit.max(1 << 20));
                let mut unpacked = tempfile::tempfile().map_err(|e| cannot(&e))?;
                let size =
                    io::copy(&mut packed.take(limit + 1), &mut unpacked).map_err(|e| cannot(&e))?;
                if size > limit {
                    return Err(RowError::input(format!(
                        "{name} unpacks to more than {limit} bytes, as no export does"
                    ))
                    .with_hint("unpack it yourself and import the folder, if you trust it"));
                }
                unpacked.seek(SeekFrom::Start(0)).map_err(|e| cannot(&e))?;
                Ok(Box::new(BufReader::with_capacity(1 << 16, unpacked)))
            }
        }
    }

    /// Returns the index of the file that a format of one file is in. `ends` are the ends of the names that its
    /// files have, which tell it from others beside it: from the photos of a chat.
    ///
    /// # Errors
    /// A folder or an archive has no such file, or several: no rows are left out because they are in another.
    pub(super) fn only_file(&self, ends: &[&str]) -> Result<usize, RowError> {
        const NAMED: usize = 5;
        let has_end = |name: &str| ends.iter().any(|end| name.to_lowercase().ends_with(end));
        let indexes = 0..self.names.len();
        let found: Vec<usize> = indexes.filter(|at| has_end(&self.names[*at])).collect();
        match found.as_slice() {
            _ if self.names.len() == 1 => Ok(0),
            [one] => Ok(*one),
            [] => Err(RowError::input(format!(
                "none of the {} files in it ends with {}",
                self.names.len(),
                ends.join(" or ")
            ))
            .with_hint("name the file itself")),
            several => {
                let names = several
                    .iter()
                    .take(NAMED)
                    .map(|at| self.names[*at].as_str());
                let mut names: Vec<&str> = names.collect();
                if several.len() > NAMED {
                    names.push("...");
                }
                Err(RowError::input(format!(
                    "there are {} files of this format in it, and one is read at a time",
                    several.len()
                ))
                .with_hint(format!("import them one by one: {}", names.join(", "))))
            }
        }
    }

    /// Returns the lines of the only file whose name has one of these `ends`.
    ///
    /// # Errors
    /// It cannot be read, or there are several.
    pub(super) fn lines(&mut self, ends: &[&str]) -> Result<Lines, RowError> {
        let index = self.only_file(ends)?;
        Lines::new(self.read(index)?)
            .map_err(|e| RowError::input(format!("it cannot be read: {e}")))
    }

    /// Returns the first 64 KiB of the first file as UTF-8, of the first that is text by its name if there are
    /// others; what is not UTF-8 is replaced. The file can be read from its start all the same afterwards.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn peek(&mut self) -> Result<String, RowError> {
        const TEXTS: [&str; 9] = [
            ".json", ".jsonl", ".ndjson", ".txt", ".csv", ".tsv", ".log", ".vtt", ".html",
        ];
        let is_text = |name: &String| TEXTS.iter().any(|end| name.to_lowercase().ends_with(end));
        let index = self.names.iter().position(is_text).unwrap_or_default();
        let mut start = Vec::new();
        let mut input = self.read(index)?;
        let cannot = |error| RowError::input(format!("it cannot be read: {error}"));
        (&mut input)
            .take(SAMPLE_BYTES)
            .read_to_end(&mut start)
            .map_err(cannot)?;
        let mut bytes = Vec::new();
        as_utf8(Box::new(io::Cursor::new(start.clone())))
            .and_then(|mut decoded| decoded.read_to_end(&mut bytes))
            .map_err(cannot)?;
        if let Input::Once(slot) = &mut self.input {
            *slot = Some(Box::new(io::Cursor::new(start).chain(input)));
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

fn buffered(path: &Path) -> io::Result<Box<dyn BufRead + Send>> {
    Ok(Box::new(BufReader::with_capacity(
        1 << 16,
        File::open(path)?,
    )))
}

/// Files that systems add to folders and archives.
fn is_junk(name: &str) -> bool {
    name.split('/')
        .any(|part| part.starts_with('.') || part == "__MACOSX" || part == "Thumbs.db")
}

/// Adds the files under `folder` to `names`; links are not followed.
fn list_folder(folder: &Path, prefix: &str, names: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type()?;
        if is_junk(&name) || names.len() > MAX_FILES {
            continue;
        }
        if kind.is_dir() {
            list_folder(&entry.path(), &format!("{name}/"), names)?;
        } else if kind.is_file() {
            names.push(name);
        }
    }
    Ok(())
}
