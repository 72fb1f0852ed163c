//! The documents as a whole.

mod letters;
mod sample;
