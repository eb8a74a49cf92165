//! Spaces, instant keys and pushed records, each rule on every engine.

use domain::{
    Moment,
    id::{AcsSystemId, EntranceId, InstantKeyId, SpaceId, WorkspaceId},
};
use innkeep_store::{
    Error, Store, Tx, client_sessions, credentials,
    customers::{self, Name, Record},
    entrances, instant_keys,
    page::Page,
    space_members,
    spaces::{self, By, Filter, Space},
    systems, user_identities, users,
};
use serde_json::json;

use crate::{
    conformance::Case,
    nouns::{self, at},
};

/// The cases of this file.
pub const CASES: &[Case] = &[
    ("doors and spaces find each other as long as both are there", doors_and_spaces_find_each_other),
    ("the key of a deleted space is free and its parts stand alone", the_key_of_a_deleted_space_is_free),
    ("spaces are found by every filter", spaces_are_found_by_every_filter),
    ("uses of a link are counted by browser", uses_of_a_link_are_counted_by_browser),
    ("the latest mobile key of a person that is not going counts", the_latest_mobile_key_counts),
    ("a pushed record is replaced and forgotten whole", a_pushed_record_is_replaced_and_forgotten_whole),
];

fn change<T: Send + 'static>(
    store: &Store,
    seed: u64,
    mut work: impl FnMut(&mut Tx<'_>, &mut Moment) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let moment = Moment::new(at(0), seed);
    store.write("test", move |tx| work(tx, &mut moment.clone()))
}

