//! Finds the zone that a block states for its times: `Times are in UTC.`, `Wed 25 Nov 2026. All times in PST`,
//! `## Timeline (UTC+2)`.

use crate::domain::{
    parse_error::ParseError,
    when::{self, TimeContext},
    words::is_capture_kind,
    zone::Zone,
};

/// A line that says in which zone the times below it are.
#[derive(Clone, Debug)]
pub struct ZoneNote<'t> {
    /// What stands before it: a day, a title, or nothing.
    pub before: &'t str,
    /// The zone, or why it cannot be used.
    pub zone: Result<Zone, ParseError>,
    /// True if it says that it is of all times, and so of those above it as well.
    pub is_of_all: bool,
}

/// A line that states a zone is not longer than this, in bytes.
const MAX_LEN: usize = 200;
/// What a note of a zone may stand behind, after a day or a title.
const SEPARATORS: [&str; 12] = [
    ". ", " (", " [", ", ", " - ", " – ", " — ", " -- ", " / ", " | ", ": ", "。",
];
/// Which times a note says that it is of.
const ALL_WORDS: &str = "all everything alle todas las los toutes les tutti gli";
/// One of these is in each note of a zone.
const TIME_WORDS: &str = "time times timeline timezone timestamp timestamps tz zone zeit zeiten uhrzeit uhrzeiten \
    zeitangaben zeitzone horas heures orari horários tijden tider everything chronology chronologie zeitleiste zeitstrahl horários タイムライン \
    時系列 経緯 時刻 時刻は";
/// Those that are of all times below the line, where they are its subject: `Times in UTC`.
const SUBJECTS: &str = "times timestamps zeiten uhrzeiten zeitangaben horas heures orari horários tijden tider everything";
/// What a note of a zone may have beside the zone.
const OTHER_WORDS: &str = "all are is in the these those of shown given listed below following offset note use uses using and \
    incident event events log note notes fyi that here here's this document report page postmortem chronology report us please convert dates date dates/times alle sind todas todos os las los en son \
    toutes les sont tutti gli sono em alla är";
/// What else is in a zone's own heading, as in `Web logs (UTC):`.
const LOG_WORDS: &str = "log logs timeline events entries notes messages output happened";
/// What begins nothing but a note of a zone.
const SURE_BEGINNINGS: [&str; 2] = ["timezone: ", "time zone: "];
/// A heading with a zone has at most so many words.
const MAX_HEADING_WORDS: usize = 5;
/// The name of a zone has at most so many words.
const MAX_ZONE_WORDS: usize = 3;
/// A line above the times that names a zone among other words has at most so many of them.
const MAX_WORDS: usize = 15;

fn is_one_of(word: &str, list: &str) -> bool {
    let word = word.to_lowercase();
    list.split_ascii_whitespace().any(|known| known == word)
}

/// Returns the zone that `line` states for the times below it, with the day in front of it; `None` if it states none.
#[must_use]
pub fn zone_note<'t>(line: &'t str, context: &TimeContext<'_>) -> Option<ZoneNote<'t>> {
    let line = line.trim();
    if line.len() > MAX_LEN {
        return None;
    }
    let note = |before, zone, note: &str| ZoneNote {
        before,
        zone,
        is_of_all: words_of(note).any(|word| is_one_of(word, ALL_WORDS)),
    };
    let whole = stated_zone(line, context, false).map(|zone| note("", zone, line));
    if whole.as_ref().is_some_and(|note| note.zone.is_ok()) {
        return whole;
    }
    let parts = || {
        SEPARATORS.iter().flat_map(|separator| {
            let ends = line.match_indices(separator).map(|(at, _)| at);
            ends.map(move |end| (&line[..end], &line[end + separator.len()..], *separator))
        })
    };
    parts()
        .find_map(|(day, said, separator)| {
            when::parse_date_line(day, context)?.ok()?;
            // A zone alone is enough in brackets: `2026-11-25 (UTC)`.
            let zone = stated_zone(said, context, separator.ends_with(['(', '[']))?;
            Some(note(day, zone, said))
        })
        .or_else(|| {
            parts().find_map(|(title, said, _)| {
                let zone = zone_behind_title(title, said, context)?;
                Some(note(title, zone, said)).filter(|note| whole.is_none() || note.zone.is_ok())
            })
        })
        .or(whole)
}

