//! Geometry: which part of the screen shows what, and what is at a position. Used by the view,
//! which draws there, and by the update, which scrolls and handles clicks. Begin with `areas.rs`.

mod areas;
mod choice_bar;
pub mod detail;
pub mod document;
pub mod email;
pub mod finder;
pub mod import;
pub mod incidents;
pub mod key_bar;
pub mod notice;
pub mod paste;
pub mod routing;
pub mod tabs;
pub mod tasks;
pub mod timeline;
pub mod uncopied;
pub mod zone_text;

pub use areas::{Areas, MIN_SIZE, areas, hidden_check_rows, text_rows, too_small};
