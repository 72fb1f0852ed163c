//! Opens a store: a private file on a local disk, checked to be ours, with the connection set so that
//! acknowledged entries are durable.

use super::{
    Store,
    connection::{connect, setting_error},
    disk::network_filesystem,
    error::{ErrorContext, StoreError},
    file::{FileId, refuse_beside_leftovers, refuse_sidecar_name, resolve, wal_path},
    options::{OpenOptions, UpgradeEvent},
    read_only::{connect_in_place, copy_privately, is_read_only},
    schema::{self, READ_MODEL_VERSION, SchemaStatus, StoreRow},
};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::{
    cmp::Ordering,
    fs, io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use uuid::Uuid;

/// The oldest SQLite without the WAL-reset bug, which can damage a file under two connections.
const OLDEST_SQLITE: i32 = 3_051_003;

impl Store {
    /// Opens the store at `path`, upgrading it if an earlier version of the program wrote it.
    ///
    /// A copied or restored file has another inode than the store remembers: it gets a new
    /// [`Store::origin`], so that its entries never share a chain with those of the original.
    ///
    /// # Errors
    /// Each reason has its own [`StoreError`].
    pub fn open(path: &Path, options: &OpenOptions) -> Result<Self, StoreError> {
        if rusqlite::version_number() < OLDEST_SQLITE {
            return Err(StoreError::OldSqlite(rusqlite::version()));
        }
        prepare_file(path, options)?;
        let real = fs::canonicalize(path).with_path(path)?;
        refuse_sidecar_name(&real, path)?;
        if is_read_only(&real) {
            return Self::open_read_only(real, path, options);
        }
        Self::open_writable(real, path, options)
    }

    /// Opens the file at `real`, which `path` names in errors, for reading and writing.
    fn open_writable(
        real: PathBuf,
        path: &Path,
        options: &OpenOptions,
    ) -> Result<Self, StoreError> {
        let file = FileId::from_path(&real).with_path(path)?;
        let conn = connect(&real, path, options)?;
        let (origin, model) = check_or_create_schema(&conn, &real, path, file, options)?;
        configure_durability(&conn, path)?;
        if FileId::from_path(&real).with_path(path)? != file || FileId::has_moved(&conn, path)? {
            return Err(StoreError::Replaced(path.to_owned()));
        }
        let mut store = Self {
            wal_id: FileId::from_path(&wal_path(&real)).ok(),
            conn,
            path: path.to_owned(),
            canonical_path: real,
            file_id: file,
            origin,
            options: options.clone(),
            needs_reopen: false,
            transaction: None,
            read_only: false,
            private_copy: None,
            close_lock: None,
        };
        match model.cmp(&READ_MODEL_VERSION) {
            // An empty write: every write rebuilds outdated read models.
            Ordering::Less => store.write(|_| Ok::<_, StoreError>(()))?,
            Ordering::Equal => {}
            Ordering::Greater => (options.on_upgrade)(&UpgradeEvent::ReadOnly { path }),
        }
        Ok(store)
    }

    /// Opens a file that cannot be written: writes fail with [`StoreError::ReadOnly`].
    pub(super) fn open_read_only(
        real: PathBuf,
        path: &Path,
        options: &OpenOptions,
    ) -> Result<Self, StoreError> {
        let file = FileId::from_path(&real).with_path(path)?;
        if let Some(conn) = connect_in_place(&real, path, options)? {
            let found = schema::check(&conn, path)?;
            if found == SchemaStatus::Empty {
                return Err(StoreError::Empty(path.to_owned()));
            }
            if found == SchemaStatus::Current {
                let row = StoreRow::load(&conn).with_path(path)?;
                if row.model > READ_MODEL_VERSION {
                    (options.on_upgrade)(&UpgradeEvent::ReadOnly { path });
                }
                if row.model >= READ_MODEL_VERSION {
                    return Ok(Self {
                        conn,
                        path: path.to_owned(),
                        canonical_path: real,
                        file_id: file,
                        wal_id: None,
                        origin: row.origin,
                        options: options.clone(),
                        needs_reopen: false,
                        transaction: None,
                        read_only: true,
                        private_copy: None,
                        close_lock: None,
                    });
                }
            }
        }
        // Its log must be read, or what an earlier version of the program wrote be upgraded.
        let (folder, copy) = copy_privately(&real, path)?;
        let copy_options = OpenOptions {
            create: false,
            allow_network: true,
            on_upgrade: |_| {},
            ..options.clone()
        };
        let mut store = Self::open_writable(copy, path, &copy_options)?;
        let row = StoreRow::load(&store.conn).with_path(path)?;
        (store.origin, store.read_only) = (row.origin, true);
        store.options = options.clone();
        store.private_copy = Some(folder);
        Ok(store)
    }

    /// Opens the file again after a write failed with an I/O error.
    ///
    /// The old connection is closed only after the new one is open. Without an open connection SQLite
    /// rebuilds the WAL index from the WAL and may recover the frames of the failed commit, which were
    /// never synced; a retry would then be acknowledged without being durable.
    pub(super) fn reopen_if_needed(&mut self) -> Result<(), StoreError> {
        if !self.needs_reopen {
            return Ok(());
        }
        let options = OpenOptions {
            create: false,
            new_origin: Some(self.origin),
            ..self.options.clone()
        };
        let mut fresh = Self::open(&self.path, &options).map_err(|error| match error {
            StoreError::Missing(path) | StoreError::Empty(path) => StoreError::Replaced(path),
            other => other,
        })?;
        if fresh.file_id != self.file_id {
            return Err(StoreError::Replaced(self.path.clone()));
        }
        fresh.options = self.options.clone();
        fresh.wal_id = self.wal_id.or(fresh.wal_id);
        *self = fresh;
        Ok(())
    }
}

/// Checks that the path is a regular file, or creates it with mode 0600.
fn prepare_file(path: &Path, options: &OpenOptions) -> Result<(), StoreError> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => return Err(StoreError::IsFolder(path.to_owned())),
        Ok(found) if !found.is_file() => return Err(StoreError::NotAFile(path.to_owned())),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound && options.create => {
            make_folder(folder)?;
            refuse_network(folder, options)?;
            let real = resolve(path);
            refuse_sidecar_name(&real, path)?;
            refuse_beside_leftovers(&real, path)?;
            let made = fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(path);
            match made {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                    return Err(StoreError::from_io(error, path));
                }
                _ => return Ok(()),
            }
        }
        Err(error) => return Err(StoreError::from_io(error, path)),
    }
    refuse_network(path, options)
}

