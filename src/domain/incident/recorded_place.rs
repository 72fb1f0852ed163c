//! Where and when something was recorded.

use crate::domain::time::UtcTime;
use uuid::Uuid;

/// A position in the order of recording: time, then origin and sequence.
pub type RecordedOrder = (UtcTime, Uuid, u64);

/// The incident in which something was recorded, if it is not the one that shows it, and the place there.
pub type RecordedPlace = (Option<Uuid>, RecordedOrder);
