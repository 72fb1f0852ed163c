//! Replaces the characters that word processors, chats and terminals put in the place of ASCII
//! ones, so that the parsers know only ASCII: no-break and thin spaces, typographic dashes,
//! fullwidth forms, digits of other scripts. Characters without width are left out.

use crate::domain::parse_error::ParseError;
use std::{borrow::Cow, ops::Range};

/// A time with all it contains is never longer than this, in bytes.
const MAX_LEADING_BYTES: usize = 400;

/// The zeros of the decimal digits of scripts other than Latin. Nine digits follow each.
const ZEROS: [char; 8] = [
    '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{e50}', '\u{ed0}', '\u{17e0}',
];

/// A normalized text, with the way back to the bytes of the original.
pub(super) struct Normalized<'t> {
    pub text: Cow<'t, str>,
    /// For each byte of `text` and for its end, the byte of the original; `None` if they are equal.
    offsets: Option<Vec<usize>>,
}

impl<'t> Normalized<'t> {
    pub fn new(original: &'t str) -> Self {
        if original.is_ascii() {
            return Self {
                text: Cow::Borrowed(original),
                offsets: None,
            };
        }
        let mut text = String::with_capacity(original.len());
        let mut offsets = Vec::with_capacity(original.len() + 1);
        for (at, c) in original.char_indices() {
            if let Some(c) = normalize(c) {
                text.push(c);
                offsets.resize(text.len(), at);
            }
        }
        offsets.push(original.len());
        Self {
            text: Cow::Owned(text),
            offsets: Some(offsets),
        }
    }

    /// Normalizes the beginning of a line, as far as a time may reach.
    pub fn leading(line: &'t str) -> Self {
        Self::new(&line[..line.floor_char_boundary(MAX_LEADING_BYTES)])
    }

    /// The byte of the original at which byte `position` of the normalized text begins.
    pub fn original_position(&self, position: usize) -> usize {
        match &self.offsets {
            Some(offsets) => offsets.get(position).copied().unwrap_or_default(),
            None => position,
        }
    }

    /// Moves the range of `error` from the normalized text to the original.
    pub fn error_in_original(&self, mut error: ParseError) -> ParseError {
        error.range = self.original_range(error.range);
        error
    }

    pub fn original_range(&self, range: Range<usize>) -> Range<usize> {
        self.original_position(range.start)..self.original_position(range.end)
    }
}

/// The ASCII character that `c` stands for, else `c` itself; `None` if it has no width.
fn normalize(c: char) -> Option<char> {
    Some(match c {
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            ' '
        }
        '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => return None,
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '﹣' => '-',
        '∶' | '꞉' | '﹕' | 'ː' => ':',
        '〜' | '∼' | '≈' | '˜' => '~',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0)?,
        c => ZEROS
            .iter()
            .find_map(|zero| {
                let value = u32::from(c).checked_sub(u32::from(*zero))?;
                (value < 10).then(|| char::from_digit(value, 10))?
            })
            .unwrap_or(c),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaced_characters_map_back_to_the_original() {
        let normalized = Normalized::new("\u{feff}１０：06\u{202f}PM – é");
        assert_eq!(normalized.text, "10:06 PM - é");
        let original = |range| normalized.original_range(range);
        assert_eq!(original(0..2), 3..9);
        assert_eq!(original(5..6), 14..17);
        assert_eq!(original(0..normalized.text.len()), 3..26);
        assert_eq!(Normalized::new("10:06").original_range(0..5), 0..5);
        let long = "٣".repeat(500);
        assert!(Normalized::leading(&long).text.bytes().all(|b| b == b'3'));
    }
}
