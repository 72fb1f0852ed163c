//! What is read of a hub.

use super::{
    connection::Connection,
    session::{ANSWER_LIMIT, SHORT_LIMIT},
};
use crate::{
    domain::{entry::Entry, hash::Hash, time::UtcTime},
    hub::{Cursor, Held, HubError, Look, MAX_BATCH_BYTES, Page, Presence},
};
use chrono::Utc;
use futures_util::TryStreamExt as _;
use std::{collections::BTreeMap, pin::pin, time::Instant};
use tokio_postgres::{
    Row,
    types::{ToSql, Type},
};
use uuid::Uuid;

/// So many batches are read at once at most.
const MAX_BATCHES: u16 = 1024;

const LOOK: &str = "
SELECT clock_timestamp(),
  EXISTS (
    SELECT 1 FROM bridgelog.writer AS w
    LEFT JOIN unnest($1::uuid[], $2::int8[]) AS known (writer, number) ON known.writer = w.id
    CROSS JOIN LATERAL (SELECT max(b.number) AS number FROM bridgelog.batch AS b WHERE b.writer = w.id) AS last
    WHERE last.number > coalesce(known.number, 0)),
  ARRAY (
    SELECT known.writer FROM unnest($1::uuid[], $2::int8[], $3::uuid[]) AS known (writer, number, id)
    WHERE NOT EXISTS (
      SELECT 1 FROM bridgelog.batch AS b
      WHERE b.writer = known.writer AND b.number = known.number AND b.id = known.id))";

/// A cursor whose batch is not there does not count: its machine is read from the beginning. `OFFSET 0` has the
/// entries of each batch looked up by the index, however many the server expects. The rows come in no order: a
/// server that knows little of its tables would write them to its disk to sort them.
const READ: &str = "
WITH known AS (
  SELECT b.writer, b.number FROM unnest($1::uuid[], $2::int8[], $3::uuid[]) AS k (writer, number, id)
  JOIN bridgelog.batch AS b ON b.writer = k.writer AND b.number = k.number AND b.id = k.id),
next AS (
  SELECT b.writer, b.number, b.id, b.bytes FROM bridgelog.writer AS w
  LEFT JOIN known ON known.writer = w.id
  CROSS JOIN LATERAL (
    SELECT * FROM bridgelog.batch AS b
    WHERE b.writer = w.id AND b.number > coalesce(known.number, 0)
    ORDER BY b.number LIMIT $4) AS b
  ORDER BY b.writer, b.number LIMIT $4),
summed AS (
  SELECT next.*, sum(bytes) OVER (ORDER BY writer, number) AS bytes_with_it,
    row_number() OVER (ORDER BY writer, number) AS place, count(*) OVER () AS batches
  FROM next)
SELECT s.writer, s.number, s.id, s.batches, e.place, e.id, e.hash, e.header, e.body
FROM summed AS s
LEFT JOIN LATERAL (
  SELECT * FROM bridgelog.entry AS e WHERE e.writer = s.writer AND e.batch = s.number OFFSET 0) AS e ON true
WHERE s.place = 1 OR s.bytes_with_it <= $5";

const HELD: &str = "SELECT id, hash, body IS NOT NULL FROM bridgelog.entry WHERE id = ANY ($1)";

const PRESENT: &str = "
SELECT writer, incident, author, machine, seen FROM bridgelog.presence
WHERE seen >= clock_timestamp() - $1::int8 * interval '1 second' ORDER BY seen DESC, writer";

/// The cursors of a hub of this kind, as columns.
struct Cursors {
    writers: Vec<Uuid>,
    numbers: Vec<i64>,
    marks: Vec<Uuid>,
    /// The sources of cursors that no batch can have.
    impossible: Vec<String>,
}

impl Cursors {
    fn new(known: &[Cursor]) -> Self {
        let mut cursors = Self {
            writers: Vec::with_capacity(known.len()),
            numbers: Vec::with_capacity(known.len()),
            marks: Vec::with_capacity(known.len()),
            impossible: Vec::new(),
        };
        for cursor in known {
            let writer = Uuid::try_parse(&cursor.source);
            let mark = Uuid::try_parse(&cursor.mark);
            let number = i64::try_from(cursor.position);
            if let (Ok(writer), Ok(mark), Ok(number)) = (writer, mark, number) {
                cursors.writers.push(writer);
                cursors.numbers.push(number);
                cursors.marks.push(mark);
            } else {
                cursors.impossible.push(cursor.source.clone());
            }
        }
        cursors
    }
}

pub(super) fn look(connection: &mut Connection, known: &[Cursor]) -> Result<Look, HubError> {
    let mut cursors = Cursors::new(known);
    let (row, asked, answered_after) = connection.repeat(SHORT_LIMIT, async |client| {
        let (asked, timer) = (Utc::now(), Instant::now());
        let row = client
            .query_typed_one(
                LOOK,
                &[
                    (&cursors.writers, Type::UUID_ARRAY),
                    (&cursors.numbers, Type::INT8_ARRAY),
                    (&cursors.marks, Type::UUID_ARRAY),
                ],
            )
            .await?;
        let answer: (UtcTime, bool, Vec<Uuid>) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        Ok((answer, asked, timer.elapsed()))
    })?;
    let (clock, has_new, replaced) = row;
    let mut all_replaced: Vec<String> = replaced.iter().map(Uuid::to_string).collect();
    all_replaced.append(&mut cursors.impossible);
    Ok(Look {
        has_new,
        replaced: all_replaced,
        clock_offset: Some(clock - (asked + answered_after / 2)),
    })
}

