//! The severities that can be typed: `sev1` to `sev5` and `sev0`, or the names in the settings.

use super::words::{Severity, Word};

/// The names of severities, most severe first. The journal stores the name; one that is not among these
/// still reads and shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Severities(Vec<String>);

impl Severities {
    /// `names` are those of the settings, most severe first; none means `sev1` to `sev5` and `sev0`.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn new(names: &[String]) -> Result<Self, String> {
        for (n, name) in names.iter().enumerate() {
            let is_word = |c: char| c.is_alphanumeric() || "-_.".contains(c);
            if name.is_empty() || !name.chars().all(is_word) || name.chars().count() > 24 {
                return Err(format!(
                    "`{name}` cannot name a severity: use one word of letters, digits, - _ ."
                ));
            }
            let lower = name.to_lowercase();
            if lower == "none" {
                return Err("`none` cannot be a severity: it says that there is none".to_owned());
            }
            if names[..n].iter().any(|other| other.to_lowercase() == lower) {
                return Err(format!("the severity `{name}` is there twice"));
            }
        }
        Ok(Self(names.to_vec()))
    }

    /// Returns the severity that `typed` means, in any case; `P1`, `1` and `SEV-1` mean `sev1`.
    #[must_use]
    pub fn parse(&self, typed: &str) -> Option<Word<Severity>> {
        let lower = typed.trim().to_lowercase();
        let named = self.0.iter().find(|name| name.to_lowercase() == lower);
        if let Some(name) = named {
            return Some(Word::stored(name));
        }
        let level: Severity = lower.parse().ok()?;
        let is_known = self.0.is_empty() || self.0.contains(&level.to_string());
        is_known.then_some(Word::Known(level))
    }

    /// Its place in the order of severity: 0 is the most severe one. `sev0` and `sev1` both are, unless the
    /// settings say otherwise. `None` if it is not among those that can be typed.
    #[must_use]
    pub fn rank(&self, severity: &Word<Severity>) -> Option<usize> {
        if self.0.is_empty() {
            let level = severity.known()?.level();
            return Some(usize::from(level.max(1)) - 1);
        }
        let word = severity.to_string();
        self.0.iter().position(|name| *name == word)
    }

    /// The names of the settings; empty if there are none.
    #[must_use]
    pub fn own_names(&self) -> &[String] {
        &self.0
    }

    /// The columns that a list needs for them: at most ten.
    #[must_use]
    pub fn columns(&self) -> usize {
        let longest = self.0.iter().map(|name| name.chars().count()).max();
        longest.unwrap_or(0).clamp(4, 10)
    }

    /// The names, for a message: `sev1, sev2, …`.
    #[must_use]
    pub fn list(&self) -> String {
        if self.0.is_empty() {
            return "sev0, sev1, sev2, sev3, sev4, sev5".to_owned();
        }
        self.0.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(names: &[&str]) -> Result<Severities, String> {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        Severities::new(&names)
    }

    #[test]
    fn own_names_replace_the_levels_and_are_ranked_in_their_order() {
        let own = own(&["Critical", "major", "minor"]).unwrap();
        let critical = own.parse("CRITICAL").unwrap();
        assert_eq!(critical.to_string(), "Critical");
        assert_eq!(own.rank(&critical), Some(0));
        assert_eq!(own.rank(&own.parse("minor").unwrap()), Some(2));
        assert_eq!(own.parse("sev1"), None);
        // An entry from before the settings.
        assert_eq!(own.rank(&Word::stored("sev1")), None);
    }

    #[test]
    fn levels_of_the_settings_are_typed_in_every_spelling() {
        let own = own(&["sev0", "sev1", "sev2"]).unwrap();
        assert_eq!(own.parse("P0").unwrap().to_string(), "sev0");
        assert_eq!(own.rank(&own.parse("SEV1").unwrap()), Some(1));
        assert_eq!(own.parse("sev3"), None);
        let default = Severities::default();
        assert_eq!(default.rank(&default.parse("sev0").unwrap()), Some(0));
        assert_eq!(default.rank(&default.parse("sev1").unwrap()), Some(0));
        assert_eq!(default.rank(&default.parse("p3").unwrap()), Some(2));
        assert_eq!(default.parse("critical"), None);
    }

    #[test]
    fn names_that_cannot_be_typed_are_refused() {
        for names in [&["very bad"][..], &[""], &["major", "Major"], &["none"]] {
            assert!(own(names).is_err(), "{names:?}");
        }
    }
}
