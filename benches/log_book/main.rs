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
use table::{Table, ms, ratio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_bridgelog");
const LINE: &str = "fault: replica lag is rising again #storage";

/// Where this is set, this program runs the part that it names, and prints its rows.
const PART: &str = "BRIDGELOG_BENCH_PART";

/// One part of the benchmark: it measures, with log books in the folder and as many events as said.
type Part = fn(&mut Table, &Path, u64);

/// The parts in their order. `cargo bench -- app-keys` runs those alone that have a word in their name.
const PARTS: [(&str, Part); 8] = [
    ("logging", |table, folder, most| {
        for count in [0, most / 10, most] {
            logging(table, folder, count);
        }
    }),
    ("showing", showing),
    ("searching", searching),
    ("documents", documents::both),
    ("app-frame-books", app::books),
    ("app-frame", app::frames),
    ("app-keys", app::keys),
    ("app-idle", app::idle),
];

fn main() {
    if let Some(db) = std::env::var_os(floor_app::ASKED) {
        return floor_app::run(Path::new(&db)).expect("a terminal");
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench");
    std::fs::create_dir_all(&folder).expect("a folder for the log books");
    let most = number("BRIDGELOG_BENCH_EVENTS", 1_000_000);
    if let Ok(name) = std::env::var(PART) {
        let mut table = Table::default();
        for (_, part) in PARTS.iter().filter(|(part, _)| *part == name) {
            part(&mut table, &folder, most);
        }
        return print!("{}", table.lines());
    }
    let named: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let mut table = Table::default();
    for (name, _) in PARTS {
        if named.is_empty() || named.iter().any(|word| name.contains(word.as_str())) {
            eprintln!("{name}");
            table.take(&apart(name));
        }
    }
    table.print();
}

/// The rows of a part, measured by a process of its own: the more memory a process has had, the longer
/// it takes it to start another.
fn apart(name: &str) -> String {
    let out = Command::new(std::env::current_exe().expect("this program"))
        .env(PART, name)
        .stderr(Stdio::inherit())
        .output()
        .expect("this program");
    if !out.status.success() {
        eprintln!("{name} did not come to its end");
    }
    String::from_utf8_lossy(&out.stdout).into_owned()
}

/// The number that the environment says for `name`.
fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(otherwise)
}

/// A command that logs into a log book, or into the floor.
fn bridgelog(db: &Path, args: &[&str]) -> Vec<String> {
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

fn shell(db: &Path) -> Vec<String> {
    ["sqlite3", &db.display().to_string(), floor::INSERT]
        .map(str::to_owned)
        .to_vec()
}

fn run(words: &[String]) -> bool {
    Command::new(&words[0])
        .args(&words[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The median of whole-process times, ours and the floor's in turn.
fn paired(ours: &[String], floor: &[String], runs: usize) -> Option<(Duration, Duration)> {
    let time = |words: &[String]| {
        let begun = Instant::now();
        run(words).then(|| begun.elapsed())
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
fn instructions(words: &[String]) -> Option<u64> {
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
fn syncs(words: &[String]) -> Option<usize> {
    let out = Command::new("strace")
        .args(["-f", "-e", "trace=fsync,fdatasync"])
        .args(words)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&out.stderr).into_owned();
    Some(text.lines().filter(|l| l.contains("sync(")).count())
}

fn logging(table: &mut Table, folder: &Path, count: u64) {
    if count == 0 {
        // Each run begins with none, so that there is one incident and no other.
        let _ = std::fs::remove_dir_all(folder.join("book-0"));
    }
    let book = generate::kept(folder, count);
    let db = floor::kept(folder, count);
    if count == 0 {
        run(&bridgelog(&book, &["declare", "bench"]));
    }
    let (ours, theirs) = (bridgelog(&book, &["log", LINE]), shell(&db));
    // One of each that is not counted.
    run(&ours);
    let shell_works = run(&theirs);
    let say = |n: Option<u64>| n.map_or_else(|| "no valgrind".to_owned(), millions);
    let (a, b) = (
        instructions(&ours),
        shell_works.then(|| instructions(&theirs)).flatten(),
    );
    table.row(
        format!("log, {count} events: instructions"),
        say(a),
        say(b),
        a.zip(b).map(|(a, b)| a as f64 / b as f64),
        "< 1 (sqlite3 shell's INSERT), < 2.90 M",
    );
    let (a, b) = (syncs(&ours), syncs(&theirs));
    let say = |n: Option<usize>| n.map_or_else(|| "no strace".to_owned(), |n| n.to_string());
    table.row(
        format!("log, {count} events: syncs"),
        say(a),
        say(b),
        None,
        "2",
    );
    if let Some((a, b)) = paired(&ours, &theirs, 21) {
        table.row(
            format!("log, {count} events: whole process"),
            ms(a),
            ms(b),
            Some(ratio(a, b)),
            "(time)",
        );
    }
}

fn showing(table: &mut Table, folder: &Path, count: u64) {
    let store = open(&generate::kept(folder, count));
    let incident = store
        .read()
        .latest_incident()
        .expect("read")
        .map(|row| row.id);
    let conn = Connection::open(floor::kept(folder, count)).expect("the floor");
    let a = median(201, || {
        black_box(
            store
                .read()
                .newest_events(incident, 50, None)
                .expect("read")
                .len(),
        );
    });
    let b = median(201, || {
        black_box(floor::newest(&conn));
    });
    table.row(
        format!("newest 50 of {count}, in process"),
        ms(a),
        ms(b),
        Some(ratio(a, b)),
        "(time)",
    );
    let book = generate::kept(folder, count);
    let small = generate::kept(folder, 0);
    let show = |db: &Path| bridgelog(db, &["show", "--newest", "50"]);
    run(&show(&book));
    if let Some((a, b)) = paired(&show(&book), &show(&small), 21) {
        table.row(
            format!("show --newest 50 of {count}, whole process (floor: of none)"),
            ms(a),
            ms(b),
            Some(ratio(a, b)),
            "flat",
        );
    }
}

fn searching(table: &mut Table, folder: &Path, count: u64) {
    let store = open(&generate::kept(folder, count));
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
        table.row(
            format!("search {what} in {count}: 99th percentile"),
            ms(times[197]),
            format!("(median {})", ms(times[100])),
            None,
            "< 10 ms",
        );
    }
}

fn open(path: &Path) -> Store {
    Store::open(path, &OpenOptions::default()).expect("the log book")
}

fn median(runs: usize, mut work: impl FnMut()) -> Duration {
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

fn millions(n: u64) -> String {
    format!("{:.2} M", n as f64 / 1e6)
}
