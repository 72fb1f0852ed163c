//! The theme: meanings to styles. It uses the 16 named colours on the terminal's own background;
//! with `NO_COLOR` only bold, dim, underlined and reversed.

use crate::domain::words::{Kind, State};
use ratatui::style::{Color, Modifier, Style};
use std::{collections::BTreeMap, str::FromStr as _};

/// The meaning of a style.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meaning {
    /// Ordinary text.
    Plain,
    /// Secondary text.
    Dim,
    /// Titles and other prominent text.
    Strong,
    /// Keys, prompts, suggestions.
    Accent,
    /// State ok; success.
    Ok,
    /// State at-risk: redundancy lost.
    AtRisk,
    /// State degraded.
    Degraded,
    /// State down.
    Down,
    /// Customer wording.
    Customer,
    Error,
    /// Needs attention.
    Warning,
    /// Unread: written by others.
    New,
    /// Search hits.
    Found,
}

const MEANING_NAMES: [(&str, Meaning); 13] = [
    ("plain", Meaning::Plain),
    ("dim", Meaning::Dim),
    ("strong", Meaning::Strong),
    ("accent", Meaning::Accent),
    ("ok", Meaning::Ok),
    ("at-risk", Meaning::AtRisk),
    ("degraded", Meaning::Degraded),
    ("down", Meaning::Down),
    ("customer", Meaning::Customer),
    ("error", Meaning::Error),
    ("warning", Meaning::Warning),
    ("new", Meaning::New),
    ("found", Meaning::Found),
];

/// The default styles with those of the settings.
#[derive(Clone, Debug)]
pub struct Theme {
    colour: bool,
    overrides: BTreeMap<Meaning, Style>,
}

impl Theme {
    /// Returns the theme with the styles of `settings`, which maps meanings to words such as `red
    /// bold`. Without `colour`, all colours are dropped.
    ///
    /// # Errors
    /// Unknown meaning, or a word that is neither colour nor attribute.
    pub fn new(settings: &BTreeMap<String, String>, colour: bool) -> Result<Self, String> {
        let mut overrides = BTreeMap::new();
        for (name, words) in settings {
            let Some((_, meaning)) = MEANING_NAMES.iter().find(|(word, _)| word == name) else {
                let known: Vec<_> = MEANING_NAMES.iter().map(|(word, _)| *word).collect();
                return Err(format!(
                    "theme: there is no `{name}`; one of: {}",
                    known.join(", ")
                ));
            };
            let mut style = Style::new();
            for word in words.split_whitespace() {
                style = match word {
                    "bold" => style.add_modifier(Modifier::BOLD),
                    "dim" => style.add_modifier(Modifier::DIM),
                    "underlined" => style.add_modifier(Modifier::UNDERLINED),
                    "reversed" => style.add_modifier(Modifier::REVERSED),
                    colour => match Color::from_str(colour) {
                        Ok(colour) => style.fg(colour),
                        Err(_) => {
                            return Err(format!(
                                "theme: {name}: `{word}` is neither a colour nor bold, dim, underlined, reversed"
                            ));
                        }
                    },
                };
            }
            overrides.insert(*meaning, style);
        }
        Ok(Self { colour, overrides })
    }

    /// False if all colours are dropped: what they say is said in signs as well.
    #[must_use]
    pub fn has_colour(&self) -> bool {
        self.colour
    }

    #[must_use]
    pub fn style(&self, meaning: Meaning) -> Style {
        let style = self.overrides.get(&meaning).copied().unwrap_or_else(|| {
            let fg = |colour| Style::new().fg(colour);
            match meaning {
                Meaning::Plain => Style::new(),
                Meaning::Dim => Style::new().add_modifier(Modifier::DIM),
                Meaning::Strong => Style::new().add_modifier(Modifier::BOLD),
                Meaning::Accent => fg(Color::Cyan),
                Meaning::Ok => fg(Color::Green),
                Meaning::AtRisk | Meaning::Warning => fg(Color::Yellow),
                Meaning::Degraded => fg(Color::Magenta),
                Meaning::Down | Meaning::Error => fg(Color::Red).add_modifier(Modifier::BOLD),
                Meaning::Customer => fg(Color::Blue),
                Meaning::New => fg(Color::Green).add_modifier(Modifier::BOLD),
                Meaning::Found => Style::new().add_modifier(Modifier::UNDERLINED),
            }
        });
        if self.colour {
            return style;
        }
        Style {
            fg: None,
            bg: None,
            underline_color: None,
            ..style
        }
    }

    /// Returns the style of a state; `None` is drawn like an unknown state.
    #[must_use]
    pub fn state_style(&self, state: Option<State>) -> Style {
        self.style(match state {
            None | Some(State::Unknown) => Meaning::Warning,
            Some(State::Ok) => Meaning::Ok,
            Some(State::AtRisk) => Meaning::AtRisk,
            Some(State::Degraded) => Meaning::Degraded,
            Some(State::Down) => Meaning::Down,
        })
    }

    #[must_use]
    pub fn selected(&self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }
}

/// Returns the glyph of a state: one column wide, higher for a worse state.
#[must_use]
pub fn state_glyph(state: Option<State>) -> &'static str {
    match state {
        None => "·",
        Some(State::Ok) => "▁",
        Some(State::AtRisk) => "▃",
        Some(State::Degraded) => "▅",
        Some(State::Unknown) => "?",
        Some(State::Down) => "█",
    }
}

/// Returns the word of a kind for the screen: an `ask` is a request.
#[must_use]
pub fn kind_word(kind: &Kind) -> &str {
    match kind {
        Kind::Ask => "request",
        kind => kind.as_str(),
    }
}

/// Returns the glyph of a kind, one column wide.
#[must_use]
pub fn kind_glyph(kind: &Kind) -> &'static str {
    match kind {
        Kind::Fault => "▲",
        Kind::Absorbed => "△",
        Kind::Detect => "◆",
        Kind::Ack => "◇",
        Kind::Suspect => "?",
        Kind::Finding => "!",
        Kind::Cause => "■",
        Kind::Factor => "¦",
        Kind::Change => "±",
        Kind::Decision => "●",
        Kind::Ask => "○",
        Kind::Action => ">",
        Kind::Verify => "=",
        Kind::Mitigate => "▼",
        Kind::Restore => "◄",
        Kind::Comms => "≡",
        Kind::Handoff => "→",
        Kind::Declare => "►",
        Kind::Resolve => "√",
        Kind::Reopen => "«",
        Kind::Note | Kind::Other(_) => "·",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn theme_without_color_sets_no_foreground() {
        let theme = Theme::new(&BTreeMap::new(), false).unwrap();
        for (_, meaning) in MEANING_NAMES {
            assert_eq!(theme.style(meaning).fg, None);
        }
    }

    #[test]
    fn invalid_color_error_names_the_value() {
        let settings = BTreeMap::from([("down".to_owned(), "rde".to_owned())]);
        assert!(Theme::new(&settings, true).unwrap_err().contains("rde"));
    }
}
