//! `innkeep doctor`: goes to each lock server the way the server would, and says in words what is wrong and what to do.

pub mod command;
mod visit;

pub use visit::{Seen, SettingsIn, reach, sign_in};

use serde::Serialize;
use store::Location;
use visionline::transport::{Fingerprint, Trust};

use crate::{
    clock::Clock,
    config::{Config, NO_SECRET_KEY, Site},
    serve,
};

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
    match reach(&site.url, SettingsIn::File).await {
        Ok(shown) => {
            report.certificate_sha256 = Some(shown.to_string());
            report.findings.push(Finding::ok("reach", format!("it answers and shows the certificate {shown}")));
            report.findings.push(judge(site, shown));
        }
        Err(told) => report.findings.push(Finding::failed("reach", told)),
    }
    let failed = |report: &SiteReport| report.findings.iter().any(|finding| finding.verdict == Verdict::Failed);
    if !failed(&report)
        && let Some(trust) = &site.trust
    {
        match serve::client(site, trust, site.discard_dialect, &Clock::real()) {
            Ok(client) => {
                let seen = sign_in(&client, &site.operator, site.lists_encoders, SettingsIn::File).await;
                report.doors = seen.doors.as_ref().map(Vec::len);
                report.findings.extend(seen.findings);
            }
            Err(error) => report.findings.push(Finding::failed("certificate", format!("{error:#}"))),
        }
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
        Some(Trust::Public) => Finding::ok(STEP, "it is to be verified as a browser does"),
        Some(Trust::InsecureAnything) => Finding::warning(
            STEP,
            format!(
                "it is not verified: whoever is in between can make keys. Write certificate_sha256 = \"{shown}\" \
                 instead of insecure_no_verification"
            ),
        ),
    }
}
