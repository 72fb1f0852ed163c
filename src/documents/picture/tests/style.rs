//! The contrast of the colours in the style. Source of the formula: WCAG 2.2, relative luminance.

use super::STYLE;
use rstest::rstest;
use std::collections::HashMap;

/// Returns the colours of the light or of the dark theme.
fn colours(theme: usize) -> HashMap<&'static str, &'static str> {
    let block = STYLE.split(":root {").nth(theme + 1).unwrap();
    let block = block.split_once('}').unwrap().0;
    block
        .split(';')
        .map(|line| line.trim().split_once(": ").unwrap())
        .collect()
}

fn luminance(colour: &str) -> f64 {
    let channel = |from: usize| {
        let value = u8::from_str_radix(&colour[from..from + 2], 16).unwrap();
        let value = f64::from(value) / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[rstest]
#[case::ink("--ink", "--paper", 4.5)]
#[case::labels("--soft", "--paper", 4.5)]
#[case::link("--link", "--paper", 4.5)]
#[case::word_in_down("--on-down", "--down", 4.5)]
#[case::word_in_degraded("--on-degraded", "--degraded", 4.5)]
#[case::marker("--mark-ink", "--mark", 4.5)]
#[case::down("--down", "--paper", 3.0)]
#[case::degraded("--degraded", "--paper", 3.0)]
#[case::at_risk("--at-risk-line", "--paper", 3.0)]
#[case::hatch("--at-risk-line", "--at-risk", 3.0)]
#[case::ok("--ok", "--paper", 3.0)]
fn text_and_states_have_enough_contrast_in_both_themes(
    #[case] front: &str,
    #[case] back: &str,
    #[case] least: f64,
) {
    for theme in [0, 1] {
        let colours = colours(theme);
        let found = contrast(colours[front], colours[back]);
        assert!(found >= least, "{front} on {back}: {found:.1}");
    }
}
