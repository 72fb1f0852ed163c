//! Times that stand alone on their lines, as status pages, lists and chats have them.

use crate::domain::{
    capture,
    when::{self, TimeContext},
};
use std::borrow::Cow;

/// A time alone on its line is never longer than this, in bytes.
const MAX_STAMP_LEN: usize = 60;
/// What status pages write before a time that is alone on its line.
const STAMP_WORDS: [&str; 3] = ["Posted ", "Updated ", "on "];
/// What else stands before one: the time is not that of the text beside it, but of this.
const STATUS_WORDS: &str =
    "resolved started opened closed detected acknowledged investigating identified monitoring";
/// A name above a message of a chat has at most so many words, with a dash.
const MAX_NAME_WORDS: usize = 4;

/// Returns the time that is all of `line`, as lists, headings and status pages write it, or behind a label such as `Time:`.
pub(super) fn stamp_time<'l>(line: &'l str, context: &TimeContext<'_>) -> Option<Cow<'l, str>> {
    let text = stamp_text(line)?;
    let text = match capture::labelled_time(text, context) {
        Some((time, is_begin)) => Some(time).filter(|_| is_begin)?,
        None => text,
    };
    let is_time = |text: &str| when::parse(text, context).is_ok();
    if is_time(text) {
        return Some(Cow::Borrowed(text));
    }
    // `Nov 06, 2023 - 12:00 PST`
    let (day, time) = text.split_once(" - ")?;
    let without_dash = format!("{day} {time}");
    is_time(&without_dash).then_some(Cow::Owned(without_dash))
}

/// Returns `line` without what stands around a time that is alone on it; `None` if it is too long for that.
fn stamp_text(line: &str) -> Option<&str> {
    let text = line.trim();
    if text.len() > MAX_STAMP_LEN {
        return None;
    }
    let text = text.trim_matches(|c: char| c.is_whitespace() || "*_`#>".contains(c));
    let mut text = text.trim_end_matches([':', '.', ',']);
    for word in STAMP_WORDS {
        text = text.strip_prefix(word).unwrap_or(text);
    }
    // `Posted 3 days ago. Nov 06, 2023 - 12:00 PST`
    let text = text.split_once(" ago. ").map_or(text, |(_, time)| time);
    (!text.starts_with('-')).then_some(text)
}

/// True if `line` is a time alone, or what happened then in a word (`Resolved May 28 at 01:00am`), or the name and time
/// above a message of a chat (`Ann Lee, 1:06 PM`).
pub(super) fn is_stamp(line: &str, context: &TimeContext<'_>) -> bool {
    let is_status = |word: &str| {
        let mut words = STATUS_WORDS.split(' ');
        words.any(|status| status.eq_ignore_ascii_case(word))
    };
    let is_name = |word: &str| {
        let word = word.trim_end_matches([',', ':', '·', '|', '-', '–', '—']);
        word.chars()
            .all(|c| c.is_alphabetic() || "'’-.".contains(c))
            && (word.is_empty() || !word.starts_with(char::is_lowercase))
    };
    // `bob Today at 1:06 PM`
    let is_nick_before_day = |word: &str, time: &str| {
        word.chars().all(char::is_alphanumeric) && when::is_dated(time, context)
    };
    // `11/26 1:06 PM` is not read, and a time all the same.
    let is_time = |text: &str| {
        let behind_date = text
            .split_once(' ')
            .filter(|(date, _)| date.contains(['/', '.']));
        text.starts_with(|c: char| c.is_alphanumeric())
            && (when::parse(text, context).is_ok()
                || behind_date.is_some_and(|(_, time)| when::parse(time, context).is_ok()))
    };
    let is_behind = |text: &str| {
        let mut rest = text;
        (0..=MAX_NAME_WORDS).any(|words| {
            let Some((word, time)) = rest.split_once(' ') else {
                return false;
            };
            rest = time.trim_start();
            (is_name(word) || words == 0 && (is_status(word) || is_nick_before_day(word, rest)))
                && is_time(rest)
        })
    };
    let is_labelled = |text: &str| {
        let labelled = capture::labelled_time(text, context);
        labelled.is_some_and(|(time, _)| when::parse(time, context).is_ok())
    };
    stamp_time(line, context).is_some()
        || stamp_text(line).is_some_and(|text| is_behind(text) || is_labelled(text))
}
