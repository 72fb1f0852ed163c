//! Pages: an input that says of itself that there is more elsewhere.
//!
//! APIs answer long lists in pages, and each page says whether another follows: by a link, a cursor, a word or a
//! count. Where none of the pages in an input is the last one, rows are missing from it.

use super::json::member;
use serde_json::{Map, Value};
use std::{cell::Cell, rc::Rc};

/// Members that are true if another page follows.
const MORE: [&str; 3] = ["more", "has_more", "cursor.hasMore"];
/// Members that are true on the last page.
const LAST: [&str; 2] = ["isLast", "isLastPage"];
/// Links and cursors to the next page: missing, null or empty on the last one.
const NEXT: [&str; 14] = [
    "@odata.nextLink",
    "next",
    "links.next",
    "_links.next",
    "paging.next",
    "pagination.next",
    "pagination_meta.after",
    "meta.next_page",
    "meta.next_cursor",
    "response_metadata.next_cursor",
    "nextPageToken",
    "nextPage",
    "next_page",
    "next_cursor",
];

/// The pages of an input that were read so far. Clones count together.
#[derive(Clone, Debug, Default)]
pub(super) struct Pages {
    counts: Rc<Cell<Counts>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    followed: u64,
    last: u64,
}

impl Pages {
    /// Counts a page: `around` is what stands beside its `items`.
    pub fn count(&self, around: &Map<String, Value>, items: u64) {
        let mut counts = self.counts.get();
        match is_followed(&Value::Object(around.clone()), items) {
            Some(true) => counts.followed += 1,
            Some(false) => counts.last += 1,
            None => {}
        }
        self.counts.set(counts);
    }

    /// Returns at the end of the input what is missing from it.
    pub fn missing(&self) -> Option<String> {
        let Counts { followed, last } = self.counts.take();
        match (followed, last) {
            (1, 0) => Some(
                "the input says that another page follows it: download that too, or rows are missing"
                    .to_owned(),
            ),
            (2.., 0) => Some(format!(
                "the input has {followed} pages, and each says that another follows: \
                 download the next ones too, or rows are missing"
            )),
            _ => None,
        }
    }
}

/// Returns whether another page follows one with `items`; `None` if it does not say.
fn is_followed(page: &Value, items: u64) -> Option<bool> {
    // `@odata.nextLink` is one name.
    let at = |path: &&str| page.get(*path).or_else(|| member(page, path));
    let flag = |path: &&str| at(path).and_then(Value::as_bool);
    if let Some(more) = MORE.iter().find_map(flag) {
        return Some(more);
    }
    if let Some(last) = LAST.iter().find_map(flag) {
        return Some(!last);
    }
    let links: Vec<&Value> = NEXT.iter().filter_map(at).collect();
    if !links.is_empty() {
        return Some(links.into_iter().any(leads_on));
    }
    let number = |path: &str| member(page, path).and_then(Value::as_u64);
    let (start, total) = (number("startAt")?, number("total")?);
    Some(start.saturating_add(items) < total)
}

fn leads_on(link: &Value) -> bool {
    match link {
        Value::String(text) => !text.is_empty(),
        Value::Number(_) | Value::Object(_) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(r#"{"more":true,"limit":25}"#, Some(true))]
    #[case(r#"{"more":false}"#, Some(false))]
    #[case(
        r#"{"has_more":false,"response_metadata":{"next_cursor":""}}"#,
        Some(false)
    )]
    #[case(r#"{"isLast":false,"nextPageToken":"x"}"#, Some(true))]
    #[case(r#"{"isLastPage":true,"_links":{"self":"x"}}"#, Some(false))]
    #[case(
        r#"{"@odata.context":"x","@odata.nextLink":"https://g.example"}"#,
        Some(true)
    )]
    #[case(r#"{"count":80,"next":"https://o.example/?page=2"}"#, Some(true))]
    #[case(r#"{"count":3,"next":null}"#, Some(false))]
    #[case(r#"{"pagination":{"page":1,"next":2}}"#, Some(true))]
    #[case(r#"{"links":{"next":null},"meta":{"next_page":null}}"#, Some(false))]
    #[case(r#"{"cursor":{"hasMore":true,"nextValue":"x"}}"#, Some(true))]
    #[case(r#"{"startAt":0,"maxResults":2,"total":3}"#, Some(true))]
    #[case(r#"{"startAt":1,"maxResults":2,"total":3}"#, Some(false))]
    #[case(r#"{"name":"x"}"#, None)]
    fn page_says_whether_another_follows(#[case] page: &str, #[case] expected: Option<bool>) {
        let page: Value = serde_json::from_str(page).unwrap();
        assert_eq!(is_followed(&page, 2), expected, "{page}");
    }

    #[test]
    fn input_with_the_last_page_is_not_said_to_lack_any() {
        let page = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap();
        let said = |texts: &[&str]| {
            let pages = Pages::default();
            for text in texts {
                pages.count(&page(text), 1);
            }
            pages.missing()
        };
        let (first, last) = (r#"{"more":true}"#, r#"{"more":false}"#);
        assert_eq!(said(&[first, last]), None);
        assert_eq!(said(&["{}"]), None);
        assert!(said(&[first]).unwrap().contains("another page follows it"));
        assert!(said(&[first, first]).unwrap().contains("has 2 pages"));
    }
}
