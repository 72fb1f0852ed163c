//! A program that copies what it reads, run for so long at the most.

use std::{
    io::Write as _,
    os::unix::process::CommandExt as _,
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::channel,
    thread,
    time::{Duration, Instant},
};

const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// A program that reads the text from its standard input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Program {
    /// The message for the user.
    pub label: &'static str,
    pub path: PathBuf,
    pub arguments: &'static [&'static str],
}

impl Program {
    /// Gives `text` to the program and waits until it ends. What it starts in the background, such as the
    /// part of xclip that answers for the text, is not waited for, and has nothing of this terminal.
    pub fn run(&self, text: &str, timeout: Duration) -> Result<(), String> {
        let deadline = Instant::now() + timeout;
        let mut child = Command::new(&self.path)
            .args(self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Ctrl-Z for this app does not stop it.
            .process_group(0)
            .spawn()
            .map_err(|error| error.to_string())?;
        let mut input = child.stdin.take();
        let text = text.to_owned();
        let (written_tx, written) = channel();
        // A program that does not read must not stop this thread.
        thread::spawn(move || {
            let result = input.as_mut().map(|input| input.write_all(text.as_bytes()));
            drop(input);
            let _ = written_tx.send(matches!(result, Some(Ok(()))));
        });
        let Some(status) = wait_until(&mut child, deadline)? else {
            let _ = child.kill();
            let _ = child.wait();
            return Err(format!("no answer in {} s", timeout.as_secs()));
        };
        if !status.success() {
            return Err(status.to_string());
        }
        let left = deadline.saturating_duration_since(Instant::now());
        match written.recv_timeout(left) {
            Ok(true) => Ok(()),
            _ => Err("it did not take all of the text".to_owned()),
        }
    }
}

/// Waits for the end of `child`; `None` if it is still running at `deadline`.
fn wait_until(child: &mut Child, deadline: Instant) -> Result<Option<ExitStatus>, String> {
    loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            return Ok(None);
        }
        thread::sleep(POLL_INTERVAL);
    }
}
