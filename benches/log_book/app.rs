//! What the app costs in a terminal: its first frame, its memory, each key, and doing nothing.

mod frames;
mod idle;
mod keys;

use super::{
    PROGRAM, floor, floor_app,
    generate::{self, Story},
    open,
    pty::{ROWS, Wanted, rows},
};
use bridgelog::domain::{event::Event, incident::Record};
use portable_pty::CommandBuilder;
use rusqlite::Connection;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};
use vt100::Screen;

pub use frames::{books, frames};
pub use idle::idle;
pub use keys::keys;

/// How long it is waited until nothing goes on any more.
const QUIET: Duration = Duration::from_millis(500);
/// Leaves the app, wherever one is.
const CTRL_Q: &str = "\x11";

/// Which rows of the screen the timeline has.
const PAGE: std::ops::Range<usize> = 3..35;
/// Where the text begins in them, and as much of it as tells it from others.
const TEXT: (usize, usize) = (20, 16);

/// A log book with the same in the floor.
struct Sample {
    name: String,
    book: PathBuf,
    floor: PathBuf,
}

impl Sample {
    fn ordinary(folder: &Path, count: u64) -> Self {
        Self {
            name: format!("{count} events"),
            book: generate::kept(folder, count),
            floor: floor::kept(folder, count),
        }
    }

    /// All in one incident, with a story of this sort.
    fn one(folder: &Path, count: u64, story: Story) -> Self {
        let (name, words) = match story {
            Story::Sparse => ("one-sparse", "one in a thousand turns its story"),
            Story::Dense => ("one-dense", "every fifth turns its story"),
        };
        Self {
            name: format!("{count} events in one incident ({words})"),
            book: generate::kept_as(folder, &format!("{name}-{count}"), count, count, story),
            floor: floor::kept(folder, count),
        }
    }

    /// The newest events of the incident that the app opens with, the newest first.
    fn events(&self, most: usize) -> Vec<Record<Event>> {
        let store = open(&self.book);
        let read = store.read();
        let first = read.open_incidents().expect("read").into_iter().next();
        match first.or_else(|| read.latest_incident().expect("read")) {
            Some(row) => read.newest_events(Some(row.id), most, None).expect("read"),
            None => Vec::new(),
        }
    }

    /// The whole first frame: the last row, and the newest event.
    fn full(&self) -> impl Fn() -> Wanted + use<> {
        let newest = self
            .events(1)
            .first()
            .map(|event| beginning(&event.value.text));
        move || {
            let newest = newest.clone();
            Box::new(move |screen| {
                let last = rows(screen).pop().unwrap_or_default();
                last.contains("Ctrl-Q quit")
                    && match &newest {
                        Some(text) => page(screen).contains(text),
                        None => screen.contents().contains("Nothing is logged yet."),
                    }
            })
        }
    }

    /// The app with this log book.
    fn app(&self) -> CommandBuilder {
        let folder = self.book.with_file_name("home");
        std::fs::create_dir_all(&folder).expect("a folder");
        let mut command = CommandBuilder::new(PROGRAM);
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env("PATH", std::env::var("PATH").unwrap_or_default());
        command.env("HOME", &folder);
        command.env("BRIDGELOG_DB", &self.book);
        command.env("BRIDGELOG_AUTHOR", "jw");
        command.cwd(folder);
        command
    }

    /// The floor's app with the same.
    fn floor_app(&self) -> CommandBuilder {
        let mut command = CommandBuilder::new(std::env::current_exe().expect("this program"));
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env(floor_app::ASKED, &self.floor);
        command.cwd(self.floor.parent().expect("a folder"));
        command
    }

    /// The floor's whole first frame.
    fn floor_full(&self) -> impl Fn() -> Wanted + use<> {
        let conn = Connection::open(&self.floor).expect("the floor");
        let mut listed = floor::rows(&conn).into_iter().take(usize::from(ROWS) - 1);
        // Of the last one that there is room for.
        let last: Option<String> = listed.next_back().map(|row| row.chars().take(60).collect());
        move || {
            let last = last.clone();
            Box::new(move |screen| {
                let rows = rows(screen);
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
fn beginning(text: &str) -> String {
    text.chars().take(TEXT.1).collect()
}

/// The events on the screen, by the beginnings of their texts.
fn page(screen: &Screen) -> Vec<String> {
    rows(screen)[PAGE]
        .iter()
        .filter(|row| !row.contains("──") && !row.trim().is_empty())
        .map(|row| row.chars().skip(TEXT.0).take(TEXT.1).collect())
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
fn highest(times: &[Duration]) -> Duration {
    sorted(times)
        .get(times.len() * 99 / 100)
        .copied()
        .unwrap_or_default()
}
