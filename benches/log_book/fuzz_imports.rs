//! Reads damaged inputs with every reader of imports, and counts panics, hangs and the memory they take.
//!
//! Each reader has a process of its own with a limit on its memory. The inputs are the fixtures under
//! `tests/import`, changed by a seeded generator ([`damage`](crate::damage)); those that bring a reader to
//! say something new are changed further. What breaks a reader stays in the folder `fuzz` beside the
//! databases. `BRIDGELOG_BENCH_FUZZ_SECONDS` sets the seconds for each reader (2), and
//! `BRIDGELOG_BENCH_FUZZ_SEED` the seed (1).

use crate::{
    damage::Damage,
    number_from_env,
    proc_status::memory_kib,
    table::{Table, format_kib},
};
use bridgelog::import::{FORMATS, Files, Format, ReadOptions, Sample, find_format};
use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    panic::{self, AssertUnwindSafe},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// If set, this program reads damaged inputs of the format of that name.
pub const FORMAT_ENV: &str = "BRIDGELOG_BENCH_FUZZ_FORMAT";
const SECONDS_ENV: &str = "BRIDGELOG_BENCH_FUZZ_SECONDS";
const SEED_ENV: &str = "BRIDGELOG_BENCH_FUZZ_SEED";
/// The address space of a reader's process, in KiB.
const MEMORY_LIMIT_KIB: u64 = 1 << 20;
/// An input that takes more processor time than this is a hang; on a busy machine the clock says nothing.
const MAX_SECONDS: u64 = 5;
/// Units of the times in `/proc/self/stat`.
const TICKS_PER_SECOND: u64 = 100;
/// How many inputs are kept to be changed further.
const MAX_KEPT: usize = 2_000;
const HANG_EXIT_CODE: i32 = 86;

pub fn bench_fuzz(table: &mut Table, folder: &Path, _: u64) {
    let seconds = number_from_env(SECONDS_ENV, 2);
    for format in FORMATS {
        let counts = run_reader(format.name, folder, seconds);
        let found = format!(
            "{} panics, {} hangs, {} aborts",
            counts.panics, counts.hangs, counts.aborts
        );
        eprintln!(
            "  {}: {} executions, {found}",
            format.name, counts.executions
        );
        table.add_row(
            format!("damaged {} inputs: {found}", format.name),
            format!(
                "{} executions, {}",
                counts.executions,
                format_kib(counts.peak_kib)
            ),
            format!(
                "({} answers, {seconds} s, slowest {} ms)",
                counts.answers, counts.slowest
            ),
            None,
            "none",
        );
    }
}

/// What came of reading damaged inputs of one format.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    executions: u64,
    panics: u64,
    hangs: u64,
    /// Processes that ended before their time: out of memory, or out of stack.
    aborts: u64,
    peak_kib: u64,
    /// How many inputs brought the reader to say something new.
    answers: u64,
    /// How long the slowest input took, in ms.
    slowest: u64,
}

/// Runs processes for `name`, one after the other where one ends early, until the time is over.
fn run_reader(name: &str, folder: &Path, seconds: u64) -> Counts {
    let mut total = Counts::default();
    let start = Instant::now();
    let mut seed = number_from_env(SEED_ENV, 1);
    loop {
        let left = seconds.saturating_sub(start.elapsed().as_secs());
        if left == 0 {
            return total;
        }
        let limited = format!("ulimit -v {MEMORY_LIMIT_KIB}; exec \"$0\"");
        let out = Command::new("sh")
            .args(["-c", &limited])
            .arg(std::env::current_exe().expect("this program"))
            .env(FORMAT_ENV, name)
            .env(SECONDS_ENV, left.to_string())
            .env(SEED_ENV, seed.to_string())
            .stderr(Stdio::inherit())
            .output()
            .expect("this program");
        // The last line holds the counts so far.
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        let numbers: Vec<u64> = text
            .lines()
            .last()
            .unwrap_or_default()
            .split(' ')
            .filter_map(|number| number.parse().ok())
            .collect();
        if let [executions, panics, peak_kib, answers, slowest] = numbers[..] {
            total.executions += executions;
            total.panics += panics;
            total.peak_kib = total.peak_kib.max(peak_kib);
            total.answers += answers;
            total.slowest = total.slowest.max(slowest);
        }
        if out.status.success() {
            return total;
        }
        match out.status.code() {
            Some(HANG_EXIT_CODE) => total.hangs += 1,
            _ => total.aborts += 1,
        }
        let kept = input_path(folder, name).with_extension(format!("{seed}.broke"));
        let _ = std::fs::rename(input_path(folder, name), &kept);
        eprintln!("  {name}: {} kept in {}", out.status, kept.display());
        seed += 1_000;
    }
}

