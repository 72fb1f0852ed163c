//! Measures the documents.

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
        .last_added_incident()
        .expect("read")
        .expect("one")
        .id;
    let conn = Connection::open(floor::cached_db(folder, EVENTS)).expect("the floor");
    let journal = Connection::open(&path).expect("the store");
    let settings = Settings::default();
    let a = median_time(21, || {
        let (incident, report) = store.read().verified_incident(id).expect("read");
        let incident = incident.expect("there");
        assert!(report.is_clean());
        black_box(
            postmortem_markdown(&incident, &settings)
                .expect("written")
                .len(),
        );
    });
    let b = median_time(21, || {
        black_box(floor::markdown_table(&conn, &journal).len());
    });
    table.add_row(
        format!("postmortem of {EVENTS} events, in process"),
        format_ms(a),
        format_ms(b),
        Some(ratio(a, b)),
        "< 3",
    );
}

/// Measures the HTML page of 10,000 events as a process, and its size. The floor is cmark-gfm on the
/// Markdown of the same incident, or pulldown-cmark in this process if cmark-gfm is not installed.
fn bench_html_page(table: &mut Table, folder: &Path) {
    const EVENTS: u64 = 10_000;
    let db_path = folder.join("one-incident/bridgelog.db");
    let markdown = folder.join("one-incident/postmortem.md");
    let page = folder.join("one-incident/postmortem.html");
    let write_command = |format: &str, path: &Path| {
        let path = path.display().to_string();
        let args = [
            "postmortem",
            "--format",
            format,
            "--output",
            &path,
            "--force",
        ];
        bridgelog_command(&db_path, &args)
    };
    let print_command = bridgelog_command(&db_path, &["postmortem", "--format", "html"]);
    run_command(&write_command("md", &markdown));
    run_command(&write_command("html", &page));
    let markdown_path = markdown.display().to_string();
    let cmark = ["cmark-gfm", "--extension", "table", &markdown_path].map(str::to_owned);
    let (a, b, floor) = match paired_medians(&print_command, &cmark, 21) {
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
                run_command(&print_command);
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
