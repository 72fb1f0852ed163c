//! Customer wording: the part of a line after `tell:`.

use super::{
    context::Context,
    error::CaptureError,
    markers::{MarkerShape, MarkerToken},
    parsed_line::{Flags, ParsedLine, TokenKind},
};

/// Takes customer wording; gives where the text before it ends.
pub(super) fn take_customer_wording(
    body: &str,
    start: usize,
    pieces: &mut Vec<MarkerToken<'_>>,
    out: &mut ParsedLine,
    flags: &Flags,
    context: &Context<'_>,
) -> Result<usize, CaptureError> {
    let found = pieces
        .iter()
        .position(|piece| piece.shape == MarkerShape::Tell && piece.backslashes == 0);
    let looked_for = context.allow_customer_wording && flags.customer.is_none();
    let Some(at) = found.filter(|_| looked_for) else {
        if found.is_some() && !context.allow_customer_wording {
            out.notices
                .push("`tell:` is not honoured here and was kept as text".to_owned());
        } else if found.is_none() && looked_for && looks_like_tell(body) {
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
    out.tokens.push((shifted, TokenKind::PartKeyword));
    out.tokens
        .push((begin..begin + wording.len(), TokenKind::CustomerWording));
    out.customer = Some(Some(wording.to_owned()).filter(|wording| wording != "-"));
    pieces.truncate(at);
    Ok(piece.start)
}

/// True where something was most likely meant to be `tell: `: `Tell:`, `tell:x`, `tell :`.
fn looks_like_tell(body: &str) -> bool {
    const WORD: &str = "tell";
    body.match_indices(':').any(|(colon, _)| {
        let word = body[..colon].trim_end_matches([' ', '\t']);
        let Some(start) = word.len().checked_sub(WORD.len()) else {
            return false;
        };
        let said = word.get(start..);
        let before = word.get(..start).and_then(|w| w.chars().next_back());
        said.is_some_and(|said| said.eq_ignore_ascii_case(WORD))
            && before.is_none_or(char::is_whitespace)
    })
}
