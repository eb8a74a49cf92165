//! What the page asks (`spec/api.md 4.23`).

use engine::connecting::Provider;
use visionline::transport::Fingerprint;

use super::{
    form::{Form, Place, address_field},
    page::{Button, Choice, Field, FormPage, Section},
};

const GIVE_UP: Button = Button { step: "give_up", label: "Do not connect", is_quiet: true };
const BACK: Button = Button { step: "back", label: "Back", is_quiet: true };
const LOOK: Button = Button { step: "look", label: "Check the connection", is_quiet: false };
const CONNECT: Button = Button { step: "connect", label: "Connect", is_quiet: false };

/// The first of two forms: where the system is.
pub fn place(provider: Provider, form: &Form) -> FormPage {
    FormPage {
        heading: heading(provider),
        texts: vec![
            "First it is checked whether this server reaches it. No password is sent before you have seen which \
             certificate it shows."
                .to_owned(),
        ],
        hidden: vec![("provider", provider.as_str().to_owned())],
        sections: vec![where_it_is(provider, form)],
        zones: zones(provider),
        buttons: vec![LOOK, GIVE_UP],
        ..FormPage::default()
    }
}

/// The second form: the certificate, and how to sign in.
pub fn entry(provider: Provider, form: &Form, place: &Place, shown: Option<Fingerprint>) -> FormPage {
    let mut hidden = vec![
        ("provider", provider.as_str().to_owned()),
        (address_field(provider), place.address.clone()),
        ("certificate_sha256", shown.map(|shown| shown.to_string()).unwrap_or_default()),
    ];
    if let Some((zone, _)) = &place.zone {
        hidden.push(("site_name", place.name.clone()));
        hidden.push(("time_zone", zone.clone()));
    }
    let mut sections = vec![certificate(provider, form, shown), sign_in(provider, form)];
    if provider == Provider::Visionline {
        sections.push(what_is_done(form, true));
        sections.push(same_name(form));
    }
    FormPage {
        heading: heading(provider),
        texts: vec![format!("{} answers at {}.", place.name, place.address)],
        hidden,
        sections,
        buttons: vec![CONNECT, BACK, GIVE_UP],
        ..FormPage::default()
    }
}

/// The only form for a simulated system: it shows no certificate.
pub fn all_at_once(provider: Provider, form: &Form) -> FormPage {
    let mut sections = vec![where_it_is(provider, form), sign_in(provider, form)];
    if provider == Provider::Visionline {
        sections.push(what_is_done(form, false));
    }
    FormPage {
        heading: heading(provider),
        texts: vec![
            "This is a sandbox: what you connect is simulated. Use the username jane and the password 1234; the address \
             does not matter."
                .to_owned(),
        ],
        hidden: vec![("provider", provider.as_str().to_owned())],
        sections,
        zones: zones(provider),
        buttons: vec![CONNECT, GIVE_UP],
        ..FormPage::default()
    }
}

fn heading(provider: Provider) -> &'static str {
    match provider {
        Provider::Visionline => "Connect Visionline",
        Provider::CredentialService => "Connect Credential Services",
    }
}

fn zones(provider: Provider) -> Vec<String> {
    match provider {
        // By region and town; the rest are older names of the same zones.
        Provider::Visionline => {
            let known = jiff::tz::db().available().map(|name| name.to_string());
            known.filter(|name| name.contains('/') && !name.starts_with("Etc/")).collect()
        }
        Provider::CredentialService => Vec::new(),
    }
}

fn text(form: &Form, name: &'static str, label: &'static str, hint: &'static str) -> Field {
    Field { name, label, hint, value: form.get(name).to_owned(), kind: "text", ..Field::default() }
}

fn ticked(form: &Form, name: &'static str, label: &'static str, hint: &'static str) -> Field {
    let value = if form.is_ticked(name) { "on" } else { "" };
    Field { name, label, hint, value: value.to_owned(), kind: "checkbox", ..Field::default() }
}

