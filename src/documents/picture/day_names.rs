//! Places the names of days above the axis: each day has a name, and no two overlap.

use super::axis::NamedStretch;
use crate::domain::time::UtcTime;

/// Lengths that differ by less are equal.
const ROUNDING: f64 = 0.001;
/// How far a name may be moved to the right, as a part of its day.
const MAX_SHIFT: f64 = 0.6;

/// How wide the axis and its letters are: px in a drawing, letters in text.
#[derive(Clone, Copy)]
pub(super) struct Ruler {
    /// Of the whole axis.
    pub width: f64,
    /// How far a name may go beyond the right end.
    pub beyond: f64,
    /// From the beginning of a day to its name; the first name is at the very left.
    pub inset: f64,
    /// The least distance between two names.
    pub gap: f64,
    pub measure: fn(&str) -> f64,
}

/// A placed name.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DayName {
    /// Where its day begins, from 0 to 1.
    pub fraction: f64,
    /// From there to its left edge, in units of the ruler.
    pub offset: f64,
    /// True if its day is so near to the right end that its right edge is as far beyond as it may be.
    pub at_right_end: bool,
    pub text: String,
    /// Its left and right edge, in units of the ruler.
    pub extent: (f64, f64),
}

/// Which form a name has whose day is too short for it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shortest {
    /// The first and the last day keep their weekday: the names beside them make room.
    Weekday,
    Number,
    /// All days have only their number.
    AllNumbers,
}

/// Returns a name for each stretch that has room for one.
pub(super) fn place(
    stretches: &[NamedStretch],
    fraction: impl Fn(UtcTime) -> f64,
    ruler: &Ruler,
) -> Vec<DayName> {
    let starts: Vec<f64> = stretches
        .iter()
        .enumerate()
        .map(|(i, stretch)| match i {
            0 => 0.0,
            _ => fraction(stretch.from) * ruler.width,
        })
        .collect();
    [Shortest::Weekday, Shortest::Number, Shortest::AllNumbers]
        .into_iter()
        .find_map(|shortest| pack(stretches, &starts, ruler, shortest, true))
        .or_else(|| pack(stretches, &starts, ruler, Shortest::Number, false))
        .unwrap_or_default()
}

/// Places all names from left to right; `None` if one of them finds no room, unless it may be left out.
fn pack(
    stretches: &[NamedStretch],
    starts: &[f64],
    ruler: &Ruler,
    shortest: Shortest,
    all: bool,
) -> Option<Vec<DayName>> {
    let mut names = Vec::with_capacity(stretches.len());
    let mut end = f64::NEG_INFINITY;
    let last = stretches.len().saturating_sub(1);
    let day_end = |i: usize| starts.get(i + 1).copied().unwrap_or(ruler.width);
    let inset = |i: usize| if i == 0 { 0.0 } else { ruler.inset };
    let fitting = |i: usize| {
        let room = day_end(i) - starts[i] - inset(i) - ruler.gap;
        shorter_than_fitting(&stretches[i], room, ruler)
    };
    // All days but the first and the last have names of the same form.
    let of_middle = (1..last).map(fitting).min().unwrap_or(0);
    for (i, stretch) in stretches.iter().enumerate() {
        let (is_last, day_end, inset) = (i == last, day_end(i), inset(i));
        let text = if i == 0 || is_last {
            choose_form(stretch, fitting(i), shortest)
        } else if shortest == Shortest::AllNumbers {
            form(stretch, 0)
        } else {
            form(stretch, of_middle)
        };
        let width = (ruler.measure)(text);
        let mut left = (starts[i] + inset).max(end + ruler.gap);
        let at_right_end = left + width > ruler.width + ruler.beyond;
        if at_right_end {
            left = ruler.width + ruler.beyond - width;
        }
        let overlaps = left < end + ruler.gap - ROUNDING || left < 0.0;
        // The first name may go beyond its day, and others make room for it, so far as they are still
        // seen to be of their days.
        let begins_late = left > starts[i] + inset + (day_end - starts[i]) * MAX_SHIFT;
        let passes_next = if all {
            i > 0 && begins_late && !at_right_end
        } else {
            left + width > day_end + ROUNDING && !is_last
        };
        if overlaps || passes_next {
            if all {
                return None;
            }
            continue;
        }
        end = left + width;
        names.push(DayName {
            fraction: starts[i] / ruler.width,
            offset: left - starts[i],
            at_right_end,
            text: text.to_owned(),
            extent: (left, left + width),
        });
    }
    Some(names)
}

/// Returns how many forms are shorter than the longest one that fits; 0 if only the shortest may do.
fn shorter_than_fitting(stretch: &NamedStretch, room: f64, ruler: &Ruler) -> usize {
    let fitting = stretch
        .forms
        .iter()
        .position(|form| (ruler.measure)(form) <= room);
    fitting.map_or(0, |i| stretch.forms.len() - 1 - i)
}

/// Returns the form of which `shorter` ones are shorter.
fn form(stretch: &NamedStretch, shorter: usize) -> &str {
    let index = stretch.forms.len().checked_sub(shorter + 1);
    index.map_or("", |i| stretch.forms[i].as_str())
}

/// Returns the form of the first or the last name.
fn choose_form(stretch: &NamedStretch, fitting: usize, shortest: Shortest) -> &str {
    let weekday = stretch.forms.len() - stretch.with_weekday;
    match shortest {
        Shortest::AllNumbers => form(stretch, 0),
        Shortest::Weekday if fitting == 0 && stretch.with_weekday > 0 => form(stretch, weekday),
        _ => form(stretch, fitting),
    }
}
