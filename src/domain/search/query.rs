//! A search that was typed.

use super::{
    script::is_spaceless,
    tokens::{Token, tokens},
};

/// The names of filters, each with an example.
pub const FILTERS: [(&str, &str); 8] = [
    ("kind", "kind:decision"),
    ("service", "service:online-db"),
    ("tag", "tag:storage"),
    ("by", "by:ann"),
    ("state", "state:down"),
    ("after", "after:2026-11-01"),
    ("before", "before:yesterday"),
    ("incident", "incident:7"),
];

/// A word or a phrase to find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// As typed, without quotes and without `*`.
    pub text: String,
    /// True if its end may be the beginning of a longer word.
    pub is_prefix: bool,
}

impl Word {
    /// Returns what the word consists of in the index: `db-17` is `db` and `17`.
    pub(super) fn tokens(&self) -> Vec<Token> {
        tokens(&self.text)
    }

    /// True if longer words that begin with it are found. A character of a script without spaces is a word
    /// of its own, which no longer one begins with.
    #[must_use]
    pub fn finds_longer_words(&self) -> bool {
        let ends_spaceless = |token: &Token| token.letters.chars().any(is_spaceless);
        self.is_prefix && !self.tokens().last().is_some_and(ends_spaceless)
    }

    /// True if it has a letter or a digit: nothing else is found.
    #[must_use]
    pub fn is_searchable(&self) -> bool {
        !self.tokens().is_empty()
    }
}

/// Values of a filter, in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// One of these, if there are any.
    pub any: Vec<String>,
    /// None of these.
    pub none: Vec<String>,
}

impl Names {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.any.is_empty() && self.none.is_empty()
    }

    /// Returns true if what has these `names` passes the filter.
    #[must_use]
    pub fn allow<'a>(&self, names: impl Iterator<Item = &'a str>) -> bool {
        if self.is_empty() {
            return true;
        }
        let names: Vec<String> = names.map(str::to_lowercase).collect();
        (self.any.is_empty() || names.iter().any(|name| self.any.contains(name)))
            && !names.iter().any(|name| self.none.contains(name))
    }
}

/// What is searched for: all of it must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// All of these occur.
    pub words: Vec<Word>,
    /// None of these occurs.
    pub without: Vec<Word>,
    pub kinds: Names,
    pub services: Names,
    pub tags: Names,
    pub authors: Names,
    pub states: Names,
    /// Not before this time; as typed.
    pub after: Option<String>,
    /// Before this time; as typed.
    pub before: Option<String>,
    /// Incidents as typed.
    pub incidents: Names,
}

impl Query {
    /// Returns a query for `text` as it is, without filters: all words occur, the last one may be the
    /// beginning of a word.
    #[must_use]
    pub fn of_words(text: &str) -> Self {
        let words = text.split_whitespace().map(|word| Word {
            text: word.to_owned(),
            is_prefix: false,
        });
        let mut words: Vec<Word> = words.filter(Word::is_searchable).collect();
        if let Some(last) = words.last_mut() {
            last.is_prefix = true;
        }
        Self {
            words,
            ..Self::default()
        }
    }

    /// True if it asks for nothing: no word, and no filter.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
