//! The one table of keys: key handling, the footer, the help, the palette and the key list in the
//! README are all made from it.

mod table;

pub use table::{Action, Place, Row, TABLE};

use super::keys::{Key, NoKey};
use std::collections::BTreeMap;

/// The table with the settings' keys in it.
#[derive(Clone, Debug)]
pub struct Keymap {
    rows: Vec<(Row, Vec<Key>)>,
}

/// Settings of keys that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeymapError {
    /// No such action.
    #[error("keys: there is no action `{0}`; the help names them")]
    NoAction(String),
    /// No such key.
    #[error("keys: {action}: {source}")]
    NoKey {
        /// For which action.
        action: String,
        /// Which key.
        source: NoKey,
    },
    /// One key, two actions, one place.
    #[error("keys: {key} would be both `{one}` and `{other}` ({place})")]
    Twice {
        /// The key.
        key: String,
        /// The one action.
        one: &'static str,
        /// The other.
        other: &'static str,
        /// Where both apply.
        place: &'static str,
    },
}

/// The places whose keys hold at once, in the order in which they are asked.
pub const CHAINS: [&[Place]; 10] = [
    &[Place::Line, Place::Text, Place::Anywhere],
    &[Place::Timeline, Place::Moving, Place::Anywhere],
    &[Place::Tasks, Place::Moving, Place::Anywhere],
    &[Place::Postmortem, Place::Moving, Place::Anywhere],
    &[Place::Email, Place::Moving, Place::Anywhere],
    &[Place::Incidents, Place::Moving, Place::Anywhere],
    &[Place::Detail, Place::Anywhere],
    &[Place::Paste, Place::Anywhere],
    &[Place::Prompt, Place::Text, Place::Anywhere],
    &[Place::Finder, Place::Text, Place::Anywhere],
];

impl Keymap {
    /// The table with `settings` in it: action to keys, separated by spaces.
    ///
    /// # Errors
    /// No such action, no such key, a key bound twice where both apply.
    pub fn new(settings: &BTreeMap<String, String>) -> Result<Self, KeymapError> {
        let mut own: Vec<(Action, Vec<Key>)> = Vec::new();
        for (word, keys) in settings {
            let action = Action::called(word).ok_or_else(|| KeymapError::NoAction(word.clone()))?;
            let keys = keys
                .split_whitespace()
                .map(str::parse)
                .collect::<Result<_, NoKey>>()
                .map_err(|source| KeymapError::NoKey {
                    action: word.clone(),
                    source,
                })?;
            own.push((action, keys));
        }
        let rows = TABLE
            .iter()
            .map(|row| {
                let keys = match own.iter().find(|(action, _)| *action == row.action) {
                    Some((_, keys)) => keys.clone(),
                    None => row.keys.iter().filter_map(|k| k.parse().ok()).collect(),
                };
                (*row, keys)
            })
            .collect();
        let map = Self { rows };
        map.check()?;
        Ok(map)
    }

    fn check(&self) -> Result<(), KeymapError> {
        for chain in CHAINS {
            let mut seen: Vec<(Key, Action)> = Vec::new();
            for (row, keys) in self.in_chain(chain) {
                for key in keys {
                    match seen.iter().find(|(other, _)| other == key) {
                        Some((_, other)) if *other != row.action => {
                            return Err(KeymapError::Twice {
                                key: key.to_string(),
                                one: other.word(),
                                other: row.action.word(),
                                place: row.place.words(),
                            });
                        }
                        _ => seen.push((*key, row.action)),
                    }
                }
            }
        }
        Ok(())
    }

    fn in_chain<'a>(&'a self, chain: &'a [Place]) -> impl Iterator<Item = (&'a Row, &'a [Key])> {
        chain.iter().flat_map(move |place| {
            self.rows
                .iter()
                .filter(move |(row, _)| row.place == *place)
                .map(|(row, keys)| (row, keys.as_slice()))
        })
    }

    /// What `key` does where the places of `chain` apply.
    #[must_use]
    pub fn action(&self, chain: &[Place], key: Key) -> Option<Action> {
        self.in_chain(chain)
            .find(|(_, keys)| keys.contains(&key))
            .map(|(row, _)| row.action)
    }

    /// True where `action` is one of those that apply where `chain` does.
    #[must_use]
    pub fn holds(&self, chain: &[Place], action: Action) -> bool {
        self.in_chain(chain).any(|(row, _)| row.action == action)
    }

    /// All rows with their keys, in the order of the table.
    pub fn rows(&self) -> impl Iterator<Item = (&Row, &[Key])> {
        self.rows.iter().map(|(row, keys)| (row, keys.as_slice()))
    }

    /// The rows that the footer may show where `chain` applies, with the key to name.
    pub fn footer<'a>(
        &'a self,
        chain: &'a [Place],
    ) -> impl Iterator<Item = (Action, Key, &'static str)> + 'a {
        self.in_chain(chain)
            .filter(|(row, _)| !row.short.is_empty())
            .filter_map(|(row, keys)| Some((row.action, *keys.first()?, row.short)))
    }
}

/// The keys of one row as people read them.
#[must_use]
pub fn shown(keys: &[Key]) -> String {
    keys.iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("  ")
}

/// The key list of the README: Markdown, a table for each place.
#[must_use]
pub fn markdown() -> String {
    let mut text = String::new();
    let mut place = None;
    let Ok(map) = Keymap::new(&BTreeMap::new()) else {
        return text;
    };
    for (row, keys) in map.rows().filter(|(_, keys)| !keys.is_empty()) {
        if place != Some(row.place) {
            place = Some(row.place);
            text.push_str(&format!(
                "\n**{}**\n\n| key | |\n|---|---|\n",
                row.place.words()
            ));
        }
        let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
        text.push_str(&format!("| {} | {} |\n", keys.join(" "), row.words));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_is_bound_twice_where_both_apply() {
        Keymap::new(&BTreeMap::new()).unwrap();
    }

    #[test]
    fn every_key_of_the_table_is_one() {
        for row in TABLE {
            for key in row.keys {
                key.parse::<Key>()
                    .unwrap_or_else(|e| panic!("{:?}: {e}", row.action));
            }
        }
    }

    #[test]
    fn a_conflict_in_the_settings_is_named() {
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
        assert_eq!(map.action(CHAINS[1], key), Some(Action::Undo));
    }
}
