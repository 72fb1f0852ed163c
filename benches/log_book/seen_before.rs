//! Measures how long the lookup of incidents that began alike takes among ten thousand. Their texts are of
//! 48 words, so that every word is in a fifth of the entries: the worst case.

use crate::{
    generate::{self, MilestoneDensity},
    table::{Table, format_ms},
};
use bridgelog::{
    config::Settings,
    ops::{Session, SessionOptions, seen_before::seen_before, write_context::Clock},
    store::OpenOptions,
};
use std::{
    hint::black_box,
    path::Path,
    time::{Duration, Instant},
};

const INCIDENTS: u64 = 10_000;
const EVENTS_PER_INCIDENT: u64 = 20;
const RUNS: usize = 400;

pub fn bench_seen_before(table: &mut Table, folder: &Path, _: u64) {
    let path = generate::cached_db_named(
        folder,
        "book-of-incidents",
        INCIDENTS * EVENTS_PER_INCIDENT,
        EVENTS_PER_INCIDENT,
        MilestoneDensity::Dense,
    );
    let session = Session::open(SessionOptions {
        path,
        store: OpenOptions::default(),
        author: "jw".to_owned(),
        terminal_session: None,
        clock: Clock::System,
        seed: None,
        default_zone: Some("UTC".to_owned()),
        default_incident: None,
        settings: Settings::default(),
    })
    .expect("the log book");
    let rows = session.read().incidents().expect("read");
    let mut shown = 0;
    let mut times: Vec<Duration> = rows
        .iter()
        .take(RUNS)
        .map(|row| {
            let start = Instant::now();
            let seen = seen_before(&session, row, session.now()).expect("found");
            shown += usize::from(!seen.is_empty());
            black_box(seen);
            start.elapsed()
        })
        .collect();
    times.sort();
    table.add_row(
        format!("seen before, {INCIDENTS} incidents: 99th percentile of {RUNS}"),
        format_ms(times[RUNS * 99 / 100]),
        format!(
            "(median {}, {shown} show something)",
            format_ms(times[RUNS / 2])
        ),
        None,
        "< 50 ms",
    );
}
