//! Which pieces of a text look like markers. By their looks alone, so that what [`super::format_line`]
//! escapes and what is read agree in every context.

use crate::domain::when::parse_time_box;
use std::ops::Range;

/// What a piece looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MarkerShape<'t> {
    /// `@name`.
    At(&'t str),
    /// `#tag`, or `#4412`.
    Hash(&'t str),
    /// `!state`.
    Bang(&'t str),
    /// `^handle`.
    Caret(&'t str),
    /// `why:`.
    Why,
    /// `not:`.
    Not,
    /// `tell:`.
    Tell,
    /// `5m`: a time box, in seconds.
    TimeBox(i64),
}

/// A piece of a text that looks like a marker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MarkerToken<'t> {
    /// The backslashes before it, then it.
    pub range: Range<usize>,
    /// How many backslashes.
    pub backslashes: usize,
    /// What it looks like.
    pub shape: MarkerShape<'t>,
    /// True where white space, or the beginning of the text, is before it; else it stands behind a
    /// bracket or a quote, or goes on with a list (`@api,@web`).
    pub starts_word: bool,
}

/// The pieces of `text` that look like markers, in order. Time boxes only where `boxes`.
pub(super) fn find_markers(text: &str, boxes: bool) -> Vec<MarkerToken<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    // What stood before: white space, an opening bracket or quote, or part of a word.
    let mut before = Some(' ');
    // Where a list that began with a marker goes on.
    let mut listed = None;
    while let Some(c) = text[at..].chars().next() {
        let edge = before.is_none_or(char::is_whitespace);
        let opened = before.is_some_and(|b| matches!(b, '(' | '[' | '{' | '"' | '\'' | '“' | '‘'));
        let goes_on = !edge && listed == Some(at);
        if edge || opened || goes_on {
            let escapes = text[at..].bytes().take_while(|b| *b == b'\\').count();
            let start = at + escapes;
            let next = &text[start..];
            let looked_for = !goes_on || next.starts_with(['@', '#', '!', '^']);
            let shape = Some(next).filter(|_| looked_for);
            if let Some((shape, length)) =
                shape.and_then(|t| match_marker(t, edge || goes_on, boxes))
            {
                let end = start + length;
                listed = text[end..].starts_with([',', '/']).then_some(end + 1);
                found.push(MarkerToken {
                    range: at..end,
                    backslashes: escapes,
                    shape,
                    starts_word: edge,
                });
                before = text[..end].chars().next_back();
                at = end;
                continue;
            }
            if escapes > 0 {
                before = Some('\\');
                at = start;
                continue;
            }
        }
        before = Some(c);
        at += c.len_utf8();
    }
    found
}

/// What `text` begins with, and how long it is.
fn match_marker(text: &str, edge: bool, boxes: bool) -> Option<(MarkerShape<'_>, usize)> {
    let first = text.chars().next()?;
    let rest = &text[first.len_utf8()..];
    match first {
        '@' => leading_name(rest).map(|n| (MarkerShape::At(n), 1 + n.len())),
        '#' => leading_name(rest).map(|n| (MarkerShape::Hash(n), 1 + n.len())),
        '!' | '^' if edge => {
            let length = rest
                .find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_')))
                .unwrap_or(rest.len());
            let word = rest[..length].trim_end_matches(['-', '_']);
            let ends = rest[word.len()..].chars().next().is_none_or(|c| {
                c.is_whitespace() || matches!(c, '.' | ',' | ';' | ':' | ')' | '?' | '!')
            });
            let letter = word.starts_with(char::is_alphabetic);
            let shape = if first == '!' {
                MarkerShape::Bang(word)
            } else {
                MarkerShape::Caret(word)
            };
            (ends && letter).then_some((shape, 1 + word.len()))
        }
        _ if !edge => None,
        't' | 'w' | 'n' => [
            ("tell:", MarkerShape::Tell),
            ("why:", MarkerShape::Why),
            ("not:", MarkerShape::Not),
        ]
        .into_iter()
        .find(|(word, _)| {
            text.strip_prefix(word)
                .is_some_and(|t| t.chars().next().is_none_or(char::is_whitespace))
        })
        .map(|(word, shape)| (shape, word.len())),
        '0'..='9' if boxes => {
            let length = text.find(char::is_whitespace).unwrap_or(text.len());
            // No time box is longer; what is longer is not worth reading.
            let word = Some(&text[..length]).filter(|word| word.len() <= 20)?;
            parse_time_box(word).map(|seconds| (MarkerShape::TimeBox(seconds), length))
        }
        _ => None,
    }
}

/// The name that `text` begins with: letters, digits, and `-_./` inside.
fn leading_name(text: &str) -> Option<&str> {
    let length = text
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/')))
        .unwrap_or(text.len());
    let name = text[..length].trim_end_matches(['-', '.', '/']);
    name.starts_with(char::is_alphanumeric).then_some(name)
}

/// True where `text` can be written behind `@` or `#` and be read back whole.
pub(super) fn is_name(text: &str) -> bool {
    leading_name(text) == Some(text)
}

/// True where `#text` is a tag: not digits only.
pub(super) fn is_tag(text: &str) -> bool {
    is_name(text) && !text.chars().all(char::is_numeric)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("@online-db halted", "@online-db")]
    #[case("(see @online-db.)", "@online-db")]
    #[case("a@b.example", "")]
    #[case("C# and F#", "")]
    #[case("#4412 and #storage, #a/b.", "#4412 #storage #a/b")]
    #[case("wow! a != b !down", "!down")]
    #[case("!down, !important; #!/bin/sh !/x !foo(bar)", "!down !important")]
    #[case("2^10 ^kvn ^C", "^kvn ^C")]
    #[case("tell: x, Why: y why: z pretell: why:x", "tell: why:")]
    #[case("\\@x \\\\#y \\z \\\\", "\\@x \\\\#y")]
    #[case("in 5m, 5m 1h30m 5 m", "5m 1h30m")]
    #[case("@api,@web @a/@b #x,#y, #z", "@api @web @a @b #x #y #z")]
    #[case("@api,!down,^kvn @api,why: @api,5m", "@api !down ^kvn @api @api")]
    #[case("a,@b \\@api,\\@web", "\\@api \\@web")]
    fn markers_are_recognized_by_form(#[case] text: &str, #[case] found: &str) {
        let pieces: Vec<&str> = find_markers(text, true)
            .into_iter()
            .map(|p| &text[p.range])
            .collect();
        assert_eq!(pieces.join(" "), found, "{text}");
    }
}
