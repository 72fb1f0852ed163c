//! Recognises a text that is only the rest of a time, so that a correction of the time does not replace the text of an
//! event: `13:50 Uhr.`, `Tue`, `until 00:10`, `5 min later`; and one that is a marker whose sign a shell took.

use super::{Context, ParsedLine, TokenKind};
use crate::domain::{
    when::{self, TimeContext},
    words::{CAPTURE_KINDS, Kind, State},
};

const LATER: [&str; 4] = ["later", "earlier", "after", "before"];
/// Words of a time of day in other languages.
const HOUR_WORDS: [&str; 5] = ["uhr", "h", "hr", "hrs", "o'clock"];

impl ParsedLine {
    /// Returns the text if it is only the rest of a time, or a time that is not read, and no backslash says that it is
    /// meant as text.
    #[must_use]
    pub fn time_leftover(&self, context: &Context<'_>) -> Option<&str> {
        let text = self.text.as_deref()?;
        let kept = format!("`{text}` ");
        let is_said =
            |notice: &String| notice.starts_with(&kept) && notice.contains("kept as text");
        let is_leftover =
            || self.notices.iter().any(is_said) || is_time_leftover(text, &context.time_context());
        (!self.is_escaped(text) && is_leftover()).then_some(text)
    }

    /// Returns what was probably meant by a text of one word that is a state, a kind or a service: a shell takes the
    /// sign before it. `None` if a backslash says that it is meant as text.
    #[must_use]
    pub fn marker_without_sign(&self, context: &Context<'_>) -> Option<String> {
        let word = self.text.as_deref()?;
        marker_without_sign(word, context).filter(|_| !self.is_escaped(word))
    }

    /// True if a backslash says that `text` is meant as text.
    fn is_escaped(&self, text: &str) -> bool {
        self.tokens.iter().any(|(range, token)| {
            *token == TokenKind::Escape && self.source.line[range.end..].starts_with(text)
        })
    }
}

/// Returns the marker that `word` would be with its sign: `!down`, `fault:`, `@web`.
pub(super) fn marker_without_sign(word: &str, context: &Context<'_>) -> Option<String> {
    let word = word.trim();
    if word.is_empty() || word.contains(char::is_whitespace) {
        return None;
    }
    if let Ok(state) = word.parse::<State>() {
        return Some(format!("!{state}"));
    }
    let is_kind = |kind: &&Kind| kind.as_str().eq_ignore_ascii_case(word);
    if let Some(kind) = CAPTURE_KINDS.iter().find(is_kind) {
        return Some(format!("{kind}:"));
    }
    let is_word = |name: &&String| name.eq_ignore_ascii_case(word);
    let service = context.services.iter().find(is_word)?;
    Some(format!("@{service}"))
}

/// True if `text` is a day, a zone, the end of a span or the like, and nothing else.
pub(super) fn is_time_leftover(text: &str, context: &TimeContext<'_>) -> bool {
    let text = text.trim();
    let bare = text.trim_matches(|c: char| c.is_whitespace() || "()[]{}<>*_`|,;:-–—".contains(c));
    let is_time = |text: &str| when::parse(text, context).is_ok();
    // An arrow is more than the marks around a time.
    let joined = when::after_join(text).or_else(|| when::after_join(bare));
    let later = LATER.iter().find_map(|word| {
        let (count, last) = bare.rsplit_once(' ')?;
        last.eq_ignore_ascii_case(word).then_some(count)
    });
    let is_whole = |length: usize| {
        text[length..]
            .trim_matches(|c: char| !c.is_alphanumeric())
            .is_empty()
    };
    HOUR_WORDS
        .iter()
        .any(|word| bare.trim_end_matches('.').eq_ignore_ascii_case(word))
        || when::is_zone_abbreviation(bare)
        || is_time(bare)
        || when::is_day_alone(text, context)
        || joined.is_some_and(is_time)
        || later.is_some_and(|count| when::parse_time_box(count).is_some())
        || when::suspicious_time_len(text, context).is_some_and(is_whole)
        || when::is_all_of_time(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{time::parse_utc, zone::Zone};
    use rstest::rstest;

    fn is_leftover(text: &str) -> bool {
        let zone = Zone::find("Europe/Berlin").unwrap();
        let now = parse_utc("2026-11-25T15:00:42Z").unwrap();
        is_time_leftover(text, &TimeContext::new(now, &zone))
    }

    #[rstest]
    #[case("Uhr.")]
    #[case("(Tue)")]
    #[case("Tue")]
    #[case("yesterday")]
    #[case("25.11.")]
    #[case("the 24th")]
    #[case("UTC")]
    #[case("until 00:10")]
    #[case("..00:10")]
    #[case("→ 00:10")]
    #[case("-> 00:10")]
    #[case("bis 00:10 Uhr")]
    #[case("à 00:10")]
    #[case("and 00:10")]
    #[case("& 00:10 UTC")]
    #[case("/ 00:10")]
    #[case("- 00:10")]
    #[case("5 min later")]
    #[case("13h50")]
    #[case("2350")]
    #[case("at 23:40")]
    #[case("in 30 min")]
    #[case("in\u{a0}30\u{a0}min")]
    #[case("from 13:50 on")]
    #[case("25Nov2026 13:50")]
    #[case("~1350")]
    #[case("by 13:30")]
    #[case("the day before yesterday 13:50")]
    #[case("13,50")]
    fn rest_of_a_time_is_found(#[case] text: &str) {
        assert!(is_leftover(text), "{text}");
    }

    #[rstest]
    #[case("web down")]
    #[case("x")]
    #[case("until the failover")]
    #[case("to be continued")]
    #[case("5 min of errors")]
    #[case("Tuesday's deploy")]
    #[case("at 23:40 the disk was full")]
    #[case("sooner or later")]
    #[case("")]
    fn other_text_is_none(#[case] text: &str) {
        assert!(!is_leftover(text), "{text}");
    }
}
