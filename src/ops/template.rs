//! The user's own templates, which win over those built in.

use super::{OpsError, Result, Session, atomic_write};
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

/// The longest file that is taken, in bytes, and the most files: more is no set of templates.
const MAX_TEMPLATE_BYTES: u64 = 1 << 20;
const MAX_TEMPLATES: usize = 100;
/// What a template's file name ends in.
const TEMPLATE_SUFFIX: &str = ".j2";

/// A template, and where it is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateInfo {
    /// Its file name.
    pub name: String,
    /// The user's own file, where there is one.
    pub user_file: Option<PathBuf>,
    /// True where there is one built in.
    pub built_in: bool,
    /// True where a document begins with it; others are included.
    pub is_entry_template: bool,
}

/// The user's own templates in `folder`; none where there is no such folder.
///
/// # Errors
/// A folder or file that cannot be read, is not UTF-8, or is too long.
pub fn load(folder: Option<&Path>) -> Result<Templates> {
    let mut templates = Templates::default();
    for (validate_name, path) in template_files(folder)? {
        let shown = path.display();
        let failed = |e: std::io::Error| {
            OpsError::failed(format!("the template {shown} cannot be read"))
                .with_source(e)
                .with_hint("mend it, or move it out of that folder")
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
        templates = templates.with_override(&validate_name, &source);
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

/// All templates: those built in, and the user's own.
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

/// The source of the template called `name`: the user's own, else the one built in.
///
/// # Errors
/// There is none such; what [`load`] says.
pub fn source(folder: Option<&Path>, name: &str) -> Result<String> {
    let name = resolve_name(folder, name)?;
    let templates = load(folder)?;
    templates
        .source(&name)
        .map(str::to_owned)
        .ok_or_else(|| OpsError::failed(format!("there is no template `{name}`")))
}

/// The name that `typed` means: with or without its ending.
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

/// Writes the built-in template called `name` to the user's folder, to be changed there.
///
/// # Errors
/// There is none such; a file that is there already, unless `force`; no folder.
pub fn eject(folder: Option<&Path>, name: &str, force: bool) -> Result<PathBuf> {
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
    if !force && fs::symlink_metadata(&path).is_ok() {
        return Err(
            OpsError::failed(format!("{} is there already", path.display()))
                .with_hint("--force puts the built-in one in its place"),
        );
    }
    atomic_write::write(&path, source.as_bytes(), force)?;
    Ok(path)
}

/// What is wrong with the templates, tried on samples; each as a person reads it.
///
/// # Errors
/// What [`load`] says.
pub fn check(folder: Option<&Path>) -> Result<Vec<String>> {
    let settings = documents::Settings {
        organisation: Some("Example".into()),
        contact: Some("support@example.com".into()),
        signature: None,
        templates: load(folder)?,
    };
    Ok(template_check::check_templates(&settings)
        .into_iter()
        .map(|fault| OpsError::from(fault).full_message())
        .collect())
}

/// The templates that the documents of `book` are written with.
///
/// # Errors
/// What [`load`] says.
pub fn load_for_session(session: &Session) -> Result<Templates> {
    load(session.settings.templates_folder.as_deref())
}
