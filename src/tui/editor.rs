//! Runs `$EDITOR` on a text. If the editor fails, its file is kept and the error names the path, so
//! that nothing written is lost.

use std::{env, fs, io::Write as _, path::Path, process::Command};

/// Opens `$VISUAL`, `$EDITOR` or `vi` on `text` and returns what was saved.
///
/// # Errors
/// A message for the user, with the path of the kept file if there is one.
pub fn edit(text: &str) -> Result<String, String> {
    let non_empty_var = |name: &str| env::var(name).ok().filter(|v| !v.trim().is_empty());
    let editor = non_empty_var("VISUAL")
        .or_else(|| non_empty_var("EDITOR"))
        .unwrap_or_else(|| "vi".to_owned());
    let command = shell_words::split(&editor)
        .map_err(|error| format!("$EDITOR cannot be understood: {error}"))?;
    let Some((program, arguments)) = command.split_first() else {
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
    let status = Command::new(program).args(arguments).arg(&path).status();
    let saved = fs::read_to_string(&path);
    match (status, saved) {
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
