//! `bridgelog postmortem` and `bridgelog email`.

use super::{
    email_messages::{self, MessageArgs},
    error::Result,
    global::GlobalArgs,
    out::Out,
    view,
};
use crate::{
    documents::{Format, Stage, managed_blocks::BlockUpdate},
    domain::{
        count::counted, document_text, incident::Incident, review::ReviewStage, sanitize,
        zone::Zone,
    },
    ops::{
        OpsError, Session, atomic_write, document,
        resolve::label,
        review::{self, Reviewed},
        update::{self, Updated},
    },
};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
struct Destination {
    /// Write to this file; `-` is standard output
    #[arg(long, value_name = "PATH", group = "file")]
    output: Option<PathBuf>,
    /// Overwrite an existing file
    #[arg(long, requires = "file")]
    force: bool,
}

impl Destination {
    /// The file to write; `None` for standard output.
    fn file(&self) -> Option<&Path> {
        self.output
            .as_deref()
            .filter(|path| path.as_os_str() != "-")
    }

    fn write_document(&self, session: &Session, text: &str, out: &Out) -> Result {
        match self.file() {
            None => out.print_document(text),
            Some(path) => {
                let text = document_text::block(text);
                atomic_write::write(path, text.as_bytes(), session.write_options(self.force))?;
                report_file_written(path, out);
            }
        }
        Ok(())
    }
}

impl Destination {
    /// Writes text that is safe to show and must not change: an `.eml` draft, JSON with its escapes.
    fn write_raw(&self, session: &Session, text: &str, out: &Out) -> Result {
        match self.file() {
            None => out.print(text),
            Some(path) => {
                atomic_write::write(path, text.as_bytes(), session.write_options(self.force))?;
                report_file_written(path, out);
            }
        }
        Ok(())
    }
}

fn report_file_written(path: &Path, out: &Out) {
    let path = path.display().to_string();
    out.print_line(&format!("wrote {}", crate::domain::sanitize::line(&path)));
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PostmortemFormat {
    Md,
    Html,
    Json,
}

#[derive(Debug, Args)]
#[command(
    after_help = "--update replaces the generated parts between their markers; all other text of the file stays. A part that\n\
    was edited by hand is named and kept, unless --force is given.\n\
    --check ends with exit status 3 if the file is out of date.\n\
    --reviewed and --final record who and when; the document says so, and how many records changed since.\n\
    Dates and states of tasks and sent emails do not count as changes. Alone they print no document.\n\n\
    Examples:\n  bridgelog postmortem\n  bridgelog postmortem 7 --output outage-7.md\n  \
    bridgelog postmortem 7 --update outage-7.md\n  bridgelog postmortem 7 --reviewed ann\n  \
    bridgelog postmortem 7 --format html --output outage-7.html\n\n\
    With --output NAME.md it also writes NAME.svg, a picture of the states over time, and the attached files to the\n\
    folder NAME_files. HTML shows attached images and the first lines of texts in the page."
)]
pub struct PostmortemArgs {
    /// The incident [default: the open one, else the latest]
    #[arg(value_name = "REF")]
    reference: Option<String>,
    /// The format: md, html (one file, without scripts) or json
    #[arg(long, value_enum, default_value = "md")]
    format: PostmortemFormat,
    /// Update a file that was written before
    #[arg(
        long,
        value_name = "PATH",
        group = "file",
        conflicts_with_all = ["format", "check"]
    )]
    update: Option<PathBuf>,
    /// Check whether a file written before is up to date; writes nothing
    #[arg(long, value_name = "PATH", conflicts_with_all = ["format", "file"])]
    check: Option<PathBuf>,
    /// Record that BY reviewed the postmortem as it is now
    #[arg(long, value_name = "BY", conflicts_with_all = ["check", "final_by"])]
    reviewed: Option<String>,
    /// Record that BY declares the postmortem final as it is now
    #[arg(long = "final", value_name = "BY", conflicts_with = "check")]
    final_by: Option<String>,
    #[command(flatten)]
    destination: Destination,
}

