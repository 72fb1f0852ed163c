//! The state over time as SVG, for the HTML postmortem and as a separate file.
//!
//! A state is shown as a word, a pattern and a colour, so that it is readable in print and for
//! colour-blind readers. Screen readers get a title and a description.

mod axis;
mod lanes;
mod milestones;
mod scale;

use super::{html::push_escaped, markdown_escape::one_line, time_format::TimeFormatter};
use crate::domain::{
    incident::Incident,
    states::{StateSpan, States},
    time::{UtcTime, format_duration, minutes_between},
    words::State,
};
use milestones::LabeledMilestone;
use scale::{PixelScale, text_width};
use std::fmt::Write;
use unicode_segmentation::UnicodeSegmentation;

/// Where a chart is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChartLayout {
    /// In a page on paper or on a wide screen.
    Wide,
    /// In a page on a phone.
    Narrow,
    /// In a separate file: wide, with its own style.
    File,
}

impl ChartLayout {
    fn width(self) -> usize {
        match self {
            Self::Wide | Self::File => 880,
            Self::Narrow => 340,
        }
    }

    fn max_labels(self) -> usize {
        match self {
            Self::Wide | Self::File => 14,
            Self::Narrow => 9,
        }
    }

    /// Horizontal and vertical margin in px. In a page there is only space for half a dot.
    fn margin(self) -> (usize, usize) {
        match self {
            Self::Wide | Self::Narrow => (4, 0),
            Self::File => (16, 12),
        }
    }

    /// The prefix of element ids, which differ because one page contains two charts.
    fn id_prefix(self) -> &'static str {
        match self {
            Self::Wide => "wide",
            Self::Narrow => "narrow",
            Self::File => "file",
        }
    }
}

/// The CSS of the chart, for the page and for the file.
pub const STYLE: &str = include_str!("../../../templates/chart.css");

/// The height of a service's bar, and the distance from one bar to the next, in px.
const BAR_HEIGHT: usize = 26;
const ROW_HEIGHT: usize = 54;
/// From the top to the first bar's name, in px.
const HEADER_HEIGHT: usize = 44;
/// From one lane of labels to the next, in px.
const LANE_HEIGHT: usize = 19;
/// The most services that are drawn; the table in the HTML postmortem has all of them.
const MAX_SERVICES: usize = 24;

/// Truncates `text` to `width` px, with an ellipsis.
fn truncate(text: &str, width: usize) -> String {
    let text = one_line(text);
    if text_width(&text) <= width {
        return text.into_owned();
    }
    let mut out = String::new();
    for grapheme in text.graphemes(true) {
        if text_width(&out) + text_width(grapheme) + 7 > width {
            break;
        }
        out.push_str(grapheme);
    }
    out.trim_end().to_owned() + "…"
}

