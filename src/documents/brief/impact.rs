//! Since when customers were hit, for how long, and since when it works again.

use super::{facts::Facts, parts::Parts};
use crate::{
    documents::metric_text::metric_text,
    domain::{document_text, metrics::Metrics, states::StateSpan, time::UtcTime, words::State},
};

/// How many names are listed that are not in the total.
const MAX_LEFT_OUT: usize = 2;
/// How many stretches of a state that is not known are listed.
const MAX_STRETCHES: usize = 3;

fn is_unknown(span: &StateSpan) -> bool {
    span.state == State::Unknown
}

impl Facts<'_> {
    pub(super) fn since(&self) -> Parts {
        let spans = &self.input.states.overall;
        let is_impact = |span: &StateSpan| span.state.is_impact();
        let unknown = self.unknown_stretches();
        let Some(first) = spans.iter().position(is_impact) else {
            return match (unknown, self.covers_impact()) {
                (Some(unknown), _) => {
                    let impact = self.impact_of_a_service();
                    Parts::missing(format!("not known; the state is unknown {unknown}{impact}"))
                }
                (None, true) => Parts::recorded("no impact so far"),
                (None, false) => Parts::missing("not recorded"),
            };
        };
        let is_unknown_before = spans[..first].iter().any(is_unknown);
        let end = spans.iter().rposition(is_impact).map(|last| last + 1);
        let after = end.and_then(|end| spans.get(end..)).unwrap_or_default();
        let first = &spans[first];
        let mut range = self.start(first);
        if let Some(end) = after.first() {
            let to = self
                .times
                .later_moment(end.from, end.approximate, first.from);
            range = format!("{range} to {to}");
        }
        let is_unknown_after = after.iter().any(is_unknown);
        if is_unknown_after {
            range.push_str(", or later");
        }
        let total = self.total();
        match unknown.filter(|_| is_unknown_before) {
            Some(unknown) => Parts::missing(format!(
                "not known; the state is unknown {unknown}; impact {}{range}{total}",
                if after.is_empty() { "since " } else { "from " }
            )),
            None => Parts {
                is_recorded: !is_unknown_after,
                ..Parts::recorded(format!("{range}{total}"))
            },
        }
    }

    /// When the state was not known; `None` if it always was.
    fn unknown_stretches(&self) -> Option<String> {
        let spans = self.input.states.overall.iter();
        let stretches: Vec<String> = spans
            .filter(|span| is_unknown(span))
            .map(|span| self.stretch(span))
            .collect();
        let named = stretches.len().min(MAX_STRETCHES);
        let more = match stretches.len() - named {
            0 => String::new(),
            more => format!(", and {more} more times"),
        };
        (named > 0).then(|| stretches[..named].join(", ") + &more)
    }

    /// When a service was hit while it was not known of another whether it was; empty if none was.
    fn impact_of_a_service(&self) -> String {
        let spans = self.input.states.service_spans().map(|(_, span)| span);
        let hit: Vec<&StateSpan> = spans.filter(|span| span.state.is_impact()).collect();
        let Some(first) = hit.iter().min_by_key(|span| span.from) else {
            return String::new();
        };
        let end = hit
            .iter()
            .try_fold(first.from, |end, span| Some(end.max(span.to?)));
        let whole = StateSpan { to: end, ..**first };
        format!("; impact at least {}", self.stretch(&whole))
    }

    /// How long customers were hit, with what stands before it.
    fn total(&self) -> String {
        let input = self.input;
        let metrics = Metrics::compute(input.incident, input.states, input.now);
        let impact = metrics.get("impact");
        let text = impact.and_then(|impact| metric_text(&metrics, impact, input.now));
        let Some(text) = text else {
            return "; how long is not known".to_owned();
        };
        let note = self.left_out();
        match text.strip_suffix(" so far") {
            Some(length) => format!("; {length} of impact so far{note}"),
            None => format!("; {text} of impact{note}"),
        }
    }

    /// What is not in the total, because it was restored and its state before was not recorded; by the names that
    /// customers know. Empty if nothing is left out.
    fn left_out(&self) -> String {
        let restores = self.input.states.unexplained_restores();
        let public = |(service, at): &(String, UtcTime)| {
            let name = self
                .input
                .incident
                .services
                .get(service)?
                .public_name
                .as_deref()?;
            let name = document_text::line(name.trim()).into_owned();
            let restored = self.times.moment(*at, false);
            (!name.is_empty()).then(|| format!("{name} before the restore of {restored}"))
        };
        let named: Option<Vec<String>> = restores.iter().map(public).collect();
        match (restores, named) {
            ([], _) => String::new(),
            (_, Some(names)) if names.len() <= MAX_LEFT_OUT => {
                format!(
                    " (without {}: the state was not recorded)",
                    names.join(", ")
                )
            }
            ([(_, at)], _) => {
                let restored = self.times.moment(*at, false);
                format!(" (the state before the restore of {restored} was not recorded)")
            }
            _ => " (states before restores were not recorded: see `bridgelog metrics`)".to_owned(),
        }
    }

    /// That it works, and since when; or, of a service that is not one of the product's, its state. `None` if no
    /// state is recorded.
    pub(super) fn working(&self) -> Option<String> {
        let spans = &self.input.states.overall;
        let now = spans.last()?;
        if now.state > State::AtRisk {
            return Some(format!("{} since {}", now.state, self.start(now)));
        }
        let failed = spans.iter().rposition(|span| span.state > State::AtRisk);
        let works = failed.and_then(|failed| spans.get(failed + 1));
        let works_since = works.map(|span| self.start(span));
        let risk = self.at_risk_since();
        let risk_since = risk.map(|(at, approximate)| self.times.moment(at, approximate));
        Some(match (works_since, risk_since) {
            (None, None) => "working".to_owned(),
            (Some(works), None) => format!("working since {works}"),
            (Some(works), Some(risk)) if works != risk => {
                format!("working since {works}, but at risk since {risk}")
            }
            (_, Some(risk)) => format!("working, but at risk since {risk}"),
        })
    }

    /// Since when one of the services that are at risk now is so, the one that has been for longest; and
    /// whether that time is approximate.
    fn at_risk_since(&self) -> Option<(UtcTime, bool)> {
        let services = self.input.states.services.iter();
        let now = services.filter_map(|(_, spans)| spans.last());
        let at_risk = now.filter(|span| span.state == State::AtRisk);
        at_risk.map(|span| (span.from, span.approximate)).min()
    }

    /// `since 11:00 CET`, or `from 11:00 CET to 11:30 CET` of what is over.
    fn stretch(&self, span: &StateSpan) -> String {
        let from = self.start(span);
        let Some(to) = span.to else {
            return format!("since {from}");
        };
        let to = self.times.later_moment(to, false, span.from);
        format!("from {from} to {to}")
    }

    fn start(&self, span: &StateSpan) -> String {
        self.times.moment(span.from, span.approximate)
    }
}
