//! From a line to an event: a new one, or one changed.

use super::{
    context::Context,
    error::{CaptureError, excerpt},
    format::format_line,
    parse::{parse, parse_for_event},
    parsed_line::{Flags, ParsedLine},
};
use crate::domain::{
    event::Event,
    time::{OffsetTime, to_micros},
    when::When,
    words::{Kind, Word},
};
use chrono::Timelike as _;

impl ParsedLine {
    /// A new event. Its time is that of the context where the line gives none; its kind `note`.
    ///
    /// # Errors
    /// Where nothing is left to say, where it is not clear whose state it is, or a `done:` closes
    /// nothing.
    pub fn into_event(self, context: &Context<'_>) -> Result<Event, CaptureError> {
        let kind = self.kind.clone().unwrap_or(Kind::Note);
        let mut event = Event::new(context.zone.to_local(to_micros(context.now)), kind, "");
        context.zone.name().clone_into(&mut event.zone);
        let all = self.all_services;
        self.apply(&mut event);
        if let (true, Some(commander)) = (event.text.is_empty(), &event.commander) {
            event.text.clone_from(commander);
        }
        check_not_empty(&event)?;
        check_closes(&event)?;
        check_audience(None, &event)?;
        resolve_services(&mut event, all, context)?;
        Ok(event)
    }

    /// `event` with what the line gives; all else stays. Lists are replaced by those given.
    ///
    /// A time without an end leaves the end; `10:06..10:06` takes it away.
    ///
    /// # Errors
    /// As [`ParsedLine::into_event`]; where the line gives nothing at all; where the event would end before it
    /// begins.
    pub fn patch(self, event: &Event, context: &Context<'_>) -> Result<Event, CaptureError> {
        if !self.source.amends_event {
            let source = self.source;
            return parse_for_event(&source.line, &source.flags, context, event)?
                .patch(event, context);
        }
        if self.is_empty() {
            return Err(CaptureError::new(
                "nothing is given to change",
                "write what is to be different: a time, a kind, `!state`, `tell: ...`, a text",
                0..0,
            ));
        }
        let mut next = event.clone();
        let (all, kind) = (self.all_services, self.kind.clone());
        let whose = all
            || self.services.is_some()
            || self.state.is_some()
            || self.clear_state
            || kind.is_some();
        let range = 0..self.source.line.len();
        if let Some(when) = &self.when {
            let at = keep_subseconds(when.at, event.at);
            next.end = match (when.end, event.end) {
                (Some(end), Some(before)) => Some(keep_subseconds(end, before)),
                (end, before) => end.or(before),
            };
            next.at = at;
            next.zone.clone_from(&when.zone);
            next.approximate = when.approximate;
            if when.end == Some(when.at) {
                next.end = None;
            }
            if next.end.is_some_and(|end| end < at) {
                return Err(CaptureError::new(
                    "the event would end before it begins",
                    "give both ends: 10:06-10:20",
                    range,
                ));
            }
        }
        let changed = Self { when: None, ..self };
        changed.apply(&mut next);
        sync_handoff(event, &mut next);
        check_closes(&next)?;
        check_audience(Some(event), &next)?;
        let was_all = event.services.is_empty() && event.state_or_implied().is_some();
        if whose {
            resolve_services(&mut next, all || was_all, context)?;
        }
        Ok(next)
    }