/// Draws `states`; empty if there are no states. Ongoing spans are drawn to `until`.
#[must_use]
pub fn svg(
    incident: &Incident,
    states: &States,
    time_format: &TimeFormatter,
    until: UtcTime,
    layout: ChartLayout,
) -> String {
    let Some(first) = states.overall.first() else {
        return String::new();
    };
    let (milestones, omitted) =
        milestones::milestones(incident, states, time_format, layout.max_labels());
    let scale = fit_scale(&milestones, states, first.from, until, layout.width());
    let rows = rows(states);
    let lanes = lanes::assign_lanes(
        &milestones
            .iter()
            .map(|m| (scale.x(m.at), text_width(&m.label)))
            .collect::<Vec<_>>(),
    );
    let bottom = HEADER_HEIGHT + rows.len().min(MAX_SERVICES) * ROW_HEIGHT;
    let depth = lanes.iter().max().map_or(0, |deepest| deepest + 1);
    let legend = bottom + depth * LANE_HEIGHT + 8;
    let height = legend + 24;

    let mut out = String::with_capacity(8 * 1024);
    let (width, id) = (layout.width(), layout.id_prefix());
    let (margin_x, margin_y) = layout.margin();
    let namespace = match layout {
        ChartLayout::File => " xmlns=\"http://www.w3.org/2000/svg\"",
        ChartLayout::Wide | ChartLayout::Narrow => "",
    };
    let _ = write!(
        out,
        "<svg{namespace} class=\"chart {id}\" viewBox=\"-{margin_x} -{margin_y} {0} {1}\" width=\"{0}\" \
         height=\"{1}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">\n\
         <title id=\"{id}-title\">State over time</title>\n<desc id=\"{id}-desc\">",
        width + 2 * margin_x,
        height + 2 * margin_y
    );
    push_escaped(
        &mut out,
        &milestones::alt_text(incident, states, time_format, &milestones, omitted),
    );
    out.push_str("</desc>\n");
    if layout == ChartLayout::File {
        let _ = writeln!(
            out,
            "<style>{STYLE}</style>\n<rect class=\"paper\" x=\"-{margin_x}\" y=\"-{margin_y}\" width=\"{}\" height=\"{}\"/>",
            width + 2 * margin_x,
            height + 2 * margin_y
        );
    }
    draw_patterns(&mut out, id);
    axis::draw(&mut out, &scale, time_format, bottom);
    // An ongoing `ok` span is drawn to the right edge; the others end where the journal ends.
    for (i, (name, spans)) in rows.iter().take(MAX_SERVICES).enumerate() {
        draw_bar(
            &mut out,
            &scale,
            (name, spans),
            HEADER_HEIGHT + i * ROW_HEIGHT,
            until,
            id,
        );
    }
    for (milestone, lane) in milestones.iter().zip(&lanes) {
        let x = scale.x(milestone.at);
        let y = bottom + lane * LANE_HEIGHT + 6;
        let _ = write!(
            out,
            "<path class=\"leader\" d=\"M{x}.5 {}V{y}\"/><circle class=\"dot\" cx=\"{x}.5\" \
             cy=\"{y}\" r=\"3\"/><text class=\"label\" x=\"{}\" y=\"{}\"><tspan class=\"time\">{}</tspan> ",
            bottom - 10,
            x + 8,
            y + 4,
            milestone.time,
        );
        push_escaped(&mut out, &milestone.kind);
        out.push_str("</text>\n");
    }
    let mut x = 0;
    for state in [State::Ok, State::AtRisk, State::Degraded, State::Down] {
        let _ = write!(
            out,
            "<rect {} x=\"{x}\" y=\"{}\" width=\"20\" height=\"12\"/>\
             <text class=\"hour\" x=\"{}\" y=\"{}\">{state}</text>",
            fill_attribute(state, id),
            legend + 8,
            x + 26,
            legend + 18
        );
        x += 26 + text_width(state.as_str()) + 14;
    }
    out.push_str("\n</svg>\n");
    out
}

/// Draws the state of `incident` over time as an SVG file; `None` if it never had a state.
#[must_use]
pub fn state_chart_svg(incident: &Incident) -> Option<String> {
    let chart = svg(
        incident,
        &States::from_incident(incident),
        &TimeFormatter::new(incident.zone()),
        incident.last_recorded_at,
        ChartLayout::File,
    );
    (!chart.is_empty()).then_some(chart)
}

/// Returns a row for each named service, and an `overall` row unless there is exactly one
/// service with a state.
fn rows(states: &States) -> Vec<(String, &[StateSpan])> {
    let mut rows: Vec<(String, &[StateSpan])> = states
        .services
        .iter()
        .filter(|(name, spans)| !name.is_empty() && !spans.is_empty())
        .map(|(name, spans)| (name.clone(), spans.as_slice()))
        .collect();
    if rows.len() != 1 || states.has_several_services() {
        rows.insert(0, ("overall".to_owned(), &states.overall));
    }
    rows
}

