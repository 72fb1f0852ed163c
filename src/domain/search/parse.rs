//! Parses what is typed to search: `disk full* "as it is" kind:fault -tag:drill after:yesterday`.

use super::query::{FILTERS, Names, Query, Word};
use crate::domain::{
    parse_error::ParseError,
    suggestion::nearest,
    words::{CAPTURE_KINDS, Kind, State},
};

/// Names that the filter of the timeline has for the same.
const OTHER_NAMES: [(&str, &str); 3] = [("since", "after"), ("until", "before"), ("author", "by")];

/// A part of the query: what is between white space, or between quotes.
#[derive(Debug, Default)]
struct Part {
    is_negated: bool,
    /// What is before the first colon, if that can be the name of a filter.
    name: Option<String>,
    /// What comes after the name, or all of it.
    text: String,
    /// True if the text, or what comes after the name, is in quotes.
    is_quoted: bool,
    /// True if it ends with `*`, or is still being typed.
    is_prefix: bool,
}

impl Query {
    /// Parses `text`. All words must occur; `lag*` and the last word may be beginnings of words, what is
    /// in quotes is a phrase, and what begins with `-` must not be so. A filter (`kind:fault`) has one or
    /// several values, with commas between them or each with its name: one of them must hold.
    ///
    /// A word with a colon is text if white space, a digit or a sign follows the colon (`nginx: 502`,
    /// `10:06`, `http://x`), or if it is in quotes.
    ///
    /// # Errors
    /// The name or the value of a filter is not known, or a filter has no value.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let mut query = Self::default();
        // The index of the last word, if its end is open.
        let mut open = None;
        for part in parts(text) {
            if let Some(name) = part.name.as_deref().and_then(filter_name) {
                query.add_filter(name, &part)?;
                continue;
            }
            let text = match &part.name {
                None => part.text,
                Some(name) => {
                    reject_unknown_filter(name, &part.text, part.is_quoted)?;
                    format!("{name}:{}", part.text)
                }
            };
            let word = Word {
                text,
                is_prefix: part.is_prefix,
            };
            if !word.is_searchable() {
                continue;
            }
            if part.is_negated {
                query.without.push(word);
            } else {
                query.words.push(word);
                open = (!part.is_quoted).then_some(query.words.len() - 1);
            }
        }
        if let Some(last) = open.and_then(|at| query.words.get_mut(at)) {
            last.is_prefix = true;
        }
        Ok(query)
    }

    fn add_filter(&mut self, name: &str, part: &Part) -> Result<(), ParseError> {
        let values: Vec<String> = match part.is_quoted {
            true => vec![part.text.trim().to_lowercase()],
            false => part.text.split(',').map(str::to_lowercase).collect(),
        };
        let values: Vec<String> = values.into_iter().filter(|v| !v.is_empty()).collect();
        if values.is_empty() {
            let example = FILTERS.iter().find(|(filter, _)| *filter == name);
            return Err(whole_error(
                format!("`{name}:` needs a value"),
                format!(
                    "{}; in quotes it is text: \"{name}:\"",
                    example.map_or("", |(_, example)| example)
                ),
            ));
        }
        let names = match name {
            "after" => return set_time(&mut self.after, name, part),
            "before" => return set_time(&mut self.before, name, part),
            "kind" => &mut self.kinds,
            "service" => &mut self.services,
            "tag" => &mut self.tags,
            "by" => &mut self.authors,
            "state" => &mut self.states,
            _ => &mut self.incidents,
        };
        let Names { any, none } = names;
        let into = if part.is_negated { none } else { any };
        for value in values {
            match name {
                "kind" => into.extend(find_kinds(&value)?),
                "state" => into.extend(find_states(&value)?),
                "service" => into.push(value.trim_start_matches('@').to_owned()),
                "tag" => into.push(value.trim_start_matches('#').to_owned()),
                "by" => into.push(value.trim_start_matches('@').to_owned()),
                _ => into.push(value.trim_start_matches('#').to_owned()),
            }
        }
        Ok(())
    }
}

/// Creates an error of the search as a whole.
fn whole_error(message: String, hint: impl Into<String>) -> ParseError {
    ParseError::new(message, hint, 0..0)
}

fn set_time(time: &mut Option<String>, name: &str, part: &Part) -> Result<(), ParseError> {
    let error = |message: String, hint: &str| Err(whole_error(message, hint));
    if part.is_negated {
        let message = format!("`-{name}:` is not understood");
        return error(message, "after: and before: are the opposite of each other");
    }
    if time.is_some() {
        let message = format!("`{name}:` is there twice");
        return error(message, "one time is enough");
    }
    *time = Some(part.text.trim().to_owned());
    Ok(())
}

/// Returns the filter that `name` is, in any case.
fn filter_name(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let own = FILTERS.iter().find(|(filter, _)| *filter == name);
    let other = || OTHER_NAMES.iter().find(|(other, _)| *other == name);
    own.map(|(filter, _)| *filter)
        .or_else(|| other().map(|(_, filter)| *filter))
}

