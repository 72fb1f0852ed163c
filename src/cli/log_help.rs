//! The long help of `log`: what a line can hold, each part with an example.

use super::columns::rows;
use crate::domain::{
    capture::offered_words,
    words::{CAPTURE_KINDS, Kind, State},
};
use std::fmt::Write as _;

const LINE: &str = "A line: [WHEN] [KIND:] TEXT with #tags @services @people ^links !state [tell: Customer wording.]";

/// What `bridgelog log -h` says below the flags.
pub(super) const EXAMPLES: &str = "Examples:
  bridgelog log '~10:06 fault: second fault, @online-db halted #storage !down'
  bridgelog log -12m decision: move a system image to other hardware
  bridgelog log 'ask: check replica lag @ann 5m'
  bridgelog log --kind fault --state down --service db 'the system halted'
  bridgelog log --dry-run '10:06 fault: the system halted'
  bridgelog log                      a prompt, where nothing needs quotes
  bridgelog log - < notes.txt        one event per line";

/// The times that a line can begin with.
#[rustfmt::skip]
const TIMES: [(&str, &str); 10] = [
    (
        "10:06",
        "the latest 10:06 in the incident's zone; also 10:06 pm",
    ),
    ("~10:06", "about 10:06"),
    ("-12m", "12 minutes ago; also -1h30m, 12m ago"),
    ("10:06-10:20", "a span; also WHEN..WHEN"),
    ("yesterday 23:50", "also Thu 10:06"),
    ("Aug 16 10:06", "a day without a year"),
    ("2012-08-16 10:06", "a full date"),
    (
        "2012-08-16 10:06 UTC",
        "a time in a zone; also +02:00, America/New_York",
    ),
    ("2012-08-16T14:06:00Z", "RFC 3339"),
    ("", "without a time: now"),
];

/// What a line can hold besides its text: an example and what it means.
#[rustfmt::skip]
const MARKERS: [(&str, &str); 9] = [
    ("fault: @checkout answers 502", "@ names a service or a person"),
    ("ask: check replica lag @\"Ann Lee\" 5m", "quotes around a name with a space"),
    ("restore: all is back @all", "@all: all services of the incident"),
    ("finding: the disk is full #storage", "# makes a tag"),
    ("action: rolled back ^kvnqrs", "^ links to another event by its handle"),
    ("fault: no answer @checkout !down", "! is the state from then on"),
    ("ask: check replica lag @ann 5m", "a request ends with the time it has"),
    ("the channel \\#incidents is open", "a backslash makes a marker plain text"),
    ("note: `grep '#5'` finds nothing", "text in backticks holds no markers"),
];

/// The words that begin a part of a line.
#[rustfmt::skip]
const PARTS: [(&str, &str); 4] = [
    ("decision: fail over why: it is fast", "why: the reason of a decision"),
    ("decision: fail over not: wait", "not: what a decision turned down"),
    ("done: ^kvnqrs the lag is 40 s", "done: closes the request it links to"),
    ("restore: it is back tell: Orders work.", "tell: what customers read"),
];

/// Who a `comms` event tells.
#[rustfmt::skip]
const AUDIENCES: [(&str, &str); 4] = [
    ("comms/customers: status page updated", "customers"),
    ("comms/execs: called the CTO", "executives"),
    ("comms/support: sent the macro", "support; any other word is allowed"),
    ("comms: posted tell: We look into it.", "customers, as it has wording for them"),
];

/// Lines of standard input that set the day of those below them.
const DAY_LINES: [&str; 3] = ["2012-08-16", "Thu 16 Aug 2012", "yesterday"];

/// Returns an event of `kind` and what it says.
#[rustfmt::skip]
fn kind_help(kind: &Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Fault => ("fault: @checkout answers 502 !degraded", "something failed"),
        Kind::Absorbed => ("absorbed: the mirror took over #mirror", "a near miss: a protection held"),
        Kind::Detect => ("detect: error rate alert", "a person or a monitor noticed"),
        Kind::Ack => ("ack: on it", "a responder took it on"),
        Kind::Suspect => ("suspect: the new cache config", "a possible cause"),
        Kind::Finding => ("finding: the pool is exhausted", "a fact that was found out"),
        Kind::Cause => ("cause: the deploy halved the pool", "the cause"),
        Kind::Factor => ("factor: no alert on pool usage", "a contributing factor"),
        Kind::Change => ("change: deployed 2.14", "a deployment or another change"),
        Kind::Decision => ("decision: roll back why: it is fastest", "a decision"),
        Kind::Ask => ("ask: check replica lag @ann 5m", "a request for now"),
        Kind::Action => ("action: rolling back", "something that is being done"),
        Kind::Verify => ("verify: test orders go through", "a check that it works"),
        Kind::Mitigate => ("mitigate: half of the nodes are back", "less impact; down is degraded"),
        Kind::Restore => ("restore: @checkout takes orders", "a service works again; it is ok"),
        Kind::Comms => ("comms/customers: status page updated", "a message to customers or others"),
        Kind::Handoff => ("handoff: @ann takes over", "another incident commander"),
        Kind::Note => ("note: 14 calls so far", "anything else; the default"),
        Kind::Declare | Kind::Resolve | Kind::Reopen | Kind::Other(_) => ("", ""),
    }
}