/// Returns the zone that is stated behind the title of a block: `Timeline of the outage (all times UTC)`,
/// `Checkout outage: timeline (UTC)`. A title begins with no time, and with no word for a kind of event.
fn zone_behind_title(
    title: &str,
    said: &str,
    context: &TimeContext<'_>,
) -> Option<Result<Zone, ParseError>> {
    let first = words_of(without_ordinal(title)).next()?;
    // `**Note**: all times are UTC` is no event, `note: maintenance window (UTC)` is one.
    let is_event = is_capture_kind(first)
        && !(first.eq_ignore_ascii_case("note")
            && is_of_all_times(&words_of(said).collect::<Vec<_>>(), context));
    let is_title =
        !first.starts_with(|c: char| c.is_ascii_digit() || "~-+".contains(c)) && !is_event;
    let is_note = || words_of(said).any(|word| is_one_of(word, TIME_WORDS));
    if !(is_title && is_note()) {
        return None;
    }
    // `Timeline (server time)`
    let is_of_times = || words_of(title).any(|word| is_one_of(word, TIME_WORDS));
    let is_enclosed = said.ends_with([')', ']']);
    stated_zone(said, context, false).or_else(|| {
        let said = said.trim_matches(is_mark);
        (is_enclosed && is_of_times()).then(|| Err(unknown_zone_error(said)))
    })
}

/// Returns a heading without its number or mark: `## 2. Timeline`, `h2. Timeline`, `3) Timeline`.
fn without_ordinal(text: &str) -> &str {
    let text = text.trim_start_matches(is_mark);
    let number = text.strip_prefix('h').unwrap_or(text);
    let rest = number.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_ordinal = (1..=2).contains(&(number.len() - rest.len()));
    let rest = rest.strip_prefix(['.', ')']).filter(|_| is_ordinal);
    rest.filter(|rest| rest.starts_with(' ')).unwrap_or(text)
}

/// True if a word of `text` can be nothing but a zone.
#[must_use]
pub fn names_a_zone(text: &str, context: &TimeContext<'_>) -> bool {
    words_of(text).any(|word| is_zone_word(word, context) || is_unknown_zone(word))
}

/// True for an abbreviation that has the form of a zone's: `MESZ`, `JST`, `AKDT`.
fn is_unknown_zone(word: &str) -> bool {
    const OTHERS: [&str; 4] = ["TEST", "LAST", "POST", "BEST"];
    let ends = match word.len() {
        3 => ["ST", "DT", "EZ"].as_slice(),
        4 => ["ST", "DT", "SZ"].as_slice(),
        _ => return false,
    };
    ends.iter().any(|end| word.ends_with(end))
        && word.bytes().all(|b| b.is_ascii_uppercase())
        && !OTHERS.contains(&word)
}

/// A mark beside a word: a bracket, one of Markdown, a full stop.
fn is_mark(c: char) -> bool {
    c.is_whitespace() || "()[]{}<>#*_`|,;=.~!\"（）".contains(c)
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || "()[]{},;|=（）".contains(c))
        .map(|word| word.trim_matches(is_mark).trim_end_matches(':'))
        .filter(|word| word.contains(char::is_alphanumeric))
}

/// Returns the day or the title in front of a stated zone, or `line` if it states none.
#[must_use]
pub fn strip_zone_note<'t>(line: &'t str, context: &TimeContext<'_>) -> &'t str {
    zone_note(line, context).map_or(line, |note| note.before)
}

