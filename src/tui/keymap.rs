//! The table of key bindings. Key handling, footer, help, palette and the key list of the documentation
//! all use it.

mod table;

pub use table::{Action, Binding, DEFAULT_BINDINGS, KeyContext};

use super::keys::{InvalidKey, Key};
use std::collections::BTreeMap;

/// The key bindings, with those of the settings.
#[derive(Clone, Debug)]
pub struct Keymap {
    bindings: Vec<(Binding, Vec<Key>)>,
}

/// An invalid key setting.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeymapError {
    #[error("keys: there is no action `{0}`; the help names them")]
    UnknownAction(String),
    #[error("keys: {action}: {source}")]
    InvalidKey { action: String, source: InvalidKey },
    /// A key is bound to two actions that apply in the same context.
    #[error("keys: {key} would be both `{one}` and `{other}` ({context})")]
    Conflict {
        key: String,
        one: &'static str,
        other: &'static str,
        /// The heading of the context in which both apply.
        context: &'static str,
    },
}

/// The contexts that apply at the same time, each list in the order in which it is searched. The
/// index is chosen by [`Model::active_contexts`](super::model::Model::active_contexts).
pub const KEY_CONTEXTS: [&[KeyContext]; 14] = [
    &[KeyContext::Line, KeyContext::Text, KeyContext::Anywhere],
    &[KeyContext::Timeline, KeyContext::List, KeyContext::Anywhere],
    &[KeyContext::Tasks, KeyContext::List, KeyContext::Anywhere],
    &[
        KeyContext::Postmortem,
        KeyContext::List,
        KeyContext::Anywhere,
    ],
    &[KeyContext::Email, KeyContext::List, KeyContext::Anywhere],
    &[
        KeyContext::Incidents,
        KeyContext::List,
        KeyContext::Anywhere,
    ],
    &[KeyContext::Detail, KeyContext::Anywhere],
    &[KeyContext::Paste, KeyContext::Anywhere],
    &[KeyContext::Prompt, KeyContext::Text, KeyContext::Anywhere],
    &[KeyContext::Finder, KeyContext::Text, KeyContext::Anywhere],
    &[KeyContext::Confirm, KeyContext::Anywhere],
    &[KeyContext::Routing, KeyContext::Text, KeyContext::Anywhere],
    // Any key closes what is open.
    &[],
    &[KeyContext::Import, KeyContext::Anywhere],
];

impl Keymap {
    /// Returns the default bindings with those of `settings`, which maps action names to keys
    /// separated by spaces.
    ///
    /// # Errors
    /// Unknown action, unknown key, or one key for two actions that apply in the same context.
    pub fn new(settings: &BTreeMap<String, String>) -> Result<Self, KeymapError> {
        let mut overrides: Vec<(Action, Vec<Key>)> = Vec::new();
        for (name, keys) in settings {
            let action =
                Action::from_name(name).ok_or_else(|| KeymapError::UnknownAction(name.clone()))?;
            let keys = keys
                .split_whitespace()
                .map(str::parse)
                .collect::<Result<_, InvalidKey>>()
                .map_err(|source| KeymapError::InvalidKey {
                    action: name.clone(),
                    source,
                })?;
            overrides.push((action, keys));
        }
        let bindings = DEFAULT_BINDINGS
            .iter()
            .map(|binding| {
                let keys = match overrides
                    .iter()
                    .find(|(action, _)| *action == binding.action)
                {
                    Some((_, keys)) => keys.clone(),
                    None => binding.keys.iter().filter_map(|k| k.parse().ok()).collect(),
                };
                (*binding, keys)
            })
            .collect();
        let keymap = Self { bindings };
        // The default keys have no conflicts: a test checks them.
        if !settings.is_empty() {
            keymap.check_conflicts()?;
        }
        Ok(keymap)
    }

