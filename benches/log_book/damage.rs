//! Damages the fixtures of imports: flipped bits, cuts, splices, doubled fields, deep nesting, huge numbers,
//! bytes that are no UTF-8, other encodings, broken archives. The same seed gives the same inputs.

use crate::{
    damage_parts::{MORE_SEEDS, NESTS, TOKENS},
    generate::XorShift,
};
use bridgelog::import::ReadOptions;
use serde_json::Value;
use std::{
    io::{Cursor, Write as _},
    path::Path,
};
use zip::{ZipWriter, write::SimpleFileOptions};

/// How long a damaged input may be.
const MAX_LEN: usize = 2 << 20;

/// Inputs of one reader.
pub struct Damage {
    numbers: XorShift,
    inputs: Vec<Vec<u8>>,
    /// Inputs of other readers, for splices.
    others: Vec<Vec<u8>>,
    /// Folders of the fixtures as the names and contents of their files, to be packed after a change.
    folders: Vec<Vec<(String, Vec<u8>)>>,
}

impl Damage {
    pub fn new(seed: u64, format: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import");
        let (mut inputs, mut others, mut folders) = (Vec::new(), Vec::new(), Vec::new());
        let mut paths: Vec<_> = std::fs::read_dir(root)
            .expect("the fixtures")
            .flatten()
            .collect();
        paths.sort_by_key(std::fs::DirEntry::path);
        for entry in paths {
            let is_own = entry.file_name().to_string_lossy().replace('_', "-") == format;
            for fixture in std::fs::read_dir(entry.path())
                .into_iter()
                .flatten()
                .flatten()
            {
                let path = fixture.path();
                match path.is_dir() {
                    false if is_own => inputs.push(std::fs::read(&path).expect("a fixture")),
                    false => others.push(std::fs::read(&path).expect("a fixture")),
                    true if is_own => folders.push(files_below(&path, "")),
                    true => {}
                }
            }
        }
        inputs.sort();
        let more = MORE_SEEDS.iter().filter(|(name, _)| *name == format);
        inputs.extend(more.map(|(_, text)| text.as_bytes().to_owned()));
        assert!(!inputs.is_empty(), "no fixture of {format}");
        Self {
            numbers: XorShift::new(seed),
            inputs,
            others,
            folders,
        }
    }

    /// How many inputs there are to change.
    pub fn kept(&self) -> usize {
        self.inputs.len()
    }

    /// Keeps an input to be changed further.
    pub fn keep(&mut self, input: Vec<u8>) {
        // Archives are made again each time.
        if input.len() < 64 * 1024 && !input.starts_with(b"PK") {
            self.inputs.push(input);
        }
    }

    /// The flags of the import; every second one names a day.
    pub fn options(&mut self) -> ReadOptions {
        let date = (self.numbers.below(2) == 0).then(|| "2026-04-03".parse().expect("a day"));
        ReadOptions {
            date,
            ..ReadOptions::default()
        }
    }

    fn below(&mut self, bound: usize) -> usize {
        self.numbers.below(bound.max(1) as u64) as usize
    }

    pub fn next_input(&mut self) -> Vec<u8> {
        if !self.folders.is_empty() && self.below(4) == 0 {
            return self.archive();
        }
        let which = self.below(self.inputs.len());
        let mut bytes = self.inputs[which].clone();
        if self.below(3) == 0
            && let Some(changed) = self.change_json(&bytes)
        {
            bytes = changed;
        }
        for _ in 0..self.below(6) {
            self.change_bytes(&mut bytes);
        }
        if self.below(40) == 0 {
            bytes = self.as_utf16(&bytes);
        }
        bytes.truncate(MAX_LEN);
        bytes
    }

    /// Packs a folder of the fixtures after a change to one of its files, or to the archive.
    fn archive(&mut self) -> Vec<u8> {
        let which = self.below(self.folders.len());
        let mut files = self.folders[which].clone();
        for _ in 0..self.below(4) {
            let which = self.below(files.len());
            let mut bytes = std::mem::take(&mut files[which].1);
            if self.below(2) == 0
                && let Some(changed) = self.change_json(&bytes)
            {
                bytes = changed;
            } else {
                self.change_bytes(&mut bytes);
            }
            files[which].1 = bytes;
            if self.below(8) == 0 {
                let names = [
                    "../x.json",
                    "/etc/x",
                    "a\0b",
                    "C:\\x",
                    "",
                    "a/2026-11-20.json/",
                    "\u{202e}x.json",
                ];
                files[which].0 = names[self.below(names.len())].to_owned();
            }
        }
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in &files {
            // Names that the library refuses to write are left out.
            if writer
                .start_file(name.as_str(), SimpleFileOptions::default())
                .is_ok()
            {
                let _ = writer.write_all(bytes);
            }
        }
        let mut packed = writer.finish().map(Cursor::into_inner).unwrap_or_default();
        if self.below(2) == 0 {
            let start = packed.get(..4).map(<[u8]>::to_owned);
            self.change_bytes(&mut packed);
            // Without its first bytes it would not count as an archive.
            if let (Some(start), Some(target)) = (start, packed.get_mut(..4)) {
                target.copy_from_slice(&start);
            }
        }
        packed
    }

