//! The documents as a whole.

mod canary;
mod letters;
mod mails;
mod pages;
mod postmortems;
mod sample;