pub(super) fn read(connection: &mut Connection, known: &[Cursor]) -> Result<Page, HubError> {
    let cursors = Cursors::new(known);
    let max_batches = i64::from(MAX_BATCHES);
    let max_bytes = i64::try_from(MAX_BATCH_BYTES).unwrap_or(i64::MAX);
    connection.repeat(ANSWER_LIMIT, async |client| {
        let params: [(&(dyn ToSql + Sync), Type); 5] = [
            (&cursors.writers, Type::UUID_ARRAY),
            (&cursors.numbers, Type::INT8_ARRAY),
            (&cursors.marks, Type::UUID_ARRAY),
            (&max_batches, Type::INT8),
            (&max_bytes, Type::INT8),
        ];
        let mut batches = BTreeMap::new();
        let mut batches_found = 0;
        let mut checked = Vec::new();
        // Each row is checked while the server works on those after it.
        let mut rows = pin!(client.query_typed_raw(READ, params).await?);
        while let Some(row) = rows.try_next().await? {
            let (writer, number): (Uuid, i64) = (row.try_get(0)?, row.try_get(1)?);
            let id: Uuid = row.try_get(2)?;
            batches.insert((writer, number), id);
            batches_found = usize::try_from(row.try_get::<_, i64>(3)?).unwrap_or_default();
            if let Some(place) = row.try_get::<_, Option<i32>>(4)? {
                checked.push(((writer, number, place), entry(&row)));
            }
        }
        checked.sort_by_key(|(key, _)| *key);
        let mut page = Page {
            more: batches.len() < batches_found || batches_found == usize::from(MAX_BATCHES),
            ..Page::default()
        };
        for ((writer, number, place), entry) in checked {
            match entry {
                Ok(entry) => page.entries.push(entry),
                Err(reason) => page.unreadable.push(format!(
                    "batch {number} of {writer}, entry {place}: {reason}"
                )),
            }
        }
        for ((writer, number), id) in batches {
            let cursor = cursor(writer, number, id);
            match page.cursors.last_mut() {
                Some(last) if last.source == cursor.source => *last = cursor,
                _ => page.cursors.push(cursor),
            }
        }
        Ok(page)
    })
}

/// Returns the cursor behind batch `number` of `writer`.
pub(super) fn cursor(writer: Uuid, number: i64, id: Uuid) -> Cursor {
    Cursor {
        source: writer.to_string(),
        position: u64::try_from(number).unwrap_or_default(),
        mark: id.to_string(),
    }
}

/// Returns the entry of a row, or why it is none.
fn entry(row: &Row) -> Result<Entry, String> {
    let id: Uuid = row.try_get(5).map_err(|error| error.to_string())?;
    let hash: &[u8] = row.try_get(6).map_err(|error| error.to_string())?;
    let header: &str = row.try_get(7).map_err(|error| error.to_string())?;
    let body: Option<&str> = row.try_get(8).map_err(|error| error.to_string())?;
    let entry = Entry::from_stored(header.to_owned(), body.map(str::to_owned))
        .map_err(|error| format!("not an entry: {error}"))?;
    if entry.header().id != id || entry.hash().0 != hash {
        return Err(format!("the header of entry {id} is not what was written"));
    }
    entry.check_body().map_err(|error| error.to_string())?;
    Ok(entry)
}

pub(super) fn held(connection: &mut Connection, ids: &[Uuid]) -> Result<Vec<Held>, HubError> {
    connection.repeat(ANSWER_LIMIT, async |client| {
        let rows = client
            .query_typed(HELD, &[(&ids, Type::UUID_ARRAY)])
            .await?;
        rows.iter().map(held_row).collect()
    })
}

/// Returns what a row of id, hash and "has a body" says.
pub(super) fn held_row(row: &Row) -> Result<Held, tokio_postgres::Error> {
    let hash: &[u8] = row.try_get(1)?;
    Ok(Held {
        id: row.try_get(0)?,
        // A hash of another length is no entry's: it counts as other bytes.
        hash: Hash(hash.try_into().unwrap_or_default()),
        has_body: row.try_get(2)?,
    })
}

pub(super) fn present(
    connection: &mut Connection,
    seconds: u32,
) -> Result<Vec<Presence>, HubError> {
    connection.repeat(SHORT_LIMIT, async |client| {
        let rows = client
            .query_typed(PRESENT, &[(&i64::from(seconds), Type::INT8)])
            .await?;
        rows.iter()
            .map(|row| {
                Ok(Presence {
                    writer: row.try_get(0)?,
                    incident: row.try_get(1)?,
                    author: row.try_get(2)?,
                    machine: row.try_get(3)?,
                    seen: row.try_get(4)?,
                })
            })
            .collect()
    })
}
