//! The log book, opened: the store, the pen and the settings that every use case takes.

use super::{
    error::Result,
    write_context::{Clock, IdGenerator, WriteContext},
};
use crate::{
    config::Settings,
    domain::{time::UtcTime, zone::Zone},
    store::{IncidentRow, OpenOptions, Reader, Store},
};
use std::path::PathBuf;

/// How a [`Session`] is opened.
#[derive(Clone, Debug)]
pub struct SessionOptions {
    /// The file.
    pub path: PathBuf,
    /// How the store is opened.
    pub store: OpenOptions,
    /// Who writes.
    pub author: String,
    /// See [`WriteContext::terminal_session`].
    pub terminal_session: Option<String>,
    /// The clock.
    pub clock: Clock,
    /// What new ids are derived from, in tests and worked examples.
    pub seed: Option<String>,
    /// The zone of a new incident.
    pub default_zone: Option<String>,
    /// The incident meant where a use case is given none.
    pub default_incident: Option<String>,
    /// The settings.
    pub settings: Settings,
}

/// The log book, opened.
pub struct Session {
    /// The store.
    pub store: Store,
    /// Who writes, when, with which ids.
    pub write_context: WriteContext,
    /// The settings.
    pub settings: Settings,
    /// The zone of a new incident, where one was asked for.
    pub default_zone: Option<String>,
    /// The incident meant where a use case is given none.
    pub default_incident: Option<String>,
}

impl Session {
    /// Opens the file, and makes it where there is none and `options` allow it.
    ///
    /// # Errors
    /// What the store says of the file.
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
            // Each process goes on where the last one stopped: ids follow from how many entries
            // there are.
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
            default_incident: options.default_incident,
        })
    }

    /// How to open the same book once more, beside this one, for the same person.
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

    /// Lets go of the book at the end of the process. Everything acknowledged is on the disk
    /// already, and the system closes the file; SQLite's own closing would free, piece by piece, what
    /// goes with the process anyway (a tenth of the instructions of logging one event).
    pub fn close_fast(self) {
        std::mem::forget(self.store);
    }

    /// What stands now.
    #[must_use]
    pub fn read(&self) -> Reader<'_> {
        self.store.read()
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> UtcTime {
        self.write_context.clock.now()
    }

    /// The zone that the times of `incident` are read and shown in; without one, that of a new incident.
    ///
    /// # Errors
    /// Where a zone is named that there is not.
    pub fn zone_of(&self, incident: Option<&IncidentRow>) -> Result<Zone> {
        match incident {
            Some(row) => Ok(Zone::find(&row.zone)?),
            None => self.zone_for_new_incident(None),
        }
    }

    /// The zone of a new incident: asked for, else the settings', else the system's.
    ///
    /// # Errors
    /// Where a zone is named that there is not.
    pub fn zone_for_new_incident(&self, asked: Option<&str>) -> Result<Zone> {
        Ok(
            match asked
                .or(self.default_zone.as_deref())
                .or(self.settings.zone.as_deref())
            {
                Some(name) => Zone::find(name)?,
                None => Zone::system(),
            },
        )
    }
}
