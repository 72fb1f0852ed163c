//! The words behind a time, and the marks around them.

use super::day_words;
use crate::domain::when::{self, When};

const OPENING: &str = "([{<*_`";
const CLOSING: &str = ")]}>*_`";
const SEPARATORS: &str = ":,;|·•–—=";
/// Words that lead from a time to a part of it.
const LEADS: [&str; 6] = ["in", "on", "the", "of", "time", "vom"];
/// Those of other languages, which lead to a day.
pub(super) const FOREIGN_LEADS: [&str; 16] = [
    "am", "dem", "den", "le", "du", "del", "el", "de", "día", "dia", "il", "em", "do", "no", "op",
    "dnia",
];
const MAX_LEADS: usize = 2;
/// How much is read, in bytes.
const MAX_BYTES: usize = 80;

/// What a part of the line is to the time before it.
pub(super) enum Found {
    Nothing,
    /// It is not read, and this is said.
    Notice(String),
    /// It is a part of the time, up to the byte `end`.
    Part {
        time: String,
        when: When,
        end: usize,
    },
}

/// What follows a time.
pub(super) struct Part<'t> {
    rest: &'t str,
    /// What is between the time and the first word.
    marks: &'t str,
    /// The words that lead to it, such as `on the`.
    leads: Vec<&'t str>,
    /// Where the words begin in the text behind the time.
    pub start: usize,
    /// The words with spaces in the place of the marks around each, byte for byte.
    pub plain: String,
}

impl<'t> Part<'t> {
    /// Finds the words in `rest` from the byte `from` on, which begins behind the mark that closes the time with
    /// `is_closed`; `None` if they cannot be of the time.
    /// [`without_leads`](Self::without_leads) skips those that lead to a part.
    pub fn find(rest: &'t str, from: usize, is_closed: bool) -> Option<Self> {
        let marks_len = marks_len(&rest[from..]);
        let marks = &rest[from..from + marks_len];
        let start = from + marks_len;
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '+' | '-');
        if !rest[start..].starts_with(is_part) {
            return None;
        }
        let word = first_word(&rest[start..]);
        let is_plain = !is_closed && marks.trim().is_empty() && !has_closing_mark(word);
        let may_be_part = || {
            let bare = word.trim_end_matches(|c| CLOSING.contains(c) || SEPARATORS.contains(c));
            is_lead(word) || day_words::may_begin(bare) || is_odd_zone(bare)
        };
        if is_plain && !may_be_part() {
            return None;
        }
        Some(Self {
            rest,
            marks,
            leads: vec![],
            start,
            plain: plain_words(rest, start),
        })
    }

    /// The words at byte `start` of `rest`, whatever is before them.
    pub fn at(rest: &'t str, start: usize) -> Self {
        Self {
            rest,
            marks: "",
            leads: vec![],
            start,
            plain: plain_words(rest, start),
        }
    }

    /// Returns the part behind the words that lead to it; `None` if there are none.
    pub fn without_leads(&self) -> Option<Self> {
        let (mut leads, mut start) = (vec![], self.start);
        while let Some(lead) = next_lead(&self.rest[start..]).filter(|_| leads.len() < MAX_LEADS) {
            leads.push(lead);
            start += lead.len();
            let words = self.rest[start..].trim_start();
            // A mark may open the part: `on **24 Nov**`.
            start = self.rest.len() - words.trim_start_matches(|c| OPENING.contains(c)).len();
        }
        (!leads.is_empty()).then(|| Self {
            rest: self.rest,
            marks: self.marks,
            leads,
            start,
            plain: plain_words(self.rest, start),
        })
    }

    /// True if only spaces, or marks that close the time, are between the two.
    pub fn is_direct(&self) -> bool {
        let is_close = |c: char| c.is_whitespace() || CLOSING.contains(c);
        self.leads.is_empty() && !self.has_opening_mark() && self.marks.chars().all(is_close)
    }

    pub fn follows(&self, leads: &[&str]) -> bool {
        self.leads
            .iter()
            .any(|lead| leads.iter().any(|known| known.eq_ignore_ascii_case(lead)))
    }

    /// True if it is separated from the time by more than spaces, and not by a word.
    pub fn has_mark(&self) -> bool {
        self.leads.is_empty() && !self.marks.trim().is_empty()
    }

    /// True if a mark opens directly before the words; one that closes the time is none.
    pub fn has_opening_mark(&self) -> bool {
        let before = &self.rest[..self.start];
        let unopened = before.trim_end_matches(|c| OPENING.contains(c));
        unopened.len() < before.len()
            && (unopened.ends_with(|c: char| c.is_whitespace() || SEPARATORS.contains(c))
                || before.ends_with(['(', '[', '{', '<']))
    }

    /// True if a mark follows the first word that nothing is read with: `UTC)`.
    pub fn has_closing_mark(&self) -> bool {
        has_closing_mark(first_word(&self.rest[self.start..]))
    }

    /// Where the word number `index` ends in the words.
    pub fn word_end(&self, index: usize) -> usize {
        let mut words = self.plain.split_whitespace();
        let word = words
            .nth(index)
            .or_else(|| self.plain.split_whitespace().last());
        word.map_or(0, |word| {
            word.as_ptr() as usize - self.plain.as_ptr() as usize + word.len()
        })
    }

    /// What was typed, up to the byte `end`.
    pub fn typed(&self, end: usize) -> &'t str {
        &self.rest[self.start..end]
    }

    /// True if marks of its own are around what ends at `end`.
    pub fn is_enclosed(&self, end: usize) -> bool {
        self.has_opening_mark() && self.rest[end..].starts_with(|c| CLOSING.contains(c))
    }

    /// Where the marks close that open before it: the end of `PDT, UTC-7` in `(PDT, UTC-7)`.
    pub fn enclosed_end(&self) -> Option<usize> {
        let close = self.rest[self.start..].find([')', ']', '}']);
        close
            .filter(|_| self.has_opening_mark())
            .map(|length| self.start + length)
    }

    /// True for a cell of a table: `| Tue |`.
    pub fn is_between_bars(&self, end: usize) -> bool {
        self.marks.contains('|') && self.after(end).trim_start().starts_with('|')
    }

    /// True for the last cell of a row, which is its text: the `h` of `| 13:50 | h |`.
    pub fn is_last_cell(&self, end: usize) -> bool {
        let after = self.after(end).trim_start();
        self.marks.contains('|') && after.trim_start_matches('|').trim_end().is_empty()
    }

    /// True if a separator or nothing follows what ends at `end`.
    pub fn ends(&self, end: usize) -> bool {
        let after = self.after(end);
        let trimmed = after.trim_start();
        let is_dash = trimmed
            .strip_prefix('-')
            .is_some_and(|after| after.starts_with(char::is_whitespace));
        trimmed.is_empty()
            || is_dash
            || after.starts_with([':', ',', ';'])
            || trimmed.starts_with(['|', '·', '•', '–', '—'])
    }

    fn after(&self, end: usize) -> &'t str {
        self.rest[end..].trim_start_matches(|c| CLOSING.contains(c))
    }

    /// The byte behind the marks that close what ends at `end`, and a colon or comma.
    pub fn end_with_marks(&self, end: usize) -> usize {
        let after = self.after(end);
        let point = usize::from(after.starts_with([':', ',', ';']));
        let end = self.rest.len() - after.len() + point;
        self.rest.len()
            - self.rest[end..]
                .trim_start_matches(|c| CLOSING.contains(c) || "–—".contains(c))
                .len()
    }
}

