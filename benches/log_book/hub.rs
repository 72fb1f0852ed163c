//! Measures a PostgreSQL hub on this machine against COPY of the same rows and against a bare NOTIFY. The server
//! is the benchmark's own, and does not wait for the disk.

mod apps;

use crate::{
    bridgelog_command,
    entries::{empty_chain, note},
    generate, median_time,
    postgres_server::{Database, Server},
    run_command,
    table::{Table, format_ms, ratio},
};
use bridgelog::{
    domain::entry::Entry,
    hub::{Cursor, Hub, MAX_BATCH_BYTES, postgres::PostgresHub},
};
use postgres::{Client, fallible_iterator::FallibleIterator as _};
use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};
use uuid::Uuid;

const ENTRIES: u32 = 100_000;

/// How often each of push, pull and COPY is measured; the median counts.
const RUNS: usize = 3;

/// The machines of the large hub.
const WRITERS: u64 = 20;

pub fn bench_hub(table: &mut Table, folder: &Path, max_events: u64) {
    let server = Server::start();
    bench_transfer(table, &server);
    bench_sync(table, folder, &server);
    bench_look(table, &server, max_events);
    bench_notify(table, &server);
    apps::bench_two_apps(table, folder, &server);
}

fn make_hub(server: &Server) -> Database<'_> {
    let database = server.database();
    PostgresHub::init(&database.url(), &|_| None, None).expect("a hub");
    database
}

fn open(url: &str) -> PostgresHub {
    PostgresHub::open(url, &|_| None).expect("the hub")
}

fn bench_transfer(table: &mut Table, server: &Server) {
    let entries = entries();
    let (mut pushes, mut copies_in, mut pulls, mut copies_out) = (vec![], vec![], vec![], vec![]);
    let mut later_pulls = vec![];
    for _ in 0..RUNS {
        let database = make_hub(server);
        let start = Instant::now();
        push(&mut open(&database.url()), &entries);
        pushes.push(start.elapsed());
        let start = Instant::now();
        pull(&mut open(&database.url()), entries.len());
        pulls.push(start.elapsed());
        let mut admin = database.admin();
        // As the server does by itself after a minute. It then expects other numbers of rows, and plans otherwise.
        admin.batch_execute("ANALYZE").expect("statistics");
        let start = Instant::now();
        pull(&mut open(&database.url()), entries.len());
        later_pulls.push(start.elapsed());
        let start = Instant::now();
        let rows = copy_out(&mut admin);
        copies_out.push(start.elapsed());
        let other = make_hub(server);
        let mut admin = other.admin();
        let start = Instant::now();
        copy_in(&mut admin, &rows);
        copies_in.push(start.elapsed());
    }
    add_transfer_row(table, "push", pushes, copies_in, "< 2");
    add_transfer_row(table, "pull", pulls, copies_out.clone(), "< 2");
    add_transfer_row(table, "pull after ANALYZE", later_pulls, copies_out, "< 2");
}

/// Adds a row with the median times of [`ENTRIES`] entries.
fn add_transfer_row(
    table: &mut Table,
    what: &str,
    mut ours: Vec<Duration>,
    mut floor: Vec<Duration>,
    budget: &str,
) {
    ours.sort();
    floor.sort();
    let (ours, floor) = (ours[ours.len() / 2], floor[floor.len() / 2]);
    let rate = |time: Duration| format!("{:.0} entries/s", f64::from(ENTRIES) / time.as_secs_f64());
    table.add_row(
        format!("hub: {what} of {ENTRIES} entries (floor: COPY of the same rows)"),
        rate(ours),
        rate(floor),
        Some(ratio(ours, floor)),
        budget,
    );
}

