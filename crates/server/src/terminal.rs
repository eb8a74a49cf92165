//! Standard output of the commands: text and tables for people, JSON for scripts.

use std::io::Write;

use anyhow::Context;
use serde_json::Value;

/// Writes text.
///
/// # Errors
/// When nobody reads any more.
pub fn say(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).context("cannot write to standard output")
}

/// Writes one line of JSON.
///
/// # Errors
/// When nobody reads any more.
pub fn json(value: &Value) -> anyhow::Result<()> {
    say(&format!("{value}\n"))
}

/// Writes a table with aligned columns.
///
/// # Errors
/// When nobody reads any more.
pub fn table(heads: &[&str], rows: Vec<Vec<String>>) -> anyhow::Result<()> {
    let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
    let widths: Vec<usize> = (0..heads.len())
        .map(|column| {
            let cells = std::iter::once(&heads).chain(&rows).filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        })
        .collect();
    let mut text = String::new();
    for row in std::iter::once(&heads).chain(&rows) {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    say(&text)
}
