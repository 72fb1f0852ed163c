//! What is typed to show only some events.

use crate::domain::{
    event::Event,
    incident::Record,
    words::{CAPTURE_KINDS, Kind, State},
};

const KNOWN_STATES: &str = "one of: ok, at-risk, degraded, down, unknown";

/// Conditions on events; all must hold, and an empty one holds for every event. Texts are lower
/// case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// One of these kinds, or a beginning of it.
    pub kinds: Vec<String>,
    /// One of these tags.
    pub tags: Vec<String>,
    /// One of these services or people.
    pub names: Vec<String>,
    /// One of these authors.
    pub authors: Vec<String>,
    /// Only events with customer wording.
    pub customer_only: bool,
    /// Only events without customer wording.
    pub internal_only: bool,
    pub limits: Box<Limits>,
    /// Only events that were undone or retracted.
    pub gone: bool,
    /// What is not understood, and what can be written instead: the filter finds nothing.
    pub problem: Option<Box<(String, String)>>,
    /// All of these words, in text, wording, rationale or rejected options.
    pub words: Vec<String>,
}

/// Conditions that depend on the other events of the incident, or on its zone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// One of these states, given or started by the event.
    pub states: Vec<String>,
    /// Only events at this time or later; as typed.
    pub since: Option<String>,
    /// Only events at this time or earlier; as typed.
    pub until: Option<String>,
}

impl Filter {
    /// Parses `kind:fault #tag @service by:jw !down since:05:15 until:06:00 missing:wording tell gone words`;
    /// `state:down` is `!down`. What has a space is put in double quotes: `@"Ann Lee"`, `by:"Ann Lee"`; a word
    /// that begins with a quote is searched for as it is: `"disk full"`, `"http://x"`.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut filter = Self::default();
        for (word, is_quoted) in words(text) {
            let word = word.to_lowercase();
            if is_quoted {
                filter.words.push(word);
            } else if let Err(problem) = filter.add(&word) {
                filter.problem.get_or_insert(Box::new(problem));
            }
        }
        filter
    }

    /// Adds one word, in lower case.
    ///
    /// # Errors
    /// What is not understood of it, and what can be written instead.
    fn add(&mut self, word: &str) -> Result<(), (String, String)> {
        let needs = |what: &str, hint: &str| {
            Err((format!("`{word}` needs {what} after it"), hint.to_owned()))
        };
        let values = |given: &str| -> Vec<String> {
            let given = given.split(',').filter(|value| !value.is_empty());
            given.map(str::to_owned).collect()
        };
        match word {
            "tell" | "tell:" | "customers" => self.customer_only = true,
            "internal" | "missing:wording" => self.internal_only = true,
            "gone" => self.gone = true,
            "kind:" => return needs("a kind", &known_kinds()),
            "by:" => return needs("a name", "by:jw"),
            "#" => return needs("a tag", "#hardware"),
            "@" => return needs("a service or a person", "@online-db"),
            "!" | "state:" => return needs("a state", KNOWN_STATES),
            "since:" | "until:" => return needs("a time", "since:05:15"),
            word => {
                if let Some(kinds) = word.strip_prefix("kind:") {
                    for kind in values(kinds) {
                        self.kinds.push(find_kind(&kind)?);
                    }
                } else if let Some(by) = word.strip_prefix("by:") {
                    self.authors.extend(values(by));
                } else if let Some(tag) = word.strip_prefix('#') {
                    self.tags.push(tag.to_owned());
                } else if let Some(name) = word.strip_prefix('@') {
                    self.names.push(name.to_owned());
                } else if let Some(states) = word.strip_prefix("state:").or(word.strip_prefix('!'))
                {
                    for state in values(states) {
                        self.limits.states.push(find_state(&state)?);
                    }
                } else if let Some(since) = word.strip_prefix("since:") {
                    self.limits.since = Some(since.to_owned());
                } else if let Some(until) = word.strip_prefix("until:") {
                    self.limits.until = Some(until.to_owned());
                } else {
                    reject_unknown_name(word)?;
                    self.words.push(word.to_owned());
                }
            }
        }
        Ok(())
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// True if an event fulfils what can be decided from it alone: all but its state, where it gives none, and
    /// the times.
    #[must_use]
    pub fn matches(&self, record: &Record<Event>) -> bool {
        let event = &record.value;
        let has_one = |wanted: &[String], has: Vec<&str>| {
            let same = |h: &&str| wanted.contains(&h.to_lowercase());
            wanted.is_empty() || has.iter().any(same)
        };
        let begins = |wanted: &[String], word: &str| {
            wanted.is_empty() || wanted.iter().any(|w| word.starts_with(w.as_str()))
        };
        begins(&self.kinds, event.kind.as_str())
            && has_one(&self.tags, event.tags.iter().map(String::as_str).collect())
            && has_one(
                &self.names,
                event
                    .services
                    .iter()
                    .chain(&event.people)
                    .map(String::as_str)
                    .collect(),
            )
            && has_one(&self.authors, vec![record.author.as_str()])
            && (!self.customer_only || event.customer.is_some())
            && (!self.internal_only || event.customer.is_none())
            && self.words.iter().all(|word| {
                [
                    Some(&event.text),
                    event.customer.as_ref(),
                    event.rationale.as_ref(),
                    event.rejected.as_ref(),
                ]
                .into_iter()
                .flatten()
                .any(|text| text.to_lowercase().contains(word.as_str()))
            })
    }
}

