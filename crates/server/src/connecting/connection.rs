//! The way to a system that was connected through the page: what is stored of it, and what it means.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, bail};
use domain::id::AcsSystemId;
use jiff::tz::TimeZone;
use store::{connections::Connection, systems::AcsSystem};
use visionline::{Client, Options, Secret, transport::Trust};

use crate::{clock::Clock, config, sandbox::Sandbox, seal::Seal};

/// What an operator does not have to say is as in a configuration file that does not say it (docs/OPERATING.md).
const ANSWER_WITHIN: Duration = Duration::from_secs(60);
const LISTS_EVERY: Duration = Duration::from_secs(300);
const SURVEYS_WITHIN: Duration = Duration::from_secs(900);
const ENCODER_WINDOW: Duration = Duration::from_secs(60);

const PIN: &str = "sha256 ";
const ROOT: &str = "root ";
const PUBLIC: &str = "public";
const ANYTHING: &str = "anything";

/// A trust setting as it is stored.
pub fn written(trust: &Trust) -> String {
    match trust {
        Trust::Fingerprint(fingerprint) => format!("{PIN}{fingerprint}"),
        Trust::Roots(pem) => format!("{ROOT}{pem}"),
        Trust::Public => PUBLIC.to_owned(),
        Trust::InsecureAnything => ANYTHING.to_owned(),
    }
}

/// A trust setting that was stored.
///
/// # Errors
/// When it is none.
pub fn trust(written: &str) -> anyhow::Result<Trust> {
    if let Some(fingerprint) = written.strip_prefix(PIN) {
        return Ok(Trust::Fingerprint(fingerprint.parse()?));
    }
    if let Some(pem) = written.strip_prefix(ROOT) {
        return Ok(Trust::Roots(pem.to_owned()));
    }
    match written {
        PUBLIC => Ok(Trust::Public),
        ANYTHING => Ok(Trust::InsecureAnything),
        _ => bail!("the database does not say which certificate to trust; connect the system again"),
    }
}

/// The place that the password of a system is sealed for.
pub fn place(system: AcsSystemId) -> String {
    format!("lock server of {system}")
}

/// The password of a connection.
///
/// # Errors
/// When it was sealed with another secret key.
pub fn password(connection: &Connection, seal: &Seal) -> anyhow::Result<Secret> {
    let opened = seal.open(&place(connection.acs_system_id), &connection.sealed_password);
    opened.context("the password of the lock server cannot be read; connect the hotel again")
}

/// A connected hotel as if it stood in the configuration file.
///
/// # Errors
/// When what is stored cannot be used.
pub fn settings(system: &AcsSystem, connection: &Connection, seal: &Seal) -> anyhow::Result<config::Site> {
    let zone_name = system.time_zone.clone().context("the hotel has no time zone; connect it again")?;
    let zone = TimeZone::get(&zone_name).with_context(|| format!("the time zone {zone_name} is not known here"))?;
    Ok(config::Site {
        key: system.id.to_string(),
        password: password(connection, seal)?,
        mobile_access_uuid: system.mobile_access_uuid.clone(),
        system_id: system.system_id.clone(),
        lists_encoders: connection.uses_encoders,
        ..typed(
            system.name.clone(),
            &connection.address,
            &connection.username,
            trust(&connection.trust)?,
            (zone_name, zone),
        )
    })
}

/// A hotel as somebody describes it on the page, without its password.
pub fn typed(
    name: String,
    address: &str,
    operator: &str,
    trust: Trust,
    (zone_name, zone): (String, TimeZone),
) -> config::Site {
    config::Site {
        key: name.clone(),
        name,
        url: address.to_owned(),
        operator: operator.to_owned(),
        password: Secret::new(""),
        trust: Some(trust),
        zone_name,
        zone,
        reads_local_time: None,
        refuses_double_bookings: None,
        mobile_access_uuid: None,
        system_id: None,
        requests_at_once: 1,
        answer_within: ANSWER_WITHIN,
        lists_every: LISTS_EVERY,
        surveys_within: Some(SURVEYS_WITHIN),
        lists_encoders: false,
        encoder_window: ENCODER_WINDOW,
        common_door_operation: Options::default().common_door_operation,
        discard_dialect: None,
    }
}

/// A client of the simulated lock server in this process.
pub fn simulated(sandbox: &Arc<Sandbox>, clock: &Clock, operator: &str, password: &Secret) -> Client {
    let clock = clock.clone();
    Client::new(sandbox.transport(), operator, password.clone(), Options::default(), Arc::new(move || clock.now()))
}

#[cfg(test)]
mod tests {
    use visionline::transport::Fingerprint;

    use super::*;

    #[test]
    fn a_trust_setting_is_read_back_as_it_was_written() {
        let all = [
            Trust::Fingerprint(Fingerprint::of(b"a certificate")),
            Trust::Roots("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_owned()),
            Trust::Public,
            Trust::InsecureAnything,
        ];
        for setting in all {
            assert_eq!(trust(&written(&setting)).unwrap(), setting);
        }
        for text in ["", "sha256 ", "sha256 AB", "anything goes"] {
            assert!(trust(text).is_err(), "{text}");
        }
    }
}
