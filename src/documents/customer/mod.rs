//! The view of an incident that customer letters are rendered from.
//!
//! [`CustomerView`] contains customer wording, public service names, times, states and the fields
//! for customers. It contains no event's text, author, tags or people, no title and no internal
//! service name, so that no template can leak them: letters are rendered from this type alone.
//!
//! `view.rs` builds the view from an incident. `letter.rs` turns it into template variables, whose values
//! `letter_values.rs`, `passages.rs`, `affected.rs` and `data_loss.rs` compute. `corrections.rs` compares
//! sent letters with the journal.

mod affected;
mod corrections;
mod data_loss;
mod letter;
mod letter_values;
mod passages;
mod view;

pub use corrections::{StaleFact, stale_facts};
pub use data_loss::data_loss_sentence;
pub(super) use letter::{Letter, VARIABLES};
pub use view::CustomerView;
