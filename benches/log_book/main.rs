//! What it costs to log, to show, to search, to write the documents and to use the app, against floors
//! measured in the same run. Ends with one table.
//!
//! Counts (instructions under callgrind, syncs under strace) are stable and may be compared between
//! runs; times may not, only their ratios within one. `BRIDGELOG_BENCH_EVENTS` says how large the
//! largest log book is (1,000,000), `BRIDGELOG_BENCH_IDLE` for how many seconds the app is watched
//! while nobody types (60).
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::cast_possible_truncation
)]

mod app;
mod documents;
mod floor;
mod floor_app;
mod generate;
mod pty;
mod table;

use bridgelog::store::{OpenOptions, SearchOptions, Store};
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

/// Where this is set, this program runs the part that it names, and prints its rows.
const PART_ENV: &str = "BRIDGELOG_BENCH_PART";

/// One part of the benchmark: it measures, with log books in the folder and as many events as said.
type BenchFn = fn(&mut Table, &Path, u64);

/// The parts in their order. `cargo bench -- app-keys` runs those alone that have a word in their name.
const PARTS: [(&str, BenchFn); 8] = [
    ("logging", |table, folder, most| {
        for count in [0, most / 10, most] {
            bench_log(table, folder, count);
        }
    }),
    ("showing", bench_show),
    ("searching", bench_search),
    ("documents", documents::bench_documents),
    ("app-frame-books", app::prepare_dbs),
    ("app-frame", app::bench_first_frame),
    ("app-keys", app::bench_keys),
    ("app-idle", app::bench_idle),
];

