//! How each figure is taken from events and spans.

use super::{
    FORMULAS, Figure,
    answer::{Answer, By, Mark, Stretch},
};
use crate::domain::{
    event::Event,
    incident::{Incident, Record},
    states::Span,
    time::Instant,
    words::{Kind, State},
};

const NO_STATE: &str = "no state was ever given";
const NO_IMPACT: &str = "there was no impact";

/// What the figures of one service, or of the incident, are taken from.
pub(super) struct Source<'a> {
    incident: &'a Incident,
    spans: &'a [Span],
    service: Option<&'a str>,
    unknown: bool,
    until: Instant,
    updates: Vec<Mark<'a>>,
    impact: Vec<Stretch<'a>>,
}

impl<'a> Source<'a> {
    pub(super) fn new(
        incident: &'a Incident,
        spans: &'a [Span],
        service: Option<&'a str>,
        unknown: bool,
        until: Instant,
    ) -> Self {
        let mut source = Self {
            incident,
            spans,
            service,
            unknown,
            until,
            updates: Vec::new(),
            impact: Vec::new(),
        };
        source.impact = source.stretches(|span| span.state.is_impact());
        source.updates = source
            .events()
            .filter(|e| e.value.is_customer_update())
            .map(Mark::of)
            .chain(incident.messages.iter().filter_map(|m| {
                Some(Mark {
                    by: By::Handle(&m.handle),
                    at: m.value.sent_at?.with_timezone(&chrono::Utc),
                    approximate: false,
                })
            }))
            .collect();
        source.updates.sort_by_key(|update| update.at);
        source
    }