fn make_folder(folder: &Path) -> Result<(), StoreError> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .and_then(|()| match folder.parent() {
            // Without this sync a power cut could lose the new folder itself.
            Some(above) if !above.as_os_str().is_empty() => fs::File::open(above)?.sync_all(),
            _ => Ok(()),
        })
        .map_err(|source| StoreError::NoFolder {
            path: folder.to_owned(),
            source,
        })
}

fn refuse_network(path: &Path, options: &OpenOptions) -> Result<(), StoreError> {
    if options.allow_network {
        return Ok(());
    }
    match network_filesystem(path) {
        Some(kind) => Err(StoreError::Network {
            path: path.to_owned(),
            kind,
        }),
        None => Ok(()),
    }
}

/// Checks the schema, creates it in an empty file and migrates an earlier one. Returns the origin to
/// write as and the version of the read models.
fn check_or_create_schema(
    conn: &Connection,
    real: &Path,
    path: &Path,
    file: FileId,
    options: &OpenOptions,
) -> Result<(Uuid, i64), StoreError> {
    // Another process may be creating the schema at this moment. If the check fails, it is repeated in
    // a transaction, which sees one consistent state.
    let found = schema::check(conn, path).or_else(|_| {
        let _held =
            Transaction::new_unchecked(conn, TransactionBehavior::Deferred).with_path(path)?;
        schema::check(conn, path)
    })?;
    if found == SchemaStatus::Empty {
        if !options.create {
            return Err(StoreError::Empty(path.to_owned()));
        }
        enable_wal(conn, path, options.busy_timeout)?;
        let tx =
            Transaction::new_unchecked(conn, TransactionBehavior::Immediate).with_path(path)?;
        // Another process may have created it first.
        if schema::check(conn, path)? == SchemaStatus::Empty {
            schema::create(&tx, options.origin_or_random(), file.to_columns()).with_path(path)?;
            tx.commit().with_path(path)?;
            super::maintenance::checkpoint(conn);
        }
    }
    // What a newer program derived, this one only reads, and leaves the tables as they are.
    let is_only_read = |version| -> Result<bool, StoreError> {
        let has_model = version > 1;
        Ok(has_model && StoreRow::load(conn).with_path(path)?.model > READ_MODEL_VERSION)
    };
    if let SchemaStatus::Earlier(version) = found
        && !is_only_read(version)?
    {
        super::migrate::migrate(conn, real, options.on_upgrade)?;
    }
    let row = StoreRow::load(conn).with_path(path)?;
    let origin = if row.file == file.to_columns() {
        row.origin
    } else {
        options.origin_or_random()
    };
    Ok((origin, row.model))
}

/// Sets the pragmas that durability depends on, and reads them back.
fn configure_durability(conn: &Connection, path: &Path) -> Result<(), StoreError> {
    conn.execute_batch("PRAGMA synchronous=FULL")
        .with_path(path)?;
    if cfg!(target_os = "macos") {
        conn.execute_batch("PRAGMA fullfsync=1;PRAGMA checkpoint_fullfsync=1")
            .with_path(path)?;
    }
    let synchronous: i64 = conn
        .pragma_query_value(None, "synchronous", |row| row.get(0))
        .with_path(path)?;
    if synchronous != 2 {
        return Err(setting_error(path, "synchronous=FULL"));
    }
    enable_wal(conn, path, Duration::ZERO)
}

/// Switches the file to WAL mode. SQLite's busy timeout does not apply here, so that this waits up to
/// `patience` for another process that does the same.
fn enable_wal(conn: &Connection, path: &Path, patience: Duration) -> Result<(), StoreError> {
    let begun = Instant::now();
    loop {
        let mode = conn.pragma_query_value(None, "journal_mode", |row| row.get::<_, String>(0));
        match mode {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(_) => {}
            Err(error) => return Err(StoreError::from_sqlite(error, path)),
        }
        let set = conn
            .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0));
        match set.with_path(path) {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(_) => return Err(setting_error(path, "journal_mode=WAL")),
            Err(StoreError::Locked { .. }) if begun.elapsed() < patience => {
                std::thread::sleep(Duration::from_millis(5));
            }
            Err(error) => return Err(error),
        }
    }
}
