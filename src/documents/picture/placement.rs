//! Places the labels of milestones below the bars: no label overlaps another one or the leader of
//! another one, at the width that is given and at every greater one.

use super::scale::text_width;

/// The most rows of labels.
pub(super) const MAX_ROWS: usize = 5;
/// From a dot to its text, in px.
pub(super) const DOT_TO_TEXT: f64 = 7.0;
/// From a dot to the end of its label beyond the estimated letters, in px.
const PADDING: f64 = 9.0;
const DOT_RADIUS: f64 = 2.5;
/// The least distance between two labels of a row, in px.
const LABEL_GAP: f64 = 10.0;
/// The least distance from a leader to the end of a label, in px.
const LEADER_GAP: f64 = 4.0;

/// A label to place.
#[derive(Clone, Debug)]
pub(super) struct Label {
    /// Its place on the axis from 0 to 1.
    pub fraction: f64,
    pub time: String,
    pub words: String,
    /// 0 is the most important.
    pub rank: usize,
}

#[derive(Clone, Debug)]
pub(super) struct PlacedLabel {
    pub label: Label,
    /// 0 is nearest to the bars.
    pub row: usize,
    /// True if the text is left of its dot.
    pub hangs_left: bool,
    /// Of the dot, in px.
    x: f64,
    /// From the dot to the end of the text, in px.
    width: f64,
}

impl PlacedLabel {
    fn new(label: Label, axis_width: f64) -> Self {
        let x = label.fraction * axis_width;
        let width = text_width(&label.time) + text_width(" ") + text_width(&label.words) + PADDING;
        Self {
            hangs_left: x + width > axis_width,
            label,
            row: 0,
            x,
            width,
        }
    }

    /// The left and right edge, dot included, in px.
    pub(super) fn extent(&self) -> (f64, f64) {
        if self.hangs_left {
            (self.x - self.width, self.x + DOT_RADIUS)
        } else {
            (self.x - DOT_RADIUS, self.x + self.width)
        }
    }

    /// True if a leader at `x` that goes on below this label would cross its text at this or a greater
    /// width.
    fn is_crossed_at(&self, x: f64) -> bool {
        if self.hangs_left {
            x < self.x && x > self.x - self.width - LEADER_GAP
        } else {
            x > self.x && x < self.x + self.width + LEADER_GAP
        }
    }

    fn is_inside(&self) -> bool {
        !self.hangs_left || self.x >= self.width
    }

    fn fits_beside(&self, placed: &[Self]) -> bool {
        let (left, right) = self.extent();
        placed.iter().all(|other| {
            let (other_left, other_right) = other.extent();
            match other.row.cmp(&self.row) {
                std::cmp::Ordering::Equal => {
                    left >= other_right + LABEL_GAP || other_left >= right + LABEL_GAP
                }
                std::cmp::Ordering::Less => !other.is_crossed_at(self.x),
                std::cmp::Ordering::Greater => !self.is_crossed_at(other.x),
            }
        })
    }
}

/// True if `label` is not too long on an axis of `axis_width` px.
pub(super) fn fits(label: &Label, axis_width: f64) -> bool {
    PlacedLabel::new(label.clone(), axis_width).is_inside()
}

/// Places `labels` on an axis of `axis_width` px. Where there is no room for all, the least important
/// ones are left out.
pub(super) fn place(labels: &[Label], axis_width: f64) -> Vec<PlacedLabel> {
    let mut wanted: Vec<Label> = labels.to_vec();
    loop {
        if let Some(placed) = place_all(&wanted, axis_width) {
            return placed;
        }
        let least = (0..wanted.len()).max_by_key(|i| wanted[*i].rank);
        match least {
            Some(least) => wanted.remove(least),
            None => return Vec::new(),
        };
    }
}

fn place_all(labels: &[Label], axis_width: f64) -> Option<Vec<PlacedLabel>> {
    let all = labels
        .iter()
        .map(|label| PlacedLabel::new(label.clone(), axis_width));
    let (mut left, mut right): (Vec<_>, Vec<_>) = all.partition(|label| label.hangs_left);
    left.sort_by(|a, b| a.x.total_cmp(&b.x));
    right.sort_by(|a, b| b.x.total_cmp(&a.x));
    let mut placed: Vec<PlacedLabel> = Vec::with_capacity(labels.len());
    for mut label in left.into_iter().chain(right) {
        if !label.is_inside() {
            return None;
        }
        label.row = (0..MAX_ROWS).find(|row| {
            label.row = *row;
            label.fits_beside(&placed)
        })?;
        placed.push(label);
    }
    Some(placed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn label(fraction: f64, words: &str, rank: usize) -> Label {
        Label {
            fraction,
            time: "10:06".into(),
            words: words.into(),
            rank,
        }
    }

    fn overlaps(a: &PlacedLabel, b: &PlacedLabel, zoom: f64) -> bool {
        // The text keeps its size on a wider axis.
        let extent = |l: &PlacedLabel| {
            let (left, right) = l.extent();
            let moved = l.x * (zoom - 1.0);
            (left + moved, right + moved)
        };
        let ((a_left, a_right), (b_left, b_right)) = (extent(a), extent(b));
        let same_row = a.row == b.row && a_left < b_right && b_left < a_right;
        let text = if a.hangs_left {
            (a_left, a_right - DOT_RADIUS - DOT_TO_TEXT + 2.0)
        } else {
            (a_left + DOT_RADIUS + DOT_TO_TEXT - 2.0, a_right)
        };
        let leader = b.x * zoom;
        same_row || (b.row > a.row && leader > text.0 && leader < text.1)
    }

    proptest! {
        #[test]
        fn labels_never_overlap_nor_cross_leaders_at_any_width(
            places in prop::collection::vec((0.0..=1.0_f64, "[a-z, ]{4,20}"), 0..9),
            narrow in any::<bool>(),
            zoom in 1.0..3.0_f64,
        ) {
            let labels: Vec<Label> = places
                .iter()
                .enumerate()
                .map(|(rank, (fraction, words))| label(*fraction, words, rank))
                .collect();
            let width = if narrow { 330.0 } else { 560.0 };
            let placed = place(&labels, width);
            prop_assert!(labels.is_empty() || !placed.is_empty());
            for a in &placed {
                let (left, right) = a.extent();
                prop_assert!(a.row < MAX_ROWS && left >= -DOT_RADIUS && right <= width + DOT_RADIUS);
                for b in placed.iter().filter(|b| b.label.rank != a.label.rank) {
                    prop_assert!(!overlaps(a, b, 1.0), "{a:?} {b:?}");
                    prop_assert!(!overlaps(a, b, zoom), "{zoom} {a:?} {b:?}");
                }
            }
        }
    }

    #[test]
    fn least_important_label_is_left_out_when_there_is_no_row() {
        let labels: Vec<Label> = (0..9)
            .map(|i| label(0.3 + f64::from(i) / 1000.0, "something", 8 - i as usize))
            .collect();
        let placed = place(&labels, 560.0);
        assert_eq!(placed.len(), MAX_ROWS);
        assert!(placed.iter().all(|p| p.label.rank < MAX_ROWS));
    }
}
