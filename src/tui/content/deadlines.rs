//! What is due, in words of several lengths: the next customer update, the open requests. What is late is in each
//! of them.

use super::fold::Part;
use crate::{
    domain::{
        count::plural,
        time::{UtcTime, format_duration},
    },
    tui::{model::Model, theme::Meaning},
};
use chrono::Duration;
use ratatui::style::{Modifier, Style};

/// The ranks of what is due: what is not late gives way first.
const NEXT_REQUEST: u8 = 3;
const SHORTER_WORDS: u8 = 7;
const NOT_LATE: u8 = 12;
const LATE_WORDS: u8 = 13;

/// Formats a duration: `00:42` (minutes, seconds), `1:05:09`, `3d 04:10` (hours, minutes). Negative
/// is 0.
#[must_use]
pub fn format_elapsed(since: Duration) -> String {
    let seconds = since.num_seconds().max(0);
    let (days, hours, minutes, seconds) = (
        seconds / 86_400,
        seconds / 3600 % 24,
        seconds / 60 % 60,
        seconds % 60,
    );
    match (days, hours) {
        (0, 0) => format!("{minutes:02}:{seconds:02}"),
        (0, hours) => format!("{hours}:{minutes:02}:{seconds:02}"),
        (days, hours) => format!("{days}d {hours:02}:{minutes:02}"),
    }
}

/// Returns how many open requests are late.
fn late_requests(model: &Model) -> usize {
    let asks = model.activity.open_asks.iter();
    asks.filter(|ask| ask.is_late(model.now)).count()
}

/// Returns the open requests; `None` without any.
#[must_use]
pub fn requests(model: &Model) -> Option<Part> {
    let asks = &model.activity.open_asks;
    let count = asks.len();
    let word = plural(count, "request", "requests");
    // The time box of the first that is not late: the next to end.
    let next = asks
        .iter()
        .filter_map(|ask| ask.due)
        .find(|due| *due >= model.now);
    Some(match (late_requests(model), next) {
        _ if count == 0 => return None,
        (0, next) => {
            let style = model.theme.style(Meaning::Warning);
            let short = format!("{count} {word}");
            let long = next.map(|due| {
                let left = format_elapsed(due - model.now);
                Part::fixed(format!("{short}, next in {left}"), style)
            });
            long.map_or_else(
                || Part::fixed(short.clone(), style),
                |long| long.or(NEXT_REQUEST, short.clone()),
            )
            .or(SHORTER_WORDS, format!("{count} req"))
            .or(NOT_LATE, "")
        }
        (late, _) => Part::fixed(
            format!("{count} {word}, {late} late"),
            model.theme.style(Meaning::Error),
        )
        .or(SHORTER_WORDS, format!("{count} req, {late} late"))
        .or(LATE_WORDS, format!("{late} late")),
    })
}

/// The seconds from now to the next customer update, if one is due.
fn seconds_to_update(model: &Model) -> Option<i64> {
    let due: UtcTime = model.update_due()?;
    Some((due - model.now).num_seconds())
}

/// True if there is an impact, and customers were promised no time.
fn is_update_unset(model: &Model) -> bool {
    let summary = model.summary.as_ref();
    summary.is_some_and(|s| s.row.is_open && s.impact_since().is_some())
}

fn update_style(model: &Model, seconds: i64) -> Style {
    match seconds {
        ..0 => model.theme.style(Meaning::Error),
        0..300 => model
            .theme
            .style(Meaning::Warning)
            .add_modifier(Modifier::BOLD),
        _ => model.theme.style(Meaning::Customer),
    }
}

/// Returns the next customer update; `None` where nothing is due.
#[must_use]
pub fn update(model: &Model) -> Option<Part> {
    let Some(left) = seconds_to_update(model) else {
        let dim = model.theme.style(Meaning::Dim);
        return is_update_unset(model).then(|| {
            Part::fixed("no next update set", dim)
                .or(SHORTER_WORDS, "no next update")
                .or(NOT_LATE, "")
        });
    };
    let style = update_style(model, left);
    if left < 0 {
        let minutes = format_duration((-left / 60 * 60).max(60));
        return Some(
            Part::fixed(format!("update overdue {minutes} ▲"), style)
                .or(SHORTER_WORDS, format!("update late {minutes}"))
                .or(LATE_WORDS, "update late"),
        );
    }
    let minutes = match left {
        ..60 => format!("{left} s"),
        _ => format_duration(left / 60 * 60),
    };
    let long = match model.promised_update() {
        Some(_) => format!("update due in {minutes}"),
        // By the interval of the settings; customers were promised nothing.
        None if model.activity.last_customer_update.is_none() => {
            format!("{minutes} to first update")
        }
        None => format!("{minutes} to next update"),
    };
    Some(Part::fixed(long, style).or(SHORTER_WORDS, format!("update in {minutes}")))
}

/// Returns how much is late, the next customer update with the requests.
#[must_use]
pub fn late_count(model: &Model) -> usize {
    let is_update_late = seconds_to_update(model).is_some_and(|left| left < 0);
    late_requests(model) + usize::from(is_update_late)
}

/// Returns all that is due in one part, for a screen that has no row for it; `None` where nothing is.
#[must_use]
pub fn all_due(model: &Model) -> Option<Part> {
    let left = seconds_to_update(model);
    let is_update_late = left.is_some_and(|left| left < 0);
    let requests = late_requests(model);
    let late = late_count(model);
    if late == 0 {
        let open = model.activity.open_asks.len();
        let left = left.map(|left| format_duration((left / 60 * 60).max(60)));
        let text = match (left, open) {
            (None, 0) => return None,
            (Some(left), _) => format!("update in {left}"),
            (None, open) => format!("{open} req"),
        };
        let style = model.theme.style(Meaning::Warning);
        return Some(Part::fixed(text, style).or(NOT_LATE, ""));
    }
    let words = match (requests, is_update_late) {
        (0, _) => "update late".to_owned(),
        (n, true) => format!("{n} {}, update late", plural(n, "request", "requests")),
        (n, false) => format!("{n} {} late", plural(n, "request", "requests")),
    };
    let style = model.theme.style(Meaning::Error);
    Some(Part::fixed(words, style).or(LATE_WORDS, format!("{late} late")))
}