/// Returns the zone that `text` states; with `alone`, it may have nothing but the zone.
fn stated_zone(
    text: &str,
    context: &TimeContext<'_>,
    alone: bool,
) -> Option<Result<Zone, ParseError>> {
    let text = text.replace("\\_", "_");
    let is_status = |text: &str| text.contains(" · times in ");
    let said = match text.rsplit_once(" · times in ") {
        // `open · commander ann · times in UTC`
        Some((before, zone)) if before.starts_with(['o', 'r']) => format!("times in {zone}"),
        _ if is_status(&text) => return None,
        _ => text.clone(),
    };
    let words: Vec<&str> = words_of(without_ordinal(&said)).collect();
    let has_time_word = words.iter().any(|word| is_one_of(word, TIME_WORDS));
    // A line of only `UTC+2` can be nothing else.
    let is_utc = matches!(words.as_slice(), [zone] if is_utc(zone));
    if !(has_time_word || alone || is_utc) {
        return zone_in_heading(&said, &words, context);
    }
    let mut rest: Vec<&str> = words
        .iter()
        .copied()
        .filter(|word| !is_one_of(word, TIME_WORDS) && !is_one_of(word, OTHER_WORDS))
        .collect();
    // `Tokyo, local time`
    let is_local = |word: &&str| word.eq_ignore_ascii_case("local");
    let is_of_place = rest.len() > 1 && rest.iter().any(is_local);
    if is_of_place {
        rest.retain(|word| !is_local(word));
    }
    let Some(first) = rest.first().copied() else {
        let is_of_us = words.contains(&"US");
        return is_of_us.then(|| Err(unknown_zone_error("US")));
    };
    if differ(&rest, context) {
        return Some(Err(unknown_zone_error(&rest.join(" "))));
    }
    // `America/New_York (EDT, UTC-04:00)`
    let zone = if first.contains('/') {
        first.to_owned()
    } else {
        rest.join(" ")
    };
    let lower = said.trim_start_matches(is_mark).to_ascii_lowercase();
    let is_enclosed = said.ends_with([')', ']']);
    when::parse_stated_zone(&zone, context)
        .or_else(|| zone_in_heading(&said, &words, context))
        .or_else(|| {
            let is_sure = SURE_BEGINNINGS.iter().any(|begin| lower.starts_with(begin))
                || is_unknown_zone(&zone)
                || when::may_be_zone_abbreviation(&zone)
                // `Times are local`, `All timestamps local to Tokyo`
                || is_local(&&*zone)
                || is_of_place && zone.starts_with("to ")

                || is_enclosed && rest.iter().any(|word| is_city(word, context))
                || is_of_all_times(&words, context);
            is_sure.then(|| Err(unknown_zone_error(&zone)))
        })
}

/// True for a city by whose name a zone is known: `Tokyo`.
fn is_city(word: &str, context: &TimeContext<'_>) -> bool {
    word.starts_with(char::is_uppercase)
        && word.ends_with(char::is_lowercase)
        && matches!(when::parse_stated_zone(word, context), Some(Ok(_)))
}

/// True if two of `words` are zones whose times are not the same, as in `UTC and CET`.
fn differ(words: &[&str], context: &TimeContext<'_>) -> bool {
    let is_zone = |word: &&&str| {
        let is_listed = word.len() > 2 && when::is_zone_abbreviation(word);
        !word.contains('/') && (is_listed || is_zone_word(word, context))
    };
    let mut offsets = words.iter().filter(is_zone).map(|word| {
        let zone = when::parse_stated_zone(word, context)?.ok()?;
        Some(*zone.to_local(context.now).offset())
    });
    let first = offsets.next();
    offsets.any(|offset| Some(offset) != first)
}

fn unknown_zone_error(zone: &str) -> ParseError {
    ParseError::new(
        format!("`{zone}` is not a zone that is known here"),
        "write an offset (UTC+02:00) or a zone (Europe/Berlin), or the zone behind each time",
        0..0,
    )
}

fn is_utc(word: &str) -> bool {
    word.starts_with("UTC") || word.starts_with("GMT")
}

