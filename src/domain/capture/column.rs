//! Tells from the head of a column whether it has times, dates or zones: `Time (UTC)`, `Date/Time`, `Uhrzeit`, `UTC`.

use crate::domain::{
    parse_error::ParseError,
    when::{self, TimeContext},
    zone::Zone,
};

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// The time, or the start of a span, perhaps with its date.
    Time,
    End,
    Date,
    /// The date of the end of a span.
    EndDate,
    /// The zone of a time, or its half of the day.
    Zone,
    /// How long after the start of the incident it was: no time of day.
    Elapsed,
    Text,
}

/// The head of a column.
#[derive(Clone, Debug)]
pub(super) struct HeadCell {
    pub column: Column,
    /// The zone of its times, or why it cannot be used; `None` if it names none.
    pub zone: Option<Result<Zone, ParseError>>,
    /// True if only a zone in brackets says that it has times: `Reported (UTC)`, `Owner (ET)`.
    pub is_of_zone: bool,
}

const TIMES: &str = "time times timestamp timestamps datetime clock when at uhrzeit uhrzeiten zeit zeiten zeitpunkt \
    zeitstempel hora horas horário horario heure heures horaire ora ore orario tid tidspunkt klokkeslett tijd tijden tijdstip godzina czas čas aika \
    saat время час 時刻 時間 时间 시간";
/// Of a time or a date.
const STARTS: &str = "start started starts begin began beginning beginn début inizio inicio";
const ENDS: &str = "end ended ends until till ende bis fin fine";
const DATES: &str =
    "date dates day datum tag fecha día dia giorno jour dato päivä tarih дата 日付 日期 날짜";
const ZONES: &str = "tz zone timezone zeitzone am/pm";
/// What the head of a column may have beside these.
const OTHERS: &str = "and und et y e en og och of the in all are is local approx approximate approximately event \
    incident 24h 24-h 24hr 24-hour hh:mm hh:mm:ss h:mm exact de la del";

/// One of these in the head of a column says that it has no times of day.
const ELAPSED: &str = "elapsed uptime age timecode video recording t0 t0+ delta δ δt relative duration minutes mins min seconds secs t t+ t+0 t-0 dauer minuten sekunden \
    verstrichen durée minutos duración";
/// These do as well.
const SINCE_START: [&str; 7] = [
    "time since",
    "since start",
    "since the start",
    "zeit seit",
    "seit beginn",
    "temps depuis",
    "tiempo desde",
];

fn is_one_of(word: &str, list: &str) -> bool {
    list.split_ascii_whitespace().any(|known| known == word)
}

fn column_of(word: &str) -> Option<Column> {
    [
        (TIMES, Column::Time),
        (STARTS, Column::Time),
        (ENDS, Column::End),
        (DATES, Column::Date),
        (ZONES, Column::Zone),
        (OTHERS, Column::Text),
    ]
    .iter()
    .find(|(list, _)| is_one_of(word, list))
    .map(|(_, column)| *column)
}

/// True for the head of a column such as `T+`, `Time elapsed`, `Minutes`.
fn is_elapsed(cell: &str) -> bool {
    let lower = cell.to_lowercase();
    let is_end = |c: char| c.is_whitespace() || "()[],:/*_`".contains(c);
    let mut words = lower.split(is_end);
    words.any(|word| is_one_of(word, ELAPSED))
        || SINCE_START.iter().any(|phrase| lower.contains(phrase))
        || lower.contains("mm:ss") && !lower.contains("h:mm:ss")
        || lower == "offset"
}

/// What a line that states what its times are since has beside these.
const SINCE: &str = "since from after begin beginning start started first alert alarm page detection outage to t0 hh:mm \
    hh:mm:ss mm:ss beginn seit";

/// True for a line that says that the times below it are since a start: `Minutes since start:`, `T+`, `T0 = 10:06`.
#[must_use]
pub fn states_elapsed(line: &str) -> bool {
    let is_mark = |c: char| c.is_whitespace() || "*_`#:.()[]=".contains(c);
    let lower = line.trim_matches(is_mark).to_lowercase();
    let (label, time) = match lower.split_once('=') {
        Some((label, time)) => (label.trim(), Some(time)),
        None => (lower.as_str(), None),
    };
    if let Some(time) = time {
        return matches!(label, "t0" | "t+0" | "t") && when::has_clock_time(time);
    }
    let is_known = |word: &str| {
        let lists = [ELAPSED, TIMES, STARTS, OTHERS, SINCE];
        lists.iter().any(|list| is_one_of(word, list))
    };
    let mut words = label
        .split_whitespace()
        .map(|word| word.trim_matches(is_mark))
        .filter(|word| !word.is_empty());
    is_elapsed(label) && words.all(is_known)
}

