//! A guest with a link, and a browser to open it in.

use http::{Method, header};
use serde_json::{Value, json};

use crate::api::app::{Api, Browsed};

/// A guest who was sent a link, with one browser.
pub struct Guest {
    pub person: String,
    pub user: String,
    /// The instant key as the API shows it.
    pub key: Value,
    /// The path of the link.
    pub path: String,
    pub cookie: Option<String>,
    pub languages: &'static str,
}

impl Guest {
    /// Somebody of ours whose link `max_use_count` browsers may open.
    pub async fn arrive(api: &Api, name: &str, max_use_count: u32) -> Self {
        let person = api.person(name).await;
        let user = api.user(name, Some(&person)).await;
        let body = json!({"user_identity_id": person, "max_use_count": max_use_count});
        let made = api.post("/user_identities/generate_instant_key", body).await.ok();
        let key = made["instant_key"].clone();
        let url = key["instant_key_url"].as_str().unwrap();
        let path = url[url.find("/ik/").unwrap()..].to_owned();
        Self { person, user, key, path, cookie: None, languages: "" }
    }

    /// Another browser with the same link.
    pub fn elsewhere(&self) -> Self {
        let (person, user) = (self.person.clone(), self.user.clone());
        Self { person, user, key: self.key.clone(), path: self.path.clone(), cookie: None, languages: "" }
    }

    pub async fn get(&self, api: &Api) -> Browsed {
        self.send(api, Method::GET, "").await
    }

    pub async fn post(&self, api: &Api, below: &str) -> Browsed {
        self.send(api, Method::POST, below).await
    }

    async fn send(&self, api: &Api, method: Method, below: &str) -> Browsed {
        let mut headers = vec![("accept-language", self.languages)];
        if let Some(cookie) = &self.cookie {
            headers.push(("cookie", cookie));
        }
        api.browse(method, &format!("{}{below}", self.path), &headers).await
    }

    /// Answers the question with yes; the page that follows.
    pub async fn open(&mut self, api: &Api) -> Browsed {
        let answer = self.post(api, "").await;
        if answer.status != 303 {
            return answer;
        }
        assert_eq!(answer.headers[header::LOCATION], self.path.as_str());
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
        self.cookie = Some(cookie.split(';').next().unwrap().to_owned());
        self.get(api).await
    }

    /// How often the link was used, as the API says it.
    pub async fn uses(&self, api: &Api) -> Value {
        let body = json!({"instant_key_id": self.key["instant_key_id"]});
        api.post("/instant_keys/get", body).await.ok()["instant_key"]["innkeep"]["use_count"].clone()
    }

    /// A mobile key for these doors, from now on for three days.
    pub async fn mobile_key(&self, api: &Api, doors: &[&str], metadata: Value) -> String {
        let doors: Vec<String> = doors.iter().map(|name| api.door(name)).collect();
        let ends_at = api.app.clock.now() + jiff::SignedDuration::from_hours(72);
        let body = json!({
            "acs_user_id": self.user, "access_method": "mobile_key", "is_multi_phone_sync_credential": true,
            "allowed_acs_entrance_ids": doors, "ends_at": ends_at.to_string(), "visionline_metadata": metadata,
        });
        let made = api.post("/acs/credentials/create", body).await.ok();
        made["acs_credential"]["acs_credential_id"].as_str().unwrap().to_owned()
    }
}