fn read<T>(store: &Store, work: impl FnOnce(&mut Tx<'_>) -> Result<T, Error>) -> T {
    store.read("test", work).unwrap()
}

fn space(moment: &mut Moment, workspace_id: WorkspaceId, key: &str) -> Space {
    Space {
        id: moment.id(),
        workspace_id,
        space_key: Some(key.to_owned()),
        name: format!("Suite – {key}"),
        customer_key: Some("meridian".to_owned()),
        parent_id: None,
        customer_data: json!({"address": "Åvägen 1"}),
        created_at: at(0),
        deleted_at: None,
    }
}

fn door(moment: &mut Moment, workspace_id: WorkspaceId, acs_system_id: AcsSystemId, name: &str) -> entrances::Entrance {
    entrances::Entrance {
        id: moment.id(),
        workspace_id,
        acs_system_id,
        door_name: name.to_owned(),
        door_category: "guest".to_owned(),
        room_order: 1,
        profiles: json!([]),
        created_at: at(0),
        removed_at: None,
    }
}

/// Two doors and two spaces, the first with both doors, the second with the second one.
fn two_spaces(store: &Store) -> (WorkspaceId, AcsSystemId, [EntranceId; 2], [SpaceId; 2]) {
    let (workspace, system) = nouns::workspace_and_system(store);
    let (doors, made) = change(store, 21, move |tx, moment| {
        let doors = ["101", "Gym"].map(|name| door(moment, workspace, system, name));
        let made = ["a", "b"].map(|key| space(moment, workspace, key));
        for door in &doors {
            entrances::insert(tx, door)?;
        }
        for space in &made {
            spaces::insert(tx, space)?;
        }
        for (space, door) in [(0, 0), (0, 1), (1, 1)] {
            space_members::add_entrance(tx, made[space].id, doors[door].id)?;
        }
        Ok((doors.map(|door| door.id), made.map(|space| space.id)))
    })
    .unwrap();
    (workspace, system, doors, made)
}

fn doors_and_spaces_find_each_other(store: &Store) {
    let (workspace, _, doors, made) = two_spaces(store);
    let expected = vec![(made[0], doors[0]), (made[0], doors[1]), (made[1], doors[1])];
    assert_eq!(read(store, |tx| space_members::entrances(tx, &made)), expected);
    let expected = vec![(doors[0], made[0]), (doors[1], made[0]), (doors[1], made[1])];
    let mut found = read(store, |tx| space_members::spaces_of_entrances(tx, &doors));
    found.sort();
    assert_eq!(found, expected);
    let listed = |filter: entrances::Filter| {
        let rows = read(store, |tx| entrances::list(tx, workspace, &filter, Page::whole()));
        rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    let of = |space| entrances::Filter { space_id: Some(space), ..entrances::Filter::default() };
    assert_eq!(listed(of(Some(made[1]))), [doors[1]]);
    assert_eq!(listed(of(None)), []);
    let of_customer = entrances::Filter { customer_key: Some("meridian".to_owned()), ..entrances::Filter::default() };
    assert_eq!(listed(of_customer.clone()), doors);
    change(store, 22, move |tx, _| {
        entrances::set_removed(tx, doors[0], Some(at(1)))?;
        spaces::set_deleted(tx, made[0], at(1))
    })
    .unwrap();
    assert_eq!(read(store, |tx| space_members::entrances(tx, &made)), [(made[0], doors[1]), (made[1], doors[1])]);
    assert_eq!(read(store, |tx| space_members::spaces_of_entrances(tx, &doors)), [(doors[1], made[1])]);
    assert_eq!(listed(of_customer), [doors[1]]);
    change(store, 23, move |tx, _| space_members::remove_entrances(tx, made[1], &doors)).unwrap();
    assert_eq!(listed(of(None)), [doors[1]]);
}

fn the_key_of_a_deleted_space_is_free(store: &Store) {
    let (workspace, _, _, made) = two_spaces(store);
    let again = move |tx: &mut Tx<'_>, moment: &mut Moment| {
        let again = space(moment, workspace, "a");
        spaces::insert(tx, &again)?;
        Ok(again.id)
    };
    assert!(matches!(change(store, 24, again), Err(Error::Constraint { .. })));
    change(store, 25, move |tx, _| {
        let part = spaces::find(tx, workspace, &By::Id(made[1]))?.unwrap();
        spaces::update(tx, &Space { parent_id: Some(made[0]), ..part })?;
        spaces::set_deleted(tx, made[0], at(1))
    })
    .unwrap();
    let next = change(store, 26, again).unwrap();
    let found = |by: By| read(store, |tx| spaces::find(tx, workspace, &by));
    assert_eq!(found(By::Key("a".to_owned())).map(|space| space.id), Some(next));
    assert!(found(By::Id(made[0])).is_none());
    assert_eq!(found(By::Id(made[1])).unwrap().parent_id, None);
}

fn spaces_are_found_by_every_filter(store: &Store) {
    let (workspace, system, _, made) = two_spaces(store);
    let account = read(store, |tx| systems::get(tx, system)).connected_account_id;
    change(store, 27, move |tx, moment| {
        let part = Space { parent_id: Some(made[0]), customer_key: None, ..space(moment, workspace, "part") };
        spaces::insert(tx, &part)?;
        space_members::add_account(tx, part.id, account)
    })
    .unwrap();
    let keys = |filter: Filter| {
        let rows = read(store, |tx| spaces::list(tx, workspace, &filter, Page::whole()));
        let mut keys: Vec<String> = rows.into_iter().filter_map(|row| row.space_key).collect();
        keys.sort();
        keys
    };
    assert_eq!(keys(Filter { connected_account_id: Some(account), ..Filter::default() }), ["a", "b", "part"]);
    assert_eq!(keys(Filter { customer_key: Some("meridian".to_owned()), ..Filter::default() }), ["a", "b"]);
    assert_eq!(keys(Filter { parent_id: Some(made[0]), ..Filter::default() }), ["part"]);
    assert_eq!(keys(Filter { search: Some("SUITE – B".to_owned()), ..Filter::default() }), ["b"]);
    let named = read(store, |tx| spaces::by_keys(tx, workspace, &["a".to_owned(), "nothing".to_owned()]));
    assert_eq!(named.into_iter().map(|row| row.id).collect::<Vec<_>>(), [made[0]]);
}

/// A person with a user, and a link.
fn link(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    workspace_id: WorkspaceId,
) -> Result<(user_identities::UserIdentity, InstantKeyId), Error> {
    let person = user_identities::UserIdentity {
        id: moment.id(),
        workspace_id,
        user_identity_key: None,
        email_address: None,
        phone_number: None,
        full_name: None,
        created_at: at(0),
        deleting_at: None,
        deleted_at: None,
    };
    user_identities::insert(tx, &person)?;
    let session = client_sessions::ClientSession {
        id: moment.id(),
        workspace_id,
        short_token: "short".to_owned(),
        long_token_sha256: "hash".to_owned(),
        sealed_token: "sealed".to_owned(),
        user_identifier_key: None,
        user_identity_id: Some(person.id),
        customer_key: None,
        is_read_only: false,
        created_at: at(0),
        expires_at: at(9),
        revoked_at: None,
        deleted_at: None,
    };
    client_sessions::insert(tx, &session)?;
    let key = instant_keys::InstantKey {
        id: moment.id(),
        workspace_id,
        user_identity_id: person.id,
        client_session_id: session.id,
        code_sha256: "code".to_owned(),
        sealed_code: "sealed".to_owned(),
        customization_profile_id: None,
        max_use_count: 2,
        created_at: at(0),
        expires_at: at(9),
        deleted_at: None,
    };
    instant_keys::insert(tx, &key)?;
    Ok((person, key.id))
}

fn uses_of_a_link_are_counted_by_browser(store: &Store) {
    let (workspace, _) = nouns::workspace_and_system(store);
    let id = change(store, 31, move |tx, moment| Ok(link(tx, moment, workspace)?.1)).unwrap();
    assert!(read(store, |tx| instant_keys::use_counts(tx, &[id])).is_empty());
    change(store, 32, move |tx, _| {
        instant_keys::add_use(tx, id, "one", at(1))?;
        instant_keys::add_use(tx, id, "two", at(1))
    })
    .unwrap();
    assert_eq!(read(store, |tx| instant_keys::use_counts(tx, &[id])).get(&id), Some(&2));
    assert!(read(store, |tx| instant_keys::was_opened_by(tx, id, "one")));
    assert!(!read(store, |tx| instant_keys::was_opened_by(tx, id, "three")));
    change(store, 33, move |tx, _| instant_keys::set_deleted(tx, id, at(2))).unwrap();
    assert!(read(store, |tx| instant_keys::find(tx, workspace, id)).is_none());
    assert!(read(store, |tx| instant_keys::by_code(tx, "code")).unwrap().deleted_at.is_some());
    assert!(read(store, |tx| instant_keys::list(tx, workspace, None)).is_empty());
}

fn the_latest_mobile_key_counts(store: &Store) {
    let (workspace, system) = nouns::workspace_and_system(store);
    let person = change(store, 34, move |tx, moment| {
        let (person, _) = link(tx, moment, workspace)?;
        let user = users::AcsUser {
            id: moment.id(),
            workspace_id: workspace,
            acs_system_id: system,
            user_identity_id: Some(person.id),
            full_name: None,
            email_address: None,
            phone_number: None,
            access_starts_at: None,
            access_ends_at: None,
            is_suspended: false,
            created_at: at(0),
            deleting_at: None,
            deleted_at: None,
        };
        users::insert(tx, &user)?;
        for (hour, method, is_going) in [
            (3, credentials::MOBILE_KEY, false),
            (5, credentials::MOBILE_KEY, false),
            (7, credentials::MOBILE_KEY, true),
            (8, credentials::CARD, false),
        ] {
            let key = credentials::Credential {
                acs_user_id: Some(user.id),
                access_method: method.to_owned(),
                ends_at: at(hour),
                deleting_at: is_going.then(|| at(1)),
                ..nouns::credential_of(moment, workspace, system)
            };
            credentials::insert(tx, &key)?;
        }
        Ok(person.id)
    })
    .unwrap();
    let ends = read(store, |tx| instant_keys::latest_ends(tx, &[person], credentials::MOBILE_KEY));
    assert_eq!(ends.get(&person), Some(&at(5)));
}

fn a_pushed_record_is_replaced_and_forgotten_whole(store: &Store) {
    let (workspace, _) = nouns::workspace_and_system(store);
    let name = Name { kind: "reservations".to_owned(), key: "r – 1".to_owned() };
    let record = Record {
        workspace_id: workspace,
        kind: name.kind.clone(),
        record_key: name.key.clone(),
        customer_key: "meridian".to_owned(),
        content: json!({}),
        subject_id: None,
        problem: Some("no room".to_owned()),
        created_at: at(0),
        updated_at: at(0),
    };
    let (named, written) = (name.clone(), record.clone());
    change(store, 41, move |tx, _| {
        customers::insert(tx, &written)?;
        customers::update(tx, &Record { content: json!({"a": 1}), problem: None, ..written.clone() })?;
        customers::set_places(tx, workspace, &named, &["101".to_owned(), "102".to_owned()])?;
        customers::set_places(tx, workspace, &named, &["102".to_owned()])
    })
    .unwrap();
    let found = read(store, |tx| customers::find(tx, workspace, &name)).unwrap();
    assert_eq!((found.content, found.problem), (json!({"a": 1}), None));
    assert_eq!(read(store, |tx| customers::of_customer(tx, workspace, "meridian")), std::slice::from_ref(&name));
    assert_eq!(read(store, |tx| customers::naming(tx, workspace, "102")), std::slice::from_ref(&name));
    assert!(read(store, |tx| customers::naming(tx, workspace, "101")).is_empty());
    let named = name.clone();
    change(store, 42, move |tx, _| customers::delete(tx, workspace, &named)).unwrap();
    assert!(read(store, |tx| customers::find(tx, workspace, &name)).is_none());
    assert!(read(store, |tx| customers::naming(tx, workspace, "102")).is_empty());
}