fn state_help(state: State) -> &'static str {
    match state {
        State::Ok => "works, with full redundancy",
        State::AtRisk => "redundancy is lost, no customer impact",
        State::Degraded => "partial customer impact",
        State::Down => "unavailable",
        State::Unknown => "",
    }
}

fn table(parts: &[(&str, &str)]) -> String {
    rows(
        parts
            .iter()
            .map(|(example, what)| ((*example).to_owned(), (*what).to_owned())),
    )
}

/// The kinds that are offered for words of other tools, with these words.
fn other_words() -> impl Iterator<Item = (String, String)> {
    let kinds = CAPTURE_KINDS.iter().map(Kind::as_str).chain(["resolve"]);
    kinds.filter_map(|kind| {
        let words = offered_words().filter(|(_, offered)| *offered == kind);
        let words: Vec<&str> = words.map(|(word, _)| word).collect();
        (!words.is_empty()).then(|| (format!("{kind}:"), words.join(", ")))
    })
}

/// Returns all that `bridgelog log --help` says below the flags.
pub(super) fn text() -> String {
    let kinds = CAPTURE_KINDS.each_ref().map(kind_help);
    let states = State::ALL
        .iter()
        .map(|state| (format!("!{state}"), state_help(*state).to_owned()));
    let mut text = format!("{LINE}\n\n{EXAMPLES}\n\nFlags go before the text; `--` ends them.\n\n");
    for (title, rows) in [
        ("When", table(&TIMES)),
        ("Kinds (three letters are enough)", table(&kinds)),
        ("States", rows(states)),
        ("Markers", table(&MARKERS)),
        ("Parts", table(&PARTS)),
        ("Audiences", table(&AUDIENCES)),
    ] {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{title}:\n{rows}");
    }
    let _ = write!(
        text,
        "Lines of standard input: a line that is only a day sets the day of those below it ({}). `tell:` in \
         them is text unless --markers is given.\n\n\
         Words of other tools are kept as text, with a hint; `bridgelog config set aliases.WORD KIND` makes a word a \
         kind:\n{}",
        DAY_LINES.join(", "),
        rows(other_words())
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        capture::{Context, Flags, HandleLookup, parse},
        time::parse_utc,
        zone::Zone,
    };

    fn context() -> Context<'static> {
        let now = parse_utc("2012-08-17T13:00:00Z").unwrap();
        let mut context = Context::new(now, Zone::utc());
        context.services = vec!["checkout".to_owned()];
        let found = || HandleLookup::One(uuid::Uuid::from_u128(1));
        context
            .with_find_people(|| vec!["ann".to_owned(), "Ann Lee".to_owned()])
            .with_find_handle(move |_| found())
    }

    #[test]
    fn every_kind_has_an_example_that_is_read_as_that_kind() {
        for kind in CAPTURE_KINDS {
            let (example, what) = kind_help(&kind);
            assert!(!what.is_empty(), "{kind}");
            let line = parse(example, &Flags::default(), &context()).unwrap();
            let read = line.kind.clone().unwrap_or(Kind::Note);
            assert_eq!(read, kind, "{example}");
        }
        for state in State::ALL {
            assert!(!state_help(state).is_empty(), "{state}");
        }
    }

    #[test]
    fn examples_of_markers_parts_and_audiences_are_read_without_a_remark() {
        for (example, _) in MARKERS.iter().chain(&PARTS).chain(&AUDIENCES) {
            let line = parse(example, &Flags::default(), &context()).unwrap();
            assert_eq!(line.notices, [""; 0], "{example}");
        }
        for (example, _) in &AUDIENCES[..3] {
            let line = parse(example, &Flags::default(), &context()).unwrap();
            let audience = format!("comms/{}:", line.audience.unwrap_or_default());
            assert!(example.starts_with(&audience), "{example}");
        }
    }

    #[test]
    fn every_time_is_read_as_one() {
        for (time, _) in TIMES.iter().filter(|(time, _)| !time.is_empty()) {
            let line = format!("{time} note: text");
            let line = parse(&line, &Flags::default(), &context()).unwrap();
            assert!(line.when.is_some(), "{time}");
            assert_eq!(line.text.as_deref(), Some("text"), "{time}");
        }
    }
}
