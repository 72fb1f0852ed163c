//! Who is at work in which incident, and on which machine.

use super::super::{Result, Session};
use crate::hub::{Hub, Presence};
use uuid::Uuid;

/// A machine counts as there for so many seconds after it was last seen.
const PRESENT_SECONDS: u32 = 120;

/// Returns the name of this machine; `a machine` if it has none.
fn machine_name() -> String {
    let name = rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned();
    match name.as_str() {
        "" | "(none)" => "a machine".to_owned(),
        _ => name,
    }
}

/// Says at `hub` that the author of `session` has `incident` on the screen.
///
/// # Errors
/// Those of the hub.
pub fn announce(session: &Session, hub: &mut dyn Hub, incident: Option<Uuid>) -> Result<()> {
    Ok(hub.announce(&Presence {
        writer: session.store.origin(),
        incident,
        author: session.write_context.author.clone(),
        machine: machine_name(),
        seen: session.now(),
    })?)
}

/// Returns who else is there.
///
/// # Errors
/// Those of the hub.
pub fn others(session: &Session, hub: &mut dyn Hub) -> Result<Vec<Presence>> {
    let mut present = hub.present(session.now(), PRESENT_SECONDS)?;
    present.retain(|presence| presence.writer != session.store.origin());
    Ok(present)
}
