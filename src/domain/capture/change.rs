//! Applies a parsed line: makes a new event, or changes one.

use super::{
    context::Context,
    error::excerpt,
    format::format_line,
    parse::{parse, parse_for_event},
    parsed_line::{Flags, ParsedLine},
};
use crate::domain::{
    event::Event,
    parse_error::ParseError,
    time::{OffsetTime, to_micros},
    when::When,
    words::{Kind, Word},
};
use chrono::Timelike as _;

impl ParsedLine {
    /// Makes a new event. Without a time it happened at the context's current time; without a kind
    /// it is a `note`.
    ///
    /// # Errors
    /// If the event would be empty, if its state could be that of several services, or if a `done:`
    /// closes nothing.
    pub fn into_event(self, context: &Context<'_>) -> Result<Event, ParseError> {
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

    /// Returns `event` with the fields that the line gives; the others stay. Given lists replace
    /// the old ones.
    ///
    /// A time without an end keeps the end; `10:06..10:06` removes it.
    ///
    /// # Errors
    /// As [`ParsedLine::into_event`]; if the line gives nothing; or if the event would end before
    /// it begins.
    pub fn patch(self, event: &Event, context: &Context<'_>) -> Result<Event, ParseError> {
        if !self.source.amends_event {
            let source = self.source;
            return parse_for_event(&source.line, &source.flags, context, event)?
                .patch(event, context);
        }
        if self.is_empty() {
            return Err(ParseError::new(
                "nothing to change was given",
                "write what changes: a time, a kind, `!state`, `tell: ...`, a text",
                0..0,
            ));
        }
        let mut next = event.clone();
        let (all, kind) = (self.all_services, self.kind.clone());
        let assigns_services = all
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
                return Err(ParseError::new(
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
        // It stays of the services that were known when it was recorded.
        let was_all = event.services.is_empty() && event.is_of_all_services();
        // A `resolve` or `reopen` was of the whole incident, and is of some services with a state of its own.
        let was_all = was_all && !(event.kind.is_lifecycle() && event.state != next.state);
        if all || (assigns_services && !was_all) {
            resolve_services(&mut next, all, context)?;
        }
        Ok(next)
    }

    /// Returns `event` with what was edited in the line that [`format_line`] wrote for it: what was
    /// deleted from the line is cleared, what was left alone stays exactly as it is, including what
    /// a line cannot express.
    ///
    /// # Errors
    /// As [`ParsedLine::into_event`].
    pub fn rewrite(self, event: &Event, context: &Context<'_>) -> Result<Event, ParseError> {
        let mut context = context.clone();
        context.allow_customer_wording = true;
        context.literal = false;
        let context = &context;
        // The parsed line before it was edited.
        let before =
            parse(&format_line(event, context), &Flags::default(), context).unwrap_or_default();
        let mut next = event.clone();
        let all = self.all_services;
        let mut assigns_services = false;
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
            assigns_services = true;
            next.kind = self.kind.clone().unwrap_or(Kind::Note);
            next.closes = self.closes;
            next.audience.clone_from(&self.audience);
        }
        if self.text != before.text {
            next.text = self.text.clone().unwrap_or_default();
        }
        let apply_edit = |new: &Option<String>, old: &Option<String>, to: &mut Option<String>| {
            if new != old {
                *to = new.clone().filter(|part| part != "-");
            }
        };
        apply_edit(&self.rationale, &before.rationale, &mut next.rationale);
        apply_edit(&self.rejected, &before.rejected, &mut next.rejected);
        apply_edit(&self.commander, &before.commander, &mut next.commander);
        if self.customer != before.customer {
            next.customer = self.customer.clone().flatten();
        }
        if (&self.services, all) != (&before.services, before.all_services) {
            assigns_services = true;
            next.services = merge_unshown(&self.services, &before.services, &event.services);
        }
        if self.state != before.state {
            assigns_services = true;
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
        if assigns_services {
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

    /// Sets the given fields in `event`.
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
        let apply_part = |given: Option<String>, to: &mut Option<String>| {
            if given.is_some() {
                *to = given.filter(|text| text != "-");
            }
        };
        apply_part(self.rationale, &mut event.rationale);
        apply_part(self.rejected, &mut event.rejected);
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

/// Returns `old` if `new` differs from it only by the fraction of a second, which is not displayed.
fn keep_subseconds(new: OffsetTime, old: OffsetTime) -> OffsetTime {
    if old.with_nanosecond(0) == Some(new) {
        old
    } else {
        new
    }
}

/// Returns `now`, plus the items of `all` that the line did not show in `before`.
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

/// Updates what follows from a change: an event that is no longer a handoff loses its commander,
/// and the text of a handoff that was only the commander's name follows the commander.
fn sync_handoff(before: &Event, next: &mut Event) {
    if before.kind == Kind::Handoff && next.kind != Kind::Handoff {
        next.commander = None;
    }
    let text_was_name = before.commander.as_deref() == Some(&before.text);
    if text_was_name
        && next.text == before.text
        && let Some(commander) = &next.commander
    {
        next.text.clone_from(commander);
    }
}

/// What stands for an empty cell, or is left of a mark: alone it is no text.
const NOT_TEXT: &str = "-–—|·•*:.,;_";

/// Rejects an event without text unless its kind, state or wording says something.
fn check_not_empty(event: &Event) -> Result<(), ParseError> {
    let is_text = |c: char| !c.is_whitespace() && !NOT_TEXT.contains(c);
    let has_content = event.text.contains(is_text)
        || event.state.is_some()
        || event.customer.is_some()
        || (event.closes && !event.links.is_empty())
        || matches!(
            event.kind,
            Kind::Detect | Kind::Ack | Kind::Mitigate | Kind::Restore
        )
        || event.kind.is_lifecycle();
    if has_content {
        return Ok(());
    }
    Err(ParseError::new(
        if event.kind == Kind::Note {
            "there is no text".to_owned()
        } else {
            format!("the {} has no text", excerpt(event.kind.as_str()))
        },
        "write what happened",
        0..0,
    ))
}

/// Rejects customer wording on a message to another audience. A change that does not touch the
/// kind, audience or wording is accepted.
fn check_audience(before: Option<&Event>, event: &Event) -> Result<(), ParseError> {
    let message = |e: &Event| (e.kind.clone(), e.audience.clone(), e.customer.clone());
    let (Kind::Comms, Some(audience), Some(_)) = (&event.kind, &event.audience, &event.customer)
    else {
        return Ok(());
    };
    if audience == "customers" || before.is_some_and(|before| message(before) == message(event)) {
        return Ok(());
    }
    Err(ParseError::new(
        format!(
            "a message to {} has no wording for customers",
            excerpt(audience)
        ),
        "leave `tell:` out; or write `comms/customers:` where it went to customers as well",
        0..0,
    ))
}

fn check_closes(event: &Event) -> Result<(), ParseError> {
    if !event.closes || !event.links.is_empty() {
        return Ok(());
    }
    Err(ParseError::new(
        "`done:` does not say which request is done",
        "name it by its handle: `done: ^kvnqrs the lag is gone`",
        0..0,
    ))
}

/// Lists `services` as they are typed, the first ones of many: `@api, @web, ...`.
#[must_use]
pub fn list_services(services: &[String]) -> String {
    const MAX_LISTED: usize = 8;
    let listed = services.iter().take(MAX_LISTED);
    let mut names: Vec<String> = listed.map(|name| format!("@{}", excerpt(name))).collect();
    if services.len() > MAX_LISTED {
        names.push("...".to_owned());
    }
    names.join(", ")
}

/// Assigns a state without services to the only service of the incident; with several services, the
/// user has to name one.
fn resolve_services(event: &mut Event, all: bool, context: &Context<'_>) -> Result<(), ParseError> {
    let of_the_whole_incident =
        event.kind == Kind::Declare || (event.kind.is_lifecycle() && event.state.is_none());
    if !event.services.is_empty() || of_the_whole_incident || !event.bears_state() {
        return Ok(());
    }
    if all {
        // Without names it concerns the nameless service as well, where it is of all services then.
        if !context.nameless_is_unwell || !event.is_of_all_services() {
            event.services.clone_from(&context.services);
        }
        return Ok(());
    }
    match context.services.as_slice() {
        [] => Ok(()),
        [only] => {
            event.services.push(only.clone());
            Ok(())
        }
        // Which of them it was may not be known.
        _ if !event.is_of_all_services() => Ok(()),
        several => {
            let question = match event.shown_state() {
                Some(state) => format!("which service is {state}?"),
                None => format!("which service does the {} concern?", event.kind),
            };
            Err(ParseError::new(
                question,
                format!("name one or more of {}, or @all", list_services(several)),
                0..0,
            ))
        }
    }
}
