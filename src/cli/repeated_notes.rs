//! Notes on many lines: the first of each kind is printed, the others are counted.

use super::out::Out;
use crate::domain::count::plural;

/// Notes that differ only in what they name.
struct Kind {
    pattern: String,
    first: String,
    /// Numbers of the lines with such a note after the first.
    others: Vec<usize>,
}

/// The notes printed so far for one input.
#[derive(Default)]
pub(super) struct RepeatedNotes(Vec<Kind>);

impl RepeatedNotes {
    /// Prints the note on line `number`, or counts it where one of its kind was printed.
    pub fn add(&mut self, number: usize, note: &str, out: &Out) {
        let pattern = pattern(note);
        match self.0.iter_mut().find(|kind| kind.pattern == pattern) {
            Some(kind) => kind.others.push(number),
            None => {
                out.print_note(note);
                self.0.push(Kind {
                    pattern,
                    first: note.to_owned(),
                    others: vec![],
                });
            }
        }
    }

    /// Sums up what was counted, one line for each kind.
    pub fn print_counts(&self, out: &Out) {
        for kind in self.0.iter().filter(|kind| !kind.others.is_empty()) {
            out.print_note(&format!(
                "{} more such {} ({}), the first was: {}",
                kind.others.len(),
                plural(kind.others.len(), "note", "notes"),
                name_lines(&kind.others),
                kind.first
            ));
        }
    }
}

/// Returns `note` without its numbers, names and quoted parts.
fn pattern(note: &str) -> String {
    let mut pattern = String::with_capacity(note.len());
    let mut is_quoted = false;
    for word in note.split_inclusive([' ', '`']) {
        if word.ends_with('`') {
            is_quoted = !is_quoted;
            pattern.push('`');
        } else if !is_quoted
            && !word.starts_with(['@', '#', '^', '!'])
            && !word.contains(|c: char| c.is_ascii_digit())
        {
            pattern.push_str(word);
        }
    }
    pattern
}

/// Returns `line 4` or `lines 2, 5-9`. `numbers` are ascending.
pub(super) fn name_lines(numbers: &[usize]) -> String {
    let runs = numbers.chunk_by(|a, b| a + 1 == *b).map(|run| match run {
        [first, .., last] => format!("{first}-{last}"),
        [one] => one.to_string(),
        [] => String::new(),
    });
    let runs: Vec<String> = runs.collect();
    let word = plural(numbers.len(), "line", "lines");
    format!("{word} {}", runs.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_numbers_are_named_in_ranges() {
        assert_eq!(name_lines(&[4]), "line 4");
        assert_eq!(name_lines(&[2, 5, 6, 7, 9]), "lines 2, 5-7, 9");
    }

    #[test]
    fn notes_of_a_kind_differ_only_in_what_they_name() {
        assert_eq!(
            pattern("@api is a new service here"),
            pattern("@web is a new service here")
        );
        assert_eq!(
            pattern("`10h06` was kept as text: a"),
            pattern("`10 h 7` was kept as text: a")
        );
        assert_ne!(
            pattern("`x` was kept as text"),
            pattern("`x` is a new service")
        );
    }
}
