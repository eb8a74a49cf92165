//! `innkeep keys create|list|revoke`: who may call the API.

use std::path::PathBuf;

use anyhow::Context;
use domain::Moment;
use serde_json::{Value, json};
use store::{Store, workspaces::ApiKey};

use crate::{clock::Clock, config::Config, entropy, terminal};

/// Makes, lists and revokes the API keys of the configured workspace.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Makes a key and shows it once.
    Create {
        #[command(flatten)]
        common: Common,
        /// What the key is for.
        #[arg(long, default_value = "unnamed")]
        name: String,
    },
    /// Lists the keys, without their secret part.
    List {
        #[command(flatten)]
        common: Common,
    },
    /// Revokes a key; running servers refuse it within seconds.
    Revoke {
        #[command(flatten)]
        common: Common,
        /// The key's id or its short part, as `list` shows them.
        key: String,
    },
}

#[derive(clap::Args)]
struct Common {
    /// The configuration file.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Print JSON, for scripts.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
///
/// # Errors
/// When the configuration or the database cannot be used, or there is no such key.
pub fn run(arguments: Arguments) -> anyhow::Result<()> {
    match arguments.action {
        Action::Create { common, name } => create(&common, name),
        Action::List { common } => list(&common),
        Action::Revoke { common, key } => revoke(&common, key),
    }
}

fn create(common: &Common, name: String) -> anyhow::Result<()> {
    let config = Config::load(&common.config)?;
    let store = open(&config)?;
    let wanted = crate::serve::wanted(&config);
    let token = super::fresh(super::kind_of(&config));
    let stored = super::stored(&token)?;
    let moment = moment();
    let key = store.write("api_key.create", move |tx| {
        let mut moment = moment.clone();
        // The first key may be made before the first start.
        let workspace_id = engine::sites::configure(tx, &mut moment, &wanted)?.workspace_id;
        engine::keys::create(tx, &mut moment, workspace_id, &name, &stored)
    });
    let key = key.map_err(engine_error)?;
    store.close();
    if common.json {
        let mut shown = one(&key);
        shown["api_key"] = json!(token);
        return terminal::json(&shown);
    }
    terminal::say(&format!("{token}\n\nThis is the only time the key is shown. Its id is {}.\n", key.id))
}

fn list(common: &Common) -> anyhow::Result<()> {
    let config = Config::load(&common.config)?;
    let store = open(&config)?;
    let keys = store.read("api_key.list", |tx| {
        let workspace = engine::keys::workspace(tx)?;
        engine::keys::list(tx, workspace.id)
    });
    let keys = keys.map_err(engine_error)?;
    store.close();
    if common.json {
        return terminal::json(&json!({ "api_keys": keys.iter().map(one).collect::<Vec<_>>() }));
    }
    let rows = keys.iter().map(|key| {
        vec![
            key.id.to_string(),
            format!("seam_{}_...", key.short_token),
            key.name.clone(),
            format!("{:.0}", key.created_at),
            key.revoked_at.map_or_else(String::new, |at| format!("{at:.0}")),
        ]
    });
    terminal::table(&["id", "key", "name", "created", "revoked"], rows.collect())
}

fn revoke(common: &Common, named: String) -> anyhow::Result<()> {
    let config = Config::load(&common.config)?;
    let store = open(&config)?;
    let moment = moment();
    let key = store.write("api_key.revoke", move |tx| {
        let workspace = engine::keys::workspace(tx)?;
        engine::keys::revoke(tx, &moment, workspace.id, &named)
    });
    let key = key.map_err(engine_error)?;
    store.close();
    if common.json {
        return terminal::json(&one(&key));
    }
    terminal::say(&format!("The key {} ({}) is revoked.\n", key.id, key.name))
}

fn open(config: &Config) -> anyhow::Result<Store> {
    Store::open(&config.database).with_context(|| format!("cannot open the database {}", config.database))
}

fn moment() -> Moment {
    Moment::new(Clock::real().now(), entropy::seed())
}

fn engine_error(error: engine::Error) -> anyhow::Error {
    anyhow::Error::from(error)
}

fn one(key: &ApiKey) -> Value {
    json!({
        "api_key_id": key.id,
        "name": key.name,
        "short_token": key.short_token,
        "created_at": format!("{:.3}", key.created_at),
        "revoked_at": key.revoked_at.map(|at| format!("{at:.3}")),
    })
}
