//! What templates can use: read off the very types that are handed to them.

/// A variable of a template, or a field of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// Its type, as the code has it.
    type_: &'static str,
    /// What it is.
    description: &'static str,
}

/// Declares a type that a template is given, and keeps what its fields are documented as.
macro_rules! documented {
    (
        $(#[doc = $of:literal])*
        $vis:vis struct $name:ident {
            $( $(#[doc = $doc:literal])* $at:vis $field:ident: $type:ty, )*
        }
    ) => {
        $(#[doc = $of])*
        #[derive(Clone, Debug, serde::Serialize)]
        $vis struct $name {
            $( $(#[doc = $doc])* $at $field: $type, )*
        }

        impl $name {
            /// Its fields as templates see them.
            pub(in crate::documents) const VARIABLES: &'static [$crate::documents::template_variables::Variable] = &[
                $( $crate::documents::template_variables::Variable::new(
                    stringify!($field),
                    stringify!($type),
                    concat!("" $(, $doc)*),
                ), )*
            ];
        }
    };
}
pub(in crate::documents) use documented;

impl Variable {
    pub(in crate::documents) const fn new(
        name: &'static str,
        type_: &'static str,
        about: &'static str,
    ) -> Self {
        Self {
            name,
            type_,
            description: about,
        }
    }

    /// Its type in words: `text`, `list of Passage`, `text or none`.
    #[must_use]
    pub fn type_label(&self) -> String {
        words(&self.type_.replace(' ', ""))
    }

    /// What it is, in a sentence; empty where its name says it.
    #[must_use]
    pub fn description(&self) -> &'static str {
        self.description.trim()
    }
}

fn words(of: &str) -> String {
    let inside = |outer: &str| of.strip_prefix(outer)?.strip_suffix('>');
    if let Some(inner) = inside("Option<") {
        return format!("{} or none", words(inner));
    }
    if let Some(inner) = inside("Vec<") {
        return format!("list of {}", words(inner));
    }
    match of {
        "String" | "&'staticstr" => "text".to_owned(),
        "bool" => "true or false".to_owned(),
        other => other.to_owned(),
    }
}

/// A type and its fields; the first is what a template itself is given.
pub type VariableGroup = (&'static str, &'static [Variable]);

/// What the template called `name` is given: `postmortem.md.j2`, or one of a letter.
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
    fn variable_types_are_described_in_words() {
        assert_eq!(words("Option<Vec<String>>"), "list of text or none");
        assert_eq!(words("Vec<Passage>"), "list of Passage");
    }

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
