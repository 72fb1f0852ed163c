//! A value with what its entries say of when, where and by whom it was written.

use super::{
    SubjectState,
    recorded_place::{RecordedOrder, RecordedPlace},
};
use crate::domain::{entry::Header, event::Event, time::UtcTime};
use uuid::Uuid;

/// An event, task or message with its id and handle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record<T> {
    /// The id of its subject.
    pub id: Uuid,
    /// The handle, shortened to what is displayed.
    pub handle: String,
    /// When its first version was recorded.
    pub recorded: UtcTime,
    /// Who recorded the first version.
    pub author: String,
    /// The store that recorded the first version. With `seq`, it orders events of the same moment.
    pub origin: Uuid,
    pub seq: u64,
    /// The incident in which the first version was recorded, if it is not the one that shows it: they were
    /// merged, or it was moved. `None` also if none was open.
    pub elsewhere: Option<Uuid>,
    /// True if it was corrected.
    pub amended: bool,
    /// True if the correction changed its time, kind, text or state, not only its customer wording,
    /// services, people, tags or links.
    pub restated: bool,
    /// Number of other versions that no entry replaces and that say something else; 0 without a conflict.
    pub conflicts: usize,
    pub value: T,
}

impl<T> Record<T> {
    /// Pairs `value` with the metadata of `current`. `None` if the subject has no id.
    pub fn new(current: &SubjectState, handle: String, value: T) -> Option<Self> {
        Some(Self {
            id: current.subject.id()?,
            handle,
            recorded: current.recorded,
            author: current.author.clone(),
            origin: current.origin,
            seq: current.seq,
            elsewhere: current.recorded_place().0,
            amended: current.amended,
            restated: current.restated,
            conflicts: current.conflicts.len(),
            value,
        })
    }

    /// Pairs `value` with the header of the entry that first said it: not amended, without a conflict.
    #[must_use]
    pub fn from_header(id: Uuid, handle: String, header: &Header, value: T) -> Self {
        let order = (header.recorded, header.origin, header.seq);
        Self::original(id, handle, header.author.clone(), order, value)
    }

    /// A record as it was first made: not amended, without a conflict.
    pub(crate) fn original(
        id: Uuid,
        handle: String,
        author: String,
        (recorded, origin, seq): RecordedOrder,
        value: T,
    ) -> Self {
        Self {
            id,
            handle,
            recorded,
            author,
            origin,
            seq,
            elsewhere: None,
            amended: false,
            restated: false,
            conflicts: 0,
            value,
        }
    }
}

/// A position in a timeline, see [`Record::sort_key`]. No two events have the same.
pub type TimelineOrder = (UtcTime, UtcTime, Uuid, u64, Uuid);

impl Record<Event> {
    /// Timeline order: by time of occurrence, then of recording, then by origin and sequence. The id
    /// orders those of several chains, as after a merge, which may have the same sequence number.
    #[must_use]
    pub fn sort_key(&self) -> TimelineOrder {
        let at = self.value.at_utc();
        (at, self.recorded, self.origin, self.seq, self.id)
    }

    /// Its place in the order of recording.
    #[must_use]
    pub fn recorded_order(&self) -> RecordedOrder {
        (self.recorded, self.origin, self.seq)
    }

    /// Where and when it was recorded.
    #[must_use]
    pub fn recorded_place(&self) -> RecordedPlace {
        (self.elsewhere, self.recorded_order())
    }

    /// False if it was retracted; retracted events do not count in states, metrics and fields.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.value.retracted.is_none()
    }
}
