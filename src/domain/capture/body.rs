//! The text of a line and the markers in it.

use super::{
    CaptureError, Context, Flags, Line, Mark,
    line::{check_all, link, state},
    markers::{Piece, Shape, is_tag, pieces},
    names::{self, Names, Who, add},
    show,
};
use crate::domain::{event::Event, handle, words::Kind};
use std::ops::Range;
use uuid::Uuid;

/// What becomes of a piece that looked like a marker.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Meaning {
    /// It is text.
    Text,
    /// It is text behind a backslash that goes.
    Escaped,
    /// Always taken out of the text.
    Out,
    /// A word of its sentence that is understood as well; taken out at the end.
    Word,
    /// A time box, where it stands at the end.
    Box(u32),
}

/// Takes the text that begins at byte `start`, and its markers.
pub(super) fn take(
    line: &str,
    start: usize,
    out: &mut Line,
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
    let mut pieces = pieces(body, kind == Kind::Ask);
    let end = take_wording(body, start, &mut pieces, out, flags, context)?;
    let body = &body[..end];
    let mut reader = Reader {
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
    let mut names = Names::new(context, flags, bears_state, &kind);
    let cuts = cuts(&pieces, kind == Kind::Decision);
    let mut meanings = Vec::with_capacity(pieces.len());
    for piece in &pieces {
        meanings.push(reader.meaning(piece, &mut names)?);
    }
    let notices = names.notices;
    reader.out.notices.extend(notices);
    check_all(reader.out, start..start + end)?;
    let parts = reader.parts(&pieces, &meanings, &cuts);
    for (slot, text) in parts {
        let text = Some(text).filter(|text| !text.is_empty());
        match slot {
            Shape::Why => out.why = text,
            Shape::Not => out.not = text,
            _ => out.text = text,
        }
    }
    name_commander(out, about, context);
    Ok(())
}

/// Takes customer wording; gives where the text before it ends.
fn take_wording(
    body: &str,
    start: usize,
    pieces: &mut Vec<Piece<'_>>,
    out: &mut Line,
    flags: &Flags,
    context: &Context<'_>,
) -> Result<usize, CaptureError> {
    let found = pieces
        .iter()
        .position(|piece| piece.shape == Shape::Tell && piece.escapes == 0);
    let looked_for = context.wording && flags.customer.is_none();
    let Some(at) = found.filter(|_| looked_for) else {
        if found.is_some() && !context.wording {
            out.notices
                .push("`tell:` is not honoured here and was kept as text".to_owned());
        } else if found.is_none() && looked_for && nearly_tells(body) {
            out.notices.push(
                "customers will read nothing of this: wording begins with `tell: `, in small letters and with a space"
                    .to_owned(),
            );
        }
        return Ok(body.len());
    };
    let piece = pieces[at].range.clone();
    let behind = &body[piece.end..];
    let wording = behind.trim();
    let shifted = start + piece.start..start + piece.end;
    if wording.is_empty() {
        return Err(CaptureError::new(
            "nothing stands behind `tell:`",
            "write what customers are to read; `tell: -` takes it back",
            shifted,
        ));
    }
    let begin = shifted.end + (behind.len() - behind.trim_start().len());
    out.marks.push((shifted, Mark::Part));
    out.marks
        .push((begin..begin + wording.len(), Mark::Wording));
    out.customer = Some(Some(wording.to_owned()).filter(|wording| wording != "-"));
    pieces.truncate(at);
    Ok(piece.start)
}

/// True where something was most likely meant to be `tell: `.
fn nearly_tells(body: &str) -> bool {
    body.match_indices("ell:").any(|(at, _)| {
        let word = body[..at].char_indices().next_back();
        word.is_some_and(|(first, c)| {
            let before = body[..first].chars().next_back();
            matches!(c, 't' | 'T') && before.is_none_or(char::is_whitespace)
        })
    })
}

/// The first `why:` and the first `not:` of a decision, by their place among the pieces.
fn cuts(pieces: &[Piece<'_>], decision: bool) -> Vec<usize> {
    let first = |wanted: Shape<'_>| {
        pieces
            .iter()
            .position(|piece| piece.shape == wanted && piece.escapes == 0)
    };
    let mut cuts: Vec<usize> = [first(Shape::Why), first(Shape::Not)]
        .into_iter()
        .flatten()
        .filter(|_| decision)
        .collect();
    cuts.sort_unstable();
    cuts
}

struct Reader<'a, 'c> {
    body: &'a str,
    start: usize,
    flags: &'a Flags,
    context: &'a Context<'c>,
    out: &'a mut Line,
}

impl Reader<'_, '_> {
    fn take_states(&mut self, pieces: &[Piece<'_>]) -> Result<(), CaptureError> {
        if self.flags.state.is_some() {
            return Ok(());
        }
        for piece in pieces.iter().filter(|piece| piece.escapes == 0) {
            let Shape::Bang(word) = piece.shape else {
                continue;
            };
            let range = self.range(piece);
            let found = state(word).map_err(|(message, hint)| {
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
    fn range(&self, piece: &Piece<'_>) -> Range<usize> {
        self.start + piece.range.start + piece.escapes..self.start + piece.range.end
    }

    fn meaning(
        &mut self,
        piece: &Piece<'_>,
        names: &mut Names<'_>,
    ) -> Result<Meaning, CaptureError> {
        let given = match piece.shape {
            Shape::Hash(_) => !self.flags.tags.is_empty(),
            Shape::Bang(_) => self.flags.state.is_some(),
            Shape::Caret(_) => !self.flags.links.is_empty(),
            Shape::At(_) => !self.flags.services.is_empty() && !self.flags.people.is_empty(),
            _ => false,
        };
        if given {
            return Ok(Meaning::Text);
        }
        if piece.escapes > 0 {
            let at = self.start + piece.range.start;
            self.out.marks.push((at..at + 1, Mark::Escape));
            return Ok(Meaning::Escaped);
        }
        let (mark, meaning) = match piece.shape {
            Shape::At(name) => self.name(names.who(name)),
            Shape::Hash(tag) if is_tag(tag) => {
                add(self.out.tags.get_or_insert_default(), tag.to_owned());
                (Mark::Tag, Meaning::Word)
            }
            Shape::Hash(_) => return Ok(Meaning::Text),
            Shape::Bang(_) => (Mark::State, Meaning::Out),
            Shape::Caret(letters) => self.caret(piece, letters)?,
            Shape::Why | Shape::Not | Shape::Tell => return Ok(Meaning::Text),
            // Whether it counts is known only with what stands behind it.
            Shape::Box(seconds) => {
                return Ok(u32::try_from(seconds).map_or(Meaning::Text, Meaning::Box));
            }
        };
        let range = self.range(piece);
        self.out.marks.push((range, mark));
        Ok(meaning)
    }

    fn name(&mut self, who: Who) -> (Mark, Meaning) {
        let mark = match who {
            Who::Service(name) => {
                add(self.out.services.get_or_insert_default(), name);
                Mark::Service
            }
            Who::NewService(name) => {
                add(self.out.services.get_or_insert_default(), name);
                Mark::NewService
            }
            Who::All => {
                self.out.all_services = true;
                Mark::Service
            }
            Who::Person(name) => {
                add(self.out.people.get_or_insert_default(), name);
                Mark::Person
            }
            Who::Commander(name) => {
                self.out.commander = Some(name);
                Mark::Person
            }
            Who::Text => return (Mark::Unknown, Meaning::Text),
        };
        (mark, Meaning::Word)
    }

    fn caret(&mut self, piece: &Piece<'_>, letters: &str) -> Result<(Mark, Meaning), CaptureError> {
        if !handle::looks_like(letters) {
            if letters.chars().count() > 2 && self.out.notices.len() < 10 {
                self.out.notices.push(format!(
                    "^{} is no handle (they have letters from k to z only): kept as text",
                    show(letters)
                ));
            }
            return Ok((Mark::Unknown, Meaning::Text));
        }
        let id: Uuid = link(letters, self.context)
            .map_err(|(message, hint)| CaptureError::new(message, hint, self.range(piece)))?;
        let links = self.out.links.get_or_insert_default();
        if !links.contains(&id) {
            links.push(id);
        }
        Ok((Mark::Link, Meaning::Out))
    }

    /// The text, and the parts of a decision.
    fn parts<'p>(
        &mut self,
        pieces: &[Piece<'p>],
        meanings: &[Meaning],
        cuts: &[usize],
    ) -> Vec<(Shape<'p>, String)> {
        let mut parts = Vec::new();
        // The pieces of a part, and where its text begins.
        let (mut slot, mut first, mut from) = (Shape::Tell, 0, 0);
        for cut in cuts.iter().copied().chain([pieces.len()]) {
            let to = pieces.get(cut).map_or(self.body.len(), |p| p.range.start);
            let text = self.part(from..to, &pieces[first..cut], &meanings[first..cut]);
            parts.push((slot, text));
            if let Some(piece) = pieces.get(cut) {
                let range = self.range(piece);
                self.out.marks.push((range, Mark::Part));
                (slot, first, from) = (piece.shape, cut + 1, piece.range.end);
            }
        }
        parts
    }

    /// One part's text: a run of markers at its end is taken out.
    fn part(&mut self, range: Range<usize>, pieces: &[Piece<'_>], meanings: &[Meaning]) -> String {
        let mut end = range.end;
        let mut left = pieces.len();
        let mut boxed = false;
        while left > 0 {
            let (piece, meaning) = (&pieces[left - 1], &meanings[left - 1]);
            let last = piece.alone && self.body[piece.range.end..end].trim().is_empty();
            let taken = match meaning {
                Meaning::Out | Meaning::Word => true,
                Meaning::Box(_) => !boxed,
                Meaning::Text | Meaning::Escaped => false,
            };
            if !last || !taken {
                break;
            }
            if let Meaning::Box(seconds) = meaning {
                boxed = true;
                self.out.within = Some(*seconds);
                let range = self.range(piece);
                self.out.marks.push((range, Mark::Within));
            }
            end = piece.range.start;
            left -= 1;
        }
        let mut text = String::with_capacity(end - range.start);
        let mut at = range.start;
        for (piece, meaning) in pieces[..left].iter().zip(meanings) {
            match meaning {
                Meaning::Text | Meaning::Box(_) => continue,
                Meaning::Escaped | Meaning::Word => {
                    // The backslash goes, or the sigil.
                    text.push_str(&self.body[at..piece.range.start]);
                    at = piece.range.start + 1;
                }
                Meaning::Out => {
                    text.push_str(&self.body[at..piece.range.start]);
                    at = piece.range.end;
                    let blank = |c: char| matches!(c, ' ' | '\t');
                    if text.is_empty() || text.ends_with('\n') {
                        let rest = &self.body[at..end];
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
pub(super) fn name_commander(out: &mut Line, about: Option<&Event>, context: &Context<'_>) {
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
    if let Some(known) = names::spelt(text, &context.people) {
        out.commander = Some(known);
    } else if text.contains(char::is_whitespace) {
        out.notices
            .push("nobody is named to take command: write `handoff: @who`".to_owned());
    } else {
        out.commander = Some(text.clone());
    }
}
