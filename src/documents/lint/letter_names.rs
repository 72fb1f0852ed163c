//! Checks the names that customers read: the letter has sentences around them.

use super::FindingCollector;
use crate::domain::incident::Incident;

/// Words with which a name would not fit our sentences.
const ARTICLES: [&str; 3] = ["the ", "a ", "an "];

/// Checks public names and the scope: the letter has sentences around them.
pub(super) fn check_names(findings: &mut FindingCollector<'_>, incident: &Incident) {
    let product = incident.fields.get("product").map(String::as_str);
    for (service, known) in &incident.services {
        let Some(name) = known.public_name.as_deref().map(str::trim) else {
            continue;
        };
        let has_article = ARTICLES
            .iter()
            .any(|word| name.to_lowercase().starts_with(word));
        let is_lower = name.starts_with(char::is_lowercase) && Some(name) != product;
        if has_article || is_lower {
            let reason = format!(
                "`{name}` begins sentences of the email: give it a capital letter and no article"
            );
            let line = format!("bridgelog service {service} --public NAME");
            findings.add(
                "public-name",
                Some(&format!("service/{service}")),
                reason,
                &line,
            );
        }
    }
    let scope = incident
        .fields
        .get("customer-scope")
        .map(|text| text.trim().to_lowercase());
    let first = scope
        .as_deref()
        .and_then(|text| text.split_whitespace().next());
    if scope.as_deref() != Some("everyone")
        && first.is_some_and(|word| matches!(word, "all" | "every" | "everyone" | "everybody"))
    {
        findings.add(
            "scope",
            Some("field/customer-scope"),
            "where the scope is a text, the email says `for some customers`",
            "bridgelog set customer-scope everyone",
        );
    }
}
