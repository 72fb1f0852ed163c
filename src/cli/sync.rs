//! `bridgelog sync` and `bridgelog hub`: where several machines meet.

use super::{
    error::Result,
    global::GlobalArgs,
    out::{BOLD, Out},
};
use crate::{
    config,
    domain::{
        count::counted,
        sanitize,
        time::{UtcTime, format_duration},
    },
    ops::{
        OpsError, Session,
        sync::{self, Difference, Hub, HubAddress, SyncReport},
    },
};
use clap::{Args, Subcommand, ValueHint};
use serde_json::json;

#[derive(Debug, Args)]
#[command(
    after_help = "Every machine keeps its own database and writes to it whatever else is down. A hub is where the databases\n\
    meet: a directory (a mount, a folder that is kept in step, a stick) or a PostgreSQL database. A sync brings\n\
    to each what it lacks; nothing is overwritten.\n\n\
    An incident with `set private yes` stays here; the setting `share` says what else does.\n\n\
    Examples:\n  bridgelog sync /mnt/team/bridgelog\n  bridgelog sync postgres://bridgelog@db.avr.example/bridgelog\n  \
    bridgelog sync            with the setting `hub` or BRIDGELOG_HUB\n  \
    bridgelog sync --check    what would move; exit status 3 if anything would"
)]
pub struct SyncArgs {
    /// A directory or a postgres:// URL without a password [default: the setting `hub`]
    #[arg(value_name = "HUB", value_hint = ValueHint::DirPath)]
    hub: Option<String>,
    /// Say what would move, and move nothing
    #[arg(long)]
    check: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bridgelog hub init postgres://owner@db.avr.example/bridgelog\n  \
    bridgelog hub init /mnt/team/bridgelog\n  bridgelog hub status\n  bridgelog hub sql --grant bridgelog > hub.sql"
)]
pub struct HubArgs {
    #[command(subcommand)]
    command: HubCommand,
}

