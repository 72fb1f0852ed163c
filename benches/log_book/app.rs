//! What the app costs in a terminal: its first frame, its memory, each key, and doing nothing.

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

/// How long it is waited until nothing goes on any more.
const SETTLE_TIME: Duration = Duration::from_millis(500);
/// Leaves the app, wherever one is.
const CTRL_Q: &str = "\x11";

/// Which rows of the screen the timeline has.
const TIMELINE_ROWS: std::ops::Range<usize> = 3..35;
/// Where the text begins in them, and as much of it as tells it from others.
const TEXT_START_AND_LEN: (usize, usize) = (20, 16);

/// A log book with the same in the floor.
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

    /// All in one incident, with a story of this sort.
    fn single_incident(folder: &Path, count: u64, story: MilestoneDensity) -> Self {
        let (name, words) = match story {
            MilestoneDensity::Sparse => ("one-sparse", "one in a thousand turns its story"),
            MilestoneDensity::Dense => ("one-dense", "every fifth turns its story"),
        };
        Self {
            name: format!("{count} events in one incident ({words})"),
            db: generate::cached_db_named(folder, &format!("{name}-{count}"), count, count, story),
            floor_db: floor::cached_db(folder, count),
        }
    }

    /// The newest events of the incident that the app opens with, the newest first.
    fn newest_events(&self, most: usize) -> Vec<Record<Event>> {
        let store = open_store(&self.db);
        let read = store.read();
        let first = read.open_incidents().expect("read").into_iter().next();
        match first.or_else(|| read.latest_incident().expect("read")) {
            Some(row) => read.newest_events(Some(row.id), most, None).expect("read"),
            None => Vec::new(),
        }
    }

    /// The whole first frame: the last row, and the newest event.
    fn first_frame_shown(&self) -> impl Fn() -> ScreenCondition + use<> {
        let newest = self
            .newest_events(1)
            .first()
            .map(|event| text_prefix(&event.value.text));
        move || {
            let newest = newest.clone();
            Box::new(move |screen| {
                let last = screen_rows(screen).pop().unwrap_or_default();
                last.contains("Ctrl-Q quit")
                    && match &newest {
                        Some(text) => visible_texts(screen).contains(text),
                        None => screen.contents().contains("Nothing is logged yet."),
                    }
            })
        }
    }

    /// The app with this log book.
    fn app_command(&self) -> CommandBuilder {
        let folder = self.db.with_file_name("home");
        std::fs::create_dir_all(&folder).expect("a folder");
        let mut command = CommandBuilder::new(PROGRAM);
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env("PATH", std::env::var("PATH").unwrap_or_default());
        command.env("HOME", &folder);
        command.env("BRIDGELOG_DB", &self.db);
        command.env("BRIDGELOG_AUTHOR", "jw");
        command.cwd(folder);
        command
    }

    /// The floor's app with the same.
    fn floor_app_command(&self) -> CommandBuilder {
        let mut command = CommandBuilder::new(std::env::current_exe().expect("this program"));
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env(floor_app::FLOOR_DB_ENV, &self.floor_db);
        command.cwd(self.floor_db.parent().expect("a folder"));
        command
    }

    /// The floor's whole first frame.
    fn floor_first_frame_shown(&self) -> impl Fn() -> ScreenCondition + use<> {
        let conn = Connection::open(&self.floor_db).expect("the floor");
        let mut listed = floor::newest_rows(&conn)
            .into_iter()
            .take(usize::from(ROWS) - 1);
        // Of the last one that there is room for.
        let last: Option<String> = listed.next_back().map(|row| row.chars().take(60).collect());
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

/// What is seen of a text, enough to tell it from others.
fn text_prefix(text: &str) -> String {
    text.chars().take(TEXT_START_AND_LEN.1).collect()
}

/// The events on the screen, by the beginnings of their texts.
fn visible_texts(screen: &Screen) -> Vec<String> {
    screen_rows(screen)[TIMELINE_ROWS]
        .iter()
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

/// The 99th percentile.
fn percentile_99(times: &[Duration]) -> Duration {
    sorted(times)
        .get(times.len() * 99 / 100)
        .copied()
        .unwrap_or_default()
}
