//! Templates tried on samples, so that a fault is found before an incident needs them.

use super::{
    CustomerView, DocumentError, Format, Settings, Stage, email, postmortem_markdown_with_related,
    samples, template_variables,
};
use crate::domain::states::States;

/// The templates that documents begin with; the others are included by these.
pub const ENTRY_TEMPLATES: [&str; 5] = [
    "postmortem.md.j2",
    "email-initial.j2",
    "email-update.j2",
    "email-resolved.j2",
    "email-followup.j2",
];

/// What every template has without being given it.
const GLOBAL_NAMES: [&str; 8] = [
    "missing",
    "range",
    "dict",
    "namespace",
    "debug",
    "loop",
    "self",
    "super",
];

/// What is wrong with the templates of `settings`: each rendered against each sample, and each name
/// that is asked for held against what there is.
#[must_use]
pub fn check_templates(settings: &Settings) -> Vec<DocumentError> {
    let mut faults: Vec<DocumentError> = Vec::new();
    let mut add = |fault: DocumentError| {
        if faults.iter().all(|f| f.to_string() != fault.to_string()) {
            faults.push(fault);
        }
    };
    for name in ENTRY_TEMPLATES {
        match settings.templates.undeclared_variables(name) {
            Ok(asked) => unknown_variables(settings, name, &asked)
                .into_iter()
                .for_each(&mut add),
            // A template that cannot be read spoils all of them.
            Err(fault) => {
                add(fault);
                return faults;
            }
        }
    }
    // What has failed once is not tried again: a template without end would take long to try.
    let mut failed: Vec<Option<Stage>> = Vec::new();
    for (_, incident, around) in samples::sample_incidents() {
        if !failed.contains(&None)
            && let Err(fault) = postmortem_markdown_with_related(&incident, settings, &around)
        {
            failed.push(None);
            add(fault);
        }
        let view = CustomerView::from_incident(&incident, &States::from_incident(&incident))
            .with_absorbed_count(&around);
        for stage in Stage::ALL {
            for format in [Format::Text, Format::Markdown] {
                if failed.contains(&Some(stage)) {
                    continue;
                }
                if let Err(fault) = email(&view, stage, settings, format) {
                    failed.push(Some(stage));
                    add(fault);
                }
            }
        }
    }
    faults
}

fn unknown_variables(settings: &Settings, name: &str, asked: &[String]) -> Vec<DocumentError> {
    let described = template_variables::for_template(name);
    let known = described.first().map_or(&[][..], |(_, fields)| *fields);
    let wrong = asked.iter().filter(|ask| {
        !GLOBAL_NAMES.contains(&ask.as_str()) && !known.iter().any(|v| v.name == *ask)
    });
    let source = settings.templates.source(name).unwrap_or_default();
    wrong
        .map(|ask| DocumentError::Template {
            name: name.to_owned(),
            line: find_line(source, ask),
            message: format!("there is no `{ask}`"),
        })
        .collect()
}

/// The first line of `source` that has `word` as a whole word.
fn find_line(source: &str, word: &str) -> Option<usize> {
    let within = |c: char| c.is_alphanumeric() || c == '_';
    let has = |line: &str| line.split(|c| !within(c)).any(|w| w == word);
    source.lines().position(has).map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::Templates;

    fn said(name: &str, source: &str) -> Vec<String> {
        let settings = Settings {
            templates: Templates::default().with_override(name, source),
            ..Settings::default()
        };
        check_templates(&settings)
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn built_in_templates_have_no_errors() {
        let faults = check_templates(&Settings::default());
        assert!(faults.is_empty(), "{faults:?}");
    }

    #[test]
    fn unknown_variable_in_untaken_branch_is_reported() {
        let source = "Subject: x\n\n{% if product == 'never' %}\n{{ produkt }}{% endif %}";
        assert_eq!(
            said("email-update.j2", source),
            ["template `email-update.j2`, line 4: there is no `produkt`"]
        );
    }

    #[test]
    fn unknown_field_in_included_template_is_reported() {
        let found = said(
            "email-now.j2",
            "{% if impact %}\n{{ impact.began }}{% endif %}",
        );
        assert_eq!(
            found,
            ["template `email-now.j2`, line 2: there is no `impact.began`"]
        );
    }

    #[test]
    fn endless_or_huge_templates_are_stopped() {
        let endless =
            "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}";
        assert!(said("email-end.j2", endless)[0].contains("too many steps"));
        let huge = format!(
            "{{% for a in range(9000) %}}{}{{% endfor %}}",
            "x".repeat(9000)
        );
        assert!(said("email-end.j2", &huge)[0].contains("more than 64 MiB"));
        let own = "{% include 'email-end.j2' %}";
        assert!(!said("email-end.j2", own).is_empty());
    }
}
