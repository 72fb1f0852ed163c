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
    /// Every tab while the list has the keys.
    List,
    Timeline,
    Tasks,
    Postmortem,
    Email,
    Incidents,
    /// The detail view of an event.
    Detail,
    /// The paste preview.
    Paste,
    /// The preview of an import.
    Import,
    Prompt,
    /// A question without text.
    Confirm,
    /// The choice of the incident that a line or a paste goes to.
    Routing,
    /// Help, actions and the other lists that are searched by typing.
    Finder,
}

impl KeyContext {
    /// Returns the heading in help and key list.
    #[must_use]
    pub fn heading(self) -> &'static str {
        match self {
            Self::Anywhere => "Everywhere",
            Self::Line => "On the line",
            Self::Text => "Where text is typed",
            Self::List => "In every list and page",
            Self::Timeline => "Timeline",
            Self::Tasks => "Tasks",
            Self::Postmortem => "Postmortem",
            Self::Email => "Customer email",
            Self::Incidents => "Incidents",
            Self::Detail => "Detail of an event",
            Self::Paste => "Preview of a paste",
            Self::Import => "Preview of an import",
            Self::Prompt => "In a prompt",
            Self::Confirm => "In a question without text",
            Self::Routing => "When asked where a line goes",
            Self::Finder => "In help, actions and other lists to search",
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
    RecallOlder = "recall-older", RecallNewer = "recall-newer", Recall = "recall", TakeTheirs = "take-theirs",
    HalfPageUp = "half-page-up", HalfPageDown = "half-page-down", Restore = "restore", NextKeys = "next-keys",
    PutStateAway = "later", AskState = "state", PickIncident = "pick-incident", Leave = "leave", FocusList = "to-list",
    FocusLine = "to-line", Left = "left", Right = "right", WordLeft = "word-left", WordRight = "word-right",
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
    Start = "start", Decline = "decline", AddTask = "add-task", SetOwner = "owner", SetDue = "due", ToggleRow = "take", ToggleAllRows = "take-all",
    ToggleComments = "take-comments", ToggleLoggedRows = "take-logged", ToggleTell = "tell", NextTab = "next-tab", PreviousTab = "previous-tab", TabTimeline = "timeline",
    TabTasks = "tasks", TabPostmortem = "postmortem", TabEmail = "email", TabIncidents = "incidents",
    Help = "help", Palette = "actions", ToggleMouse = "mouse", Redraw = "redraw", Suspend = "suspend",
    Interrupt = "interrupt", Quit = "quit", Declare = "declare", Resolve = "resolve",
    Reopen = "reopen", Handoff = "handoff", Severity = "severity", Title = "title",
    NextUpdate = "next-update", Write = "write", Field = "field", SaveLetter = "save-letter",
    Approve = "approve", MarkSent = "sent", Service = "service", NextIncidentsTab = "next-board",
    PreviousIncidentsTab = "previous-board", NextHeading = "next-heading", SyncNow = "sync",
    PreviousHeading = "previous-heading", PasteAsText = "as-text",
    Status = "status", Brief = "brief", SeenBefore = "seen-before", Adopt = "adopt", Move = "move", Merge = "merge", CopyUnsaved = "copy-unsaved",
    SaveUnsaved = "save-unsaved", Redact = "redact", DetailUp = "detail-up", DetailDown = "detail-down", ToggleHandles = "handles",
    TextStart = "text-start", TextEnd = "text-end", ShowGone = "show-gone",
    MarkReviewed = "mark-reviewed", MarkFinal = "mark-final",
    Attach = "attach", CopyLink = "copy-link", Import = "import",
    ToggleSideRows = "take-joins", RowKind = "row-kind", AskAgain = "ask-again", InputFormat = "input-format",
}

table! {
    Submit Line ["enter"] "log" "log the line";
    FocusList Line ["esc"] "list" "to the list; what is typed stays";
    Complete Line ["tab"] "complete" "complete a kind, tag, service, person or link (`^`); on an empty line: to the list, or to the state question";
    CompleteBack Line ["backtab"] "" "the previous completion";
    RecallOlder Line ["alt-up"] "last line" "the previous line";
    RecallNewer Line ["alt-down"] "" "the next line";
    Recall Line ["ctrl-r"] "" "search earlier lines and drafts";
    LineBreak Line ["alt-enter" "ctrl-j"] "" "a line break in the text";
    Up Line ["up"] "" "move the list's selection up, while typing goes on here";
    Down Line ["down"] "" "move the list's selection down";
    PageUp Line ["pgup"] "" "a page up in the list";
    PageDown Line ["pgdn"] "" "a page down in the list";
    DetailUp Line ["alt-pgup"] "" "scroll the event details beside the list up";
    DetailDown Line ["alt-pgdn"] "" "scroll the event details beside the list down";
    PickIncident Line ["alt-i"] "" "pick the incident that lines go to, where several are open";

    Left Text ["left" "ctrl-b"] "" "a character left";
    Right Text ["right" "ctrl-f"] "" "a character right";
    WordLeft Text ["ctrl-left" "alt-b" "alt-left"] "" "a word left";
    WordRight Text ["ctrl-right" "alt-f" "alt-right"] "" "a word right";
    LineStart Text ["home" "ctrl-a"] "" "to the beginning of the row";
    LineEnd Text ["end" "ctrl-e"] "" "to the end of the row";
    TextStart Text ["ctrl-home"] "" "to the beginning of the text";
    TextEnd Text ["ctrl-end"] "" "to the end of the text";
    DeleteBack Text ["backspace" "ctrl-h"] "" "delete the character before";
    DeleteForward Text ["delete" "ctrl-d"] "" "delete the character after";
    DeleteWord Text ["ctrl-w" "alt-backspace"] "" "delete the word before";
    DeleteToStart Text ["ctrl-u"] "" "delete all before; Alt-Up brings a whole line back";
    DeleteToEnd Text ["ctrl-k"] "" "delete all after";

    Amend Timeline ["e"] "edit" "edit the event: time, text, markers";
    Retime Timeline ["t"] "time" "correct the event's time";
    Retract Timeline ["x"] "retract" "retract the event, with a reason";
    Undo Timeline ["u"] "undo" "undo what you did last in this terminal; asks first";
    Search Timeline ["/"] "find" "search the timeline";
    Open Timeline ["enter"] "open" "event details, with history and links";
    Restore Timeline ["r"] "restore" "bring back what was undone or retracted";
    Close Timeline ["c"] "close" "close the request, with its outcome";
    NextHit Timeline ["n"] "next" "the next match";
    Filter Timeline ["f"] "filter" "show only some: kind:fault #tag @service by:jw !down since:10:05 missing:wording gone words";
    ClearFilter Timeline ["F"] "show all" "clear the filter";
    Resolve Timeline ["R"] "resolve" "resolve the incident";
    AddTask Timeline ["a"] "add task" "add a follow-up task, for after the incident";
    AmendInEditor Timeline ["E"] "" "edit the event in $EDITOR; asks first";
    Redo Timeline ["ctrl-r"] "" "redo what was undone; asks first";
    PreviousHit Timeline ["N"] "" "the previous match";
    NextMilestone Timeline ["]"] "" "the next milestone";
    PreviousMilestone Timeline ["["] "" "the previous milestone";
    NextGap Timeline ["}"] "" "the next gap of 15 minutes or more";
    PreviousGap Timeline ["{"] "" "the previous gap";
    ToggleHandles Timeline ["H"] "" "show the handles in the rows, or hide them";
    DetailUp Timeline ["alt-pgup"] "" "scroll the detail beside the list up";
    DetailDown Timeline ["alt-pgdn"] "" "scroll the detail beside the list down";
    ZoomIn Timeline ["z"] "" "zoom the state band in";
    ZoomOut Timeline ["Z"] "" "zoom the state band out";
    CopyText Timeline ["y"] "" "copy the event's text";
    Status Timeline ["Y"] "" "copy the brief, for chat";
    Brief Timeline ["B"] "" "the brief: the incident for an executive, in 120 words";
    SeenBefore Timeline ["S"] "" "earlier incidents that began alike, and what helped then";

    Open Tasks ["enter"] "open" "details of the request or follow-up";
    Close Tasks ["c"] "close" "close the request, or finish the follow-up";
    Start Tasks ["s"] "start" "start the follow-up; asks first";
    Decline Tasks ["x"] "decline" "decline it, with a reason";
    Amend Tasks ["e"] "edit" "edit it: text, type, owner, due, ticket, customer wording";
    AddTask Tasks ["a"] "add" "add a follow-up task";
    SetOwner Tasks ["o"] "owner" "set the owner";
    SetDue Tasks ["d"] "due" "set the due time";
    Filter Tasks ["f"] "filter" "show only some: done @who words; without a filter, all that is open";
    Search Tasks ["/"] "find" "search the tasks shown";
    ClearFilter Tasks ["F"] "show open" "clear the filter";
    NextHit Tasks ["n"] "next" "the next match";
    PreviousHit Tasks ["N"] "" "the previous match";
    Undo Tasks ["u"] "undo" "undo what you did last in this terminal; asks first";
    Redo Tasks ["ctrl-r"] "" "redo what was undone; asks first";

    Open Postmortem ["enter"] "fix" "fix what is selected: the prompt, the section or the line that it needs";
    Write Postmortem ["w"] "write" "write one of its sections in $EDITOR";
    Export Postmortem ["o"] "export" "save the postmortem as a file: Markdown, HTML, JSON; the path is shown and copied";
    CopyText Postmortem ["y"] "copy" "copy its text";
    Search Postmortem ["/"] "find" "search its text";
    NextHit Postmortem ["n"] "next" "the next match";
    PreviousHit Postmortem ["N"] "" "the previous match";
    NextHeading Postmortem ["]"] "" "the next heading";
    PreviousHeading Postmortem ["["] "" "the previous heading";
    MarkReviewed Postmortem ["R"] "reviewed" "record who reviewed it, as its records are now";
    MarkFinal Postmortem ["F"] "" "record who declares it final, as its records are now";

    Open Email ["enter"] "fix" "fix or set what is selected: the prompt that it needs";
    NextStage Email ["right" "l"] "stage" "the next stage: initial, update, resolved, follow-up";
    PreviousStage Email ["left" "h"] "" "the previous stage";
    SaveLetter Email ["S"] "save" "save the email as a new draft; asks first";
    Approve Email ["A"] "approve" "record who approves the saved draft";
    MarkSent Email ["X"] "sent" "record that the saved draft was sent, and how";
    Field Email ["s"] "set" "set what the email states: product, scope, data loss, next update";
    ToggleSources Email ["t"] "sources" "show the events that each sentence comes from";
    Export Email ["o"] "export" "save the email as a file: text, Markdown, a draft for a mail program; the path is shown and copied";
    CopyText Email ["y"] "copy" "copy its text";
    Search Email ["/"] "find" "search its text";
    NextHit Email ["n"] "next" "the next match";
    PreviousHit Email ["N"] "" "the previous match";

    Open Incidents ["enter"] "open" "open it: show it, and log to it";
    NextIncidentsTab Incidents ["right" "l"] "near misses, trends" "the next of: incidents, near misses, trends";
    PreviousIncidentsTab Incidents ["left" "h"] "" "the previous of: incidents, near misses, trends";
    Search Incidents ["/"] "find" "search all incidents";
    Declare Incidents ["D"] "declare" "declare a new incident";
    Merge Incidents ["m"] "merge" "merge the selected incident into another";

    FocusLine List ["tab" "i"] "write" "write a line";
    Help List ["?"] "help" "all keys, those of this place first";
    Leave List ["q"] "quit" "quit Bridgelog; asks first, unfinished text is kept";
    Back List ["esc"] "" "clear the filter, else stay in the list";
    Up List ["up" "k"] "" "up";
    Down List ["down" "j"] "" "down";
    HalfPageUp List ["ctrl-u"] "" "half a page up";
    HalfPageDown List ["ctrl-d"] "" "half a page down";
    PageUp List ["pgup" "ctrl-b"] "" "a page up";
    PageDown List ["pgdn" "ctrl-f" "space"] "" "a page down";
    First List ["home" "g"] "" "to the first row; in a document to its top";
    Last List ["end" "G"] "" "to the last row; in a document to its end";
    Palette List [":"] "" "all actions by name";

    Back Detail ["esc" "q" "enter" "left"] "back" "back to the list";
    Amend Detail ["e"] "edit" "edit the event: time, text, markers";
    AmendInEditor Detail ["E"] "editor" "edit the event in $EDITOR; asks first";
    Retime Detail ["t"] "time" "correct the event's time";
    Retract Detail ["x"] "retract" "retract the event, with a reason";
    Restore Detail ["r"] "restore" "bring back what was undone or retracted";
    Close Detail ["c"] "close" "close the request, with its outcome";
    FocusLine Detail ["tab" "i"] "write" "write a line";
    Up Detail ["up" "k"] "" "up";
    Down Detail ["down" "j"] "" "down";
    HalfPageUp Detail ["ctrl-u"] "" "half a page up";
    HalfPageDown Detail ["ctrl-d"] "" "half a page down";
    PageUp Detail ["pgup" "ctrl-b"] "" "a page up";
    PageDown Detail ["pgdn" "ctrl-f" "space"] "" "a page down";
    First Detail ["home" "g"] "" "to the top";
    Last Detail ["end" "G"] "" "to the end";
    CopyText Detail ["y"] "copy" "copy the event's text";
    CopyLink Detail ["Y"] "copy link" "copy the event's link";
    Redo Detail ["ctrl-r"] "" "redo what was undone; asks first";
    Help Detail ["?"] "" "all keys, those of this place first";
    Palette Detail [":"] "" "all actions by name";

    Left Paste ["left"] "" "the day before, where the day is asked";
    Right Paste ["right"] "day" "the next choice of the day";
    ToggleRow Paste ["space"] "take" "take the row, or leave it out";
    ToggleAllRows Paste ["ctrl-a"] "all" "take all, or none";
    Amend Paste ["tab"] "edit" "correct the row";
    ToggleTell Paste ["ctrl-t"] "tell:" "read `tell:` in the row as customer wording, or as text";
    Submit Paste ["enter"] "log" "log the rows that are taken, together; once more writes them";
    ToggleLoggedRows Paste ["ctrl-d"] "logged before" "leave out the rows that are logged already with the same time and text, or take them";
    ToggleComments Paste ["ctrl-k"] "comments" "leave out the rows that begin with `# `, or take them";
    Back Paste ["esc"] "discard" "close it; nothing is logged, the paste is kept as a draft";
    Up Paste ["up"] "" "up";
    Down Paste ["down"] "" "down";
    PageUp Paste ["pgup"] "" "a page up";
    PageDown Paste ["pgdn"] "" "a page down";
    First Paste ["home"] "" "to the first row";
    Last Paste ["end"] "" "to the last row";
    PasteAsText Paste ["ctrl-o"] "as one" "put the paste on the line instead, as one text";
    DeleteBack Paste ["backspace" "ctrl-h"] "" "delete the character before, on the line";

    Left Import ["left"] "" "list the kind of rows before: all, taken, left out, here already, unreadable";
    Right Import ["right"] "show" "list the next kind of rows";
    ToggleRow Import ["space"] "take" "take the row, or leave it out";
    ToggleAllRows Import ["ctrl-a"] "all" "take all that is listed, or none";
    RowKind Import ["tab"] "kind" "give the row another kind, or all rows of its type";
    Submit Import ["enter"] "import" "import the rows that are taken, together; once more writes them";
    ToggleSideRows Import ["ctrl-k"] "joins" "take joins, notifications and system messages, or leave them out";
    AskAgain Import ["ctrl-t"] "times" "ask again for zone, day, beginning and columns";
    InputFormat Import ["ctrl-o"] "format" "read it as another format";
    Back Import ["esc"] "close" "close it; nothing is imported; one that is being written goes on";
    Up Import ["up"] "" "up";
    Down Import ["down"] "" "down";
    PageUp Import ["pgup"] "" "a page up";
    PageDown Import ["pgdn"] "" "a page down";
    First Import ["home"] "" "to the first row";
    Last Import ["end"] "" "to the last row";
    DeleteBack Import ["backspace" "ctrl-h"] "" "delete the character before, on the line";

    Submit Prompt ["enter"] "check" "check it; once more writes it";
    Back Prompt ["esc"] "leave it" "close it; nothing is written, the text is kept as a draft";
    LineBreak Prompt ["alt-enter" "ctrl-j"] "" "a line break in the text";
    RecallOlder Prompt ["alt-up"] "" "the previous text";
    RecallNewer Prompt ["alt-down"] "" "the next text";
    TakeTheirs Prompt ["ctrl-t"] "" "take what another wrote to the same event into the line";
    Complete Prompt ["tab"] "" "no effect: a prompt has no completions";
    Up Prompt ["up"] "" "scroll the list up";
    Down Prompt ["down"] "" "scroll the list down";
    PageUp Prompt ["pgup"] "" "scroll the list a page up";
    PageDown Prompt ["pgdn"] "" "scroll the list a page down";

    Submit Confirm ["enter"] "do it" "do it";
    Back Confirm ["esc"] "not now" "close it; nothing is done";
    CopyUnsaved Confirm ["ctrl-y"] "copy unsaved" "copy the entries that are not saved yet, where leaving is asked about";
    Up Confirm ["up"] "" "scroll the list up";
    Down Confirm ["down"] "" "scroll the list down";
    PageUp Confirm ["pgup"] "" "scroll the list a page up";
    PageDown Confirm ["pgdn"] "" "scroll the list a page down";

    Up Routing ["up"] "" "pick the choice above";
    Down Routing ["down" "tab"] "pick" "pick the next choice";
    Submit Routing ["enter"] "do it" "do what is picked";
    Back Routing ["esc"] "back" "back to the line; nothing is logged";
    LineBreak Routing ["alt-enter" "ctrl-j"] "" "a line break in the text";
    RecallOlder Routing ["alt-up"] "" "the previous line";
    RecallNewer Routing ["alt-down"] "" "the next line";
    Recall Routing ["ctrl-r"] "" "search earlier lines and drafts";
    PageUp Routing ["pgup"] "" "a page up in the list";
    PageDown Routing ["pgdn"] "" "a page down in the list";

    Up Finder ["up"] "" "choose the row above";
    Down Finder ["down"] "choose" "choose the next row";
    Complete Finder ["tab"] "" "choose the next row; in a list of files complete the path by the chosen one";
    Submit Finder ["enter"] "run" "do what is chosen";
    Back Finder ["esc"] "close" "close";
    PageUp Finder ["pgup"] "" "a page up";
    PageDown Finder ["pgdn"] "" "a page down";
    First Finder ["home"] "" "to the first row";
    Last Finder ["end"] "" "to the last row";

    Palette Anywhere ["ctrl-p"] "all actions" "all actions by name";
    Help Anywhere ["f1"] "help" "all keys, those of this place first";
    NextKeys Anywhere ["ctrl-g"] "" "more keys in the last row";
    TabTimeline Anywhere ["alt-1" "f2"] "" "the timeline";
    TabTasks Anywhere ["alt-2" "f3"] "" "tasks: requests and follow-ups";
    TabPostmortem Anywhere ["alt-3" "f4"] "" "the postmortem, live";
    TabEmail Anywhere ["alt-4" "f5"] "" "the customer email, live";
    TabIncidents Anywhere ["alt-5" "f6"] "" "all incidents";
    NextTab Anywhere ["ctrl-n"] "" "the next tab";
    PreviousTab Anywhere ["alt-n"] "" "the previous tab";
    ToggleMouse Anywhere ["f9"] "" "mouse on or off (off: the terminal selects text)";
    Redraw Anywhere ["ctrl-l"] "" "redraw the screen";
    SyncNow Anywhere [] "" "sync with the hub now, without waiting for the next attempt";
    Suspend Anywhere ["ctrl-z"] "" "suspend to the shell; `fg` returns";
    Interrupt Anywhere ["ctrl-c"] "" "on the line: keep its text as a draft; in a prompt: close it; in the list: quit";
    Quit Anywhere ["ctrl-q"] "" "quit; unfinished text is kept";
    Resolve Anywhere [] "" "resolve the incident";
    AskState Anywhere [] "" "answer a state question that was put off";
    PutStateAway Anywhere [] "" "put off the state question";
    Handoff Anywhere [] "" "hand over command";
    Severity Anywhere [] "" "change the severity";
    NextUpdate Anywhere [] "" "set the next customer update";
    Declare Anywhere [] "" "declare a new incident";
    CopyUnsaved Anywhere [] "" "copy the entries that are not saved yet";
    SaveUnsaved Anywhere [] "" "save the entries that are not in the database yet to a new file";
    Reopen Anywhere [] "" "reopen the incident";
    Title Anywhere [] "" "change the title";
    Service Anywhere [] "" "add a service, or set its public name";
    Field Anywhere [] "" "set a field of the incident";
    Adopt Anywhere [] "" "attach the selected unassigned event to the open incident; asks first";
    Move Anywhere [] "" "move the selected event to another incident";
    ShowGone Anywhere [] "" "restore: show what was undone or retracted, to bring it back";
    Attach Anywhere [] "" "attach a file or a link to the selected event: its path or its address";
    Import Anywhere [] "" "import a file: a chat, alerts, a table; shows each row first";
    CopyLink Anywhere [] "" "copy the links of the selected event";
    Redact Anywhere [] "" "destroy the selected event's text everywhere, such as a secret that was pasted";
}
