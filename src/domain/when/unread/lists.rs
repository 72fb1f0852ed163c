//! The words by which times are recognised that are not read.

/// Words that lead to a time.
pub(super) const LEADS: [&str; 13] = [
    "at", "between", "from", "since", "on", "the", "of", "um", "am", "le", "el", "à", "vers",
];
/// Those of other languages, before a time of day: `vers 9h12`.
pub(in crate::domain::when) const FOREIGN_LEADS: [&str; 10] = [
    "à", "vers", "gegen", "um", "de", "von", "ab", "depuis", "dès", "às",
];
/// Days in other languages, and other words for a day.
pub(super) const DAY_WORDS: [&str; 20] = [
    "yesterday",
    "today",
    "tomorrow",
    "tonight",
    "last",
    "next",
    "this",
    "gestern",
    "heute",
    "hier",
    "ayer",
    "hoy",
    "ieri",
    "oggi",
    "ontem",
    "hoje",
    "wczoraj",
    "mi",
    "do",
    "sa",
];
pub(super) const ZONES: [&str; 24] = [
    "UTC", "GMT", "UT", "Z", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT", "ET", "CT",
    "PT", "CET", "CEST", "BST", "IST", "JST", "MEZ", "MESZ", "MSK", "AEST",
];
pub(super) const COUNTS: [&str; 28] = [
    "a", "an", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "fifteen", "twenty", "thirty", "forty", "fifty", "few", "couple", "of",
    "half", "some", "several", "about", "around", "and",
];
/// Words after which a time of day names a thing (`the 09:30 deploy`), or is one to come (`by 09:30`).
pub(super) const NAMING: [&str; 28] = [
    "since", "after", "from", "between", "and", "to", "for", "the", "a", "an", "our", "your",
    "its", "their", "this", "that", "last", "next", "every", "each", "daily", "of", "by", "until",
    "till", "before", "eta", "not",
];
/// Those that say when at the beginning of a line: `until 14:20 web was slow`.
pub(super) const LIMITS: [&str; 13] = [
    "until", "till", "before", "after", "by", "as", "of", "since", "just", "right", "shortly",
    "soon", "up",
];
