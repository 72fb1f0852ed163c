//! From a key to the frame that shows it.

use super::{CTRL_Q, PAGE, QUIET, Sample, beginning, highest, median, page};
use crate::{
    floor_app,
    generate::Story,
    pty::{Pty, Wanted, reversed, rows},
    table::{Table, ms, ratio},
};
use bridgelog::{
    domain::{event::Event, incident::Record},
    ops::timeline::{Filter, MAX_SCANNED_EVENTS},
};
use std::{path::Path, thread, time::Duration};
use vt100::Screen;

/// How many keys of a sort are measured.
const KEYS: usize = 300;
/// How long it is waited between two keys, so that each is measured alone.
const PAUSE: Duration = Duration::from_millis(40);
/// How many events the app asks for at once.
const READ: usize = 200;
const BUDGET: &str = "< 16 ms";

const TYPED: &str = "fault: replica lag is rising again, failing over #storage";
/// What is filtered and searched by: words, and parts of the hexadecimal numbers at the ends of the
/// generated texts, which few have.
const ASKED: [&str; 8] = [
    "replica", "d3a", "failover", "7f0", "upstream", "be4", "expired", "1c",
];
const CTRL_U: &str = "\x15";
const ESCAPE: &str = "\x1b";

/// Keys in a log book of many incidents, and in one of a single incident.
pub fn keys(table: &mut Table, folder: &Path, most: u64) {
    let ordinary = Sample::ordinary(folder, most);
    let floor = floor_rows(&ordinary);
    let one = [Story::Sparse, Story::Dense].map(|story| Sample::one(folder, most, story));
    for sample in std::iter::once(ordinary).chain(one) {
        let Some((mut pty, _)) = Pty::start(sample.app(), sample.full()()) else {
            continue;
        };
        thread::sleep(QUIET);
        let mut row =
            |what: &str, ours: Option<&[Duration]>, floor: Option<&[Duration]>, budget: &str| {
                table.row(
                    format!("app, {}: {what}, 99th percentile", sample.name),
                    ours.map_or_else(|| "not seen".to_owned(), spread),
                    floor.map_or_else(|| "-".to_owned(), spread),
                    ours.zip(floor).map(|(a, b)| ratio(highest(a), highest(b))),
                    budget,
                );
            };
        row(
            "a character typed",
            typed(&mut pty).as_deref(),
            None,
            BUDGET,
        );
        row(
            "a row up or down",
            moved(&mut pty).as_deref(),
            floor.as_deref(),
            BUDGET,
        );
        let (shown, found) = filtered(&mut pty, &sample).unzip();
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
            searched(&mut pty).as_deref(),
            None,
            BUDGET,
        );
        if let Some(peak) = pty.peak() {
            let what = format!("app, {}: memory at the most, after these keys", sample.name);
            let mib = format!("{:.1} MiB", peak as f64 / 1024.0);
            table.row(what, mib, "-".to_owned(), None, "< 16 MiB");
        }
        pty.leave(CTRL_Q);
    }
}

/// The 99th percentile and the median.
fn spread(times: &[Duration]) -> String {
    format!("{} (median {})", ms(highest(times)), ms(median(times)))
}

/// Waits for `c` before the cursor, in the row where the cursor is now.
fn stands(pty: &Pty, c: char) -> Wanted {
    let (row, column) = pty.screen(Screen::cursor_position);
    Box::new(move |screen| {
        let shown = screen.cell(row, column).map(vt100::Cell::contents);
        screen.cursor_position() == (row, column + 1)
            && (c == ' ' || shown.is_some_and(|shown| shown.chars().eq([c])))
    })
}

/// Waits for an empty line, with the cursor in it.
fn emptied() -> Wanted {
    Box::new(|screen| !screen.hide_cursor() && screen.cursor_position().1 == 3)
}

/// Characters on the line.
fn typed(pty: &mut Pty) -> Option<Vec<Duration>> {
    let mut times = Vec::new();
    // A run that was broken off may have left something on it.
    pty.press(CTRL_U, [emptied()])?;
    while times.len() < KEYS {
        for c in TYPED.chars() {
            let wanted = stands(pty, c);
            times.extend(pty.press(&c.to_string(), [wanted])?);
            thread::sleep(PAUSE);
        }
        pty.press(CTRL_U, [emptied()])?;
        thread::sleep(PAUSE);
    }
    Some(times)
}

