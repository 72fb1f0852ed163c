//! Draws the parts of the picture as SVG: the axis, the bars of a row, the milestones, a swatch.
//!
//! Lengths along the axis are per cent and all others are px, without a `viewBox`: one drawing fits every
//! width, and neither letters nor the hatch are distorted.

use super::{
    Picture,
    axis::{Axis, TickUnit},
    bars::{Bar, bars},
    day_names::{self, Ruler},
    placement::{self, DOT_TO_TEXT, Label},
    rows::Row,
    scale::{NARROW, TimeScale, WIDE, percent, px, text_width},
};
use crate::documents::html::push_escaped;
use crate::domain::words::State;
use std::fmt::Write;

/// The height of the two lines of the axis, in px.
pub(super) const HEAD_HEIGHT: usize = 37;
/// From the top of a row to the bottom of its bars, in px.
const BASELINE: usize = 31;
/// The height of a row of milestones, in px.
const STRIP_ROW: usize = 15;
/// The axis for which words in bars are narrow, in px.
const NARROW_WORDS: f64 = 330.0;
/// A tick further left than this part of the axis has no hour and no line.
const FIRST_TICK: f64 = 0.025;
/// The hour of a tick further right than this ends at the right end.
const LAST_TICK: f64 = 0.975;
/// The width that the number of a day needs, in px.
const DATE_WIDTH: f64 = 14.0;
/// The id of the hatch.
const HATCH: &str = "at-risk-hatch";

/// The width for which labels are placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    Wide,
    Narrow,
}

impl Layout {
    fn width(self) -> f64 {
        match self {
            Self::Wide => WIDE,
            Self::Narrow => NARROW,
        }
    }

    /// How far the name of a day may go beyond the axis, in px: nothing else is there on a wide screen, and on a
    /// phone it is the margin.
    fn beyond(self) -> f64 {
        match self {
            Self::Wide => 60.0,
            Self::Narrow => 12.0,
        }
    }

    pub(super) fn ruler(self) -> Ruler {
        Ruler {
            width: self.width(),
            beyond: self.beyond(),
            inset: 4.0,
            gap: 4.0,
            measure: text_width,
        }
    }

    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Wide => "wide",
            Self::Narrow => "narrow",
        }
    }
}

/// The hatch of `at-risk`, to be in the document once.
pub(super) fn push_hatch(out: &mut String) {
    let _ = write!(
        out,
        "<defs><pattern id=\"{HATCH}\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><rect class=\"hatch\" width=\"5\" height=\"5\"/>\
         <line class=\"hatch-line\" x1=\"2.5\" y1=\"0\" x2=\"2.5\" y2=\"5\"/></pattern></defs>"
    );
}

impl Picture {
    /// Draws the names of the days and the hours.
    pub(super) fn push_axis(&self, out: &mut String, layout: Layout) {
        let names = day_names::place(
            &self.axis.stretches,
            |at| self.scale.fraction(at),
            &layout.ruler(),
        );
        for tick in &self.axis.ticks {
            let fraction = self.scale.fraction(tick.at);
            let x = fraction * layout.width();
            let is_behind_name = names.iter().any(|name| {
                let (left, right) = name.extent;
                left - 2.0 < x && x < right + 2.0
            });
            if tick.is_major && fraction > 0.0 && !is_behind_name {
                push_line(out, "midnight", fraction, "0", "18");
            }
            if is_shown(fraction) {
                let class = if tick.is_major { "midnight" } else { "tick" };
                push_line(out, class, fraction, "33", "37");
            }
            if is_shown(fraction) && !tick.hour.is_empty() {
                let (class, x) = if fraction > LAST_TICK {
                    ("hour before", 1.0)
                } else {
                    ("hour", fraction)
                };
                let _ = write!(
                    out,
                    "<text class=\"{class}\" x=\"{}\" y=\"30\">{}</text>",
                    percent(x),
                    tick.hour
                );
            }
        }
        for name in names {
            if name.at_right_end {
                let _ = write!(
                    out,
                    "<text class=\"day end\" x=\"100%\" dx=\"{}\" y=\"13\">{}</text>",
                    px(layout.beyond()),
                    name.text
                );
                continue;
            }
            let x = percent(name.fraction);
            let _ = write!(out, "<text class=\"day\" x=\"{x}\"");
            push_dx(out, name.offset);
            let _ = write!(out, " y=\"13\">{}</text>", name.text);
        }
        if self.axis.unit == TickUnit::Dates && layout == Layout::Wide {
            self.push_dates(out);
        }
    }

