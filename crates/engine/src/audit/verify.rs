//! Finding the first place where the log was altered.

use std::fmt;

use domain::id::WorkspaceId;
use store::{
    Tx,
    audit::{self, Head},
};

use super::chain::hash;
use crate::Error;

/// Rows read at a time.
const PAGE: i64 = 1_000;

/// What the log of a workspace came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The last sealed row that is as it was written.
    pub end: Head,
    /// Lines that are not sealed yet: those of the last second, or since the server was killed.
    pub unsealed: i64,
    /// The first place where the log was altered.
    pub finding: Option<Finding>,
}

/// How the log was altered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// Rows are missing before this one.
    Missing {
        /// The first of them.
        from: i64,
        /// The last of them.
        to: i64,
    },
    /// A row is not the one that was sealed at this place.
    Altered {
        /// The place.
        sequence: i64,
        /// The row that is there now.
        id: String,
    },
    /// The noted end of the chain is not that of the last row.
    End {
        /// The place of the last row.
        last: i64,
        /// The noted place; none when nothing is noted.
        noted: Option<i64>,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { from, to } if from == to => write!(formatter, "row {from} was removed"),
            Self::Missing { from, to } => write!(formatter, "rows {from} to {to} were removed"),
            Self::Altered { sequence, id } => write!(
                formatter,
                "row {sequence} ({id}) was changed, moved or put in: it is not what was sealed at this place"
            ),
            Self::End { last, noted: Some(noted) } => {
                write!(formatter, "the end of the log was altered: row {noted} is noted as the last, {last} is")
            }
            Self::End { last, noted: None } => {
                write!(formatter, "the note of the end of the log was removed; the last row is {last}")
            }
        }
    }
}

/// Recomputes the chain of a workspace from its first row.
///
/// # Errors
/// When storage fails.
pub fn verify(tx: &mut Tx<'_>, workspace_id: WorkspaceId) -> Result<Verified, Error> {
    let (end, mut finding) = follow(tx, workspace_id)?;
    if finding.is_none() {
        finding = check_end(&end, audit::head(tx, &workspace_id.to_string())?);
    }
    Ok(Verified { workspace_id, end, unsealed: audit::count_unsealed(tx, workspace_id)?, finding })
}

fn follow(tx: &mut Tx<'_>, workspace_id: WorkspaceId) -> Result<(Head, Option<Finding>), Error> {
    let mut end = Head::default();
    loop {
        let rows = audit::sealed(tx, workspace_id, end.sequence, PAGE)?;
        if rows.is_empty() {
            return Ok((end, None));
        }
        for row in rows {
            let expected = end.sequence + 1;
            let sequence = row.sequence.unwrap_or_default();
            if sequence > expected {
                return Ok((end, Some(Finding::Missing { from: expected, to: sequence - 1 })));
            }
            let hash = hash(&end.hash, sequence, &row);
            if row.hash.as_deref() != Some(&hash) {
                return Ok((end, Some(Finding::Altered { sequence, id: row.id })));
            }
            end = Head { sequence, hash };
        }
    }
}

fn check_end(end: &Head, noted: Option<Head>) -> Option<Finding> {
    match noted {
        None if end.sequence == 0 => None,
        None => Some(Finding::End { last: end.sequence, noted: None }),
        Some(noted) if noted == *end => None,
        Some(noted) if noted.sequence > end.sequence => {
            Some(Finding::Missing { from: end.sequence + 1, to: noted.sequence })
        }
        Some(noted) => Some(Finding::End { last: end.sequence, noted: Some(noted.sequence) }),
    }
}
