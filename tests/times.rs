//! Runs the forms of `times.txt` through everything that reads a time: a logged line, `--at`, lines
//! of a block, `resolve`, the correction of an event; each also with no-break spaces.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

use bridgelog::{
    domain::{
        capture::Flags,
        event::Event,
        time::{OffsetTime, UtcTime, parse_utc},
        zone::Zone,
    },
    ops::{
        OpsError, Session, SessionOptions, amend,
        batch::{BatchLine, BatchParser},
        context::LineOptions,
        declare::{Declaration, declare},
        lifecycle, log,
        write_context::Clock,
    },
    store::OpenOptions,
};
use std::{collections::BTreeMap, fmt::Write as _};

/// What follows the time in each line.
const TEXT: &str = "x";

/// Kinds with which a form of the table may begin.
const KINDS: [&str; 13] = [
    "detect",
    "fault",
    "restore",
    "note",
    "decision",
    "comms/customers",
    "comms",
    "verify",
    "ask",
    "cause",
    "finding",
    "factor",
    "suspect",
];

/// What one way of reading makes of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Reading {
    /// The time as the table has it, with `+` where the day was assumed and `!` where the text behind it
    /// may belong to it.
    Understood(String),
    Note,
    Refused(String),
    Text,
}

struct Scene {
    _folder: tempfile::TempDir,
    session: Session,
    event: String,
    event_at: UtcTime,
    is_over: bool,
}

impl Scene {
    fn new(context: &str) -> Self {
        let new_york = "America/New_York";
        let day = "2020-01-01 00:00";
        let (zone, now, declared, newest) = match context {
            "ny" => (new_york, "2026-11-27T15:00:42-05:00", day, "12:00"),
            "berlin" => ("Europe/Berlin", "2026-11-27T15:00:42+01:00", day, "12:00"),
            "fold" => (new_york, "2026-11-01T15:00:42-05:00", day, "12:00"),
            "gap" => (new_york, "2026-03-08T15:00:42-04:00", day, "12:00"),
            "old" | "noted" | "over" => {
                let declared = "2021-06-08 09:47";
                (new_york, "2026-11-27T15:00:42-05:00", declared, declared)
            }
            // Resolved the day before, at 19:30.
            // Resolved at 14:30 of the day.
            "ended" => {
                let declared = "2026-11-27 10:00";
                (new_york, "2026-11-27T15:00:42-05:00", declared, declared)
            }
            "night" => {
                let declared = "2026-11-26 12:00";
                (new_york, "2026-11-27T15:00:42-05:00", declared, declared)
            }
            "cause" => {
                let declared = "2026-11-27 09:00";
                (new_york, "2026-11-27T15:00:42-05:00", declared, "12:00")
            }
            _ => panic!("no context `{context}`"),
        };
        let folder = tempfile::tempdir().unwrap();
        let mut session = Session::open(SessionOptions {
            path: folder.path().join("bridgelog.db"),
            store: OpenOptions::default(),
            author: "ann".to_owned(),
            terminal_session: None,
            clock: Clock::Fixed(parse_utc(now).unwrap()),
            seed: Some("times".to_owned()),
            default_zone: Some(zone.to_owned()),
            default_incident: None,
            settings: bridgelog::config::Settings::default(),
        })
        .unwrap();
        declare(
            &mut session,
            &Declaration {
                title: "Outage".to_owned(),
                at: Some(declared.to_owned()),
                ..Declaration::default()
            },
        )
        .unwrap();
        let date = |context: &str| match context {
            "fold" => "2026-11-01 ",
            "gap" => "2026-03-08 ",
            "old" | "noted" | "over" | "night" | "ended" => "",
            _ => "2026-11-27 ",
        };
        let line = format!("{}{newest} fault: it fails", date(context));
        let options = LineOptions::for_typed_line(None);
        let logged = log::log_line(&mut session, &line, &Flags::default(), &options).unwrap();
        let later = match context {
            "noted" => Some("what is said now has no time"),
            "cause" => Some("2026-11-20 10:00 change: a new version"),
            _ => None,
        };
        if let Some(line) = later {
            log::log_line(&mut session, line, &Flags::default(), &options).unwrap();
        }
        let resolved = match context {
            "over" => Some("2021-06-08 14:30"),
            "night" => Some("2026-11-26 19:30"),
            "ended" => Some("2026-11-27 14:30"),
            _ => None,
        };
        let is_over = resolved.is_some();
        if is_over {
            lifecycle::resolve(&mut session, None, resolved, "").unwrap();
        }
        Self {
            _folder: folder,
            session,
            event: logged.event.handle,
            event_at: logged.event.value.at_utc(),
            is_over,
        }
    }

