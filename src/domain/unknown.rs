//! The fields of a value that this version does not know, kept as they were read.

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, MapAccess, Visitor},
    ser::{Error as _, SerializeMap},
};
use serde_json::value::RawValue;
use std::{collections::BTreeMap, fmt};

/// Fields that a newer version added to a value: name and JSON text, in the order in which they
/// were read. They are written back unchanged.
///
/// A value has them in a field with `#[serde(flatten)]`, and implements `KeepsUnknown`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnknownFields(Vec<(String, String)>);

/// A value that keeps unknown fields.
pub(super) trait KeepsUnknown {
    /// Replaces the text of the unknown fields by that in `json`, from which the value was just
    /// read: serde alone would round numbers.
    ///
    /// # Errors
    /// If `json` is not a JSON object.
    fn restore_unknown(&mut self, json: &str) -> serde_json::Result<()>;
}

impl UnknownFields {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// See [`KeepsUnknown::restore_unknown`].
    pub(super) fn restore(&mut self, json: &str) -> serde_json::Result<()> {
        if self.is_empty() {
            return Ok(());
        }
        let members: BTreeMap<String, &RawValue> = serde_json::from_str(json)?;
        for (name, text) in &mut self.0 {
            if let Some(raw) = members.get(name) {
                raw.get().clone_into(text);
            }
        }
        Ok(())
    }
}

impl Serialize for UnknownFields {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.len()))?;
        for (name, text) in &self.0 {
            let raw: &RawValue = serde_json::from_str(text).map_err(S::Error::custom)?;
            map.serialize_entry(name, raw)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for UnknownFields {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Collect;

        impl<'de> Visitor<'de> for Collect {
            type Value = UnknownFields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields: Vec<(String, String)> = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, serde_json::Value>()? {
                    let text = serde_json::to_string(&value).map_err(A::Error::custom)?;
                    fields.retain(|(known, _)| *known != name);
                    fields.push((name, text));
                }
                Ok(UnknownFields(fields))
            }
        }

        from.deserialize_map(Collect)
    }
}
