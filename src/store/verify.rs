//! Every hash, every chain, every read model looked at again.
//!
//! Tamper-*evident*, never tamper-proof: against a head that somebody kept, the chains show what was
//! edited, deleted or reordered inside them. They do not show that times are true, that everything
//! was logged, or that the owner did not rewrite all of it.

use super::{
    Finding, Report, Store,
    error::{About, StoreError},
    project::{self, Key, Standing},
    row::{entry as entry_of, name_of, places, sort_of, subject_of, uuid},
    schema, summary,
};
use crate::domain::{
    entry::Entry,
    handle,
    hash::Hash,
    value::Body,
    words::{State, Word},
};
use rusqlite::{Connection, Row, Transaction, TransactionBehavior};
use std::collections::HashSet;
use uuid::Uuid;

impl Store {
    /// Looks at everything. Reads the whole file; others can write meanwhile, but for the last part,
    /// the search index, which takes about ten seconds for a million entries.
    ///
    /// # Errors
    /// Where the file cannot be read at all. Damage is no error: it is in the report.
    pub fn verify(&self) -> Result<Report, StoreError> {
        let mut report = Report::default();
        match self.look(&mut report) {
            Err(StoreError::Corrupt { source, .. }) => {
                report.add(Finding::File(source.to_string()));
            }
            Err(error) => return Err(error),
            Ok(()) => {}
        }
        Ok(report)
    }

