//! `/user_identities/merge`

use schemars::JsonSchema;
use serde::Deserialize;
use store::user_identities::By;

use crate::{
    adapter::{
        Call, Error, Nothing,
        field::{Id, Text},
    },
    api::id,
    app::App,
};

/// The most persons that are merged at once.
const MOST: usize = 20;

/// Merges persons into one, by ids or by keys. That one gets their users and phones, and the email address and phone
/// number it has not; their ids and keys keep resolving to it.
#[derive(Deserialize, JsonSchema)]
pub struct Merge {
    /// ID of the person who stays.
    user_identity_id: Option<Id>,
    /// IDs of the persons to be merged into that one.
    #[schemars(length(min = 1, max = MOST))]
    merged_user_identity_ids: Option<Vec<Id>>,
    /// The caller's own key for the person who stays.
    user_identity_key: Option<Text>,
    /// Keys of the persons to be merged into that one.
    #[schemars(length(min = 1, max = MOST))]
    merged_user_identity_keys: Option<Vec<Text>>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Merge) -> Result<Nothing, Error> {
    let by_id = (request.user_identity_id, request.merged_user_identity_ids);
    let by_key = (request.user_identity_key, request.merged_user_identity_keys);
    let (primary, merged, field) = match (by_id, by_key) {
        ((Some(id), Some(ids)), (None, None)) => {
            let merged = ids.iter().map(|id| Ok(By::Id(id::of(id)?))).collect::<Result<Vec<_>, Error>>()?;
            (By::Id(id::of(&id)?), merged, "merged_user_identity_ids")
        }
        ((None, None), (Some(key), Some(keys))) => {
            let merged = keys.into_iter().map(|key| By::Key(key.into_string())).collect();
            (By::Key(key.into_string()), merged, "merged_user_identity_keys")
        }
        _ => {
            let message = "Provide either user_identity_id and merged_user_identity_ids, or user_identity_key and \
                           merged_user_identity_keys";
            return Err(Error::invalid_input(message));
        }
    };
    App::change(call, "user_identity.merge", move |tx, moment, caller| {
        engine::user_identities::merge(tx, moment, caller, &primary, &merged, field)
    })?;
    Ok(Nothing {})
}
