//! `bridgelog task`: asks (to be done during the incident) and follow-ups (after it).

use super::{
    error::Result,
    global::GlobalArgs,
    json,
    log_output::print_logged,
    out::{BOLD, CYAN, DIM, Out, RED},
    view,
};
use crate::{
    domain::{
        incident::Incident,
        sanitize,
        task::{Task, TaskState, TaskType, ask_due},
        time::{OffsetTime, UtcTime, format_duration, format_utc},
        when,
        zone::Zone,
    },
    ops::{
        OpsError,
        task::{self, SavedTask, TaskPatch, TaskTransition},
    },
};
use clap::{Args, Subcommand};
use serde_json::json;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    bridgelog task add 'Warm standby' --owner raj --due 2012-09-30 --prevents\n  \
    bridgelog task done kvnqrs '40 s'")]
pub struct TaskArgs {
    #[command(subcommand)]
    command: TaskCommand,
}

#[derive(Debug, Subcommand)]
enum TaskCommand {
    /// Add a request for now (--within), or a follow-up task
    #[command(
        after_help = "Example:\n  bridgelog task add 'check the lag' --within 5m --owner ann"
    )]
    Add(AddArgs),
    /// List the requests and follow-up tasks of the incident
    #[command(after_help = "Example:\n  bridgelog task list 7 --json")]
    List(ListArgs),
    /// Start a follow-up task
    #[command(after_help = "Example:\n  bridgelog task start kvnqrs --at 2012-08-20")]
    Start(TransitionArgs),
    /// Close a request with its outcome, or finish a follow-up task
    #[command(after_help = "Example:\n  bridgelog task done kvnqrs 'the lag is 40 s'")]
    Done(TransitionArgs),
    /// Decline a follow-up task, with a reason
    #[command(after_help = "Example:\n  bridgelog task decline kvnqrs --reason 'too costly'")]
    Decline(DeclineArgs),
    /// Change a follow-up task; only what is given changes
    #[command(after_help = "Example:\n  bridgelog task set kvnqrs --owner raj --due 2012-09-30")]
    Set(SetArgs),
}

#[derive(Debug, Args)]
struct AddArgs {
    /// The task
    #[arg(required = true)]
    text: Vec<String>,
    /// Make it a request for now, due within this time: 5m, 1h30m
    #[arg(
        long,
        value_name = "TIME",
        conflicts_with_all = ["due", "type_", "ticket", "prevents", "shortens", "since"]
    )]
    within: Option<String>,
    #[command(flatten)]
    fields: TaskFields,
    /// Print the task as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Debug, Args)]
struct TaskFields {
    /// When a follow-up task is due
    #[arg(long, value_name = "WHEN")]
    due: Option<String>,
    /// The owner
    #[arg(long, value_name = "WHO")]
    owner: Option<String>,
    /// The type: prevent, detect, mitigate, process, other
    #[arg(long = "type", value_name = "TYPE")]
    type_: Option<TaskType>,
    /// The ticket that tracks it elsewhere
    #[arg(long, value_name = "TICKET")]
    ticket: Option<String>,
    /// It would have prevented this incident
    #[arg(long, conflicts_with = "shortens")]
    prevents: bool,
    /// It would have made this incident shorter
    #[arg(long)]
    shortens: bool,
    /// When it was planned
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    since: Option<String>,
    /// Customer wording: the only text of the task that customers can read
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    customer: Option<String>,
}

impl TaskFields {
    fn into_patch(self, text: Option<String>) -> TaskPatch {
        TaskPatch {
            text,
            type_: self.type_,
            owner: self.owner,
            due: self.due,
            ticket: self.ticket,
            prevents: self
                .prevents
                .then_some(true)
                .or(self.shortens.then_some(false)),
            shortens: self
                .shortens
                .then_some(true)
                .or(self.prevents.then_some(false)),
            since: self.since,
            customer: self.customer,
            state: None,
            at: None,
            reason: None,
        }
    }
}

