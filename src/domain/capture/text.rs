//! Parses the text of a line and the markers in it.

mod commander;

use super::{
    context::Context,
    customer_wording::take_customer_wording,
    error::excerpt,
    marker_values::{check_all_services, parse_state, resolve_handle},
    markers::{LineType, MarkerShape, MarkerToken, find_markers, is_tag},
    mentions::{Mention, MentionResolver, push_unique},
    parsed_line::{Flags, ParsedLine, TokenKind},
};
use crate::domain::{event::Event, handle, parse_error::ParseError, words::Kind};
pub(super) use commander::infer_commander;
use std::ops::Range;
use uuid::Uuid;

/// How a marker-like token is used.
#[derive(Clone, Debug, PartialEq, Eq)]
enum MarkerUse {
    /// Kept as text.
    Text,
    /// Kept as text; its backslash is removed.
    Escaped,
    /// Removed from the text.
    Remove,
    /// Recognised, and kept in the sentence without its sigil; removed at the end of the text.
    KeepWord,
    /// A time box if it is at the end of the text, else text.
    TimeBox(u32),
}

/// Parses the text from byte `start` on, with its markers.
pub(super) fn parse_text(
    line: &str,
    start: usize,
    parsed: &mut ParsedLine,
    flags: &Flags,
    context: &Context<'_>,
    event: Option<&Event>,
) -> Result<(), ParseError> {
    let body = &line[start..];
    let kind = parsed
        .kind
        .clone()
        .or_else(|| event.map(|event| event.kind.clone()))
        .unwrap_or(Kind::Note);
    let mut tokens = find_markers(body, LineType::of_event(&kind));
    let end = take_customer_wording(body, start, &mut tokens, parsed, flags, context)?;
    let body = &body[..end];
    let mut parser = TextParser {
        body,
        start,
        flags,
        context,
        parsed,
    };
    parser.take_states(&tokens)?;
    let has_state = parser.parsed.state.is_some()
        || (kind.bears_state() && kind != Kind::Fault)
        || event.is_some_and(|event| event.kind == kind && event.state.is_some());
    if let Some(event) = event
        && kind != Kind::Decision
        && let Some(token) = tokens.first()
        && matches!(token.shape, MarkerShape::Why | MarkerShape::Not)
        && token.backslashes == 0
        && !line[..start].ends_with('\\')
        && body[..token.range.start].trim().is_empty()
    {
        let part = &body[token.range.clone()];
        return Err(ParseError::new(
            format!(
                "only a decision has `{part}`, and this is a {}",
                excerpt(event.kind.as_str())
            ),
            format!("`decision: {part} ...` makes it one; `\\{part}` is plain text"),
            start + token.range.start..start + token.range.end,
        ));
    }
    let mut resolver = MentionResolver::new(context, flags, has_state, &kind);
    let part_starts = section_starts(&tokens, kind == Kind::Decision);
    let mut uses = Vec::with_capacity(tokens.len());
    for token in &tokens {
        uses.push(parser.classify(token, &mut resolver)?);
    }
    let notices = resolver.notices;
    parser.parsed.notices.extend(notices);
    check_all_services(parser.parsed, start..start + end)?;
    let parts = parser.split_parts(&tokens, &uses, &part_starts);
    for (shape, text) in parts {
        let text = Some(text).filter(|text| !text.is_empty());
        match shape {
            MarkerShape::Why => add_part(&mut parsed.rationale, text),
            MarkerShape::Not => add_part(&mut parsed.rejected, text),
            _ => parsed.text = text,
        }
    }
    infer_commander(parsed, event, context);
    Ok(())
}

/// Indices of the `why:` and `not:` of a decision.
fn section_starts(tokens: &[MarkerToken<'_>], decision: bool) -> Vec<usize> {
    let is_part = |token: &MarkerToken<'_>| {
        matches!(token.shape, MarkerShape::Why | MarkerShape::Not) && token.backslashes == 0
    };
    let indexed = tokens.iter().enumerate().filter(|_| decision);
    let parts = indexed.filter(|(_, token)| is_part(token));
    parts.map(|(index, _)| index).collect()
}

/// Adds `text` to the part that it goes on with: `decision: x not: a not: b`.
fn add_part(part: &mut Option<String>, text: Option<String>) {
    *part = match (part.take(), text) {
        (Some(before), Some(text)) => Some(format!("{before}; {text}")),
        (before, text) => before.or(text),
    };
}

struct TextParser<'a, 'c> {
    body: &'a str,
    start: usize,
    flags: &'a Flags,
    context: &'a Context<'c>,
    parsed: &'a mut ParsedLine,
}

