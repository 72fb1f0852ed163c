//! Checks templates against sample incidents, so that errors are found before an incident.

use super::{
    CustomerView, DocumentError, Format, Settings, Stage, email, postmortem_html,
    postmortem_markdown_with_related, samples, template_variables,
};
use crate::domain::states::States;

/// The templates that documents are rendered from; the others are included by these.
pub const ENTRY_TEMPLATES: [&str; 6] = [
    "postmortem.md.j2",
    "postmortem.html.j2",
    "email-initial.j2",
    "email-update.j2",
    "email-resolved.j2",
    "email-followup.j2",
];

/// Returns the errors of the templates of `settings`: renders each one with each sample incident, and
/// compares the names that it uses with those that it gets.
#[must_use]
pub fn check_templates(settings: &Settings) -> Vec<DocumentError> {
    let mut errors: Vec<DocumentError> = Vec::new();
    let mut add = |error: DocumentError| {
        if errors.iter().all(|e| e.to_string() != error.to_string()) {
            errors.push(error);
        }
    };
    for name in ENTRY_TEMPLATES {
        let groups = template_variables::for_template(name);
        let known = groups.first().map_or(&[][..], |(_, fields)| *fields);
        let known = known.iter().map(|field| field.name.to_owned()).collect();
        match settings.templates.unknown_names(name, &known) {
            Ok(errors) => errors.into_iter().for_each(&mut add),
            // A template that cannot be parsed makes all of them fail.
            Err(error) => {
                add(error);
                return errors;
            }
        }
    }
    // A template that failed once is not rendered again: an endless one takes long each time.
    let mut failed: Vec<Stage> = Vec::new();
    let mut postmortems = vec![postmortem_markdown_with_related, postmortem_html];
    for (_, incident, related) in samples::sample_incidents() {
        postmortems.retain(|render| match render(&incident, settings, &related) {
            Ok(_) => true,
            Err(error) => {
                add(error);
                false
            }
        });
        let view = CustomerView::from_incident(&incident, &States::from_incident(&incident))
            .with_absorbed_count(&related);
        for stage in Stage::ALL {
            for format in [Format::Text, Format::Markdown] {
                if failed.contains(&stage) {
                    continue;
                }
                if let Err(error) = email(&view, stage, settings, format) {
                    failed.push(stage);
                    add(error);
                }
            }
        }
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::Templates;

    fn check_errors(name: &str, source: &str) -> Vec<String> {
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
            check_errors("email-update.j2", source),
            ["template `email-update.j2`, line 4: there is no `produkt`: did you mean `product`?"]
        );
    }

    #[test]
    fn unknown_field_in_included_template_is_reported() {
        let errors = check_errors(
            "email-now.j2",
            "{% if impact %}\n{{ impact.began }}{% endif %}",
        );
        assert_eq!(
            errors,
            ["template `email-now.j2`, line 2: there is no `impact.began`"]
        );
    }

    #[test]
    fn page_is_checked_too() {
        assert_eq!(
            check_errors("postmortem.html.j2", "{{ title }}\n{{ titel }}"),
            ["template `postmortem.html.j2`, line 2: there is no `titel`: did you mean `title`?"]
        );
    }

    #[test]
    fn endless_or_huge_templates_are_stopped() {
        let endless =
            "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}";
        assert!(check_errors("email-end.j2", endless)[0].contains("too many steps"));
        let huge = format!(
            "{{% for a in range(9000) %}}{}{{% endfor %}}",
            "x".repeat(9000)
        );
        assert!(check_errors("email-end.j2", &huge)[0].contains("more than 64 MiB"));
        let own = "{% include 'email-end.j2' %}";
        assert!(!check_errors("email-end.j2", own).is_empty());
    }
}
