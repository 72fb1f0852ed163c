//! The keys of the settings file, with what each does: for `bridgelog config`, the help and the manual, and
//! for suggestions where a key is unknown.

use crate::domain::suggestion;

/// What a setting's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingType {
    Text,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Switch,
    /// A list of texts.
    List,
}

/// One key of the settings file.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The key with its table: `lint.words`. Its last part is in capitals where any word may stand:
    /// `aliases.WORD`.
    pub key: &'static str,
    pub value: SettingType,
    /// What it does: one sentence without a full stop.
    pub what: &'static str,
    /// What applies without it, where that is no value of its own.
    pub unset: &'static str,
    /// A key and a value as they stand in the file.
    pub example: &'static str,
}

const fn setting(
    key: &'static str,
    value: SettingType,
    what: &'static str,
    unset: &'static str,
    example: &'static str,
) -> Setting {
    Setting {
        key,
        value,
        what,
        unset,
        example,
    }
}

/// All settings, in the order in which they are listed.
#[rustfmt::skip]
pub const SETTINGS: [Setting; 24] = [
    setting("organisation", SettingType::Text, "the name in the greeting and signature of emails", "emails mark that it is missing", "organisation = \"AVR\""),
    setting("contact", SettingType::Text, "where customers ask: an address, a page or both", "emails mark that it is missing", "contact = \"support@avr.example\""),
    setting("from", SettingType::Text, "the sender of email drafts", "the contact", "from = \"status@avr.example\""),
    setting("clock", SettingType::Text, "times of day in emails: 24h (13:26) or 12h (1:26 p.m.)", "", "clock = \"12h\""),
    setting("date", SettingType::Text, "dates in emails: dmy (16 August) or mdy (August 16)", "", "date = \"mdy\""),
    setting("signature", SettingType::Text, "the lines below an email", "the organisation", "signature = \"Your AVR team\""),
    setting("zone", SettingType::Text, "the time zone of a new incident", "the system's", "zone = \"America/New_York\""),
    setting("severities", SettingType::List, "your own severity names, most severe first", "sev1 to sev5, and sev0", "severities = [\"critical\", \"major\", \"minor\"]"),
    setting("update-interval", SettingType::Number, "minutes after which the app asks for a customer update", "lint.update-minutes", "update-interval = 30"),
    setting("mouse", SettingType::Switch, "whether the app takes the mouse from the terminal", "the app takes it", "mouse = false"),
    setting("ascii", SettingType::Switch, "whether the app draws its signs in ASCII", "by the locale and the terminal", "ascii = true"),
    setting("plain", SettingType::Switch, "sentences instead of a screen, for a screen reader", "", "plain = true"),
    setting("aliases.WORD", SettingType::Text, "another word for a kind at the beginning of a line", "no alias", "aliases.theory = \"suspect\""),
    setting("maps.NAME", SettingType::List, "the pairs of `import --map NAME`", "no map", "maps.alerts = [\"time=Fired at\", \"resolve=restore\"]"),
    setting("lint.words", SettingType::List, "further words that an email must not contain", "", "lint.words = [\"glitch\"]"),
    setting("lint.public-names", SettingType::List, "names that look internal but may appear in an email", "", "lint.public-names = [\"edge-1\"]"),
    setting("lint.vendors", SettingType::List, "vendors, which an email must not blame", "", "lint.vendors = [\"Example Hosting\"]"),
    setting("lint.update-minutes", SettingType::Number, "most minutes between customer updates during impact", "", "lint.update-minutes = 45"),
    setting("lint.silence-minutes", SettingType::Number, "most minutes without an event during impact", "", "lint.silence-minutes = 45"),
    setting("attach-mib", SettingType::Number, "most MiB of a file that is attached to an event, 1 to 40", "5", "attach-mib = 20"),
    setting("hub", SettingType::Text, "where machines meet: a directory, or a postgres:// URL", "each database is alone", "hub = \"postgres://bridgelog@db.avr.example/bridgelog\""),
    setting("share", SettingType::Text, "what goes to the hub: all (not private), or chosen", "", "share = \"chosen\""),
    setting("keys.ACTION", SettingType::Text, "the keys of an action of the app; see Ctrl-P", "as F1 lists them", "keys.undo = \"U\""),
    setting("theme.MEANING", SettingType::Text, "a colour by its meaning; theme.preset is dark or light", "by the terminal's background", "theme.down = \"red bold\""),
];

