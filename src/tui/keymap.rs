//! The one table of keys: key handling, the footer, the help, the palette and the key list in the
//! README are all made from it.

mod table;

pub use table::{Action, Binding, DEFAULT_BINDINGS, KeyContext};

use super::keys::{InvalidKey, Key};
use std::collections::BTreeMap;

/// The table with the settings' keys in it.
#[derive(Clone, Debug)]
pub struct Keymap {
    bindings: Vec<(Binding, Vec<Key>)>,
}

/// Settings of keys that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeymapError {
    /// No such action.
    #[error("keys: there is no action `{0}`; the help names them")]
    UnknownAction(String),
    /// No such key.
    #[error("keys: {action}: {source}")]
    InvalidKey {
        /// For which action.
        action: String,
        /// Which key.
        source: InvalidKey,
    },
    /// One key, two actions, one place.
    #[error("keys: {key} would be both `{one}` and `{other}` ({context})")]
    Conflict {
        /// The key.
        key: String,
        /// The one action.
        one: &'static str,
        /// The other.
        other: &'static str,
        /// Where both apply.
        context: &'static str,
    },
}

/// The places whose keys hold at once, in the order in which they are asked.
pub const KEY_CONTEXTS: [&[KeyContext]; 10] = [
    &[KeyContext::Line, KeyContext::Text, KeyContext::Anywhere],
    &[
        KeyContext::Timeline,
        KeyContext::Navigation,
        KeyContext::Anywhere,
    ],
    &[
        KeyContext::Tasks,
        KeyContext::Navigation,
        KeyContext::Anywhere,
    ],
    &[
        KeyContext::Postmortem,
        KeyContext::Navigation,
        KeyContext::Anywhere,
    ],
    &[
        KeyContext::Email,
        KeyContext::Navigation,
        KeyContext::Anywhere,
    ],
    &[
        KeyContext::Incidents,
        KeyContext::Navigation,
        KeyContext::Anywhere,
    ],
    &[KeyContext::Detail, KeyContext::Anywhere],
    &[KeyContext::Paste, KeyContext::Anywhere],
    &[KeyContext::Prompt, KeyContext::Text, KeyContext::Anywhere],
    &[KeyContext::Finder, KeyContext::Text, KeyContext::Anywhere],
];

impl Keymap {
    /// The table with `settings` in it: action to keys, separated by spaces.
    ///
    /// # Errors
    /// No such action, no such key, a key bound twice where both apply.
    pub fn new(settings: &BTreeMap<String, String>) -> Result<Self, KeymapError> {
        let mut own: Vec<(Action, Vec<Key>)> = Vec::new();
        for (word, keys) in settings {
            let action =
                Action::from_name(word).ok_or_else(|| KeymapError::UnknownAction(word.clone()))?;
            let keys = keys
                .split_whitespace()
                .map(str::parse)
                .collect::<Result<_, InvalidKey>>()
                .map_err(|source| KeymapError::InvalidKey {
                    action: word.clone(),
                    source,
                })?;
            own.push((action, keys));
        }
        let rows = DEFAULT_BINDINGS
            .iter()
            .map(|row| {
                let keys = match own.iter().find(|(action, _)| *action == row.action) {
                    Some((_, keys)) => keys.clone(),
                    None => row.keys.iter().filter_map(|k| k.parse().ok()).collect(),
                };
                (*row, keys)
            })
            .collect();
        let map = Self { bindings: rows };
        map.check_conflicts()?;
        Ok(map)
    }

    fn check_conflicts(&self) -> Result<(), KeymapError> {
        for chain in KEY_CONTEXTS {
            let mut seen: Vec<(Key, Action)> = Vec::new();
            for (row, keys) in self.bindings_in(chain) {
                for key in keys {
                    match seen.iter().find(|(other, _)| other == key) {
                        Some((_, other)) if *other != row.action => {
                            return Err(KeymapError::Conflict {
                                key: key.to_string(),
                                one: other.name(),
                                other: row.action.name(),
                                context: row.context.heading(),
                            });
                        }
                        _ => seen.push((*key, row.action)),
                    }
                }
            }
        }
        Ok(())
    }

    fn bindings_in<'a>(
        &'a self,
        chain: &'a [KeyContext],
    ) -> impl Iterator<Item = (&'a Binding, &'a [Key])> {
        chain.iter().flat_map(move |place| {
            self.bindings
                .iter()
                .filter(move |(row, _)| row.context == *place)
                .map(|(row, keys)| (row, keys.as_slice()))
        })
    }

    /// What `key` does where the places of `chain` apply.
    #[must_use]
    pub fn action(&self, chain: &[KeyContext], key: Key) -> Option<Action> {
        self.bindings_in(chain)
            .find(|(_, keys)| keys.contains(&key))
            .map(|(row, _)| row.action)
    }

    /// True where `action` is one of those that apply where `chain` does.
    #[must_use]
    pub fn has_action(&self, chain: &[KeyContext], action: Action) -> bool {
        self.bindings_in(chain).any(|(row, _)| row.action == action)
    }

    /// All rows with their keys, in the order of the table.
    pub fn bindings(&self) -> impl Iterator<Item = (&Binding, &[Key])> {
        self.bindings
            .iter()
            .map(|(row, keys)| (row, keys.as_slice()))
    }

    /// The rows that the footer may show where `chain` applies, with the key to name.
    pub fn footer_hints<'a>(
        &'a self,
        chain: &'a [KeyContext],
    ) -> impl Iterator<Item = (Action, Key, &'static str)> + 'a {
        self.bindings_in(chain)
            .filter(|(row, _)| !row.footer_label.is_empty())
            .filter_map(|(row, keys)| Some((row.action, *keys.first()?, row.footer_label)))
    }
}

/// The keys of one row as people read them.
#[must_use]
pub fn format_keys(keys: &[Key]) -> String {
    keys.iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("  ")
}

/// The key list of the README: Markdown, a table for each place.
#[must_use]
pub fn key_list_markdown() -> String {
    let mut text = String::new();
    let mut place = None;
    let Ok(map) = Keymap::new(&BTreeMap::new()) else {
        return text;
    };
    for (row, keys) in map.bindings().filter(|(_, keys)| !keys.is_empty()) {
        if place != Some(row.context) {
            place = Some(row.context);
            text.push_str(&format!(
                "\n**{}**\n\n| key | |\n|---|---|\n",
                row.context.heading()
            ));
        }
        let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
        text.push_str(&format!("| {} | {} |\n", keys.join(" "), row.description));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_keymap_has_no_conflicts() {
        Keymap::new(&BTreeMap::new()).unwrap();
    }

    #[test]
    fn every_default_key_parses() {
        for row in DEFAULT_BINDINGS {
            for key in row.keys {
                key.parse::<Key>()
                    .unwrap_or_else(|e| panic!("{:?}: {e}", row.action));
            }
        }
    }

    #[test]
    fn conflicting_key_setting_names_both_actions() {
        let settings = BTreeMap::from([("undo".to_owned(), "x".to_owned())]);
        let error = Keymap::new(&settings).unwrap_err().to_string();
        assert!(
            error.contains("undo") && error.contains("retract"),
            "{error}"
        );
        let settings = BTreeMap::from([("unod".to_owned(), "U".to_owned())]);
        assert!(Keymap::new(&settings).is_err());
        let settings = BTreeMap::from([("undo".to_owned(), "U".to_owned())]);
        let map = Keymap::new(&settings).unwrap();
        let key = "U".parse().unwrap();
        assert_eq!(map.action(KEY_CONTEXTS[1], key), Some(Action::Undo));
    }
}
