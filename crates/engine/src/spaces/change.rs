//! Making, changing and deleting spaces.

use domain::{
    Moment,
    id::{EntranceId, PhoneId, SpaceId},
};
use serde_json::json;
use store::{
    Tx, space_members,
    spaces::{self, By, Space},
};

use super::{
    CustomerData, Members, find,
    members::{members_of, report_change},
};
use crate::{Caller, Error, event};

/// The longest way from a space up to the one that is part of no other.
const DEEPEST: usize = 100;

/// A space to be made.
#[derive(Debug, Clone, Default)]
pub struct Create {
    /// Name.
    pub name: String,
    /// The caller's own key.
    pub space_key: Option<String>,
    /// The customer it belongs to.
    pub customer_key: Option<String>,
    /// Address, usual times and zone.
    pub customer_data: CustomerData,
    /// What belongs to it.
    pub members: Members,
}

/// What is to be changed; none stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Update {
    /// Name.
    pub name: Option<String>,
    /// The doors that belong to it from now on.
    pub entrances: Option<Vec<EntranceId>>,
    /// The phones that belong to it from now on.
    pub devices: Option<Vec<PhoneId>>,
    /// The customer it belongs to; inner none: no one.
    pub customer_key: Option<Option<String>>,
    /// Address, usual times and zone.
    pub customer_data: CustomerData,
    /// The space that it is a part of; inner none: of no other.
    pub parent: Option<Option<By>>,
}

/// Makes a space.
///
/// # Errors
/// When the key is taken or something named is unknown; nothing is stored then.
pub fn create(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, asked: &Create) -> Result<Space, Error> {
    if let Some(key) = &asked.space_key
        && let Some(other) = spaces::find(tx, caller.workspace_id, &By::Key(key.clone()))?
    {
        // Whose it is must not be told to a session that does not see it.
        let message = if caller.sees_customer(other.customer_key.as_deref()) {
            format!("space_key already belongs to space {}; use that one or another value", other.id)
        } else {
            "space_key already belongs to another space; use another value".to_owned()
        };
        return Err(Error::Conflict { message });
    }
    asked.members.refuse_unknown(tx, caller)?;
    let customer_key = caller.customer_of_new(asked.customer_key.clone())?;
    let space = Space {
        id: moment.id(),
        workspace_id: caller.workspace_id,
        space_key: asked.space_key.clone(),
        name: asked.name.clone(),
        customer_key,
        parent_id: None,
        customer_data: asked.customer_data.applied_to(&json!({}))?,
        created_at: moment.now,
        deleted_at: None,
    };
    spaces::insert(tx, &space)?;
    asked.members.write(tx, space.id, &Members::default())?;
    let members = members_of(tx, space.id)?;
    event::space(tx, moment, "space.created", &space, &members)?;
    caller.note(tx, moment, "space.create", space.id, json!({ "acs_entrance_ids": members.entrances }))?;
    Ok(space)
}

/// Changes a space.
///
/// # Errors
/// When it or something named is unknown, or it would become a part of itself; nothing is stored then.
pub fn update(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, by: &By, asked: &Update) -> Result<Space, Error> {
    let present = find(tx, caller, by)?;
    let parent_id = match &asked.parent {
        None => present.parent_id,
        Some(None) => None,
        Some(Some(parent)) => Some(parent_for(tx, caller, &present, parent)?),
    };
    let changed = Space {
        name: asked.name.clone().unwrap_or_else(|| present.name.clone()),
        customer_key: match &asked.customer_key {
            None => present.customer_key.clone(),
            Some(key) => caller.customer_of_new(key.clone())?,
        },
        customer_data: asked.customer_data.applied_to(&present.customer_data)?,
        parent_id,
        ..present
    };
    spaces::update(tx, &changed)?;
    caller.note(tx, moment, "space.update", changed.id, json!({}))?;
    replace_members(tx, moment, caller, &changed, asked)?;
    Ok(changed)
}

/// The space that is to be above another one, if that makes no circle.
fn parent_for(tx: &mut Tx<'_>, caller: &Caller, space: &Space, named: &By) -> Result<SpaceId, Error> {
    let field = if matches!(named, By::Id(_)) { "parent_space_id" } else { "parent_space_key" };
    let parent = find(tx, caller, named)?;
    let mut above = Some(parent.id);
    for _ in 0..DEEPEST {
        let Some(id) = above else { return Ok(parent.id) };
        if id == space.id {
            return Err(Error::invalid(
                field,
                "a space cannot be a part of itself; name a space that is no part of it",
            ));
        }
        above = find(tx, caller, &By::Id(id))?.parent_id;
    }
    Err(Error::invalid(field, format!("spaces lie within each other at most {DEEPEST} deep")))
}

fn replace_members(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    space: &Space,
    asked: &Update,
) -> Result<(), Error> {
    let before = members_of(tx, space.id)?;
    let wanted = Members {
        entrances: asked.entrances.clone().unwrap_or_else(|| before.entrances.clone()),
        devices: asked.devices.clone().unwrap_or_else(|| before.devices.clone()),
        accounts: Vec::new(),
    };
    wanted.refuse_unknown(tx, caller)?;
    let doors: Vec<EntranceId> = before.entrances.iter().filter(|id| !wanted.entrances.contains(id)).copied().collect();
    let phones: Vec<PhoneId> = before.devices.iter().filter(|id| !wanted.devices.contains(id)).copied().collect();
    space_members::remove_entrances(tx, space.id, &doors)?;
    space_members::remove_devices(tx, space.id, &phones)?;
    wanted.write(tx, space.id, &before)?;
    if members_of(tx, space.id)? != before {
        report_change(tx, moment, caller, space)?;
    }
    Ok(())
}

/// Deletes a space. Its parts stand alone, and what was granted by it stays granted.
///
/// # Errors
/// When there is none.
pub fn delete(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, id: SpaceId) -> Result<(), Error> {
    let space = find(tx, caller, &By::Id(id))?;
    let members = members_of(tx, id)?;
    spaces::set_deleted(tx, id, moment.now)?;
    event::space(tx, moment, "space.deleted", &space, &members)?;
    caller.note(tx, moment, "space.delete", id, json!({}))
}
