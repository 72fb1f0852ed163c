//! A PostgreSQL database as a hub: a real server, started by these tests.
#![cfg(feature = "hub")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

#[path = "hub_postgres/batches.rs"]
mod batches;
#[path = "hub_postgres/connections.rs"]
mod connections;
#[path = "hub_postgres/redactions.rs"]
mod redactions;
#[path = "hub_postgres/rights.rs"]
mod rights;

use bridgelog::{
    domain::{
        entry::{ChainHead, Entry},
        time::parse_utc,
    },
    hub::{Cursor, Hub, HubError, Page, postgres::PostgresHub},
};
use common::{
    entries::{empty_chain, note},
    postgres_server::{Database, PASSWORD, Server},
};
use std::sync::OnceLock;
use uuid::Uuid;

/// The server that the tests share. Each has a database of its own.
fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(Server::start)
}

fn no_variables(_: &str) -> Option<String> {
    None
}

fn with_password(name: &str) -> Option<String> {
    (name == "PGPASSWORD").then(|| PASSWORD.to_owned())
}

fn open(url: &str) -> Result<PostgresHub, HubError> {
    PostgresHub::open(url, &no_variables)
}

/// A database that is a hub.
fn hub() -> Database<'static> {
    let database = server().database();
    PostgresHub::init(&database.url(), &no_variables, None).unwrap();
    database
}

/// A machine: what it writes, and what it knows of a hub.
struct Machine {
    id: Uuid,
    head: ChainHead,
    hub: PostgresHub,
    /// Behind the last batch that it wrote.
    last: Option<Cursor>,
    known: Vec<Cursor>,
}

impl Machine {
    fn new(database: &Database<'_>) -> Self {
        let id = Uuid::new_v4();
        Self {
            id,
            head: empty_chain(id),
            hub: open(&database.url()).unwrap(),
            last: None,
            known: Vec::new(),
        }
    }

    fn entry(&mut self, text: &str, destroys: &[Uuid]) -> Entry {
        let entry = note(Uuid::now_v7(), self.head, text, destroys.to_vec());
        self.head = entry.head();
        entry
    }

    fn entries(&mut self, texts: &[&str]) -> Vec<Entry> {
        texts.iter().map(|text| self.entry(text, &[])).collect()
    }

    fn try_write(&mut self, entries: &[Entry]) -> Result<usize, HubError> {
        let written = self.hub.write(self.id, self.last.as_ref(), entries)?;
        self.last = Some(written.cursor);
        Ok(written.already.len())
    }

    /// Writes entries with these texts as one batch.
    fn write(&mut self, texts: &[&str]) -> Vec<Entry> {
        let entries = self.entries(texts);
        assert_eq!(self.try_write(&entries).unwrap(), 0);
        entries
    }

    fn page(&mut self) -> Page {
        let page = self.hub.read(&self.known).unwrap();
        for cursor in &page.cursors {
            self.known.retain(|known| known.source != cursor.source);
            self.known.push(cursor.clone());
        }
        page
    }

    /// Reads all that is new.
    fn read(&mut self) -> Vec<Entry> {
        let mut entries = Vec::new();
        loop {
            let page = self.page();
            assert_eq!(page.unreadable, Vec::<String>::new());
            entries.extend(page.entries);
            if !page.more {
                return entries;
            }
        }
    }
}
