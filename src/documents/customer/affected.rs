//! What was hit, by the names that customers know, and since when.

use super::{
    letter::{Pause, TracedWriter},
    view::{CustomerSpan, CustomerView, ServiceStates},
};
use crate::{
    documents::placeholder::{placeholder, with_incident_flag},
    domain::words::State,
};

/// What the sentences of a letter are about.
pub(super) struct AffectedScope {
    pub(super) name: String,
    pub(super) object: String,
    pub(super) subject_label: String,
    pub(super) plural: bool,
    pub(super) partial: bool,
}

/// `A, B and C`.
pub(super) fn join_names(names: &[&str]) -> Option<String> {
    let (last, others) = names.split_last()?;
    Some(if others.is_empty() {
        (*last).to_owned()
    } else {
        format!("{} and {last}", others.join(", "))
    })
}

impl CustomerView {
    /// When it began to hurt, else the first state there was.
    pub(super) fn start_span(&self) -> Option<&CustomerSpan> {
        let hurts = self.spans.iter().find(|s| s.state.is_impact());
        hurts.or(self.spans.first())
    }

    /// True where a protection caught what there was.
    pub(super) fn had_no_impact(&self) -> bool {
        let at_risk = |s: &CustomerSpan| s.state == State::AtRisk;
        !self.has_fault_without_state
            && !self.spans.iter().any(|s| s.state.is_impact())
            && self.spans.iter().any(at_risk)
    }

    /// The stretches of impact that last without a pause.
    fn current_impact(&self) -> &[CustomerSpan] {
        let before = self.spans.iter().rposition(|s| !s.state.is_impact());
        &self.spans[before.map_or(0, |i| i + 1)..]
    }

    /// The stretch whose beginning a letter names: where it does not work as it should, the first of
    /// those that last without a pause, else the last there is.
    pub(super) fn state_since(&self) -> Option<&CustomerSpan> {
        let last = self.spans.last()?;
        match last.state {
            State::Degraded => self.current_impact().first(),
            _ => Some(last),
        }
    }

    /// Where it is down: since when it had not worked as it should, if it was degraded first.
    pub(super) fn degraded_since(&self, pen: &mut TracedWriter<'_>) -> Option<String> {
        let (last, earlier) = self.current_impact().split_last()?;
        let first = earlier.first().filter(|_| last.state == State::Down)?;
        let when = self.day_and_time(first.from, first.approximate);
        Some(pen.write(&when, &[&first.event_handle]))
    }

    /// Where it works again in part: when it was down.
    pub(super) fn outage_spans(&self, pen: &mut TracedWriter<'_>) -> Vec<Pause> {
        let run = self.current_impact();
        if run.last().is_none_or(|s| s.state == State::Down) {
            return Vec::new();
        }
        run.windows(2)
            .filter(|pair| pair[0].state == State::Down)
            .map(|pair| {
                let mut when = |s: &CustomerSpan| {
                    pen.write(
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

    /// What is hit, or was. It is the whole product only where every service that is known is known
    /// to be as badly off.
    pub(super) fn affected(&self, pen: &mut TracedWriter<'_>) -> AffectedScope {
        let now = self.spans.last().map(|s| s.state);
        let is_hit = |states: &ServiceStates| match now {
            Some(now) if now.is_impact() => states.now == Some(now),
            _ => states.worst.is_some_and(State::is_impact),
        };
        let hurt = self.spans.iter().any(|s| s.state.is_impact());
        let whole = !hurt
            || (self.services.iter().all(|s| is_hit(&s.states))
                && self.unnamed_services.iter().all(is_hit));
        let product = self.product(pen).unwrap_or_else(|| {
            let line = with_incident_flag("bridgelog set product 'NAME'", &self.incident_flag);
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
        let services = self.services.iter().filter(|s| is_hit(&s.states));
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
        let name = pen.write(&text, &["service"]);
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
