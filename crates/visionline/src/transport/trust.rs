//! Which certificate a lock server may show.
//!
//! A Visionline server's certificate is normally its own work and often names no host (`spec/visionline.md` 1.1), so
//! public roots are of no use. A site pins a root or the certificate itself, or says explicitly that anything goes
//! (design 11).

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, OtherError, RootCertStore, SignatureScheme};
use rustls_platform_verifier::BuilderVerifierExt as _;
use sha2::{Digest as _, Sha256};

/// What makes a lock server's certificate acceptable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// It chains to one of these roots (PEM, one or more certificates), names the host and is in force.
    Roots(String),
    /// It is one that this machine trusts for the host, as a browser on it would.
    Public,
    /// It is this very certificate. Names and dates do not matter then.
    Fingerprint(Fingerprint),
    /// Anything. Whoever is between us and the lock server can issue keys; a warning is logged.
    InsecureAnything,
}

/// SHA-256 of a certificate's DER bytes.
///
/// Written and read as hexadecimal digits, with or without colons, in any letter case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The fingerprint of a certificate given as DER.
    pub fn of(certificate_der: &[u8]) -> Self {
        Self(Sha256::digest(certificate_der).into())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { ":" };
            write!(formatter, "{separator}{byte:02X}")?;
        }
        Ok(())
    }
}

impl FromStr for Fingerprint {
    type Err = TrustError;

    fn from_str(text: &str) -> Result<Self, TrustError> {
        let digits: Option<Vec<u8>> = text
            .trim()
            .chars()
            .filter(|character| *character != ':')
            .map(|character| character.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect();
        let digits = digits.filter(|digits| digits.len() == 64).ok_or(TrustError::Fingerprint)?;
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = pair[0] << 4 | pair[1];
        }
        Ok(Self(bytes))
    }
}

/// Why a trust setting is of no use.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// Not 64 hexadecimal digits.
    #[error("a certificate fingerprint is SHA-256: 64 hexadecimal digits, colons allowed")]
    Fingerprint,
    /// The text holds no certificate, or a broken one.
    #[error("could not read the pinned root certificates as PEM")]
    Pem(#[source] rustls::pki_types::pem::Error),
    /// The text is PEM without any certificate.
    #[error("the pinned root certificates are empty")]
    NoRoots,
    /// A certificate that cannot serve as a root.
    #[error("could not use a pinned certificate as a root")]
    Root(#[source] rustls::Error),
    /// The provider refuses our choice of protocol versions.
    #[error("could not set up TLS")]
    Setup(#[source] rustls::Error),
}

impl Trust {
    /// A TLS client that accepts what this setting accepts, with ring and without the process's default provider.
    pub(super) fn client_config(&self) -> Result<ClientConfig, TrustError> {
        if *self == Self::InsecureAnything {
            tracing::warn!("the lock server's certificate is not verified: switched off in the settings");
        }
        self.silent_client_config()
    }

    /// The same without a warning, for who only looks at the certificate.
    pub(super) fn silent_client_config(&self) -> Result<ClientConfig, TrustError> {
        let provider = Arc::new(ring::default_provider());
        let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(TrustError::Setup)?;
        let pinned = match self {
            Self::Roots(pem) => {
                return Ok(config.with_root_certificates(read_roots(pem)?).with_no_client_auth());
            }
            Self::Public => {
                return Ok(config.with_platform_verifier().map_err(TrustError::Setup)?.with_no_client_auth());
            }
            Self::Fingerprint(fingerprint) => Some(*fingerprint),
            Self::InsecureAnything => None,
        };
        let verifier = Arc::new(PinnedCertificate::new(pinned, &provider));
        Ok(config.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
    }
}

fn read_roots(pem: &str) -> Result<RootCertStore, TrustError> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        roots.add(certificate.map_err(TrustError::Pem)?).map_err(TrustError::Root)?;
    }
    if roots.is_empty() {
        return Err(TrustError::NoRoots);
    }
    Ok(roots)
}

/// Accepts one certificate, or any. Either way the server must prove in the handshake that it has the certificate's
/// key: certificates are public, and a pin without that proof would stop nobody.
#[derive(Debug)]
struct PinnedCertificate {
    pinned: Option<Fingerprint>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl PinnedCertificate {
    fn new(pinned: Option<Fingerprint>, provider: &CryptoProvider) -> Self {
        Self { pinned, algorithms: provider.signature_verification_algorithms }
    }
}

/// The server shows another certificate than the pinned one. Names both, so that an operator who knows of the change
/// can compare and pin the new one.
#[derive(thiserror::Error)]
#[error("the server's certificate has the fingerprint {shown}, pinned is {pinned}")]
struct OtherCertificate {
    shown: Fingerprint,
    pinned: Fingerprint,
}

impl fmt::Debug for OtherCertificate {
    /// The text for people: rustls shows the errors of custom verifiers in this form only.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl ServerCertVerifier for PinnedCertificate {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let shown = Fingerprint::of(end_entity);
        match self.pinned {
            Some(pinned) if pinned != shown => {
                let other = OtherError(Arc::new(OtherCertificate { shown, pinned }));
                Err(CertificateError::Other(other).into())
            }
            _ => Ok(ServerCertVerified::assertion()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // SHA-256 of the empty input, a published value.
    const EMPTY: &str =
        "E3:B0:C4:42:98:FC:1C:14:9A:FB:F4:C8:99:6F:B9:24:27:AE:41:E4:64:9B:93:4C:A4:95:99:1B:78:52:B8:55";

    #[test]
    fn fingerprints_are_read_in_the_usual_spellings() {
        let expected = Fingerprint::of(b"");
        assert_eq!(expected.to_string(), EMPTY);
        for text in [EMPTY.to_string(), EMPTY.to_lowercase(), EMPTY.replace(':', "")] {
            assert_eq!(text.parse::<Fingerprint>().unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn a_fingerprint_of_another_length_or_alphabet_is_refused() {
        for text in ["", "E3:B0", &EMPTY[1..], &EMPTY.replace('E', "G"), &format!("{EMPTY}:00")] {
            assert!(matches!(text.parse::<Fingerprint>(), Err(TrustError::Fingerprint)), "{text}");
        }
    }

    #[test]
    fn roots_without_a_certificate_are_refused() {
        let trust = Trust::Roots("no certificate here".into());
        assert!(matches!(trust.client_config(), Err(TrustError::NoRoots)));
        let trust = Trust::Roots("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".into());
        assert!(matches!(trust.client_config(), Err(TrustError::Root(_))));
    }
}
