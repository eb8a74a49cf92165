//! Grants and methods, each rule on every engine.

use domain::{
    Moment,
    id::{AccessGrantId, EntranceId, WorkspaceId},
};
use innkeep_store::{
    Error, Store, Tx,
    access_grants::{self, AccessGrant, By, Filter},
    access_methods::{self, AccessMethod},
    page::Page,
    user_identities::{self, UserIdentity},
};
use serde_json::json;

use crate::{
    conformance::Case,
    nouns::{self, at},
};

/// The cases of this file.
pub const CASES: &[Case] = &[
    ("a grant and its methods are read back as they were written", a_grant_and_its_methods_are_read_back),
    ("grants are listed by what they are about", grants_are_listed_by_what_they_are_about),
    ("a grant's key is free once it is being deleted", a_grants_key_is_free_once_it_is_being_deleted),
    ("a credential names the methods that it carries", a_credential_names_the_methods_that_it_carries),
];

fn change<T: Send + 'static>(
    store: &Store,
    mut work: impl FnMut(&mut Tx<'_>, &mut Moment) -> Result<T, Error> + Send + 'static,
    seed: u64,
) -> Result<T, Error> {
    let moment = Moment::new(at(0), seed);
    store.write("test", move |tx| work(tx, &mut moment.clone()))
}

