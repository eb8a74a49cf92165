//! Reads by id over HTTP, against a bare axum route that returns the same bytes (design 14: floor 0.4, aim 0.6). Both
//! in one run, in turn, behind the same listener.

mod support;

use std::sync::Arc;

use axum::routing::get;
use engine::{
    When,
    credentials::{Create, Owner},
};
use support::{Connection, Site, load, request, row, say};
use tokio_util::sync::CancellationToken;

const ROUNDS: usize = 5;
const PER_ROUND: usize = 40_000;
const CLIENTS: usize = 16;
const CREDENTIALS: usize = 1_000;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(compare());
}

async fn compare() {
    let site = Site::open();
    let ids = credentials(&site);
    let stop = CancellationToken::new();
    let ours = site.serve(stop.clone()).await;
    let body = Connection::open(ours).await.exchange(&read(&ids[0])).await.to_vec();
    let bare = bare(&site, body, stop.clone()).await;

    let requests: Arc<Vec<Vec<u8>>> = Arc::new((0..PER_ROUND).map(|number| read(&ids[number % ids.len()])).collect());
    let (mut our_rates, mut bare_rates, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let rate = load(ours, CLIENTS, Arc::clone(&requests)).await;
        let bare_rate = load(bare, CLIENTS, Arc::clone(&requests)).await;
        say(&format!("round {round}: ours {rate:.0}/s, bare route {bare_rate:.0}/s, ratio {:.2}", rate / bare_rate));
        our_rates.push(rate);
        bare_rates.push(bare_rate);
        ratios.push(rate / bare_rate);
    }
    row("credential reads by id over HTTP, 16 clients", &mut our_rates);
    row("bare axum route with the same bytes", &mut bare_rates);
    ratios.sort_by(f64::total_cmp);
    say(&format!("ratio: median {:.2}, floor 0.4, aim 0.6", ratios[ratios.len() / 2]));
    stop.cancel();
}

fn read(id: &str) -> Vec<u8> {
    request("GET", &format!("/acs/credentials/get?_strict=true&acs_credential_id={id}"), "")
}

async fn bare(site: &Site, body: Vec<u8>, stop: CancellationToken) -> std::net::SocketAddr {
    let body = bytes::Bytes::from(body);
    let route = get(move || {
        let body = body.clone();
        async move { ([(http::header::CONTENT_TYPE, "application/json; charset=utf-8")], body) }
    });
    support::serve(axum::Router::new().route("/acs/credentials/get", route), site.clock.clone(), stop).await
}

fn credentials(site: &Site) -> Vec<String> {
    let users = site.users(CREDENTIALS);
    let moment = domain::Moment::new(site.clock.now(), innkeep_server::entropy::seed());
    let caller = site.caller.clone();
    let doors = site.doors.clone();
    let ends_at = "2039-01-01T11:00:00Z".parse().expect("an instant");
    site.store
        .write("credentials", move |tx| {
            let mut moment = moment.clone();
            users
                .iter()
                .zip(&doors)
                .map(|(user, door)| {
                    let asked = Create {
                        owner: Owner::User(*user),
                        access_method: "mobile_key".to_owned(),
                        credential_manager_id: None,
                        entrance_ids: vec![door.parse().expect("a door's id")],
                        is_multi_phone: true,
                        starts_at: None,
                        ends_at: Some(When::Instant(ends_at)),
                        card_format: domain::card_format::CardFormat::Rfid48,
                        is_staff: false,
                        overrides: Some(true),
                        auto_join: None,
                        joiners: Vec::new(),
                        label: None,
                    };
                    engine::credentials::create(tx, &mut moment, &caller, &asked)
                        .map(|view| view.credential.id.to_string())
                })
                .collect::<Result<Vec<_>, engine::Error>>()
        })
        .expect("credentials")
}
