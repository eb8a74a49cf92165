//! Client sessions, and what lists show to them.

use domain::{
    Moment,
    id::{AcsUserId, CredentialId, UserIdentityId},
};
use innkeep_store::{
    Error, Store, Tx,
    client_sessions::{self, ClientSession, Filter, Grants},
    credentials, entrances, events,
    page::Page,
    personal_access_tokens as tokens, reset,
    sight::Sight,
    systems, user_identities,
    users::{self, AcsUser},
    workspaces::{self, Workspace},
};

use crate::{
    conformance::Case,
    nouns::{Site, at, change, credential, doors, read, site},
};

/// The cases of this file.
pub const CASES: &[Case] = &[
    ("a session is found by its token until it is deleted", a_session_is_found_by_its_token_until_it_is_deleted),
    ("sessions are listed by what they were given", sessions_are_listed_by_what_they_were_given),
    ("lists show what a sight covers", lists_show_what_a_sight_covers),
    ("an owner is a member once", an_owner_is_a_member_once),
    ("an emptied workspace keeps its systems and others keep all", an_emptied_workspace_keeps_its_systems),
];

fn session(moment: &mut Moment, site: Site, short_token: &str) -> ClientSession {
    ClientSession {
        id: moment.id(),
        workspace_id: site.workspace,
        short_token: short_token.to_owned(),
        long_token_sha256: "hash".to_owned(),
        sealed_token: "sealed".to_owned(),
        user_identifier_key: Some("anna".to_owned()),
        user_identity_id: None,
        customer_key: Some("customer".to_owned()),
        is_read_only: true,
        created_at: at(1),
        expires_at: at(9),
        revoked_at: None,
        deleted_at: None,
    }
}

fn person(tx: &mut Tx<'_>, moment: &mut Moment, site: Site) -> Result<UserIdentityId, Error> {
    let identity = user_identities::UserIdentity {
        id: moment.id(),
        workspace_id: site.workspace,
        user_identity_key: None,
        email_address: None,
        phone_number: None,
        full_name: Some("Anna".to_owned()),
        created_at: at(0),
        deleting_at: None,
        deleted_at: None,
    };
    user_identities::insert(tx, &identity)?;
    Ok(identity.id)
}

