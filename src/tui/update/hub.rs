//! What the thread of the hub says, and what is asked of it.

use crate::tui::{
    hub_status::{HubState, HubStatus},
    model::{Level, Model},
    msg::Effect,
};

/// Has the hub's thread sync at once.
pub fn sync_now(model: &mut Model) -> Vec<Effect> {
    let Some(hub) = &model.hub else {
        return Vec::new();
    };
    model.notify(Level::Info, format!("syncing with {}", hub.name));
    vec![Effect::SyncNow]
}

/// Shows the new state of the hub; where it is no longer in step, why not, once.
pub fn on_status(model: &mut Model, status: HubStatus) {
    for notice in &status.notices {
        model.notify(Level::Error, notice.clone());
    }
    let before = model.hub.as_ref().map(|hub| &hub.state);
    match (&status.state, before) {
        (HubState::NotSending { .. }, Some(HubState::NotSending { .. }))
        | (HubState::Offline { .. }, Some(HubState::Offline { .. })) => {}
        (HubState::NotSending { why, .. }, _) => {
            model.notify(Level::Error, format!("nothing is sent to the hub: {why}"));
        }
        (HubState::Offline { why, .. }, _) => {
            model.notify(
                Level::Info,
                format!("logging goes on without the hub: {why}"),
            );
        }
        (HubState::Connecting | HubState::InStep, _) => {}
    }
    model.hub = Some(status);
}