    /// The incident's number: what is over is only written to by name.
    fn options(&self) -> LineOptions {
        LineOptions::for_typed_line(self.is_over.then_some("1"))
    }

    fn log(&self, line: &str, flags: &Flags) -> Result<(Event, Vec<String>), String> {
        let options = self.options();
        let incident = self
            .session
            .resolve_for_write(options.incident.as_deref())
            .unwrap();
        let mut context = self
            .session
            .line_context(incident.as_ref(), &options)
            .unwrap();
        log::prepare(&self.session, &mut context, line, flags)
            .map(|prepared| (prepared.event, prepared.notices))
            .map_err(|error| error.to_string())
    }

    /// Does `work` and takes it back.
    fn try_out(
        &mut self,
        work: impl FnOnce(&mut Session) -> Result<(Event, Vec<String>), OpsError>,
    ) -> Result<(Event, Vec<String>), String> {
        let mut done = None;
        let _ = self.session.transact(|session| {
            done = Some(work(session).map_err(|error| error.to_string()));
            Err::<(), _>(OpsError::failed("taken back"))
        });
        done.unwrap()
    }

    /// Reads `line` as one of a pasted block, or of standard input.
    fn block(&self, line: &str) -> Result<(Event, Vec<String>), String> {
        let options = LineOptions {
            allow_customer_wording: false,
            ..self.options()
        };
        let incident = self
            .session
            .resolve_for_write(options.incident.as_deref())
            .unwrap();
        let context = self
            .session
            .line_context(incident.as_ref(), &options)
            .unwrap();
        let mut parser = BatchParser::new(context);
        match parser.parse_line(&self.session, 1, line, &Flags::default(), false) {
            Ok(BatchLine::Event(prepared)) => Ok((prepared.event, prepared.notices)),
            Ok(BatchLine::Day(day)) => panic!("`{line}` was read as the day {day}"),
            Ok(BatchLine::Frame | BatchLine::Joined) => panic!("`{line}` was left out"),
            Err(error) => Err(error.to_string()),
        }
    }
}

fn shown_time(at: OffsetTime, own: &str) -> String {
    let seconds = at.format("%S%.f").to_string();
    let seconds = match seconds.as_str() {
        "00" => String::new(),
        _ if seconds.contains('.') => format!(":{}", seconds.trim_end_matches('0')),
        _ => format!(":{seconds}"),
    };
    let offset = at.offset().to_string();
    let offset = if offset == own {
        String::new()
    } else {
        format!(" {offset}")
    };
    format!("{}{seconds}{offset}", at.format("%Y-%m-%d %H:%M"))
}

/// Writes the time of `event` as the table does; `own` gives the offset that the context's zone had
/// then.
fn shown(event: &Event, zone: &Zone) -> String {
    let own = |at: OffsetTime| zone.to_local(at.to_utc()).offset().to_string();
    let mut text = if event.approximate { "~" } else { "" }.to_owned();
    text += &shown_time(event.at, &own(event.at));
    if let Some(end) = event.end {
        let _ = write!(text, "..{}", shown_time(end, &own(end)));
    }
    text
}

