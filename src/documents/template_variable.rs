//! A template variable with its documentation, and the macro that reads both off a struct.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variable_types_are_described_in_words() {
        assert_eq!(words("Option<Vec<String>>"), "list of text or none");
        assert_eq!(words("Vec<Passage>"), "list of Passage");
    }
}
