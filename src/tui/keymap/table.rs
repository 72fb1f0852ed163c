//! The default key bindings, and the actions.

/// The part of the screen in which a binding applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyContext {
    /// Everywhere, also in dialogs and prompts.
    Anywhere,
    /// The input line.
    Line,
    /// Every text input: input line, prompts, help and palette.
    Text,
    /// Every tab with the focus on the page.
    Navigation,
    Timeline,
    Tasks,
    Postmortem,
    Email,
    Incidents,
    /// The detail view of an event.
    Detail,
    /// The paste preview.
    Paste,
    /// A prompt.
    Prompt,
    /// Help and palette.
    Finder,
}

impl KeyContext {
    /// Returns the heading in help and README.
    #[must_use]
    pub fn heading(self) -> &'static str {
        match self {
            Self::Anywhere => "Everywhere",
            Self::Line => "On the line",
            Self::Text => "Where text is typed",
            Self::Navigation => "In lists and pages",
            Self::Timeline => "Timeline",
            Self::Tasks => "Tasks",
            Self::Postmortem => "Postmortem",
            Self::Email => "Customer email",
            Self::Incidents => "Incidents",
            Self::Detail => "Detail of an event",
            Self::Paste => "Preview of a paste",
            Self::Prompt => "When asked for a line",
            Self::Finder => "Help and palette",
        }
    }
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    pub action: Action,
    pub context: KeyContext,
    /// As written in the settings; empty for actions that only the palette offers.
    pub keys: &'static [&'static str],
    /// Label in the footer; empty if not shown there.
    pub footer_label: &'static str,
    pub description: &'static str,
}

macro_rules! table {
    ($($name:ident $context:ident [$($key:literal)*] $short:literal $words:literal;)*) => {
        /// All bindings, in the order of footer and help.
        pub const DEFAULT_BINDINGS: &[Binding] = &[$(Binding {
            action: Action::$name,
            context: KeyContext::$context,
            keys: &[$($key),*],
            footer_label: $short,
            description: $words,
        }),*];
    };
}

macro_rules! actions {
    ($($name:ident = $word:literal,)*) => {
        /// What a key or the palette can run.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action { $($name),* }

        impl Action {
            /// Returns the name used in the settings and the palette.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }

            /// Returns the action of this name.
            #[must_use]
            pub fn from_name(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$name),)* _ => None }
            }
        }
    };
}

actions! {
    Submit = "submit", Complete = "complete", CompleteBack = "complete-back", LineBreak = "line-break",
    RecallOlder = "recall-older", RecallNewer = "recall-newer", FocusList = "to-list", FocusLine = "to-line",
    Left = "left", Right = "right", WordLeft = "word-left", WordRight = "word-right",
    LineStart = "line-start", LineEnd = "line-end", DeleteBack = "delete-back",
    DeleteForward = "delete-forward", DeleteWord = "delete-word", DeleteToStart = "delete-to-start",
    DeleteToEnd = "delete-to-end", Up = "up", Down = "down", PageUp = "page-up",
    PageDown = "page-down", First = "first", Last = "last", Open = "open", Back = "back",
    Amend = "amend", AmendInEditor = "amend-in-editor", Retime = "time", Retract = "retract",
    Undo = "undo", Redo = "redo", Close = "close", Search = "search", NextHit = "next-hit",
    PreviousHit = "previous-hit", Filter = "filter", ClearFilter = "clear-filter",
    NextMilestone = "next-milestone", PreviousMilestone = "previous-milestone", NextGap = "next-gap",
    PreviousGap = "previous-gap", ZoomIn = "zoom-in", ZoomOut = "zoom-out", NextStage = "next-stage",
    PreviousStage = "previous-stage", ToggleSources = "trace", Export = "export", CopyText = "copy",
    Start = "start", Decline = "decline", AddTask = "add-task", ToggleRow = "take", ToggleAllRows = "take-all",
    ToggleComments = "take-comments", ToggleLoggedRows = "take-logged",
    ToggleTell = "tell", NextTab = "next-tab", PreviousTab = "previous-tab", TabTimeline = "timeline",
    TabTasks = "tasks", TabPostmortem = "postmortem", TabEmail = "email", TabIncidents = "incidents",
    Help = "help", Palette = "palette", ToggleMouse = "mouse", Redraw = "redraw", Suspend = "suspend",
    Interrupt = "interrupt", Quit = "quit", Declare = "declare", Resolve = "resolve",
    Reopen = "reopen", Handoff = "handoff", Severity = "severity", Title = "title",
    NextUpdate = "next-update", Write = "write", Field = "field", SaveLetter = "save-letter",
    Approve = "approve", MarkSent = "sent", Service = "service", NextIncidentsTab = "next-board",
    PreviousIncidentsTab = "previous-board", NextHeading = "next-heading",
    PreviousHeading = "previous-heading", ToggleFindings = "missing", PasteAsText = "as-text",
    Status = "status", Adopt = "adopt", Move = "move", Redact = "redact",
    MarkReviewed = "mark-reviewed", MarkFinal = "mark-final",
}

