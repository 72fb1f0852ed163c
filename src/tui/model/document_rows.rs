//! The rows above a document: what is to be fixed in it, then the facts that customers are given.

use super::{pages::Tab, state::Model};
use crate::{
    domain::incident::{Audience, FIELDS},
    ops::lint::Fix,
    tui::msg::FindingRow,
};

/// A row that Enter fixes or sets.
#[derive(Clone, Copy, Debug)]
pub enum DocumentRow<'a> {
    Finding(&'a FindingRow),
    /// A field of the email with this name that no finding is about.
    Fact(&'static str),
}

/// Returns the findings of the document shown.
#[must_use]
pub fn findings(model: &Model) -> &[FindingRow] {
    match model.tab {
        Tab::Postmortem => &model.postmortem.findings,
        Tab::Email => model.letter.as_ref().map_or(&[], |letter| &letter.findings),
        _ => &[],
    }
}

/// Returns the rows of the document shown, in their order.
#[must_use]
pub fn document_rows(model: &Model) -> Vec<DocumentRow<'_>> {
    let findings = findings(model);
    let mut rows: Vec<DocumentRow<'_>> = findings.iter().map(DocumentRow::Finding).collect();
    if model.tab == Tab::Email && model.letter.is_some() {
        let is_finding = |name: &str| {
            findings
                .iter()
                .any(|f| matches!(&f.fix, Fix::Field(field) if field == name))
        };
        let facts = email_facts().filter(|name| !is_finding(name));
        rows.extend(facts.map(DocumentRow::Fact));
    }
    rows
}

/// Returns the names of the fields whose values a letter gives.
pub fn email_facts() -> impl Iterator<Item = &'static str> {
    let is_fact = |(name, audience): &&(&str, Audience)| {
        *audience == Audience::Customers && *name != "ledger-in-letter"
    };
    FIELDS.iter().filter(is_fact).map(|(name, _)| *name)
}
