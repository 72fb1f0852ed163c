//! Parses, runs, exits.

use std::process::ExitCode;

fn main() -> ExitCode {
    bridgelog::cli::main(std::env::args_os())
}