table! {
    Submit Line ["enter"] "log" "log the line; it is durable when the row appears";
    Complete Line ["tab"] "complete" "complete a kind, a tag, a service, a person; on an empty line: to the list";
    CompleteBack Line ["backtab"] "" "the completion before";
    LineBreak Line ["alt-enter" "ctrl-j"] "" "a line break in the text";
    RecallOlder Line ["up"] "recall" "the line before this one";
    RecallNewer Line ["down"] "" "the line after it; from an empty line: to the list";
    PageUp Line ["pgup"] "" "look further up, without leaving the line";
    PageDown Line ["pgdn"] "" "look further down";
    FocusList Line ["esc"] "list" "to the list; what is typed stays";

    Left Text ["left" "ctrl-b"] "" "a character left";
    Right Text ["right" "ctrl-f"] "" "a character right";
    WordLeft Text ["ctrl-left" "alt-b" "alt-left"] "" "a word left";
    WordRight Text ["ctrl-right" "alt-f" "alt-right"] "" "a word right";
    LineStart Text ["home" "ctrl-a"] "" "to the beginning";
    LineEnd Text ["end" "ctrl-e"] "" "to the end";
    DeleteBack Text ["backspace" "ctrl-h"] "" "delete the character before";
    DeleteForward Text ["delete" "ctrl-d"] "" "delete the character after";
    DeleteWord Text ["ctrl-w" "alt-backspace"] "" "delete the word before";
    DeleteToStart Text ["ctrl-u"] "" "delete all before; recall brings a whole line back";
    DeleteToEnd Text ["ctrl-k"] "" "delete all after";

    FocusLine Navigation ["i" "tab"] "write" "to the line, to write";
    Back Navigation ["esc"] "" "one level back";
    Up Navigation ["up" "k"] "" "up";
    Down Navigation ["down" "j"] "" "down";
    PageUp Navigation ["pgup" "ctrl-b"] "" "a page up";
    PageDown Navigation ["pgdn" "ctrl-f" "space"] "" "a page down";
    First Navigation ["home" "g"] "" "to the first";
    Last Navigation ["end" "G"] "" "to the last";
    TabTimeline Navigation ["1"] "" "the timeline";
    TabTasks Navigation ["2"] "" "asks and follow-ups";
    TabPostmortem Navigation ["3"] "" "the postmortem, live";
    TabEmail Navigation ["4"] "" "the customer email, live";
    TabIncidents Navigation ["5"] "" "all incidents";
    Help Navigation ["?"] "help" "all keys, searchable";
    Quit Navigation ["q"] "" "leave; what is half-typed is kept";

    Open Timeline ["enter"] "detail" "all of the event, with its history";
    Amend Timeline ["e"] "amend" "amend the event in place";
    AmendInEditor Timeline ["E"] "" "amend the event in $EDITOR";
    Retime Timeline ["t"] "time" "amend its time alone";
    Retract Timeline ["x"] "retract" "take the event out of the record, with a reason";
    Close Timeline ["c"] "close ask" "close the ask, with its outcome";
    Undo Timeline ["u"] "undo" "take back my own last entry, over restarts";
    Redo Timeline ["ctrl-r"] "redo" "do again what was undone";
    Search Timeline ["/"] "search" "search";
    NextHit Timeline ["n"] "next" "the next one found";
    PreviousHit Timeline ["N"] "" "the one found before";
    Filter Timeline ["f"] "filter" "only some: kind:fault #tag @service by:jw tell words";
    ClearFilter Timeline ["F"] "all" "no filter any more";
    NextMilestone Timeline ["]"] "" "the next milestone";
    PreviousMilestone Timeline ["["] "" "the milestone before";
    NextGap Timeline ["}"] "" "the next gap of a quarter of an hour or more";
    PreviousGap Timeline ["{"] "" "the gap before";
    Resolve Timeline ["R"] "" "the incident is over";
    AddTask Timeline ["a"] "" "add a follow-up, for after the incident";
    ZoomIn Timeline ["+" "="] "" "the state band closer";
    ZoomOut Timeline ["-"] "" "the state band wider";
    CopyText Timeline ["y"] "" "copy the event's text";
    Status Timeline ["Y"] "" "copy how the incident stands, a paragraph for chat";

    Close Tasks ["c" "enter"] "done" "close the ask, or finish the follow-up";
    Start Tasks ["s"] "start" "begin the follow-up";
    Decline Tasks ["x"] "decline" "decline it, with a reason";
    Amend Tasks ["e"] "amend" "amend it in place: text, type, owner, due, ticket, customer wording";
    AddTask Tasks ["a"] "add" "add a follow-up";
    Undo Tasks ["u"] "undo" "take back my own last entry";
    Redo Tasks ["ctrl-r"] "" "do again what was undone";

    Export Postmortem ["o"] "export" "write it to a file: Markdown, a page, JSON; the path is shown and copied";
    ToggleFindings Postmortem ["l"] "missing" "what is missing, each with the command that mends it; and back";
    NextHeading Postmortem ["]"] "" "the next heading";
    PreviousHeading Postmortem ["["] "" "the heading before";
    CopyText Postmortem ["y"] "copy" "copy its text";
    Write Postmortem ["w"] "write" "write one of its sections in $EDITOR";
    MarkReviewed Postmortem ["R"] "reviewed" "record who reviewed it, as its records are now";
    MarkFinal Postmortem ["F"] "" "record who says that it is final, as its records are now";

    NextStage Email ["right" "l"] "stage" "the next stage: initial, update, resolved, follow-up";
    PreviousStage Email ["left" "h"] "" "the stage before";
    SaveLetter Email ["S"] "save" "keep the letter as it stands, under a number";
    Approve Email ["A"] "approve" "say who lets the kept letter go out";
    MarkSent Email ["X"] "sent" "say that the kept letter went out, and how";
    Field Email ["s"] "set" "set what a letter asks for: product, scope, data loss, the next update";
    ToggleSources Email ["t"] "sources" "the events that each sentence comes from";
    Export Email ["o"] "export" "write it to a file: text, Markdown, a draft for a mail program; the path is shown and copied";
    CopyText Email ["y"] "copy" "copy its text";

    Open Incidents ["enter"] "open" "look at it, and write to it";
    NextIncidentsTab Incidents ["right" "l"] "ledger, trends" "the list, the outages that did not happen, the trends";
    PreviousIncidentsTab Incidents ["left" "h"] "" "the same, the other way";
    Search Incidents ["/"] "search" "search in all incidents";
    Declare Incidents ["D"] "declare" "begin an incident";

    Back Detail ["esc" "q" "enter" "left"] "back" "back to the list";
    Up Detail ["up" "k"] "" "up";
    Down Detail ["down" "j"] "" "down";
    PageUp Detail ["pgup"] "" "a page up";
    PageDown Detail ["pgdn" "space"] "" "a page down";
    Amend Detail ["e"] "amend" "amend the event in place";
    AmendInEditor Detail ["E"] "editor" "amend the event in $EDITOR";
    Retime Detail ["t"] "time" "amend its time alone";
    Retract Detail ["x"] "retract" "take the event out of the record, with a reason";
    CopyText Detail ["y"] "copy" "copy the event's text";
    Help Detail ["?"] "" "all keys, searchable";

    Submit Paste ["enter"] "log them" "log the rows that are taken, together";
    ToggleRow Paste ["space"] "take" "take the row, or leave it";
    ToggleAllRows Paste ["a"] "all" "take all, or none";
    ToggleLoggedRows Paste ["d"] "logged before" "leave out the rows that are logged already with the same time and text, or take them";
    ToggleComments Paste ["c"] "comments" "leave out the rows that begin with `# `, or take them";
    ToggleTell Paste ["t"] "tell:" "read `tell:` in the row as customer wording, or as text";
    Up Paste ["up" "k"] "" "up";
    Down Paste ["down" "j"] "" "down";
    PageUp Paste ["pgup"] "" "a page up";
    PageDown Paste ["pgdn"] "" "a page down";
    Amend Paste ["e"] "edit" "correct the row";
    PasteAsText Paste ["o"] "as one" "put the paste on the line instead, as one text";
    Back Paste ["esc"] "discard" "back; the paste is not logged";

    Submit Prompt ["enter"] "ok" "take it";
    Back Prompt ["esc"] "back" "back; nothing is changed";

    Submit Finder ["enter"] "do it" "do what is selected";
    Up Finder ["up"] "" "up";
    Down Finder ["down"] "" "down";
    PageUp Finder ["pgup"] "" "a page up";
    PageDown Finder ["pgdn"] "" "a page down";
    Back Finder ["esc"] "close" "close";

    Help Anywhere ["f1"] "help" "all keys, searchable";
    Palette Anywhere ["ctrl-p"] "actions" "every action by name";
    TabTimeline Anywhere ["alt-1" "f2"] "" "the timeline";
    TabTasks Anywhere ["alt-2" "f3"] "" "asks and follow-ups";
    TabPostmortem Anywhere ["alt-3" "f4"] "" "the postmortem, live";
    TabEmail Anywhere ["alt-4" "f5"] "" "the customer email, live";
    TabIncidents Anywhere ["alt-5" "f6"] "" "all incidents";
    NextTab Anywhere ["ctrl-n"] "" "the next tab";
    PreviousTab Anywhere ["alt-n"] "" "the tab before";
    ToggleMouse Anywhere ["f9"] "" "mouse on or off; off, the terminal selects text";
    Redraw Anywhere ["ctrl-l"] "" "draw the screen anew";
    Suspend Anywhere ["ctrl-z"] "" "to the shell; `fg` comes back";
    Interrupt Anywhere ["ctrl-c"] "" "leave, when pressed twice; a half-typed line is kept";
    Quit Anywhere ["ctrl-q"] "quit" "leave; what is half-typed is kept";
    Declare Anywhere [] "" "begin an incident";
    Resolve Anywhere [] "" "the incident is over";
    Reopen Anywhere [] "" "it was not over";
    Handoff Anywhere [] "" "the command passes to somebody";
    Severity Anywhere [] "" "set the severity";
    Title Anywhere [] "" "set the title";
    Service Anywhere [] "" "add a service, or name it for customers";
    Field Anywhere [] "" "set a field of the incident";
    NextUpdate Anywhere [] "" "set when customers hear next";
    Adopt Anywhere [] "" "take the selected unfiled event into the open incident";
    Move Anywhere [] "" "move the selected event to another incident";
    Redact Anywhere [] "" "a secret was pasted: destroy the selected event's text everywhere";
}
