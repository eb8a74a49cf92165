//! What there is to find out about a lock server: whether it is reached, lets the operator in, and lists what is needed.
//! The command comes here with what stands in the configuration, the page for connecting with what somebody typed.

use std::time::Duration;

use engine::sites::{SeenDoor, SeenEncoder};
use jiff::SignedDuration;
use visionline::{
    Answer, Client, Error, ErrorKind, Operation, Setback,
    transport::{Fingerprint, ProbeError, shown_certificate},
};

use super::Finding;
use crate::site::{chain, seen_door, seen_encoder};

/// How long the lock server may take to show its certificate.
const PROBE_TIMEOUT: Duration = Duration::from_secs(10);
/// How far the lock server's clock may be off before keys start to be refused at the door.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_secs(90);

/// Where the settings stand that an advice speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingsIn {
    /// In the configuration file, by their keys.
    File,
    /// On a page, by their labels.
    Page,
}

impl SettingsIn {
    fn address(self) -> &'static str {
        match self {
            Self::File => "url",
            Self::Page => "the address",
        }
    }

    fn other_root(self) -> &'static str {
        match self {
            Self::File => {
                "the certificate is not one that the pinned root made for this host; check root_certificate_file and \
                 the host in url, or pin the certificate itself as certificate_sha256"
            }
            Self::Page => {
                "the certificate is not the one that you chose to trust, or its root did not make it for this host. \
                 Check the connection again, and compare the fingerprint"
            }
        }
    }

    fn encoders_off(self) -> &'static str {
        match self {
            Self::File => {
                "plastic cards cannot be written here: how this lock server wants its encoders used is not confirmed. \
                 Write encoders = true at this site and run this again to see whether they are listed; then write one \
                 card before relying on it"
            }
            Self::Page => "plastic cards are not written here",
        }
    }

    fn encoders_failed(self) -> &'static str {
        match self {
            Self::File => "Until that is mended cards cannot be written; encoders = false stops asking",
            Self::Page => "Until that is mended and the hotel connected again, cards cannot be written",
        }
    }
}

/// What was found with a session at the lock server.
#[derive(Debug, Default)]
pub struct Seen {
    /// What was tried, in order.
    pub findings: Vec<Finding>,
    /// The doors that are listed; none when they could not be read.
    pub doors: Option<Vec<SeenDoor>>,
    /// The encoders that are listed; none when they are not used or could not be read.
    pub encoders: Option<Vec<SeenEncoder>>,
}

/// The certificate that the lock server at this address shows, or what is wrong and what to do.
///
/// # Errors
/// In words, when it cannot be reached.
pub async fn reach(url: &str, settings: SettingsIn) -> Result<Fingerprint, String> {
    let address = url.to_owned();
    match tokio::task::spawn_blocking(move || shown_certificate(&address, PROBE_TIMEOUT)).await {
        Ok(shown) => shown.map_err(|error| unreachable(&error, settings)),
        Err(error) => Err(format!("the check itself failed: {error}")),
    }
}

fn unreachable(error: &ProbeError, settings: SettingsIn) -> String {
    let told = chain(error);
    let address = settings.address();
    let advice = match error {
        ProbeError::Address(_) => format!("correct {address}"),
        ProbeError::Resolve { .. } => format!("check the name in {address}, or write the address as a number"),
        ProbeError::Connect(source) if source.kind() == std::io::ErrorKind::ConnectionRefused => {
            format!(
                "nothing listens there: check that the lock server and its web service run, and the port in {address}"
            )
        }
        ProbeError::Connect(_) => {
            format!("check that the machine is on, {address}, and the firewall between")
        }
        ProbeError::Handshake(_) => format!("something answers, but not with TLS: check the port in {address}"),
        ProbeError::Setup(_) | ProbeError::NoCertificate => {
            "this is unusual; check what really listens there".to_owned()
        }
    };
    format!("{told}. What to do: {advice}")
}

