//! The time from a key to the frame that shows its effect.

use super::{
    CTRL_Q, DbPair, SETTLE_TIME, TIMELINE_ROWS, median, percentile_99, text_prefix, visible_texts,
};
use crate::{
    floor_app,
    generate::MilestoneDensity,
    pty::{Pty, ScreenCondition, reversed_row, screen_rows},
    table::{Table, format_kib, format_ms, ratio},
};
use bridgelog::{
    domain::{event::Event, incident::Record},
    ops::timeline::{Filter, MAX_SCANNED_EVENTS},
};
use std::{path::Path, thread, time::Duration};
use vt100::Screen;

/// The number of keys measured for each row of the table.
const KEY_COUNT: usize = 300;
/// The wait between two keys, so that each is measured alone.
const KEY_INTERVAL: Duration = Duration::from_millis(40);
/// The page size of the app's timeline.
const EVENTS_PER_READ: usize = 200;
const BUDGET: &str = "< 16 ms";

const TYPED_LINE: &str = "fault: replica lag is rising again, failing over #storage";
/// Queries for filter and search: words, and parts of the hexadecimal numbers at the end of the
/// generated texts, which match few events.
const QUERIES: [&str; 8] = [
    "replica", "d3a", "failover", "7f0", "upstream", "be4", "expired", "1c",
];
const CTRL_U: &str = "\x15";
const ESCAPE: &str = "\x1b";

/// Measures with many incidents and with a single large one.
pub fn bench_keys(table: &mut Table, folder: &Path, max_events: u64) {
    let ordinary = DbPair::many_incidents(folder, max_events);
    let floor = measure_floor_moving(&ordinary);
    let single = [MilestoneDensity::Sparse, MilestoneDensity::Dense]
        .map(|density| DbPair::single_incident(folder, max_events, density));
    for sample in std::iter::once(ordinary).chain(single) {
        let Some((mut pty, _)) = Pty::start(sample.app_command(), sample.first_frame_shown()())
        else {
            continue;
        };
        thread::sleep(SETTLE_TIME);
        let mut row =
            |what: &str, ours: Option<&[Duration]>, floor: Option<&[Duration]>, budget: &str| {
                table.add_row(
                    format!("app, {}: {what}, 99th percentile", sample.name),
                    ours.map_or_else(|| "not seen".to_owned(), format_percentiles),
                    floor.map_or_else(|| "-".to_owned(), format_percentiles),
                    ours.zip(floor)
                        .map(|(a, b)| ratio(percentile_99(a), percentile_99(b))),
                    budget,
                );
            };
        row(
            "a character typed",
            measure_typing(&mut pty).as_deref(),
            None,
            BUDGET,
        );
        row(
            "a row up or down",
            measure_moving(&mut pty).as_deref(),
            floor.as_deref(),
            BUDGET,
        );
        let (typed, filtered) = measure_filter(&mut pty, &sample).unzip();
        row("a character of a filter", typed.as_deref(), None, BUDGET);
        let changes = filtered.as_ref().map_or(0, Vec::len);
        row(
            &format!("the rows it leaves ({changes} times others)"),
            filtered.as_deref(),
            None,
            "(time)",
        );
        row(
            "a character of a search",
            measure_search(&mut pty).as_deref(),
            None,
            BUDGET,
        );
        if let Some((peak, data)) = pty.peak_memory_kib().zip(pty.data_memory_kib()) {
            let what = format!("app, {}: memory at the most, after these keys", sample.name);
            let memory = format!("{} ({} data)", format_kib(peak), format_kib(data));
            table.add_row(what, memory, "-".to_owned(), None, "< 16 MiB");
        }
        pty.quit(CTRL_Q);
    }
}

fn format_percentiles(times: &[Duration]) -> String {
    format!(
        "{} (median {})",
        format_ms(percentile_99(times)),
        format_ms(median(times))
    )
}

/// `c` is shown before the cursor, in the row in which the cursor is now.
fn char_shown(pty: &Pty, c: char) -> ScreenCondition {
    let (row, column) = pty.with_screen(Screen::cursor_position);
    Box::new(move |screen| {
        let contents = screen.cell(row, column).map(vt100::Cell::contents);
        screen.cursor_position() == (row, column + 1)
            && (c == ' ' || contents.is_some_and(|contents| contents.chars().eq([c])))
    })
}

/// The text beside this badge is empty and has the cursor.
fn input_empty(badge: &'static str) -> ScreenCondition {
    // A space on each side of the badge, one more, and `› `.
    let column = badge.len() as u16 + 5;
    Box::new(move |screen| {
        let (row, at) = screen.cursor_position();
        let is_there = screen_rows(screen)
            .get(usize::from(row))
            .is_some_and(|row| row.starts_with(&format!(" {badge} ")));
        !screen.hide_cursor() && at == column && is_there
    })
}

fn measure_typing(pty: &mut Pty) -> Option<Vec<Duration>> {
    let mut times = Vec::new();
    // An interrupted run may have left a draft.
    pty.press(CTRL_U, [input_empty("LOG")])?;
    while times.len() < KEY_COUNT {
        for c in TYPED_LINE.chars() {
            let condition = char_shown(pty, c);
            times.extend(pty.press(&c.to_string(), [condition])?);
            thread::sleep(KEY_INTERVAL);
        }
        pty.press(CTRL_U, [input_empty("LOG")])?;
        thread::sleep(KEY_INTERVAL);
    }
    Some(times)
}

