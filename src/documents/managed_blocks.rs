//! The generated blocks of a postmortem file. An update replaces their content and nothing else.
//!
//! A block begins with `<!-- bridgelog:begin NAME HANDLE CHECKSUM -->` and ends with
//! `<!-- bridgelog:end NAME -->`. The handle is the incident's, so that a file is not updated from
//! another incident; the checksum is that of the content, so that manual edits are detected. A pair
//! of markers without both, and without content, is filled by the next update.

use crate::domain::hash::Hash;
use std::{borrow::Cow, ops::Range};

/// The prefix of every marker.
pub const MARKER_PREFIX: &str = "<!-- bridgelog:";
/// Blocks that files of earlier versions have and documents of this version do not. Their text stays, as a
/// person's own; a file with one of them lacks the blocks that came in their place.
const RETIRED: [&str; 1] = ["metrics"];
/// The number of hex digits of the checksum: enough to detect edits, but not forgery.
const CHECKSUM_DIGITS: usize = 16;

/// A generated block of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManagedBlock {
    /// For example `timeline`.
    pub name: String,
    /// The line of the begin marker, from 1.
    pub line: usize,
    /// The byte range, with both markers.
    range: Range<usize>,
    /// The byte range between the markers.
    content_range: Range<usize>,
    /// The incident's handle, and the checksum of the content when it was written.
    handle_and_checksum: Option<(String, String)>,
}

/// A marker that prevents an update.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct BlockError {
    /// Counted from 1.
    pub line: usize,
    pub message: String,
    /// How to fix it.
    pub hint: String,
}

/// The result of an update. Blocks are given as their name and line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlockUpdate {
    /// The updated file.
    pub text: String,
    /// Blocks whose content differed from the journal.
    pub stale: Vec<(String, usize)>,
    /// Blocks that were edited manually since they were written.
    pub edited: Vec<(String, usize)>,
    /// Blocks that the rendered document does not have; they are unchanged.
    pub unrecognized: Vec<(String, usize)>,
    /// Blocks of an earlier version: their text stays, without markers.
    pub retired: Vec<(String, usize)>,
}

/// Returns the checksum of `text`, which does not depend on the kind of line ends.
fn checksum(text: &str) -> String {
    let text = match text.contains('\r') {
        true => Cow::Owned(text.replace('\r', "")),
        false => Cow::Borrowed(text),
    };
    let mut digits = Hash::digest(text.as_bytes()).to_string();
    digits.truncate(CHECKSUM_DIGITS);
    digits
}

