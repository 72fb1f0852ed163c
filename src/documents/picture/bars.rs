//! From spells to bars: so many that the shortest spell is visible and the size of the output is bounded.

use super::{rows::Spell, scale::TimeScale};
use crate::domain::{time::UtcTime, words::State};

/// The narrowest bar, as a part of the axis.
const MIN_WIDTH: f64 = 0.003;
/// A row with more spells is drawn in cells.
const MAX_EXACT: usize = 100;
const CELLS: u32 = 400;

/// A bar on the axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bar {
    pub state: State,
    /// Its left end, from 0 to 1.
    pub x: f64,
    pub width: f64,
}

/// Returns the bars of a row in the order in which they are drawn: worse states over better ones.
pub(super) fn bars(spells: &[Spell], scale: &TimeScale, until: UtcTime) -> Vec<Bar> {
    let exact = spells.iter().filter_map(|spell| bar(spell, scale, until));
    let mut bars: Vec<Bar> = if spells.len() <= MAX_EXACT {
        exact.collect()
    } else {
        in_cells(exact)
    };
    let order = |state| match state {
        State::Ok => 0,
        State::AtRisk => 1,
        State::Unknown => 2,
        State::Degraded => 3,
        State::Down => 4,
    };
    bars.sort_by_key(|bar| order(bar.state));
    bars
}

fn bar(spell: &Spell, scale: &TimeScale, until: UtcTime) -> Option<Bar> {
    // What lasts is drawn to where the records end; what is well stays so to the right end.
    let end = match (spell.to, spell.state) {
        (Some(to), _) => to,
        (None, State::Ok) => scale.to,
        (None, _) => until.max(spell.from),
    };
    let (x, right) = (scale.fraction(spell.from), scale.fraction(end));
    if spell.state == State::Ok {
        return (right > x).then_some(Bar {
            state: State::Ok,
            x,
            width: right - x,
        });
    }
    let width = (right - x).max(MIN_WIDTH);
    Some(Bar {
        state: spell.state,
        x: x.min(1.0 - width),
        width,
    })
}

/// Returns one bar for each run of cells with the same worst state.
fn in_cells(bars: impl Iterator<Item = Bar>) -> Vec<Bar> {
    let cells = f64::from(CELLS);
    let mut worst: Vec<Option<State>> = vec![None; CELLS as usize];
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "fractions are from 0 to 1"
    )]
    for bar in bars {
        let first = ((bar.x * cells) as usize).min(worst.len() - 1);
        let last = (((bar.x + bar.width) * cells).ceil() as usize).clamp(first + 1, worst.len());
        for cell in &mut worst[first..last] {
            *cell = (*cell).max(Some(bar.state));
        }
    }
    let mut runs = Vec::new();
    let mut start = 0_u32;
    for run in worst.chunk_by(|a, b| a == b) {
        let length = u32::try_from(run.len()).unwrap_or(CELLS);
        if let Some(state) = run[0] {
            runs.push(Bar {
                state,
                x: f64::from(start) / cells,
                width: f64::from(length) / cells,
            });
        }
        start += length;
    }
    runs
}
