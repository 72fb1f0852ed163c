//! What customers may read of an incident, by type.
//!
//! [`CustomerView`] holds customer wording, public service names, times, states and the fields
//! approved for customers. Nothing else of an incident goes in, so nothing else can come out: no
//! event's text, author, tags or people, no title, no service's own name. The letters are given this
//! type alone.

mod affected;
mod corrections;
mod letter;
mod letter_values;
mod view;

pub use corrections::{StaleFact, stale_facts};
pub(super) use letter::{Letter, VARIABLES};
pub use view::CustomerView;
