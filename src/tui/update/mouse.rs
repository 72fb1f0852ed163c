//! The mouse looks, it does not lead: the wheel scrolls, a click selects. Only a click into the line moves
//! what the keys go to.

use super::{
    actions, detail, edit,
    finder::Chosen::{self, Done, Run},
    import,
    line::request_paste_parse,
    navigation, paste, routing, scroll, state_question, tabs, task_selection, timeline,
};
use crate::tui::{
    keymap::Action,
    layout::{
        self,
        timeline::{TimelineRow, visible_rows},
    },
    model::{Focus, Model, Overlay, StatePick, Tab, is_available},
    msg::{Effect, Mouse},
};
use ratatui::layout::Position;

/// Handles the wheel and clicks.
pub fn on_mouse(model: &mut Model, mouse: Mouse) -> Chosen {
    if layout::too_small(model.size) || model.plain {
        return Done(vec![]);
    }
    match mouse {
        Mouse::Wheel { rows, at: (x, y) } => Done(on_wheel(model, rows, Position::new(x, y))),
        Mouse::Click(x, y) => on_click(model, Position::new(x, y)),
    }
}

fn on_wheel(model: &mut Model, rows: i32, at: Position) -> Vec<Effect> {
    let step = isize::try_from(rows).unwrap_or(0);
    if layout::areas(model).pane.contains(at) {
        detail::scroll_pane(model, step);
        return vec![];
    }
    match model.overlays.last_mut() {
        Some(Overlay::Detail(_)) => {
            detail::scroll_open(model, step);
            vec![]
        }
        Some(Overlay::Text(page)) => {
            page.scroll = page.scroll.saturating_add_signed(step);
            vec![]
        }
        Some(Overlay::Finder(_) | Overlay::Paste(_) | Overlay::Import(_)) => {
            let action = if rows < 0 { Action::Up } else { Action::Down };
            let mut effects = vec![];
            for _ in 0..rows.unsigned_abs() {
                effects.extend(navigation::act(model, action));
            }
            effects
        }
        _ => scroll::scroll_page(model, step),
    }
}

fn on_click(model: &mut Model, at: Position) -> Chosen {
    let areas = layout::areas(model);
    if areas.footer.contains(at) {
        return on_key_bar(model, at.x);
    }
    if areas.tabs.contains(at) {
        if model.overlays.is_empty() && layout::tabs::is_on_restores(model, at.x) {
            return Run(Action::Restore);
        }
        let is_free = matches!(
            model.overlays.last(),
            None | Some(Overlay::Detail(_) | Overlay::Text(_))
        );
        return Done(match layout::tabs::tab_at(model, at.x) {
            Some(tab) if is_free => tabs::show(model, tab),
            _ => vec![],
        });
    }
    if areas.band.contains(at) || areas.milestones.contains(at) {
        // Its first column is a space.
        let column = at.x.checked_sub(1).filter(|_| model.overlays.is_empty());
        return Done(match column {
            Some(column) => timeline::go_to_band_column(model, column),
            None => vec![],
        });
    }
    if areas.notice.contains(at) {
        if model.overlays.is_empty() && layout::notice::is_on_restores(model, at.x) {
            return Run(Action::Restore);
        }
        return Done(on_state_choice(model, at.x));
    }
    if areas.zone.contains(at) {
        return Done(on_zone(model, at));
    }
    if areas.page.contains(at) {
        let row = usize::from(at.y - areas.page.y);
        if let (true, Some(at)) = (
            model.overlays.is_empty(),
            layout::document::row_at(model, at.x, at.y),
        ) {
            return Done(on_document_row(model, at));
        }
        return on_page(model, at.x - areas.page.x, row);
    }
    Done(vec![])
}

/// A click on a key of the last row is that key, but never Enter, and not the way to the list while the line
/// holds text.
fn on_key_bar(model: &Model, x: u16) -> Chosen {
    let Some(action) = layout::key_bar::action_at(model, x) else {
        return Done(vec![]);
    };
    let keeps = match action {
        Action::Submit | Action::Open => true,
        Action::FocusList => !model.capture.line.is_blank(),
        _ => false,
    };
    if keeps || !is_available(model, action) {
        return Done(vec![]);
    }
    Run(action)
}

