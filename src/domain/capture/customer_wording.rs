//! Parses customer wording: the part of a line after `tell:`.

use super::{
    context::Context,
    markers::{MarkerShape, MarkerToken},
    parsed_line::{Flags, ParsedLine, TokenKind},
};
use crate::domain::parse_error::ParseError;

/// Parses customer wording, and drops the markers in it; returns where the text before it ends.
pub(super) fn take_customer_wording(
    body: &str,
    start: usize,
    tokens: &mut Vec<MarkerToken<'_>>,
    parsed: &mut ParsedLine,
    flags: &Flags,
    context: &Context<'_>,
) -> Result<usize, ParseError> {
    let position = tokens
        .iter()
        .position(|token| token.shape == MarkerShape::Tell && token.backslashes == 0);
    let expected = context.allow_customer_wording && flags.customer.is_none();
    let Some(at) = position.filter(|_| expected) else {
        if position.is_some() && !context.allow_customer_wording {
            parsed
                .notices
                .push("`tell:` is not honoured here and was kept as text".to_owned());
        } else if position.is_none() && expected && looks_like_tell(body) {
            parsed.notices.push(
                "customers will read nothing of this: wording begins with `tell: `, in small letters and with a space"
                    .to_owned(),
            );
        }
        return Ok(body.len());
    };
    let token = tokens[at].range.clone();
    let rest = &body[token.end..];
    let wording = rest.trim();
    let keyword_range = start + token.start..start + token.end;
    if wording.is_empty() {
        return Err(ParseError::new(
            "there is no text after `tell:`",
            "write what customers are to read; `tell: -` clears it",
            keyword_range,
        ));
    }
    let begin = keyword_range.end + (rest.len() - rest.trim_start().len());
    parsed.tokens.push((keyword_range, TokenKind::PartKeyword));
    parsed
        .tokens
        .push((begin..begin + wording.len(), TokenKind::CustomerWording));
    parsed.customer = Some(Some(wording.to_owned()).filter(|wording| wording != "-"));
    tokens.truncate(at);
    Ok(token.start)
}

/// True if the text probably contains a misspelt `tell: `: `Tell:`, `tell:x`, `tell :`.
fn looks_like_tell(body: &str) -> bool {
    const WORD: &str = "tell";
    body.match_indices(':').any(|(colon, _)| {
        let word = body[..colon].trim_end_matches([' ', '\t']);
        let Some(start) = word.len().checked_sub(WORD.len()) else {
            return false;
        };
        let typed = word.get(start..);
        let before = word.get(..start).and_then(|w| w.chars().next_back());
        typed.is_some_and(|typed| typed.eq_ignore_ascii_case(WORD))
            && before.is_none_or(char::is_whitespace)
    })
}
