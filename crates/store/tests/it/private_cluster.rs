//! The private cluster itself: it is ours alone and leaves nothing behind.

use innkeep_store::testing::{Place, PrivateCluster, execute, fresh_store, texts};
use innkeep_store::{Location, Store};

#[test]
fn a_private_cluster_listens_on_its_own_socket_only_and_is_gone_afterwards() {
    let test = "a_private_cluster_listens_on_its_own_socket_only_and_is_gone_afterwards";
    let Some(cluster) = PrivateCluster::start_or_skip(test) else { return };
    let fresh = fresh_store(Place::Cluster(&cluster)).unwrap();
    let setting = |name: &'static str| {
        let query = format!("SELECT current_setting('{name}') AS text");
        fresh.store.read("test.setting", |tx| texts(tx, &query)).unwrap().remove(0)
    };
    assert_eq!(setting("listen_addresses"), "");
    assert_eq!(setting("fsync"), "off");
    let folder = std::path::PathBuf::from(setting("unix_socket_directories"));
    assert!(folder.join("data/postmaster.pid").is_file());

    let location = fresh.location.clone();
    drop(cluster);
    assert!(!folder.exists());
    assert!(Store::open(&location).is_err());
}

#[test]
fn fresh_stores_of_one_cluster_do_not_see_each_other() {
    let Some(cluster) = PrivateCluster::start_or_skip("fresh_stores_of_one_cluster_do_not_see_each_other") else {
        return;
    };
    let stores = [fresh_store(Place::Cluster(&cluster)).unwrap(), fresh_store(Place::Cluster(&cluster)).unwrap()];
    // The same table in both: the second would be refused if they were one database.
    for fresh in &stores {
        fresh.store.write("test.table", |tx| execute(tx, "CREATE TABLE probe (id TEXT)")).unwrap();
    }
    let Location::Postgres(first) = &stores[0].location else { unreachable!() };
    assert!(first.contains("fresh_1"), "{first}");
}
