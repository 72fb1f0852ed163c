//! The service file of PostgreSQL's own programs, which names databases: `~/.pg_service.conf`.

use super::address::is_known;
use std::{collections::BTreeMap, fs, path::Path};

/// Returns the parameters of the service `name` in `file`; `None` if it has no such service.
///
/// # Errors
/// A sentence: the file cannot be read, or has a line that is none. It shows no value.
pub(super) fn find(file: &Path, name: &str) -> Result<Option<BTreeMap<String, String>>, String> {
    let text = fs::read_to_string(file).map_err(|error| {
        format!(
            "the service file {} cannot be read: {error}",
            file.display()
        )
    })?;
    let wrong = |number: usize, what: &str| format!("{}, line {number}: {what}", file.display());
    let mut found: Option<BTreeMap<String, String>> = None;
    let mut is_inside = false;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(section) = line.strip_prefix('[') {
            if is_inside {
                break;
            }
            is_inside = section.strip_suffix(']') == Some(name);
            continue;
        }
        if !is_inside {
            continue;
        }
        let Some((key, value)) = line.split_once('=') else {
            return Err(wrong(number, "no NAME=VALUE"));
        };
        let key = key.trim();
        if !is_known(key) || key == "service" {
            return Err(wrong(
                number,
                &format!("a parameter that is not known: {key}"),
            ));
        }
        let parameters = found.get_or_insert_default();
        // As libpq has it, the first one counts.
        let entry = parameters.entry(key.to_owned());
        entry.or_insert_with(|| value.trim().to_owned());
    }
    Ok(found.or_else(|| is_inside.then(BTreeMap::new)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn service_has_the_parameters_below_its_name() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(
            &file,
            "# ours\n[other]\nhost=x\n[book]\nhost = db\n\nport=5433\n[empty]\n",
        )
        .unwrap();
        let book = find(file.path(), "book").unwrap().unwrap();
        assert_eq!(book["host"], "db");
        assert_eq!(book["port"], "5433");
        assert_eq!(find(file.path(), "none"), Ok(None));
        assert_eq!(find(file.path(), "empty"), Ok(Some(BTreeMap::new())));
        fs::write(&file, "[book]\nhots=db\n").unwrap();
        let error = find(file.path(), "book").unwrap_err();
        assert!(
            error.contains("line 2") && error.contains("hots"),
            "{error}"
        );
    }
}
