//! What the routes that make or widen sessions share: naming what a session is given, and what a publishable key must
//! not ask for.

use domain::id::{ConnectWebviewId, ConnectedAccountId, UserIdentityId};
use engine::{Noun, client_sessions::Given};
use http::StatusCode;

use crate::{
    adapter::{
        Actor, Call, Error,
        field::{Id, Reference, Text},
    },
    api::id,
    app::App,
};

/// Headers that may stand for the body's `user_identifier_key` (`spec/api.md 1.8`).
const KEY_HEADERS: [&str; 2] = ["seam-user-identifier-key", "user-identifier-key"];

/// Reads the parameters that name what a session is given.
///
/// # Errors
/// 404 for what is no id, 400 when two different persons are named.
pub fn given(
    person: Option<&Id>,
    persons: Option<&[Id]>,
    accounts: Option<&[Reference]>,
    webviews: Option<&[Reference]>,
) -> Result<Given, Error> {
    let only: Option<&Id> = persons.and_then(<[Id]>::first);
    if person.is_some() && only.is_some() && person != only {
        let message = "user_identity_id and user_identity_ids name different persons; send user_identity_id alone";
        return Err(Error::invalid_input(message));
    }
    let user_identity_id: Option<UserIdentityId> = id::of_optional(person.or(only))?;
    let account = |given: &Reference| -> Result<ConnectedAccountId, Error> { id::known(Noun::ConnectedAccount, given) };
    let webview = |given: &Reference| -> Result<ConnectWebviewId, Error> { id::known(Noun::ConnectWebview, given) };
    Ok(Given {
        user_identity_id,
        connected_account_ids: accounts.unwrap_or_default().iter().map(account).collect::<Result<_, _>>()?,
        connect_webview_ids: webviews.unwrap_or_default().iter().map(webview).collect::<Result<_, _>>()?,
    })
}

/// The key for whoever uses the session: from the body, or from a header.
pub fn user_identifier_key(call: &Call<'_, App>, sent: Option<Text>) -> Option<String> {
    let from_header = || {
        let text = KEY_HEADERS.into_iter().find_map(|name| call.headers.get(name)?.to_str().ok())?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    sent.map(Text::into_string).or_else(from_header)
}

/// What a publishable key may ask for: an empty session under a key. It is public, so it must not give away anything.
///
/// # Errors
/// With `without_key` when there is no key, 403 when the session would open something.
pub fn refuse_too_much(
    call: &Call<'_, App>,
    key: Option<&str>,
    opens_nothing: bool,
    without_key: StatusCode,
) -> Result<(), Error> {
    if !matches!(call.access.who, Actor::PublishableKey(_)) {
        return Ok(());
    }
    if key.is_none() {
        let message = "with a publishable key, send a user_identifier_key";
        return Err(Error::new(without_key, "publishable_key_requires_user_identifier_key", message));
    }
    if !opens_nothing {
        let message = "a publishable key makes client sessions without persons, accounts, webviews and customers only; \
                       use an API key on a server of yours for others";
        let kind = "publishable_keys_must_create_empty_client_sessions";
        return Err(Error::new(StatusCode::FORBIDDEN, kind, message));
    }
    Ok(())
}
