//! The environment variables that the program reads, with what each does: for the help, the manual and
//! `bridgelog config`.

/// Name and meaning of each variable.
pub const VARIABLES: [(&str, &str); 15] = [
    ("BRIDGELOG_DB", "the database file; --db overrides it"),
    ("BRIDGELOG_AUTHOR", "the author; --by overrides it"),
    (
        "BRIDGELOG_ZONE",
        "the time zone of a new incident; --zone overrides it",
    ),
    (
        "BRIDGELOG_HUB",
        "where machines meet; before the setting `hub`",
    ),
    (
        "BRIDGELOG_NOW",
        "a fixed time (RFC 3339) instead of the clock, for tests",
    ),
    (
        "BRIDGELOG_SEED",
        "makes ids from this text instead of at random, for tests",
    ),
    ("VISUAL", "the editor for `write`; EDITOR after it, else vi"),
    ("NO_COLOR", "if not empty, no colours"),
    ("COLORFGBG", "the background that the app's colours are for"),
    (
        "LC_ALL",
        "the locale, else LC_CTYPE or LANG; without UTF-8: ASCII",
    ),
    ("TERM", "the terminal; with `dumb` the app does not start"),
    ("TZ", "the system's time zone"),
    (
        "XDG_CONFIG_HOME",
        "the folder of the settings, else ~/.config",
    ),
    (
        "XDG_DATA_HOME",
        "the folder of the database, else ~/.local/share",
    ),
    ("HOME", "the home folder"),
];

/// Returns the value of `name` if it is set, is text and is not empty.
#[must_use]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
