//! The mouse: wheel, tabs, rows.

use super::{actions, navigation, scroll, tabs};
use crate::tui::{
    keymap::Action,
    layout::{
        self,
        timeline::{TimelineRow, visible_rows},
    },
    model::{Focus, Model, Overlay, Tab},
    msg::{Effect, Mouse},
};
use ratatui::layout::Position;

/// Handles the wheel and clicks.
pub fn on_mouse(model: &mut Model, mouse: Mouse) -> Vec<Effect> {
    let areas = layout::areas(model);
    match mouse {
        Mouse::Wheel(rows) => {
            let action = if rows < 0 { Action::Up } else { Action::Down };
            if let Some(Overlay::Prompt(_) | Overlay::Dialog(_)) = model.overlays.last() {
                return vec![];
            }
            if model.overlays.is_empty() {
                model.focus = Focus::Page;
            }
            let mut effects = vec![];
            for _ in 0..rows.unsigned_abs() {
                effects.extend(navigation::act(model, action));
            }
            effects
        }
        Mouse::Click(x, y) => {
            let at = Position::new(x, y);
            if areas.tabs.contains(at) && model.overlays.is_empty() {
                return match layout::tabs::tab_at(model, x) {
                    Some(tab) => tabs::show(model, tab),
                    None => vec![],
                };
            }
            if areas.line.contains(at) && model.overlays.is_empty() {
                model.focus = Focus::Line;
                return vec![];
            }
            if areas.page.contains(at) {
                return on_click(model, x - areas.page.x, usize::from(y - areas.page.y));
            }
            vec![]
        }
    }
}

fn open_selected(model: &mut Model) -> Vec<Effect> {
    model.interrupted_at = None;
    actions::act(model, Action::Open)
}

/// Handles a click on column `column`, row `row` of the page. A second click on a row opens it.
fn on_click(model: &mut Model, column: u16, row: usize) -> Vec<Effect> {
    let height = layout::areas(model).page.height;
    match model.overlays.last_mut() {
        Some(Overlay::Paste(paste)) => {
            let at = layout::paste::row_at(paste, row, height);
            if let Some(at) = at {
                paste.selected = at;
            }
            return vec![];
        }
        Some(_) => return vec![],
        None => {}
    }
    model.focus = Focus::Page;
    match model.tab {
        Tab::Timeline => match visible_rows(model, height.into()).get(row) {
            Some(TimelineRow::Event(at)) => {
                let selected_before = model.timeline.selected == *at;
                model.timeline.selected = *at;
                if selected_before {
                    return open_selected(model);
                }
                scroll::on_selection_changed(model)
            }
            _ => vec![],
        },
        Tab::Incidents if row == 0 => match layout::incidents::tab_at(model, column) {
            Some(tab) => tabs::show_incidents_tab(model, tab),
            None => vec![],
        },
        Tab::Email if row == 0 => match layout::email::stage_at(model, column) {
            Some(stage) => {
                model.email_stage = Some(stage);
                model.letter_scroll = 0;
                tabs::load(model)
            }
            None => vec![],
        },
        Tab::Incidents => {
            if let Some(at) = layout::incidents::row_at(model, row) {
                let selected_before = model.incidents.selected == at;
                model.incidents.selected = at;
                if selected_before {
                    return open_selected(model);
                }
            }
            vec![]
        }
        Tab::Tasks => {
            if let Some(at) = layout::tasks::row_at(model, row) {
                model.selected_task = at;
            }
            vec![]
        }
        _ => vec![],
    }
}