/// Whole processes: from a store to the hub, and from there into an empty store.
fn bench_sync(table: &mut Table, folder: &Path, server: &Server) {
    let full = generate::cached_db(folder, u64::from(ENTRIES));
    let (mut pushes, mut copies_in, mut pulls, mut copies_out) = (vec![], vec![], vec![], vec![]);
    for _ in 0..RUNS {
        let here = tempfile::tempdir_in(folder).expect("a folder");
        let (from, to) = (here.path().join("from.db"), here.path().join("to.db"));
        std::fs::copy(&full, &from).expect("a copy");
        let database = make_hub(server);
        for (db, times) in [(&from, &mut pushes), (&to, &mut pulls)] {
            let command = bridgelog_command(db, &["sync", &database.url()]);
            let start = Instant::now();
            assert!(run_command(&command), "{command:?}");
            times.push(start.elapsed());
        }
        let mut admin = database.admin();
        let start = Instant::now();
        let rows = copy_out(&mut admin);
        copies_out.push(start.elapsed());
        let other = make_hub(server);
        let start = Instant::now();
        copy_in(&mut other.admin(), &rows);
        copies_in.push(start.elapsed());
    }
    add_transfer_row(table, "`sync` from a store", pushes, copies_in, "(time)");
    add_transfer_row(
        table,
        "`sync` into an empty store",
        pulls,
        copies_out,
        "(time)",
    );
}

/// Entries as a responder types them, of one machine.
fn entries() -> Vec<Entry> {
    let mut head = empty_chain(Uuid::new_v4());
    (0..ENTRIES)
        .map(|number| {
            let text = format!(
                "replica {number} lags 40 s behind; the queue grows, and nobody knows why yet"
            );
            let entry = note(Uuid::now_v7(), head, &text, vec![]);
            head = entry.head();
            entry
        })
        .collect()
}

fn push(hub: &mut PostgresHub, entries: &[Entry]) {
    let writer = Uuid::new_v4();
    let mut after: Option<Cursor> = None;
    let mut batch = Vec::new();
    let mut bytes = 0;
    for (number, entry) in entries.iter().enumerate() {
        bytes += entry.header_bytes().len() + entry.body_bytes().map_or(0, str::len);
        batch.push(entry.clone());
        if bytes >= MAX_BATCH_BYTES || number + 1 == entries.len() {
            let written = hub.write(writer, after.as_ref(), &batch).expect("written");
            assert!(written.already.is_empty());
            after = Some(written.cursor);
            batch.clear();
            bytes = 0;
        }
    }
}

fn pull(hub: &mut PostgresHub, expected: usize) {
    let mut known: Vec<Cursor> = Vec::new();
    let mut count = 0;
    loop {
        let page = hub.read(&known).expect("a page");
        count += page.entries.len();
        known = page.cursors;
        if !page.more {
            assert_eq!(count, expected);
            return;
        }
    }
}

fn copy_out(admin: &mut Client) -> Vec<u8> {
    let mut rows = Vec::new();
    let mut reader = admin
        .copy_out("COPY bridgelog.entry TO STDOUT")
        .expect("a copy");
    reader.read_to_end(&mut rows).expect("rows");
    rows
}

/// Into the same table, with its indexes and its trigger.
fn copy_in(admin: &mut Client, rows: &[u8]) {
    let mut writer = admin
        .copy_in("COPY bridgelog.entry FROM STDIN")
        .expect("a copy");
    writer.write_all(rows).expect("rows");
    assert!(writer.finish().expect("rows") >= u64::from(ENTRIES));
}

fn bench_look(table: &mut Table, server: &Server, max_entries: u64) {
    let database = make_hub(server);
    let batches = max_entries / 10 / WRITERS;
    let mut admin = database.admin();
    admin
        .batch_execute(&format!(
            "INSERT INTO bridgelog.writer SELECT gen_random_uuid() FROM generate_series(1, {WRITERS});
             INSERT INTO bridgelog.batch SELECT id, n, gen_random_uuid(), 10, 8000
               FROM bridgelog.writer, generate_series(1, {batches}) n;
             INSERT INTO bridgelog.entry SELECT gen_random_uuid(), b.writer, b.number, place, '', repeat('h', 300), repeat('b', 300)
               FROM bridgelog.batch b, generate_series(1, 10) place;
             ANALYZE"
        ))
        .expect("a large hub");
    let known: Vec<Cursor> = admin
        .query("SELECT DISTINCT ON (writer) writer::text, number, id::text FROM bridgelog.batch ORDER BY writer, number DESC", &[])
        .expect("cursors")
        .iter()
        .map(|row| Cursor {
            source: row.get(0),
            position: row.get::<_, i64>(1).unsigned_abs(),
            mark: row.get(2),
        })
        .collect();
    let mut hub = open(&database.url());
    let ours = median_time(201, || {
        let look = hub.look(&known).expect("a look");
        assert!(!look.has_new && look.replaced.is_empty());
    });
    let floor = median_time(201, || {
        admin.simple_query("SELECT 1").expect("an answer");
    });
    let what = format!("hub: look with nothing to do, {max_entries} entries of {WRITERS} machines");
    table.add_row(
        format!("{what} (floor: SELECT 1)"),
        format_ms(ours),
        format_ms(floor),
        Some(ratio(ours, floor)),
        "(time)",
    );
    let traffic = look_traffic(server, &database, &known);
    table.add_row(
        format!("{what}: round trips, bytes out, bytes in"),
        format!("{}, {}, {}", traffic.turns, traffic.sent, traffic.received),
        "-".into(),
        None,
        "1 round trip",
    );
}

