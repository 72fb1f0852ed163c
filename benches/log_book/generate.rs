//! Generates databases of any size with realistic text from a seeded generator, the same in every run.

use bridgelog::{
    domain::{
        event::Event,
        subject::Subject,
        time::{UtcTime, from_micros},
        value::{Body, Change, Operation, Value},
        words::{CAPTURE_KINDS, Kind, State},
    },
    store::{OpenOptions, Store},
};
use std::path::{Path, PathBuf};
use uuid::Uuid;

const EVENTS_PER_INCIDENT: u64 = 500;
/// Changes per transaction.
const BATCH_SIZE: usize = 2_000;

const WORDS: [&str; 48] = [
    "replica",
    "lag",
    "falling",
    "rising",
    "primary",
    "database",
    "queue",
    "depth",
    "error",
    "rate",
    "timeout",
    "upstream",
    "cache",
    "miss",
    "deploy",
    "rolled",
    "back",
    "restart",
    "node",
    "cluster",
    "leader",
    "election",
    "disk",
    "full",
    "latency",
    "checkout",
    "login",
    "search",
    "certificate",
    "expired",
    "failover",
    "traffic",
    "shifted",
    "region",
    "vendor",
    "ticket",
    "paged",
    "confirmed",
    "normal",
    "again",
    "still",
    "waiting",
    "looking",
    "graph",
    "alert",
    "fired",
    "cleared",
    "probe",
];

/// Parts of Japanese texts, which have no spaces.
const JAPANESE: [&str; 32] = [
    "本番",
    "サーバ",
    "の",
    "障害",
    "を",
    "検知",
    "した",
    "再起動",
    "データベース",
    "遅延",
    "が",
    "上昇",
    "復旧",
    "確認",
    "中",
    "切り替え",
    "完了",
    "監視",
    "警告",
    "ディスク",
    "容量",
    "不足",
    "原因",
    "調査",
    "顧客",
    "影響",
    "なし",
    "ログイン",
    "失敗",
    "増加",
    "対応",
    "開始",
];

/// Which words the texts have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Texts {
    English,
    /// Every second one is Japanese.
    Mixed,
    Japanese,
}

/// Pseudo-random numbers (xorshift64*).
pub struct XorShift(u64);

impl XorShift {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % bound
    }

    pub fn random_text(&mut self) -> String {
        let count = 4 + self.below(10);
        let mut words: Vec<String> = (0..count)
            .map(|_| WORDS[self.below(WORDS.len() as u64) as usize].to_owned())
            .collect();
        words.push(format!("{:x}", self.below(1 << 24)));
        words.join(" ")
    }

    fn japanese_text(&mut self) -> String {
        let count = 6 + self.below(12);
        (0..count)
            .map(|_| JAPANESE[self.below(JAPANESE.len() as u64) as usize])
            .collect()
    }

    fn random_id(&mut self, at: UtcTime) -> Uuid {
        let mut random = [0; 10];
        for byte in &mut random {
            *byte = self.below(256) as u8;
        }
        uuid::Builder::from_unix_timestamp_millis(at.timestamp_millis() as u64, &random).into_uuid()
    }
}

/// How many of an incident's events are milestones.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum MilestoneDensity {
    /// About every fifth event, as when people log.
    Dense,
    /// One in a thousand, as when machines log most of the notes.
    Sparse,
}

/// Returns an event at `at` of `kind`, or of a random kind.
fn random_event(numbers: &mut XorShift, at: UtcTime, kind: Option<Kind>) -> Event {
    let kind = kind.unwrap_or_else(|| {
        CAPTURE_KINDS[numbers.below(CAPTURE_KINDS.len() as u64) as usize].clone()
    });
    let mut event = Event::new(at.fixed_offset(), kind, numbers.random_text());
    event.zone = "UTC".into();
    if numbers.below(3) == 0 {
        event.tags = vec![WORDS[numbers.below(WORDS.len() as u64) as usize].to_owned()];
    }
    if event.kind == Kind::Fault {
        event.state = Some(State::ALL[1 + numbers.below(3) as usize].into());
        event.services = vec![format!("service-{}", numbers.below(4))];
    }
    if numbers.below(20) == 0 {
        event.customer = Some(format!("We know that {}.", numbers.random_text()));
    }
    event
}