/// Returns what follows the label of a time at the beginning of `line`, as in `Time: 10:06` or `**Start (UTC)** = 10:06`, and
/// whether the label is that of a beginning and has no zone.
#[must_use]
pub fn labelled_time<'t>(line: &'t str, context: &TimeContext<'_>) -> Option<(&'t str, bool)> {
    let is_mark = |c: char| c.is_whitespace() || "*_`\"'".contains(c);
    let (label, time) = line.split_once([':', '=', '\t'])?;
    // `time=10:06` is how programs write it.
    if line[label.len()..].starts_with('=') && !time.starts_with(char::is_whitespace) {
        return None;
    }
    let time = time.trim_matches(is_mark);
    let has_digit = |text: &str| text.contains(|c: char| c.is_ascii_digit());
    if has_digit(label) || !has_digit(time) {
        return None;
    }
    let cell = read_head_cell(label, context);
    let is_begin = cell.column != Column::End && cell.zone.is_none();
    let is_time = matches!(cell.column, Column::Time | Column::Date | Column::End);
    is_time.then_some((time, is_begin))
}

/// Reads the head of a column. One that has a time or date and a zone that is not understood has an error for its
/// zone.
pub(super) fn read_head_cell(cell: &str, context: &TimeContext<'_>) -> HeadCell {
    let is_mark = |c: char| c.is_whitespace() || "*_`#:.~\"'".contains(c);
    let cell = cell.trim_matches(is_mark);
    if is_elapsed(cell) {
        return HeadCell {
            column: Column::Elapsed,
            zone: None,
            is_of_zone: false,
        };
    }
    let (outside, inside) = match cell.split_once(['(', '[']) {
        Some((before, rest)) => {
            let (inside, after) = rest.split_once([')', ']']).unwrap_or((rest, ""));
            (format!("{before} {after}"), inside)
        }
        None => (cell.to_owned(), ""),
    };
    let (columns, unknown) = known_words(&outside);
    let (inner_columns, inner_unknown) = known_words(inside);
    let has = |column| columns.contains(&column) || inner_columns.contains(&column);
    let zone_of = |text: &str| when::parse_stated_zone(text, context);
    let bracket_zone = zone_of(&inner_unknown).filter(|_| !inner_unknown.is_empty());
    let zone = match &bracket_zone {
        Some(_) => bracket_zone.clone(),
        // `Z` alone is a name.
        None if unknown.len() < 2 && !has(Column::Time) => None,
        // `Event/Action` has the form of the name of a zone.
        None => zone_of(&unknown).filter(|zone| zone.is_ok() || !unknown.contains('/')),
    };
    let has_clock = || {
        let lower = cell.to_lowercase();
        let mut words = lower.split(|c: char| !c.is_alphabetic());
        words.any(|word| is_one_of(word, TIMES))
    };
    let column = if has(Column::Zone) {
        // `Time zone`
        Column::Zone
    } else if has(Column::Date) && !has_clock() {
        // `Start date`
        match has(Column::End) {
            true => Column::EndDate,
            false => Column::Date,
        }
    } else if has(Column::End) {
        Column::End
    } else if has(Column::Time) || zone.is_some() && !has(Column::Date) {
        Column::Time
    } else if has(Column::Date) {
        Column::Date
    } else {
        Column::Text
    };
    // `Time UTC±0`, `Time<sup>UTC</sup>`
    let names_utc = || {
        let lower = cell.to_lowercase();
        ["utc", "gmt"].iter().any(|utc| lower.contains(utc))
            && (column != Column::Text || lower.contains("time"))
    };
    if zone.is_none() && !unknown.is_empty() && names_utc() {
        return HeadCell {
            column: if column == Column::Text {
                Column::Time
            } else {
                column
            },
            zone: Some(Err(unknown_zone_error(cell))),
            is_of_zone: false,
        };
    }
    // `Customer time (UTC)`, `Reported (UTC)` are times; `Time to detect` is none.
    if column == Column::Text || zone.is_none() && !unknown.is_empty() {
        return HeadCell {
            column: Column::Text,
            zone: None,
            is_of_zone: false,
        };
    }
    let zone =
        zone.or_else(|| (!inner_unknown.is_empty()).then(|| Err(unknown_zone_error(inside))));
    let is_of_zone = column == Column::Time && !has(Column::Time) && bracket_zone.is_some();
    HeadCell {
        column,
        zone,
        is_of_zone,
    }
}

fn unknown_zone_error(text: &str) -> ParseError {
    ParseError::new(
        format!("`{text}` in the head of the table is not a zone that is known here"),
        "write an offset (UTC+02:00) or a zone (Europe/Berlin), or the zone behind each time",
        0..0,
    )
}

