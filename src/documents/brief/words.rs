//! Counts words, and shortens texts to a number of them.

use unicode_width::UnicodeWidthChar as _;

/// What stands where a text was shortened.
pub(super) const CUT: char = '…';
/// So many columns without a space count as one word: a language that writes none has words too.
const COLUMNS_PER_WORD: usize = 12;

/// Returns the columns of `c`. The mark of a cut belongs to the word before it.
fn columns(c: char) -> usize {
    match c {
        CUT => 0,
        c => c.width().unwrap_or(0),
    }
}

/// Returns how many words a run of characters without a space counts as.
fn words_in_run(run: &str) -> usize {
    let width: usize = run.chars().map(columns).sum();
    width.div_ceil(COLUMNS_PER_WORD).max(1)
}

/// Returns the number of words in `text`. It is never less than the number of its parts between spaces.
#[must_use]
pub fn word_count(text: &str) -> usize {
    text.split_whitespace().map(words_in_run).sum()
}

/// Returns at most `most` words of `text` on one line, with `…` where there were more.
pub(super) fn shorten(text: &str, most: usize) -> String {
    let mut kept = String::new();
    let mut left = most;
    for run in text.split_whitespace() {
        if !kept.is_empty() {
            kept.push(' ');
        }
        let words = words_in_run(run);
        if words <= left {
            kept.push_str(run);
            left -= words;
            continue;
        }
        if left > 0 {
            let mut width = 0;
            kept.extend(run.chars().take_while(|c| {
                width += columns(*c);
                width <= left * COLUMNS_PER_WORD
            }));
        }
        let end = kept.trim_end().len();
        kept.truncate(end);
        kept.push(CUT);
        break;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_is_cut_between_words_and_says_so() {
        assert_eq!(shorten("one two three", 3), "one two three");
        assert_eq!(shorten("one two three", 2), "one two…");
        assert_eq!(shorten("one  two\nthree", 9), "one two three");
        assert_eq!(word_count("データベースが止まった"), 2);
        assert!(shorten(&"障".repeat(200), 3).ends_with('…'));
    }

    proptest! {
        #[test]
        fn shortened_text_has_no_more_words_than_asked(text in ".{0,300}", most in 1..20_usize) {
            let short = shorten(&text, most);
            prop_assert!(word_count(&short) <= most, "{short}");
            prop_assert!(word_count(&text) > most || !short.ends_with(CUT) || text.contains(CUT));
        }
    }
}
