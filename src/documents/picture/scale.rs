//! From times to places on the axis, and from text to its width.

use crate::domain::time::UtcTime;
use unicode_width::UnicodeWidthChar;

/// The narrowest axis on a wide screen, in px: what fits there fits on every wider one.
pub(super) const WIDE: f64 = 560.0;
/// The narrowest axis on a phone (a screen of 320 px), in px. On paper it is wider.
pub(super) const NARROW: f64 = 288.0;

/// The times from the left end of the axis to the right end.
#[derive(Clone, Copy, Debug)]
pub(super) struct TimeScale {
    pub from: UtcTime,
    pub to: UtcTime,
}

impl TimeScale {
    /// The place of `at` from 0 (left end) to 1 (right end); times outside are at the ends.
    #[expect(
        clippy::cast_precision_loss,
        reason = "at most some thousand years in ms"
    )]
    pub fn fraction(&self, at: UtcTime) -> f64 {
        let whole = (self.to - self.from).num_milliseconds().max(1);
        let part = (at - self.from).num_milliseconds().clamp(0, whole);
        part as f64 / whole as f64
    }

    pub fn minutes(&self) -> i64 {
        (self.to - self.from).num_minutes()
    }

    pub fn contains(&self, at: UtcTime) -> bool {
        (self.from..=self.to).contains(&at)
    }
}

/// Formats a fraction as an SVG length: `12.5%`.
pub(super) fn percent(fraction: f64) -> String {
    let text = format!("{:.3}", fraction * 100.0);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text}%")
}

/// Formats px with at most one decimal.
pub(super) fn px(length: f64) -> String {
    let text = format!("{length:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// Estimates the width of `text` in px at a font size of 11.5 px, rather too wide.
pub(super) fn text_width(text: &str) -> f64 {
    text.chars()
        .map(|c| match c {
            ' ' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | '(' | ')' | 'i' | 'j' | 'l' | 't'
            | 'I' => 3.2,
            'm' | 'w' | 'M' | 'W' => 9.5,
            c => match c.width() {
                None | Some(0) => 0.0,
                Some(1) => 6.6,
                Some(_) => 13.2,
            },
        })
        .sum()
}
