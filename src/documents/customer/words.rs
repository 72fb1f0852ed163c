//! The words of times and durations in letters, from the template `words.j2`.

use crate::documents::{DocumentError, Templates};
use serde::Deserialize;
use unicode_width::UnicodeWidthStr;

/// The template that sets the words.
pub(super) const WORDS_TEMPLATE: &str = "words.j2";

/// What `words.j2` sets. `{}` and `{name}` in a text stand for a value. The second of a pair is for dates
/// with the month first; of a number, the first is for one.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Words {
    pub(super) about: String,
    pub(super) less_than_a_minute: String,
    pub(super) minutes: [String; 2],
    pub(super) hours: [String; 2],
    pub(super) days: [String; 2],
    pub(super) short_minutes: String,
    pub(super) short_hours: String,
    pub(super) short_days: String,
    pub(super) weekdays: [String; 7],
    pub(super) short_weekdays: [String; 7],
    pub(super) months: [String; 12],
    pub(super) short_months: [String; 12],
    pub(super) morning: String,
    pub(super) afternoon: String,
    pub(super) date: [String; 2],
    pub(super) short_date: [String; 2],
    pub(super) days_of_month: [String; 2],
    pub(super) days_of_year: [String; 2],
    pub(super) weekday_date: String,
    pub(super) range: String,
    pub(super) time_on_day: String,
    pub(super) period: String,
    pub(super) period_before: String,
    pub(super) period_of_days: String,
    pub(super) period_over_clock_change: String,
    /// Added later: a user's own template may be older and not have it.
    drill_subject: Option<String>,
    drill_line: Option<String>,
}

/// What marks a letter as one of a drill.
pub(in crate::documents) struct DrillMark {
    /// The subject, with `{}` for that of the letter.
    subject: String,
    /// The line above the text.
    line: String,
}

impl DrillMark {
    /// # Errors
    /// Those of [`Words::load`].
    pub(in crate::documents) fn load(templates: &Templates) -> Result<Self, DocumentError> {
        let words = Words::load(templates)?;
        let built_in = Words::load(&Templates::default())?;
        let subject = words.drill_subject.or(built_in.drill_subject);
        let line = words.drill_line.or(built_in.drill_line);
        Ok(Self {
            subject: subject.unwrap_or_default(),
            line: line.unwrap_or_default(),
        })
    }

    /// Returns the columns that the mark adds to a subject.
    pub(in crate::documents) fn subject_columns(&self) -> usize {
        self.mark_subject("").width()
    }

    pub(in crate::documents) fn mark_subject(&self, subject: &str) -> String {
        self.subject.replace("{}", subject)
    }

    pub(in crate::documents) fn mark_body(&self, body: &str) -> String {
        format!("{}\n\n{}", self.line, body.trim_start())
    }
}

impl Words {
    /// Reads the words that the template sets.
    ///
    /// # Errors
    /// The template fails, or a word is missing or of another form.
    pub(super) fn load(templates: &Templates) -> Result<Self, DocumentError> {
        let values = templates.exports(WORDS_TEMPLATE)?;
        Self::deserialize(values).map_err(|error| DocumentError::Template {
            name: WORDS_TEMPLATE.to_owned(),
            line: None,
            message: error.to_string(),
        })
    }
}

/// Returns `pattern` with each `{name}` replaced by its value.
pub(super) fn fill(pattern: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}') else {
            break;
        };
        out.push_str(&rest[..open]);
        let name = &rest[open + 1..open + close];
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => out.push_str(value),
            None => out.push_str(&rest[open..=open + close]),
        }
        rest = &rest[open + close + 1..];
    }
    out.push_str(rest);
    out
}
