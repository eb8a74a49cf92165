//! Guests, residents, staff: persons of the workspace under the keys of the property system.

use domain::{Moment, id::UserIdentityId};
use serde_json::json;
use store::{
    Tx,
    customers::{self, Name, Record},
    user_identities::{By, UserIdentity, find},
};

use super::{Outcome, PEOPLE, own, places::fresh};
use crate::{Caller, Error, user_identities};

/// A person as pushed. What is absent stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// Name.
    pub full_name: Option<String>,
    /// Email address.
    pub email_address: Option<String>,
    /// Phone number.
    pub phone_number: Option<String>,
}

/// Makes a person, or brings the one of this key up to date.
///
/// # Errors
/// When the email address or phone number is another person's, or the key is in use for another kind of people.
pub fn push_person(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    customer_key: &str,
    name: &Name,
    pushed: &Person,
) -> Result<Outcome, Error> {
    let present = own(tx, caller, customer_key, name)?;
    let known = match present.as_ref().and_then(|record| record.subject_id) {
        Some(id) => find(tx, caller.workspace_id, &By::Id(id))?.filter(|person| person.deleting_at.is_none()),
        None => None,
    };
    let known = match known {
        Some(person) => Some(person),
        None => unclaimed(tx, caller, name)?,
    };
    let was_ours = present.as_ref().is_some_and(|record| record.content["made"] == true);
    let (id, is_made, is_changed) = match known {
        None => (made(tx, moment, caller, name, pushed)?, true, true),
        Some(person) => {
            let is_changed = changed(tx, moment, caller, &person, pushed)?;
            (
                person.id,
                was_ours && present.as_ref().and_then(|record| record.subject_id) == Some(person.id),
                is_changed,
            )
        }
    };
    let content = json!({ "made": is_made });
    let is_new = match &present {
        Some(record) => record.subject_id != Some(id) || record.content != content || record.problem.is_some(),
        None => true,
    };
    if is_new {
        caller.note(tx, moment, "customer.push_data", customer_key, json!({ "list": name.kind, "person": id }))?;
        let subject_id = Some(id);
        match present {
            Some(record) => {
                customers::update(tx, &Record { content, subject_id, problem: None, updated_at: moment.now, ..record })?
            }
            None => {
                customers::insert(tx, &Record { content, subject_id, ..fresh(moment, caller, customer_key, name) })?
            }
        }
    }
    Ok(if is_new || is_changed { Outcome::Acted } else { Outcome::Unchanged })
}

/// The person who has the key without having been pushed.
fn unclaimed(tx: &mut Tx<'_>, caller: &Caller, name: &Name) -> Result<Option<UserIdentity>, Error> {
    let found = find(tx, caller.workspace_id, &By::Key(name.key.clone()))?;
    let Some(person) = found else { return Ok(None) };
    if person.deleting_at.is_some() {
        let message = "the person with this key is being deleted; push again in a moment".to_owned();
        return Err(Error::Conflict { message });
    }
    for (kind, _) in PEOPLE.into_iter().filter(|(kind, _)| *kind != name.kind) {
        let other = Name { kind: kind.to_owned(), key: name.key.clone() };
        if customers::find(tx, caller.workspace_id, &other)?.is_some_and(|other| other.subject_id == Some(person.id)) {
            // A guest must never become one of the staff because two lists count alike.
            let message = format!("the key is in use for one of the {kind}; keys of people are unique in a workspace");
            return Err(Error::Conflict { message });
        }
    }
    Ok(Some(person))
}

fn made(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    name: &Name,
    pushed: &Person,
) -> Result<UserIdentityId, Error> {
    let new = user_identities::Create {
        user_identity_key: Some(name.key.clone()),
        email_address: pushed.email_address.clone(),
        phone_number: pushed.phone_number.clone(),
        full_name: pushed.full_name.clone(),
        acs_system_ids: Vec::new(),
    };
    Ok(user_identities::create(tx, moment, caller, &new)?.id)
}

fn changed(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    person: &UserIdentity,
    pushed: &Person,
) -> Result<bool, Error> {
    let differs = |pushed: &Option<String>, present: &Option<String>| pushed.is_some() && pushed != present;
    let is_changed = differs(&pushed.full_name, &person.full_name)
        || differs(&pushed.email_address, &person.email_address)
        || differs(&pushed.phone_number, &person.phone_number);
    if is_changed {
        let update = user_identities::Update {
            user_identity_key: None,
            email_address: pushed.email_address.clone().map(Some),
            phone_number: pushed.phone_number.clone().map(Some),
            full_name: pushed.full_name.clone().map(Some),
        };
        user_identities::update(tx, moment, caller, person.id, &update)?;
    }
    Ok(is_changed)
}

/// The person that a stay names: who was pushed under the key, else whoever has it.
pub(super) fn named(tx: &mut Tx<'_>, caller: &Caller, name: &Name) -> Result<UserIdentityId, Error> {
    let pushed = customers::find(tx, caller.workspace_id, name)?.and_then(|record| record.subject_id);
    let by = pushed.map_or_else(|| By::Key(name.key.clone()), By::Id);
    let found = find(tx, caller.workspace_id, &by)?.filter(|person| person.deleting_at.is_none());
    found.map(|person| person.id).ok_or_else(|| {
        let message = format!("nobody has the key {}; push the person in {} first", name.key, name.kind);
        Error::invalid("guest_key", message)
    })
}
