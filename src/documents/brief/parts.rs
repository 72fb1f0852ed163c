//! A fact of a brief while it is put together.

use super::fact::Fact;

/// What is typed into a fact, and how it is put.
pub(super) struct Parts {
    pub before: String,
    pub typed: String,
    pub after: String,
    pub is_recorded: bool,
}

impl Parts {
    pub fn recorded(text: impl Into<String>) -> Self {
        Self {
            before: text.into(),
            typed: String::new(),
            after: String::new(),
            is_recorded: true,
        }
    }

    pub fn missing(text: impl Into<String>) -> Self {
        Self {
            is_recorded: false,
            ..Self::recorded(text)
        }
    }

    pub fn typed(text: String) -> Self {
        Self {
            typed: text,
            ..Self::recorded("")
        }
    }

    pub fn named(self, name: &'static str, label: &'static str, importance: u8) -> Fact {
        Fact {
            name,
            label,
            before: self.before,
            typed: self.typed,
            after: self.after,
            is_recorded: self.is_recorded,
            importance,
        }
    }
}
