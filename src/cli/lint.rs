//! `bridgelog lint`: what is missing from the postmortem and the letter, or must not go out.

use super::{
    error::Result,
    global::GlobalArgs,
    out::{BOLD, CYAN, DIM, Out},
    view,
};
use crate::{
    documents::Stage,
    domain::sanitize,
    ops::{OpsError, lint},
};
use clap::Args;
use serde_json::json;

#[derive(Debug, Args)]
#[command(
    after_help = "Each finding names the event, field or section, the reason, and the command that fixes it. The settings\n\
    file takes more words, vendors and allowed names:\n\n  \
    [lint]\n  words = [\"glitch\"]\n  public-names = [\"edge-1\"]\n  vendors = [\"Example Hosting\"]\n  \
    update-minutes = 60\n  silence-minutes = 60\n\n\
    Findings marked as advice are for you to decide. The exit status is 3 if there are others.\n\n\
    Examples:\n  bridgelog lint\n  bridgelog lint 7 --stage followup"
)]
pub struct LintArgs {
    /// The incident [default: the open one, else the latest]
    #[arg(value_name = "REF")]
    reference: Option<String>,
    /// The email to check: initial, update, resolved or followup [default: the one that is due]
    #[arg(long)]
    stage: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(global: &GlobalArgs, args: &LintArgs, out: &Out) -> Result {
    let stage = args.stage.as_deref().map(str::parse::<Stage>).transpose()?;
    let session = global.open_for_documents()?;
    let row = session.resolve_for_read(args.reference.as_deref())?;
    let incident = session.load_incident(&row)?;
    let findings = lint::lint(&session, &incident, stage)?;
    if args.json {
        out.print_json(&json!({"incident": view::short_ref(&row), "findings": findings}))?;
    } else {
        for finding in &findings {
            let advice = if finding.advice { "advice: " } else { "" };
            out.print_line(&format!(
                "{:<10} {BOLD}{:<17}{BOLD:#} {:<6}  {advice}{}",
                finding.document,
                finding.check,
                sanitize::line(finding.handle.as_deref().unwrap_or_default()),
                sanitize::line(&finding.reason)
            ));
            out.print_line(&format!(
                "{:10} {CYAN}{}{CYAN:#}",
                "",
                sanitize::line(&finding.command)
            ));
        }
        if findings.is_empty() {
            out.print_line(&format!("{DIM}{}{DIM:#}", view::label(&row)));
            out.print_line("nothing to fix in the email and the postmortem");
        }
    }
    let count = findings.iter().filter(|finding| !finding.advice).count();
    if count == 0 {
        return Ok(());
    }
    Err(OpsError::check_failed(match count {
        1 => "one thing is missing or must not go out".to_owned(),
        n => format!("{n} things are missing or must not go out"),
    })
    .with_hint("run the command below each of them"))
}
