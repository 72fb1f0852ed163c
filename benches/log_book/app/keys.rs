//! From a key to the frame that shows it.

use super::{
    CTRL_Q, DbPair, SETTLE_TIME, TIMELINE_ROWS, median, percentile_99, text_prefix, visible_texts,
};
use crate::{
    floor_app,
    generate::MilestoneDensity,
    pty::{Pty, ScreenCondition, reversed_row, screen_rows},
    table::{Table, format_ms, ratio},
};
use bridgelog::{
    domain::{event::Event, incident::Record},
    ops::timeline::{Filter, MAX_SCANNED_EVENTS},
};
use std::{path::Path, thread, time::Duration};
use vt100::Screen;

/// How many keys of a sort are measured.
const KEY_COUNT: usize = 300;
/// How long it is waited between two keys, so that each is measured alone.
const KEY_INTERVAL: Duration = Duration::from_millis(40);
/// How many events the app asks for at once.
const EVENTS_PER_READ: usize = 200;
const BUDGET: &str = "< 16 ms";

const TYPED_LINE: &str = "fault: replica lag is rising again, failing over #storage";
/// What is filtered and searched by: words, and parts of the hexadecimal numbers at the ends of the
/// generated texts, which few have.
const QUERIES: [&str; 8] = [
    "replica", "d3a", "failover", "7f0", "upstream", "be4", "expired", "1c",
];
const CTRL_U: &str = "\x15";
const ESCAPE: &str = "\x1b";

/// Keys in a log book of many incidents, and in one of a single incident.
pub fn bench_keys(table: &mut Table, folder: &Path, most: u64) {
    let ordinary = DbPair::many_incidents(folder, most);
    let floor = measure_floor_moving(&ordinary);
    let one = [MilestoneDensity::Sparse, MilestoneDensity::Dense]
        .map(|story| DbPair::single_incident(folder, most, story));
    for sample in std::iter::once(ordinary).chain(one) {
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
        let (shown, found) = measure_filter(&mut pty, &sample).unzip();
        row("a character of a filter", shown.as_deref(), None, BUDGET);
        let changes = found.as_ref().map_or(0, Vec::len);
        row(
            &format!("the rows it leaves ({changes} times others)"),
            found.as_deref(),
            None,
            "(time)",
        );
        row(
            "a character of a search",
            measure_search(&mut pty).as_deref(),
            None,
            BUDGET,
        );
        if let Some(peak) = pty.peak_memory_kib() {
            let what = format!("app, {}: memory at the most, after these keys", sample.name);
            let mib = format!("{:.1} MiB", peak as f64 / 1024.0);
            table.add_row(what, mib, "-".to_owned(), None, "< 16 MiB");
        }
        pty.quit(CTRL_Q);
    }
}

/// The 99th percentile and the median.
fn format_percentiles(times: &[Duration]) -> String {
    format!(
        "{} (median {})",
        format_ms(percentile_99(times)),
        format_ms(median(times))
    )
}

/// Waits for `c` before the cursor, in the row where the cursor is now.
fn char_shown(pty: &Pty, c: char) -> ScreenCondition {
    let (row, column) = pty.with_screen(Screen::cursor_position);
    Box::new(move |screen| {
        let shown = screen.cell(row, column).map(vt100::Cell::contents);
        screen.cursor_position() == (row, column + 1)
            && (c == ' ' || shown.is_some_and(|shown| shown.chars().eq([c])))
    })
}

/// Waits for an empty line, with the cursor in it.
fn input_empty() -> ScreenCondition {
    Box::new(|screen| !screen.hide_cursor() && screen.cursor_position().1 == 3)
}

/// Characters on the line.
fn measure_typing(pty: &mut Pty) -> Option<Vec<Duration>> {
    let mut times = Vec::new();
    // A run that was broken off may have left something on it.
    pty.press(CTRL_U, [input_empty()])?;
    while times.len() < KEY_COUNT {
        for c in TYPED_LINE.chars() {
            let wanted = char_shown(pty, c);
            times.extend(pty.press(&c.to_string(), [wanted])?);
            thread::sleep(KEY_INTERVAL);
        }
        pty.press(CTRL_U, [input_empty()])?;
        thread::sleep(KEY_INTERVAL);
    }
    Some(times)
}