/// Signs in with this client, reads doors and encoders, and signs out. No doors at all are a failure: the operator may
/// lack the right to see them.
pub async fn sign_in(client: &Client, operator: &str, lists_encoders: bool, settings: SettingsIn) -> Seen {
    let mut seen = Seen::default();
    if let Err(error) = client.run(Operation::OpenSession).await {
        let step = if is_certificate(&error) { "certificate" } else { "sign in" };
        seen.findings.push(Finding::failed(step, told(&error, operator, settings)));
        return seen;
    }
    seen.findings.push(Finding::ok("sign in", format!("operator {operator} is let in")));
    if let Some(offset) = client.server_clock_offset().await {
        seen.findings.push(clock_finding(offset));
    }
    let finding = match client.run(Operation::ListDoors).await {
        Ok(Answer::Doors(doors)) => {
            let doors: Vec<SeenDoor> = doors.into_iter().map(seen_door).collect();
            let finding = doors_finding(doors.len());
            seen.doors = Some(doors);
            finding
        }
        Ok(_) => doors_finding(0),
        Err(error) => Finding::failed("doors", told(&error, operator, settings)),
    };
    seen.findings.push(finding);
    read_encoders(client, operator, lists_encoders, settings, &mut seen).await;
    if let Err(error) = client.close().await {
        seen.findings.push(Finding::warning("sign out", told(&error, operator, settings)));
    }
    seen
}

fn doors_finding(count: usize) -> Finding {
    if count == 0 {
        let message = "no door is listed: define doors in Visionline, or give the operator the right to see them";
        return Finding::failed("doors", message);
    }
    Finding::ok("doors", format!("{count} doors are listed"))
}

/// How encoders are used through the Web API is not public (`spec/visionline.md` 3 and 7, row 11), so they are off
/// until somebody has tried them at the hotel.
async fn read_encoders(client: &Client, operator: &str, is_on: bool, settings: SettingsIn, seen: &mut Seen) {
    const STEP: &str = "encoders";
    if !is_on {
        return seen.findings.push(Finding::warning(STEP, settings.encoders_off()));
    }
    let finding = match client.run(Operation::ListEncoders).await {
        Ok(Answer::Encoders(encoders)) => {
            let encoders: Vec<SeenEncoder> = encoders.into_iter().map(seen_encoder).collect();
            let count = encoders.len();
            seen.encoders = Some(encoders);
            match count {
                0 => Finding::warning(STEP, "no encoder is listed: define one in Visionline"),
                _ => Finding::ok(STEP, format!("{count} encoders are listed")),
            }
        }
        Ok(_) => Finding::warning(STEP, "no encoder is listed: define one in Visionline"),
        Err(error) => {
            let told = told(&error, operator, settings);
            Finding::warning(STEP, format!("{told}. {}", settings.encoders_failed()))
        }
    };
    seen.findings.push(finding);
}

fn clock_finding(offset: SignedDuration) -> Finding {
    let seconds = offset.as_secs();
    if offset.abs() <= CLOCK_TOLERANCE {
        return Finding::ok("clock", format!("the two clocks differ by {seconds} s"));
    }
    Finding::warning(
        "clock",
        format!(
            "the lock server's clock is {seconds} s ahead of ours: keys begin and end by its clock and that of the \
             locks. Set both machines by the same time server"
        ),
    )
}

fn is_certificate(error: &Error) -> bool {
    let told = chain(error).to_lowercase();
    matches!(error.kind, ErrorKind::Unreachable(_)) && told.contains("certificate")
}

/// What happened, and what to do.
fn told(error: &Error, operator: &str, settings: SettingsIn) -> String {
    let advice = match &error.kind {
        ErrorKind::Unreachable(_) if is_certificate(error) => settings.other_root().to_owned(),
        ErrorKind::Unreachable(_) => "the connection was refused a moment after it worked; try again".to_owned(),
        ErrorKind::CredentialsWrong(refusal) if refusal.class() == 403 => {
            "the operator may not sign in here; give it the System Manager template and check that the web service \
             option is bought"
                .to_owned()
        }
        ErrorKind::CredentialsWrong(_) => {
            format!("check the operator {operator} and its password at the lock server")
        }
        ErrorKind::Refused(refusal) if refusal.class() == 403 => {
            "the operator lacks a right; give it the System Manager template".to_owned()
        }
        ErrorKind::Refused(_) | ErrorKind::Unsendable(_) => {
            "the lock server does not know this request; check that its version has the Web API".to_owned()
        }
        ErrorKind::Transient(Setback::Unreadable(_)) => {
            let address = settings.address();
            format!("what answers at this address is not the Web API of a Visionline; check host and port in {address}")
        }
        ErrorKind::Transient(Setback::AnswerLost(_)) => {
            "it took the request and did not answer; check the load of the lock server and try again".to_owned()
        }
        ErrorKind::Transient(_) => "the lock server has a problem of its own; look at its log".to_owned(),
    };
    format!("{}. What to do: {advice}", chain(error))
}
