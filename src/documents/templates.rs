//! The built-in templates, and the user's own, which override them.
//!
//! A template is a minijinja file. An undefined variable is an error that names it, and the steps
//! and output of a template are limited.

use super::{
    error::DocumentError,
    placeholder::{placeholder, with_incident_flag},
};
use minijinja::{
    AutoEscape, Environment, ErrorKind, UndefinedBehavior, Value, syntax::SyntaxConfig,
};
use std::collections::BTreeMap;

/// The built-in templates: file name and source.
pub const BUILT_IN: [(&str, &str); 11] = [
    (
        "postmortem.md.j2",
        include_str!("../../templates/postmortem.md.j2"),
    ),
    (
        "postmortem.html.j2",
        include_str!("../../templates/postmortem.html.j2"),
    ),
    (
        "postmortem.css.j2",
        include_str!("../../templates/postmortem.css.j2"),
    ),
    (
        "email-initial.j2",
        include_str!("../../templates/email-initial.j2"),
    ),
    (
        "email-update.j2",
        include_str!("../../templates/email-update.j2"),
    ),
    (
        "email-resolved.j2",
        include_str!("../../templates/email-resolved.j2"),
    ),
    (
        "email-followup.j2",
        include_str!("../../templates/email-followup.j2"),
    ),
    ("email-now.j2", include_str!("../../templates/email-now.j2")),
    (
        "email-whole.j2",
        include_str!("../../templates/email-whole.j2"),
    ),
    (
        "email-corrections.j2",
        include_str!("../../templates/email-corrections.j2"),
    ),
    ("email-end.j2", include_str!("../../templates/email-end.j2")),
];

/// The number of minijinja instructions a template may execute. The built-in ones take a few hundred,
/// and about ten more per customer wording; an endless loop is stopped in well under a second.
const MAX_TEMPLATE_STEPS: u64 = 5_000_000;

const MAX_OUTPUT_BYTES: usize = 64 << 20;

/// Collects output, and fails once it exceeds [`MAX_OUTPUT_BYTES`].
struct LimitedWriter(Vec<u8>);

impl std::io::Write for LimitedWriter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let remaining = MAX_OUTPUT_BYTES - self.0.len();
        let accepted = bytes.len().min(remaining);
        self.0.extend_from_slice(&bytes[..accepted]);
        if accepted < bytes.len() {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        Ok(accepted)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The templates to render with: the built-in ones and their overrides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Templates {
    overrides: BTreeMap<String, String>,
}

impl Templates {
    /// Sets `source` as the user's own template `name`: a name of [`BUILT_IN`], or one that other
    /// templates of the user include.
    #[must_use]
    pub fn with_override(mut self, name: &str, source: &str) -> Self {
        self.overrides.insert(name.to_owned(), source.to_owned());
        self
    }

    /// Returns the source of the template `name`: the user's own, else the built-in one.
    #[must_use]
    pub fn source(&self, name: &str) -> Option<&str> {
        let overrides = self.overrides.get(name).map(String::as_str);
        overrides.or_else(|| {
            let (_, source) = BUILT_IN.iter().find(|(built_in, _)| *built_in == name)?;
            Some(source)
        })
    }

    /// Renders the template `name` with `values`. `incident_flag` goes into the commands of
    /// placeholders: `--incident 7`, or empty.
    ///
    /// # Errors
    /// [`DocumentError::Template`] with the file's name and line.
    pub fn render(
        &self,
        name: &str,
        values: Value,
        incident_flag: &str,
    ) -> Result<String, DocumentError> {
        let environment = self.environment(incident_flag)?;
        let template = environment.get_template(name)?;
        let mut out = LimitedWriter(Vec::new());
        match template.render_captured_to(values, &mut out) {
            Ok(_) => {}
            Err(_) if out.0.len() >= MAX_OUTPUT_BYTES => {
                return Err(DocumentError::Template {
                    name: name.to_owned(),
                    line: None,
                    message: format!("it writes more than {} MiB", MAX_OUTPUT_BYTES >> 20),
                });
            }
            Err(error) => return Err(error.into()),
        }
        String::from_utf8(out.0).map_err(|_| DocumentError::Template {
            name: name.to_owned(),
            line: None,
            message: "what it writes is not UTF-8".to_owned(),
        })
    }

    /// Returns the names of the user's own templates, sorted.
    pub fn override_names(&self) -> impl Iterator<Item = &str> {
        self.overrides.keys().map(String::as_str)
    }

    /// Returns the names that the template `name` uses and does not set itself, sorted.
    ///
    /// # Errors
    /// [`DocumentError::Template`] if any template cannot be parsed.
    pub fn undeclared_variables(&self, name: &str) -> Result<Vec<String>, DocumentError> {
        let environment = self.environment("")?;
        let names = environment.get_template(name)?.undeclared_variables(false);
        let mut names: Vec<String> = names.into_iter().collect();
        names.sort();
        Ok(names)
    }

    fn environment(&self, incident_flag: &str) -> Result<Environment<'_>, DocumentError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_syntax(
            SyntaxConfig::builder()
                .trim_blocks(true)
                .lstrip_blocks(true)
                .build()?,
        );
        environment.set_fuel(Some(MAX_TEMPLATE_STEPS));
        let incident_flag = incident_flag.to_owned();
        environment.add_function("missing", move |what: &str, line: &str| {
            placeholder(what, &with_incident_flag(line, &incident_flag))
        });
        environment.add_filter("part", wrap_in_markers);
        let overrides = self.overrides.iter().map(|(n, s)| (n.as_str(), s.as_str()));
        for (name, source) in BUILT_IN.iter().copied().chain(overrides) {
            environment.add_template(name, source)?;
        }
        Ok(environment)
    }
}

