//! Splits a text into its parts, and takes the markers out of them.

use super::{
    MarkerShape, MarkerToken, MarkerUse, TextParser, TokenKind,
    in_sentence::{cannot_end, is_in_sentence},
};
use crate::domain::capture::{NAME_QUOTES, markers::JOINS};
use std::ops::Range;

impl TextParser<'_, '_> {
    /// Splits the text from the parts of a decision.
    pub(super) fn split_parts<'p>(
        &mut self,
        tokens: &[MarkerToken<'p>],
        uses: &[MarkerUse],
        part_starts: &[usize],
    ) -> Vec<(MarkerShape<'p>, String)> {
        let mut parts = Vec::new();
        // The tokens of the current part, and where its text begins.
        let (mut shape, mut first, mut from) = (MarkerShape::Tell, 0, 0);
        for part_start in part_starts.iter().copied().chain([tokens.len()]) {
            let to = tokens
                .get(part_start)
                .map_or(self.body.len(), |p| p.range.start);
            let text = self.part_text(
                from..to,
                &tokens[first..part_start],
                &uses[first..part_start],
            );
            parts.push((shape, text));
            if let Some(token) = tokens.get(part_start) {
                let range = self.range(token);
                self.parsed.tokens.push((range, TokenKind::PartKeyword));
                (shape, first, from) = (token.shape, part_start + 1, token.range.end);
            }
        }
        parts
    }

    /// Finds the run of markers, separated by spaces or commas, that ends a part: the index of its
    /// first token, and the offset in the body at which it begins.
    fn trailing_markers(
        &self,
        end: usize,
        tokens: &[MarkerToken<'_>],
        uses: &[MarkerUse],
    ) -> (usize, usize) {
        let (mut first_index, mut begin) = (tokens.len(), end);
        let (mut next, mut has_time_box) = (end, false);
        let keeps_first = |token: &MarkerToken<'_>, marker_use: &MarkerUse| {
            *marker_use == MarkerUse::KeepWord && cannot_end(&self.body[..token.range.start])
        };
        for (at, (token, marker_use)) in tokens.iter().zip(uses).enumerate().rev() {
            let gap = &self.body[token.range.end..next];
            let is_separator = gap.trim() == ","
                || matches!(gap, "/" | "+" | "&" | ";")
                || gap.chars().all(|c| JOINS.contains(&c));
            let joined = gap.trim().is_empty() || next < end && is_separator;
            let taken = match marker_use {
                MarkerUse::Remove | MarkerUse::KeepWord => true,
                MarkerUse::TimeBox(_) => {
                    let (before, after) = self.body.split_at(token.range.start);
                    // Before `within` and `in` the sentence may end: `fail over in 5m`.
                    let is_word = match after.starts_with(|c: char| c.is_ascii_digit()) {
                        true => is_in_sentence(before),
                        false => cannot_end(before),
                    };
                    !is_word && !std::mem::replace(&mut has_time_box, true)
                }
                MarkerUse::Text | MarkerUse::Escaped => false,
            };
            if !joined || !taken {
                break;
            }
            next = token.range.start;
            // An item of a list (`@api,@web`) is removed only with the items before it.
            if keeps_first(token, marker_use) {
                break;
            }
            if token.starts_word {
                (first_index, begin) = (at, next);
            }
        }
        (first_index, begin)
    }

    /// Returns the text of one part, without the markers at its end.
    fn part_text(
        &mut self,
        range: Range<usize>,
        tokens: &[MarkerToken<'_>],
        uses: &[MarkerUse],
    ) -> String {
        let (first_trailing, end) = self.trailing_markers(range.end, tokens, uses);
        for (token, marker_use) in tokens.iter().zip(uses).skip(first_trailing) {
            if let MarkerUse::TimeBox(seconds) = marker_use {
                self.parsed.time_box_secs = Some(*seconds);
                let range = self.range(token);
                self.parsed.tokens.push((range, TokenKind::TimeBox));
            }
        }
        let mut text = String::with_capacity(end - range.start);
        let mut at = range.start;
        for (token, marker_use) in tokens[..first_trailing].iter().zip(uses) {
            match marker_use {
                MarkerUse::Text | MarkerUse::TimeBox(_) => continue,
                MarkerUse::Escaped | MarkerUse::KeepWord => {
                    // Drops the backslash, or the sigil.
                    text.push_str(&self.body[at..token.range.start]);
                    at = token.range.start + 1;
                    if let (MarkerUse::KeepWord, MarkerShape::At(name)) = (marker_use, token.shape)
                        && self.body[at..].starts_with(NAME_QUOTES)
                    {
                        text.push_str(name);
                        at = token.range.end;
                    }
                }
                MarkerUse::Remove => {
                    text.push_str(&self.body[at..token.range.start]);
                    at = token.range.end;
                    let is_blank = |c: char| matches!(c, ' ' | '\t');
                    if text.is_empty() || text.ends_with('\n') {
                        let rest = &self.body[at..end];
                        let rest = rest.strip_prefix(',').unwrap_or(rest);
                        at = end - rest.trim_start_matches(is_blank).len();
                    } else {
                        text.truncate(text.trim_end_matches(is_blank).len());
                    }
                }
            }
        }
        text.push_str(&self.body[at..end]);
        let text = text.trim();
        // `on @api, @web`: the first stays, and ends the text.
        let is_cut_list = (1..tokens.len()).contains(&first_trailing) && {
            let (kept, before) = (&tokens[first_trailing - 1], &uses[first_trailing - 1]);
            *before == MarkerUse::KeepWord
                && cannot_end(&self.body[..kept.range.start])
                && self.body[kept.range.end..end].trim() == ","
        };
        let text = if is_cut_list {
            text.trim_end_matches(',')
        } else {
            text
        };
        text.to_owned()
    }
}
