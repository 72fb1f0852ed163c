//! The context that a line is read in: the zone, the time, the services and people known here.

use super::{Book, OpsError, Result};
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
pub const LONGEST: usize = MAX_LINE_BYTES;

/// How a line came, and for which incident.
#[derive(Clone, Debug)]
pub struct Given {
    /// The incident named for this line.
    pub incident: Option<String>,
    /// True where a person typed it for this purpose, so that `tell:` means customer wording.
    pub wording: bool,
    /// True where no markers are looked for at all.
    pub literal: bool,
    /// The day that an earlier line of the same input set.
    pub day: Option<NaiveDate>,
    /// When the line was begun; the time it is read at where missing.
    pub begun: Option<UtcTime>,
}

impl Given {
    /// A line typed for the incident named, or the open one.
    #[must_use]
    pub fn typed(incident: Option<&str>) -> Self {
        Self {
            incident: incident.map(str::to_owned),
            wording: true,
            literal: false,
            day: None,
            begun: None,
        }
    }
}

/// What the lines of one incident are read in, and what they teach.
#[derive(Clone, Debug)]
pub struct Known {
    context: Context<'static>,
    people_asked: bool,
    /// True where the incident has a state already.
    pub state_known: bool,
}

impl Book {
    /// What lines for `incident` are read in.
    ///
    /// # Errors
    /// What the store says, a zone that there is not.
    pub fn context(&self, incident: Option<&IncidentRow>, given: &Given) -> Result<Known> {
        let zone = self.zone_of(incident)?;
        let mut context = Context::new(given.begun.unwrap_or_else(|| self.now()), zone);
        context.day = given.day;
        context.allow_customer_wording = given.wording;
        context.literal = given.literal;
        context.aliases.clone_from(&self.settings.aliases);
        if let Some(row) = incident {
            context.services.clone_from(&row.services);
            if let Some(end) = row.resolved {
                let begun = self.read().first_event_at(row.id)?.or(row.declared);
                context.span = begun.map(|begun| (begun, end));
            }
        }
        Ok(Known {
            context,
            people_asked: false,
            state_known: incident.is_some_and(|row| row.state.is_some()),
        })
    }
}

impl Known {
    /// Reads with all this what `line` says. People are asked for only where a line may name one.
    ///
    /// # Errors
    /// Those of `read`, and what the store says.
    pub fn with<T>(
        &mut self,
        book: &Book,
        line: &str,
        read: impl FnOnce(&Context<'_>) -> Result<T>,
    ) -> Result<T> {
        if !self.people_asked && self.may_name_people(line) {
            self.people_asked = true;
            self.context.people = book.read().people()?;
            self.context.people.push(book.pen.author.clone());
        }
        let failed = std::cell::RefCell::new(None);
        let result = read(&self.context.clone().with_find_handle(|typed| {
            find(&book.read(), typed).unwrap_or_else(|error| {
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
            !self.context.services.iter().any(|known| known == name)
        })
    }

    /// For completion: the people and the tags in use.
    ///
    /// # Errors
    /// What the store says.
    pub fn for_completion(&mut self, book: &Book, incident: Option<&IncidentRow>) -> Result<()> {
        self.people_asked = true;
        self.context.people = book.read().people()?;
        self.context.tags = book.read().tags(incident.map(|row| row.id))?;
        Ok(())
    }

    /// What `event` names is known to the lines after it.
    pub fn learn(&mut self, event: &Event) {
        if event.state_or_implied().is_some() {
            self.state_known = true;
            for service in &event.services {
                if !self.context.services.contains(service) {
                    self.context.services.push(service.clone());
                }
            }
        }
    }

    /// The day of the bare times that follow.
    pub fn set_day(&mut self, day: NaiveDate) {
        self.context.day = Some(day);
    }

    /// Whether `tell:` means customer wording in the lines that follow.
    pub fn set_wording(&mut self, wording: bool) {
        self.context.allow_customer_wording = wording;
    }

    /// What a WHEN is read against.
    #[must_use]
    pub fn when(&self) -> TimeContext<'_> {
        self.context.time_context()
    }

    /// The time that `typed` gives; now where it gives none.
    ///
    /// # Errors
    /// What is no WHEN.
    pub fn at(&self, typed: Option<&str>) -> Result<When> {
        let zone = &self.context.zone;
        Ok(match typed {
            Some(typed) => when::parse(typed, &self.when())?,
            None => When {
                at: zone.to_local(self.context.now),
                zone: zone.name().to_owned(),
                approximate: false,
                end: None,
            },
        })
    }

    /// All of it but the look-up of handles, to read lines with later.
    #[must_use]
    pub fn context(&self) -> &Context<'static> {
        &self.context
    }
}

fn find(read: &Reader<'_>, typed: &str) -> Result<HandleLookup, StoreError> {
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
pub fn text(typed: &str, what: &str) -> Result<String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(OpsError::usage(format!("the {what} is empty"))
            .hint(format!("type the {what}, in single quotes")));
    }
    if typed.len() > LONGEST {
        return Err(OpsError::usage(format!(
            "the {what} has {} bytes; {LONGEST} are the most",
            typed.len()
        ))
        .hint("keep a long text in a file and log where it is"));
    }
    if let Some(at) = typed.find('\0') {
        return Err(
            OpsError::usage(format!("the {what} contains a NUL character at byte {at}"))
                .hint("remove it; every other character is kept as it is"),
        );
    }
    Ok(typed.to_owned())
}

/// Sees that customer wording is plain text.
///
/// # Errors
/// A control character in it, as an arrow key leaves at a prompt; a line break is none.
pub fn wording(wording: Option<&str>) -> Result<()> {
    let bad = wording.and_then(|w| w.chars().find(|c| c.is_control() && *c != '\n'));
    match bad {
        None => Ok(()),
        Some(c) => Err(OpsError::usage(format!(
            "the customer wording contains the control character {}",
            c.escape_default()
        ))
        .hint("customers would read it: type the wording anew, in plain text")),
    }
}

/// `typed` as a name: of a service, of a person. One word, without `@`.
///
/// # Errors
/// Nothing, or what could never be typed after an `@`.
pub fn name(typed: &str, what: &str) -> Result<String> {
    let name = text(typed, what)?;
    let name = name.trim_start_matches('@').to_owned();
    if name.is_empty()
        || name
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || c == '@')
    {
        return Err(OpsError::usage(format!("`{name}` is no name for a {what}"))
            .hint("a name is one word: letters, digits, - _ . /"));
    }
    Ok(name)
}
