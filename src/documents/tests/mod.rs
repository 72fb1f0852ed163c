//! The documents as a whole.

mod canary;
mod honest;
mod letters;
mod mails;
mod pages;
mod postmortems;
mod sample;