fn input_path(folder: &Path, name: &str) -> PathBuf {
    folder.join("fuzz").join(format!("{name}.input"))
}

/// Reads damaged inputs of the format `name` until the time is over. Prints the counts.
pub fn run(name: &str, folder: &Path) {
    let format = find_format(name).expect("a format");
    let path = input_path(folder, name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    panic::set_hook(Box::new(|_| {}));
    let current = Arc::new(AtomicU64::new(0));
    watch(&current);
    let end = Instant::now() + Duration::from_secs(number_from_env(SECONDS_ENV, 2));
    let mut damage = Damage::new(number_from_env(SEED_ENV, 1), name);
    let (mut seen, mut counts) = (HashSet::new(), Counts::default());
    while Instant::now() < end {
        let input = damage.next_input();
        std::fs::write(&path, &input).expect("an input");
        current.store(counts.executions + 1, Ordering::Relaxed);
        let start = Instant::now();
        let result =
            panic::catch_unwind(AssertUnwindSafe(|| read(format, &path, &damage.options())));
        let took = start.elapsed().as_millis() as u64;
        if took > counts.slowest {
            counts.slowest = took;
            let _ = std::fs::write(path.with_extension("slowest"), &input);
        }
        match result {
            Ok(answer) => {
                if seen.insert(answer) && damage.kept() < MAX_KEPT {
                    counts.answers += 1;
                    damage.keep(input);
                }
            }
            Err(_) => {
                counts.panics += 1;
                let kept = path.with_extension(format!("{}.panic", counts.executions));
                let _ = std::fs::write(kept, &input);
            }
        }
        counts.executions += 1;
        if counts.executions % 500 == 0 {
            print_counts(&counts);
        }
    }
    print_counts(&counts);
}

#[allow(clippy::print_stdout)]
fn print_counts(counts: &Counts) {
    println!(
        "{} {} {} {} {}",
        counts.executions,
        counts.panics,
        memory_kib("self", "VmHWM").unwrap_or_default(),
        counts.answers,
        counts.slowest
    );
}

/// Ends the process if one input takes too long.
fn watch(current: &Arc<AtomicU64>) {
    let current = Arc::clone(current);
    thread::spawn(move || {
        let (mut last, mut since) = (0, 0);
        loop {
            thread::sleep(Duration::from_secs(1));
            let (now, ticks) = (current.load(Ordering::Relaxed), processor_ticks());
            if now != last {
                (last, since) = (now, ticks);
            }
            if ticks.saturating_sub(since) > MAX_SECONDS * TICKS_PER_SECOND {
                std::process::exit(HANG_EXIT_CODE);
            }
        }
    });
}

/// The processor time of this process.
fn processor_ticks() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name of the program, in parentheses, may have spaces.
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let times = fields.split_whitespace().skip(11).take(2);
    times.filter_map(|ticks| ticks.parse::<u64>().ok()).sum()
}

/// Reads the input at `path` to its end. Returns a number for what the reader says: which errors in which
/// order, and about how many rows.
fn read(format: &Format, path: &Path, options: &ReadOptions) -> u64 {
    let mut answer = DefaultHasher::new();
    let say = |answer: &mut DefaultHasher, text: &str| {
        // Numbers and quoted parts of the input are no other answer.
        let plain = text.split('`').step_by(2);
        for part in plain {
            part.replace(|c: char| c.is_ascii_digit(), "").hash(answer);
        }
    };
    let mut files = match Files::open(path) {
        Ok(files) => files,
        Err(error) => {
            // Of an archive that cannot be opened the library says why in many ways.
            say(&mut answer, &error.reason[..error.reason.len().min(8)]);
            return answer.finish();
        }
    };
    if let Ok(sample) = Sample::of(&mut files) {
        for format in FORMATS {
            (format.detect)(&sample).hash(&mut answer);
        }
    }
    let mut errors = HashSet::new();
    match (format.open)(files, options) {
        Err(error) => say(&mut answer, &error.to_string()),
        Ok(source) => {
            let mut rows = 0_u64;
            for row in source.rows {
                match row {
                    Ok(row) => {
                        rows += 1;
                        assert!(row.text.len() < 1 << 30, "a text of a gigabyte");
                        (row.action, row.speaker.is_some(), row.end.is_some()).hash(&mut answer);
                    }
                    Err(error) => {
                        let fatal = error.is_fatal;
                        if errors.insert(error.reason.clone()) && errors.len() < 8 {
                            say(&mut answer, &error.reason);
                        }
                        if fatal {
                            break;
                        }
                    }
                }
            }
            rows.min(16).hash(&mut answer);
            source.notices.borrow().len().hash(&mut answer);
        }
    }
    answer.finish()
}
