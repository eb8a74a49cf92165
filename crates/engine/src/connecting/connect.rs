//! The end of a page: the system answered, and everything that follows from it is written in one transaction.

use domain::{
    Moment,
    id::{AcsSystemId, ConnectWebviewId},
};
use serde_json::{Map, Value, json};
use store::{
    Tx, configuration,
    connect_webviews::{self, AUTHORIZED, ConnectWebview, PENDING},
    connected_accounts::{self, ConnectedAccount},
    connections::{self, Connection},
    custom_metadata,
    systems::{self, AcsSystem, CREDENTIAL_MANAGER, VISIONLINE},
};

use super::webviews::{fail, note};
use crate::{
    Error, event,
    sites::{self, SeenDoor, SeenEncoder},
};

/// What can be connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// A hotel's Visionline.
    Visionline,
    /// The service that delivers keys to phones.
    CredentialService,
}

impl Provider {
    /// The API's word for it, which is also the type of the account.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Visionline => "visionline",
            Self::CredentialService => CREDENTIAL_MANAGER,
        }
    }

    const fn system_kind(self) -> &'static str {
        match self {
            Self::Visionline => VISIONLINE,
            Self::CredentialService => CREDENTIAL_MANAGER,
        }
    }
}

/// Mobile keys are issued in the system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mobile {
    /// "Mobile Access UUID".
    pub mobile_access_uuid: String,
    /// System ID at the credential manager.
    pub system_id: String,
}

/// How a system that is connected already is known again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// By its address.
    SameAddress,
    /// By its name, since it has moved to another address.
    SameName,
    /// By its address only; that another one has its name is known.
    AnotherOfThisName,
    /// There is but one: the simulated one.
    TheOnlyOne,
}

/// What the operator typed and the system answered.
#[derive(Debug, Clone)]
pub struct Connect {
    /// The page.
    pub webview_id: ConnectWebviewId,
    /// What is connected.
    pub provider: Provider,
    /// How it is known again.
    pub which: Which,
    /// Name of the site, `%SITENAME%` on labels.
    pub name: String,
    /// IANA name of its time zone; a credential manager has none.
    pub time_zone: Option<String>,
    /// Whether and how mobile keys are issued.
    pub mobile: Option<Mobile>,
    /// Scheme, host and port.
    pub address: String,
    /// Who signs in.
    pub username: String,
    /// Which certificate may be shown, in the shell's words.
    pub trust: String,
    /// The doors that are listed.
    pub doors: Vec<SeenDoor>,
    /// The encoders that are listed; none when they are not to be used.
    pub encoders: Option<Vec<SeenEncoder>>,
}

/// What became of it.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Connected, or connected again.
    Connected(ConnectWebview),
    /// The page had come to its end before.
    Settled(ConnectWebview),
    /// It cannot be connected through this page, which has failed.
    Failed(ConnectWebview),
    /// The system stands in the configuration file, under this name.
    InConfiguration {
        /// Its name.
        name: String,
    },
    /// A system of this name is connected at another address.
    SameName {
        /// That address.
        address: String,
    },
    /// There is no such page any more.
    Gone,
}

