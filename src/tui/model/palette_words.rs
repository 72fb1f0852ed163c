//! The words that people type in the list of all actions.

use crate::tui::keymap::Action;

/// Other words that people type for an action.
pub(super) const SYNONYMS: [(Action, &str); 31] = [
    (Action::Declare, "new start open create begin incident"),
    (Action::Resolve, "end close finish over done fixed"),
    (Action::Reopen, "again back not over"),
    (Action::Retract, "delete remove cancel wrong"),
    (Action::Undo, "delete remove cancel back take back"),
    (Action::Redo, "again"),
    (Action::Amend, "edit change fix correct"),
    (Action::Retime, "correct change fix clock when"),
    (Action::Handoff, "commander assign owner who ic"),
    (Action::Severity, "sev1 sev2 sev3 priority"),
    (Action::Export, "save print write file"),
    (Action::Leave, "quit exit close"),
    (Action::Filter, "only show hide"),
    (Action::ClearFilter, "clear all"),
    (Action::Search, "search grep"),
    (Action::ToggleMouse, "select copy"),
    (Action::CopyText, "clipboard yank"),
    (Action::Status, "clipboard summary chat copy"),
    (Action::Restore, "undelete back recover"),
    (Action::Close, "done finish cancel outcome"),
    (Action::AddTask, "new todo task improvement assign"),
    (Action::Write, "edit section summary commit"),
    (Action::TabEmail, "letter customers"),
    (Action::MarkSent, "commit publish send"),
    (Action::SaveLetter, "letter draft"),
    (Action::Approve, "letter release"),
    (Action::AskState, "down degraded ok at-risk"),
    (Action::TabIncidents, "goto switch list open"),
    (Action::Move, "merge other incident"),
    (
        Action::Service,
        "rename remove typo name person people customers",
    ),
    (Action::Redact, "secret password delete destroy"),
];

/// The words that begin a line, what each logs, and other words for it.
pub(super) const LINE_WORDS: [(&str, &str, &str); 18] = [
    (
        "fault: ",
        "log a fault",
        "outage broken error service down state",
    ),
    (
        "absorbed: ",
        "log a fault that a protection caught",
        "near miss redundancy failover",
    ),
    (
        "detect: ",
        "log how it was noticed",
        "alert alarm page monitoring",
    ),
    (
        "ack: ",
        "log that somebody has taken it on",
        "acknowledge acknowledged",
    ),
    ("suspect: ", "log a suspected cause", "hypothesis theory"),
    ("finding: ", "log what was found out", "result"),
    ("cause: ", "log the cause", "root cause"),
    ("factor: ", "log a contributing factor", ""),
    (
        "change: ",
        "log a deployment or another change",
        "deploy release rollout",
    ),
    (
        "decision: ",
        "log a decision; why: and not: say more",
        "decide",
    ),
    (
        "ask: ",
        "open a request; @who and 10m say whom, and by when",
        "request task todo assign",
    ),
    ("action: ", "log what is being done", "step do doing"),
    ("verify: ", "log a check that it works", "confirm test"),
    ("mitigate: ", "log what reduced the impact", "workaround"),
    (
        "restore: ",
        "log that a service works again",
        "fixed recovered back up",
    ),
    (
        "comms: ",
        "log what customers or others were told",
        "status page notify",
    ),
    ("note: ", "log a note", "comment"),
    (
        "tell: ",
        "word the line for customers",
        "customer wording email public",
    ),
];
