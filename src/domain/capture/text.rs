//! The text of a line and the markers in it.

use super::{
    context::Context,
    customer_wording::take_customer_wording,
    error::{CaptureError, excerpt},
    marker_values::{check_all_services, parse_state, resolve_handle},
    markers::{MarkerShape, MarkerToken, find_markers, is_tag},
    mentions::{self, Mention, MentionResolver, push_unique},
    parsed_line::{Flags, ParsedLine, TokenKind},
};
use crate::domain::{event::Event, handle, words::Kind};
use std::ops::Range;
use uuid::Uuid;

/// What becomes of a piece that looked like a marker.
#[derive(Clone, Debug, PartialEq, Eq)]
enum MarkerUse {
    /// It is text.
    Text,
    /// It is text behind a backslash that goes.
    Escaped,
    /// Always taken out of the text.
    Remove,
    /// A word of its sentence that is understood as well; taken out at the end.
    KeepWord,
    /// A time box, where it stands at the end.
    TimeBox(u32),
}

/// Takes the text that begins at byte `start`, and its markers.
pub(super) fn parse_text(
    line: &str,
    start: usize,
    out: &mut ParsedLine,
    flags: &Flags,
    context: &Context<'_>,
    about: Option<&Event>,
) -> Result<(), CaptureError> {
    let body = &line[start..];
    let kind = out
        .kind
        .clone()
        .or_else(|| about.map(|event| event.kind.clone()))
        .unwrap_or(Kind::Note);
    let mut pieces = find_markers(body, kind == Kind::Ask);
    let end = take_customer_wording(body, start, &mut pieces, out, flags, context)?;
    let body = &body[..end];
    let mut reader = TextParser {
        body,
        start,
        flags,
        context,
        out,
    };
    reader.take_states(&pieces)?;
    let bears_state = reader.out.state.is_some()
        || kind.implied_state().is_some()
        || about.is_some_and(|event| event.kind == kind && event.state_or_implied().is_some());
    if let Some(event) = about
        && kind != Kind::Decision
        && let Some(piece) = pieces.first()
        && matches!(piece.shape, MarkerShape::Why | MarkerShape::Not)
        && piece.backslashes == 0
        && !line[..start].ends_with('\\')
        && body[..piece.range.start].trim().is_empty()
    {
        let part = &body[piece.range.clone()];
        return Err(CaptureError::new(
            format!(
                "only a decision has `{part}`, and this is a {}",
                excerpt(event.kind.as_str())
            ),
            format!("`decision: {part} ...` makes it one; `\\{part}` is plain text"),
            start + piece.range.start..start + piece.range.end,
        ));
    }
    let mut names = MentionResolver::new(context, flags, bears_state, &kind);
    let cuts = section_starts(&pieces, kind == Kind::Decision);
    let mut meanings = Vec::with_capacity(pieces.len());
    for piece in &pieces {
        meanings.push(reader.classify(piece, &mut names)?);
    }
    let notices = names.notices;
    reader.out.notices.extend(notices);
    check_all_services(reader.out, start..start + end)?;
    let parts = reader.split_parts(&pieces, &meanings, &cuts);
    for (slot, text) in parts {
        let text = Some(text).filter(|text| !text.is_empty());
        match slot {
            MarkerShape::Why => out.rationale = text,
            MarkerShape::Not => out.rejected = text,
            _ => out.text = text,
        }
    }
    infer_commander(out, about, context);
    Ok(())
}

/// The first `why:` and the first `not:` of a decision, by their place among the pieces.
fn section_starts(pieces: &[MarkerToken<'_>], decision: bool) -> Vec<usize> {
    let first = |wanted: MarkerShape<'_>| {
        pieces
            .iter()
            .position(|piece| piece.shape == wanted && piece.backslashes == 0)
    };
    let mut cuts: Vec<usize> = [first(MarkerShape::Why), first(MarkerShape::Not)]
        .into_iter()
        .flatten()
        .filter(|_| decision)
        .collect();
    cuts.sort_unstable();
    cuts
}

struct TextParser<'a, 'c> {
    body: &'a str,
    start: usize,
    flags: &'a Flags,
    context: &'a Context<'c>,
    out: &'a mut ParsedLine,
}

