//! The picture as the table of the HTML postmortem: a row for each service with its bars and figures.

use super::{
    Picture,
    moments::Period,
    rows::{Figure, Row},
    svg::{HEAD_HEIGHT, Layout, push_description, push_hatch, push_swatch},
};
use crate::{documents::html::push_escaped, domain::count::counted, domain::words::State};
use std::fmt::Write;

/// A row has at most so many names on page one; more become a number.
const MAX_NAMES: usize = 6;
/// The id of the section with all services.
pub(in crate::documents) const ALL_SERVICES_ID: &str = "all-services";

impl Picture {
    /// Returns the table of page one. `heading` is in its caption, which is in the column of labels.
    pub(in crate::documents) fn html(&self, heading: &str) -> String {
        let mut out = String::with_capacity(16 * 1024);
        out.push_str("<div class=\"picture\">\n<svg class=\"hidden\" aria-hidden=\"true\">");
        push_hatch(&mut out);
        out.push_str("</svg>\n<table>\n<caption><h2>");
        push_escaped(&mut out, heading);
        out.push_str("</h2></caption>\n");
        self.push_head(&mut out);
        out.push_str("<tbody>\n");
        for row in self.first_rows() {
            self.push_html_row(&mut out, row, MAX_NAMES, !self.is_crowded());
        }
        self.push_last_row(&mut out);
        out.push_str("</tbody>\n</table>\n</div>\n");
        out
    }

    /// Returns the table with a row for every service, without a caption; it uses the hatch of
    /// [`html`](Self::html). `None` if page one leaves nothing out: no row, name or figure.
    pub(in crate::documents) fn all_services_html(&self) -> Option<String> {
        let is_whole = |row: &Row| {
            let shown = row.shown_figures(!self.is_crowded()).count();
            shown == row.figures.len() && shown_names(row, MAX_NAMES) == row.names.len()
        };
        if self.left_out() == 0 && self.rows.iter().all(is_whole) {
            return None;
        }
        let mut out = String::from("<div class=\"picture\">\n<table>\n");
        self.push_head(&mut out);
        out.push_str("<tbody>\n");
        for row in &self.rows {
            self.push_html_row(&mut out, row, usize::MAX, true);
        }
        out.push_str("</tbody>\n</table>\n</div>\n");
        Some(out)
    }

    fn push_head(&self, out: &mut String) {
        out.push_str(
            "<thead><tr><th scope=\"col\" class=\"names\"><span class=\"hidden\">Service</span></th>\
             <td class=\"axis\">",
        );
        for layout in [Layout::Wide, Layout::Narrow] {
            let _ = write!(
                out,
                "<svg class=\"{}\" height=\"{HEAD_HEIGHT}\" aria-hidden=\"true\">",
                layout.class()
            );
            self.push_axis(out, layout);
            out.push_str("</svg>");
        }
        out.push_str(
            "</td><th scope=\"col\" class=\"figures\">Time in each state</th></tr></thead>\n",
        );
    }

    fn push_html_row(&self, out: &mut String, row: &Row, max_names: usize, has_risk: bool) {
        out.push_str("<tr><th scope=\"row\" class=\"names\">");
        let shown = shown_names(row, max_names);
        for (i, name) in row.names[..shown].iter().enumerate() {
            let comma = if i + 1 < row.names.len() { "," } else { "" };
            out.push_str("<span class=\"name\" dir=\"auto\">");
            push_escaped(out, name);
            let _ = write!(out, "</span>{comma} ");
        }
        if shown < row.names.len() {
            push_all_services_link(out, row.names.len() - shown);
            out.push(' ');
        }
        out.push_str("<span class=\"when\">");
        if let Some(period) = self.when(row) {
            let _ = write!(out, "{}<span>{}</span>", period.before, period.from);
            if let Some(to) = period.to {
                let _ = write!(out, " to <span>{to}</span>");
            }
        }
        out.push_str("</span></th><td class=\"axis\"><svg role=\"img\" aria-label=\"");
        push_description(out, self, row);
        out.push_str("\">");
        self.push_row(out, row, true);
        out.push_str("</svg></td><td class=\"figures\">");
        for figure in row.shown_figures(has_risk) {
            push_figure(out, figure);
        }
        out.push_str("</td></tr>\n");
    }

    /// Returns `Mon 21:52 to Tue 09:45`, the first and last moment of impact.
    pub(super) fn when(&self, row: &Row) -> Option<Period> {
        let main = row.main_spells();
        let (first, last) = (main.first()?, main.last()?);
        let period = self.moments.spell_range(first, last);
        if first.state != State::AtRisk {
            return Some(period);
        }
        Some(Period {
            before: "not hit, at risk from ",
            to: None,
            ..period
        })
    }

    fn push_last_row(&self, out: &mut String) {
        let left_out = self.left_out();
        if self.milestones.is_empty() && self.totals.is_empty() && left_out == 0 {
            return;
        }
        out.push_str("<tr class=\"milestones\"><th scope=\"row\" class=\"names\">");
        if left_out > 0 {
            push_all_services_link(out, left_out);
            out.push_str("<br>");
        }
        out.push_str("Milestones</th><td class=\"axis\">");
        for layout in [Layout::Wide, Layout::Narrow] {
            let mut strip = String::new();
            let height = self.push_strip(&mut strip, layout);
            let _ = write!(
                out,
                "<svg class=\"{}\" height=\"{height}\" aria-hidden=\"true\">{strip}</svg>",
                layout.class()
            );
        }
        out.push_str("<ol class=\"hidden\">");
        for milestone in &self.milestones {
            let _ = write!(
                out,
                "<li>{} {}</li>",
                self.moments
                    .moment(milestone.at, None, milestone.approximate),
                milestone.names.join(", ")
            );
        }
        out.push_str("</ol></td><td class=\"figures\">");
        for total in &self.totals {
            let _ = write!(
                out,
                "<span class=\"figure\"><span>{}</span> ",
                total.label()
            );
            match &total.value {
                Ok(text) => {
                    let _ = write!(out, "<span class=\"time\">{text}</span></span>");
                }
                Err(reason) => {
                    out.push_str(
                        "<span class=\"time\">not known</span></span><span class=\"reason\">",
                    );
                    push_escaped(out, reason);
                    out.push_str("</span>");
                }
            }
        }
        out.push_str("</td></tr>\n");
    }
}

impl Row {
    /// The figures of the row; without `at-risk` unless `has_risk`, or it is the only one.
    pub(super) fn shown_figures(&self, has_risk: bool) -> impl Iterator<Item = &Figure> {
        let only = self.figures.len() == 1;
        self.figures
            .iter()
            .filter(move |figure| has_risk || only || figure.state != State::AtRisk)
    }
}

/// How many names of `row` are shown; a number in place of one name would save nothing.
fn shown_names(row: &Row, max_names: usize) -> usize {
    if row.names.len() > max_names.saturating_add(1) {
        max_names
    } else {
        row.names.len()
    }
}

fn push_figure(out: &mut String, figure: &Figure) {
    out.push_str("<span class=\"figure\"><svg class=\"swatch\" aria-hidden=\"true\">");
    push_swatch(out, figure.state, 0, 0);
    let _ = write!(
        out,
        "</svg><span>{}</span> <span class=\"time\">{}</span></span>",
        figure.state, figure.text
    );
}

fn push_all_services_link(out: &mut String, count: usize) {
    let more = counted(count, "more service", "more services");
    let _ = write!(out, "<a href=\"#{ALL_SERVICES_ID}\">{more}</a>");
}
