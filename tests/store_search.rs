//! Searching a store: scripts without spaces, phrases, filters, merged incidents, what was redacted, and
//! the index after a rebuild.
#![allow(clippy::unwrap_used, clippy::panic, reason = "this is a test")]

mod store_fixtures;

use bridgelog::{
    domain::{
        event::Event,
        search::Query,
        subject::Subject,
        task::Task,
        value::{NameChange, NameFields, Operation, Service, Value},
        words::{Kind, State},
    },
    store::{SearchOptions, Store},
};
use store_fixtures::{StoreFixture, event_at_minute, minute};
use uuid::Uuid;

fn texts_with(store: &Store, typed: &str, options: &SearchOptions) -> Vec<String> {
    let query = Query::parse(typed).unwrap();
    let answer = store.read().search_query(&query, options).unwrap();
    let text = |value: Value| match value {
        Value::Event(event) => event.text,
        Value::Task(task) => task.text,
        other => panic!("{other:?}"),
    };
    answer.hits.into_iter().map(|hit| text(hit.value)).collect()
}

fn texts(store: &Store, typed: &str) -> Vec<String> {
    texts_with(store, typed, &SearchOptions::default())
}

fn store_with(fixture: &StoreFixture, texts: &[&str]) -> Store {
    let mut store = fixture.open();
    let event = |text: &&str| fixture.log_change(None, event_at_minute(1, Kind::Note, text));
    let changes: Vec<_> = texts.iter().map(event).collect();
    store.append(&changes).unwrap();
    store
}

const JAPANESE: &str = "本番DBサーバの障害を検知、再起動した";
const CHINESE: &str = "数据库主节点磁盘已满，正在切换";
const THAI: &str = "เซิร์ฟเวอร์ฐานข้อมูลล่ม";
const BURMESE: &str = "ဆာဗာပျက်နေသည်";

#[test]
fn any_part_of_a_text_without_spaces_is_found() {
    let fixture = StoreFixture::new();
    let others = ["障と害", "サーハ", "plain text", "ฐานขอมูล", "\u{30edd}"];
    let mut all = vec![JAPANESE, CHINESE, THAI, BURMESE];
    all.extend(others);
    let store = store_with(&fixture, &all);
    for text in [JAPANESE, CHINESE, THAI, BURMESE] {
        let letters: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
        for length in 1..=4 {
            for part in text.chars().collect::<Vec<_>>().windows(length) {
                let part: String = part.iter().collect();
                // `D` is only a part of a word.
                let is_whole = part.contains('D') == part.contains('B');
                if is_whole && part.chars().any(|c| letters.contains(&c)) {
                    let found = texts(&store, &format!("\"{part}\""));
                    assert!(
                        found.iter().any(|t| t == text),
                        "{part} of {text}: {found:?}"
                    );
                }
            }
        }
    }
    assert_eq!(texts(&store, "障害"), [JAPANESE].map(String::from));
    assert_eq!(texts(&store, "害障").len(), 0);
    assert_eq!(texts(&store, "磁盘 切换"), [CHINESE].map(String::from));
    // In another width, and with sound marks apart.
    assert_eq!(texts(&store, "ｻｰﾊﾞ"), [JAPANESE].map(String::from));
    assert_eq!(
        texts(&store, "サーハ\u{3099}の"),
        [JAPANESE].map(String::from)
    );
    assert_eq!(texts(&store, "ｄｂサ"), [JAPANESE].map(String::from));
    // Tone marks count.
    assert_eq!(texts(&store, "ข้อมูล"), [THAI].map(String::from));
    assert_eq!(texts(&store, "ขอมูล"), ["ฐานขอมูล"]);
    assert_eq!(texts(&store, "\u{30edd}"), ["\u{30edd}"]);
    assert!(
        store
            .read()
            .search("再起動", &SearchOptions::default())
            .unwrap()
            .len()
            == 1
    );
}