fn where_it_is(provider: Provider, form: &Form) -> Section {
    let fields = match provider {
        Provider::Visionline => vec![
            text(form, "site_name", "Visionline Site Name", "It stands on keys where a label names the site."),
            text(form, "lan_address", "LAN URL", "The address of the lock server, such as https://192.168.1.100."),
            text(form, "time_zone", "Time zone", "That of the lock server's clock, such as Europe/Stockholm."),
        ],
        Provider::CredentialService => {
            vec![text(form, "service_url", "Credential Services URL", "As it was given to you with the username.")]
        }
    };
    Section { legend: "Where it is", fields, ..Section::default() }
}

fn sign_in(provider: Provider, form: &Form) -> Section {
    let hint = match provider {
        Provider::Visionline => "A Visionline operator with the template System Manager.",
        Provider::CredentialService => "The user of your tenant.",
    };
    let password = Field { name: "password", label: "Password", kind: "password", ..Field::default() };
    Section {
        legend: "How this server signs in",
        fields: vec![text(form, "username", "Username", hint), password],
        ..Section::default()
    }
}

fn what_is_done(form: &Form, asks_for_encoders: bool) -> Section {
    let with_mobile_keys = |field: Field| Field { class: "with-mobile-keys", ..field };
    let mut fields = vec![
        ticked(form, "mobile_keys", "Mobile Keys will be issued in this system", ""),
        with_mobile_keys(text(form, "mobile_access_uuid", "Mobile Access UUID", "As Visionline shows it.")),
        with_mobile_keys(text(form, "system_id", "System ID", "As Visionline shows it.")),
    ];
    if asks_for_encoders {
        let hint =
            "How a real lock server wants its encoders used is not confirmed: write one card before relying on it.";
        fields.push(ticked(form, "encoders", "Plastic cards will be written with its encoders", hint));
    }
    Section { legend: "What it is used for", fields, ..Section::default() }
}

fn certificate(provider: Provider, form: &Form, shown: Option<Fingerprint>) -> Section {
    let mut texts = Vec::new();
    if shown.is_some() {
        texts.push(
            match provider {
                Provider::Visionline => {
                    "It shows a certificate with this SHA-256 fingerprint. Compare it with the one in the certificate \
                     store of the lock server itself: if it differs, somebody is in between."
                }
                Provider::CredentialService => "It shows a certificate with this SHA-256 fingerprint.",
            }
            .to_owned(),
        );
    }
    let choices = [
        ("pin", "The fingerprint is the same: trust this certificate and no other"),
        ("public", "Verify it as a browser does"),
        ("root", "Verify it with a root certificate that I paste below"),
        ("anything", "Trust whatever it shows (whoever is in between can make keys)"),
    ];
    let mut options: Vec<Choice> = choices.map(|(value, label)| Choice { value, label }).to_vec();
    if shown.is_none() {
        options.remove(0);
    }
    let choose = Field {
        name: "certificate",
        label: "Certificate",
        value: form.get("certificate").to_owned(),
        kind: "radio",
        options,
        ..Field::default()
    };
    let root = Field {
        name: "root_certificate",
        label: "Root certificate",
        hint: "In PEM form, from BEGIN CERTIFICATE to END CERTIFICATE.",
        value: form.get("root_certificate").to_owned(),
        kind: "textarea",
        class: "with-root",
        ..Field::default()
    };
    Section {
        legend: "Is this your system?",
        texts,
        code: shown.map(|shown| shown.to_string()).unwrap_or_default(),
        fields: vec![choose, root],
    }
}

/// Answers the question that is asked when a system of this name is connected at another address.
fn same_name(form: &Form) -> Section {
    let options = [("moved", "It has moved to this address"), ("another", "It is another one of the same name")];
    let field = Field {
        name: "same_name",
        label: "If a system of this name is connected at another address",
        value: form.get("same_name").to_owned(),
        kind: "radio",
        options: options.map(|(value, label)| Choice { value, label }).to_vec(),
        ..Field::default()
    };
    Section { legend: "Connected before?", fields: vec![field], ..Section::default() }
}
