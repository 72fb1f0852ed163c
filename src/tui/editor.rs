//! `$EDITOR` on a text. Where it fails, the file stays and its path is told: nothing that was written
//! is lost.

use std::{env, fs, io::Write as _, path::Path, process::Command};

/// Opens the editor on `text`; gives what was saved.
///
/// # Errors
/// In words, with the path of the file that is kept.
pub fn edit(text: &str) -> Result<String, String> {
    let named = |name: &str| env::var(name).ok().filter(|v| !v.trim().is_empty());
    let editor = named("VISUAL")
        .or_else(|| named("EDITOR"))
        .unwrap_or_else(|| "vi".to_owned());
    let words =
        shell_words::split(&editor).map_err(|e| format!("$EDITOR cannot be understood: {e}"))?;
    let Some((program, arguments)) = words.split_first() else {
        return Err("$EDITOR names no program".to_owned());
    };
    let file = tempfile::Builder::new()
        .prefix("bridgelog-")
        .suffix(".md")
        .tempfile()
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.write_all(b"\n")?;
            file.flush()?;
            Ok(file)
        })
        .map_err(|e| format!("no file for the editor: {e}"))?;
    let (_, path) = file
        .keep()
        .map_err(|e| format!("no file for the editor: {e}"))?;
    let ran = Command::new(program).args(arguments).arg(&path).status();
    let saved = fs::read_to_string(&path);
    match (ran, saved) {
        (Ok(status), Ok(saved)) if status.success() => {
            let _ = fs::remove_file(&path);
            Ok(saved.strip_suffix('\n').unwrap_or(&saved).to_owned())
        }
        (Ok(status), Ok(_)) if !status.success() => Err(format!(
            "{program} ended with {status}; what it saved is in {}",
            display_path(&path)
        )),
        (Ok(_), Err(e)) => Err(format!("{} cannot be read: {e}", display_path(&path))),
        (Err(e), _) => {
            let _ = fs::remove_file(&path);
            Err(format!("{program} cannot be started: {e}; set $EDITOR"))
        }
        (Ok(_), Ok(_)) => Err(format!("{program} failed; see {}", display_path(&path))),
    }
}

fn display_path(path: &Path) -> String {
    path.display().to_string()
}
