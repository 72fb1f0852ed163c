//! The state over time as a picture: SVG, for the page of a postmortem and as a file of its own.
//!
//! A state is told by its word, its pattern and its colour, so that any one of them may be lost: in
//! print, to the colour-blind, to a screen reader (which reads the title and the description).

mod axis;
mod lanes;
mod milestones;

use super::{html::push_escaped, markdown_escape::one_line, time_format::TimeFormatter};
use crate::domain::{
    incident::Incident,
    states::{StateSpan, States},
    time::{UtcTime, format_duration},
    words::State,
};
use milestones::LabeledMilestone;
use std::fmt::Write;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// For what room a picture is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChartLayout {
    /// A page or a screen.
    Wide,
    /// A telephone.
    Narrow,
    /// A file of its own, wide, with its own colours.
    File,
}

impl ChartLayout {
    fn width(self) -> usize {
        match self {
            Self::Wide | Self::File => 880,
            Self::Narrow => 340,
        }
    }

    /// The most milestones that are labelled.
    fn max_labels(self) -> usize {
        match self {
            Self::Wide | Self::File => 14,
            Self::Narrow => 9,
        }
    }

    /// Beside it and above it; in a page, room for half a dot.
    fn margin(self) -> (usize, usize) {
        match self {
            Self::Wide | Self::Narrow => (4, 0),
            Self::File => (16, 12),
        }
    }

    /// What the ids in it begin with: there are two in one page.
    fn id_prefix(self) -> &'static str {
        match self {
            Self::Wide => "wide",
            Self::Narrow => "narrow",
            Self::File => "file",
        }
    }
}

/// The colours, by the names that both the page and the file use.
pub const STYLE: &str = include_str!("../../../templates/chart.css");

/// How high a service's bar is, and how far from one bar to the next.
const BAR_HEIGHT: usize = 26;
const ROW_HEIGHT: usize = 54;
/// From the top to the first bar's name.
const HEADER_HEIGHT: usize = 44;
/// From one lane of labels to the next.
const LANE_HEIGHT: usize = 19;
/// The most services that are drawn; the table has all of them.
const MAX_SERVICES: usize = 24;

/// A piece of time, laid out from left to right.
struct PixelScale {
    from: UtcTime,
    to: UtcTime,
    width: usize,
}

impl PixelScale {
    fn x(&self, at: UtcTime) -> usize {
        let whole = i128::from((self.to - self.from).num_milliseconds().max(1));
        let part = i128::from((at - self.from).num_milliseconds()).clamp(0, whole);
        let width = i128::try_from(self.width).unwrap_or(i128::MAX);
        usize::try_from(part * width / whole).unwrap_or(0)
    }
}

/// About how wide `text` is in letters of 12 px. On the wide side: what is too wide only stands
/// further from the next.
fn text_width(text: &str) -> usize {
    text.width() * 7
}

/// `text` in at most `width` px.
fn truncate(text: &str, width: usize) -> String {
    let text = one_line(text);
    if text_width(&text) <= width {
        return text.into_owned();
    }
    let mut out = String::new();
    for piece in text.graphemes(true) {
        if text_width(&out) + text_width(piece) + 7 > width {
            break;
        }
        out.push_str(piece);
    }
    out.trim_end().to_owned() + "…"
}

/// The picture of `states`; empty where no state was ever given. A span that lasts is drawn up to
/// `until`.
#[must_use]
pub fn svg(
    incident: &Incident,
    states: &States,
    clock: &TimeFormatter,
    until: UtcTime,
    shape: ChartLayout,
) -> String {
    let Some(first) = states.overall.first() else {
        return String::new();
    };
    let (milestones, left_out) =
        milestones::milestones(incident, states, clock, shape.max_labels());
    let scale = fit_scale(&milestones, states, first.from, until, shape.width());
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
    let (width, id) = (shape.width(), shape.id_prefix());
    let (pad, above) = shape.margin();
    let namespace = match shape {
        ChartLayout::File => " xmlns=\"http://www.w3.org/2000/svg\"",
        ChartLayout::Wide | ChartLayout::Narrow => "",
    };
    let _ = write!(
        out,
        "<svg{namespace} class=\"chart {id}\" viewBox=\"-{pad} -{above} {0} {1}\" width=\"{0}\" \
         height=\"{1}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">\n\
         <title id=\"{id}-title\">State over time</title>\n<desc id=\"{id}-desc\">",
        width + 2 * pad,
        height + 2 * above
    );
    push_escaped(
        &mut out,
        &milestones::alt_text(incident, states, clock, &milestones, left_out),
    );
    out.push_str("</desc>\n");
    if shape == ChartLayout::File {
        let _ = writeln!(
            out,
            "<style>{STYLE}</style>\n<rect class=\"paper\" x=\"-{pad}\" y=\"-{above}\" width=\"{}\" height=\"{}\"/>",
            width + 2 * pad,
            height + 2 * above
        );
    }
    draw_patterns(&mut out, id);
    axis::draw(&mut out, &scale, clock, bottom);
    // A span that is ok goes on; of the others nobody knows more than the journal does.
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

/// The state of `incident` over time as an SVG file; `None` where no state was ever given.
#[must_use]
pub fn state_chart_svg(incident: &Incident) -> Option<String> {
    let picture = svg(
        incident,
        &States::from_incident(incident),
        &TimeFormatter::new(incident.zone()),
        incident.last_recorded_at,
        ChartLayout::File,
    );
    (!picture.is_empty()).then_some(picture)
}

/// Each named service, and the incident where that is something else.
fn rows(states: &States) -> Vec<(String, &[StateSpan])> {
    let mut rows: Vec<(String, &[StateSpan])> = states
        .services
        .iter()
        .filter(|(name, spans)| !name.is_empty() && !spans.is_empty())
        .map(|(name, spans)| (name.clone(), spans.as_slice()))
        .collect();
    if rows.len() != 1 {
        rows.insert(0, ("overall".to_owned(), &states.overall));
    }
    rows
}

/// From the first milestone or state to the last, and as much more as the last labels take.
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
    let ends = milestones.last().map_or(last, |m| m.at.max(last));
    let whole = (ends - from).max(chrono::Duration::minutes(1));
    let mut length = whole + whole / 24;
    for milestone in milestones {
        let room = width.saturating_sub(text_width(&milestone.label) + 10);
        let px = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        let needed = (milestone.at - from)
            .checked_mul(px(width))
            .map(|length| length / px(room.max(1)));
        length = length.max(needed.unwrap_or(length));
    }
    PixelScale {
        from,
        to: from.checked_add_signed(length).unwrap_or(ends),
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

/// How a state is filled.
fn fill_attribute(state: State, id: &str) -> String {
    match state {
        State::Ok => "class=\"ok\"".to_owned(),
        State::Down => "class=\"down\"".to_owned(),
        State::Unknown => "class=\"unknown\"".to_owned(),
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
    // The worst of each px wins, so that the shortest outage is seen, and no number of states makes
    // the picture large.
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
        let room = end.saturating_sub(begin + 16);
        let lasted = (span.to.unwrap_or(until) - span.from).num_seconds();
        let long = match (span.state, span.to) {
            (State::Ok, None) => "ok".to_owned(),
            _ => format!("{} · {}", span.state, format_duration(lasted)),
        };
        let words = [long.as_str(), span.state.as_str()];
        if let Some(words) = words.into_iter().find(|words| text_width(words) <= room) {
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
