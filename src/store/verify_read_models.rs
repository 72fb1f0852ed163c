//! Checks the read models: each row against what the journal gives for it.

use super::{
    VerifyFinding, VerifyReport,
    row::{
        entry_from_row, optional_uuid, read_seq, subject_from_columns, subject_name,
        subject_type_code,
    },
    subjects::{SubjectProjection, SubjectRow, load_versions},
    summary::{SummaryColumns, compute_summary},
    verify_entries::shown_handle,
};
use crate::domain::{
    handle,
    value::Body,
    words::{State, Word},
};
use rusqlite::Connection;
use std::collections::HashSet;
use uuid::Uuid;

pub(super) fn check_subjects(conn: &Connection, report: &mut VerifyReport) -> rusqlite::Result<()> {
    let mut statement =
        conn.prepare("SELECT no,name,sort,id,letters,incident,first,shown,others,versions,at,flags FROM subject ORDER BY name,sort")?;
    let mut rows = statement.query([])?;
    let mut listed = 0;
    // The prefix length of a handle depends on both neighbours: it is checked once the next is known.
    let mut last: Option<(String, i64, usize)> = None;
    while let Some(row) = rows.next()? {
        report.subjects += 1;
        let (no, name): (i64, String) = (row.get(0)?, row.get(1)?);
        let (sort, id) = (row.get(2)?, optional_uuid(row, 3)?);
        let subject = subject_from_columns(sort, id, &name);
        let kept = SubjectRow {
            rowid: no,
            projection: SubjectProjection::from_row(row, 5)?,
        };
        let wrong = match load_versions(conn, &kept) {
            Ok((versions, nos)) => {
                listed += nos.len() as u64;
                let named = versions.iter().all(|v| {
                    let h = v.header();
                    h.subject == subject
                        && subject_name(&h.subject, h.incident) == name
                        && subject_type_code(&h.subject) == sort
                });
                let right = SubjectProjection::from_versions(&versions, &nos)
                    .map(|right| right.shown_in(conn))
                    .transpose()?;
                match right {
                    Some(right) if named && nos.first() == Some(&no) => {
                        right.differences(&kept.projection)
                    }
                    _ => vec!["its versions"],
                }
            }
            Err(_) => vec!["its versions"],
        };
        if !wrong.is_empty() {
            let wrong = wrong.join(", ");
            report.add(VerifyFinding::ReadModel(format!(
                "the row of {subject} ({wrong})"
            )));
        }
        let telling = last.as_ref().map_or(handle::MIN_SHOWN_LEN, |(before, ..)| {
            handle::unique_prefix_len(&name, before)
        });
        check_prefix_len(report, last.take(), telling);
        last = Some((name, if id.is_some() { row.get(4)? } else { -1 }, telling));
    }
    check_prefix_len(report, last, handle::MIN_SHOWN_LEN);
    if listed != report.entries {
        report.add(VerifyFinding::ReadModel("the list of subjects".into()));
    }
    Ok(())
}

fn check_prefix_len(report: &mut VerifyReport, row: Option<(String, i64, usize)>, after: usize) {
    if let Some((name, letters, before)) = row
        && letters >= 0
        && usize::try_from(letters) != Ok(before.max(after))
    {
        report.add(VerifyFinding::ReadModel(format!(
            "the length of handle {name}"
        )));
    }
}

