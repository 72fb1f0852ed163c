//! Recognises a text that is only the rest of a time, so that a correction of the time does not replace the text of an
//! event: `13:50 Uhr.`, `Tue`, `until 00:10`, `5 min later`; and one that is a marker whose sign a shell took.

use super::{Context, ParsedLine, TokenKind};
use crate::domain::{
    when::{self, TimeContext},
    words::{CAPTURE_KINDS, Kind, State},
};

const LATER: [&str; 4] = ["later", "earlier", "after", "before"];
/// Words of a time of day in other languages.
const HOUR_WORDS: [&str; 9] = ["uhr", "h", "hr", "hrs", "o'clock", "am", "pm", "a.m", "p.m"];
/// What may stand before a time or a zone that is to be another.
const BEFORE_TIME: [&str; 10] = [
    "same day", "when", "at", "time", "end", "ends", "ended", "start", "it was", "was",
];

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

    /// Returns what was probably meant by a text that names a part of the event and its value, and nothing else, as in
    /// `state: down`, `service web`, `-@web`. `None` if a backslash says that it is meant as text.
    #[must_use]
    pub fn part_in_words(&self, context: &Context<'_>) -> Option<String> {
        let text = self.text.as_deref()?;
        part_in_words(text, context).filter(|_| !self.is_escaped(text))
    }

    /// True if a backslash says that `text` is meant as text.
    fn is_escaped(&self, text: &str) -> bool {
        self.tokens.iter().any(|(range, token)| {
            *token == TokenKind::Escape && self.source.line[range.end..].starts_with(text)
        })
    }
}

/// True if `text`, that of a correction, was probably meant as another part of the event.
pub(super) fn is_no_text(text: &str, context: &Context<'_>) -> bool {
    is_time_leftover(text, &context.time_context())
        || marker_without_sign(text, context).is_some()
        || part_in_words(text, context).is_some()
}

/// Returns the marker that `word` would be with its sign: `!down`, `fault:`, `@web`.
fn marker_without_sign(word: &str, context: &Context<'_>) -> Option<String> {
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

/// Returns how the part of an event is written that `text` names, with its value.
fn part_in_words(text: &str, context: &Context<'_>) -> Option<String> {
    let text = text.trim();
    let lower = text.to_lowercase();
    match &*lower {
        "no state" | "without state" | "state: none" | "no status" => {
            return Some("`--state -`".to_owned());
        }
        "no service" | "no services" => return Some("`--service ''`".to_owned()),
        "no tag" | "no tags" => return Some("`--tag ''`".to_owned()),
        _ => {}
    }
    let without_sign = text.strip_prefix(['-', '+']);
    if let Some(marker) = without_sign.filter(|marker| marker.starts_with(['@', '#', '^']))
        && !marker.contains(char::is_whitespace)
    {
        return Some(match &marker[..1] {
            "#" => "`--tag NAME` for each tag that it is to have, or `--tag ''`".to_owned(),
            "^" => "`--link HANDLE` for each link that it is to have".to_owned(),
            _ => {
                "`--service NAME` for each service that it is to have, or `--service ''`".to_owned()
            }
        });
    }
    let (part, value) = lower.split_once([':', '=', ' '])?;
    let value = value.trim();
    let is_one_word = !value.is_empty() && !value.contains(char::is_whitespace);
    let has_colon = lower[part.len()..].starts_with([':', '=']);
    match part {
        "state" | "status" if is_one_word => {
            let state = value.trim_start_matches('!').parse::<State>().ok()?;
            Some(format!("`!{state}`"))
        }
        "kind" | "type" if is_one_word => {
            let kind = CAPTURE_KINDS.iter().find(|kind| kind.as_str() == value)?;
            Some(format!("`{kind}:`"))
        }
        "service" | "services" if is_one_word => {
            let mut known = context.services.iter();
            let service = known.find(|name| name.to_lowercase() == value)?;
            Some(format!("`@{service}`"))
        }
        "tag" | "tags"
            if is_one_word && (has_colon || context.tags.iter().any(|tag| tag == value)) =>
        {
            Some(format!("`#{value}`"))
        }
        "text" if has_colon && !value.is_empty() => Some("the text alone".to_owned()),
        _ => None,
    }
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
    let led = BEFORE_TIME.iter().find_map(|lead| {
        let head = bare.get(..lead.len())?;
        let rest = bare[lead.len()..].trim_start_matches([':', ' ', '=']);
        let is_lead = head.eq_ignore_ascii_case(lead) && rest.len() + lead.len() < bare.len();
        is_lead.then_some(rest)
    });
    let is_whole = |length: usize| {
        text[length..]
            .trim_matches(|c: char| !c.is_alphanumeric())
            .is_empty()
    };
    text == "~"
        || led.is_some_and(|rest| is_time(rest) || when::is_zone_abbreviation(rest))
        || HOUR_WORDS
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
    #[case("PM")]
    #[case("same day 13:45")]
    #[case("when: 13:45")]
    #[case("end 13:50")]
    #[case("it was UTC")]
    #[case("~")]
    fn rest_of_a_time_is_found(#[case] text: &str) {
        assert!(is_leftover(text), "{text}");
    }

    #[rstest]
    #[case("state: down", "`!down`")]
    #[case("state at-risk", "`!at-risk`")]
    #[case("kind: detect", "`detect:`")]
    #[case("service web", "`@web`")]
    #[case("text: db lost", "the text alone")]
    #[case("no state", "`--state -`")]
    #[case("-@pay-db", "`--service NAME`")]
    #[case("-#db", "`--tag NAME`")]
    fn part_of_an_event_is_found(#[case] text: &str, #[case] hint: &str) {
        let found = part_in_words(text, &context());
        assert!(found.is_some_and(|found| found.starts_with(hint)), "{text}");
    }

    #[rstest]
    #[case("state of the art")]
    #[case("kind of slow")]
    #[case("service mesh restarted")]
    #[case("service down")]
    #[case("no state was lost")]
    #[case("text messages are late")]
    #[case("-1 node")]
    #[case("tag cloud")]
    fn other_text_names_no_part(#[case] text: &str) {
        assert_eq!(part_in_words(text, &context()), None, "{text}");
    }

    fn context() -> Context<'static> {
        let now = parse_utc("2026-11-25T15:00:42Z").unwrap();
        let mut context = Context::new(now, Zone::utc());
        context.services = vec!["web".to_owned()];
        context
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
    #[case("it was DNS")]
    #[case("end of the failover")]
    #[case("time to first byte doubled")]
    #[case("same day as the release")]
    #[case("was 13:45 the last error?")]
    #[case("")]
    fn other_text_is_none(#[case] text: &str) {
        assert!(!is_leftover(text), "{text}");
    }
}
