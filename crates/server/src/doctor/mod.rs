//! `innkeep doctor`: goes to each lock server the way the server would, and says in words what is wrong and what to do.

pub mod command;

use std::time::Duration;

use jiff::SignedDuration;
use serde::Serialize;
use store::Location;
use visionline::{
    Answer, Error, ErrorKind, Operation, Setback,
    transport::{Fingerprint, ProbeError, Trust, shown_certificate},
};

use crate::{
    clock::Clock,
    config::{Config, NO_SECRET_KEY, Site},
    serve,
    site::chain,
};

/// How long the lock server may take to show its certificate.
const PROBE_TIMEOUT: Duration = Duration::from_secs(10);
/// How far the lock server's clock may be off before keys start to be refused at the door.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_secs(90);

/// What was found.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Whether everything can work.
    pub ok: bool,
    /// The database.
    pub database: Finding,
    /// The key with which secrets are sealed.
    pub secret_key: Finding,
    /// Each site.
    pub sites: Vec<SiteReport>,
}

/// What was found at one site.
#[derive(Debug, Serialize)]
pub struct SiteReport {
    /// Key of the site.
    pub site: String,
    /// Address of its lock server.
    pub url: String,
    /// Whether it can be worked.
    pub ok: bool,
    /// SHA-256 of the certificate that it shows, whether it is trusted or not.
    pub certificate_sha256: Option<String>,
    /// How many doors it lists.
    pub doors: Option<usize>,
    /// What was tried, in order; the last one failed if the site is not all right.
    pub findings: Vec<Finding>,
}

/// One thing that was tried.
#[derive(Debug, Serialize)]
pub struct Finding {
    /// What was tried.
    pub step: &'static str,
    /// How it went.
    pub verdict: Verdict,
    /// What was found, and what to do.
    pub message: String,
}

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As it should.
    Ok,
    /// It works, but somebody should look at it.
    Warning,
    /// It does not work.
    Failed,
}

impl Finding {
    fn ok(step: &'static str, message: impl Into<String>) -> Self {
        Self { step, verdict: Verdict::Ok, message: message.into() }
    }

    fn warning(step: &'static str, message: impl Into<String>) -> Self {
        Self { step, verdict: Verdict::Warning, message: message.into() }
    }

    fn failed(step: &'static str, message: impl Into<String>) -> Self {
        Self { step, verdict: Verdict::Failed, message: message.into() }
    }
}

/// Examines everything that is configured.
pub async fn examine(config: &Config) -> Report {
    let database = database(&config.database);
    let mut sites = Vec::with_capacity(config.sites.len());
    for site in &config.sites {
        sites.push(visit(site).await);
    }
    let ok = database.verdict != Verdict::Failed && sites.iter().all(|site| site.ok);
    Report { ok, database, secret_key: secret_key(config), sites }
}

fn secret_key(config: &Config) -> Finding {
    const STEP: &str = "secret key";
    match config.seal {
        Some(_) => Finding::ok(STEP, "secrets can be sealed"),
        None => Finding::warning(STEP, NO_SECRET_KEY),
    }
}

/// Looks without opening: that would bring an older database up to date under the feet of a running server.
fn database(location: &Location) -> Finding {
    const STEP: &str = "database";
    let Location::File(path) = location else {
        return Finding::ok(STEP, format!("{location} is connected to when the server starts"));
    };
    if path.exists() {
        return match std::fs::OpenOptions::new().read(true).write(true).open(path) {
            Ok(_) => Finding::ok(STEP, format!("{location} can be read and written")),
            Err(error) => Finding::failed(
                STEP,
                format!("{location} cannot be read and written: {error}. Give the server's user the right to"),
            ),
        };
    }
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) if !folder.is_dir() => {
            Finding::failed(STEP, format!("the folder {} is not there; make it", folder.display()))
        }
        _ => Finding::ok(STEP, format!("{location} is made when the server starts")),
    }
}

async fn visit(site: &Site) -> SiteReport {
    let mut report = SiteReport {
        site: site.key.clone(),
        url: site.url.clone(),
        ok: false,
        certificate_sha256: None,
        doors: None,
        findings: Vec::new(),
    };
    let url = site.url.clone();
    let probe = tokio::task::spawn_blocking(move || shown_certificate(&url, PROBE_TIMEOUT)).await;
    match probe {
        Ok(Ok(shown)) => {
            report.certificate_sha256 = Some(shown.to_string());
            report.findings.push(Finding::ok("reach", format!("it answers and shows the certificate {shown}")));
            report.findings.push(judge(site, shown));
        }
        Ok(Err(error)) => report.findings.push(Finding::failed("reach", unreachable(&error))),
        Err(error) => report.findings.push(Finding::failed("reach", format!("the check itself failed: {error}"))),
    }
    let failed = |report: &SiteReport| report.findings.iter().any(|finding| finding.verdict == Verdict::Failed);
    if !failed(&report)
        && let Some(trust) = &site.trust
    {
        sign_in(site, trust, &mut report).await;
    }
    report.ok = !failed(&report);
    report
}

