//! The documents as a whole.

mod canary;
mod letters;
mod postmortems;
mod sample;