    /// Draws the number of each day in its middle; of a very short first or last day beside it.
    fn push_dates(&self, out: &mut String) {
        let last = self.axis.days.len().saturating_sub(1);
        for (i, day) in self.axis.days.iter().enumerate() {
            let (from, to) = (self.scale.fraction(day.from), self.scale.fraction(day.to));
            let fits = (to - from) * WIDE >= DATE_WIDTH;
            let (class, x) = match i {
                0 if !fits => ("hour before", 0.0),
                _ if i == last && !fits => ("hour after", 1.0),
                _ => ("hour", f64::midpoint(from, to)),
            };
            let _ = write!(
                out,
                "<text class=\"{class}\" x=\"{}\" y=\"30\">{}</text>",
                percent(x),
                day.date.format("%-d")
            );
        }
    }

    /// Draws the lines of the axis and the bars of `row`.
    pub(super) fn push_row(&self, out: &mut String, row: &Row, has_narrow_form: bool) {
        push_grid(out, &self.axis, &self.scale);
        let bars = bars(&row.spells, &self.scale, self.until);
        for bar in &bars {
            push_bar(out, bar);
        }
        for bar in &bars {
            push_word(out, bar, has_narrow_form);
        }
    }

    /// Draws the milestones. Returns the height in px.
    pub(super) fn push_strip(&self, out: &mut String, layout: Layout) -> usize {
        let placed = placement::place(&self.labels(layout), layout.width());
        let rows = placed
            .iter()
            .map(|placed| placed.row + 1)
            .max()
            .unwrap_or(0);
        for placed in placed {
            let x = percent(placed.label.fraction);
            let y = placed.row * STRIP_ROW + 11;
            push_line(out, "leader", placed.label.fraction, "0", &y.to_string());
            let (class, dx) = if placed.hangs_left {
                ("label end", -DOT_TO_TEXT)
            } else {
                ("label", DOT_TO_TEXT)
            };
            let _ = write!(
                out,
                "<circle class=\"dot\" cx=\"{x}\" cy=\"{y}\" r=\"2.5\"/><text class=\"{class}\" x=\"{x}\" \
                 dx=\"{}\" y=\"{}\"><tspan class=\"time\">{}</tspan> {}</text>",
                px(dx),
                y + 4,
                placed.label.time,
                placed.label.words
            );
        }
        rows * STRIP_ROW + 4
    }

    /// The labels of the milestones; several of one minute share a label, if that is not too long.
    fn labels(&self, layout: Layout) -> Vec<Label> {
        let mut labels = Vec::new();
        for milestone in &self.milestones {
            let fraction = self.scale.fraction(milestone.at);
            let time = self.moments.label(milestone.at, milestone.approximate);
            let label = |words: String| Label {
                fraction,
                time: time.clone(),
                words,
                rank: milestone.rank,
            };
            let joined = label(milestone.names.join(", "));
            if placement::fits(&joined, layout.width()) {
                labels.push(joined);
            } else {
                labels.extend(milestone.names.iter().map(|name| label((*name).to_owned())));
            }
        }
        labels
    }
}

fn is_shown(fraction: f64) -> bool {
    fraction >= FIRST_TICK
}

fn push_grid(out: &mut String, axis: &Axis, scale: &TimeScale) {
    for tick in &axis.ticks {
        let fraction = scale.fraction(tick.at);
        if is_shown(fraction) || (tick.is_major && fraction > 0.0) {
            let class = if tick.is_major { "midnight" } else { "tick" };
            push_line(out, class, fraction, "0", "100%");
        }
    }
}

