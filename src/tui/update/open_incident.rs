//! Opens an incident from the list of incidents.

use crate::{
    ops::IncidentRow,
    tui::{
        model::{Model, Tab},
        msg::{Effect, Job, Select},
    },
};

/// Opens what is selected in the incidents tab: an incident, an event in its incident, or the
/// unfiled events.
pub(super) fn open_incident(model: &mut Model) -> Vec<Effect> {
    let Some((handle, event)) = model.incidents.selected_target() else {
        return vec![];
    };
    model.tab = Tab::Timeline;
    model.timeline.pending_jump = event.map(Select::Event);
    match handle {
        Some(handle) => {
            // Opening is not naming: lines to a resolved incident are asked about.
            // An open one is picked by that; lines to a resolved one are asked about.
            let is_open = |open: &IncidentRow| open.handle == handle;
            let shown_open = model
                .summary
                .as_ref()
                .is_some_and(|s| s.row.is_open && s.row.handle == handle);
            model.explicit_incident = shown_open || model.other_open.iter().any(is_open);
            model.showing_unfiled = false;
            vec![Effect::Job(Job::LoadIncident(Some(handle)))]
        }
        None => {
            model.explicit_incident = false;
            model.showing_unfiled = true;
            vec![Effect::Job(Job::LoadUnfiled)]
        }
    }
}
