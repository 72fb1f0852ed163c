//! An editable text with a cursor, which is always at a boundary between graphemes.

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation as _};

/// An editable text with a cursor. It may have several lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextInput {
    text: String,
    /// Byte position at a grapheme boundary.
    cursor: usize,
}

impl TextInput {
    /// Returns `text` with the cursor at its end.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            cursor: text.len(),
            text,
        }
    }

    /// Returns `text` with the cursor at byte `cursor`, or at the next boundary of a grapheme.
    #[must_use]
    pub fn with_cursor(text: impl Into<String>, cursor: usize) -> Self {
        let mut input = Self::new(text);
        input.cursor = input.text.ceil_char_boundary(cursor.min(input.text.len()));
        input.snap_to_grapheme();
        input
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns true if the text is empty or white space.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    #[must_use]
    pub fn before_cursor(&self) -> &str {
        &self.text[..self.cursor]
    }

    #[must_use]
    pub fn after_cursor(&self) -> &str {
        &self.text[self.cursor..]
    }

    /// Inserts `text` at the cursor. Control characters are dropped, except line breaks and tabs.
    pub fn insert(&mut self, text: &str) {
        let text: String = text
            .replace("\r\n", "\n")
            .replace('\r', "\n")
            .chars()
            .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
            .collect();
        self.text.insert_str(self.cursor, &text);
        self.cursor += text.len();
        self.snap_to_grapheme();
    }

    /// Inserts one separator of rows at the cursor, which [`TextInput::insert`] would drop.
    pub fn insert_break(&mut self, separator: char) {
        self.text.insert(self.cursor, separator);
        self.cursor += separator.len_utf8();
    }

    /// Moves the cursor to the same place in the line above (`-1`) or below (`1`), where lines end at a line
    /// break or at `separator`. Returns false if there is no such line.
    pub fn move_vertically(&mut self, step: isize, separator: char) -> bool {
        let ends_line = |c: char| c == '\n' || c == separator;
        let start = self.before_cursor().rfind(ends_line).map_or(0, |at| at + 1);
        let column = self.text[start..self.cursor].graphemes(true).count();
        let target = if step < 0 {
            let Some(end) = start.checked_sub(1) else {
                return false;
            };
            self.text[..end].rfind(ends_line).map_or(0, |at| at + 1)
        } else {
            match self.after_cursor().find(ends_line) {
                Some(at) => self.cursor + at + 1,
                None => return false,
            }
        };
        let line = &self.text[target..];
        let end = line.find(ends_line).unwrap_or(line.len());
        let offset = line[..end]
            .graphemes(true)
            .take(column)
            .map(str::len)
            .sum::<usize>();
        self.cursor = target + offset;
        true
    }

    /// Moves the cursor behind the grapheme it is in: an inserted combining mark joins the
    /// character before.
    fn snap_to_grapheme(&mut self) {
        if self.cursor == self.text.len() {
            return;
        }
        // A look from the beginning would make a paste that comes key by key quadratic.
        let mut near = GraphemeCursor::new(self.cursor, self.text.len(), true);
        if !near.is_boundary(&self.text, 0).unwrap_or(true) {
            let next = near.next_boundary(&self.text, 0);
            self.cursor = next.ok().flatten().unwrap_or(self.text.len());
        }
    }

    fn previous_boundary(&self) -> usize {
        self.before_cursor()
            .grapheme_indices(true)
            .next_back()
            .map_or(0, |(i, _)| i)
    }

    fn next_boundary(&self) -> usize {
        self.after_cursor()
            .graphemes(true)
            .next()
            .map_or(self.cursor, |g| self.cursor + g.len())
    }

    fn word_before(&self) -> usize {
        let trimmed = self.before_cursor().trim_end();
        trimmed
            .char_indices()
            .rev()
            .find(|(_, c)| c.is_whitespace())
            .map_or(0, |(i, c)| i + c.len_utf8())
    }

    fn word_after(&self) -> usize {
        let after = self.after_cursor();
        let word = after.len() - after.trim_start().len();
        after[word..]
            .find(char::is_whitespace)
            .map_or(self.text.len(), |i| self.cursor + word + i)
    }

    pub fn move_left(&mut self) {
        self.cursor = self.previous_boundary();
    }

    pub fn move_right(&mut self) {
        self.cursor = self.next_boundary();
    }

    pub fn move_word_left(&mut self) {
        self.cursor = self.word_before();
    }

    pub fn move_word_right(&mut self) {
        self.cursor = self.word_after();
    }

    /// Moves the cursor to the beginning of its line, where lines end at a line break or at `separator`.
    pub fn move_to_row_start(&mut self, separator: char) {
        let ends_line = |c: char| c == '\n' || c == separator;
        let start = self.before_cursor().rfind(ends_line);
        self.cursor = start.map_or(0, |at| at + 1);
    }

    /// Moves the cursor to the end of its line, where lines end at a line break or at `separator`.
    pub fn move_to_row_end(&mut self, separator: char) {
        let ends_line = |c: char| c == '\n' || c == separator;
        let rest = self.after_cursor();
        self.cursor += rest.find(ends_line).unwrap_or(rest.len());
    }

    pub fn move_to_start(&mut self) {
        self.cursor = 0;
    }

    pub fn move_to_end(&mut self) {
        self.cursor = self.text.len();
    }

    fn remove_range(&mut self, from: usize, to: usize) {
        self.text.replace_range(from..to, "");
        self.cursor = from;
    }

    pub fn delete_back(&mut self) {
        self.remove_range(self.previous_boundary(), self.cursor);
    }

    pub fn delete_forward(&mut self) {
        self.remove_range(self.cursor, self.next_boundary());
    }

    pub fn delete_word(&mut self) {
        self.remove_range(self.word_before(), self.cursor);
    }

    pub fn delete_to_start(&mut self) {
        self.remove_range(0, self.cursor);
    }

    pub fn delete_to_end(&mut self) {
        let at = self.cursor;
        self.text.truncate(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursor_moves_by_whole_graphemes() {
        let mut line = TextInput::new("a👩‍🚒e\u{301}日");
        for before in ["a👩‍🚒e\u{301}", "a👩‍🚒", "a", "", ""] {
            line.move_left();
            assert_eq!(line.before_cursor(), before);
        }
        line.move_right();
        line.move_right();
        line.delete_back();
        assert_eq!(line.text(), "ae\u{301}日");
        line.delete_forward();
        assert_eq!(line.text(), "a日");
    }

    #[test]
    fn combining_mark_joins_preceding_character() {
        let mut line = TextInput::new("ex");
        line.move_left();
        line.insert("\u{301}");
        assert_eq!(line.before_cursor(), "e\u{301}");
        line.delete_back();
        assert_eq!(line.text(), "x");
    }

    #[test]
    fn cursor_moves_to_the_ends_of_its_line_and_of_all() {
        let mut input = TextInput::with_cursor("one\ntwo\u{1e}three", 5);
        input.move_to_row_end('\u{1e}');
        assert_eq!(input.before_cursor(), "one\ntwo");
        input.move_to_row_start('\u{1e}');
        assert_eq!(input.before_cursor(), "one\n");
        input.move_to_end();
        input.move_to_row_start('\u{1e}');
        assert_eq!(input.after_cursor(), "three");
        input.move_to_start();
        input.move_to_row_end('\u{1e}');
        assert_eq!(input.before_cursor(), "one");
    }

    #[test]
    fn delete_word_and_word_right_move_by_word() {
        let mut line = TextInput::new("one two  three");
        line.delete_word();
        assert_eq!(line.text(), "one two  ");
        line.delete_word();
        assert_eq!(line.text(), "one ");
        line.move_to_start();
        line.move_word_right();
        assert_eq!(line.before_cursor(), "one");
    }
}
