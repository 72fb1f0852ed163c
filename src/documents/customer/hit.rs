//! What was hit, by the names that customers know, and since when.

use super::{
    CustomerView, ServiceStates, Stretch,
    letter::{Pause, Pen},
};
use crate::{
    documents::engine::{command, missing},
    domain::words::State,
};

/// What the sentences of a letter are about.
pub(super) struct Hit {
    pub(super) name: String,
    pub(super) object: String,
    pub(super) head: String,
    pub(super) plural: bool,
    pub(super) partial: bool,
}

/// `A, B and C`.
pub(super) fn joined(names: &[&str]) -> Option<String> {
    let (last, others) = names.split_last()?;
    Some(if others.is_empty() {
        (*last).to_owned()
    } else {
        format!("{} and {last}", others.join(", "))
    })
}

impl CustomerView {
    /// When it began to hurt, else the first state there was.
    pub(super) fn first(&self) -> Option<&Stretch> {
        let hurts = self.stretches.iter().find(|s| s.state.is_impact());
        hurts.or(self.stretches.first())
    }

    /// True where a protection caught what there was.
    pub(super) fn unhurt(&self) -> bool {
        let at_risk = |s: &Stretch| s.state == State::AtRisk;
        !self.stateless_fault
            && !self.stretches.iter().any(|s| s.state.is_impact())
            && self.stretches.iter().any(at_risk)
    }

    /// The stretches of impact that last without a pause.
    fn run(&self) -> &[Stretch] {
        let before = self.stretches.iter().rposition(|s| !s.state.is_impact());
        &self.stretches[before.map_or(0, |i| i + 1)..]
    }

    /// The stretch whose beginning a letter names: where it does not work as it should, the first of
    /// those that last without a pause, else the last there is.
    pub(super) fn since(&self) -> Option<&Stretch> {
        let last = self.stretches.last()?;
        match last.state {
            State::Degraded => self.run().first(),
            _ => Some(last),
        }
    }

    /// Where it is down: since when it had not worked as it should, if it was degraded first.
    pub(super) fn before(&self, pen: &mut Pen<'_>) -> Option<String> {
        let (last, earlier) = self.run().split_last()?;
        let first = earlier.first().filter(|_| last.state == State::Down)?;
        let when = self.day_and_time(first.from, first.approximate);
        Some(pen.write(&when, &[&first.by]))
    }

    /// Where it works again in part: when it was down.
    pub(super) fn downs(&self, pen: &mut Pen<'_>) -> Vec<Pause> {
        let run = self.run();
        if run.last().is_none_or(|s| s.state == State::Down) {
            return Vec::new();
        }
        run.windows(2)
            .filter(|pair| pair[0].state == State::Down)
            .map(|pair| {
                let mut when =
                    |s: &Stretch| pen.write(&self.day_and_time(s.from, s.approximate), &[&s.by]);
                Pause {
                    from: when(&pair[0]),
                    to: when(&pair[1]),
                }
            })
            .collect()
    }

    /// What is hit, or was. It is the whole product only where every service that is known is known
    /// to be as badly off.
    pub(super) fn hit(&self, pen: &mut Pen<'_>) -> Hit {
        let now = self.stretches.last().map(|s| s.state);
        let is_hit = |states: &ServiceStates| match now {
            Some(now) if now.is_impact() => states.now == Some(now),
            _ => states.worst.is_some_and(State::is_impact),
        };
        let hurt = self.stretches.iter().any(|s| s.state.is_impact());
        let whole = !hurt
            || (self.services.iter().all(|s| is_hit(&s.states))
                && self.nameless.iter().all(is_hit));
        let product = self.product(pen).unwrap_or_else(|| {
            let line = command("bridgelog set product 'NAME'", &self.reference);
            missing("the product", &line)
        });
        if whole {
            return Hit {
                name: product.clone(),
                object: product.clone(),
                head: product,
                plural: !self.fields.contains_key("product") && self.services.len() > 1,
                partial: false,
            };
        }
        let services = self.services.iter().filter(|s| is_hit(&s.states));
        let names: Vec<&str> = services.map(|s| s.name.as_str()).collect();
        let Some(text) = joined(&names) else {
            return Hit {
                name: format!("Part of {product}"),
                object: format!("part of {product}"),
                head: format!("{product} (in part)"),
                plural: false,
                partial: true,
            };
        };
        let name = pen.write(&text, &["service"]);
        let says_more = self.fields.get("product").is_some_and(|p| *p != text);
        Hit {
            head: if says_more {
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