/// Moves up from the last row and down again.
fn measure_moving(pty: &mut Pty) -> Option<Vec<Duration>> {
    pty.press(ESCAPE, [Box::new(|screen| reversed_row(screen).is_some())])?;
    thread::sleep(SETTLE_TIME);
    let times = press_each(pty, &[("k", KEY_COUNT / 2), ("j", KEY_COUNT / 2)]);
    thread::sleep(SETTLE_TIME);
    times
}

/// Presses each key the given number of times and waits for the selection to move.
fn press_each(pty: &mut Pty, keys: &[(&str, usize)]) -> Option<Vec<Duration>> {
    // When the list scrolls, the selected screen row stays the same, so the texts are compared too. The
    // header is left out because it shows running times.
    let selected = |screen: &Screen| {
        (
            reversed_row(screen),
            screen_rows(screen).split_off(TIMELINE_ROWS.start),
        )
    };
    let mut times = Vec::new();
    for (key, count) in keys {
        for _ in 0..*count {
            let before = pty.with_screen(selected);
            let condition: ScreenCondition = Box::new(move |screen| selected(screen) != before);
            times.extend(pty.press(key, [condition])?);
            thread::sleep(KEY_INTERVAL);
        }
    }
    Some(times)
}

/// Moves down and up in the floor's app.
fn measure_floor_moving(sample: &DbPair) -> Option<Vec<Duration>> {
    let (mut pty, _) = Pty::start(
        sample.floor_app_command(),
        sample.floor_first_frame_shown()(),
    )?;
    let mut times = Vec::new();
    while times.len() < KEY_COUNT {
        times.extend(press_each(&mut pty, &[("j", 30), ("k", 30)])?);
    }
    pty.quit(floor_app::QUIT_KEY);
    Some(times)
}

/// Types filters. Returns the times until each character is shown, and until the filtered rows are
/// shown if they differ from those before.
fn measure_filter(pty: &mut Pty, sample: &DbPair) -> Option<(Vec<Duration>, Vec<Duration>)> {
    let events = sample.newest_events(MAX_SCANNED_EVENTS);
    let (mut typed, mut filtered) = (Vec::new(), Vec::new());
    let mut before = filtered_texts(&events, "");
    pty.press("f", [input_empty("FILTER")])?;
    for word in QUERIES.iter().cycle() {
        for (at, c) in word.char_indices() {
            let after = filtered_texts(&events, &word[..=at]);
            let rows = texts_shown(after.clone());
            let condition = char_shown(pty, c);
            let [first, second] = pty.press(&c.to_string(), [condition, rows])?;
            typed.push(first);
            if visible_tail(&after) != visible_tail(&before) {
                filtered.push(second);
            }
            before = after;
            thread::sleep(KEY_INTERVAL);
        }
        before = filtered_texts(&events, "");
        pty.press(CTRL_U, [input_empty("FILTER"), texts_shown(before.clone())])?;
        thread::sleep(KEY_INTERVAL);
        if typed.len() >= KEY_COUNT {
            break;
        }
    }
    pty.type_keys(ESCAPE);
    thread::sleep(SETTLE_TIME);
    Some((typed, filtered))
}

/// Returns the texts of the events that match the filter, up to the app's page size, newest last.
fn filtered_texts(events: &[Record<Event>], text: &str) -> Vec<String> {
    let filter = Filter::parse(text);
    let matching = events.iter().filter(|event| filter.matches(event));
    let mut texts: Vec<String> = matching
        .take(EVENTS_PER_READ)
        .map(|e| text_prefix(&e.value.text))
        .collect();
    texts.reverse();
    texts
}

/// Returns the last texts, as many as fit the screen in any case (some rows are day headings).
fn visible_tail(texts: &[String]) -> &[String] {
    &texts[texts.len().saturating_sub(TIMELINE_ROWS.len() / 2)..]
}

/// The timeline shows the end of `texts`.
fn texts_shown(texts: Vec<String>) -> ScreenCondition {
    Box::new(move |screen| {
        let visible = visible_texts(screen);
        if texts.is_empty() {
            return screen.contents().contains("No matching events.");
        }
        visible.len() >= visible_tail(&texts).len() && texts.ends_with(&visible)
    })
}

fn measure_search(pty: &mut Pty) -> Option<Vec<Duration>> {
    let mut times = Vec::new();
    pty.press("/", [input_empty("FIND")])?;
    while times.len() < KEY_COUNT {
        for word in QUERIES {
            for c in word.chars() {
                let condition = char_shown(pty, c);
                times.extend(pty.press(&c.to_string(), [condition])?);
                thread::sleep(KEY_INTERVAL);
            }
            pty.press(CTRL_U, [input_empty("FIND")])?;
            thread::sleep(KEY_INTERVAL);
        }
    }
    pty.type_keys(ESCAPE);
    thread::sleep(SETTLE_TIME);
    Some(times)
}