/// Refuses a word such as `knid:fault`: its letters would be found nowhere, and it would not be said why.
fn reject_unknown_filter(name: &str, value: &str, is_quoted: bool) -> Result<(), ParseError> {
    if value.starts_with("//") || (value.is_empty() && !is_quoted) {
        return Ok(());
    }
    let lower = name.to_ascii_lowercase();
    let meant = nearest(&lower, FILTERS.iter().map(|(filter, _)| *filter));
    let in_quotes = format!("in quotes it is text: \"{name}:{value}\"");
    let hint = match (meant, kinds().any(|kind| kind.as_str() == lower)) {
        (Some(meant), _) => format!("did you mean `{meant}:{value}`? {in_quotes}"),
        // `10.0.0.1:80`, `localhost:8080`, `std::fs`, `a:-b`
        (None, _) if !value.starts_with(char::is_alphabetic) && !is_quoted => return Ok(()),
        (None, true) => format!("`kind:{lower} {value}` finds events of that kind; {in_quotes}"),
        (None, false) => {
            let known: Vec<String> = FILTERS.iter().map(|(name, _)| format!("{name}:")).collect();
            format!("there are {}; {in_quotes}", known.join(" "))
        }
    };
    Err(whole_error(format!("there is no filter `{name}:`"), hint))
}

fn kinds() -> impl Iterator<Item = &'static Kind> {
    CAPTURE_KINDS
        .iter()
        .chain(&[Kind::Declare, Kind::Resolve, Kind::Reopen])
}

/// Returns the kinds that begin with `typed`. A request is an `ask`.
fn find_kinds(typed: &str) -> Result<Vec<String>, ParseError> {
    let known: Vec<&str> = kinds().map(Kind::as_str).collect();
    if typed == "request" {
        return Ok(vec![Kind::Ask.as_str().to_owned()]);
    }
    beginning_with("kind", typed, &known)
}

fn find_states(typed: &str) -> Result<Vec<String>, ParseError> {
    let known = State::ALL.iter().chain(&[State::Unknown]);
    let known: Vec<&str> = known.map(|state| state.as_str()).collect();
    beginning_with("state", typed.trim_start_matches('!'), &known)
}

/// Returns the word `typed` of `known`, or else those that begin with it.
fn beginning_with(what: &str, typed: &str, known: &[&str]) -> Result<Vec<String>, ParseError> {
    if known.contains(&typed) {
        return Ok(vec![typed.to_owned()]);
    }
    let found = known.iter().filter(|word| word.starts_with(typed));
    let found: Vec<String> = found.map(|word| (*word).to_owned()).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let meant = nearest(typed, known.iter().copied());
    Err(whole_error(
        format!("there is no {what} `{typed}`"),
        match meant {
            Some(meant) => format!("did you mean {meant}?"),
            None => format!("one of: {}", known.join(", ")),
        },
    ))
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”')
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || c == '\0'
}

