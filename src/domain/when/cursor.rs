//! The scanner that the parsers of the parts of a time share.

/// Arrows between two times.
const ARROWS: [&str; 7] = ["->", "=>", "-->", "→", "⇒", "➔", "➜"];

/// A position in a text. A copy of it serves to backtrack.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'t> {
    pub text: &'t str,
    pub position: usize,
}

impl<'t> Cursor<'t> {
    pub fn new(text: &'t str, at: usize) -> Self {
        Self { text, position: at }
    }

    pub fn rest(&self) -> &'t str {
        &self.text[self.position..]
    }

    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.position += wanted.len_utf8();
        }
        found
    }

    /// Skips spaces and tabs; returns whether there were any.
    pub fn skip_spaces(&mut self) -> bool {
        let trimmed = self.rest().trim_start_matches([' ', '\t']);
        let end = self.text.len() - trimmed.len();
        std::mem::replace(&mut self.position, end) < end
    }

    /// Consumes characters while they are `wanted`.
    pub fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.position += length;
        &rest[..length]
    }

    /// Consumes a run of digits if its length is in `count`; else consumes nothing.
    pub fn take_digits(&mut self, count: std::ops::RangeInclusive<usize>) -> Option<u32> {
        let start = self.position;
        let run = self.take_while(|c| c.is_ascii_digit());
        match run.parse() {
            Ok(number) if count.contains(&run.len()) => Some(number),
            _ => {
                self.position = start;
                None
            }
        }
    }

    pub fn take_word(&mut self) -> &'t str {
        self.take_while(|c| c.is_ascii_alphabetic())
    }
}

/// Returns the end of a time that ends at byte `at`, including one `:`, `,`, `.` or `;` after it;
/// `None` if the word continues, so that the text does not begin with a time.
pub(super) fn end_of_when(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    if rest.starts_with("...") {
        return Some(at);
    }
    let after_punctuation = rest.trim_start_matches([':', ',', '.', ';']);
    let is_blank = |t: &str| t.chars().next().is_none_or(char::is_whitespace);
    match rest.len() - after_punctuation.len() {
        length @ (0 | 1) if is_blank(after_punctuation) => Some(at + length),
        _ => None,
    }
}

/// Length in bytes of the arrow at the start of `text`.
pub(super) fn arrow_len(text: &str) -> Option<usize> {
    let arrow = ARROWS.iter().find(|arrow| text.starts_with(**arrow))?;
    Some(arrow.len())
}
