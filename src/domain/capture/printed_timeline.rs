//! Recognises what was printed, by the postmortem, `bridgelog show`, `search` or `log`, and is read as lines to
//! log: its columns mean something else than the words of a line.

use super::cells::table_cells;
use crate::domain::{
    handle::{MIN_SHOWN_LEN, is_handle_prefix},
    when::{self, TimeContext},
    words::Kind,
};

/// A line of a printed timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrintedLine {
    /// Has no event: a rule, a heading, the zone of the times.
    Frame,
    /// Has an event in its columns, without all that was logged of it.
    Row,
}

/// The spaces in front of what a row of `bridgelog show` goes on with, at the least.
const SHOW_INDENT: usize = 20;

/// The most words of the time in a row of `bridgelog show`: `20 Nov 23:50-21 Nov 00:10`.
const MAX_TIME_WORDS: usize = 5;

/// Returns what `line` is in a printed timeline; `None` if it is a line to log.
#[must_use]
pub fn printed_line(line: &str, context: &TimeContext<'_>) -> Option<PrintedLine> {
    let line = line.trim();
    let is_web_row = line.starts_with('<') && line.contains("</td>");
    if is_web_row || is_table_row(line, context) || is_show_row(line, context) || is_reply(line) {
        return Some(PrintedLine::Row);
    }
    is_frame(line).then_some(PrintedLine::Frame)
}

/// True for a Markdown heading of the second level or below: `## Impact`. One `#` also begins a comment.
#[must_use]
pub fn is_heading(line: &str) -> bool {
    let line = line.trim();
    let text = line.trim_start_matches('#');
    (2..=6).contains(&(line.len() - text.len())) && (text.is_empty() || text.starts_with(' '))
}

/// True if `line` can be what a row of `bridgelog show` goes on with: it is far indented.
#[must_use]
pub fn continues_printed_row(line: &str) -> bool {
    line.len() - line.trim_start_matches(' ').len() >= SHOW_INDENT
}

/// Returns true where `line` begins a part of a postmortem, false where it ends one.
#[must_use]
pub fn document_part(line: &str) -> Option<bool> {
    let mark = line.trim().strip_prefix("<!-- bridgelog:")?;
    let is_begin = mark.starts_with("begin ");
    (is_begin || mark.starts_with("end ")).then_some(is_begin)
}

/// True for a row of a Markdown table whose first columns are a time and a kind.
fn is_table_row(line: &str, context: &TimeContext<'_>) -> bool {
    let Some(cells) = table_cells(line) else {
        return false;
    };
    let [time, kind, _text, ..] = cells.as_slice() else {
        return false;
    };
    // `comms to execs`
    kind.split_whitespace().next().is_some_and(is_kind)
        && when::parse_leading(time, context).is_some()
}

/// True for a row of `bridgelog show` (time, handle, kind, state, text), or of the app's timeline, which has a
/// glyph for the handle.
fn is_show_row(line: &str, context: &TimeContext<'_>) -> bool {
    let is_glyph = |word: &str| {
        word.chars().count() == 1 && !word.is_ascii() && !matches!(word, "–" | "—" | "→")
    };
    // `23:50-24 Nov 00:10`
    let words: Vec<&str> = line.split_whitespace().take(MAX_TIME_WORDS + 2).collect();
    let mut columns = words.windows(2).skip(1);
    columns.any(|columns| {
        let (handle, kind) = (columns[0], columns[1]);
        // The columns are padded, so that two spaces or more are behind a kind.
        let is_padded = || line.contains(&format!(" {handle} {kind}  "));
        (is_glyph(handle) || is_handle(handle))
            && is_kind(kind)
            && is_padded()
            && when::parse_leading(line, context).is_some()
    })
}

/// True for a hit of `bridgelog search` or a confirmation of `bridgelog log`: it has a handle beside a date.
fn is_reply(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().take(6).collect();
    let is_date = |word: &str| {
        let word = word.trim_start_matches('~');
        chrono::NaiveDate::parse_from_str(word, "%Y-%m-%d").is_ok()
    };
    match words.as_slice() {
        ["logged", "in", _, handle, date, ..]
        | ["logged", "unfiled" | "unassigned", handle, date, ..] => {
            is_handle(handle) && is_date(date)
        }
        [_, date, _time, _zone, handle, kind] => {
            is_date(date) && is_handle(handle) && kind.strip_suffix(':').is_some_and(is_kind)
        }
        _ => false,
    }
}

fn is_handle(word: &str) -> bool {
    word.len() >= MIN_SHOWN_LEN && is_handle_prefix(word)
}

fn is_kind(word: &str) -> bool {
    !matches!(Kind::stored(word), Kind::Other(_))
}

