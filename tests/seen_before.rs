//! Measures which earlier incidents are found by how a new one begins, over 74 incidents made from public
//! accounts (`tests/seen_before/incidents.txt`).
//!
//! Leave one out: each incident is declared again as an open one with only the lines of its first five
//! minutes, and looked up among the others. Recall at 3 is the share of those of a family of which one of the
//! three first is of the same family. Plain BM25 ranks the same words over the whole texts of the others.
//!
//! The weights and the threshold were chosen on the families of `TUNED` and the first half of those that are
//! like nothing else; the other families and the other half took no part. The groups of words were written
//! before the incidents, by somebody who knew the names of the families. All incidents are worded by one author, so the
//! figures say more about the difference to BM25 than about a store of your own.
//!
//! An incident is left out by making its own record an exercise. Its words are still counted in how rare each is.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_precision_loss
)]

mod tui_support;

use bridgelog::ops::{
    Session,
    declare::{Declaration, declare},
    field, lifecycle,
    seen_before::{MAX_SEEN, seen_before},
};
use std::collections::{BTreeMap, BTreeSet};
use tui_support::open_session;

const TUNED: [&str; 6] = ["certificate", "dns", "failover", "quota", "herd", "power"];
const ALONE: &str = "alone";
/// The lines of so many minutes are known when it is looked up.
const FIRST_MINUTES: u32 = 5;

/// Chooses a sample by its place and by itself.
type Chosen<'a> = dyn Fn(usize, &Sample) -> bool + 'a;

struct Sample {
    family: String,
    service: String,
    title: String,
    /// Minute after the first line, and the line.
    lines: Vec<(u32, String)>,
}

fn samples() -> Vec<Sample> {
    let mut samples: Vec<Sample> = Vec::new();
    for line in include_str!("seen_before/incidents.txt").lines() {
        if let Some(head) = line.strip_prefix("## ") {
            let parts: Vec<&str> = head.split(" | ").collect();
            samples.push(Sample {
                family: parts[0].to_owned(),
                service: parts[2].to_owned(),
                title: parts[3].to_owned(),
                lines: Vec::new(),
            });
        } else if let Some((minute, text)) = line.strip_prefix('+').and_then(|l| l.split_once(' '))
        {
            let line = (minute.parse().unwrap(), text.to_owned());
            samples.last_mut().unwrap().lines.push(line);
        }
    }
    samples
}

/// Declares `sample` in the year `2000 + year`, with the lines up to minute `until`.
fn record(session: &mut Session, sample: &Sample, year: usize, until: u32) {
    let at = |minute: u32| {
        let (day, hour, minute) = (1 + minute / 1440, minute / 60 % 24, minute % 60);
        format!("20{year:02}-03-{day:02} {hour:02}:{minute:02} UTC")
    };
    let declaration = Declaration {
        title: sample.title.clone(),
        services: vec![sample.service.clone()],
        at: Some(at(0)),
        ..Declaration::default()
    };
    declare(session, &declaration).unwrap();
    for (minute, text) in sample.lines.iter().filter(|(minute, _)| *minute <= until) {
        tui_support::log_line(session, &format!("{} {text}", at(*minute)));
    }
}

