//! Follows a file that grows, as `tail -F` does: through rotation (another file takes its name) and truncation.

use std::{
    fs::{self, File},
    io::{self, Read, Seek as _, SeekFrom},
    os::unix::fs::MetadataExt as _,
    path::PathBuf,
    thread,
    time::Duration,
};

/// How often the file is looked at while nothing comes.
const INTERVAL: Duration = Duration::from_millis(250);

/// Reads what is added to a file. [`Read::read`] waits for more and never returns 0.
pub struct Follower {
    path: PathBuf,
    /// `None` while no file has the name.
    file: Option<File>,
    /// How much of the file was read.
    position: u64,
}

impl Follower {
    /// Follows the file at `path`, which may come later, from its end, or from its start.
    ///
    /// # Errors
    /// It is there and cannot be read.
    pub fn new(path: PathBuf, from_start: bool) -> io::Result<Self> {
        let mut follower = Self {
            path,
            file: None,
            position: 0,
        };
        if follower.reopen()?
            && !from_start
            && let Some(file) = &mut follower.file
        {
            follower.position = file.seek(SeekFrom::End(0))?;
        }
        Ok(follower)
    }

    /// Opens the file that has the name now; false if there is none.
    fn reopen(&mut self) -> io::Result<bool> {
        match File::open(&self.path) {
            Ok(file) => {
                self.file = Some(file);
                self.position = 0;
                Ok(true)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Reads what is there now; 0 if nothing is.
    fn read_available(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(file) = &mut self.file else {
            return match self.reopen()? {
                true => self.read_available(buffer),
                false => Ok(0),
            };
        };
        let read = file.read(buffer)?;
        self.position += read as u64;
        if read > 0 {
            return Ok(read);
        }
        let open = file.metadata()?;
        if open.len() < self.position {
            // It was truncated: what is in it now is new.
            self.position = file.seek(SeekFrom::Start(0))?;
            return Ok(0);
        }
        // The old file was read to its end before the new one is opened.
        let named = fs::metadata(&self.path);
        let is_rotated =
            named.is_ok_and(|named| (named.dev(), named.ino()) != (open.dev(), open.ino()));
        if is_rotated {
            self.file = None;
        }
        Ok(0)
    }
}

impl Read for Follower {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.read_available(buffer)? {
                0 => thread::sleep(INTERVAL),
                read => return Ok(read),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn all_of(follower: &mut Follower) -> String {
        let mut text = Vec::new();
        let mut buffer = [0; 4];
        // Rotation and truncation each take one look.
        let mut looks = 0;
        while looks < 3 {
            match follower.read_available(&mut buffer).unwrap() {
                0 => looks += 1,
                read => text.extend(&buffer[..read]),
            }
        }
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn rotation_and_truncation_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("alerts.log");
        fs::write(&path, "before\n").unwrap();
        let mut follower = Follower::new(path.clone(), false).unwrap();
        assert_eq!(all_of(&mut follower), "");
        let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(b"one\n").unwrap();
        assert_eq!(all_of(&mut follower), "one\n");
        file.write_all(b"two\n").unwrap();
        fs::rename(&path, folder.path().join("alerts.log.1")).unwrap();
        fs::write(&path, "three\n").unwrap();
        assert_eq!(all_of(&mut follower), "two\nthree\n");
        fs::write(&path, "").unwrap();
        assert_eq!(all_of(&mut follower), "");
        fs::write(&path, "four\n").unwrap();
        assert_eq!(all_of(&mut follower), "four\n");
    }

    #[test]
    fn file_may_come_later() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("later.log");
        let mut follower = Follower::new(path.clone(), false).unwrap();
        assert_eq!(all_of(&mut follower), "");
        fs::write(&path, "first\n").unwrap();
        assert_eq!(all_of(&mut follower), "first\n");
    }
}