pub(super) fn check_incidents(
    conn: &Connection,
    report: &mut VerifyReport,
) -> rusqlite::Result<()> {
    let mut statement = conn.prepare(
        "SELECT id,number,title,zone,severity,state,declared,resolved,merged,standing,events,entries,newest,low,high,commander,services FROM incident",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        report.incidents += 1;
        let id = Uuid::from_bytes(row.get(0)?);
        let state: Option<String> = row.get(5)?;
        let stored = SummaryColumns {
            number: row.get(1)?,
            title: row.get(2)?,
            zone: row.get(3)?,
            severity: row.get_ref(4)?.as_str_or_null()?.map(Word::stored),
            state: state.as_deref().map(State::of_summary),
            commander: row.get(15)?,
            services: row.get(16)?,
            declared: row.get(6)?,
            resolved: row.get(7)?,
            merged_into: optional_uuid(row, 8)?,
            status: row.get(9)?,
        };
        let events: i64 = conn
            .prepare_cached(
                "SELECT count(*) FROM subject WHERE incident=?1 AND at IS NOT NULL AND flags&2=0",
            )?
            .query_row([id.as_bytes()], |row| row.get(0))?;
        let counts: (i64, Option<i64>, Option<i64>, Option<i64>) = conn
            .prepare_cached(
                "SELECT count(*),max(recorded),min(no),max(no) FROM entry WHERE incident=?1",
            )?
            .query_row([id.as_bytes()], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?;
        let kept = (row.get(11)?, row.get(12)?, row.get(13)?, row.get(14)?);
        let mut wrong = compute_summary(conn, id)?.differences(&stored);
        if events != row.get::<_, i64>(10)? || counts != kept {
            wrong.push("its counts");
        }
        if !wrong.is_empty() {
            let wrong = wrong.join(", ");
            report.add(VerifyFinding::ReadModel(format!(
                "the row of incident {id} ({wrong})"
            )));
        }
    }
    let named: u64 = conn.query_row("SELECT count(DISTINCT incident) FROM entry", [], |row| {
        read_seq(row, 0)
    })?;
    if named != report.incidents {
        report.add(VerifyFinding::ReadModel("the list of incidents".into()));
    }
    Ok(())
}

pub(super) fn check_redactions(
    conn: &Connection,
    report: &mut VerifyReport,
) -> rusqlite::Result<()> {
    let mut redactions: Vec<HashSet<Uuid>> = Vec::new();
    let mut statement =
        conn.prepare("SELECT id,body FROM entry WHERE body LIKE '%\"destroys\":%'")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let id = Uuid::from_bytes(row.get(0)?);
        if let Ok(body) = Body::decode(row.get_ref(1)?.as_str()?) {
            let victims = body.destroys.into_iter().filter(|victim| *victim != id);
            redactions.push(victims.collect());
        }
    }
    let named: HashSet<Uuid> = redactions.iter().flatten().copied().collect();
    let mut statement = conn.prepare("SELECT id,header,body FROM entry WHERE body IS NULL")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let id = Uuid::from_bytes(row.get(0)?);
        if named.contains(&id) {
            continue;
        }
        let entry = entry_from_row(row, 1).ok();
        let handle = entry.map_or_else(String::new, |entry| shown_handle(entry.header()));
        report.add(VerifyFinding::Entry {
            id,
            handle,
            what: "its text was destroyed with no redaction".into(),
        });
    }
    let mut statement =
        conn.prepare("SELECT d.id,e.body FROM destroyed d LEFT JOIN entry e ON e.id=d.id")?;
    let mut rows = statement.query([])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        count += 1;
        let id = Uuid::from_bytes(row.get(0)?);
        let body = row.get_ref(1)?.as_str_or_null()?.map(Body::decode);
        if !named.contains(&id) && !report.newer_read_models {
            report.add(VerifyFinding::ReadModel(format!("the redaction of {id}")));
        }
        // An entry that itself destroys others keeps its body, unless one redaction has all of those too.
        let is_destroyed = |own: &[Uuid]| {
            redactions.iter().any(|victims| {
                victims.contains(&id) && own.iter().all(|own| *own == id || victims.contains(own))
            })
        };
        if body.is_some_and(|body| body.is_ok_and(|body| is_destroyed(&body.destroys))) {
            report.add(VerifyFinding::Entry {
                id,
                handle: String::new(),
                what: "it was redacted, and its text is still there".into(),
            });
        }
    }
    if count != named.len() && !report.newer_read_models {
        report.add(VerifyFinding::ReadModel("the list of redactions".into()));
    }
    Ok(())
}
