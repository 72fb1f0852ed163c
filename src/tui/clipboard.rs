//! Copies a text: by the program that this screen has for it, else by the terminal (OSC 52), else not at all,
//! and then the app shows the text. Which way it went is said, since not every way can be relied on.
//!
//! A program may hang, so it runs on a thread of its own and is waited for only so long.

mod program;

use self::program::Program;
use super::msg::{CopyReply, CopyRequest, CopyWay, Msg};
use std::{
    env,
    ffi::OsString,
    os::unix::fs::PermissionsExt as _,
    path::PathBuf,
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::Duration,
};

/// How long a program may take.
const PROGRAM_TIMEOUT: Duration = Duration::from_secs(2);

/// Longer texts, in bytes, do not fit in the 100,000 bytes that terminals take as one OSC 52 sequence.
const MAX_TERMINAL_BYTES: usize = 74_994;

/// What of the environment decides how a text is copied.
#[derive(Clone, Debug, Default)]
struct Environment {
    /// Inside tmux.
    tmux: bool,
    wayland: bool,
    x11: bool,
    macos: bool,
    /// The value of `$TERM`.
    term: String,
    /// The value of `$PATH`.
    path: OsString,
}

impl Environment {
    fn current() -> Self {
        let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        Self {
            tmux: is_set("TMUX"),
            wayland: is_set("WAYLAND_DISPLAY"),
            x11: is_set("DISPLAY"),
            macos: cfg!(target_os = "macos"),
            term: env::var("TERM").unwrap_or_default(),
            path: env::var_os("PATH").unwrap_or_default(),
        }
    }

    /// Returns the programs that can copy here and are on the `PATH`, best first.
    fn programs(&self) -> Vec<Program> {
        let all = [
            (
                self.tmux,
                "tmux buffer",
                "tmux",
                &["load-buffer", "-w", "-"][..],
            ),
            // Before version 3.2 it has no `-w`, which passes the text on to the terminal.
            (self.tmux, "tmux buffer", "tmux", &["load-buffer", "-"]),
            (self.wayland, "wl-copy", "wl-copy", &[]),
            (self.x11, "xclip", "xclip", &["-selection", "clipboard"]),
            (self.x11, "xsel", "xsel", &["--clipboard", "--input"]),
            (self.macos, "pbcopy", "pbcopy", &[]),
        ];
        let found = all.into_iter().filter(|(applies, ..)| *applies);
        let found = found.filter_map(|(_, label, name, arguments)| {
            let path = self.find(name)?;
            Some(Program {
                label,
                path,
                arguments,
            })
        });
        found.collect()
    }

    fn find(&self, name: &str) -> Option<PathBuf> {
        let is_program = |path: &PathBuf| {
            let meta = path.metadata();
            meta.is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
        };
        env::split_paths(&self.path)
            .map(|folder| folder.join(name))
            .find(is_program)
    }

    /// Returns the way for a text of `bytes` bytes that no program could copy.
    fn way_without_program(&self, bytes: usize) -> CopyWay {
        let cannot = ["", "dumb", "linux", "vt52", "vt100", "vt102", "vt220"];
        if cannot.contains(&self.term.as_str()) || bytes > MAX_TERMINAL_BYTES {
            CopyWay::Nowhere
        } else {
            CopyWay::Terminal
        }
    }

    /// Copies with the first program that works. Waits for each of them at most `timeout`.
    fn copy(&self, request: CopyRequest, timeout: Duration) -> CopyReply {
        let mut failures = Vec::new();
        for program in self.programs() {
            match program.run(&request.text, timeout) {
                Ok(()) => {
                    return CopyReply {
                        request,
                        way: CopyWay::Program(program.label),
                        failures,
                    };
                }
                Err(why) => failures.push(format!("{}: {why}", program.label)),
            }
            // Both calls of tmux fail alike.
            failures.dedup();
        }
        CopyReply {
            way: self.way_without_program(request.text.len()),
            request,
            failures,
        }
    }
}

/// Returns the way that a short text would be copied here, if the first program works.
#[must_use]
pub fn clipboard_way() -> CopyWay {
    let environment = Environment::current();
    let first = environment.programs().into_iter().next();
    first.map_or_else(
        || environment.way_without_program(0),
        |program| CopyWay::Program(program.label),
    )
}