    /// `event` with what was altered in the line that [`format_line`] wrote for it: what was left out
    /// goes, what was left alone stays to the last bit, also what no line can say.
    ///
    /// # Errors
    /// As [`ParsedLine::into_event`].
    pub fn rewrite(self, event: &Event, context: &Context<'_>) -> Result<Event, CaptureError> {
        let context = &Context {
            allow_customer_wording: true,
            literal: false,
            ..context.clone()
        };
        // What the line said before it was altered, as far as it can be read.
        let before =
            parse(&format_line(event, context), &Flags::default(), context).unwrap_or_default();
        let mut next = event.clone();
        let all = self.all_services;
        let mut whose = false;
        if let Some(when) = self
            .when
            .clone()
            .filter(|when| Some(when) != before.when.as_ref())
        {
            set_time(&mut next, when);
        }
        if (&self.kind, self.closes, &self.audience)
            != (&before.kind, before.closes, &before.audience)
        {
            whose = true;
            next.kind = self.kind.clone().unwrap_or(Kind::Note);
            next.closes = self.closes;
            next.audience.clone_from(&self.audience);
        }
        if self.text != before.text {
            next.text = self.text.clone().unwrap_or_default();
        }
        let altered = |new: &Option<String>, old: &Option<String>, to: &mut Option<String>| {
            if new != old {
                *to = new.clone().filter(|part| part != "-");
            }
        };
        altered(&self.rationale, &before.rationale, &mut next.rationale);
        altered(&self.rejected, &before.rejected, &mut next.rejected);
        altered(&self.commander, &before.commander, &mut next.commander);
        if self.customer != before.customer {
            next.customer = self.customer.clone().flatten();
        }
        if (&self.services, all) != (&before.services, before.all_services) {
            whose = true;
            next.services = merge_unshown(&self.services, &before.services, &event.services);
        }
        if self.state != before.state {
            whose = true;
            next.state = self.state.map(Word::Known);
        }
        if self.time_box_secs != before.time_box_secs {
            next.time_box_secs = self.time_box_secs;
        }
        if self.tags != before.tags {
            next.tags = merge_unshown(&self.tags, &before.tags, &event.tags);
        }
        if self.people != before.people {
            next.people = merge_unshown(&self.people, &before.people, &event.people);
        }
        if self.links != before.links {
            next.links = merge_unshown(&self.links, &before.links, &event.links);
        }
        sync_handoff(event, &mut next);
        if self.text != before.text {
            check_not_empty(&next)?;
        }
        if (next.closes, &next.links) != (event.closes, &event.links) {
            check_closes(&next)?;
        }
        check_audience(Some(event), &next)?;
        if whose {
            resolve_services(&mut next, all, context)?;
        }
        Ok(next)
    }

    fn is_empty(&self) -> bool {
        let empty = Self {
            source: self.source.clone(),
            notices: self.notices.clone(),
            tokens: self.tokens.clone(),
            ..Self::default()
        };
        *self == empty
    }

    /// Sets in `event` what the line gives.
    fn apply(self, event: &mut Event) {
        if let Some(when) = self.when {
            set_time(event, when);
        }
        if let Some(kind) = self.kind {
            event.kind = kind;
            event.closes = self.closes;
        }
        if let Some(text) = self.text {
            event.text = text;
        }
        if let Some(customer) = self.customer {
            event.customer = customer;
        }
        if self.all_services {
            event.services = Vec::new();
        } else if let Some(services) = self.services {
            event.services = services;
        }
        let part = |given: Option<String>, to: &mut Option<String>| {
            if given.is_some() {
                *to = given.filter(|part| part != "-");
            }
        };
        part(self.rationale, &mut event.rationale);
        part(self.rejected, &mut event.rejected);
        event.state = match self.state {
            Some(given) => Some(given.into()),
            None => event.state.take().filter(|_| !self.clear_state),
        };
        event.audience = self.audience.or(event.audience.take());
        event.time_box_secs = self.time_box_secs.or(event.time_box_secs);
        event.commander = self.commander.or(event.commander.take());
        replace_if_given(&mut event.tags, self.tags);
        replace_if_given(&mut event.people, self.people);
        replace_if_given(&mut event.links, self.links);
    }
}

fn replace_if_given<T>(to: &mut Vec<T>, given: Option<Vec<T>>) {
    if let Some(given) = given {
        *to = given;
    }
}

fn set_time(event: &mut Event, when: When) {
    event.at = when.at;
    event.zone = when.zone;
    event.approximate = when.approximate;
    event.end = when.end.filter(|end| *end != when.at);
}

