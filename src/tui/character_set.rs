//! Which characters the terminal can show: all of them, or ASCII in place of what the app draws itself.

/// The characters that are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CharacterSet {
    #[default]
    Unicode,
    /// The app's own signs in ASCII; texts as they are written.
    AsciiSigns,
    /// Nothing but ASCII: the terminal does not read UTF-8.
    AsciiOnly,
}

impl CharacterSet {
    /// Chooses the set from the settings' `ascii` and the environment, which `variable` looks up by name.
    ///
    /// `ascii = false` is Unicode always. A locale that is not UTF-8 is [`CharacterSet::AsciiOnly`]. In a UTF-8
    /// locale, `ascii = true`, a console whose font has few signs, and a locale where many signs take two columns
    /// are [`CharacterSet::AsciiSigns`].
    #[must_use]
    pub fn choose(setting: Option<bool>, variable: impl Fn(&str) -> Option<String>) -> Self {
        if setting == Some(false) {
            return Self::Unicode;
        }
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .into_iter()
            .filter_map(&variable)
            .find(|value| !value.is_empty())
            .unwrap_or_default();
        let terminal = variable("TERM").unwrap_or_default();
        if !is_utf8(&locale) {
            Self::AsciiOnly
        } else if setting == Some(true) || is_console(&terminal) || has_wide_signs(&locale) {
            Self::AsciiSigns
        } else {
            Self::Unicode
        }
    }

    /// Returns the keys, as the screen names them, in this set: an arrow key by its word, since a `v` for `↓`
    /// would be read as the letter.
    #[must_use]
    pub fn key_names(self, keys: &str) -> String {
        const ARROWS: [(&str, &str); 4] =
            [("↑", "Up"), ("↓", "Down"), ("←", "Left"), ("→", "Right")];
        let mut names = keys.to_owned();
        if self != Self::Unicode {
            for (arrow, word) in ARROWS {
                names = names.replace(arrow, word);
            }
        }
        names
    }
}

/// True if the locale's encoding is UTF-8: `de_CH.UTF-8`, `C.utf8`, `sr_RS.UTF-8@latin`.
fn is_utf8(locale: &str) -> bool {
    let encoding = locale.split_once('.').map_or("", |(_, rest)| rest);
    let encoding = encoding.split('@').next().unwrap_or_default();
    encoding.eq_ignore_ascii_case("UTF-8") || encoding.eq_ignore_ascii_case("utf8")
}

/// True for the text consoles, whose fonts have few signs besides letters: `linux`, `vt100`, `ansi`.
fn is_console(terminal: &str) -> bool {
    let is_vt = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    terminal.strip_prefix("vt").is_some_and(is_vt)
        || ["linux", "cons", "ansi", "sun"]
            .iter()
            .any(|name| terminal.starts_with(name))
}

/// True for Chinese, Japanese and Korean: there, signs such as `▲` and `…` may take two columns.
fn has_wide_signs(locale: &str) -> bool {
    let language = locale.split(['_', '.', '@']).next().unwrap_or_default();
    ["zh", "ja", "ko"].contains(&language)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(setting: Option<bool>, variables: &[(&str, &str)]) -> CharacterSet {
        CharacterSet::choose(setting, |name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn locale_terminal_and_setting_choose_the_set() {
        use CharacterSet::{AsciiOnly, AsciiSigns, Unicode};
        for (setting, variables, expected) in [
            (None, &[("LANG", "de_CH.UTF-8")][..], Unicode),
            (None, &[("LC_ALL", "C.utf8"), ("LANG", "C")], Unicode),
            (None, &[("LC_ALL", ""), ("LANG", "C.UTF-8")], Unicode),
            (None, &[("LANG", "sr_RS.UTF-8@latin")], Unicode),
            (None, &[("LC_ALL", "C"), ("LANG", "de_CH.UTF-8")], AsciiOnly),
            (
                None,
                &[("LC_CTYPE", "POSIX"), ("LANG", "C.UTF-8")],
                AsciiOnly,
            ),
            (None, &[("LANG", "de_DE.ISO-8859-1")], AsciiOnly),
            (None, &[], AsciiOnly),
            (None, &[("LANG", "C.UTF-8"), ("TERM", "linux")], AsciiSigns),
            (None, &[("LANG", "C.UTF-8"), ("TERM", "vt220")], AsciiSigns),
            (
                None,
                &[("LANG", "C.UTF-8"), ("TERM", "vte-256color")],
                Unicode,
            ),
            (None, &[("LANG", "ja_JP.UTF-8")], AsciiSigns),
            (Some(true), &[("LANG", "C.UTF-8")], AsciiSigns),
            (Some(true), &[("LANG", "C")], AsciiOnly),
            (Some(false), &[("LANG", "C"), ("TERM", "linux")], Unicode),
        ] {
            assert_eq!(
                choose(setting, variables),
                expected,
                "{setting:?} {variables:?}"
            );
        }
    }
}
