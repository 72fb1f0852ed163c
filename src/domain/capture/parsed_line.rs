//! The result of parsing a line, before it is applied to an event.

use crate::domain::{
    when::When,
    words::{Kind, State},
};
use std::ops::Range;
use uuid::Uuid;

/// Maximum length of a line, in bytes.
pub const MAX_LINE_BYTES: usize = 64 * 1024;

/// Markers given as flags. A marker that is given as a flag is not looked for in the line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--at`: a time and nothing else.
    pub at: Option<String>,
    /// `--kind`: a kind, abbreviated or an alias; `done`; `comms/execs`.
    pub kind: Option<String>,
    /// `--state`; empty or `-` clears it.
    pub state: Option<String>,
    /// `--tag`, with or without `#`; an empty one alone clears.
    pub tags: Vec<String>,
    /// `--service`, with or without `@`; `all` for all; an empty one alone clears.
    pub services: Vec<String>,
    /// People, with or without `@`; an empty one alone clears.
    pub people: Vec<String>,
    /// Beginnings of handles, with or without `^`; an empty one alone clears.
    pub links: Vec<String>,
    /// `--customer`: customer wording; empty or `-` clears.
    pub customer: Option<String>,
}

/// What a line gives. `None` is what it does not give.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParsedLine {
    pub when: Option<When>,
    pub kind: Option<Kind>,
    /// The text without its markers; never empty.
    pub text: Option<String>,
    /// For a decision: the reason; `-` clears it.
    pub rationale: Option<String>,
    /// For a decision: the rejected option; `-` clears it.
    pub rejected: Option<String>,
    /// Customer wording; `Some(None)` clears it.
    pub customer: Option<Option<String>>,
    /// Services; an empty list clears them.
    pub services: Option<Vec<String>>,
    /// True if `@all` was given.
    pub all_services: bool,
    /// The state of the services.
    pub state: Option<State>,
    pub clear_state: bool,
    /// Tags, without `#`.
    pub tags: Option<Vec<String>>,
    /// People, without `@`.
    pub people: Option<Vec<String>>,
    pub links: Option<Vec<Uuid>>,
    /// True for `done:`, which closes the asks in `links`.
    pub closes: bool,
    /// For `comms/WHOM:`: the recipients.
    pub audience: Option<String>,
    /// For an ask: its time box.
    pub time_box_secs: Option<u32>,
    /// For a handoff: the new incident commander.
    pub commander: Option<String>,
    /// True if the line begins like a time that was not understood.
    pub has_unread_time: bool,
    /// Hints for the user, one sentence each.
    pub notices: Vec<String>,
    /// The recognised parts, by byte range of the line, in order.
    pub tokens: Vec<(Range<usize>, TokenKind)>,
    /// The input, to be parsed again when an event that it amends gives it another meaning.
    pub(super) source: LineSource,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct LineSource {
    pub line: String,
    pub flags: Flags,
    /// True if the amended event was known when the line was parsed.
    pub amends_event: bool,
}

/// What a part of a line was recognised as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    When,
    /// The kind, with its colon.
    Kind,
    /// A service, or `@all`.
    Service,
    /// A service that is new to the incident.
    NewService,
    Person,
    Tag,
    Link,
    State,
    TimeBox,
    /// The keyword that begins a part: `why:`, `not:`, `tell:`.
    PartKeyword,
    CustomerWording,
    /// A backslash that makes the following marker text.
    Escape,
    /// Looks like a marker but was kept as text.
    Unknown,
}
