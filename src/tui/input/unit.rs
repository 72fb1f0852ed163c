//! What the terminal reports, one key, mouse event or paste at a time.

use crate::tui::{keys::Key, msg::Mouse};
use crossterm::event::{KeyCode, KeyModifiers};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unit {
    Key {
        key: Key,
        /// The terminal says that the key is held down.
        repeat: bool,
    },
    Mouse(Mouse),
    /// A bracketed paste, as it was sent.
    Paste(String),
}

impl Unit {
    pub fn press(code: KeyCode, modifiers: KeyModifiers) -> Self {
        let key = Key { code, modifiers };
        Self::Key { key, repeat: false }
    }
}

/// Returns the character that `key` stands for in a text: a printable one, a tab, or a line feed for
/// Enter and Ctrl-J.
pub fn text_char(key: Key) -> Option<char> {
    match (key.code, key.modifiers) {
        (KeyCode::Enter, KeyModifiers::NONE) => Some('\n'),
        (KeyCode::Char('j'), KeyModifiers::CONTROL) => Some('\n'),
        (KeyCode::Tab, KeyModifiers::NONE) => Some('\t'),
        _ => key.typed_char(),
    }
}
