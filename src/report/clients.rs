//! What each client does with each skill, as a table: a row for a skill, a column for a client, and under it why.
//!
//! Skills with the same row are one row from four on, and the reasons are listed once each, so that thousands stay readable.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::text::in_line;
use crate::lint::clients::{Effect, Outcome, worst};
use crate::lint::rule::Client;
use crate::words::number;

/// As many skills with the same row are shown as one.
const FOLD_FROM: usize = 4;
/// Skills that are named for a reason.
const NAMED: usize = 3;

/// What one client does with one skill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// Who.
    pub client: Client,
    /// The worst it does.
    pub outcome: Outcome,
    /// Why, worst first; nothing where it just loads the skill.
    pub why: Option<String>,
}

/// One skill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Its manifest, or the folder that has none.
    pub path: String,
    /// In the order of the columns.
    pub clients: Vec<Cell>,
}

impl Cell {
    /// What `effects` come to.
    pub fn new(client: Client, mut effects: Vec<Effect>) -> Self {
        effects.sort_by_key(|effect| Reverse(effect.outcome));
        let why = effects.iter().map(|effect| effect.why.as_ref()).collect::<Vec<_>>().join("; ");
        Self { client, outcome: worst(&effects), why: Some(why).filter(|why| !why.is_empty()) }
    }
}

/// The table for people.
pub fn table(rows: &[Row], fold: bool) -> String {
    let Some(first) = rows.first() else { return String::new() };
    let mut lines = vec![std::iter::once("skill").chain(first.clients.iter().map(|cell| cell.client.id())).collect()];
    let outcomes = |row: &Row| row.clients.iter().map(|cell| cell.outcome).collect::<Vec<_>>();
    let mut alike: BTreeMap<Vec<Outcome>, usize> = BTreeMap::new();
    for row in rows {
        *alike.entry(outcomes(row)).or_default() += 1;
    }
    let names: Vec<(String, Vec<Outcome>)> = rows
        .iter()
        .filter_map(|row| {
            let outcomes = outcomes(row);
            let count = alike.get_mut(&outcomes)?;
            let name = match *count {
                0 => return None,
                many if fold && many >= FOLD_FROM => {
                    *count = 0;
                    format!("{} like {}", number(many, "skill"), in_line(&row.path))
                }
                _ => in_line(&row.path),
            };
            Some((name, outcomes))
        })
        .collect();
    for (name, outcomes) in &names {
        lines.push(std::iter::once(name.as_str()).chain(outcomes.iter().map(|outcome| outcome.name())).collect());
    }
    let mut text = aligned(&lines);
    let reasons = reasons(rows);
    if !reasons.is_empty() {
        text.push('\n');
    }
    for (reason, paths) in reasons {
        let some: Vec<String> = paths.iter().take(NAMED).map(|path| in_line(path)).collect();
        let more = paths.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let _ = writeln!(text, "{} {}: {}", reason.client.id(), reason.outcome.0.name(), in_line(reason.why));
        let _ = writeln!(text, "    {}{more}", some.join(", "));
    }
    text
}

/// Why a client does what it does, in the order in which that is listed: client by client, the worst first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Reason<'r> {
    client: Client,
    outcome: Reverse<Outcome>,
    why: &'r str,
}

/// Each reason with the skills it holds for.
fn reasons(rows: &[Row]) -> BTreeMap<Reason<'_>, Vec<&str>> {
    let mut reasons: BTreeMap<Reason<'_>, Vec<&str>> = BTreeMap::new();
    for row in rows {
        for cell in &row.clients {
            if let Some(why) = &cell.why {
                let reason = Reason { client: cell.client, outcome: Reverse(cell.outcome), why };
                reasons.entry(reason).or_default().push(&row.path);
            }
        }
    }
    reasons
}

/// Columns of equal width.
fn aligned(lines: &[Vec<&str>]) -> String {
    let columns = lines.first().map_or(0, Vec::len);
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for line in lines {
        let cells: Vec<String> = line.iter().zip(&widths).map(|(cell, &width)| format!("{cell:<width$}")).collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use insta::assert_snapshot;

    fn row(path: &str, codex: Option<&str>) -> Row {
        let cell = |client, why: Option<&str>| Cell {
            client,
            outcome: if why.is_some() { Outcome::Drops } else { Outcome::Loads },
            why: why.map(str::to_owned),
        };
        Row { path: path.to_owned(), clients: vec![cell(Client::Codex, codex), cell(Client::Cursor, None)] }
    }

    #[test]
    fn alike_rows_are_one_and_reasons_are_listed_once() {
        let mut rows: Vec<Row> = ["a", "b", "c", "d", "e"].map(|path| row(path, None)).to_vec();
        rows.extend([row("f", Some("it has no description")), row("g", Some("it has no description"))]);
        assert_snapshot!(table(&rows, true), @"
        skill            codex  cursor
        5 skills like a  loads  loads
        f                drops  loads
        g                drops  loads

        codex drops: it has no description
            f, g
        ");
        assert_eq!(table(&rows, false).lines().count(), 11);
        assert!(table(&[row("a\nb", None)], true).contains("a\\nb "));
    }
}
