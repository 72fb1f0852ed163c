//! What Bridgelog knows: entries, events, kinds, states, the fold and the capture line. Pure: no
//! I/O, and no clock of its own; whoever calls says what time it is.

pub mod capture;
pub mod edit_distance;
pub mod entry;
pub mod event;
pub mod handle;
pub mod hash;
pub mod incident;
pub mod ledger;
pub mod metrics;
pub mod sanitize;
pub mod states;
pub mod subject;
pub mod task;
#[cfg(test)]
pub(crate) mod testing;
pub mod time;
pub mod unknown;
pub mod value;
pub mod when;
pub mod words;
pub mod zone;