/// True for a word that can be nothing but a zone: `UTC+2`, `PST`, `Europe/Berlin`.
fn is_zone_word(word: &str, context: &TimeContext<'_>) -> bool {
    let is_abbreviation = word.len() > 2 && word.bytes().all(|b| b.is_ascii_uppercase());
    (is_utc(word) || is_abbreviation || word.contains('/'))
        && matches!(when::parse_stated_zone(word, context), Some(Ok(_)))
}

/// True if times are the subject of the line, and their zone is said, with whatever else: `Times are UTC except where
/// noted`, `All times in Atlantis`.
fn is_of_all_times(words: &[&str], context: &TimeContext<'_>) -> bool {
    let mut rest = words.iter().copied().skip_while(|word| {
        is_one_of(word, OTHER_WORDS) && !is_one_of(word, "in of use uses using are is")
    });
    let Some(subject) = rest.next().filter(|word| is_one_of(word, SUBJECTS)) else {
        return false;
    };
    let rest: Vec<&str> = rest
        .filter(|word| !is_one_of(word, "are is sind sont son"))
        .collect();
    let is_in = rest.first().is_some_and(|word| is_one_of(word, "in those"))
        && !subject.eq_ignore_ascii_case("everything");
    // `All times Bangkok`
    let is_name = matches!(rest.as_slice(), [name] if name.starts_with(char::is_uppercase));
    is_in || is_name || rest.iter().any(|word| is_zone_word(word, context))
}

/// Returns the zone of a short heading that ends with it: `Web logs (UTC):`, `Server logs in UTC`; an error if it is
/// one for something else than a log or the like.
fn zone_in_heading(
    said: &str,
    words: &[&str],
    context: &TimeContext<'_>,
) -> Option<Result<Zone, ParseError>> {
    let (zone, before) = words.split_last()?;
    let is_text = |word: &&str| word.contains(|c: char| c.is_ascii_digit());
    let is_of_log = before.iter().any(|word| is_one_of(word, LOG_WORDS));
    let said = said.trim_end_matches([':', '*', '_', ' ', '.']);
    let is_in_brackets = said.ends_with([')', ']']);
    let may_be_zone = || {
        let is_short = *zone == "Z" || when::is_zone_abbreviation(zone);
        is_short || when::may_be_zone_abbreviation(zone) || is_city(zone, context)
    };
    let is_zone = is_zone_word(zone, context) || is_in_brackets && is_of_log && may_be_zone();
    if before.is_empty()
        || before.len() > MAX_HEADING_WORDS
        || before.iter().any(is_text)
        || is_capture_kind(before[0])
        || !is_zone
    {
        return None;
    }
    let is_behind_in = before.last().is_some_and(|word| is_one_of(word, "in"));
    // `Log / UTC`, `Incident log: UTC`
    let is_behind_sign = || {
        let title = said.strip_suffix(zone).unwrap_or(said).trim_end();
        title.ends_with(['/', '-', '–', '—', ':', ',', '|', '@', '>'])
    };
    let is_stated = is_in_brackets || is_behind_in || is_behind_sign();
    if is_of_log && is_stated && !is_city(zone, context) {
        return when::parse_stated_zone(zone, context)
            .or_else(|| Some(Err(unknown_zone_error(zone))));
    }
    is_in_brackets.then(|| Err(may_state_zone_error(zone)))
}

fn may_state_zone_error(zone: &str) -> ParseError {
    ParseError::new(
        format!("it may state {zone} as the zone of the times below it"),
        format!("write `Times in {zone}` for that; where it is an event, write its time before it"),
        0..0,
    )
}

