//! Reads the rows of an input on a thread of its own, while the store writes those before them.

use super::super::{OpsError, Result};
use super::input::input_error;
use crate::import::{Files, Format, ReadOptions, Row, RowError};
use std::{
    panic,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread::{self, JoinHandle},
    vec,
};

/// How many rows are passed on at once: enough that a thread seldom waits for the other.
const CHUNK_ROWS: usize = 256;
/// Fewer are passed on if their texts are long. Together with [`CHUNKS_AHEAD`] it bounds the memory.
const CHUNK_BYTES: usize = 1 << 20;
/// How many chunks may wait to be written.
const CHUNKS_AHEAD: usize = 2;

type RowResult = std::result::Result<Row, RowError>;

/// The rows of an input.
pub(super) struct RowsAhead {
    /// See [`Source::instance`](crate::import::Source::instance).
    pub instance: String,
    chunks: Receiver<Vec<RowResult>>,
    chunk: vec::IntoIter<RowResult>,
    /// Ends with the notices of the reader.
    reader: JoinHandle<Vec<String>>,
}

impl RowsAhead {
    /// Opens `files` as `format`, and begins to read.
    ///
    /// # Errors
    /// Nothing of the input can be read, or no thread can be started.
    pub fn open(format: &'static Format, files: Files, options: ReadOptions) -> Result<Self> {
        let (opened, is_open) = sync_channel(1);
        let (sender, chunks) = sync_channel(CHUNKS_AHEAD);
        let read = move || match (format.open)(files, &options) {
            Ok(source) => {
                // A failed send means that nobody wants the rows any more.
                if opened.send(Ok(source.instance)).is_ok() {
                    send_rows(source.rows, &sender);
                }
                source.notices.take()
            }
            Err(error) => {
                let _ = opened.send(Err(error));
                Vec::new()
            }
        };
        let reader = thread::Builder::new()
            .name("import".into())
            .spawn(read)
            .map_err(|error| {
                OpsError::failed("the input cannot be read beside the writing").with_source(error)
            })?;
        match is_open.recv() {
            Ok(Ok(instance)) => Ok(Self {
                instance,
                chunks,
                chunk: Vec::new().into_iter(),
                reader,
            }),
            Ok(Err(error)) => Err(input_error(error)),
            Err(_) => {
                let notices = join(reader);
                Err(OpsError::failed("the input was not opened").with_hint(notices.join("; ")))
            }
        }
    }

    /// Returns what the reader has to say besides rows, after the last row.
    pub fn notices(self) -> Vec<String> {
        drop(self.chunks);
        join(self.reader)
    }
}

impl Iterator for RowsAhead {
    type Item = RowResult;

    fn next(&mut self) -> Option<RowResult> {
        loop {
            if let Some(row) = self.chunk.next() {
                return Some(row);
            }
            self.chunk = self.chunks.recv().ok()?.into_iter();
        }
    }
}

/// Sends `rows` in chunks until they end or nobody wants them any more.
fn send_rows(rows: impl Iterator<Item = RowResult>, sender: &SyncSender<Vec<RowResult>>) {
    let (mut chunk, mut bytes) = (Vec::new(), 0);
    for row in rows {
        bytes += row.as_ref().map_or(0, |row| row.text.len());
        chunk.push(row);
        if chunk.len() == CHUNK_ROWS || bytes >= CHUNK_BYTES {
            bytes = 0;
            if sender.send(std::mem::take(&mut chunk)).is_err() {
                return;
            }
        }
    }
    let _ = sender.send(chunk);
}

/// Waits for the reader; a panic there goes on here.
fn join(reader: JoinHandle<Vec<String>>) -> Vec<String> {
    match reader.join() {
        Ok(notices) => notices,
        Err(payload) => panic::resume_unwind(payload),
    }
}
