//! `bridgelog verify` and `bridgelog backup`.

use super::{
    error::Result,
    global::GlobalArgs,
    out::{DIM, Out},
    view,
};
use crate::{
    domain::{count::counted, sanitize},
    ops::{OpsError, Session},
    store::{StoreError, parent_folder},
};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

const NEWER_READ_MODELS: &str = "a newer version of Bridgelog wrote the timelines and the search index: only the journal was checked";
/// Most findings that `backup` lists.
const MAX_BACKUP_FINDINGS: usize = 5;

#[derive(Debug, Args)]
#[command(
    after_help = "It recomputes every hash, every chain and everything derived, and prints the head of each chain: incident,\n\
    store, entries, hash. Compared with a head that you kept (a postmortem prints them), it shows what was\n\
    edited, deleted or reordered. It does not show that the times are true, that everything was logged, or that\n\
    the owner of the file did not rewrite all of it: tamper-evident, not tamper-proof.\n\n\
    The exit status is 3 if it found something, or if there is no entry to check.\n\n\
    If only what is derived is wrong, --rebuild derives it from the entries again; it changes no entry.\n\n\
    Example:\n  bridgelog verify --json"
)]
pub struct VerifyArgs {
    /// Derive timelines, lists and search from the entries again, then check
    #[arg(long)]
    rebuild: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn verify(global: &GlobalArgs, args: &VerifyArgs, out: &Out) -> Result {
    let mut session = global.open_existing()?;
    if args.rebuild {
        rebuild(&mut session)?;
    }
    let report = session.store.verify()?;
    let read = session.read();
    let load_heads = || -> Result<_> {
        let mut heads = Vec::new();
        for row in read.incidents()? {
            for head in read.chain_heads(Some(row.id))? {
                heads.push((Some(view::short_ref(&row)), head));
            }
        }
        heads.extend(read.chain_heads(None)?.into_iter().map(|head| (None, head)));
        Ok(heads)
    };
    let heads = match load_heads() {
        // The file is damaged: its findings are printed, without heads.
        Err(_) if !report.is_clean() => Vec::new(),
        heads => heads?,
    };
    if args.json {
        out.print_json(&json!({
            "heads": heads.iter().map(|(incident, head)| json!({
                "incident": incident, "origin": head.origin, "seq": head.seq, "hash": head.hash,
            })).collect::<Vec<_>>(),
            "entries": report.entries,
            "chains": report.chains,
            "subjects": report.subjects,
            "incidents": report.incidents,
            "destroyed": report.destroyed,
            "newer_read_models": report.newer_read_models,
            "findings": report.findings.iter().map(ToString::to_string).collect::<Vec<_>>(),
        }))?;
    } else {
        for finding in &report.findings {
            out.print_line(&sanitize::line(&finding.to_string()));
        }
        for (incident, head) in &heads {
            out.print_line(&format!(
                "{DIM}{:>8} {} {:>6} {}{DIM:#}",
                incident.as_deref().unwrap_or("unassigned"),
                head.origin,
                head.seq,
                head.hash.map_or_else(String::new, |hash| hash.to_string())
            ));
        }
        if report.newer_read_models {
            out.print_note(NEWER_READ_MODELS);
        }
        if report.entries > 0 || !report.is_clean() {
            out.print_line(&format!(
                "{} in {} checked: {}",
                counted(report.entries, "entry", "entries"),
                counted(report.chains, "chain", "chains"),
                match report.total_findings {
                    0 => "all is as it was written".to_owned(),
                    n => counted(n, "finding", "findings"),
                }
            ));
        }
    }
    if report.entries == 0 && report.is_clean() {
        return Err(OpsError::check_failed(format!(
            "{} is empty: it holds no entry to check",
            session.store.path().display()
        ))
        .with_hint(
            "if something was logged, this copy is not complete: make it with `bridgelog backup`, or while no Bridgelog has the file open",
        ));
    }
    if report.is_clean() {
        return Ok(());
    }
    let findings = counted(report.total_findings, "finding", "findings");
    if report.is_only_read_models() {
        return Err(OpsError::check_failed(format!(
            "the entries are as they were written, but what is derived from them is wrong: {findings}"
        ))
        .with_hint("`bridgelog verify --rebuild` derives what is shown from the entries again"));
    }
    Err(
        OpsError::check_failed(format!("not all is as it was written: {findings}")).with_hint(
            "keep this file as it is; `bridgelog backup` and earlier backups help to compare",
        ),
    )
}

fn rebuild(session: &mut Session) -> Result {
    session.store.rebuild().map_err(|error| {
        let is_unreadable = matches!(error, StoreError::Sqlite { .. });
        let error = OpsError::from(error);
        match is_unreadable {
            true => error.with_hint(
                "nothing was changed; `bridgelog verify` lists the entries that cannot be read",
            ),
            false => error,
        }
    })
}

#[derive(Debug, Args)]
#[command(
    after_help = "It copies the database while others write to it, and checks the copy as `verify` does. It never replaces a\n\
    file. The exit status is 3 if the check found something; the copy is kept then.\n\n\
    Example:\n  bridgelog backup /media/usb/bridgelog-backup.db"
)]
pub struct BackupArgs {
    /// The copy; the file must not exist yet
    path: PathBuf,
}

pub(super) fn backup(global: &GlobalArgs, args: &BackupArgs, out: &Out) -> Result {
    if args.path.as_os_str() == "-" {
        return Err(OpsError::usage("a backup is a file, not standard output")
            .with_hint("give a path; a file of that name is ./-"));
    }
    let folder = parent_folder(&args.path);
    if !folder.is_dir() {
        return Err(
            OpsError::failed(format!("there is no folder {}", folder.display()))
                .with_hint("make it first, or give another path"),
        );
    }
    let session = global.open_existing()?;
    let report = session.store.backup(&args.path)?;
    let copied = format!(
        "backed up {} to {}",
        sanitize::line(&session.store.path().display().to_string()),
        sanitize::line(&args.path.display().to_string())
    );
    if report.is_clean() && !report.newer_read_models {
        let entries = counted(report.entries, "entry", "entries");
        out.print_line(&format!("{copied}, and checked {entries}"));
        return Ok(());
    }
    if report.is_clean() {
        out.print_line(&format!("{copied}, and checked its journal"));
        out.print_note(NEWER_READ_MODELS);
        return Ok(());
    }
    out.print_line(&copied);
    for finding in report.findings.iter().take(MAX_BACKUP_FINDINGS) {
        out.print_note(&finding.to_string());
    }
    Err(OpsError::check_failed(format!(
        "{} is a copy of what is there, which is not as it was written: {}",
        args.path.display(),
        counted(report.total_findings, "finding", "findings")
    ))
    .with_hint(format!(
        "keep earlier backups; `bridgelog --db '{}' verify` lists the findings",
        args.path.display()
    )))
}
