//! Imports of JSON Lines, CSV, Slack and a journal, against a floor: rusqlite writes the same events as one
//! row each, with as many indexes of the same keys and the same full-text index, in one transaction.

use crate::{
    PROGRAM, bridgelog_command,
    generate::{self, XorShift},
    proc_status::memory_kib,
    run_command,
    table::{Table, format_kib},
};
use rusqlite::Connection;
use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// The columns, indexes and full-text index that an event of a store has, in one table.
const FLOOR_SCHEMA: &str = "
    PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-32768;
    CREATE TABLE event(no INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, handle TEXT NOT NULL UNIQUE,
        incident BLOB NOT NULL, origin BLOB NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
        author TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL);
    CREATE INDEX event_chain ON event(incident, origin, seq);
    CREATE INDEX event_time ON event(incident, at);
    CREATE VIRTUAL TABLE search USING fts5(text, content='event', content_rowid='no', columnsize=0,
        prefix='1 2 3 4 5 6 7 8', tokenize='unicode61 remove_diacritics 2');
    INSERT INTO search(search, rank) VALUES('secure-delete', 1);";

/// How often the memory of an import is measured.
const LOOK_EVERY: Duration = Duration::from_millis(20);

pub fn bench_import(table: &mut Table, folder: &Path, count: u64) {
    let folder = folder.join("import");
    std::fs::create_dir_all(&folder).expect("a folder");
    let floor = measure_floor(&folder, count);
    table.add_row(
        format!("import of {count} events: floor"),
        "-".to_owned(),
        format_rate(count, floor),
        None,
        "(one row, same indexes)",
    );
    for (format, budget) in [
        ("jsonl", "> 0.5 of the floor"),
        ("journal", "> 0.5 of the floor"),
        ("csv", "(as near as its reading allows)"),
        ("slack", "(as near as its reading allows)"),
    ] {
        let (_, small_peak) = measure(&folder, format, count / 10);
        let (time, peak) = measure(&folder, format, count);
        table.add_row(
            format!("import {format}, {count} events"),
            format_rate(count, time),
            format_rate(count, floor),
            Some(floor.as_secs_f64() / time.as_secs_f64()),
            budget,
        );
        table.add_row(
            format!("import {format}, {count} events: memory (floor: of a tenth)"),
            format_kib(peak),
            format_kib(small_peak),
            Some(peak as f64 / small_peak as f64),
            "flat",
        );
    }
}

fn format_rate(count: u64, time: Duration) -> String {
    format!("{:.0} events/s", count as f64 / time.as_secs_f64())
}

/// Writes `count` events into a database of the floor's.
fn measure_floor(folder: &Path, count: u64) -> Duration {
    let path = folder.join("floor.db");
    remove_database(&path);
    let conn = Connection::open(&path).expect("a floor");
    conn.execute_batch(FLOOR_SCHEMA).expect("its schema");
    let mut numbers = XorShift::new(count);
    let mut event = conn
        .prepare("INSERT INTO event VALUES(?1,?2,?3,zeroblob(16),zeroblob(16),?1,?4,?5,'note',?6)")
        .expect("a statement");
    let mut search = conn
        .prepare("INSERT INTO search(rowid,text) VALUES(?1,?2)")
        .expect("a statement");
    let mut spent = Duration::ZERO;
    conn.execute_batch("BEGIN IMMEDIATE").expect("begun");
    for n in 0..count {
        let Generated { at, author, text } = Generated::next(&mut numbers, n);
        let handle: String = (0..24)
            .map(|_| char::from(b'k' + numbers.below(16) as u8))
            .collect();
        // Ids go up with time, as UUIDs of version 7 do; handles are in no order.
        let mut id = [0_u8; 16];
        id[..8].copy_from_slice(&n.to_be_bytes());
        let no = n as i64;
        let start = Instant::now();
        event
            .execute((no, id, handle, at, author, &text))
            .expect("a row");
        search.execute((no, &text)).expect("its words");
        spent += start.elapsed();
    }
    let start = Instant::now();
    conn.execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)")
        .expect("committed");
    spent += start.elapsed();
    drop((event, search));
    drop(conn);
    remove_database(&path);
    spent
}

/// An event of an input.
struct Generated {
    /// In µs since the epoch.
    at: i64,
    author: &'static str,
    text: String,
}

impl Generated {
    fn next(numbers: &mut XorShift, n: u64) -> Self {
        Self {
            at: (1_500_000_000 + n as i64 * 17) * 1_000_000,
            author: ["ann", "jw", "raj"][numbers.below(3) as usize],
            text: numbers.random_text(),
        }
    }
}

/// Returns the file to import, made of the same events as the floor's.
fn input(folder: &Path, format: &str, count: u64) -> PathBuf {
    let path = folder.join(format!("{count}.{format}"));
    if path.exists() {
        return path;
    }
    let unfinished = path.with_extension("unfinished");
    let mut out = BufWriter::new(File::create(&unfinished).expect("a file"));
    if format == "journal" {
        drop(out);
        let db = generate::cached_db(folder.parent().expect("a folder"), count);
        let to = unfinished.display().to_string();
        let export = ["export", "jsonl", "--output", &to, "--force"];
        assert!(run_command(&bridgelog_command(&db, &export)), "exported");
    } else {
        let mut numbers = XorShift::new(count);
        match format {
            "csv" => writeln!(out, "time,author,text").expect("written"),
            "slack" => writeln!(out, "[").expect("written"),
            _ => {}
        }
        for n in 0..count {
            let Generated { at, author, text } = Generated::next(&mut numbers, n);
            let seconds = at / 1_000_000;
            let time = chrono::DateTime::from_timestamp(seconds, 0).expect("a time");
            let time = time.format("%FT%TZ");
            match format {
                "csv" => writeln!(out, "{time},{author},{text}"),
                "slack" => writeln!(
                    out,
                    r#"{}{{"type":"message","user":"{author}","ts":"{seconds}.{:06}","text":"{text}","team":"T1"}}"#,
                    if n == 0 { "" } else { "," },
                    n % 1_000_000,
                ),
                _ => writeln!(out, r#"{{"time":"{time}","author":"{author}","text":"{text}"}}"#),
            }
            .expect("written");
        }
        if format == "slack" {
            writeln!(out, "]").expect("written");
        }
        out.flush().expect("written");
    }
    std::fs::rename(unfinished, &path).expect("a file");
    path
}

/// Imports into a new database. Returns the time of the whole process and its peak memory in KiB.
fn measure(folder: &Path, format: &str, count: u64) -> (Duration, u64) {
    let input = input(folder, format, count).display().to_string();
    let db = folder.join("import.db");
    remove_database(&db);
    let word = if format == "journal" { "jsonl" } else { format };
    run_command(&bridgelog_command(&db, &["declare", "bench"]));
    // `env` becomes the program, so that the process is the program's.
    let command = bridgelog_command(&db, &["import", word, &input]);
    assert!(command.iter().any(|word| word == PROGRAM));
    let start = Instant::now();
    let mut child = Command::new(&command[0])
        .args(&command[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program");
    let mut peak = 0;
    let status = loop {
        peak = peak.max(memory_kib(child.id(), "VmHWM").unwrap_or_default());
        match child.try_wait().expect("the program") {
            Some(status) => break status,
            None => thread::sleep(LOOK_EVERY),
        }
    };
    let spent = start.elapsed();
    assert!(status.success(), "import {format}");
    remove_database(&db);
    (spent, peak)
}

fn remove_database(path: &Path) {
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", path.display()));
    }
}