fn push_line(out: &mut String, class: &str, fraction: f64, from: &str, to: &str) {
    let x = percent(fraction);
    let _ = write!(
        out,
        "<line class=\"{class}\" x1=\"{x}\" y1=\"{from}\" x2=\"{x}\" y2=\"{to}\"/>"
    );
}

fn push_dx(out: &mut String, offset: f64) {
    if offset.abs() > 0.05 {
        let _ = write!(out, " dx=\"{}\"", px(offset));
    }
}

/// The height of the bar of a state, and of its swatch, in px.
fn heights(state: State) -> (usize, usize) {
    match state {
        State::Ok => (2, 2),
        State::AtRisk => (9, 5),
        State::Degraded => (16, 8),
        State::Down | State::Unknown => (24, 12),
    }
}

/// Draws a bar whose bottom is at `bottom`. An outline is inside of the height.
fn push_rect(
    out: &mut String,
    state: State,
    (x, width): (&str, &str),
    bottom: usize,
    height: usize,
) {
    let fill = match state {
        State::AtRisk => format!(" fill=\"url(#{HATCH})\""),
        _ => String::new(),
    };
    let (y, height) = match state {
        State::AtRisk | State::Unknown => {
            (format!("{}.5", bottom - height), (height - 1).to_string())
        }
        _ => ((bottom - height).to_string(), height.to_string()),
    };
    let _ = write!(
        out,
        "<rect class=\"{state}\"{fill} x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>"
    );
}

fn push_bar(out: &mut String, bar: &Bar) {
    let (x, width) = (percent(bar.x), percent(bar.width));
    push_rect(out, bar.state, (&x, &width), BASELINE, heights(bar.state).0);
}

/// Draws the word of a bar where there is room for it.
fn push_word(out: &mut String, bar: &Bar, has_narrow_form: bool) {
    // The room that the word needs in px, from the bar's left end to the word, and the word's baseline.
    let (needed, dx, y) = match bar.state {
        State::Ok => return,
        State::Down => (40.0, 6, 23),
        State::Degraded => (62.0, 6, 27),
        State::AtRisk => (44.0, 1, 18),
        State::Unknown => (58.0, 6, 23),
    };
    if bar.width * WIDE < needed {
        return;
    }
    let wide = if has_narrow_form && bar.width * NARROW_WORDS < needed {
        " wide"
    } else {
        ""
    };
    let _ = write!(
        out,
        "<text class=\"word {0}{wide}\" x=\"{1}\" dx=\"{dx}\" y=\"{y}\">{0}</text>",
        bar.state,
        percent(bar.x)
    );
}

/// Draws the sign of a state, 12 px wide, in a square of 12 px at (`x`, `y`).
pub(super) fn push_swatch(out: &mut String, state: State, x: usize, y: usize) {
    let (x, width) = match state {
        State::AtRisk | State::Unknown => (format!("{x}.5"), "11"),
        _ => (x.to_string(), "12"),
    };
    push_rect(out, state, (&x, width), y + 12, heights(state).1);
}

/// Describes the spells of `row` in words.
pub(super) fn push_description(out: &mut String, picture: &Picture, row: &Row) {
    /// More spells than these are described as their figures.
    const MAX_SPELLS: usize = 12;
    push_escaped(out, &row.names.join(", "));
    out.push_str(": ");
    let troubled: Vec<_> = row.troubled().collect();
    if troubled.len() > MAX_SPELLS {
        let (first, last) = (troubled[0], troubled[troubled.len() - 1]);
        let figures: Vec<String> = row
            .figures
            .iter()
            .map(|figure| format!("{} {}", figure.state, figure.text))
            .collect();
        let _ = write!(
            out,
            "{} spells, {}, {}",
            troubled.len(),
            picture.moments.spell_range(first, last),
            figures.join(", ")
        );
        return;
    }
    let spells: Vec<String> = troubled
        .iter()
        .map(|spell| {
            format!(
                "{} {}",
                spell.state,
                picture.moments.spell_range(spell, spell)
            )
        })
        .collect();
    out.push_str(&spells.join(", "));
}
