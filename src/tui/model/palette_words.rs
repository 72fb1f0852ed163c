//! The words that people type in the list of all actions.

use crate::{domain::command_words, tui::keymap::Action};

/// Other words that people type for an action.
pub(super) const SYNONYMS: [(Action, &str); 36] = [
    (Action::Declare, command_words::DECLARE),
    (Action::Resolve, command_words::RESOLVE),
    (Action::Reopen, command_words::REOPEN),
    (Action::Retract, command_words::RETRACT),
    (Action::Undo, command_words::UNDO),
    (Action::Redo, command_words::REDO),
    (Action::Amend, command_words::AMEND),
    (Action::Retime, "correct change fix clock when"),
    (Action::Handoff, command_words::HANDOFF),
    (Action::Severity, command_words::SEVERITY),
    (Action::Export, "save print write file"),
    (Action::Leave, "quit exit"),
    (Action::Filter, "only show hide"),
    (Action::ClearFilter, "clear all"),
    (Action::Search, command_words::SEARCH),
    (Action::ToggleMouse, "select copy"),
    (Action::CopyText, "clipboard yank"),
    (Action::Status, command_words::STATUS),
    (Action::Brief, command_words::BRIEF),
    (Action::SeenBefore, command_words::SEEN_BEFORE),
    (Action::Restore, command_words::RESTORE_EVENT),
    (Action::Close, command_words::TASK_DONE),
    (Action::AddTask, command_words::TASK_ADD),
    (Action::Write, command_words::WRITE),
    (Action::TabEmail, command_words::EMAIL),
    (Action::MarkSent, "commit publish send"),
    (Action::SaveLetter, "letter draft"),
    (Action::Approve, "letter release"),
    (Action::AskState, "down degraded ok at-risk"),
    (Action::TabIncidents, command_words::LIST),
    (Action::Move, "merge other incident"),
    (
        Action::Service,
        "rename remove typo name person people customers",
    ),
    (Action::Redact, command_words::REDACT),
    (Action::Attach, "file image screenshot picture url evidence"),
    (Action::CopyLink, "url address"),
    (Action::Import, command_words::IMPORT),
];

/// The words that begin a line, what each logs, and other words for it.
pub(super) const LINE_WORDS: [(&str, &str, &str); 19] = [
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
        "log who is working on it",
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
        "open a request; @who is asked, 10m is its time limit",
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
        "log a message to customers or others",
        "status page notify",
    ),
    (
        "handoff: ",
        "log that another person takes over command",
        "shift takeover",
    ),
    ("note: ", "log a note", "comment"),
    (
        "tell: ",
        "add customer wording to the line",
        "customer wording email public",
    ),
];
