//! `bridgelog completions` and `bridgelog man`.

use super::{error::Result, out::Out};
use crate::ops::OpsError;
use clap::{Args, Command};

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
    for verb in command.get_subcommands() {
        clap_mangen::Man::new(verb.clone())
            .render_synopsis_section(&mut page)
            .map_err(failed)?;
        clap_mangen::Man::new(verb.clone())
            .render_description_section(&mut page)
            .map_err(failed)?;
        clap_mangen::Man::new(verb.clone())
            .render_options_section(&mut page)
            .map_err(failed)?;
    }
    print_utf8(page, out)
}

fn print_utf8(bytes: Vec<u8>, out: &Out) -> Result {
    let text = String::from_utf8(bytes)
        .map_err(|_| OpsError::failed("what was generated is not UTF-8"))?;
    out.print(&text);
    Ok(())
}