/// Compares times without the offsets that are those of the zone, which the table may name or leave
/// out.
fn without_own_offset(text: &str, zone: &Zone) -> String {
    text.split("..")
        .map(|part| {
            let (date, offset) = match part.rsplit_once(' ') {
                Some((date, offset)) if offset.starts_with(['+', '-']) && offset.len() > 1 => {
                    (date, offset)
                }
                _ => return part.to_owned(),
            };
            let form = if date.matches(':').count() > 1 {
                "%Y-%m-%d %H:%M:%S%.f"
            } else {
                "%Y-%m-%d %H:%M"
            };
            let local =
                chrono::NaiveDateTime::parse_from_str(date.trim_start_matches('~'), form).unwrap();
            let at: OffsetTime = chrono::DateTime::parse_from_str(
                &format!("{} {offset}", local.format("%Y-%m-%d %H:%M:%S%.f")),
                "%Y-%m-%d %H:%M:%S%.f %:z",
            )
            .unwrap();
            if zone.to_local(at.to_utc()).offset() == at.offset() {
                date.to_owned()
            } else {
                part.to_owned()
            }
        })
        .collect::<Vec<_>>()
        .join("..")
}

/// Sorts what a whole line gave: `form` is what was typed before the text, and `without_time` what the
/// time would be without it.
fn reading(
    form: &str,
    without_time: UtcTime,
    result: Result<(Event, Vec<String>), String>,
    zone: &Zone,
) -> Reading {
    let (event, notices) = match result {
        Ok(found) => found,
        Err(error) => return Reading::Refused(error),
    };
    let is_noted = notices.iter().any(|n| n.contains("kept as text"));
    let mut words = form.split_whitespace();
    let mut first_word = words.next().unwrap_or_default();
    if first_word
        .strip_suffix(':')
        .is_some_and(|kind| KINDS.contains(&kind))
    {
        first_word = words.next().unwrap_or_default();
    }
    let kept = event.text.starts_with(first_word.trim_start_matches('\\'));
    if kept {
        assert_eq!(
            event.at_utc(),
            without_time,
            "`{form}` was kept and read as well"
        );
        return if is_noted {
            Reading::Note
        } else {
            Reading::Text
        };
    }
    let assumed = notices.iter().any(|n| n.contains("taken as"));
    Reading::Understood(format!(
        "{}{}{}",
        shown(&event, zone),
        if assumed { " +" } else { "" },
        if is_noted || notices.iter().any(|n| n.contains("was read as")) {
            " !"
        } else {
            ""
        }
    ))
}

fn with_no_break_spaces(form: &str, seed: usize) -> String {
    const SPACES: [char; 7] = [
        '\u{a0}', '\u{2007}', '\u{202f}', '\u{2009}', '\u{3000}', '\u{2003}', '\u{205f}',
    ];
    let mut index = seed;
    form.chars()
        .map(|c| {
            if c == ' ' {
                index += 1;
                SPACES[index % SPACES.len()]
            } else {
                c
            }
        })
        .collect()
}

