//! The capture line: one line that a person types → a typed change. Source: DESIGN, The capture line
//! and Kinds.
//!
//! ```text
//! [WHEN] [KIND:] TEXT with #tags @services @people ^links !state  [tell: Customer wording.]
//! ```
//!
//! [`parse()`] reads a line; [`ParsedLine::into_event`] makes a new event of it, [`ParsedLine::patch`] changes one by
//! what was given, [`ParsedLine::rewrite`] by what was altered in the line that [`format_line`] wrote.

mod change;
mod complete;
mod format;
mod kind;
mod markers;
mod mentions;
mod parse;
#[cfg(test)]
mod tests;
mod text;

use super::{
    time::UtcTime,
    when::{TimeContext, When, WhenError},
    words::{Kind, State},
    zone::Zone,
};
use chrono::NaiveDate;
use std::{collections::BTreeMap, fmt, ops::Range, rc::Rc};
use uuid::Uuid;

pub use complete::{Completion, complete};
pub use format::format_line;
pub use parse::{parse, parse_for_event};

/// How many bytes a line may have.
pub const MAX_LINE_BYTES: usize = 64 * 1024;

/// What the beginning of a handle stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandleLookup {
    /// One thing.
    One(Uuid),
    /// Nothing; with handles that are nearly it.
    None {
        /// Whole or shortened handles, best first; may be empty.
        suggestions: Vec<String>,
    },
    /// Several, whose handles these are.
    Many(Vec<String>),
}

/// What a line is read against.
#[derive(Clone)]
pub struct Context<'a> {
    /// The time it is, or was when the line was begun.
    pub now: UtcTime,
    /// The zone of the incident.
    pub zone: Zone,
    /// From when to when the incident lasted, where it is over.
    pub span: Option<(UtcTime, UtcTime)>,
    /// The day that a line before has set.
    pub day: Option<NaiveDate>,
    /// The services of the incident.
    pub services: Vec<String>,
    /// The people who are known.
    pub people: Vec<String>,
    /// The tags in use; only for completion.
    pub tags: Vec<String>,
    /// Words that stand for a kind (`theory` for `suspect`), from the settings.
    pub aliases: BTreeMap<String, String>,
    /// Looks up the beginning of a handle.
    pub find_handle: Rc<dyn Fn(&str) -> HandleLookup + 'a>,
    /// True where `tell:` is honoured: a line that a person typed for this purpose.
    pub allow_customer_wording: bool,
    /// True where the line is all text, and nothing is looked for in it.
    pub literal: bool,
}

impl Context<'static> {
    /// A context in which nothing is known but the time: no services, no people, no handles. `tell:`
    /// is honoured.
    #[must_use]
    pub fn new(now: UtcTime, zone: Zone) -> Self {
        Self {
            now,
            zone,
            span: None,
            day: None,
            services: Vec::new(),
            people: Vec::new(),
            tags: Vec::new(),
            aliases: BTreeMap::new(),
            find_handle: Rc::new(|_| HandleLookup::None {
                suggestions: Vec::new(),
            }),
            allow_customer_wording: true,
            literal: false,
        }
    }
}

impl<'a> Context<'a> {
    /// The same with another way to look up handles.
    #[must_use]
    pub fn with_find_handle<'b>(self, find: impl Fn(&str) -> HandleLookup + 'b) -> Context<'b>
    where
        'a: 'b,
    {
        Context {
            find_handle: Rc::new(find),
            ..self
        }
    }

    /// What a WHEN is read against.
    #[must_use]
    pub fn time_context(&self) -> TimeContext<'_> {
        TimeContext {
            now: self.now,
            zone: &self.zone,
            span: self.span,
            day: self.day,
        }
    }
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("now", &self.now)
            .field("zone", &self.zone.name())
            .field("services", &self.services)
            .field("people", &self.people)
            .finish_non_exhaustive()
    }
}

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
    source: LineSource,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct LineSource {
    line: String,
    flags: Flags,
    /// True where the event that it amends was known when it was read.
    amends_event: bool,
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

/// Why a line cannot be taken as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CaptureError {
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub hint: String,
    /// Which bytes of the line it is about; empty where it is about a flag or the whole.
    pub range: Range<usize>,
}

impl CaptureError {
    fn new(message: impl Into<String>, hint: impl Into<String>, range: Range<usize>) -> Self {
        Self {
            message: message.into(),
            hint: hint.into(),
            range,
        }
    }

    /// An error about the flag `--name`.
    fn for_flag(name: &str, message: impl fmt::Display, hint: impl Into<String>) -> Self {
        Self::new(format!("--{name}: {message}"), hint, 0..0)
    }

    fn from_when_error(error: WhenError, shift: usize) -> Self {
        let range = error.range.start + shift..error.range.end + shift;
        Self::new(error.message, error.hint, range)
    }
}

/// A piece of somebody's text, short and safe enough for a message.
fn excerpt(text: &str) -> String {
    let end = text.char_indices().nth(40).map_or(text.len(), |(at, _)| at);
    let dots = if end < text.len() { "…" } else { "" };
    format!("{}{dots}", super::sanitize::line(&text[..end]))
}
