//! The queries, each rule on every engine.

use domain::{
    Id, Moment, Stage, Window,
    id::{AcsSystemId, EntranceId, StayId, WorkspaceId},
    stay::{Rank, Tenancy},
};
use innkeep_store::{
    Error, Store, Tx, carriers, connected_accounts, credentials, entrances, events, page::Page, stays, systems, tasks,
    user_identities, users, workspaces,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::conformance::Case;

/// The cases of this file.
pub const CASES: &[Case] = &[
    ("every row is read back as it was written", every_row_is_read_back_as_it_was_written),
    ("pages follow each other without gap or repeat", pages_follow_each_other_without_gap_or_repeat),
    ("search takes wildcards literally and ignores case", search_takes_wildcards_literally_and_ignores_case),
    ("a key names one living person", a_key_names_one_living_person),
    ("a door is lost to earlier stays only", a_door_is_lost_to_earlier_stays_only),
    ("the floor is the newest earlier opening", the_floor_is_the_newest_earlier_opening),
    ("an opening never goes back", an_opening_never_goes_back),
    ("openings of a site rise", openings_of_a_site_rise),
    ("a task is taken once and when due", a_task_is_taken_once_and_when_due),
    ("events match only by members they have", events_match_only_by_members_they_have),
    ("a foreign workspace sees nothing", a_foreign_workspace_sees_nothing),
    ("doors are busy while a create is under way", doors_are_busy_while_a_create_is_under_way),
];

/// This many hours after the beginning.
pub fn at(hour: i64) -> Timestamp {
    Timestamp::from_second(1_900_000_000 + hour * 3600).unwrap()
}

/// A workspace with one site, as every case needs it.
#[derive(Clone, Copy)]
pub struct Site {
    pub workspace: WorkspaceId,
    pub system: AcsSystemId,
}

pub fn change<T: Send + 'static>(
    store: &Store,
    mut work: impl FnMut(&mut Tx<'_>, &mut Moment) -> Result<T, Error> + Send + 'static,
    seed: u64,
) -> Result<T, Error> {
    let moment = Moment::new(at(0), seed);
    store.write("test", move |tx| work(tx, &mut moment.clone()))
}

pub fn read<T>(store: &Store, work: impl FnOnce(&mut Tx<'_>) -> Result<T, Error>) -> T {
    store.read("test", work).unwrap()
}

pub fn site(store: &Store, seed: u64) -> Site {
    change(
        store,
        |tx, moment| {
            let workspace = moment.id();
            let name = "Test".to_owned();
            workspaces::insert(tx, &workspaces::Workspace::new(workspace, name, true, at(0)))?;
            let account = moment.id();
            let name = "Hotel";
            let hotel = connected_accounts::ConnectedAccount::new(account, workspace, "visionline", name, at(0));
            connected_accounts::insert(tx, &hotel)?;
            let system = systems::AcsSystem {
                id: moment.id(),
                workspace_id: workspace,
                connected_account_id: account,
                kind: systems::VISIONLINE.to_owned(),
                name: "Hotel".to_owned(),
                time_zone: Some("Europe/Stockholm".to_owned()),
                default_credential_manager_id: None,
                lan_address: None,
                mobile_access_uuid: None,
                system_id: None,
                settings: json!({"timestamps_without_zone": "local"}),
                last_opening: 0,
                errors: json!([]),
                warnings: json!([]),
                created_at: at(0),
                sync_asked_at: None,
                is_disconnected: false,
                deleted_at: None,
            };
            systems::insert(tx, &system)?;
            Ok(Site { workspace, system: system.id })
        },
        seed,
    )
    .unwrap()
}

pub fn doors<const N: usize>(store: &Store, site: Site, names: [&'static str; N]) -> [EntranceId; N] {
    change(
        store,
        move |tx, moment| {
            let mut ids = Vec::new();
            for (hour, name) in names.iter().enumerate() {
                let entrance = entrances::Entrance {
                    id: moment.id(),
                    workspace_id: site.workspace,
                    acs_system_id: site.system,
                    door_name: (*name).to_owned(),
                    door_category: "guest".to_owned(),
                    room_order: 7,
                    profiles: json!([{"visionline_door_profile_type": "BLE"}]),
                    created_at: at(i64::try_from(hour / 2).unwrap()),
                    removed_at: None,
                };
                entrances::insert(tx, &entrance)?;
                ids.push(entrance.id);
            }
            Ok(ids)
        },
        11,
    )
    .unwrap()
    .try_into()
    .unwrap()
}

fn rank(start: i64, created: i64, moment: &mut Moment) -> Rank {
    Rank { starts_at: at(start), created_at: at(created), stay: moment.id() }
}

fn tenancy(tx: &mut Tx<'_>, site: Site, door: EntranceId, rank: Rank) -> Result<StayId, Error> {
    let window = Window { starts_at: rank.starts_at, ends_at: rank.starts_at + SignedDuration::from_hours(24) };
    stays::insert(tx, site.system, &rank)?;
    stays::insert_tenancy(tx, &Tenancy { door, rank, window, lost: false })?;
    Ok(rank.stay)
}

pub fn credential(moment: &mut Moment, site: Site) -> credentials::Credential {
    credentials::Credential {
        id: moment.id(),
        workspace_id: site.workspace,
        acs_system_id: site.system,
        acs_user_id: None,
        parent_id: None,
        endpoint_id: None,
        credential_manager_id: None,
        access_method: credentials::MOBILE_KEY.to_owned(),
        is_multi_phone: true,
        starts_at: at(1),
        ends_at: at(2),
        schedule_modified: true,
        card_format: "rfid48".to_owned(),
        label: Some("Zimmer – Ünïcødé".to_owned()),
        mode: "override".to_owned(),
        joiner_ids: json!(["x"]),
        auto_join: Some(false),
        revision: 3,
        issued_at: None,
        invalidated_at: Some(at(5)),
        needs_reissue_at: None,
        refused: Some(json!({"message": "no"})),
        replaced_by: None,
        created_at: at(0),
        revoked_at: None,
        deleting_at: None,
        deleted_at: None,
    }
}

/// A mobile key at this system.
pub fn credential_of(moment: &mut Moment, workspace: WorkspaceId, system: AcsSystemId) -> credentials::Credential {
    credential(moment, Site { workspace, system })
}

fn every_row_is_read_back_as_it_was_written(store: &Store) {
    let here = site(store, 1);
    let (written, read_back) = change(
        store,
        move |tx, moment| {
            let written = credential(moment, here);
            credentials::insert(tx, &written)?;
            let read_back = credentials::find(tx, here.workspace, written.id)?.unwrap();
            Ok((written, read_back))
        },
        2,
    )
    .unwrap();
    assert_eq!(format!("{written:?}"), format!("{read_back:?}"));
    let system = read(store, |tx| systems::get(tx, here.system));
    assert_eq!(system.settings, json!({"timestamps_without_zone": "local"}));
}

fn pages_follow_each_other_without_gap_or_repeat(store: &Store) {
    let here = site(store, 1);
    // Two doors share each creation time, so the id must break the tie alike on every engine.
    doors(store, here, ["a", "b", "c", "d", "e"]);
    let filter = entrances::Filter::default();
    let all = read(store, |tx| entrances::list(tx, here.workspace, &filter, Page::whole()));
    let mut paged = Vec::new();
    let mut after = None;
    loop {
        let page = Page { limit: 2, after: after.clone() };
        let rows = read(store, |tx| entrances::list(tx, here.workspace, &filter, page));
        let Some(last) = rows.last() else { break };
        after = Some((last.created_at, last.id.to_string()));
        paged.extend(rows.into_iter().map(|row| row.id));
    }
    assert_eq!(paged, all.into_iter().map(|row| row.id).collect::<Vec<_>>());
    assert_eq!(paged.len(), 5);
}

fn search_takes_wildcards_literally_and_ignores_case(store: &Store) {
    let here = site(store, 1);
    doors(store, here, ["Main Entrance", "100%", "1000", "back\\door"]);
    let found = |text: &str| {
        let filter = entrances::Filter { search: Some(text.to_owned()), ..Default::default() };
        let rows = read(store, |tx| entrances::list(tx, here.workspace, &filter, Page::whole()));
        rows.into_iter().map(|row| row.door_name).collect::<Vec<_>>()
    };
    assert_eq!(found("main"), ["Main Entrance"]);
    assert_eq!(found("0%"), ["100%"]);
    assert_eq!(found("_"), [""; 0]);
    assert_eq!(found("K\\D"), ["back\\door"]);
}

fn a_key_names_one_living_person(store: &Store) {
    let here = site(store, 1);
    let person = move |moment: &mut Moment, key: Option<&str>| user_identities::UserIdentity {
        id: moment.id(),
        workspace_id: here.workspace,
        user_identity_key: key.map(str::to_owned),
        email_address: None,
        phone_number: None,
        full_name: None,
        created_at: at(0),
        deleting_at: None,
        deleted_at: None,
    };
    let first = change(
        store,
        move |tx, moment| {
            let first = person(moment, Some("k"));
            user_identities::insert(tx, &first)?;
            user_identities::insert(tx, &person(moment, None))?;
            user_identities::insert(tx, &person(moment, None))?;
            Ok(first.id)
        },
        2,
    )
    .unwrap();
    let again = change(store, move |tx, moment| user_identities::insert(tx, &person(moment, Some("k"))), 3);
    assert!(again.unwrap_err().is_unique_violation("user_identities", &["workspace_id", "user_identity_key"]));
    change(store, move |tx, _| user_identities::set_deleted(tx, first, at(1)), 4).unwrap();
    change(store, move |tx, moment| user_identities::insert(tx, &person(moment, Some("k"))), 5).unwrap();
}

fn a_door_is_lost_to_earlier_stays_only(store: &Store) {
    let here = site(store, 1);
    let [door, other] = doors(store, here, ["101", "102"]);
    let (stays_at_door, losers, again) = change(
        store,
        move |tx, moment| {
            let ranks = [rank(0, 0, moment), rank(5, 0, moment), rank(5, 1, moment), rank(9, 0, moment)];
            for rank in ranks {
                tenancy(tx, here, door, rank)?;
            }
            tenancy(tx, here, other, rank(0, 0, moment))?;
            let losers = stays::lose_before(tx, door, &ranks[2], at(6))?;
            let again = stays::lose_before(tx, door, &ranks[2], at(6))?;
            Ok((ranks.map(|rank| rank.stay), losers, again))
        },
        2,
    )
    .unwrap();
    let mut expected = vec![stays_at_door[0], stays_at_door[1]];
    let mut losers = losers;
    expected.sort();
    losers.sort();
    assert_eq!(losers, expected);
    assert_eq!(again, []);
    let lost = read(store, |tx| stays::tenancies_at(tx, &[door, other], at(0)));
    assert_eq!(lost.iter().filter(|tenancy| tenancy.lost_at == Some(at(6))).count(), 2);
}

fn the_floor_is_the_newest_earlier_opening(store: &Store) {
    let here = site(store, 1);
    let [door] = doors(store, here, ["101"]);
    let floors = change(
        store,
        move |tx, moment| {
            let ranks = [rank(0, 0, moment), rank(5, 0, moment), rank(9, 0, moment)];
            for rank in ranks {
                tenancy(tx, here, door, rank)?;
            }
            stays::set_opening(tx, ranks[0].stay, door, 4)?;
            stays::set_opening(tx, ranks[1].stay, door, 2)?;
            stays::set_opening(tx, ranks[2].stay, door, 9)?;
            ranks.iter().map(|rank| stays::floor(tx, door, rank)).collect::<Result<Vec<_>, _>>()
        },
        2,
    )
    .unwrap();
    assert_eq!(floors, [None, Some(4), Some(4)]);
}

fn an_opening_never_goes_back(store: &Store) {
    let here = site(store, 1);
    let [door] = doors(store, here, ["101"]);
    let opening = change(
        store,
        move |tx, moment| {
            let stay = tenancy(tx, here, door, rank(0, 0, moment))?;
            stays::set_opening(tx, stay, door, 4)?;
            stays::set_opening(tx, stay, door, 3)?;
            Ok(stays::tenancies_of(tx, &[stay])?[0].opening)
        },
        2,
    );
    assert_eq!(opening.unwrap(), Some(4));
}

fn openings_of_a_site_rise(store: &Store) {
    let here = site(store, 1);
    let taken = change(
        store,
        move |tx, _| Ok([systems::take_opening(tx, here.system)?, systems::take_opening(tx, here.system)?]),
        2,
    );
    assert_eq!(taken.unwrap(), [1, 2]);
}

fn a_task_is_taken_once_and_when_due(store: &Store) {
    let here = site(store, 1);
    let (first, second) = change(
        store,
        move |tx, moment| {
            let first = credential(moment, here);
            let second = credential(moment, here);
            for row in [&first, &second] {
                credentials::insert(tx, row)?;
            }
            tasks::add(tx, moment, here.system, first.id, at(1))?;
            tasks::add(tx, moment, here.system, first.id, at(0))?;
            tasks::add(tx, moment, here.system, second.id, at(5))?;
            Ok((first.id, second.id))
        },
        2,
    )
    .unwrap();
    let take = |hour| change(store, move |tx, _| tasks::take_due(tx, here.system, at(hour), 10), 3).unwrap();
    assert_eq!(take(1), [first]);
    assert_eq!(take(1), []);
    assert_eq!(read(store, |tx| tasks::next_due(tx, here.system)), Some(at(5)));
    assert_eq!(take(5), [second]);
}

fn events_match_only_by_members_they_have(store: &Store) {
    let here = site(store, 1);
    change(
        store,
        move |tx, moment| {
            for (hour, system) in [(1, Some(here.system)), (2, None)] {
                let event = events::Event {
                    occurred_at: at(hour),
                    acs_system_id: system,
                    ..events::Event::new(moment, here.workspace, "acs_user.created")
                };
                events::insert(tx, &event)?;
            }
            Ok(())
        },
        2,
    )
    .unwrap();
    let count = |filter: events::Filter| {
        read(store, |tx| events::list(tx, here.workspace, &events::Filter { limit: 10, ..filter })).len()
    };
    assert_eq!(count(events::Filter::default()), 2);
    assert_eq!(count(events::Filter { acs_system_ids: Some(vec![here.system]), ..Default::default() }), 1);
    assert_eq!(count(events::Filter { after: Some(at(1)), ..Default::default() }), 1, "bounds are exclusive");
    assert_eq!(count(events::Filter { event_types: Some(vec![]), ..Default::default() }), 0);
}

/// P8, as far as the queries carry it.
fn a_foreign_workspace_sees_nothing(store: &Store) {
    let here = site(store, 1);
    let there = site(store, 2);
    let [door] = doors(store, here, ["101"]);
    let row = change(
        store,
        move |tx, moment| {
            let row = credential(moment, here);
            credentials::insert(tx, &row)?;
            Ok(row.id)
        },
        3,
    )
    .unwrap();
    assert!(read(store, |tx| credentials::find(tx, there.workspace, row)).is_none());
    assert!(read(store, |tx| entrances::find(tx, there.workspace, door)).is_none());
    assert!(read(store, |tx| systems::find(tx, there.workspace, here.system)).is_none());
    let unknown = Id::from_uuid(row.uuid());
    assert!(read(store, |tx| users::find(tx, here.workspace, unknown)).is_none());
}

fn doors_are_busy_while_a_create_is_under_way(store: &Store) {
    let here = site(store, 1);
    let [door] = doors(store, here, ["101"]);
    let carrier = change(
        store,
        move |tx, moment| {
            let row = credential(moment, here);
            credentials::insert(tx, &row)?;
            let stay = tenancy(tx, here, door, rank(0, 0, moment))?;
            let carrier = carriers::NewCarrier {
                id: moment.id(),
                acs_system_id: here.system,
                credential_id: row.id,
                revision: 0,
                method: "override",
                request: json!({}),
                window: Window { starts_at: at(0), ends_at: at(9) },
                created_at: at(0),
            };
            carriers::insert(tx, &carrier)?;
            let entry = carriers::CarrierDoor { carrier_id: carrier.id, entrance_id: door, stay_id: stay, opening: 1 };
            carriers::insert_door(tx, &entry)?;
            Ok(carrier.id)
        },
        3,
    )
    .unwrap();
    assert_eq!(read(store, |tx| carriers::busy_doors(tx, &[door])), [door]);
    assert_eq!(read(store, |tx| carriers::due(tx, here.system, at(0), 9)).len(), 1);
    let live = carriers::Change { stage: Some(Stage::OnPhone), due_at: Some(None), ..Default::default() };
    change(store, move |tx, _| carriers::change(tx, carrier, live.clone()), 4).unwrap();
    assert_eq!(read(store, |tx| carriers::busy_doors(tx, &[door])), []);
    assert_eq!(read(store, |tx| carriers::get(tx, carrier)).stage(), Stage::OnPhone);
}

/// A guest door of a system.
pub fn door(store: &Store, workspace: WorkspaceId, system: AcsSystemId, name: &'static str) -> EntranceId {
    let [door] = doors(store, Site { workspace, system }, [name]);
    door
}

/// A workspace with one site, for the cases of other files.
pub fn workspace_and_system(store: &Store) -> (WorkspaceId, AcsSystemId) {
    let site = site(store, 1);
    (site.workspace, site.system)
}

/// A carrier that was decided and nothing more.
pub fn stored_carrier(store: &Store, system: AcsSystemId) -> domain::id::CarrierId {
    let workspace = read(store, |tx| systems::get(tx, system)).workspace_id;
    change(
        store,
        move |tx, moment| {
            let row = credential(moment, Site { workspace, system });
            credentials::insert(tx, &row)?;
            let carrier = carriers::NewCarrier {
                id: moment.id(),
                acs_system_id: system,
                credential_id: row.id,
                revision: 0,
                method: "override",
                request: json!({}),
                window: Window { starts_at: at(0), ends_at: at(9) },
                created_at: at(0),
            };
            carriers::insert(tx, &carrier)?;
            Ok(carrier.id)
        },
        6,
    )
    .unwrap()
}