/// Adds the incident's `handle` and the content's checksum to the begin markers of `text`.
///
/// # Errors
/// As [`parse_blocks`].
pub fn add_checksums(text: &str, handle: &str) -> Result<String, BlockError> {
    let mut out = String::with_capacity(text.len() + 1024);
    let mut at = 0;
    for block in parse_blocks(text)? {
        let content = text.get(block.content_range.clone()).unwrap_or_default();
        out.push_str(text.get(at..block.range.start).unwrap_or_default());
        out.push_str(&block_with_checksum(&block.name, handle, content));
        at = block.range.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    Ok(out)
}

fn block_with_checksum(name: &str, handle: &str, content: &str) -> String {
    let hash = checksum(content);
    format!("{MARKER_PREFIX}begin {name} {handle} {hash} -->{content}{MARKER_PREFIX}end {name} -->")
}

/// Returns the blocks of `text`, in order.
///
/// # Errors
/// The first marker that is malformed, unpaired, nested or a duplicate.
pub fn parse_blocks(text: &str) -> Result<Vec<ManagedBlock>, BlockError> {
    let mut blocks: Vec<ManagedBlock> = Vec::new();
    let mut open: Option<ManagedBlock> = None;
    let (mut line, mut counted) = (1, 0);
    for (at, _) in text.match_indices(MARKER_PREFIX) {
        // An escaped marker is text.
        let slashes = text[..at].bytes().rev().take_while(|b| *b == b'\\').count();
        if slashes % 2 == 1 {
            continue;
        }
        line += text.as_bytes()[counted..at]
            .iter()
            .filter(|b| **b == b'\n')
            .count();
        counted = at;
        let error = |message: String, hint: &str| BlockError {
            line,
            message,
            hint: hint.to_owned(),
        };
        let rest = &text[at + MARKER_PREFIX.len()..];
        let this_line = rest.split('\n').next().unwrap_or_default();
        let end = this_line.find("-->");
        let fields: Option<Vec<&str>> = end.map(|end| rest[..end].split_whitespace().collect());
        let after = at + MARKER_PREFIX.len() + end.map_or(0, |end| end + 3);
        match (fields.as_deref(), &mut open) {
            (Some(["begin", name]), None) => {
                open = Some(open_block(name, line, at, after, None));
            }
            (Some(["begin", name, handle, hash]), None) => {
                let handle_and_checksum = Some(((*handle).to_owned(), (*hash).to_owned()));
                open = Some(open_block(name, line, at, after, handle_and_checksum));
            }
            (Some(["begin", name, ..]), Some(before)) => {
                return Err(error(
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
                if let Some(duplicate) = blocks.iter().find(|p| p.name == *name) {
                    return Err(BlockError {
                        line: before.line,
                        ..error(
                            format!(
                                "part `{name}` is there twice, first on line {}",
                                duplicate.line
                            ),
                            "remove one of the two with its markers",
                        )
                    });
                }
                before.range.end = after;
                before.content_range.end = at;
                blocks.extend(open.take());
            }
            (Some(["end", name]), before) => {
                let message = match before {
                    Some(before) => format!(
                        "part `{}`, which begins on line {}, ends as `{name}`",
                        before.name, before.line
                    ),
                    None => format!("part `{name}` ends and never began"),
                };
                return Err(error(
                    message,
                    &format!(
                        "put `{MARKER_PREFIX}begin {name} -->` where that part begins, or remove this marker"
                    ),
                ));
            }
            _ => {
                return Err(error(
                    "this marker is damaged".to_owned(),
                    &format!(
                        "a marker is `{MARKER_PREFIX}begin NAME -->` or `{MARKER_PREFIX}end NAME -->`, whole and on one line"
                    ),
                ));
            }
        }
    }
    match open {
        None => Ok(blocks),
        Some(block) => Err(BlockError {
            line: block.line,
            message: format!("part `{}` has no end", block.name),
            hint: format!("put `{MARKER_PREFIX}end {} -->` where it ends", block.name),
        }),
    }
}

fn open_block(
    name: &str,
    line: usize,
    at: usize,
    after: usize,
    handle_and_checksum: Option<(String, String)>,
) -> ManagedBlock {
    ManagedBlock {
        name: name.to_owned(),
        line,
        range: at..after,
        content_range: after..after,
        handle_and_checksum,
    }
}

/// Returns the relative URL of the image in the block `states` of `file`.
#[must_use]
pub fn image_url(file: &str) -> Option<&str> {
    let blocks = parse_blocks(file).ok()?;
    let states = blocks.iter().find(|block| block.name == "states")?;
    let content = file.get(states.content_range.clone())?;
    let (_, image) = content.split_once("![")?;
    let (_, url) = image.split_once("](")?;
    url.split_once(')').map(|(url, _)| url)
}

impl ManagedBlock {
    /// Returns true if the content `content` is not what was written.
    fn is_edited(&self, content: &str) -> bool {
        match &self.handle_and_checksum {
            Some((_, hash)) => checksum(content) != *hash,
            None => !content.trim().is_empty(),
        }
    }
}

/// Replaces the blocks of `file` with those of `fresh`, a postmortem with checksums. Every byte outside
/// of blocks stays the same, and so do the line ends inside.
///
/// Manually edited blocks are replaced too, and listed in [`BlockUpdate::edited`]: the caller decides
/// whether to write the result.
///
/// # Errors
/// A malformed or missing marker; a file that was written for another incident.
pub fn update_blocks(file: &str, fresh: &str) -> Result<BlockUpdate, BlockError> {
    let wanted = parse_blocks(fresh)?;
    let found = parse_blocks(file)?;
    let first_handle = |blocks: &[ManagedBlock]| {
        let mut handles = blocks
            .iter()
            .filter_map(|p| Some((p.line, p.handle_and_checksum.clone()?.0)));
        handles.next()
    };
    if let (Some((line, file_handle)), Some((_, fresh_handle))) =
        (first_handle(&found), first_handle(&wanted))
        && !fresh_handle.starts_with(&file_handle)
        && !file_handle.starts_with(&fresh_handle)
    {
        return Err(BlockError {
            line,
            message: format!(
                "this file was written for incident {file_handle}, not {fresh_handle}"
            ),
            hint: format!("name that one: bridgelog postmortem {file_handle} --update PATH"),
        });
    }
    let is_retired = |block: &ManagedBlock| RETIRED.contains(&block.name.as_str());
    let is_missing = |w: &&ManagedBlock| found.iter().all(|f| f.name != w.name);
    if found.iter().any(is_retired) && wanted.iter().any(|w| is_missing(&w)) {
        return update_blocks(&with_places(file, &wanted, &found), fresh);
    }
    check_all_present(&wanted, &found, file)?;
    let mut update = BlockUpdate::default();
    let mut at = 0;
    for block in &found {
        update.text.push_str(&file[at..block.range.start]);
        at = block.range.end;
        let current = &file[block.range.clone()];
        if is_retired(block) {
            update.retired.push((block.name.clone(), block.line));
            let content = file.get(block.content_range.clone());
            update.text.push_str(content.unwrap_or_default());
            continue;
        }
        let Some(new) = wanted.iter().find(|w| w.name == block.name) else {
            update.unrecognized.push((block.name.clone(), block.line));
            update.text.push_str(current);
            continue;
        };
        let content = &file[block.content_range.clone()];
        if block.is_edited(content) {
            update.edited.push((block.name.clone(), block.line));
        }
        let new = &fresh[new.range.clone()];
        if current.replace('\r', "") == new {
            update.text.push_str(current);
            continue;
        }
        update.stale.push((block.name.clone(), block.line));
        if content.contains("\r\n") {
            update.text.push_str(&new.replace('\n', "\r\n"));
        } else {
            update.text.push_str(new);
        }
    }
    update.text.push_str(&file[at..]);
    Ok(update)
}

/// Returns `file` with an empty block for each of those `wanted` that are not among those `found`, each
/// after the one that it follows in the document.
fn with_places(file: &str, wanted: &[ManagedBlock], found: &[ManagedBlock]) -> String {
    let mut out = String::with_capacity(file.len() + 1024);
    let mut at = 0;
    let mut places: Vec<(usize, &str)> = Vec::new();
    let mut place = found.iter().map(|f| f.range.start).min().unwrap_or(0);
    for block in wanted {
        match found.iter().find(|f| f.name == block.name) {
            Some(found) => place = found.range.end,
            None => places.push((place, &block.name)),
        }
    }
    places.sort_by_key(|(place, _)| *place);
    for (place, name) in places {
        out.push_str(file.get(at..place).unwrap_or_default());
        at = place;
        let empty = format!("{MARKER_PREFIX}begin {name} -->{MARKER_PREFIX}end {name} -->");
        let is_before_all = out.trim().is_empty();
        out.push_str(if is_before_all { "" } else { "\n\n" });
        out.push_str(&empty);
        out.push_str(if is_before_all { "\n\n" } else { "" });
    }
    out.push_str(file.get(at..).unwrap_or_default());
    out
}

/// Returns an error if one of the blocks `wanted` is not among those `found`, with its place.
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
    let end = |block: &ManagedBlock| block.line + file[block.range.clone()].matches('\n').count();
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
