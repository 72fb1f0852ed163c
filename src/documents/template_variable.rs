//! A template variable with its documentation, and the macro that derives both from a struct.

/// A variable of a template, or a field of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variable {
    pub name: &'static str,
    /// The Rust type, as `stringify!` writes it.
    type_: &'static str,
    /// The doc comment of the field, which `templates show` prints.
    description: &'static str,
}

/// Declares a struct that is passed to a template, and a constant `VARIABLES` with the name, type and
/// doc comment of each field. The doc comments of the fields are text that users read.
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
            /// The fields as templates see them.
            pub(in crate::documents) const VARIABLES: &'static [$crate::documents::template_variable::Variable] = &[
                $( $crate::documents::template_variable::Variable::new(
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
        description: &'static str,
    ) -> Self {
        Self {
            name,
            type_,
            description,
        }
    }

    /// Returns the type in words: `text`, `list of Passage`, `text or none`.
    #[must_use]
    pub fn type_label(&self) -> String {
        type_in_words(&self.type_.replace(' ', ""))
    }

    /// Returns the description; empty if the field has no doc comment.
    #[must_use]
    pub fn description(&self) -> &'static str {
        self.description.trim()
    }
}

fn type_in_words(of: &str) -> String {
    let inside = |outer: &str| of.strip_prefix(outer)?.strip_suffix('>');
    if let Some(inner) = inside("Option<") {
        return format!("{} or none", type_in_words(inner));
    }
    if let Some(inner) = inside("Vec<") {
        return format!("list of {}", type_in_words(inner));
    }
    match of {
        "String" | "&'staticstr" => "text".to_owned(),
        "bool" => "true or false".to_owned(),
        other => other.to_owned(),
    }
}

/// A type's name and its fields. In a list of groups the first one holds the template's top-level
/// variables.
pub type VariableGroup = (&'static str, &'static [Variable]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variable_types_are_described_in_words() {
        assert_eq!(type_in_words("Option<Vec<String>>"), "list of text or none");
        assert_eq!(type_in_words("Vec<Passage>"), "list of Passage");
    }
}