fn user(tx: &mut Tx<'_>, moment: &mut Moment, site: Site, person: UserIdentityId) -> Result<AcsUserId, Error> {
    let user = AcsUser {
        id: moment.id(),
        workspace_id: site.workspace,
        acs_system_id: site.system,
        user_identity_id: Some(person),
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
    Ok(user.id)
}

fn a_session_is_found_by_its_token_until_it_is_deleted(store: &Store) {
    let here = site(store, 1);
    let made = change(
        store,
        move |tx, moment| {
            let session = session(moment, here, "short");
            client_sessions::insert(tx, &session)?;
            Ok(session)
        },
        2,
    )
    .unwrap();
    let found = read(store, |tx| client_sessions::by_short_token(tx, "short")).unwrap();
    assert_eq!(format!("{found:?}"), format!("{made:?}"));
    assert!(found.is_live(at(8)) && !found.is_live(at(9)));
    let id = made.id;
    change(store, move |tx, _| client_sessions::revoke(tx, id, at(2)), 3).unwrap();
    change(store, move |tx, _| client_sessions::revoke(tx, id, at(3)), 3).unwrap();
    let revoked = read(store, |tx| client_sessions::find(tx, here.workspace, id)).unwrap();
    assert_eq!(revoked.revoked_at, Some(at(2)), "the first time counts");
    change(store, move |tx, _| client_sessions::delete(tx, id, at(4)), 3).unwrap();
    assert!(read(store, |tx| client_sessions::by_short_token(tx, "short")).is_none());
    assert!(read(store, |tx| client_sessions::find(tx, here.workspace, id)).is_none());
}

fn sessions_are_listed_by_what_they_were_given(store: &Store) {
    let (here, there) = (site(store, 1), site(store, 2));
    let (plain, given, account, webview) = change(
        store,
        move |tx, moment| {
            let plain = ClientSession { user_identifier_key: None, ..session(moment, here, "plain") };
            let given = session(moment, here, "given");
            let account = systems::get(tx, here.system)?.connected_account_id;
            let webview = moment.id();
            for session in [&plain, &given, &session(moment, there, "foreign")] {
                client_sessions::insert(tx, session)?;
            }
            let more = Grants { connected_account_ids: vec![account], connect_webview_ids: vec![webview] };
            client_sessions::grant(tx, given.id, &more)?;
            client_sessions::grant(tx, given.id, &more)?;
            Ok((plain.id, given.id, account, webview))
        },
        3,
    )
    .unwrap();
    let list = |filter: Filter| -> Vec<_> {
        let found = read(store, |tx| client_sessions::list(tx, here.workspace, &filter));
        found.into_iter().map(|session| session.id).collect()
    };
    assert_eq!(list(Filter::default()), [plain, given]);
    assert_eq!(list(Filter { connect_webview_id: Some(Some(webview)), ..Filter::default() }), [given]);
    assert_eq!(list(Filter { connect_webview_id: Some(None), ..Filter::default() }), [plain]);
    assert_eq!(list(Filter { user_identifier_key: Some(None), ..Filter::default() }), [plain]);
    assert_eq!(list(Filter { user_identifier_key: Some(Some("anna".to_owned())), ..Filter::default() }), [given]);
    assert_eq!(list(Filter { user_identity_id: Some(None), ..Filter::default() }), [plain, given]);
    let grants = read(store, |tx| client_sessions::grants_of(tx, &[given, plain]));
    assert_eq!(grants[0].connected_account_ids, [account], "granting twice is one grant");
    assert!(grants[1].is_empty());
}

/// How many persons, users, doors, credentials and events a sight shows.
fn shown(store: &Store, here: Site, sight: &Sight) -> [usize; 5] {
    let sight = Some(sight.clone());
    read(store, |tx| {
        let persons = user_identities::Filter { sight: sight.clone(), ..user_identities::Filter::default() };
        let users = users::Filter { sight: sight.clone(), ..users::Filter::default() };
        let doors = entrances::Filter { sight: sight.clone(), ..entrances::Filter::default() };
        let credentials = credentials::Filter { sight: sight.clone(), ..credentials::Filter::default() };
        let events = events::Filter { sight: sight.clone(), limit: 100, ..events::Filter::default() };
        Ok([
            user_identities::list(tx, here.workspace, &persons, Page::whole())?.len(),
            users::list(tx, here.workspace, &users, Page::whole())?.len(),
            entrances::list(tx, here.workspace, &doors, Page::whole())?.len(),
            credentials::list(tx, here.workspace, &credentials, Page::whole())?.len(),
            events::list(tx, here.workspace, &events)?.len(),
        ])
    })
}

/// Two guests with a credential each, and an event about each credential.
fn two_guests(store: &Store, here: Site) -> [(UserIdentityId, AcsUserId, CredentialId); 2] {
    change(
        store,
        move |tx, moment| {
            let mut guest = || -> Result<_, Error> {
                let person = person(tx, moment, here)?;
                let user = user(tx, moment, here, person)?;
                let row = credentials::Credential { acs_user_id: Some(user), ..credential(moment, here) };
                credentials::insert(tx, &row)?;
                let event = events::Event {
                    acs_credential_id: Some(row.id),
                    ..events::Event::new(moment, here.workspace, "acs_credential.issued")
                };
                events::insert(tx, &event)?;
                Ok((person, user, row.id))
            };
            Ok([guest()?, guest()?])
        },
        5,
    )
    .unwrap()
}

fn lists_show_what_a_sight_covers(store: &Store) {
    let here = site(store, 1);
    let [first, _second] = doors(store, here, ["101", "102"]);
    let [(person, user, _), _] = two_guests(store, here);
    assert_eq!(shown(store, here, &Sight::default()), [0; 5]);
    let of_a_guest = Sight {
        user_identity_id: Some(person),
        acs_user_ids: vec![user],
        acs_entrance_ids: vec![first],
        ..Sight::default()
    };
    assert_eq!(shown(store, here, &of_a_guest), [1; 5]);
    let of_an_account = Sight { acs_system_ids: vec![here.system], ..Sight::default() };
    assert_eq!(shown(store, here, &of_an_account), [2, 2, 2, 2, 0], "the events are about no system");
}

fn an_owner_is_a_member_once(store: &Store) {
    let (here, there) = (site(store, 1), site(store, 2));
    change(
        store,
        move |tx, _| {
            for site in [here, here, there] {
                tokens::add_member(tx, "anna", site.workspace, at(0))?;
            }
            let real = Workspace::new(here.workspace, "Renamed".to_owned(), true, at(0));
            workspaces::update(tx, &Workspace { publishable_key: Some("seam_pk1_x".to_owned()), ..real })
        },
        3,
    )
    .unwrap();
    let mine: Vec<_> = read(store, |tx| tokens::workspaces_of(tx, "anna")).into_iter().map(|row| row.id).collect();
    assert_eq!(mine.len(), 2);
    assert!(mine.contains(&here.workspace) && mine.contains(&there.workspace));
    assert!(read(store, |tx| tokens::workspaces_of(tx, "ben")).is_empty());
    let found = read(store, |tx| workspaces::by_publishable_key(tx, "seam_pk1_x")).unwrap();
    assert_eq!((found.id, found.name.as_str()), (here.workspace, "Renamed"));
}

fn an_emptied_workspace_keeps_its_systems(store: &Store) {
    let (here, there) = (site(store, 1), site(store, 2));
    doors(store, here, ["101"]);
    two_guests(store, here);
    two_guests_elsewhere(store, there);
    change(store, move |tx, _| reset::empty(tx, here.workspace), 9).unwrap();
    let everything = |site: Site| {
        let sight = Sight { acs_system_ids: vec![site.system], ..Sight::default() };
        shown(store, site, &sight)[..4].to_vec()
    };
    assert_eq!(everything(here), [0, 0, 1, 0], "doors stay");
    assert_eq!(everything(there), [2, 2, 0, 2]);
}

fn two_guests_elsewhere(store: &Store, there: Site) {
    change(
        store,
        move |tx, moment| {
            for _ in 0..2 {
                let person = person(tx, moment, there)?;
                let user = user(tx, moment, there, person)?;
                credentials::insert(
                    tx,
                    &credentials::Credential { acs_user_id: Some(user), ..credential(moment, there) },
                )?;
            }
            Ok(())
        },
        6,
    )
    .unwrap();
}
