//! What is written to a hub.

use super::{
    connection::{CHANNEL, Connection},
    reading::{cursor, held_row},
    session::{ANSWER_LIMIT, SHORT_LIMIT, STATEMENT_LIMIT, sending_limit},
};
use crate::{
    domain::entry::Entry,
    hub::{Cursor, Held, HubError, HubErrorKind, Presence, Redaction, Written},
};
use futures_util::future::{join, join4};
use std::collections::BTreeSet;
use tokio_postgres::{Client, Error, types::Type};
use uuid::Uuid;

/// A batch comes behind the one that the writer knows as its last. It makes no row if that one is not there, or
/// if one stands behind it already.
const INSERT_BATCH: &str = "
INSERT INTO bridgelog.batch (writer, number, id, entries, bytes)
SELECT $1, $2, $3, $4, $5
WHERE $2 = 1 OR EXISTS (SELECT 1 FROM bridgelog.batch AS b WHERE b.writer = $1 AND b.number = $2 - 1 AND b.id = $6)
ON CONFLICT DO NOTHING
RETURNING number";

const INSERT_WRITER: &str = "
INSERT INTO bridgelog.writer (id) SELECT $1 WHERE $2 = 1 ON CONFLICT DO NOTHING";

const INSERT_ENTRIES: &str = "
INSERT INTO bridgelog.entry (id, writer, batch, place, hash, header, body)
SELECT e.id, $1, $2, e.place, e.hash, e.header, e.body
FROM unnest($3::uuid[], $4::int4[], $5::bytea[], $6::text[], $7::text[]) AS e (id, place, hash, header, body)
ON CONFLICT (id) DO NOTHING
RETURNING id";

const ALREADY: &str = "SELECT id, hash, body IS NOT NULL FROM bridgelog.entry WHERE id = ANY ($1)";

const REDACT: &str = "SELECT bridgelog.redact(id) FROM unnest($1::uuid[]) AS id";

const NOTIFY: &str = "SELECT pg_notify($1, $2)";

const ANNOUNCE: &str = "
INSERT INTO bridgelog.presence (writer, incident, author, machine, seen)
VALUES ($1, $2, $3, $4, clock_timestamp())
ON CONFLICT (writer) DO UPDATE
SET incident = excluded.incident, author = excluded.author, machine = excluded.machine, seen = excluded.seen";

/// A batch as columns, ordered by the ids of its entries: two machines that bring the same entries at once then
/// wait for each other instead of blocking each other.
struct Batch<'a> {
    writer: Uuid,
    number: i64,
    id: Uuid,
    /// The id of the batch before.
    after: Uuid,
    bytes: i64,
    ids: Vec<Uuid>,
    places: Vec<i32>,
    hashes: Vec<[u8; 32]>,
    headers: Vec<&'a str>,
    bodies: Vec<Option<&'a str>>,
    /// Those that destroy others.
    redactions: Vec<Uuid>,
}

impl<'a> Batch<'a> {
    fn new(writer: Uuid, after: Option<&Cursor>, entries: &'a [Entry]) -> Self {
        let mut ordered: Vec<(usize, &Entry)> = entries.iter().enumerate().collect();
        ordered.sort_unstable_by_key(|(_, entry)| entry.header().id);
        let column = || ordered.iter().map(|(_, entry)| *entry);
        let bytes: usize = column()
            .map(|entry| entry.header_bytes().len() + entry.body_bytes().map_or(0, str::len))
            .sum();
        let mark = after.and_then(|after| Uuid::try_parse(&after.mark).ok());
        let number = after.map_or(0, |after| after.position).saturating_add(1);
        Self {
            writer,
            number: i64::try_from(number).unwrap_or(i64::MAX),
            id: Uuid::new_v4(),
            after: mark.unwrap_or_default(),
            bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
            ids: column().map(|entry| entry.header().id).collect(),
            places: (ordered.iter())
                .map(|(place, _)| i32::try_from(*place + 1).unwrap_or(i32::MAX))
                .collect(),
            hashes: column().map(|entry| entry.hash().0).collect(),
            headers: column().map(Entry::header_bytes).collect(),
            bodies: column().map(Entry::body_bytes).collect(),
            redactions: column()
                .filter(|entry| !entry.destroys().is_empty())
                .map(|entry| entry.header().id)
                .collect(),
        }
    }
}

pub(super) fn write(
    connection: &mut Connection,
    writer: Uuid,
    after: Option<&Cursor>,
    entries: &[Entry],
) -> Result<Written, HubError> {
    connection.check_writable()?;
    let batch = Batch::new(writer, after, entries);
    let limit = ANSWER_LIMIT + sending_limit(batch.bytes.unsigned_abs());
    let written = connection.run(limit, async |client| {
        let written = insert(client, &batch).await;
        if !matches!(written, Ok(Some(_))) {
            // Where this fails too, the connection is gone, and the transaction with it.
            let _ = client.batch_execute("ROLLBACK").await;
        }
        written
    })?;
    written.ok_or_else(|| {
        HubError::new(
            HubErrorKind::Behind,
            format!(
                "{} has other batches of this machine than it knows",
                connection.settings.name
            ),
        )
    })
}

