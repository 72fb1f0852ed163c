//! The built-in templates, and the user's own, which override them.
//!
//! A template is a minijinja file. An undefined variable is an error that names it, and the length of
//! its expressions, its steps and its output are limited.

use super::{
    error::DocumentError,
    letter_lines,
    placeholder::{CommandNames, placeholder},
    template_bounds::find_too_long,
    template_names::{self, undefined_message},
};
use minijinja::{
    AutoEscape, Environment, ErrorKind, UndefinedBehavior, Value, syntax::SyntaxConfig, value::Rest,
};
use std::collections::{BTreeMap, BTreeSet};

macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        /// The built-in templates: file name and source.
        pub const BUILT_IN: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../../templates/", $name)))),*
        ];
    };
}
built_in!(
    "postmortem.md.j2",
    "postmortem.html.j2",
    "postmortem.css.j2",
    "email-initial.j2",
    "email-update.j2",
    "email-resolved.j2",
    "email-followup.j2",
    "email-open.j2",
    "email-head.j2",
    "email-dear.j2",
    "email-now.j2",
    "email-impact.j2",
    "email-apology.j2",
    "email-spells.j2",
    "email-facts.j2",
    "email-news.j2",
    "email-steps.j2",
    "email-causes.j2",
    "email-changes.j2",
    "email-corrections.j2",
    "email-end.j2",
    "words.j2",
);

/// The number of minijinja instructions a template may execute. The built-in ones take a few hundred,
/// and about ten more per customer wording; an endless loop is stopped in well under a second.
const MAX_TEMPLATE_STEPS: u64 = 5_000_000;

/// The stack on which a template runs, in bytes, of which the system provides what is used. A list
/// inside a list, as deep as the steps allow, needs about half of it.
const STACK_BYTES: usize = 512 << 20;

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

    /// Renders the template `name` with `values`. `names` go into the commands of
    /// placeholders.
    ///
    /// # Errors
    /// [`DocumentError::Template`] with the file's name and line.
    pub fn render(
        &self,
        name: &str,
        values: Value,
        names: &CommandNames,
    ) -> Result<String, DocumentError> {
        on_large_stack(name, || {
            let environment = self.environment(names)?;
            let known = values.try_iter().into_iter().flatten();
            let known = known.map(|name| name.to_string()).collect();
            let mut unknown = self.names_without_value(&environment, name, &known);
            if !unknown.is_empty() {
                return Err(unknown.remove(0));
            }
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
        })
    }

    /// Returns the values that the template `name` sets, which needs no values itself.
    ///
    /// # Errors
    /// [`DocumentError::Template`] with the file's name and line.
    pub fn exports(&self, name: &str) -> Result<Value, DocumentError> {
        on_large_stack(name, || {
            let environment = self.environment(&CommandNames::default())?;
            let rendered = environment.get_template(name)?.render_captured(())?;
            let state = rendered.state();
            let names = state.exports().into_iter();
            let values: BTreeMap<String, Value> = names
                .filter_map(|name| Some((name.to_owned(), state.lookup(name)?)))
                .collect();
            Ok(Value::from(values))
        })
    }

    /// Returns the names of the user's own templates, sorted.
    pub fn override_names(&self) -> impl Iterator<Item = &str> {
        self.overrides.keys().map(String::as_str)
    }

    /// Returns the errors of the names in the template `name`, and in those that it includes, that are
    /// neither in `known` nor set by one of them.
    ///
    /// # Errors
    /// [`DocumentError::Template`] if any template cannot be parsed.
    pub fn unknown_names(
        &self,
        name: &str,
        known: &BTreeSet<String>,
    ) -> Result<Vec<DocumentError>, DocumentError> {
        on_large_stack(name, || {
            let environment = self.environment(&CommandNames::default())?;
            Ok(self.names_without_value(&environment, name, known))
        })
    }

    fn names_without_value(
        &self,
        environment: &Environment<'_>,
        name: &str,
        known: &BTreeSet<String>,
    ) -> Vec<DocumentError> {
        if self.overrides.is_empty() {
            return Vec::new();
        }
        let names: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
        let names: Vec<&str> = names.into_iter().chain(self.override_names()).collect();
        // Those built in have none, and a template that is not there is an error when it is included.
        let undeclared = |name: &str| {
            if !self.overrides.contains_key(name) {
                return Vec::new();
            }
            let template = environment.get_template(name);
            let names = template.map(|template| template.undeclared_variables(false));
            let mut names: Vec<String> = names.into_iter().flatten().collect();
            names.sort();
            names
        };
        template_names::unknown_names(name, known, |name| self.source(name), &names, undeclared)
            .iter()
            .map(|unknown| unknown.error(known))
            .collect()
    }

    fn environment(&self, names: &CommandNames) -> Result<Environment<'_>, DocumentError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_syntax(
            SyntaxConfig::builder()
                .trim_blocks(true)
                .lstrip_blocks(true)
                .keep_trailing_newline(true)
                .build()?,
        );
        environment.set_fuel(Some(MAX_TEMPLATE_STEPS));
        let names = names.clone();
        environment.add_function("missing", move |what: &str, line: &str| {
            placeholder(what, &names.complete(line))
        });
        environment.add_function("heading", letter_lines::heading);
        environment.add_function("day", letter_lines::day);
        environment.add_function("strong", letter_lines::strong);
        environment.add_function("row", |cells: Rest<String>| letter_lines::row(&cells));
        environment.add_filter("part", wrap_in_markers);
        let overrides = self.overrides.iter().map(|(n, s)| (n.as_str(), s.as_str()));
        for (name, source) in BUILT_IN.iter().copied().chain(overrides) {
            if let Some((line, message)) = find_too_long(source) {
                return Err(DocumentError::Template {
                    name: name.to_owned(),
                    line: Some(line),
                    message,
                });
            }
            environment.add_template(name, source)?;
        }
        Ok(environment)
    }
}

