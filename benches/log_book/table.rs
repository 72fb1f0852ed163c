//! The table of results.

use std::time::Duration;

/// Rows of: what, Bridgelog, floor, ratio, budget.
#[derive(Default)]
pub struct Table(Vec<[String; 5]>);

impl Table {
    pub fn add_row(
        &mut self,
        what: String,
        ours: String,
        floor: String,
        ratio: Option<f64>,
        budget: &str,
    ) {
        let ratio = ratio.map_or_else(|| "-".to_owned(), |r| format!("{r:.2}"));
        self.0.push([what, ours, floor, ratio, budget.to_owned()]);
    }

    /// Formats the rows as lines, for [`Table::add_lines`].
    pub fn to_lines(&self) -> String {
        let rows = self.0.iter().map(|row| row.join("\t") + "\n");
        rows.collect()
    }

    /// Adds rows that another process measured.
    pub fn add_lines(&mut self, lines: &str) {
        let row = |line: &str| {
            let cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
            cells.try_into().ok()
        };
        self.0.extend(lines.lines().filter_map(row));
    }

    pub fn print(&self) {
        let headings = ["what", "bridgelog", "floor", "ratio", "budget"].map(str::to_owned);
        let rows: Vec<&[String; 5]> = std::iter::once(&headings).chain(&self.0).collect();
        let width = |i: usize| rows.iter().map(|r| r[i].chars().count()).max().unwrap_or(0);
        for (n, row) in rows.iter().enumerate() {
            let cells: Vec<String> = (0..5)
                .map(|i| format!("{:<1$}", row[i], width(i)))
                .collect();
            println!("| {} |", cells.join(" | "));
            if n == 0 {
                let rule: Vec<String> = (0..5).map(|i| "-".repeat(width(i))).collect();
                println!("| {} |", rule.join(" | "));
            }
        }
    }
}

pub fn format_ms(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

pub fn format_kib(kib: u64) -> String {
    format!("{:.1} MiB", kib as f64 / 1024.0)
}

pub fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}
