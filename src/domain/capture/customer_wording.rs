//! Parses customer wording: the part of a line after `tell:`.

use super::{
    context::Context,
    markers::{MarkerShape, MarkerToken},
    mentions::canonical_name,
    parsed_line::{Flags, ParsedLine, TokenKind},
};
use crate::domain::{parse_error::ParseError, words::State};

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
    let marker = tokens[at..].iter().find(|token| is_of_line(token, context));
    if let Some(marker) = marker {
        parsed.notices.push(format!(
            "customers will read `{}`, which is a part of the wording here: markers go before `tell:`",
            &body[marker.range.clone()]
        ));
    }
    tokens.truncate(at);
    Ok(token.start)
}

/// True for a state, or a service of the incident: other names and tags may be meant for customers.
fn is_of_line(token: &MarkerToken<'_>, context: &Context<'_>) -> bool {
    match token.shape {
        MarkerShape::Bang(word) => word.parse::<State>().is_ok(),
        MarkerShape::At(name) => canonical_name(name, &context.services).is_some(),
        _ => false,
    }
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

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use rstest::rstest;

    #[rstest]
    #[case("fault: x. tell: We are down. @web !down")]
    #[case("fault: x @web tell: We are down !down")]
    fn marker_in_the_wording_is_said(#[case] line: &str) {
        let notices = read(line).notices.concat();
        assert!(
            notices.contains("customers will read `"),
            "{line}: {notices}"
        );
    }

    #[rstest]
    #[case("fault: x @web !down tell: We are down.")]
    #[case("fault: x @web tell: Follow @acme_status for news.")]
    #[case("fault: x @web tell: Ticket #4412 has more.")]
    #[case("fault: x @web tell: Sorry! We are down.")]
    #[case("fault: x @web tell: Mail support@acme.example!")]
    fn ordinary_wording_gets_no_notice(#[case] line: &str) {
        assert_eq!(read(line).notices.concat(), "", "{line}");
    }
}
