//! The user's own templates, which take precedence over the built-in ones.

use super::{
    OpsError, Result, Session,
    atomic_write::{self, WriteOptions},
};
use crate::documents::{
    self, Templates,
    template_check::{self, ENTRY_TEMPLATES},
    templates::BUILT_IN,
};
use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
};

/// Largest file taken, in bytes, and most files in the folder; more is not a folder of templates.
const MAX_TEMPLATE_BYTES: u64 = 1 << 20;
const MAX_TEMPLATES: usize = 100;
const TEMPLATE_SUFFIX: &str = ".j2";

/// A template and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateInfo {
    pub name: String,
    /// The user's own file, if there is one.
    pub user_file: Option<PathBuf>,
    /// True if there is a built-in template of that name.
    pub built_in: bool,
    /// True if a document is rendered from it; others are only included.
    pub is_entry_template: bool,
}

/// Loads the user's own templates from `folder`; none if it does not exist.
///
/// # Errors
/// A folder or file that cannot be read, is not UTF-8, or is too large.
pub fn load(folder: Option<&Path>) -> Result<Templates> {
    let mut templates = Templates::default();
    for (name, path) in template_files(folder)? {
        let shown = path.display();
        let failed = |e: std::io::Error| {
            OpsError::failed(format!("the template {shown} cannot be read"))
                .with_source(e)
                .with_hint("fix it, or move it out of that folder")
        };
        let mut bytes = Vec::new();
        let file = fs::File::open(&path).map_err(failed)?;
        file.take(MAX_TEMPLATE_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(failed)?;
        if bytes.len() as u64 > MAX_TEMPLATE_BYTES {
            return Err(OpsError::failed(format!(
                "the template {shown} has more than {} MiB",
                MAX_TEMPLATE_BYTES >> 20
            ))
            .with_hint("move it out of that folder, and the one built in is used"));
        }
        let source = String::from_utf8(bytes).map_err(|e| {
            let upto = e.utf8_error().valid_up_to();
            let line = 1 + e.as_bytes()[..upto].iter().filter(|b| **b == b'\n').count();
            OpsError::failed(format!(
                "the template {shown}, line {line}: this is not UTF-8"
            ))
            .with_hint("convert it first: iconv -t UTF-8")
        })?;
        templates = templates.with_override(&name, &source);
    }
    Ok(templates)
}

fn template_files(folder: Option<&Path>) -> Result<Vec<(String, PathBuf)>> {
    let Some(folder) = folder else {
        return Ok(vec![]);
    };
    let failed = |e: std::io::Error| {
        OpsError::failed(format!(
            "the templates in {} cannot be read",
            folder.display()
        ))
        .with_source(e)
        .with_hint("check who may read that folder")
    };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(vec![]),
        Err(e) => return Err(failed(e)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        if let Some(name) =
            name.filter(|name| name.ends_with(TEMPLATE_SUFFIX) && !name.starts_with('.'))
            && path.is_file()
        {
            found.push((name.to_owned(), path.clone()));
        }
        if found.len() > MAX_TEMPLATES {
            return Err(OpsError::failed(format!(
                "there are more than {MAX_TEMPLATES} templates in {}",
                folder.display()
            ))
            .with_hint("only templates belong in that folder"));
        }
    }
    found.sort();
    Ok(found)
}

/// Lists built-in and own templates.
///
/// # Errors
/// A folder that cannot be read.
pub fn list(folder: Option<&Path>) -> Result<Vec<TemplateInfo>> {
    let own = template_files(folder)?;
    let built_in = BUILT_IN.iter().map(|(name, _)| (*name).to_owned());
    let mut names: Vec<String> = built_in.chain(own.iter().map(|(n, _)| n.clone())).collect();
    names.sort();
    names.dedup();
    Ok(names
        .into_iter()
        .map(|name| TemplateInfo {
            user_file: own.iter().find(|(n, _)| *n == name).map(|(_, p)| p.clone()),
            built_in: BUILT_IN.iter().any(|(built_in, _)| *built_in == name),
            is_entry_template: ENTRY_TEMPLATES.contains(&name.as_str()),
            name,
        })
        .collect())
}

/// Returns the source of a template: the user's own, else the built-in one.
///
/// # Errors
/// No such template; those of [`load`].
pub fn source(folder: Option<&Path>, name: &str) -> Result<String> {
    let name = resolve_name(folder, name)?;
    let templates = load(folder)?;
    templates
        .source(&name)
        .map(str::to_owned)
        .ok_or_else(|| OpsError::failed(format!("there is no template `{name}`")))
}

/// Resolves the name of a template, with or without its suffix.
fn resolve_name(folder: Option<&Path>, typed: &str) -> Result<String> {
    let names: Vec<String> = list(folder)?.into_iter().map(|t| t.name).collect();
    let short = |name: &str| {
        name.trim_end_matches(TEMPLATE_SUFFIX)
            .trim_end_matches(".md")
            .to_owned()
    };
    names
        .iter()
        .find(|name| *name == typed || short(name) == typed)
        .cloned()
        .ok_or_else(|| {
            OpsError::usage(format!("there is no template `{typed}`"))
                .with_hint(format!("one of: {}", names.join(", ")))
        })
}

/// Writes a built-in template to the user's folder, to be changed there. Returns its path.
///
/// # Errors
/// No such built-in template; no folder; those of [`atomic_write::write`].
pub fn eject(folder: Option<&Path>, name: &str, options: WriteOptions<'_>) -> Result<PathBuf> {
    let name = resolve_name(folder, name)?;
    let (_, source) = BUILT_IN
        .iter()
        .find(|(built_in, _)| *built_in == name)
        .ok_or_else(|| {
            OpsError::usage(format!("`{name}` is your own; there is none built in"))
                .with_hint("`bridgelog templates list` says which are")
        })?;
    let folder = folder.ok_or_else(|| {
        OpsError::failed("there is no home folder to keep templates in").with_hint("set HOME")
    })?;
    fs::create_dir_all(folder).map_err(|e| {
        OpsError::failed(format!("{} cannot be made", folder.display()))
            .with_source(e)
            .with_hint("check who may write there")
    })?;
    let path = folder.join(&name);
    if !options.force && fs::symlink_metadata(&path).is_ok() {
        return Err(
            OpsError::failed(format!("{} is there already", path.display()))
                .with_hint("--force puts the built-in one in its place"),
        );
    }
    atomic_write::write(&path, source.as_bytes(), options)?;
    Ok(path)
}

/// Renders all templates on samples; returns what is wrong, one message each.
///
/// # Errors
/// Those of [`load`].
pub fn check(folder: Option<&Path>) -> Result<Vec<String>> {
    let settings = documents::Settings {
        organisation: Some("Example".into()),
        contact: Some("support@example.com".into()),
        templates: load(folder)?,
        ..documents::Settings::default()
    };
    Ok(template_check::check_templates(&settings)
        .into_iter()
        .map(|fault| OpsError::from(fault).full_message())
        .collect())
}

/// Loads the templates for the documents of a session.
pub fn load_for_session(session: &Session) -> Result<Templates> {
    load(session.settings.templates_folder.as_deref())
}
