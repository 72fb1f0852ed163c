//! Styled rows made from the model, without coordinates: what the screen draws, and what layout and
//! scrolling must know the height of.

pub mod event_text;
pub mod findings;
pub mod input_text;
pub mod letter;
mod markdown;
pub mod postmortem;
pub mod preview;
pub mod prompt_text;