fn main() {
    if let Some(db) = std::env::var_os(floor_app::FLOOR_DB_ENV) {
        return floor_app::run(Path::new(&db)).expect("a terminal");
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench");
    std::fs::create_dir_all(&folder).expect("a folder for the log books");
    let most = number_from_env("BRIDGELOG_BENCH_EVENTS", 1_000_000);
    if let Ok(name) = std::env::var(PART_ENV) {
        let mut table = Table::default();
        for (_, part) in PARTS.iter().filter(|(part, _)| *part == name) {
            part(&mut table, &folder, most);
        }
        return print!("{}", table.to_lines());
    }
    let named: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let mut table = Table::default();
    for (name, _) in PARTS {
        if named.is_empty() || named.iter().any(|word| name.contains(word.as_str())) {
            eprintln!("{name}");
            table.add_lines(&run_in_subprocess(name));
        }
    }
    table.print();
}

/// The rows of a part, measured by a process of its own: the more memory a process has had, the longer
/// it takes it to start another.
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

/// The number that the environment says for `name`.
fn number_from_env(name: &str, otherwise: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(otherwise)
}

/// A command that logs into a log book, or into the floor.
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

fn run_command(words: &[String]) -> bool {
    Command::new(&words[0])
        .args(&words[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The median of whole-process times, ours and the floor's in turn.
fn paired_medians(ours: &[String], floor: &[String], runs: usize) -> Option<(Duration, Duration)> {
    let time = |words: &[String]| {
        let begun = Instant::now();
        run_command(words).then(|| begun.elapsed())
    };
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        a.push(time(ours)?);
        b.push(time(floor)?);
    }
    a.sort();
    b.sort();
    Some((a[runs / 2], b[runs / 2]))
}

/// Instructions of one run, by callgrind.
fn count_instructions(words: &[String]) -> Option<u64> {
    let out = Command::new("valgrind")
        .args([
            "--tool=callgrind",
            "--callgrind-out-file=/dev/null",
            "--trace-children=yes",
        ])
        .args(["--trace-children-skip=*/env"])
        .args(words)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&out.stderr).into_owned();
    text.lines()
        .filter_map(|line| line.split_once("Collected : "))
        .filter_map(|(_, n)| n.trim().parse::<u64>().ok())
        .max()
}

/// Syncs of one run, by strace.
fn count_syncs(words: &[String]) -> Option<usize> {
    let out = Command::new("strace")
        .args(["-f", "-e", "trace=fsync,fdatasync"])
        .args(words)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&out.stderr).into_owned();
    Some(text.lines().filter(|l| l.contains("sync(")).count())
}

fn bench_log(table: &mut Table, folder: &Path, count: u64) {
    if count == 0 {
        // Each run begins with none, so that there is one incident and no other.
        let _ = std::fs::remove_dir_all(folder.join("book-0"));
    }
    let book = generate::cached_db(folder, count);
    let db = floor::cached_db(folder, count);
    if count == 0 {
        run_command(&bridgelog_command(&book, &["declare", "bench"]));
    }
    let (ours, theirs) = (
        bridgelog_command(&book, &["log", LOG_LINE]),
        sqlite_command(&db),
    );
    // One of each that is not counted.
    run_command(&ours);
    let shell_works = run_command(&theirs);
    let say = |n: Option<u64>| n.map_or_else(|| "no valgrind".to_owned(), format_millions);
    let (a, b) = (
        count_instructions(&ours),
        shell_works.then(|| count_instructions(&theirs)).flatten(),
    );
    table.add_row(
        format!("log, {count} events: instructions"),
        say(a),
        say(b),
        a.zip(b).map(|(a, b)| a as f64 / b as f64),
        "< 1 (sqlite3 shell's INSERT), < 2.90 M",
    );
    let (a, b) = (count_syncs(&ours), count_syncs(&theirs));
    let say = |n: Option<usize>| n.map_or_else(|| "no strace".to_owned(), |n| n.to_string());
    table.add_row(
        format!("log, {count} events: syncs"),
        say(a),
        say(b),
        None,
        "2",
    );
    if let Some((a, b)) = paired_medians(&ours, &theirs, 21) {
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
        .latest_incident()
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
    let book = generate::cached_db(folder, count);
    let small = generate::cached_db(folder, 0);
    let show = |db: &Path| bridgelog_command(db, &["show", "--newest", "50"]);
    run_command(&show(&book));
    if let Some((a, b)) = paired_medians(&show(&book), &show(&small), 21) {
        table.add_row(
            format!("show --newest 50 of {count}, whole process (floor: of none)"),
            format_ms(a),
            format_ms(b),
            Some(ratio(a, b)),
            "flat",
        );
    }
}

fn bench_search(table: &mut Table, folder: &Path, count: u64) {
    let store = open_store(&generate::cached_db(folder, count));
    let options = SearchOptions::default();
    for (what, words) in [
        ("a word", ["replica", "failover", "certificate", "upstream"]),
        ("a 1-letter prefix", ["r", "f", "c", "u"]),
        ("a 2-letter prefix", ["re", "fa", "ce", "up"]),
        ("a 3-letter prefix", ["rep", "fai", "cer", "ups"]),
        ("a 4-letter prefix", ["repl", "fail", "cert", "upst"]),
    ] {
        let mut times: Vec<Duration> = (0..200)
            .map(|n| {
                let begun = Instant::now();
                black_box(
                    store
                        .read()
                        .search(words[n % 4], &options)
                        .expect("found")
                        .len(),
                );
                begun.elapsed()
            })
            .collect();
        times.sort();
        table.add_row(
            format!("search {what} in {count}: 99th percentile"),
            format_ms(times[197]),
            format!("(median {})", format_ms(times[100])),
            None,
            "< 10 ms",
        );
    }
}

fn open_store(path: &Path) -> Store {
    Store::open(path, &OpenOptions::default()).expect("the log book")
}

fn median_time(runs: usize, mut work: impl FnMut()) -> Duration {
    work();
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let begun = Instant::now();
            work();
            begun.elapsed()
        })
        .collect();
    times.sort();
    times[runs / 2]
}

fn format_millions(n: u64) -> String {
    format!("{:.2} M", n as f64 / 1e6)
}