/// Splits `text` into its parts. A quote that is not closed ends with the text.
fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut chars = text.chars().peekable();
    loop {
        while chars.next_if(|c| is_space(*c)).is_some() {}
        let mut part = Part::default();
        let mut ahead = chars.clone();
        let begins_negation = ahead.next() == Some('-')
            && ahead
                .next()
                .is_some_and(|c| c.is_alphabetic() || is_quote(c));
        if begins_negation {
            part.is_negated = true;
            chars.next();
        }
        let Some(first) = chars.peek() else {
            return parts;
        };
        let mut in_quotes = is_quote(*first);
        while !in_quotes && let Some(c) = chars.next_if(|c| !is_space(*c)) {
            let is_name =
                !part.text.is_empty() && part.text.chars().all(|c| c.is_ascii_alphabetic());
            if c == ':' && part.name.is_none() && is_name {
                part.name = Some(std::mem::take(&mut part.text));
                in_quotes = chars.peek().is_some_and(|c| is_quote(*c));
            } else {
                part.text.push(c);
            }
        }
        if in_quotes {
            part.is_quoted = true;
            chars.next();
            part.text
                .extend(std::iter::from_fn(|| chars.next_if(|c| !is_quote(*c))));
            // Without its second quote it is still being typed.
            part.is_prefix = chars.next().is_none() || chars.next_if_eq(&'*').is_some();
        } else if let Some(word) = part.text.strip_suffix('*') {
            part.text = word.to_owned();
            part.is_prefix = true;
        }
        parts.push(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The words of `typed`: a phrase in brackets, a `*` after a beginning, a `-` before what must not be.
    fn words(typed: &str) -> String {
        let query = Query::parse(typed).unwrap();
        let show = |word: &Word| {
            let star = if word.is_prefix { "*" } else { "" };
            match word.text.contains(' ') {
                true => format!("[{}]{star}", word.text),
                false => format!("{}{star}", word.text),
            }
        };
        let without = query.without.iter().map(|word| format!("-{}", show(word)));
        let words: Vec<String> = query.words.iter().map(show).chain(without).collect();
        words.join(" ")
    }

    #[test]
    fn words_phrases_beginnings_and_what_must_not_occur() {
        for (typed, expected) in [
            ("replica lag", "replica lag*"),
            ("repl* lag ", "repl* lag*"),
            ("\"disk full\" rack", "[disk full] rack*"),
            ("rack \"disk full\"", "rack [disk full]"),
            ("“disk full”", "[disk full]"),
            ("\"disk fu", "[disk fu]*"),
            ("\"disk fu\"*", "[disk fu]*"),
            ("disk -full", "disk* -full"),
            ("-\"disk full\" -rack*", "-[disk full] -rack*"),
            ("lag kind:fault", "lag*"),
            ("nginx: 502", "nginx: 502*"),
            ("10:06 db-17 -5", "10:06 db-17 -5*"),
            ("http://x/y", "http://x/y*"),
            ("localhost:8080 std::fs", "localhost:8080 std::fs*"),
            ("\"kind:fault\"", "kind:fault"),
            ("\"error:timeout\"", "error:timeout"),
            ("障害:本番", "障害:本番*"),
            ("--force -- * \" \"", "--force*"),
            ("db\0x", "db x*"),
            ("", ""),
        ] {
            assert_eq!(words(typed), expected, "{typed}");
        }
    }

    #[test]
    fn filters_take_values_of_one_or_several() {
        let query = Query::parse(
            "kind:decision,fau service:@online-db -tag:#drill by:\"Ann Lee\" State:down after:\"27 Nov 05:15\" before:yesterday incident:#7 -incident:3 x",
        )
        .unwrap();
        assert_eq!(query.kinds.any, ["decision", "fault"]);
        assert_eq!(query.services.any, ["online-db"]);
        assert_eq!(query.tags.none, ["drill"]);
        assert_eq!(query.authors.any, ["ann lee"]);
        assert_eq!(query.states.any, ["down"]);
        assert_eq!(query.after.as_deref(), Some("27 Nov 05:15"));
        assert_eq!(query.before.as_deref(), Some("yesterday"));
        assert_eq!(query.incidents.any, ["7"]);
        assert_eq!(query.incidents.none, ["3"]);
        let query = Query::parse("kind:request kind:ack since:10:05 state:d").unwrap();
        assert_eq!(query.kinds.any, ["ask", "ack"]);
        assert_eq!(query.after.as_deref(), Some("10:05"));
        assert_eq!(query.states.any, ["degraded", "down"]);
        assert!(query.kinds.allow(["ack"].into_iter()));
        assert!(!query.kinds.allow(["note"].into_iter()));
    }

    #[test]
    fn unknown_filter_is_named_with_the_known_ones() {
        for (typed, message, hint) in [
            (
                "knid:fault",
                "there is no filter `knid:`",
                "did you mean `kind:fault`?",
            ),
            (
                "incidnet:7",
                "there is no filter `incidnet:`",
                "`incident:7`",
            ),
            (
                "colour:red",
                "there is no filter `colour:`",
                "kind: service: tag: by: state: after: before: incident:",
            ),
            (
                "colour:red",
                "there is no filter `colour:`",
                "\"colour:red\"",
            ),
            (
                "fault:disk",
                "there is no filter `fault:`",
                "kind:fault disk",
            ),
            ("kind:", "`kind:` needs a value", "kind:decision"),
            ("kind: fault", "`kind:` needs a value", "\"kind:\""),
            (
                "kind:fualt",
                "there is no kind `fualt`",
                "did you mean fault?",
            ),
            (
                "state:x",
                "there is no state `x`",
                "at-risk, degraded, down",
            ),
            ("-after:2026", "`-after:` is not understood", "before:"),
            ("after:1 after:2", "`after:` is there twice", "one"),
        ] {
            let error = Query::parse(typed).unwrap_err();
            assert_eq!(error.message, message, "{typed}");
            assert!(error.hint.contains(hint), "{typed}: {}", error.hint);
        }
    }

    proptest! {
        #[test]
        fn parse_takes_any_text(text in "\\PC{0,60}", signs in "[-\"*:a-z# ]{0,20}") {
            for text in [&text, &signs, &format!("{signs}{text}")] {
                if let Ok(query) = Query::parse(text) {
                    let _ = query.found_in(text);
                    let _ = query.is_excluded(text);
                }
            }
        }

        #[test]
        fn text_in_quotes_is_found_in_itself(text in "[^\"“”\0]{1,40}", before in "\\PC{0,10}") {
            let query = Query::parse(&format!("\"{text}\"")).unwrap();
            let Some(word) = query.words.first() else { return Ok(()) };
            prop_assert!(!word.is_prefix);
            let found = query.found_in(&format!("{before} {text} "));
            prop_assert!(!found.is_empty(), "{text:?}");
        }
    }
}