/// Returns why `line`, which has no time and is no [`zone_note`], is not read as a text: a word of it can be nothing but a
/// zone, and may state that of the times below it. With `is_heading`, the line has to end with it.
#[must_use]
pub fn may_state_zone<'t>(
    line: &'t str,
    is_heading: bool,
    context: &TimeContext<'_>,
) -> Option<ParseError> {
    let words: Vec<&str> = words_of(line).take(MAX_WORDS + 1).collect();
    let most = if is_heading {
        MAX_HEADING_WORDS
    } else {
        MAX_WORDS
    };
    if words.len() > most || is_capture_kind(words.first()?) {
        return None;
    }
    let is_zone = |word: &&str| {
        let is_listed = word.len() > 2 && *word != "WEST" && when::is_zone_abbreviation(word);
        is_utc(word) || is_listed || is_zone_word(word, context)
    };
    // `Timeline/UTC`
    let zone_in = |word: &&'t str| {
        Some(*word).filter(is_zone).or_else(|| {
            word.split('/')
                .filter(|_| !word.contains("://"))
                .find(is_zone)
        })
    };
    // `ET`, `US Eastern`, `Events PT`
    let whole = line.trim().trim_end_matches([':', '.']);
    let is_whole = || {
        let is_name = !whole.starts_with(char::is_lowercase);
        is_name && matches!(when::parse_stated_zone(whole, context), Some(Ok(_)))
    };
    if words.len() <= MAX_ZONE_WORDS && is_whole() {
        return Some(may_state_zone_error(whole));
    }
    let is_short = words.len() <= MAX_HEADING_WORDS;
    let last = words
        .last()
        .filter(|word| is_short && when::is_zone_abbreviation(word));
    let mut ends = words.iter().rev().take(if is_heading { 1 } else { most });
    let found = last.copied().or_else(|| ends.find_map(zone_in));
    found.map(may_state_zone_error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::parse_utc;
    use rstest::rstest;

    fn read(line: &str) -> Option<(String, Result<String, String>)> {
        let zone = Zone::find("America/New_York").unwrap();
        let now = parse_utc("2026-11-27T20:00:00Z").unwrap();
        let note = zone_note(line, &TimeContext::new(now, &zone))?;
        let zone = note.zone.map(|zone| zone.name().to_owned());
        Some((note.before.to_owned(), zone.map_err(|error| error.message)))
    }

    #[rstest]
    #[case("Times are in UTC.", "", "UTC")]
    #[case("times are UTC", "", "UTC")]
    #[case("All times in PST", "", "Etc/GMT+8")]
    #[case("All times are in UTC:", "", "UTC")]
    #[case("(all times UTC)", "", "UTC")]
    #[case("Times are UTC+2", "", "Etc/GMT-2")]
    #[case("Times are in UTC +02:00", "", "Etc/GMT-2")]
    #[case("Times: UTC", "", "UTC")]
    #[case("Timezone: Europe/Berlin", "", "Europe/Berlin")]
    #[case("TZ=UTC", "", "UTC")]
    #[case("UTC", "", "UTC")]
    #[case("(UTC+2)", "", "Etc/GMT-2")]
    #[case("Incident timeline, all times UTC", "", "UTC")]
    #[case("Timeline of events (UTC)", "", "UTC")]
    #[case("Timeline (PST)", "", "Etc/GMT+8")]
    #[case("### 2. Timeline (All times in UTC)", "", "UTC")]
    #[case("## 3. Timeline (UTC)", "", "UTC")]
    #[case("h2. Timeline (UTC)", "", "UTC")]
    #[case(":clock1: Timeline (UTC)", ":clock1", "UTC")]
    #[case("FYI times are UTC", "", "UTC")]
    #[case(
        "On 2026-06-09, checkout was down. All times in UTC.",
        "On 2026-06-09, checkout was down",
        "UTC"
    )]
    #[case("Timeline (PT)", "", "America/Los_Angeles")]
    #[case("Key events (PT)", "", "America/Los_Angeles")]
    #[case("Notes (ET):", "", "America/New_York")]
    #[case("Timezone offset +0100", "", "Etc/GMT-1")]
    #[case("Timeline / UTC", "", "UTC")]
    #[case("Timeline -- UTC", "", "UTC")]
    #[case("Log (Z)", "", "UTC")]
    #[case("Log - UTC", "", "UTC")]
    #[case("Incident log, UTC", "", "UTC")]
    #[case("Timeline (in UTC!)", "", "UTC")]
    #[case("Timeline (local time, Tokyo)", "", "Asia/Tokyo")]
    #[case("Times are local (Tokyo)", "", "Asia/Tokyo")]
    #[case("All times Pacific", "", "America/Los_Angeles")]
    #[case("All times are Eastern", "", "America/New_York")]
    #[case("All times US Eastern", "", "America/New_York")]
    #[case("These times are in UTC", "", "UTC")]
    #[case("Times in UTC, please convert", "", "UTC")]
    #[case("Everything in UTC", "", "UTC")]
    #[case("Web logs (UTC):", "", "UTC")]
    #[case("**Server logs in UTC**", "", "UTC")]
    #[case("Alle Zeiten in UTC", "", "UTC")]
    #[case("Uhrzeiten in UTC", "", "UTC")]
    #[case("Zeitzone: UTC", "", "UTC")]
    #[case("Zeitleiste (MESZ)", "", "Etc/GMT-2")]
    #[case(
        "Zeitlicher Ablauf (alle Zeiten in MEZ)",
        "Zeitlicher Ablauf",
        "Etc/GMT-1"
    )]
    #[case("Timeline for 25 Nov 2026 (UTC)", "Timeline for 25 Nov 2026", "UTC")]
    #[case("## Timeline (UTC)", "", "UTC")]
    #[case(
        "Incident Timeline — INC-2026-0314 (All times UTC)",
        "Incident Timeline — INC-2026-0314",
        "UTC"
    )]
    #[case(
        "INC-1234 checkout outage: timeline (UTC)",
        "INC-1234 checkout outage",
        "UTC"
    )]
    #[case(
        "# Post-mortem: checkout outage (all times in UTC)",
        "# Post-mortem: checkout outage",
        "UTC"
    )]
    #[case(
        "Here's the timeline so far, all times UTC:",
        "Here's the timeline so far",
        "UTC"
    )]
    #[case(
        "The following is a timeline of the incident (all timestamps UTC):",
        "The following is a timeline of the incident",
        "UTC"
    )]
    #[case("Note that all times below are UTC", "", "UTC")]
    #[case(
        "Below is a detailed timeline of the incident. All times in this document are in UTC.",
        "Below is a detailed timeline of the incident",
        "UTC"
    )]
    #[case("Chronologie (heures UTC)", "", "UTC")]
    #[case("All dates and times are in UTC", "", "UTC")]
    #[case("**Note**: all timestamps are UTC.", "**Note**", "UTC")]
    #[case("Sequence of events, times are UTC:", "Sequence of events", "UTC")]
    #[case(
        "Timeline of the outage (all times UTC)",
        "Timeline of the outage",
        "UTC"
    )]
    #[case("INC-2291 timeline (times in UTC)", "INC-2291 timeline", "UTC")]
    #[case("Todos os horários em UTC", "", "UTC")]
    #[case("What happened, in UTC:", "", "UTC")]
    #[case("**Timeline (all times UTC)**", "", "UTC")]
    #[case("Wed 25 Nov 2026. Times are UTC", "Wed 25 Nov 2026", "UTC")]
    #[case("## Wed 25 Nov 2026. Times are in UTC.", "## Wed 25 Nov 2026", "UTC")]
    #[case("2026-11-25 (UTC)", "2026-11-25", "UTC")]
    #[case("2026-11-25 (all times UTC)", "2026-11-25", "UTC")]
    #[case("25 Nov 2026, times in UTC", "25 Nov 2026", "UTC")]
    #[case(
        "Date: November 25, 2026 | Time zone: Pacific",
        "Date: November 25, 2026",
        "America/Los_Angeles"
    )]
    #[case(
        "Thursday, 16 August 2012. Times are those of America/New\\_York (EDT is UTC-04:00).",
        "Thursday, 16 August 2012",
        "America/New_York"
    )]
    #[case(
        "open · last recorded 2026-11-21 00:10 UTC · commander root · times in UTC",
        "",
        "UTC"
    )]
    fn stated_zones_are_found(#[case] line: &str, #[case] day: &str, #[case] zone: &str) {
        assert_eq!(
            read(line),
            Some((day.to_owned(), Ok(zone.to_owned()))),
            "{line}"
        );
    }

    #[rstest]
    #[case("Times are BST")]
    #[case("Times are in Atlantis")]
    #[case("US times")]
    #[case("Times are UTC except where noted")]
    #[case("Times in UTC (CET-1)")]
    #[case("Times in UTC / PST")]
    #[case("All times Atlantis")]
    #[case("Times in UTC, Ann was IC")]
    #[case("Times in UTC / Ann was IC")]
    #[case("Timeline (MET)")]
    #[case("Web log (MET)")]
    #[case("Timeline (local)")]
    #[case("Times are local")]
    #[case("All timestamps local to Tokyo")]
    #[case("Timeline (server time)")]
    #[case("Timeline (UTC and CET)")]
    #[case("Timeline (London, UK)")]
    #[case("Notes (Tokyo)")]
    #[case("Maintenance window (UTC)")]
    #[case("All times in UTC+05:15")]
    #[case("Wed 25 Nov 2026. Times are in IST")]
    #[case("Times in UTC (CET-1), times of the web")]
    #[case("タイムライン (JST)")]
    #[case("## Timeline (all times are UTC, which is also local for the engineers)")]
    fn zones_that_cannot_be_used_are_refused(#[case] line: &str) {
        assert!(read(line).is_some_and(|(_, zone)| zone.is_err()), "{line}");
    }

    #[rstest]
    #[case("Times are hard")]
    #[case("Timeline")]
    #[case("## Timeline (draft)")]
    #[case("## Timeline (TEST)")]
    #[case("time to fail over")]
    #[case("all times out")]
    #[case("2026-11-25 (Wednesday)")]
    #[case("2026-11-25")]
    #[case("UTC is what they use here")]
    #[case("10:06 UTC the times are wrong")]
    #[case("response times are back to normal")]
    #[case("it is time")]
    #[case("Everything in order")]
    #[case("all logs are full")]
    #[case("note: maintenance window (UTC)")]
    #[case("rebooted (HQ)")]
    #[case("asked the NOC (Ann)")]
    #[case("rebooted all hosts, everything is in order")]
    #[case("10:06 web is down, all times in UTC")]
    #[case("2026-11-25 10:06 - web is down (all times UTC)")]
    #[case("fault: web is down (all times UTC)")]
    #[case("told the team: all times out")]
    #[case("local time was off")]
    #[case("Notes (Ann)")]
    #[case("Timeline (HQ)")]
    fn other_lines_state_no_zone(#[case] line: &str) {
        assert_eq!(read(line), None, "{line}");
    }
    #[rstest]
    #[case("Clocks are UTC", true, true)]
    #[case("ET", true, true)]
    #[case("PT:", true, true)]
    #[case("US Eastern", true, true)]
    #[case("+0000", true, true)]
    #[case("Z", true, true)]
    #[case("Events PT", true, true)]
    #[case("From the US team (PT):", true, true)]
    #[case("we moved the PT test to the next week", false, false)]
    #[case("the west is down", false, false)]
    #[case("server time: UTC", true, true)]
    #[case("Timeline/UTC", true, true)]
    #[case("we use UTC here", true, false)]
    #[case("Logs of the web, times in CET unless noted", true, false)]
    #[case("note: the server is in UTC", false, false)]
    #[case("US WEST is down", false, false)]
    #[case("Links: https://example.org/a/UTC", false, false)]
    #[case("the host is back", false, false)]
    #[case("CT scan", false, false)]
    fn lines_with_a_zone_among_other_words_may_state_it(
        #[case] line: &str,
        #[case] may: bool,
        #[case] may_as_heading: bool,
    ) {
        let zone = Zone::find("America/New_York").unwrap();
        let now = parse_utc("2026-11-27T20:00:00Z").unwrap();
        let context = TimeContext::new(now, &zone);
        let is_found = |is_heading| may_state_zone(line, is_heading, &context).is_some();
        assert_eq!(
            (is_found(false), is_found(true)),
            (may, may_as_heading),
            "{line}"
        );
    }
}