/// A click picks a state, a second one answers.
fn on_state_choice(model: &mut Model, x: u16) -> Vec<Effect> {
    let event = model.state_questions().first().map(|asked| asked.event);
    let (Some(event), true) = (event, model.is_on_line() && model.overlays.is_empty()) else {
        return vec![];
    };
    let Some(at) = layout::notice::choice_at(model, x) else {
        return vec![];
    };
    let pick = StatePick {
        event,
        picked: Some(at),
    };
    if model.state_pick == Some(pick) {
        return state_question::submit(model);
    }
    model.state_pick = Some(pick);
    vec![]
}

/// A click into the text puts the cursor there; in the list, the line gets the keys.
fn on_zone(model: &mut Model, at: Position) -> Vec<Effect> {
    if model.is_on_list() {
        edit::leave_list(model);
        return vec![];
    }
    if let Some(Overlay::Confirm(_)) = model.overlays.last() {
        model.overlays.pop();
        model.focus = Focus::Line;
        return vec![];
    }
    let areas = layout::areas(model);
    let row = usize::from(at.y - areas.zone.y);
    let Some(cursor) = layout::zone_text::byte_at(model, at.x, row) else {
        return vec![];
    };
    if let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() {
        prompt.check = Default::default();
    }
    if let Some(line) = model.focused_input() {
        *line = crate::tui::text_input::TextInput::with_cursor(line.text(), cursor);
    }
    vec![]
}

fn open_selected(model: &mut Model) -> Vec<Effect> {
    actions::act(model, Action::Open)
}

/// Handles a click on column `column`, row `row` of the page. A click selects; in the list, one on the selected
/// row opens it.
fn on_page(model: &mut Model, column: u16, row: usize) -> Chosen {
    let (height, target) = (layout::areas(model).page.height, model.reading_target());
    match model.overlays.last_mut() {
        Some(Overlay::Paste(open)) => {
            let Some(at) = layout::paste::row_at(open, row, height) else {
                return Done(vec![]);
            };
            open.selected = at;
            paste::toggle_row(open, at);
            Done(vec![request_paste_parse(open, target)])
        }
        Some(Overlay::Import(_)) => Done(import::click(model, column, row)),
        Some(Overlay::Finder(_)) => on_finder_row(model, row),
        Some(Overlay::Routing(_)) => Done(on_routing_row(model, row)),
        Some(_) => Done(vec![]),
        None => Done(on_tab(model, column, row)),
    }
}

/// A click selects what is to be fixed; in the list, one on the selected row begins it.
fn on_document_row(model: &mut Model, at: usize) -> Vec<Effect> {
    let selected_before = std::mem::replace(&mut model.selected_finding, at) == at;
    if selected_before && model.focus == Focus::List {
        return open_selected(model);
    }
    vec![]
}

/// Handles a click on a row of the tab.
fn on_tab(model: &mut Model, column: u16, row: usize) -> Vec<Effect> {
    let height = layout::areas(model).page.height;
    let opens = model.focus == Focus::List;
    match model.tab {
        Tab::Timeline => match visible_rows(model, height.into()).get(row) {
            Some(TimelineRow::Event(at)) => {
                let selected_before = model.timeline.selected == *at;
                model.timeline.selected = *at;
                if selected_before && opens {
                    return open_selected(model);
                }
                model.timeline.follow = false;
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
                if selected_before && opens {
                    return open_selected(model);
                }
            }
            vec![]
        }
        Tab::Tasks => {
            if let Some(at) = layout::tasks::row_at(model, row) {
                let selected_before = model.tasks.selected == at;
                task_selection::select(model, at);
                if selected_before && opens {
                    return open_selected(model);
                }
            }
            vec![]
        }
        Tab::Postmortem | Tab::Email => vec![],
    }
}

/// A click chooses a row, a second one runs it.
fn on_finder_row(model: &mut Model, row: usize) -> Chosen {
    let Some(at) = layout::finder::row_at(model, row) else {
        return Done(vec![]);
    };
    let Some(Overlay::Finder(finder)) = model.overlays.last_mut() else {
        return Done(vec![]);
    };
    if finder.selected == Some(at) {
        return Run(Action::Submit);
    }
    finder.selected = Some(at);
    Done(vec![])
}

/// A click picks where the line goes, a second one does it.
fn on_routing_row(model: &mut Model, row: usize) -> Vec<Effect> {
    let Some(at) = layout::routing::row_at(model, row) else {
        return vec![];
    };
    let Some(Overlay::Routing(open)) = model.overlays.last() else {
        return vec![];
    };
    if open.picked == Some(at) {
        return routing::submit(model);
    }
    routing::pick(model, at)
}
