//! `innkeep keys create|list|revoke|publishable`: who may call the API.

use std::path::PathBuf;

use anyhow::Context;
use domain::Moment;
use serde_json::{Value, json};
use store::{Store, personal_access_tokens::PersonalAccessToken, workspaces::ApiKey};

use crate::{clock::Clock, config::Config, entropy, terminal};

/// Makes, lists and revokes API keys of the configured workspace and personal access tokens.
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
        /// Make a personal access token for this person instead, who becomes a member of the workspace.
        #[arg(long, value_name = "PERSON")]
        owner: Option<String>,
    },
    /// Shows the publishable key of the workspace, with which browsers make sessions of their own.
    Publishable {
        #[command(flatten)]
        common: Common,
        /// Accept it from now on, or refuse it.
        #[arg(long, value_name = "YES_OR_NO")]
        accept: Option<YesOrNo>,
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

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum YesOrNo {
    Yes,
    No,
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
        Action::Create { common, name, owner: None } => create(&common, name),
        Action::Create { common, name, owner: Some(owner) } => create_token(&common, name, owner),
        Action::Publishable { common, accept } => publishable(&common, accept),
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

fn create_token(common: &Common, name: String, owner: String) -> anyhow::Result<()> {
    let owner = owner.trim().to_owned();
    anyhow::ensure!(!owner.is_empty(), "--owner names a person, by an address or otherwise");
    let config = Config::load(&common.config)?;
    let store = open(&config)?;
    let wanted = crate::serve::wanted(&config);
    let token = super::fresh_after(super::PERSONAL_ACCESS_TOKEN);
    let stored = super::stored_after(super::PERSONAL_ACCESS_TOKEN, &token)?;
    let moment = moment();
    let made = store.write("personal_access_token.create", move |tx| {
        let mut moment = moment.clone();
        let workspace_id = engine::sites::configure(tx, &mut moment, &wanted)?.workspace_id;
        let made = engine::workspaces::create_token(tx, &mut moment, workspace_id, &owner, &name, &stored)?;
        Ok::<_, engine::Error>((workspace_id, made))
    });
    let (workspace_id, made) = made?;
    store.close();
    if common.json {
        let mut shown = one_token(&made);
        shown["personal_access_token"] = json!(token);
        shown["workspace_id"] = json!(workspace_id);
        return terminal::json(&shown);
    }
    terminal::say(&format!(
        "{token}\n\nThis is the only time the token is shown. Its id is {}, its workspace {workspace_id}.\n",
        made.id
    ))
}

fn publishable(common: &Common, accept: Option<YesOrNo>) -> anyhow::Result<()> {
    let config = Config::load(&common.config)?;
    let store = open(&config)?;
    let fresh = super::fresh_publishable();
    let moment = moment();
    let workspace = store.write("workspace.publishable_key", move |tx| {
        let workspace = engine::keys::workspace(tx)?;
        let Some(accept) = accept else { return Ok(workspace) };
        let caller = engine::Caller::of_workspace(workspace.id, "operator".to_owned());
        let change = engine::workspaces::Update {
            is_publishable_key_auth_enabled: Some(accept == YesOrNo::Yes),
            ..engine::workspaces::Update::default()
        };
        engine::workspaces::update(tx, &mut moment.clone(), &caller, &change, &fresh)
    });
    let workspace = workspace.map_err(engine_error)?;
    store.close();
    let is_accepted = workspace.is_publishable_key_auth_enabled;
    if common.json {
        let key = workspace.publishable_key;
        return terminal::json(&json!({ "publishable_key": key, "is_publishable_key_auth_enabled": is_accepted }));
    }
    match workspace.publishable_key {
        None => terminal::say("The workspace has no publishable key yet; --accept yes makes one.\n"),
        Some(key) if is_accepted => terminal::say(&format!("{key}\n")),
        Some(key) => terminal::say(&format!("{key}\n\nIt is refused at present; --accept yes lets it in.\n")),
    }
}

fn list(common: &Common) -> anyhow::Result<()> {
    let config = Config::load(&common.config)?;
    let store = open(&config)?;
    let keys = store.read("api_key.list", |tx| {
        let workspace = engine::keys::workspace(tx)?;
        let keys = engine::keys::list(tx, workspace.id)?;
        Ok((keys, store::personal_access_tokens::list(tx)?))
    });
    let (keys, tokens) = keys.map_err(engine_error)?;
    store.close();
    if common.json {
        return terminal::json(&json!({
            "api_keys": keys.iter().map(one).collect::<Vec<_>>(),
            "personal_access_tokens": tokens.iter().map(one_token).collect::<Vec<_>>(),
        }));
    }
    let date = |at: Option<jiff::Timestamp>| at.map_or_else(String::new, |at| format!("{at:.0}"));
    let row = |id: String, key: String, name: &str, owner: &str, created: jiff::Timestamp, revoked| {
        vec![id, key, name.to_owned(), owner.to_owned(), date(Some(created)), date(revoked)]
    };
    let keys = keys.iter().map(|key| {
        let shown = format!("seam_{}_...", key.short_token);
        row(key.id.to_string(), shown, &key.name, "", key.created_at, key.revoked_at)
    });
    let tokens = tokens.iter().map(|token| {
        let shown = format!("{}{}_...", super::PERSONAL_ACCESS_TOKEN, token.short_token);
        row(token.id.to_string(), shown, &token.name, &token.owner, token.created_at, token.revoked_at)
    });
    terminal::table(&["id", "key", "name", "owner", "created", "revoked"], keys.chain(tokens).collect())
}

fn revoke(common: &Common, named: String) -> anyhow::Result<()> {
    let config = Config::load(&common.config)?;
    let store = open(&config)?;
    let moment = moment();
    let revoked = store.write("api_key.revoke", move |tx| {
        let mut moment = moment.clone();
        if let Some(token) = engine::workspaces::revoke_token(tx, &mut moment, &named)? {
            return Ok((one_token(&token), token.id.to_string(), token.name));
        }
        let workspace = engine::keys::workspace(tx)?;
        let key = engine::keys::revoke(tx, &mut moment, workspace.id, &named)?;
        Ok((one(&key), key.id.to_string(), key.name))
    });
    let (shown, id, name) = revoked.map_err(engine_error)?;
    store.close();
    if common.json {
        return terminal::json(&shown);
    }
    terminal::say(&format!("The key {id} ({name}) is revoked.\n"))
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

fn one_token(token: &PersonalAccessToken) -> Value {
    json!({
        "personal_access_token_id": token.id,
        "owner": token.owner,
        "name": token.name,
        "short_token": token.short_token,
        "created_at": format!("{:.3}", token.created_at),
        "revoked_at": token.revoked_at.map(|at| format!("{at:.3}")),
    })
}
