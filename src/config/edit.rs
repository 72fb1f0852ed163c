//! Changes one key of the settings file; its comments and the order of its keys stay.

use super::{
    ConfigError,
    setting::{Setting, SettingType},
};
use std::path::Path;
use toml_edit::{Array, DocumentMut, Item, Table, Value};

/// Makes the value of a setting from the words typed for it.
///
/// # Errors
/// They are no value of its type; the error says what it takes.
pub fn parse_value(setting: &Setting, words: &[String]) -> Result<Value, String> {
    let text = words.join(" ");
    match setting.value {
        SettingType::Text => Ok(text.into()),
        SettingType::List => Ok(words.iter().map(String::as_str).collect::<Array>().into()),
        SettingType::Number => match text.trim().parse::<u32>() {
            Ok(number) => Ok(i64::from(number).into()),
            Err(_) => Err("a whole number".to_owned()),
        },
        SettingType::Switch => match text.trim().to_lowercase().as_str() {
            "true" | "yes" | "on" => Ok(true.into()),
            "false" | "no" | "off" => Ok(false.into()),
            _ => Err("true or false".to_owned()),
        },
    }
}

/// Returns `text`, the settings file at `path`, with `key` set to `value`, or without it.
///
/// # Errors
/// `text` is not TOML.
pub fn with_value(
    text: &str,
    path: &Path,
    key: &str,
    value: Option<Value>,
) -> Result<String, ConfigError> {
    let invalid = |message: String| ConfigError::Invalid {
        path: path.to_owned(),
        message,
    };
    let mut document: DocumentMut = text
        .parse()
        .map_err(|error: toml_edit::TomlError| invalid(error.message().to_owned()))?;
    let (table, name) = match key.split_once('.') {
        Some((table, name)) => {
            let inside = document.entry(table).or_insert_with(|| {
                let mut table = Table::new();
                table.set_implicit(false);
                Item::Table(table)
            });
            let inside = inside.as_table_like_mut();
            (
                inside.ok_or_else(|| invalid(format!("`{table}` is not a table")))?,
                name,
            )
        }
        None => (
            document.as_table_mut() as &mut dyn toml_edit::TableLike,
            key,
        ),
    };
    match (table.get_mut(name), value) {
        // What stands around the value, such as a comment behind it, stays.
        (Some(Item::Value(before)), Some(mut value)) => {
            *value.decor_mut() = before.decor().clone();
            *before = value;
        }
        (_, Some(value)) => _ = table.insert(name, Item::Value(value)),
        (_, None) => _ = table.remove(name),
    }
    // An empty line stays where the first keys were removed.
    let changed = document.to_string();
    Ok(match text.starts_with('\n') {
        true => changed,
        false => changed.trim_start_matches('\n').to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    fn set(text: &str, key: &str, words: &[&str]) -> String {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let value = parse_value(Setting::find(key).unwrap(), &words).unwrap();
        let text = with_value(text, Path::new("c"), key, Some(value)).unwrap();
        Settings::parse(&text, Path::new("c")).unwrap();
        text
    }

    #[test]
    fn comments_and_order_stay() {
        let text = "# ours\ncontact = \"a\" # for now\n\n[lint]\n# more\nwords = [\"x\"]\n";
        assert_eq!(set(text, "contact", &["b"]), text.replace("\"a\"", "\"b\""));
        assert_eq!(
            set(text, "lint.words", &["glitch", "bug"]),
            text.replace("\"x\"", "\"glitch\", \"bug\"")
        );
        let text = set(text, "organisation", &["AVR"]);
        assert!(
            text.starts_with("# ours\ncontact = \"a\" # for now\norganisation = \"AVR\"\n"),
            "{text}"
        );
    }

    #[test]
    fn keys_are_added_to_and_removed_from_tables() {
        let text = set("", "keys.undo", &["U"]);
        assert_eq!(text, "[keys]\nundo = \"U\"\n");
        let text = set(&text, "mouse", &["off"]);
        assert_eq!(text, "mouse = false\n[keys]\nundo = \"U\"\n");
        let text = with_value(&text, Path::new("c"), "mouse", None).unwrap();
        assert_eq!(text, "[keys]\nundo = \"U\"\n");
        // Inline tables and dotted keys are tables too.
        let text = set("theme = { down = \"red\" }\n", "theme.ok", &["green"]);
        assert!(text.contains("ok = \"green\""), "{text}");
        let text = set("lint.update-minutes = 5\n", "lint.silence-minutes", &["7"]);
        assert!(text.contains("silence-minutes = 7"), "{text}");
    }
}