    fn change_bytes(&mut self, bytes: &mut Vec<u8>) {
        let (at, to) = (self.below(bytes.len()), self.below(bytes.len()));
        let (from, to) = (at.min(to), at.max(to).min(at.min(to) + 4096));
        match self.below(10) {
            0 => {
                for _ in 0..=self.below(8) {
                    let at = self.below(bytes.len());
                    let bit = 1 << self.below(8);
                    bytes.get_mut(at).into_iter().for_each(|byte| *byte ^= bit);
                }
            }
            1 => bytes.truncate(at),
            2 => drop(bytes.drain(from..to)),
            3 => {
                let part = bytes[from..to].to_vec();
                insert(bytes, at, &part);
            }
            4 => {
                let other = self.below(self.others.len() + self.inputs.len());
                let other = match self.others.get(other) {
                    Some(other) => other.clone(),
                    None => self.inputs[other - self.others.len()].clone(),
                };
                let start = self.below(other.len());
                let end = (start + self.below(4096)).min(other.len());
                insert(bytes, at, &other[start..end]);
            }
            5 | 6 => {
                let token = TOKENS[self.below(TOKENS.len())];
                insert(bytes, at, token);
            }
            7 => self.change_number(bytes),
            8 => self.double_field(bytes),
            _ => {
                let (open, close) = NESTS[self.below(NESTS.len())];
                let limit = [20, 200, 3_000, 60_000][self.below(4)];
                let depth = self.below(limit);
                let mut nest = open.repeat(depth);
                if self.below(2) == 0 {
                    nest.push('1');
                    nest.push_str(&close.repeat(depth));
                }
                insert(bytes, at, nest.as_bytes());
            }
        }
    }

    /// Replaces a run of digits.
    fn change_number(&mut self, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len());
        let Some(start) = bytes[at..]
            .iter()
            .position(u8::is_ascii_digit)
            .map(|n| at + n)
        else {
            return;
        };
        let digits = bytes[start..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let token = match self.below(3) {
            0 => TOKENS[self.below(TOKENS.len())].to_vec(),
            1 => b"9".repeat(self.below(40)),
            _ => self.numbers.below(100_000).to_string().into_bytes(),
        };
        bytes.splice(start..start + digits, token);
    }

    /// Puts a part between two commas or line ends in once more.
    fn double_field(&mut self, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len());
        let is_end = |byte: &u8| matches!(byte, b',' | b'\n' | b';');
        let Some(start) = bytes[at..].iter().position(is_end).map(|n| at + n) else {
            return;
        };
        let len = bytes[start + 1..].iter().position(is_end);
        let field = bytes[start..len.map_or(bytes.len(), |len| start + 1 + len)].to_vec();
        insert(bytes, start, &field);
    }

    /// Changes one value of JSON, or of one line of it; `None` if it is not JSON.
    fn change_json(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let text = std::str::from_utf8(bytes).ok()?;
        if let Ok(mut value) = serde_json::from_str::<Value>(text) {
            self.change_value(&mut value);
            return serde_json::to_vec(&value).ok();
        }
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let which = self.below(lines.len());
        let line = lines.get_mut(which)?;
        let mut value = serde_json::from_str::<Value>(line).ok()?;
        self.change_value(&mut value);
        *line = value.to_string();
        Some(lines.join("\n").into_bytes())
    }

    fn change_value(&mut self, value: &mut Value) {
        let goes_deeper = self.below(8) != 0;
        match value {
            Value::Array(items) if goes_deeper && !items.is_empty() => {
                let which = self.below(items.len());
                return self.change_value(&mut items[which]);
            }
            Value::Object(members) if goes_deeper && !members.is_empty() => {
                let which = self.below(members.len());
                if self.below(10) == 0 {
                    let key = members.keys().nth(which).cloned().unwrap_or_default();
                    members.remove(&key);
                    return;
                }
                if let Some((_, member)) = members.iter_mut().nth(which) {
                    return self.change_value(member);
                }
            }
            _ => {}
        }
        let choice = self.below(9);
        let token = String::from_utf8_lossy(TOKENS[self.below(TOKENS.len())]).into_owned();
        *value = match (choice, std::mem::take(value)) {
            (0, _) => Value::Null,
            (1, _) => Value::from(token),
            (2, _) => Value::from(-1),
            (3, _) => Value::from(i64::MAX),
            (4, _) => Value::from(1e308),
            (5, old) => Value::Array(vec![old.clone(), old]),
            (6, old) => serde_json::json!({ "text": old.clone(), "id": old }),
            (7, Value::String(text)) => {
                let at = text.char_indices().nth(self.below(text.chars().count()));
                let (start, end) = text.split_at(at.map_or(0, |(at, _)| at));
                Value::from(format!("{start}{token}{end}"))
            }
            (8, Value::String(text)) => {
                let most = MAX_LEN / 2 / text.len().max(1);
                Value::from(text.repeat(self.below(2_000).min(most)))
            }
            (_, Value::Number(number)) => Value::from(number.to_string()),
            _ => Value::from(""),
        };
    }

    fn as_utf16(&mut self, bytes: &[u8]) -> Vec<u8> {
        let big_endian = self.below(2) == 0;
        let text = String::from_utf8_lossy(bytes).into_owned();
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units
            .flat_map(|unit| match big_endian {
                true => unit.to_be_bytes(),
                false => unit.to_le_bytes(),
            })
            .collect()
    }
}

fn insert(bytes: &mut Vec<u8>, at: usize, part: &[u8]) {
    let at = at.min(bytes.len());
    bytes.splice(at..at, part.iter().copied());
}

fn files_below(folder: &Path, prefix: &str) -> Vec<(String, Vec<u8>)> {
    let mut entries: Vec<_> = std::fs::read_dir(folder)
        .expect("a folder")
        .flatten()
        .collect();
    entries.sort_by_key(std::fs::DirEntry::path);
    let mut files = Vec::new();
    for entry in entries {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        match entry.path().is_dir() {
            true => files.extend(files_below(&entry.path(), &format!("{name}/"))),
            false => files.push((name, std::fs::read(entry.path()).expect("a file"))),
        }
    }
    files
}
