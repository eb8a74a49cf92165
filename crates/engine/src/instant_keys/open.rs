//! Opening a link.
//!
//! A use is counted when a browser that the link does not know asks to see the keys, not when the link is fetched: what
//! makes a preview of a message fetches every link in it, and would use up a link before its guest has seen it.

use domain::Moment;
use jiff::Timestamp;
use serde_json::json;
use store::{Tx, client_sessions as sessions, instant_keys, user_identities};

use super::{View, view};
use crate::{Caller, Error};

/// What somebody gets who comes with a code.
#[derive(Debug, Clone)]
pub enum Access {
    /// The keys: the browser has opened the link before.
    Keys(Link),
    /// The question whether to open it here: the browser is new, and there is room for it.
    Question(Link),
    /// Nothing.
    Nothing(Over),
}

/// Why a link shows nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// There is no such link.
    Unknown,
    /// It has expired or was taken back.
    Ended,
    /// As many browsers as may have opened it, and this is not one of them.
    UsedUp,
}

/// A link that is good, and on whose behalf its page acts.
#[derive(Debug, Clone)]
pub struct Link {
    /// The link.
    pub view: View,
    /// Its guest.
    pub caller: Caller,
}

/// What the code is good for in this browser.
///
/// # Errors
/// When storage fails.
pub fn look(tx: &mut Tx<'_>, code_sha256: &str, browser_sha256: Option<&str>, now: Timestamp) -> Result<Access, Error> {
    let Some(key) = instant_keys::by_code(tx, code_sha256)? else { return Ok(Access::Nothing(Over::Unknown)) };
    let session = sessions::find(tx, key.workspace_id, key.client_session_id)?;
    let person = user_identities::by_id(tx, key.user_identity_id)?;
    let is_gone = key.deleted_at.is_some()
        || !session.is_some_and(|session| session.is_live(now))
        || person.is_none_or(|person| person.deleting_at.is_some() || person.deleted_at.is_some());
    let view = view(tx, key)?;
    if is_gone || view.expires_at <= now {
        return Ok(Access::Nothing(Over::Ended));
    }
    let is_known = match browser_sha256 {
        Some(browser) => instant_keys::was_opened_by(tx, view.key.id, browser)?,
        None => false,
    };
    let has_room = view.use_count < i64::from(view.key.max_use_count);
    let caller = Caller::of_workspace(view.key.workspace_id, format!("instant_key:{}", view.key.id));
    let link = Link { view, caller };
    Ok(match (is_known, has_room) {
        (true, _) => Access::Keys(link),
        (false, true) => Access::Question(link),
        (false, false) => Access::Nothing(Over::UsedUp),
    })
}

/// Opens the link in a browser: a use of it, unless the browser has opened it before.
///
/// # Errors
/// When storage fails.
pub fn open(tx: &mut Tx<'_>, moment: &mut Moment, code_sha256: &str, browser_sha256: &str) -> Result<Access, Error> {
    let Access::Question(link) = look(tx, code_sha256, Some(browser_sha256), moment.now)? else {
        return look(tx, code_sha256, Some(browser_sha256), moment.now);
    };
    instant_keys::add_use(tx, link.view.key.id, browser_sha256, moment.now)?;
    let detail = json!({ "use_count": link.view.use_count + 1 });
    link.caller.note(tx, moment, "instant_key.open", link.view.key.id, detail)?;
    Ok(Access::Keys(link))
}
