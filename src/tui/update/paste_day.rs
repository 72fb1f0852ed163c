//! The day that the times of a paste belong to.

use super::{line::request_paste_parse, prompt, typed_day::typed_day};
use crate::tui::{
    model::{Level, Model, Overlay, PasteDay, Question},
    msg::Effect,
};
use chrono::{Days, NaiveDate};

/// Picks the next or the previous choice of the day: today, yesterday, another.
pub fn step_day(model: &mut Model, forward: bool) -> Vec<Effect> {
    let today = today(model);
    let yesterday = today.checked_sub_days(Days::new(1)).unwrap_or(today);
    let Some(Overlay::Paste(paste)) = model.overlays.last() else {
        return vec![];
    };
    let next = match (paste.day, forward) {
        _ if paste.submitted.is_some() => return vec![],
        (PasteDay::NotAsked, _) => return vec![],
        (PasteDay::Open, true) => today,
        (PasteDay::Picked(day), true) if day == today => yesterday,
        (PasteDay::Open, false) | (PasteDay::Picked(_), true) => return ask_day(model),
        (PasteDay::Picked(day), false) if day == today => return ask_day(model),
        (PasteDay::Picked(day), false) if day == yesterday => today,
        (PasteDay::Picked(_), false) => yesterday,
    };
    pick_day(model, next)
}

fn today(model: &Model) -> NaiveDate {
    model.zone.to_local(model.now).date_naive()
}

pub fn ask_day(model: &mut Model) -> Vec<Effect> {
    prompt::ask(model, Question::PasteDay, "");
    vec![]
}

fn pick_day(model: &mut Model, day: NaiveDate) -> Vec<Effect> {
    let target = model.target();
    let Some(Overlay::Paste(paste)) = model.overlays.last_mut() else {
        return vec![];
    };
    paste.day = PasteDay::Picked(day);
    vec![request_paste_parse(paste, target)]
}

/// Takes the day that was typed: `20 Nov`, `2026-11-20`.
pub fn apply_day(model: &mut Model, text: &str) -> Vec<Effect> {
    match typed_day(model, text) {
        Ok(day) => {
            model.overlays.pop();
            // A day typed without its year is said with it.
            model.notify(Level::Info, day.format("day: %a %-d %b %Y").to_string());
            pick_day(model, day)
        }
        Err(why) => {
            model.notify(Level::Info, why);
            vec![]
        }
    }
}
