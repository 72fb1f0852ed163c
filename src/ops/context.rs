//! What a capture line is parsed against: zone, time, known services and people.

pub use super::typed_text::*;
use super::{Result, Session, other_half::other_half_notice};
use crate::{
    domain::{
        capture::{Context, Flags, HandleLookup},
        event::Event,
        states::NAMELESS,
        time::UtcTime,
        when::{self, EventDays, EventTime, EventTimes, MAX_QUIET, TimeContext, When},
        words::{Kind, State},
        zone::Zone,
    },
    store::{IncidentRow, Reader, StoreError},
};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use uuid::Uuid;

/// How a line was entered, and for which incident.
#[derive(Clone, Debug)]
pub struct LineOptions {
    /// The incident named for this line; else the session decides.
    pub incident: Option<String>,
    /// True if a person typed the line for this purpose, so that `tell:` begins customer wording.
    pub allow_customer_wording: bool,
    /// True if the text is taken as it is, without looking for markers.
    pub literal: bool,
    /// The date that an earlier line of the same input set for bare times.
    pub day: Option<NaiveDate>,
    /// When typing began; `None` means now.
    pub started_at: Option<UtcTime>,
}

impl LineOptions {
    /// Options for one line typed by a person, for the incident named or the open one.
    #[must_use]
    pub fn for_typed_line(incident: Option<&str>) -> Self {
        Self {
            incident: incident.map(str::to_owned),
            allow_customer_wording: true,
            literal: false,
            day: None,
            started_at: None,
        }
    }
}

/// So many events, the newest ones, say where an incident lies in time.
const MAX_EVENT_TIMES: usize = 64;
/// So many are looked through for one with a time, in an incident that was declared of the past.
const MAX_PAST_EVENT_TIMES: usize = 2000;

/// What lines for one incident are parsed against. Services that a line adds are known to the next
/// one.
#[derive(Clone, Debug)]
pub struct LineContext {
    capture_context: Context<'static>,
    /// The zone of the incident, where a line states another for the times of the lines that follow.
    own_zone: Option<Zone>,
    /// The state of each service before the next line.
    states: BTreeMap<String, State>,
    /// The events of an open incident before the next line; `None` if they are not read.
    events: Option<EventTimes>,
    /// The place in the order of recording of the event registered last.
    last_registered: Option<i64>,
    /// When the incident was declared, if it is open.
    declared: Option<UtcTime>,
    author: String,
}

impl Session {
    /// Makes the context for lines of `incident`, or for unfiled ones.
    ///
    /// # Errors
    /// An unknown zone; a store that cannot be read.
    pub fn line_context(
        &self,
        incident: Option<&IncidentRow>,
        options: &LineOptions,
    ) -> Result<LineContext> {
        let mut line_context = self.line_context_without_events(incident, options)?;
        if let Some(row) = incident.filter(|row| row.resolved.is_none()) {
            let times = self.event_times(row.id)?;
            line_context.events = Some(EventTimes::new(times));
            line_context.locate_events();
        }
        Ok(line_context)
    }

    /// Returns until when the events of `incident` say how it went on; `None` if it has none.
    pub(super) fn known_until(&self, incident: Uuid) -> Result<Option<UtcTime>> {
        Ok(when::known_until(self.event_times(incident)?))
    }

    /// Returns the times of the newest events of `incident`, newest first, among them one that says where it lies.
    fn event_times(&self, incident: Uuid) -> Result<Vec<EventTime>> {
        let read = self.read();
        let mut times = read.newest_event_times(incident, MAX_EVENT_TIMES)?;
        if times.len() < MAX_EVENT_TIMES || times.iter().any(EventTime::is_evidence) {
            return Ok(times);
        }
        // All were logged at now: those with a time are further back.
        let Some(declared) = read.event_time(incident)? else {
            return Ok(times);
        };
        if declared.is_of_the_past() {
            times = read.newest_event_times(incident, MAX_PAST_EVENT_TIMES)?;
            if !times.iter().any(EventTime::is_evidence) {
                times.push(declared);
            }
        } else if let Some(oldest) = times.last_mut() {
            // Declared live, and logged live since.
            oldest.begins = true;
        }
        Ok(times)
    }

