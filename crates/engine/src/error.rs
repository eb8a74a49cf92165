//! Why an operation was refused. Free of status codes: the server maps them in one place.

use std::fmt;

/// A thing that can be unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the API's own")]
pub enum Noun {
    AccessGrant,
    AccessMethod,
    AcsSystem,
    AcsUser,
    AcsAccessGroup,
    AcsEntrance,
    AcsCredential,
    AcsEncoder,
    ActionAttempt,
    Bridge,
    EnrollmentAutomation,
    Event,
    Webhook,
    WebhookAttempt,
    ConnectWebview,
    ConnectedAccount,
    Phone,
    UserIdentity,
    Workspace,
    Space,
    InstantKey,
    ClientSession,
}

impl Noun {
    /// The word of the API for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessGrant => "access_grant",
            Self::AccessMethod => "access_method",
            Self::AcsSystem => "acs_system",
            Self::AcsUser => "acs_user",
            Self::AcsAccessGroup => "acs_access_group",
            Self::AcsEntrance => "acs_entrance",
            Self::AcsCredential => "acs_credential",
            Self::AcsEncoder => "acs_encoder",
            Self::ActionAttempt => "action_attempt",
            Self::Bridge => "bridge",
            Self::EnrollmentAutomation => "enrollment_automation",
            Self::Event => "event",
            Self::Webhook => "webhook",
            Self::WebhookAttempt => "webhook_attempt",
            Self::ConnectWebview => "connect_webview",
            Self::ConnectedAccount => "connected_account",
            Self::Phone => "device",
            Self::UserIdentity => "user_identity",
            Self::Workspace => "workspace",
            Self::Space => "space",
            Self::InstantKey => "instant_key",
            Self::ClientSession => "client_session",
        }
    }
}

impl fmt::Display for Noun {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Why an operation was refused. Nothing of it was stored.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The thing is unknown, or in another workspace: the two look alike (P8).
    #[error("{noun} {id} not found")]
    NotFound {
        /// What was looked for.
        noun: Noun,
        /// The id as it was given.
        id: String,
    },
    /// A parameter cannot be used; the message says what to send instead.
    #[error("{message}")]
    Invalid {
        /// The parameter, with dots between the levels; empty for a rule over several.
        field: &'static str,
        /// What is wrong and what to do.
        message: String,
    },
    /// The change contradicts what is there.
    #[error("{message}")]
    Conflict {
        /// What is wrong and what to do.
        message: String,
    },
    /// A live client session has the key already.
    #[error("a client session with this user_identifier_key exists; get it with /client_sessions/get_or_create")]
    SessionKeyTaken,
    /// Grants of one reservation cannot be like this.
    #[error(transparent)]
    Reservation(#[from] domain::reservation::Refusal),
    /// Visionline has no such operation.
    #[error("{message}")]
    NotSupported {
        /// What is not supported and what to do instead.
        message: String,
    },
    /// The operation exists in sandbox workspaces only.
    #[error("this operation is available in sandbox workspaces only")]
    NotSandbox,
    /// Storage failed.
    #[error("storage failed")]
    Store(#[from] store::Error),
}

impl Error {
    pub(crate) fn not_found(noun: Noun, id: impl ToString) -> Self {
        Self::NotFound { noun, id: id.to_string() }
    }

    pub(crate) fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid { field, message: message.into() }
    }

    pub(crate) fn not_supported(message: impl Into<String>) -> Self {
        Self::NotSupported { message: message.into() }
    }
}
