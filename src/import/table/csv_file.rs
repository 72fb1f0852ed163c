//! Tables with a header: comma, semicolon, TAB or `|` between the columns.

use super::{
    super::{
        files::Files,
        format::{Format, Notices, ReadOptions, Sample, Source},
        lines::{MAX_ITEM_BYTES, as_utf8},
        row::{Place, RowError},
    },
    comments::CommentColumns,
    fields::{Columns, are_known, first_of},
    incidents::IncidentColumns,
    record::{Record, RecordRows},
};
use crate::domain::hash::Hash;
use csv::{ByteRecord, Reader, ReaderBuilder, StringRecord};
use std::{
    collections::{BTreeSet, VecDeque},
    io::{BufRead, Cursor, Read as _},
};

pub const FORMAT: Format = Format {
    name: "csv",
    about: "a table with a header: CSV, TSV or `;`, from PagerDuty, JSM, Dispatch or a spreadsheet",
    detect,
    open,
};

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// How much of a table is looked at to tell its delimiter.
const HEADER_BYTES: u64 = 64 * 1024;

fn detect(sample: &Sample) -> bool {
    let delimiter = sniff_delimiter(sample.start.as_bytes());
    let mut reader = reader(
        Box::new(Cursor::new(sample.start.clone().into_bytes())),
        delimiter,
    );
    let mut header = StringRecord::new();
    if !reader.read_record(&mut header).unwrap_or(false) {
        return false;
    }
    let headers: Vec<&str> = header.iter().collect();
    headers.len() > 1 && headers.iter().all(|header| header.len() < 100) && are_known(&headers)
}

fn open(mut files: Files, options: &ReadOptions) -> Result<Source, RowError> {
    let cannot =
        |error: &dyn std::fmt::Display| RowError::input(format!("it cannot be read: {error}"));
    let index = files.only_file(&[".csv", ".tsv", ".txt"])?;
    let mut input = as_utf8(files.read(index)?).map_err(|e| cannot(&e))?;
    let mut start = Vec::new();
    (&mut input)
        .take(HEADER_BYTES)
        .read_to_end(&mut start)
        .map_err(|e| cannot(&e))?;
    let delimiter = sniff_delimiter(&start);
    let mut reader = reader(Box::new(Cursor::new(start).chain(input)), delimiter);
    let mut header = ByteRecord::new();
    if !reader
        .read_byte_record(&mut header)
        .map_err(|e| cannot(&e))?
    {
        return Err(RowError::input("it is empty"));
    }
    let header = StringRecord::from_byte_record_lossy(header);
    let headers: Vec<&str> = header.iter().collect();
    let columns = Columns::find(&headers, &options.columns, "column")?;
    let records = Records {
        reader,
        comments: CommentColumns::find(&headers),
        incidents: IncidentColumns::find(&headers),
        ready: VecDeque::new(),
        columns,
        width: headers.len(),
        ended: false,
    };
    let notices = Notices::default();
    notices.borrow_mut().extend(records.unread(&headers));
    let rows = RecordRows::new(records, options);
    Ok(Source::new("", Box::new(rows)).with_notices(notices))
}

type Input = Box<dyn BufRead>;

fn reader(input: Input, delimiter: u8) -> Reader<Input> {
    ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(input)
}

/// Returns the delimiter that stands most often in the first line, outside quotes.
fn sniff_delimiter(start: &[u8]) -> u8 {
    let mut counts = [0_usize; DELIMITERS.len()];
    let mut in_quotes = false;
    for byte in start {
        match byte {
            b'"' => in_quotes = !in_quotes,
            b'\n' if !in_quotes => break,
            _ if in_quotes => {}
            byte => {
                if let Some(at) = DELIMITERS.iter().position(|delimiter| delimiter == byte) {
                    counts[at] += 1;
                }
            }
        }
    }
    let most = counts.iter().max().copied().unwrap_or_default();
    let at = counts.iter().position(|count| *count == most);
    at.and_then(|at| DELIMITERS.get(at))
        .copied()
        .unwrap_or(b',')
}

struct Records {
    reader: Reader<Input>,
    columns: Columns,
    comments: CommentColumns,
    incidents: IncidentColumns,
    /// The other records in the row of the last one: its comments, or what became of it.
    ready: VecDeque<Record>,
    /// How many columns the header has.
    width: usize,
    ended: bool,
}

impl Iterator for Records {
    type Item = Result<Record, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(comment) = self.ready.pop_front() {
            return Some(Ok(comment));
        }
        while !self.ended {
            let mut bytes = ByteRecord::new();
            let line = self.reader.position().line();
            match self.reader.read_byte_record(&mut bytes) {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    self.ended = true;
                    let place = Place::new("line", line);
                    return Some(Err(RowError::fatal(
                        place,
                        format!("it cannot be read: {error}"),
                    )));
                }
            }
            let line = bytes.position().map_or(line, csv::Position::line);
            if bytes.iter().all(<[u8]>::is_empty) {
                continue;
            }
            return Some(self.record(bytes, Place::new("line", line)));
        }
        None
    }
}

impl Records {
    /// Returns a notice with the columns that nothing is read from.
    fn unread(&self, headers: &[&str]) -> Option<String> {
        let read: BTreeSet<usize> = self
            .columns
            .indexes()
            .chain(self.comments.indexes().iter().copied())
            .chain(self.incidents.indexes())
            .collect();
        let unread: Vec<&str> = headers
            .iter()
            .enumerate()
            .filter(|(index, header)| !read.contains(index) && !header.trim().is_empty())
            .map(|(_, header)| *header)
            .collect();
        (!unread.is_empty()).then(|| {
            format!(
                "columns that are not read: {}; --map FIELD=COLUMN reads one",
                first_of(&unread, 8)
            )
        })
    }

    fn record(&mut self, bytes: ByteRecord, place: Place) -> Result<Record, RowError> {
        if bytes.as_slice().len() > MAX_ITEM_BYTES {
            self.ended = true;
            return Err(RowError::fatal(
                place,
                "it is longer than 64 MiB: a quote may be missing",
            ));
        }
        let mut content = Vec::with_capacity(bytes.as_slice().len() + bytes.len());
        for cell in &bytes {
            content.extend(cell);
            content.push(0);
        }
        let hash = Hash::digest(&content);
        let cells = StringRecord::from_byte_record(bytes).map_err(|_| {
            RowError::row(place.clone(), "it is not UTF-8")
                .with_hint("convert the file first: iconv -t UTF-8")
        })?;
        let is_too_wide = cells
            .iter()
            .skip(self.width)
            .any(|cell| !cell.trim().is_empty());
        if is_too_wide {
            return Err(RowError::row(
                place,
                format!(
                    "it has {} columns, and the header has {}",
                    cells.len(),
                    self.width
                ),
            )
            .with_hint("a text with the delimiter in it needs quotes"));
        }
        let cell = |index| cells.get(index).unwrap_or_default().replace("\r\n", "\n");
        let comments = self.comments.records(&place, &self.columns, cell);
        let without_comments = |index| match comments.iter().any(|(at, _)| *at == index) {
            true => String::new(),
            false => cell(index),
        };
        let record = Record::new(place.clone(), &self.columns, hash, without_comments);
        let (record, later) = self.incidents.records(record, &place, &self.columns, cell);
        self.ready.extend(later);
        self.ready
            .extend(comments.into_iter().map(|(_, comment)| comment));
        Ok(record)
    }
}
