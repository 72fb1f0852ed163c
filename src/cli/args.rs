//! The top-level arguments. The arguments of a command are in the command's own file.

use super::{
    amend, brief, complete, completions, config, declare, doctor, documents, export, global,
    history, import, ledger, lifecycle, lint, list, log, man, metrics, move_events, person, search,
    service, set, show, stats, status, sync, task, templates, tui, undo, verify, watch, write,
};
use clap::{Parser, Subcommand};

/// The incident commander's log: write down what happens, one line at a time; get the timeline, the
/// metrics, a postmortem and a customer email.
#[derive(Debug, Parser)]
#[command(
    name = "bridgelog",
    bin_name = "bridgelog",
    version,
    max_term_width = 100
)]
pub struct Args {
    #[command(flatten)]
    pub global: global::GlobalArgs,
    #[command(flatten)]
    pub app: tui::AppArgs,
    /// None opens the app on a terminal and prints the status elsewhere.
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Declare an incident
    Declare(declare::DeclareArgs),
    /// Log what happened: one line
    Log(log::LogArgs),
    /// Attach unassigned events to the incident
    Adopt(move_events::AdoptArgs),
    /// Move events to another incident
    Move(move_events::MoveArgs),
    /// Merge one incident into another
    Merge(move_events::MergeArgs),
    /// Show the timeline
    Show(show::ShowArgs),
    /// List the incidents
    List(list::ListArgs),
    /// Print every metric with its formula and its events
    Metrics(metrics::MetricsArgs),
    /// Correct an event; only what is given changes
    Amend(amend::AmendArgs),
    /// Retract an event or a task; the history keeps it
    Retract(amend::RetractArgs),
    /// Destroy a text for good, such as a pasted password
    Redact(amend::RedactArgs),
    /// Show every version of an event, a task or an incident
    History(history::HistoryArgs),
    /// Undo your own last change
    Undo(undo::UndoArgs),
    /// Redo what was undone
    Redo(undo::RedoArgs),
    /// Bring back what was undone or retracted
    RestoreEvent(undo::RestoreArgs),
    /// Set a field of the incident
    Set(set::SetArgs),
    /// Write a section of the postmortem
    Write(write::WriteArgs),
    /// Add requests and follow-up tasks, list them, close them
    Task(task::TaskArgs),
    /// Add a service, set its name for customers, rename or remove it
    Service(service::ServiceArgs),
    /// The people of the incident: list them, rename or remove one
    Person(person::PersonArgs),
    /// Hand over the command
    Handoff(lifecycle::HandoffArgs),
    /// Resolve the incident
    Resolve(lifecycle::ResolveArgs),
    /// Reopen the incident
    Reopen(lifecycle::ReopenArgs),
    /// Summarize the incident, for a handoff or for chat
    Status(status::StatusArgs),
    /// Print the incident for an executive, in at most 120 words
    Brief(brief::BriefArgs),
    /// Search events, tasks and fields by their words
    Search(search::SearchArgs),
    /// Print the postmortem, or write it to a file
    Postmortem(documents::PostmortemArgs),
    /// Draft the customer email
    Email(documents::EmailArgs),
    /// List the near misses; also `near-misses`
    #[command(visible_alias = "near-misses")]
    Ledger(ledger::LedgerArgs),
    /// Check what the documents lack, or must not say
    Lint(lint::LintArgs),
    /// Check every entry of the database, by its hashes
    Verify(verify::VerifyArgs),
    /// Export the journal, a table of events, or an attached file
    Export(export::ExportArgs),
    /// Import a chat, alerts, tickets, logs or another journal
    Import(import::ImportArgs),
    /// Log each line of a file or a pipe as it comes
    Watch(watch::WatchArgs),
    /// Make this database and a hub equal
    Sync(sync::SyncArgs),
    /// Set up and show the hub, where several machines meet
    Hub(sync::HubArgs),
    /// Copy the database to a file, and check the copy
    Backup(verify::BackupArgs),
    /// Compare the incidents of a period
    Stats(stats::StatsArgs),
    /// List, show, copy and check the templates of the documents
    Templates(templates::TemplatesArgs),
    /// Print the completions for a shell
    Completions(completions::CompletionsArgs),
    /// Show and change the settings
    Config(config::ConfigArgs),
    /// Check the database, the settings and the terminal
    Doctor(doctor::DoctorArgs),
    /// Print a manual page
    Man(man::ManArgs),
    /// Complete a command line, for the scripts of `completions`
    #[command(hide = true)]
    CompleteWords(complete::CompleteArgs),
    /// Try the app on a sample incident in a temporary file
    #[command(after_help = "Example:\n  bridgelog demo")]
    Demo(tui::AppArgs),
}
