//! What a capture line is read against.

use crate::domain::{time::UtcTime, when::TimeContext, zone::Zone};
use chrono::NaiveDate;
use std::{collections::BTreeMap, fmt, rc::Rc};
use uuid::Uuid;

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
