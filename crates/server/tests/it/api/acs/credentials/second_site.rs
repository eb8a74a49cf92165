//! A second hotel in our own workspace, with as many doors as a test likes.

use std::collections::BTreeMap;

use domain::{
    Moment,
    id::{AcsSystemId, EntranceId},
};
use engine::sites::{self, SeenDoor};
use serde_json::json;
use store::{entrances, page::Page, systems};

use crate::api::{Api, app::NOW};

/// The hotel, and a user of it.
pub struct SecondSite {
    pub acs_system_id: AcsSystemId,
    pub user: String,
    doors: BTreeMap<String, EntranceId>,
}

impl SecondSite {
    /// A hotel with these guest doors and common doors.
    pub async fn open(api: &Api, guest: &[String], common: &[String]) -> Self {
        let of = |category: &str, names: &[String]| -> Vec<SeenDoor> {
            let door =
                |name: &String| SeenDoor { name: name.clone(), category: category.to_owned(), profiles: Vec::new() };
            names.iter().map(door).collect()
        };
        let seen = [of("guest", guest), of("common", common)].concat();
        let (workspace_id, pattern) = (api.site.workspace_id, api.site.acs_system_id);
        let made = api.app.store.write("test.second_site", move |tx| -> Result<AcsSystemId, engine::Error> {
            let mut moment = Moment::new(NOW.parse().unwrap(), 3);
            let mut site = systems::get(tx, pattern)?;
            site.id = moment.id();
            site.name = "Hotel Annex".to_owned();
            systems::insert(tx, &site)?;
            sites::record_doors(tx, &mut moment, site.id, &seen)?;
            Ok(site.id)
        });
        let site = made.unwrap();
        let filter = entrances::Filter { acs_system_id: Some(site), ..entrances::Filter::default() };
        let doors = api.look(|tx| entrances::list(tx, workspace_id, &filter, Page::whole()));
        let body = json!({"acs_system_id": site, "full_name": "Guest of the annex"});
        let user = api.post("/acs/users/create", body).await.ok()["acs_user"]["acs_user_id"].clone();
        Self {
            acs_system_id: site,
            user: user.as_str().unwrap().to_owned(),
            doors: doors.into_iter().map(|door| (door.door_name, door.id)).collect(),
        }
    }

    /// The id of a door.
    pub fn door(&self, name: &str) -> String {
        self.doors[name].to_string()
    }

    /// The ids of these doors.
    pub fn ids<'a>(&self, names: impl IntoIterator<Item = &'a String>) -> Vec<String> {
        names.into_iter().map(|name| self.doors[name].to_string()).collect()
    }
}
