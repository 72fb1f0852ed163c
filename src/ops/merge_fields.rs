//! What a field says to customers once two incidents are one: no harm that one of them recorded is lost.

/// The words by which a field says that there is nothing, that it is not known, and that it is all; a text is more
/// than the second and less than the third.
struct Words {
    nothing: &'static [&'static str],
    all: &'static [&'static str],
}

fn words_of(field: &str) -> Option<Words> {
    let nothing: &[&str] = match field {
        "data-loss" => &["none", "nothing", "no"],
        "customer-scope" => &["none", "nobody"],
        "customer-impact" | "customer-action" => &["none"],
        _ => return None,
    };
    let all: &[&str] = match field {
        "customer-scope" => &["everyone"],
        _ => &[],
    };
    Some(Words { nothing, all })
}

/// Returns what `field` says of both, where the incident that stays says `kept` and the other one `other`: the one
/// that says more, both texts word for word, or for all other fields what stays.
pub(super) fn merged_text(field: &str, kept: &str, other: &str) -> String {
    let Some(words) = words_of(field).filter(|_| !other.trim().is_empty()) else {
        return kept.to_owned();
    };
    let weight = |text: &str| {
        let text = plain(text);
        let is = |words: &[&str]| words.contains(&text.as_str());
        match text.as_str() {
            _ if is(words.nothing) => 0,
            "unknown" => 1,
            _ if is(words.all) => 3,
            _ => 2,
        }
    };
    match (weight(kept), weight(other)) {
        (2, 2) if !plain(kept).contains(&plain(other)) => {
            let kept = kept.trim_end();
            let between = if kept.ends_with(['.', '!', ';']) {
                " "
            } else {
                "; "
            };
            format!("{kept}{between}{}", other.trim())
        }
        (kept_weight, other_weight) if other_weight > kept_weight => other.to_owned(),
        _ => kept.to_owned(),
    }
}

fn plain(text: &str) -> String {
    text.trim().trim_end_matches('.').to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::merged_text;
    use rstest::rstest;

    #[rstest]
    #[case::harm_wins("data-loss", "none", "two orders", "two orders")]
    #[case::harm_stays("data-loss", "two orders", "None.", "two orders")]
    #[case::both_are_said("data-loss", "two orders", "an invoice", "two orders; an invoice")]
    #[case::a_sentence_ends("data-loss", "Two orders.", "An invoice.", "Two orders. An invoice.")]
    #[case::the_same("data-loss", "two orders", "Two orders.", "two orders")]
    #[case::not_known("data-loss", "none", "unknown", "unknown")]
    #[case::known_in_part("data-loss", "unknown", "two orders", "two orders")]
    #[case::everyone("customer-scope", "a few shops", "everyone", "everyone")]
    #[case::everyone_stays("customer-scope", "everyone", "a few shops", "everyone")]
    #[case::more_to_do("customer-action", "none", "reset it", "reset it")]
    #[case::nothing_said("data-loss", "none", "", "none")]
    #[case::another_field("next-update", "10:00", "11:00", "10:00")]
    fn harm_of_both_is_kept(
        #[case] field: &str,
        #[case] kept: &str,
        #[case] other: &str,
        #[case] merged: &str,
    ) {
        assert_eq!(merged_text(field, kept, other), merged);
    }
}