/// Rows up from the last one, and down again.
fn moved(pty: &mut Pty) -> Option<Vec<Duration>> {
    pty.press(ESCAPE, [Box::new(|screen| reversed(screen).is_some())])?;
    thread::sleep(QUIET);
    let times = steps(pty, &[("k", KEYS / 2), ("j", KEYS / 2)]);
    thread::sleep(QUIET);
    times
}

/// Presses each key so many times; each time another row is selected.
fn steps(pty: &mut Pty, keys: &[(&str, usize)]) -> Option<Vec<Duration>> {
    // Where the list is scrolled the same row of the screen stays reversed. The header is left out:
    // there the time goes on.
    let selected = |screen: &Screen| (reversed(screen), rows(screen).split_off(PAGE.start));
    let mut times = Vec::new();
    for (key, count) in keys {
        for _ in 0..*count {
            let before = pty.screen(selected);
            let wanted: Wanted = Box::new(move |screen| selected(screen) != before);
            times.extend(pty.press(key, [wanted])?);
            thread::sleep(PAUSE);
        }
    }
    Some(times)
}

/// Rows down and up in the floor's app.
fn floor_rows(sample: &Sample) -> Option<Vec<Duration>> {
    let (mut pty, _) = Pty::start(sample.floor_app(), sample.floor_full()())?;
    let mut times = Vec::new();
    while times.len() < KEYS {
        times.extend(steps(&mut pty, &[("j", 30), ("k", 30)])?);
    }
    pty.leave(floor_app::LEAVES);
    Some(times)
}

/// Characters of a filter, and, where the rows that it leaves are others than before, those rows.
fn filtered(pty: &mut Pty, sample: &Sample) -> Option<(Vec<Duration>, Vec<Duration>)> {
    let events = sample.events(MAX_SCANNED_EVENTS);
    let (mut shown, mut found) = (Vec::new(), Vec::new());
    let mut before = left(&events, "");
    pty.press("f", [emptied()])?;
    for word in ASKED.iter().cycle() {
        for (at, c) in word.char_indices() {
            let after = left(&events, &word[..=at]);
            let rows = leaves(after.clone());
            let wanted = stands(pty, c);
            let [first, second] = pty.press(&c.to_string(), [wanted, rows])?;
            shown.push(first);
            if seen(&after) != seen(&before) {
                found.push(second);
            }
            before = after;
            thread::sleep(PAUSE);
        }
        before = left(&events, "");
        pty.press(CTRL_U, [emptied(), leaves(before.clone())])?;
        thread::sleep(PAUSE);
        if shown.len() >= KEYS {
            break;
        }
    }
    pty.types(ESCAPE);
    thread::sleep(QUIET);
    Some((shown, found))
}

/// The texts of the events that the filter `text` leaves, as far as the app reads them; the newest
/// last.
fn left(events: &[Record<Event>], text: &str) -> Vec<String> {
    let filter = Filter::parse(text);
    let taken = events.iter().filter(|event| filter.matches(event));
    let mut texts: Vec<String> = taken.take(READ).map(|e| beginning(&e.value.text)).collect();
    texts.reverse();
    texts
}

/// What there is surely room for on a page: a few rows are days.
fn seen(texts: &[String]) -> &[String] {
    &texts[texts.len().saturating_sub(PAGE.len() / 2)..]
}

/// Waits for those events.
fn leaves(texts: Vec<String>) -> Wanted {
    Box::new(move |screen| {
        let page = page(screen);
        if texts.is_empty() {
            return screen.contents().contains("Nothing is as the filter asks.");
        }
        page.len() >= seen(&texts).len() && texts.ends_with(&page)
    })
}

/// Characters of a search.
fn searched(pty: &mut Pty) -> Option<Vec<Duration>> {
    let mut times = Vec::new();
    pty.press("/", [emptied()])?;
    while times.len() < KEYS {
        for word in ASKED {
            for c in word.chars() {
                let wanted = stands(pty, c);
                times.extend(pty.press(&c.to_string(), [wanted])?);
                thread::sleep(PAUSE);
            }
            pty.press(CTRL_U, [emptied()])?;
            thread::sleep(PAUSE);
        }
    }
    pty.types(ESCAPE);
    thread::sleep(QUIET);
    Some(times)
}