/// What went through a connection.
#[derive(Clone, Copy, Default)]
struct Traffic {
    sent: usize,
    received: usize,
    /// How often the client spoke after the server.
    turns: usize,
    is_client_speaking: bool,
}

/// Looks once through a relay that counts.
fn look_traffic(server: &Server, database: &Database<'_>, known: &[Cursor]) -> Traffic {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("a port").port();
    let traffic = Arc::new(Mutex::new(Traffic::default()));
    let (counted, to) = (Arc::clone(&traffic), server.port);
    thread::spawn(move || {
        let (client, _) = listener.accept().expect("a client");
        let server = TcpStream::connect(("127.0.0.1", to)).expect("the server");
        let (client_in, server_in) = (client.try_clone(), server.try_clone());
        let also = Arc::clone(&counted);
        thread::spawn(move || relay(server_in.expect("a socket"), client, &counted, false));
        relay(client_in.expect("a socket"), server, &also, true);
    });
    let url = database
        .tcp_url("postgres", "127.0.0.1", "")
        .replace(&format!(":{}", server.port), &format!(":{port}"));
    let password =
        |name: &str| (name == "PGPASSWORD").then(|| crate::postgres_server::PASSWORD.to_owned());
    let mut hub = PostgresHub::open(&url, &password).expect("the hub");
    *traffic.lock().expect("counts") = Traffic::default();
    hub.look(known).expect("a look");
    *traffic.lock().expect("counts")
}

fn relay(mut from: TcpStream, mut to: TcpStream, traffic: &Mutex<Traffic>, is_client: bool) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(count) = from.read(&mut buffer) {
        if count == 0 {
            return;
        }
        {
            let mut traffic = traffic.lock().expect("counts");
            if is_client {
                traffic.sent += count;
                traffic.turns += usize::from(!traffic.is_client_speaking);
            } else {
                traffic.received += count;
            }
            traffic.is_client_speaking = is_client;
        }
        if to.write_all(&buffer[..count]).is_err() {
            return;
        }
    }
}

/// From the writing on one machine to the entry read on another.
fn bench_notify(table: &mut Table, server: &Server) {
    let database = make_hub(server);
    let mut there = open(&database.url());
    assert!(there.listen());
    let mut here = open(&database.url());
    let writer = Uuid::new_v4();
    let mut after = None;
    let mut known: Vec<Cursor> = Vec::new();
    let all = entries();
    let mut next = all.chunks(1);
    let ours = median_time(201, || {
        let batch = next.next().expect("an entry");
        let written = here.write(writer, after.as_ref(), batch).expect("written");
        after = Some(written.cursor);
        assert!(there.wait(Duration::from_secs(10)).expect("a notification"));
        let page = there.read(&known).expect("a page");
        assert_eq!(page.entries.len(), 1);
        known = page.cursors;
    });
    let floor = bare_notifications(&database)[100];
    table.add_row(
        "hub: one entry written, notified, read (floor: bare NOTIFY)".into(),
        format_ms(ours),
        format_ms(floor),
        Some(ratio(ours, floor)),
        "(time)",
    );
}

/// Returns the times of 201 bare notifications, from NOTIFY to its coming, the shortest first.
fn bare_notifications(database: &Database<'_>) -> Vec<Duration> {
    let (mut a, mut b) = (database.admin(), database.admin());
    b.batch_execute("LISTEN bare").expect("to listen");
    let mut times: Vec<Duration> = (0..201)
        .map(|_| {
            let start = Instant::now();
            a.batch_execute("NOTIFY bare").expect("to notify");
            let mut notifications = b.notifications();
            let mut next = notifications.timeout_iter(Duration::from_secs(10));
            next.next().expect("no error").expect("a notification");
            start.elapsed()
        })
        .collect();
    times.sort();
    times
}