/// Creates a database at `path` with `count` events in incidents of `per_incident` events.
pub fn generate_db(
    path: &Path,
    count: u64,
    per_incident: u64,
    density: MilestoneDensity,
    texts: Texts,
) {
    let options = OpenOptions {
        new_origin: Some(Uuid::from_u128(1)),
        ..OpenOptions::default()
    };
    let mut store = Store::open(path, &options).expect("a new store");
    let mut numbers = XorShift::new(count + per_incident);
    let mut batch: Vec<Change> = Vec::with_capacity(BATCH_SIZE);
    let mut incident = Uuid::nil();
    let mut remaining = 0;
    let mut at = 1_500_000_000_000_000_i64;
    for n in 0..count {
        at += 7_000_000 + numbers.below(20_000_000) as i64;
        let now = from_micros(at);
        let id = numbers.random_id(now);
        let is_note = density == MilestoneDensity::Sparse && n % 1_000 != 0;
        let mut value = random_event(&mut numbers, now, is_note.then_some(Kind::Note));
        if texts == Texts::Japanese || (texts == Texts::Mixed && n % 2 == 0) {
            value.text = numbers.japanese_text();
        }
        if remaining == 0 {
            incident = id;
            remaining = per_incident;
            value.kind = Kind::Declare;
            value.number = u32::try_from(n / per_incident + 1).ok();
            value.state = None;
        } else if remaining == 1 && n + 1 < count {
            value.kind = Kind::Resolve;
            value.state = None;
            value.services.clear();
        }
        remaining -= 1;
        batch.push(Change {
            id,
            incident: Some(incident),
            subject: Subject::Event(id),
            replaces: vec![],
            recorded: now,
            author: ["ann", "jw", "raj"][numbers.below(3) as usize].into(),
            salt: format!("{:032x}", numbers.below(u64::MAX >> 1)),
            body: Body::new(Operation::Log, Value::Event(Box::new(value))),
        });
        if batch.len() == BATCH_SIZE {
            store.append(&batch).expect("appended");
            batch.clear();
        }
    }
    store.append(&batch).expect("appended");
}

/// Returns a database with `count` events in ordinary incidents, which is kept between runs.
pub fn cached_db(folder: &Path, count: u64) -> PathBuf {
    cached_db_named(
        folder,
        &format!("book-{count}"),
        count,
        EVENTS_PER_INCIDENT,
        MilestoneDensity::Dense,
    )
}

/// Returns the database `name` with incidents of `per_incident` events, which is kept between runs. One
/// that this version cannot read is replaced.
pub fn cached_db_named(
    folder: &Path,
    name: &str,
    count: u64,
    per_incident: u64,
    density: MilestoneDensity,
) -> PathBuf {
    let path = folder.join(name).join("bridgelog.db");
    if !is_usable(&path, count) {
        let _ = std::fs::remove_dir_all(path.parent().expect("a folder"));
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        generate_db(&path, count, per_incident, density, Texts::English);
    }
    path
}

/// Returns a database with `count` events whose texts are as `texts` says, which is kept between runs.
pub fn cached_db_of_texts(folder: &Path, name: &str, count: u64, texts: Texts) -> PathBuf {
    let path = folder.join(format!("{name}-{count}")).join("bridgelog.db");
    if !is_usable(&path, count) {
        let _ = std::fs::remove_dir_all(path.parent().expect("a folder"));
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        generate_db(
            &path,
            count,
            EVENTS_PER_INCIDENT,
            MilestoneDensity::Dense,
            texts,
        );
    }
    path
}

fn is_usable(path: &Path, count: u64) -> bool {
    path.exists()
        && Store::open(path, &OpenOptions::default())
            .and_then(|store| store.read().entry_count())
            .is_ok_and(|entries| entries >= count)
}
