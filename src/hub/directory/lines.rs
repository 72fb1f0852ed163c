//! A file of entries, a line each, read from a position; see `directory.rs`.

use crate::domain::entry::Entry;
use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom},
    path::Path,
};
use uuid::Uuid;

/// How much of a file is read at once to find a line break.
const BLOCK: u64 = 1 << 16;

/// A line with its line break.
pub(super) struct ReadLine {
    pub bytes: Vec<u8>,
    pub content: Line,
}

pub(super) enum Line {
    Entry(Box<Entry>),
    Empty,
    /// Why it is no entry.
    Unreadable(String),
}

/// A file that is read line by line. A last line without a line break is not there yet.
pub(super) struct LineFile {
    reader: BufReader<File>,
    position: u64,
}

impl LineFile {
    pub fn open(path: &Path, position: u64) -> io::Result<Self> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(position))?;
        Ok(Self {
            reader: BufReader::with_capacity(1 << 16, file),
            position,
        })
    }

    /// Behind the last line read.
    pub fn position(&self) -> u64 {
        self.position
    }

    pub fn next_line(&mut self) -> io::Result<Option<ReadLine>> {
        let mut bytes = Vec::new();
        self.reader.read_until(b'\n', &mut bytes)?;
        if bytes.last() != Some(&b'\n') {
            return Ok(None);
        }
        self.position += bytes.len() as u64;
        let content = parse(&bytes);
        Ok(Some(ReadLine { bytes, content }))
    }
}

fn parse(bytes: &[u8]) -> Line {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Line::Unreadable("it is not UTF-8".to_owned());
    };
    let text = text.trim();
    if text.is_empty() {
        return Line::Empty;
    }
    match Entry::parse(text) {
        Ok(entry) => Line::Entry(Box::new(entry)),
        Err(error) => Line::Unreadable(error.to_string()),
    }
}

/// The mark behind `line`: its length, and the id of its entry.
pub(super) fn mark(line: &ReadLine) -> String {
    let id = match &line.content {
        Line::Entry(entry) => Some(entry.header().id),
        _ => None,
    };
    mark_of(line.bytes.len(), id)
}

/// The mark behind a line of `length` bytes with the entry `id`.
pub(super) fn mark_of(length: usize, id: Option<Uuid>) -> String {
    format!("{length} {}", id.unwrap_or_default())
}

/// True if the line that ends at `position` is the one that `mark` was made of.
pub(super) fn ends_with_entry(path: &Path, position: u64, mark: &str) -> io::Result<bool> {
    let Some((length, id)) = mark.split_once(' ') else {
        return Ok(false);
    };
    let Some(start) = length
        .parse()
        .ok()
        .and_then(|length: u64| position.checked_sub(length))
    else {
        return Ok(false);
    };
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(position.saturating_sub(1)))?;
    let mut last = [0];
    if position > 0 && (file.read(&mut last)? == 0 || last != *b"\n") {
        return Ok(false);
    }
    if id == Uuid::nil().to_string() {
        return Ok(true);
    }
    // The id is near the beginning of the header, whatever its version.
    file.seek(SeekFrom::Start(start))?;
    let mut head = Vec::new();
    file.take((position - start).min(BLOCK))
        .read_to_end(&mut head)?;
    Ok(head.windows(id.len()).any(|window| window == id.as_bytes()))
}

/// True if a line ends behind `position`.
pub(super) fn has_line_break_after(path: &Path, position: u64) -> io::Result<bool> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(position))?;
    let mut block = Vec::new();
    loop {
        block.clear();
        if file.by_ref().take(BLOCK).read_to_end(&mut block)? == 0 {
            return Ok(false);
        }
        if block.contains(&b'\n') {
            return Ok(true);
        }
    }
}

/// Returns the position behind the last line break of `file`; 0 if there is none.
pub(super) fn end_of_last_line(file: &mut File) -> io::Result<u64> {
    let mut end = file.metadata()?.len();
    while end > 0 {
        let start = end.saturating_sub(BLOCK);
        file.seek(SeekFrom::Start(start))?;
        let mut block = Vec::new();
        file.by_ref().take(end - start).read_to_end(&mut block)?;
        if let Some(at) = block.iter().rposition(|byte| *byte == b'\n') {
            return Ok(start + at as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}
