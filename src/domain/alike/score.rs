//! How alike two beginnings are.

use super::opening::{Opening, TokenKind, kind_of};
use std::collections::BTreeMap;

/// In how many incidents each token occurs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frequencies {
    /// The number of incidents.
    pub incidents: f64,
    /// By token; one that is not among them occurs in none.
    pub of_token: BTreeMap<String, f64>,
}

impl Frequencies {
    /// Counts the tokens of `openings`.
    pub fn of<'o>(openings: impl IntoIterator<Item = &'o Opening>) -> Self {
        let mut counted = Self::default();
        for opening in openings {
            counted.incidents += 1.0;
            for token in opening.tokens() {
                *counted.of_token.entry(token.to_owned()).or_default() += 1.0;
            }
        }
        counted
    }

    /// How much a token tells: `ln(1 + (N − n + ½) / (n + ½))`, as in BM25, where `n` of `N` incidents have
    /// it. One that none has counts as if one had it: else, among few incidents, the words that are new
    /// would outweigh all that are known.
    #[must_use]
    pub fn rarity(&self, token: &str) -> f64 {
        let n = self.of_token.get(token).copied().unwrap_or(0.0);
        let n = n.max(1.0).min(self.incidents);
        (1.0 + (self.incidents - n + 0.5) / (n + 0.5)).ln()
    }
}

/// How much each kind of token counts.
#[derive(Clone, Copy, Debug)]
pub struct Weights {
    pub word: f64,
    pub group: f64,
    pub service: f64,
    pub tag: f64,
    pub states: f64,
}

/// The weights that measured best on half of the families of the measurement (`tests/seen_before.rs`); the
/// other half took no part in choosing them.
pub const WEIGHTS: Weights = Weights {
    word: 0.7,
    group: 1.6,
    service: 0.7,
    tag: 1.0,
    states: 0.2,
};

/// Below this score two beginnings are not alike. Chosen on the families that were tuned on: a lower one shows
/// twice as many that are like nothing else.
pub const THRESHOLD: f64 = 0.16;
/// So many different tokens other than changes of state have to be in common: one word is chance.
pub const MIN_SHARED: usize = 3;

/// How alike two beginnings are, and what they have in common.
#[derive(Clone, Debug, PartialEq)]
pub struct Likeness {
    /// 0 to 1.
    pub score: f64,
    /// The tokens in common other than changes of state, the most telling first.
    pub shared: Vec<String>,
}

impl Likeness {
    /// True if that is more than chance.
    #[must_use]
    pub fn is_alike(&self) -> bool {
        self.score >= THRESHOLD && self.shared.len() >= MIN_SHARED
    }
}

/// Compares `opening`, how an incident began, with `earlier`.
///
/// Each token `t` of the one has the weight `w(t) = rarity(t) · kind(t)`. With `S` the tokens of both, `Q`
/// those of `opening` and `|E|` the number of those of `earlier`:
///
/// ```text
/// score = Σ_S w² / √( Σ_Q w² · |E| · Σ_Q w² / |Q| )
/// ```
///
/// This is the cosine of the two weighted sets, with one simplification: the tokens that only `earlier` has
/// count with the mean of the weights of `opening`, so that no frequency has to be looked up for them.
#[must_use]
pub fn likeness(
    opening: &Opening,
    earlier: &Opening,
    frequencies: &Frequencies,
    weights: &Weights,
) -> Likeness {
    let weight = |token: &str| {
        let kind = match kind_of(token) {
            TokenKind::Word => weights.word,
            TokenKind::Group => weights.group,
            TokenKind::Service => weights.service,
            TokenKind::Tag => weights.tag,
            TokenKind::States => weights.states,
        };
        kind * frequencies.rarity(token)
    };
    let (mut own, mut common) = (0.0, 0.0);
    let mut shared: Vec<(f64, &str)> = Vec::new();
    for token in opening.tokens() {
        let squared = weight(token).powi(2);
        own += squared;
        if earlier.count(token) > 0 {
            common += squared;
            if kind_of(token) != TokenKind::States {
                shared.push((squared, token));
            }
        }
    }
    shared.sort_by(|(a, one), (b, other)| b.total_cmp(a).then(one.cmp(other)));
    #[expect(clippy::cast_precision_loss, reason = "numbers of tokens are small")]
    let (own_count, earlier_count) = (
        opening.token_count().max(1) as f64,
        earlier.token_count() as f64,
    );
    let norm = (own * earlier_count * own / own_count).sqrt();
    Likeness {
        score: if norm > 0.0 {
            (common / norm).min(1.0)
        } else {
            0.0
        },
        shared: shared
            .into_iter()
            .map(|(_, token)| token.to_owned())
            .collect(),
    }
}
