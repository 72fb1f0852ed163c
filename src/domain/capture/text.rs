//! Parses the text of a line and the markers in it.

mod commander;
mod excepted_service;
mod in_sentence;
mod not_yet;
mod parts;
mod sections;
mod state_in_words;
#[cfg(test)]
mod testing;
mod unset_state;

use super::{
    context::Context,
    customer_wording::take_customer_wording,
    error::excerpt,
    full_name::{leading_full_name, name_notice},
    marker_values::{check_all_services, parse_state, resolve_handle},
    markers::{LineType, MarkerShape, MarkerToken, find_markers_and_names, is_tag},
    mentions::{Mention, MentionResolver, push_unique},
    parsed_line::{Flags, ParsedLine, TokenKind},
};
use crate::domain::{
    event::Event,
    handle,
    parse_error::ParseError,
    words::{Kind, State},
};
pub(super) use commander::{NewCommander, infer_commander};
use commander::{new_commander, other_role_notice, person_of};
pub(super) use in_sentence::{cannot_end, is_in_sentence};
use sections::{add_part, capital_keyword_notice, section_starts};
pub use state_in_words::is_no_state_notice;
use std::ops::Range;
use uuid::Uuid;

/// Words that deny a state behind them: `web is not !down`.
const DENIALS: [&str; 5] = ["not", "never", "no", "longer", "neither"];

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
    let mut tokens = find_markers_and_names(body, LineType::of_event(&kind), &|text, first| {
        leading_full_name(text, first, context)
    });
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
        || kind.bears_state()
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
    let commander = match kind {
        Kind::Handoff => new_commander(body, &tokens, context),
        _ => NewCommander::None,
    };
    for (number, token) in tokens.iter().enumerate() {
        if commander == NewCommander::Unclear && person_of(token, context).is_some() {
            // The first person of a handoff is its commander, so that none can be one who is only named.
            uses.push(MarkerUse::Text);
            continue;
        }
        let is_commander = commander == NewCommander::Token(number);
        uses.push(parser.classify(token, is_commander, &mut resolver)?);
    }
    let MentionResolver {
        notices,
        kept_as_text,
        ..
    } = resolver;
    parser.parsed.notices.extend(notices);
    if has_state && !matches!(kind, Kind::Ask | Kind::Handoff) {
        parser.note_name_in_place_of_service(kept_as_text.as_deref());
    }
    check_all_services(parser.parsed, start..start + end)?;
    parser.note_unread_words(&tokens, has_state, event.is_some());
    let parts = parser.split_parts(&tokens, &uses, &part_starts);
    for (shape, text) in parts {
        let text = Some(text).filter(|text| !text.is_empty());
        match shape {
            MarkerShape::Why => add_part(&mut parsed.rationale, text),
            MarkerShape::Not => add_part(&mut parsed.rejected, text),
            _ => parsed.text = text,
        }
    }
    if kind == Kind::Decision {
        let notice = parsed.text.as_deref().and_then(capital_keyword_notice);
        parsed.notices.extend(notice);
    }
    if kind == Kind::Ask && parsed.time_box_secs.is_none() {
        let notice = parsed
            .text
            .as_deref()
            .and_then(in_sentence::time_box_notice);
        // Before what is said of names: a preview has room for few.
        parsed.notices.splice(0..0, notice);
    }
    if event.is_none() {
        if let NewCommander::Token(number) = commander {
            let notice = other_role_notice(body, &tokens[number]);
            parsed.notices.extend(notice);
        }
        let notices = state_in_words::notices(&kind, has_state, body, parsed, context);
        parsed.notices.extend(notices);
    }
    infer_commander(parsed, commander, event, context);
    Ok(())
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
            if self.is_behind_bracket(token) {
                continue;
            }
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
        is_commander: bool,
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
            MarkerShape::At(name) => {
                self.note_state_after_colon(token);
                let mention = resolver.resolve(name, is_commander);
                let notice = name_notice(self.body, token, &mention, self.context);
                self.parsed.notices.extend(notice);
                self.apply_mention(mention)
            }
            MarkerShape::Hash(tag) if is_tag(tag) => {
                push_unique(self.parsed.tags.get_or_insert_default(), tag.to_owned());
                (TokenKind::Tag, MarkerUse::KeepWord)
            }
            MarkerShape::Hash(_) => return Ok(MarkerUse::Text),
            MarkerShape::Bang(_) if self.is_behind_bracket(token) => {
                let state = &self.body[token.range.clone()];
                self.parsed.notices.push(format!(
                    "`{state}` was kept as text: a state is written alone, without brackets or quotes"
                ));
                return Ok(MarkerUse::Text);
            }
            MarkerShape::Bang(_) => {
                self.note_denied_state(token);
                // `web is *!down*` keeps its word.
                match self.body[..token.range.start].ends_with(['*', '_']) {
                    true => (TokenKind::State, MarkerUse::KeepWord),
                    false => (TokenKind::State, MarkerUse::Remove),
                }
            }
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

    /// Notes whose state it is where a line names no service, but people (a name was taken for a person once), or
    /// `kept_as_text`, a name of several words.
    fn note_name_in_place_of_service(&mut self, kept_as_text: Option<&str>) {
        let is_unnamed = self.parsed.services.is_none() && !self.parsed.all_services;
        if !is_unnamed || !self.flags.people.is_empty() {
            return;
        }
        let whose = match self.context.services.as_slice() {
            [] => "the incident".to_owned(),
            [only] => format!("@{}", excerpt(only)),
            // It is asked for.
            _ => return,
        };
        let people = self.parsed.people.as_deref().unwrap_or_default();
        let notice = if let Some(person) = people.first() {
            let person = excerpt(person);
            // A service is one word.
            let command = match person.contains(' ') {
                true => String::new(),
                false => format!("; `bridgelog service {person}` makes it a service"),
            };
            format!("@{person} is a person here, so the state is that of {whose}{command}")
        } else if let Some(name) = kept_as_text {
            format!(
                "the name of a service is one word, so the state is not that of {}: it is that of {whose}",
                excerpt(name)
            )
        } else {
            return;
        };
        self.parsed.notices.push(notice);
    }

    /// Notes a state that is not set, and a service of the state that the words leave out.
    fn note_unread_words(&mut self, tokens: &[MarkerToken<'_>], has_state: bool, amends: bool) {
        let services = self.parsed.services.as_deref().unwrap_or_default();
        let left_out = || excepted_service::notice(self.body, tokens, services);
        let is_unset = self.parsed.state.is_none() && self.body.contains('!');
        let notice = has_state.then(left_out).flatten().or_else(|| {
            is_unset
                .then(|| unset_state::notice(self.body, tokens))
                .flatten()
        });
        self.parsed.notices.extend(notice.filter(|_| !amends));
    }

    /// True for the `!down` of `if (!down) return`: a bracket or a quotation mark is directly before it.
    fn is_behind_bracket(&self, token: &MarkerToken<'_>) -> bool {
        let opening = ['(', '[', '{', '"', '\'', '“', '‘'];
        self.body[..token.range.start].ends_with(opening)
    }

    /// Notes a state that the word before it denies: it may be text.
    fn note_denied_state(&mut self, token: &MarkerToken<'_>) {
        let before = &self.body[..token.range.start];
        let last = before.split_whitespace().next_back().unwrap_or_default();
        let is_denied = DENIALS.iter().any(|word| word.eq_ignore_ascii_case(last))
            || last.ends_with("n't")
            || last.ends_with("n’t");
        if is_denied && before.ends_with(char::is_whitespace) {
            let state = &self.body[token.range.clone()];
            self.parsed.notices.push(format!(
                "`{state}` was read as the state; where it is text, put a backslash before it: `\\{state}`"
            ));
        }
    }

    /// Notes a state after a name and a colon, `@web:down`: it is text.
    fn note_state_after_colon(&mut self, token: &MarkerToken<'_>) {
        let Some(after) = self.body[token.range.end..].strip_prefix(':') else {
            return;
        };
        let mut words = after.split(|c: char| !(c.is_alphanumeric() || c == '-'));
        if let Some(state) = words.next().and_then(|word| word.parse::<State>().ok()) {
            let name = excerpt(&self.body[token.range.clone()]);
            self.parsed.notices.push(format!(
                "`{name}:{state}` was kept as text: a state is written `!{state}`"
            ));
        }
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
}