fn read<T>(store: &Store, work: impl FnOnce(&mut Tx<'_>) -> Result<T, Error>) -> T {
    store.read("test", work).unwrap()
}

/// A grant of a new person for this reservation.
fn grant(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    workspace: WorkspaceId,
    key: Option<&str>,
    reservation: &str,
) -> Result<AccessGrant, Error> {
    let person = UserIdentity {
        id: moment.id(),
        workspace_id: workspace,
        user_identity_key: None,
        email_address: None,
        phone_number: None,
        full_name: Some("Ada".to_owned()),
        created_at: at(0),
        deleting_at: None,
        deleted_at: None,
    };
    user_identities::insert(tx, &person)?;
    let grant = AccessGrant {
        id: moment.id(),
        workspace_id: workspace,
        user_identity_id: person.id,
        access_grant_key: key.map(str::to_owned),
        reservation_key: Some(reservation.to_owned()),
        customer_key: None,
        name: None,
        starts_at: at(1),
        ends_at: None,
        customization_profile_id: None,
        requested: json!([{ "mode": "card" }]),
        times_changed: None,
        complete_at: None,
        created_at: at(0),
        deleting_at: None,
        deleted_at: None,
    };
    access_grants::insert(tx, &grant)?;
    Ok(grant)
}

fn method(moment: &mut Moment, grant: &AccessGrant) -> AccessMethod {
    AccessMethod {
        id: moment.id(),
        workspace_id: grant.workspace_id,
        access_grant_id: grant.id,
        mode: "card".to_owned(),
        instant_key_max_use_count: Some(3),
        instant_key_id: None,
        asked_at: at(0),
        first_issued_at: None,
        issued_at: None,
        encoding_asked_at: Some(at(0)),
        delayed_at: None,
        failed_at: None,
        created_at: at(0),
        deleting_at: None,
        deleted_at: None,
    }
}

fn a_grant_and_its_methods_are_read_back(store: &Store) {
    let (workspace, system) = nouns::workspace_and_system(store);
    let door: EntranceId = nouns::door(store, workspace, system, "101");
    let (written, made) = change(
        store,
        move |tx, moment| {
            let grant = grant(tx, moment, workspace, Some("K"), "R1")?;
            access_grants::insert_door(tx, grant.id, door, 0)?;
            let method = method(moment, &grant);
            access_methods::insert(tx, &method)?;
            Ok((grant, method))
        },
        3,
    )
    .unwrap();
    let found = read(store, |tx| access_grants::find(tx, workspace, &By::Key("K".to_owned()))).unwrap();
    assert_eq!((found.id, found.starts_at, found.ends_at), (written.id, at(1), None));
    assert_eq!(found.requested, written.requested);
    assert_eq!(read(store, |tx| access_methods::of_grants(tx, &[written.id])), std::slice::from_ref(&made));

    let next = AccessMethod { issued_at: Some(at(2)), encoding_asked_at: None, ..made };
    let stored = next.clone();
    change(
        store,
        move |tx, _| {
            access_methods::update(tx, &stored)?;
            access_grants::set_door(tx, written.id, door, Some(at(2)), None)?;
            let change = access_grants::Change {
                ends_at: Some(Some(at(9))),
                name: Some(Some("Suite".to_owned())),
                complete_at: Some(Some(at(2))),
                ..access_grants::Change::default()
            };
            access_grants::change(tx, written.id, change)
        },
        4,
    )
    .unwrap();
    assert_eq!(read(store, |tx| access_methods::find(tx, workspace, next.id)), Some(next));
    let doors = read(store, |tx| access_grants::doors_of(tx, &[written.id]));
    assert_eq!((doors[0].entrance_id, doors[0].granted_at, doors[0].lost_at), (door, Some(at(2)), None));
    let changed = read(store, |tx| access_grants::find(tx, workspace, &By::Id(written.id))).unwrap();
    assert_eq!((changed.ends_at, changed.name.as_deref()), (Some(at(9)), Some("Suite")));
}

fn grants_are_listed_by_what_they_are_about(store: &Store) {
    let (workspace, system) = nouns::workspace_and_system(store);
    let door: EntranceId = nouns::door(store, workspace, system, "101");
    let (first, second) = change(
        store,
        move |tx, moment| {
            let first = grant(tx, moment, workspace, Some("K"), "R1")?;
            let second = grant(tx, moment, workspace, None, "R2")?;
            access_grants::insert_door(tx, second.id, door, 0)?;
            let of_second = method(moment, &second);
            access_methods::insert(tx, &of_second)?;
            Ok((first, second))
        },
        3,
    )
    .unwrap();
    let found = |filter: Filter| -> Vec<AccessGrantId> {
        let rows = read(store, |tx| access_grants::list(tx, workspace, &filter, Page::whole()));
        rows.into_iter().map(|row| row.id).collect()
    };
    assert_eq!(found(Filter::default()), [first.id, second.id]);
    assert_eq!(found(Filter { access_grant_key: Some(None), ..Filter::default() }), [second.id]);
    assert_eq!(found(Filter { access_grant_key: Some(Some("K".to_owned())), ..Filter::default() }), [first.id]);
    assert_eq!(found(Filter { reservation_key: Some("R2".to_owned()), ..Filter::default() }), [second.id]);
    assert_eq!(found(Filter { acs_entrance_id: Some(door), ..Filter::default() }), [second.id]);
    assert_eq!(found(Filter { acs_system_id: Some(system), ..Filter::default() }), [second.id]);
    let sight = innkeep_store::sight::Sight { user_identity_id: Some(first.user_identity_id), ..Default::default() };
    assert_eq!(found(Filter { sight: Some(sight.clone()), ..Filter::default() }), [first.id]);
    assert_eq!(read(store, |tx| access_grants::of_identity(tx, first.user_identity_id)).len(), 1);
    let methods = |filter: access_methods::Filter| {
        read(store, |tx| access_methods::list(tx, workspace, &filter, Page::whole())).len()
    };
    assert_eq!(methods(access_methods::Filter { acs_entrance_id: Some(door), ..Default::default() }), 1);
    assert_eq!(methods(access_methods::Filter { access_grant_id: Some(first.id), ..Default::default() }), 0);
    assert_eq!(methods(access_methods::Filter { sight: Some(sight), ..Default::default() }), 0);
}

fn a_grants_key_is_free_once_it_is_being_deleted(store: &Store) {
    let (workspace, _) = nouns::workspace_and_system(store);
    let first = change(store, move |tx, moment| grant(tx, moment, workspace, Some("K"), "R1"), 3).unwrap();
    let again = change(store, move |tx, moment| grant(tx, moment, workspace, Some("K"), "R1"), 4);
    assert!(matches!(again, Err(Error::Constraint { .. })), "{again:?}");
    change(
        store,
        move |tx, _| {
            let change = access_grants::Change { deleting_at: Some(at(1)), ..access_grants::Change::default() };
            access_grants::change(tx, first.id, change)
        },
        5,
    )
    .unwrap();
    let second = change(store, move |tx, moment| grant(tx, moment, workspace, Some("K"), "R1"), 6).unwrap();
    let named = read(store, |tx| access_grants::find(tx, workspace, &By::Key("K".to_owned()))).unwrap();
    assert_eq!(named.id, second.id);
    let live = read(store, |tx| access_grants::of_reservation(tx, workspace, "R1"));
    assert_eq!(live.iter().map(|grant| grant.id).collect::<Vec<_>>(), [second.id]);
}

fn a_credential_names_the_methods_that_it_carries(store: &Store) {
    let (workspace, system) = nouns::workspace_and_system(store);
    let carrier = nouns::stored_carrier(store, system);
    let credential = read(store, |tx| innkeep_store::carriers::get(tx, carrier)).credential_id;
    let made = change(
        store,
        move |tx, moment| {
            let grant = grant(tx, moment, workspace, None, "R1")?;
            let method = method(moment, &grant);
            access_methods::insert(tx, &method)?;
            access_methods::insert_credential(tx, method.id, credential)?;
            Ok(method)
        },
        9,
    )
    .unwrap();
    assert_eq!(read(store, |tx| access_methods::carried_by(tx, &[credential])), std::slice::from_ref(&made));
    assert_eq!(read(store, |tx| access_methods::carriers_among(tx, &[credential])), [credential]);
    assert_eq!(read(store, |tx| access_methods::credentials_of(tx, &[made.id])), [(made.id, credential)]);
}
