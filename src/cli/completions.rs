//! `bridgelog completions` and `bridgelog man`.

use super::{error::Result, out::Out};
use crate::ops::OpsError;
use clap::{Args, Command};
use std::io;

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  bridgelog completions bash > ~/.local/share/bash-completion/completions/bridgelog"
)]
pub struct CompletionsArgs {
    /// Which shell
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

pub(super) fn completions(args: &CompletionsArgs, mut command: Command, out: &Out) -> Result {
    // Into memory first: the generator panics if it writes to a closed pipe.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "bridgelog", &mut script);
    print_utf8(script, out)
}

pub(super) fn man(mut command: Command, out: &Out) -> Result {
    let mut page = Vec::new();
    command.build();
    let failed = |e| OpsError::failed("the manual page cannot be made").with_source(e);
    clap_mangen::Man::new(command.clone())
        .render(&mut page)
        .map_err(failed)?;
    for verb in commands_below(&command) {
        render_command(verb, &mut page).map_err(failed)?;
    }
    print_utf8(page, out)
}

/// Appends the sections of `command` and of the commands below it (`task add`) to `page`.
fn render_command(command: &Command, page: &mut Vec<u8>) -> io::Result<()> {
    let man = clap_mangen::Man::new(command.clone());
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    commands_below(command).try_for_each(|below| render_command(below, page))
}

/// Returns the commands of `command`, without the `help` that clap adds with a copy of each.
fn commands_below(command: &Command) -> impl Iterator<Item = &Command> {
    command
        .get_subcommands()
        .filter(|below| below.get_name() != "help")
}

fn print_utf8(bytes: Vec<u8>, out: &Out) -> Result {
    let text = String::from_utf8(bytes)
        .map_err(|_| OpsError::failed("what was generated is not UTF-8"))?;
    out.print(&text);
    Ok(())
}
