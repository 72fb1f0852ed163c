//! Measures the app in a terminal: first frame, memory, keys, idle.

mod frames;
mod idle;
mod keys;

use super::{
    PROGRAM, floor, floor_app,
    generate::{self, MilestoneDensity},
    open_store,
    pty::{ROWS, ScreenCondition, screen_rows},
};
use bridgelog::domain::{event::Event, incident::Record};
use portable_pty::CommandBuilder;
use rusqlite::Connection;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};
use vt100::Screen;

pub use frames::{bench_first_frame, prepare_dbs};
pub use idle::bench_idle;
pub use keys::bench_keys;

/// The wait after which the app has finished its background work.
const SETTLE_TIME: Duration = Duration::from_millis(500);
/// Quits the app from any screen.
const CTRL_Q: &str = "\x11";

/// The screen rows of the timeline.
const TIMELINE_ROWS: std::ops::Range<usize> = 3..33;
/// The column at which an event's text begins, and the length that identifies it.
const TEXT_START_AND_LEN: (usize, usize) = (20, 16);

/// A database and the floor's database with as many events.
struct DbPair {
    name: String,
    db: PathBuf,
    floor_db: PathBuf,
}

impl DbPair {
    fn many_incidents(folder: &Path, count: u64) -> Self {
        Self {
            name: format!("{count} events"),
            db: generate::cached_db(folder, count),
            floor_db: floor::cached_db(folder, count),
        }
    }

    /// All events in one incident.
    fn single_incident(folder: &Path, count: u64, density: MilestoneDensity) -> Self {
        let (name, description) = match density {
            MilestoneDensity::Sparse => ("one-sparse", "one in a thousand changes a state"),
            MilestoneDensity::Dense => ("one-dense", "every fifth changes a state"),
        };
        Self {
            name: format!("{count} events in one incident ({description})"),
            db: generate::cached_db_named(
                folder,
                &format!("{name}-{count}"),
                count,
                count,
                density,
            ),
            floor_db: floor::cached_db(folder, count),
        }
    }

    /// Returns the newest events of the incident that the app opens with, newest first.
    fn newest_events(&self, limit: usize) -> Vec<Record<Event>> {
        let store = open_store(&self.db);
        let read = store.read();
        let first = read.open_incidents().expect("read").into_iter().next();
        match first.or_else(|| read.last_added_incident().expect("read")) {
            Some(row) => read.newest_events(Some(row.id), limit, None).expect("read"),
            None => Vec::new(),
        }
    }

    /// The first frame is complete: the footer and the newest event are shown.
    fn first_frame_shown(&self) -> impl Fn() -> ScreenCondition + use<> {
        let newest = self
            .newest_events(1)
            .first()
            .map(|event| text_prefix(&event.value.text));
        move || {
            let newest = newest.clone();
            Box::new(move |screen| {
                let last = screen_rows(screen).pop().unwrap_or_default();
                last.contains("F1 help")
                    && match &newest {
                        Some(text) => visible_texts(screen).contains(text),
                        None => screen.contents().contains("What happened? Type it below"),
                    }
            })
        }
    }

    fn app_command(&self) -> CommandBuilder {
        let folder = self.db.with_file_name("home");
        std::fs::create_dir_all(&folder).expect("a folder");
        let mut command = CommandBuilder::new(PROGRAM);
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env("LC_ALL", "C.UTF-8");
        command.env("PATH", std::env::var("PATH").unwrap_or_default());
        command.env("HOME", &folder);
        command.env("BRIDGELOG_DB", &self.db);
        command.env("BRIDGELOG_AUTHOR", "jw");
        command.cwd(folder);
        command
    }

    fn floor_app_command(&self) -> CommandBuilder {
        let mut command = CommandBuilder::new(std::env::current_exe().expect("this program"));
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env("LC_ALL", "C.UTF-8");
        command.env(floor_app::FLOOR_DB_ENV, &self.floor_db);
        command.cwd(self.floor_db.parent().expect("a folder"));
        command
    }

    /// The floor's first frame is complete: the footer and the last row that fits are shown.
    fn floor_first_frame_shown(&self) -> impl Fn() -> ScreenCondition + use<> {
        let conn = Connection::open(&self.floor_db).expect("the floor");
        let mut rows = floor::newest_rows(&conn)
            .into_iter()
            .take(usize::from(ROWS) - 1);
        let last: Option<String> = rows.next_back().map(|row| row.chars().take(60).collect());
        move || {
            let last = last.clone();
            Box::new(move |screen| {
                let rows = screen_rows(screen);
                rows.last()
                    .is_some_and(|row| row.contains(floor_app::FOOTER))
                    && last
                        .as_ref()
                        .is_none_or(|text| rows[rows.len() - 2].starts_with(text.as_str()))
            })
        }
    }
}

/// Returns the beginning of a text as the timeline shows it.
fn text_prefix(text: &str) -> String {
    text.chars().take(TEXT_START_AND_LEN.1).collect()
}

/// Returns what is left of the line that separates the timeline from the detail of an event.
fn without_detail_pane(row: &str) -> &str {
    row.split('│').next().unwrap_or(row)
}

/// Returns the beginnings of the texts in the timeline.
fn visible_texts(screen: &Screen) -> Vec<String> {
    screen_rows(screen)[TIMELINE_ROWS]
        .iter()
        .map(|row| without_detail_pane(row))
        .filter(|row| !row.contains("──") && !row.trim().is_empty())
        .map(|row| {
            row.chars()
                .skip(TEXT_START_AND_LEN.0)
                .take(TEXT_START_AND_LEN.1)
                .collect()
        })
        .collect()
}

fn sorted(times: &[Duration]) -> Vec<Duration> {
    let mut times = times.to_vec();
    times.sort();
    times
}

fn median(times: &[Duration]) -> Duration {
    sorted(times)
        .get(times.len() / 2)
        .copied()
        .unwrap_or_default()
}

fn percentile_99(times: &[Duration]) -> Duration {
    sorted(times)
        .get(times.len() * 99 / 100)
        .copied()
        .unwrap_or_default()
}
