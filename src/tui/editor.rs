//! Runs `$EDITOR` on a text. What was typed is never lost: it comes back also where the editor fails.

use super::msg::Edited;
use std::{
    env, fs,
    io::{self, Write as _},
    os::unix::process::ExitStatusExt as _,
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
};

/// Opens `$VISUAL`, `$EDITOR` or `vi` on `text` and waits for its end.
pub fn edit(text: &str) -> Edited {
    let non_empty_var = |name: &str| env::var(name).ok().filter(|v| !v.trim().is_empty());
    let editor = non_empty_var("VISUAL")
        .or_else(|| non_empty_var("EDITOR"))
        .unwrap_or_else(|| "vi".to_owned());
    edit_with(&editor, text)
}

/// Opens the command line `editor` on `text`.
fn edit_with(editor: &str, text: &str) -> Edited {
    let failed = |why: String| Edited::Failed { why, text: None };
    let command = match shell_words::split(editor) {
        Ok(command) => command,
        Err(error) => return failed(format!("$EDITOR cannot be understood: {error}")),
    };
    let Some((program, arguments)) = command.split_first() else {
        return failed("$EDITOR names no program".to_owned());
    };
    let name = Path::new(program).file_name().unwrap_or_default().display();
    let path = match write_file(text) {
        Ok(path) => path,
        Err(error) => return failed(format!("no file for the editor: {error}")),
    };
    let status = match Command::new(program).args(arguments).arg(&path).status() {
        Ok(status) => status,
        Err(error) => {
            let _ = fs::remove_file(&path);
            return failed(format!("{program} cannot be started: {error}; set $EDITOR"));
        }
    };
    let saved = match fs::read_to_string(&path) {
        Ok(saved) => saved,
        // The file stays: it may have what was typed.
        Err(error) => {
            return failed(format!(
                "{} cannot be read: {error}",
                Path::new(&path).display()
            ));
        }
    };
    let _ = fs::remove_file(&path);
    let saved = saved.strip_prefix('\u{feff}').unwrap_or(&saved);
    let saved = saved.strip_suffix('\n').unwrap_or(saved);
    let is_unchanged = saved.trim_end() == text.trim_end();
    if !status.success() {
        let is_blank = saved.trim().is_empty();
        return Edited::Failed {
            why: format!("{name} {}", ended_with(status)),
            text: (!is_unchanged && !is_blank).then(|| saved.to_owned()),
        };
    }
    if is_unchanged {
        return Edited::Unchanged;
    }
    Edited::Saved(saved.to_owned())
}

fn ended_with(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("left with an error ({code})"),
        (None, Some(signal)) => format!("was killed (signal {signal})"),
        (None, None) => "left with an error".to_owned(),
    }
}

/// Writes `text` to a new file that only this user can read.
fn write_file(text: &str) -> io::Result<PathBuf> {
    let mut file = tempfile::Builder::new()
        .prefix("bridgelog-")
        .suffix(".md")
        .tempfile()?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    file.flush()?;
    Ok(file.keep()?.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes of a shell script with the file as `$0`.
    fn run(script: &str, text: &str) -> Edited {
        edit_with(&format!("sh -c {}", shell_words::quote(script)), text)
    }

    fn failed(why: &str, text: Option<&str>) -> Edited {
        Edited::Failed {
            why: why.to_owned(),
            text: text.map(str::to_owned),
        }
    }

    #[test]
    fn saved_text_is_told_from_no_change() {
        assert_eq!(run("true", "as it was"), Edited::Unchanged);
        assert_eq!(run("echo >> $0", "as it was"), Edited::Unchanged);
        assert_eq!(
            run("echo more >> $0", "as it was"),
            Edited::Saved("as it was\nmore".to_owned())
        );
        assert_eq!(run(": > $0", "as it was"), Edited::Saved(String::new()));
    }

    #[test]
    fn failing_editor_gives_back_what_it_saved() {
        let why = "sh left with an error (3)";
        assert_eq!(
            run("echo new > $0; exit 3", "as it was"),
            failed(why, Some("new"))
        );
        assert_eq!(run("exit 3", "as it was"), failed(why, None));
        assert_eq!(run(": > $0; exit 3", "as it was"), failed(why, None));
        let killed = run("echo new > $0; kill -9 $$", "as it was");
        assert_eq!(killed, failed("sh was killed (signal 9)", Some("new")));
    }

    #[test]
    fn editor_that_cannot_be_started_is_named() {
        let started = edit_with("no-such-editor --wait", "text");
        assert!(
            matches!(&started, Edited::Failed { why, text: None }
                if why.starts_with("no-such-editor cannot be started") && why.ends_with("; set $EDITOR")),
            "{started:?}"
        );
    }

    #[test]
    fn file_that_is_no_text_stays_and_is_named() {
        let read = run("printf '\\377' > $0", "text");
        let Edited::Failed { why, text: None } = &read else {
            panic!("{read:?}");
        };
        let path = why.split(" cannot be read").next().unwrap_or_default();
        assert_eq!(fs::read(path).ok(), Some(vec![0xff]), "{why}");
        assert!(fs::remove_file(path).is_ok());
    }
}
