//! Writes the entries that the store cannot take to a file of their own.

use super::{Worker, documents::shorten_home};
use crate::{
    ops::{OpsError, Result},
    tui::msg::Reply,
};
use std::{
    env, fs,
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

/// How many names are tried in a folder.
const MAX_NAMES: u32 = 100;

impl Worker {
    /// Writes `text` to a new file that only this user can read: beside the database, else in the folder that the
    /// app was started in, else in the home folder, else in that for temporary files.
    pub(super) fn save_unsaved(&self, text: &str) -> Result<Reply> {
        let store = self.session.store.path();
        let home = env::var_os("HOME").map(PathBuf::from);
        let folders = [
            store.parent().map(Path::to_path_buf),
            env::current_dir().ok(),
            home.clone(),
            Some(env::temp_dir()),
        ];
        let at = self.zone.to_local(self.session.now());
        let name = format!("bridgelog-unsaved-{}", at.format("%Y%m%d-%H%M"));
        let text = format!("# not saved in {}\n{text}", store.display());
        let mut why = None;
        for folder in folders.into_iter().flatten() {
            match write_new(&folder, &name, &text) {
                Ok(path) => {
                    return Ok(Reply::UnsavedWritten {
                        shown: shorten_home(&path, home.as_deref().map(Path::as_os_str)),
                        path: path.display().to_string(),
                    });
                }
                Err(error) => why = why.or(Some(error)),
            }
        }
        let error = OpsError::failed("the entries that are not saved cannot be written to a file");
        Err(match why {
            Some(why) => error.with_source(why),
            None => error,
        }
        .with_hint("Ctrl-P copy unsaved copies them"))
    }
}

/// Writes `text` to a file that was not there: `NAME.txt`, `NAME-2.txt`, ...
fn write_new(folder: &Path, name: &str, text: &str) -> io::Result<PathBuf> {
    for n in 1..MAX_NAMES {
        let number = if n == 1 {
            String::new()
        } else {
            format!("-{n}")
        };
        let path = folder.join(format!("{name}{number}.txt"));
        let file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path);
        let mut file = match file {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            file => file?,
        };
        let written = file
            .write_all(text.as_bytes())
            .and_then(|()| file.sync_all());
        if let Err(error) = written {
            // Half a file would look like a whole one.
            let _ = fs::remove_file(&path);
            return Err(error);
        }
        return Ok(path);
    }
    Err(io::ErrorKind::AlreadyExists.into())
}