/// Returns what the known words of a head stand for, and the others, joined by spaces.
fn known_words(text: &str) -> (Vec<Column>, String) {
    let mut columns = vec![];
    let mut unknown: Vec<&str> = vec![];
    let mut words = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '_'))
        .map(|word| word.trim_matches(|c: char| "*`#.~\"'".contains(c)))
        .map(|word| word.trim_end_matches(':'))
        .filter(|word| !word.is_empty())
        .peekable();
    while let Some(word) = words.next() {
        let lower = word.to_lowercase();
        // The zone of `Time (ET)`, and the French word in `DATE ET HEURE`.
        if when::is_zone_abbreviation(word) && words.peek().is_none() {
            unknown.push(word);
            continue;
        }
        if let Some(column) = column_of(&lower) {
            columns.push(column);
            continue;
        }
        // `Date/Time`, `Date & time`, `Date-time`
        let parts = lower.split(['/', '&', '+', '-', '|']);
        let parts: Option<Vec<Column>> = parts
            .filter(|part| !part.is_empty())
            .map(column_of)
            .collect();
        match parts {
            Some(parts) => columns.extend(parts),
            None => unknown.push(word),
        }
    }
    (columns, unknown.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::parse_utc;
    use rstest::rstest;

    #[rstest]
    #[case("Minutes since start:", true)]
    #[case("Elapsed time:", true)]
    #[case("Time since start", true)]
    #[case("T+", true)]
    #[case("(times relative to the alert)", true)]
    #[case("T0 = 09:12", true)]
    #[case("Duration: 50 min", false)]
    #[case("Times in UTC", false)]
    #[case("Video call with the vendor", false)]
    #[case("minutes from the call", false)]
    fn lines_that_state_times_since_a_start(#[case] line: &str, #[case] expected: bool) {
        assert_eq!(states_elapsed(line), expected, "{line}");
    }

    #[rstest]
    #[case("Time", "Time -")]
    #[case("**Time (UTC)**", "Time UTC")]
    #[case("Timestamp (UTC)", "Time UTC")]
    #[case("UTC time", "Time UTC")]
    #[case("Time, UTC", "Time UTC")]
    #[case("Time (all UTC)", "Time UTC")]
    #[case("Time Z", "Time UTC")]
    #[case("Time (MET)", "Time refused")]
    #[case("Time in UTC", "Time UTC")]
    #[case("Time GMT", "Time UTC")]
    #[case("Time [PST]", "Time Etc/GMT+8")]
    #[case("Time (Pacific)", "Time America/Los_Angeles")]
    #[case("Time (Europe/Berlin)", "Time Europe/Berlin")]
    #[case("Time (UTC, 24h)", "Time UTC")]
    #[case("Uhrzeit (UTC)", "Time UTC")]
    #[case("Zeit (UTC)", "Time UTC")]
    #[case("Hora", "Time -")]
    #[case("Heure", "Time -")]
    #[case("Fecha y hora", "Time -")]
    #[case("Date/Time (UTC)", "Time UTC")]
    #[case("Date & Time", "Time -")]
    #[case("Local time", "Time -")]
    #[case("Time (approx.)", "Time -")]
    #[case("Reported (UTC)", "Time UTC")]
    #[case("Start (UTC)", "Time UTC")]
    #[case("End (UTC)", "End UTC")]
    #[case("End time", "End -")]
    #[case("End date", "EndDate -")]
    #[case("Start date", "Date -")]
    #[case("Start date/time", "Time -")]
    #[case("End date/time (UTC)", "End UTC")]
    #[case("End TZ", "Zone -")]
    #[case("AM/PM", "Zone -")]
    #[case("Release date", "Text -")]
    #[case("Date (UTC)", "Date UTC")]
    #[case("Datum", "Date -")]
    #[case("TZ", "Zone -")]
    #[case("Time zone", "Zone -")]
    #[case("UTC", "Time UTC")]
    #[case("Time (HQ)", "Time refused")]
    #[case("Time (UTC/CET)", "Time refused")]
    #[case("Time (IST)", "Time refused")]
    #[case("Time UTC±0", "Time refused")]
    #[case("Time<sup>UTC</sup>", "Time refused")]
    #[case("Time (ET)", "Time America/New_York")]
    #[case("ET", "Time America/New_York")]
    #[case("DATE ET HEURE", "Time -")]
    #[case("Elapsed", "Elapsed -")]
    #[case("T+", "Elapsed -")]
    #[case("Δ", "Elapsed -")]
    #[case("Time since start", "Elapsed -")]
    #[case("Time elapsed", "Elapsed -")]
    #[case("Relative time", "Elapsed -")]
    #[case("Minutes", "Elapsed -")]
    #[case("Uptime", "Elapsed -")]
    #[case("Recording time", "Elapsed -")]
    #[case("mm:ss", "Elapsed -")]
    #[case("Time (hh:mm:ss)", "Time -")]
    #[case("t0+", "Elapsed -")]
    #[case("Zeit seit Beginn", "Elapsed -")]
    #[case("Time (min)", "Elapsed -")]
    #[case("Down since", "Text -")]
    #[case("Event", "Text -")]
    #[case("Event/Action", "Text -")]
    #[case("Time to detect", "Text -")]
    #[case("Time spent", "Text -")]
    #[case("What happened", "Text -")]
    #[case("Owner (team)", "Text -")]
    #[case("", "Text -")]
    fn heads_of_columns_are_read(#[case] head: &str, #[case] expected: &str) {
        let zone = Zone::find("Europe/Berlin").unwrap();
        let now = parse_utc("2026-11-27T20:00:00Z").unwrap();
        let cell = read_head_cell(head, &TimeContext::new(now, &zone));
        let zone = match &cell.zone {
            None => "-",
            Some(Ok(zone)) => zone.name(),
            Some(Err(_)) => "refused",
        };
        assert_eq!(format!("{:?} {zone}", cell.column), expected, "{head}");
    }
}