/// Returns the beginning of a kind that `typed` means. A request is an `ask`.
fn find_kind(typed: &str) -> Result<String, (String, String)> {
    if !typed.is_empty() && "request".starts_with(typed) && !"restore".starts_with(typed) {
        return Ok(Kind::Ask.as_str().to_owned());
    }
    let is_known = kinds().any(|kind| kind.as_str().starts_with(typed));
    match is_known {
        true => Ok(typed.to_owned()),
        false => Err((format!("there is no kind `{typed}`"), known_kinds())),
    }
}

/// Returns the state that `typed`, with or without `!`, names.
fn find_state(typed: &str) -> Result<String, (String, String)> {
    let typed = typed.trim_start_matches('!');
    let mut known = State::ALL.iter().chain(&[State::Unknown]);
    match known.any(|state| state.as_str() == typed) {
        true => Ok(typed.to_owned()),
        false => Err((
            format!("there is no state `{typed}`"),
            KNOWN_STATES.to_owned(),
        )),
    }
}

/// Refuses a word such as `stat:down`: searching its letters would find nothing, without saying why.
fn reject_unknown_name(word: &str) -> Result<(), (String, String)> {
    let Some((name, value)) = word.split_once(':') else {
        return Ok(());
    };
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphabetic() || c == '-');
    if !is_name {
        return Ok(());
    }
    let hint = match (name, kinds().any(|kind| kind.as_str() == name)) {
        (_, true) => format!("kind:{name} {value}").trim_end().to_owned(),
        ("missing", _) => "missing:wording".to_owned(),
        _ => format!(
            "one of: kind: #tag @service by: !state since: until: missing:wording tell gone; \"{word}\" in quotes finds the words"
        ),
    };
    Err((format!("there is no filter `{name}:{value}`"), hint))
}

fn kinds() -> impl Iterator<Item = &'static Kind> {
    CAPTURE_KINDS
        .iter()
        .chain(&[Kind::Declare, Kind::Resolve, Kind::Reopen])
}

fn known_kinds() -> String {
    let names: Vec<&str> = kinds().map(Kind::as_str).collect();
    format!("one of: {}", names.join(", "))
}

/// Splits `text` at white space, but not in double quotes, which are left out. True for a word that begins with
/// a quote.
fn words(text: &str) -> Vec<(String, bool)> {
    let mut words = vec![];
    let mut word = String::new();
    let (mut in_quotes, mut is_quoted) = (false, false);
    for c in text.chars().chain([' ']) {
        match c {
            '"' => {
                is_quoted |= word.is_empty();
                in_quotes = !in_quotes;
            }
            c if c.is_whitespace() && !in_quotes => {
                let word = std::mem::take(&mut word);
                if !word.is_empty() {
                    words.push((word, is_quoted));
                }
                is_quoted = false;
            }
            c => word.push(c),
        }
    }
    // The quote is not closed yet.
    let word = word.trim_end().to_owned();
    words.extend(Some((word, is_quoted)).filter(|(word, _)| !word.is_empty()));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filter_parses_states_times_and_what_is_gone() {
        let filter = Filter::parse("gone !down state:ok,at-risk since:05:15 until:06:00 rack");
        assert!(filter.gone);
        assert_eq!(filter.limits.states, ["down", "ok", "at-risk"]);
        assert_eq!(filter.limits.since.as_deref(), Some("05:15"));
        assert_eq!(filter.limits.until.as_deref(), Some("06:00"));
        assert_eq!(filter.words, ["rack"]);
        assert_eq!(Filter::parse("wow! gone!").words, ["wow!", "gone!"]);
    }

    #[test]
    fn filter_parses_kinds_tags_names_and_words() {
        let filter = Filter::parse("kind:fault,detect #storage @online-db by:jw tell Halted");
        assert_eq!(filter.kinds, ["fault", "detect"]);
        assert_eq!(filter.tags, ["storage"]);
        assert_eq!(filter.names, ["online-db"]);
        assert_eq!(filter.authors, ["jw"]);
        assert!(filter.customer_only);
        assert_eq!(filter.words, ["halted"]);
        assert!(Filter::parse("  ").is_empty());
        let filter = Filter::parse("@\"Ann Lee\" by:\"Zoë O\" \"Disk full\"");
        assert_eq!(filter.names, ["ann lee"]);
        assert_eq!(filter.authors, ["zoë o"]);
        assert_eq!(filter.words, ["disk full"]);
    }

    #[test]
    fn word_that_is_no_filter_is_named_with_what_can_be_written() {
        let problem = |text: &str| {
            let problem = Filter::parse(text).problem;
            problem.map(|problem| problem.0).unwrap_or_default()
        };
        assert_eq!(problem("state:dwon"), "there is no state `dwon`");
        assert_eq!(problem("!dwon"), "there is no state `dwon`");
        assert_eq!(problem("kind:fualt"), "there is no kind `fualt`");
        assert_eq!(problem("stat:down"), "there is no filter `stat:down`");
        assert_eq!(
            problem("missing:words"),
            "there is no filter `missing:words`"
        );
        assert_eq!(problem("state:"), "`state:` needs a state after it");
        assert_eq!(problem("ok kind:"), "`kind:` needs a kind after it");
        let hint = |text: &str| Filter::parse(text).problem.unwrap().1;
        assert_eq!(hint("fault:"), "kind:fault");
        assert!(hint("http://x").contains("\"http://x\" in quotes"));
        for understood in [
            "10:05",
            "\"stat:down\"",
            "10.0.0.1:80",
            "kind:fau",
            "missing:wording",
            "a",
        ] {
            assert_eq!(problem(understood), "", "{understood}");
        }
        assert_eq!(Filter::parse("kind:request").kinds, ["ask"]);
        assert_eq!(
            Filter::parse("\"stat:down\" \"open").words,
            ["stat:down", "open"]
        );
    }
}
