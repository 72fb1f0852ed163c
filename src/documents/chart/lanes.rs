//! Labels that hang under points of a line, each to the right of its leader, in lanes, so that no
//! two meet and no leader goes through a label.

/// Between two labels of one lane.
const LABEL_GAP: usize = 18;

/// The lane of each label, 0 nearest the line, for labels given as (place, width) from left to right.
///
/// From the right: a leader passes only labels that begin to its right, so it is enough that a label
/// lies deeper than every label that begins above it.
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
