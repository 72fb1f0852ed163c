//! The context that a line is read in: the zone, the time, the services and people known here.

use super::{OpsError, Result, Session};
use crate::{
    domain::{
        capture::{Context, HandleLookup, MAX_LINE_BYTES},
        event::Event,
        time::UtcTime,
        when::{self, TimeContext, When},
    },
    store::{IncidentRow, Reader, StoreError},
};
use chrono::NaiveDate;

/// The longest text that is taken, in bytes: longer ones are pastes that belong in a file.
pub const MAX_TEXT_BYTES: usize = MAX_LINE_BYTES;

/// How a line came, and for which incident.
#[derive(Clone, Debug)]
pub struct LineOptions {
    /// The incident named for this line.
    pub incident: Option<String>,
    /// True where a person typed it for this purpose, so that `tell:` means customer wording.
    pub allow_customer_wording: bool,
    /// True where no markers are looked for at all.
    pub literal: bool,
    /// The day that an earlier line of the same input set.
    pub day: Option<NaiveDate>,
    /// When the line was begun; the time it is read at where missing.
    pub started_at: Option<UtcTime>,
}

impl LineOptions {
    /// A line typed for the incident named, or the open one.
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

/// What the lines of one incident are read in, and what they teach.
#[derive(Clone, Debug)]
pub struct LineContext {
    capture_context: Context<'static>,
    people_loaded: bool,
    /// True where the incident has a state already.
    pub state_known: bool,
}

impl Session {
    /// What lines for `incident` are read in.
    ///
    /// # Errors
    /// What the store says, a zone that there is not.
    pub fn line_context(
        &self,
        incident: Option<&IncidentRow>,
        given: &LineOptions,
    ) -> Result<LineContext> {
        let zone = self.zone_of(incident)?;
        let mut context = Context::new(given.started_at.unwrap_or_else(|| self.now()), zone);
        context.day = given.day;
        context.allow_customer_wording = given.allow_customer_wording;
        context.literal = given.literal;
        context.aliases.clone_from(&self.settings.aliases);
        if let Some(row) = incident {
            context.services.clone_from(&row.services);
            if let Some(end) = row.resolved {
                let begun = self.read().first_event_at(row.id)?.or(row.declared);
                context.span = begun.map(|begun| (begun, end));
            }
        }
        Ok(LineContext {
            capture_context: context,
            people_loaded: false,
            state_known: incident.is_some_and(|row| row.state.is_some()),
        })
    }
}

impl LineContext {
    /// Reads with all this what `line` says. People are asked for only where a line may name one.
    ///
    /// # Errors
    /// Those of `read`, and what the store says.
    pub fn parse_with<T>(
        &mut self,
        book: &Session,
        line: &str,
        read: impl FnOnce(&Context<'_>) -> Result<T>,
    ) -> Result<T> {
        if !self.people_loaded && self.may_name_people(line) {
            self.people_loaded = true;
            self.capture_context.people = book.read().people()?;
            self.capture_context
                .people
                .push(book.write_context.author.clone());
        }
        let failed = std::cell::RefCell::new(None);
        let result = read(&self.capture_context.clone().with_find_handle(|typed| {
            resolve_link(&book.read(), typed).unwrap_or_else(|error| {
                failed.replace(Some(error));
                HandleLookup::None {
                    suggestions: vec![],
                }
            })
        }));
        match failed.into_inner() {
            Some(error) => Err(error.into()),
            None => result,
        }
    }

    /// True where `line` has an `@` that begins none of the services known.
    fn may_name_people(&self, line: &str) -> bool {
        line.match_indices('@').any(|(at, _)| {
            let end = |c: char| c.is_whitespace() || ",;:!?)".contains(c);
            let name = line[at + 1..].split(end).next().unwrap_or_default();
            let name = name.trim_end_matches('.');
            !self
                .capture_context
                .services
                .iter()
                .any(|known| known == name)
        })
    }

    /// For completion: the people and the tags in use.
    ///
    /// # Errors
    /// What the store says.
    pub fn load_for_completion(
        &mut self,
        book: &Session,
        incident: Option<&IncidentRow>,
    ) -> Result<()> {
        self.people_loaded = true;
        self.capture_context.people = book.read().people()?;
        self.capture_context.tags = book.read().tags(incident.map(|row| row.id))?;
        Ok(())
    }

    /// What `event` names is known to the lines after it.
    pub fn register_event(&mut self, event: &Event) {
        if event.state_or_implied().is_some() {
            self.state_known = true;
            for service in &event.services {
                if !self.capture_context.services.contains(service) {
                    self.capture_context.services.push(service.clone());
                }
            }
        }
    }

    /// The day of the bare times that follow.
    pub fn set_day(&mut self, day: NaiveDate) {
        self.capture_context.day = Some(day);
    }

    /// Whether `tell:` means customer wording in the lines that follow.
    pub fn set_allow_customer_wording(&mut self, wording: bool) {
        self.capture_context.allow_customer_wording = wording;
    }

    /// What a WHEN is read against.
    #[must_use]
    pub fn time_context(&self) -> TimeContext<'_> {
        self.capture_context.time_context()
    }

