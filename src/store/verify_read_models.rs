//! Checks the read models: derives them from the entries again, into temporary tables of the same names, and
//! compares these with those of the file.

use super::{
    VerifyFinding, VerifyReport,
    page_cache::set_temporary_cache,
    projection::write_summaries,
    rebuild::derive_rows,
    row::{entry_from_row, optional_uuid, read_seq, subject_from_columns},
    schema::SCHEMA_OBJECTS,
    tx::WriteTx,
    verify_entries::shown_handle,
};
use crate::domain::value::Body;
use rusqlite::Connection;
use std::{collections::HashSet, path::Path};
use uuid::Uuid;

/// The tables that are compared: name and key. An index counts to the table in whose name its own begins.
const DERIVED_TABLES: [(&str, &str); 3] =
    [("subject", "no"), ("incident", "id"), ("destroyed", "id")];

/// Derives all read models but the search index into temporary tables, which last until the transaction that
/// `conn` is in ends. Until then their names mean them instead of the tables of the file, so that what derives
/// them writes nothing to the file. Entries that cannot be read are left out. Returns the ids that each
/// redaction destroys.
pub(super) fn derive_again(
    conn: &Connection,
    path: &Path,
    report: &mut VerifyReport,
) -> rusqlite::Result<Vec<HashSet<Uuid>>> {
    set_temporary_cache(conn);
    for (name, sql) in SCHEMA_OBJECTS {
        if DERIVED_TABLES
            .iter()
            .any(|(table, _)| name.starts_with(table))
        {
            conn.execute_batch(&sql.replacen("CREATE TABLE", "CREATE TEMP TABLE", 1))?;
        }
    }
    let tx = WriteTx::new(conn, Uuid::nil(), path);
    let mut redactions = Vec::new();
    let mut statement = conn.prepare("SELECT no,about,header,body FROM entry ORDER BY no")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let Ok(entry) = entry_from_row(row, 2) else {
            continue;
        };
        let no = row.get(0)?;
        let subject = derive_rows(&tx, no, &entry)?;
        if row.get::<_, Option<i64>>(1)?.unwrap_or(no) != subject && !report.newer_read_models {
            report.add(VerifyFinding::ReadModel(format!(
                "the subject of entry {} {}",
                entry.header().id,
                shown_handle(entry.header())
            )));
        }
        let destroyed = entry.destroys();
        if !destroyed.is_empty() {
            redactions.push(destroyed.into_iter().collect());
        }
    }
    write_summaries(&tx)?;
    Ok(redactions)
}

/// Compares each row of the file's read models with the one that [`derive_again`] made, and counts them.
pub(super) fn compare_rows(conn: &Connection, report: &mut VerifyReport) -> rusqlite::Result<()> {
    for (table, key) in DERIVED_TABLES {
        let columns: Vec<String> = conn
            .prepare(&format!("PRAGMA temp.table_info({table})"))?
            .query_map([], |row| row.get("name"))?
            .collect::<rusqlite::Result<_>>()?;
        let differing: Vec<String> = columns
            .iter()
            .map(|name| format!("iif(kept.{name} IS derived.{name},'',', {name}')"))
            .collect();
        let named = match table {
            "subject" => "coalesce(derived.sort,kept.sort),coalesce(derived.name,kept.name)",
            _ => "NULL,NULL",
        };
        let mut statement = conn.prepare(&format!(
            "SELECT kept.{key} IS NULL,derived.{key} IS NULL,{} AS differing,coalesce(derived.id,kept.id),{named} \
             FROM main.{table} kept FULL JOIN temp.{table} derived ON kept.{key}=derived.{key} WHERE differing<>''",
            differing.join("||")
        ))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let what = match (row.get(0)?, row.get(1)?) {
                (true, _) => "missing".to_owned(),
                (_, true) => "no entry gives it".to_owned(),
                _ => row.get::<_, String>(2)?.trim_start_matches(", ").to_owned(),
            };
            let id = optional_uuid(row, 3).unwrap_or(None);
            let name = match (table, id) {
                ("subject", id) => {
                    let name = row.get_ref(5)?.as_str().unwrap_or_default();
                    subject_from_columns(row.get(4)?, id, name).to_string()
                }
                (table, id) => format!("{table}/{}", id.unwrap_or_default()),
            };
            report.add(VerifyFinding::ReadModel(format!(
                "the row of {name} ({what})"
            )));
        }
    }
    let count = |table: &str| {
        conn.query_row(&format!("SELECT count(*) FROM main.{table}"), [], |row| {
            read_seq(row, 0)
        })
    };
    (report.subjects, report.incidents) = (count("subject")?, count("incident")?);
    Ok(())
}

/// Checks that a text is destroyed if a redaction says so, and only then. `redactions` are those that
/// [`derive_again`] found.
pub(super) fn check_redactions(
    conn: &Connection,
    redactions: &[HashSet<Uuid>],
    report: &mut VerifyReport,
) -> rusqlite::Result<()> {
    let mut statement = conn.prepare(
        "SELECT id,header,body FROM entry WHERE body IS NULL AND id NOT IN(SELECT id FROM temp.destroyed)",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let entry = entry_from_row(row, 1).ok();
        report.add(VerifyFinding::Entry {
            id: Uuid::from_bytes(row.get(0)?),
            handle: entry.map_or_else(String::new, |entry| shown_handle(entry.header())),
            what: "its text was destroyed with no redaction".into(),
        });
    }
    let mut statement = conn.prepare(
        "SELECT e.id,e.body FROM temp.destroyed d JOIN entry e ON e.id=d.id WHERE e.body NOT NULL",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let id = Uuid::from_bytes(row.get(0)?);
        // An entry that itself destroys others keeps its body, unless one redaction has all of those too.
        let is_destroyed = |own: &[Uuid]| {
            redactions.iter().any(|victims| {
                victims.contains(&id) && own.iter().all(|own| *own == id || victims.contains(own))
            })
        };
        let body = Body::decode(row.get_ref(1)?.as_str()?);
        if body.is_ok_and(|body| is_destroyed(&body.destroys)) {
            report.add(VerifyFinding::Entry {
                id,
                handle: String::new(),
                what: "it was redacted, and its text is still there".into(),
            });
        }
    }
    Ok(())
}
