//! One child per phone: every live parent has a child on every active endpoint of its owner (`spec/api.md 4.9`).

use std::collections::BTreeSet;

use domain::{Moment, id::EndpointId, window::minute};
use serde_json::json;
use store::{
    Tx,
    credentials::{self, Credential},
    phones, users,
};

use super::scene::Surroundings;
use crate::{Caller, Error};

/// Adds the children that are missing. A child that was deleted by itself stays deleted until the phone registers
/// anew.
pub(super) fn add_missing_children(tx: &mut Tx<'_>, moment: &mut Moment, around: &Surroundings) -> Result<bool, Error> {
    let mut added = false;
    for parent in around.holders.values().filter(|holder| holder.is_multi_phone) {
        let over = parent.ends_at <= moment.now;
        let ends = parent.deleting_at.or(parent.revoked_at).is_some();
        // A credential whose successor lies ahead is still the one that opens the doors (P6).
        let successor = parent.replaced_by.and_then(|successor| around.holders.get(&successor));
        let replaced =
            parent.replaced_by.is_some() && successor.is_none_or(|next| minute(next.starts_at) <= moment.now);
        if ends || replaced || over {
            continue;
        }
        for endpoint in missing_endpoints(tx, around, parent)? {
            let child = Credential {
                id: moment.id(),
                parent_id: Some(parent.id),
                endpoint_id: Some(endpoint),
                is_multi_phone: false,
                created_at: moment.now,
                issued_at: None,
                invalidated_at: parent.invalidated_at,
                ..parent.clone()
            };
            credentials::insert(tx, &child)?;
            let after = json!({ "parent_acs_credential_id": parent.id, "endpoint_id": endpoint });
            let program = Caller::program(parent.workspace_id);
            program.note(tx, moment, "acs_credential.add_child", child.id, json!({ "after": after }))?;
            added = true;
        }
    }
    Ok(added)
}

fn missing_endpoints(tx: &mut Tx<'_>, around: &Surroundings, parent: &Credential) -> Result<Vec<EndpointId>, Error> {
    let (Some(owner), Some(manager)) = (parent.acs_user_id, parent.credential_manager_id) else {
        return Ok(Vec::new());
    };
    let Some(owner) = users::find(tx, parent.workspace_id, owner)? else { return Ok(Vec::new()) };
    let Some(identity) = owner.user_identity_id.filter(|_| !owner.is_suspended) else { return Ok(Vec::new()) };
    let active = phones::active_endpoints(tx, identity, manager)?;
    let served: BTreeSet<EndpointId> = around
        .children
        .values()
        .filter(|child| child.parent_id == Some(parent.id))
        .filter_map(|child| child.endpoint_id)
        .collect();
    let mut missing: Vec<EndpointId> =
        active.into_iter().map(|endpoint| endpoint.id).filter(|endpoint| !served.contains(endpoint)).collect();
    if !missing.is_empty() {
        let former: BTreeSet<EndpointId> = credentials::endpoints_ever_of(tx, parent.id)?.into_iter().collect();
        missing.retain(|endpoint| !former.contains(endpoint));
    }
    Ok(missing)
}
