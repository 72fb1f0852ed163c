//! The generated parts of a postmortem's file: what an update replaces, and nothing else.
//!
//! A part stands between `<!-- bridgelog:begin NAME HANDLE HASH -->` and
//! `<!-- bridgelog:end NAME -->`. The handle is the incident's, so that a file is never filled with
//! another incident; the hash is that of what stands between, so that a hand edit is seen. A pair
//! without them and with nothing between is a place to fill.

use crate::domain::hash::Hash;
use std::ops::Range;

/// What every marker begins with.
pub const MARKER_PREFIX: &str = "<!-- bridgelog:";
/// How many digits of the hash a marker bears: enough to notice a change, no proof against malice.
const CHECKSUM_DIGITS: usize = 16;

/// A part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManagedBlock {
    /// Its name: `timeline`.
    pub name: String,
    /// The line of its begin marker, from 1.
    pub line: usize,
    /// Its bytes, both markers among them.
    range: Range<usize>,
    /// What stands between the markers.
    content_range: Range<usize>,
    /// The incident it was written for, and the hash of what was written.
    handle_and_checksum: Option<(String, String)>,
}

/// Why a file cannot be updated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct BlockError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
    /// The way out.
    pub hint: String,
}

/// What an update comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlockUpdate {
    /// The file as it is to be.
    pub text: String,
    /// The parts that were behind their records, with their lines.
    pub stale: Vec<(String, usize)>,
    /// The parts that somebody changed by hand since they were written, with their lines.
    pub edited: Vec<(String, usize)>,
    /// Parts of the file that this document does not have; they stay as they are.
    pub unrecognized: Vec<(String, usize)>,
}

/// The hash of `text`, whatever its line ends are.
fn checksum(text: &str) -> String {
    let mut digits = Hash::digest(text.replace('\r', "").as_bytes()).to_string();
    digits.truncate(CHECKSUM_DIGITS);
    digits
}

