//! The session: an open store, the settings, and the author, clock and id generator to write with.

use super::{
    atomic_write::WriteOptions,
    error::Result,
    write_context::{Clock, IdGenerator, WriteContext},
};
use crate::{
    config::Settings,
    domain::{entry::Entry, time::UtcTime, value::Change, zone::Zone},
    store::{IncidentRow, OpenOptions, Reader, Store},
};
use std::path::PathBuf;

/// Options of [`Session::open`].
#[derive(Clone, Debug)]
pub struct SessionOptions {
    pub path: PathBuf,
    pub store: OpenOptions,
    /// The author of new entries.
    pub author: String,
    /// See [`WriteContext::terminal_session`].
    pub terminal_session: Option<String>,
    pub clock: Clock,
    /// Seed of new ids and salts, for tests and worked examples; `None` makes them random.
    pub seed: Option<String>,
    /// The zone name for new incidents, from `--zone` or the environment.
    pub default_zone: Option<String>,
    /// Used if a use case is given no incident: a number, a handle or `latest`.
    pub default_incident: Option<String>,
    pub settings: Settings,
}

/// An open store with what is needed to write to it. Every use case takes one.
pub struct Session {
    pub store: Store,
    pub write_context: WriteContext,
    pub settings: Settings,
    /// The zone name for new incidents, from `--zone` or the environment.
    pub default_zone: Option<String>,
    /// True if that was typed for this one command.
    pub zone_is_typed: bool,
    /// Used if a use case is given no incident: a number, a handle or `latest`.
    pub default_incident: Option<String>,
}

impl Session {
    /// Opens the database file; creates it if it is missing and `options.store.create` is set.
    pub fn open(options: SessionOptions) -> Result<Self> {
        let mut store_options = options.store;
        if let Some(seed) = &options.seed {
            let mut ids = IdGenerator::Seeded {
                seed: format!("{seed}/origin"),
                count: 0,
            };
            store_options.new_origin = Some(ids.new_id(options.clock.now()));
        }
        let store = Store::open(&options.path, &store_options)?;
        let ids = match options.seed {
            // Ids follow from the number of entries, so that each process makes other ids than the
            // last.
            Some(seed) => IdGenerator::Seeded {
                seed: format!("{seed}/{}", store.read().entry_count()?),
                count: 0,
            },
            None => IdGenerator::Random,
        };
        Ok(Self {
            store,
            write_context: WriteContext {
                clock: options.clock,
                ids,
                author: options.author,
                terminal_session: options.terminal_session,
            },
            settings: options.settings,
            default_zone: options.default_zone,
            zone_is_typed: false,
            default_incident: options.default_incident,
        })
    }

    /// Returns options to open the same file a second time, for the same author, without creating
    /// it.
    #[must_use]
    pub fn options(&self) -> SessionOptions {
        SessionOptions {
            path: self.store.path().to_owned(),
            store: OpenOptions {
                create: false,
                // The screen is drawn on by then; a write that is refused says why itself.
                on_upgrade: |_| {},
                ..self.store.options().clone()
            },
            author: self.write_context.author.clone(),
            terminal_session: self.write_context.terminal_session.clone(),
            clock: self.write_context.clock,
            seed: None,
            default_zone: self.default_zone.clone(),
            default_incident: self.default_incident.clone(),
            settings: self.settings.clone(),
        }
    }

    /// Returns how documents are written to files: the database is never replaced.
    #[must_use]
    pub fn write_options(&self, force: bool) -> WriteOptions<'_> {
        WriteOptions {
            force,
            database: self.store.path(),
        }
    }

    #[must_use]
    pub fn read(&self) -> Reader<'_> {
        self.store.read()
    }

    /// Runs `work` in one write transaction: what it reads decides what it writes, and no other process
    /// can write in between. Every use case that writes runs in one. Calls can be nested: the
    /// outermost commits.
    ///
    /// # Errors
    /// Those of `work`, after which nothing is written; else those of the store.
    pub fn transact<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.store.in_transaction() {
            return work(self);
        }
        self.store.begin_transaction()?;
        let result = work(self);
        self.store.end_transaction(result)
    }

    /// Runs `work` as [`transact`](Self::transact) does, and takes back all that it wrote.
    ///
    /// # Errors
    /// Those of `work`, and of the store.
    pub fn rehearse<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let mut done = None;
        let taken_back = self.transact(|session| {
            done = Some(work(session)?);
            Err::<T, _>(super::OpsError::failed("a rehearsal writes nothing"))
        });
        done.map_or(taken_back, Ok)
    }

    /// Appends `changes` in the transaction of a use case.
    ///
    /// # Errors
    /// Those of [`Store::append`].
    pub(super) fn append(&mut self, changes: &[Change]) -> Result<Vec<Entry>> {
        debug_assert!(
            self.store.in_transaction(),
            "what decides a write must be read in its transaction"
        );
        Ok(self.store.append(changes)?)
    }

    #[must_use]
    pub fn now(&self) -> UtcTime {
        self.write_context.clock.now()
    }

    /// Returns the zone in which times of `incident` are read and shown; without an incident, the
    /// zone of a new one.
    ///
    /// # Errors
    /// An unknown zone name.
    pub fn zone_of(&self, incident: Option<&IncidentRow>) -> Result<Zone> {
        match incident {
            Some(row) => Ok(Zone::find(&row.zone)?),
            None => self.zone_for_new_incident(None),
        }
    }

    /// Returns the zone of a new incident: `asked`, else the session's default, else the one in the
    /// settings, else the system's. UTC if the system's is unknown:
    /// [`unknown_zone_notice`](Self::unknown_zone_notice) says so.
    ///
    /// # Errors
    /// An unknown zone name.
    pub fn zone_for_new_incident(&self, asked: Option<&str>) -> Result<Zone> {
        Ok(match self.named_zone(asked) {
            Some(name) => Zone::find(name)?,
            None => Zone::system().unwrap_or_else(Zone::utc),
        })
    }

    /// Says that a new incident is in UTC because nothing names another zone and the system's is unknown.
    #[must_use]
    pub fn unknown_zone_notice(&self, asked: Option<&str>) -> Option<String> {
        if self.named_zone(asked).is_some() || Zone::system().is_some() {
            return None;
        }
        Some(
            "the time zone of this system (TZ, /etc/localtime) is not known by name, so the incident is \
             in UTC: `bridgelog set zone ZONE` sets it, such as Europe/Berlin"
                .to_owned(),
        )
    }

    fn named_zone<'a>(&'a self, asked: Option<&'a str>) -> Option<&'a str> {
        asked
            .or(self.default_zone.as_deref())
            .or(self.settings.zone.as_deref())
    }
}
