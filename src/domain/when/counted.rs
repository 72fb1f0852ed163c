//! Tells a number that counts something from one that may be a time: `1350 requests`, `9.5 GB`, `12 min of errors`.

/// Units and amounts after a number.
const UNITS: [&str; 32] = [
    "of", "kb", "mb", "gb", "tb", "kib", "mib", "gib", "tib", "bit", "byte", "ms", "percent",
    "eur", "usd", "euro", "thousand", "million", "billion", "rpm", "rps", "qps", "req/s", "gbit",
    "mbit", "gbit/s", "mbit/s", "gb/s", "mb/s", "mah", "mtu", "people",
];
/// Things of which a `1` counts one.
const THINGS: [&str; 20] = [
    "node", "replica", "pod", "host", "user", "server", "instance", "worker", "shard", "region",
    "request", "error", "alert", "point", "customer", "retry", "attempt", "ticket", "order", "day",
];
/// Verbs after a number that is a name or an amount: `2026 is full`.
const VERBS: [&str; 6] = ["is", "are", "was", "were", "has", "have"];
/// Words between a number and what it counts.
const BETWEEN: [&str; 12] = [
    "more",
    "new",
    "active",
    "failed",
    "failing",
    "open",
    "other",
    "total",
    "extra",
    "additional",
    "different",
    "pending",
];
/// What lasts for the time before it: `12m outage`.
const LASTING: [&str; 39] = [
    "and",
    "outage",
    "downtime",
    "timeout",
    "delay",
    "lag",
    "window",
    "gap",
    "wait",
    "latency",
    "old",
    "long",
    "left",
    "maintenance",
    "retention",
    "spike",
    "blip",
    "pause",
    "hiccup",
    "freeze",
    "stall",
    "burst",
    "dip",
    "degradation",
    "interruption",
    "disruption",
    "sla",
    "slo",
    "ttl",
    "interval",
    "average",
    "rate",
    "shift",
    "behind",
    "load",
    "burn",
    "without",
    "failover",
    "restart",
];

/// True if `rest`, behind `number`, begins with what it counts, or goes on as a sentence about it. A single thing is
/// counted by no other number than 1: `1350 node down` is of 13:50.
pub(super) fn is_counted(number: &str, rest: &str) -> bool {
    if rest.trim_start().starts_with('%') {
        return true;
    }
    let mut words = words(rest);
    let Some(first) = words.next() else {
        return false;
    };
    is_one_of(first, &UNITS)
        || number == "1" && is_one_of(first, &THINGS)
        || is_one_of(first, &VERBS)
        || is_plural(first)
        || is_one_of(first, &BETWEEN) && words.next().is_some_and(is_plural)
        // `2 web hosts`, but `1350 web hosts` may be of 13:50.
        || matches!(number.len(), 1 | 2) && words.next().is_some_and(is_plural)
}

/// True if `rest`, behind a length of time, begins with what lasts so long, or is counted by it.
pub(super) fn is_lasting(rest: &str) -> bool {
    let first = words(rest).next().unwrap_or_default();
    is_one_of(first, &LASTING) || is_counted("", rest)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace()
        .map(|word| word.trim_end_matches(|c: char| c.is_ascii_punctuation() || c == '…'))
}

fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// True for `users`, but not for `dns`, `redis`, `status`.
fn is_plural(word: &str) -> bool {
    let is_letter = |b: u8| b.is_ascii_lowercase() || matches!(b, b'-' | b'/');
    word.len() >= 4
        && word.ends_with('s')
        && !["ss", "us", "is"].iter().any(|end| word.ends_with(end))
        && word.bytes().all(is_letter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("users cannot log in", true)]
    #[case("requests… failed", true)]
    #[case("GB left", true)]
    #[case(" % errors", true)]
    #[case("is full", true)]
    #[case("of 2000 jobs", true)]
    #[case("more users", true)]
    #[case("more of it", false)]
    #[case("dns is down", false)]
    #[case("redis restarted", false)]
    #[case("status page", false)]
    #[case("web is down", false)]
    #[case("", false)]
    fn counts_are_told_by_what_follows(#[case] rest: &str, #[case] expected: bool) {
        assert_eq!(is_counted("1350", rest), expected, "{rest}");
    }

    #[test]
    fn one_thing_is_counted_by_one() {
        assert!(is_counted("1", "node down"));
        assert!(!is_counted("1350", "node down"));
        assert!(is_counted("2", "web hosts down"));
        assert!(!is_counted("1350", "web hosts down"));
    }

    #[rstest]
    #[case("outage on web", true)]
    #[case("of errors", true)]
    #[case("timeouts", true)]
    #[case("web is down", false)]
    fn lengths_are_told_by_what_lasts(#[case] rest: &str, #[case] expected: bool) {
        assert_eq!(is_lasting(rest), expected, "{rest}");
    }
}
