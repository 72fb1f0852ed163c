//! The detail of an event: loading it, and scrolling it.

use crate::{
    domain::{event::Event, incident::Record},
    tui::{
        content::detail::detail_rows,
        keymap::Action,
        layout::{areas, detail::text_area},
        model::{Detail, Level, Model, Overlay},
        msg::{Effect, EventDetail, Failure, Job},
        plain,
    },
};
use ratatui::layout::Rect;
use uuid::Uuid;

/// Lets the pane beside the list show the selected event. What is known of it from its row is shown at once;
/// the effect loads the rest.
pub fn follow_selection(model: &mut Model) -> Option<Effect> {
    if !is_followed(model) {
        return None;
    }
    let shown = model.pane.as_ref().map(|pane| &pane.event);
    let selected = model
        .selected_event()
        .filter(|event| shown != Some(event))?;
    let selected = selected.clone();
    let id = selected.id;
    match &mut model.pane {
        // What was loaded stays until it is loaded again.
        Some(pane) if pane.event.id == id => pane.event = selected,
        pane => *pane = Some(Detail::new(selected)),
    }
    Some(load(id))
}

/// True if more is shown of the selected event than its row has: its detail beside the list, or who edited it.
fn is_followed(model: &Model) -> bool {
    let is_edited = model.selected_event().is_some_and(|event| event.amended);
    model.has_detail_pane() || is_edited
}

/// Opens the detail of the selected event over the list.
pub fn open(model: &mut Model, event: Record<Event>) -> Vec<Effect> {
    let id = event.id;
    let mut detail = Detail::new(event);
    if let Some(pane) = model.pane.as_ref().filter(|pane| pane.event.id == id) {
        detail.loaded.clone_from(&pane.loaded);
    }
    model.overlays.push(Overlay::Detail(Box::new(detail)));
    vec![load(id)]
}

fn load(event: Uuid) -> Effect {
    Effect::Job(Job::LoadDetail(event))
}

/// Returns the effect that loads the detail shown again: another process may have written to it.
pub fn refresh(model: &Model) -> Option<Effect> {
    let open = model.overlays.iter().find_map(|overlay| match overlay {
        Overlay::Detail(detail) => Some(detail.event.id),
        _ => None,
    });
    let pane = || {
        let pane = model.pane.as_ref().filter(|_| is_followed(model));
        pane.map(|pane| pane.event.id)
    };
    open.or_else(pane).map(load)
}

/// Opens the detail of the event with this id over the list; one that is not among those loaded is loaded first.
pub fn open_by_id(model: &mut Model, id: Uuid) -> Vec<Effect> {
    let shown = model.timeline.events.iter().find(|event| event.id == id);
    if let Some(event) = shown.cloned() {
        return open(model, event);
    }
    model.detail_asked_at = Some(model.input_count);
    vec![Effect::Job(Job::OpenDetail(id))]
}

/// Opens a detail that was loaded for it, unless keys came since it was asked for: they were not for it.
pub fn on_opened(model: &mut Model, loaded: Box<EventDetail>) {
    if model.detail_asked_at.take() != Some(model.input_count) {
        model.notify(Level::Info, "the detail was not opened, since you typed on");
        return;
    }
    let mut detail = Detail::new(loaded.event.clone());
    detail.loaded = Some(loaded);
    model.overlays.push(Overlay::Detail(Box::new(detail)));
}

/// Applies a loaded detail wherever its event is shown.
pub fn on_loaded(model: &mut Model, loaded: Box<EventDetail>) {
    for overlay in &mut model.overlays {
        if let Overlay::Detail(detail) = overlay
            && detail.event.id == loaded.event.id
        {
            detail.event = loaded.event.clone();
            detail.loaded = Some(loaded.clone());
        }
    }
    if let Some(pane) = &mut model.pane
        && pane.event.id == loaded.event.id
    {
        pane.loaded = Some(loaded);
    }
}

/// Says why a detail could not be loaded, where the user asked for it.
pub fn on_failed(model: &mut Model, event: Uuid, failure: &Failure) {
    let is_open = model
        .overlays
        .iter()
        .any(|overlay| matches!(overlay, Overlay::Detail(detail) if detail.event.id == event));
    if is_open {
        model.notify(Level::Info, failure.message_with_hint());
    }
}

/// Scrolls the pane by a page, or by half of one.
pub fn scroll_pane_by_page(model: &mut Model, action: Action) -> Vec<Effect> {
    let page = isize::try_from(text_area(areas(model).pane).height).unwrap_or(1);
    let step = (page - 1).max(1);
    scroll_pane(
        model,
        if action == Action::DetailUp {
            -step
        } else {
            step
        },
    );
    vec![]
}

/// Scrolls the pane beside the list by `rows`, down if positive, at most to its last page.
pub fn scroll_pane(model: &mut Model, rows: isize) {
    let area = areas(model).pane;
    let Some(pane) = &model.pane else {
        return;
    };
    let scroll = scrolled(model, pane, area, rows);
    if let Some(pane) = &mut model.pane {
        pane.scroll = scroll;
    }
}

/// Scrolls the detail over the list by `rows`, down if positive, at most to its last page.
pub fn scroll_open(model: &mut Model, rows: isize) {
    let area = areas(model).page;
    let Some(Overlay::Detail(detail)) = model.overlays.last() else {
        return;
    };
    let scroll = scrolled(model, detail, area, rows);
    if let Some(Overlay::Detail(detail)) = model.overlays.last_mut() {
        detail.scroll = scroll;
    }
}

fn scrolled(model: &Model, detail: &Detail, area: Rect, rows: isize) -> usize {
    let text = text_area(area);
    let last = if model.plain {
        plain::detail_row_count(model, detail).saturating_sub(area.height.into())
    } else {
        let count = detail_rows(model, detail, text.width.into()).len();
        count.saturating_sub(text.height.into())
    };
    detail
        .scroll
        .min(last)
        .saturating_add_signed(rows)
        .min(last)
}