pub(super) fn postmortem(global: &GlobalArgs, args: &PostmortemArgs, out: &Out) -> Result {
    let mut session = global.open_for_documents()?;
    let reviews = [
        (ReviewStage::Reviewed, &args.reviewed),
        (ReviewStage::Final, &args.final_by),
    ];
    let review = reviews
        .into_iter()
        .find_map(|(stage, by)| Some((stage, by.as_ref()?)));
    if let Some((stage, by)) = review {
        // Nothing is recorded if the file in the same call is there already.
        if let Some(path) = args.destination.file().filter(|_| !args.destination.force) {
            atomic_write::require_free(path)?;
        }
        let reviewed = review::record(&mut session, args.reference.as_deref(), stage, by)?;
        report_review(&reviewed, out)?;
        if args.update.is_none() && args.destination.output.is_none() {
            return Ok(());
        }
    }
    let row = session.resolve_for_read(args.reference.as_deref())?;
    let incident = session.load_incident_for_document(&row)?;
    note_unverified(&incident, out);
    if let Some(path) = &args.check {
        let checked = report_check(&update::check(&session, &incident, path)?, path, out);
        return match &incident.unverified {
            Some(what) => Err(OpsError::check_failed(format!(
                "the entries behind {} are not as they were written: {what}",
                path.display()
            ))
            .with_hint(VERIFY_HINT)),
            None => checked,
        };
    }
    if let Some(path) = &args.update {
        let updated = update::update(&session, &incident, path, args.destination.force)?;
        report_update(&updated, path, out);
        return Ok(());
    }
    match args.format {
        PostmortemFormat::Md => match args.destination.file() {
            None => args.destination.write_document(
                &session,
                &document::postmortem_markdown(&session, &incident)?,
                out,
            ),
            Some(path) => {
                let force = args.destination.force;
                let beside = document::write_postmortem(&session, &incident, path, force)?;
                report_file_written(path, out);
                if let Some(image) = beside.image {
                    report_file_written(&image, out);
                }
                if let Some((folder, count)) = beside.files {
                    let files = counted(count, "attached file", "attached files");
                    let folder = folder.display().to_string();
                    out.print_line(&format!("wrote {files} to {}", sanitize::line(&folder)));
                }
                Ok(())
            }
        },
        PostmortemFormat::Html => args.destination.write_document(
            &session,
            &document::postmortem_html(&session, &incident)?,
            out,
        ),
        PostmortemFormat::Json => {
            let json = document::postmortem_json(&incident)?;
            args.destination
                .write_raw(&session, &sanitize::json(json), out)
        }
    }
}

/// Prints what was recorded of a review, and of what.
fn report_review(reviewed: &Reviewed, out: &Out) -> Result {
    let zone = Zone::find(&reviewed.incident.zone)?;
    let word = match reviewed.stage {
        ReviewStage::Reviewed => "reviewed",
        ReviewStage::Final => "final",
    };
    out.print_line(&format!(
        "postmortem of incident {}: {word} by {}, {}, records to {}",
        label(&reviewed.incident),
        sanitize::line(&reviewed.by),
        counted(reviewed.entries, "entry", "entries"),
        view::format_date_time(reviewed.records_to, &zone)
    ));
    Ok(())
}

const VERIFY_HINT: &str =
    "`bridgelog verify` names all that was changed; earlier backups help to compare";

/// Says on standard error that a document is made from entries that were changed; it says so itself.
fn note_unverified(incident: &Incident, out: &Out) {
    if let Some(what) = &incident.unverified {
        out.print_note(&format!(
            "this document is made from entries that are not as they were written: {what}; {VERIFY_HINT}"
        ));
    }
}

fn join_names(blocks: &[(String, usize)]) -> String {
    let names: Vec<&str> = blocks.iter().map(|(name, _)| name.as_str()).collect();
    names.join(", ")
}

fn note_unknown_blocks(blocks: &BlockUpdate, path: &Path, out: &Out) {
    for (name, line) in &blocks.unrecognized {
        out.print_note(&format!(
            "{}, line {line}: part `{name}` is none of this document's and stays as it is",
            path.display()
        ));
    }
    for (name, line) in &blocks.retired {
        out.print_note(&format!(
            "{}, line {line}: part `{name}` is of an earlier version; its text stays, as your own",
            path.display()
        ));
    }
}

fn report_update(updated: &Updated, path: &Path, out: &Out) {
    let path_text = path.display().to_string();
    let path_text = sanitize::line(&path_text);
    if updated.written {
        let names = join_names(&updated.blocks.stale);
        out.print_line(&format!("updated {path_text}: {}", sanitize::line(&names)));
    } else {
        out.print_line(&format!("{path_text} is up to date"));
    }
    note_unknown_blocks(&updated.blocks, path, out);
}

