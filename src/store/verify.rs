//! Verifies every hash, every chain and every read model.
//!
//! The journal is tamper-*evident*, not tamper-proof: compared with a chain head that was kept
//! elsewhere, a chain shows what was edited, deleted or reordered in it. It does not show that times
//! are true, that everything was logged, or that the owner of the file did not rewrite all of it.

use super::{
    Store, VerifyFinding, VerifyReport,
    connection::copy_to,
    error::{ErrorContext, StoreError},
    row::read_seq,
    schema::{READ_MODEL_VERSION, StoreRow},
    search_index::with_entry_text_view,
    verify_entries::{
        CHAIN_COLUMNS, ChainCursor, check_chain, check_entry, read_entry, report_fork,
    },
    verify_read_models::{check_redactions, compare_rows, derive_again},
};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::Path;

impl Store {
    /// Verifies the whole file. Other processes can write meanwhile, except during the last part, the
    /// check of the search index, which takes about ten seconds for a million entries. What is derived again
    /// for the comparison and takes more than 32 MiB lies in SQLite's temporary files until then.
    ///
    /// # Errors
    /// A file that cannot be read at all. Damage is not an error: it is in the report.
    pub fn verify(&self) -> Result<VerifyReport, StoreError> {
        if !self.read_only || self.private_copy.is_some() {
            return verify_connection(&self.conn, &self.path);
        }
        // The check of the search index is a write to SQLite.
        let folder = tempfile::tempdir().with_path(&self.path)?;
        let copy = folder.path().join("copy.db");
        std::fs::File::create_new(&copy).with_path(&self.path)?;
        let copy = copy_to(&self.conn, &copy, &self.path)?;
        verify_connection(&copy, &self.path)
    }
}

/// Verifies the file that `conn` has open, as [`Store::verify`] does; `path` names it in errors.
pub(super) fn verify_connection(
    conn: &Connection,
    path: &Path,
) -> Result<VerifyReport, StoreError> {
    let mut report = VerifyReport::default();
    match run_checks(conn, path, &mut report) {
        Err(StoreError::Corrupt { source, .. }) => {
            report.add(VerifyFinding::File(source.to_string()));
        }
        Err(error) => return Err(error),
        Ok(()) => {}
    }
    Ok(report)
}

fn run_checks(conn: &Connection, path: &Path, report: &mut VerifyReport) -> Result<(), StoreError> {
    let tx = Transaction::new_unchecked(conn, TransactionBehavior::Deferred).with_path(path)?;
    // Read models of another version differ from those of this one without being damaged.
    let model = StoreRow::load(&tx).with_path(path)?.model;
    report.newer_read_models = model > READ_MODEL_VERSION;
    quick_check(&tx, report).with_path(path)?;
    check_entries(&tx, report).with_path(path)?;
    let redactions =
        derive_again(&tx, path, report).map_err(|error| in_temp_folder(error, path))?;
    check_redactions(&tx, &redactions, report).with_path(path)?;
    if !report.newer_read_models {
        compare_rows(&tx, report).map_err(|error| in_temp_folder(error, path))?;
    }
    drop(tx);
    if report.newer_read_models {
        return Ok(());
    }
    let tx = Transaction::new_unchecked(conn, TransactionBehavior::Immediate).with_path(path)?;
    let checked = with_entry_text_view(&tx, || {
        tx.execute_batch("INSERT INTO search(search,rank)VALUES('integrity-check',1)")
    });
    match checked.with_path(path) {
        Ok(_) => Ok(()),
        Err(StoreError::Corrupt { .. }) => {
            report.add(VerifyFinding::ReadModel("the search index".into()));
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// What is derived again and does not fit in the page cache is in SQLite's temporary files, which are not beside
/// the file at `path`.
fn in_temp_folder(error: rusqlite::Error, path: &Path) -> StoreError {
    match StoreError::from_sqlite(error, path) {
        StoreError::Full(_) => StoreError::TempFull,
        error => error,
    }
}

fn quick_check(conn: &Connection, report: &mut VerifyReport) -> rusqlite::Result<()> {
    let mut statement = conn.prepare("PRAGMA quick_check(50)")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let said = row.get_ref(0)?.as_str().unwrap_or("unreadable");
        if said != "ok" {
            report.add(VerifyFinding::File(said.to_owned()));
        }
    }
    Ok(())
}

fn check_entries(conn: &Connection, report: &mut VerifyReport) -> rusqlite::Result<()> {
    let mut statement = conn.prepare(&format!(
        "SELECT {CHAIN_COLUMNS} FROM entry ORDER BY incident,origin,seq,no"
    ))?;
    let mut rows = statement.query([])?;
    let mut place = ChainCursor::default();
    while let Some(row) = rows.next()? {
        let Some(entry) = check_entry(read_entry(row)?, report) else {
            continue;
        };
        check_chain(report, &mut place, &entry);
    }
    report_fork(report, &mut place);
    let rows: u64 = conn.query_row("SELECT count(*) FROM entry NOT INDEXED", [], |row| {
        read_seq(row, 0)
    })?;
    if rows != report.entries {
        report.add(VerifyFinding::ReadModel("the order of the chains".into()));
    }
    Ok(())
}