    fn check_conflicts(&self) -> Result<(), KeymapError> {
        for contexts in KEY_CONTEXTS {
            let mut seen: Vec<(Key, Action)> = Vec::new();
            for (binding, keys) in self.bindings_in(contexts) {
                for key in keys {
                    let is_default = binding.keys.iter().any(|text| text.parse() == Ok(*key));
                    match seen.iter().find(|(other, _)| other == key) {
                        // By default a key of a narrower context goes before that of a wider one.
                        Some((_, other)) if is_default && self.is_default(*other, *key) => {}
                        Some((_, other)) if *other != binding.action => {
                            return Err(KeymapError::Conflict {
                                key: key.to_string(),
                                one: other.name(),
                                other: binding.action.name(),
                                context: binding.context.heading(),
                            });
                        }
                        _ => seen.push((*key, binding.action)),
                    }
                }
            }
        }
        Ok(())
    }

    /// True if the table binds `key` to `action`.
    fn is_default(&self, action: Action, key: Key) -> bool {
        let of_action = |binding: &&Binding| binding.action == action;
        let mut bindings = DEFAULT_BINDINGS.iter().filter(of_action);
        bindings.any(|binding| binding.keys.iter().any(|text| text.parse() == Ok(key)))
    }

    fn bindings_in<'a>(
        &'a self,
        contexts: &'a [KeyContext],
    ) -> impl Iterator<Item = (&'a Binding, &'a [Key])> {
        contexts.iter().flat_map(move |context| {
            self.bindings
                .iter()
                .filter(move |(binding, _)| binding.context == *context)
                .map(|(binding, keys)| (binding, keys.as_slice()))
        })
    }

    /// Returns the action of `key` in `contexts`; the first context that binds it wins.
    #[must_use]
    pub fn action(&self, contexts: &[KeyContext], key: Key) -> Option<Action> {
        self.bindings_in(contexts)
            .find(|(_, keys)| keys.contains(&key))
            .map(|(binding, _)| binding.action)
    }

    /// Returns true if `action` can be run in one of `contexts`.
    #[must_use]
    pub fn has_action(&self, contexts: &[KeyContext], action: Action) -> bool {
        self.bindings_in(contexts)
            .any(|(binding, _)| binding.action == action)
    }

    /// Returns all bindings with their keys, in the order of the table.
    pub fn bindings(&self) -> impl Iterator<Item = (&Binding, &[Key])> {
        self.bindings
            .iter()
            .map(|(binding, keys)| (binding, keys.as_slice()))
    }

    /// Returns what the last row can show in `contexts`: the bindings with a label, and their first keys.
    pub fn footer_hints<'a>(
        &'a self,
        contexts: &'a [KeyContext],
    ) -> impl Iterator<Item = (&'a Binding, Key)> + 'a {
        self.bindings_in(contexts)
            .filter(|(binding, _)| !binding.footer_label.is_empty())
            .filter_map(|(binding, keys)| Some((binding, *keys.first()?)))
    }
}

/// Formats the keys of a binding for the screen.
#[must_use]
pub fn format_keys(keys: &[Key]) -> String {
    keys.iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("  ")
}

/// Returns the key list in Markdown: a table for each context.
#[must_use]
pub fn key_list_markdown() -> String {
    let mut text = String::new();
    let mut context = None;
    let Ok(keymap) = Keymap::new(&BTreeMap::new()) else {
        return text;
    };
    for (binding, keys) in keymap.bindings().filter(|(_, keys)| !keys.is_empty()) {
        if context != Some(binding.context) {
            context = Some(binding.context);
            text.push_str(&format!(
                "\n**{}**\n\n| key | |\n|---|---|\n",
                binding.context.heading()
            ));
        }
        let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
        text.push_str(&format!(
            "| {} | {} |\n",
            keys.join(" "),
            binding.description
        ));
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
        for binding in DEFAULT_BINDINGS {
            for key in binding.keys {
                key.parse::<Key>()
                    .unwrap_or_else(|e| panic!("{:?}: {e}", binding.action));
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
        let keymap = Keymap::new(&settings).unwrap();
        let key = "U".parse().unwrap();
        assert_eq!(keymap.action(KEY_CONTEXTS[1], key), Some(Action::Undo));
    }
}
