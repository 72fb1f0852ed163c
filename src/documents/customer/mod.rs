//! The view of an incident that customer letters are rendered from.
//!
//! [`CustomerView`] contains customer wording, public service names, times, states and the fields
//! for customers. It contains no event's text, author, tags or people, no title and no internal
//! service name, so that no template can leak them: letters are rendered from this type alone.
//!
//! `view.rs` builds the view from an incident, with the states per public name of `names.rs`
//! and what `overall.rs` says of them together. `letter.rs`
//! has the template variables, whose values `letter_values.rs` and `spell_values.rs` compute; their times and
//! durations are those of `times.rs` in the words of `words.rs`. No sentence for readers is here: all are in `templates/`.
//! `corrections.rs` compares sent letters with the journal.

mod comparison;
mod correction_values;
mod corrections;
mod letter;
mod letter_values;
mod letter_writer;
mod names;
mod overall;
mod spell_values;
mod stated;
mod times;
mod told_facts;
mod unaffected;
mod view;
mod words;

pub use corrections::StaleFact;
pub(super) use letter::{Letter, VARIABLES};
pub(in crate::documents) use names::combine_spans;
pub use view::CustomerView;
pub(super) use words::DrillMark;
