//! `innkeep audit verify|export`: who changed what, and whether the log still is what was written.

use std::{io::Write, path::PathBuf};

use anyhow::{Context, bail};
use engine::audit::{Verified, verify};
use jiff::Timestamp;
use serde_json::{Value, json};
use store::{Location, Store, Tx, audit, audit::Row};

use crate::{config::Config, terminal};

/// Rows read at a time.
const PAGE: i64 = 1_000;

/// Checks or prints the audit log.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Finds the first row that was changed, removed, moved or put in. Ends with an error if there is one.
    Verify {
        #[command(flatten)]
        place: Place,
        /// A place and its hash as an earlier run printed them, such as 1042:6f1e...: the log must still contain it.
        /// Without it, somebody who rewrote the whole log from some row on is not found out.
        #[arg(long, value_name = "ROW:HASH")]
        contains: Vec<String>,
        /// Print JSON, for scripts.
        #[arg(long)]
        json: bool,
    },
    /// Prints the log, a JSON object on each line, oldest first.
    Export {
        #[command(flatten)]
        place: Place,
        /// Only what happened at this instant or later.
        #[arg(long, value_name = "TIME")]
        since: Option<Timestamp>,
        /// Only what happened before this instant.
        #[arg(long, value_name = "TIME")]
        until: Option<Timestamp>,
        /// Only what was done to the thing with this id.
        #[arg(long, value_name = "ID")]
        subject: Option<String>,
    },
}

#[derive(clap::Args)]
struct Place {
    /// The configuration file of the server.
    #[arg(long, value_name = "FILE", required_unless_present = "data", conflicts_with = "data")]
    config: Option<PathBuf>,
    /// The data folder of a demonstration.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl Place {
    fn open(&self) -> anyhow::Result<Store> {
        let location = match (&self.config, &self.data) {
            (Some(file), _) => Config::load(file)?.database,
            (None, Some(folder)) => Location::File(folder.join("innkeep.db")),
            (None, None) => bail!("name the database with --config or --data"),
        };
        if let Location::File(file) = &location
            && !file.exists()
        {
            bail!("there is no database {location}");
        }
        Store::open(&location).with_context(|| format!("cannot open the database {location}"))
    }
}

/// Runs the command.
///
/// # Errors
/// When the database cannot be used, or the log was altered.
pub fn run(arguments: Arguments) -> anyhow::Result<()> {
    match arguments.action {
        Action::Verify { place, contains, json } => verify_all(&place.open()?, &contains, json),
        Action::Export { place, since, until, subject } => {
            let wanted = |row: &Row| {
                since.is_none_or(|since| row.at >= since.as_microsecond())
                    && until.is_none_or(|until| row.at < until.as_microsecond())
                    && subject.as_ref().is_none_or(|subject| row.subject_id == *subject)
            };
            export(&place.open()?, wanted)
        }
    }
}

fn verify_all(store: &Store, contains: &[String], as_json: bool) -> anyhow::Result<()> {
    let found: Vec<Verified> = store.read("audit.verify", |tx| {
        let workspaces = audit::workspaces(tx)?;
        workspaces.into_iter().map(|id| verify(tx, id)).collect::<Result<_, engine::Error>>()
    })?;
    let mut missed = Vec::new();
    for known in contains {
        let (sequence, hash) = known.split_once(':').context("--contains wants ROW:HASH, as verify prints them")?;
        let sequence: i64 = sequence.parse().context("--contains wants the number of a row before the colon")?;
        if !store.read("audit.contains", |tx| contains_row(tx, sequence, hash))? {
            missed.push(known.clone());
        }
    }
    store.close();
    if as_json {
        let workspaces: Vec<Value> = found.iter().map(shown).collect();
        let ok = missed.is_empty() && found.iter().all(|one| one.finding.is_none());
        terminal::json(&json!({ "ok": ok, "workspaces": workspaces, "not_contained": missed }))?;
    } else {
        for one in &found {
            terminal::say(&line(one))?;
        }
    }
    if let Some(known) = missed.first() {
        bail!("the log does not contain row {known} any more: it was rewritten");
    }
    match found.iter().find_map(|one| one.finding.as_ref().map(|finding| (one.workspace_id, finding))) {
        Some((workspace, finding)) => bail!("the audit log of workspace {workspace} was altered: {finding}"),
        None => Ok(()),
    }
}

fn contains_row(tx: &mut Tx<'_>, sequence: i64, hash: &str) -> Result<bool, store::Error> {
    for workspace in audit::workspaces(tx)? {
        let row = audit::sealed(tx, workspace, sequence.saturating_sub(1), 1)?.into_iter().next();
        if row.is_some_and(|row| row.sequence == Some(sequence) && row.hash.as_deref() == Some(hash)) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn line(one: &Verified) -> String {
    let Verified { workspace_id, end, unsealed, finding } = one;
    match finding {
        None => format!(
            "workspace {workspace_id}: {} rows are as they were written, {unsealed} not sealed yet; note {}:{}\n",
            end.sequence, end.sequence, end.hash
        ),
        Some(finding) => format!("workspace {workspace_id}: ALTERED, {finding}\n"),
    }
}

fn shown(one: &Verified) -> Value {
    json!({
        "workspace_id": one.workspace_id,
        "last_good_row": one.end.sequence,
        "hash": one.end.hash,
        "unsealed": one.unsealed,
        "finding": one.finding.as_ref().map(ToString::to_string),
    })
}

fn export(store: &Store, wanted: impl Fn(&Row) -> bool) -> anyhow::Result<()> {
    let mut output = std::io::stdout().lock();
    let workspaces = store.read("audit.workspaces", audit::workspaces)?;
    for workspace in workspaces {
        let mut after = 0;
        loop {
            let rows = store.read("audit.export", |tx| audit::sealed(tx, workspace, after, PAGE))?;
            let Some(last) = rows.last() else { break };
            after = last.sequence.unwrap_or(i64::MAX);
            for row in rows.iter().filter(|row| wanted(row)) {
                writeln!(output, "{}", exported(row)).context("cannot write to standard output")?;
            }
        }
        for row in store.read("audit.export", |tx| audit::tail(tx, workspace))?.iter().filter(|row| wanted(row)) {
            writeln!(output, "{}", exported(row)).context("cannot write to standard output")?;
        }
    }
    store.close();
    Ok(())
}

fn exported(row: &Row) -> Value {
    let at = Timestamp::from_microsecond(row.at).map_or_else(|_| json!(row.at), |at| json!(format!("{at:.6}")));
    // What is not JSON any more was altered; it is shown as it is.
    let detail: Value = serde_json::from_str(&row.detail).unwrap_or_else(|_| json!(row.detail));
    json!({
        "sequence": row.sequence,
        "at": at,
        "actor": row.actor,
        "action": row.action,
        "route": row.route,
        "request_id": row.request_id,
        "subject_id": row.subject_id,
        "before": detail.get("before"),
        "after": detail.get("after"),
        "detail": detail,
        "workspace_id": row.workspace_id,
        "id": row.id,
        "hash": row.hash,
    })
}
