//! `bridgelog postmortem` and `bridgelog email`.

use super::{
    Result,
    global::Global,
    messages::{self, MessageArgs},
    out::Out,
};
use crate::{
    documents::{Format, Stage, parts::Update},
    domain::safe,
    ops::{
        OpsError, Sort, document,
        update::{self, Updated},
        whole_file,
    },
};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

/// Where a document goes.
#[derive(Debug, Args)]
struct Destination {
    /// Write it to a file instead of standard output
    #[arg(long, value_name = "PATH", group = "file")]
    output: Option<PathBuf>,
    /// Overwrite the file where there is one; with --update, parts edited by hand too
    #[arg(long, requires = "file")]
    force: bool,
}

impl Destination {
    fn put(&self, text: &str, out: &Out) -> Result {
        match &self.output {
            None => out.document(text),
            Some(path) => {
                let safe = safe::block(text);
                whole_file::write(path, safe.as_bytes(), self.force)?;
                out.ansi_line(&format!(
                    "wrote {}",
                    safe::line(&path.display().to_string())
                ));
            }
        }
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PostmortemFormat {
    Md,
    Json,
}

/// What `postmortem` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "--update replaces the generated parts, between their markers, and leaves every other byte\n\
    of the file alone. A part that was edited by hand is named and kept, unless --force.\n\
    --check writes nothing; exit code 3 where the file is behind its records.\n\n\
    Examples:\n  bridgelog postmortem\n  bridgelog postmortem 7 --output outage-7.md\n  \
    bridgelog postmortem 7 --update outage-7.md"
)]
pub struct PostmortemArgs {
    /// Which incident [default: the open one, else the latest]
    #[arg(value_name = "REF")]
    reference: Option<String>,
    /// md or json
    #[arg(long, value_enum, default_value = "md")]
    format: PostmortemFormat,
    /// Bring a file written before up to its records
    #[arg(
        long,
        value_name = "PATH",
        group = "file",
        conflicts_with_all = ["format", "check"]
    )]
    update: Option<PathBuf>,
    /// Say whether a file written before is behind its records
    #[arg(long, value_name = "PATH", conflicts_with_all = ["format", "file"])]
    check: Option<PathBuf>,
    #[command(flatten)]
    to: Destination,
}

pub(super) fn postmortem(global: &Global, args: &PostmortemArgs, out: &Out) -> Result {
    let book = global.open_for_documents()?;
    let row = book.reading(args.reference.as_deref())?;
    let incident = book.incident(&row)?;
    if let Some(path) = &args.check {
        return check(&update::check(&book, &incident, path)?, path, out);
    }
    if let Some(path) = &args.update {
        let done = update::update(&book, &incident, path, args.to.force)?;
        updated(&done, path, out);
        return Ok(());
    }
    match args.format {
        PostmortemFormat::Md => args
            .to
            .put(&document::postmortem_markdown(&book, &incident)?, out),
        PostmortemFormat::Json => {
            let json = document::postmortem_json(&incident)?;
            args.to.put(&safe::json(json), out)
        }
    }
}

fn names(parts: &[(String, usize)]) -> String {
    let names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
    names.join(", ")
}

fn unknown(parts: &Update, path: &Path, out: &Out) {
    for (name, line) in &parts.unknown {
        out.notice(&format!(
            "{}, line {line}: part `{name}` is none of this document's and stays as it is",
            path.display()
        ));
    }
}

fn updated(done: &Updated, path: &Path, out: &Out) {
    let shown = path.display().to_string();
    let shown = safe::line(&shown);
    if done.written {
        let names = names(&done.parts.behind);
        out.ansi_line(&format!("updated {shown}: {}", safe::line(&names)));
    } else {
        out.ansi_line(&format!("{shown} is up to date"));
    }
    unknown(&done.parts, path, out);
}

fn check(parts: &Update, path: &Path, out: &Out) -> Result {
    let shown = path.display().to_string();
    let shown = safe::line(&shown);
    for (sort, found) in [
        ("behind its records", &parts.behind),
        ("edited by hand", &parts.edited),
    ] {
        for (name, line) in found {
            out.ansi_line(&format!(
                "{shown}, line {line}: {} is {sort}",
                safe::line(name)
            ));
        }
    }
    unknown(parts, path, out);
    if parts.behind.is_empty() {
        out.ansi_line(&format!("{shown} is up to date"));
        return Ok(());
    }
    Err(OpsError {
        sort: Sort::Found,
        ..OpsError::failed(format!(
            "{shown} is behind its records: {}",
            names(&parts.behind)
        ))
        .hint(format!(
            "`bridgelog postmortem --update {shown}` brings it up to them"
        ))
    })
}

/// What `email` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Stages: initial, update, resolved, followup; inferred where none is given.\n\
    Customers read customer wording (`tell:`), public names, times, states and the fields for\n\
    customers, and nothing else. What is missing stands as [[...]], with the command that fills it.\n\n\
    --save keeps the letter as m1; --approve says who let that very text go out; --sent records what\n\
    really went out, when and how, counts as word to customers, and is never undone. Where the record\n\
    says something else since, the next letter corrects it in a sentence.\n\n\
    Examples:\n  bridgelog email --stage initial\n  bridgelog email 7 --stage followup --explain\n  \
    bridgelog email --save\n  bridgelog email --approve ann m1\n  bridgelog email --sent m1 --via statuspage"
)]
pub struct EmailArgs {
    /// Which incident [default: the open one, else the latest]
    #[arg(value_name = "REF")]
    reference: Option<String>,
    /// initial, update, resolved or followup
    #[arg(long)]
    stage: Option<String>,
    /// txt or md
    #[arg(long, default_value = "txt")]
    format: String,
    /// Line by line, the events behind each sentence
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    to: Destination,
    #[command(flatten)]
    kept: MessageArgs,
}

pub(super) fn email(global: &Global, args: &EmailArgs, out: &Out) -> Result {
    let format: Format = match args.format.as_str() {
        "txt" | "text" => Format::Text,
        "md" | "markdown" => Format::Markdown,
        other => {
            return Err(
                OpsError::usage(format!("there is no email format `{other}`")).hint("txt or md"),
            );
        }
    };
    let stage = match &args.stage {
        None => None,
        Some(word) => Some(word.parse::<Stage>().map_err(|_| {
            OpsError::usage(format!("there is no stage `{word}`"))
                .hint("initial, update, resolved, followup")
        })?),
    };
    let reference = args.reference.as_deref();
    if messages::run(global, &args.kept, reference, stage, out)? {
        return Ok(());
    }
    let book = global.open_for_documents()?;
    let row = book.reading(reference)?;
    let incident = book.incident(&row)?;
    let (_, email) = document::email(&book, &incident, stage, format)?;
    let text = format!("Subject: {}\n\n{}", email.subject, email.body);
    if args.explain {
        // Line 0 is the subject; the letter's own lines count from 1.
        let lines: Vec<&str> = std::iter::once(email.subject.as_str())
            .chain(email.body.lines())
            .collect();
        let mut explained = String::new();
        for (line, text) in lines.iter().enumerate() {
            let behind = email
                .trace
                .iter()
                .find(|(traced, _)| *traced == line)
                .map_or_else(String::new, |(_, handles)| handles.join(" "));
            explained.push_str(format!("{behind:<24} | {text}").trim_end());
            explained.push('\n');
        }
        return args.to.put(&explained, out);
    }
    args.to.put(&text, out)
}
