//! From times and text to pixels.

use crate::domain::time::UtcTime;
use unicode_width::UnicodeWidthStr;

/// Maps times from `from` to `to` to px from the left.
pub(super) struct PixelScale {
    pub from: UtcTime,
    pub to: UtcTime,
    pub width: usize,
}

impl PixelScale {
    pub fn x(&self, at: UtcTime) -> usize {
        let whole = i128::from((self.to - self.from).num_milliseconds().max(1));
        let part = i128::from((at - self.from).num_milliseconds()).clamp(0, whole);
        let width = i128::try_from(self.width).unwrap_or(i128::MAX);
        usize::try_from(part * width / whole).unwrap_or(0)
    }
}

/// Estimates the width of `text` at a font size of 12 px. Rather too wide: that only adds space
/// between labels.
pub(super) fn text_width(text: &str) -> usize {
    text.width() * 7
}