/// Copies texts one after the other.
pub struct Clipboard {
    environment: Environment,
    replies: Sender<Msg>,
    requests: Option<Sender<CopyRequest>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Clipboard {
    /// Answers go to `replies` as [`Msg::Copied`].
    pub fn new(replies: Sender<Msg>) -> Self {
        Self {
            environment: Environment::current(),
            replies,
            requests: None,
            thread: None,
        }
    }

    /// Copies a text. Returns the answer at once where there is no program to run.
    pub fn copy(&mut self, request: CopyRequest) -> Option<CopyReply> {
        if self.environment.programs().is_empty() {
            return Some(self.environment.copy(request, PROGRAM_TIMEOUT));
        }
        if self.requests.is_none() {
            let (requests, received) = channel();
            let (environment, replies) = (self.environment.clone(), self.replies.clone());
            let started = thread::Builder::new()
                .name("clipboard".to_owned())
                .spawn(move || answer_all(&environment, &received, &replies));
            self.thread = started.ok();
            self.requests = self.thread.is_some().then_some(requests);
        }
        let way = self.environment.way_without_program(request.text.len());
        let unsent = match &self.requests {
            Some(requests) => requests.send(request).err()?.0,
            None => request,
        };
        Some(CopyReply {
            request: unsent,
            way,
            failures: vec!["no thread can be started".to_owned()],
        })
    }

    /// Takes no more texts, and returns the thread that still copies those it was given.
    pub fn close(&mut self) -> Option<thread::JoinHandle<()>> {
        self.requests = None;
        self.thread.take()
    }
}

fn answer_all(environment: &Environment, requests: &Receiver<CopyRequest>, replies: &Sender<Msg>) {
    while let Ok(request) = requests.recv() {
        let reply = environment.copy(request, PROGRAM_TIMEOUT);
        // The app may be gone; what it asked for is copied all the same.
        let _ = replies.send(Msg::Copied(Box::new(reply)));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::tui::msg::CopyOf;
    use std::{fs, path::Path};

    fn request(text: &str) -> CopyRequest {
        CopyRequest {
            text: text.to_owned(),
            of: CopyOf::Text,
        }
    }

    /// A program of this name that runs `script`.
    fn program(folder: &Path, name: &str, script: &str) {
        let path = folder.join(name);
        // Written aside: a file that is being written cannot be run.
        let aside = folder.join("aside");
        fs::write(&aside, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&aside, fs::Permissions::from_mode(0o755)).unwrap();
        fs::rename(aside, path).unwrap();
    }

    fn environment(folder: &Path) -> Environment {
        Environment {
            term: "xterm".to_owned(),
            path: folder.as_os_str().to_owned(),
            ..Environment::default()
        }
    }

    fn labels(environment: &Environment) -> Vec<&'static str> {
        let programs = environment.programs();
        programs.iter().map(|program| program.label).collect()
    }

    #[test]
    fn only_programs_that_are_there_and_have_a_screen_are_tried() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["tmux", "wl-copy", "xsel", "pbcopy"] {
            program(folder.path(), name, "true");
        }
        fs::write(folder.path().join("xclip"), "not executable").unwrap();
        let nothing = environment(folder.path());
        assert_eq!(labels(&nothing), [""; 0]);
        let everything = Environment {
            tmux: true,
            wayland: true,
            x11: true,
            macos: true,
            ..nothing.clone()
        };
        assert_eq!(
            labels(&everything),
            ["tmux buffer", "tmux buffer", "wl-copy", "xsel", "pbcopy"]
        );
        let x11 = Environment {
            x11: true,
            ..nothing
        };
        assert_eq!(labels(&x11), ["xsel"]);
    }

    #[test]
    fn program_gets_the_text_and_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let copied = folder.path().join("copied");
        let script = format!("cat > {}", copied.display());
        program(folder.path(), "xclip", &script);
        let environment = Environment {
            x11: true,
            path: env::join_paths([folder.path(), Path::new("/usr/bin"), Path::new("/bin")])
                .unwrap(),
            ..environment(folder.path())
        };
        let text = "ä line\nand more ".repeat(20_000);
        let reply = environment.copy(request(&text), Duration::from_secs(60));
        assert_eq!(reply.way, CopyWay::Program("xclip"));
        assert_eq!(reply.failures, [""; 0]);
        assert_eq!(fs::read_to_string(copied).unwrap(), text);
    }

    #[test]
    fn what_a_program_leaves_in_the_background_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        program(folder.path(), "xclip", "cat > /dev/null; sleep 300 &");
        let environment = Environment {
            x11: true,
            ..environment(folder.path())
        };
        let reply = environment.copy(request("text"), Duration::from_secs(60));
        assert_eq!(reply.way, CopyWay::Program("xclip"));
    }

    #[test]
    fn failing_or_hanging_program_is_named_and_the_next_is_tried() {
        let folder = tempfile::tempdir().unwrap();
        program(folder.path(), "tmux", "exit 3");
        program(folder.path(), "wl-copy", "exec sleep 300");
        program(folder.path(), "xclip", "cat > /dev/null");
        let all = Environment {
            tmux: true,
            wayland: true,
            x11: true,
            ..environment(folder.path())
        };
        let reply = all.copy(request("text"), Duration::from_secs(1));
        let failures = reply.failures;
        assert_eq!(reply.way, CopyWay::Program("xclip"));
        assert_eq!(
            failures,
            ["tmux buffer: exit status: 3", "wl-copy: no answer in 1 s"]
        );
    }

    #[test]
    fn program_that_does_not_read_has_not_copied() {
        let folder = tempfile::tempdir().unwrap();
        program(folder.path(), "xclip", "exit 0");
        let environment = Environment {
            x11: true,
            ..environment(folder.path())
        };
        // More than a pipe holds.
        let text = "x".repeat(1 << 20);
        let reply = environment.copy(request(&text), Duration::from_secs(60));
        assert_eq!(
            reply.failures,
            ["xclip: it did not take all of the text".to_owned()]
        );
        assert_eq!(reply.way, CopyWay::Nowhere);
    }

    #[test]
    fn terminal_is_the_last_way_where_it_can_take_the_text() {
        let way = |term: &str, text: &str| {
            let environment = Environment {
                term: term.to_owned(),
                ..Environment::default()
            };
            environment.copy(request(text), PROGRAM_TIMEOUT).way
        };
        let long = "x".repeat(MAX_TERMINAL_BYTES);
        assert_eq!(way("xterm-256color", "text"), CopyWay::Terminal);
        assert_eq!(way("xterm-256color", &long), CopyWay::Terminal);
        assert_eq!(way("xterm-256color", &format!("{long}x")), CopyWay::Nowhere);
        for term in ["linux", "vt100", "dumb", ""] {
            assert_eq!(way(term, "text"), CopyWay::Nowhere, "{term}");
        }
    }
}
