//! The state over time as an HTML table: the data of the chart in accessible form.

use crate::documents::postmortem::context::RenderContext;
use crate::{
    documents::html::linkified,
    domain::{
        states::StateSpan,
        time::{UtcTime, format_duration, minutes_between},
        words::State,
    },
};
use std::fmt::Write;

impl RenderContext<'_> {
    pub(super) fn states_html_table(&self) -> String {
        if self.states.overall.is_empty() {
            return String::new();
        }
        let mut out = String::from(
            "<table>\n<thead><tr><th scope=\"col\">Service</th><th scope=\"col\">State</th>\
             <th scope=\"col\">From</th><th scope=\"col\">To</th><th scope=\"col\">For</th></tr></thead>\n<tbody>\n",
        );
        let first = self.timeline_start();
        let services = self
            .states
            .services
            .iter()
            .filter(|(name, _)| !name.is_empty());
        for (name, spans) in services.clone() {
            self.push_state_rows(&mut out, name, spans, first);
        }
        if services.count() != 1 {
            self.push_state_rows(&mut out, "overall", &self.states.overall, first);
        }
        out.push_str("</tbody></table>\n");
        out
    }

    fn push_state_rows(
        &self,
        out: &mut String,
        name: &str,
        spans: &[StateSpan],
        first: Option<UtcTime>,
    ) {
        let until = self.incident.last_recorded_at;
        let name = linkified(name);
        for span in spans {
            let about = if span.approximate { "about " } else { "" };
            let duration = match (span.to, span.state) {
                (None, State::Ok) => String::new(),
                (None, _) => format!(
                    "{} so far",
                    format_duration(minutes_between(span.from, until).max(0) * 60)
                ),
                (Some(to), _) => format_duration(minutes_between(span.from, to) * 60),
            };
            let to = span
                .to
                .map_or_else(String::new, |to| self.time_format.time_with_date(to, first));
            let _ = writeln!(
                out,
                "<tr class=\"{0}\"><td>{name}</td><td><span class=\"state {0}\">{0}</span></td><td>{about}{1}</td>\
                 <td>{to}</td><td>{duration}</td></tr>",
                span.state,
                self.time_format.time_with_date(span.from, first),
            );
        }
    }
}
