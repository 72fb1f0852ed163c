//! `bridgelog` in a pseudo-terminal.

use super::TestEnv;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Runs `bridgelog args` in a terminal of `rows` by `cols`. Returns the process, and the side of the terminal
/// that shows it and types.
pub fn start(
    env: &TestEnv,
    args: &[&str],
    size: (u16, u16),
) -> (Box<dyn Child + Send + Sync>, Box<dyn MasterPty + Send>) {
    start_with(env, args, size, &[])
}

/// As [`start`], with further variables in its environment.
pub fn start_with(
    env: &TestEnv,
    args: &[&str],
    (rows, cols): (u16, u16),
    variables: &[(&str, &str)],
) -> (Box<dyn Child + Send + Sync>, Box<dyn MasterPty + Send>) {
    let size = PtySize {
        rows,
        cols,
        ..PtySize::default()
    };
    let pair = native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_bridgelog"));
    command.args(args);
    for (name, value) in env.command(&[]).get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    command.env("TERM", "xterm-256color");
    for (name, value) in variables {
        command.env(name, value);
    }
    command.cwd(env.path());
    (pair.slave.spawn_command(command).unwrap(), pair.master)
}
