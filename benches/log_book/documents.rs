//! What the documents cost.

use super::{
    bridgelog_command, floor, generate, median_time, open_store, paired_medians, run_command,
    table::{Table, format_ms, ratio},
};
use bridgelog::documents::{Settings, postmortem_markdown};
use rusqlite::Connection;
use std::{hint::black_box, path::Path};

pub fn bench_documents(table: &mut Table, folder: &Path, _: u64) {
    bench_postmortem(table, folder);
    bench_html_page(table, folder);
}

fn bench_postmortem(table: &mut Table, folder: &Path) {
    const EVENTS: u64 = 10_000;
    let path = generate::cached_db_named(
        folder,
        "one-incident",
        EVENTS,
        EVENTS,
        generate::MilestoneDensity::Dense,
    );
    let store = open_store(&path);
    let id = store
        .read()
        .latest_incident()
        .expect("read")
        .expect("one")
        .id;
    let conn = Connection::open(floor::cached_db(folder, EVENTS)).expect("the floor");
    let settings = Settings::default();
    let a = median_time(21, || {
        let incident = store.read().incident(id).expect("read").expect("there");
        assert!(store.read().verify_incident(id).expect("read").is_clean());
        black_box(
            postmortem_markdown(&incident, &settings)
                .expect("written")
                .len(),
        );
    });
    let b = median_time(21, || {
        black_box(floor::markdown_table(&conn).len());
    });
    table.add_row(
        format!("postmortem of {EVENTS} events, in process"),
        format_ms(a),
        format_ms(b),
        Some(ratio(a, b)),
        "< 3",
    );
}

/// The page of 10,000 events as a process, against cmark-gfm on the Markdown of the same incident
/// (pulldown-cmark in this process where there is none), and its size.
fn bench_html_page(table: &mut Table, folder: &Path) {
    const EVENTS: u64 = 10_000;
    let book = folder.join("one-incident/bridgelog.db");
    let markdown = folder.join("one-incident/postmortem.md");
    let page = folder.join("one-incident/postmortem.html");
    let out = |format: &str, to: &Path| {
        let to = to.display().to_string();
        let words = ["postmortem", "--format", format, "--output", &to, "--force"];
        bridgelog_command(&book, &words)
    };
    let printed = bridgelog_command(&book, &["postmortem", "--format", "html"]);
    run_command(&out("md", &markdown));
    run_command(&out("html", &page));
    let shown = markdown.display().to_string();
    let cmark = ["cmark-gfm", "--extension", "table", &shown].map(str::to_owned);
    let (a, b, floor) = match paired_medians(&printed, &cmark, 21) {
        Some((a, b)) => (a, b, "cmark-gfm"),
        None => {
            let text = std::fs::read_to_string(&markdown).expect("the Markdown");
            let b = median_time(21, || {
                let mut html = String::new();
                let tables = pulldown_cmark::Options::ENABLE_TABLES;
                let events = pulldown_cmark::Parser::new_ext(&text, tables);
                pulldown_cmark::html::push_html(&mut html, events);
                black_box(html.len());
            });
            let a = median_time(21, || {
                run_command(&printed);
            });
            (a, b, "pulldown-cmark, in process")
        }
    };
    table.add_row(
        format!("page of {EVENTS} events, whole process (floor: {floor})"),
        format_ms(a),
        format_ms(b),
        Some(ratio(a, b)),
        "< 3",
    );
    let size = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
    let kib = |bytes: u64| format!("{} KiB", bytes / 1024);
    let (a, b) = (size(&page), size(&markdown));
    table.add_row(
        format!("page of {EVENTS} events, size (floor: the Markdown)"),
        kib(a),
        kib(b),
        Some(a as f64 / b.max(1) as f64),
        "(size)",
    );
}