    fn look(&self, report: &mut Report) -> Result<(), StoreError> {
        let held = Transaction::new_unchecked(&self.conn, TransactionBehavior::Deferred)
            .about(&self.path)?;
        quick_check(&held, report).about(&self.path)?;
        entries(&held, report).about(&self.path)?;
        subjects(&held, report).about(&self.path)?;
        incidents(&held, report).about(&self.path)?;
        destroyed(&held, report).about(&self.path)?;
        drop(held);
        let held = Transaction::new_unchecked(&self.conn, TransactionBehavior::Immediate)
            .about(&self.path)?;
        let checked = schema::with_texts(&held, || {
            held.execute_batch("INSERT INTO search(search,rank)VALUES('integrity-check',1)")
        });
        match checked.about(&self.path) {
            Ok(_) => Ok(()),
            Err(StoreError::Corrupt { .. }) => {
                report.add(Finding::Model("the search index".into()));
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}

fn quick_check(conn: &Connection, report: &mut Report) -> rusqlite::Result<()> {
    let mut statement = conn.prepare("PRAGMA quick_check(50)")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let said = row.get_ref(0)?.as_str().unwrap_or("unreadable");
        if said != "ok" {
            report.add(Finding::File(said.to_owned()));
        }
    }
    Ok(())
}

/// The place in a chain that was looked at last.
#[derive(Default)]
struct Place {
    chain: Option<(Option<Uuid>, Uuid)>,
    seq: u64,
    /// Those that bear `seq`, with their hashes.
    here: Vec<(Uuid, Hash)>,
    /// The hashes of those that bear the number before.
    before: Vec<Hash>,
}

fn entries(conn: &Connection, report: &mut Report) -> rusqlite::Result<()> {
    let mut statement = conn.prepare(
        "SELECT no,id,incident,origin,seq,recorded,author,about,header,body FROM entry ORDER BY incident,origin,seq,no",
    )?;
    let mut rows = statement.query([])?;
    let mut place = Place::default();
    while let Some(row) = rows.next()? {
        report.entries += 1;
        let id = Uuid::from_bytes(row.get(1)?);
        let wrong = |handle: String, what: &str| Finding::Entry {
            id,
            handle,
            what: what.to_owned(),
        };
        let Ok(entry) = entry_of(row, 8) else {
            report.add(wrong(String::new(), "its header cannot be read"));
            continue;
        };
        let header = entry.header();
        let handle = match header.subject.id() {
            Some(id) => handle::from_id(id)[..handle::MIN_SHOWN_LEN].to_owned(),
            None => String::new(),
        };
        if entry.body_bytes().is_none() {
            report.destroyed += 1;
        }
        if entry.check_body().is_err() {
            report.add(wrong(handle.clone(), "its text is not what was written"));
        }
        if !agrees(row, &entry)? {
            report.add(wrong(
                handle.clone(),
                "its table does not say what its header says",
            ));
        }
        let no: i64 = row.get(0)?;
        let kept = project::kept(conn, &Key::of(&header.subject, header.incident))?;
        let about: Option<i64> = row.get(7)?;
        let listed = kept.is_some_and(|kept| {
            let all = kept.standing.versions.as_deref().map(places);
            about.unwrap_or(no) == kept.no && all.map_or(kept.no == no, |all| all.contains(&no))
        });
        if !listed {
            report.add(Finding::Model(format!("what entry {id} {handle} is about")));
        }
        chain(report, &mut place, &entry, handle);
    }
    fork(report, &mut place);
    let rows: u64 = conn.query_row("SELECT count(*) FROM entry NOT INDEXED", [], |row| {
        super::row::seq(row, 0)
    })?;
    if rows != report.entries {
        report.add(Finding::Model("the order of the chains".into()));
    }
    Ok(())
}

fn agrees(row: &Row<'_>, entry: &Entry) -> rusqlite::Result<bool> {
    let header = entry.header();
    Ok(row.get::<_, [u8; 16]>(1)? == header.id.into_bytes()
        && uuid(row, 2)? == header.incident
        && row.get::<_, [u8; 16]>(3)? == header.origin.into_bytes()
        && super::row::seq(row, 4)? == header.seq
        && row.get::<_, i64>(5)? == header.recorded.timestamp_micros()
        && row.get_ref(6)?.as_str()? == header.author)
}

fn chain(report: &mut Report, place: &mut Place, entry: &Entry, handle: String) {
    let header = entry.header();
    let this = Some((header.incident, header.origin));
    if place.chain != this {
        fork(report, place);
        report.chains += 1;
        *place = Place {
            chain: this,
            ..Place::default()
        };
    }
    if header.seq != place.seq {
        fork(report, place);
        let next = place.seq + 1;
        place.before = place.here.drain(..).map(|(_, hash)| hash).collect();
        if header.seq > next {
            report.add(Finding::Gap {
                incident: header.incident,
                origin: header.origin,
                from: next,
                to: header.seq - 1,
            });
            place.before.clear();
        }
        place.seq = header.seq;
    }
    // After a gap there is nothing to compare with.
    let follows = match header.prev {
        None => header.seq == 1,
        Some(prev) => header.seq > 1 && (place.before.is_empty() || place.before.contains(&prev)),
    };
    if !follows {
        report.add(Finding::Broken {
            id: header.id,
            handle,
        });
    }
    place.here.push((header.id, entry.hash()));
}

fn fork(report: &mut Report, place: &mut Place) {
    if let (Some((incident, origin)), true) = (place.chain, place.here.len() > 1) {
        report.add(Finding::Fork {
            incident,
            origin,
            seq: place.seq,
            entries: place.here.iter().map(|(id, _)| *id).collect(),
        });
    }
}

fn subjects(conn: &Connection, report: &mut Report) -> rusqlite::Result<()> {
    let mut statement =
        conn.prepare("SELECT no,name,sort,id,letters FROM subject ORDER BY name,sort")?;
    let mut rows = statement.query([])?;
    let mut listed = 0;
    // Its letters depend on both neighbours: each is judged when the next is known.
    let mut last: Option<(String, i64, usize)> = None;
    while let Some(row) = rows.next()? {
        report.subjects += 1;
        let (no, name): (i64, String) = (row.get(0)?, row.get(1)?);
        let (sort, id) = (row.get(2)?, uuid(row, 3)?);
        let subject = subject_of(sort, id, &name);
        let stands = conn
            .prepare_cached(
                "SELECT incident,first,shown,others,versions,at,flags FROM subject WHERE no=?1",
            )?
            .query_row([no], |row| {
                Ok(Standing {
                    incident: uuid(row, 0)?,
                    first: row.get(1)?,
                    shown: row.get(2)?,
                    others: row.get(3)?,
                    versions: row.get(4)?,
                    at: row.get(5)?,
                    flags: row.get(6)?,
                })
            })?;
        let kept = project::Kept {
            no,
            standing: stands,
        };
        let wrong = match project::versions(conn, &kept) {
            Ok((versions, nos)) => {
                listed += nos.len() as u64;
                let named = versions.iter().all(|v| {
                    let h = v.header();
                    h.subject == subject
                        && name_of(&h.subject, h.incident) == name
                        && sort_of(&h.subject) == sort
                });
                let right = Standing::of(&versions, &nos);
                match right {
                    Some(right) if named && nos.first() == Some(&no) => {
                        right.differs(&kept.standing)
                    }
                    _ => vec!["its versions"],
                }
            }
            Err(_) => vec!["its versions"],
        };
        if !wrong.is_empty() {
            let wrong = wrong.join(", ");
            report.add(Finding::Model(format!("the row of {subject} ({wrong})")));
        }
        let telling = last.as_ref().map_or(handle::MIN_SHOWN_LEN, |(before, ..)| {
            handle::unique_prefix_len(&name, before)
        });
        judge(report, last.take(), telling);
        last = Some((name, if id.is_some() { row.get(4)? } else { -1 }, telling));
    }
    judge(report, last, handle::MIN_SHOWN_LEN);
    if listed != report.entries {
        report.add(Finding::Model("the list of subjects".into()));
    }
    Ok(())
}

fn judge(report: &mut Report, row: Option<(String, i64, usize)>, after: usize) {
    if let Some((name, letters, before)) = row
        && letters >= 0
        && usize::try_from(letters) != Ok(before.max(after))
    {
        report.add(Finding::Model(format!("the length of handle {name}")));
    }
}

fn incidents(conn: &Connection, report: &mut Report) -> rusqlite::Result<()> {
    let mut statement = conn.prepare(
        "SELECT id,number,title,zone,severity,state,declared,resolved,merged,standing,events,entries,newest,low,high,commander,services FROM incident",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        report.incidents += 1;
        let id = Uuid::from_bytes(row.get(0)?);
        let state: Option<String> = row.get(5)?;
        let stored = summary::Summary {
            number: row.get(1)?,
            title: row.get(2)?,
            zone: row.get(3)?,
            severity: row.get_ref(4)?.as_str_or_null()?.map(Word::stored),
            state: state.as_deref().map(State::of_summary),
            commander: row.get(15)?,
            services: row.get(16)?,
            declared: row.get(6)?,
            resolved: row.get(7)?,
            merged: uuid(row, 8)?,
            standing: row.get(9)?,
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
        let mut wrong = summary::of(conn, id)?.differs(&stored);
        if events != row.get::<_, i64>(10)? || counts != kept {
            wrong.push("its counts");
        }
        if !wrong.is_empty() {
            let wrong = wrong.join(", ");
            report.add(Finding::Model(format!(
                "the row of incident {id} ({wrong})"
            )));
        }
    }
    let named: u64 = conn.query_row("SELECT count(DISTINCT incident) FROM entry", [], |row| {
        super::row::seq(row, 0)
    })?;
    if named != report.incidents {
        report.add(Finding::Model("the list of incidents".into()));
    }
    Ok(())
}

fn destroyed(conn: &Connection, report: &mut Report) -> rusqlite::Result<()> {
    let mut named = HashSet::new();
    let mut statement =
        conn.prepare("SELECT id,body FROM entry WHERE body LIKE '%\"destroys\":%'")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let id = Uuid::from_bytes(row.get(0)?);
        if let Ok(body) = Body::decode(row.get_ref(1)?.as_str()?) {
            named.extend(body.destroys.into_iter().filter(|victim| *victim != id));
        }
    }
    let mut statement = conn.prepare("SELECT id,header,body FROM entry WHERE body IS NULL")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let id = Uuid::from_bytes(row.get(0)?);
        if named.contains(&id) {
            continue;
        }
        let subject = entry_of(row, 1).ok().and_then(|e| e.header().subject.id());
        report.add(Finding::Entry {
            id,
            handle: subject.map_or_else(String::new, |id| {
                handle::from_id(id)[..handle::MIN_SHOWN_LEN].to_owned()
            }),
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
        if !named.contains(&id) {
            report.add(Finding::Model(format!("the redaction of {id}")));
        }
        // Only what itself destroys others is left as it is.
        if body.is_some_and(|body| body.is_ok_and(|body| body.destroys.is_empty())) {
            report.add(Finding::Entry {
                id,
                handle: String::new(),
                what: "it was redacted, and its text is still there".into(),
            });
        }
    }
    if count != named.len() {
        report.add(Finding::Model("the list of redactions".into()));
    }
    Ok(())
}
