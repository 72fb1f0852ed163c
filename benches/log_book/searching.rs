//! Searching as it is typed: words, prefixes of every length, scripts without spaces, filters; and what the
//! index takes on the disk.

use crate::{
    generate::{self, Texts},
    open_store,
    table::{Table, format_ms},
};
use bridgelog::{
    domain::search::Query,
    store::{SearchOptions, Store},
};
use rusqlite::Connection;
use std::{
    hint::black_box,
    path::Path,
    time::{Duration, Instant},
};

/// As the app does for each key.
const WHILE_TYPING: (usize, usize) = (50, 20_000);
const BUDGET: &str = "< 10 ms";

pub fn bench_search(table: &mut Table, folder: &Path, count: u64) {
    let store = open_store(&generate::cached_db(folder, count));
    let words = ["replica", "failover", "certificate", "upstream"];
    add_row(
        table,
        &store,
        count,
        "a word",
        &words.map(|word| format!("{word} -none")),
    );
    for length in 1..=8 {
        // `replica` has seven letters.
        let typed = ["checkout", "failover", "certificate", "upstream"]
            .map(|word| word[..length].to_owned());
        add_row(
            table,
            &store,
            count,
            &format!("a {length}-letter prefix"),
            &typed,
        );
    }
    for (what, typed) in [
        (
            "two common words",
            ["replica lag", "disk full", "cache miss", "error rate"],
        ),
        (
            "a phrase",
            [
                "\"replica lag\"",
                "\"disk full\"",
                "\"cache miss\"",
                "\"error rate\"",
            ],
        ),
        (
            "a kind",
            ["kind:decision", "kind:fault", "kind:detect", "kind:ask"],
        ),
        (
            "a word and a kind",
            [
                "lag kind:decision",
                "disk kind:fault",
                "cache kind:ask",
                "re kind:note",
            ],
        ),
        (
            "a tag",
            ["tag:storage", "tag:replica", "tag:cache", "tag:disk"],
        ),
        (
            "a service",
            [
                "service:service-1",
                "service:service-2",
                "lag service:service-3",
                "service:none",
            ],
        ),
        (
            "names that are nowhere",
            [
                "service:nowhere",
                "by:nobody",
                "tag:nowhere",
                "kind:comms service:nowhere",
            ],
        ),
        ("an author", ["by:ann", "by:jw", "by:raj", "by:nobody"]),
        (
            "a state and no word",
            ["state:down", "state:degraded", "-lag", "state:ok"],
        ),
    ] {
        add_row(table, &store, count, what, &typed.map(str::to_owned));
    }
    let path = generate::cached_db_of_texts(folder, "japanese", count, Texts::Japanese);
    let store = open_store(&path);
    for (what, typed) in [
        ("1 character", ["障", "の", "ー", "無"]),
        ("2 characters", ["障害", "サー", "害を", "無い"]),
        ("3 characters", ["再起動", "ディス", "障害が", "の障害"]),
        (
            "6 characters",
            [
                "データベース",
                "障害を検知し",
                "監視警告ディ",
                "本番障害本番",
            ],
        ),
    ] {
        let what = format!("{what} of Japanese");
        add_row(table, &store, count, &what, &typed.map(str::to_owned));
    }
    drop(store);
    for (name, texts) in [("mixed", Texts::Mixed), ("japanese", Texts::Japanese)] {
        let path = generate::cached_db_of_texts(folder, name, count, texts);
        let (index, trigram, total) = index_sizes(&path);
        table.add_row(
            format!("search index of {count} {name} events (floor: trigrams of the same texts)"),
            format_mib(index),
            format_mib(trigram),
            Some(index as f64 / trigram as f64),
            &format!("(file {})", format_mib(total)),
        );
    }
}

/// Adds a row with the times of the searches `typed`.
fn add_row(table: &mut Table, store: &Store, count: u64, what: &str, typed: &[String; 4]) {
    let queries = typed
        .each_ref()
        .map(|typed| Query::parse(typed).expect("a query"));
    let options = SearchOptions {
        limit: WHILE_TYPING.0,
        max_scanned: WHILE_TYPING.1,
        ..SearchOptions::default()
    };
    let mut times: Vec<Duration> = (0..200)
        .map(|n| {
            let start = Instant::now();
            black_box(
                store
                    .read()
                    .search_query(&queries[n % 4], &options)
                    .expect("found"),
            );
            start.elapsed()
        })
        .collect();
    times.sort();
    table.add_row(
        format!("search {what} in {count}: 99th percentile"),
        format_ms(times[197]),
        format!("(median {})", format_ms(times[100])),
        None,
        BUDGET,
    );
}

/// Returns how many bytes the search index of the database takes, how many an FTS5 index of the trigrams of
/// the same texts takes, and how many the file has.
fn index_sizes(path: &Path) -> (u64, u64, u64) {
    let conn = Connection::open(path).expect("the database");
    let size = |conn: &Connection, table: &str| -> u64 {
        let sql = format!("SELECT sum(length(block)) FROM {table}_data");
        conn.query_row(&sql, [], |row| row.get::<_, i64>(0))
            .expect("a size") as u64
    };
    let trigrams = Connection::open_in_memory().expect("memory");
    trigrams
        .execute_batch("CREATE VIRTUAL TABLE t USING fts5(text,content='',columnsize=0,tokenize='trigram');BEGIN")
        .expect("an index");
    let mut texts = conn
        .prepare("SELECT no,body->>'$.value.text' FROM entry")
        .expect("the entries");
    let mut rows = texts.query([]).expect("the entries");
    let mut insert = trigrams
        .prepare("INSERT INTO t(rowid,text)VALUES(?1,?2)")
        .expect("an insert");
    while let Some(row) = rows.next().expect("an entry") {
        let (no, text): (i64, Option<String>) =
            (row.get(0).expect("no"), row.get(1).expect("text"));
        insert.execute((no, text)).expect("indexed");
    }
    trigrams.execute_batch("COMMIT").expect("committed");
    let file = std::fs::metadata(path).map_or(0, |file| file.len());
    (size(&conn, "search"), size(&trigrams, "t"), file)
}

fn format_mib(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}