impl TextParser<'_, '_> {
    fn take_states(&mut self, tokens: &[MarkerToken<'_>]) -> Result<(), ParseError> {
        if self.flags.state.is_some() {
            return Ok(());
        }
        for token in tokens.iter().filter(|token| token.backslashes == 0) {
            let MarkerShape::Bang(word) = token.shape else {
                continue;
            };
            let range = self.range(token);
            let state = parse_state(word).map_err(|(message, hint)| {
                let hint = format!("{hint}; `\\!` is a plain !");
                ParseError::new(message, hint, range.clone())
            })?;
            if let Some(before) = self.parsed.state.filter(|before| *before != state) {
                return Err(ParseError::new(
                    format!("the line says both !{before} and !{state}"),
                    "write two lines, one for each state",
                    range,
                ));
            }
            self.parsed.state = Some(state);
        }
        Ok(())
    }

    /// The range of a token in the line, without its backslashes.
    fn range(&self, token: &MarkerToken<'_>) -> Range<usize> {
        self.start + token.range.start + token.backslashes..self.start + token.range.end
    }

    fn classify(
        &mut self,
        token: &MarkerToken<'_>,
        resolver: &mut MentionResolver<'_>,
    ) -> Result<MarkerUse, ParseError> {
        let given_as_flag = match token.shape {
            MarkerShape::Hash(_) => !self.flags.tags.is_empty(),
            MarkerShape::Bang(_) => self.flags.state.is_some(),
            MarkerShape::Caret(_) => !self.flags.links.is_empty(),
            MarkerShape::At(_) => !self.flags.services.is_empty() && !self.flags.people.is_empty(),
            _ => false,
        };
        if given_as_flag {
            return Ok(MarkerUse::Text);
        }
        if token.backslashes > 0 {
            let at = self.start + token.range.start;
            self.parsed.tokens.push((at..at + 1, TokenKind::Escape));
            return Ok(MarkerUse::Escaped);
        }
        let (token_kind, marker_use) = match token.shape {
            MarkerShape::At(name) => self.apply_mention(resolver.resolve(name)),
            MarkerShape::Hash(tag) if is_tag(tag) => {
                push_unique(self.parsed.tags.get_or_insert_default(), tag.to_owned());
                (TokenKind::Tag, MarkerUse::KeepWord)
            }
            MarkerShape::Hash(_) => return Ok(MarkerUse::Text),
            MarkerShape::Bang(_) => (TokenKind::State, MarkerUse::Remove),
            MarkerShape::Caret(letters) => self.resolve_link(token, letters)?,
            MarkerShape::Why | MarkerShape::Not | MarkerShape::Tell | MarkerShape::FollowUp(_) => {
                return Ok(MarkerUse::Text);
            }
            // Whether it is one depends on what follows.
            MarkerShape::TimeBox(seconds) => {
                return Ok(u32::try_from(seconds).map_or(MarkerUse::Text, MarkerUse::TimeBox));
            }
        };
        let range = self.range(token);
        self.parsed.tokens.push((range, token_kind));
        Ok(marker_use)
    }

    fn apply_mention(&mut self, mention: Mention) -> (TokenKind, MarkerUse) {
        let token_kind = match mention {
            Mention::Service(name) => {
                push_unique(self.parsed.services.get_or_insert_default(), name);
                TokenKind::Service
            }
            Mention::NewService(name) => {
                push_unique(self.parsed.services.get_or_insert_default(), name);
                TokenKind::NewService
            }
            Mention::All => {
                self.parsed.all_services = true;
                TokenKind::Service
            }
            Mention::Person(name) => {
                push_unique(self.parsed.people.get_or_insert_default(), name);
                TokenKind::Person
            }
            Mention::Commander(name) => {
                self.parsed.commander = Some(name);
                TokenKind::Person
            }
            Mention::Text => return (TokenKind::Unknown, MarkerUse::Text),
        };
        (token_kind, MarkerUse::KeepWord)
    }

    fn resolve_link(
        &mut self,
        token: &MarkerToken<'_>,
        letters: &str,
    ) -> Result<(TokenKind, MarkerUse), ParseError> {
        if !handle::is_handle_prefix(letters) {
            if letters.chars().count() > 2 && self.parsed.notices.len() < 10 {
                self.parsed.notices.push(format!(
                    "^{} is not a handle (they have letters from k to z only): kept as text",
                    excerpt(letters)
                ));
            }
            return Ok((TokenKind::Unknown, MarkerUse::Text));
        }
        let id: Uuid = resolve_handle(letters, self.context)
            .map_err(|(message, hint)| ParseError::new(message, hint, self.range(token)))?;
        let links = self.parsed.links.get_or_insert_default();
        if !links.contains(&id) {
            links.push(id);
        }
        Ok((TokenKind::Link, MarkerUse::Remove))
    }

    /// Splits the text from the parts of a decision.
    fn split_parts<'p>(
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
            let joined = gap.trim().is_empty() || next < end && (gap.trim() == "," || gap == "/");
            let taken = match marker_use {
                MarkerUse::Remove | MarkerUse::KeepWord => true,
                MarkerUse::TimeBox(_) => !std::mem::replace(&mut has_time_box, true),
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
                        && self.body[at..].starts_with('"')
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

/// True if `text` ends with a word that no sentence ends with, and one space: the marker after it is
/// a word of the sentence. With two spaces it is not.
pub(super) fn cannot_end(text: &str) -> bool {
    const WORDS: [&str; 32] = [
        "in", "on", "at", "to", "from", "of", "for", "with", "by", "and", "or", "the", "a", "an",
        "into", "onto", "via", "per", "between", "behind", "under", "against", "near", "is", "are",
        "was", "were", "than", "as", "but", "if", "when",
    ];
    let Some(text) = text.strip_suffix(' ') else {
        return false;
    };
    let start = text.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let start = text.ceil_char_boundary(start);
    WORDS
        .iter()
        .any(|word| word.eq_ignore_ascii_case(&text[start..]))
}
