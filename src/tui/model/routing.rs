//! The choice of where a line or a paste goes.

/// A choice for a line or a paste while it is not clear which incident it goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoutingChoice {
    /// The incident shown.
    Shown,
    /// The other open incident with this handle.
    Other(String),
    /// Declare an incident with it.
    Declare,
    /// Log it without an incident.
    Unassigned,
}

/// The choice of where a line or a paste goes. Characters still go to the line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Routing {
    /// Index into [`routing_choices`](super::Model::routing_choices); `None` at first and after each typed
    /// character.
    pub picked: Option<usize>,
    /// True if it is for the paste below it, not for the line.
    pub for_paste: bool,
}
