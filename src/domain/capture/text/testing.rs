//! What tests of the notes on a text read it with.

use super::super::{Context, Flags, parse};
use crate::domain::{time::parse_utc, zone::Zone};

/// Returns the notes on `line` in an incident with the services web and pay-db, joined.
pub(super) fn notices(line: &str) -> String {
    let now = parse_utc("2026-11-25T15:00:00Z").unwrap();
    let mut context = Context::new(now, Zone::utc());
    context.services = vec!["web".to_owned(), "pay-db".to_owned()];
    let parsed = parse(line, &Flags::default(), &context).unwrap();
    parsed.notices.concat()
}
