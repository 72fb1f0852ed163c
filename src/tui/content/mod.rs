//! Styled rows made from the model, without coordinates: what the screen draws, and what layout and
//! scrolling must know the height of.

pub mod deadlines;
pub mod detail;
pub mod document_find;
pub mod event_changes;
pub mod event_text;
pub mod findings;
pub mod fold;
pub mod header_parts;
pub mod hub;
pub mod import_text;
pub mod input_text;
pub mod kept_line;
pub mod last_edit;
pub mod letter;
pub mod line_effects;
pub mod line_rows;
mod markdown;
pub mod notice_rows;
pub mod paste_zone;
pub mod postmortem;
mod prompt_rows;
pub mod prompt_text;
pub mod seen_before;
pub mod selected_rows;
pub mod task_text;
pub mod unsaved;
pub mod zone;
