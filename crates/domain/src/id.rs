//! Typed ids: a credential's id cannot be handed where an entrance's is wanted.

use std::{fmt, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// The id of one `Kind` of thing; on the wire a lower-case, hyphenated UUID (`spec/api.md 1.14`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id<Kind>(Uuid, PhantomData<Kind>);

/// The text is not a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a UUID")]
pub struct MalformedId;

impl<Kind> Id<Kind> {
    /// Wraps a UUID that is known to name a `Kind`.
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// The bare UUID.
    pub const fn uuid(&self) -> Uuid {
        self.0
    }

    /// The first eight hexadecimal digits of the random part: short enough for a card's text fields.
    pub fn mark(&self) -> String {
        let text = self.0.simple().to_string();
        text[20..].to_owned()
    }
}

impl<Kind> fmt::Display for Id<Kind> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(formatter)
    }
}

impl<Kind> fmt::Debug for Id<Kind> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(formatter)
    }
}

impl<Kind> FromStr for Id<Kind> {
    type Err = MalformedId;

    fn from_str(text: &str) -> Result<Self, MalformedId> {
        // The hyphenated form only: the other forms `uuid` reads never leave this server.
        if text.len() != 36 {
            return Err(MalformedId);
        }
        Uuid::try_parse(text).map(Self::from_uuid).map_err(|_| MalformedId)
    }
}

impl<Kind> Serialize for Id<Kind> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.hyphenated().encode_lower(&mut Uuid::encode_buffer()))
    }
}

impl<'de, Kind> Deserialize<'de> for Id<Kind> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

macro_rules! kinds {
    ($($kind:ident => $alias:ident: $doc:literal,)*) => {
        /// Markers that tell the kinds of ids apart.
        pub mod kind {
            $(
                #[doc = $doc]
                #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
                pub enum $kind {}
            )*
        }
        $(
            #[doc = concat!("Id of ", $doc)]
            pub type $alias = Id<kind::$kind>;
        )*
    };
}

kinds! {
    Workspace => WorkspaceId: "a workspace, the tenant.",
    ApiKey => ApiKeyId: "an API key.",
    ConnectedAccount => ConnectedAccountId: "a connected account.",
    AcsSystem => AcsSystemId: "a site or a credential manager.",
    Entrance => EntranceId: "a door.",
    Encoder => EncoderId: "a device that writes plastic cards.",
    UserIdentity => UserIdentityId: "a person across systems.",
    AcsUser => AcsUserId: "a user of one system.",
    Phone => PhoneId: "a phone.",
    Endpoint => EndpointId: "an endpoint: one phone's registration at a credential manager.",
    Credential => CredentialId: "a credential: a grant of doors and a window by one method.",
    Stay => StayId: "a stay: one party's hold on a set of guest doors.",
    Carrier => CarrierId: "a carrier: one card record at the lock server.",
    Event => EventId: "an event.",
    ActionAttempt => ActionAttemptId: "an action attempt.",
    Note => NoteId: "a line of the audit log.",
    Task => TaskId: "a row of the outbox.",
    ClientSession => ClientSessionId: "a client session: what a phone app is logged in with.",
    PersonalAccessToken => PersonalAccessTokenId: "a personal access token.",
    ConnectWebview => ConnectWebviewId: "a page on which an operator connects a site.",
    EnrollmentAutomation => EnrollmentAutomationId: "an enrolment of a person at a credential manager.",
    Webhook => WebhookId: "an address that events are sent to.",
    WebhookMessage => WebhookMessageId: "an event on its way to one webhook.",
    WebhookAttempt => WebhookAttemptId: "one attempt to deliver a message.",
    AccessGrant => AccessGrantId: "an access grant: a guest's part in a reservation.",
    AccessMethod => AccessMethodId: "an access method: one card or phone key of a grant.",
    Space => SpaceId: "a space: doors under one name.",
    InstantKey => InstantKeyId: "an instant key: a link that shows a guest's keys.",
    Customer => CustomerId: "a customer of the workspace.",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_back_as_it_was_written() {
        let text = "0190f5fe-7c00-7a00-8000-0123456789ab";
        let id: EntranceId = text.parse().unwrap();
        assert_eq!(id.to_string(), text);
    }

    #[test]
    fn forms_other_than_the_hyphenated_one_are_malformed() {
        for text in ["", "101", "0190f5fe7c007a0080000123456789ab", "{0190f5fe-7c00-7a00-8000-0123456789ab}"] {
            assert_eq!(text.parse::<EntranceId>(), Err(MalformedId), "{text}");
        }
    }
}
