//! What a hub is and has, for a person.

use super::{connection::Connection, session::ANSWER_LIMIT, settings::Encryption};
use crate::{domain::time::UtcTime, hub::HubError};
use chrono::{TimeDelta, Utc};
use std::time::Instant;
use uuid::Uuid;

/// What a hub is and has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The URL without its password.
    pub name: String,
    pub id: Uuid,
    pub format: i32,
    pub entries: u64,
    /// How many of them have no body: it was destroyed.
    pub without_body: u64,
    /// The bytes of the entries, without what the database needs beside them.
    pub bytes: u64,
    /// The machines that have brought something.
    pub writers: Vec<WriterStatus>,
    /// True if who asks may bring entries.
    pub may_write: bool,
    pub encryption: Encryption,
    pub server_version: String,
    /// The hub's clock less the one here.
    pub clock_offset: TimeDelta,
}

/// What a machine has brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriterStatus {
    pub id: Uuid,
    /// The number of its last batch.
    pub last_batch: u64,
    /// The name of the machine and who was at work there last, if it has said so.
    pub machine: Option<(String, String)>,
    /// When it last said so, by the hub's clock.
    pub seen: Option<UtcTime>,
}

impl Status {
    /// What of it a person may want to know.
    pub(super) fn facts(&self) -> Vec<(&'static str, String)> {
        let rights = match self.may_write {
            true => "reads and inserts",
            false => "reads only",
        };
        let entries = format!(
            "{} of {} machines, {} KiB",
            self.entries,
            self.writers.len(),
            self.bytes / 1024
        );
        vec![
            ("entries", entries),
            ("rights", rights.to_owned()),
            ("connection", self.encryption.to_string()),
            ("server", format!("PostgreSQL {}", self.server_version)),
        ]
    }
}

const TOTALS: &str = "
SELECT count(*), count(*) - count(body),
  coalesce(sum(octet_length(header) + coalesce(octet_length(body), 0)), 0)::int8
FROM bridgelog.entry";

const ABOUT: &str = "
SELECT clock_timestamp(), current_setting('server_version'),
  has_table_privilege('bridgelog.entry', 'INSERT') AND has_table_privilege('bridgelog.batch', 'INSERT')";

const WRITERS: &str = "
SELECT w.id, coalesce(last.number, 0), p.machine, p.author, p.seen FROM bridgelog.writer AS w
CROSS JOIN LATERAL (SELECT max(b.number) AS number FROM bridgelog.batch AS b WHERE b.writer = w.id) AS last
LEFT JOIN bridgelog.presence AS p ON p.writer = w.id
ORDER BY p.seen DESC NULLS LAST, w.id";

pub(super) fn status(connection: &mut Connection) -> Result<Status, HubError> {
    let (about, totals, writers) = connection.repeat(ANSWER_LIMIT, async |client| {
        let (asked, timer) = (Utc::now(), Instant::now());
        let row = client.query_typed_one(ABOUT, &[]).await?;
        let clock: UtcTime = row.try_get(0)?;
        let offset = clock - (asked + timer.elapsed() / 2);
        let about: (TimeDelta, String, bool) = (offset, row.try_get(1)?, row.try_get(2)?);
        let row = client.query_typed_one(TOTALS, &[]).await?;
        let totals: [i64; 3] = [row.try_get(0)?, row.try_get(1)?, row.try_get(2)?];
        let mut writers = Vec::new();
        for row in client.query_typed(WRITERS, &[]).await? {
            let machine: (Option<String>, Option<String>) = (row.try_get(2)?, row.try_get(3)?);
            writers.push(WriterStatus {
                id: row.try_get(0)?,
                last_batch: unsigned(row.try_get(1)?),
                machine: machine.0.zip(machine.1),
                seen: row.try_get(4)?,
            });
        }
        Ok((about, totals, writers))
    })?;
    let hub = connection.hub();
    let (clock_offset, server_version, may_write) = about;
    let [entries, without_body, bytes] = totals.map(unsigned);
    Ok(Status {
        name: connection.settings.name.clone(),
        id: hub.id,
        format: hub.format,
        entries,
        without_body,
        bytes,
        writers,
        may_write: may_write && connection.check_writable().is_ok(),
        encryption: connection.settings.encryption.clone(),
        server_version,
        clock_offset,
    })
}

fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}