#[test]
fn words_beginnings_and_phrases() {
    let fixture = StoreFixture::new();
    let mut store = store_with(
        &fixture,
        &[
            "replica lag is rising",
            "lag of the replica",
            "nginx: 502 at 10:06",
            "see http://wiki/x",
        ],
    );
    assert_eq!(texts(&store, "lag replica").len(), 2);
    assert_eq!(texts(&store, "\"replica lag\""), ["replica lag is rising"]);
    assert_eq!(
        texts(&store, "repl* -\"of the\""),
        ["replica lag is rising"]
    );
    assert_eq!(texts(&store, "ris"), ["replica lag is rising"]);
    assert_eq!(texts(&store, "ris lag"), Vec::<String>::new());
    assert_eq!(texts(&store, "nginx: 502"), ["nginx: 502 at 10:06"]);
    assert_eq!(texts(&store, "10:06"), ["nginx: 502 at 10:06"]);
    assert_eq!(texts(&store, "http://wiki"), ["see http://wiki/x"]);
    // Without a word that must occur, the texts themselves are looked at.
    assert_eq!(texts(&store, "-lag -http*"), ["nginx: 502 at 10:06"]);
    store
        .append(&[fixture.log_change(None, event_at_minute(9, Kind::Note, "no lag"))])
        .unwrap();
    assert_eq!(texts(&store, "lag")[0], "no lag", "newest first");
    assert_eq!(texts(&store, "--").len(), 0);
}

fn event(at: i64, kind: Kind, text: &str, more: impl FnOnce(&mut Event)) -> Event {
    let mut event = event_at_minute(at, kind, text);
    more(&mut event);
    event
}

#[test]
fn filters_find_what_has_them_newest_first() {
    let fixture = StoreFixture::new();
    let mut store = fixture.open();
    let declared = fixture.declare_change(4, "disk shelf");
    let incident = Some(declared.id);
    let task = Task {
        text: "buy a disk".into(),
        ..Task::default()
    };
    let task_id = Uuid::from_u128(77);
    let mut by_ann = fixture.log_change(
        incident,
        event(5, Kind::Decision, "swap the disk", |e| {
            e.tags = vec!["Storage".into()];
        }),
    );
    by_ann.author = "Zoë Ann".into();
    store
        .append(&[
            declared.clone(),
            fixture.log_change(
                incident,
                event(2, Kind::Fault, "a disk failed", |e| {
                    e.services = vec!["Online-DB".into()];
                    e.state = Some(State::Down.into());
                    e.tags = vec!["storage".into(), "rack".into()];
                }),
            ),
            by_ann,
            fixture.log_change(None, event_at_minute(8, Kind::Note, "a disk of mail")),
            fixture.new_change(
                incident,
                Subject::Task(task_id),
                vec![],
                Operation::Log,
                Value::Task(Box::new(task)),
            ),
        ])
        .unwrap();
    let none: [&str; 0] = [];
    for (typed, expected) in [
        ("kind:fault", &["a disk failed"][..]),
        ("kind:fau,decision", &["swap the disk", "a disk failed"]),
        (
            "disk -kind:note,fault,declare",
            &["buy a disk", "swap the disk"],
        ),
        ("service:online-db", &["a disk failed"]),
        ("tag:storage", &["swap the disk", "a disk failed"]),
        ("tag:storage -tag:rack", &["swap the disk"]),
        ("tag:stor", &none),
        ("by:\"zoë ann\"", &["swap the disk"]),
        ("state:down disk", &["a disk failed"]),
        ("state:ok", &none),
        ("kind:note tag:storage", &none),
        ("disk -failed kind:fault", &none),
    ] {
        assert_eq!(texts(&store, typed), expected, "{typed}");
    }
    let options = |change: &dyn Fn(&mut SearchOptions)| {
        let mut options = SearchOptions::default();
        change(&mut options);
        options
    };
    let between = options(&|o| {
        o.after = Some(minute(2));
        o.before = Some(minute(5));
    });
    assert_eq!(
        texts_with(&store, "kind:fault,decision", &between),
        ["a disk failed"]
    );
    let in_incident = options(&|o| o.incident = incident);
    assert_eq!(
        texts_with(&store, "disk", &in_incident),
        ["buy a disk", "swap the disk", "a disk failed", "disk shelf"]
    );
    let outside = options(&|o| o.without_incidents = vec![declared.id]);
    assert_eq!(texts_with(&store, "disk", &outside), ["a disk of mail"]);
}