    /// Like [`line_context`](Self::line_context), for one `line` with `flags`. When the events occurred is
    /// read only if they may have a time, since that is a query: a time of day has a digit.
    pub fn context_of_line(
        &self,
        incident: Option<&IncidentRow>,
        options: &LineOptions,
        line: &str,
        flags: &Flags,
    ) -> Result<LineContext> {
        if flags.at.is_some() || line.contains(char::is_numeric) {
            self.line_context(incident, options)
        } else {
            self.line_context_without_events(incident, options)
        }
    }

    fn line_context_without_events(
        &self,
        incident: Option<&IncidentRow>,
        options: &LineOptions,
    ) -> Result<LineContext> {
        if let Some(row) = incident {
            self.check_typed_zone(row)?;
        }
        let zone = self.zone_of(incident)?;
        let mut context = Context::new(options.started_at.unwrap_or_else(|| self.now()), zone);
        context.day = options.day;
        context.allow_customer_wording = options.allow_customer_wording;
        context.literal = options.literal;
        context.aliases.clone_from(&self.settings.aliases);
        if let Some(row) = incident {
            context.services.clone_from(&row.services);
            context.renames = self.read().renames(Some(row.id))?;
            let nameless = row.states.state(NAMELESS);
            context.nameless_is_unwell = nameless.is_some_and(|state| state != State::Ok);
            if let Some(end) = row.resolved {
                let begun = self.read().first_event_at(row.id)?.or(row.declared);
                context.span = begun.map(|begun| (begun, end));
            }
        }
        Ok(LineContext {
            capture_context: context,
            own_zone: None,
            states: incident.map_or_else(BTreeMap::new, |row| {
                let states = row.states.iter();
                states
                    .filter_map(|(name, state)| Some((name.to_owned(), state?)))
                    .collect()
            }),
            events: None,
            last_registered: None,
            declared: incident
                .filter(|row| row.resolved.is_none())
                .and_then(|row| row.declared),
            author: self.write_context.author.clone(),
        })
    }
}