impl TextParser<'_, '_> {
    fn take_states(&mut self, pieces: &[MarkerToken<'_>]) -> Result<(), CaptureError> {
        if self.flags.state.is_some() {
            return Ok(());
        }
        for piece in pieces.iter().filter(|piece| piece.backslashes == 0) {
            let MarkerShape::Bang(word) = piece.shape else {
                continue;
            };
            let range = self.range(piece);
            let found = parse_state(word).map_err(|(message, hint)| {
                let hint = format!("{hint}; `\\!` is a plain !");
                CaptureError::new(message, hint, range.clone())
            })?;
            if let Some(before) = self.out.state.filter(|before| *before != found) {
                return Err(CaptureError::new(
                    format!("the line says both !{before} and !{found}"),
                    "write two lines, one for each state",
                    range,
                ));
            }
            self.out.state = Some(found);
        }
        Ok(())
    }

    /// Where a piece is in the line, without its backslashes.
    fn range(&self, piece: &MarkerToken<'_>) -> Range<usize> {
        self.start + piece.range.start + piece.backslashes..self.start + piece.range.end
    }

    fn classify(
        &mut self,
        piece: &MarkerToken<'_>,
        names: &mut MentionResolver<'_>,
    ) -> Result<MarkerUse, CaptureError> {
        let given = match piece.shape {
            MarkerShape::Hash(_) => !self.flags.tags.is_empty(),
            MarkerShape::Bang(_) => self.flags.state.is_some(),
            MarkerShape::Caret(_) => !self.flags.links.is_empty(),
            MarkerShape::At(_) => !self.flags.services.is_empty() && !self.flags.people.is_empty(),
            _ => false,
        };
        if given {
            return Ok(MarkerUse::Text);
        }
        if piece.backslashes > 0 {
            let at = self.start + piece.range.start;
            self.out.tokens.push((at..at + 1, TokenKind::Escape));
            return Ok(MarkerUse::Escaped);
        }
        let (mark, meaning) = match piece.shape {
            MarkerShape::At(name) => self.apply_mention(names.resolve(name)),
            MarkerShape::Hash(tag) if is_tag(tag) => {
                push_unique(self.out.tags.get_or_insert_default(), tag.to_owned());
                (TokenKind::Tag, MarkerUse::KeepWord)
            }
            MarkerShape::Hash(_) => return Ok(MarkerUse::Text),
            MarkerShape::Bang(_) => (TokenKind::State, MarkerUse::Remove),
            MarkerShape::Caret(letters) => self.resolve_link(piece, letters)?,
            MarkerShape::Why | MarkerShape::Not | MarkerShape::Tell => return Ok(MarkerUse::Text),
            // Whether it counts is known only with what stands behind it.
            MarkerShape::TimeBox(seconds) => {
                return Ok(u32::try_from(seconds).map_or(MarkerUse::Text, MarkerUse::TimeBox));
            }
        };
        let range = self.range(piece);
        self.out.tokens.push((range, mark));
        Ok(meaning)
    }

    fn apply_mention(&mut self, who: Mention) -> (TokenKind, MarkerUse) {
        let mark = match who {
            Mention::Service(name) => {
                push_unique(self.out.services.get_or_insert_default(), name);
                TokenKind::Service
            }
            Mention::NewService(name) => {
                push_unique(self.out.services.get_or_insert_default(), name);
                TokenKind::NewService
            }
            Mention::All => {
                self.out.all_services = true;
                TokenKind::Service
            }
            Mention::Person(name) => {
                push_unique(self.out.people.get_or_insert_default(), name);
                TokenKind::Person
            }
            Mention::Commander(name) => {
                self.out.commander = Some(name);
                TokenKind::Person
            }
            Mention::Text => return (TokenKind::Unknown, MarkerUse::Text),
        };
        (mark, MarkerUse::KeepWord)
    }

    fn resolve_link(
        &mut self,
        piece: &MarkerToken<'_>,
        letters: &str,
    ) -> Result<(TokenKind, MarkerUse), CaptureError> {
        if !handle::is_handle_prefix(letters) {
            if letters.chars().count() > 2 && self.out.notices.len() < 10 {
                self.out.notices.push(format!(
                    "^{} is no handle (they have letters from k to z only): kept as text",
                    excerpt(letters)
                ));
            }
            return Ok((TokenKind::Unknown, MarkerUse::Text));
        }
        let id: Uuid = resolve_handle(letters, self.context)
            .map_err(|(message, hint)| CaptureError::new(message, hint, self.range(piece)))?;
        let links = self.out.links.get_or_insert_default();
        if !links.contains(&id) {
            links.push(id);
        }
        Ok((TokenKind::Link, MarkerUse::Remove))
    }

    /// The text, and the parts of a decision.
    fn split_parts<'p>(
        &mut self,
        pieces: &[MarkerToken<'p>],
        meanings: &[MarkerUse],
        cuts: &[usize],
    ) -> Vec<(MarkerShape<'p>, String)> {
        let mut parts = Vec::new();
        // The pieces of a part, and where its text begins.
        let (mut slot, mut first, mut from) = (MarkerShape::Tell, 0, 0);
        for cut in cuts.iter().copied().chain([pieces.len()]) {
            let to = pieces.get(cut).map_or(self.body.len(), |p| p.range.start);
            let text = self.part_text(from..to, &pieces[first..cut], &meanings[first..cut]);
            parts.push((slot, text));
            if let Some(piece) = pieces.get(cut) {
                let range = self.range(piece);
                self.out.tokens.push((range, TokenKind::PartKeyword));
                (slot, first, from) = (piece.shape, cut + 1, piece.range.end);
            }
        }
        parts
    }

    /// The run of markers at the end of a part, with the commas between them: which piece is the
    /// first of it, and where in the body it begins.
    fn trailing_markers(
        &self,
        end: usize,
        pieces: &[MarkerToken<'_>],
        meanings: &[MarkerUse],
    ) -> (usize, usize) {
        let (mut left, mut begin) = (pieces.len(), end);
        let (mut next, mut boxed) = (end, false);
        for (at, (piece, meaning)) in pieces.iter().zip(meanings).enumerate().rev() {
            let gap = &self.body[piece.range.end..next];
            let joined = gap.trim().is_empty() || next < end && (gap.trim() == "," || gap == "/");
            let taken = match meaning {
                MarkerUse::Remove | MarkerUse::KeepWord => true,
                MarkerUse::TimeBox(_) => !std::mem::replace(&mut boxed, true),
                MarkerUse::Text | MarkerUse::Escaped => false,
            };
            if !joined || !taken {
                break;
            }
            next = piece.range.start;
            // What goes on with a list goes only with what is before it.
            if piece.starts_word {
                (left, begin) = (at, next);
            }
        }
        (left, begin)
    }

    /// One part's text: a run of markers at its end is taken out.
    fn part_text(
        &mut self,
        range: Range<usize>,
        pieces: &[MarkerToken<'_>],
        meanings: &[MarkerUse],
    ) -> String {
        let (left, end) = self.trailing_markers(range.end, pieces, meanings);
        for (piece, meaning) in pieces.iter().zip(meanings).skip(left) {
            if let MarkerUse::TimeBox(seconds) = meaning {
                self.out.time_box_secs = Some(*seconds);
                let range = self.range(piece);
                self.out.tokens.push((range, TokenKind::TimeBox));
            }
        }
        let mut text = String::with_capacity(end - range.start);
        let mut at = range.start;
        for (piece, meaning) in pieces[..left].iter().zip(meanings) {
            match meaning {
                MarkerUse::Text | MarkerUse::TimeBox(_) => continue,
                MarkerUse::Escaped | MarkerUse::KeepWord => {
                    // The backslash goes, or the sigil.
                    text.push_str(&self.body[at..piece.range.start]);
                    at = piece.range.start + 1;
                }
                MarkerUse::Remove => {
                    text.push_str(&self.body[at..piece.range.start]);
                    at = piece.range.end;
                    let blank = |c: char| matches!(c, ' ' | '\t');
                    if text.is_empty() || text.ends_with('\n') {
                        let rest = &self.body[at..end];
                        let rest = rest.strip_prefix(',').unwrap_or(rest);
                        at = end - rest.trim_start_matches(blank).len();
                    } else {
                        text.truncate(text.trim_end_matches(blank).len());
                    }
                }
            }
        }
        text.push_str(&self.body[at..end]);
        text.trim().to_owned()
    }
}

/// Of a handoff that names nobody with `@`: the commander is the text, where that is one word or a
/// person who is known.
pub(super) fn infer_commander(out: &mut ParsedLine, about: Option<&Event>, context: &Context<'_>) {
    let handoff = match (&out.kind, about) {
        (Some(kind), _) => *kind == Kind::Handoff,
        (None, Some(event)) => {
            event.kind == Kind::Handoff && event.commander.as_ref() == Some(&event.text)
        }
        (None, None) => false,
    };
    let (true, None, Some(text)) = (handoff, &out.commander, &out.text) else {
        return;
    };
    if let Some(known) = mentions::canonical_name(text, &context.people) {
        out.commander = Some(known);
    } else if text.contains(char::is_whitespace) {
        out.notices
            .push("nobody is named to take command: write `handoff: @who`".to_owned());
    } else {
        out.commander = Some(text.clone());
    }
}