#[test]
fn bounded_search_says_that_it_looked_at_a_part() {
    let fixture = StoreFixture::new();
    let mut store = fixture.open();
    let old = fixture.log_change(None, event_at_minute(1, Kind::Fault, "lag"));
    store.append(&[old]).unwrap();
    let notes: Vec<_> = (0..30)
        .map(|n| fixture.log_change(None, event_at_minute(n, Kind::Note, "lag")))
        .collect();
    store.append(&notes).unwrap();
    let search = |typed: &str, max_scanned: usize, limit: usize| {
        let options = SearchOptions {
            max_scanned,
            limit,
            ..SearchOptions::default()
        };
        let query = Query::parse(typed).unwrap();
        let answer = store.read().search_query(&query, &options).unwrap();
        (answer.hits.len(), answer.is_partial)
    };
    for typed in ["lag kind:fault", "kind:fault"] {
        assert_eq!(search(typed, 30, 50), (0, true), "{typed}");
        assert_eq!(search(typed, 31, 50), (1, false), "{typed}");
    }
    // As many as asked for were found: the rest need not be looked at.
    assert_eq!(search("kind:note", 10, 10), (10, false));
}

#[test]
fn redacted_text_without_spaces_is_not_found() {
    let fixture = StoreFixture::new();
    let mut store = store_with(&fixture, &["暗証番号は桜吹雪です", "桜が咲いた"]);
    let heads = store
        .read()
        .search("桜吹雪", &SearchOptions::default())
        .unwrap();
    let hit = &heads[0];
    let mut redact = fixture.new_change(
        None,
        hit.subject.clone(),
        vec![hit.entry.header().id],
        Operation::Redact,
        hit.value.redact("a password"),
    );
    redact.body.destroys = vec![hit.entry.header().id];
    store.append(&[redact]).unwrap();
    let all = SearchOptions {
        include_inactive: true,
        ..SearchOptions::default()
    };
    assert_eq!(texts_with(&store, "吹雪", &all), Vec::<String>::new());
    assert_eq!(texts_with(&store, "桜", &all), ["桜が咲いた"]);
    assert!(store.verify().unwrap().is_clean());
}

#[test]
fn rebuilt_index_finds_the_same() {
    let fixture = StoreFixture::new();
    let mut store = store_with(&fixture, &[JAPANESE, CHINESE, THAI, "replica lag"]);
    let searches = ["障害", "磁盘", "ล่ม", "repl", "サーバ"];
    let found = |store: &Store| searches.map(|typed| texts(store, typed));
    let before = found(&store);
    assert!(before.iter().all(|texts| texts.len() == 1), "{before:?}");
    store.rebuild().unwrap();
    assert_eq!(found(&store), before);
    assert!(store.verify().unwrap().is_clean());
}

#[test]
fn renamed_service_is_found_however_many_names_were_renamed() {
    let fixture = StoreFixture::new();
    let mut store = fixture.open();
    let declared = fixture.declare_change(1, "disk shelf");
    let incident = Some(declared.id);
    let fault = |service: &str, text: &str| {
        let mut event = event_at_minute(2, Kind::Fault, text);
        event.services = vec![service.into()];
        fixture.log_change(incident, event)
    };
    let rename = |from: &str, to: &str| {
        let service = Service {
            name_change: NameFields::from(NameChange::Renamed(to.into())),
            ..Service::default()
        };
        let subject = Subject::Service(from.into());
        let value = Value::Service(service);
        fixture.new_change(incident, subject, vec![], Operation::Amend, value)
    };
    store
        .append(&[
            declared.clone(),
            fault("Sotrage", "a disk failed"),
            fault("storage", "the shelf is off"),
            rename("Sotrage", "Store"),
            rename("Store", "storage"),
        ])
        .unwrap();
    let expected = ["the shelf is off", "a disk failed"];
    assert_eq!(texts(&store, "service:storage"), expected);
    assert!(texts(&store, "service:sotrage").is_empty());
    let more: Vec<_> = (0..300)
        .map(|number| rename(&format!("old-{number}"), &format!("new-{number}")))
        .collect();
    store.append(&more).unwrap();
    assert_eq!(texts(&store, "service:storage"), expected);
    assert!(texts(&store, "service:sotrage").is_empty());
}
