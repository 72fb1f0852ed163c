//! A PostgreSQL database, or one that speaks like it, as a hub.
//!
//! - **Tables**, in the schema `bridgelog`: `batch` has what each machine brought, numbered by that machine, and
//!   `entry` the entries, as text. No order of the server's is relied on: neither a serial, nor a clock, nor the
//!   order of commits.
//! - **Rights**: who writes is a member of `bridgelog_writer`, which may add and read, and call one function that
//!   destroys what a redaction names (`schema.sql`, `rights.sql`).
//! - **Time**: each call ends, with an answer or an error (`session.rs`).
//!
//! Begin reading with [`PostgresHub`], then `schema.sql`.

mod address;
mod connection;
mod failure;
mod init;
mod passfile;
mod reading;
mod service_file;
mod session;
mod settings;
mod status;
mod tls;
mod writing;

pub use connection::FORMAT;
pub use init::{Initialized, WRITER_ROLE, init_sql};
pub use settings::{Encryption, Variables};
pub use status::{Status, WriterStatus};

use super::{Cursor, Held, Hub, HubError, Look, Page, Presence, Redaction, Written};
use crate::domain::{entry::Entry, time::UtcTime};
use connection::Connection;
use settings::Settings;
use std::{
    collections::BTreeSet,
    thread,
    time::{Duration, Instant},
};
use uuid::Uuid;

/// A hub in a database. A connection that was lost is made again at the next call.
pub struct PostgresHub {
    connection: Connection,
    /// Who wrote through this: their notifications tell nothing new.
    writers: BTreeSet<String>,
}

impl PostgresHub {
    /// Connects to the hub at `url`. What the URL does not say comes from `variables`, the environment.
    ///
    /// # Errors
    /// [`HubErrorKind::Missing`](super::HubErrorKind::Missing) if the database is no hub yet, or why it cannot be
    /// reached. No error shows a password.
    pub fn open(url: &str, variables: Variables<'_>) -> Result<Self, HubError> {
        Ok(Self {
            connection: Connection::open(Settings::resolve(url, variables)?)?,
            writers: BTreeSet::new(),
        })
    }

    /// Makes the database at `url` a hub, or brings an older hub up to date, and lets the role `grant_to` write.
    ///
    /// # Errors
    /// A right is missing, or a newer version made the hub. Then nothing was changed.
    pub fn init(
        url: &str,
        variables: Variables<'_>,
        grant_to: Option<&str>,
    ) -> Result<Initialized, HubError> {
        init::init(&Settings::resolve(url, variables)?, grant_to)
    }

    /// Returns `url` as a person knows it, resolved and without a password, without connecting.
    ///
    /// # Errors
    /// The URL cannot be understood.
    pub fn name_of(url: &str, variables: Variables<'_>) -> Result<String, HubError> {
        Settings::resolve(url, variables).map(|settings| settings.name)
    }

    /// Returns what the hub is and has. It counts all entries.
    ///
    /// # Errors
    /// The hub cannot be reached.
    pub fn status(&mut self) -> Result<Status, HubError> {
        status::status(&mut self.connection)
    }
}

impl Hub for PostgresHub {
    fn key(&self) -> &str {
        self.connection.key()
    }

    fn name(&self) -> &str {
        &self.connection.settings.name
    }

    fn look(&mut self, known: &[Cursor]) -> Result<Look, HubError> {
        reading::look(&mut self.connection, known)
    }

    fn read(&mut self, known: &[Cursor]) -> Result<Page, HubError> {
        reading::read(&mut self.connection, known)
    }

    fn held(&mut self, ids: &[Uuid]) -> Result<Vec<Held>, HubError> {
        reading::held(&mut self.connection, ids)
    }

    fn write(
        &mut self,
        writer: Uuid,
        after: Option<&Cursor>,
        entries: &[Entry],
    ) -> Result<Written, HubError> {
        self.writers.insert(writer.to_string());
        writing::write(&mut self.connection, writer, after, entries)
    }

    fn redact(&mut self, _: Uuid, redactions: &[Redaction]) -> Result<Vec<String>, HubError> {
        writing::redact(&mut self.connection, redactions)?;
        Ok(Vec::new())
    }

    fn announce(&mut self, presence: &Presence) -> Result<(), HubError> {
        writing::announce(&mut self.connection, presence)
    }

    fn present(&mut self, _: UtcTime, seconds: u32) -> Result<Vec<Presence>, HubError> {
        reading::present(&mut self.connection, seconds)
    }

    fn facts(&mut self) -> Result<Vec<(&'static str, String)>, HubError> {
        Ok(self.status()?.facts())
    }

    fn listen(&mut self) -> bool {
        self.connection.listen()
    }

    /// Where the connection was lost it is made again, and true is returned: what was written meanwhile was not
    /// notified.
    fn wait(&mut self, timeout: Duration) -> Result<bool, HubError> {
        let deadline = Instant::now() + timeout;
        if !self.connection.listens() {
            thread::sleep(timeout);
            return Ok(false);
        }
        let mut is_written = !self.connection.is_connected();
        loop {
            // What has come already is taken in one go.
            let left = match is_written {
                true => Duration::ZERO,
                false => deadline.saturating_duration_since(Instant::now()),
            };
            match self.connection.notification(left)? {
                Some(writer) => is_written |= !self.writers.contains(&writer),
                None => return Ok(is_written),
            }
        }
    }
}
