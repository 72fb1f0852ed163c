//! Tests of whole documents.

mod eml_drafts;
mod fixtures;
mod html_pages;
mod letter_accuracy;
mod letter_corrections;
mod letter_html;
mod letter_leaks;
mod letter_rule;
mod letters;
mod postmortems;
