//! Other words that people type for what a command does. The list of all actions in the app finds an action
//! by them, and the command line names the right verb.

pub const DECLARE: &str = "new start open create begin incident";
pub const RESOLVE: &str = "end close finish over done fixed";
pub const REOPEN: &str = "again back not over";
pub const AMEND: &str = "edit change fix correct";
pub const RETRACT: &str = "delete remove cancel wrong";
pub const UNDO: &str = "delete remove cancel back take back";
pub const REDO: &str = "again";
pub const RESTORE_EVENT: &str = "undelete back recover";
pub const REDACT: &str = "secret password delete destroy";
pub const HANDOFF: &str = "commander assign owner who ic";
pub const SEVERITY: &str = "sev1 sev2 sev3 priority";
pub const SEARCH: &str = "search grep";
pub const STATUS: &str = "clipboard summary chat copy";
pub const BRIEF: &str = "executive chat summary exec cto ceo";
pub const SEEN_BEFORE: &str = "similar related earlier like again history";
pub const TASK_DONE: &str = "done finish cancel outcome";
pub const TASK_ADD: &str = "new todo task improvement assign";
pub const WRITE: &str = "edit section summary commit";
pub const EMAIL: &str = "letter customers";
pub const LIST: &str = "goto switch list open";
pub const IMPORT: &str =
    "chat slack teams discord pagerduty opsgenie csv json file zip folder backfill open load";
