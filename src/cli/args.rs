//! The top-level arguments. The arguments of a command are in the command's own file.

use super::{
    amend, completions, declare, documents, export, global, history, ledger, lifecycle, lint, list,
    log, metrics, move_events, person, search, service, set, show, stats, status, task, templates,
    tui, undo, verify, write,
};
use clap::{Parser, Subcommand};

/// The incident commander's log book: write down what happens, one line at a time; get a timeline,
/// the figures, a postmortem and a customer email.
#[derive(Debug, Parser)]
#[command(
    name = "bridgelog",
    version,
    max_term_width = 100,
    after_help = "A first incident:\n  \
        bridgelog declare 'Checkout is failing' --severity sev2 --service checkout --state degraded\n  \
        bridgelog log '-4m detect: error rate alert @checkout'\n  \
        bridgelog log 'mitigate: rolled back the deploy tell: We have undone a change.'\n  \
        bridgelog resolve\n  \
        bridgelog postmortem\n\n\
        Quote a line in single quotes: shells eat ! # > and apostrophes. `bridgelog log` alone\n\
        opens a prompt that needs no quotes."
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
    /// Begin an incident
    Declare(declare::DeclareArgs),
    /// Write down what happened: one line
    Log(log::LogArgs),
    /// Take unfiled events into the incident
    Adopt(move_events::AdoptArgs),
    /// Move events to another incident
    Move(move_events::MoveArgs),
    /// Join one incident to another
    Merge(move_events::MergeArgs),
    /// The timeline
    Show(show::ShowArgs),
    /// The incidents
    List(list::ListArgs),
    /// Every figure, with its formula and the events it came from
    Metrics(metrics::MetricsArgs),
    /// Correct an event: only what is given changes
    Amend(amend::AmendArgs),
    /// Take something out of the record, with a reason
    Retract(amend::RetractArgs),
    /// Destroy a text that must not be kept; its hash stays
    Redact(amend::RedactArgs),
    /// Every version of an event, a task or an incident
    History(history::HistoryArgs),
    /// Take back my own last act
    Undo(undo::UndoArgs),
    /// Do again what was undone
    Redo(undo::RedoArgs),
    /// Bring back what was undone or retracted
    RestoreEvent(undo::RestoreArgs),
    /// Set a field of the incident
    Set(set::SetArgs),
    /// Write a section of the postmortem
    Write(write::WriteArgs),
    /// Asks and follow-ups
    Task(task::TaskArgs),
    /// Add a service, name it for customers, rename or remove it
    Service(service::ServiceArgs),
    /// The people of the incident: list them, rename or remove one
    Person(person::PersonArgs),
    /// Command passes to somebody else
    Handoff(lifecycle::HandoffArgs),
    /// The incident is over
    Resolve(lifecycle::ResolveArgs),
    /// It was not over
    Reopen(lifecycle::ReopenArgs),
    /// How the incident stands: for a hand-over, for chat, for executives
    Status(status::StatusArgs),
    /// Find events by their words
    Search(search::SearchArgs),
    /// The postmortem
    Postmortem(documents::PostmortemArgs),
    /// The draft of the customer email
    Email(documents::EmailArgs),
    /// Outages that did not happen
    Ledger(ledger::LedgerArgs),
    /// What both documents lack, or must not say
    Lint(lint::LintArgs),
    /// Check every hash, every chain and everything derived
    Verify(verify::VerifyArgs),
    /// Write the whole journal, entry by entry, as JSON Lines
    Export(export::ExportArgs),
    /// Take in the entries that another log book exported
    Import(export::ImportArgs),
    /// Copy the whole log book to a file, and check the copy
    Backup(verify::BackupArgs),
    /// The incidents of a period side by side
    Stats(stats::StatsArgs),
    /// The templates of the documents, and your own
    Templates(templates::TemplatesArgs),
    /// Completions for a shell
    Completions(completions::CompletionsArgs),
    /// The manual page
    #[command(after_help = "Example:\n  bridgelog man | man -l -")]
    Man,
    /// A look around: the app on a sample incident in a throw-away file
    Demo(tui::AppArgs),
}
