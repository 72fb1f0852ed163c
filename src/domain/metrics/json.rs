//! The JSON of `metrics --json`, whose names scripts rely on: they are never renamed or removed.

use super::{
    Metrics,
    metric::{Metric, MetricPoint},
};
use crate::domain::time::format_utc;
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Value, json};

/// `incident` is the incident's number, or its handle if it has none.
impl Serialize for Metrics {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(4))?;
        map.serialize_entry("incident", &self.incident)?;
        map.serialize_entry("zone", &self.zone)?;
        map.serialize_entry("metrics", &ByName(&self.overall))?;
        map.serialize_entry("services", &ByService(&self.services))?;
        map.end()
    }
}

struct ByName<'a>(&'a [Metric]);

impl Serialize for ByName<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|metric| (metric.name, metric)))
    }
}

struct ByService<'a>(&'a [(String, Vec<Metric>)]);

impl Serialize for ByService<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(name, metrics)| (name, ByName(metrics))))
    }
}

/// `spans` is written for `impact` only, to show false recoveries.
impl Serialize for Metric {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let point = |point: &Option<MetricPoint>| {
            point
                .as_ref()
                .map(|p| json!({"event": p.event, "at": format_utc(p.at)}))
        };
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("seconds", &self.seconds)?;
        map.serialize_entry("formula", self.formula)?;
        map.serialize_entry("from", &point(&self.from))?;
        map.serialize_entry("to", &point(&self.to))?;
        map.serialize_entry("approximate", &self.approximate)?;
        map.serialize_entry("ongoing", &self.ongoing)?;
        map.serialize_entry("reason", &self.reason)?;
        if self.name == "impact" {
            let spans: Vec<Value> = self
                .spans
                .iter()
                .map(|(from, to)| json!({"from": format_utc(*from), "to": to.map(format_utc)}))
                .collect();
            map.serialize_entry("spans", &spans)?;
        }
        map.end()
    }
}