/// What the certificate means for the setting, as far as that can be told without connecting again.
fn judge(site: &Site, shown: Fingerprint) -> Finding {
    const STEP: &str = "certificate";
    match &site.trust {
        None => Finding::failed(
            STEP,
            format!(
                "nothing says which certificate to trust. Compare the fingerprint with the one at the lock server \
                 itself; if it is the same, write certificate_sha256 = \"{shown}\" at this site"
            ),
        ),
        Some(Trust::Fingerprint(pinned)) if *pinned == shown => Finding::ok(STEP, "it is the pinned one"),
        Some(Trust::Fingerprint(pinned)) => Finding::failed(
            STEP,
            format!(
                "it is not the pinned one, which is {pinned}. If the lock server got a new certificate, compare the \
                 fingerprint there and pin the new one; if not, somebody is in between"
            ),
        ),
        Some(Trust::Roots(_)) => Finding::ok(STEP, "it is to be verified with the pinned root"),
        Some(Trust::InsecureAnything) => Finding::warning(
            STEP,
            format!(
                "it is not verified: whoever is in between can make keys. Write certificate_sha256 = \"{shown}\" \
                 instead of insecure_no_verification"
            ),
        ),
    }
}

fn unreachable(error: &ProbeError) -> String {
    let told = chain(error);
    let advice = match error {
        ProbeError::Address(_) => "correct url",
        ProbeError::Resolve { .. } => "check the name in url, or write the address as a number",
        ProbeError::Connect(source) if source.kind() == std::io::ErrorKind::ConnectionRefused => {
            "nothing listens there: check that the lock server and its web service run, and the port in url"
        }
        ProbeError::Connect(_) => "check that the machine is on, the address in url, and the firewall between",
        ProbeError::Handshake(_) => "something answers, but not with TLS: check the port in url",
        ProbeError::Setup(_) | ProbeError::NoCertificate => "this is unusual; check what really listens there",
    };
    format!("{told}. What to do: {advice}")
}

async fn sign_in(site: &Site, trust: &Trust, report: &mut SiteReport) {
    let clock = Clock::real();
    let client = match serve::client(site, trust, site.discard_dialect, &clock) {
        Ok(client) => client,
        Err(error) => return report.findings.push(Finding::failed("certificate", format!("{error:#}"))),
    };
    if let Err(error) = client.run(Operation::OpenSession).await {
        let step = if is_certificate(&error) { "certificate" } else { "sign in" };
        return report.findings.push(Finding::failed(step, told(&error, site)));
    }
    report.findings.push(Finding::ok("sign in", format!("operator {} is let in", site.operator)));
    if let Some(offset) = client.server_clock_offset().await {
        report.findings.push(clock_finding(offset));
    }
    report.findings.push(match client.run(Operation::ListDoors).await {
        Ok(Answer::Doors(doors)) if !doors.is_empty() => {
            report.doors = Some(doors.len());
            Finding::ok("doors", format!("{} doors are listed", doors.len()))
        }
        Ok(_) => {
            report.doors = Some(0);
            let message = "no door is listed: define doors in Visionline, or give the operator the right to see them";
            Finding::failed("doors", message)
        }
        Err(error) => Finding::failed("doors", told(&error, site)),
    });
    report.findings.push(encoders(site, &client).await);
    if let Err(error) = client.close().await {
        report.findings.push(Finding::warning("sign out", told(&error, site)));
    }
}

/// How encoders are used through the Web API is not public (`spec/visionline.md` 3 and 7, row 11), so they are off
/// until somebody has tried them at the hotel.
async fn encoders(site: &Site, client: &visionline::Client) -> Finding {
    const STEP: &str = "encoders";
    if !site.lists_encoders {
        let message = "plastic cards cannot be written here: how this lock server wants its encoders used is not \
                       confirmed. Write encoders = true at this site and run this again to see whether they are listed; \
                       then write one card before relying on it";
        return Finding::warning(STEP, message.to_owned());
    }
    match client.run(Operation::ListEncoders).await {
        Ok(Answer::Encoders(encoders)) if !encoders.is_empty() => {
            Finding::ok(STEP, format!("{} encoders are listed", encoders.len()))
        }
        Ok(_) => Finding::warning(STEP, "no encoder is listed: define one in Visionline".to_owned()),
        Err(error) => Finding::warning(
            STEP,
            format!(
                "{}. Until that is mended cards cannot be written; encoders = false stops asking",
                told(&error, site)
            ),
        ),
    }
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
fn told(error: &Error, site: &Site) -> String {
    let advice = match &error.kind {
        ErrorKind::Unreachable(_) if is_certificate(error) => {
            "the certificate is not one that the pinned root made for this host; check root_certificate_file and the \
             host in url, or pin the certificate itself as certificate_sha256"
                .to_owned()
        }
        ErrorKind::Unreachable(_) => "the connection was refused a moment after it worked; try again".to_owned(),
        ErrorKind::CredentialsWrong(refusal) if refusal.class() == 403 => {
            "the operator may not sign in here; give it the System Manager template and check that the web service \
             option is bought"
                .to_owned()
        }
        ErrorKind::CredentialsWrong(_) => {
            format!("check the operator {} and its password at the lock server", site.operator)
        }
        ErrorKind::Refused(refusal) if refusal.class() == 403 => {
            "the operator lacks a right; give it the System Manager template".to_owned()
        }
        ErrorKind::Refused(_) | ErrorKind::Unsendable(_) => {
            "the lock server does not know this request; check that its version has the Web API".to_owned()
        }
        ErrorKind::Transient(Setback::Unreadable(_)) => {
            "what answers at this address is not the Web API of a Visionline; check host and port in url".to_owned()
        }
        ErrorKind::Transient(Setback::AnswerLost(_)) => {
            "it took the request and did not answer; check the load of the lock server and try again".to_owned()
        }
        ErrorKind::Transient(_) => "the lock server has a problem of its own; look at its log".to_owned(),
    };
    format!("{}. What to do: {advice}", chain(error))
}