/// Recall at 3 by plain BM25 (k1 = 1.2, b = 0.75), over the words as they are.
fn plain_bm25(samples: &[Sample]) -> Vec<bool> {
    let words = |sample: &Sample, until: u32| -> Vec<String> {
        let lines = sample.lines.iter().filter(|(minute, _)| *minute <= until);
        let texts = lines.map(|(_, text)| text.split_once(": ").map_or("", |(_, text)| text));
        texts
            .chain([sample.title.as_str(), sample.service.as_str()])
            .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    let documents: Vec<Vec<String>> = samples.iter().map(|s| words(s, u32::MAX)).collect();
    let count = documents.len() as f64;
    let mean = documents.iter().map(Vec::len).sum::<usize>() as f64 / count;
    let mut having: BTreeMap<&str, f64> = BTreeMap::new();
    for document in &documents {
        for word in document.iter().map(String::as_str).collect::<BTreeSet<_>>() {
            *having.entry(word).or_default() += 1.0;
        }
    }
    let found = |(own, sample): (usize, &Sample)| {
        let query: BTreeSet<String> = words(sample, FIRST_MINUTES).into_iter().collect();
        let score = |document: &Vec<String>| -> f64 {
            let of_word = |word: &String| {
                let times = document.iter().filter(|other| *other == word).count() as f64;
                let n = having.get(word.as_str()).copied().unwrap_or(0.0);
                let rarity = (1.0 + (count - n + 0.5) / (n + 0.5)).ln();
                let length = 0.25 + 0.75 * document.len() as f64 / mean;
                rarity * times * 2.2 / (times + 1.2 * length)
            };
            query.iter().map(of_word).sum()
        };
        let mut ranked: Vec<(f64, &str)> = documents
            .iter()
            .zip(samples)
            .enumerate()
            .filter(|(other, _)| *other != own)
            .map(|(_, (document, other))| (score(document), other.family.as_str()))
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        ranked
            .iter()
            .take(3)
            .any(|(_, family)| *family == sample.family)
    };
    samples.iter().enumerate().map(found).collect()
}

/// How many of the samples that are `among` are `true` in `results`, of how many.
fn share(
    samples: &[Sample],
    results: &[bool],
    among: impl Fn(usize, &Sample) -> bool,
) -> (usize, usize) {
    let chosen = samples.iter().enumerate().zip(results);
    let chosen = chosen.filter(|((at, sample), _)| among(*at, sample));
    chosen.fold((0, 0), |(yes, all), (_, result)| {
        (yes + usize::from(*result), all + 1)
    })
}

#[test]
fn incidents_of_one_family_are_found_from_their_first_five_minutes() {
    let samples = samples();
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("all.db");
    let mut session = open_session(base.clone(), "jw", 0, "all");
    for (at, sample) in samples.iter().enumerate() {
        record(&mut session, sample, at % 10, u32::MAX);
        lifecycle::resolve(&mut session, None, None, "").unwrap();
    }
    drop(session);
    let (mut found, mut shown) = (Vec::new(), Vec::new());
    for (own, sample) in samples.iter().enumerate() {
        let path = folder.path().join(format!("{own}.db"));
        std::fs::copy(&base, &path).unwrap();
        let mut session = open_session(path.clone(), "jw", 0, "own");
        // An exercise is not looked at: so it is left out.
        let left_out = (own + 1).to_string();
        field::set(&mut session, Some(&left_out), "drill", "yes", None).unwrap();
        record(&mut session, sample, 11, FIRST_MINUTES);
        let row = session.read().open_incidents().unwrap().remove(0);
        let seen = seen_before(&session, &row, session.now()).unwrap();
        assert!(seen.len() <= MAX_SEEN);
        let others: Vec<usize> = seen
            .iter()
            .map(|seen| seen.short_ref.parse::<usize>().unwrap() - 1)
            .collect();
        assert!(!others.contains(&own));
        found.push(
            others
                .iter()
                .any(|other| samples[*other].family == sample.family),
        );
        shown.push(!others.is_empty());
        drop(session);
        std::fs::remove_file(&path).unwrap();
    }
    let bm25 = plain_bm25(&samples);
    let is_family = |sample: &Sample| sample.family != ALONE;
    let is_tuned = |sample: &Sample| TUNED.contains(&sample.family.as_str());
    let rows: [(&str, &Chosen); 3] = [
        ("tuned on", &|_, s| is_family(s) && is_tuned(s)),
        ("held out", &|_, s| is_family(s) && !is_tuned(s)),
        ("all", &|_, s| is_family(s)),
    ];
    println!("recall at 3      seen before   plain BM25");
    for (name, among) in rows {
        let (ours, of) = share(&samples, &found, among);
        let (theirs, _) = share(&samples, &bm25, among);
        println!("{name:<16} {ours:>2} of {of}      {theirs:>2} of {of}");
        assert!(ours >= theirs, "{name}: plain BM25 finds more");
    }
    let first_alone = samples.iter().position(|s| s.family == ALONE).unwrap();
    let is_alone = |half: usize| {
        move |at: usize, s: &Sample| s.family == ALONE && (at - first_alone) % 2 == half
    };
    let (alarms, of) = share(&samples, &shown, is_alone(0));
    let (alarms_held_out, _) = share(&samples, &shown, is_alone(1));
    println!(
        "like nothing else, but something is shown: tuned on {alarms}, held out {alarms_held_out}, of {of} each"
    );
    // Measured: 25 of 30 of those held out, and 4 of the 14 that are like nothing else.
    let (held_out, _) = share(&samples, &found, |_, s| is_family(s) && !is_tuned(s));
    assert!(held_out >= 22, "{held_out} of 30");
    assert!(alarms + alarms_held_out <= 5);
}