/// `text`, whose markers are bare, with the `handle` of its incident and the hash of each part.
///
/// # Errors
/// Where a template left a marker that has no other.
pub fn add_checksums(text: &str, handle: &str) -> Result<String, BlockError> {
    let mut out = String::with_capacity(text.len() + 1024);
    let mut at = 0;
    for part in parse_blocks(text)? {
        let inner = text.get(part.content_range.clone()).unwrap_or_default();
        out.push_str(text.get(at..part.range.start).unwrap_or_default());
        out.push_str(&block_with_checksum(&part.name, handle, inner));
        at = part.range.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    Ok(out)
}

fn block_with_checksum(name: &str, handle: &str, inner: &str) -> String {
    let hash = checksum(inner);
    format!("{MARKER_PREFIX}begin {name} {handle} {hash} -->{inner}{MARKER_PREFIX}end {name} -->")
}

/// The parts of `text`, in their order.
///
/// # Errors
/// A marker that is damaged, alone, inside another part, or there twice; the first one.
pub fn parse_blocks(text: &str) -> Result<Vec<ManagedBlock>, BlockError> {
    let mut parts: Vec<ManagedBlock> = Vec::new();
    let mut open: Option<ManagedBlock> = None;
    let (mut line, mut counted) = (1, 0);
    for (at, _) in text.match_indices(MARKER_PREFIX) {
        // Text that looks like a marker stands escaped.
        let slashes = text[..at].bytes().rev().take_while(|b| *b == b'\\').count();
        if slashes % 2 == 1 {
            continue;
        }
        line += text.as_bytes()[counted..at]
            .iter()
            .filter(|b| **b == b'\n')
            .count();
        counted = at;
        let wrong = |message: String, hint: &str| BlockError {
            line,
            message,
            hint: hint.to_owned(),
        };
        let rest = &text[at + MARKER_PREFIX.len()..];
        let this_line = rest.split('\n').next().unwrap_or_default();
        let end = this_line.find("-->");
        let words: Option<Vec<&str>> = end.map(|end| rest[..end].split_whitespace().collect());
        let after = at + MARKER_PREFIX.len() + end.map_or(0, |end| end + 3);
        match (words.as_deref(), &mut open) {
            (Some(["begin", name]), None) => {
                open = Some(open_block(name, line, at, after, None));
            }
            (Some(["begin", name, handle, hash]), None) => {
                let seal = Some(((*handle).to_owned(), (*hash).to_owned()));
                open = Some(open_block(name, line, at, after, seal));
            }
            (Some(["begin", name, ..]), Some(before)) => {
                return Err(wrong(
                    format!(
                        "part `{name}` begins inside part `{}`, which begins on line {} and has no end",
                        before.name, before.line
                    ),
                    &format!(
                        "put `{MARKER_PREFIX}end {} -->` where that part ends",
                        before.name
                    ),
                ));
            }
            (Some(["end", name]), Some(before)) if before.name == *name => {
                if let Some(twin) = parts.iter().find(|p| p.name == *name) {
                    return Err(BlockError {
                        line: before.line,
                        ..wrong(
                            format!("part `{name}` is there twice, first on line {}", twin.line),
                            "remove one of the two with its markers",
                        )
                    });
                }
                before.range.end = after;
                before.content_range.end = at;
                parts.extend(open.take());
            }
            (Some(["end", name]), before) => {
                let message = match before {
                    Some(before) => format!(
                        "part `{}`, which begins on line {}, ends as `{name}`",
                        before.name, before.line
                    ),
                    None => format!("part `{name}` ends and never began"),
                };
                return Err(wrong(
                    message,
                    &format!(
                        "put `{MARKER_PREFIX}begin {name} -->` where that part begins, or remove this marker"
                    ),
                ));
            }
            _ => {
                return Err(wrong(
                    "this marker is damaged".to_owned(),
                    &format!(
                        "a marker is `{MARKER_PREFIX}begin NAME -->` or `{MARKER_PREFIX}end NAME -->`, whole and on one line"
                    ),
                ));
            }
        }
    }
    match open {
        None => Ok(parts),
        Some(part) => Err(BlockError {
            line: part.line,
            message: format!("part `{}` has no end", part.name),
            hint: format!("put `{MARKER_PREFIX}end {} -->` where it ends", part.name),
        }),
    }
}

fn open_block(
    name: &str,
    line: usize,
    at: usize,
    after: usize,
    seal: Option<(String, String)>,
) -> ManagedBlock {
    ManagedBlock {
        name: name.to_owned(),
        line,
        range: at..after,
        content_range: after..after,
        handle_and_checksum: seal,
    }
}

impl ManagedBlock {
    /// True where what stands in it is not what was written there.
    fn is_edited(&self, inner: &str) -> bool {
        match &self.handle_and_checksum {
            Some((_, hash)) => checksum(inner) != *hash,
            None => !inner.trim().is_empty(),
        }
    }
}

/// Puts the parts of `fresh`, a sealed postmortem, into `file`; every byte outside of parts stays.
///
/// A part that was edited by hand is replaced too, and named in [`BlockUpdate::edited`]: whether that may
/// be is for the caller to say.
///
/// # Errors
/// A damaged or missing marker; a file that was written for another incident.
pub fn update_blocks(file: &str, fresh: &str) -> Result<BlockUpdate, BlockError> {
    let wanted = parse_blocks(fresh)?;
    let found = parse_blocks(file)?;
    let of = |parts: &[ManagedBlock]| {
        let mut seals = parts
            .iter()
            .filter_map(|p| Some((p.line, p.handle_and_checksum.clone()?.0)));
        seals.next()
    };
    if let (Some((line, was)), Some((_, is))) = (of(&found), of(&wanted))
        && !is.starts_with(&was)
        && !was.starts_with(&is)
    {
        return Err(BlockError {
            line,
            message: format!("this file was written for incident {was}, not {is}"),
            hint: format!("name that one: bridgelog postmortem {was} --update PATH"),
        });
    }
    check_all_present(&wanted, &found, file)?;
    let mut done = BlockUpdate::default();
    let mut at = 0;
    for part in &found {
        done.text.push_str(&file[at..part.range.start]);
        at = part.range.end;
        let here = &file[part.range.clone()];
        let Some(new) = wanted.iter().find(|w| w.name == part.name) else {
            done.unrecognized.push((part.name.clone(), part.line));
            done.text.push_str(here);
            continue;
        };
        let inner = &file[part.content_range.clone()];
        if part.is_edited(inner) {
            done.edited.push((part.name.clone(), part.line));
        }
        let new = &fresh[new.range.clone()];
        if here.replace('\r', "") == new {
            done.text.push_str(here);
            continue;
        }
        done.stale.push((part.name.clone(), part.line));
        if inner.contains("\r\n") {
            done.text.push_str(&new.replace('\n', "\r\n"));
        } else {
            done.text.push_str(new);
        }
    }
    done.text.push_str(&file[at..]);
    Ok(done)
}

/// That each part `wanted` is among those `found`.
fn check_all_present(
    wanted: &[ManagedBlock],
    found: &[ManagedBlock],
    file: &str,
) -> Result<(), BlockError> {
    let last_line = file.lines().count().max(1);
    let Some(at) = wanted
        .iter()
        .position(|w| !found.iter().any(|f| f.name == w.name))
    else {
        return Ok(());
    };
    let before = wanted[..at]
        .iter()
        .rev()
        .find_map(|w| found.iter().find(|f| f.name == w.name));
    let after = wanted[at..]
        .iter()
        .find_map(|w| found.iter().find(|f| f.name == w.name));
    let name = &wanted[at].name;
    let end = |part: &ManagedBlock| part.line + file[part.range.clone()].matches('\n').count();
    let (line, place) = match (before, after) {
        (Some(before), _) => (end(before), format!("after part `{}`", before.name)),
        (None, Some(after)) => (after.line, format!("before part `{}`", after.name)),
        (None, None) => (last_line, "anywhere".to_owned()),
    };
    Err(BlockError {
        line,
        message: format!("part `{name}` has no markers; its place is {place}"),
        hint: format!(
            "put this line there, and the part is filled in: {MARKER_PREFIX}begin {name} -->{MARKER_PREFIX}end {name} -->"
        ),
    })
}

#[cfg(test)]
mod tests;
