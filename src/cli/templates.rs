//! `bridgelog templates`.

use super::{
    error::Result,
    global::GlobalArgs,
    out::{BOLD, CYAN, DIM, Out},
};
use crate::{
    config,
    documents::template_variables,
    domain::sanitize,
    ops::{OpsError, atomic_write::WriteOptions, template},
};
use clap::{Args, Subcommand};
use serde_json::json;

#[derive(Debug, Args)]
#[command(
    after_help = "Templates are minijinja files. Your own, in the folder `templates` beside the settings file, replace those\n\
    built in. `eject` copies a built-in one there for you to change; `check` renders all of them on samples and\n\
    names the file and the line of each error.\n\n\
    Examples:\n  bridgelog templates list\n  bridgelog templates show email-update --variables\n  \
    bridgelog templates eject email-end\n  bridgelog templates check"
)]
pub struct TemplatesArgs {
    #[command(subcommand)]
    command: TemplatesCommand,
}

#[derive(Debug, Subcommand)]
enum TemplatesCommand {
    /// List the templates, and which are your own
    #[command(after_help = "Example:\n  bridgelog templates list --json")]
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the source of a template, or the variables it can use
    #[command(after_help = "Example:\n  bridgelog templates show email-update --variables")]
    Show {
        /// The file name, with or without its ending
        name: String,
        /// Print the variables instead of the source
        #[arg(long)]
        variables: bool,
    },
    /// Copy a built-in template into your folder, to change it there
    #[command(after_help = "Example:\n  bridgelog templates eject email-end")]
    Eject {
        /// The file name, with or without its ending
        name: String,
        /// Overwrite your own template
        #[arg(long)]
        force: bool,
    },
    /// Render all of them on samples; the exit status is 3 if one fails
    #[command(after_help = "Example:\n  bridgelog templates check")]
    Check,
}

pub(super) fn run(global: &GlobalArgs, args: &TemplatesArgs, out: &Out) -> Result {
    let folder = config::templates_folder()?;
    let folder = Some(folder.as_path());
    match &args.command {
        TemplatesCommand::List { json } => {
            let listed = template::list(folder)?;
            if *json {
                let listed: Vec<_> = listed
                    .iter()
                    .map(|t| {
                        let own = t.user_file.as_ref().map(|path| path.display().to_string());
                        json!({"name": t.name, "own": own, "built_in": t.built_in, "root": t.is_entry_template})
                    })
                    .collect();
                return out.print_json(&listed);
            }
            for t in &listed {
                let from = match &t.user_file {
                    Some(path) => format!("your own: {}", path.display()),
                    None => "built in".to_owned(),
                };
                let part = if t.is_entry_template {
                    ""
                } else {
                    "  included by others"
                };
                out.print_line(&format!(
                    "{BOLD}{:<22}{BOLD:#} {}{DIM}{part}{DIM:#}",
                    sanitize::line(&t.name),
                    sanitize::line(&from)
                ));
            }
        }
        TemplatesCommand::Show { name, variables } => {
            let source = template::source(folder, name)?;
            if *variables {
                print_variables(name, out);
            } else {
                out.print_document(&source);
            }
        }
        TemplatesCommand::Eject { name, force } => {
            let options = WriteOptions {
                force: *force,
                database: &global.db_path()?,
            };
            let path = template::eject(folder, name, options)?;
            let path = path.display().to_string();
            out.print_line(&format!(
                "wrote {}; it is used from now on",
                sanitize::line(&path)
            ));
        }
        TemplatesCommand::Check => return report_check(folder, out),
    }
    Ok(())
}

fn print_variables(name: &str, out: &Out) {
    for (group, fields) in template_variables::for_template(name) {
        out.print_line(&format!("{BOLD}{group}{BOLD:#}"));
        for field in fields {
            out.print_line(&format!(
                "  {CYAN}{:<16}{CYAN:#} {:<24} {DIM}{}{DIM:#}",
                field.name,
                field.type_label(),
                field.description()
            ));
        }
    }
    out.print_line(&format!("{BOLD}functions and filters{BOLD:#}"));
    out.print_line("  missing(what, command)   a marker for what is missing: [[what: command]]");
    if name.starts_with("postmortem") {
        out.print_line("  {% filter part(name) %}  a generated part, which an update replaces");
    }
}

fn report_check(folder: Option<&std::path::Path>, out: &Out) -> Result {
    let faults = template::check(folder)?;
    for fault in &faults {
        out.print_line(&sanitize::line(fault));
    }
    if faults.is_empty() {
        let own = template::list(folder)?
            .iter()
            .filter(|t| t.user_file.is_some())
            .count();
        out.print_line(&format!(
            "all templates can be rendered; {own} of them your own"
        ));
        return Ok(());
    }
    let place = folder.map_or_else(String::new, |f| format!(" in {}", f.display()));
    Err(OpsError::check_failed(match faults.len() {
        1 => "one fault in the templates".to_owned(),
        n => format!("{n} faults in the templates"),
    })
    .with_hint(format!(
        "your own are{place}; without a file there the one built in is used"
    )))
}
