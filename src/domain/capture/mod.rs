//! The capture line: one line that a person types, parsed into an event or a change of one.
//! `docs/line.md` describes it to users.
//!
//! ```text
//! [WHEN] [KIND:] TEXT with #tags @services @people ^links !state  [tell: Customer wording.]
//! ```
//!
//! In: the line, flags, and a [`Context`] (time, zone, known services, people and handles). Out: a
//! [`ParsedLine`]. [`ParsedLine::into_event`] makes a new event of it; [`ParsedLine::patch`]
//! changes an event by what was given; [`ParsedLine::rewrite`] changes an event by what was edited
//! in the line that [`format_line`] wrote for it.
//!
//! Start reading at `parse.rs` (flags, time, kind) and `text.rs` (the text and its markers).

mod after_time;
mod cells;
mod change;
mod column;
mod complete;
mod context;
mod customer_wording;
mod error;
mod format;
mod full_name;
mod kind;
mod line_marks;
mod marker_values;
mod markers;
mod mentions;
mod other_words;
mod parse;
mod parsed_line;
mod printed_timeline;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod time_leftover;
mod unread_time;
mod verbatim;
mod zone_note;

pub use cells::{is_closed_row, is_table_rule, lines_above_rules, plain_row, table_cells};
pub use change::list_services;
pub use column::{labelled_time, states_elapsed};
pub use complete::{Completion, complete};
pub use context::{Context, HandleLookup};
pub use format::{escape_customer_wording, escape_markers, format_line, mention_word};
pub use line_marks::unmarked_time;
pub use markers::{FollowUpMarker, LineType, MarkerShape, MarkerToken, NAME_QUOTES, find_markers};
pub use mentions::{TypedPerson, is_unknown_name_notice, typed_person};
pub use other_words::command_text_notice;
pub(crate) use other_words::offered_words;
pub use parse::{parse, parse_for_event};
pub use parsed_line::{Flags, MAX_LINE_BYTES, ParsedLine, TokenKind};
pub use printed_timeline::{
    PrintedLine, continues_printed_row, document_part, is_heading, printed_line,
};
pub use table::Table;
pub use text::is_no_state_notice;
pub use zone_note::{ZoneNote, may_state_zone, names_a_zone, strip_zone_note, zone_note};
