//! The password file of PostgreSQL's own programs: `~/.pgpass`.

use std::{fs, io, os::unix::fs::PermissionsExt as _, path::Path};

/// Returns the password that `file` has for this host, port, database and user, or why it was not read.
///
/// # Errors
/// A sentence: others can read the file, or it cannot be read. A file that does not exist has no password.
pub(super) fn find(
    file: &Path,
    host: &str,
    port: u16,
    database: &str,
    user: &str,
) -> Result<Option<String>, String> {
    let cannot_read = |error: io::Error| format!("{} cannot be read: {error}", file.display());
    let metadata = match fs::metadata(file) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(cannot_read(error)),
    };
    if metadata.is_file() && metadata.permissions().mode() & 0o077 != 0 {
        return Err(format!(
            "{0} was not read, since others can read it: `chmod 600 {0}`",
            file.display()
        ));
    }
    let text = fs::read_to_string(file).map_err(cannot_read)?;
    let port = port.to_string();
    let wanted = [host, &port, database, user];
    Ok(text.lines().find_map(|line| password(line, wanted)))
}

/// Returns the password of `line` if its other fields are `wanted` or `*`.
fn password(line: &str, wanted: [&str; 4]) -> Option<String> {
    if line.starts_with('#') {
        return None;
    }
    let mut rest = line;
    for wanted in wanted {
        let (field, is_escaped, after) = split_field(rest)?;
        if field != wanted && (field != "*" || is_escaped) {
            return None;
        }
        rest = after;
    }
    let password = split_field(rest).map_or_else(|| unescape(rest), |(field, _, _)| field);
    (!password.is_empty()).then_some(password)
}

/// Splits off the field before the first colon that no backslash escapes; tells whether it has an escape.
fn split_field(text: &str) -> Option<(String, bool, &str)> {
    let mut escaped = false;
    let end = text.find(|character| {
        let ends = character == ':' && !escaped;
        escaped = character == '\\' && !escaped;
        ends
    })?;
    let field = &text[..end];
    Some((unescape(field), field.contains('\\'), &text[end + 1..]))
}

fn unescape(field: &str) -> String {
    let mut plain = String::with_capacity(field.len());
    let mut characters = field.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => plain.extend(characters.next()),
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("db:5432:book:ann:secret", Some("secret"))]
    #[case("*:*:*:ann:secret", Some("secret"))]
    #[case("db:5432:book:ann:a\\:b\\\\c", Some("a:b\\c"))]
    #[case("db:5432:book:ann:secret:comment", Some("secret"))]
    #[case("db:5433:book:ann:secret", None)]
    #[case("\\*:5432:book:ann:secret", None)]
    #[case("#db:5432:book:ann:secret", None)]
    #[case("db:5432:book:ann:", None)]
    #[case("db:5432:book", None)]
    fn line_gives_its_password_where_its_fields_match(
        #[case] line: &str,
        #[case] expected: Option<&str>,
    ) {
        let found = password(line, ["db", "5432", "book", "ann"]);
        assert_eq!(found.as_deref(), expected);
    }

    #[test]
    fn file_that_others_can_read_is_not_read() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, "other:*:*:*:x\n*:*:*:*:secret\n").unwrap();
        let mode = |mode| fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        let find = || find(file.path(), "db", 5432, "book", "ann");
        mode(0o600);
        assert_eq!(find(), Ok(Some("secret".into())));
        mode(0o640);
        assert!(find().unwrap_err().contains("chmod 600"));
    }
}