/// Rows up from the last one, and down again.
fn measure_moving(pty: &mut Pty) -> Option<Vec<Duration>> {
    pty.press(ESCAPE, [Box::new(|screen| reversed_row(screen).is_some())])?;
    thread::sleep(SETTLE_TIME);
    let times = press_each(pty, &[("k", KEY_COUNT / 2), ("j", KEY_COUNT / 2)]);
    thread::sleep(SETTLE_TIME);
    times
}

/// Presses each key so many times; each time another row is selected.
fn press_each(pty: &mut Pty, keys: &[(&str, usize)]) -> Option<Vec<Duration>> {
    // Where the list is scrolled the same row of the screen stays reversed. The header is left out:
    // there the time goes on.
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
            let wanted: ScreenCondition = Box::new(move |screen| selected(screen) != before);
            times.extend(pty.press(key, [wanted])?);
            thread::sleep(KEY_INTERVAL);
        }
    }
    Some(times)
}

/// Rows down and up in the floor's app.
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

/// Characters of a filter, and, where the rows that it leaves are others than before, those rows.
fn measure_filter(pty: &mut Pty, sample: &DbPair) -> Option<(Vec<Duration>, Vec<Duration>)> {
    let events = sample.newest_events(MAX_SCANNED_EVENTS);
    let (mut shown, mut found) = (Vec::new(), Vec::new());
    let mut before = filtered_texts(&events, "");
    pty.press("f", [input_empty()])?;
    for word in QUERIES.iter().cycle() {
        for (at, c) in word.char_indices() {
            let after = filtered_texts(&events, &word[..=at]);
            let rows = texts_shown(after.clone());
            let wanted = char_shown(pty, c);
            let [first, second] = pty.press(&c.to_string(), [wanted, rows])?;
            shown.push(first);
            if visible_tail(&after) != visible_tail(&before) {
                found.push(second);
            }
            before = after;
            thread::sleep(KEY_INTERVAL);
        }
        before = filtered_texts(&events, "");
        pty.press(CTRL_U, [input_empty(), texts_shown(before.clone())])?;
        thread::sleep(KEY_INTERVAL);
        if shown.len() >= KEY_COUNT {
            break;
        }
    }
    pty.type_keys(ESCAPE);
    thread::sleep(SETTLE_TIME);
    Some((shown, found))
}

/// The texts of the events that the filter `text` leaves, as far as the app reads them; the newest
/// last.
fn filtered_texts(events: &[Record<Event>], text: &str) -> Vec<String> {
    let filter = Filter::parse(text);
    let taken = events.iter().filter(|event| filter.matches(event));
    let mut texts: Vec<String> = taken
        .take(EVENTS_PER_READ)
        .map(|e| text_prefix(&e.value.text))
        .collect();
    texts.reverse();
    texts
}

/// What there is surely room for on a page: a few rows are days.
fn visible_tail(texts: &[String]) -> &[String] {
    &texts[texts.len().saturating_sub(TIMELINE_ROWS.len() / 2)..]
}

/// Waits for those events.
fn texts_shown(texts: Vec<String>) -> ScreenCondition {
    Box::new(move |screen| {
        let page = visible_texts(screen);
        if texts.is_empty() {
            return screen.contents().contains("Nothing is as the filter asks.");
        }
        page.len() >= visible_tail(&texts).len() && texts.ends_with(&page)
    })
}

/// Characters of a search.
fn measure_search(pty: &mut Pty) -> Option<Vec<Duration>> {
    let mut times = Vec::new();
    pty.press("/", [input_empty()])?;
    while times.len() < KEY_COUNT {
        for word in QUERIES {
            for c in word.chars() {
                let wanted = char_shown(pty, c);
                times.extend(pty.press(&c.to_string(), [wanted])?);
                thread::sleep(KEY_INTERVAL);
            }
            pty.press(CTRL_U, [input_empty()])?;
            thread::sleep(KEY_INTERVAL);
        }
    }
    pty.type_keys(ESCAPE);
    thread::sleep(SETTLE_TIME);
    Some(times)
}
