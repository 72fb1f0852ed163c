//! How an incident began, in a form that can be compared.

use super::words::{group_of, stems};
use std::collections::BTreeMap;

/// What of a beginning a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// The stem of a word.
    Word,
    /// A group of words that mean much the same.
    Group,
    Service,
    Tag,
    /// A change from one state to another.
    States,
}

/// The tokens of the first lines of an incident.
///
/// A word is its stem; the others begin with a sign: `=` a group of words, `@` a service, `#` a tag, `!` a
/// change of state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// How often each token occurs.
    tokens: BTreeMap<String, u32>,
}

impl Opening {
    /// Builds it from the texts of the first lines, the title among them, the services and tags that they
    /// name, and the states of the incident in their order.
    pub fn new<'t>(
        texts: impl IntoIterator<Item = &'t str>,
        services: impl IntoIterator<Item = &'t str>,
        tags: impl IntoIterator<Item = &'t str>,
        states: &[&str],
    ) -> Self {
        let mut tokens = BTreeMap::new();
        let mut add = |token: String| *tokens.entry(token).or_default() += 1;
        for stem in texts.into_iter().flat_map(stems) {
            if let Some(group) = group_of(&stem) {
                add(group.to_owned());
            }
            add(stem);
        }
        for service in services {
            add(format!("@{}", service.to_lowercase()));
        }
        for tag in tags {
            add(format!("#{}", tag.to_lowercase()));
        }
        for (at, state) in states.iter().enumerate() {
            let before = at.checked_sub(1).map_or("", |before| states[before]);
            add(format!("!{before}>{state}"));
        }
        Self { tokens }
    }

    /// Returns the tokens, each once, in a fixed order.
    pub fn tokens(&self) -> impl Iterator<Item = &str> {
        self.tokens.keys().map(String::as_str)
    }

    /// Returns how often `token` occurs.
    #[must_use]
    pub fn count(&self, token: &str) -> u32 {
        self.tokens.get(token).copied().unwrap_or(0)
    }

    /// Returns the number of different tokens.
    #[must_use]
    pub fn token_count(&self) -> usize {
        self.tokens.len()
    }
}

/// Returns what `token` is.
#[must_use]
pub fn kind_of(token: &str) -> TokenKind {
    match token.as_bytes().first() {
        Some(b'=') => TokenKind::Group,
        Some(b'@') => TokenKind::Service,
        Some(b'#') => TokenKind::Tag,
        Some(b'!') => TokenKind::States,
        _ => TokenKind::Word,
    }
}
