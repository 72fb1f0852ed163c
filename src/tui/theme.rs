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

/// The background that the default styles are to be read on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Background {
    #[default]
    Dark,
    Light,
}

/// The key in the settings that names the background.
const PRESET: &str = "preset";

impl Background {
    /// Returns what the terminal says in `COLORFGBG`, whose last number is the background's colour: `15;0` is
    /// dark, `0;15` light. Dark where it says nothing.
    #[must_use]
    pub fn of_terminal(colorfgbg: Option<&str>) -> Self {
        let last = colorfgbg.and_then(|text| text.rsplit(';').next());
        match last.and_then(|number| number.trim().parse().ok()) {
            Some(7 | 9..=15) => Self::Light,
            Some(0_u8..) | None => Self::Dark,
        }
    }

    fn named(name: &str) -> Result<Self, String> {
        match name {
            "dark" => Ok(Self::Dark),
            "light" => Ok(Self::Light),
            _ => Err(format!(
                "theme: there is no preset `{name}`; one of: dark, light"
            )),
        }
    }
}

/// The default styles with those of the settings.
#[derive(Clone, Debug)]
pub struct Theme {
    colour: bool,
    background: Background,
    overrides: BTreeMap<Meaning, Style>,
}

impl Theme {
    /// Returns the theme for a dark background; see [`Theme::on`].
    ///
    /// # Errors
    /// Those of [`Theme::on`].
    pub fn new(settings: &BTreeMap<String, String>, colour: bool) -> Result<Self, String> {
        Self::on(Background::Dark, settings, colour)
    }

    /// Returns the theme with the styles of `settings`, which maps meanings to words such as `red
    /// bold`, and `preset` to the background if it is another than `background`. Without `colour`, all colours
    /// are dropped.
    ///
    /// # Errors
    /// Unknown meaning or preset, or a word that is neither colour nor attribute.
    pub fn on(
        background: Background,
        settings: &BTreeMap<String, String>,
        colour: bool,
    ) -> Result<Self, String> {
        let preset = settings.get(PRESET).map(|name| Background::named(name));
        let background = preset.unwrap_or(Ok(background))?;
        let mut overrides = BTreeMap::new();
        for (name, words) in settings.iter().filter(|(name, _)| *name != PRESET) {
            let Some((_, meaning)) = MEANING_NAMES.iter().find(|(word, _)| word == name) else {
                let known: Vec<_> = MEANING_NAMES.iter().map(|(word, _)| *word).collect();
                return Err(format!(
                    "theme: there is no `{name}`; one of: {PRESET}, {}",
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
        Ok(Self {
            colour,
            background,
            overrides,
        })
    }

    /// False if all colours are dropped: what they say is said in signs as well.
    #[must_use]
    pub fn has_colour(&self) -> bool {
        self.colour
    }

    #[must_use]
    pub fn style(&self, meaning: Meaning) -> Style {
        let style = self.overrides.get(&meaning).copied();
        let style = style.unwrap_or_else(|| match self.background {
            Background::Dark => style_on_dark(meaning),
            // Without colour there is no background to mind.
            Background::Light if self.colour => style_on_light(meaning),
            Background::Light => style_on_dark(meaning),
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

fn style_on_dark(meaning: Meaning) -> Style {
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
}

/// Only blue, magenta and red of the 16 colours can be read on white with every terminal's palette; dim text is
/// too pale there.
fn style_on_light(meaning: Meaning) -> Style {
    let fg = |colour| Style::new().fg(colour);
    match meaning {
        Meaning::Plain | Meaning::Dim | Meaning::Ok => Style::new(),
        Meaning::Strong | Meaning::Accent | Meaning::New => {
            Style::new().add_modifier(Modifier::BOLD)
        }
        Meaning::AtRisk | Meaning::Warning | Meaning::Customer => fg(Color::Blue),
        Meaning::Degraded => fg(Color::Magenta),
        Meaning::Down | Meaning::Error => fg(Color::Red).add_modifier(Modifier::BOLD),
        Meaning::Found => Style::new().add_modifier(Modifier::UNDERLINED),
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

    fn settings(name: &str, words: &str) -> BTreeMap<String, String> {
        BTreeMap::from([(name.to_owned(), words.to_owned())])
    }

    #[test]
    fn terminal_names_its_background() {
        for (value, expected) in [
            (None, Background::Dark),
            (Some("15;0"), Background::Dark),
            (Some("7;8"), Background::Dark),
            (Some("0;15"), Background::Light),
            (Some("0;default;7"), Background::Light),
            (Some("0;default"), Background::Dark),
            (Some("12;999"), Background::Dark),
            (Some(""), Background::Dark),
        ] {
            assert_eq!(Background::of_terminal(value), expected, "{value:?}");
        }
    }

    #[test]
    fn light_theme_has_only_colours_that_are_readable_on_white() {
        let theme = Theme::new(&settings(PRESET, "light"), true).unwrap();
        for (name, meaning) in MEANING_NAMES {
            let style = theme.style(meaning);
            let is_readable = matches!(
                style.fg,
                None | Some(Color::Blue | Color::Magenta | Color::Red)
            );
            assert!(is_readable, "{name}: {style:?}");
            assert!(!style.add_modifier.contains(Modifier::DIM), "{name}");
        }
        // What the settings say of a meaning goes first.
        let mut both = settings(PRESET, "light");
        both.extend(settings("down", "yellow"));
        let theme = Theme::new(&both, true).unwrap();
        assert_eq!(theme.style(Meaning::Down).fg, Some(Color::Yellow));
    }

    #[test]
    fn preset_of_the_settings_goes_before_the_terminal() {
        let no_settings = BTreeMap::new();
        let light = Theme::on(Background::Light, &no_settings, true).unwrap();
        assert_eq!(light.style(Meaning::Warning).fg, Some(Color::Blue));
        let dark = Theme::on(Background::Light, &settings(PRESET, "dark"), true).unwrap();
        assert_eq!(dark.style(Meaning::Warning).fg, Some(Color::Yellow));
        let error = Theme::new(&settings(PRESET, "lihgt"), true).unwrap_err();
        assert!(
            error.contains("lihgt") && error.contains("dark, light"),
            "{error}"
        );
    }

    #[test]
    fn invalid_color_error_names_the_value() {
        let settings = BTreeMap::from([("down".to_owned(), "rde".to_owned())]);
        assert!(Theme::new(&settings, true).unwrap_err().contains("rde"));
    }
}
