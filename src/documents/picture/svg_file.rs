//! The picture as a separate SVG file with its own style, for a Markdown document to show.

use super::{
    Picture, STYLE,
    rows::Row,
    scale::text_width,
    svg::{HEAD_HEIGHT, Layout, push_description, push_hatch, push_swatch},
};
use crate::{
    documents::html::{escaped, push_escaped},
    domain::count::counted,
};
use std::fmt::Write;
use unicode_segmentation::UnicodeSegmentation;

/// The width of each column, of the text in the column of names, and of the margin, in px.
const NAMES: usize = 188;
const NAMES_WIDTH: f64 = 176.0;
const AXIS: usize = 600;
const FIGURES: usize = 208;
const MARGIN: usize = 16;
/// From the axis to the figures, in px.
const FIGURES_GAP: usize = 24;
/// A letter of 14 px is wider than one of 11.5 px by this.
const NAME_SCALE: f64 = 1.25;
/// The most lines of a row's names; the table of the document has all of them.
const MAX_NAME_LINES: usize = 6;
const NAME_LINE: usize = 18;
const FIGURE_LINE: usize = 15;

impl Picture {
    /// Draws the picture as an SVG file.
    pub(in crate::documents) fn svg_file(&self) -> String {
        let mut body = String::with_capacity(16 * 1024);
        let mut y = 0;
        nested(&mut body, y, HEAD_HEIGHT, &{
            let mut axis = String::new();
            self.push_axis(&mut axis, Layout::Wide);
            axis
        });
        let figures_x = NAMES + AXIS + FIGURES_GAP;
        let _ = writeln!(
            body,
            "<text class=\"small\" x=\"{figures_x}\" y=\"30\">Time in each state</text>"
        );
        y += HEAD_HEIGHT;
        for row in self.first_rows() {
            y += self.push_file_row(&mut body, row, y);
        }
        y += self.push_file_strip(&mut body, y);

        let (width, height) = (NAMES + AXIS + FIGURES, y + 8);
        let (full_width, full_height) = (width + 2 * MARGIN, height + 2 * MARGIN);
        let mut out = String::with_capacity(body.len() + 8 * 1024);
        let _ = write!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"picture\" viewBox=\"-{MARGIN} -{MARGIN} \
             {full_width} {full_height}\" width=\"{full_width}\" height=\"{full_height}\" role=\"img\" \
             aria-labelledby=\"title desc\">\n<title id=\"title\">State over time</title>\n<desc id=\"desc\">"
        );
        for row in self.first_rows() {
            push_description(&mut out, self, row);
            out.push_str(". ");
        }
        for line in self.milestone_lines() {
            push_escaped(&mut out, &line);
            out.push_str(". ");
        }
        let _ = write!(
            out,
            "</desc>\n<style>{STYLE}</style>\n<rect class=\"paper\" x=\"-{MARGIN}\" y=\"-{MARGIN}\" \
             width=\"{full_width}\" height=\"{full_height}\"/>\n"
        );
        push_hatch(&mut out);
        out.push('\n');
        out.push_str(&body);
        out.push_str("</svg>\n");
        out
    }

    /// Draws a row at `y`. Returns its height.
    fn push_file_row(&self, out: &mut String, row: &Row, y: usize) -> usize {
        let names = name_lines(&row.names.join(", "));
        let figures: Vec<_> = row.shown_figures(!self.is_crowded()).collect();
        let names_height = names.len() * NAME_LINE + 21;
        let height = (figures.len() * FIGURE_LINE + 7).max(names_height).max(40);
        for (i, line) in names.iter().enumerate() {
            let _ = writeln!(
                out,
                "<text class=\"name\" x=\"0\" y=\"{}\">{}</text>",
                y + 18 + i * NAME_LINE,
                escaped(line)
            );
        }
        let _ = writeln!(
            out,
            "<text class=\"small\" x=\"0\" y=\"{}\">{}</text>",
            y + 17 + names.len() * NAME_LINE,
            self.when(row)
                .map_or_else(String::new, |when| when.to_string())
        );
        let mut bars = String::new();
        self.push_row(&mut bars, row, false);
        nested(out, y, height, &bars);
        let x = NAMES + AXIS + FIGURES_GAP;
        for (i, figure) in figures.iter().enumerate() {
            let line = y + 4 + i * FIGURE_LINE;
            push_swatch(out, figure.state, x, line + 1);
            let _ = writeln!(
                out,
                "<text class=\"figure\" x=\"{}\" y=\"{2}\">{3}</text>\
                 <text class=\"figure end\" x=\"{1}\" y=\"{2}\">{4}</text>",
                x + 19,
                NAMES + AXIS + FIGURES,
                line + 12,
                figure.state,
                figure.text
            );
        }
        height
    }

    /// Draws the milestones and the totals at `y`. Returns their height.
    fn push_file_strip(&self, out: &mut String, y: usize) -> usize {
        let mut strip = String::new();
        let mut height = self.push_strip(&mut strip, Layout::Wide);
        let mut labels = Vec::new();
        match self.left_out() {
            0 => {}
            count => labels.push(counted(count, "more service", "more services")),
        }
        if !self.milestones.is_empty() {
            labels.push("Milestones".to_owned());
        }
        for (i, label) in labels.iter().enumerate() {
            let _ = writeln!(
                out,
                "<text class=\"small\" x=\"0\" y=\"{}\">{label}</text>",
                y + 17 + i * 16
            );
        }
        nested(out, y, height, &strip);
        for (i, total) in self.totals.iter().enumerate() {
            let value = total.value.as_deref().unwrap_or("not known");
            let _ = writeln!(
                out,
                "<text class=\"figure\" x=\"{}\" y=\"{2}\">{3}</text>\
                 <text class=\"figure end\" x=\"{1}\" y=\"{2}\">{value}</text>",
                NAMES + AXIS + FIGURES_GAP,
                NAMES + AXIS + FIGURES,
                y + 16 + i * FIGURE_LINE,
                total.label()
            );
        }
        height = height.max(self.totals.len() * FIGURE_LINE + 4);
        height.max(labels.len() * 16 + 4)
    }
}

/// Draws `content` in the column of the axis.
fn nested(out: &mut String, y: usize, height: usize, content: &str) {
    let _ = writeln!(
        out,
        "<svg x=\"{NAMES}\" y=\"{y}\" width=\"{AXIS}\" height=\"{height}\" overflow=\"visible\">{content}</svg>"
    );
}

/// Breaks `text` into lines of the column of names, within a word only where that is longer than a line.
fn name_lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_word_bounds() {
        if fits(&line, word) {
            line.push_str(word);
            continue;
        }
        lines.extend(Some(std::mem::take(&mut line)).filter(|line| !line.is_empty()));
        for grapheme in word.trim_start().graphemes(true) {
            if !fits(&line, grapheme) {
                lines.push(std::mem::take(&mut line));
            }
            line.push_str(grapheme);
        }
    }
    lines.push(line);
    if lines.len() > MAX_NAME_LINES {
        lines.truncate(MAX_NAME_LINES);
        if let Some(last) = lines.last_mut() {
            last.push('…');
        }
    }
    lines
}

/// True if `line` has room for `more`.
fn fits(line: &str, more: &str) -> bool {
    (text_width(line) + text_width(more)) * NAME_SCALE <= NAMES_WIDTH
}
