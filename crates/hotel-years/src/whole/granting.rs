//! The engine's access grants.

use domain::{
    Moment,
    id::{AccessGrantId, AccessMethodId, CredentialId},
};
use engine::{
    Error,
    access_grants::{self, By, Requested, View},
    access_methods,
};
use store::{credentials::MOBILE_KEY, page::Page};

use super::Whole;
use crate::{
    granting::{Granted, Granting},
    world::WorldError,
};

/// A mobile key as desks ask for it. Nobody looks at the link here.
pub fn mobile_key() -> Requested {
    Requested { mode: MOBILE_KEY.to_owned(), code: None, instant_key_max_use_count: None, link: None }
}

fn granted(view: &View) -> Granted {
    let carried = |method: &access_methods::View| Some((method.method.id, method.credentials.first()?.id));
    Granted { id: view.grant.id, keys: view.methods.iter().filter_map(carried).collect() }
}

impl Granting for Whole {
    fn create_grant(&mut self, moment: &Moment, asked: access_grants::Create) -> Result<Granted, Error> {
        let caller = self.caller.clone();
        self.attempt(moment, "create a grant", move |tx, moment| {
            access_grants::create(tx, moment, &caller, &asked).map(|view| granted(&view))
        })
    }

    fn update_grant(&mut self, moment: &Moment, id: AccessGrantId, asked: access_grants::Update) -> Result<(), Error> {
        let caller = self.caller.clone();
        self.attempt(moment, "update a grant", move |tx, moment| {
            access_grants::update(tx, moment, &caller, &By::Id(id), &asked).map(|_| ())
        })
    }

    fn delete_grant(&mut self, moment: &Moment, id: AccessGrantId) -> Result<(), Error> {
        let caller = self.caller.clone();
        self.attempt(moment, "delete a grant", move |tx, moment| {
            access_grants::delete(tx, moment, &caller, &By::Id(id))
        })
    }

    fn add_key(&mut self, moment: &Moment, id: AccessGrantId) -> Result<Granted, Error> {
        let caller = self.caller.clone();
        self.attempt(moment, "request a key", move |tx, moment| {
            access_grants::request_access_methods(tx, moment, &caller, id, &[mobile_key()]).map(|view| granted(&view))
        })
    }

    fn delete_key(&mut self, moment: &Moment, id: AccessMethodId) -> Result<(), Error> {
        let caller = self.caller.clone();
        self.attempt(moment, "delete a key", move |tx, moment| {
            access_methods::delete(tx, moment, &caller, &access_methods::Which::Method(id))
        })
    }

    fn grant(&self, id: AccessGrantId) -> Result<Option<View>, WorldError> {
        let caller = self.caller.clone();
        let found = self.store.read("a grant", move |tx| match access_grants::find(tx, &caller, &By::Id(id)) {
            Err(Error::NotFound { .. }) => Ok(None),
            found => found.map(Some),
        });
        found.map_err(|source| WorldError::Engine { doing: "look at a grant", source })
    }

    fn everything(&self) -> Result<String, WorldError> {
        let workspace_id = self.site.workspace_id;
        let kept = self.store.read("everything", move |tx| {
            let page = Page::whole;
            let grants =
                store::access_grants::list(tx, workspace_id, &store::access_grants::Filter::default(), page())?;
            let methods =
                store::access_methods::list(tx, workspace_id, &store::access_methods::Filter::default(), page())?;
            let credentials =
                store::credentials::list(tx, workspace_id, &store::credentials::Filter::default(), page())?;
            Ok::<_, store::Error>(format!("{grants:?}\n{methods:?}\n{credentials:?}"))
        });
        Ok(kept?)
    }

    fn made_for(&self, mark: &str) -> Result<Option<CredentialId>, WorldError> {
        let (system_id, mark) = (self.site.acs_system_id, mark.to_owned());
        let holder = self.store.read("a card's holder", move |tx| {
            let Some(carrier) = store::cards_seen::carrier_with_mark(tx, system_id, &mark)? else { return Ok(None) };
            let key = store::credentials::by_ids(tx, &[carrier.credential_id])?.into_iter().next();
            Ok::<_, store::Error>(key.map(|key| key.parent_id.unwrap_or(key.id)))
        });
        Ok(holder?)
    }
}