impl Setting {
    /// Finds the setting that `key` names; any word stands for a part in capitals.
    #[must_use]
    pub fn find(key: &str) -> Option<&'static Self> {
        SETTINGS.iter().find(|setting| {
            setting.key == key
                || setting.table().is_some_and(|table| {
                    let word = key
                        .strip_prefix(table)
                        .and_then(|rest| rest.strip_prefix('.'));
                    word.is_some_and(|word| !word.is_empty() && !word.contains('.'))
                })
        })
    }

    /// Returns the table in which any word may stand, of `aliases.WORD`: `aliases`.
    #[must_use]
    pub fn table(&self) -> Option<&'static str> {
        let (table, word) = self.key.split_once('.')?;
        let is_free = word.chars().all(|c| c.is_ascii_uppercase());
        is_free.then_some(table)
    }

    /// Returns the key that was probably meant by `key`, which is none.
    #[must_use]
    pub fn nearest(key: &str) -> Option<&'static str> {
        let keys = || SETTINGS.iter().map(|setting| setting.key);
        let without_table = |known: &&str| known.split('.').next_back() == Some(key);
        keys()
            .find(without_table)
            .or_else(|| suggestion::nearest(key, keys()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;
    use std::path::Path;

    #[test]
    fn each_setting_is_in_the_docs() {
        let docs = include_str!("../../docs/settings.md");
        for setting in &SETTINGS {
            let word = match setting.key.split_once('.') {
                Some((table, word)) if word.chars().all(char::is_uppercase) => format!("[{table}]"),
                Some((_, word)) => format!("`{word}`"),
                None => setting.key.to_owned(),
            };
            assert!(docs.contains(&word), "{}", setting.key);
        }
    }

    /// The keys that the reader of the settings knows in a table, by its own error.
    fn keys_of_reader(table: &str) -> Vec<String> {
        let text = format!("{table}unknown-key = 1\n");
        let error = Settings::parse(&text, Path::new("c")).unwrap_err();
        let error = error.to_string();
        let (_, known) = error.split_once("expected").unwrap();
        let words = known.split('`').skip(1).step_by(2);
        words.map(str::to_owned).collect()
    }

    #[test]
    fn reader_and_list_have_the_same_keys() {
        let mut of_reader = keys_of_reader("");
        of_reader.retain(|key| key != "lint");
        of_reader.extend(
            keys_of_reader("[lint]\n")
                .iter()
                .map(|key| format!("lint.{key}")),
        );
        of_reader.sort();
        let key = |setting: &Setting| setting.table().unwrap_or(setting.key).to_owned();
        let mut listed: Vec<String> = SETTINGS.iter().map(key).collect();
        listed.sort();
        assert_eq!(listed, of_reader);
    }

    #[test]
    fn every_example_is_read_and_differs_from_the_default() {
        for setting in &SETTINGS {
            let settings = Settings::parse(setting.example, Path::new("c")).unwrap();
            assert_ne!(settings, Settings::default(), "{}", setting.example);
            let (key, _) = setting.example.split_once(" = ").unwrap();
            let found = Setting::find(key).map(|found| found.key);
            assert_eq!(found, Some(setting.key), "{key}");
            assert!(settings.value(key).is_some(), "{key}");
        }
    }

    #[test]
    fn nearest_key_is_found_without_its_table_and_with_a_typo() {
        for (typed, meant) in [
            ("contakt", Some("contact")),
            ("vendors", Some("lint.vendors")),
            ("lint.vendor", Some("lint.vendors")),
            ("update-intervall", Some("update-interval")),
            ("colour-of-the-sky", None),
        ] {
            assert_eq!(Setting::nearest(typed), meant, "{typed}");
        }
    }
}