/// Runs `work` for the template `name` on a thread whose stack is large enough for whatever a template can
/// build within its steps.
fn on_large_stack<T: Send>(
    name: &str,
    work: impl FnOnce() -> Result<T, DocumentError> + Send,
) -> Result<T, DocumentError> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
        match thread.spawn_scoped(scope, work) {
            Ok(thread) => thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(error) => Err(DocumentError::Template {
                name: name.to_owned(),
                line: None,
                message: format!("there is not enough memory to render it: {error}"),
            }),
        }
    })
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
            message = undefined_message(expression);
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
            .render("mine.j2", values, &CommandNames::default())
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn template_error_names_file_line_and_variable() {
        assert_eq!(
            error("one\n{{ known }}\n{{ unknown }}\n"),
            "template `mine.j2`, line 3: there is no `unknown`: did you mean `known`?"
        );
        assert!(error("{% if %}").starts_with("template `mine.j2`, line 1: syntax error"));
    }

    #[test]
    fn name_that_would_give_nothing_is_an_error_unless_the_template_asks_for_it() {
        for source in [
            "{{ [nope] }}",
            "{{ {'a': nope} }}",
            "{{ known and nope }}",
            "{% set x = nope %}",
            "{% if nope is true %}{% endif %}",
            "{{ range(nope) }}",
            "{{ missing(nope, 'x') }}",
            "{{ nope|upper }}",
        ] {
            assert_eq!(
                error(source),
                "template `mine.j2`, line 1: there is no `nope`",
                "{source}"
            );
        }
        let asked = "{% if nope is defined %}{{ nope }}{% endif %}{{ nope|default('y') }}";
        let templates = Templates::default().with_override("mine.j2", asked);
        let text = templates.render(
            "mine.j2",
            context! { known => "x" },
            &CommandNames::default(),
        );
        assert_eq!(text.unwrap(), "y");
    }

    #[test]
    fn deep_chains_and_values_are_errors_and_no_overflow() {
        let chain = |open: &str, link: &str| format!("{open}{}", link.repeat(100_000));
        for source in [
            chain("{{ known", "|upper"),
            chain("{{ known", ".a"),
            chain("{{ known", "[0]"),
            chain("{{ 1", " + 1"),
            chain("{{ 1", " or 1"),
            chain("{{", " not"),
            chain("{{", "("),
            chain("{{", "["),
            chain("{{", "-"),
            chain("{% if 0 %}", "{% elif 0 %}"),
            chain("", "{% if 1 %}"),
            chain("", "{% for a in b %}"),
            "{% include 'mine.j2' %}".to_owned(),
            "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}".to_owned(),
        ] {
            assert!(error(&source).starts_with("template `mine.j2`, line 1: "));
        }
        // As deep as the steps allow, and then dropped, compared and written.
        let deep = "{% set n = namespace(v=[], w=[]) %}{% for a in range(9) %}{% for b in range(3000) %}\
                    {% set n.v = [n.v] %}{% set n.w = [n.w] %}{% endfor %}{% endfor %}";
        for end in [
            "{{ n.v|string|length }}",
            "{{ n.v == n.w }}",
            "{{ n.v|tojson|length }}",
        ] {
            let templates = Templates::default().with_override("mine.j2", &format!("{deep}{end}"));
            let text = templates.render(
                "mine.j2",
                context! { known => "x" },
                &CommandNames::default(),
            );
            assert!(["54002", "True", "true"].contains(&text.unwrap().as_str()));
        }
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
