//! Edit distance, the nearest known word, and the sentence that suggests it.

/// Computes the Damerau-Levenshtein distance (optimal string alignment): insertions, deletions,
/// substitutions and swaps of neighbours. Meant for short words: the cost is the product of their
/// lengths.
#[must_use]
pub fn edit_distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut older: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut least = (above[j] + usize::from(x != y))
                .min(above[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                least = least.min(older[j - 1] + 1);
            }
            row.push(least);
        }
        older = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or_default()
}

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
        .map(|k| (edit_distance(&word, &k.to_lowercase()), k))
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
    fn edit_distance_counts_transpositions_as_one() {
        for (a, b, n) in [
            ("cause", "cause", 0),
            ("casue", "cause", 1),
            ("", "abc", 3),
            ("desicion", "decision", 2),
        ] {
            assert_eq!(edit_distance(a, b), n, "{a} {b}");
        }
        assert_eq!(nearest("casue", ["cause", "change"]), Some("cause"));
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
