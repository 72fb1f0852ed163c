mod change;
mod lines;
mod properties;

use super::*;
use crate::domain::{
    parse_error::ParseError,
    time::parse_utc,
    words::{Kind, State},
    zone::Zone,
};
use std::ops::Range;
use uuid::Uuid;

pub(super) fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// Resolves `kvn` to one id and `kz` to two, full handles of the ids 1 to 9, and nothing else.
fn find(text: &str) -> HandleLookup {
    if let Some(n) = (1..10)
        .find(|n| text.len() >= 6 && crate::domain::handle::from_id(id(*n)).starts_with(text))
    {
        return HandleLookup::One(id(n));
    }
    match text {
        "kvn" => HandleLookup::One(id(1)),
        "kz" => HandleLookup::Many(vec!["kzkzkz".into(), "kzzzzz".into()]),
        _ => HandleLookup::None {
            suggestions: vec!["kvnqqq".into()],
        },
    }
}

/// A context at 10:18:42 in New York with two services, two people and one alias.
pub(super) fn context() -> Context<'static> {
    let mut context = Context::new(
        parse_utc("2012-08-16T10:18:42-04:00").unwrap(),
        Zone::find("America/New_York").unwrap(),
    )
    .with_find_people(|| vec!["ann".into(), "Bob".into()])
    .with_find_handle(find);
    context.services = vec!["online-db".into(), "Web".into()];
    context.tags = vec!["storage".into()];
    context.aliases = [("theory".to_owned(), "suspect".to_owned())].into();
    context
}

pub(super) fn read(line: &str) -> ParsedLine {
    parse(line, &Flags::default(), &context())
        .unwrap_or_else(|e| unreachable!("{line}: {e} ({})", e.hint))
}

pub(super) fn wrong(line: &str) -> ParseError {
    match parse(line, &Flags::default(), &context()).and_then(|read| read.into_event(&context())) {
        Err(error) => error,
        Ok(event) => unreachable!("{line}: {event:?}"),
    }
}

pub(super) fn event(line: &str) -> Event {
    read(line)
        .into_event(&context())
        .unwrap_or_else(|e| unreachable!("{line}: {e} ({})", e.hint))
}

use crate::domain::event::Event;
