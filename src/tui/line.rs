//! A text being typed, with its cursor: between what a person calls characters, never inside one.

use unicode_segmentation::UnicodeSegmentation as _;

/// A text with a cursor in it. It may have several lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    text: String,
    /// A byte position at a boundary between characters.
    at: usize,
}

impl Line {
    /// `text` with the cursor at its end.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            at: text.len(),
            text,
        }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// True where nothing but white space was typed.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// What stands before the cursor.
    #[must_use]
    pub fn before(&self) -> &str {
        &self.text[..self.at]
    }

    /// What stands after the cursor.
    #[must_use]
    pub fn after(&self) -> &str {
        &self.text[self.at..]
    }

    /// Puts `text` where the cursor is. Of control characters only line breaks and tabs are taken.
    pub fn insert(&mut self, text: &str) {
        let text: String = text
            .replace("\r\n", "\n")
            .replace('\r', "\n")
            .chars()
            .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
            .collect();
        self.text.insert_str(self.at, &text);
        self.at += text.len();
        self.settle();
    }

    /// A combining mark may have joined what stood before: the cursor goes behind the whole.
    fn settle(&mut self) {
        if self.at == self.text.len() {
            return;
        }
        let at = self.at;
        self.at = self
            .text
            .grapheme_indices(true)
            .map(|(i, _)| i)
            .find(|i| *i >= at)
            .unwrap_or(self.text.len());
    }

    fn previous(&self) -> usize {
        self.before()
            .grapheme_indices(true)
            .next_back()
            .map_or(0, |(i, _)| i)
    }

    fn next(&self) -> usize {
        self.after()
            .graphemes(true)
            .next()
            .map_or(self.at, |g| self.at + g.len())
    }

    fn word_before(&self) -> usize {
        let trimmed = self.before().trim_end();
        trimmed
            .char_indices()
            .rev()
            .find(|(_, c)| c.is_whitespace())
            .map_or(0, |(i, c)| i + c.len_utf8())
    }

    fn word_after(&self) -> usize {
        let after = self.after();
        let word = after.len() - after.trim_start().len();
        after[word..]
            .find(char::is_whitespace)
            .map_or(self.text.len(), |i| self.at + word + i)
    }

    /// A character left.
    pub fn left(&mut self) {
        self.at = self.previous();
    }

    /// A character right.
    pub fn right(&mut self) {
        self.at = self.next();
    }

    /// A word left.
    pub fn word_left(&mut self) {
        self.at = self.word_before();
    }

    /// A word right.
    pub fn word_right(&mut self) {
        self.at = self.word_after();
    }

    /// To the beginning.
    pub fn start(&mut self) {
        self.at = 0;
    }

    /// To the end.
    pub fn end(&mut self) {
        self.at = self.text.len();
    }

    fn cut(&mut self, from: usize, to: usize) {
        self.text.replace_range(from..to, "");
        self.at = from;
    }

    /// Deletes the character before the cursor.
    pub fn delete_back(&mut self) {
        self.cut(self.previous(), self.at);
    }

    /// Deletes the character after the cursor.
    pub fn delete_forward(&mut self) {
        self.cut(self.at, self.next());
    }

    /// Deletes the word before the cursor.
    pub fn delete_word(&mut self) {
        self.cut(self.word_before(), self.at);
    }

    /// Deletes all before the cursor.
    pub fn delete_to_start(&mut self) {
        self.cut(0, self.at);
    }

    /// Deletes all after the cursor.
    pub fn delete_to_end(&mut self) {
        let at = self.at;
        self.text.truncate(at);
    }

    /// Puts `with` in place of the last `bytes` bytes before the cursor.
    pub fn replace_before(&mut self, bytes: usize, with: &str) {
        let from = self.at.saturating_sub(bytes);
        if self.text.is_char_boundary(from) {
            self.cut(from, self.at);
            self.insert(with);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_stays_between_whole_characters() {
        let mut line = Line::new("a👩‍🚒e\u{301}日");
        for before in ["a👩‍🚒e\u{301}", "a👩‍🚒", "a", "", ""] {
            line.left();
            assert_eq!(line.before(), before);
        }
        line.right();
        line.right();
        line.delete_back();
        assert_eq!(line.text(), "ae\u{301}日");
        line.delete_forward();
        assert_eq!(line.text(), "a日");
    }

    #[test]
    fn a_mark_typed_alone_joins_what_stands_before() {
        let mut line = Line::new("ex");
        line.left();
        line.insert("\u{301}");
        assert_eq!(line.before(), "e\u{301}");
        line.delete_back();
        assert_eq!(line.text(), "x");
    }

    #[test]
    fn words() {
        let mut line = Line::new("one two  three");
        line.delete_word();
        assert_eq!(line.text(), "one two  ");
        line.delete_word();
        assert_eq!(line.text(), "one ");
        line.start();
        line.word_right();
        assert_eq!(line.before(), "one");
    }
}