/// Connects a system, or connects it again without new ids. The password is kept as `seal` seals it for the system's id.
///
/// # Errors
/// When storage fails.
pub fn connect(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    asked: &Connect,
    seal: &dyn Fn(AcsSystemId) -> String,
) -> Result<Outcome, Error> {
    let Some(mut webview) = connect_webviews::by_id(tx, asked.webview_id)? else { return Ok(Outcome::Gone) };
    if webview.status != PENDING {
        return Ok(Outcome::Settled(webview));
    }
    let (known, same_name) = known(tx, &webview, asked)?;
    if let Some(system) = known.as_ref().filter(|system| sites::is_configured(system)) {
        return Ok(Outcome::InConfiguration { name: system.name.clone() });
    }
    if let Some(address) = same_name.filter(|_| known.is_none()) {
        return Ok(Outcome::SameName { address });
    }
    let account = known
        .as_ref()
        .map(|system| connected_accounts::find(tx, webview.workspace_id, system.connected_account_id))
        .transpose()?
        .flatten();
    if let Some(other) = account.as_ref().and_then(|account| account.customer_key.as_ref())
        && webview.customer_key.as_ref().is_some_and(|ours| ours != other)
    {
        let message = "This system is connected for another customer already.";
        fail(tx, moment, &mut webview, "customer_conflict", message)?;
        return Ok(Outcome::Failed(webview));
    }
    let is_first = account.is_none();
    let account = keep_account(tx, moment, &webview, asked, account)?;
    let (system, revision) = keep_system(tx, moment, asked, &account, known)?;
    let connection = Connection {
        acs_system_id: system.id,
        address: asked.address.clone(),
        username: asked.username.clone(),
        sealed_password: seal(system.id),
        trust: asked.trust.clone(),
        uses_encoders: asked.encoders.is_some(),
        revision,
        connected_at: moment.now,
    };
    connections::set(tx, &connection)?;
    keep_webview(tx, moment, &mut webview, asked.provider, &account)?;
    tell(tx, moment, &webview, &account, &system, is_first)?;
    take_over(tx, moment, asked, &system)?;
    let done = match is_first {
        true => "connected_account.completed_first_sync",
        false => "connected_account.completed_first_sync_after_reconnection",
    };
    event::connected_account(tx, moment, done, &account, None, json!({}))?;
    let detail = json!({ "connected_account_id": account.id, "acs_system_id": system.id, "is_first": is_first });
    note(tx, moment, &webview, "connect_webview.connect", detail)?;
    Ok(Outcome::Connected(webview))
}

/// The system that is connected again, if it is one; and the address of another one that has its name.
fn known(
    tx: &mut Tx<'_>,
    webview: &ConnectWebview,
    asked: &Connect,
) -> Result<(Option<AcsSystem>, Option<String>), Error> {
    let mut all = systems::list(tx, webview.workspace_id)?;
    all.retain(|system| system.kind == asked.provider.system_kind());
    if asked.which == Which::TheOnlyOne {
        return Ok((all.into_iter().next(), None));
    }
    let ids: Vec<AcsSystemId> = all.iter().map(|system| system.id).collect();
    let ways = connections::of(tx, &ids)?;
    let address_of = |system: &AcsSystem| {
        let way = ways.iter().find(|way| way.acs_system_id == system.id);
        way.map(|way| way.address.clone()).or_else(|| system.lan_address.clone())
    };
    if let Some(there) = all.iter().find(|system| address_of(system).as_deref() == Some(asked.address.as_str())) {
        return Ok((Some(there.clone()), None));
    }
    let wanted = asked.name.to_lowercase();
    let namesake = all.into_iter().find(|system| system.name.to_lowercase() == wanted);
    Ok(match (asked.which, namesake) {
        (Which::SameName, namesake) => (namesake, None),
        (Which::SameAddress, Some(namesake)) => (None, address_of(&namesake)),
        _ => (None, None),
    })
}

fn keep_account(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    webview: &ConnectWebview,
    asked: &Connect,
    there: Option<ConnectedAccount>,
) -> Result<ConnectedAccount, Error> {
    let is_first = there.is_none();
    let mut account = there.unwrap_or_else(|| {
        let id = moment.id();
        ConnectedAccount::new(id, webview.workspace_id, asked.provider.as_str(), &asked.name, moment.now)
    });
    if webview.customer_key.is_some() {
        account.customer_key.clone_from(&webview.customer_key);
    }
    if let Some(manages) = webview.options["automatically_manage_new_devices"].as_bool() {
        account.automatically_manage_new_devices = manages;
    }
    if let Some(capabilities @ Value::Array(_)) = webview.options.get("accepted_capabilities") {
        account.accepted_capabilities = capabilities.clone();
    }
    if is_first {
        connected_accounts::insert(tx, &account)?;
    } else {
        connected_accounts::update(tx, &account)?;
    }
    let words = words_of(tx, webview)?;
    custom_metadata::replace(tx, &account.id.to_string(), &words)?;
    Ok(account)
}

