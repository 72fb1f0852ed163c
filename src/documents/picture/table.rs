//! The picture as the table of the Markdown postmortem, and the facts below it, as values that a caller
//! renders.

use super::{
    Picture, TotalOf,
    rows::{FIGURE_STATES, Row},
};
use crate::domain::words::State;

/// A table whose cells are plain text that has not been escaped.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::documents) struct MarkdownTable {
    pub(in crate::documents) head: Vec<String>,
    /// The number of columns at the right whose cells are aligned right.
    pub(in crate::documents) figures: usize,
    pub(in crate::documents) rows: Vec<Vec<String>>,
    /// True for the columns whose cells are bold.
    pub(in crate::documents) bold: Vec<bool>,
}

/// A fact: `At least one service down` and its value.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::documents) struct Fact {
    pub(in crate::documents) label: String,
    pub(in crate::documents) value: String,
}

/// The cell of a state that did not occur.
const NONE: &str = "–";

impl Picture {
    /// Returns the table of page one: the first rows, with the states that occurred in them.
    pub(in crate::documents) fn markdown_table(&self) -> MarkdownTable {
        self.table_of(self.first_rows())
    }

    /// Returns the table with all rows; `None` if page one leaves none out.
    pub(in crate::documents) fn all_services_markdown(&self) -> Option<MarkdownTable> {
        (self.left_out() > 0).then(|| self.table_of(&self.rows))
    }

    /// Returns the totals over all services, which stand first below the table: at least one service down,
    /// and down or degraded. Empty if fewer than two services were hit.
    pub(in crate::documents) fn totals(&self) -> Vec<Fact> {
        self.totals
            .iter()
            .map(|total| Fact {
                label: match total.of {
                    TotalOf::Down => "At least one service down",
                    TotalOf::Impact => "At least one service down or degraded",
                }
                .to_owned(),
                value: match &total.value {
                    Ok(text) => format!("{text} ({})", total.range),
                    Err(reason) => format!("not known ({reason})"),
                },
            })
            .collect()
    }

    fn table_of(&self, rows: &[Row]) -> MarkdownTable {
        let states: Vec<State> = FIGURE_STATES
            .into_iter()
            .filter(|state| rows.iter().any(|row| row.figure(*state).is_some()))
            .collect();
        let mut head: Vec<String> = ["Service", "From", "To"].map(str::to_owned).to_vec();
        head.extend(states.iter().map(ToString::to_string));
        MarkdownTable {
            bold: [false; 3]
                .into_iter()
                .chain(states.iter().map(|state| *state == State::Down))
                .collect(),
            figures: states.len(),
            rows: rows.iter().map(|row| self.cells(row, &states)).collect(),
            head,
        }
    }

    fn cells(&self, row: &Row, states: &[State]) -> Vec<String> {
        let main = row.main_spells();
        let from = main.first().map_or_else(String::new, |first| {
            self.moments
                .moment(first.from, None, first.is_from_approximate)
        });
        let to = main.last().map_or_else(String::new, |last| match last.to {
            Some(to) => self.moments.moment(to, None, last.is_to_approximate),
            None => "ongoing".to_owned(),
        });
        let only_at_risk = main.iter().all(|spell| spell.state == State::AtRisk);
        let not_hit = if only_at_risk { " (not hit)" } else { "" };
        let mut cells = vec![format!("{}{not_hit}", row.names.join(", ")), from, to];
        cells.extend(states.iter().map(|state| {
            row.figure(*state)
                .map_or_else(|| NONE.to_owned(), |figure| figure.text.clone())
        }));
        cells
    }
}
