//! On whose behalf an operation runs.

use domain::{
    Moment,
    id::{AcsSystemId, ConnectWebviewId, ConnectedAccountId, UserIdentityId, WorkspaceId},
};
use serde_json::{Value, json};
use store::{
    Tx,
    access_grants::{self, AccessGrant},
    audit,
    credentials::Credential,
    customers,
    entrances::Entrance,
    phones::Phone,
    sight::Sight,
    users::{self, AcsUser},
};

use crate::{Error, idempotency::Claim};

const PROGRAM: &str = "innkeep";
const OPERATOR: &str = "operator";

/// Who asks, and in which workspace.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The workspace that the caller may see; every lookup is confined to it (P8).
    pub workspace_id: WorkspaceId,
    /// Kind and id for the audit log, such as `api_key:0190...`; never a secret.
    pub actor: String,
    /// How much of the workspace the caller sees.
    pub scope: Scope,
    /// The request by which the caller asks; none for what this program does by itself.
    pub request: Option<Request>,
}

/// A request to the API.
#[derive(Debug, Clone)]
pub struct Request {
    /// Path of the route.
    pub route: &'static str,
    /// Id of the request.
    pub id: String,
    /// That it must be carried out once only.
    pub claim: Option<Claim>,
}

/// How much of a workspace a caller sees. What lies outside is answered like what is not there (P8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// All of it: keys, and tokens of members.
    Workspace,
    /// What a client session was given, or what is its customer's (`spec/api.md 1.9`).
    Session(Box<Sight>),
}

impl Caller {
    /// Somebody who sees the whole workspace.
    #[must_use]
    pub fn of_workspace(workspace_id: WorkspaceId, actor: String) -> Self {
        Self { workspace_id, actor, scope: Scope::Workspace, request: None }
    }

    /// What lists are filtered by; none when the caller sees everything.
    #[must_use]
    pub fn sight(&self) -> Option<&Sight> {
        match &self.scope {
            Scope::Workspace => None,
            Scope::Session(sight) => Some(sight),
        }
    }

    /// The same caller without confines, for what follows by itself from something that the caller may do: a guest who is
    /// granted a door gets a user at its hotel, whatever else of the hotel the caller sees.
    #[must_use]
    pub(crate) fn at_large(&self) -> Self {
        Self { scope: Scope::Workspace, ..self.clone() }
    }

    fn sees(&self, is_seen: impl FnOnce(&Sight) -> bool) -> bool {
        self.sight().is_none_or(is_seen)
    }

    /// Whether the caller sees a grant: that of its person, or one that came with its customer.
    #[must_use]
    pub fn sees_grant(&self, grant: &AccessGrant) -> bool {
        self.sees(|sight| {
            let is_own = sight.user_identity_id == Some(grant.user_identity_id);
            is_own || (grant.customer_key.is_some() && sight.customer_key == grant.customer_key)
        })
    }

    /// Whether the caller sees a system, perhaps only as that of its person's users.
    ///
    /// # Errors
    /// When storage fails.
    pub fn sees_system(&self, tx: &mut Tx<'_>, id: AcsSystemId) -> Result<bool, Error> {
        let Some(sight) = self.sight() else { return Ok(true) };
        if sight.acs_system_ids.contains(&id) {
            return Ok(true);
        }
        let Some(person) = sight.user_identity_id else { return Ok(false) };
        Ok(users::of_identity(tx, person)?.iter().any(|user| user.acs_system_id == id))
    }

    /// Whether the caller sees everything of a system.
    #[must_use]
    pub fn sees_whole_system(&self, id: AcsSystemId) -> bool {
        self.sees(|sight| sight.acs_system_ids.contains(&id))
    }

    /// Whether the caller sees a connected account.
    #[must_use]
    pub fn sees_account(&self, id: ConnectedAccountId) -> bool {
        self.sees(|sight| sight.connected_account_ids.contains(&id))
    }

    /// Whether the caller sees a connect webview. `customer_key` is the webview's.
    #[must_use]
    pub fn sees_webview(&self, id: ConnectWebviewId, customer_key: Option<&str>) -> bool {
        self.sees(|sight| {
            let is_customers = customer_key.is_some() && sight.customer_key.as_deref() == customer_key;
            sight.connect_webview_ids.contains(&id) || is_customers
        })
    }

    /// Whether the caller sees what belongs to this customer and to nobody else in particular, such as a space.
    #[must_use]
    pub fn sees_customer(&self, customer_key: Option<&str>) -> bool {
        self.sees(|sight| customer_key.is_some() && sight.customer_key.as_deref() == customer_key)
    }

