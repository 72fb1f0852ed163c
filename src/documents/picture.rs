//! Stand-in.
use super::{
    chart::{ChartLayout, svg},
    text_chart::text_chart,
    time_format::TimeFormatter,
};
use crate::domain::{incident::Incident, metrics::Metrics, states::States};
pub(in crate::documents) const STYLE: &str = super::chart::STYLE;
pub(in crate::documents) struct Picture {
    html: String,
    text: String,
}
impl Picture {
    pub(in crate::documents) fn new(
        incident: &Incident,
        states: &States,
        _m: &Metrics,
        t: &TimeFormatter,
    ) -> Option<Self> {
        states.overall.first()?;
        Some(Self {
            html: svg(
                incident,
                states,
                t,
                incident.last_recorded_at,
                ChartLayout::Wide,
            ),
            text: text_chart(incident, states, t, incident.last_recorded_at),
        })
    }
    pub(in crate::documents) fn html(&self) -> String {
        self.html.clone()
    }
    pub(in crate::documents) fn markdown_table(&self) -> String {
        String::new()
    }
    pub(in crate::documents) fn totals(&self) -> Vec<(String, String)> {
        vec![]
    }
    pub(in crate::documents) fn not_hit(&self) -> Vec<String> {
        vec![]
    }
    pub(in crate::documents) fn text(&self) -> String {
        format!("```text\n{}```\n", self.text)
    }
    pub(in crate::documents) fn is_shortened(&self) -> bool {
        false
    }
    pub(in crate::documents) fn all_services_html(&self) -> String {
        String::new()
    }
    pub(in crate::documents) fn all_services_markdown(&self) -> String {
        String::new()
    }
}