/// Length in bytes of the spaces, brackets and separators with which `text` begins.
fn marks_len(text: &str) -> usize {
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let after = &text[at + c.len_utf8()..];
        let is_mark = c.is_whitespace()
            || OPENING.contains(c)
            || CLOSING.contains(c)
            || SEPARATORS.contains(c)
            || c == '-' && after.starts_with(|c: char| c.is_whitespace() || c == '-');
        if !is_mark {
            break;
        }
        at += c.len_utf8();
    }
    at
}

fn first_word(text: &str) -> &str {
    text.split(char::is_whitespace).next().unwrap_or_default()
}

fn has_closing_mark(word: &str) -> bool {
    word.ends_with(|c| CLOSING.contains(c) || "|·•–—-".contains(c))
}

/// True for `UTC0`, `UTC¹`, `ET/PT`: no zone that is read, nor another word.
pub(super) fn is_odd_zone(word: &str) -> bool {
    let is_zone = when::is_zone_abbreviation;
    if let Some((one, two)) = word.split_once('/') {
        return is_zone(one) && is_zone(two);
    }
    let after = word.get(3..).filter(|_| is_zone(&word[..3]));
    after
        .and_then(|after| after.chars().next())
        .is_some_and(|c| !c.is_alphabetic() && !"-'’_.".contains(c))
}

fn is_lead(word: &str) -> bool {
    let mut leads = LEADS.iter().chain(&FOREIGN_LEADS);
    leads.any(|lead| lead.eq_ignore_ascii_case(word))
}

pub(super) fn is_space_or_point(c: char) -> bool {
    c.is_whitespace() || matches!(c, ':' | ',' | ';')
}

pub(super) fn is_opening(c: char) -> bool {
    OPENING.contains(c)
}

pub(super) fn is_closing(c: char) -> bool {
    CLOSING.contains(c)
}

/// True if `text` begins as a time does.
pub(super) fn begins_time(text: &str) -> bool {
    text.starts_with(|c: char| c.is_numeric() || c == '~')
}

/// The leading word with which `text` begins, if another word follows it.
fn next_lead(text: &str) -> Option<&str> {
    let word = first_word(text);
    (is_lead(word) && word.len() < text.trim_end().len()).then_some(word)
}

/// Returns the words of `rest` from `start` on, with spaces in the place of the marks around each.
fn plain_words(rest: &str, start: usize) -> String {
    let text = &rest[start..rest.floor_char_boundary(start + MAX_BYTES)];
    let mut plain = String::with_capacity(text.len());
    let push_spaces = |plain: &mut String, count| plain.extend(std::iter::repeat_n(' ', count));
    for word in text.split_inclusive(char::is_whitespace) {
        let inner = word.trim_start_matches(|c| OPENING.contains(c) || SEPARATORS.contains(c));
        let shown = inner.trim_end();
        let is_close = |c: char| CLOSING.contains(c) || SEPARATORS.contains(c) || c == '-';
        let kept = shown.trim_end_matches(is_close);
        push_spaces(&mut plain, word.len() - inner.len());
        plain.push_str(kept);
        push_spaces(&mut plain, shown.len() - kept.len());
        plain.push_str(&inner[shown.len()..]);
    }
    plain
}