    /// The customer of what the caller makes: a customer's session makes things of its own customer only.
    ///
    /// # Errors
    /// When a session names another customer.
    pub fn customer_of_new(&self, asked: Option<String>) -> Result<Option<String>, Error> {
        let Some(sight) = self.sight() else { return Ok(asked) };
        if asked.is_some() && asked != sight.customer_key {
            return Err(Error::invalid(
                "customer_key",
                "a customer's session names no customer: it stands for its own",
            ));
        }
        Ok(sight.customer_key.clone())
    }

    /// Whether the caller sees a user.
    #[must_use]
    pub fn sees_user(&self, user: &AcsUser) -> bool {
        self.sees(|sight| sight.acs_system_ids.contains(&user.acs_system_id) || sight.acs_user_ids.contains(&user.id))
    }

    /// Whether the caller sees a credential.
    #[must_use]
    pub fn sees_credential(&self, credential: &Credential) -> bool {
        self.sees(|sight| {
            let is_owns = credential.acs_user_id.is_some_and(|user| sight.acs_user_ids.contains(&user));
            sight.acs_system_ids.contains(&credential.acs_system_id) || is_owns
        })
    }

    /// Whether the caller sees a door.
    #[must_use]
    pub fn sees_entrance(&self, door: &Entrance) -> bool {
        self.sees(|sight| {
            sight.acs_system_ids.contains(&door.acs_system_id) || sight.acs_entrance_ids.contains(&door.id)
        })
    }

    /// Whether the caller sees a phone: its person's own.
    #[must_use]
    pub fn sees_phone(&self, phone: &Phone) -> bool {
        self.sees(|sight| sight.user_identity_id == Some(phone.user_identity_id))
    }

    /// Whether the caller sees a person: its own, one with a user at a system that it sees whole, or a guest of its
    /// customer's, who was pushed by it or has a grant of it.
    ///
    /// # Errors
    /// When storage fails.
    pub fn sees_identity(&self, tx: &mut Tx<'_>, id: UserIdentityId) -> Result<bool, Error> {
        let Some(sight) = self.sight() else { return Ok(true) };
        if sight.user_identity_id == Some(id) {
            return Ok(true);
        }
        let users = users::of_identity(tx, id)?;
        if users.iter().any(|user| sight.acs_system_ids.contains(&user.acs_system_id)) {
            return Ok(true);
        }
        let Some(customer) = sight.customer_key.as_deref() else { return Ok(false) };
        let is_customers = |grant: &AccessGrant| grant.customer_key.as_deref() == Some(customer);
        Ok(customers::has_pushed(tx, self.workspace_id, customer, id)?
            || access_grants::of_identity(tx, id)?.iter().any(is_customers))
    }

    /// This program, on its own account: the workers, and what follows from a change later.
    pub fn program(workspace_id: WorkspaceId) -> Self {
        Self::of_workspace(workspace_id, PROGRAM.to_owned())
    }

    /// The operator at the command line, or by the configuration file.
    pub fn operator(workspace_id: WorkspaceId) -> Self {
        Self::of_workspace(workspace_id, OPERATOR.to_owned())
    }

    /// Writes a line of the audit log about a change from one state to another. Personal members stand in them as
    /// [`crate::audit::personal`] has it.
    pub(crate) fn note_change(
        &self,
        tx: &mut Tx<'_>,
        moment: &mut Moment,
        action: &str,
        subject_id: impl ToString,
        before: Value,
        after: Value,
    ) -> Result<(), Error> {
        self.note(tx, moment, action, subject_id, json!({ "before": before, "after": after }))
    }

    /// Writes a line of the audit log.
    pub(crate) fn note(
        &self,
        tx: &mut Tx<'_>,
        moment: &mut Moment,
        action: &str,
        subject_id: impl ToString,
        detail: Value,
    ) -> Result<(), Error> {
        let subject_id = subject_id.to_string();
        let route = self.request.as_ref().map(|request| request.route);
        let request_id = self.request.as_ref().map(|request| request.id.as_str());
        let is_own = self.actor == PROGRAM || self.actor == OPERATOR;
        let note = audit::Note {
            id: if is_own { moment.aside_id() } else { moment.id() },
            workspace_id: self.workspace_id,
            actor: &self.actor,
            action,
            subject_id,
            detail,
            route,
            request_id,
        };
        Ok(audit::add(tx, moment, &note)?)
    }
}
