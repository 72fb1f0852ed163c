//! Arranges milestone labels in lanes below the bars. A label is to the right of its leader line, and
//! no label overlaps another label or a leader line.

/// The least distance between two labels of one lane, in px.
const LABEL_GAP: usize = 18;

/// Returns the lane of each label, 0 nearest to the bars. Labels are given as (x, width) from left to
/// right.
///
/// Works from right to left: a label needs a lane below those of all labels that begin within its
/// width, so that their leader lines do not cross it.
pub(super) fn assign_lanes(labels: &[(usize, usize)]) -> Vec<usize> {
    let mut lanes = vec![0; labels.len()];
    for i in (0..labels.len()).rev() {
        let (x, width) = labels[i];
        let above = labels[i + 1..]
            .iter()
            .zip(&lanes[i + 1..])
            .filter(|((other, _), _)| *other < x + width + LABEL_GAP)
            .map(|(_, lane)| lane + 1);
        lanes[i] = above.max().unwrap_or(0);
    }
    lanes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn labels_never_overlap_or_cross_leaders(
            mut labels in prop::collection::vec((0_usize..800, 10_usize..200), 0..16),
        ) {
            labels.sort_unstable();
            let lanes = assign_lanes(&labels);
            for (i, (x, width)) in labels.iter().enumerate() {
                for (j, (other, other_width)) in labels.iter().enumerate().filter(|(j, _)| *j != i) {
                    if lanes[i] == lanes[j] {
                        prop_assert!(x + width < *other || other + other_width < *x);
                    }
                    let crosses = lanes[j] > lanes[i] && (x..=&(x + width)).contains(&other);
                    prop_assert!(!crosses || other == x, "{labels:?} {lanes:?}");
                }
            }
        }
    }

    #[test]
    fn distant_labels_share_a_lane() {
        assert_eq!(assign_lanes(&[(0, 50), (100, 50), (200, 50)]), [0, 0, 0]);
        assert_eq!(assign_lanes(&[(0, 50), (10, 50), (200, 50)]), [1, 0, 0]);
        assert_eq!(assign_lanes(&[]), [0; 0]);
    }
}
