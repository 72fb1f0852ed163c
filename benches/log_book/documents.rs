//! What the documents cost.

use super::{
    bridgelog, floor, generate, median, open, paired, run,
    table::{Table, ms, ratio},
};
use bridgelog::documents::{Settings, postmortem_markdown};
use rusqlite::Connection;
use std::{hint::black_box, path::Path};

pub fn both(table: &mut Table, folder: &Path, _: u64) {
    postmortem(table, folder);
    page(table, folder);
}

fn postmortem(table: &mut Table, folder: &Path) {
    const EVENTS: u64 = 10_000;
    let path = generate::kept_as(
        folder,
        "one-incident",
        EVENTS,
        EVENTS,
        generate::Story::Dense,
    );
    let store = open(&path);
    let id = store
        .read()
        .latest_incident()
        .expect("read")
        .expect("one")
        .id;
    let conn = Connection::open(floor::kept(folder, EVENTS)).expect("the floor");
    let settings = Settings::default();
    let a = median(21, || {
        let incident = store.read().incident(id).expect("read").expect("there");
        black_box(
            postmortem_markdown(&incident, &settings)
                .expect("written")
                .len(),
        );
    });
    let b = median(21, || {
        black_box(floor::table(&conn).len());
    });
    table.row(
        format!("postmortem of {EVENTS} events, in process"),
        ms(a),
        ms(b),
        Some(ratio(a, b)),
        "< 3",
    );
}

/// The page of 10,000 events as a process, against cmark-gfm on the Markdown of the same incident
/// (pulldown-cmark in this process where there is none), and its size.
fn page(table: &mut Table, folder: &Path) {
    const EVENTS: u64 = 10_000;
    let book = folder.join("one-incident/bridgelog.db");
    let markdown = folder.join("one-incident/postmortem.md");
    let page = folder.join("one-incident/postmortem.html");
    let out = |format: &str, to: &Path| {
        let to = to.display().to_string();
        let words = ["postmortem", "--format", format, "--output", &to, "--force"];
        bridgelog(&book, &words)
    };
    let printed = bridgelog(&book, &["postmortem", "--format", "html"]);
    run(&out("md", &markdown));
    run(&out("html", &page));
    let shown = markdown.display().to_string();
    let cmark = ["cmark-gfm", "--extension", "table", &shown].map(str::to_owned);
    let (a, b, floor) = match paired(&printed, &cmark, 21) {
        Some((a, b)) => (a, b, "cmark-gfm"),
        None => {
            let text = std::fs::read_to_string(&markdown).expect("the Markdown");
            let b = median(21, || {
                let mut html = String::new();
                let tables = pulldown_cmark::Options::ENABLE_TABLES;
                let events = pulldown_cmark::Parser::new_ext(&text, tables);
                pulldown_cmark::html::push_html(&mut html, events);
                black_box(html.len());
            });
            let a = median(21, || {
                run(&printed);
            });
            (a, b, "pulldown-cmark, in process")
        }
    };
    table.row(
        format!("page of {EVENTS} events, whole process (floor: {floor})"),
        ms(a),
        ms(b),
        Some(ratio(a, b)),
        "< 3",
    );
    let size = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
    let kib = |bytes: u64| format!("{} KiB", bytes / 1024);
    let (a, b) = (size(&page), size(&markdown));
    table.row(
        format!("page of {EVENTS} events, size (floor: the Markdown)"),
        kib(a),
        kib(b),
        Some(a as f64 / b.max(1) as f64),
        "(size)",
    );
}