fn report_check(blocks: &BlockUpdate, path: &Path, out: &Out) -> Result {
    let path_text = path.display().to_string();
    let path_text = sanitize::line(&path_text);
    for (problem, found) in [
        ("out of date", &blocks.stale),
        ("edited by hand", &blocks.edited),
    ] {
        for (name, line) in found {
            out.print_line(&format!(
                "{path_text}, line {line}: {} is {problem}",
                sanitize::line(name)
            ));
        }
    }
    note_unknown_blocks(blocks, path, out);
    if blocks.stale.is_empty() {
        out.print_line(&format!("{path_text} is up to date"));
        return Ok(());
    }
    Err(OpsError::check_failed(format!(
        "{path_text} is out of date: {}",
        join_names(&blocks.stale)
    ))
    .with_hint(format!(
        "`bridgelog postmortem --update {path_text}` brings it up to them"
    )))
}

#[derive(Debug, Args)]
#[command(
    after_help = "Without --stage, the stage that is due. The email is made of customer wording (`tell:`), public names,\n\
    times, states and the fields for customers, and of nothing else. What is missing is marked [[...]] with the\n\
    command that fills it.\n\n\
    --save saves the email as draft m1; --approve records who approved exactly that text; --sent records what was\n\
    sent, when and how. A sent email counts as an update to customers and cannot be undone. If the record changes\n\
    afterwards, the next email corrects it.\n\n\
    Examples:\n  bridgelog email --stage initial\n  bridgelog email 7 --stage followup --explain\n  \
    bridgelog email --save\n  bridgelog email --approve ann m1\n  bridgelog email --sent m1 --via statuspage\n  \
    bridgelog email 7 --format eml --to ann@example.com --output email.eml"
)]
pub struct EmailArgs {
    /// The incident [default: the open one, else the latest]
    #[arg(value_name = "REF")]
    reference: Option<String>,
    /// The stage: initial, update, resolved or followup [default: the one that is due]
    #[arg(long)]
    stage: Option<String>,
    /// The format: txt, md, or eml (a draft for a mail program)
    #[arg(long, default_value = "txt")]
    format: String,
    /// A recipient of the draft (eml only); may be given again
    #[arg(long = "to", value_name = "ADDR")]
    recipients: Vec<String>,
    /// The subject, instead of the generated one
    #[arg(long, value_name = "TEXT")]
    subject: Option<String>,
    /// Show the events behind each sentence
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    destination: Destination,
    #[command(flatten)]
    messages: MessageArgs,
}

pub(super) fn email(global: &GlobalArgs, args: &EmailArgs, out: &Out) -> Result {
    let format = match args.format.as_str() {
        "txt" | "text" => Some(Format::Text),
        "md" | "markdown" => Some(Format::Markdown),
        "eml" => None,
        other => {
            return Err(
                OpsError::usage(format!("there is no email format `{other}`"))
                    .with_hint("txt, md or eml"),
            );
        }
    };
    if format.is_some() && !args.recipients.is_empty() {
        return Err(
            OpsError::usage("--to is for a draft that a mail program opens")
                .with_hint("--format eml"),
        );
    }
    let stage = match &args.stage {
        None => None,
        Some(word) => Some(word.parse::<Stage>().map_err(|_| {
            OpsError::usage(format!("there is no stage `{word}`"))
                .with_hint("initial, update, resolved, followup")
        })?),
    };
    let reference = args.reference.as_deref();
    if email_messages::run(global, &args.messages, reference, stage, out)? {
        return Ok(());
    }
    let session = global.open_for_documents()?;
    let row = session.resolve_for_read(reference)?;
    let incident = session.load_incident_for_document(&row)?;
    note_unverified(&incident, out);
    let subject = args.subject.as_deref();
    if format.is_none() && !args.explain {
        let (_, draft) = document::eml(&session, &incident, stage, &args.recipients, subject)?;
        return args.destination.write_raw(&session, &draft, out);
    }
    let (_, mut email) = document::email(&session, &incident, stage, format.unwrap_or_default())?;
    if let Some(subject) = subject {
        email.subject = document::validate_subject(subject)?;
        email.trace.retain(|(line, _)| *line != 0);
    }
    let text = format!("Subject: {}\n\n{}", email.subject, email.body);
    if args.explain {
        // In the trace, line 0 is the subject and the body begins at line 1.
        let lines: Vec<&str> = std::iter::once(email.subject.as_str())
            .chain(email.body.lines())
            .collect();
        let mut explained = String::new();
        for (line, text) in lines.iter().enumerate() {
            let handles = email
                .trace
                .iter()
                .find(|(traced, _)| *traced == line)
                .map_or_else(String::new, |(_, handles)| handles.join(" "));
            explained.push_str(format!("{handles:<24} | {text}").trim_end());
            explained.push('\n');
        }
        return args.destination.write_document(&session, &explained, out);
    }
    args.destination.write_document(&session, &text, out)
}