/// Wraps `text` in the markers of the managed block `name` (see [`managed_blocks`](super::managed_blocks)).
/// An empty block keeps its place in one line.
fn wrap_in_markers(text: &str, name: &str) -> String {
    let (begin, end) = (
        format!("<!-- bridgelog:begin {name} -->"),
        format!("<!-- bridgelog:end {name} -->"),
    );
    let text = text.trim_matches('\n');
    if text.trim().is_empty() {
        format!("{begin}{end}\n")
    } else {
        format!("{begin}\n\n{text}\n\n{end}\n")
    }
}

impl From<minijinja::Error> for DocumentError {
    fn from(error: minijinja::Error) -> Self {
        let error = root_cause(&error);
        let mut message = match (error.kind(), error.detail()) {
            (ErrorKind::OutOfFuel, _) => "it takes too many steps".to_owned(),
            (kind, Some(detail)) => format!("{kind}: {detail}"),
            (kind, None) => kind.to_string(),
        };
        if error.kind() == ErrorKind::UndefinedError
            && let Some(range) = error.range()
            && let Some(expression) = error.template_source().and_then(|source| source.get(range))
        {
            message = format!("there is no `{}`", expression.trim());
        }
        Self::Template {
            name: error.name().unwrap_or("?").to_owned(),
            line: error.line(),
            message,
        }
    }
}

/// Returns the error inside an included template, if `error` is only that the include failed.
fn root_cause(error: &minijinja::Error) -> &minijinja::Error {
    let inner = std::error::Error::source(error);
    match inner.and_then(|inner| inner.downcast_ref::<minijinja::Error>()) {
        Some(inner) if error.kind() == ErrorKind::BadInclude => root_cause(inner),
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use minijinja::context;

    fn error(source: &str) -> String {
        let templates = Templates::default().with_override("mine.j2", source);
        let values = context! { known => "x" };
        templates
            .render("mine.j2", values, "")
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn template_error_names_file_line_and_variable() {
        assert_eq!(
            error("one\n{{ known }}\n{{ unknown }}\n"),
            "template `mine.j2`, line 3: there is no `unknown`"
        );
        assert!(error("{% if %}").starts_with("template `mine.j2`, line 1: syntax error"));
    }

    #[test]
    fn endless_template_loop_is_stopped() {
        let endless =
            "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}";
        assert!(error(endless).contains("too many steps"));
    }

    #[test]
    fn part_filter_wraps_text_in_markers() {
        assert_eq!(
            wrap_in_markers("\nx\n", "a"),
            "<!-- bridgelog:begin a -->\n\nx\n\n<!-- bridgelog:end a -->\n"
        );
        assert_eq!(
            wrap_in_markers(" \n", "a"),
            "<!-- bridgelog:begin a --><!-- bridgelog:end a -->\n"
        );
    }
}
