//! `bridgelog write`: writes a section of the postmortem in an editor, from a file or standard input.

use super::{
    error::Result,
    global::GlobalArgs,
    out::{Out, is_interactive},
    set, view,
};
use crate::{
    domain::incident::{Audience, SECTIONS, section_audience},
    ops::{
        OpsError, Session,
        bounded_read::{MAX_PROSE_BYTES, read_bytes},
        field, section_material,
    },
};
use clap::Args;
use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::Command,
};

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    bridgelog write summary                   in $VISUAL or $EDITOR\n  \
    bridgelog write summary --from notes.md\n  \
    bridgelog write lucky --from - < lucky.md")]
pub struct WriteArgs {
    /// The section
    section: String,
    /// Read the text from a file; `-` is standard input
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
}

/// Names the sections, for the help.
pub(super) fn sections_help() -> String {
    let names = |audience: Audience| {
        let names = SECTIONS.iter().map(|(name, _)| *name);
        let of = names.filter(|name| section_audience(name) == audience);
        of.collect::<Vec<_>>().join(" ")
    };
    format!(
        "Sections: {}. Customers read, in the follow-up email: {}.",
        names(Audience::Internal),
        names(Audience::Customers)
    )
}

pub(super) fn run(global: &GlobalArgs, args: &WriteArgs, out: &Out) -> Result {
    let mut session = global.open_existing()?;
    let name = field::resolve_section(&args.section)?;
    let prose = match &args.from {
        Some(path) => read_text(path)?,
        None => return edit_section(&mut session, name, out),
    };
    let prose = match section_material::without_material(&prose).trim() {
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
    let change = field::write_section(&mut session, None, name, prose)?;
    report_written(&change, out);
    Ok(())
}

/// Reads the file at `path`; `-` is standard input.
pub(super) fn read_text(path: &Path) -> Result<String> {
    if path.as_os_str() == "-" {
        let bytes = read_bytes(io::stdin().lock(), "standard input", MAX_PROSE_BYTES)?;
        return decode_utf8(bytes, "standard input");
    }
    decode_utf8(read_file(path)?, &path.display().to_string())
}

fn read_file(path: &Path) -> Result<Vec<u8>> {
    let shown = path.display().to_string();
    let file = fs::File::open(path).map_err(|e| {
        OpsError::failed(format!("{shown} cannot be read"))
            .with_source(e)
            .with_hint("name a text file that you can read")
    })?;
    read_bytes(file, &shown, MAX_PROSE_BYTES)
}

/// Decodes a text, without the byte order mark that some editors put before it.
fn decode_utf8(bytes: Vec<u8>, source: &str) -> Result<String> {
    let text = String::from_utf8(bytes).map_err(|e| {
        OpsError::usage(format!(
            "{source} is not UTF-8 at byte {}",
            e.utf8_error().valid_up_to()
        ))
        .with_hint("convert it first: iconv -t UTF-8")
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(text) => text.to_owned(),
        None => text,
    })
}

fn report_written(change: &field::FieldChange, out: &Out) {
    if change.value.is_empty() {
        set::report_set(change, out);
        return;
    }
    out.print_line(&format!(
        "wrote {} of {}: {} words",
        change.name,
        view::short_ref(&change.incident),
        change.value.split_whitespace().count()
    ));
    if change.audience == crate::domain::incident::Audience::Customers {
        let words: Vec<&str> = change.value.split_whitespace().collect();
        out.print_note(&format!("customers will read: {}", words.join(" ")));
    }
}

/// Opens the section in the user's editor. If anything fails, the temporary file with the text is kept
/// and the hint names it.
fn edit_section(session: &mut Session, name: &str, out: &Out) -> Result {
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
    let row = session.resolve_for_read(None)?;
    let incident = session.load_incident(&row)?;
    let before = incident.sections.get(name).cloned().unwrap_or_default();
    let text = section_material::text_for_editor(&incident, name)?;
    let mut file = tempfile::Builder::new()
        .prefix(&format!("bridgelog-{name}-"))
        .suffix(".md")
        .tempfile()
        .map_err(|e| OpsError::failed("no temporary file can be made").with_hint("set TMPDIR to a folder that can be written to, or give the text on standard input").with_source(e))?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.flush())
        .map_err(|e| {
            OpsError::failed("the temporary file cannot be written")
                .with_hint("set TMPDIR to a folder with room, or give the text on standard input")
                .with_source(e)
        })?;
    let path = file.into_temp_path();
    let words = shell_words::split(&editor)
        .ok()
        .filter(|words| !words.is_empty())
        .ok_or_else(|| {
            OpsError::usage(format!("EDITOR is `{editor}`, which is not a command"))
                .with_hint("set EDITOR to a program, or give the text on standard input")
        })?;
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
        None => read_file(&path)
            .and_then(|bytes| decode_utf8(bytes, "what the editor wrote"))
            .and_then(|prose| {
                let prose = section_material::without_material(&prose);
                if prose.trim() == before.trim() {
                    out.print_line(&format!("{name} is as it was"));
                    return Ok(());
                }
                field::write_edited_section(session, &row.handle, name, &before, prose)
                    .map(|change| report_written(&change, out))
            }),
    };
    result.map_err(|error| match path.keep() {
        Ok(kept_path) => {
            let hint = format!(
                "what was typed is in {0}: `bridgelog write {name} --from {0}`",
                kept_path.display()
            );
            error.with_hint(hint)
        }
        Err(_) => error,
    })
}