#[derive(Debug, Args)]
struct ListArgs {
    /// The incident [default: the open one, else the latest]
    #[arg(value_name = "REF")]
    reference: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct TransitionArgs {
    /// The task or request
    handle: String,
    /// When [default: now]
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    at: Option<String>,
    /// The outcome
    text: Vec<String>,
}

#[derive(Debug, Args)]
struct DeclineArgs {
    /// The task or request
    handle: String,
    /// The reason
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

#[derive(Debug, Args)]
struct SetArgs {
    /// The task or request
    handle: String,
    /// The text of the task
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
    /// The state: planned, started, done, declined
    #[arg(long, value_name = "STATE")]
    state: Option<TaskState>,
    #[command(flatten)]
    fields: TaskFields,
}

pub(super) fn run(global: &GlobalArgs, args: TaskArgs, out: &Out) -> Result {
    match args.command {
        TaskCommand::Add(args) => add(global, args, out),
        TaskCommand::List(args) => list(global, &args, out),
        TaskCommand::Start(args) => transition(global, &args, TaskState::Started, out),
        TaskCommand::Done(args) => transition(global, &args, TaskState::Done, out),
        TaskCommand::Decline(args) => change_state(
            global,
            &args.handle,
            TaskState::Declined,
            None,
            &args.reason,
            out,
        ),
        TaskCommand::Set(args) => {
            let mut session = global.open_existing()?;
            let patch = TaskPatch {
                state: args.state,
                ..args.fields.into_patch(args.text)
            };
            report_task("set", &task::set(&mut session, &args.handle, &patch)?, out)
        }
    }
}

fn add(global: &GlobalArgs, args: AddArgs, out: &Out) -> Result {
    let mut session = global.open_existing()?;
    let patch = args.fields.into_patch(Some(args.text.join(" ")));
    patch.check_given()?;
    if let Some(within) = &args.within {
        let seconds = when::parse_length(within)
            .and_then(|s| u32::try_from(s).ok())
            .ok_or_else(|| {
                OpsError::usage(format!("--within `{within}` is not a duration, such as 5m"))
                    .with_hint("5m, 90s, 1h30m")
            })?;
        let logged = task::add_ask(&mut session, None, &patch, seconds)?;
        return print_logged(&session, &logged, args.json, out);
    }
    let saved = task::add(&mut session, None, &patch)?;
    if args.json {
        for notice in &saved.notices {
            out.print_note(notice);
        }
        let id = session.resolve_target(&saved.handle)?;
        let record = crate::domain::incident::Record::new(&id.current, saved.handle, saved.task)
            .ok_or_else(|| OpsError::failed("a task has no id"))?;
        return out.print_json(&json::TaskJson::new(&record, session.now()));
    }
    report_task("added", &saved, out)
}

fn transition(global: &GlobalArgs, args: &TransitionArgs, state: TaskState, out: &Out) -> Result {
    let (outcome, at) = (args.text.join(" "), args.at.as_deref());
    change_state(global, &args.handle, state, at, &outcome, out)
}

fn change_state(
    global: &GlobalArgs,
    handle: &str,
    state: TaskState,
    at: Option<&str>,
    outcome: &str,
    out: &Out,
) -> Result {
    let mut session = global.open_existing()?;
    match task::set_state(&mut session, handle, state, at, outcome)? {
        TaskTransition::FollowUp(saved) => report_task(&state.to_string(), &saved, out),
        TaskTransition::Ask(logged) => print_logged(&session, &logged, false, out),
    }
}

fn report_task(verb: &str, saved: &SavedTask, out: &Out) -> Result {
    let zone = Zone::find(&saved.incident.zone)?;
    out.print_line(&format!(
        "{verb} {CYAN}{}{CYAN:#} in {}: {}",
        saved.handle,
        view::short_ref(&saved.incident),
        format_task(&saved.task, &zone)
    ));
    if let Some(customer) = &saved.task.customer {
        out.print_line(&format!(
            "  customers will read: {}",
            sanitize::line(customer)
        ));
    }
    for notice in &saved.notices {
        out.print_note(notice);
    }
    Ok(())
}

fn format_task(task: &Task, zone: &Zone) -> String {
    let text = task
        .redacted
        .as_ref()
        .map_or_else(|| task.text.clone(), |why| format!("[redacted: {why}]"));
    let day = |what: &str, at: OffsetTime| {
        format!("{what} {}", zone.to_local(at.into()).format("%Y-%m-%d"))
    };
    let facts: Vec<String> = [
        task.type_.as_ref().map(ToString::to_string),
        task.owner.as_ref().map(|o| format!("@{o}")),
        task.due
            .map(|at| format!("due {}", zone.to_local(at.into()).format("%Y-%m-%d %H:%M"))),
        task.since.map(|at| day("planned since", at)),
        task.started_at.map(|at| day("started", at)),
        task.done_at.map(|at| day("done", at)),
        task.ticket.clone(),
        task.prevents.then(|| "would have prevented it".to_owned()),
        task.shortens.then(|| "would have shortened it".to_owned()),
        task.reason.clone().map(|reason| match task.state.known() {
            Some(TaskState::Declined) => format!("because {reason}"),
            _ => reason,
        }),
    ]
    .into_iter()
    .flatten()
    .collect();
    let facts = facts.join(" · ");
    let gap = if facts.is_empty() { "" } else { "  " };
    format!(
        "{BOLD}{:<8}{BOLD:#} {}{gap}{DIM}{}{DIM:#}",
        task.state,
        sanitize::line(&text),
        sanitize::line(&facts)
    )
}

fn list(global: &GlobalArgs, args: &ListArgs, out: &Out) -> Result {
    let session = global.open_existing()?;
    let row = session.resolve_for_read(args.reference.as_deref())?;
    let incident = session.load_incident(&row)?;
    let now = session.now();
    let zone = Zone::find(&row.zone)?;
    let asks = sorted_asks(&incident);
    if args.json {
        let asks: Vec<_> = asks
            .iter()
            .map(|(ask, open)| {
                json!({
                    "handle": ask.handle, "id": ask.id, "text": ask.value.text,
                    "owner": ask.value.people.first(), "open": open,
                    "at": format_utc(ask.value.at_utc()),
                    "due": ask_due(&ask.value).map(format_utc),
                    "overdue": *open && ask_due(&ask.value).is_some_and(|due| due < now),
                })
            })
            .collect();
        let tasks: Vec<_> = incident
            .tasks
            .iter()
            .map(|t| json::TaskJson::new(t, now))
            .collect();
        return out.print_json(&json!({"asks": asks, "tasks": tasks}));
    }
    out.print_line(&view::label(&row));
    for (ask, open) in &asks {
        let state = if *open { "open" } else { "done" };
        out.print_line(&format!(
            "  {CYAN}{}{CYAN:#} ask  {BOLD}{state:<8}{BOLD:#} {}{DIM}{}{DIM:#}{}",
            ask.handle,
            sanitize::one_line(&view::event_text(&ask.value)),
            view::format_people(&ask.value),
            if *open {
                time_left(ask_due(&ask.value), now)
            } else {
                String::new()
            }
        ));
    }
    for task in incident
        .tasks
        .iter()
        .filter(|t| t.value.retracted.is_none())
    {
        let overdue = task.value.is_overdue(now);
        out.print_line(&format!(
            "  {CYAN}{}{CYAN:#} task {}{}{RED}{}{RED:#}",
            task.handle,
            format_task(&task.value, &zone),
            view::other_versions(task.conflicts).unwrap_or_default(),
            if overdue { " overdue" } else { "" }
        ));
    }
    if asks.is_empty() && incident.tasks.is_empty() {
        out.print_line("  no asks and no follow-ups yet");
    }
    Ok(())
}

type AskRow<'a> = (
    &'a crate::domain::incident::Record<crate::domain::event::Event>,
    bool,
);

/// Returns all active asks, each with whether it is open; open ones first, then by due time.
fn sorted_asks(incident: &Incident) -> Vec<AskRow<'_>> {
    let open: Vec<_> = incident.open_asks().into_iter().map(|a| a.id).collect();
    let mut asks: Vec<AskRow<'_>> = incident
        .active_events()
        .filter(|e| e.value.kind == crate::domain::words::Kind::Ask)
        .map(|e| (e, open.contains(&e.id)))
        .collect();
    asks.sort_by_key(|(ask, open)| (!open, ask_due(&ask.value).is_none(), ask_due(&ask.value)));
    asks
}

/// Formats the time left until `due`, or the time since up to a day; empty without a due time.
pub(super) fn time_left(due: Option<UtcTime>, now: UtcTime) -> String {
    let overdue = |by: &str| format!(" {RED}overdue by {by}{RED:#}");
    match due.map(|due| (due - now).num_seconds()) {
        None => String::new(),
        Some(s) if s < -when::MAX_QUIET.num_seconds() => overdue("over a day"),
        Some(s) if s < 0 => overdue(&format_duration(-s)),
        Some(s) => format!(" {DIM}{} left{DIM:#}", format_duration(s)),
    }
}
