//! Makes Markdown prose of users safe to stand before other Markdown.
//!
//! Only what would reach beyond the prose is changed: a code fence that is open at its end is closed, raw
//! HTML that is not closed is shown instead of meant, and text that looks like a managed block's marker is
//! broken up.

mod raw_html;

use super::{html, markdown_escape::push_literal};
use crate::domain::document_text;
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};
use std::ops::Range;

/// What may follow prose: had it something open, it would be a part of that.
const WHAT_FOLLOWS: &str = "\n\n# What follows";

/// A tag that becomes text can make one of what was an address of a link or code before.
const MAX_PASSES: usize = 8;

/// Returns `text` as Markdown that can stand before other Markdown, with only what documents show.
#[must_use]
pub fn sanitize_prose(text: &str) -> String {
    let text = document_text::block(text.trim_matches(['\n', '\r']).trim_end());
    let mut text = text.replace("<!-- bridgelog:", "<!-- bridgelog :");
    for _ in 0..MAX_PASSES {
        if !text.contains('<') || raw_html::is_closed(events(&text).map(|(event, _)| event)) {
            break;
        }
        text = show_raw_html(&text);
    }
    if let Some(fence) = open_fence(&text) {
        text.push('\n');
        text.push_str(&fence);
    }
    text
}

/// Returns `text`, which has one line and stands behind words on it, as [`sanitize_prose`] does.
#[must_use]
pub fn sanitize_prose_line(text: &str) -> String {
    const BEFORE: &str = "**a:** ";
    let text = sanitize_prose(&format!("{BEFORE}{}", text.trim()));
    text.strip_prefix(BEFORE).unwrap_or(&text).to_owned()
}

fn events(text: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    Parser::new_ext(text, html::MARKDOWN_OPTIONS).into_offset_iter()
}

/// The line that closes the code block in which `text` ends, if that would not end with it.
fn open_fence(text: &str) -> Option<String> {
    if !text.contains("```") && !text.contains("~~~") {
        return None;
    }
    let whole = format!("{text}{WHAT_FOLLOWS}");
    let (_, range) = events(&whole).find(|(event, range)| {
        matches!(
            event,
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_)))
        ) && range.end > text.len() + 2
    })?;
    let opening = &whole[range.start..];
    let sign = opening.chars().next()?;
    Some(opening.chars().take_while(|c| *c == sign).collect())
}

/// Returns `text` with its raw HTML as text: a block of it as a block of code, a tag in a line escaped.
fn show_raw_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut copied = 0;
    for (event, range) in events(text) {
        // A block has events inside, which are copied with it.
        if range.start < copied {
            continue;
        }
        match event {
            Event::Start(Tag::HtmlBlock) => {
                let block = &text[range.clone()];
                let prefix = prefix_of_block(text, range.start);
                let fence = fence_around(block);
                out.push_str(&text[copied..range.start]);
                out.extend([
                    &fence,
                    "\n",
                    &prefix,
                    block.trim_end_matches('\n'),
                    "\n",
                    &prefix,
                    &fence,
                ]);
                if block.ends_with('\n') {
                    out.push('\n');
                }
                copied = range.end;
            }
            Event::InlineHtml(_) => {
                out.push_str(&text[copied..range.start]);
                push_literal(&mut out, &text[range.clone()]);
                copied = range.end;
            }
            _ => {}
        }
    }
    out.push_str(&text[copied..]);
    out
}

/// What the lines of the block at `at` begin with: the signs of the quotes it is in, and spaces below the
/// rest of its first line.
fn prefix_of_block(text: &str, at: usize) -> String {
    let line = text[..at].rsplit('\n').next().unwrap_or_default();
    let below = |c| if c == '>' { '>' } else { ' ' };
    line.chars().map(below).collect()
}

/// A fence that nothing in `code` closes.
fn fence_around(code: &str) -> String {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

#[cfg(test)]
mod tests;
