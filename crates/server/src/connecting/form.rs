//! What an operator typed on the page, and what it means. Every mistake is told at its field.

use std::collections::HashMap;

use engine::connecting::{Mobile, Provider};
use jiff::tz::TimeZone;
use url::Url;
use visionline::{
    Secret,
    transport::{Fingerprint, Trust},
};

/// Longest text in a field, in characters.
const LONGEST: usize = 200;
/// Longest root certificate, in characters.
const LONGEST_CERTIFICATE: usize = 30_000;

/// The fields as they came.
#[derive(Default)]
pub struct Form(HashMap<String, String>);

/// A mistake, or something that did not work, with the field to look at; empty when it is none in particular.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The field.
    pub field: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

impl Problem {
    /// A mistake in a field.
    pub fn at(field: &'static str, message: impl Into<String>) -> Self {
        Self { field, message: message.into() }
    }
}

impl Form {
    /// Reads a form as browsers post it. Of a field that is there twice the first one counts.
    pub fn read(body: &[u8]) -> Self {
        let mut fields = HashMap::new();
        for (name, value) in url::form_urlencoded::parse(body) {
            fields.entry(name.into_owned()).or_insert_with(|| value.into_owned());
        }
        Self(fields)
    }

    /// A field without blanks around it; empty when it is not there.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.trim())
    }

    /// A field as it was typed.
    fn raw(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// Whether a box is ticked.
    pub fn is_ticked(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// Fills a field that is empty.
    pub fn fill(&mut self, name: &str, value: &str) {
        if self.get(name).is_empty() {
            self.0.insert(name.to_owned(), value.to_owned());
        }
    }
}

/// Where the system is.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Its name.
    pub name: String,
    /// Scheme, host and port.
    pub address: String,
    /// Its time zone, by name; a credential manager has none.
    pub zone: Option<(String, TimeZone)>,
}

/// How we sign in there, and what is done there.
pub struct Entry {
    /// Who signs in.
    pub username: String,
    /// The password.
    pub password: Secret,
    /// Which certificate may be shown.
    pub trust: Trust,
    /// Whether and how mobile keys are issued.
    pub mobile: Option<Mobile>,
    /// Whether encoders are used.
    pub encoders: bool,
}

/// The simulated hotel needs no address and no certificate, and knows its own time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reality {
    /// A system on the network.
    Real,
    /// The one in this process.
    Simulated,
}

/// Reads where the system is.
///
/// # Errors
/// Every mistake.
pub fn place(form: &Form, provider: Provider, reality: Reality) -> Result<Place, Vec<Problem>> {
    let mut problems = Vec::new();
    let field = address_field(provider);
    let name = match provider {
        Provider::Visionline => text(form, "site_name", "Enter the name of the site", &mut problems),
        Provider::CredentialService => "ASSA ABLOY Credential Services".to_owned(),
    };
    let typed = form.get(field);
    let address = match (typed, reality, provider) {
        ("", Reality::Simulated, Provider::Visionline) => "https://192.168.1.100".to_owned(),
        ("", Reality::Simulated, Provider::CredentialService) => "https://example.com".to_owned(),
        _ => match address(typed) {
            Ok(address) => address,
            Err(message) => {
                problems.push(Problem::at(field, message));
                String::new()
            }
        },
    };
    let zone = match provider {
        Provider::CredentialService => None,
        Provider::Visionline => match zone(form.get("time_zone")) {
            Ok(zone) => Some(zone),
            Err(message) => {
                problems.push(Problem::at("time_zone", message));
                None
            }
        },
    };
    if problems.is_empty() { Ok(Place { name, address, zone }) } else { Err(problems) }
}

/// The field of the address, which has another label for each provider.
pub fn address_field(provider: Provider) -> &'static str {
    match provider {
        Provider::Visionline => "lan_address",
        Provider::CredentialService => "service_url",
    }
}

/// Reads how we sign in.
///
/// # Errors
/// Every mistake.
pub fn entry(form: &Form, provider: Provider, reality: Reality) -> Result<Entry, Vec<Problem>> {
    let mut problems = Vec::new();
    let username = text(form, "username", "Enter the username", &mut problems);
    let password = form.raw("password");
    if password.is_empty() {
        problems.push(Problem::at("password", "Enter the password"));
    } else if password.chars().count() > LONGEST {
        problems.push(Problem::at("password", too_long()));
    }
    let trust = match reality {
        Reality::Simulated => Trust::InsecureAnything,
        Reality::Real => trust(form).unwrap_or_else(|problem| {
            problems.push(problem);
            Trust::Public
        }),
    };
    let is_site = provider == Provider::Visionline;
    let mobile = (is_site && form.is_ticked("mobile_keys")).then(|| Mobile {
        mobile_access_uuid: text(
            form,
            "mobile_access_uuid",
            "Enter the Mobile Access UUID, or say that no mobile keys are issued",
            &mut problems,
        ),
        system_id: text(form, "system_id", "Enter the System ID, or say that no mobile keys are issued", &mut problems),
    });
    let encoders = is_site && (reality == Reality::Simulated || form.is_ticked("encoders"));
    let password = Secret::new(password);
    if problems.is_empty() { Ok(Entry { username, password, trust, mobile, encoders }) } else { Err(problems) }
}

