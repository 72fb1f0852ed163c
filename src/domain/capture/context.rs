//! The context in which a capture line is parsed.

use crate::domain::{
    renames::Renames,
    time::UtcTime,
    when::{EventDays, TimeContext},
    zone::Zone,
};
use chrono::NaiveDate;
use std::{cell::OnceCell, collections::BTreeMap, fmt, rc::Rc};
use uuid::Uuid;

/// The result of looking up the beginning of a handle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandleLookup {
    One(Uuid),
    /// No match, with similar handles.
    None {
        /// Full or shortened handles, best first; may be empty.
        suggestions: Vec<String>,
    },
    /// Several matches, with their handles.
    Many(Vec<String>),
}

/// What the parser needs to know to understand a line.
#[derive(Clone)]
pub struct Context<'a> {
    /// The current time, or the time at which the line was begun.
    pub now: UtcTime,
    /// The zone of the incident.
    pub zone: Zone,
    /// For a resolved incident, its start and end.
    pub span: Option<(UtcTime, UtcTime)>,
    /// For an open incident, where its events lie in time.
    pub events: Option<EventDays>,
    /// The day that an earlier line has set.
    pub day: Option<NaiveDate>,
    pub services: Vec<String>,
    /// True if the state of the nameless service, from before any was named, is not `ok`.
    pub nameless_is_unwell: bool,
    /// The known people, once they were needed; shared by the copies of a context.
    people: Rc<OnceCell<Vec<String>>>,
    find_people: Rc<dyn Fn() -> Vec<String> + 'a>,
    /// What renamed services and people are called now.
    pub renames: Renames,
    /// The tags in use, for completion only.
    pub tags: Vec<String>,
    /// Aliases of kinds (`theory` for `suspect`), from the settings.
    pub aliases: BTreeMap<String, String>,
    pub find_handle: Rc<dyn Fn(&str) -> HandleLookup + 'a>,
    /// True if `tell:` begins customer wording; false for text that was not typed for this purpose,
    /// such as pasted lines.
    pub allow_customer_wording: bool,
    /// True if the whole line is text, without markers.
    pub literal: bool,
}

impl Context<'static> {
    /// A context that knows only the time and the zone. `tell:` is accepted.
    #[must_use]
    pub fn new(now: UtcTime, zone: Zone) -> Self {
        Self {
            now,
            zone,
            span: None,
            events: None,
            day: None,
            services: Vec::new(),
            nameless_is_unwell: false,
            people: Rc::default(),
            find_people: Rc::new(Vec::new),
            renames: Renames::default(),
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
    /// Replaces the lookup of handles.
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

    /// Replaces the lookup of the known people, which is done at most once.
    #[must_use]
    pub fn with_find_people<'b>(self, find: impl Fn() -> Vec<String> + 'b) -> Context<'b>
    where
        'a: 'b,
    {
        Context {
            find_people: Rc::new(find),
            ..self
        }
    }

    /// The known people.
    #[must_use]
    pub fn people(&self) -> &[String] {
        self.people.get_or_init(|| (self.find_people)())
    }

    /// Adds `names` to the known people, if these were looked up: else the lookup decides.
    pub fn add_people(&mut self, names: impl Iterator<Item = String>) {
        if let Some(people) = Rc::make_mut(&mut self.people).get_mut() {
            people.extend(names);
        }
    }

    /// Returns the name that the service or the person `name` has now.
    pub(super) fn name_of_now<'n>(&'n self, name: &'n str) -> &'n str {
        match self.renames.service(name) {
            same if same == name => self.renames.person(name),
            now => now,
        }
    }

    #[must_use]
    pub fn time_context(&self) -> TimeContext<'_> {
        TimeContext {
            now: self.now,
            zone: &self.zone,
            span: self.span,
            events: self.events,
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
            .field("people", &self.people.get())
            .finish_non_exhaustive()
    }
}