/// Writes `batch` in one transaction, without waiting for each answer; `None` if its number is taken or the
/// batch before it is not there.
async fn insert(client: &Client, batch: &Batch<'_>) -> Result<Option<Written>, Error> {
    // A machine that vanishes between two statements must not keep others from what it has locked.
    let begin = format!(
        "BEGIN ISOLATION LEVEL READ COMMITTED; \
         SET LOCAL statement_timeout = {}; SET LOCAL idle_in_transaction_session_timeout = {}",
        STATEMENT_LIMIT.as_millis(),
        (STATEMENT_LIMIT + sending_limit(batch.bytes.unsigned_abs())).as_millis(),
    );
    let count = i32::try_from(batch.ids.len()).unwrap_or(i32::MAX);
    let hashes: Vec<&[u8]> = batch.hashes.iter().map(<[u8; 32]>::as_slice).collect();
    let writer = (&batch.writer as _, Type::UUID);
    let number = (&batch.number as _, Type::INT8);
    let (begun, known, placed, inserted) = join4(
        client.batch_execute(&begin),
        client.query_typed(INSERT_WRITER, &[writer.clone(), number.clone()]),
        client.query_typed(
            INSERT_BATCH,
            &[
                writer.clone(),
                number.clone(),
                (&batch.id, Type::UUID),
                (&count, Type::INT4),
                (&batch.bytes, Type::INT8),
                (&batch.after, Type::UUID),
            ],
        ),
        client.query_typed(
            INSERT_ENTRIES,
            &[
                writer,
                number,
                (&batch.ids, Type::UUID_ARRAY),
                (&batch.places, Type::INT4_ARRAY),
                (&hashes, Type::BYTEA_ARRAY),
                (&batch.headers, Type::TEXT_ARRAY),
                (&batch.bodies, Type::TEXT_ARRAY),
            ],
        ),
    )
    .await;
    // The first error is the cause of those after it.
    begun?;
    known?;
    if placed?.is_empty() {
        return Ok(None);
    }
    let already = already(client, batch, &inserted?).await?;
    if !batch.redactions.is_empty() {
        let redactions = (&batch.redactions as _, Type::UUID_ARRAY);
        client.query_typed(REDACT, &[redactions]).await?;
    }
    let own = batch.writer.to_string();
    let (committed, _) = join(
        client.batch_execute("COMMIT"),
        // After the commit, since it would make commits wait for each other. Servers that have none refuse it.
        client.query_typed(NOTIFY, &[(&CHANNEL, Type::TEXT), (&own, Type::TEXT)]),
    )
    .await;
    committed?;
    Ok(Some(Written {
        cursor: cursor(batch.writer, batch.number, batch.id),
        already,
    }))
}

/// Returns what the hub has of those entries that were not `inserted`.
async fn already(
    client: &Client,
    batch: &Batch<'_>,
    inserted: &[tokio_postgres::Row],
) -> Result<Vec<Held>, Error> {
    if inserted.len() == batch.ids.len() {
        return Ok(Vec::new());
    }
    let mut missing: BTreeSet<Uuid> = batch.ids.iter().copied().collect();
    for row in inserted {
        missing.remove(&row.try_get(0)?);
    }
    let missing: Vec<Uuid> = missing.into_iter().collect();
    let rows = client
        .query_typed(ALREADY, &[(&missing, Type::UUID_ARRAY)])
        .await?;
    rows.iter().map(held_row).collect()
}

pub(super) fn redact(
    connection: &mut Connection,
    redactions: &[Redaction],
) -> Result<(), HubError> {
    if redactions.is_empty() {
        return Ok(());
    }
    connection.check_writable()?;
    let ids: Vec<Uuid> = redactions.iter().map(|redaction| redaction.id).collect();
    connection.repeat(ANSWER_LIMIT, async |client| {
        client
            .query_typed(REDACT, &[(&ids, Type::UUID_ARRAY)])
            .await
    })?;
    Ok(())
}

pub(super) fn announce(connection: &mut Connection, presence: &Presence) -> Result<(), HubError> {
    connection.check_writable()?;
    connection.repeat(SHORT_LIMIT, async |client| {
        client
            .query_typed(
                ANNOUNCE,
                &[
                    (&presence.writer, Type::UUID),
                    (&presence.incident, Type::UUID),
                    (&presence.author, Type::TEXT),
                    (&presence.machine, Type::TEXT),
                ],
            )
            .await
    })?;
    Ok(())
}
