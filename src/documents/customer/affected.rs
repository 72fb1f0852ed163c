//! What was affected, in the names that customers know, and since when.

use super::{
    letter::{Pause, TracedWriter},
    view::{CustomerSpan, CustomerView, ServiceStates},
};
use crate::{
    documents::placeholder::{placeholder, with_incident_flag},
    domain::words::State,
};

/// The subject of a letter's sentences: the variables `name`, `object`, `head`, `plural` and `partial`
/// of [`Letter`](super::letter::Letter).
pub(super) struct AffectedScope {
    pub(super) name: String,
    pub(super) object: String,
    pub(super) subject_label: String,
    pub(super) plural: bool,
    pub(super) partial: bool,
}

/// Joins names: `A, B and C`. `None` if there are none.
pub(super) fn join_names(names: &[&str]) -> Option<String> {
    let (last, others) = names.split_last()?;
    Some(if others.is_empty() {
        (*last).to_owned()
    } else {
        format!("{} and {last}", others.join(", "))
    })
}

impl CustomerView {
    /// Returns the first span of impact, or the first span if there was no impact.
    pub(super) fn start_span(&self) -> Option<&CustomerSpan> {
        let first_impact = self.spans.iter().find(|s| s.state.is_impact());
        first_impact.or(self.spans.first())
    }

    /// Returns true if services were only at risk: protections absorbed every fault.
    pub(super) fn had_no_impact(&self) -> bool {
        let at_risk = |s: &CustomerSpan| s.state == State::AtRisk;
        !self.has_fault_without_state
            && !self.spans.iter().any(|s| s.state.is_impact())
            && self.spans.iter().any(at_risk)
    }

    /// Returns the spans of impact up to now, without interruption; empty if there is no impact now.
    fn current_impact(&self) -> &[CustomerSpan] {
        let before = self.spans.iter().rposition(|s| !s.state.is_impact());
        &self.spans[before.map_or(0, |i| i + 1)..]
    }

    /// Returns the span whose start a letter gives: if the state is `degraded`, the first span of the
    /// current impact, else the last span.
    pub(super) fn state_since(&self) -> Option<&CustomerSpan> {
        let last = self.spans.last()?;
        match last.state {
            State::Degraded => self.current_impact().first(),
            _ => Some(last),
        }
    }

    /// If the state is `down` after a degradation, returns when the degradation began.
    pub(super) fn degraded_since(&self, writer: &mut TracedWriter<'_>) -> Option<String> {
        let (last, earlier) = self.current_impact().split_last()?;
        let first = earlier.first().filter(|_| last.state == State::Down)?;
        let when = self.day_and_time(first.from, first.approximate);
        Some(writer.write(&when, &[&first.event_handle]))
    }

    /// If the state is `degraded`, returns when it was `down` during the current impact.
    pub(super) fn outage_spans(&self, writer: &mut TracedWriter<'_>) -> Vec<Pause> {
        let impact = self.current_impact();
        if impact.last().is_none_or(|s| s.state == State::Down) {
            return Vec::new();
        }
        impact
            .windows(2)
            .filter(|pair| pair[0].state == State::Down)
            .map(|pair| {
                let mut when = |s: &CustomerSpan| {
                    writer.write(
                        &self.day_and_time(s.from, s.approximate),
                        &[&s.event_handle],
                    )
                };
                Pause {
                    from: when(&pair[0]),
                    to: when(&pair[1]),
                }
            })
            .collect()
    }

    /// Returns what is or was affected. That is the whole product only if every service is known to be
    /// in the same state as the incident.
    pub(super) fn affected(&self, writer: &mut TracedWriter<'_>) -> AffectedScope {
        let now = self.spans.last().map(|s| s.state);
        let is_affected = |states: &ServiceStates| match now {
            Some(now) if now.is_impact() => states.now == Some(now),
            _ => states.worst.is_some_and(State::is_impact),
        };
        let had_impact = self.spans.iter().any(|s| s.state.is_impact());
        let whole = !had_impact
            || (self.services.iter().all(|s| is_affected(&s.states))
                && self.unnamed_services.iter().all(is_affected));
        let product = self.product(writer).unwrap_or_else(|| {
            let line = with_incident_flag("bridgelog set product NAME", &self.incident_flag);
            placeholder("the product", &line)
        });
        if whole {
            return AffectedScope {
                name: product.clone(),
                object: product.clone(),
                subject_label: product,
                plural: !self.fields.contains_key("product") && self.services.len() > 1,
                partial: false,
            };
        }
        let services = self.services.iter().filter(|s| is_affected(&s.states));
        let names: Vec<&str> = services.map(|s| s.name.as_str()).collect();
        let Some(text) = join_names(&names) else {
            return AffectedScope {
                name: format!("Part of {product}"),
                object: format!("part of {product}"),
                subject_label: format!("{product} (in part)"),
                plural: false,
                partial: true,
            };
        };
        let name = writer.write(&text, &["service"]);
        let says_more = self.fields.get("product").is_some_and(|p| *p != text);
        AffectedScope {
            subject_label: if says_more {
                format!("{product} ({name})")
            } else {
                name.clone()
            },
            object: name.clone(),
            name,
            plural: names.len() > 1,
            partial: true,
        }
    }
}