    fn events(&self) -> impl DoubleEndedIterator<Item = &'a Record<Event>> {
        let service = self.service;
        self.incident.standing().filter(move |e| {
            let services = &e.value.services;
            service.is_none_or(|name| services.is_empty() || services.iter().any(|s| s == name))
        })
    }

    fn of_kind(&self, kind: &'static Kind) -> impl DoubleEndedIterator<Item = Mark<'a>> {
        self.events()
            .filter(move |e| e.value.kind == *kind)
            .map(Mark::of)
    }

    /// Where `span` begins.
    fn start(span: &Span) -> Mark<'a> {
        Mark {
            by: By::Event(span.by),
            at: span.from,
            approximate: span.approximate,
        }
    }

    /// The spans that `pick` takes, neighbours joined.
    fn stretches(&self, pick: impl Fn(&Span) -> bool) -> Vec<Stretch<'a>> {
        let mut stretches: Vec<Stretch<'a>> = Vec::new();
        let mut open = false;
        for span in self.spans {
            match (pick(span), open) {
                (true, false) => stretches.push(Stretch {
                    from: Self::start(span),
                    to: None,
                }),
                (false, true) => {
                    if let Some(last) = stretches.last_mut() {
                        last.to = Some(Self::start(span));
                    }
                }
                _ => {}
            }
            open = pick(span);
        }
        stretches
    }

    /// How long `stretch` lasted between `from` and `to`, in seconds.
    fn lasted(&self, stretch: &Stretch<'a>, from: Instant, to: Option<Instant>) -> i64 {
        let end = |at: Option<Instant>| at.unwrap_or(self.until.max(stretch.from.at));
        let end = end(stretch.to.as_ref().map(|to| to.at)).min(end(to));
        (end - stretch.from.at.max(from)).num_seconds().max(0)
    }

    fn total(&self, stretches: &[Stretch<'a>]) -> Answer<'a> {
        if self.unknown {
            return Answer::missing(NO_STATE);
        }
        let last = stretches.last();
        Answer {
            seconds: Some(
                stretches
                    .iter()
                    .map(|s| self.lasted(s, s.from.at, None))
                    .sum(),
            ),
            from: stretches.first().map(|s| s.from),
            to: last.and_then(|s| s.to),
            ongoing: last.is_some_and(|s| s.to.is_none()),
            approximate: stretches
                .iter()
                .any(|s| s.from.approximate || s.to.as_ref().is_some_and(|to| to.approximate)),
            reason: None,
            spans: stretches
                .iter()
                .map(|s| (s.from.at, s.to.as_ref().map(|to| to.at)))
                .collect(),
        }
    }

    fn total_in(&self, state: State) -> Answer<'a> {
        self.total(&self.stretches(|span| span.state == state))
    }

    fn impact_start(&self) -> Result<Mark<'a>, &'static str> {
        self.impact
            .first()
            .map(|s| s.from)
            .ok_or(if self.unknown { NO_STATE } else { NO_IMPACT })
    }

    fn exposure(&self) -> Answer<'a> {
        let before = self.impact.first().map(|s| s.from.at);
        self.total(&self.stretches(|span| {
            span.state == State::AtRisk && before.is_none_or(|start| span.from < start)
        }))
    }

    /// The detection that counts: the first once it hurt, else the first of all.
    fn detection(&self) -> Option<Mark<'a>> {
        let start = self.impact.first().map(|s| s.from.at);
        self.of_kind(&Kind::Detect)
            .find(|d| start.is_none_or(|start| d.at >= start))
            .or_else(|| self.of_kind(&Kind::Detect).next())
    }

    fn time_to_detect(&self) -> Result<Answer<'a>, &'static str> {
        let start = self.impact_start()?;
        let detect = self.detection().ok_or("no detect was recorded")?;
        let answer = Answer::between(start, detect);
        Ok(if detect.at < start.at {
            answer.zero("detected before it hurt")
        } else {
            answer
        })
    }

    fn time_to_detect_risk(&self) -> Result<Answer<'a>, &'static str> {
        let first = self
            .events()
            .find(|e| matches!(e.value.kind, Kind::Fault | Kind::Absorbed))
            .map(Mark::of)
            .ok_or("no fault was recorded")?;
        if let Some(start) = self.impact.first()
            && first.at >= start.from.at
        {
            return Err("no fault came before the impact");
        }
        let detect = self
            .of_kind(&Kind::Detect)
            .next()
            .ok_or("no detect was recorded")?;
        let answer = Answer::between(first, detect);
        Ok(if detect.at < first.at {
            answer.zero("detected before the first fault")
        } else {
            answer
        })
    }

    fn time_to_acknowledge(&self) -> Result<Answer<'a>, &'static str> {
        let detect = self.detection().ok_or("no detect was recorded")?;
        let ack = self
            .of_kind(&Kind::Ack)
            .find(|ack| ack.at >= detect.at)
            .ok_or("no ack was recorded at or after the detection")?;
        Ok(Answer::between(detect, ack))
    }

    fn declared(&self) -> Result<Mark<'a>, &'static str> {
        self.incident
            .declaration()
            .filter(|d| d.stands())
            .map(Mark::of)
            .ok_or("the incident was never declared")
    }

    fn time_to_declare(&self) -> Result<Answer<'a>, &'static str> {
        let start = self.impact_start()?;
        let declared = self.declared()?;
        let answer = Answer::between(start, declared);
        Ok(if declared.at < start.at {
            answer.noting("declared before it hurt")
        } else {
            answer
        })
    }

    fn time_to_cause(&self) -> Result<Answer<'a>, &'static str> {
        let start = self.impact_start()?;
        let cause = self
            .of_kind(&Kind::Cause)
            .next_back()
            .ok_or("no cause was recorded")?;
        let answer = Answer::between(start, cause);
        Ok(if cause.at < start.at {
            answer.noting("the cause was known before it hurt")
        } else {
            answer
        })
    }

    /// From impact start to the end of the last stretch that `pick` takes.
    fn until_last(
        &self,
        stretches: &[Stretch<'a>],
        none: &'static str,
    ) -> Result<Answer<'a>, &'static str> {
        let start = self.impact_start()?;
        let last = stretches.last().ok_or(none)?;
        Ok(match last.to {
            Some(end) => Answer::between(start, end),
            None => Answer::since(start, self.until),
        })
    }

    fn time_to_redundancy(&self) -> Result<Answer<'a>, &'static str> {
        let hurt = self.stretches(|span| span.state != State::Ok);
        self.until_last(&hurt, NO_IMPACT)
    }

    fn time_to_resolve(&self) -> Result<Answer<'a>, &'static str> {
        let declared = self.declared()?;
        let last = self
            .incident
            .standing()
            .rev()
            .find(|e| matches!(e.value.kind, Kind::Resolve | Kind::Reopen))
            .ok_or("not resolved yet")?;
        if last.value.kind == Kind::Reopen {
            return Err("reopened, and not resolved since");
        }
        Ok(Answer::between(declared, Mark::of(last)))
    }

    fn time_to_first_update(&self) -> Result<Answer<'a>, &'static str> {
        let start = self.impact_start()?;
        let update = self
            .updates
            .iter()
            .find(|update| update.at >= start.at)
            .or(self.updates.first())
            .copied()
            .ok_or("no comms to customers was recorded")?;
        let answer = Answer::between(start, update);
        Ok(if update.at < start.at {
            answer.zero("customers were told before it hurt")
        } else {
            answer
        })
    }

    /// Between two updates only the time in impact counts, so that a false recovery without a word
    /// does not hide a long silence.
    fn longest_update_gap(&self) -> Result<Answer<'a>, &'static str> {
        let start = self.impact_start()?;
        let end = self.impact.last().and_then(|s| s.to);
        let within = |update: &&Mark<'a>| {
            update.at > start.at && end.as_ref().is_none_or(|end| update.at < end.at)
        };
        let mut from = start;
        let mut longest: Option<Answer<'a>> = None;
        let updates: Vec<Mark<'a>> = self.updates.iter().filter(within).copied().collect();
        for to in updates.into_iter().map(Some).chain([end]) {
            let seconds = self
                .impact
                .iter()
                .map(|s| self.lasted(s, from.at, to.map(|to| to.at)))
                .sum();
            let answer = Answer {
                seconds: Some(seconds),
                from: Some(from),
                to,
                ongoing: to.is_none(),
                approximate: from.approximate || to.is_some_and(|to| to.approximate),
                reason: None,
                spans: Vec::new(),
            };
            if longest.as_ref().is_none_or(|l| l.seconds < answer.seconds) {
                longest = Some(answer);
            }
            if let Some(to) = to {
                from = to;
            }
        }
        longest.ok_or(NO_IMPACT)
    }

    fn answer(&self, name: &str) -> Answer<'a> {
        let down = || self.stretches(|span| span.state == State::Down);
        let timed = match name {
            "exposure" => Ok(self.exposure()),
            "time_to_detect" => self.time_to_detect(),
            "time_to_detect_risk" => self.time_to_detect_risk(),
            "time_to_acknowledge" => self.time_to_acknowledge(),
            "time_to_declare" => self.time_to_declare(),
            "time_to_cause" => self.time_to_cause(),
            "time_to_mitigate" => self.until_last(&down(), "it never was down"),
            "time_to_restore" => self.until_last(&self.impact, NO_IMPACT),
            "time_to_redundancy" => self.time_to_redundancy(),
            "time_to_resolve" => self.time_to_resolve(),
            "time_to_first_update" => self.time_to_first_update(),
            "longest_update_gap" => self.longest_update_gap(),
            "at_risk" => Ok(self.total_in(State::AtRisk)),
            "degraded" => Ok(self.total_in(State::Degraded)),
            "outage" => Ok(self.total_in(State::Down)),
            _ => Ok(self.total(&self.impact)),
        };
        timed.unwrap_or_else(Answer::missing)
    }

    pub(super) fn figures(&self) -> Vec<Figure> {
        FORMULAS
            .iter()
            .map(|&(name, formula)| {
                let answer = self.answer(name);
                Figure {
                    name,
                    seconds: answer.seconds,
                    formula,
                    from: answer.from.map(|mark| mark.point(self.incident)),
                    to: answer.to.map(|mark| mark.point(self.incident)),
                    approximate: answer.approximate,
                    ongoing: answer.ongoing,
                    reason: answer.reason,
                    spans: answer.spans,
                }
            })
            .collect()
    }
}