fn is_frame(line: &str) -> bool {
    let is_rule_sign =
        |c: char| "|-=_*+:~–— ".contains(c) || ('\u{2500}'..='\u{257f}').contains(&c);
    let is_rule = || line.chars().all(is_rule_sign) && line.chars().count() >= 3;
    let is_heading = || line.trim_start_matches('#').trim() == "Timeline" && line.starts_with('#');
    let is_comment = || line.starts_with("<!--") && line.ends_with("-->");
    let is_zone_note =
        || line.starts_with("Times are in ") || line.starts_with("Times are those of ");
    is_rule() || is_heading() || is_comment() || is_zone_note() || is_head_of_show(line)
}

/// `#7 Checkout is down  SEV1  ok`, and `open · commander ann · times in UTC` below it.
fn is_head_of_show(line: &str) -> bool {
    const STATES: [&str; 6] = [
        "ok",
        "at-risk",
        "degraded",
        "down",
        "state?",
        "no state yet",
    ];
    let is_title = line.starts_with('#')
        && line
            .rsplit_once("  ")
            .is_some_and(|(_, state)| STATES.contains(&state));
    let parts: Vec<&str> = line.split(" · ").collect();
    let is_status = matches!(parts.as_slice(), ["open" | "resolved", .., last] if last.starts_with("times in "));
    is_title || is_status
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{time::parse_utc, zone::Zone};
    use rstest::rstest;

    fn read(line: &str) -> Option<PrintedLine> {
        let zone = Zone::utc();
        let now = parse_utc("2026-11-26T20:00:00Z").unwrap();
        printed_line(line, &TimeContext::new(now, &zone))
    }

    #[rstest]
    #[case("|---|---|---|")]
    #[case("| :--- | ---: |")]
    #[case("---")]
    #[case("───────────")]
    #[case("═════")]
    #[case("Times are in UTC.")]
    #[case("Times are those of America/New_York (EDT, UTC-04:00).")]
    #[case("## Timeline")]
    #[case("<!-- bridgelog:end timeline -->")]
    #[case("#1 Checkout is down  SEV1  ok")]
    #[case("#7 Mail  no state yet")]
    #[case("open · last recorded 2026-11-21 00:10 UTC · commander root · times in UTC")]
    fn lines_without_an_event_are_the_frame(#[case] line: &str) {
        assert_eq!(read(line), Some(PrintedLine::Frame), "{line}");
    }

    #[rstest]
    #[case(r"| 10:01 | fault | a \| pipe | db | down | root | yusynq |")]
    #[case("| about 10:02 | detect | b |  |  | root | sqwvzr |")]
    #[case("| 10:03–10:20 | decision | c |  |  | root | uxrpws |")]
    #[case("| 23:50 – 21 Nov 00:20 | decision | c |  |  | root | uxrpws |")]
    #[case("| 10:03 EST | comms to execs | d |  |  | root | uxrpws |")]
    #[case("| 10:04 | resolve | over |")]
    #[case("10:01\tfault\ta pipe\tdb\tdown\troot\tyusynq")]
    #[case("   1 2026-11-20 10:01 UTC yusynq fault: a pipe")]
    #[case("logged in 1 yusynq ~2026-11-20 10:01 UTC fault down @db")]
    #[case("logged unfiled yusynq 2026-11-20 10:01 UTC note")]
    #[case("  10:01    yusynq fault     down     a  @db · root")]
    #[case(" ~10:02    sqwvzr detect             b  root")]
    #[case("  10:03-10:20 uxrpws decision           c  root")]
    #[case("<tr><td>10:01</td><td>a</td></tr>")]
    #[case("  23:50-24 Nov 00:10 txuslv action  restart  #r · ann")]
    #[case(" ~23:50-24 Nov 2026 00:10 txuslv action  restart  #r · ann")]
    #[case("  02:25 △ absorbed  first hardware fault; th… ▃ at-risk  »  jw")]
    #[case("  10:00    ntsqzp declare            x  @web · root")]
    fn rows_are_recognized_by_their_columns(#[case] line: &str) {
        assert_eq!(read(line), Some(PrintedLine::Row), "{line}");
    }

    #[rstest]
    #[case("| 10:01 fault: the disk is full")]
    #[case("| 10:01 | the disk is full |")]
    #[case("| 10:01 | ann | the disk is full |")]
    #[case("10:01 supply change ordered")]
    #[case("10:01 yusynq fault is down")]
    #[case("10:01 - fault: is  down")]
    #[case("10:01 - change is  through")]
    #[case("# exported from chat")]
    #[case("#4412 is ok")]
    #[case("Times are hard")]
    #[case("--")]
    #[case("10:01\tthe disk is full\tann")]
    #[case("2026-11-20 10:01 UTC rollup: failed")]
    #[case("logged in 1 minute later")]
    #[case("open · the door")]
    fn lines_that_people_write_are_lines_to_log(#[case] line: &str) {
        assert_eq!(read(line), None, "{line}");
    }
}