impl LineContext {
    /// Calls `read` with the capture context, in which handles and people can be looked up.
    ///
    /// # Errors
    /// Those of `read`, and of the store.
    pub fn parse_with<T>(
        &self,
        session: &Session,
        read: impl FnOnce(&Context<'_>) -> Result<T>,
    ) -> Result<T> {
        let failed = std::cell::RefCell::new(None);
        let find_handle = |typed: &str| {
            resolve_link(&session.read(), typed).unwrap_or_else(|error| {
                failed.replace(Some(error));
                HandleLookup::None {
                    suggestions: vec![],
                }
            })
        };
        let find_people = || {
            session.known_people().unwrap_or_else(|error| {
                failed.replace(Some(error));
                vec![]
            })
        };
        let context = self.capture_context.clone();
        let result = read(
            &context
                .with_find_handle(find_handle)
                .with_find_people(find_people),
        );
        match failed.into_inner() {
            Some(error) => Err(error.into()),
            None => result,
        }
    }

    /// Loads the tags in use, for completion.
    pub fn load_tags(&mut self, session: &Session, incident: Option<&IncidentRow>) -> Result<()> {
        self.capture_context.tags = session.read().tags(incident.map(|row| row.id))?;
        Ok(())
    }

    /// True if `event` is a fault without a state, of a service that was not in impact.
    #[must_use]
    pub fn makes_unknown(&self, event: &Event) -> bool {
        let is_in_impact = |name: &String| self.states.get(name).is_some_and(|s| s.is_impact());
        let nameless = [NAMELESS.to_owned()];
        let services = match event.services.as_slice() {
            [] => &nameless,
            named => named,
        };
        event.kind == Kind::Fault && event.state.is_none() && !services.iter().all(is_in_impact)
    }

    /// Makes `event` known to the lines after it: its time, its services, and the state that it bears.
    /// `has_time` is false if it is at now because it has no time.
    pub fn register_event(&mut self, event: &Event, has_time: bool) {
        if let Some(events) = &mut self.events {
            self.last_registered = Some(events.push(EventTime {
                at: event.at_utc(),
                recorded: self.capture_context.now,
                order: 0,
                author: self.author.clone(),
                has_time,
                begins: matches!(event.kind, Kind::Declare | Kind::Reopen),
            }));
            self.locate_events();
        }
        if let Some(state) = event.shown_state() {
            let state = state.known().unwrap_or(State::Unknown);
            if event.services.is_empty() {
                self.states.insert(NAMELESS.to_owned(), state);
            }
            let named = event.services.iter().map(|name| (name.clone(), state));
            self.states.extend(named);
        }
        let people = event.people.iter().chain(&event.commander);
        self.capture_context.add_people(people.cloned());
        if event.names_services() {
            for service in &event.services {
                if !self.capture_context.services.contains(service) {
                    self.capture_context.services.push(service.clone());
                }
            }
        }
    }

    /// Forgets the time of the event registered last: it is not logged, or not then.
    pub fn forget_time(&mut self) {
        if let (Some(events), Some(last)) = (&mut self.events, self.last_registered.take()) {
            events.remove(last);
            self.locate_events();
        }
    }

    fn locate_events(&mut self) {
        let now = self.capture_context.now;
        let events = self.events.as_ref();
        self.capture_context.events = events.and_then(|events| events.days(now, &self.author));
    }

    /// Sets the date of bare times in the lines that follow; with `None`, they have none.
    pub fn set_day(&mut self, day: impl Into<Option<NaiveDate>>) {
        self.capture_context.day = day.into();
    }

    /// Sets the zone of times without one in the lines that follow.
    pub fn set_zone(&mut self, zone: Zone) {
        let before = std::mem::replace(&mut self.capture_context.zone, zone);
        self.own_zone.get_or_insert(before);
    }

    /// Says that `event` has a time in a zone that a line states, and that the incident's zone has only in the other half
    /// of the year.
    pub(super) fn stated_zone_notice(&self, event: &Event) -> Option<String> {
        let stated = &self.capture_context.zone;
        let own = self
            .own_zone
            .as_ref()
            .filter(|_| event.zone == stated.name())?;
        when::stated_zone_notice(stated, own, event.at)
    }

    /// Says that the time of `event`, read from `line`, may be of the other half of the day.
    pub(super) fn other_half_notice(&self, line: &str, event: &Event) -> Option<String> {
        other_half_notice(line, event, self.declared?, &self.time_context())
    }

    /// Sets whether `tell:` begins customer wording in the lines that follow.
    pub fn set_allow_customer_wording(&mut self, allow: bool) {
        self.capture_context.allow_customer_wording = allow;
    }

    /// Reads a bare time of day as one after the end of a resolved incident, which is reopened then: near
    /// its end if that was recorded over a day later, else as the latest past one.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn read_times_after_end(&mut self, session: &Session, row: &IncidentRow) -> Result<()> {
        let context = &mut self.capture_context;
        context.span = None;
        let Some(end) = row.resolved.filter(|end| context.now - *end > MAX_QUIET) else {
            return Ok(());
        };
        let times = session.read().newest_event_times(row.id, MAX_EVENT_TIMES)?;
        let ended = times.iter().find(|time| time.at == end);
        context.events = Some(match ended.is_some_and(EventTime::is_of_the_past) {
            true => EventDays::Newest(end),
            false => EventDays::NowAndPast(end),
        });
        Ok(())
    }

    #[must_use]
    pub fn time_context(&self) -> TimeContext<'_> {
        self.capture_context.time_context()
    }

    /// Parses `typed` as a time; without it, returns now.
    ///
    /// # Errors
    /// `typed` is no time.
    pub fn parse_time(&self, typed: Option<&str>) -> Result<When> {
        let zone = &self.capture_context.zone;
        Ok(match typed {
            Some(typed) => when::parse_moment(typed, &self.time_context())?,
            None => When {
                at: zone.to_local(self.capture_context.now),
                zone: zone.name().to_owned(),
                approximate: false,
                end: None,
                assumed_day: None,
                zone_notice: None,
                doubts: vec![],
            },
        })
    }

    /// Makes the services of an incident known that the lines may go to.
    pub fn add_services(&mut self, services: &[String]) {
        let known = &mut self.capture_context.services;
        for service in services {
            if !known.contains(service) {
                known.push(service.clone());
            }
        }
    }

    /// Returns the capture context, in which no handle can be resolved.
    #[must_use]
    pub fn capture_context(&self) -> &Context<'static> {
        &self.capture_context
    }
}

fn resolve_link(read: &Reader<'_>, typed: &str) -> Result<HandleLookup, StoreError> {
    let typed = typed.to_lowercase();
    let mut matches = read.find_by_handle(&typed)?;
    Ok(match matches.len() {
        1 => HandleLookup::One(matches.remove(0).id),
        0 => HandleLookup::None {
            suggestions: read.suggest_handles(&typed)?,
        },
        _ => HandleLookup::Many(matches.into_iter().map(|m| m.handle).collect()),
    })
}
