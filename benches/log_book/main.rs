//! Measures logging, showing, searching, imports, the documents, the app and a hub against floors: minimal
//! programs for the same task, measured in the same run; and reads damaged inputs with every reader of imports.
//! Prints one table at the end.
//!
//! Counts (instructions under callgrind, syncs under strace) can be compared between runs; of times only
//! the ratio within a run can. `BRIDGELOG_BENCH_EVENTS` sets the events of the largest database
//! (1,000,000), `BRIDGELOG_BENCH_IDLE` the seconds for which the idle app is measured (60).
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::cast_possible_truncation
)]

mod app;
mod damage;
mod damage_parts;
mod documents;
#[cfg(feature = "hub")]
#[path = "../../tests/common/entries.rs"]
mod entries;
mod floor;
mod floor_app;
mod fuzz_imports;
mod generate;
#[cfg(feature = "hub")]
mod hub;
mod importing;
#[cfg(feature = "hub")]
#[path = "../../tests/common/postgres_server.rs"]
mod postgres_server;
mod proc_status;
mod pty;
mod searching;
mod seen_before;
mod table;

use bridgelog::store::{OpenOptions, Store};
use rusqlite::Connection;
use std::{
    hint::black_box,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};
use table::{Table, format_ms, ratio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_bridgelog");
const LOG_LINE: &str = "fault: replica lag is rising again #storage";

/// If set, this program runs the part of that name and prints its rows.
const PART_ENV: &str = "BRIDGELOG_BENCH_PART";

/// A part of the benchmark: takes the folder of the databases and the events of the largest one.
type BenchFn = fn(&mut Table, &Path, u64);

/// The parts in order. `cargo bench -- app-keys` runs those whose name contains an argument.
const PARTS: &[(&str, BenchFn)] = &[
    ("logging", |table, folder, max_events| {
        for count in [0, max_events / 10, max_events] {
            bench_log(table, folder, count);
        }
    }),
    ("showing", bench_show),
    ("searching", searching::bench_search),
    ("seen-before", seen_before::bench_seen_before),
    ("documents", documents::bench_documents),
    ("importing", importing::bench_import),
    ("app-frame-books", app::prepare_dbs),
    ("app-frame", app::bench_first_frame),
    ("app-keys", app::bench_keys),
    ("app-idle", app::bench_idle),
    ("fuzz-imports", fuzz_imports::bench_fuzz),
    #[cfg(feature = "hub")]
    ("hub", hub::bench_hub),
];

fn main() {
    if let Some(db) = std::env::var_os(floor_app::FLOOR_DB_ENV) {
        return floor_app::run(Path::new(&db)).expect("a terminal");
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench");
    std::fs::create_dir_all(&folder).expect("a folder for the databases");
    if let Ok(format) = std::env::var(fuzz_imports::FORMAT_ENV) {
        return fuzz_imports::run(&format, &folder);
    }
    let max_events = number_from_env("BRIDGELOG_BENCH_EVENTS", 1_000_000);
    if let Ok(name) = std::env::var(PART_ENV) {
        let mut table = Table::default();
        for (_, part) in PARTS.iter().filter(|(part, _)| *part == name) {
            part(&mut table, &folder, max_events);
        }
        return print!("{}", table.to_lines());
    }
    let selected: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let mut table = Table::default();
    for &(name, _) in PARTS {
        if selected.is_empty() || selected.iter().any(|word| name.contains(word.as_str())) {
            eprintln!("{name}");
            table.add_lines(&run_in_subprocess(name));
        }
    }
    table.print();
}

/// Measures a part in a process of its own and returns its rows. A process that has used much memory
/// takes longer to start another one.
fn run_in_subprocess(name: &str) -> String {
    let out = Command::new(std::env::current_exe().expect("this program"))
        .env(PART_ENV, name)
        .stderr(Stdio::inherit())
        .output()
        .expect("this program");
    if !out.status.success() {
        eprintln!("{name} did not come to its end");
    }
    String::from_utf8_lossy(&out.stdout).into_owned()
}

fn number_from_env(name: &str, otherwise: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(otherwise)
}

/// Returns the command line that runs Bridgelog on a database.
fn bridgelog_command(db: &Path, args: &[&str]) -> Vec<String> {
    [
        "env",
        "-i",
        &format!("BRIDGELOG_DB={}", db.display()),
        "BRIDGELOG_AUTHOR=jw",
        "HOME=/nonexistent",
        PROGRAM,
    ]
    .into_iter()
    .chain(args.iter().copied())
    .map(str::to_owned)
    .collect()
}

fn sqlite_command(db: &Path) -> Vec<String> {
    ["sqlite3", &db.display().to_string(), floor::INSERT]
        .map(str::to_owned)
        .to_vec()
}

fn run_command(command: &[String]) -> bool {
    Command::new(&command[0])
        .args(&command[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Runs both commands in turn and returns the medians of their wall-clock times.
fn paired_medians(
    bridgelog: &[String],
    floor: &[String],
    runs: usize,
) -> Option<(Duration, Duration)> {
    let time = |command: &[String]| {
        let start = Instant::now();
        run_command(command).then(|| start.elapsed())
    };
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        a.push(time(bridgelog)?);
        b.push(time(floor)?);
    }
    a.sort();
    b.sort();
    Some((a[runs / 2], b[runs / 2]))
}

/// Counts the instructions of one run with callgrind; None without valgrind.
fn count_instructions(command: &[String]) -> Option<u64> {
    let out = Command::new("valgrind")
        .args([
            "--tool=callgrind",
            "--callgrind-out-file=/dev/null",
            "--trace-children=yes",
        ])
        .args(["--trace-children-skip=*/env"])
        .args(command)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&out.stderr).into_owned();
    text.lines()
        .filter_map(|line| line.split_once("Collected : "))
        .filter_map(|(_, n)| n.trim().parse::<u64>().ok())
        .max()
}

/// Counts the fsync and fdatasync calls of one run with strace; None without strace.
fn count_syncs(command: &[String]) -> Option<usize> {
    let out = Command::new("strace")
        .args(["-f", "-e", "trace=fsync,fdatasync"])
        .args(command)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&out.stderr).into_owned();
    Some(text.lines().filter(|l| l.contains("sync(")).count())
}

fn bench_log(table: &mut Table, folder: &Path, count: u64) {
    if count == 0 {
        // The database of an earlier run has another incident open.
        let _ = std::fs::remove_dir_all(folder.join("book-0"));
    }
    let db_path = generate::cached_db(folder, count);
    let db = floor::cached_db(folder, count);
    if count == 0 {
        run_command(&bridgelog_command(&db_path, &["declare", "bench"]));
    }
    let (bridgelog, floor) = (
        bridgelog_command(&db_path, &["log", LOG_LINE]),
        sqlite_command(&db),
    );
    // Warm-up.
    run_command(&bridgelog);
    let shell_works = run_command(&floor);
    let format_count = |n: Option<u64>| n.map_or_else(|| "no valgrind".to_owned(), format_millions);
    let (a, b) = (
        count_instructions(&bridgelog),
        shell_works.then(|| count_instructions(&floor)).flatten(),
    );
    table.add_row(
        format!("log, {count} events: instructions"),
        format_count(a),
        format_count(b),
        a.zip(b).map(|(a, b)| a as f64 / b as f64),
        "< 1 (sqlite3 shell's INSERT), < 2.90 M",
    );
    let (a, b) = (count_syncs(&bridgelog), count_syncs(&floor));
    let format_count =
        |n: Option<usize>| n.map_or_else(|| "no strace".to_owned(), |n| n.to_string());
    table.add_row(
        format!("log, {count} events: syncs"),
        format_count(a),
        format_count(b),
        None,
        "2",
    );
    if let Some((a, b)) = paired_medians(&bridgelog, &floor, 21) {
        table.add_row(
            format!("log, {count} events: whole process"),
            format_ms(a),
            format_ms(b),
            Some(ratio(a, b)),
            "(time)",
        );
    }
}

fn bench_show(table: &mut Table, folder: &Path, count: u64) {
    let store = open_store(&generate::cached_db(folder, count));
    let incident = store
        .read()
        .last_added_incident()
        .expect("read")
        .map(|row| row.id);
    let conn = Connection::open(floor::cached_db(folder, count)).expect("the floor");
    let a = median_time(201, || {
        black_box(
            store
                .read()
                .newest_events(incident, 50, None)
                .expect("read")
                .len(),
        );
    });
    let b = median_time(201, || {
        black_box(floor::newest_rows_len(&conn));
    });
    table.add_row(
        format!("newest 50 of {count}, in process"),
        format_ms(a),
        format_ms(b),
        Some(ratio(a, b)),
        "(time)",
    );
    let db_path = generate::cached_db(folder, count);
    let small = generate::cached_db(folder, 0);
    let show = |db: &Path| bridgelog_command(db, &["show", "--newest", "50"]);
    run_command(&show(&db_path));
    if let Some((a, b)) = paired_medians(&show(&db_path), &show(&small), 21) {
        table.add_row(
            format!("show --newest 50 of {count}, whole process (floor: of none)"),
            format_ms(a),
            format_ms(b),
            Some(ratio(a, b)),
            "flat",
        );
    }
}

fn open_store(path: &Path) -> Store {
    Store::open(path, &OpenOptions::default()).expect("the database")
}

fn median_time(runs: usize, mut work: impl FnMut()) -> Duration {
    work();
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[runs / 2]
}

fn format_millions(n: u64) -> String {
    format!("{:.2} M", n as f64 / 1e6)
}
