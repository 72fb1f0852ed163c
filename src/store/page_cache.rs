//! The size of the page cache, larger while many entries are written.

use rusqlite::Connection;

/// The number of entries from which on a write uses the bulk cache.
pub(super) const BULK_THRESHOLD: usize = 1000;
/// The page cache while many entries are written, in KiB. Handles are random, so they touch all pages
/// of their index: with a small cache the same pages are written to the log many times.
const BULK_CACHE_KIB: i64 = 32 * 1024;
/// SQLite's default page cache, in KiB.
const DEFAULT_CACHE_KIB: i64 = 2000;

/// Sets the page cache of `conn` to the bulk or the default size. Errors are ignored: a smaller cache
/// only makes it slower.
pub(super) fn set_bulk_cache(conn: &Connection, bulk: bool) {
    let kib = if bulk {
        BULK_CACHE_KIB
    } else {
        DEFAULT_CACHE_KIB
    };
    // SQLite takes a negative value as KiB, a positive one as pages.
    let _ = conn.pragma_update(None, "cache_size", -kib);
}

/// Gives the temporary tables of `conn` a page cache of the bulk size. What fits in it needs no file.
pub(super) fn set_temporary_cache(conn: &Connection) {
    let _ = conn.execute_batch(&format!("PRAGMA temp.cache_size=-{BULK_CACHE_KIB}"));
}