/// Returns the scale from the first milestone or state to the last, extended so that the last labels
/// fit.
fn fit_scale(
    milestones: &[LabeledMilestone],
    states: &States,
    first: UtcTime,
    until: UtcTime,
    width: usize,
) -> PixelScale {
    let from = milestones.first().map_or(first, |m| m.at.min(first));
    let last = states.overall.last().map_or(first, |last| {
        if last.state == State::Ok {
            last.from
        } else {
            until.max(last.from)
        }
    });
    let end = milestones.last().map_or(last, |m| m.at.max(last));
    let whole = (end - from).max(chrono::Duration::minutes(1));
    let mut length = whole + whole / 24;
    for milestone in milestones {
        let available = width.saturating_sub(text_width(&milestone.label) + 10);
        let px = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        let needed = (milestone.at - from)
            .checked_mul(px(width))
            .map(|length| length / px(available.max(1)));
        length = length.max(needed.unwrap_or(length));
    }
    PixelScale {
        from,
        to: from.checked_add_signed(length).unwrap_or(end),
        width,
    }
}

fn draw_patterns(out: &mut String, id: &str) {
    let _ = writeln!(
        out,
        "<defs><pattern id=\"{id}-at-risk\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">\
         <path class=\"at-risk\" d=\"M0 0h8v8H0z\"/><path class=\"at-risk-line\" d=\"M-2 2l4-4M0 8l8-8M6 10l4-4\"/>\
         </pattern><pattern id=\"{id}-degraded\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
         <path class=\"degraded\" d=\"M0 0h6v6H0z\"/><path class=\"degraded-line\" d=\"M0 0l6 6M6 0l-6 6\"/>\
         </pattern></defs>"
    );
}

/// Returns the SVG attribute that fills an element for `state`.
fn fill_attribute(state: State, id: &str) -> String {
    match state {
        State::Ok => "class=\"ok\"".to_owned(),
        State::Down => "class=\"down\"".to_owned(),
        State::Unknown => {
            "fill=\"none\" stroke=\"currentColor\" stroke-dasharray=\"3 3\"".to_owned()
        }
        State::AtRisk | State::Degraded => format!("fill=\"url(#{id}-{state})\""),
    }
}

fn draw_bar(
    out: &mut String,
    scale: &PixelScale,
    (name, spans): (&str, &[StateSpan]),
    top: usize,
    until: UtcTime,
    id: &str,
) {
    let end_of = |span: &StateSpan| match (span.to, span.state) {
        (Some(to), _) => scale.x(to),
        (None, State::Ok) => scale.width,
        (None, _) => scale.x(until.max(span.from)),
    };
    // Each px shows its worst state, so that the shortest outage is visible and the size of the
    // file does not depend on the number of spans.
    let mut worst: Vec<Option<State>> = vec![None; scale.width];
    for span in spans {
        let begin = scale.x(span.from).min(scale.width - 2);
        let end = end_of(span).clamp(begin + 2, scale.width);
        for px in &mut worst[begin..end] {
            *px = (*px).max(Some(span.state));
        }
    }
    let _ = write!(out, "<text class=\"name\" x=\"0\" y=\"{}\">", top + 10);
    push_escaped(out, &truncate(name, scale.width));
    out.push_str("</text>\n");
    let y = top + 17;
    let mut x = 0;
    for run in worst.chunk_by(|a, b| a == b) {
        if let Some(Some(state)) = run.first() {
            let _ = write!(
                out,
                "<rect {} x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{BAR_HEIGHT}\"/>",
                fill_attribute(*state, id),
                run.len()
            );
        }
        x += run.len();
    }
    out.push('\n');
    for span in spans {
        let (begin, end) = (scale.x(span.from), end_of(span));
        let available = end.saturating_sub(begin + 16);
        let seconds = minutes_between(span.from, span.to.unwrap_or(until)) * 60;
        let long = match (span.state, span.to) {
            (State::Ok, None) => "ok".to_owned(),
            _ => format!("{} · {}", span.state, format_duration(seconds)),
        };
        let words = [long.as_str(), span.state.as_str()];
        if let Some(words) = words
            .into_iter()
            .find(|words| text_width(words) <= available)
        {
            let _ = writeln!(
                out,
                "<text class=\"in {}\" x=\"{}\" y=\"{}\">{words}</text>",
                span.state,
                begin + 8,
                y + 17
            );
        }
    }
}
