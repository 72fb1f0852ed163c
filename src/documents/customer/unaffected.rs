//! Finds the names that the field `unaffected` says were not affected, though the record says that they were.

use super::names::{PublicName, Span};
use std::collections::BTreeMap;

/// Words after which a name is taken out of what was not affected.
const EXCEPT: [&str; 7] = [
    "but",
    "except",
    "excluding",
    "without",
    "besides",
    "apart",
    "other",
];
/// What stands before and after a name in a list of names.
const BEFORE: [&str; 6] = ["", "and", "or", "both", "nor", "the"];
const AFTER: [&str; 3] = ["", "and", "or"];

/// Returns those of `names` that were hit and that the field `unaffected` of `fields` lists by themselves: `API` in
/// `API, Webhooks` or `the API and the site`, not in `everything but API` or `API keys`.
pub(super) fn names_said_unaffected(
    fields: &BTreeMap<&'static str, String>,
    names: &[PublicName],
) -> Vec<String> {
    let Some(text) = fields.get("unaffected") else {
        return Vec::new();
    };
    let text = text.to_lowercase();
    let was_hit = |name: &&PublicName| name.listed().any(|span: &Span| span.state.is_impact());
    let hit = names.iter().filter(was_hit);
    let hit = hit.filter_map(|name| name.name.as_deref());
    let found = hit.filter(|name| lists(&text, &name.to_lowercase()));
    found.map(str::to_owned).collect()
}

/// True if `name` stands by itself in `text`.
fn lists(text: &str, name: &str) -> bool {
    let is_end = |c: char| matches!(c, ',' | ';' | ':' | '.' | '(' | ')');
    text.match_indices(name).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + name.len()..]);
        let is_apart =
            !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric);
        let last = match before.trim_end().ends_with(is_end) {
            true => "",
            false => before.split_whitespace().next_back().unwrap_or(""),
        };
        let first = match after.trim_start().starts_with(is_end) {
            true => "",
            false => after.split_whitespace().next().unwrap_or(""),
        };
        let is_excepted = before
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| EXCEPT.contains(&word));
        is_apart && BEFORE.contains(&last) && AFTER.contains(&first) && !is_excepted
    })
}

#[cfg(test)]
mod tests {
    use super::lists;
    use rstest::rstest;

    #[rstest]
    #[case::alone("api", true)]
    #[case::listed("search, api", true)]
    #[case::among("search, api and web", true)]
    #[case::with_article("the api and the site", true)]
    #[case::in_a_sentence("search; api.", true)]
    #[case::excepted("everything but api", false)]
    #[case::excepted_in_a_list("all except web, api", false)]
    #[case::a_part_of_it("api keys", false)]
    #[case::of_a_kind("the public api", false)]
    #[case::in_a_word("rapid search", false)]
    fn names_count_where_they_stand_by_themselves(#[case] text: &str, #[case] is_listed: bool) {
        assert_eq!(lists(text, "api"), is_listed);
    }
}
