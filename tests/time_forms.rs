//! Every way a person may write a time, as one table (`time_forms.txt`), run through everything that
//! reads one: a line, a block, `--at`, `resolve`, `amend`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

use bridgelog::{
    config::Settings,
    domain::{
        capture::{self, Context, Flags},
        event::Event,
        time::{UtcTime, parse_utc},
        words::Kind,
        zone::Zone,
    },
    ops::{
        Session, SessionOptions, amend,
        batch::{BatchLine, BatchParser},
        context::LineOptions,
        declare::{self, Declaration},
        lifecycle, log,
        write_context::Clock,
    },
    store::OpenOptions,
};

const NOW: &str = "2026-11-26T20:00:00Z";
const TEXT: &str = "pump stopped";
/// Spaces that copied texts have; each form is tried with one of them.
const SPACES: [&str; 5] = ["\u{a0}", "\u{202f}", "\u{2009}", "\u{3000}", "\u{2007}"];

/// How a form is read.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Reading {
    Time(String),
    Noted,
    Refused,
    Text,
}

fn forms() -> Vec<(String, Reading)> {
    include_str!("time_forms.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.rsplit_once(" | "))
        .map(|(form, reading)| {
            let reading = match reading {
                "noted" => Reading::Noted,
                "refused" => Reading::Refused,
                "text" => Reading::Text,
                time => Reading::Time(time.to_owned()),
            };
            (form.to_owned(), reading)
        })
        .collect()
}

fn shown(event: &Event) -> String {
    let shown = |at: UtcTime| {
        let text = at.format("%Y-%m-%d %H:%M:%S%.f").to_string();
        text.strip_suffix(":00").unwrap_or(&text).to_owned()
    };
    let short = |at: UtcTime| {
        let text = shown(at);
        if text.contains('.') {
            text.trim_end_matches('0').to_owned()
        } else {
            text
        }
    };
    let about = if event.approximate { "~" } else { "" };
    let end = event
        .end
        .map_or(String::new(), |end| format!("..{}", short(end.to_utc())));
    format!("{about}{}{end}", short(event.at_utc()))
}

fn session(folder: &std::path::Path) -> Session {
    Session::open(SessionOptions {
        path: folder.join("x.db"),
        store: OpenOptions::default(),
        author: "ann".to_owned(),
        terminal_session: None,
        clock: Clock::Fixed(parse_utc(NOW).unwrap()),
        seed: Some("forms".to_owned()),
        default_zone: Some("Europe/Berlin".to_owned()),
        default_incident: None,
        settings: Settings::default(),
    })
    .unwrap()
}

/// Declares an incident that began long ago and whose newest event is at now; returns its handle.
fn incident(session: &mut Session) -> String {
    let declared = declare::declare(
        session,
        &Declaration {
            title: "forms".to_owned(),
            at: Some("2023-01-01 00:00".to_owned()),
            ..Declaration::default()
        },
    )
    .unwrap();
    let handle = declared.incident.handle;
    log::log_line(session, "begins", &Flags::default(), &options(&handle)).unwrap();
    handle
}

fn options(handle: &str) -> LineOptions {
    LineOptions::for_typed_line(Some(handle))
}

/// What a use case made of a line: the time, whether a notice said that a time was not understood, or
/// the error.
type Outcome = Result<(Event, bool), String>;

fn is_unread_notice(notice: &str) -> bool {
    notice.contains("was kept as text")
}

/// Returns what is wrong with `outcome`, if anything. With `noted_is_refused`, a line that would be
/// noted has to be refused.
fn difference(reading: &Reading, outcome: &Outcome, noted_is_refused: bool) -> Option<String> {
    let now = Event::new(parse_utc(NOW).unwrap().fixed_offset(), Kind::Note, "");
    let is_now = |event: &Event| event.at_utc() == now.at_utc() && event.end.is_none();
    let fits = match (reading, outcome) {
        (Reading::Time(time), Ok((event, false))) => shown(event) == *time,
        (Reading::Noted, Err(_)) => noted_is_refused,
        (Reading::Noted, Ok((event, true))) => !noted_is_refused && is_now(event),
        (Reading::Text, Ok((event, false))) => is_now(event),
        (Reading::Refused, Err(_)) => true,
        _ => false,
    };
    (!fits).then(|| match outcome {
        Ok((event, noted)) => format!("read as {} (noted: {noted})", shown(event)),
        Err(error) => format!("refused: {error}"),
    })
}

fn log_outcome(session: &mut Session, handle: &str, line: &str) -> Outcome {
    log::log_line(session, line, &Flags::default(), &options(handle))
        .map(|logged| {
            let noted = logged.notices.iter().any(|n| is_unread_notice(n));
            (logged.event.value, noted)
        })
        .map_err(|error| error.message)
}

fn batch_outcome(session: &Session, handle: &str, line: &str) -> Outcome {
    let row = session.resolve_for_write(Some(handle)).unwrap();
    let context = session
        .line_context(row.as_ref(), &options(handle))
        .unwrap();
    let mut parser = BatchParser::new(context);
    parser.begin_block([line]);
    match parser.parse_line(session, 1, line, &Flags::default(), false) {
        Ok(BatchLine::Event(event)) => Ok((event.event, false)),
        Ok(BatchLine::Day(day)) => Err(format!("a day line: {day}")),
        Err(error) => Err(error.message),
    }
}

fn at_outcome(form: &str) -> Outcome {
    let context = Context::new(
        parse_utc(NOW).unwrap(),
        Zone::find("Europe/Berlin").unwrap(),
    );
    let flags = Flags {
        at: Some(form.to_owned()),
        ..Flags::default()
    };
    let parsed = capture::parse(TEXT, &flags, &context).map_err(|error| error.to_string())?;
    Ok((
        parsed.into_event(&context).map_err(|e| e.to_string())?,
        false,
    ))
}

#[test]
fn every_form_is_read_right_noted_or_refused_wherever_a_time_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = session(folder.path());
    let mut wrong = Vec::new();
    let (mut understood, mut noted, mut refused, mut text) = (0, 0, 0, 0);
    let forms = forms();
    assert!(forms.len() >= 250, "{}", forms.len());
    for (form, reading) in &forms {
        match reading {
            Reading::Time(_) => understood += 1,
            Reading::Noted => noted += 1,
            Reading::Refused => refused += 1,
            Reading::Text => text += 1,
        }
        let handle = incident(&mut session);
        let mut check = |how: &str, outcome: Outcome, noted_is_refused: bool| {
            if let Some(difference) = difference(reading, &outcome, noted_is_refused) {
                wrong.push(format!(
                    "{how}: `{form}` should be {reading:?}, was {difference}"
                ));
            }
        };
        let line = format!("{form} {TEXT}");
        check("log", log_outcome(&mut session, &handle, &line), false);
        check("log -", batch_outcome(&session, &handle, &line), true);
        let spaces = form.replace(' ', "\u{a0}");
        if matches!(reading, Reading::Time(_) | Reading::Refused) {
            let space = SPACES[understood % SPACES.len()];
            let line = format!("{}{space}{TEXT}", form.replace(' ', space));
            check(
                "log with other spaces",
                log_outcome(&mut session, &handle, &line),
                false,
            );
        }
        let event = log::log_line(
            &mut session,
            "to amend",
            &Flags::default(),
            &options(&handle),
        )
        .unwrap()
        .event
        .handle;
        let amended = amend::amend(&mut session, &event, &line, &Flags::default());
        let amended = amended
            .map(|amended| {
                let noted = amended.notices.iter().any(|n| is_unread_notice(n));
                (amended.event, noted)
            })
            .map_err(|error| error.message);
        check("amend", amended, false);
        let resolved = lifecycle::resolve(&mut session, Some(&handle), None, &line)
            .map(|logged| {
                let noted = logged.notices.iter().any(|n| is_unread_notice(n));
                (logged.event.value, noted)
            })
            .map_err(|error| error.message);
        check("resolve", resolved, false);
        // A flag holds a time and nothing else: the same one, or an error.
        for at in [form, &spaces] {
            match (reading, at_outcome(at)) {
                (_, Err(_)) => {}
                (Reading::Time(time), Ok((event, _))) if shown(&event) == *time => {}
                (_, Ok((event, _))) => {
                    wrong.push(format!("--at: `{at}` was read as {}", shown(&event)));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}: \n{}",
        wrong.len(),
        forms.len(),
        wrong.join("\n")
    );
    println!("understood {understood}, noted {noted}, refused {refused}, text {text}, wrong 0");
}

#[test]
fn most_forms_of_a_single_time_are_values_of_at() {
    let plain: Vec<_> = forms()
        .into_iter()
        .take_while(|(form, _)| form != "- 13:50")
        .filter(|(_, reading)| matches!(reading, Reading::Time(_)))
        .collect();
    let refused: Vec<_> = plain
        .iter()
        .filter(|(form, _)| at_outcome(form).is_err())
        .map(|(form, _)| form.as_str())
        .collect();
    // What follows the time in these is text, which a flag does not take.
    assert_eq!(
        refused,
        [
            "Nov 25 23:50:10 host sshd[4]:",
            "2026/11/25 23:50:10 [error] 12#12:",
            "13:50 (ann)",
            "13:50 +2 nodes",
        ]
    );
}
