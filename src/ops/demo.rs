//! The worked example, with its incident still open, in a throw-away file.

use super::{
    OpsError, Result, Session, SessionOptions,
    context::LineOptions,
    declare::{Declaration, declare},
    field, log, service, task,
};
use crate::domain::{
    capture::Flags,
    task::TaskType,
    words::{Severity, State, Word},
};
use tempfile::TempDir;

/// Minutes before now, and the line.
const OPEN_INCIDENT_LINES: [&str; 12] = [
    "-2h48m absorbed: first hardware fault on @online-db; the redundant hardware took over #hardware tell: Earlier that morning the server's redundant hardware had caught a first fault, and nobody was interrupted.",
    "~-42m fault: second fault while running degraded; @online-db halted #hardware !down tell: A hardware fault halted one of the database servers behind AVR Online.",
    "-39m detect: monitoring pages on-call, @online-db does not answer",
    "-37m ack: on it @jw",
    "-33m comms: status page says investigating tell: We are investigating an outage of AVR Online.",
    "-27m suspect: a failed controller; the vendor cannot say how long a repair takes",
    "-18m decision: move a system image of @online-db to other hardware why: the length of a repair is unknown, the image is from this morning not: wait for the vendor tell: Nobody could say how long a repair would take, so we decided to move an image of the whole system onto other hardware.",
    "-16m ask: find a spare chassis with the same controller @ann 10m",
    "-12m action: image copy to the spare chassis under way #hardware",
    "-9m finding: the copy runs at 90 MB/s, about 40 minutes for the whole image #storage",
    "-6m ask: confirm the image boots on the spare chassis @raj 20m",
    "-3m note: support counts 14 calls so far @support",
];

/// The authors of the lines, in turn.
const AUTHORS: [&str; 3] = ["jw", "pager", "ann"];

/// Opens a session on the worked example. The database file is deleted with the returned folder.
///
/// # Errors
/// No temporary folder can be made, or the store fails.
pub fn open_demo(mut options: SessionOptions) -> Result<(TempDir, Session)> {
    let folder = tempfile::Builder::new()
        .prefix("bridgelog-demo-")
        .tempdir()
        .map_err(|e| {
            OpsError::failed("no temporary folder for the demo")
                .with_hint("set TMPDIR to a folder that can be written to")
                .with_source(e)
        })?;
    options.path = folder.path().join("demo.db");
    options.default_incident = None;
    let mut session = Session::open(options)?;
    fill(&mut session)?;
    Ok((folder, session))
}

/// Absorbed faults logged before, while no incident was open.
const ABSORBED_FAULT_LINES: [&str; 4] = [
    "-1608h absorbed: a disk of @search-db failed, its mirror took over #mirror",
    "-1596h restore: @search-db has a new disk",
    "-1150h absorbed: one power supply of @mail failed, the other carried it #power",
    "-1128h restore: @mail has two power supplies again",
];

fn fill(session: &mut Session) -> Result<()> {
    log_lines(session, &ABSORBED_FAULT_LINES)?;
    let search = Declaration {
        title: "Search answers slowly".into(),
        severity: Severity::new(4).map(Word::Known),
        services: vec!["search-db".into()],
        state: Some(State::Degraded),
        at: Some("-792h".into()),
        ..Declaration::default()
    };
    declare(session, &search)?;
    log_lines(
        session,
        &[
            "-791h45m detect: the latency alert fires",
            "-791h10m restore: the index is rebuilt @search-db",
        ],
    )?;
    super::lifecycle::resolve(session, None, Some("-791h"), "back to normal")?;
    let earlier = Declaration {
        title: "Slow logins after a cache restart".into(),
        severity: Severity::new(3).map(Word::Known),
        services: vec!["login".into()],
        state: Some(State::Degraded),
        at: Some("-3h50m".into()),
        ..Declaration::default()
    };
    declare(session, &earlier)?;
    log_lines(
        session,
        &[
            "-3h48m cause: the cache came up empty and every login went to the database @login",
            "-3h30m restore: the cache is warm again @login tell: Logins are quick again.",
        ],
    )?;
    super::lifecycle::resolve(session, None, Some("-3h20m"), "warm for ten minutes")?;
    let declaration = Declaration {
        title: "AVR Online outage".into(),
        severity: Severity::new(1).map(Word::Known),
        services: vec!["online-db".into()],
        commander: Some("jw".into()),
        at: Some("-34m".into()),
        ..Declaration::default()
    };
    declare(session, &declaration)?;
    let me = std::mem::take(&mut session.write_context.author);
    for (at, line) in OPEN_INCIDENT_LINES.into_iter().enumerate() {
        AUTHORS[at % AUTHORS.len()].clone_into(&mut session.write_context.author);
        log_lines(session, &[line])?;
    }
    session.write_context.author = me;
    service::set_service(session, None, "online-db", Some("AVR Online"))?;
    for (name, value) in [
        ("product", "AVR Online"),
        (
            "customer-scope",
            "a small share of AVR Online customers: those whose database is on that server",
        ),
        ("next-update", "4m"),
    ] {
        field::set(session, None, name, value, None)?;
    }
    let follow_up = task::TaskPatch {
        text: Some("Fail over to a warm standby".into()),
        type_: Some(TaskType::Prevent),
        owner: Some("raj".into()),
        prevents: Some(true),
        customer: Some("A second server that takes over by itself when the first one fails".into()),
        ..task::TaskPatch::default()
    };
    task::add(session, None, &follow_up)?;
    field::write_section(
        session,
        None,
        "summary",
        "A second hardware fault halted `online-db` while it was already running on its reserve \
         after a first one.",
    )?;
    Ok(())
}

fn log_lines(session: &mut Session, lines: &[&str]) -> Result<()> {
    for line in lines {
        log::log_line(
            session,
            line,
            &Flags::default(),
            &LineOptions::for_typed_line(None),
        )?;
    }
    Ok(())
}
