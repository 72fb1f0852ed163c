//! A scanner over the text of a WHEN, on which the parsers of its parts are built.

/// A place in a text; a copy of it is a way back.
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

    /// Skips spaces and TABs; true where there were some.
    pub fn skip_spaces(&mut self) -> bool {
        let trimmed = self.rest().trim_start_matches([' ', '\t']);
        let next = self.text.len() - trimmed.len();
        std::mem::replace(&mut self.position, next) < next
    }

    /// Takes characters while they are `wanted`.
    pub fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.position += length;
        &rest[..length]
    }

    /// Takes a whole run of digits where it has as many as `count` says.
    pub fn take_digits(&mut self, count: std::ops::RangeInclusive<usize>) -> Option<u32> {
        let back = self.position;
        let run = self.take_while(|c| c.is_ascii_digit());
        match run.parse() {
            Ok(number) if count.contains(&run.len()) => Some(number),
            _ => {
                self.position = back;
                None
            }
        }
    }

    pub fn take_word(&mut self) -> &'t str {
        self.take_while(|c| c.is_ascii_alphabetic())
    }
}

/// Where a WHEN that ends at byte `at` ends together with a `:` or `,` behind it; `None` where it
/// does not end there, because the word goes on.
pub(super) fn end_of_when(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    if rest.starts_with("...") {
        return Some(at);
    }
    let past = rest.trim_start_matches([':', ',', '.', ';']);
    let blank = |t: &str| t.chars().next().is_none_or(char::is_whitespace);
    match rest.len() - past.len() {
        length @ (0 | 1) if blank(past) => Some(at + length),
        _ => None,
    }
}
