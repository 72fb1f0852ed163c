//! `bridgelog` in a pseudo-terminal.

use super::TestEnv;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Runs `bridgelog args` in a terminal of `rows` by `cols`. Returns the process, and the side of the terminal
/// that shows it and types.
pub fn start(
    env: &TestEnv,
    args: &[&str],
    (rows, cols): (u16, u16),
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
    command.cwd(env.path());
    (pair.slave.spawn_command(command).unwrap(), pair.master)
}
