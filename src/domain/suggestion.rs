//! The known word that a misspelt one probably means, and the sentence that suggests it.

use strsim::osa_distance;

/// Returns the word of `known` that was probably meant, regardless of case: at most one edit away,
/// or two for words of six letters and more.
#[must_use]
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if !(3..=40).contains(&length) {
        return None;
    }
    let allowed = if length >= 6 { 2 } else { 1 };
    let word = word.to_lowercase();
    known
        .into_iter()
        .filter(|k| k.chars().count() <= 60)
        .map(|k| (osa_distance(&word, &k.to_lowercase()), k))
        .filter(|(edits, _)| *edits <= allowed)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, k)| k)
}

/// Formats a suggestion: `did you mean a, b or c?`. Returns an empty text if there are no `choices`.
#[must_use]
pub fn did_you_mean(choices: &[impl AsRef<str>]) -> String {
    let choices: Vec<&str> = choices.iter().map(AsRef::as_ref).collect();
    match choices.as_slice() {
        [] => String::new(),
        [one] => format!("did you mean {one}?"),
        [first @ .., last] => format!("did you mean {} or {last}?", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_allows_one_slip_in_short_words_and_two_in_long_ones() {
        assert_eq!(nearest("casue", ["cause", "change"]), Some("cause"));
        assert_eq!(nearest("desicion", ["decision"]), Some("decision"));
        assert_eq!(nearest("nginx", ["note", "finding"]), None);
    }

    #[test]
    fn did_you_mean_lists_choices_with_or() {
        assert_eq!(did_you_mean(&[""; 0]), "");
        assert_eq!(did_you_mean(&["`cause:`"]), "did you mean `cause:`?");
        assert_eq!(
            did_you_mean(&["^kvn", "^kvq", "^kvz"]),
            "did you mean ^kvn, ^kvq or ^kvz?"
        );
    }
}
