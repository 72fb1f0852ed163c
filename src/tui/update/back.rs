//! The ways back: Esc, and Ctrl-C.

use super::{confirm, line, overlays, scroll, tabs, task_selection, timeline};
use crate::tui::{
    content::unsaved,
    model::{ConfirmKind, IncidentsTab, Level, Model, Overlay, PUT_AWAY, Tab},
    msg::Effect,
};

/// Ctrl-C: never loses text, and leaves only from the list, after a question.
pub fn interrupt(model: &mut Model) -> Vec<Effect> {
    if model.is_on_list() {
        return confirm::open(model, ConfirmKind::Leave);
    }
    if !model.is_on_line() {
        return go_back(model);
    }
    if let Some(Overlay::Routing(_)) = model.overlays.last() {
        model.overlays.pop();
    }
    if model.capture.line.is_blank() {
        model.notify(Level::Info, "Ctrl-Q leaves");
        return vec![];
    }
    let text = model.capture.line.text().to_owned();
    model.keep_draft(&text, Some(PUT_AWAY.to_owned()));
    model.capture.set_line("");
    model.notify(Level::Info, "kept as a draft: Ctrl-R brings it back");
    line::on_line_changed(model)
}

/// Esc on the line: unpicks a state; else goes to the list, and puts away what failed.
pub fn focus_list(model: &mut Model) -> Vec<Effect> {
    if let Some(pick) = &mut model.state_pick
        && pick.picked.take().is_some()
    {
        return vec![];
    }
    model.state_pick = None;
    if model.capture.line.is_blank() {
        if unsaved::unsaved_notice(model).is_some() {
            model.unsaved_put_away = true;
        }
        model.failure = None;
    }
    scroll::focus_list(model)
}

/// Goes one level back: closes what is open, then leaves search, sub-tab, search hits and filter,
/// one at a time.
pub fn go_back(model: &mut Model) -> Vec<Effect> {
    if matches!(model.overlays.last(), Some(Overlay::Paste(paste)) if paste.submitted.is_some()) {
        model.notify(Level::Info, "the rows are being logged");
        return vec![];
    }
    if !model.overlays.is_empty() {
        return overlays::close(model);
    }
    if model.tab == Tab::Incidents && model.incidents.search_results.take().is_some() {
        model.incidents.selected = 0;
        return vec![];
    }
    if model.tab == Tab::Incidents && model.incidents.tab != IncidentsTab::List {
        return tabs::show_incidents_tab(model, IncidentsTab::List);
    }
    if model.current_document().is_some() && !model.document_find.query.is_empty() {
        model.document_find.query.clear();
        return vec![];
    }
    if model.tab == Tab::Tasks {
        model.tasks.query.clear();
        if !model.tasks.filter.is_empty() {
            return task_selection::set_filter(model, "");
        }
    }
    if model.tab == Tab::Timeline && !model.timeline.query.is_empty() {
        model.timeline.query.clear();
        model.timeline.hits.clear();
        model.notify(Level::Info, "search cleared");
        return vec![];
    }
    if model.tab == Tab::Timeline && !model.timeline.filter.is_empty() {
        return timeline::set_filter(model, "");
    }
    model.timeline.unread.clear();
    model.failure = None;
    model.notify(Level::Info, "Tab or i to write");
    vec![]
}