fn too_long() -> String {
    format!("Use at most {LONGEST} characters")
}

fn text(form: &Form, field: &'static str, missing: &str, problems: &mut Vec<Problem>) -> String {
    let text = form.get(field);
    if text.is_empty() {
        problems.push(Problem::at(field, missing));
    } else if text.chars().count() > LONGEST || text.contains(char::is_control) {
        problems.push(Problem::at(field, too_long()));
    }
    text.to_owned()
}

/// An address of a host alone, which is what the driver takes; `https://` may be left out.
fn address(typed: &str) -> Result<String, String> {
    if typed.is_empty() {
        return Err("Enter the address, such as https://192.168.1.100".to_owned());
    }
    let whole = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
    let wrong = "Enter an address like https://192.168.1.100 or https://host:8443, without a path";
    let url = Url::parse(&whole).map_err(|_| wrong.to_owned())?;
    if url.scheme() == "http" {
        return Err("The address must begin with https://; without encryption a password is not sent".to_owned());
    }
    let is_bare = url.scheme() == "https"
        && url.has_host()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if is_bare && whole.len() <= LONGEST { Ok(url.origin().ascii_serialization()) } else { Err(wrong.to_owned()) }
}

fn zone(typed: &str) -> Result<(String, TimeZone), String> {
    if typed.is_empty() {
        return Err("Enter the time zone of the lock server, such as Europe/Stockholm".to_owned());
    }
    let zone = TimeZone::get(typed).ok();
    let named = zone.and_then(|zone| Some((zone.iana_name()?.to_owned(), zone)));
    named.ok_or_else(|| "Choose a time zone of the list, such as Europe/Stockholm".to_owned())
}

fn trust(form: &Form) -> Result<Trust, Problem> {
    match form.get("certificate") {
        "pin" => {
            let fingerprint: Result<Fingerprint, _> = form.get("certificate_sha256").parse();
            let lost = "Check the connection again to see the certificate";
            fingerprint.map(Trust::Fingerprint).map_err(|_| Problem::at("certificate", lost))
        }
        "public" => Ok(Trust::Public),
        "anything" => Ok(Trust::InsecureAnything),
        "root" => {
            let pem = form.get("root_certificate");
            let is_pem = pem.contains("-----BEGIN CERTIFICATE-----") && pem.contains("-----END CERTIFICATE-----");
            if !is_pem || pem.chars().count() > LONGEST_CERTIFICATE {
                let wrong = "Paste the root certificate in PEM form, from BEGIN CERTIFICATE to END CERTIFICATE";
                return Err(Problem::at("root_certificate", wrong));
            }
            Ok(Trust::Roots(pem.to_owned()))
        }
        _ => Err(Problem::at("certificate", "Say whether this is the certificate of your system")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(body: &str) -> Form {
        Form::read(body.as_bytes())
    }

    #[test]
    fn an_address_is_taken_with_and_without_its_scheme_and_nothing_else() {
        assert_eq!(address("192.168.1.100").unwrap(), "https://192.168.1.100");
        assert_eq!(address("https://Lock.Hotel:8443/").unwrap(), "https://lock.hotel:8443");
        let wrong =
            ["", "http://lock.hotel", "https://lock.hotel/api", "https://sym:sym@lock.hotel", "ftp://lock.hotel", "::"];
        for typed in wrong {
            assert!(address(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn every_mistake_is_told_at_its_field() {
        let fields = |problems: Vec<Problem>| problems.iter().map(|problem| problem.field).collect::<Vec<_>>();
        let problems = place(&form(""), Provider::Visionline, Reality::Real).unwrap_err();
        assert_eq!(fields(problems), ["site_name", "lan_address", "time_zone"]);
        let Err(problems) = entry(&form("mobile_keys=on"), Provider::Visionline, Reality::Real) else { panic!() };
        assert_eq!(fields(problems), ["username", "password", "certificate", "mobile_access_uuid", "system_id"]);
        let problems = place(&form(""), Provider::CredentialService, Reality::Real).unwrap_err();
        assert_eq!(fields(problems), ["service_url"]);
    }

    #[test]
    fn a_password_is_taken_as_it_was_typed() {
        let typed = "username=+jane+&password=+12+34+&certificate=public";
        let Ok(entry) = entry(&form(typed), Provider::Visionline, Reality::Real) else { panic!() };
        assert_eq!((entry.username.as_str(), entry.password.expose()), ("jane", " 12 34 "));
    }

    #[test]
    fn a_time_zone_is_one_that_has_a_name() {
        assert_eq!(zone("europe/stockholm").unwrap().0, "Europe/Stockholm");
        for typed in ["", "CEST", "+02:00", "Europe/Atlantis"] {
            assert!(zone(typed).is_err(), "{typed}");
        }
    }
}
