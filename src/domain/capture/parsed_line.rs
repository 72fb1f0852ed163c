//! What a line says, before it is applied to an event.

use crate::domain::{
    when::When,
    words::{Kind, State},
};
use std::ops::Range;
use uuid::Uuid;

/// How many bytes a line may have.
pub const MAX_LINE_BYTES: usize = 64 * 1024;

/// Markers given as flags. What is given here is not looked for in the line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--at`: exactly a WHEN.
    pub at: Option<String>,
    /// `--kind`: a kind, shortened or an alias, `done`, `comms/execs`.
    pub kind: Option<String>,
    /// `--state`; empty or `-` takes away the one that was given.
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

/// What a line says; what it does not say is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParsedLine {
    /// When it happened.
    pub when: Option<When>,
    /// What sort of thing it is.
    pub kind: Option<Kind>,
    /// The text without its markers; never empty.
    pub text: Option<String>,
    /// Of a decision: why; `-` where it is to be cleared.
    pub rationale: Option<String>,
    /// Of a decision: what was turned down; `-` where it is to be cleared.
    pub rejected: Option<String>,
    /// Customer wording; `Some(None)` where it is to be cleared.
    pub customer: Option<Option<String>>,
    /// Services; `Some` of none where they are to be cleared.
    pub services: Option<Vec<String>>,
    /// True where `@all` was said.
    pub all_services: bool,
    /// The state they are put in.
    pub state: Option<State>,
    /// True where the state that was given is to be taken away.
    pub clear_state: bool,
    /// Tags, without `#`.
    pub tags: Option<Vec<String>>,
    /// People, without `@`.
    pub people: Option<Vec<String>>,
    /// What it is linked to.
    pub links: Option<Vec<Uuid>>,
    /// True for `done:`, which closes the asks it links to.
    pub closes: bool,
    /// Of `comms/WHOM:`: to whom.
    pub audience: Option<String>,
    /// Of an ask: its time box, in seconds.
    pub time_box_secs: Option<u32>,
    /// Of a handoff: who commands from here on.
    pub commander: Option<String>,
    /// What the person who typed it should be told, each a sentence.
    pub notices: Vec<String>,
    /// What was understood where, by bytes of the line, in order.
    pub tokens: Vec<(Range<usize>, TokenKind)>,
    /// What was read, to be read again where an event it amends says more about it.
    pub(super) source: LineSource,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct LineSource {
    pub line: String,
    pub flags: Flags,
    /// True where the event that it amends was known when it was read.
    pub amends_event: bool,
}

/// What a piece of a line was understood as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// The time.
    When,
    /// The kind, with its colon.
    Kind,
    /// A service, or all of them.
    Service,
    /// A service that was not known before.
    NewService,
    /// A person.
    Person,
    /// A tag.
    Tag,
    /// A link.
    Link,
    /// A state.
    State,
    /// A time box.
    TimeBox,
    /// The word that begins a part: `why:`, `not:`, `tell:`.
    PartKeyword,
    /// Customer wording.
    CustomerWording,
    /// A backslash that makes what follows text.
    Escape,
    /// What looks like a marker and was left as text.
    Unknown,
}
