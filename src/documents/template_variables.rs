//! Lists the variables that each template can use.

pub use super::template_variable::{Variable, VariableGroup};

/// Returns the variables of the template `name`: those of the postmortem if it begins with
/// `postmortem`, else those of a letter.
#[must_use]
pub fn for_template(name: &str) -> Vec<VariableGroup> {
    if name.starts_with("postmortem") {
        vec![("postmortem", super::postmortem::VARIABLES)]
    } else {
        super::customer::VARIABLES.to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_variable_type_is_documented() {
        for template in ["postmortem.md.j2", "email-update.j2"] {
            let described = for_template(template);
            for variable in described.iter().flat_map(|(_, fields)| *fields) {
                let kind = variable.type_label();
                let inner = kind
                    .trim_start_matches("list of ")
                    .trim_end_matches(" or none");
                let known = ["text", "true or false"].contains(&inner)
                    || described.iter().any(|(name, _)| *name == inner);
                assert!(known, "{}: {kind}", variable.name);
            }
            assert!(described[0].1.iter().all(|v| !v.description().is_empty()));
        }
    }
}