#[derive(Debug, Subcommand)]
enum HubCommand {
    /// Make a directory or a PostgreSQL database a hub
    #[command(after_help = "Example:\n  bridgelog hub init /mnt/team/bridgelog")]
    Init {
        /// A directory that exists, or a postgres:// URL of the database's owner [default: the setting `hub`]
        #[arg(value_name = "HUB", value_hint = ValueHint::DirPath)]
        hub: Option<String>,
        /// PostgreSQL: the role that may sync, and nothing else
        #[arg(long, value_name = "ROLE")]
        grant: Option<String>,
    },
    /// Show the hub, what is not sent yet, and who is there
    #[command(after_help = "Example:\n  bridgelog hub status --json")]
    Status {
        /// A directory or a postgres:// URL [default: the setting `hub`]
        #[arg(value_name = "HUB", value_hint = ValueHint::DirPath)]
        hub: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the SQL of `hub init`, for a database owner who runs it himself
    #[command(after_help = "Example:\n  bridgelog hub sql --grant bridgelog > hub.sql")]
    Sql {
        /// The role that may sync, and nothing else
        #[arg(long, value_name = "ROLE")]
        grant: Option<String>,
    },
}

pub(super) fn run(global: &GlobalArgs, args: &SyncArgs, out: &Out) -> Result {
    let mut session = global.open_or_create()?;
    let address = sync::find_hub(&session.settings, args.hub.as_deref())?;
    let mut hub = open_hub(&session, &address, args, out)?;
    if args.check {
        let difference = sync::compare(&mut session, hub.as_mut())?;
        return report_difference(&difference, hub.name(), args.json, out);
    }
    let report = sync::sync(&mut session, hub.as_mut())?;
    let notices = sync::notices(&session, &report);
    if args.json {
        out.print_json(&report_json(&report, hub.name(), &notices))?;
    } else {
        out.print_line(&sanitize::line(&report_line(&report, hub.name())));
        for notice in &notices {
            out.print_note(notice);
        }
        print_held_back(report.sent.held_back, out);
    }
    report.receiving?;
    Ok(report.sending?)
}

/// Opens the hub. A directory that is named on the command line for the first time becomes one.
fn open_hub(
    session: &Session,
    address: &HubAddress,
    args: &SyncArgs,
    out: &Out,
) -> Result<Box<dyn Hub + Send>> {
    if let HubAddress::Directory(path) = address
        && args.hub.is_some()
        && !args.check
        && !sync::is_hub(path)
        && !sync::is_known(session, &path.display().to_string())?
        && sync::init_directory(path)?
    {
        out.print_note(&format!("{} is a hub now", path.display()));
    }
    address.open()
}

/// Says how many entries of private incidents were not sent.
fn print_held_back(count: usize, out: &Out) {
    if count > 0 {
        out.print_note(&format!(
            "{} of private incidents stay here",
            counted(count, "entry", "entries")
        ));
    }
}

fn report_line(report: &SyncReport, name: &str) -> String {
    let mut parts = vec![
        format!(
            "received {}",
            counted(report.received.entries, "entry", "entries")
        ),
        format!("sent {}", report.sent.entries),
    ];
    if report.receiving.is_ok() && report.sending.is_ok() {
        parts.push(format!("in step with {name}"));
    }
    parts.extend(sync::clock_sentence(
        report.memory.notes.clock_offset_micros,
    ));
    parts.join(" · ")
}

fn report_json(report: &SyncReport, name: &str, notices: &[String]) -> serde_json::Value {
    let notes = &report.memory.notes;
    json!({
        "hub": name,
        "received": report.received.entries,
        "sent": report.sent.entries,
        "held_back": report.sent.held_back,
        "in_step": report.receiving.is_ok() && report.sending.is_ok(),
        "clock_offset_micros": notes.clock_offset_micros,
        "forks": report.received.forks,
        "altered": notes.altered,
        "unknown": report.received.unknown,
        "hub_went_back": report.hub_went_back,
        "new_origin": report.new_origin,
        "notices": notices,
    })
}

fn report_difference(difference: &Difference, name: &str, json: bool, out: &Out) -> Result {
    if json {
        out.print_json(&json!({
            "hub": name,
            "to_receive": difference.to_receive,
            "to_send": difference.to_send,
            "held_back": difference.held_back,
        }))?;
    } else {
        out.print_line(&sanitize::line(&format!(
            "to receive: {}; to send: {}; {name}",
            difference.to_receive, difference.to_send
        )));
    }
    if difference.to_receive + difference.to_send == 0 {
        return Ok(());
    }
    Err(OpsError::check_failed("this machine and the hub differ")
        .with_hint("`bridgelog sync` makes them equal"))
}

pub(super) fn hub(global: &GlobalArgs, args: &HubArgs, out: &Out) -> Result {
    match &args.command {
        HubCommand::Init { hub, grant } => init(hub.as_deref(), grant.as_deref(), out),
        HubCommand::Status { hub, json } => status(global, hub.as_deref(), *json, out),
        HubCommand::Sql { grant } => {
            out.print(&sync::init_sql(grant.as_deref())?);
            Ok(())
        }
    }
}

fn init(hub: Option<&str>, grant: Option<&str>, out: &Out) -> Result {
    let settings = config::Settings::load()?;
    let address = sync::find_hub(&settings, hub)?;
    let made = match &address {
        HubAddress::Directory(_) if grant.is_some() => {
            return Err(OpsError::usage("--grant is for PostgreSQL")
                .with_hint("who may write to a directory is up to its permissions"));
        }
        HubAddress::Directory(path) => sync::init_directory(path)?,
        HubAddress::Postgres(url) => sync::init_postgres(url, grant)?,
    };
    let name = sanitize::line(&address.shown()).into_owned();
    out.print_line(&match made {
        true => format!("{name} is a hub now"),
        false => format!("{name} was a hub already; nothing was changed"),
    });
    Ok(())
}

fn status(global: &GlobalArgs, hub: Option<&str>, as_json: bool, out: &Out) -> Result {
    let mut session = global.open_existing()?;
    let address = sync::find_hub(&session.settings, hub)?;
    let mut hub = address.open()?;
    let difference = sync::compare(&mut session, hub.as_mut())?;
    let memory = sync::memory(&session, hub.key())?;
    let others = sync::others(&session, hub.as_mut())?;
    let facts = hub.facts()?;
    let now = session.now();
    let ago = |at: Option<UtcTime>| {
        at.map_or_else(
            || "never".to_owned(),
            |at| format!("{} ago", format_duration((now - at).num_seconds().max(0))),
        )
    };
    if as_json {
        return out.print_json(&json!({
            "hub": hub.name(),
            "to_receive": difference.to_receive,
            "to_send": difference.to_send,
            "held_back": difference.held_back,
            "received_at": memory.notes.received,
            "sent_at": memory.notes.sent,
            "clock_offset_micros": memory.notes.clock_offset_micros,
            "facts": facts.iter().map(|(name, value)| json!({"name": name, "value": value})).collect::<Vec<_>>(),
            "present": others.iter().map(|other| json!({
                "author": other.author, "machine": other.machine,
                "incident": other.incident, "seen": other.seen,
            })).collect::<Vec<_>>(),
        }));
    }
    out.print_line(&format!("{BOLD}{}{BOLD:#}", sanitize::line(hub.name())));
    out.print_line(&format!(
        "to send: {} · sent {}",
        difference.to_send,
        ago(memory.notes.sent)
    ));
    out.print_line(&format!(
        "to receive: {} · received {}",
        difference.to_receive,
        ago(memory.notes.received)
    ));
    print_held_back(difference.held_back, out);
    for (name, value) in &facts {
        out.print_line(&sanitize::line(&format!("{name}: {value}")));
    }
    for other in &others {
        let incident = match other.incident {
            Some(id) => session.read().handle_of(id)?,
            None => "no incident".to_owned(),
        };
        out.print_line(&sanitize::line(&format!(
            "there: {} ({}), {incident}, seen {}",
            other.author,
            other.machine,
            ago(Some(other.seen))
        )));
    }
    Ok(())
}