/// `old` where `new` is only that without its fraction of a second, as it is shown.
fn keep_subseconds(new: OffsetTime, old: OffsetTime) -> OffsetTime {
    if old.with_nanosecond(0) == Some(new) {
        old
    } else {
        new
    }
}

/// What is in `now`, and what of `all` was never shown in `before`.
fn merge_unshown<T: Clone + PartialEq>(
    now: &Option<Vec<T>>,
    before: &Option<Vec<T>>,
    all: &[T],
) -> Vec<T> {
    let mut list = now.clone().unwrap_or_default();
    let shown = before.as_deref().unwrap_or_default();
    for item in all {
        if !shown.contains(item) && !list.contains(item) {
            list.push(item.clone());
        }
    }
    list
}

/// What follows from a change: the text of a handoff that was only its commander's name goes with
/// the commander; who is no longer handed to does not command.
fn sync_handoff(before: &Event, next: &mut Event) {
    if before.kind == Kind::Handoff && next.kind != Kind::Handoff {
        next.commander = None;
    }
    let named = before.commander.as_deref() == Some(&before.text);
    if named
        && next.text == before.text
        && let Some(commander) = &next.commander
    {
        next.text.clone_from(commander);
    }
}

/// An event without a text has to say something by its kind, its state or its wording.
fn check_not_empty(event: &Event) -> Result<(), CaptureError> {
    let says = !event.text.trim().is_empty()
        || event.state.is_some()
        || event.customer.is_some()
        || (event.closes && !event.links.is_empty())
        || matches!(
            event.kind,
            Kind::Detect | Kind::Ack | Kind::Mitigate | Kind::Restore
        )
        || event.kind.is_lifecycle();
    if says {
        return Ok(());
    }
    Err(CaptureError::new(
        if event.kind == Kind::Note {
            "there is no text".to_owned()
        } else {
            format!("the {} has no text", excerpt(event.kind.as_str()))
        },
        "write what happened",
        0..0,
    ))
}

/// Wording that customers read does not go with a message to somebody else. What an earlier version
/// of `event` said is let be.
fn check_audience(before: Option<&Event>, event: &Event) -> Result<(), CaptureError> {
    let says = |e: &Event| (e.kind.clone(), e.audience.clone(), e.customer.clone());
    let (Kind::Comms, Some(whom), Some(_)) = (&event.kind, &event.audience, &event.customer) else {
        return Ok(());
    };
    if whom == "customers" || before.is_some_and(|before| says(before) == says(event)) {
        return Ok(());
    }
    Err(CaptureError::new(
        format!(
            "a message to {} has no wording for customers",
            excerpt(whom)
        ),
        "leave `tell:` out; or write `comms/customers:` where it went to customers as well",
        0..0,
    ))
}

fn check_closes(event: &Event) -> Result<(), CaptureError> {
    if !event.closes || !event.links.is_empty() {
        return Ok(());
    }
    Err(CaptureError::new(
        "`done:` does not say which ask is done",
        "name it by its handle: `done: ^kvn 40 s`",
        0..0,
    ))
}

/// A state is that of the services named; without one, that of the only one there is; with several
/// it is asked for. Source: DESIGN, States.
fn resolve_services(
    event: &mut Event,
    all: bool,
    context: &Context<'_>,
) -> Result<(), CaptureError> {
    if all
        || !event.services.is_empty()
        || event.kind.is_lifecycle()
        || event.state_or_implied().is_none()
    {
        return Ok(());
    }
    match context.services.as_slice() {
        [] => Ok(()),
        [only] => {
            event.services.push(only.clone());
            Ok(())
        }
        several => {
            let names: Vec<String> = several
                .iter()
                .take(8)
                .map(|s| format!("@{}", excerpt(s)))
                .collect();
            let more = if several.len() > names.len() {
                ", ..."
            } else {
                ""
            };
            let state = event.state_or_implied().map_or("", |state| state.as_str());
            Err(CaptureError::new(
                format!("which service is {state}?"),
                format!("name one or more of {}{more}, or @all", names.join(", ")),
                0..0,
            ))
        }
    }
}
