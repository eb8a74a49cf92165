//! The simulator's certificate: made at start and signed by itself, as a Visionline server's usually is
//! (`spec/visionline.md` 1.1). It lasts as long as the process.

use std::{net::IpAddr, sync::Arc};

use anyhow::Context;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tokio_rustls::TlsAcceptor;
use visionline::transport::Fingerprint;

/// A fresh certificate, ready to be shown.
pub(super) struct Identity {
    pub(super) acceptor: TlsAcceptor,
    pub(super) fingerprint: Fingerprint,
}

impl Identity {
    /// Names the loopback addresses and the one that is listened on.
    pub(super) fn make(listening: IpAddr) -> anyhow::Result<Self> {
        let mut names: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec();
        let own = listening.to_string();
        if !listening.is_unspecified() && !names.contains(&own) {
            names.push(own);
        }
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(names).context("cannot make a certificate")?;
        let certificate = cert.der().clone();
        let fingerprint = Fingerprint::of(&certificate);
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .context("TLS cannot be set up")?
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .context("the certificate that was made is not accepted")?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), fingerprint })
    }
}
