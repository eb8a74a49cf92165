//! Persons, their enrolments and their phones, each rule on every engine.

use domain::{
    Moment,
    id::{AcsSystemId, PhoneId, UserIdentityId, WorkspaceId},
};
use innkeep_store::{
    Error, Store, Tx,
    enrollment_automations::{self, EnrollmentAutomation},
    merged_user_identities::{self, Merged},
    page::Page,
    phone_pages::{self, Filter},
    phones,
    user_identities::{self, By, UserIdentity},
};
use serde_json::json;

use crate::conformance::Case;
use crate::nouns::{self, at};

/// The cases of this file.
pub const CASES: &[Case] = &[
    ("old ids and keys lead to whom a person was merged into", old_ids_and_keys_lead_on),
    ("a person is enrolled once at one manager", a_person_is_enrolled_once_at_one_manager),
    ("phones are found by what they are called", phones_are_found_by_what_they_are_called),
];

fn change<T: Send + 'static>(
    store: &Store,
    mut work: impl FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    store.write("test", move |tx| work(tx))
}

fn read<T>(store: &Store, work: impl FnOnce(&mut Tx<'_>) -> Result<T, Error>) -> T {
    store.read("test", work).unwrap()
}

/// A person with this key.
fn person(store: &Store, workspace_id: WorkspaceId, seed: u64, key: &'static str) -> UserIdentityId {
    let id = Moment::new(at(0), seed).id();
    let person = UserIdentity {
        id,
        workspace_id,
        user_identity_key: Some(key.to_owned()),
        email_address: None,
        phone_number: None,
        full_name: None,
        created_at: at(0),
        deleting_at: None,
        deleted_at: None,
    };
    change(store, move |tx| user_identities::insert(tx, &person)).unwrap();
    id
}

fn merge(store: &Store, workspace_id: WorkspaceId, from: UserIdentityId, into: UserIdentityId, key: &'static str) {
    change(store, move |tx| {
        user_identities::set_deleted(tx, from, at(1))?;
        let note =
            Merged { id: from, workspace_id, into_id: into, user_identity_key: Some(key.to_owned()), merged_at: at(1) };
        merged_user_identities::insert(tx, &note)
    })
    .unwrap();
}

fn old_ids_and_keys_lead_on(store: &Store) {
    let (workspace, _) = nouns::workspace_and_system(store);
    let (a, b, c) =
        (person(store, workspace, 11, "a"), person(store, workspace, 12, "b"), person(store, workspace, 13, "c"));
    merge(store, workspace, a, b, "a");
    merge(store, workspace, b, c, "b");
    let found = |by: By| read(store, |tx| user_identities::find(tx, workspace, &by)).map(|person| person.id);
    for by in [By::Id(a), By::Key("a".to_owned()), By::Id(b), By::Key("b".to_owned()), By::Id(c)] {
        assert_eq!(found(by.clone()), Some(c), "{by:?}");
    }
    let elsewhere = Moment::new(at(0), 99).id();
    assert!(read(store, |tx| user_identities::find(tx, elsewhere, &By::Id(a))).is_none(), "a foreign workspace");
    let merged = read(store, |tx| merged_user_identities::into_these(tx, &[c]));
    assert_eq!(merged.into_iter().map(|one| one.id).collect::<Vec<_>>(), [a.min(b), a.max(b)]);

    change(store, move |tx| merged_user_identities::forget(tx, c)).unwrap();
    assert_eq!(found(By::Key("a".to_owned())), None);
    person(store, workspace, 14, "a");
}

fn a_person_is_enrolled_once_at_one_manager(store: &Store) {
    let (workspace, manager) = nouns::workspace_and_system(store);
    let person = person(store, workspace, 11, "a");
    let automation = |seed: u64, manager: AcsSystemId| EnrollmentAutomation {
        id: Moment::new(at(0), seed).id(),
        workspace_id: workspace,
        user_identity_id: person,
        credential_manager_id: manager,
        created_at: at(0),
    };
    let (first, second) = (automation(21, manager), automation(22, manager));
    let id = first.id;
    change(store, move |tx| enrollment_automations::insert(tx, &first)).unwrap();
    let refused = change(store, move |tx| enrollment_automations::insert(tx, &second)).unwrap_err();
    assert!(matches!(refused, Error::Constraint { .. }), "{refused:?}");
    let of_person = read(store, |tx| enrollment_automations::of_identity(tx, person));
    assert_eq!(of_person.iter().map(|one| one.id).collect::<Vec<_>>(), [id]);
    let elsewhere = Moment::new(at(0), 99).id();
    assert!(read(store, |tx| enrollment_automations::find(tx, elsewhere, id)).is_none(), "a foreign workspace");
}

fn phones_are_found_by_what_they_are_called(store: &Store) {
    let (workspace, _) = nouns::workspace_and_system(store);
    let owner = person(store, workspace, 11, "a");
    let made: Vec<PhoneId> = [("android_phone", "Galaxy"), ("ios_phone", "iPhone"), ("android_phone", "Pixel")]
        .into_iter()
        .enumerate()
        .map(|(number, (device_type, model))| {
            let phone = phones::Phone {
                id: Moment::new(at(0), 30 + number as u64).id(),
                workspace_id: workspace,
                user_identity_id: owner,
                device_type: device_type.to_owned(),
                display_name: model.to_owned(),
                detail: json!({}),
                created_at: at(i64::try_from(number).unwrap()),
                deactivated_at: None,
                nickname: None,
            };
            let id = phone.id;
            change(store, move |tx| phones::insert(tx, &phone)).unwrap();
            id
        })
        .collect();
    let (first, third) = (made[0], made[2]);
    change(store, move |tx| phones::set_nickname(tx, first, Some("Jane's 100% phone"))).unwrap();
    let listed = |filter: Filter, page: Page| -> Vec<PhoneId> {
        read(store, |tx| phone_pages::list(tx, workspace, &filter, page)).into_iter().map(|phone| phone.id).collect()
    };
    let search = |text: &str| Filter { search: Some(text.to_owned()), ..Filter::default() };
    assert_eq!(listed(search("100% PHONE"), Page::whole()), [first]);
    assert_eq!(listed(search("PIXEL"), Page::whole()), [third]);
    let android = Filter { device_types: Some(vec!["android_phone".to_owned()]), ..Filter::default() };
    assert_eq!(listed(android.clone(), Page { limit: 1, after: None }), [first]);
    let after = Some((at(0), first.to_string()));
    assert_eq!(listed(android, Page { limit: 1, after }), [third]);
    let at_no_manager = Filter { managers: Some(Vec::new()), ..Filter::default() };
    assert_eq!(listed(at_no_manager, Page::whole()), []);
    let called = read(store, |tx| phones::called(tx, workspace, "Jane's 100% phone"));
    assert_eq!(called.map(|phone| phone.id), Some(first));
}
