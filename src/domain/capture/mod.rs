//! The capture line: one line that a person types → a typed change. Source: DESIGN, The capture line
//! and Kinds.
//!
//! ```text
//! [WHEN] [KIND:] TEXT with #tags @services @people ^links !state  [tell: Customer wording.]
//! ```
//!
//! [`parse`] reads a line; [`Line::event`] makes a new event of it, [`Line::patch`] changes one by
//! what was given, [`Line::rewrite`] by what was altered in the line that [`print()`] wrote.

mod body;
mod change;
mod complete;
mod kind;
mod line;
mod markers;
mod names;
mod print;
#[cfg(test)]
mod tests;

use super::{
    time::Instant,
    when::{Now, When, WhenError},
    words::{Kind, State},
    zone::Zone,
};
use chrono::NaiveDate;
use std::{collections::BTreeMap, fmt, ops::Range, rc::Rc};
use uuid::Uuid;

pub use complete::{Completion, complete};
pub use line::{parse, parse_for};
pub use print::print;

/// How many bytes a line may have.
pub const LIMIT: usize = 64 * 1024;

/// What the beginning of a handle stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// One thing.
    One(Uuid),
    /// Nothing; with handles that are nearly it.
    None {
        /// Whole or shortened handles, best first; may be empty.
        near: Vec<String>,
    },
    /// Several, whose handles these are.
    Many(Vec<String>),
}

/// What a line is read against.
#[derive(Clone)]
pub struct Context<'a> {
    /// The time it is, or was when the line was begun.
    pub now: Instant,
    /// The zone of the incident.
    pub zone: Zone,
    /// From when to when the incident lasted, where it is over.
    pub span: Option<(Instant, Instant)>,
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
    pub find: Rc<dyn Fn(&str) -> Link + 'a>,
    /// True where `tell:` is honoured: a line that a person typed for this purpose.
    pub wording: bool,
    /// True where the line is all text, and nothing is looked for in it.
    pub literal: bool,
}

impl Context<'static> {
    /// A context in which nothing is known but the time: no services, no people, no handles. `tell:`
    /// is honoured.
    #[must_use]
    pub fn new(now: Instant, zone: Zone) -> Self {
        Self {
            now,
            zone,
            span: None,
            day: None,
            services: Vec::new(),
            people: Vec::new(),
            tags: Vec::new(),
            aliases: BTreeMap::new(),
            find: Rc::new(|_| Link::None { near: Vec::new() }),
            wording: true,
            literal: false,
        }
    }
}

impl<'a> Context<'a> {
    /// The same with another way to look up handles.
    #[must_use]
    pub fn with_find<'b>(self, find: impl Fn(&str) -> Link + 'b) -> Context<'b>
    where
        'a: 'b,
    {
        Context {
            find: Rc::new(find),
            ..self
        }
    }

    /// What a WHEN is read against.
    #[must_use]
    pub fn when(&self) -> Now<'_> {
        Now {
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
    /// `--state`.
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
pub struct Line {
    /// When it happened.
    pub when: Option<When>,
    /// What sort of thing it is.
    pub kind: Option<Kind>,
    /// The text without its markers; never empty.
    pub text: Option<String>,
    /// Of a decision: why.
    pub why: Option<String>,
    /// Of a decision: what was turned down.
    pub not: Option<String>,
    /// Customer wording; `Some(None)` where it is to be cleared.
    pub customer: Option<Option<String>>,
    /// Services; `Some` of none where they are to be cleared.
    pub services: Option<Vec<String>>,
    /// True where `@all` was said.
    pub all_services: bool,
    /// The state they are put in.
    pub state: Option<State>,
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
    pub within: Option<u32>,
    /// Of a handoff: who commands from here on.
    pub commander: Option<String>,
    /// What the person who typed it should be told, each a sentence.
    pub notices: Vec<String>,
    /// What was understood where, by bytes of the line, in order.
    pub marks: Vec<(Range<usize>, Mark)>,
    /// What was read, to be read again where an event it amends says more about it.
    source: Source,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Source {
    line: String,
    flags: Flags,
    /// True where the event that it amends was known when it was read.
    amends: bool,
}

/// What a piece of a line was understood as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
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
    Within,
    /// The word that begins a part: `why:`, `not:`, `tell:`.
    Part,
    /// Customer wording.
    Wording,
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
    fn flag(name: &str, message: impl fmt::Display, hint: impl Into<String>) -> Self {
        Self::new(format!("--{name}: {message}"), hint, 0..0)
    }

    fn when(error: WhenError, shift: usize) -> Self {
        let range = error.range.start + shift..error.range.end + shift;
        Self::new(error.message, error.hint, range)
    }
}

/// A piece of somebody's text, short and safe enough for a message.
fn show(text: &str) -> String {
    let end = text.char_indices().nth(40).map_or(text.len(), |(at, _)| at);
    let dots = if end < text.len() { "…" } else { "" };
    format!("{}{dots}", super::safe::line(&text[..end]))
}