    /// The time that `typed` gives; now where it gives none.
    ///
    /// # Errors
    /// What is no WHEN.
    pub fn parse_time(&self, typed: Option<&str>) -> Result<When> {
        let zone = &self.capture_context.zone;
        Ok(match typed {
            Some(typed) => when::parse(typed, &self.time_context())?,
            None => When {
                at: zone.to_local(self.capture_context.now),
                zone: zone.name().to_owned(),
                approximate: false,
                end: None,
            },
        })
    }

    /// All of it but the look-up of handles, to read lines with later.
    #[must_use]
    pub fn capture_context(&self) -> &Context<'static> {
        &self.capture_context
    }
}

fn resolve_link(read: &Reader<'_>, typed: &str) -> Result<HandleLookup, StoreError> {
    let typed = typed.to_lowercase();
    let mut found = read.find_by_handle(&typed)?;
    Ok(match found.len() {
        1 => HandleLookup::One(found.remove(0).id),
        0 => HandleLookup::None {
            suggestions: read.suggest_handles(&typed)?,
        },
        _ => HandleLookup::Many(found.into_iter().map(|f| f.handle).collect()),
    })
}

/// `typed` without the space around it, where it is a text that can be kept.
///
/// # Errors
/// Nothing, too much, or a NUL character; `what` says what it was to be.
pub fn validate_text(typed: &str, what: &str) -> Result<String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(OpsError::usage(format!("the {what} is empty"))
            .with_hint(format!("type the {what}, in single quotes")));
    }
    if typed.len() > MAX_TEXT_BYTES {
        return Err(OpsError::usage(format!(
            "the {what} has {} bytes; {MAX_TEXT_BYTES} are the most",
            typed.len()
        ))
        .with_hint("keep a long text in a file and log where it is"));
    }
    if let Some(at) = typed.find('\0') {
        return Err(
            OpsError::usage(format!("the {what} contains a NUL character at byte {at}"))
                .with_hint("remove it; every other character is kept as it is"),
        );
    }
    Ok(typed.to_owned())
}

/// Sees that customer wording is plain text.
///
/// # Errors
/// A control character in it, as an arrow key leaves at a prompt; a line break is none.
pub fn validate_wording(wording: Option<&str>) -> Result<()> {
    let bad = wording.and_then(|w| w.chars().find(|c| c.is_control() && *c != '\n'));
    match bad {
        None => Ok(()),
        Some(c) => Err(OpsError::usage(format!(
            "the customer wording contains the control character {}",
            c.escape_default()
        ))
        .with_hint("customers would read it: type the wording anew, in plain text")),
    }
}

/// `typed` as a name: of a service, of a person. One word, without `@`.
///
/// # Errors
/// Nothing, or what could never be typed after an `@`.
pub fn validate_name(typed: &str, what: &str) -> Result<String> {
    let name = validate_text(typed, what)?;
    let name = name.trim_start_matches('@').to_owned();
    if name.is_empty()
        || name
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || c == '@')
    {
        return Err(OpsError::usage(format!("`{name}` is no name for a {what}"))
            .with_hint("a name is one word: letters, digits, - _ . /"));
    }
    Ok(name)
}