#[test]
fn every_form_of_a_time_is_read_as_the_table_says() {
    let mut scenes: BTreeMap<String, Scene> = BTreeMap::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    let table = include_str!("times.txt");
    let mut is_of_line = false;
    for (number, row) in table.lines().enumerate() {
        if row.starts_with('#') {
            is_of_line = row.ends_with("(in a line)");
        }
        if row.is_empty() || row.starts_with('#') {
            continue;
        }
        let mut fields = row.rsplitn(3, " | ");
        let [expected, context, form] = [(); 3].map(|()| fields.next().expect(row));
        let scene = scenes
            .entry(context.to_owned())
            .or_insert_with(|| Scene::new(context));
        let zone = scene
            .session
            .zone_of(Some(&scene.session.resolve_for_read(Some("1")).unwrap()))
            .unwrap();
        let now = scene.session.now();
        let count = match expected {
            "note" | "mention" => "noted",
            "refused" => "refused",
            "text" => "text",
            _ => "understood",
        };
        *counts.entry(count).or_default() += 1;
        let normal = |text: &str| {
            let mut all = [" + !", " +", " !"].into_iter();
            let marks = all.find(|marks| text.ends_with(marks)).unwrap_or_default();
            let time = &text[..text.len() - marks.len()];
            format!("{}{marks}", without_own_offset(time, &zone))
        };
        for variant in [form.to_owned(), with_no_break_spaces(form, number)] {
            let separator = if variant == form { " " } else { "\u{a0}" };
            let line = format!("{variant}{separator}{TEXT}");
            let mut check = |way: &str, found: Reading, expected: &str, allowed: &[&str]| {
                let found_text = match &found {
                    Reading::Understood(time) => normal(time),
                    Reading::Note if expected == "mention" => "mention".to_owned(),
                    Reading::Note => "note".to_owned(),
                    Reading::Refused(_) => "refused".to_owned(),
                    Reading::Text => "text".to_owned(),
                };
                let is_right = match expected {
                    "note" | "mention" | "refused" | "text" => {
                        found_text == expected || allowed.contains(&found_text.as_str())
                    }
                    time => {
                        let ends_too_early = allowed.contains(&"refused")
                            && matches!(&found, Reading::Refused(why) if why.contains("was declared"));
                        found_text == normal(time) || ends_too_early
                    }
                };
                if !is_right {
                    wrong.push(format!(
                        "{way}: `{variant}` in {context}: expected {expected}, got {found:?}"
                    ));
                }
            };
            let none = Flags::default();
            check(
                "log",
                reading(form, now, scene.log(&line, &none), &zone),
                expected,
                &[],
            );
            // A block refuses by number what a single line notes, where the line begins with it.
            check(
                "block",
                reading(form, now, scene.block(&line), &zone),
                if expected == "note" {
                    "refused"
                } else {
                    expected
                },
                &[],
            );
            let at = Flags {
                at: Some(variant.clone()),
                ..Flags::default()
            };
            // `--at` takes a whole time or nothing; what a line takes as text behind a time is refused.
            let is_time_alone =
                !form.trim_end().ends_with([':', ',', '-', ']']) || form.starts_with('[');
            let has_text = expected.ends_with('!')
                || [
                    "(second", "DNS", "-1000 r", "nginx", "[error]", "servers", "nodes",
                    "requests", "region", "Z-index", "wet", "all good", "10 2024", "\\",
                ]
                .iter()
                .any(|part| form.contains(part));
            let has_marks = form.starts_with(['|', '*', '+', '•', '>', '<', '_', '`', '\\'])
                || ["- ", "1. ", "12) "]
                    .iter()
                    .any(|mark| form.starts_with(mark))
                || form.ends_with('–');
            if is_time_alone && !has_text && !has_marks && !is_of_line {
                let found = match scene.log(TEXT, &at) {
                    Ok(result) => reading(form, now, Ok(result), &zone),
                    Err(error) => Reading::Refused(error),
                };
                check("--at", found, expected, &["refused"]);
            }
            // What resolves has its kind, so that a kind in it is text.
            let has_kind = KINDS
                .iter()
                .any(|kind| form.starts_with(&format!("{kind}:")));
            if scene.is_over || has_kind {
                continue;
            }
            // What ends an incident before it was declared may be refused for that.
            let allowed: &[&str] = if ["old", "noted"].contains(&context) {
                &["refused"]
            } else {
                &[]
            };
            let result = scene.try_out(|session| {
                let logged = lifecycle::resolve(session, None, None, &line)?;
                Ok((logged.event.value, logged.notices))
            });
            check(
                "resolve",
                reading(form, now, result, &zone),
                expected,
                allowed,
            );
            let (handle, before) = (scene.event.clone(), scene.event_at);
            let result = scene.try_out(|session| {
                let amended = amend::amend(session, &handle, &line, &none)?;
                Ok((amended.event, amended.notices))
            });
            // The day of a bare time is that of the event, which needs no notice; a day of another year does.
            let without_notice = |time: &str| match time.strip_suffix(" + !") {
                Some(time) => format!("{time} !"),
                None => time.trim_end_matches(" +").to_owned(),
            };
            // The event has a time already.
            let expected = match expected {
                "mention" => "text".to_owned(),
                expected => without_notice(expected),
            };
            let mut found = reading(form, before, result, &zone);
            if let Reading::Understood(time) = &mut found {
                *time = without_notice(time);
            }
            check("amend", found, &expected, &[]);
        }
    }
    eprintln!("{counts:?}, wrong {}", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
