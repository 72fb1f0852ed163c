//! The way to a hub: connects when it is needed, and again when the connection was lost.

use super::{
    failure::{Failure, init_hint},
    session::{SHORT_LIMIT, Session},
    settings::Settings,
};
use crate::hub::{HubError, HubErrorKind};
use futures_util::future::join;
use std::time::Duration;
use tokio_postgres::{Client, Error};
use uuid::Uuid;

/// The format of hubs that this version writes.
pub const FORMAT: i32 = 1;

/// The channel of the notifications.
pub(super) const CHANNEL: &str = "bridgelog";

/// A server that expects much of a statement compiles it first: half a second for a statement of ten milliseconds.
const DO_NOT_COMPILE: &str = "SET jit = off";

/// What a database says of the hub in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct HubRow {
    pub id: Uuid,
    pub format: i32,
}

pub(super) struct Connection {
    pub settings: Settings,
    session: Option<Session>,
    hub: HubRow,
    key: String,
    /// True if the notifications were asked for.
    listens: bool,
}

impl Connection {
    /// Connects to the hub.
    ///
    /// # Errors
    /// [`HubErrorKind::Missing`] if the database is none, beside those of [`Session::connect`].
    pub fn open(settings: Settings) -> Result<Self, HubError> {
        let mut session = Session::connect(&settings)?;
        let hub = hub_row(&mut session, &settings)?;
        Ok(Self {
            settings,
            session: Some(session),
            hub,
            key: hub.id.to_string(),
            listens: false,
        })
    }

    pub fn key(&self) -> &str {
        &self.key
    }

    pub fn hub(&self) -> HubRow {
        self.hub
    }

    /// # Errors
    /// [`HubErrorKind::Newer`] if a newer version made the hub.
    pub fn check_writable(&self) -> Result<(), HubError> {
        if self.hub.format <= FORMAT {
            return Ok(());
        }
        Err(newer(&self.settings, self.hub.format))
    }

    /// Runs `task`, which does no harm if it is carried out twice, until the server is silent for `limit`: a
    /// connection that was lost since the last time is made again.
    pub fn repeat<T>(
        &mut self,
        limit: Duration,
        task: impl AsyncFn(&Client) -> Result<T, Error>,
    ) -> Result<T, HubError> {
        if let Some(session) = &mut self.session {
            match session.run(limit, &task) {
                Err(failure) if failure.is_lost_connection() => self.session = None,
                done => return self.checked(done),
            }
        }
        self.run(limit, task)
    }

    /// Runs `task` once, until the server is silent for `limit`.
    pub fn run<T>(
        &mut self,
        limit: Duration,
        task: impl AsyncFnOnce(&Client) -> Result<T, Error>,
    ) -> Result<T, HubError> {
        let done = self.session()?.run(limit, task);
        self.checked(done)
    }

    /// Asks for notifications, on this connection and on those after it. False if they are refused.
    pub fn listen(&mut self) -> bool {
        self.listens = true;
        let command = format!("LISTEN {CHANNEL}");
        self.listens = self
            .repeat(SHORT_LIMIT, async |client| {
                client.batch_execute(&command).await
            })
            .is_ok();
        self.listens
    }

    /// Returns the next notification; `None` if none came within `timeout`.
    pub fn notification(&mut self, timeout: Duration) -> Result<Option<String>, HubError> {
        let done = self.session()?.notification(timeout);
        self.checked(done)
    }

    /// True if there is a connection, as far as known.
    pub fn is_connected(&self) -> bool {
        self.session.is_some()
    }

    pub fn listens(&self) -> bool {
        self.listens
    }

    fn session(&mut self) -> Result<&mut Session, HubError> {
        let session = match self.session.take() {
            Some(session) => session,
            None => self.connect()?,
        };
        Ok(self.session.insert(session))
    }

    fn connect(&mut self) -> Result<Session, HubError> {
        let mut session = Session::connect(&self.settings)?;
        // Another hub may be there now. Its key is its own, so nothing that is remembered is taken for its.
        self.hub = hub_row(&mut session, &self.settings)?;
        self.key = self.hub.id.to_string();
        if self.listens {
            let command = format!("LISTEN {CHANNEL}");
            session
                .run(SHORT_LIMIT, async |client| {
                    client.batch_execute(&command).await
                })
                .map_err(|failure| failure.into_error(&self.settings))?;
        }
        Ok(session)
    }

    fn checked<T>(&mut self, done: Result<T, Failure>) -> Result<T, HubError> {
        done.map_err(|failure| {
            if failure.ends_connection() {
                self.session = None;
            }
            failure.into_error(&self.settings)
        })
    }
}

/// Returns what the hub is.
///
/// # Errors
/// [`HubErrorKind::Missing`] if there is none.
pub(super) fn hub_row(session: &mut Session, settings: &Settings) -> Result<HubRow, HubError> {
    let row = session
        .run(SHORT_LIMIT, async |client| {
            let (_, row) = join(
                // Servers that compile nothing refuse it.
                client.batch_execute(DO_NOT_COMPILE),
                client.query_typed_opt("SELECT id, format FROM bridgelog.hub", &[]),
            )
            .await;
            row?.map(|row| {
                Ok(HubRow {
                    id: row.try_get(0)?,
                    format: row.try_get(1)?,
                })
            })
            .transpose()
        })
        .map_err(|failure| failure.into_error(settings))?;
    row.ok_or_else(|| {
        HubError::new(
            HubErrorKind::Missing,
            format!("the hub in {} was not made to its end", settings.name),
        )
        .with_hint(init_hint(settings))
    })
}

pub(super) fn newer(settings: &Settings, format: i32) -> HubError {
    HubError::new(
        HubErrorKind::Newer,
        format!(
            "a newer version of bridgelog made the hub {}: format {format}, this one writes {FORMAT}",
            settings.name
        ),
    )
    .with_hint("install the newer version here too; until then this machine receives, and sends nothing")
}
