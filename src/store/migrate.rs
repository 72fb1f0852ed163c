//! Files of an earlier schema version: migrated step by step, after a backup of the file as it was.

use super::{
    backup::copy_database,
    error::{ErrorContext, StoreError},
    options::UpgradeEvent,
    schema::{self, SCHEMA_VERSION, SchemaStatus},
};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::{Path, PathBuf};

/// Migrates the file to the current schema version, in one transaction. A process that comes second
/// finds nothing left to do.
///
/// # Errors
/// What the backup, the file or the disk gave; then the file is as it was.
pub(super) fn migrate(
    conn: &Connection,
    path: &Path,
    on_upgrade: fn(&UpgradeEvent<'_>),
) -> Result<(), StoreError> {
    let tx = Transaction::new_unchecked(conn, TransactionBehavior::Immediate).with_path(path)?;
    let SchemaStatus::Earlier(from) = schema::check(&tx, path)? else {
        return Ok(());
    };
    // The copy is made by another connection: SQLite copies nothing of one that is writing.
    let backup = free_backup_path(path, from);
    let reader = Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)
        .with_path(path)?;
    copy_database(&reader, path, &backup, |copy| {
        let result: String = copy
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
            .with_path(&backup)?;
        match result.as_str() {
            "ok" => Ok(()),
            _ => Err(StoreError::BadBackup {
                path: backup.clone(),
                why: result,
            }),
        }
    })?;
    for version in from..SCHEMA_VERSION {
        schema::migrate_from(version, &tx).with_path(path)?;
    }
    if schema::check(&tx, path)? != SchemaStatus::Current {
        return Err(StoreError::NotBridgelog {
            path: path.to_owned(),
            why: "it is not as expected after its migration, and was left as it was".into(),
        });
    }
    tx.commit().with_path(path)?;
    on_upgrade(&UpgradeEvent::Migrated {
        path,
        from,
        to: SCHEMA_VERSION,
        backup: &backup,
    });
    Ok(())
}

/// `log.db.format-1`, or `log.db.format-1.2` and so on if that name is taken.
fn free_backup_path(path: &Path, version: i64) -> PathBuf {
    let named = |suffix: String| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    let first = named(format!(".format-{version}"));
    std::iter::once(first)
        .chain((2..).map(|n| named(format!(".format-{version}.{n}"))))
        .find(|path| path.symlink_metadata().is_err())
        .unwrap_or_default()
}
