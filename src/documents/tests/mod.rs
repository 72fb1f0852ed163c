//! The documents as a whole.

mod canary;
mod honest;
mod letters;
mod postmortems;
mod sample;
