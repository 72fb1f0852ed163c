//! `bridgelog write`: a section of the postmortem, in an editor, from a file or standard input.

use super::{
    Result,
    global::GlobalArgs,
    out::{Out, is_interactive},
    set,
};
use crate::ops::{OpsError, Session, field};
use clap::Args;
use std::{
    fs,
    io::{self, Read, Write as _},
    path::{Path, PathBuf},
    process::Command,
};

/// What `write` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Sections: summary impact protections went-well went-badly lucky surprises questions;\n\
    customer-followup is a paragraph for the customer letter, and customers read it.\n\n\
    Examples:\n  \
    bridgelog write summary                   in $VISUAL or $EDITOR\n  \
    bridgelog write summary --from notes.md\n  \
    bridgelog write lucky --from - < lucky.md"
)]
pub struct WriteArgs {
    /// Which section
    section: String,
    /// Take the prose from a file; `-` is standard input
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
}

pub(super) fn run(global: &GlobalArgs, args: &WriteArgs, out: &Out) -> Result {
    let mut book = global.open_existing()?;
    let name = field::resolve_section(&args.section)?;
    let prose = match &args.from {
        Some(path) => read_text(path)?,
        None => return edit_section(&mut book, name, out),
    };
    let prose = match prose.trim() {
        "" => {
            return Err(
                OpsError::usage("there is no prose in what was given").with_hint(format!(
                    "to clear the section: echo - | bridgelog write {name} --from -"
                )),
            );
        }
        "-" => "",
        _ => &prose,
    };
    let set = field::write_section(&mut book, None, name, prose)?;
    report_written(&set, out);
    Ok(())
}

/// The text in the file at `path`; `-` is standard input.
pub(super) fn read_text(path: &Path) -> Result<String> {
    if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        io::stdin()
            .read_to_end(&mut bytes)
            .map_err(|e| OpsError::failed("standard input cannot be read").with_source(e))?;
        return decode_utf8(bytes, "standard input");
    }
    let shown = path.display().to_string();
    let bytes = fs::read(path)
        .map_err(|e| OpsError::failed(format!("{shown} cannot be read")).with_source(e))?;
    decode_utf8(bytes, &shown)
}

fn decode_utf8(bytes: Vec<u8>, what: &str) -> Result<String> {
    String::from_utf8(bytes).map_err(|e| {
        OpsError::usage(format!(
            "{what} is not UTF-8 at byte {}",
            e.utf8_error().valid_up_to()
        ))
        .with_hint("convert it first: iconv -t UTF-8")
    })
}

fn report_written(set: &field::FieldChange, out: &Out) {
    if set.value.is_empty() {
        set::report_set(set, out);
        return;
    }
    out.print_line(&format!(
        "wrote {} of {}: {} words",
        set.name,
        super::view::short_ref(&set.incident),
        set.value.split_whitespace().count()
    ));
    if set.audience == crate::domain::incident::Audience::Customers {
        out.print_note(&format!("customers will read: {}", set.value));
    }
}

/// Opens the section in the user's editor. Where anything fails, what was typed stays in the
/// temporary file, which is named.
fn edit_section(book: &mut Session, name: &str, out: &Out) -> Result {
    let editor = ["VISUAL", "EDITOR"]
        .iter()
        .find_map(|v| std::env::var(v).ok().filter(|v| !v.trim().is_empty()));
    let editor = match editor {
        Some(editor) => editor,
        None if is_interactive() => "vi".to_owned(),
        None => {
            return Err(
                OpsError::usage("there is no editor: EDITOR is not set").with_hint(format!(
                    "`bridgelog write {name} --from FILE`, or set EDITOR"
                )),
            );
        }
    };
    let row = book.resolve_for_read(None)?;
    let before = book
        .load_incident(&row)?
        .sections
        .get(name)
        .cloned()
        .unwrap_or_default();
    let mut file = tempfile::Builder::new()
        .prefix(&format!("bridgelog-{name}-"))
        .suffix(".md")
        .tempfile()
        .map_err(|e| OpsError::failed("no temporary file can be made").with_source(e))?;
    file.write_all(before.as_bytes())
        .and_then(|()| file.flush())
        .map_err(|e| OpsError::failed("the temporary file cannot be written").with_source(e))?;
    let path = file.into_temp_path();
    let words = shell_words::split(&editor)
        .ok()
        .filter(|words| !words.is_empty())
        .ok_or_else(|| OpsError::usage(format!("EDITOR is `{editor}`, which is no command")))?;
    let status = Command::new(&words[0])
        .args(&words[1..])
        .arg(&path)
        .status();
    let failed = match status {
        Ok(status) if status.success() => None,
        Ok(status) => Some(OpsError::failed(format!("`{editor}` ended with {status}"))),
        Err(e) => Some(OpsError::failed(format!("`{editor}` cannot be run")).with_source(e)),
    };
    let result = match failed {
        Some(error) => Err(error),
        None => fs::read(&path)
            .map_err(|e| {
                OpsError::failed(format!("{} cannot be read", path.display())).with_source(e)
            })
            .and_then(|bytes| decode_utf8(bytes, "what the editor wrote"))
            .and_then(|prose| {
                if prose.trim_end() == before.trim_end() {
                    out.print_line(&format!("{name} is as it was"));
                    return Ok(());
                }
                field::write_edited_section(book, &row.handle, name, &before, &prose)
                    .map(|set| report_written(&set, out))
            }),
    };
    result.map_err(|error| match path.keep() {
        Ok(kept) => {
            let way = format!(
                "what was typed is in {0}: `bridgelog write {name} --from {0}`",
                kept.display()
            );
            error.with_hint(way)
        }
        Err(_) => error,
    })
}