/// The system, and the revision of the way to it.
fn keep_system(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    asked: &Connect,
    account: &ConnectedAccount,
    there: Option<AcsSystem>,
) -> Result<(AcsSystem, i64), Error> {
    let is_site = asked.provider == Provider::Visionline;
    let is_first = there.is_none();
    let mut system = there.unwrap_or_else(|| AcsSystem {
        id: moment.id(),
        workspace_id: account.workspace_id,
        connected_account_id: account.id,
        kind: asked.provider.system_kind().to_owned(),
        name: String::new(),
        time_zone: None,
        default_credential_manager_id: None,
        lan_address: None,
        mobile_access_uuid: None,
        system_id: None,
        settings: json!({}),
        last_opening: 0,
        errors: json!([]),
        warnings: json!([]),
        created_at: moment.now,
        sync_asked_at: None,
        is_disconnected: false,
        deleted_at: None,
    });
    system.name.clone_from(&asked.name);
    system.errors = json!([]);
    system.warnings = json!([]);
    sites::note_connected(&mut system);
    if is_site {
        system.time_zone.clone_from(&asked.time_zone);
        system.lan_address = Some(asked.address.clone());
        system.mobile_access_uuid = asked.mobile.as_ref().map(|mobile| mobile.mobile_access_uuid.clone());
        system.system_id = asked.mobile.as_ref().map(|mobile| mobile.system_id.clone());
        if system.default_credential_manager_id.is_none() {
            let managers = systems::list(tx, account.workspace_id)?;
            let manager = managers.into_iter().find(|system| system.kind == CREDENTIAL_MANAGER);
            system.default_credential_manager_id = manager.map(|manager| manager.id);
        }
    }
    if is_first {
        systems::insert(tx, &system)?;
    } else {
        configuration::set_system(tx, &system)?;
        configuration::set_system_state(tx, &system)?;
        systems::set_disconnected(tx, system.id, false)?;
        systems::set_sync_asked(tx, system.id, None)?;
        // The name of the account is the caller's to choose; the system's is the operator's.
        connected_accounts::update(tx, account)?;
    }
    if !is_site {
        systems::set_missing_manager(tx, account.workspace_id, system.id)?;
    }
    let former = connections::find(tx, system.id)?;
    Ok((system, former.map_or(1, |former| former.revision + 1)))
}

fn keep_webview(
    tx: &mut Tx<'_>,
    moment: &Moment,
    webview: &mut ConnectWebview,
    provider: Provider,
    account: &ConnectedAccount,
) -> Result<(), Error> {
    webview.status = AUTHORIZED.to_owned();
    webview.selected_provider = Some(provider.as_str().to_owned());
    webview.connected_account_id = Some(account.id);
    webview.authorized_at = Some(moment.now);
    Ok(connect_webviews::update(tx, webview)?)
}

/// The events of a login, in the order of `spec/api.md 4.23`.
fn tell(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    webview: &ConnectWebview,
    account: &ConnectedAccount,
    system: &AcsSystem,
    is_first: bool,
) -> Result<(), Error> {
    let words = json!({ "connected_account_custom_metadata": words_of(tx, webview)? });
    let page = Some(webview.id);
    event::connected_account(tx, moment, "connect_webview.login_succeeded", account, page, words.clone())?;
    // The older name of the same event.
    event::connected_account(tx, moment, "connected_account.successful_login", account, page, json!({}))?;
    if is_first {
        event::connected_account(tx, moment, "connected_account.created", account, page, words)?;
    }
    event::connected_account(tx, moment, "connected_account.connected", account, page, json!({}))?;
    if is_first {
        event::system(tx, moment, "acs_system.added", system)?;
    }
    event::system(tx, moment, "acs_system.connected", system)
}

/// Takes over what the system lists.
fn take_over(tx: &mut Tx<'_>, moment: &mut Moment, asked: &Connect, system: &AcsSystem) -> Result<(), Error> {
    if asked.provider != Provider::Visionline {
        return Ok(());
    }
    sites::record_doors(tx, moment, system.id, &asked.doors)?;
    match &asked.encoders {
        Some(encoders) => sites::record_encoders(tx, moment, system.id, encoders),
        None => Ok(()),
    }
}

fn words_of(tx: &mut Tx<'_>, webview: &ConnectWebview) -> Result<Map<String, Value>, Error> {
    let id = webview.id.to_string();
    Ok(custom_metadata::of(tx, std::slice::from_ref(&id))?.remove(&id).unwrap_or_default())
}
